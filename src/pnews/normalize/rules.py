"""What a rule of normalising is: a name and a finder of cuts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from pnews.aligned import AlignedText, Cut
from pnews.normalize.scripts import FOREIGN

Replacement = str | Callable[[re.Match[str]], str]

Log = Callable[[str, AlignedText, Sequence[Cut]], None]
"""Is told of what a rule changes: its name, the text as it was, the cuts."""


class Rule(NamedTuple):
    """A named finder of cuts: ascending, non-overlapping.

    `needs` are characters (or short strings) of which a text must hold one for the rule to
    apply; looking for them is much quicker than looking for the pattern.
    """

    name: str
    cuts: Callable[[str], Iterable[Cut]]
    needs: Iterable[str] = ()

    def applies(self, text: str) -> bool:
        """Whether the rule can find anything in a text."""
        return not self.needs or any(need in text for need in self.needs)


def substitution(pattern: str, replacement: Replacement) -> Callable[[str], Iterator[Cut]]:
    """Replace each match."""
    compiled = re.compile(pattern)
    new = replacement if callable(replacement) else lambda _: replacement

    def cuts(text: str) -> Iterator[Cut]:
        return ((m.start(), m.end(), new(m)) for m in compiled.finditer(text))

    return cuts


def space_after(pattern: str) -> Callable[[str], Iterator[Cut]]:
    """Put a space behind each match."""
    compiled = re.compile(pattern)
    return lambda text: ((m.end(), m.end(), " ") for m in compiled.finditer(text))


def space_before(pattern: str) -> Callable[[str], Iterator[Cut]]:
    """Put a space before each match."""
    compiled = re.compile(pattern)
    return lambda text: ((m.start(), m.start(), " ") for m in compiled.finditer(text))


def outside_foreign(find: Callable[[str], Iterable[Cut]]) -> Callable[[str], Iterator[Cut]]:
    """Only those cuts that don't go into an address, a handle or Latin text."""

    def cuts(text: str) -> Iterator[Cut]:
        line_end = -1
        kept: list[tuple[int, int]] = []
        for start, end, new in find(text):
            if start > line_end:  # looked for only in lines where something is to be cut
                line_start = text.rfind("\n", 0, start) + 1
                line_end = text.find("\n", start) % (len(text) + 1)
                kept = [k.span() for k in FOREIGN.finditer(text, line_start, line_end)]
                kept.reverse()
            while kept and kept[-1][1] <= start:
                kept.pop()
            if not kept or end <= kept[-1][0]:
                yield start, end, new

    return cuts
