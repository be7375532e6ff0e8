"""The plan as a paper: each target with all of its parts, by area. Advice on wording stays out."""

from __future__ import annotations

from dataclasses import dataclass

from actionplans.papers.parts import AreaOfPlan, Count, Head, Reading, areas, counts


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
        lead=lead(len(targets), len(found)),
        counts=counts(targets),
        areas=found,
        closing=reading.plan.closing_said,
    )


def lead(targets: int, areas_: int) -> str:
    if not targets:
        return "No targets yet."
    return f"{many(targets, 'target')} in {many(areas_, 'area')}."


def many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
