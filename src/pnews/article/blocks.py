"""Blocks: the lines of the page, each with its part in the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pnews.aligned import AlignedText
from pnews.article import layout
from pnews.document import Block, BlockKind

MAX_TITLE = 200
"""Characters of the longest first line that is still a headline."""


class Line(NamedTuple):
    """A block, and its place in the normalised text."""

    block: Block
    span: tuple[int, int]


def blocks(aligned: AlignedText) -> tuple[Block, ...]:
    """The blocks of a text."""
    return tuple(line.block for line in parts(aligned))


def parts(aligned: AlignedText) -> list[Line]:
    """One block for each line of the normalised text that isn't blank.

    The first line is the title if it looks like one; lines that say again what an earlier line
    said are marked as its repeats. A keyword or an end mark glued to a line's last sentence is a
    block of its own. The first of several paragraphs is the lede.
    """
    text = aligned.text
    found: list[Line] = []
    seen: dict[str, int] = {}
    titled = False
    for start, end, kind in _kinds(text, list(_pieces(text))):
        first = seen.setdefault(_key(text[start:end]), len(found))
        repeats = first if first < len(found) else None
        if repeats is not None and kind != "boilerplate":
            kind = found[repeats].block.kind
        elif kind == "body" and not titled:
            titled = True
            if is_headline(text[start:end], text[end:]):
                kind = "title"
        found.append(Line(Block(kind, *aligned.source_span(start, end), repeats), (start, end)))
    return _with_lede(found)


Piece = tuple[int, int, layout.LineKind]


def _pieces(text: str) -> Iterator[Piece]:
    """The lines that aren't blank, tails cut off, and what each says of itself."""
    for line in re.finditer(r"[^\n]+", text):
        start, end = line.span()
        if not line.group().strip():
            continue
        kind = layout.kind(line.group())
        cut = start + layout.tail(line.group()) if kind == "text" else end
        yield start, cut, kind
        if cut < end:
            rest = text[cut:end]
            yield end - len(rest.lstrip()), end, "boilerplate"


def _kinds(text: str, pieces: list[Piece]) -> Iterator[tuple[int, int, BlockKind]]:
    """What each line is among its neighbours.

    After an end mark nothing is the article's; after a heading of links the lines that don't
    look told, and all of them if no told line follows.
    """
    told = [
        at
        for at, (start, end, kind) in enumerate(pieces)
        if kind == "text" and layout.looks_told(text[start:end])
    ]
    last_told = told[-1] if told else -1
    over = linked = False
    for at, (start, end, kind) in enumerate(pieces):
        over = over or (kind == "end" and at > 0 and at >= _first_end(pieces, last_told))
        linked = kind == "links" or (linked and at not in told)
        if over or linked or kind in ("end", "links", "boilerplate"):
            yield start, end, "boilerplate"
        else:
            yield start, end, "caption" if kind == "caption" else "body"


def _first_end(pieces: list[Piece], last_told: int) -> int:
    """The end mark after which nothing is told; on pages of several articles the last one."""
    ends = [at for at, (_, _, kind) in enumerate(pieces) if kind == "end"]
    after = [at for at in ends if at > last_told]
    return after[0] if after else ends[0] if len(ends) == 1 else len(pieces)


def _with_lede(lines: list[Line]) -> list[Line]:
    """The first paragraph as the lede, if others follow it."""
    body = [i for i, line in enumerate(lines) if line.block.kind == "body"]
    if len(body) > 1:
        first = lines[body[0]]
        old = first.block
        lines[body[0]] = first._replace(block=Block("lede", old.start, old.end, old.repeats))
    return lines


def is_headline(line: str, rest: str) -> bool:
    """A short first line with something below it and no full stop at its end."""
    return bool(rest.strip()) and len(line) <= MAX_TITLE and not line.rstrip(' »"').endswith(".")


def _key(line: str) -> str:
    """What makes two lines the same: their letters and digits."""
    return re.sub(r"[\W_]+", "", line) or line
