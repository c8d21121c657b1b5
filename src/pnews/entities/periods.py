"""Which days the words of a date mean, seen from the day of publication.

Each function tells the meaning of one kind of expression, whose patterns are in
`pnews.entities.dates`. Conventions: weeks run from Saturday
to Friday; a weekday is the last one before publication unless the words or the sentence's verb
look ahead; a month without a year is the nearest such month; what can't be told is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from pnews.entities.calendars import (
    DAY,
    Calendar,
    Period,
    from_day,
    later_month,
    period_of_day,
    period_of_months,
    period_of_week,
    period_of_year,
    to_day,
)
from pnews.entities.expressions import Words
from pnews.entities.numbers import count, number

CALENDARS: dict[str, Calendar] = {
    "solar_month": "solar",
    "gregorian_month": "gregorian",
    "may": "gregorian",
    "lunar_month": "lunar",
}
LARGEST_GAP = 60
"""How many years back a bare two-digit year may lie: خرداد ۴۲ in 2019 yes, ۱۵ خرداد ۲۰ نفر no."""


class NotADateError(Exception):
    """The words match a pattern but aren't a date: `سال ۵`."""


class Context(NamedTuple):
    """What a date is told from: the day of publication and the words around it."""

    published: date | None
    ahead: bool = False
    """Whether the sentence speaks of what is to come."""
    calendar: Calendar = "solar"
    """Whose years and months are meant by `سال گذشته` and `ماه گذشته`."""


Meaning = Callable[[Words, Context], Period | None]


def a_year(words: Words, part: str, calendar: Calendar | None, context: Context) -> int | None:
    """The year that a part names, in `calendar` or in the one that the year itself tells."""
    if not words.has(part):
        return None
    shift = words.value("year_word", part) or words.value("past", part)
    shift = shift or words.value("next", part) or words.value("current", part)
    if shift is not None:
        if not context.published:
            return None
        return from_day(calendar or context.calendar, context.published)[0] + int(shift)
    return year_number(words, part, calendar, context)


def year_number(words: Words, part: str, calendar: Calendar | None, context: Context) -> int:
    """A year in figures or words; two digits are of the last hundred years."""
    pairs = [(cls, atom) for cls, atom in words.pairs(part) if cls in NUMERALS]
    if not pairs:
        raise NotADateError
    written = int(number(pairs))
    digits = pairs[0][1].text if pairs[0][0] == "digits" else ""
    if digits and len(digits) not in (2, 4):
        raise NotADateError
    if written >= 100:
        if not 1000 <= written <= 2200:
            raise NotADateError
        return written
    if calendar == "lunar":
        return written  # سال ۶۱ هجری قمری
    if "era" in words.classes(part) and not told_calendar(words, part):
        raise NotADateError  # سال ۶۱ هجری
    if calendar == "gregorian":
        return 2000 + written if written < 50 else 1900 + written
    this = from_day("solar", context.published)[0] if context.published else 1400
    year = this - this % 100 + written
    if year > this + 10:
        year -= 100
    if "year" not in words.classes(part) and year < this - LARGEST_GAP:
        raise NotADateError
    return year


NUMERALS = frozenset({"digits", "cardinal", "multiplier", "and"})


def told_calendar(words: Words, part: str) -> Calendar | None:
    """The calendar that an era's name tells: میلادی"""
    for cls, atom in words.pairs(part):
        if cls == "era" and atom.value in ("solar", "gregorian", "lunar"):
            return atom.value  # type: ignore[return-value]
    return None


def calendar_of(words: Words, part: str, year: int | None) -> Calendar:
    """Told by the era's name, else by the number: from 1700 on a year is Gregorian."""
    return told_calendar(words, part) or ("gregorian" if year and year >= 1700 else "solar")


def the_year(words: Words, part: str, context: Context) -> tuple[Calendar, int] | None:
    """Calendar and year of a part that names a year; the current one if it says only `سال`."""
    if not words.has(part) or words.classes(part) == ["year"]:
        if not context.published:
            return None
        return context.calendar, from_day(context.calendar, context.published)[0]
    told = told_calendar(words, part)
    year = a_year(words, part, told, context)
    if year is None:
        return None
    if any(cls in ("digits", "cardinal") for cls in words.classes(part)):
        return calendar_of(words, part, year), year
    return told or context.calendar, year


