"""Days, months and years of three calendars as spans of days.

The solar Hijri calendar is persiantools', the lunar one hijridate's (Umm al-Qura, 1343 to 1500),
each imported when it is first needed. Iran's lunar months are those of its own sightings, mostly
a day later than Umm al-Qura's: `IRAN_LATER`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

Calendar = Literal["solar", "gregorian", "lunar"]

DAY = timedelta(days=1)
IRAN_LATER = DAY
LUNAR_YEARS = range(1344, 1500)


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
        if year not in LUNAR_YEARS:
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
    from hijridate import Gregorian

    lunar = Gregorian.fromdate(day - IRAN_LATER).to_hijri()
    return lunar.year, lunar.month


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
