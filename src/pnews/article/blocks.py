"""Blocks: the lines of the page, each with its part in the article."""

from __future__ import annotations

import re
from typing import NamedTuple

from pnews.aligned import AlignedText
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
    said are marked as its repeats.
    """
    found: list[Block] = []
    spans: list[tuple[int, int]] = []
    seen: dict[str, int] = {}
    for line in re.finditer(r"[^\n]+", aligned.text):
        text = line.group()
        if not text.strip():
            continue
        start, end = aligned.source_span(*line.span())
        first = seen.setdefault(_key(text), len(found))
        repeats = first if first < len(found) else None
        kind: BlockKind = "body"
        if repeats is not None:
            kind = found[repeats].kind
        elif not found and is_headline(text, aligned.text[line.end() :]):
            kind = "title"
        found.append(Block(kind, start, end, repeats))
        spans.append(line.span())
    return list(map(Line, found, spans))


def is_headline(line: str, rest: str) -> bool:
    """A short first line with something below it and no full stop at its end."""
    return bool(rest.strip()) and len(line) <= MAX_TITLE and not line.rstrip(' »"').endswith(".")


def _key(line: str) -> str:
    """What makes two lines the same: their letters and digits."""
    return re.sub(r"[\W_]+", "", line) or line
