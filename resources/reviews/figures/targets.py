"""Targets of action plans by plan area: newly set, carried forward, met."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from actionplans.models import AGREED_STATES, ActionPlan, Target
from actionplans.models.target import TargetQuerySet
from resources.reviews.figures.memory import Memory, Told
from resources.reviews.figures.shape import NOT_SHOWN, Chart, Number, Row
from resources.reviews.figures.telling import Part, Parts, Telling, each, split
from resources.reviews.figures.window import Window
from resources.reviews.figures.words import ROUNDED, TOO_FEW, number
from selfassessment.models import PlanArea

ALL = "all"
PLANS = "plans"
COLUMNS = {
    "set": (
        "Targets set",
        "Targets in plans that were approved {when}, without those of an earlier plan.",
    ),
    "carried": (
        "Targets carried forward",
        "Targets in the same plans that were unfinished in an earlier plan and taken up again.",
    ),
    "met": (
        "Targets met",
        "Targets of approved plans that were done on a day {when}, whenever they were set.",
    ),
}


def open_books() -> frozenset[int]:
    """The services that tell of a plan in public themselves."""
    return frozenset(ActionPlan.objects.published().values_list("service", flat=True))


def plans(window: Window, memory: Memory, all_services: Parts, in_public: frozenset[int]) -> Number:
    """How many services have a plan that was approved in the year."""
    approved = ActionPlan.objects.agreed().filter(
        approved_on__range=window.days, service__is_fictional=False
    )
    those = each(approved.values_list("service", flat=True))
    told = memory.tell(
        PLANS,
        [] if those >= all_services else [[Telling("", those)]],
        beside=[[all_services]],
        known=in_public,
    )
    return number(
        "plans",
        "Music services with an action plan approved",
        told,
        f"Music services with an action plan that was approved {window.in_words}. {ROUNDED}",
    )


def read(window: Window, memory: Memory, in_public: frozenset[int]) -> dict[str, Told]:
    """What may be told of each column, by plan area and in all: a query for each."""
    return {
        column: memory.tell(
            f"targets:{column}", split(by_area(targets), ALL) if targets else [], known=in_public
        )
        for column, targets in found(window).items()
    }


def found(window: Window) -> dict[str, list[Part]]:
    """The targets of each column: how many each service has in each area."""
    real = Target.objects.filter(plan__service__is_fictional=False, plan__state__in=AGREED_STATES)
    written = real.filter(plan__approved_on__range=window.days, no_action_reason="")
    return {
        "set": parts(written.filter(carried_from=None)),
        "carried": parts(written.exclude(carried_from=None)),
        "met": parts(real.done().filter(ended_on__range=window.days)),
    }


def parts(targets: TargetQuerySet) -> list[Part]:
    rows = targets.values_list("plan__service", "area").annotate(n=Count("pk")).order_by()
    return [(service, n, PlanArea.values.index(area)) for service, area, n in rows]


def by_area(rows: Iterable[Part]) -> dict[str, Parts]:
    """The parts of each plan area, those that have none among them."""
    rows = list(rows)
    return {
        str(place): frozenset(one for one in rows if one[2] == place)
        for place in range(len(PlanArea))
    }


def numbers(window: Window, told: dict[str, Told]) -> list[Number]:
    return [
        number(
            f"targets_{column}",
            name,
            told[column],
            f"{definition.format(when=window.in_words)} {ROUNDED}",
            row=ALL,
        )
        for column, (name, definition) in COLUMNS.items()
    ]


def chart(window: Window, told: dict[str, Told]) -> Chart:
    """The three columns by plan area. The bar is of the first."""
    first, *_ = told.values()
    areas = {row: first.rows[row] for row in first.rows if row != ALL}
    most = max(areas.values(), default=0)
    is_told = any(column.rows for column in told.values())
    return Chart(
        key="targets",
        title="Targets by plan area",
        definition=f"What became of targets {window.in_words}: newly set in plans that were "
        f"approved, carried forward into them, and met. {ROUNDED} So rows need not add up to the "
        "total. The bar is of targets set.",
        columns=["Plan area", "Set", "Carried forward", "Met"],
        rows=[
            Row(
                label=str(area.label),
                values=[cell(column, str(place)) for column in told.values()],
                share=areas[str(place)] / most if str(place) in areas else None,
                start=None,
                middle=None,
                n=areas.get(str(place)),
            )
            for place, area in enumerate(PlanArea)
        ]
        if is_told
        else [],
        total=[cell(column, ALL) for column in told.values()] if is_told else None,
        note=note(told) if is_told else f"{NOT_SHOWN}: it could tell {TOO_FEW}",
    )


def cell(column: Told, row: str) -> str:
    return f"{column.rows[row]:,}" if row in column.rows else NOT_SHOWN


def note(told: dict[str, Told]) -> str:
    whole = all(len(column.rows) == len(PlanArea) + 1 for column in told.values())
    return (
        ""
        if whole
        else f"“{NOT_SHOWN}” where a figure, or what is left of a total, could tell {TOO_FEW}"
    )
