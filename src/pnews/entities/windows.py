"""Sentences of any length cut to windows, and windows of like size put together.

A sentence that is too long for a network goes through it in windows that overlap; each word's
answer is taken from the window in which it stands farther from the cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple


class Window(NamedTuple):
    """Words `[start, end)` of a sentence; the answers of `[first, last)` are kept."""

    sentence: int
    start: int
    end: int
    first: int
    last: int
    size: int
    """Of all its words."""


def windows(sizes: Sequence[Sequence[int]], *, limit: int, overlap: int) -> list[Window]:
    """The windows of sentences whose words have these sizes, none larger than `limit`.

    Neighbouring windows share words of `overlap` or a little less. No word may be larger than
    `limit - overlap`.
    """
    return [
        window
        for number, words in enumerate(sizes)
        for window in _cut(number, words, limit=limit, overlap=overlap)
    ]


def _cut(number: int, sizes: Sequence[int], *, limit: int, overlap: int) -> Iterator[Window]:
    total = sum(sizes)
    if total <= limit:
        if sizes:
            yield Window(number, 0, len(sizes), 0, len(sizes), total)
        return
    ends = [0, *accumulate(sizes)]
    start = first = 0
    while first < len(sizes):
        end = start + 1
        while end < len(sizes) and ends[end + 1] - ends[start] <= limit:
            end += 1
        following = end
        while following > start + 1 and ends[end] - ends[following - 1] <= overlap:
            following -= 1
        last = len(sizes) if end == len(sizes) else (following + end + 1) // 2
        yield Window(number, start, end, first, last, ends[end] - ends[start])
        start, first = following, last


def batches(sizes: Sequence[int], *, limit: int) -> Iterator[list[int]]:
    """Numbers of the items, those of like size together, at most `limit` a padded batch.

    An item larger than `limit` makes a batch of its own.
    """
    batch: list[int] = []
    for i in sorted(range(len(sizes)), key=sizes.__getitem__):
        if batch and sizes[i] * (len(batch) + 1) > limit:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
