"""What the half-space model sees of a gap: written once, for training and for repair.

A *unit* is a run of letters between two gaps that are not joined. A *site* is a gap inside a
unit (state `JOINED`) or between two neighbouring units (state `SPACED`; a half-space that is
already there is looked at as if it were a space). Units are folded: see `FOLD`.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

ZWNJ = "\u200c"
FOLD = str.maketrans("يىكأإٱؤئةۀ", "ییکاااویهه")
LETTER = "[\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5]"
UNJOINING = frozenset("اآدذرزژوء")
"""Letters that don't join the next one, after which nobody writes a half-space."""

JOINED, SPACED = "0", "2"
BUCKETS = 1 << 21

Counts = Callable[[str], tuple[int, int, int]]
"""How often a unit stands alone, before a half-space and after one: three log-scale bins, 0-15."""


def site_features(left: str, right: str, state: str, counts: Counts) -> list[int]:
    """The buckets of the features of the gap between `left` and `right`."""
    return [crc32(name.encode()) & (BUCKETS - 1) for name in _names(left, right, state, counts)]


def _names(left: str, right: str, state: str, counts: Counts) -> tuple[str, ...]:
    alone_left, before, _ = counts(left)
    alone_right, _, after = counts(right)
    alone = counts(left + right)[0]
    before_gap, after_gap = "^" + left, right + "$"
    l1, l2, l3, l4 = left[-1], before_gap[-2:], before_gap[-3:], before_gap[-4:]
    r1, r2, r3, r4 = right[0], after_gap[:2], after_gap[:3], after_gap[:4]
    return (
        f"T{left}|{right}",
        f"{state}T{left}|{right}",
        f"L{left}",
        f"{state}L{left}",
        f"R{right}",
        f"{state}R{right}",
        f"{state}a{l3}|{r3}",
        f"a{l3}|{r3}",
        f"{state}b{l2}|{r2}",
        f"{state}c{l1}|{r1}",
        f"{state}d{l1}|{right}",
        f"{state}e{l2}|{right}",
        f"{state}f{left}|{r2}",
        f"{state}g{l4}|{r1}",
        f"{state}h{l1}|{r4}",
        f"{state}i{before_gap[-5:]}",
        f"{state}j{after_gap[:5]}",
        f"{state}k{l3}",
        f"{state}l{r3}",
        f"{state}m{l4}|{r4}",
        f"{state}A{alone_left}|{right}",
        f"{state}B{left}|{alone_right}",
        f"{state}C{alone}|{alone_left}|{alone_right}",
        f"{state}D{before}|{after}",
        f"{state}E{alone}|{before}|{after}",
        f"{state}F{alone}|{right}",
        f"{state}G{alone_left}|{after}|{alone}",
        f"{state}H{before}|{alone_right}|{alone}",
        f"{state}I{alone_left}|{alone_right}|{before}|{after}",
        f"{state}J{min(len(left), 9)}|{min(len(right), 9)}",
        f"{state}K",
    )
