"""Text that knows where it came from.

An `AlignedText` holds a source string, a text made from it, and for each character of that text
the half-open range of source characters it stands for. Rules cut and replace on the aligned text;
nothing is searched for again afterwards.

The characters fall into *groups*: neighbours with one and the same source range. Ranges of
different groups never overlap and never descend. A group of one character equal to its source
slice was kept; every other group, and every source range that no group covers, is an edit.
An inserted character has an empty range.

All offsets are Unicode code points.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

type_code = "I" if array("I").itemsize == 4 else "L"

BLOCK = 64
"""Characters that `edits` compares at once; most of a text is as it was."""

Cut = tuple[int, int, str]
"""`(start, end, replacement)`: text[start:end] becomes the replacement."""


class AlignedText:
    """A text and the source range of each of its characters. Immutable.

    `starts[i]` and `ends[i]` bound the source range of `text[i]`.
    """

    __slots__ = ("ends", "source", "starts", "text")

    def __init__(self, source: str, text: str, starts: array[int], ends: array[int]) -> None:
        if not len(text) == len(starts) == len(ends):
            raise ValueError("an aligned text needs one source range a character")
        self.source = source
        self.text = text
        self.starts = starts
        self.ends = ends

    @classmethod
    def identity(cls, source: str) -> AlignedText:
        """The source itself: every character stands for itself."""
        count = len(source)
        return cls(
            source, source, array(type_code, range(count)), array(type_code, range(1, count + 1))
        )

    @classmethod
    def from_edits(cls, source: str, edits: Iterable[Cut]) -> AlignedText:
        """Replay `edits()`; raises ValueError if they overlap, descend or leave the source."""
        pieces: list[str] = []
        starts, ends = array(type_code), array(type_code)
        at = 0
        for start, end, new in (*edits, (len(source), len(source), "")):
            if not at <= start <= end <= len(source):
                raise ValueError(f"edit at {start}-{end} is out of order or out of the text")
            pieces.append(source[at:start])
            starts.extend(range(at, start))
            ends.extend(range(at + 1, start + 1))
            pieces.append(new)
            starts.extend([start] * len(new))
            ends.extend([end] * len(new))
            at = end
        return cls(source, "".join(pieces), starts, ends)

    @classmethod
    def joined(cls, parts: Iterable[AlignedText]) -> AlignedText:
        """Texts one behind the other, as their sources are."""
        several = list(parts)
        if len(several) == 1:
            return several[0]
        starts, ends = array(type_code), array(type_code)
        at = 0
        for part in several:
            starts.extend(at + start for start in part.starts)
            ends.extend(at + end for end in part.ends)
            at += len(part.source)
        source = "".join(part.source for part in several)
        return cls(source, "".join(part.text for part in several), starts, ends)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AlignedText) and (
            self.source == other.source
            and self.text == other.text
            and self.starts == other.starts
            and self.ends == other.ends
        )

    def __hash__(self) -> int:
        return hash((self.source, self.text))

    def __repr__(self) -> str:
        return f"AlignedText({self.text!r})"

    def with_text(self, text: str) -> AlignedText:
        """The same ranges under another text of the same length."""
        return AlignedText(self.source, text, self.starts, self.ends)

    def replace(self, cuts: Iterable[Cut]) -> AlignedText:
        """Replace ascending, non-overlapping stretches of the text, all at once.

        Each character of a replacement stands for the whole source range of what it replaces;
        one put in between two characters stands for the empty range there. A deletion leaves
        its source range to no character.
        """
        text, old_starts, old_ends = self.text, self.starts, self.ends
        pieces: list[str] = []
        starts, ends = array(type_code), array(type_code)
        at = 0
        torn = False
        for start, end, new in cuts:
            if not at <= start <= end <= len(text):
                raise ValueError(f"cut at {start}-{end} is out of order or out of the text")
            if text[start:end] == new:
                continue
            pieces.append(text[at:start])
            starts += old_starts[at:start]
            ends += old_ends[at:start]
            at = end
            torn = torn or self._in_group(start) or self._in_group(end)
            if new:
                source_start, source_end = self._cut_range(start, end)
                pieces.append(new)
                starts.extend([source_start] * len(new))
                ends.extend([source_end] * len(new))
        if not pieces:
            return self
        pieces.append(text[at:])
        starts += old_starts[at:]
        ends += old_ends[at:]
        if torn:
            _weld(starts, ends)
        return AlignedText(self.source, "".join(pieces), starts, ends)

    def _cut_range(self, start: int, end: int) -> tuple[int, int]:
        """The source range that a replacement of text[start:end] stands for."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        if self._in_group(start):
            return self.starts[start], self.ends[start]
        before = self.ends[start - 1] if start else 0
        return before, before

    def _in_group(self, at: int) -> bool:
        """Whether a cut at `at` goes between characters that share a source range."""
        return 0 < at < len(self.text) and self.starts[at] < self.ends[at - 1]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source range `[start, end)` of the text range `[start, end)`.

        An empty range maps to the empty range after the character before it.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"{start}-{end} is not a range of a text of {len(self.text)}")
        if start == end:
            at = self.ends[start - 1] if start else 0
            return at, at
        return self.starts[start], self.ends[end - 1]

    def text_span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the characters that came from the source range `[start, end)`."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def groups(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int]]:
        """Text ranges of the characters that share one source range."""
        starts, ends = self.starts, self.ends
        stop = len(self.text) if last is None else last
        for i in range(first + 1, stop + 1):
            if i == stop or starts[i] != starts[first] or ends[i] != ends[first]:
                yield first, i
                first = i

    def edits(self) -> list[Cut]:
        """What turns the source into the text, in source offsets, ascending.

        `AlignedText.from_edits(source, edits())` gives this aligned text back.
        """
        source, text = self.source, self.text
        numbers = array(type_code, range(len(source) + 1))
        found: list[Cut] = []
        at = 0
        for first, last in self._blocks():
            if self._kept(first, last, at, numbers):
                at += last - first
                continue
            for head, tail in self.groups(first, last):
                start, end = self.starts[head], self.ends[head]
                if at < start:
                    found.append((at, start, ""))
                if tail - head != 1 or end - start != 1 or source[start] != text[head]:
                    found.append((start, end, text[head:tail]))
                at = end
        if at < len(source):
            found.append((at, len(source), ""))
        return found

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Text ranges of some size that part no group."""
        starts, ends = self.starts, self.ends
        first, count = 0, len(self.text)
        while first < count:
            last = min(first + BLOCK, count)
            while (
                last < count and starts[last] == starts[last - 1] and ends[last] == ends[last - 1]
            ):
                last += 1
            yield first, last
            first = last

    def _kept(self, first: int, last: int, at: int, numbers: array[int]) -> bool:
        """Whether a block stands as it is at `at` in the source; `numbers` counts from 0."""
        end = at + last - first
        return (
            self.starts[first:last] == numbers[at:end]
            and self.ends[first:last] == numbers[at + 1 : end + 1]
            and self.text[first:last] == self.source[at:end]
        )


class PlainText(AlignedText):
    """A text that is asked for itself alone: it keeps no ranges, and cuts are quick."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        self.source = self.text = text
        self.starts = self.ends = array(type_code)

    def with_text(self, text: str) -> PlainText:
        return PlainText(text)

    def replace(self, cuts: Iterable[Cut]) -> PlainText:
        return PlainText(applied(self.text, cuts))


def applied(text: str, cuts: Iterable[Cut]) -> str:
    """A text after cuts that ascend and don't overlap."""
    pieces: list[str] = []
    at = 0
    for start, end, new in cuts:
        pieces += text[at:start], new
        at = end
    return "".join((*pieces, text[at:]))


def _weld(starts: array[int], ends: array[int]) -> None:
    """Give overlapping neighbours one range, so that groups stay apart (in place).

    They overlap only where a cut went through a group, for example through the two letters
    of a ligature.
    """
    for i in _overlaps(starts, ends):
        first, last = i, i
        start, end = min(starts[i - 1], starts[i]), max(ends[i - 1], ends[i])
        while first and ends[first - 1] > start:
            first -= 1
            start = min(start, starts[first])
        while last < len(starts) and starts[last] < end:
            end = max(end, ends[last])
            last += 1
        for j in range(first, last):
            starts[j], ends[j] = start, end


def _overlaps(starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    return [
        i
        for i, (start, before) in enumerate(zip(starts[1:], ends, strict=False), 1)
        if start < before and (start != starts[i - 1] or ends[i] != before)
    ]
