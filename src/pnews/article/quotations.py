"""Quotations: what is said, in which words of saying, and by whom.

A direct quotation follows a verb of saying and a colon, to the end of its paragraph or its
closing mark, or stands in quotation marks beside such a verb; marks alone (titles, scare quotes)
are none. `گفت که …` is an indirect one, to the end of its sentence. The speaker is the person who
is the subject of the verb: named before it, meant by a pronoun, or the one who goes on speaking.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from operator import itemgetter
from typing import Literal, NamedTuple

from pnews.article.saying import GAP, before_list, colon_cue, cue
from pnews.article.speakers import Speakers, Verb
from pnews.document import Document, Quotation

OPENING = {"«": "»", "“": "”", '"': '"', "„": "“"}
FEWEST_WORDS = 4
"""Of a quotation in marks; fewer are a title or a scare quote."""

FARTHEST_VERB = 40
"""Characters between a quotation's closing mark and its verb: «…»، ظریف گفت."""

_BREAK = re.compile(r"[.:؛!؟?«»،]")
_AFTER = re.compile(rf"{GAP}[،,]?{GAP}(?:را{GAP})?(?=\S)")
_THAT = re.compile(rf"{GAP}[،,]?{GAP}که{GAP}[:]?{GAP}")


class Said(NamedTuple):
    """A quotation before its speaker is known; places are in the normalised text."""

    start: int
    end: int
    cue_start: int
    cue: str
    kind: Literal["direct", "indirect"]


def quotations(document: Document, lines: Sequence[tuple[int, int]]) -> tuple[Quotation, ...]:
    """The quotations in these lines of the normalised text, in their order."""
    text = document.normalized
    sentences = [sentence.norm_start for sentence in document.sentences]
    found = list(_all(text, lines, sentences))
    speakers = Speakers(document).of([_verb(said, lines) for said in found])
    return tuple(
        _quotation(document, said, speaker) for said, speaker in zip(found, speakers, strict=True)
    )


def _verb(said: Said, lines: Sequence[tuple[int, int]]) -> Verb:
    """The verb with where its subject may begin: after the quotation, if the verb is."""
    line = lines[bisect_right(lines, said.cue_start, key=itemgetter(0)) - 1][0]
    begin = said.end + 1 if said.cue_start >= said.end else line
    return Verb(said.cue_start, begin, said.start, said.end)


def _quotation(document: Document, said: Said, speaker: str | None) -> Quotation:
    start, end = document.aligned.source_span(said.start, said.end)
    return Quotation(document.text[start:end], start, end, speaker, said.cue, said.kind)


def _all(text: str, lines: Sequence[tuple[int, int]], sentences: Sequence[int]) -> Iterator[Said]:
    done = 0
    for number, (start, end) in enumerate(lines):
        if end <= done:
            continue
        following = lines[number + 1] if number + 1 < len(lines) else None
        spoken = list(_after_colons(text, max(start, done), end, sentences, following))
        marked = [
            said
            for said in _in_marks(text, max(start, done), end)
            if not any(_meet(said, other) for other in spoken)
        ]
        direct = sorted([*spoken, *marked])
        indirect = [
            said
            for said in _indirect(text, start, end)
            if not any(_meet(said, other) for other in direct)
        ]
        yield from sorted([*direct, *indirect])
        done = max([done, *(said.end for said in direct)])


def _meet(one: Said, other: Said) -> bool:
    return one.start < other.end and other.start < one.end


def _after_colons(
    text: str,
    start: int,
    end: int,
    sentences: Sequence[int],
    following: tuple[int, int] | None,
) -> Iterator[Said]:
    """وی افزود: …, to the end of the paragraph or to the sentence that speaks anew."""
    cues = [
        match
        for match in colon_cue().finditer(text, start, end)
        if not before_list().search(text[max(start, match.start() - 40) : match.start()])
        and not text[: match.start()]
        .rstrip("\u200c ")
        .endswith(("می\u200cتوان", "می توان", "باید"))
        and not _inside_marks(text, start, match.start())
    ]
    for match, after in zip_longest(cues, cues[1:]):
        at = _skip(text, match.end(), end)
        stop = end
        if after:
            before = bisect_right(sentences, after.start())
            stop = sentences[before - 1] if before else start
            if stop <= at:
                continue
        if at >= end:
            if after is None and following:
                yield _said(text, *following, match)
            continue
        yield _said(text, at, _to_close(text, at, stop) if after is None else stop, match)