def nearest_year(calendar: Calendar, month: int, words: Words, context: Context) -> int | None:
    """The year in which this month lies nearest to publication, or the last or next such."""
    if not context.published:
        return None
    year, now = from_day(calendar, context.published)
    ahead = (month - now) % 12
    if words.value("past", "near") is not None:
        return year if month < now else year - 1
    if words.value("next", "near") is not None:
        return year if month > now else year + 1
    if words.value("current", "near") is not None:
        return year
    step = ahead if ahead <= 6 else ahead - 12
    if calendar == "solar" and month >= now and ahead > 6 and context.ahead:
        step = ahead
    return later_month(year, now, step)[0]


def lunar_year(words: Words, month: int, context: Context) -> int | None:
    """A lunar month's year; `محرم ۱۳۹۸` and `محرم امسال` tell the solar one that it lies in."""
    told = told_calendar(words, "year")
    year = a_year(words, "year", told or "solar", context)
    if year is None or told == "lunar" or year > LAST_SOLAR_YEAR:
        return year
    whole = period_of_year(told or "solar", year)
    first = from_day("lunar", whole.first)[0] if whole else 0
    for lunar in (first, first + 1):
        middle = to_day("lunar", lunar, month, 15)
        if whole and middle and whole.first <= middle <= whole.last:
            return lunar
    return None


LAST_SOLAR_YEAR = 1420
"""A later year of the Hijra is a lunar one."""


def month_and_year(words: Words, context: Context) -> tuple[Calendar, int | None, int]:
    """Calendar, year and month of a rule with the parts `month`, `year` and `near`."""
    calendar, month = named_month(words, "month")
    return calendar, year_of_month(calendar, month, words, context), month


def named_month(words: Words, part: str) -> tuple[Calendar, int]:
    """The month that a part names."""
    name, atom = next(pair for pair in words.pairs(part) if pair[0] in CALENDARS)
    return CALENDARS[name], int(atom.value)


def year_of_month(calendar: Calendar, month: int, words: Words, context: Context) -> int | None:
    """The year that the part `year` tells, else the nearest one."""
    if not words.has("year"):
        return nearest_year(calendar, month, words, context)
    if calendar == "lunar":
        return lunar_year(words, month, context)
    return a_year(words, "year", calendar, context)


def weekday(words: Words, part: str) -> int:
    """0 for Saturday to 6 for Friday."""
    for cls, atom in words.pairs(part):
        if cls == "weekday":
            return int(atom.value)
    numbers = [pair for pair in words.pairs(part) if pair[0] in ("digits", "cardinal")]
    if not numbers:
        return 0
    found = int(numbers[0][1].value)
    if not 1 <= found <= 5:
        raise NotADateError
    return found


def day_of_week(which: int, words: Words, context: Context) -> date | None:
    """The weekday that is meant; see the module's conventions."""
    if not context.published:
        return None
    week = period_of_week(context.published)
    if words.has("week"):
        shift = words.value("past", "week") or words.value("next", "week") or "0"
        return week.first + (7 * int(shift) + which) * DAY
    back = ((context.published - week.first).days - which) % 7
    if words.value("next", "near") is not None or (context.ahead and not words.has("near")):
        return context.published + (7 - back if back or words.has("near") else 0) * DAY
    if words.value("past", "near") is not None:
        back = back or 7
    return context.published - back * DAY


def day_month(words: Words, context: Context) -> Period | None:
    """نهم نوامبر ۲۰۲۰, روز پنجشنبه ۱۴ شهریور, ۲۳ تا ۳۰ آبان, ۱۲ شهریورماه سال جاری"""
    calendar, year, month = month_and_year(words, context)
    first = count(words, "first")
    last = count(words, "last") if words.has("last") else first
    if not (1 <= first <= 31 and 1 <= last <= 31):
        raise NotADateError
    if words.has("weekday"):
        weekday(words, "weekday")
    elif words.classes("all")[:3] == ["day", "plural", "ordinal"] and first == last == 1:
        raise NotADateError  # روزهای نخست اردیبهشت
    elif words.classes("all") in (["cardinal", "solar_month"], ["cardinal", "lunar_month"]):
        raise NotADateError
    if year is None:
        return None
    start, end = to_day(calendar, year, month, first), to_day(calendar, year, month, last)
    return Period(start, end) if start and end and start <= end else None


