"""The page of a plan: how it stands, in words, and each target as its reader finds it.

Read at once, whatever the number of targets; frozen before the template starts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils import timezone

from actionplans import smart
from actionplans.models import ActionPlan, PlanState
from actionplans.planning import carrying, plan_timeline
from actionplans.planning.plan_rows import Row, level_names, on, targets_of
from actionplans.planning.plan_rows import row as row_of
from actionplans.planning.plan_timeline import Timeline
from actionplans.planning.plan_ways import DUE, VIEWS, Group, Tab, tabs
from actionplans.progress import Standing
from actionplans.smart import Advice
from selfassessment.models import Priority

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
    advice: tuple[Advice, ...]  # on the plan as a whole
    smart: str  # “Four of five targets are SMART”
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
    rows = [row_of(target, plan, day, timeline, names) for target in targets]
    choose, group = VIEWS[by]
    return PlanPage(
        plan=plan,
        lead=lead(plan, rows),
        by=by,
        tabs=tabs(rows),
        groups=group([one for one in rows if choose(one)]),
        timeline=timeline,
        priorities=uncovered(plan, rows),
        targets=len(targets),
        unfinished=sum(one.is_open for one in rows),
        changed=sum(bool(one.since) or one.is_dropped for one in rows) if plan.is_approved else 0,
        undecided=undecided(plan),
        smart=share_smart(rows),
        advice=smart.lint_plan([one.draft for one in rows if one.is_open]),
    )


def undecided(plan: ActionPlan) -> int:
    """Asked for while the plan is made; later, whoever wants to can still carry."""
    if plan.is_approved or plan.carried_from_id is None:
        return 0
    return carrying.undecided(plan, plan.carried_from_id).count()


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
                f"{in_words(counts[one])} {word}" for one, word in TOLD.items() if counts[one]
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


def share_smart(rows: list[Row]) -> str:
    """How many targets leave nothing to advise on their wording."""
    acting = [one for one in rows if one.target.acts and not one.is_dropped]
    passing = sum(not one.advice for one in acting)
    if not acting:
        return ""
    if len(acting) == 1:
        return "The target is SMART" if passing else "The target is not SMART yet"
    if passing == len(acting):
        return "All targets are SMART"
    many = upper(in_words(passing)) if passing else "None"
    return f"{many} of {counted(len(acting), 'target')} {'are' if passing > 1 else 'is'} SMART"


def counted(number: int, noun: str) -> str:
    return f"{in_words(number)} {noun}{'' if number == 1 else 's'}"


def in_words(number: int) -> str:
    """In words up to nine."""
    return str(apnumber(number))


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# Priorities


def uncovered(plan: ActionPlan, rows: list[Row]) -> tuple[Priority, ...]:
    """The priorities that no target follows from, once the service may see what it agreed."""
    if plan.audit is None or plan.audit.totals_shown_at is None:
        return ()
    linked = [one for row in rows for one in row.statements]
    parts = {one.pk for one in linked}, {one.section_id for one in linked}
    named = {row.target.priority_id for row in rows}
    chosen = plan.audit.priorities.chosen().select_related("statement__section", "section")
    return tuple(
        one
        for one in chosen.order_by("order", "pk")
        if one.pk not in named
        and one.statement_id not in parts[0]
        and one.section_id not in parts[1]
    )
