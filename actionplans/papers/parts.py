"""What several papers say: whose they are, and each target with all that makes it SMART.

Read once, as dataclasses of plain text and numbers. No instant of making is in them, so the same
plan is the same paper; dates are written out, because a paper is read and not worked with.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from actionplans import wording
from actionplans.following import moved, target_tracks
from actionplans.following.moved import Levels
from actionplans.models import (
    ActionPlan,
    Heard,
    Milestone,
    ProgressNote,
    Target,
)
from actionplans.papers.heads import Head, day, head, money
from actionplans.progress import number, progress
from selfassessment import results
from selfassessment.models import Audit, PlanArea, Statement
from selfassessment.results import Results

NO_ROLE = "No role named"
ADDED = "Added after approval"
CHANGED = "Changed since approval"


@dataclass(frozen=True)
class StopData:
    """A tick on a track, at its place in per cent, with its word."""

    at: int
    word: str


@dataclass(frozen=True)
class TrackData:
    """A target's marks on its track, each from 0 to 100 per cent of it; None draws no mark."""

    stops: list[StopData]
    was: int | None
    now: int | None
    aim: int | None
    words: str  # all that is drawn: “From 20. Now 60. Aim 80 tutors.”


@dataclass(frozen=True)
class StatementRef:
    """A statement that a target is about, with its agreed level when the plan was made."""

    code: str
    text: str
    level: str


@dataclass(frozen=True)
class MilestoneData:
    text: str
    due_on: str
    done_on: str


@dataclass(frozen=True)
class NoteData:
    """A progress note. Who wrote it stays in the portal."""

    noted_on: str
    rag: str
    text: str
    young_people: str
    evidence: str


@dataclass(frozen=True)
class ChangeData:
    """One part of a target whose wording is not what was approved."""

    label: str
    was: str
    now: str


@dataclass(frozen=True)
class TargetData:
    """One target, whole: what a reader of the plan is told of it."""

    reference: str
    area: str
    title: str
    acts: bool  # else a decision not to act, with its reason
    standing: str  # of Standing: one word
    look: str  # of its tag
    share: int | None
    track: TrackData | None
    since_approval: str  # ADDED, CHANGED or nothing
    changes: list[ChangeData]
    detail: str
    measure: str
    baseline: str
    aim: str  # “From 20 to 80 tutors”, “Level 3 In place”, or nothing
    steps: str
    resources: str
    cost: str  # “£1,200”
    funding: str
    why: str
    priority: str  # code of the statement or section that was chosen, or nothing
    statements: list[StatementRef]
    topics: list[str]
    heard: list[str]
    young_people: str
    starts_on: str
    due_on: str  # “31 May 2026”, or nothing
    by: str  # the same, or “No date: …”
    who: str  # the role, or “Nobody yet: …”
    helpers: str
    barriers: str
    no_action_reason: str
    ended_on: str
    ended_reason: str
    milestones: list[MilestoneData]
    notes: list[NoteData]  # newest first


@dataclass(frozen=True)
class AreaOfPlan:
    """A plan area with its targets, those it will not act on among them."""

    name: str
    targets: list[TargetData]


@dataclass(frozen=True)
class Count:
    """How many targets stand so: “2 On course”."""

    standing: str
    look: str
    targets: int


@dataclass(frozen=True)
class Reading:
    """A plan as its papers need it, read in a fixed number of queries."""

    plan: ActionPlan
    today: dt.date
    head: Head
    results: Results | None  # of the self-assessment it follows from, where totals are shown
    levels: Levels  # agreed before the plan and after it
    targets: tuple[Target, ...]
    roles: Mapping[int, str] = field(default_factory=dict)  # of members, by account

    @property
    def notes(self) -> list[ProgressNote]:
        return [note for target in self.targets for note in target.notes.all()]


def read(plan: ActionPlan, today: dt.date) -> Reading:
    """Everything a paper of `plan` can be made of, as it stands on `today`."""
    targets = tuple(
        plan.targets.with_parts()
        .select_related("priority__statement", "priority__section")
        .in_order()
    )
    found = results.read(plan.audit) if plan.audit else None
    levels = moved.read_levels(plan)
    noted = [note.noted_on for target in targets for note in target.notes.all()]
    return Reading(
        plan=plan,
        today=today,
        head=head(plan, told(found, levels), targets, max(noted, default=None)),
        results=found,
        levels=levels,
        targets=targets,
        roles={m.user_id: m.get_role_display() for m in plan.service.memberships.live()},
    )


def told(found: Results | None, levels: Levels) -> list[Audit]:
    """The self-assessments whose totals a paper tells: this one, the last, and the next."""
    earlier = found.earlier.audit if found and found.earlier else None
    audits = (found.audit if found else None, earlier, levels.after_audit)
    return [audit for audit in audits if audit]