def days_of_months(words: Words, context: Context) -> Period | None:
    """۱۵ اردیبهشت تا ۱۱ تیر سال جاری, اول خرداد تا پایان شهریور, ۲۵ اسفند تا ۱۵ فروردین"""
    calendar, year, month = month_and_year(words, context)
    last_calendar, last_month = named_month(words, "month2")
    if last_calendar != calendar:
        raise NotADateError
    if year is None:
        return None
    last_year = year
    if last_month < month and words.has("year"):
        year -= 1
    elif last_month < month:
        last_year += 1
    start = to_day(calendar, year, month, count(words, "first"))
    if words.has("last"):
        end = to_day(calendar, last_year, last_month, count(words, "last"))
    else:
        whole = period_of_months(calendar, last_year, last_month, last_month)
        end = whole.last if whole else None
    return Period(start, end) if start and end and start <= end else None


def figures(words: Words, context: Context) -> Period | None:
    """۹۸/۷/۳, ۲۷/۵/۱۳۹۸, ۲۰۱۹-۰۸-۲۷"""
    first, month, last = (int(part) for part in re.split(r"\D", words.atoms("date")[0].text))
    written = words.atoms("date")[0].text
    year, day = (first, last) if first > 31 or last <= 31 else (last, first)
    if re.match(r"\d{4}", written):
        year, day = first, last
    elif re.search(r"\d{4}$", written):
        year, day = last, first
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise NotADateError
    if year < 100:
        year += 1300 if year >= 30 else 1400
    elif not 1250 <= year <= 2200:
        raise NotADateError
    return period_of_day(to_day("gregorian" if year >= 1700 else "solar", year, month, day))


def month_year(words: Words, context: Context) -> Period | None:
    """مردادماه امسال, اکتبر ۲۰۱۶, پایان شهریور, ماه مبارک رمضان"""
    calendar, year, month = month_and_year(words, context)
    found = period_of_months(calendar, year, month, month) if year else None
    return edge(words, found)


def named_day(words: Words, context: Context) -> Period | None:
    """عاشورا, نوروز سال آینده, تاسوعا و عاشورا"""
    days = [_named(words, part, context) for part in ("first", "last") if words.has(part)]
    told = [day for day in days if day]
    return Period(min(told), max(told)) if told == days else None


def _named(words: Words, part: str, context: Context) -> date | None:
    calendar, of_month, of_day = (words.value("named_day", part) or "").split()
    of_calendar: Calendar = "lunar" if calendar == "lunar" else "solar"
    in_year = year_of_month(of_calendar, int(of_month), words, context)
    return to_day(of_calendar, in_year, int(of_month), int(of_day)) if in_year else None


def middle_of_month(words: Words, context: Context) -> Period | None:
    """نیمه شعبان, نیمه خرداد"""
    calendar, in_year, of_month = month_and_year(words, context)
    return period_of_day(to_day(calendar, in_year, of_month, 15)) if in_year else None


def months_of_year(words: Words, context: Context) -> Period | None:
    """ماه‌های ژانویه تا اوت ۲۰۱۹, مرداد-شهریور"""
    calendar, year, month = month_and_year(words, context)
    last_calendar, last = named_month(words, "month2")
    if year is None or last_calendar != calendar or last < month:
        return None
    return period_of_months(calendar, year, month, last)


def edge(words: Words, period: Period | None) -> Period | None:
    """The first day after `ابتدای`, the last after `پایان`; of a year the end is the year."""
    if not period or not words.has("edge"):
        return period
    cls = words.classes("edge")[0]
    if cls == "day":
        return period
    if cls == "begin":
        return period_of_day(period.first)
    if cls == "end" and (period.last - period.first).days < 40:
        return period_of_day(period.last)
    return period


