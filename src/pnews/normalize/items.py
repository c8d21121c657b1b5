"""A text as the items between its spaces, `«می‌کند».`, so that Python thinks of each item once.

Most items of a text were met before and need no thought. So what can be asked of an item is
remembered as its class, one character; the text is written as a string of classes, and regular
expressions find in that string what is worth a thought. All of this runs in C, over whole blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

LINE_END = "\n"
"""An end of line is an item of its own, and its own class."""

LONGEST = 128
"""Characters of the longest text that is remembered."""

CLASS = itemgetter(0)
"""What is known of an item starts with its class."""

NEAR = 3
"""Items that are near: more than a rule of half-spaces looks at."""

Value = TypeVar("Value")


class Memo(dict[str, Value]):
    """What a function says of each text, remembered until there are too many to remember.

    `map(memo.__getitem__, texts)` asks for all of them in C; half the time and memory of
    `lru_cache`.
    """

    def __init__(self, find: Callable[[str], Value], most: int) -> None:
        super().__init__()
        self._find = find
        self._most = most

    def __missing__(self, text: str) -> Value:
        found = self._find(text)
        if len(text) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[text] = found
        return found


Known = TypeVar("Known", bound=Sequence[Any])


class Items(Generic[Known]):
    """The items of some lines in their order, what is known of each, and their classes."""

    __slots__ = ("_know", "classes", "items", "known")

    def __init__(self, items: list[str], know: Memo[Known]) -> None:
        self.items = items
        self.known = list(map(know.__getitem__, items))
        self.classes = "".join(map(CLASS, self.known))
        self._know = know

    def line(self, number: int) -> slice:
        """The items of the line of an item, without the end of line."""
        end = self.classes.find(LINE_END, number)
        return slice(
            self.classes.rfind(LINE_END, 0, number) + 1, len(self.items) if end < 0 else end
        )

    def beside(self, number: int) -> slice:
        """An item and those of its line that stand near."""
        start, stop = max(0, number - NEAR), min(len(self.items), number + 1 + NEAR)
        end = self.classes.find(LINE_END, number, stop)
        start = max(start, self.classes.rfind(LINE_END, start, number) + 1)
        return slice(start, stop if end < 0 else end)

    def known_by(self, know: Memo[Known], pattern: re.Pattern[str]) -> Items[Known]:
        """The items, those whose class the pattern matches asked about anew."""
        new = self.part(slice(None))
        new._know = know
        for match in pattern.finditer(self.classes):
            new.known[match.start()] = know[self.items[match.start()]]
        new.classes = pattern.sub(lambda match: CLASS(new.known[match.start()]), self.classes)
        return new

    def part(self, where: slice) -> Items[Known]:
        """Some of the items."""
        new = Items[Known]([], self._know)
        new.items, new.known = self.items[where], self.known[where]
        new.classes = self.classes[where]
        return new

    def changed(self, changes: Iterable[tuple[slice, list[str]]]) -> Items[Known]:
        """With other items in some places, which ascend; the rest is not looked up again."""
        new = Items([], self._know)
        classes: list[str] = []
        at = 0
        for where, items in changes:
            part = Items(items, self._know)
            new.items += self.items[at : where.start]
            new.items += items
            new.known += self.known[at : where.start]
            new.known += part.known
            classes += self.classes[at : where.start], part.classes
            at = where.stop
        new.items += self.items[at:]
        new.known += self.known[at:]
        new.classes = "".join((*classes, self.classes[at:]))
        return new

    def offsets(self, numbers: Iterable[int]) -> Iterator[int]:
        """Where in the text the items of these numbers start; the numbers ascend."""
        at = done = 0
        for number in numbers:
            passed = self.items[done:number]
            line_ends = self.classes.count(LINE_END, done, number)
            at += sum(map(len, passed)) + len(passed) - 2 * line_ends
            done = number
            yield at


def items_of(text: str) -> list[str]:
    """A text taken apart at spaces and ends of lines."""
    return text.replace(LINE_END, f" {LINE_END} ").split(" ")


def text_of(items: Iterable[str]) -> str:
    """The text that was taken apart."""
    return " ".join(items).replace(f" {LINE_END} ", LINE_END)
