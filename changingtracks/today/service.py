"""Today at a music service: the most pressing thing of all, and what else waits."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.formats import date_format

from changingtracks.today import acting, assessing, beside, coming, leading
from changingtracks.today.programme import places
from changingtracks.today.shown import Levels, Rank, Row, Thing, Today
from changingtracks.years import own, stages
from changingtracks.years.own import Year
from portal import access
from portal.access import Permission, Role
from portal.models import Membership, MusicService, User
from portal.years import year_name
from selfassessment import glance, steps
from selfassessment.models import Stage


def for_member(user: User, membership: Membership) -> Today:
    service = membership.service
    year = own.read(user, service)
    things = [
        *assessing.things(user, year),
        *acting.things(user, year),
        *leading.things(user, year),
    ]
    if membership.role == Role.BOARD_VIEWER:
        things += to_read(year)
    things.sort(key=lambda thing: (thing.rank, thing.order))
    first, rest = things[0], things[1:]
    stands_by = beside.read(user, service)
    return Today(
        title=first.head,
        lead=f"{service}, {date_format(year.today, 'l j F Y')}",
        next=first.next,
        year=year_name(year.year),
        stops=track(year),
        overview=reverse("overview", args=[service.slug]),
        waiting=[
            *(thing.row for thing in rest if thing.is_to_do),
            *stands_by.invitations,
            *profile_to_confirm(user, service),
        ],
        coming=coming.rows(user, year),
        reading=[*(thing.row for thing in rest if thing.rank == Rank.READ), *stands_by.for_nwg],
        programme=places(user),
        last=last_levels(user, year),
    )


def track(year: Year) -> list[steps.Stop]:
    """The year as one track. Whoever rates alone reads how far they are, not how many people."""
    stops = stages.track(year.facts)
    if year.at and year.at.is_solo and year.at.own:
        far = f"{year.at.own.done} of {year.at.own.total} rated"
        stops[0] = replace(stops[0], note=far)
    return stops


def to_read(year: Year) -> list[Thing]:
    """For those who read: the plan as approved, and its papers."""
    if year.plan is None:
        return []
    plan = year.plan
    many = len(year.of_plan)
    title = f"Read the action plan of {plan.period}"
    targets = f"{many} target{'' if many == 1 else 's'}"
    approved = f"Approved on {steps.day(plan.approved_on)}" if plan.approved_on else ""
    papers = reverse("papers", args=[plan.pk])
    return [
        Thing(
            Rank.READ,
            "The plan, and how it goes",
            steps.Next(
                title,
                f"{approved}: {targets}, each with how far it is.",
                plan.get_absolute_url(),
                "Open the plan",
            ),
            Row(title, plan.get_absolute_url(), approved, targets),
            order=-1 if year.audit is None or year.audit.stage != Stage.CLOSED else 1,
        ),
        Thing(
            Rank.READ,
            "Papers for the board",
            steps.Next("Papers for the board", "As PDF or Word.", papers, "Open the papers"),
            Row("Papers for the board", papers, "Board paper, plan, year report: PDF or Word"),
            order=2,
        ),
    ]


def last_levels(user: User, year: Year) -> Levels | None:
    """What was agreed last, for those who may read it."""
    shown = next((audit for audit in year.audits if audit.totals_shown_at), None)
    if shown is None or not access.can(user, Permission.RESULTS_VIEW, year.service):
        return None
    return Levels(shown, glance.by_area(shown, glance.before(shown, year.audits)))


def profile_to_confirm(user: User, service: MusicService) -> list[Row]:
    """Once a year, after the mail that asks: a line until somebody has looked."""
    if not service.waits_to_be_confirmed:
        return []
    if not access.can(user, Permission.PROFILE_EDIT, service):
        return []
    return [
        Row(
            "Confirm what the public reads about you",
            reverse("service_profile", args=[service.slug]),
            "Read the profile through, change what has changed, and save",
        )
    ]