def year(words: Words, context: Context) -> Period | None:
    """سال ۹۸, سال ۲۰۱۹ میلادی, امسال, سال گذشته, ابتدای سال جاری, سال ۹۵ و ۹۶"""
    found = the_year(words, "year", context)
    if not found:
        return None
    calendar, first = found
    period = period_of_year(calendar, first)
    if words.has("last"):
        last = period_of_year(calendar, year_number(words, "last", calendar, context))
        years = sorted(filter(None, (period, last)))
        if len(years) < 2:
            return None
        short = "/".join(one.written for one in years) if calendar == "gregorian" else ""
        return Period(years[0].first, years[1].last, short)
    return edge(words, period)


def bare_year(words: Words, context: Context) -> Period | None:
    """اوایل ۲۰۱۴, ۲۰۱۹-۲۰۲۲"""
    for part in ("year", "last"):
        if any(len(atom.text) != 4 for cls, atom in words.pairs(part) if cls == "digits"):
            raise NotADateError
    return year(words, context)


def new_year(words: Words, context: Context) -> Period | None:
    """سال جدید: the next one in the last month of a year, this one in the first two"""
    if not context.published:
        return None
    calendar = told_calendar(words, "all") or "solar"
    this, now = from_day(calendar, context.published)
    if 2 < now < 12:
        return None
    return period_of_year(calendar, this + (now == 12))


def month_of_year(words: Words, context: Context) -> Period | None:
    """هشتمین ماه سال جاری میلادی, ماه سوم ۹۸"""
    if words.classes("all").count("month") != 1:
        raise NotADateError
    found, which = the_year(words, "year", context), count(words, "which")
    if not 1 <= which <= 12:
        raise NotADateError
    return period_of_months(*found, which, which) if found else None


def named_year(words: Words, context: Context) -> Period | None:
    """سال رونق تولید, which was 1398"""
    return period_of_year("solar", int(words.value("year_name") or 0))


def decade(words: Words, context: Context) -> Period | None:
    """دهه ۱۹۶۰, دهه ۶۰, دهه شصت, سال‌های دهه نود, دهه ۶۰ و ۷۰"""
    decades = [_decade(words, part, context) for part in ("number", "last") if words.has(part)]
    told = [one for one in decades if one]
    if len(told) < len(decades):
        return None
    first, last = told[0], told[-1]
    short = f"{first.first.year}/{last.last.year}" if first.written else ""
    return Period(first.first, last.last, short) if first.first <= last.first else None


def _decade(words: Words, part: str, context: Context) -> Period | None:
    written = count(words, part)
    if written % 10 or not (10 <= written < 100 or 1000 <= written <= 2100):
        raise NotADateError
    calendar = told_calendar(words, "all") or context.calendar
    if written >= 1000:
        calendar = "gregorian" if written >= 1700 else calendar_of(words, "all", None)
    base = 1300 if calendar == "solar" else 1900
    first = written if written >= 1000 else base + written
    one, other = period_of_year(calendar, first), period_of_year(calendar, first + 9)
    return Period(one.first, other.last, one.written) if one and other else None


def century(words: Words, context: Context) -> Period | None:
    """قرن بیستم, قرن ۱۹ میلادی"""
    which = count(words, "number")
    if not 1 <= which <= 22:
        raise NotADateError
    calendar = calendar_of(words, "all", None)
    if calendar == "lunar" or (which <= 15 and calendar != "gregorian"):
        return None
    first = date(100 * (which - 1) + 1, 1, 1)
    return Period(first, date(100 * which, 12, 31), f"{100 * (which - 1) + 1}/{100 * which}")


def part_of_year(words: Words, context: Context) -> Period | None:
    """سه ماه نخست سال, ۶ ماهه دوم ۹۷, نیمه نخست امسال, ۹ ماه سال جاری"""
    found = the_year(words, "year", context)
    months = 6 if words.has("half") else count(words, "months")
    which = count(words, "which") if words.has("which") else 1
    if not 1 <= months * which <= 12:
        raise NotADateError
    if not found:
        return None
    return period_of_months(*found, months * (which - 1) + 1, months * which)


def half_of_month(words: Words, context: Context) -> Period | None:
    """نیمه دوم آذر ماه"""
    calendar, year, month = month_and_year(words, context)
    whole = period_of_months(calendar, year, month, month) if year else None
    if not whole:
        return None
    middle = whole.first + 14 * DAY
    return (
        Period(whole.first, middle)
        if count(words, "which") == 1
        else Period(middle + DAY, whole.last)
    )


