"""The page of a plan: how it stands, in words, and each target as its reader finds it.

Read at once, whatever the number of targets; frozen before the template starts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from actionplans import carrying, plan_timeline, target_tracks, wording
from actionplans.models import ActionPlan, PlanState, Target, TargetStatus
from actionplans.plan_timeline import Line, Timeline
from actionplans.progress import Progress, Standing, is_quiet, progress
from actionplans.target_tracks import Levels, Track
from selfassessment.models import AgreedRating, PlanArea, Priority, Statement

AREA, OWNER, DUE, OVERDUE, STALLED, DONE = "area", "owner", "due", "overdue", "stalled", "done"
NOBODY = "Nobody yet"
CHANGED, ADDED = "Changed since approval", "Added after approval"
# How the lead sentence tells them, in this order.
TOLD = {
    Standing.DONE: "done",
    Standing.ON_COURSE: "on course",
    Standing.AT_RISK: "at risk",
    Standing.OFF_COURSE: "off course",
    Standing.LATE: "late",
    Standing.STALLED: "without a note for a term",
    Standing.NOT_BEGUN: "not begun",
    Standing.DROPPED: "dropped",
}


@dataclass(frozen=True)
class Row:
    """One target as a line of the page."""

    target: Target
    progress: Progress
    who: str
    due: str
    codes: str
    since: str  # CHANGED, ADDED or nothing
    track: Track | None
    line: Line | None

    @property
    def is_open(self) -> bool:
        return self.target.is_open and self.target.acts

    @property
    def is_dropped(self) -> bool:
        return self.target.status == TargetStatus.DROPPED


@dataclass(frozen=True)
class Group:
    """Targets under one heading."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Tab:
    """One way to look at the plan, with how many targets it shows where that says something."""

    key: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class PlanPage:
    """All that the page of a plan says."""

    plan: ActionPlan
    lead: str
    by: str
    tabs: tuple[Tab, ...]
    groups: tuple[Group, ...]
    timeline: Timeline | None
    priorities: tuple[Priority, ...]  # chosen, and no target says so yet
    targets: int
    unfinished: int
    changed: int  # since approval: reworded, added or dropped
    undecided: int  # unfinished in the plan it was started from, neither carried nor left


def read(plan: ActionPlan, by: str, today: dt.date) -> PlanPage:
    """The page of `plan`, looked at `by` area, owner, due day, or those in need of something."""
    # A closed plan stands as it stood when it was closed.
    day = timezone.localdate(plan.closed_at) if plan.closed_at else today
    in_time = by == DUE
    targets = list(targets_of(plan, with_steps=in_time))
    for target in targets:
        target.plan = plan
    timeline = plan_timeline.timeline(plan, targets, day) if in_time else None
    names = level_names(plan, targets) if not in_time else {}
    rows = [row(target, plan, day, timeline, names) for target in targets]
    choose, group = VIEWS[by]
    return PlanPage(
        plan=plan,
        lead=lead(plan, rows),
        by=by,
        tabs=tabs(rows, day),
        groups=group([one for one in rows if choose(one, day)]),
        timeline=timeline,
        priorities=uncovered(plan, targets),
        targets=len(targets),
        unfinished=sum(one.is_open for one in rows),
        changed=sum(bool(one.since) or one.is_dropped for one in rows) if plan.is_approved else 0,
        undecided=undecided(plan),
    )


def undecided(plan: ActionPlan) -> int:
    """Asked for while the plan is made; later, whoever wants to can still carry."""
    if plan.is_approved or plan.carried_from_id is None:
        return 0
    return carrying.undecided(plan, plan.carried_from_id).count()


def targets_of(plan: ActionPlan, *, with_steps: bool) -> QuerySet[Target]:
    """The targets with what a line says of each; milestones only where time is drawn."""
    linked = statements(plan)
    parts: list[Any] = [Prefetch("statements", linked), "notes"]
    if plan.is_approved:
        parts.append("topics")  # part of the wording that was approved
    if with_steps:
        parts.append("milestones")
    carried = Exists(Target.objects.filter(carried_from=OuterRef("pk")))
    return (
        plan.targets.select_related("owner")
        .prefetch_related(*parts)
        .annotate(is_carried=carried)
        .in_order()
    )


