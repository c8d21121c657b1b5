"""A text as the items between its spaces, `«می‌کند».`, so that Python thinks of each item once.

Most items of a text were met before and need no thought. So what can be asked of an item is
remembered as its class, one character; the text is written as a string of classes, and regular
expressions find in that string what is worth a thought. All of this runs in C, over whole blocks.

What is done for every item is also written in C (`_quick.c`), which is used where it could be
built; the Python here is what it must agree with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from operator import itemgetter
from typing import Any, Generic, TypeVar

try:
    from pnews.normalize import _quick
except ImportError:  # there was no compiler where pnews was installed
    _quick = None  # type: ignore[assignment]
quick = _quick

LINE_END = "\n"
"""An end of line is an item of its own, and its own class."""

LONGEST = 128
"""Characters of the longest text that is remembered."""

CODE, TEXT = itemgetter(0), itemgetter(1)
"""What is known of an item starts with these."""

NEAR = 3
"""Items that are near: more than a rule of half-spaces looks at."""

Value = TypeVar("Value")


class Memo(dict[str, Value]):
    """What a function says of each text, remembered until there are too many to remember.

    `map(memo.__getitem__, texts)` asks for all of them in C; half the time and memory of
    `lru_cache`. `tables` gives what C can tell by itself, the same as the function says.
    """

    def __init__(
        self,
        find: Callable[[str], Value],
        most: int,
        tables: Callable[[], _quick.Tables] | None = None,
    ) -> None:
        super().__init__()
        self._find = find
        self._most = most
        self._tables = tables

    @cached_property
    def kept(self) -> _quick.Kept:
        """What C keeps from text to text."""
        return quick.kept(self._tables and self._tables(), self._most)

    def __missing__(self, text: str) -> Value:
        found = self._find(text)
        if len(text) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[text] = found
        return found


Known = TypeVar("Known", bound=tuple[Any, ...])
"""What is known of an item, a named tuple: `code`, its class, a character; `text`, the item itself;
and more.
"""


class Items(Generic[Known]):
    """The items of some lines in their order, each as what is known of it, and their classes.

    So all that go by one name are one thing, which the processor has at hand.
    """

    def __init__(self, known: list[Known], classes: str | None = None) -> None:
        self.known = known
        self.classes = "".join(map(CODE, known)) if classes is None else classes

    @classmethod
    def of(cls, text: str, know: Memo[Known]) -> Items[Known]:
        """A text taken apart."""
        if quick:
            return cls(*quick.apart(text, know, know.kept))
        known: list[Known] = []
        for piece in _pieces(text):
            known += map(know.__getitem__, items_of(piece))
        return cls(known)

    @property
    def text(self) -> str:
        """The text that was taken apart."""
        if quick:
            return quick.joined(self.known)
        return text_of(map(TEXT, self.known))

    def line(self, number: int) -> slice:
        """The items of the line of an item, without the end of line."""
        end = self.classes.find(LINE_END, number)
        return slice(
            self.classes.rfind(LINE_END, 0, number) + 1, len(self.known) if end < 0 else end
        )

    def part(self, where: slice) -> Items[Known]:
        """Some of the items."""
        return Items(self.known[where], self.classes[where])

    def lines(self) -> Iterator[Items[Known]]:
        """The items of each line."""
        start = 0
        while (end := self.classes.find(LINE_END, start)) >= 0:
            yield self.part(slice(start, end))
            start = end + 1
        yield self.part(slice(start, None))

    def beside(self, number: int) -> slice:
        """An item and those of its line that stand near."""
        start, stop = max(0, number - NEAR), min(len(self.known), number + 1 + NEAR)
        end = self.classes.find(LINE_END, number, stop)
        start = max(start, self.classes.rfind(LINE_END, start, number) + 1)
        return slice(start, stop if end < 0 else end)

    def known_by(self, know: Memo[Known], pattern: re.Pattern[str]) -> Items[Known]:
        """The items, those whose class the pattern matches asked about anew."""
        known = self.known.copy()
        for match in pattern.finditer(self.classes):
            known[match.start()] = know[TEXT(known[match.start()])]
        classes = pattern.sub(lambda match: CODE(known[match.start()]), self.classes)
        return Items(known, classes)

    def changed(self, changes: Iterable[tuple[slice, Items[Known]]]) -> Items[Known]:
        """With other items in some places, which ascend."""
        known: list[Known] = []
        classes: list[str] = []
        at = 0
        for where, new in changes:
            known += self.known[at : where.start]
            known += new.known
            classes += self.classes[at : where.start], new.classes
            at = where.stop
        known += self.known[at:]
        classes.append(self.classes[at:])
        return Items(known, "".join(classes))

    def offsets(self, numbers: Iterable[int]) -> Iterator[int]:
        """Where in the text the items of these numbers start; the numbers ascend."""
        at = done = 0
        for number in numbers:
            passed = self.known[done:number]
            line_ends = self.classes.count(LINE_END, done, number)
            at += sum(map(len, map(TEXT, passed))) + len(passed) - 2 * line_ends
            done = number
            yield at


PIECE = 1 << 13
"""Characters that are taken apart at once: so few that they needn't leave the processor."""


def _pieces(text: str) -> Iterator[str]:
    """A text cut at some of its spaces, which are left out."""
    start = 0
    while (end := text.find(" ", start + PIECE)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def items_of(text: str) -> list[str]:
    """A text taken apart at spaces and ends of lines."""
    return text.replace(LINE_END, f" {LINE_END} ").split(" ")


def text_of(items: Iterable[str]) -> str:
    """The text that was taken apart."""
    return " ".join(items).replace(f" {LINE_END} ", LINE_END)
