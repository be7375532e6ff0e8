"""Writing targets: saving, removing and ending them. Whoever writes holds the plan first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actionplans import states
from actionplans.models import ActionPlan, Milestone, Target, TargetStatus, first_day, last_day
from actionplans.planning import plans
from actionplans.states import Deed
from portal.actions import record
from portal.models import MusicService, Topic, User, Verb
from portal.years import academic_year
from selfassessment.models import Audit, Statement

WRITTEN_BESIDE = ("statements", "topics", "milestones")  # what hangs on the row of a target
AGAIN = dt.timedelta(minutes=2)  # the same words within this are one button pressed twice
ENDINGS = {TargetStatus.DONE: Verb.DONE, TargetStatus.DROPPED: Verb.DROPPED}


class TargetGoneError(Exception):
    """Somebody removed the target meanwhile."""

    def __init__(self) -> None:
        super().__init__("This target was removed meanwhile, so nothing was saved.")


class TargetKeptError(Exception):
    """What was approved, or noted on since, is ended with its reason and never removed."""


class TargetEndedError(Exception):
    """The target is not where this deed begins: ended already, or open."""


@dataclass(frozen=True)
class Step:
    """A milestone as somebody wrote it; a known row has its key."""

    text: str
    due_on: dt.date | None = None
    pk: int | None = None


@dataclass(frozen=True)
class Content:
    """All that somebody wrote of a target: the row by field, and what hangs on it."""

    row: Mapping[str, Any]
    statements: Sequence[Statement] = ()
    topics: Sequence[Topic] = ()
    milestones: Sequence[Step] = field(default_factory=tuple)


def next_number(plan: ActionPlan, area: str) -> int:
    """The number of the next target in a plan area. The plan is held by whoever asks."""
    last = plan.targets.filter(area=area).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


@transaction.atomic
def add(*, plan: ActionPlan, content: Content, by: User) -> Target:
    """Write a new target into a plan. The same words twice in a row are one target."""
    now = plans.held(plan, Deed.WRITE)
    states.check_writer(by, now)
    if twin := twin_of(content, now, by):
        return twin
    target = Target(plan=now)
    write(target, content, by)
    record(by=by, verb=Verb.ADDED, subject=target, service=now.service)
    return target


def twin_of(content: Content, plan: ActionPlan, by: User) -> Target | None:
    """What this person added just now, if it says all of this and no more."""
    just_now = {"changed_by": by, "changed_at__gt": timezone.now() - AGAIN, "version": 1}
    same = plan.targets.filter(**just_now, **content.row).prefetch_related(*WRITTEN_BESIDE)
    beside = (
        {one.pk for one in content.statements},
        {one.pk for one in content.topics},
        [(step.text, step.due_on) for step in content.milestones],
    )
    return next((one for one in same if written_beside(one) == beside), None)


def written_beside(target: Target) -> tuple[set[int], set[int], list[tuple[str, dt.date | None]]]:
    return (
        {one.pk for one in target.statements.all()},
        {one.pk for one in target.topics.all()},
        [(step.text, step.due_on) for step in target.milestones.all()],
    )


@transaction.atomic
def add_from(*, audit: Audit, content: Content, by: User) -> Target:
    """Write a target that follows from a self-assessment, and begin the plan where there is none.

    The plan is that of this academic year.
    """
    # Of two people who make the first target at once, the second finds the plan of the first.
    MusicService.objects.select_for_update(no_key=True).get(pk=audit.service_id)
    today = timezone.localdate()
    plan = plan_for(audit, today)
    if plan is None:
        year = academic_year(today)
        plan = plans.start(
            service=audit.service,
            starts_on=first_day(year),
            ends_on=last_day(year),
            audit=audit,
            by=by,
        )
    return add(plan=plan, content=content, by=by)


def plan_for(audit: Audit, today: dt.date) -> ActionPlan | None:
    """The live plan that a target from this self-assessment belongs in: its own, or today's."""
    live = ActionPlan.objects.live().for_service(audit.service).with_service().newest_first()
    its_own = live.filter(audit=audit).first()
    return its_own or live.filter(starts_on__lte=today, ends_on__gte=today).first()


