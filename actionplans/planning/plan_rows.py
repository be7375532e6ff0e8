"""One target as a line of its plan's page: who, by when, where it is on its track."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from actionplans import smart, wording
from actionplans.following import target_tracks
from actionplans.following.target_tracks import Levels, Track
from actionplans.models import ActionPlan, ProgressNote, Target, TargetStatus
from actionplans.planning import plan_timeline
from actionplans.planning.plan_timeline import Line, Timeline
from actionplans.progress import Progress, is_quiet, progress
from actionplans.smart import Draft
from selfassessment.models import AgreedRating, Statement

NOBODY = "Nobody yet"
CHANGED, ADDED = "Changed since approval", "Added after approval"
A_YEAR = 366  # days


@dataclass(frozen=True)
class Row:
    """One target as a line of the page."""

    target: Target
    statements: tuple[Statement, ...]
    progress: Progress
    is_quiet: bool
    who: str
    due: str
    codes: str
    since: str  # CHANGED, ADDED or nothing
    draft: Draft  # as the SMART lint reads it
    advice: int  # pieces of it, on its wording
    track: Track | None
    line: Line | None

    @property
    def is_open(self) -> bool:
        return self.target.is_open and self.target.acts

    @property
    def is_dropped(self) -> bool:
        return self.target.status == TargetStatus.DROPPED


def targets_of(plan: ActionPlan, *, with_steps: bool) -> QuerySet[Target]:
    """The targets with what a line says of each; milestones only where time is drawn."""
    # What a line does not say is not fetched: texts are long, and a plan has many notes.
    notes = ProgressNote.objects.only("target", "noted_on", "rag", "percent", "value")
    parts: list[Any] = [Prefetch("statements", statements(plan)), Prefetch("notes", notes)]
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
    return (
        Statement.objects.only("code", "section")
        .annotate(
            level_before=Subquery(before.values("value")[:1]),
            level_after=Subquery(after.order_by("-audit__year").values("value")[:1]),
        )
        .order_by("section__order", "order", "pk")
    )


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
    linked = tuple(target.statements.all())
    draft = Draft.of(target)
    how = progress(target, day, notes)
    levels = Levels(
        names,
        lowest(getattr(one, "level_before", None) for one in linked),
        lowest(getattr(one, "level_after", None) for one in linked),
    )
    drawn = target.acts and timeline is None
    return Row(
        target=target,
        statements=linked,
        progress=how,
        is_quiet=target.is_open and target.acts and is_quiet(target, day, notes),
        who=target.who or NOBODY,
        due=due(target, plan, how),
        codes=", ".join(one.code for one in linked),
        since=since_approval(target, plan),
        draft=draft,
        advice=len(smart.lint(draft)),
        track=target_tracks.track(target, notes, levels, plan.starts_on) if drawn else None,
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
    one_year = (plan.ends_on - plan.starts_on).days <= A_YEAR
    known = one_year and plan.starts_on <= day <= plan.ends_on
    return f"{day:%-d %B}" if known else f"{day:%-d %B %Y}"