def target_data(target: Target, reading: Reading) -> TargetData:
    """One target in words."""
    notes = list(target.notes.all())
    how = progress(target, reading.today, notes)
    changes = wording.changes(target) if reading.plan.is_approved else []
    priority = target.priority
    return TargetData(
        reference=target.reference,
        area=target.get_area_display(),
        title=target.title,
        acts=target.acts,
        standing=how.standing,
        look=how.look,
        share=how.share,
        track=track(target, reading),
        since_approval=since_approval(target, reading.plan, changes),
        changes=[ChangeData(one.label, one.was, one.now) for one in changes],
        detail=target.detail,
        measure=target.measure,
        baseline=target.baseline,
        aim=aim(target, reading.results),
        steps=target.steps,
        resources=target.resources,
        cost="" if target.cost is None else money(target.cost),
        funding=target.funding,
        why=target.why,
        priority=(priority.statement or priority.section).code if priority else "",  # type: ignore[union-attr]
        statements=statements(target.statements.all(), reading.results),
        topics=sorted(topic.name for topic in target.topics.all()),
        heard=[str(one.label) for one in Heard if one in target.heard],
        young_people=target.young_people,
        starts_on=day(target.starts_on),
        due_on=day(target.due_on),
        by=by_when(target),
        who=who(target, reading.roles),
        helpers=target.helpers,
        barriers=target.barriers,
        no_action_reason=target.no_action_reason,
        ended_on=day(target.ended_on),
        ended_reason=target.ended_reason,
        milestones=[milestone(one) for one in target.milestones.all()],
        notes=[note_data(note) for note in notes],
    )


def since_approval(target: Target, plan: ActionPlan, changes: list[wording.Change]) -> str:
    if not plan.is_approved:
        return ""
    if target.approved_wording is None:
        return ADDED
    return CHANGED if changes else ""


def by_when(target: Target) -> str:
    if target.due_on:
        return day(target.due_on)
    return f"No date: {target.no_date_reason}" if target.no_date_reason else "No date"


def who(target: Target, roles: Mapping[int, str]) -> str:
    """By role: a paper goes further than the people who know each other's names."""
    role = target.role or roles.get(target.owner_id or 0, "")
    if role:
        return role
    return f"Nobody yet: {target.no_owner_reason}" if target.no_owner_reason else NO_ROLE


def milestone(one: Milestone) -> MilestoneData:
    return MilestoneData(one.text, day(one.due_on), day(one.done_on))


def note_data(note: ProgressNote) -> NoteData:
    return NoteData(
        noted_on=day(note.noted_on),
        rag=note.get_rag_display() if note.rag else "",
        text=note.text,
        young_people=note.young_people,
        evidence=note.evidence,
    )


def statements(linked: Iterable[Statement], found: Results | None) -> list[StatementRef]:
    """What a target is about, in the order of the codes; the level only where totals are shown."""
    agreed = found.ratings if found else {}
    return [
        StatementRef(
            one.code,
            one.text,
            found.in_words(agreed.get(one.pk)) if found and one.pk in agreed else "",
        )
        for one in sorted(linked, key=lambda one: (one.section.order, one.order, one.pk))
    ]


def aim(target: Target, found: Results | None) -> str:
    """What it aims for, where that is a number or a level."""
    if target.aim_value is not None:
        unit = f" {target.unit}" if target.unit else ""
        start = f"From {number(target.start_value)} to " if target.start_value is not None else ""
        return f"{start}{number(target.aim_value)}{unit}"
    if target.aim_level is None:
        return ""
    names = found.names if found else {}
    return f"Level {names.get(target.aim_level, target.aim_level)}"


def track(target: Target, reading: Reading) -> TrackData | None:
    """The same track as on the page of the plan; none for a decision not to act."""
    if not target.acts:
        return None
    levels = reading.levels
    linked = list(target.statements.all())
    found = target_tracks.track(
        target,
        list(target.notes.all()),
        target_tracks.Levels(
            {level.value: level.name for level in levels.scale},
            lowest(levels.before, linked),
            lowest(levels.after, linked),
        ),
        reading.plan.starts_on,
    )
    return TrackData(
        [StopData(round(stop.at), stop.word) for stop in found.stops],
        whole(found.was),
        whole(found.now),
        whole(found.aim),
        found.words,
    )


def lowest(values: Mapping[int, int], linked: Iterable[Statement]) -> int | None:
    return min((values[one.pk] for one in linked if one.pk in values), default=None)


def whole(place: float | None) -> int | None:
    return None if place is None else round(place)


def no_levels(plan: ActionPlan) -> str:
    """Why a paper tells no levels."""
    if plan.audit is None:
        return "This plan does not follow from a self-assessment."
    return f"The totals of the self-assessment {plan.audit.year_name} are not shown yet."


def areas(reading: Reading) -> list[AreaOfPlan]:
    """The plan by area, in the order of the four; an area without a target is left out."""
    made = [target_data(target, reading) for target in reading.targets]
    by_area = {
        str(area.label): [one for one in made if one.area == area.label] for area in PlanArea
    }
    return [AreaOfPlan(name, there) for name, there in by_area.items() if there]


def counts(targets: Iterable[TargetData]) -> list[Count]:
    """How many stand how, the most first."""
    found = Counter((one.standing, one.look) for one in targets)
    return [Count(standing, look, n) for (standing, look), n in found.most_common()]
