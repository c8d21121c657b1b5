"""What normalising changed, to read: a unified diff, or a line for each edit of each rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from pnews.aligned import AlignedText, Cut
from pnews.normalize import blocks, normalize

CONTEXT = 1
"""Lines around a change that a diff shows."""

LINE_END = re.compile(r"(?<=\r)(?!\n)|\n")
WORD_OR_SPACE = re.compile(r"\s+|\S+")
NO_END = "\\ No newline at end of file"

Lines = Sequence[str]


def unified_diff(name: str, aligned: AlignedText, *, colour: bool = False) -> Iterator[str]:
    """The lines of a diff that `patch` understands; none where nothing changed.

    `colour` paints them, and turns the words that changed the other way round: a half-space
    shows nothing by itself.
    """
    old, new = LINE_END.split(aligned.source), aligned.text.split("\n")
    ends = [f"\n{NO_END}" if number == len(old) - 1 else "" for number in range(len(old))]
    if not old[-1] and not new[-1]:
        del old[-1], new[-1], ends[-2:]
        ends.append("")
    changed = [number for number in range(len(old)) if old[number] != new[number]]
    if not changed:
        return
    yield from (f"--- {name}", f"+++ {name}")
    for lines in _hunks(changed, len(old)):
        place = f"{lines.start + 1},{len(lines)}"
        yield _painted(f"@@ -{place} +{place} @@", "36") if colour else f"@@ -{place} +{place} @@"
        for differ, several in groupby(lines, lambda number: old[number] != new[number]):
            numbers = list(several)
            if not differ:
                yield from (f" {old[number]}{ends[number]}" for number in numbers)
                continue
            for sign, mine, other, paint in (("-", old, new, "31"), ("+", new, old, "32")):
                for number in numbers:
                    line = mine[number]
                    if colour:
                        line = _painted(sign + _marked(line, other[number]), paint)
                    else:
                        line = sign + line
                    yield line + ends[number]


def _hunks(changed: Lines | Sequence[int], count: int) -> Iterator[range]:
    """Ranges of lines that hold the changed ones and their context."""
    first = last = -1
    for number in map(int, changed):
        if first < 0:
            first = max(0, number - CONTEXT)
        elif number - CONTEXT > last:
            yield range(first, last)
            first = number - CONTEXT
        last = min(count, number + CONTEXT + 1)
    yield range(first, last)


def _painted(line: str, paint: str) -> str:
    return f"\x1b[{paint}m{line}\x1b[0m"


def _marked(line: str, other: str) -> str:
    """The line, its words that the other lacks in reverse video."""
    words, others = WORD_OR_SPACE.findall(line), WORD_OR_SPACE.findall(other)
    pieces = []
    for kind, start, end, _, _ in SequenceMatcher(None, words, others, False).get_opcodes():
        piece = "".join(words[start:end])
        pieces.append(piece if kind == "equal" or not piece else f"\x1b[7m{piece}\x1b[27m")
    return "".join(pieces)


def explained(name: str, text: str, **options: Any) -> Iterator[str]:
    """`place, written, meant, rule`, tab-separated, for each edit that a rule of pnews makes.

    The place is `name:line:column` in the text as read; what is written and meant are the words
    that the edit touches, as the rules before left them. `options` are those of `normalize`.
    """
    line = 1
    for block in blocks([text]):
        edits: list[tuple[int, str]] = []

        def note(rule: str, aligned: AlignedText, cuts: Sequence[Cut]) -> None:
            edits.extend(  # noqa: B023 (called in this turn of the loop only)
                (aligned.source_span(start, end)[0], f"{_around(aligned.text, cut)}\t{rule}")
                for cut in _joined(cuts)
                if aligned.text[(start := cut[0]) : (end := cut[1])] != cut[2]
            )

        normalize(block, log=note, **options)
        for start, edit in sorted(edits, key=lambda each: each[0]):
            column = start - block.rfind("\n", 0, start)
            yield f"{name}:{line + block.count(chr(10), 0, start)}:{column}\t{edit}"
        line += block.count("\n")


def _joined(cuts: Sequence[Cut]) -> Iterator[Cut]:
    """The cuts, those that touch as one (the digits of a number)."""
    at, end, new = 0, -1, ""
    for cut in cuts:
        if cut[0] == end:
            end, new = cut[1], new + cut[2]
            continue
        if end >= 0:
            yield at, end, new
        at, end, new = cut
    if end >= 0:
        yield at, end, new


def _around(text: str, cut: Cut) -> str:
    """The words that a cut touches, before and after."""
    start, end, new = cut
    first, last = start, end
    while first and not text[first - 1].isspace():
        first -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    old = text[first:last]
    changed = text[first:start] + new + text[end:last]
    return "\t".join(" ".join(each.split()) or "" for each in (old, changed))
