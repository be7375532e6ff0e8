"""The academic year that figures are of, up to the day they are taken."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from actionplans.models import first_day, last_day
from portal.years import year_name


@dataclass(frozen=True)
class Window:
    """Whatever happened from the first of September to the end of August, as London counts days."""

    year: int
    today: dt.date

    @property
    def name(self) -> str:
        return year_name(self.year)

    @property
    def first(self) -> dt.date:
        return first_day(self.year)

    @property
    def last(self) -> dt.date:
        return last_day(self.year)

    @property
    def until(self) -> dt.date:
        """The last day that is counted; a year that has not begun has its first."""
        return max(self.first, min(self.last, self.today))

    @property
    def instants(self) -> tuple[dt.datetime, dt.datetime]:
        """From the first instant, and before the first instant of the next year."""
        return midnight(self.first), midnight(first_day(self.year + 1))

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        return self.first, self.last

    @property
    def in_words(self) -> str:
        return f"from {in_words(self.first)} to {in_words(self.until)}"


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def in_words(day: dt.date) -> str:
    return date_format(day, "j F Y")