MOST_PARAGRAPHS = 8
"""Over which a quotation in marks can run."""


def _to_close(text: str, start: int, end: int) -> int:
    """The end of a quotation whose mark is closed only in a later paragraph."""
    close = OPENING.get(text[start])
    if not close or _closing(text, start, end) < end:
        return end
    limit = end
    for _ in range(MOST_PARAGRAPHS):
        limit = text.find("\n", limit + 1)
        limit = len(text) if limit < 0 else limit
        if colon_cue().search(text, end, limit):
            return end
        shut = _closing(text, start, limit)
        if shut < limit:
            return shut + 1
    return end


def _said(text: str, start: int, end: int, match: re.Match[str]) -> Said:
    """With quotation marks taken off, if the quotation has its own."""
    close = OPENING.get(text[start])
    if close:
        shut = _closing(text, start, end)
        rest = text[shut + 1 : end].strip(" .،,؛!؟\u200c") if shut < end else ""
        if not rest or len(text[start:shut].split()) >= FEWEST_WORDS:
            start, end = start + 1, shut
    while end > start and text[end - 1].isspace():
        end -= 1
    return Said(start, end, match.start(), match["cue"], "direct")


def _skip(text: str, start: int, end: int) -> int:
    while start < end and (text[start].isspace() or text[start] in "\u200c\u200f-–"):
        start += 1
    return start


def _closing(text: str, opening: int, end: int) -> int:
    """Where the mark that closes the one at `opening` stands; `end` if it is never closed."""
    mark = text[opening]
    close = OPENING[mark]
    depth = 0
    for at in range(opening, end):
        if text[at] == mark and (mark != close or at == opening):
            depth += 1
        elif text[at] == close:
            depth -= 1
            if not depth:
                return at
    return end


def _inside_marks(text: str, start: int, at: int) -> bool:
    before = text[start:at]
    return before.count("«") > before.count("»") or before.count("“") > before.count("”")


def _in_marks(text: str, start: int, end: int) -> Iterator[Said]:
    """«…» and "…" with a verb of saying right before or after."""
    at = start
    while at < end:
        if text[at] not in OPENING:
            at += 1
            continue
        shut = _closing(text, at, end)
        inner = text[at + 1 : shut]
        if len(inner.split()) >= FEWEST_WORDS:
            match = _cue_beside(text, start, at, shut, end)
            if match:
                yield Said(at + 1, shut, match.start(), match.group().strip(), "direct")
        at = shut + 1


def _cue_beside(text: str, start: int, at: int, shut: int, end: int) -> re.Match[str] | None:
    near = max(start, at - 40)
    for match in cue().finditer(text, near, at):
        rest = text[match.end() : at]
        if re.fullmatch(rf"{GAP}(?:که)?{GAP}[:،,]?{GAP}", rest):
            return match
    after = _AFTER.match(text, min(shut + 1, end), end)
    if not after:
        return None
    if "،" not in after.group() and "," not in after.group():
        return cue().match(text, after.end(), end)
    named = cue().search(text, after.end(), min(end, after.end() + FARTHEST_VERB))
    return named if named and not _BREAK.search(text, after.end(), named.start()) else None


def _indirect(text: str, start: int, end: int) -> Iterator[Said]:
    """گفت که …, to the end of the sentence."""
    for match in cue().finditer(text, start, end):
        that = _THAT.match(text, match.end(), end)
        if that and that.end() < end and not _inside_marks(text, start, match.start()):
            stop = re.compile(r"[.!؟?](?:\s|$)").search(text, that.end(), end)
            yield Said(
                that.end(), stop.start() + 1 if stop else end, match.start(),
                match.group().strip(), "indirect",
            )  # fmt: skip
