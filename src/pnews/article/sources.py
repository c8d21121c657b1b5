"""News sources: whom the article names as where its news is from, each link of a chain.

به گزارش ایسنا به نقل از خبرگزاری آناتولی, … gives two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from pnews.article.saying import EDGE, START, names, words
from pnews.document import Document, Entity, Source

NEAR = 60
"""Characters after a cue in which its source is named."""
MOST_WORDS = 5
"""Of a source that is no known name."""

_MARK = re.compile(r"[،,؛;.:\n(\-–]")
_PIECE = re.compile(r"[^\s،,؛;.:\n(«»\"“”]+")


def sources(document: Document, lines: Sequence[tuple[int, int]]) -> tuple[Source, ...]:
    """The sources in these lines of the normalised text, in their order."""
    cue = re.compile(rf"{START}(?:{words('source')}){EDGE}")
    return tuple(
        source
        for start, end in lines
        for match in cue.finditer(document.normalized, start, end)
        for source in _source(document, match, end)
    )


def _source(document: Document, match: re.Match[str], end: int) -> Iterator[Source]:
    text = document.normalized
    mark = _MARK.search(text, match.end(), end)
    stop = min(end, match.end() + NEAR, mark.start() if mark else end)
    named = _named(document, match.end(), stop)
    if named:
        yield Source(named.cluster, named.text, match.group(), named.start, named.end)
        return
    span = _unnamed(text, match.end(), stop)
    if span:
        start, end = document.aligned.source_span(*span)
        yield Source(None, document.text[start:end], match.group(), start, end)


def _named(document: Document, start: int, stop: int) -> Entity | None:
    """The first body or person right after the cue, a newsroom's desk between them left out."""
    first = bisect_left(document.entities, start, key=lambda entity: entity.norm_start)
    for entity in takewhile(lambda e: e.norm_start < stop, islice(document.entities, first, None)):
        if entity.type in ("ORG", "PER"):
            between = _PIECE.findall(document.normalized[start : entity.norm_start])
            near = not between or between[0] in names("desk") or len(between) <= 2
            return entity if near and not set(between) & names("source_ends") else None
    return None


def _unnamed(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Words up to a mark, a preposition or somebody's rank: راهبرد معاصر"""
    span: tuple[int, int] | None = None
    for number, piece in enumerate(_PIECE.finditer(text, start, stop)):
        word = piece.group()
        if number == MOST_WORDS or word in names("source_ends") or word in names("rank"):
            break
        if number == 0 and any(word in names(cls) for cls in ("pronoun", "this", "desk")):
            return None
        span = (span[0] if span else piece.start(), piece.end())
    return span
