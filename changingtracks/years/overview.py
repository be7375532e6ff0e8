"""A music service's year in full, for its own people: figures, and where each leads on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from actionplans.keeping import terms
from actionplans.models import Paper, ProgressNote
from actionplans.progress import Standing
from changingtracks.years import everywhere, own
from changingtracks.years.own import Meeting, Year, review_of
from portal import access
from portal.access import Permission
from portal.models import MusicService, User
from selfassessment.steps import day


@dataclass(frozen=True)
class Figure:
    """A number of the year in words, and the page behind it."""

    label: str
    says: str
    url: str = ""


@dataclass(frozen=True)
class Overview:
    year: Year
    figures: list[Figure]
    standings: list[tuple[Standing, int]]  # of the targets of the plan, those there are
    review: Meeting | None
    seen: everywhere.ServiceRow | None  # what the programme sees of it
    last: dt.datetime | None


def read(user: User, service: MusicService) -> Overview:
    year = own.read(user, service)
    seen = programme_line(user, year)
    counts = Counter(one.standing for one in year.of_plan)
    return Overview(
        year=year,
        figures=[*of_audit(year), *of_plan(user, year)],
        standings=[(one, counts[one]) for one in Standing if counts[one]],
        review=review_of(year.plan) if year.plan else None,
        seen=seen,
        last=everywhere.last_activity([seen]).get(service.pk) if seen else None,
    )


def programme_line(user: User, year: Year) -> everywhere.ServiceRow | None:
    """None where it tells of a draft, and this reader is told of none: a board viewer."""
    (seen,) = everywhere.read(MusicService.objects.filter(pk=year.service.pk), year.today)
    plan = seen.facts.plan
    told = plan is None or plan.is_approved or access.can(user, Permission.PLAN_EDIT, year.service)
    return seen if told else None


def of_audit(year: Year) -> list[Figure]:
    at = year.at
    if at is None:
        return []
    url = at.audit.get_absolute_url()
    figures = [Figure("Ratings handed in", f"{at.in_already} of {at.people} people", url)]
    if at.audit.talk_opened_at:
        untargeted = year.untargeted
        without = f", {untargeted} without a target" if untargeted and year.plans else ""
        figures += [
            Figure("Statements agreed", f"{at.agreed} of {at.statements}", url),
            Figure(
                "Priorities chosen",
                f"{at.priorities}{without}",
                reverse("priorities", args=[at.audit.pk]),
            ),
        ]
    return figures


def of_plan(user: User, year: Year) -> list[Figure]:
    plan = year.plan
    if plan is None:
        return []
    open_ones = sum(one.is_open for one in year.of_plan)
    review, papers = review_of(plan), Paper.objects.visible_to(user).ready().of(plan).count()
    return [
        Figure("Targets", f"{open_ones} open of {len(year.of_plan)}", plan.get_absolute_url()),
        notes_this_term(year),
        Figure(
            "Next review",
            f"{review.name}, {day(review.held_on)}" if review else "None is planned",
            reverse("reviews", args=[plan.pk]),
        ),
        Figure(
            "Papers made",
            f"{papers}" if papers else "None yet",
            reverse("papers", args=[plan.pk]),
        ),
    ]


def notes_this_term(year: Year) -> Figure:
    """How many notes were written since the term began; between terms, since the last one did."""
    began = max(
        (
            one.starts_on
            for one in terms.read([year.service.pk], year.today)[year.service.pk]
            if one.starts_on <= year.today
        ),
    )
    notes = ProgressNote.objects.filter(
        target__plan=year.plan, noted_on__gte=began, noted_on__lte=year.today
    ).count()
    return Figure(f"Notes since {day(began)}", f"{notes}")
