"""Carrying unfinished targets of the last plan into a new one, or leaving them with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from actionplans.models import ActionPlan, Leaving, Milestone, Target
from actionplans.models.target import TargetQuerySet
from actionplans.planning import plans, targets
from actionplans.states import Deed
from portal.actions import record
from portal.models import User, Verb

# What a target says of itself goes along as it is; its days are asked for anew.
WORDED = (
    *("area", "title", "detail", "measure", "baseline", "start_value", "aim_value", "unit"),
    *("aim_level", "steps", "resources", "cost", "funding", "why", "heard", "young_people"),
    *("role", "owner", "helpers", "no_owner_reason", "barriers", "extra"),
)


@dataclass(frozen=True)
class Choice:
    """What becomes of one unfinished target: carried, with its new due day, or left."""

    target: Target
    carry: bool
    due_on: dt.date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """What was done, and which targets somebody else had decided or ended meanwhile."""

    carried: tuple[Target, ...]
    left: tuple[Target, ...]
    missed: tuple[Target, ...]


def last_plan(plan: ActionPlan) -> ActionPlan | None:
    """The plan that this one carries on from: the one it was started from, or the one before."""
    return plan.carried_from or ActionPlan.objects.before(plan).first()


def undecided(plan: ActionPlan, last_id: int) -> TargetQuerySet:
    """Unfinished targets of the last plan of which this plan says nothing yet, in order."""
    return (
        Target.objects.filter(plan=last_id)
        .open()
        .exclude(carried_into__plan=plan)
        .exclude(leavings__plan=plan)
        .in_order()
    )


@transaction.atomic
def carry_forward(*, plan: ActionPlan, choices: Iterable[Choice], by: User) -> Outcome:
    """Carry or leave each, as it is now; one that was decided meanwhile stays as decided."""
    now = plans.held(plan, Deed.WRITE)
    last = last_plan(now)
    if last is None:
        return Outcome((), (), tuple(one.target for one in choices))
    ActionPlan.objects.locked().get(pk=last.pk)
    waiting = {one.pk: one for one in undecided(now, last.pk).with_parts()}
    carried, left, missed = [], [], []
    for choice in choices:
        target = waiting.pop(choice.target.pk, None)
        if target is None:
            missed.append(choice.target)
        elif choice.carry:
            carried.append(copied(target, into=now, due_on=choice.due_on, by=by))
        else:
            Leaving.objects.create(plan=now, target=target, reason=choice.reason, decided_by=by)
            left.append(target)
    if carried or left:
        now.carried_from = last
        now.save(update_fields=["carried_from"])
    for one in carried:
        record(by=by, verb=Verb.CARRIED, subject=f"{one} into {now}", service=now.service)
    return Outcome(tuple(carried), tuple(left), tuple(missed))


def copied(target: Target, *, into: ActionPlan, due_on: dt.date | None, by: User) -> Target:
    """The target in the new plan, with its links and the steps that are still to do."""
    copy = Target.objects.create(
        **{field: getattr(target, field) for field in WORDED},
        plan=into,
        number=targets.next_number(into, target.area),
        starts_on=into.starts_on,
        due_on=due_on,
        no_date_reason="" if due_on else target.no_date_reason,
        carried_from=target,
        changed_at=timezone.now(),
        changed_by=by,
    )
    copy.statements.set(target.statements.all())
    copy.topics.set(target.topics.all())
    Milestone.objects.bulk_create(
        Milestone(
            target=copy,
            text=step.text,
            due_on=step.due_on if step.due_on and step.due_on >= into.starts_on else None,
            order=step.order,
        )
        for step in target.milestones.all()
        if step.done_on is None
    )
    return copy
