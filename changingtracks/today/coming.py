"""What Today says is coming up: meetings and days, in their order."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format

from changingtracks.today.acting import DUE_SOON
from changingtracks.today.shown import Row
from changingtracks.years.own import Year, review_of
from portal.models import User
from selfassessment.models import Stage

AHEAD = dt.timedelta(weeks=13)
MOST = 5


def rows(user: User, year: Year) -> list[Row]:
    """The next meetings and days of this reader's service, the nearest first."""
    days = [*meetings(year), *dates(year), *own_targets(user, year)]
    until = year.today + AHEAD
    near = [(on, row) for on, row in days if year.today <= on <= until]
    return [row for _, row in sorted(near, key=lambda one: one[0])[:MOST]]


def meetings(year: Year) -> list[tuple[dt.date, Row]]:
    found = []
    for plan in year.plans:
        review = review_of(plan)
        if review:
            when = date_format(review.held_on, "l j F")
            if review.starts_time:
                when = f"{when}, {review.starts_time:%H:%M}"
            row = Row(review.name, reverse("review", args=[review.pk]), when)
            found.append((review.held_on, row))
    return found


def dates(year: Year) -> list[tuple[dt.date, Row]]:
    found = []
    audit, plan = year.audit, year.plan
    if audit and audit.stage == Stage.RATING:
        row = Row("Ratings are to be in", audit.get_absolute_url(), weekday(audit.finish_on))
        found.append((audit.finish_on, row))
    if plan and not plan.is_closed:
        row = Row(f"{plan} ends", plan.get_absolute_url(), weekday(plan.ends_on))
        found.append((plan.ends_on, row))
    return found


def own_targets(user: User, year: Year) -> list[tuple[dt.date, Row]]:
    """One's own targets whose day is further off than what already waits."""
    return [
        (due, Row(one.target.title, reverse("target", args=[one.target.pk]), f"Due {weekday(due)}"))
        for one in year.in_force
        if one.target.owner_id == user.pk
        and (due := one.target.due_on)
        and due - year.today > DUE_SOON
    ]


def weekday(on: dt.date) -> str:
    return date_format(on, "l j F")
