"""What waits for somebody in the plans of their services: late, due, asked, or gone quiet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format

from actionplans.keeping import terms
from actionplans.models import Decision, Milestone, ReviewLine, Snooze, Target
from actionplans.progress import Standing, standing
from portal import mail
from portal.access import SERVICE_ROLES, Permission
from portal.models import Membership, User

SOON = dt.timedelta(weeks=3)
FAR = dt.date.max


class Why(Enum):
    """Why a target is named, the most pressing first."""

    LATE = "Late"
    DUE = "Due within three weeks"
    MILESTONE = "A milestone is due"
    ASKED = "Your last review asks for a change"
    STALLED = "No note for a term"
    NOBODYS = "Late, and nobody sees to it"


@dataclass(frozen=True)
class Line:
    """One target that waits: why, in words, and the address that its link leads to."""

    why: Why
    target: Target
    words: str
    path: str

    @property
    def url(self) -> str:
        return mail.absolute(self.path)


@dataclass(frozen=True)
class Waiting:
    """All that waits for one person on a day."""

    lines: tuple[Line, ...] = ()

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """By reason, the most pressing first."""
        found = [(why.value, [one for one in self.lines if one.why == why]) for why in Why]
        return [(heading, lines) for heading, lines in found if lines]

    @property
    def services(self) -> list[str]:
        return sorted({one.target.plan.service.name for one in self.lines})


@dataclass(frozen=True)
class Places:
    """Who of some people belongs where, as what; only services that are looked at."""

    roles: Mapping[int, Mapping[int, str]]  # role by service, by person

    def may(self, user_id: int, permission: Permission, service_id: int) -> bool:
        role = self.roles[user_id].get(service_id, "")
        return permission in SERVICE_ROLES.get(role, frozenset())

    @property
    def services(self) -> AbstractSet[int]:
        return {service for roles in self.roles.values() for service in roles}


def read(
    people: Iterable[User], today: dt.date, *, also_in_holidays: bool = False
) -> dict[int, Waiting]:
    """What waits for each by id; only those who belong to a service that is in term are there.

    The same few queries, however many people and targets.
    """
    places = places_of([one.pk for one in people], today, also_in_holidays=also_in_holidays)
    targets = targets_for(places, today)
    asked = asked_of(targets)
    quiet = set(
        Snooze.objects.filter(user__in=places.roles, until_on__gt=today).values_list(
            "user_id", "target_id"
        )
    )
    found: dict[int, list[Line]] = {person: [] for person in places.roles}
    for target in targets:
        service = target.plan.service_id
        own = line_for_owner(target, today, asked.get(target.pk))
        for person, lines in found.items():
            if (person, target.pk) in quiet or service not in places.roles[person]:
                continue
            if target.owner_id == person:
                writes = places.may(person, Permission.PLAN_NOTE, service)
                lines += [own if writes else to_target(own)] if own else []
            elif is_nobodys(target, today) and places.may(person, Permission.PLAN_LEAD, service):
                lines.append(line(Why.NOBODYS, target, late_words(target, today)))
    return {person: Waiting(tuple(sorted(lines, key=place))) for person, lines in found.items()}


def places_of(people: list[int], today: dt.date, *, also_in_holidays: bool) -> Places:
    """Where these people belong; without the services that are on holiday."""
    rows = list(
        Membership.objects.live()
        .filter(user__in=people)
        .values_list("user_id", "service_id", "role")
    )
    dates = terms.read({service for _, service, _ in rows}, today)
    roles: dict[int, dict[int, str]] = defaultdict(dict)
    for person, service, role in rows:
        if also_in_holidays or not terms.in_holiday(dates[service], today):
            roles[person][service] = role
    return Places(roles)


def targets_for(places: Places, today: dt.date) -> list[Target]:
    """Those in force that one of these people owns, and those late that nobody sees to."""
    here = Membership.objects.live().filter(
        user=OuterRef("owner"), service=OuterRef("plan__service")
    )
    return list(
        Target.objects.in_force()
        .filter(plan__service__in=places.services)
        .annotate(owner_is_here=Exists(here))
        .filter(
            Q(owner__in=places.roles, owner_is_here=True) | Q(owner_is_here=False, due_on__lt=today)
        )
        .select_related("plan__service")
        .prefetch_related("milestones", "notes")
    )


def is_nobodys(target: Target, today: dt.date) -> bool:
    """Late, and its owner is not known or has left the service."""
    owner_is_here: bool = target.owner_is_here  # type: ignore[attr-defined]  # as annotated
    return not owner_is_here and target.due_on is not None and target.due_on < today


def asked_of(targets: list[Target]) -> dict[int, ReviewLine]:
    """The newest finished review's line on each, where it asks for a change."""
    newest: dict[int, ReviewLine] = {}
    rows = ReviewLine.objects.filter(target__in=targets).exclude(review__finished_at=None)
    for row in rows.select_related("review").order_by("review__finished_at"):
        newest[row.target_id] = row
    return {pk: row for pk, row in newest.items() if row.decision == Decision.CHANGE}