@transaction.atomic
def save(*, target: Target, content: Content, by: User) -> Target:
    """Write a target anew. Whoever calls holds the plan, and has compared what was read."""
    now = held(target, by)
    write(now, content, by)
    record(by=by, verb=Verb.CHANGED, subject=now, service=now.plan.service)
    return now


def held(target: Target, by: User) -> Target:
    """The target as it is now, with its plan held still and writable for this person."""
    plan = plans.held(target.plan, Deed.WRITE)
    states.check_writer(by, plan)
    now = plan.targets.prefetch_related(*WRITTEN_BESIDE).filter(pk=target.pk).first()
    if now is None:
        raise TargetGoneError
    now.plan = plan
    return now


def write(target: Target, content: Content, by: User) -> None:
    """Bring a target to what was written. In another area it gets that area's next number."""
    area = content.row["area"]
    if target.pk is None or target.area != area:
        target.number = next_number(target.plan, area)
    for name, value in content.row.items():
        setattr(target, name, value)
    touch(target, by)
    target.save()
    target.statements.set(content.statements)
    target.topics.set(content.topics)
    write_milestones(target, content.milestones)


def write_milestones(target: Target, steps: Sequence[Step]) -> None:
    """The steps in their order; one that is not named any more goes."""
    there = {one.pk: one for one in target.milestones.all()}
    kept = {step.pk for step in steps}
    for pk, milestone in there.items():
        if pk not in kept:
            milestone.delete()
    for order, step in enumerate(steps):
        milestone = there.get(step.pk or 0) or Milestone(target=target)
        was = (milestone.pk, milestone.text, milestone.due_on, milestone.order)
        milestone.text, milestone.due_on, milestone.order = step.text, step.due_on, order
        if was != (step.pk, step.text, step.due_on, order):
            milestone.save()


def touch(target: Target, by: User) -> None:
    """Say that it changed, and by whom; not saved yet."""
    target.version = target.version + 1 if target.pk else 1
    target.changed_at, target.changed_by = timezone.now(), by


@transaction.atomic
def remove(*, target: Target, by: User) -> None:
    """Take a target out of a plan that nobody approved yet."""
    now = held(target, by)
    check_removable(now)
    record(by=by, verb=Verb.REMOVED, subject=now, service=now.plan.service)
    now.delete()


@transaction.atomic
def end(*, target: Target, status: str, on: dt.date, reason: str, by: User) -> Target:
    """Say that a target is done, or dropped and why."""
    now = held(target, by)
    check_open(now)
    now.status, now.ended_on, now.ended_reason = status, on, reason
    touch(now, by)
    now.save()
    record(by=by, verb=ENDINGS[TargetStatus(status)], subject=now, service=now.plan.service)
    return now


@transaction.atomic
def reopen(*, target: Target, by: User) -> Target:
    """Work on it again. Why it had ended stays in its history."""
    now = held(target, by)
    if now.is_open:
        raise TargetEndedError(f"{now.reference} is open already.")
    now.status, now.ended_on, now.ended_reason = TargetStatus.OPEN, None, ""
    touch(now, by)
    now.save()
    record(by=by, verb=Verb.REOPENED, subject=now, service=now.plan.service)
    return now


def check_open(target: Target) -> None:
    """Refuse what only an open target allows."""
    if not target.is_open:
        raise TargetEndedError(
            f"{target.reference} is {target.get_status_display().lower()} already."
        )


def is_removable(target: Target) -> bool:
    """Whether nothing would be lost with it but its own words."""
    return not target.plan.is_approved and not plans.acted_on(target.plan, target)


def check_removable(target: Target) -> None:
    """Refuse to take out what a board has approved, or what people did something about since."""
    if target.plan.is_approved:
        raise TargetKeptError(
            "This plan is approved, so its targets stay in it. Drop this one, and say why."
        )
    if not is_removable(target):
        raise TargetKeptError(
            f"{target.reference} has notes from when the plan was approved, so it stays in it. "
            "Drop it, and say why."
        )
