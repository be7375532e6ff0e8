"""Today at a music service: its self-assessment, and what else waits."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from changingtracks.today.programme import programme_rows
from changingtracks.today.shown import Row, Today
from portal import access
from portal.access import Permission
from portal.models import Membership, MusicService, User
from portal.years import academic_year, year_name
from selfassessment import results, steps
from selfassessment.models import Audit, Stage
from selfassessment.steps import Next

SOON = dt.timedelta(days=3)  # an invitation that ends within this is worth a look
AHEAD = ["", "Each alone", "Where views differ", "Three to five priorities", "Keep going"]


def for_member(user: User, membership: Membership) -> Today:
    service = membership.service
    now = academic_year(timezone.localdate())
    # The newest first: what is under way, or was closed this year. A year has one or two.
    audits = list(Audit.objects.for_service(service).with_questionnaire().newest_first()[:6])
    current = next((audit for audit in audits if not audit.closed_at or audit.year >= now), None)
    shown = next((audit for audit in audits if audit.totals_shown_at), None)
    at = steps.standing(user, current) if current else None
    may_read = access.can(user, Permission.RESULTS_VIEW, service)
    return Today(
        title=title(at),
        lead=f"{service}, {date_format(timezone.localdate(), 'l j F Y')}",
        next=steps.next_step(user, at) if at else to_start(user, service),
        year=year_name(current.year if current else now),
        stops=steps.stops(at) if at else year_ahead(now),
        waiting=invitations_to_look_after(user, service),
        programme=programme_rows(user),
        last=results.read(shown) if shown and may_read else None,
    )


def title(at: steps.Standing | None) -> str:
    """A word for where this reader is."""
    if at is None:
        return "A new year"
    if at.audit.stage == Stage.CLOSED:
        return "See where you stand"
    if at.audit.stage == Stage.TALK:
        return "Talk and agree"
    if at.own is None:
        return "Under way"
    if not at.own.begun:
        return "Begin where you like"
    return "Keep going" if at.own.left else "Ready to hand in"


def year_ahead(year: int) -> list[steps.Stop]:
    """The track of a year that has not begun."""
    notes = [*AHEAD, f"From September {year + 1}"]
    return [
        steps.Stop(label, "later" if place else "here", note)
        for place, (label, note) in enumerate(zip(steps.LABELS, notes, strict=True))
    ]


def to_start(user: User, service: MusicService) -> Next:
    if access.can(user, Permission.AUDIT_START, service):
        return Next(
            "Start this year’s self-assessment",
            "Choose the questionnaire and a date to rate by, then ask your team. The quick check "
            "takes each person about ten minutes.",
            reverse("audit_start", args=[service.slug]),
            "Start",
        )
    return Next(
        "This year’s self-assessment has not begun",
        "The service lead or the inclusion lead starts it. You see here how far it is, and the "
        "results once they are agreed.",
        reverse("people", args=[service.slug]),
        "See who leads",
    )


def invitations_to_look_after(user: User, service: MusicService) -> list[Row]:
    """For those who invite: what ran out, and what is about to."""
    if not access.can(user, Permission.PEOPLE_MANAGE, service):
        return []
    sent_before = timezone.now() + SOON - dt.timedelta(days=settings.INVITATION_DAYS)
    return [
        Row(
            f"Send the invitation of {invitation.email} again"
            if invitation.is_expired
            else f"{invitation.email} has not accepted yet",
            reverse("people", args=[service.slug]),
            f"It {'ran' if invitation.is_expired else 'runs'} out on "
            f"{steps.day(invitation.expires_at)}",
        )
        for invitation in service.invitations.waiting().filter(sent_at__lt=sent_before)
    ]