def statements(plan: ActionPlan) -> QuerySet[Statement]:
    """Each with its level when the plan was made, and in the newest self-assessment since.

    Only where totals are shown, and never from another edition.
    """
    agreed = AgreedRating.objects.filter(
        statement=OuterRef("pk"), audit__totals_shown_at__isnull=False
    )
    before = agreed.filter(audit=plan.audit_id)
    year = plan.audit.year if plan.audit else 0
    after = agreed.filter(audit__service=plan.service_id, audit__year__gt=year)
    return Statement.objects.annotate(
        level_before=Subquery(before.values("value")[:1]),
        level_after=Subquery(after.order_by("-audit__year").values("value")[:1]),
    ).order_by("section__order", "order", "pk")


def level_names(plan: ActionPlan, targets: Iterable[Target]) -> Mapping[int, str]:
    """The names of the levels, where a target aims for one."""
    if plan.audit is None or all(one.aim_level is None for one in targets):
        return {}
    return dict(plan.audit.levels().values_list("value", "name"))


def row(
    target: Target,
    plan: ActionPlan,
    day: dt.date,
    timeline: Timeline | None,
    names: Mapping[int, str],
) -> Row:
    notes = list(target.notes.all())
    linked = list(target.statements.all())
    how = progress(target, day, notes)
    levels = Levels(
        names,
        lowest(getattr(one, "level_before", None) for one in linked),
        lowest(getattr(one, "level_after", None) for one in linked),
    )
    drawn = target.acts and timeline is None
    return Row(
        target=target,
        progress=how,
        who=target.who or NOBODY,
        due=due(target, plan, how),
        codes=", ".join(one.code for one in linked),
        since=since_approval(target, plan),
        track=target_tracks.track(target, notes, levels, plan.starts_on, plan.ends_on)
        if drawn
        else None,
        line=plan_timeline.line(target, timeline) if timeline else None,
    )


def lowest(levels: Iterable[int | None]) -> int | None:
    return min((level for level in levels if level is not None), default=None)


def since_approval(target: Target, plan: ActionPlan) -> str:
    if not plan.is_approved:
        return ""
    if target.approved_wording is None:
        return ADDED
    return CHANGED if wording.changes(target) else ""


def due(target: Target, plan: ActionPlan, how: Progress) -> str:
    """“Due 31 May”, “31 May, 12 days late”, “Done on 3 June”, or why there is no date."""
    if target.ended_on:
        return f"{target.get_status_display()} on {on(target.ended_on, plan)}"
    if target.due_on is None:
        return f"No date: {target.no_date_reason}" if target.no_date_reason else "No date yet"
    if how.days_late and plan.is_approved:
        days = f"{how.days_late} day{'' if how.days_late == 1 else 's'}"
        return f"Due {on(target.due_on, plan)}, {days} late"
    return f"Due {on(target.due_on, plan)}"


def on(day: dt.date, plan: ActionPlan) -> str:
    """A day in words; its year only where the plan leaves it open."""
    one_year = (plan.ends_on - plan.starts_on).days <= 366
    known = one_year and plan.starts_on <= day <= plan.ends_on
    return date_format(day, "j F" if known else "j F Y")


# How it stands


def lead(plan: ActionPlan, rows: list[Row]) -> str:
    acting = [one for one in rows if one.target.acts]
    if not rows:
        return f"No targets yet. {state(plan)}."
    size = f"{counted(len(acting), 'target')}" if acting else "No targets"
    told = [f"{size}, {lower(state(plan))}"]
    if plan.is_approved and acting:
        counts = Counter(one.progress.standing for one in acting)
        told.append(
            ", ".join(
                f"{apnumber(counts[one])} {word}" for one, word in TOLD.items() if counts[one]
            )
        )
    if len(acting) < len(rows):
        told.append(f"{counted(len(rows) - len(acting), 'decision')} not to act")
    return " ".join(f"{upper(one)}." for one in told)


def state(plan: ActionPlan) -> str:
    """“Approved by the board on 18 September”."""
    if plan.state == PlanState.CLOSED and plan.closed_at:
        return f"Closed on {on(timezone.localdate(plan.closed_at), plan)}"
    if plan.approved_on:
        who = lower(plan.approver) if plan.approver.startswith("The ") else plan.approver
        return f"Approved by {who} on {on(plan.approved_on, plan)}"
    if plan.shared_at:
        return f"With the ED&I group since {on(timezone.localdate(plan.shared_at), plan)}"
    return f"A draft since {on(timezone.localdate(plan.started_at), plan)}"


