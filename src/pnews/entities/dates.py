"""Where dates are written, and what they mean.

Expressions are patterns over word classes (`pnews.entities.expressions`), one row each with its
meaning (`pnews.entities.periods`); the longest wins.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple, TypeVar

from pnews.entities import periods
from pnews.entities.calendars import DAY, Calendar, Period
from pnews.entities.expressions import Atom, Reading, Words, characters, class_names, pattern
from pnews.entities.periods import CALENDARS, Context, Meaning, NotADateError, weekday

Span = TypeVar("Span")


class Found(NamedTuple):
    """A date in atoms[start:end]; `sure` if it is one whatever the tagger thinks of it."""

    start: int
    end: int
    period: Period | None
    sure: bool = True
    clock: str = ""


class Rule(NamedTuple):
    """A pattern and what it means; `sure` as in `Found`."""

    pattern: re.Pattern[str]
    meaning: Meaning
    sure: bool


MONTH_NAME = "(?:<solar_month>|<gregorian_month>|<lunar_month>)"
MONTH = f"(?:(?:<month><pious>*)?{MONTH_NAME}<pious>*<month>?|<month><may>|<may>(?=<digits>))"
DAY_NUMBER = (
    "(?:<digits><ending>?|<cardinal><and><ordinal>|<cardinal><and><cardinal><ending>?"
    "|<cardinal><ending>?|<ordinal>)"
)
COUNT = "(?:<digits>|<cardinal>(?:<and><cardinal>)*)"
WEEKDAY = "(?:<weekday>|(?:<digits>|<cardinal>)?<saturday>)"
NEAR = "(?:<past>|<next>|<current>)"
NO_AMOUNT = "(?!<multiplier>|<percent>|<currency>|<fraction>|<plural>)"
YEAR_NUMBER = "(?:<digits>|(?:<cardinal>|<multiplier>)(?:<and>?(?:<cardinal>|<multiplier>))*)"
BARE_YEAR = f"<digits>{NO_AMOUNT}<era>*"
OF_YEAR = f"(?:<year>{YEAR_NUMBER}{NO_AMOUNT}<era>*|{BARE_YEAR}|<year_word>|<year>{NEAR}<era>*)"
SOME_YEAR = f"(?:{OF_YEAR}|<year>)"
AT_EDGE = "(?P<edge><begin>|<end>|<within>|<day><plural>(?:<final>|<ordinal>))"
EDGE = f"{AT_EDGE}?"
UNIT = "(?P<unit><day>|<week>|<month>|<year>)"
LONG_UNIT = "(?:<day>|<week>|<month>|<year>|<decade>|<century>|<hour>|<season_of>)"
NEXT_DAY = f"(?:<to>|<and>|<dash>)(?:<day>?{WEEKDAY})?"
BEFORE_DAY = (
    f"(?:(?:<day><plural>?)?<day_word>?<day>?"
    f"(?:(?<!<weekday><and>)(?<!<saturday><and>)(?P<weekday>{WEEKDAY})(?:<comma>|<dash>)?)?<dated>?(?:<day><plural>?)?)"
)

RULES: tuple[tuple[str, Meaning, bool], ...] = (
    (
        f"{BEFORE_DAY}(?P<first>{DAY_NUMBER})(?:{NEXT_DAY}(?P<last>{DAY_NUMBER}))?"
        f"(?P<month>{MONTH})<comma>?(?P<year>{OF_YEAR})",
        periods.day_month,
        True,
    ),
    (
        f"{BEFORE_DAY}(?P<first>{DAY_NUMBER})(?:{NEXT_DAY}(?P<last>{DAY_NUMBER}))?"
        f"(?P<month>{MONTH})(?P<near>{NEAR})?",
        periods.day_month,
        True,
    ),
    (
        f"(?<!<from>)(?<!<from><day>)(?P<first>{DAY_NUMBER})(?P<month>{MONTH})(?:<to>|<dash>)"
        f"(?:(?P<last>{DAY_NUMBER})|<end>)(?P<month2>{MONTH})(?P<year>{OF_YEAR})?",
        periods.days_of_months,
        True,
    ),
    (f"(?:<day>?{WEEKDAY}<comma>?)?(?P<date><date>)", periods.figures, True),
    (f"{EDGE}(?P<month>{MONTH})<comma>?(?P<year>{OF_YEAR})", periods.month_year, True),
    (f"{EDGE}(?P<month>{MONTH})(?P<near>{NEAR})", periods.month_year, True),
    (f"{AT_EDGE}(?P<month>{MONTH})", periods.month_year, True),
    (
        f"(?P<month><month><pious>*{MONTH_NAME}<pious>*|{MONTH_NAME}<pious>*<month>|<month><may>)",
        periods.month_year,
        True,
    ),
    (f"<days_of>(?P<month>{MONTH})", periods.month_year, True),
    (f"<days_of>(?P<month>{MONTH})<and>(?P<month2>{MONTH})", periods.months_of_year, True),
    (
        f"(?P<first><ordinal>)<day><from>?<days_of>?(?P<month>{MONTH})(?P<year>{OF_YEAR})?",
        periods.day_month,
        True,
    ),
    (f"(?P<month>{MONTH_NAME})", periods.month_year, False),
    (f"<day>?(?P<first><named_day>)(?P<year>{OF_YEAR})?", periods.named_day, False),
    (
        f"<day><plural>(?P<first><named_day>)<and>(?P<last><named_day>)(?P<year>{OF_YEAR})?",
        periods.named_day,
        False,
    ),
    (f"<half>(?P<month>{MONTH})(?P<year>{OF_YEAR})?", periods.middle_of_month, False),
    (
        f"<month><plural>(?P<month>{MONTH})(?:<to>|<and>)(?P<month2>{MONTH})(?P<year>{OF_YEAR})?",
        periods.months_of_year,
        True,
    ),
    (
        f"(?P<month>{MONTH_NAME})(?:<to>|<dash>)(?P<month2>{MONTH_NAME})(?P<year>{OF_YEAR})?",
        periods.months_of_year,
        True,
    ),
    (f"{EDGE}(?P<year><year><plural>?{YEAR_NUMBER}{NO_AMOUNT}<era>*)", periods.year, True),
    (
        f"(?P<year><year><digits>)(?:<to>|<and>|<dash>)(?P<last><year>?<digits>){NO_AMOUNT}<era>*",
        periods.year,
        True,
    ),
    (
        f"(?P<year><year><plural><digits>)(?:<to>|<dash>)(?P<last><digits>){NO_AMOUNT}<era>*",
        periods.year,
        True,
    ),
    (f"(?<=<year><plural><digits><and>)(?P<year><digits>){NO_AMOUNT}<era>*", periods.year, True),
    (f"{EDGE}<year><school>(?:{NEAR}|<new>|<digits>(?:<dash><digits>)?)", periods.unknown, True),
    ("<year><year_name>", periods.named_year, True),
    ("<year><new><era>*", periods.new_year, True),
    (f"<season_of>{NEAR}|<this><season_of>(?!<season>)|<season_of><new>", periods.unknown, True),
    (f"{EDGE}(?P<year><year_word>|<year>{NEAR}<era>*)", periods.year, True),
    ("(?P<edge><begin>|<end>|<within>)(?P<year><year>)", periods.year, True),
    ("(?P<year><digits><era>+)", periods.year, True),
    ("(?P<year><digits>)", periods.year, False),
    (f"(?P<edge><begin>|<end>|<within>)(?P<year>{BARE_YEAR})", periods.bare_year, True),
    (f"(?P<year><digits>)<dash>(?P<last>{BARE_YEAR})", periods.bare_year, False),
    (
        "(?:<year><plural>)?<decade>(?P<number><digits>|<cardinal>)"
        "(?:(?:<to>|<and>|<dash>)<decade>?(?P<last><digits>|<cardinal>))?<era>*",
        periods.decade,
        True,
    ),
    (f"<century>(?P<number>{DAY_NUMBER})<era>*", periods.century, True),
    (
        f"(?:(?P<half><half>)|(?P<months>{COUNT})(?:<month>|<months>))"
        f"(?P<which><ordinal>)(?P<year>{SOME_YEAR})",
        periods.part_of_year,
        True,
    ),
    (f"(?P<months>{COUNT})(?:<month>|<months>)(?P<year>{OF_YEAR})", periods.part_of_year, True),
    (f"(?P<months>{COUNT})(?:<month>|<months>)(?P<which><ordinal>)", periods.part_of_year, False),
    (
        f"<half>(?P<which><ordinal>)(?P<month>{MONTH})(?P<year>{OF_YEAR})?",
        periods.half_of_month,
        True,
    ),
    (
        f"(?:(?P<decade><decade>)|<week>)(?P<which><ordinal>|<final>)(?P<month>{MONTH})"
        f"(?P<year>{OF_YEAR})?",
        periods.part_of_month,
        True,
    ),
    (f"<month>?(?P<which><ordinal>)<month>?(?P<year>{SOME_YEAR})", periods.month_of_year, True),
    (f"<season_of>?<season>(?P<year>{OF_YEAR})", periods.season, True),
    (f"<season>(?:<to>|<and>)(?P<last><season>)(?P<year>{OF_YEAR})", periods.season, True),
    (f"<season_of>?<season>(?P<near>{NEAR})", periods.season, True),
    ("<season_of><season>|<this><season>", periods.season, True),
    ("<season>", periods.season, False),
    (f"(?P<edge><begin>|<end>)?(?:<week>{NEAR}|<this><week>)", periods.week, True),
    ("(?P<edge><end>)<week>", periods.week, True),
    (f"{EDGE}(?:<month>{NEAR}|<this><month>)(?!<year>)", periods.month, True),
    (f"(?<!<hour>)(?P<number>{COUNT}){UNIT}<past>(?!<from>)", periods.ago, True),
    (f"<some>{LONG_UNIT}(?:<past>|<next>)(?!<from>)", periods.unknown, True),
    ("<some_time>(?:<past>|<recent>)", periods.unknown, True),
    (f"(?<=<to>)(?P<number>{COUNT}){UNIT}<more>", periods.ago, True),
    (f"(?:{COUNT}|<some>){LONG_UNIT}<more>", periods.unknown, True),
    (f"(?<!<hour>)(?:{COUNT}|<some>)?{LONG_UNIT}<plural>?(?:<recent>)", periods.unknown, True),
    (f"(?<!<hour>)(?:{COUNT}<to>?)?{COUNT}{LONG_UNIT}<next>(?!<from>)", periods.unknown, True),
    (f"{COUNT}(?:<decade>|<century>|<hour>)<past>", periods.unknown, True),
    (f"{LONG_UNIT}<plural>(?:<past>|<next>)", periods.unknown, True),
    ("<this><day><plural>", periods.unknown, True),
    (f"<day_word>(?:<day>?{WEEKDAY})?", periods.day, True),
    (f"(?:<begin>|<within>|<end>)?<day>{NEAR}", periods.day, True),
    (
        f"<day>?(?<!<no_day>)(?P<weekday>{WEEKDAY})(?!<plural>)(?:(?P<near><past>|<next>)"
        f"|(?P<week><week>{NEAR}|<this><week>))?",
        periods.on_weekday,
        True,
    ),
    (
        f"(?:<day><plural>?)?(?P<weekday>{WEEKDAY})(?:<and>|<to>)<day>?(?P<last>{WEEKDAY})"
        f"(?:(?P<near><past>|<next>)|(?P<week><week>{NEAR}|<this><week>))?",
        periods.on_weekday,
        True,
    ),
)
"""Pattern, meaning, and whether it is a date whatever the tagger thinks."""


@cache
def rules() -> tuple[Rule, ...]:
    """The rules with their patterns compiled."""
    return tuple(Rule(pattern(source), meaning, sure) for source, meaning, sure in RULES)


def dates(reading: Reading, published: date | None) -> list[Found]:
    """The dates of a text in their order, none inside another, seen from `published`."""
    calendar = usual_calendar(reading)
    candidates: list[Found] = []
    names = class_names()
    for rule in rules():
        for match in rule.pattern.finditer(reading.classes):
            start, end = match.span()
            verb = next_verb().match(reading.classes, end)
            until = reading.classes[start - 1 : start] == characters()["to"]
            ahead = bool(verb["ahead"]) if verb else until
            words = Words(reading, match)
            try:
                period = rule.meaning(words, Context(published, ahead, calendar))
            except NotADateError:
                continue
            candidates.append(Found(start, end, period, rule.sure))
    return agreeing(longest(candidates), reading, names)


@cache
def today_pattern() -> re.Pattern[str]:
    """امروز چهارشنبه, امروز (یکشنبه), فردا (جمعه), امروز ۹ شهریور, امروز شنبه ۱۷ شهریورماه"""
    day_month = f"<dated>?(?P<first>{DAY_NUMBER})(?P<month>{MONTH})(?P<year>{OF_YEAR})?"
    return pattern(
        "<day_word>(?:<open>|<comma>|<dash>)?<day>?"
        f"(?:(?P<weekday>{WEEKDAY})?<comma>?{day_month}|(?P<alone>{WEEKDAY}))"
    )


def today(reading: Reading, published: date | None) -> date | None:
    """The day on which the article was written, as its `امروز` is the weekday or the day of the
    month that it says it is.

    Articles are often published a day later.
    """
    if not published:
        return None
    near = [published + away * DAY for away in (0, -1, 1, -2)]
    for match in today_pattern().finditer(reading.classes):
        words = Words(reading, match)
        shift = int(words.value("day_word") or 0) * DAY
        try:
            if words.has("first"):
                told = periods.day_month(words, Context(published))
                days = [day for day in near if told and day + shift == told.first]
            else:
                which = weekday(words, "alone")
                days = [day for day in near if ((day + shift).weekday() + 2) % 7 == which]
        except NotADateError:
            continue
        if days:
            return days[0]
    return published


def usual_calendar(reading: Reading) -> Calendar:
    """Gregorian for an article that names Gregorian months and years, and no solar ones."""
    names = class_names()
    named = Counter(
        _calendar_of(names[character], atom)
        for atom, character in zip(reading.atoms, reading.classes, strict=True)
    )
    return "gregorian" if named["gregorian"] >= 2 and not named["solar"] else "solar"


def _calendar_of(cls: str, atom: Atom) -> str:
    """The calendar whose month, year of four digits or era this is, or nothing."""
    if cls in ("solar_month", "gregorian_month"):
        return CALENDARS[cls]
    if cls == "era":
        return atom.value
    if cls == "digits" and len(atom.text) == 4:
        year = int(atom.text)
        return "gregorian" if 1900 <= year < 2100 else "solar" if 1300 <= year < 1450 else ""
    return ""


def agreeing(found: list[Found], reading: Reading, names: dict[str, str]) -> list[Found]:
    """With the weekday of an apposition the day beside it: فردا (جمعه), چهارشنبه (اول آبان)."""
    done = list(found)
    for i in range(len(done) - 1):
        one, other = done[i], done[i + 1]
        between = [names[c] for c in reading.classes[one.end : other.start]]
        if between not in (["open"], ["comma"], ["other", "open"], ["comma", "comma"]):
            continue
        for at, told in ((i, other), (i + 1, one)):
            vague, period = done[at], told.period
            classes = [names[c] for c in reading.classes[vague.start : vague.end]]
            if (
                period
                and vague.period
                and period.first == period.last
                and _only_weekday(classes)
                and not _only_weekday([names[c] for c in reading.classes[told.start : told.end]])
                and period.first.weekday() == vague.period.first.weekday()
            ):
                done[at] = vague._replace(period=period)
    return done


def _only_weekday(classes: Sequence[str]) -> bool:
    return set(classes) <= {"day", "weekday", "saturday", "cardinal", "digits"} and bool(
        {"weekday", "saturday"} & set(classes)
    )


@cache
def next_verb() -> re.Pattern[str]:
    """From a date to the first verb after it in the sentence."""
    return pattern("[^<line><stop>]*?(?P<ahead><ahead_verb>)?(?(ahead)|<past_verb>)")


def longest(candidates: Iterable[Found]) -> list[Found]:
    """The longest of those that overlap, the surer and earlier first among equals."""
    ordered = sorted(candidates, key=lambda f: (f.start - f.end, not f.sure, f.start))
    return apart(ordered, lambda found: (found.start, found.end))


def apart(ordered: Iterable[Span], ends: Callable[[Span], tuple[int, int]]) -> list[Span]:
    """Those that overlap none before them, by place; `ends` tells start and end."""
    kept: list[tuple[tuple[int, int], Span]] = []
    for one in ordered:
        start, end = ends(one)
        at = bisect_left(kept, end, key=lambda pair: pair[0][0])
        if at == 0 or kept[at - 1][0][1] <= start:
            kept.insert(at, ((start, end), one))
    return [one for _, one in kept]
