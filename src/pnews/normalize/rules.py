"""What a rule of normalising is: a name and a finder of cuts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pnews.aligned import Cut
from pnews.normalize.scripts import FOREIGN

Replacement = str | Callable[[re.Match[str]], str]


class Rule(NamedTuple):
    """A named finder of cuts: ascending, non-overlapping."""

    name: str
    cuts: Callable[[str], Iterable[Cut]]


def substitution(pattern: str, replacement: Replacement) -> Callable[[str], Iterator[Cut]]:
    """Replace each match."""
    compiled = re.compile(pattern)
    new = replacement if callable(replacement) else lambda _: replacement

    def cuts(text: str) -> Iterator[Cut]:
        return ((m.start(), m.end(), new(m)) for m in compiled.finditer(text))

    return cuts


def outside_foreign(pattern: str, replacement: Replacement) -> Callable[[str], Iterator[Cut]]:
    """Replace each match that doesn't lie in an address, a handle or Latin text."""
    compiled = re.compile(pattern)
    new = replacement if callable(replacement) else lambda _: replacement

    def cuts(text: str) -> Iterator[Cut]:
        line_end = -1
        kept: list[tuple[int, int]] = []
        for m in compiled.finditer(text):
            if m.start() > line_end:  # looked for only in lines where something matched
                line_start = text.rfind("\n", 0, m.start()) + 1
                line_end = text.find("\n", m.start()) % (len(text) + 1)
                kept = [k.span() for k in FOREIGN.finditer(text, line_start, line_end)]
                kept.reverse()
            while kept and kept[-1][1] <= m.start():
                kept.pop()
            if not kept or m.end() <= kept[-1][0]:
                yield m.start(), m.end(), new(m)

    return cuts
