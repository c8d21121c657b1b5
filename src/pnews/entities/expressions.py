"""A text as a string of word classes, over which expressions of time and money are patterns.

Each word, number and mark of the normalised text is an *atom* with a class (`weekday`, `ordinal`,
`digits`), written as one character, so that a pattern over classes is an ordinary regular
expression over a short string. Patterns name classes in angle brackets: `<weekday>(<next>)?`.
A half-space parts atoms as a space does: `سه‌شنبه` is read as `سه شنبه`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from pnews import data

NUMERIC = (
    "other",
    "line",
    "digits",
    "decimal",
    "date",
    "clock",
    "comma",
    "dash",
    "slash",
    "open",
    "stop",
    "a_date",
    "in_date",
)
"""Classes that are read off an atom's form; all others are in `data/time_words.tsv`."""

_ATOM = re.compile(
    r"""
    (?P<word>[\u0621-\u065f\u0670-\u06d3A-Za-z]+)  # Arabic letters and vowel signs, no digits
  | (?P<date>(?:\d{4}|\d{1,2})(?P<cut>[/.-])\d{1,2}(?P=cut)(?:\d{4}|\d{1,2})(?![/.\d-]))
  | (?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?![:\d]))
  | (?P<decimal>\d+(?:[.,٫٬/]\d+)+)
  | (?P<digits>\d+)
  | (?P<line>\n)
  | (?P<comma>[،,]) | (?P<dash>[-–ـ]) | (?P<slash>/) | (?P<open>[([]) | (?P<stop>[.!?؟؛])
  | (?P<other>[^\s\u200c])
    """,
    re.VERBOSE,
)
_MARKS = re.compile(r"[\u064b-\u065f\u0670]")
_GLUED_AFTER = ("ماه", "ماهه", "ی", "تومان", "تومانی", "ریال", "ریالی", "دلار", "دلاری", "یورو")
"""What may stick to the word before it: شهریورماه, هزارتومان, دلاری."""


class Atom(NamedTuple):
    """A word, number or mark: text[start:end] of the normalised text, with what it means."""

    start: int
    end: int
    text: str
    value: str


class Reading(NamedTuple):
    """A text's atoms, and their classes as one string of the same length."""

    atoms: Sequence[Atom]
    classes: str


class Words:
    """The named parts of a match, each as its atoms and their classes."""

    def __init__(self, reading: Reading, found: re.Match[str]) -> None:
        self._reading = reading
        self._found = found
        self._names = class_names()

    def atoms(self, part: str) -> Sequence[Atom]:
        """The atoms of a part, none if it is missing."""
        start, end = self._span(part)
        return self._reading.atoms[start:end]

    def classes(self, part: str) -> list[str]:
        """The names of their classes."""
        start, end = self._span(part)
        return [self._names[c] for c in self._reading.classes[start:end]]

    def has(self, part: str) -> bool:
        """Whether the part is there."""
        start, end = self._span(part)
        return start < end

    def pairs(self, part: str) -> list[tuple[str, Atom]]:
        """Class and atom."""
        return list(zip(self.classes(part), self.atoms(part), strict=True))

    def value(self, cls: str, part: str = "all") -> str | None:
        """The value of the part's first atom of this class."""
        return next((atom.value for name, atom in self.pairs(part) if name == cls), None)

    def _span(self, part: str) -> tuple[int, int]:
        if part == "all":
            return self._found.span()
        try:
            return self._found.span(part)
        except IndexError:
            return (0, 0)


class Entry(NamedTuple):
    """What a word or a row of words is: `سه شنبه` -> its class and value."""

    words: tuple[str, ...]
    cls: str
    value: str


@cache
def characters() -> dict[str, str]:
    """Class -> the character that stands for it."""
    names = dict.fromkeys((*NUMERIC, *(row[0] for row in data.rows("time_words"))))
    return {name: chr(ord("\u4e00") + number) for number, name in enumerate(names)}


@cache
def class_names() -> dict[str, str]:
    """Character -> class."""
    return {character: name for name, character in characters().items()}


def pattern(source: str) -> re.Pattern[str]:
    """A pattern whose `<class>` stand for one atom of that class."""
    known = characters()
    return re.compile(re.sub(r"(?<!\?P)<(\w+)>", lambda m: known[m[1]], source))


def read(text: str) -> Reading:
    """The atoms of a normalised text; a row of words without a class is one atom, `other`."""
    atoms: list[Atom] = []
    classes: list[str] = []
    known, entries, other = characters(), _entries(), characters()["other"]
    pieces = _pieces(text)
    at = 0
    while at < len(pieces):
        start, end, word, form = pieces[at]
        entry = _entry(entries[word], pieces, at) if form == "word" else None
        if entry:
            at += len(entry.words)
            atoms.append(Atom(start, pieces[at - 1][1], word, entry.value))
            classes.append(known[entry.cls])
        else:
            at += 1
            atoms.append(Atom(start, end, word, word))
            classes.append(other if form == "word" else known[form])
    return Reading(atoms, "".join(classes))


