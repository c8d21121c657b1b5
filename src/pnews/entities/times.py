"""Clock times and parts of days: `ساعت ۱۷:۳۰`, `صبح امروز`, `شب گذشته`, `شنبه شب`.

They are found over a reading in which the dates are already one piece each, so that a part of a
day takes the date beside it in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from pnews import data
from pnews.entities.calendars import DAY
from pnews.entities.dates import Found, longest
from pnews.entities.expressions import Reading, Words, characters, pattern
from pnews.entities.numbers import number

DATE = "(?P<date><a_date><in_date>*)"
PART = "(?P<part><part_of_day>)"
HOUR = (
    "(?:<clock><minute>?|(?:<digits>|<cardinal>)"
    "(?:<and>(?:(?:<digits>|<cardinal>)<minute>|<half_unit>))?)"
)
CLOCK = f"<hour>(?P<clock>{HOUR})"

SOURCES: tuple[str, ...] = (
    f"(?:<within>|<begin>)?{PART}(?:<and><part_of_day>)?(?:<day><plural>?)?{DATE}",
    f"{DATE}{PART}(?P<told><a_date><in_date>*)?",
    f"(?<!<some>){PART}(?P<past><past>)",
    f"(?:<within>|{PART})?(?P<night><night_word>)",
    f"{CLOCK}{PART}?(?:<day>?{DATE})?",
    f"{CLOCK}(?:<to>|<dash>)<hour>?(?P<until>{HOUR}){PART}?(?:<day>?{DATE})?",
    f"(?P<clock><clock>|<digits>|<cardinal>){PART}(?:<day>?{DATE})?",
)

UNSURE: tuple[str, ...] = (
    "(?P<clock><clock>)",
    PART,
)
"""What is a time only if the tagger thinks so: a programme's ۱۲:۵۰, a bare صبح."""


@cache
def patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """The patterns compiled, and whether they are sure."""
    sure = [(pattern(source), True) for source in SOURCES]
    return (*sure, *((pattern(source), False) for source in UNSURE))


class Hour(NamedTuple):
    """Hour and minute of a clock."""

    hour: int
    minute: int


def times(reading: Reading, dates: Sequence[Found], published: date | None) -> list[Found]:
    """The times of a text in their order; `clock` of each is its ISO 8601 value."""
    folded = folded_reading(reading, dates)
    days = {found.start: found for found in dates}
    named = [
        (found.start, found.period.first)
        for found in dates
        if found.period and found.period.first == found.period.last
    ]
    candidates = []
    for source, sure in patterns():
        for match in source.finditer(folded.classes):
            words = Words(folded, match)
            value = _value(words, match, days, named, published)
            if value is not None:
                candidates.append(Found(match.start(), match.end(), None, sure, value))
    return longest(candidates)


def folded_reading(reading: Reading, dates: Sequence[Found]) -> Reading:
    """The reading with each date as one piece."""
    classes = list(reading.classes)
    first, rest = characters()["a_date"], characters()["in_date"]
    for found in dates:
        if found.sure:
            classes[found.start : found.end] = [first] + [rest] * (found.end - found.start - 1)
    return Reading(reading.atoms, "".join(classes))


def _value(
    words: Words,
    match: re.Match[str],
    days: dict[int, Found],
    named: Sequence[tuple[int, date]],
    published: date | None,
) -> str | None:
    """ISO 8601, empty where it can't be told; None if the match is no time.

    A clock without a day is on the last of `named`, the days that the text names before it.
    """
    names = match.re.groupindex
    if "date" in names and words.has("date"):
        told = words.has("told")  # شنبه شب ۲۶ مرداد
        period = days[match.start("told" if told else "date")].period
        day = period.first if period else None
        if period and period.first != period.last and not words.has("clock"):
            return period.iso()
        if day and _is_eve(words):
            day -= DAY
    elif words.has("past"):
        day = published - DAY if published else None
    elif words.has("night"):
        shift = int(words.value("night_word") or 0)
        day = published + shift * DAY if published else None
    else:
        before = bisect_left(named, match.start(), key=itemgetter(0))
        day = named[before - 1][1] if before else published
    if not words.has("clock"):
        return day.isoformat() if day else ""
    part = words.value("part_of_day") or ""
    clock = _hour(words, "clock", part)
    if clock is None:
        return None
    until = _hour(words, "until", part) if words.has("until") else None
    ends = [_iso(day, one) for one in (clock, until) if one]
    return "/".join(ends)


def _is_eve(words: Words) -> bool:
    """شب هشتم محرم: the lunar day begins at sunset."""
    eve = words.has("part") and words.atoms("part")[0].text == "شب"
    return eve and any(atom.text in _lunar_months() for atom in words.atoms("date"))


@cache
def _lunar_months() -> frozenset[str]:
    return frozenset(
        name
        for cls, _, names in data.rows("time_words")
        if cls == "lunar_month"
        for name in names.split("|")
    )


def _iso(day: date | None, clock: Hour) -> str:
    if clock.hour == 24:
        day, clock = day and day + timedelta(days=1), Hour(0, clock.minute)
    return f"{day.isoformat() if day else ''}T{clock.hour:02}:{clock.minute:02}"


def _hour(words: Words, part: str, part_of_day: str) -> Hour | None:
    pairs = words.pairs(part)
    cls, atom = pairs[0]
    if cls == "clock":
        hour, minute = (int(piece) for piece in atom.text.split(":")[:2])
    else:
        hour, minute = int(number([(cls, atom)])), 0
        for other, following in pairs[1:]:
            if other in ("digits", "cardinal"):
                minute = int(number([(other, following)]))
            elif other == "half_unit":
                minute = 30
    if hour > 24 or minute > 59:
        return None
    if part_of_day in ("pm", "night") and 1 <= hour <= 12:
        late = hour == 12 or (part_of_day == "night" and hour < 5)
        hour = (24 if part_of_day == "night" else 12) if hour == 12 else hour + 12 * (not late)
    elif part_of_day == "noon" and 1 <= hour <= 4:
        hour += 12
    return Hour(hour, minute)
