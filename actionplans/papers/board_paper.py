"""The board paper: two pages that ask for something, and say what it rests on.

Only what the service agreed is in it: no spread, no comment, nobody's name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from actionplans.models import Paper, PaperKind, PlanState, Target
from actionplans.papers.decided import DecidedData, decisions, priorities
from actionplans.papers.heads import Head, day, money
from actionplans.papers.parts import (
    ADDED,
    Count,
    Reading,
    TargetData,
    TrackData,
    counts,
    no_levels,
    target_data,
)
from actionplans.papers.plan_paper import many
from actionplans.progress import Standing
from selfassessment.models import Scope
from selfassessment.reports import Figures, figures
from selfassessment.results import Results

# What a board wants to see first; the rest in the order of the plan.
FIRST = {
    standing: place
    for place, standing in enumerate(
        (
            *(Standing.LATE, Standing.OFF_COURSE, Standing.AT_RISK, Standing.STALLED),
            *(Standing.NOT_BEGUN, Standing.ON_COURSE, Standing.DONE),
            *(Standing.DROPPED, Standing.NOT_ACTING),
        )
    )
}
NEEDS_HELP = (Standing.LATE, Standing.OFF_COURSE)


@dataclass(frozen=True)
class LevelsData:
    """Where the service is, as agreed: the areas, and the whole. From 0 to 100 per cent."""

    year: str
    earlier: str  # “2024/25”, where the same questionnaire was asked before; or nothing
    questionnaire: str
    headline: str  # “53% of the way, up 13”
    counts: str
    whole: Figures
    areas: list[Figures]
    is_quick: bool


@dataclass(frozen=True)
class Row:
    """A target in a row of the table."""

    reference: str
    title: str
    priority: str  # code of what was chosen, or nothing
    measure: str
    who: str  # by role
    by: str
    standing: str
    look: str
    track: TrackData | None
    since_approval: str


@dataclass(frozen=True)
class Since:
    """What changed, and since when. The lines are complete: a paper shows as many as fit."""

    title: str  # “Since the board approved the plan on 18 September 2025”
    lines: list[str]


@dataclass(frozen=True)
class CostData:
    total: str  # “£4,200”, or nothing
    words: str
    funding: list[str]  # “Training budget (WD-1, WD-2)”


@dataclass(frozen=True)
class RiskData:
    """What may stand in the way of one target."""

    reference: str
    text: str


@dataclass(frozen=True)
class BoardPaperData:
    """Everything a board paper can say, whole; `board_sizes.cut` leaves what fits on two pages."""

    head: Head
    asked: list[str]  # “approve the plan: five targets in three areas”
    levels: LevelsData | None
    no_levels: str  # why there are none, in a sentence
    priorities: list[DecidedData]  # what was chosen to act on, and why
    parked: int  # how much waits until next year
    counts: list[Count]
    targets: list[Row]  # those that need the board come first
    not_acting: int
    since: Since
    cost: CostData
    risks: list[RiskData]
    next_steps: list[str]
    standings: dict[str, str]  # by reference: what the next paper is compared with


def collect(reading: Reading) -> BoardPaperData:
    """Put together the paper, set against the one before it where there is one."""
    now = put_together(reading)
    earlier = last_one(reading, now)
    return replace(now, since=since(reading, earlier)) if earlier else now


def put_together(reading: Reading) -> BoardPaperData:
    targets = [target_data(target, reading) for target in reading.targets]
    acting = [one for one in targets if one.acts]
    return BoardPaperData(
        head=reading.head,
        asked=asked(reading, acting),
        levels=levels(reading.results) if reading.results else None,
        no_levels="" if reading.results else no_levels(reading.plan),
        priorities=priorities(reading),
        parked=decisions(reading).parked().count() if reading.results else 0,
        counts=counts(acting),
        targets=[row(one) for one in sorted(acting, key=urgency)],
        not_acting=len(targets) - len(acting),
        since=since(reading),
        cost=cost(reading.targets),
        risks=[RiskData(one.reference, one.barriers) for one in acting if has_risk(one)],
        next_steps=next_steps(reading),
        standings={one.reference: one.standing for one in targets},
    )


def urgency(target: TargetData) -> int:
    return FIRST[Standing(target.standing)]


def has_risk(target: TargetData) -> bool:
    return bool(target.barriers) and target.standing not in {Standing.DONE, Standing.DROPPED}


def row(target: TargetData) -> Row:
    return Row(
        reference=target.reference,
        title=target.title,
        priority=target.priority,
        measure=target.measure or target.aim,
        who=target.who,
        by=target.by,
        standing=target.standing,
        look=target.look,
        track=target.track,
        since_approval=target.since_approval,
    )


def asked(reading: Reading, acting: list[TargetData]) -> list[str]:
    """What the board is asked to do, from where the plan is."""
    areas = len({one.area for one in acting})
    size = f"{many(len(acting), 'target')} in {many(areas, 'area')}"
    spend = cost(reading.targets).total
    match reading.plan.state:
        case PlanState.DRAFT | PlanState.WITH_GROUP:
            wanted = [
                "note the levels the service has agreed" if reading.results else "",
                f"approve the plan, {size}" if acting else "say what the plan should hold",
                f"agree what it costs, {spend}" if spend else "",
                "ask for a paper like this one each term",
            ]
        case PlanState.CLOSED:
            wanted = [
                f"note what became of {size}",
                "say what goes on into the next plan",
            ]
        case _:
            wanted = asked_of_agreed(acting, size)
    return [one for one in wanted if one]


def asked_of_agreed(acting: list[TargetData], size: str) -> list[str]:
    late = [one.reference for one in acting if one.standing in NEEDS_HELP]
    changed = [one.reference for one in acting if one.since_approval]
    return [
        f"note where {size} stand{'s' if len(acting) == 1 else ''}",
        f"say how it can help with {few(late)}" if late else "",
        f"agree what changed since it approved the plan: {few(changed)}" if changed else "",
        "ask for the next paper in a term",
    ]


def few(references: list[str], most: int = 4) -> str:
    """“WD-1, WD-2 and 3 more”."""
    if len(references) > most:
        return f"{', '.join(references[:most])} and {len(references) - most} more"
    return " and ".join([", ".join(references[:-1]), references[-1]]).removeprefix(" and ")


def levels(found: Results) -> LevelsData:
    return LevelsData(
        year=found.audit.year_name,
        earlier=found.earlier.year_name if found.earlier else "",
        questionnaire=str(found.audit.questionnaire),
        headline=found.headline,
        counts=found.counts,
        whole=figures("All areas", found.scores),
        areas=[figures(area.area.name, area) for area in found.scores.areas],
        is_quick=found.audit.scope == Scope.QUICK,
    )


def cost(targets: Iterable[Target]) -> CostData:
    """What it all takes, of the targets the service acts on."""
    acting = [one for one in targets if one.acts]
    given = [one.cost for one in acting if one.cost is not None]
    unknown = len(acting) - len(given)
    payers: dict[str, list[str]] = {}
    for one in acting:
        if one.funding:
            payers.setdefault(one.funding, []).append(one.reference)
    funding = [f"{payer} ({', '.join(references)})" for payer, references in payers.items()]
    if not given:
        return CostData("", "No cost is written down for any target." if acting else "", funding)
    total = money(sum(given, Decimal(0)))
    words = f"{total} in all, for {many(len(given), 'target')}."
    if unknown:
        words += (
            f" {many(unknown, 'target')} {'has' if unknown == 1 else 'have'} no cost written down."
        )
    return CostData(total, words, funding)


def since(reading: Reading, earlier: Mapping[str, Any] | None = None) -> Since:
    """What changed since the last paper; since the approval where there was none."""
    plan, targets = reading.plan, [target_data(one, reading) for one in reading.targets]
    if not plan.is_approved:
        return Since("Before approval", [])
    changed = [
        f"{one.reference} was added." if one.since_approval == ADDED else reworded(one)
        for one in targets
        if one.since_approval
    ]
    if earlier is None:
        return Since(f"Since the plan was approved on {day(plan.approved_on)}", changed)
    before = earlier["standings"]
    moved = [
        f"{one.reference}: {stood(before[one.reference])} then, {stood(one.standing)} now."
        for one in targets
        if one.reference in before and before[one.reference] != one.standing
    ]
    told = set(earlier["since"]["lines"])
    added = [f"{one.reference} was added." for one in targets if one.reference not in before]
    new = [line for line in changed if line not in told and line not in added]
    return Since(f"Since the paper of {earlier['made_on']}", [*moved, *added, *new])


def stood(standing: str) -> str:
    return standing[0].lower() + standing[1:]


def reworded(target: TargetData) -> str:
    """“WD-2: due is 31 July 2026, was 31 May 2026.” Of a longer wording only that it changed."""
    parts = []
    for one in target.changes:
        label = one.label[0].lower() + one.label[1:]
        if len(one.was) + len(one.now) > SHORT:
            parts.append(f"{label} was worded anew")
        elif not one.was:
            parts.append(f"{label} is now “{one.now}”")
        elif not one.now:
            parts.append(f"{label} was “{one.was}”, and is left out")
        else:
            parts.append(f"{label} is now “{one.now}”, was “{one.was}”")
    return f"{target.reference}: {'; '.join(parts)}."


SHORT = 60  # characters of a wording, before and after together, that a line can take


def next_steps(reading: Reading) -> list[str]:
    """What comes next, with its day: reviews, the next milestones, the end of the plan."""
    today, plan = reading.today, reading.plan
    if plan.state == PlanState.CLOSED:
        return ["The next self-assessment shows what moved."]
    steps: list[tuple[dt.date, str]] = [
        (review.held_on, f"{review.name}: the ED&I group goes through the plan")
        for review in plan.reviews.open()
        if review.held_on >= today
    ]
    for target in reading.targets:
        if not (target.acts and target.is_open):
            continue
        steps += [
            (one.due_on, f"{target.reference}: {one.text}")
            for one in target.milestones.all()
            if one.due_on and not one.done_on and one.due_on >= today
        ]
        if target.due_on and target.due_on >= today:
            steps.append((target.due_on, f"{target.reference} is due"))
    if plan.ends_on >= today:
        steps.append((plan.ends_on, "The plan ends, and the next self-assessment shows what moved"))
    return [f"{day(on)}: {what}." for on, what in sorted(steps, key=lambda one: one[0])]


def last_one(reading: Reading, now: BoardPaperData) -> dict[str, Any] | None:
    """The newest paper of an earlier day that says something else, with its day as `made_on`.

    One that says the same is passed over, so that asking again gives the same paper.
    """
    made = Paper.objects.ready().filter(plan=reading.plan, kind=PaperKind.BOARD_PAPER)
    before = made.filter(finished_at__date__lt=reading.today).order_by("-finished_at", "-pk")
    says = {**asdict(now), "since": None}
    for finished_at, data in before.values_list("finished_at", "data"):
        if {**data, "since": None} != says:
            return {**data, "made_on": day(timezone.localdate(finished_at))}
    return None
