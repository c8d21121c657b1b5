"""Sentences of a normalised text.

A full stop, a question mark, an exclamation mark, an ellipsis, a line break, the colon of a
dateline: at each of these places a sentence may end. Rules judge it in turn: each answers SPLIT
(a sentence ends here), JOIN (it goes on) or None (no opinion); the first opinion wins, and a
place without any is a split.

A line break always ends a sentence: files of news hold one paragraph a line, and headlines,
captions and bylines have no full stop. Archives that break lines as in print have to be
unwrapped before.

Rules look at a bounded stretch on both sides, so time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pnews import data
from pnews.tokenize.opinions import JOIN, SPLIT, first_opinion
from pnews.tokenize.words import abbreviations, latin

REACH = 120
"""How far a rule looks back from a mark, in characters."""

LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
PLACE = re.compile(
    rf"""
    (?P<line>[{LINE_BREAKS}])
  | (?P<quote>[«“] | (?<![^\s(]) ["”] (?=\S))
  | (?P<mark>[.…!?؟‼⁇-⁉]+ | :(?=\s))
    (?P<close>(?:[^\S{LINE_BREAKS}]?[»)\]}}] | ["“”’'](?!\w) | /(?!\S))*)
    """,
    re.VERBOSE,
)
LIST_NUMBER = re.compile(r"(?:^|[؛:،,])\s*[(\[]?\d{1,3}$")
LABELLED = re.compile(
    r"(?:گروه|ویتامین|بند|گزینه|گزینهٔ|نوع|هپاتیت|کلاس|لیگ|دسته|رده|سطح|ردیف|شق|جزء)\s\w$"
)
AGENCY = re.compile(
    r"[^\s:،]+(?:\s[^\s:،]+){0,2}\s[-–—ـ]\s[^\s:،]+(?:\s[^\s:،]+){0,3}"
    r"(?<!گفت)(?<!افزود)(?<!نوشت)(?<!کرد)(?<!داد)(?<!داشت)(?<!شد)(?<!است)(?<!ند)$"
)
NEXT_WORD = re.compile(r"\s?(\w{1,8})(?![\w\u200c])")
GOES_ON = re.compile(r"\s*[،؛,;:.…!?؟]")
LOWER_CASE = re.compile(r"\s*[a-z]")
SAID = r"(?:گفت|افزود|پرسید|نوشت|خواند|نامید|فرمود)(?:ه|ند|م|یم)?"
CONNECTS = re.compile(r"\s*(?:و|که|را)(?![\w\u200c])")
SAYS = re.compile(rf"\s*{SAID}(?![\w\u200c])")
SPEECH = re.compile(rf"(?::|(?<!\w){SAID})\s*$")
BEGINS = re.compile(r"\s*(?:[«\"]|(?:وی|او|اما|ولی|البته|همچنین|سپس)(?![\w\u200c]))")


class Place(NamedTuple):
    """Where the sentence that starts at `start` may end.

    The mark is text[at:to]; brackets and quotation marks that it closes end at `closed`.
    `quoted` is where the last quotation before the mark was opened, or -1.
    """

    text: str
    start: int
    at: int
    to: int
    closed: int
    quoted: int

    @property
    def mark(self) -> str:
        return self.text[self.at : self.to]

    @property
    def before(self) -> str:
        """The sentence before the mark, at most REACH characters of it."""
        return self.text[max(self.start, self.at - REACH) : self.at]

    @property
    def word(self) -> str:
        """What stands before the mark back to a space, without opening marks."""
        pieces = self.before.rsplit(None, 1)
        return pieces[-1].lstrip("«“\"'([{") if pieces else ""

    @property
    def after(self) -> str:
        """The character after the mark and what it closes; empty at the end."""
        return self.text[self.closed : self.closed + 1]

    @property
    def closes(self) -> str:
        return self.text[self.to : self.closed]


Rule = Callable[[Place], bool | None]


def nothing_yet(place: Place) -> bool | None:
    """... و بعد، .NET."""
    return None if any(map(str.isalnum, place.before)) else JOIN


def dateline(place: Place) -> bool | None:
    """تهران - ایرنا: | رئیس\u200cجمهور گفت; any other colon goes on."""
    if place.mark != ":":
        return None
    whole = place.at - place.start < REACH
    return SPLIT if whole and AGENCY.match(place.before) else JOIN


def list_number(place: Place) -> bool | None:
    """۱. مقدمه; مانند ۱. آب؛ ۲. خاک."""
    whole = place.at - place.start < REACH
    return JOIN if whole and place.mark == "." and LIST_NUMBER.search(place.before) else None


def inner_stop(place: Place) -> bool | None:
    """۱۲.۵, irna.ir, a.b?c=d; but گفت.وی, where the space is missing."""
    if place.closes or not place.after.isalnum():
        return None
    left, right = place.before[-1:], place.after
    if left.isdecimal() and right.isdecimal():
        return JOIN
    if place.mark in (".", "?", "!") and (latin(right) or right.isdecimal()):
        return None if left.isalpha() and not latin(left) else JOIN
    return None


def address(place: Place) -> bool | None:
    """https://irna.ir/?%D8%A7=1"""
    inside = place.after and not place.after.isspace() and not place.closes
    return JOIN if inside and ("://" in place.word or "www." in place.word) else None


def abbreviation(place: Place) -> bool | None:
    """در سال ۵۵۰ م. در شوش; جورج دبلیو. بوش."""
    return JOIN if place.mark == "." and f"{place.word}." in abbreviations() else None


def initial(place: Place) -> bool | None:
    """دکتر ا. احمدی, U.S. Army; but ویتامین د. این دارو."""
    last = place.word.rpartition(".")[2]
    if place.mark != "." or len(last) != 1 or not last.isalpha():
        return None
    return None if LABELLED.search(place.before) else JOIN


def spelled(place: Place) -> bool | None:
    """سی. ان. ان, بی.ام.و."""
    if place.mark != "." or place.word.rpartition(".")[2] not in data.letter_names():
        return None
    following = NEXT_WORD.match(place.text, place.closed)
    if following is None:
        return None
    touching = len(following[1]) == 1 and following.start(1) == place.closed
    return JOIN if touching or following[1] in data.letter_names() else None


def ellipsis(place: Place) -> bool | None:
    """کتاب، دفتر و... خریدند."""
    inside = place.closes.strip() in ("", ")", "]")
    return JOIN if place.mark in ("...", "…", "..") and inside else None


def remark(place: Place) -> bool | None:
    """او قهرمان (!) شد."""
    if place.mark[-1] == "." or not place.closes.startswith(")"):
        return None
    return JOIN if place.before.rpartition("(")[0].strip() else None


def goes_on(place: Place) -> bool | None:
    """«کی؟»، پرسید; چرا؟ !; approx. five."""
    lower = latin(place.before[-1:]) and LOWER_CASE.match(place.text, place.closed)
    return JOIN if lower or GOES_ON.match(place.text, place.closed) else None


def quotation(place: Place) -> bool | None:
    """«می\u200cآیم.» را گفت; فیلم «کجایی؟» دیده شد; but گفت: «می\u200cآیم.» | وی رفت."""
    text, quoted, closed = place.text, place.quoted, place.closed
    if quoted < 0 or not set(place.closes) & set('»”"'):
        return None
    if CONNECTS.match(text, closed):
        return JOIN
    if SPEECH.search(text, max(0, quoted - 12), quoted) or BEGINS.match(text, closed):
        return None
    if SAYS.match(text, closed):
        return JOIN
    return None if quoted <= place.start or place.mark == "." else JOIN


RULES: tuple[Rule, ...] = (
    dateline,
    nothing_yet,
    list_number,
    inner_stop,
    address,
    abbreviation,
    initial,
    spelled,
    ellipsis,
    remark,
    goes_on,
    quotation,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, ascending, without the space around them.

    Every non-space character is in one.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end in _ends(text):
        _keep(text, start, end, found)
        start = end
    return found


def _keep(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    bare = piece.lstrip()
    if bare:
        start = end - len(bare)
        found.append((start, start + len(bare.rstrip())))


def _ends(text: str) -> Iterator[int]:
    """Where sentences end, ascending; the last is the end of the text."""
    start, quoted = 0, -1
    for found in PLACE.finditer(text):
        if found["quote"]:
            quoted = found.start()
            continue
        if found["mark"]:
            start = _skip_space(text, start)
            place = Place(text, start, *found.span("mark"), found.end(), quoted)
            if first_opinion(RULES, place) == JOIN:
                continue
        start = found.end()
        yield start
    yield len(text)


def _skip_space(text: str, start: int) -> int:
    while text[start : start + 1].isspace():
        start += 1
    return start
