"""Words and marks of a normalised text.

A scan cuts the text into atoms: runs of letters, of digits, of one mark. Where two atoms touch,
rules decide whether they are one token: each answers JOIN, SPLIT or None (no opinion), the first
opinion wins, and atoms without any are split. The conventions are those of UD_Persian, except
that an address, a date, a score, a clock time and an emoji are always whole.

Every pattern looks at a bounded stretch, so time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from pnews import data
from pnews.tokenize.opinions import JOIN, SPLIT, first_opinion

MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
LETTER = rf"[^\W\d_{LATIN}]"
DASH = "-\u2010-\u2015\u2212"

HOST = r"(?:[A-Za-z0-9-]{1,63}+\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])"
REST = r"[^\s«»\"“”<>،؛]{1,2000}(?<![.,:;!?؟)\]}'’*…])"
PATH = rf"[/?\#](?:{REST})?"
PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe"
    "\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
EMOJI = rf"{PICTURE}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"

ATOM = re.compile(
    rf"""
    (?:{LETTER}|[_{MARKS}{INVISIBLE}])+                       # خبرگزاری
  | [A-Za-z][A-Za-z+.-]{{1,19}}://{REST}                      # https://irna.ir/a
  | [A-Za-z0-9._%+-]{{1,64}}+@{HOST}                          # info@irna.ir
  | (?<![A-Za-z0-9_.]){HOST}(?::\d{{1,5}})?(?:{PATH})?       # www.irna.ir/news
  | [@#][\w{MARKS}\u200c]++(?:\.[A-Za-z0-9_]+)*+             # @irna_1 #برجام
  | [\U0001f1e6-\U0001f1ff]{{2}}                              # a flag
  | [0-9\#*]\ufe0f?\u20e3                                     # a keycap
  | {EMOJI}(?:\u200d{EMOJI})*                                 # a family
  | \d+[{MARKS}]*
  | [{LATIN}][{LATIN}{MARKS}_]*
  | \.+ | …+ | [!?؟]+ | ([{DASH}=*~ـ•─])\1*                    # ... ؟! ----
  | \S[{MARKS}\ufe0f]*
    """,
    re.VERBOSE,
)

INITIALS = re.compile(
    rf"(?:{LETTER}(?:\.{LETTER}(?!\w)){{1,11}}|[A-Z](?:\.[A-Z](?!\w)){{1,11}})\.?"
)
SUFFIX = re.compile(r"(?:های?|هایی|هایش|هایشان)(?![\w\u200c])")
ORDINAL = re.compile(r"(?<![\d.٫])\d{1,2}(?:ا?م|ا?مین)(?![\w\u200c])")


class Gap(NamedTuple):
    """Two touching atoms: text[start:at] is the token so far, text[at:to] the next atom.

    The token may not grow beyond `stop`, where the sentence ends.
    """

    text: str
    start: int
    at: int
    to: int
    stop: int

    @property
    def around(self) -> tuple[str, ...]:
        """Two characters before the gap and two after it, spaces where there are none."""
        text, at = self.text, self.at
        return (*f"{text[max(self.start, at - 2) : at]:>2}{text[at : min(self.stop, at + 2)]:<2}",)


Rule = Callable[[Gap], bool | None]


def marks(gap: Gap) -> bool | None:
    """».: two marks are two tokens."""
    _, left, right, _ = gap.around
    return None if left.isalnum() or right.isalnum() else SPLIT


def tie(gap: Gap) -> bool | None:
    """LED\u200cها, ۱۲\u200cساله, x_۱."""
    _, left, right, _ = gap.around
    tied = (left in "\u200c_" and right.isalnum()) or (right in "\u200c_" and left.isalnum())
    return JOIN if tied else None


def number(gap: Gap) -> bool | None:
    """۱۲.۵, ۱٬۲۳۴٫۵, 1,234, ۱۳۹۹/۸/۱۹, ۲-۱, ۱۸:۳۰, ۵+۱, ۴×۱۰۰."""
    before, left, right, after = gap.around
    if left.isdecimal() and right in ".,٫٬/:-–+×*" and after.isdecimal():
        return JOIN
    if right.isdecimal() and left in ".,٫٬/:-–+×*" and before.isdecimal():
        return JOIN
    return None


def letters_with_digits(gap: Gap) -> bool | None:
    """5G, CO2, m²."""
    _, left, right, _ = gap.around
    if (left.isdecimal() and latin(right)) or (latin(left) and right.isnumeric()):
        return JOIN
    return None


def hyphen(gap: Gap) -> bool | None:
    """covid-19, Wi-Fi, کووید-۱۹; not ۱-مقدمه, تهران-مشهد."""
    before, left, right, after = gap.around
    if right == "-":
        before, after = left, after
    elif left == "-":
        before, after = before, right
    else:
        return None
    if latin(before) and (latin(after) or after.isdecimal()):
        return JOIN
    if before.isalpha() and after.isdecimal():
        return JOIN
    if before.isdecimal() and latin(after):
        return JOIN
    return None


def apostrophe(gap: Gap) -> bool | None:
    """O'Neill, AT&T."""
    before, left, right, after = gap.around
    if right in "'’&" and latin(left) and latin(after):
        return JOIN
    if left in "'’&" and latin(before) and latin(right):
        return JOIN
    return None


def suffix(gap: Gap) -> bool | None:
    """NGOها, ۹۰ها."""
    left = gap.text[gap.at - 1]
    if (latin(left) or left.isdecimal()) and SUFFIX.match(gap.text, gap.at, gap.stop):
        return JOIN
    return None


def ordinal(gap: Gap) -> bool | None:
    """۲۱م, ۵امین; not ۲۰۱۹م, which is a year and its era."""
    if ORDINAL.match(gap.text, gap.start, gap.stop):
        return JOIN
    return None


def dotted(gap: Gap) -> bool | None:
    """ه.ش., U.S.A, بی.بی.سی."""
    if "." not in (gap.text[gap.at - 1], gap.text[gap.at]):
        return None
    for pattern in (INITIALS, spelled()):
        found = pattern.match(gap.text, gap.start, gap.stop)
        if found and found.end() >= gap.to:
            return JOIN
    return None


def abbreviation(gap: Gap) -> bool | None:
    """م., ص., Dr."""
    if gap.text[gap.at : gap.to] == "." and gap.text[gap.start : gap.to] in abbreviations():
        return JOIN
    return None


def initial(gap: Gap) -> bool | None:
    """دکتر ا. احمدی; not «گروه ب.» where the sentence ends."""
    if gap.text[gap.at : gap.to] == "." and gap.at - gap.start == 1 and gap.to < gap.stop:
        return JOIN if gap.text[gap.start].isalpha() else None
    return None


RULES: tuple[Rule, ...] = (
    marks,
    tie,
    number,
    letters_with_digits,
    hyphen,
    apostrophe,
    suffix,
    ordinal,
    dotted,
    abbreviation,
    initial,
)


def words(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the tokens of text[start:end], ascending; every non-space character is in one."""
    return list(_tokens(text, start, len(text) if end is None else end))


def latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"


@cache
def abbreviations() -> frozenset[str]:
    """What keeps its full stop, from `data/abbreviations.tsv`."""
    return data.words("abbreviations")


@cache
def spelled() -> re.Pattern[str]:
    """Letters by name or alone, two or more: دی.وی.دی, بی.ام.و."""
    name = rf"(?:{'|'.join(sorted(data.letter_names(), key=len, reverse=True))}|{LETTER})"
    return re.compile(rf"{name}(?:\.{name}(?!\w)){{1,11}}")


def _tokens(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    first = last = start
    for atom in ATOM.finditer(text, start, stop):
        at, to = atom.span()
        if at != last or first_opinion(RULES, Gap(text, first, at, to, stop)) == SPLIT:
            if first != last:
                yield first, last
            first = at
        last = to
    if first != last:
        yield first, last