def line_for_owner(target: Target, today: dt.date, asked: ReviewLine | None) -> Line | None:
    """The most pressing thing about a target, or None where it is well."""
    how = standing(target, today, list(target.notes.all()))
    if how == Standing.LATE:
        return line(Why.LATE, target, late_words(target, today))
    if target.due_on and target.due_on <= today + SOON:
        return line(Why.DUE, target, f"Due {day_words(target.due_on, today)}")
    if step := next_step(target, today):
        assert step.due_on is not None  # noqa: S101 (for the types)
        return line(Why.MILESTONE, target, f"{step.text}: {day_words(step.due_on, today)}")
    if asked and is_unanswered(asked, target):
        return line(Why.ASKED, target, f"{asked.review}", to_note=True)
    if how == Standing.STALLED:
        last = target.last_note
        words = f"Last note {date_format(last.noted_on, 'j F Y')}" if last else "No note yet"
        return line(Why.STALLED, target, words, to_note=True)
    return None


def line(why: Why, target: Target, words: str, *, to_note: bool = False) -> Line:
    """A line that leads to the note form where a note is what is missing."""
    return Line(why, target, words, reverse("note_add" if to_note else "target", args=[target.pk]))


def to_target(one: Line) -> Line:
    """The same for somebody who may not write notes."""
    return line(one.why, one.target, one.words)


def next_step(target: Target, today: dt.date) -> Milestone | None:
    """The step to do first, if its day is past or near."""
    near = [
        one
        for one in target.milestones.all()
        if one.done_on is None and one.due_on and one.due_on <= today + SOON
    ]
    return min(near, key=lambda one: one.due_on or FAR, default=None)


def is_unanswered(asked: ReviewLine, target: Target) -> bool:
    """Whether neither the target nor its notes changed since the review was finished."""
    since = asked.review.finished_at
    if since is None or target.changed_at > since:
        return False
    return all(note.written_at <= since for note in target.notes.all())


def late_words(target: Target, today: dt.date) -> str:
    if target.due_on is None:
        return ""
    days = (today - target.due_on).days
    return f"Late by {days} day{'' if days == 1 else 's'}"


def day_words(day: dt.date, today: dt.date) -> str:
    """“today”, “tomorrow”, or the day; a day that was is said to be so."""
    if day == today:
        return "today"
    if day == today + dt.timedelta(days=1):
        return "tomorrow"
    return ("was due " if day < today else "") + date_format(day, "l j F")


def place(one: Line) -> tuple[int, dt.date, str, int]:
    """Where a line stands among the others: by reason, then by due date."""
    order = list(Why).index(one.why)
    return order, one.target.due_on or FAR, one.target.plan.service.name, one.target.pk