def counted(number: int, noun: str) -> str:
    return f"{apnumber(number)} {noun}{'' if number == 1 else 's'}"


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# The ways to look at it


def tabs(rows: list[Row], day: dt.date) -> tuple[Tab, ...]:
    def how_many(by: str) -> int:
        return sum(VIEWS[by][0](one, day) for one in rows)

    return (
        Tab(AREA, "By area"),
        Tab(OWNER, "By owner"),
        Tab(DUE, "By due date"),
        Tab(OVERDUE, "Overdue", how_many(OVERDUE)),
        Tab(STALLED, "No note for a term", how_many(STALLED)),
        Tab(DONE, "Done and dropped", how_many(DONE)),
    )


def standing(one: Row, _day: dt.date) -> bool:
    return not one.is_dropped


def acting(one: Row, _day: dt.date) -> bool:
    return one.target.acts and not one.is_dropped


def late(one: Row, _day: dt.date) -> bool:
    return one.progress.standing == Standing.LATE


def stalled(one: Row, day: dt.date) -> bool:
    return one.is_open and is_quiet(one.target, day, list(one.target.notes.all()))


def ended(one: Row, _day: dt.date) -> bool:
    return not one.target.is_open


def by_area(rows: list[Row]) -> tuple[Group, ...]:
    found = {area: tuple(one for one in rows if one.target.area == area) for area in PlanArea}
    return tuple(Group(area.label, those) for area, those in found.items() if those)


def by_owner(rows: list[Row]) -> tuple[Group, ...]:
    """By accountable role; those without one come last, so that they are not overlooked."""
    names = sorted({one.who for one in rows}, key=lambda name: (name == NOBODY, name.lower()))
    return tuple(Group(name, tuple(one for one in rows if one.who == name)) for name in names)


def by_due(rows: list[Row]) -> tuple[Group, ...]:
    dated = sorted(
        (one for one in rows if one.line), key=lambda one: one.target.due_on or dt.date.max
    )
    undated = tuple(one for one in rows if not one.line)
    groups = (Group("Month by month", tuple(dated)), Group("Without a date", undated))
    return tuple(group for group in groups if group.rows)


def longest_late(rows: list[Row]) -> tuple[Group, ...]:
    return one_group("Overdue", sorted(rows, key=lambda one: -one.progress.days_late))


def all_stalled(rows: list[Row]) -> tuple[Group, ...]:
    return one_group("No note for a term", rows)


def one_group(name: str, rows: list[Row]) -> tuple[Group, ...]:
    return (Group(name, tuple(rows)),) if rows else ()


def by_ending(rows: list[Row]) -> tuple[Group, ...]:
    done = Group("Done", tuple(one for one in rows if not one.is_dropped))
    dropped = Group("Dropped", tuple(one for one in rows if one.is_dropped))
    return tuple(group for group in (done, dropped) if group.rows)


VIEWS: dict[
    str, tuple[Callable[[Row, dt.date], bool], Callable[[list[Row]], tuple[Group, ...]]]
] = {
    AREA: (standing, by_area),
    OWNER: (acting, by_owner),
    DUE: (acting, by_due),
    OVERDUE: (late, longest_late),
    STALLED: (stalled, all_stalled),
    DONE: (ended, by_ending),
}


# Priorities


def uncovered(plan: ActionPlan, targets: list[Target]) -> tuple[Priority, ...]:
    """The priorities that no target follows from, once the service may see what it agreed."""
    if plan.audit is None or plan.audit.totals_shown_at is None:
        return ()
    linked = [one for target in targets for one in target.statements.all()]
    parts = {one.pk for one in linked}, {one.section_id for one in linked}
    named = {target.priority_id for target in targets}
    chosen = plan.audit.priorities.chosen().select_related("statement__section", "section")
    return tuple(
        one
        for one in chosen.order_by("order", "pk")
        if one.pk not in named
        and one.statement_id not in parts[0]
        and one.section_id not in parts[1]
    )
