"""Amounts of money and shares in percent: where they are written, and how much they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from pnews.document import Money
from pnews.entities.expressions import Reading, Words, pattern
from pnews.entities.numbers import number, written

ITEM = "(?:(?:<digits>|<decimal>|<cardinal>|<half_unit>|<some>)<multiplier>*|<multiplier>+)"
NUMBER = (
    f"(?:<minus>?{ITEM}(?:(?<=<multiplier>)<and>?{ITEM}|<and><half_unit><multiplier>*"
    "|(?<=<cardinal>)<and><cardinal><multiplier>*)*)"
)
SHARE = (
    "(?:<lunar_month>(?=<to>)"  # صفر, which is a month too
    "|<minus>?(?:<digits>|<decimal>|<cardinal>(?:<and><cardinal>)*|<half_unit>)"
    "(?:<and>(?:<half_unit>|<cardinal><fraction>))?(?:<fraction>|<ordinal>)?)"
)
NOT_AFTER = "(?<!<year>)(?<!<digits>)(?<!<decimal>)(?<!<solar_month>)"
MONEY = (
    f"{NOT_AFTER}(?P<first>{NUMBER})(?:(?:<to>|<dash>)(?P<last>{NUMBER}))?"
    f"(?P<currency><currency>)(?:<and>(?P<cents>{NUMBER})<cent>)?"
)
PERCENT = (
    f"(?<!<digits>)(?<!<decimal>)(?P<first>{SHARE})(?:(?:<to>|<dash>)(?P<last>{SHARE}))?<percent>"
)
SIGN_FIRST = "(?P<currency><currency>)(?P<first>(?:<digits>|<decimal>)<multiplier>*)"
SIGNS = "$€£"

Amount = tuple[int, int, "Money | float | str | None"]
"""The atoms of an amount, start and end, and its value."""


@cache
def money_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """With the currency after the number, and with its sign before."""
    return pattern(MONEY), pattern(SIGN_FIRST)


@cache
def percent_pattern() -> re.Pattern[str]:
    """A share in percent."""
    return pattern(PERCENT)


def money(reading: Reading) -> Iterator[Amount]:
    """`۲۴ میلیون و ۸۵۰ هزار تومان`; a toman is ten rials. A range's amount is `10/20`."""
    after, before = money_patterns()
    for match in after.finditer(reading.classes):
        words = Words(reading, match)
        yield match.start(), match.end(), _money(words)
    for match in before.finditer(reading.classes):
        words = Words(reading, match)
        if words.atoms("currency")[0].text in SIGNS:
            yield match.start(), match.end(), _money(words)


def _money(words: Words) -> Money | None:
    if "some" in words.classes("first"):
        return None
    code, unit = words.atoms("currency")[0].value.split()
    ends = _ends(words)
    if words.has("cents"):
        cents = number(words.pairs("cents"))
        ends[-1] += cents * Decimal(words.value("cent") or "0.01")
    return Money("/".join(written(end * Decimal(unit)) for end in ends), code)


def percent(reading: Reading) -> Iterator[Amount]:
    """`۲۲.۵ درصد` is 22.5; a range is the text `60/70`."""
    for match in percent_pattern().finditer(reading.classes):
        words = Words(reading, match)
        ends = _ends(words)
        value = float(ends[0]) if len(ends) == 1 else "/".join(map(written, ends))
        yield match.start(), match.end(), value


def _ends(words: Words) -> list[Decimal]:
    """One number, or the two of a range; `۲۰ تا ۳۰ میلیون` are millions both."""
    parts = [part for part in ("first", "last") if words.has(part)]
    ends = [number(words.pairs(part)) for part in parts]
    if len(ends) == 2 and "multiplier" not in words.classes("first"):
        for cls, atom in words.pairs("last"):
            if cls == "multiplier":
                ends[0] *= Decimal(atom.value)
    return ends
