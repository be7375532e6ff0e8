"""What Today says of the self-assessment."""

from __future__ import annotations

from django.urls import reverse

from changingtracks.today.shown import Rank, Row, Thing
from changingtracks.years.own import Year
from portal import access
from portal.access import Permission
from portal.models import User
from selfassessment import steps
from selfassessment.models import Stage
from selfassessment.steps import Next

FIRST = -1000  # of what is as pressing: a whole team waits for ratings


def things(user: User, year: Year) -> list[Thing]:
    """The one next step of the self-assessment, for this reader."""
    at = year.at
    if at is None:
        return [start(user, year)]
    step = steps.next_step(user, at)
    row = Row(step.title, step.url, str(at.audit))
    return [Thing(rank(user, at), heading(at), step, row, order=FIRST)]


def rank(user: User, at: steps.Standing) -> Rank:
    audit = at.audit
    leads = access.can(user, Permission.AUDIT_LEAD, audit.service)
    if audit.stage == Stage.CLOSED:
        return Rank.READ
    if audit.stage == Stage.TALK:
        if leads:
            return Rank.LEAD_TALK
        return Rank.TALK if access.can(user, Permission.TALK_VIEW, audit.service) else Rank.WAIT
    if at.own:
        return Rank.LATE if audit.is_late else Rank.RATE
    if leads:
        ready = at.in_already and (at.all_in or audit.is_late)
        return Rank.LEAD_TALK if ready else Rank.LEAD_RATING
    return Rank.WAIT


def heading(at: steps.Standing) -> str:
    """A word for where this reader is."""
    if at.audit.stage == Stage.CLOSED:
        return "See where you stand"
    if at.audit.stage == Stage.TALK:
        return "Talk and agree"
    if at.own is None:
        return "Under way"
    if not at.own.begun:
        return "Begin where you like"
    return "Keep going" if at.own.left else "Ready to hand in"


def start(user: User, year: Year) -> Thing:
    service = year.service
    if access.can(user, Permission.AUDIT_START, service):
        url = reverse("audit_start", args=[service.slug])
        step = Next(
            "Start this year’s self-assessment",
            "Choose the questionnaire and a date to rate by, then ask your team. The quick check "
            "takes each person about ten minutes.",
            url,
            "Start",
        )
        return Thing(Rank.START, "A new year", step, Row(step.title, url, "The quick check or all"))
    step = Next(
        "This year’s self-assessment has not begun",
        "The service lead or the inclusion lead starts it. You see here how far it is, and the "
        "results once they are agreed.",
        reverse("people", args=[service.slug]),
        "See who leads",
    )
    return Thing(Rank.WAIT, "A new year", step, Row(step.title, step.url))
