"""The plan as a paper: each target with all of its parts, by area. Advice on wording stays out."""

from __future__ import annotations

from dataclasses import dataclass

from actionplans.papers.heads import Head
from actionplans.papers.parts import AreaOfPlan, Count, Reading, areas, counts


@dataclass(frozen=True)
class PlanPaperData:
    """Everything the plan says, for those who will work with it."""

    head: Head
    lead: str  # the plan in a sentence: “Five targets in three areas.”
    counts: list[Count]
    areas: list[AreaOfPlan]
    closing: str  # what was left to say when it was closed


def collect(reading: Reading) -> PlanPaperData:
    found = areas(reading)
    targets = [target for area in found for target in area.targets]
    return PlanPaperData(
        head=reading.head,
        lead=lead(found),
        counts=counts(targets),
        areas=found,
        closing=reading.plan.closing_said,
    )


def lead(found: list[AreaOfPlan]) -> str:
    """“5 targets in 3 areas, and 1 decision not to act.”"""
    acting = [len([one for one in area.targets if one.acts]) for area in found]
    targets, areas_ = sum(acting), sum(bool(one) for one in acting)
    decisions = sum(len(area.targets) for area in found) - targets
    told = [
        f"{many(targets, 'target')} in {many(areas_, 'area')}" if targets else "No targets yet",
        f"{many(decisions, 'decision')} not to act" if decisions else "",
    ]
    return f"{', and '.join(filter(None, told))}."


def many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
