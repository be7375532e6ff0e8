"""The terms of an academic year as one track: filled where people teach, bare in the holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from actionplans.keeping.terms import Dates
from actionplans.models import first_day, last_day
from portal.templatetags.tracks import LEFT, SPAN, bar, place, svg
from portal.templatetags.trends import word

register = template.Library()

HEIGHT, MIDDLE, FOOT = 52, 14, 46  # pixels
MONTHS = (9, 11, 1, 3, 5, 7)  # those with their names: all twelve would touch on a phone


@register.simple_tag
def year_track(dates: Sequence[Dates]) -> SafeString:
    """Draw the terms of one year; the form beside it says them in words."""
    year = dates[0].year
    marks = [bar("ln", place(0), place(100), MIDDLE, MIDDLE)]
    for month in (first_of(year, number) for number in range(12)):
        x = share(year, month)
        marks.append(bar("tk", place(x), place(x), MIDDLE - 6, MIDDLE + 6))
        if month.month in MONTHS:
            at = LEFT + SPAN * share(year, month.replace(day=15)) / 100
            marks.append(word(at, FOOT, date_format(month, "M"), "q"))
    for first, last in stretches(dates):
        x, end = share(year, first), share(year, last + dt.timedelta(days=1))
        marks.append(bar("fl", place(x), place(end), MIDDLE, MIDDLE))
    return svg(HEIGHT, "", marks)


def stretches(dates: Sequence[Dates]) -> Iterator[tuple[dt.date, dt.date]]:
    """The days people teach on, from first to last, term by term around half terms."""
    for term in dates:
        if term.half_starts_on and term.half_ends_on:
            yield term.starts_on, term.half_starts_on - dt.timedelta(days=1)
            yield term.half_ends_on + dt.timedelta(days=1), term.ends_on
        else:
            yield term.starts_on, term.ends_on


def first_of(year: int, number: int) -> dt.date:
    """The first day of a month of an academic year; September is 0."""
    month = number + 9
    return dt.date(year, month, 1) if month <= 12 else dt.date(year + 1, month - 12, 1)


def share(year: int, day: dt.date) -> float:
    """How far into the academic year a day is, in per cent; before and after it, its ends."""
    first, last = first_day(year), last_day(year)
    return 100 * min(max((day - first).days / ((last - first).days + 1), 0), 1)