class Piece(NamedTuple):
    """A part of the text before rows of words are put together; `form` is `word` or a class."""

    start: int
    end: int
    text: str
    form: str


def _pieces(text: str) -> list[Piece]:
    """The pieces of the stretches that may hold an expression; of others one, `other`."""
    pieces: list[Piece] = []
    start = 0
    for cut in _CUT.finditer(text):
        pieces += _pieces_of(text, start, cut.end())
        start = cut.end()
    return pieces + _pieces_of(text, start, len(text))


_CUT = re.compile(r"\n|[.!؟] ")
_LETTERS = re.compile(r"[^\u0621-\u065f\u0670-\u06d3]+")
_FIGURE = re.compile(r"[\d%٪$€£]")
GLUE = frozenset(
    (
        "and",
        "in",
        "from",
        "this",
        "since",
        "days_of",
        "to",
        "ending",
        "plural",
        "new",
        "more",
        "final",
        "no_day",
        "some",
        "dated",
        "school",
        "past_verb",
        "ahead_verb",
        "past",
        "next",
        "current",
        "recent",
        "day",
        "minute",
        "minus",
        "fraction",
        "pious",
        "no_date",
        "cardinal",
        "ordinal",
        "begin",
        "end",
        "within",
        "half",
        "half_unit",
        "era",
        "cent",
    )
)
"""Classes that are no expression by themselves."""


@cache
def _telling() -> frozenset[str]:
    """The written words of which at least one is in any expression that has no figure."""
    words = {
        max(reversed(entry.words), key=len)
        for entries in _entries().values()
        for entry in entries
        if entry.cls not in GLUE
    }
    glued = {head + tail for head in words for tail in _GLUED_AFTER}
    return frozenset({*words, *glued, *_glued(), "روز"})


def _may_tell(stretch: str) -> bool:
    return bool(_FIGURE.search(stretch)) or not _telling().isdisjoint(_LETTERS.split(stretch))


def _pieces_of(text: str, start: int, end: int) -> list[Piece]:
    """The pieces of text[start:end], which is a sentence or so."""
    pieces: list[Piece] = []
    if not _may_tell(text[start:end]):
        if start < end:
            pieces.append(Piece(start, end, "", "line"))
        return pieces
    unknown = False
    for found in _ATOM.finditer(text, start, end):
        form = found.lastgroup
        if form == "word" or form == "other":
            word = found.group()
            parts = _parts(word)
            if not parts:
                if not unknown:
                    at, end = found.span()
                    if word == "ی" and text[at - 1 : at] == "\u200c":
                        continue
                    pieces.append(Piece(at, end, word, "other"))
                    unknown = True
                continue
            at, end = found.span()
            for part, length in parts[:-1]:
                pieces.append(Piece(at, at + length, part, "word"))
                at += length
            pieces.append(Piece(min(at, end - 1), end, parts[-1][0], "word"))
        else:
            pieces.append(Piece(*found.span(), found.group(), form or "other"))
        unknown = False
    return pieces


@lru_cache(maxsize=1 << 14)
def _parts(word: str) -> tuple[tuple[str, int], ...]:
    """The known words that a written word is, with the letters of each; none if it is unknown.

    روزهای -> روز ها, شهریورماه -> شهریور ماه, دلاری -> دلار.
    """
    if not word.isalpha():
        word = _MARKS.sub("", word)
    if word in _glued():
        return tuple((part, len(part)) for part in _glued()[word])
    if word in _entries():
        return ((word, len(word)),)
    for tail in _GLUED_AFTER:
        head = word.removesuffix(tail)
        holding = _HOLDING if len(tail) > 1 else ("currency",)
        if head != word and any(entry.cls in holding for entry in _entries().get(head, ())):
            return ((head, len(head)), *(_parts(tail) if len(tail) > 1 else ()))
    return ()


_HOLDING = ("solar_month", "gregorian_month", "multiplier", "currency", "cent")


def _entry(candidates: Sequence[Entry], pieces: Sequence[Piece], at: int) -> Entry | None:
    for entry in candidates:
        size = len(entry.words)
        if size == 1 or tuple(piece.text for piece in pieces[at : at + size]) == entry.words:
            return entry
    return None


@cache
def _entries() -> dict[str, list[Entry]]:
    """First word -> entries that begin with it, those of more words first."""
    found: dict[str, list[Entry]] = {}
    for cls, value, words in data.rows("time_words"):
        for written in words.split("|") if cls != "glued" else ():
            entry = Entry(tuple(written.split()), cls, value)
            found.setdefault(entry.words[0], []).append(entry)
            for word in entry.words:
                found.setdefault(word, [])
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry.words))
    return found


@cache
def _glued() -> dict[str, list[str]]:
    return {
        written: value.split()
        for cls, value, words in data.rows("time_words")
        if cls == "glued"
        for written in words.split("|")
    }
