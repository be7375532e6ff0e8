"""What several papers say: whose they are, and each target with all that makes it SMART.

Read once, as dataclasses of plain text and numbers. No instant of making is in them, so the same
plan is the same paper; dates are written out, because a paper is read and not worked with.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format

from actionplans import moved, target_tracks, wording
from actionplans.models import (
    ActionPlan,
    Heard,
    Milestone,
    PlanState,
    ProgressNote,
    Target,
    TargetStatus,
)
from actionplans.moved import Levels
from actionplans.progress import number, progress
from portal.models import MusicService, ServiceLogo
from selfassessment import results
from selfassessment.models import Audit, PlanArea, Priority, Statement
from selfassessment.models.agreement import PriorityQuerySet
from selfassessment.results import Results

NO_ROLE = "No role named"
ADDED = "Added after approval"
CHANGED = "Changed since approval"


@dataclass(frozen=True)
class Logo:
    """The service's own logo, as it can stand in a page: no address is ever fetched."""

    source: str  # data:image/png;base64,…
    width: int  # in pixels
    height: int
    alt: str


@dataclass(frozen=True)
class Course:
    """The time of a plan as a track, for its drawing: places in per cent of the way through it."""

    first: str  # “September 2026”
    last: str
    ticks: list[int]  # where a month begins
    now: int | None  # the newest note
    done: list[int]  # targets done, by the day they were
    due: list[int]  # targets still open, by the day they are due
    words: str  # all that is drawn


@dataclass(frozen=True)
class Head:
    """Whose paper it is, of which plan, and how far that plan was."""

    service: str
    period: str  # “2025/26”
    state: str  # of PlanState: a paper made from a draft is never for a board viewer
    standing: str  # a sentence: “Approved by the board on 18 September 2025, and under way.”
    said: str  # what was said when it was approved
    as_of: str  # the day of the newest note: how fresh the progress is; or nothing
    course: Course
    is_fictional: bool
    logo: Logo | None
    rests_on: list[str]  # self-assessments whose totals it tells, with when they were shown


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
class DecidedData:
    """A statement or section that is a priority, or parked, with the reason."""

    code: str
    text: str
    level: str  # what was agreed, or the section's score
    reason: str
    targets: list[str]  # references of those that follow from it


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
    noted = [note.noted_on for target in targets for note in target.notes.all()]
    return Reading(
        plan=plan,
        today=today,
        head=head(plan, found, targets, max(noted, default=None)),
        results=found,
        levels=moved.read_levels(plan),
        targets=targets,
        roles={m.user_id: m.get_role_display() for m in plan.service.memberships.live()},
    )


def head(
    plan: ActionPlan,
    found: Results | None,
    targets: Iterable[Target],
    noted_on: dt.date | None,
) -> Head:
    return Head(
        service=plan.service.name,
        period=plan.period,
        state=plan.state,
        standing=standing(plan),
        said=plan.approval_said,
        as_of=day(noted_on),
        course=course(plan, list(targets), noted_on),
        is_fictional=plan.service.is_fictional,
        logo=logo(plan.service),
        rests_on=[mark(found.audit)] if found else [],
    )


def course(plan: ActionPlan, targets: list[Target], noted_on: dt.date | None) -> Course:
    """Where in the time of the plan its notes have got to, and when its targets fall due."""
    length = (plan.ends_on - plan.starts_on).days

    def place(on: dt.date) -> int:
        return min(max(round(100 * (on - plan.starts_on).days / length), 0), 100)

    acting = [one for one in targets if one.acts]
    done = [one.ended_on for one in acting if one.status == TargetStatus.DONE and one.ended_on]
    due = [one.due_on for one in acting if one.is_open and one.due_on]
    told = [
        f"The plan runs from {day(plan.starts_on)} to {day(plan.ends_on)}.",
        f"The newest note is of {day(noted_on)}." if noted_on else "",
        f"Done on {listed(done)}." if done else "",
        f"Still due on {listed(due)}." if due else "",
    ]
    return Course(
        first=date_format(plan.starts_on, "F Y"),
        last=date_format(plan.ends_on, "F Y"),
        ticks=[place(first) for first in months(plan.starts_on, plan.ends_on)],
        now=place(noted_on) if noted_on else None,
        done=sorted({place(on) for on in done}),
        due=sorted({place(on) for on in due}),
        words=" ".join(filter(None, told)),
    )


