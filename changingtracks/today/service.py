"""Today at a music service: its self-assessment, and what else waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from changingtracks.today.programme import programme_rows
from changingtracks.today.shown import Next, Row, Stop, Today
from portal import access
from portal.access import Permission
from portal.models import Membership, MusicService, User
from portal.years import academic_year, year_name
from selfassessment import results
from selfassessment.models import Response
from selfassessment.progress import Progress, progress

SOON = dt.timedelta(days=3)  # an invitation that ends within this is worth a look


def day(moment: dt.date) -> str:
    """A date within the year: “5 December”."""
    return date_format(moment, "j F")


def for_member(user: User, membership: Membership) -> Today:
    service = membership.service
    now = academic_year(timezone.localdate())
    # The newest first: what is under way, and what was handed in last. A year has one or two.
    responses = list(
        Response.objects.leading()
        .filter(audit__service=service)
        .with_audit()
        .with_counts()
        .select_related("respondent__user")
        .order_by("-audit__year", "-audit__started_at")[:6]
    )
    current = next(
        (r for r in responses if r.is_open or (r.handed_in_at and r.audit.year >= now)), None
    )
    last = next((r for r in responses if r.handed_in_at), None)
    far = how_far(user, current)
    may_read = access.can(user, Permission.RESULTS_VIEW, service)
    return Today(
        title=title(user, current, far),
        lead=f"{service}, {date_format(timezone.localdate(), 'l j F Y')}",
        next=next_at_service(user, service, current, far),
        year=year_name(current.audit.year if current else now),
        stops=stops(current, far, current.audit.year if current else now),
        waiting=invitations_to_look_after(user, service),
        programme=programme_rows(user),
        last=results.read(last.audit, last) if last and may_read else None,
    )


@dataclass(frozen=True)
class Far:
    """How far a response is; its own progress only where it is the reader's own."""

    rated: int
    asked: int
    own: Progress | None = None


def is_own(user: User, response: Response) -> bool:
    return response.respondent is not None and response.respondent.user_id == user.pk


def how_far(user: User, response: Response | None) -> Far | None:
    if response is None:
        return None
    if is_own(user, response) and response.is_open:
        ratings = {rating.statement_id: rating for rating in response.ratings.all()}
        own = progress(response.audit.statements(), ratings)
        return Far(own.done, own.total, own)
    return Far(response.rated, response.audit.statements().count())


def title(user: User, response: Response | None, far: Far | None) -> str:
    if response is None or far is None:
        return "A new year"
    if not response.is_open:
        return "See where you stand"
    if not is_own(user, response):
        return "Under way"
    if not far.rated:
        return "Begin where you like"
    return "Ready to hand in" if far.rated == far.asked else "Keep going"


def next_at_service(
    user: User, service: MusicService, response: Response | None, far: Far | None
) -> Next:
    if response is None or far is None:
        return to_start(user, service)
    audit = response.audit
    if not response.is_open:
        return Next(
            f"Your results of {audit.year_name} are there",
            "See what stands out, what to work on, and take the report to your board.",
            reverse("results", args=[audit.pk]),
            "See your results",
        )
    if far.own is None:
        return Next(
            f"The self-assessment of {audit.year_name} is under way",
            f"Rated so far: {far.rated} of {far.asked} statements. Results appear when "
            f"{response.respondent} hands them in, which is planned for {day(audit.finish_on)}.",
            audit.get_absolute_url(),
            "See how far it is",
            str(far.rated),
        )
    item = far.own.next_item
    if item is None:
        return Next(
            "Check your ratings and hand in",
            "Every statement is rated. Have a last look; nothing is handed in yet.",
            reverse("check", args=[audit.pk]),
            "Check and hand in",
            str(far.asked),
        )
    begun = far.own.begun
    place = reverse("section", args=[audit.pk, item.statement.section.code])
    left = f"{far.own.left} {'statement' if far.own.left == 1 else 'statements'}"
    until = "The date was" if audit.is_late else "You have until"
    return Next(
        f"{left} to go" if begun else f"{left} to rate",
        f"{item.statement.section.name} is {'next' if begun else 'first'}. "
        f"{until} {day(audit.finish_on)}. Everything is saved as you go.",
        f"{place}#s{item.statement.pk}",
        f"{'Carry on at' if begun else 'Begin with'} {item.statement.code}",
        str(far.own.left),
    )


def to_start(user: User, service: MusicService) -> Next:
    if access.can(user, Permission.AUDIT_START, service):
        return Next(
            "Start this year’s self-assessment",
            "Choose the questionnaire and a date to finish by. A first pass with the quick check "
            "takes about ten minutes.",
            reverse("audit_start", args=[service.slug]),
            "Start",
        )
    return Next(
        "This year’s self-assessment has not begun",
        "The service lead or the inclusion lead starts it. You see here how far it is, and the "
        "results once it is handed in.",
        reverse("people", args=[service.slug]),
        "See who leads",
    )


def stops(response: Response | None, far: Far | None, year: int) -> list[Stop]:
    """The year of a self-assessment as a track, with the stop we are at."""
    if response is None or far is None:
        at = 0
        notes = ["", "One statement at a time", "By a date you choose", "When it is handed in"]
    else:
        audit, closed_at = response.audit, response.handed_in_at or response.audit.closed_at
        at = 3 if closed_at else 2 if far.rated == far.asked else 1
        notes = [
            day(timezone.localtime(audit.started_at)),
            f"{far.rated} of {far.asked} rated",
            day(timezone.localtime(closed_at)) if closed_at else f"By {day(audit.finish_on)}",
            "Ready to read" if closed_at else "When it is handed in",
        ]
    labels = ["Start", "Rate", "Hand in", "Results", "Again"]
    notes.append(f"From September {year + 1}")
    return [
        Stop(label, "done" if place < at else "here" if place == at else "later", note)
        for place, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


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
            f"It {'ran' if invitation.is_expired else 'runs'} out on {day(invitation.expires_at)}",
        )
        for invitation in service.invitations.waiting().filter(sent_at__lt=sent_before)
    ]
