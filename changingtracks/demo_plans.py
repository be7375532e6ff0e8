"""The demo's action plans: Northvale's of last year, closed, and of this one, under way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from actionplans import wording
from actionplans.models import (
    ActionPlan,
    Milestone,
    PlanState,
    ProgressNote,
    Review,
    Target,
    TargetStatus,
    first_day,
    last_day,
)
from changingtracks.invented_plans import (
    NORTHVALE_LAST_YEAR,
    NORTHVALE_THIS_YEAR,
    Aim,
    Day,
    Noted,
)
from portal.models import Activity, User, Verb
from portal.years import FIRST_MONTH, academic_year
from selfassessment.models import Audit, Statement

CLOSED_BEFORE_THE_END = dt.timedelta(days=11)


def tell(first: Audit, before: Audit, people: dict[str, User]) -> None:
    """`first` is the self-assessment of the year before last, `before` that of last year."""
    now = academic_year(timezone.localdate())
    last = start(first, people["robin"], now - 1)
    fill(last, NORTHVALE_LAST_YEAR, people)
    approve(last, dt.date(now - 1, 9, 19))
    close(last, last.ends_on - CLOSED_BEFORE_THE_END)

    this = start(before, people["robin"], now, carried_from=last)
    fill(this, NORTHVALE_THIS_YEAR, people)
    approve(this, past(dt.date(now, 9, 18)))
    meet(this, people["asha"])


def past(day: dt.date) -> dt.date:
    """That day, or today where it is still to come: nothing happened in the future."""
    return min(day, timezone.localdate())


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(16), tzinfo=timezone.get_current_timezone())


def within(plan: ActionPlan, day: Day | None) -> dt.date | None:
    """A month and day as a date of the plan’s academic year."""
    if day is None:
        return None
    year = plan.starts_on.year + (day[0] < FIRST_MONTH)
    return dt.date(year, *day)


def ago(plan: ActionPlan, days: int) -> dt.date:
    """So many days before today, or before the plan was closed; within its period."""
    end = min(timezone.localdate(), plan.ends_on - CLOSED_BEFORE_THE_END)
    return max(end - dt.timedelta(days=days), plan.starts_on)


def start(audit: Audit, by: User, year: int, carried_from: ActionPlan | None = None) -> ActionPlan:
    when = moment(past(first_day(year)))
    plan = ActionPlan.objects.create(
        service=audit.service,
        audit=audit,
        starts_on=first_day(year),
        ends_on=last_day(year),
        carried_from=carried_from,
        started_at=when,
        started_by=by,
    )
    log(by, Verb.STARTED, plan, when)
    return plan


def fill(plan: ActionPlan, aims: tuple[Aim, ...], people: dict[str, User]) -> None:
    for aim in aims:
        write(plan, aim, people)


def write(plan: ActionPlan, aim: Aim, people: dict[str, User]) -> Target:
    audit: Any = plan.audit
    statements = list(
        Statement.objects.filter(questionnaire=audit.questionnaire_id, code__in=aim.codes)
    )
    before = plan.carried_from.targets.filter(title=aim.title) if plan.carried_from else None
    target = Target.objects.create(
        plan=plan,
        area=aim.area,
        number=plan.targets.filter(area=aim.area).count() + 1,
        title=aim.title,
        measure=aim.measure,
        role=aim.role,
        owner=people.get(aim.owner),
        starts_on=within(plan, aim.start),
        due_on=within(plan, aim.due),
        priority=audit.priorities.chosen().filter(statement__in=statements).first(),
        carried_from=before.first() if before is not None and aim.carried else None,
        status=aim.ended or TargetStatus.OPEN,
        ended_on=within(plan, aim.due) if aim.ended else None,
        ended_reason=aim.ended_reason,
        changed_at=plan.started_at,
        changed_by=plan.started_by,
        **aim.more,
    )
    target.statements.set(statements)
    target.topics.set({topic for one in statements for topic in one.topics.all()})
    for order, step in enumerate(aim.steps):
        done = None if step.done is None else ago(plan, step.done)
        Milestone.objects.create(
            target=target, text=step.text, due_on=within(plan, step.due), done_on=done, order=order
        )
    for said in aim.notes:
        note(target, said, target.owner or plan.started_by)
    return target


def note(target: Target, said: Noted, by: User) -> None:
    day = ago(target.plan, said.days_ago)
    ProgressNote.objects.create(
        target=target,
        noted_on=day,
        text=said.text,
        rag=said.rag,
        value=said.value,
        percent=said.percent,
        young_people=said.young_people,
        written_at=moment(day),
        written_by=by,
    )
    log(by, Verb.NOTED, target, moment(day))


def approve(plan: ActionPlan, day: dt.date) -> None:
    """The board says yes on a day, and the work begins on it."""
    when, by = moment(day), plan.started_by
    plan.state = PlanState.UNDER_WAY
    plan.approver, plan.approved_on = "The board of Northvale Music Service", day
    plan.approval_said = "Approved. The board asks for a paper each term."
    plan.approved_at, plan.approved_by = when, by
    plan.begun_at, plan.begun_by = when, by
    plan.save()
    for target in plan.targets.prefetch_related("statements", "topics"):
        target.approved_wording = wording.of(target)
        target.save(update_fields=["approved_wording"])
    log(by, Verb.APPROVED, plan, when)
    log(by, Verb.BEGAN, plan, when)


def close(plan: ActionPlan, day: dt.date) -> None:
    when = moment(past(day))
    plan.state = PlanState.CLOSED
    plan.closed_at, plan.closed_by = when, plan.started_by
    plan.closing_said = "Two of four done. What young people hear back goes on next year."
    plan.save()
    log(plan.started_by, Verb.CLOSED, plan, when)


def meet(plan: ActionPlan, by: User) -> None:
    """The half-term review is behind them, the next one is planned."""
    held = ago(plan, 25)
    review = Review.objects.create(
        plan=plan,
        name="Autumn half-term review",
        held_on=held,
        place="Northvale Music Centre, room 2",
        present="Inclusion lead, two tutors, business manager, youth forum worker",
        said="The group asks for figures from the council before each meeting.",
        planned_at=moment(ago(plan, 40)),
        planned_by=by,
        finished_at=moment(held),
        finished_by=by,
    )
    for target in plan.targets.exclude(notes=None).distinct():
        review.lines.create(
            target=target,
            decision="change" if target.title.startswith("Follow") else "keep",
            said="A new date is needed." if target.title.startswith("Follow") else "",
            saved_at=moment(held),
            saved_by=by,
        )
    log(by, Verb.REVIEWED, plan, moment(held))
    Review.objects.create(
        plan=plan,
        name="Autumn term review",
        held_on=timezone.localdate() + dt.timedelta(days=16),
        starts_time=dt.time(16),
        place="Online",
        planned_by=by,
    )


def log(by: User, verb: Verb, subject: object, when: dt.datetime) -> None:
    service = subject.plan.service if isinstance(subject, Target) else subject.service  # type: ignore[attr-defined]
    Activity.objects.create(by=by, verb=verb, subject=str(subject), service=service, at=when)
