"""Other normalisers as engines, aligned to their source by the letters they keep.

An engine is a plain `str -> str`. Its output is read beside its input, letter by letter; where
the two differ (a repeated letter dropped, a ligature spelt out) the nearest place where they
agree again is looked for within `REACH` letters. So alignment takes linear time, and what can't
be aligned is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise

from pnews.aligned import AlignedText, Cut
from pnews.errors import EngineError

REACH = 24
"""Letters within which source and output must agree again."""

AGREE = 3
"""Letters that must agree for that (or all that are left)."""

Letter = tuple[int, str]


def engine(name: str) -> Callable[[str], AlignedText]:
    """The normaliser of `hazm` or `parsivar`, line by line; raises EngineError without it."""
    normalize = _load(name)

    def work(text: str) -> AlignedText:
        edits: list[Cut] = []
        at = 0
        for number, line in enumerate(text.split("\n"), 1):
            changed = normalize(line).replace("\n", " ") if line.strip() else line
            try:
                edits += ((at + s, at + e, new) for s, e, new in align(line, changed))
            except ValueError as error:
                raise EngineError(
                    f"{name} changed line {number} beyond alignment {error}; use --normalizer pnews"
                ) from None
            at += len(line) + 1
        return AlignedText.from_edits(text, edits)

    return work


def _load(name: str) -> Callable[[str], str]:
    try:
        if name == "hazm":
            import hazm

            normalize: Callable[[str], str] = hazm.Normalizer().normalize
        else:
            import parsivar

            normalize = parsivar.Normalizer().normalize
    except ImportError:
        raise EngineError(
            f"{name} is not installed; pip install {name}, or use --normalizer pnews"
        ) from None
    return normalize


def align(source: str, output: str) -> Iterator[Cut]:
    """The edits that turn `source` into `output`; raises ValueError where letters part ways."""
    ours, theirs = _letters(source), _letters(output)
    pairs = [(-1, -1), *_paired(ours, theirs), (len(source), len(output))]
    for (start, new_start), (end, new_end) in pairwise(pairs):
        if start >= 0 and source[start] != output[new_start]:
            yield start, start + 1, output[new_start]
        yield from _gap(source, start + 1, end, output[new_start + 1 : new_end])


def _gap(source: str, start: int, end: int, new: str) -> Iterator[Cut]:
    """What stands between two letters, less what both have at its two ends."""
    while start < end and new and source[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and source[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    if start < end or new:
        yield start, end, new


def _letters(text: str) -> list[Letter]:
    """Places of letters and digits, each with what it is under all its shapes."""
    return [
        (place, folded.translate(_FOLD))
        for place, char in enumerate(text)
        if (folded := unicodedata.normalize("NFKD", char)[:1]).isalnum()
    ]


_FOLD = str.maketrans("يىئكةۀۂہھەأإآٱؤ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "یییکههههههااااو" + "0123456789" * 2)


def _paired(ours: list[Letter], theirs: list[Letter]) -> Iterator[tuple[int, int]]:
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if ours[i][1] != theirs[j][1]:
            i, j = _meet(ours, theirs, i, j)
            continue
        yield ours[i][0], theirs[j][0]
        i, j = i + 1, j + 1
    if max(len(ours) - i, len(theirs) - j) > REACH:
        raise ValueError(f"near character {ours[i - 1][0] if i else 0}")


def _meet(ours: list[Letter], theirs: list[Letter], i: int, j: int) -> tuple[int, int]:
    """The nearest places after `i` and `j` from which `AGREE` letters are the same."""
    for reach in range(1, 2 * REACH + 1):
        for step in range(reach + 1):
            a, b = i + step, j + reach - step
            if a <= len(ours) and b <= len(theirs) and _same(ours, theirs, a, b):
                return a, b
    raise ValueError(f"near character {ours[i][0]}")


def _same(ours: list[Letter], theirs: list[Letter], i: int, j: int) -> bool:
    left = min(AGREE, max(len(ours) - i, len(theirs) - j))
    return [c for _, c in ours[i : i + left]] == [c for _, c in theirs[j : j + left]]