def months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first day of each month from one day to another."""
    found, on = [], first.replace(day=1)
    while on <= last:
        if on >= first:
            found.append(on)
        on = (on + dt.timedelta(days=31)).replace(day=1)
    return found


def listed(days: list[dt.date]) -> str:
    """Days in order, each once: “1 May 2026, 31 July 2026”."""
    return ", ".join(day(on) for on in sorted(set(days)))


def mark(audit: Audit) -> str:
    """What a paper keeps of a self-assessment whose totals it tells, to notice when it reopens."""
    shown = audit.totals_shown_at
    return f"{audit.pk} {shown.isoformat() if shown else ''}"


def logo(service: MusicService) -> Logo | None:
    one = ServiceLogo.objects.filter(service=service).first()
    if one is None:
        return None
    image = base64.b64encode(bytes(one.image)).decode()
    return Logo(f"data:image/png;base64,{image}", one.width, one.height, one.alt)


def standing(plan: ActionPlan) -> str:
    """How far the plan is, as a sentence."""
    match plan.state:
        case PlanState.DRAFT:
            return "A draft. It is not approved yet."
        case PlanState.WITH_GROUP:
            return "With the ED&I group. It is not approved yet."
    approved = f"Approved by {inside(plan.approver)} on {day(plan.approved_on)}"
    match plan.state:
        case PlanState.UNDER_WAY:
            return f"{approved}, and under way."
        case PlanState.CLOSED:
            closed = timezone.localdate(plan.closed_at) if plan.closed_at else None
            return f"{approved}, and closed on {day(closed)}."
    return f"{approved}."


def inside(name: str) -> str:
    """A name within a sentence: “The board” is “the board”."""
    return f"the {name[4:]}" if name.startswith("The ") else name


def day(date: dt.date | None) -> str:
    return date_format(date, "j F Y") if date else ""


def money(sum_: Decimal) -> str:
    """Pounds, and pence only where there are any: “£1,200”, “£12.50”."""
    return f"£{sum_:,.2f}".removesuffix(".00")


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


def priorities(reading: Reading) -> list[DecidedData]:
    """What was chosen, in the order of its rank, and which targets follow from it.

    Nothing before the totals are shown.
    """
    if reading.results is None:
        return []
    following: dict[int, list[str]] = {}
    for target in reading.targets:
        if target.priority_id:
            following.setdefault(target.priority_id, []).append(target.reference)
    return [
        decided(one, reading.results, following.get(one.pk, []))
        for one in decisions(reading).chosen().order_by("order", "pk")
    ]


def decisions(reading: Reading) -> PriorityQuerySet:
    audit = reading.plan.audit
    of_audit = Priority.objects.filter(audit=audit) if audit else Priority.objects.none()
    return of_audit.select_related("statement__section", "section")


def decided(one: Priority, found: Results | None, targets: list[str]) -> DecidedData:
    part = one.statement or one.section
    if part is None:
        raise ValueError("A priority is a statement or a section.")
    text = one.statement.text if one.statement else str(one.section)
    return DecidedData(
        part.code, text.removeprefix(f"{part.code} "), level(one, found), one.reason, targets
    )


def level(one: Priority, found: Results | None) -> str:
    """What was agreed of a statement, or what a section comes to."""
    if found is None:
        return ""
    if one.statement_id:
        return found.in_words(found.ratings.get(one.statement_id))
    score = next((s.score for s in found.scores.sections if s.section.pk == one.section_id), None)
    return "" if score is None or score.percent is None else f"{score.percent}%"


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
