"""When a music service is in term: its own dates, and where it gave none, England's usual ones.

No law sets term dates in England: each council or trust chooses its own, within 195 days on
which teachers work (190 with pupils and five of training). What is usual is our reading of the
dates that councils published for 2018/19 to 2026/27; they part from it, and from each other, by a
few days, in some years by a week in February or at Easter. A service whose dates differ says so.

- Autumn begins on the first weekday of September and ends on the last Friday up to 22 December.
  Half term is the week of the fourth Monday in October.
- Christmas is two weeks. Half term is the week of the Monday from 12 to 18 February.
- Easter is two weeks. They follow Easter where it is before 2 April, have it in the middle up to
  13 April, and lead up to it after that.
- Half term in summer is the week of the last Monday in May. The year ends on its 195th day.

Bank holidays that were moved or added for one year are not known here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from dateutil.easter import easter
from django.utils import timezone

from actionplans.models import Term, TermDates
from portal.years import academic_year, year_name

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
MONDAY, FRIDAY, SATURDAY = 0, 4, 5
SCHOOL_DAYS = 195
EARLY_EASTER, MIDDLE_EASTER = (4, 2), (4, 13)  # month and day


@dataclass(frozen=True)
class Dates:
    """One term, from its first day to its last, with the half term within it if there is one."""

    year: int
    term: Term
    starts_on: dt.date
    ends_on: dt.date
    half_starts_on: dt.date | None = None
    half_ends_on: dt.date | None = None

    def __str__(self) -> str:
        return f"{self.term.label} {year_name(self.year)}"

    def has(self, day: dt.date) -> bool:
        """Whether the day lies within the term, half term or not."""
        return self.starts_on <= day <= self.ends_on

    def is_half_term(self, day: dt.date) -> bool:
        """Half term takes in the weekends around its week."""
        if self.half_starts_on is None or self.half_ends_on is None:
            return False
        first, last = self.half_starts_on, self.half_ends_on
        while (first - DAY).weekday() >= SATURDAY:
            first -= DAY
        while (last + DAY).weekday() >= SATURDAY:
            last += DAY
        return first <= day <= last


@cache
def usual(year: int) -> tuple[Dates, Dates, Dates]:
    """The usual three terms of an academic year in England, given as its first calendar year."""
    starts = working_day(dt.date(year, 9, 1))
    christmas = latest(FRIDAY, dt.date(year, 12, 22))
    half = next_one(MONDAY, dt.date(year, 10, 22))
    autumn = Dates(year, Term.AUTUMN, starts, christmas, half, half + 4 * DAY)

    back = working_day(christmas + 17 * DAY)
    off, summer_starts = easter_break(year + 1)
    half = next_one(MONDAY, dt.date(year + 1, 2, 12))
    spring = Dates(year, Term.SPRING, back, weekday_before(off), half, half + 4 * DAY)

    half = latest(MONDAY, dt.date(year + 1, 5, 31))
    summer = Dates(year, Term.SUMMER, summer_starts, summer_starts, half, half + 4 * DAY)
    left = SCHOOL_DAYS - school_days(autumn) - school_days(spring)
    while school_days(summer) < left:
        summer = replace(summer, ends_on=summer.ends_on + DAY)
    return autumn, spring, summer


def easter_break(year: int) -> tuple[dt.date, dt.date]:
    """The first weekday of the Easter holidays of a calendar year, and the first day after them."""
    sunday = easter(year)
    good_friday, monday = sunday - 2 * DAY, sunday + DAY
    if (sunday.month, sunday.day) < EARLY_EASTER:
        return good_friday, monday + 2 * WEEK
    if (sunday.month, sunday.day) <= MIDDLE_EASTER:
        return monday - WEEK, monday + WEEK
    return monday - 2 * WEEK, monday + DAY


def bank_holidays(year: int) -> set[dt.date]:
    """Those of a calendar year that can fall beside a term or within one, outside half terms."""
    sunday = easter(year)
    new_year = dt.date(year, 1, 1)
    while new_year.weekday() >= SATURDAY:
        new_year += DAY
    may = next_one(MONDAY, dt.date(year, 5, 1))
    return {new_year, sunday - 2 * DAY, sunday + DAY, may}


def school_days(dates: Dates) -> int:
    """Weekdays of a term that are no half term and no bank holiday."""
    closed = bank_holidays(dates.starts_on.year)
    days = (dates.starts_on + n * DAY for n in range((dates.ends_on - dates.starts_on).days + 1))
    return sum(
        day.weekday() < SATURDAY and day not in closed and not dates.is_half_term(day)
        for day in days
    )


def working_day(day: dt.date) -> dt.date:
    """The day, or the next that is neither of a weekend nor a bank holiday."""
    while day.weekday() >= SATURDAY or day in bank_holidays(day.year):
        day += DAY
    return day


def weekday_before(day: dt.date) -> dt.date:
    """The last day before `day` that is not of a weekend."""
    return latest(FRIDAY, day - DAY) if day.weekday() == MONDAY else day - DAY


def next_one(weekday: int, day: dt.date) -> dt.date:
    """The first such day of a week from `day` on."""
    return day + (weekday - day.weekday()) % 7 * DAY


def latest(weekday: int, day: dt.date) -> dt.date:
    """The last such day of a week up to `day`."""
    return day - (day.weekday() - weekday) % 7 * DAY


# Reading


def in_force(own: Iterable[TermDates], years: Iterable[int]) -> tuple[Dates, ...]:
    """The terms of these academic years: a service's own, and the usual where it gave none."""
    given = {(row.year, row.term): row for row in own}
    return tuple(
        of_row(given[year, dates.term]) if (year, dates.term) in given else dates
        for year in years
        for dates in usual(year)
    )


def of_row(row: TermDates) -> Dates:
    return Dates(
        row.year,
        Term(row.term),
        row.starts_on,
        row.ends_on,
        row.half_starts_on,
        row.half_ends_on,
    )


def read(services: Iterable[int], day: dt.date | None = None) -> Mapping[int, tuple[Dates, ...]]:
    """The terms of each service by its id, from the year before `day` (today) to the year after.

    One query for all of them.
    """
    year = academic_year(day or timezone.localdate())
    years = range(year - 1, year + 2)  # a term may begin in August, and end in another year
    own: dict[int, list[TermDates]] = {service: [] for service in services}
    for row in TermDates.objects.filter(service__in=own, year__in=years):
        own[row.service_id].append(row)
    return {service: in_force(rows, years) for service, rows in own.items()}


def term_of(dates: Sequence[Dates], day: dt.date) -> Dates | None:
    """The term a day lies in; None between terms."""
    return next((one for one in dates if one.has(day)), None)


def next_term(dates: Sequence[Dates], day: dt.date) -> Dates | None:
    """The first term that begins after a day, if these dates reach so far."""
    later = [one for one in dates if one.starts_on > day]
    return min(later, key=lambda one: one.starts_on, default=None)


def in_holiday(dates: Sequence[Dates], day: dt.date) -> bool:
    """Whether the service is away: between terms, or in half term. A weekend in term is not."""
    term = term_of(dates, day)
    return term is None or term.is_half_term(day)
