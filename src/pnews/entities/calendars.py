"""Days, months and years of three calendars as spans of days.

The solar Hijri calendar is persiantools'. The lunar months are Iran's, of `data/lunar_years.tsv`;
later ones are told by hijridate (Umm al-Qura, to 1500), of which Iran is mostly a day behind:
`IRAN_LATER`. Both libraries are imported when they are first needed.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Literal, NamedTuple

from pnews import data

Calendar = Literal["solar", "gregorian", "lunar"]

DAY = timedelta(days=1)
IRAN_LATER = DAY
LATER_LUNAR_YEARS = range(1450, 1500)


class Period(NamedTuple):
    """Days from `first` to `last`, both in it; `written` is its shorter ISO 8601 form, if any."""

    first: date
    last: date
    written: str = ""

    def iso(self) -> str:
        """`2019-09-01`, `2019-08-23/2019-09-22`, or the shorter form: `2019-09`, `2019`."""
        if self.written:
            return self.written
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


def to_day(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such day."""
    try:
        if calendar == "gregorian":
            return date(year, month, day)
        if calendar == "solar":
            from persiantools.jdatetime import JalaliDate

            found: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
            return found
        first_year, firsts = lunar_months()
        at = 12 * (year - first_year) + month - 1
        if 1 <= month <= 12 and 0 <= at < len(firsts) - 1:
            found = firsts[at] + (day - 1) * DAY
            return found if firsts[at] <= found < firsts[at + 1] else None
        if year not in LATER_LUNAR_YEARS:
            return None
        from hijridate import Hijri

        return Hijri(year, month, day).to_gregorian() + IRAN_LATER
    except (ValueError, OverflowError):
        return None


def from_day(calendar: Calendar, day: date) -> tuple[int, int]:
    """The year and month that the day is in."""
    if calendar == "gregorian":
        return day.year, day.month
    if calendar == "solar":
        from persiantools.jdatetime import JalaliDate

        solar = JalaliDate(day)  # type: ignore[no-untyped-call]
        return solar.year, solar.month
    first_year, firsts = lunar_months()
    if firsts[0] <= day < firsts[-1]:
        years, month = divmod(bisect_right(firsts, day) - 1, 12)
        return first_year + years, month + 1
    from hijridate import Gregorian

    lunar = Gregorian.fromdate(day - IRAN_LATER).to_hijri()
    return lunar.year, lunar.month


@cache
def lunar_months() -> tuple[int, list[date]]:
    """The first year of `data/lunar_years.tsv`, and the first days of all its months and of the one
    after them.
    """
    rows = list(data.rows("lunar_years"))
    lengths = [int(length) for _, _, months in rows for length in months.split()]
    first = date.fromisoformat(rows[0][1])
    return int(rows[0][0]), [first + days * DAY for days in accumulate(lengths, initial=0)]


def period_of_day(day: date | None) -> Period | None:
    """One day as a period."""
    return Period(day, day) if day else None


def period_of_months(calendar: Calendar, year: int, first: int, last: int) -> Period | None:
    """The months `first` to `last` of a year."""
    start = to_day(calendar, year, first, 1)
    after = (year, last + 1) if last < 12 else (year + 1, 1)
    end = to_day(calendar, *after, 1)
    if not start or not end:
        return None
    written = f"{year:04}-{first:02}" if calendar == "gregorian" and first == last else ""
    return Period(start, end - DAY, written)


def period_of_year(calendar: Calendar, year: int) -> Period | None:
    """A whole year."""
    found = period_of_months(calendar, year, 1, 12)
    return found and (found._replace(written=f"{year:04}") if calendar == "gregorian" else found)


def period_of_week(day: date) -> Period:
    """The week of a day, Saturday to Friday."""
    first = day - (day.weekday() + 2) % 7 * DAY
    return Period(first, first + 6 * DAY)


def later_month(year: int, month: int, months: int) -> tuple[int, int]:
    """The year and month so many months later."""
    years, rest = divmod(month - 1 + months, 12)
    return year + years, rest + 1