def part_of_month(words: Words, context: Context) -> Period | None:
    """دهه اول محرم, هفته دوم شهریور"""
    calendar, year, month = month_and_year(words, context)
    whole = period_of_months(calendar, year, month, month) if year else None
    if not whole:
        return None
    if words.classes("which") == ["final"]:
        which = 3 if words.has("decade") else 0
    else:
        which = count(words, "which")
    if words.has("decade") and 1 <= which <= 3:
        first = whole.first + 10 * (which - 1) * DAY
        return Period(first, whole.last if which == 3 else first + 9 * DAY)
    if words.has("decade") or which > 5:
        return None
    inside = whole.first + (7 * which - 4) * DAY if which else whole.last - 3 * DAY
    return period_of_week(inside)


def season(words: Words, context: Context) -> Period | None:
    """تابستان امسال, بهار ۹۱, فصل پاییز, بهار و تابستان سال گذشته"""
    which = int(words.value("season") or 1)
    last = int(words.value("season", "last") or which)
    if words.has("year"):
        found = the_year(words, "year", context)
    elif context.published:
        this, now = from_day("solar", context.published)
        shift = int(words.value("past", "near") or words.value("next", "near") or 0)
        current = (now - 1) // 3 + 1
        if shift < 0:
            this -= which >= current
        elif shift > 0:
            this += which <= current
        found = ("solar", this)
    else:
        found = None
    if not found:
        return None
    calendar, of_year = found
    if calendar == "gregorian":
        of_year -= 621
    if last < which:
        return None
    return period_of_months("solar", of_year, 3 * which - 2, 3 * last)


def week(words: Words, context: Context) -> Period | None:
    """هفته گذشته, این هفته, پایان هفته"""
    if not context.published:
        return None
    shift = int(words.value("past") or words.value("next") or 0)
    period = period_of_week(context.published + 7 * shift * DAY)
    return edge(words, period) if words.value("end") is not None else period


def month(words: Words, context: Context) -> Period | None:
    """ماه گذشته, ماه جاری, همین ماه"""
    if not context.published:
        return None
    calendar = told_calendar(words, "all") or context.calendar
    shift = int(words.value("past") or words.value("next") or 0)
    of_year, number_ = later_month(*from_day(calendar, context.published), shift)
    return edge(words, period_of_months(calendar, of_year, number_, number_))


def ago(words: Words, context: Context) -> Period | None:
    """سه روز پیش, دو هفته قبل, ۵ سال پیش, تا سه سال دیگر; but سه سال گذشته are three years"""
    if not context.published or any(atom.text == "گذشته" for atom in words.atoms("all")):
        return None
    shift = count(words, "number") * int(words.value("past") or words.value("next") or 1)
    unit = next(cls for cls in words.classes("unit"))
    if unit == "day":
        return period_of_day(_moved(context.published, shift))
    if unit == "week":
        day = _moved(context.published, 7 * shift)
        return period_of_week(day) if day else None
    of_year, of_month = from_day("solar", context.published)
    if unit == "month":
        of_year, of_month = later_month(of_year, of_month, shift)
        return period_of_months("solar", of_year, of_month, of_month)
    return period_of_year("solar", of_year + shift)


def _moved(day: date, days: int) -> date | None:
    try:
        return day + days * DAY
    except OverflowError:
        return None


def day(words: Words, context: Context) -> Period | None:
    """امروز, دیروز, روز گذشته, فردا (جمعه)"""
    if not context.published:
        return None
    shift = words.value("day_word") or words.value("past") or words.value("next") or "0"
    return period_of_day(context.published + int(shift) * DAY)


def on_weekday(words: Words, context: Context) -> Period | None:
    """روز پنجشنبه, یکشنبه گذشته, جمعه هفته آینده, روزهای دوشنبه و سه‌شنبه"""
    first = day_of_week(weekday(words, "weekday"), words, context)
    if not words.has("last"):
        return period_of_day(first)
    last = weekday(words, "last")
    if first is None:
        return None
    end = first + (last - weekday(words, "weekday")) % 7 * DAY
    return Period(first, end)


def unknown(words: Words, context: Context) -> None:
    """روزهای اخیر, چند سال گذشته, ۲۴ ساعت گذشته: no days are named"""
