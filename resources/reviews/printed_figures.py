"""The figures of a review as they are printed: numbers, drawn tables, and who is involved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resources.templatetags.printed import Service

Data = dict[str, Any]
IN_A_LINE = 4  # numbers
LABEL, TABLE = 50.0, 166.0  # mm of a chart: the names of its rows, and all of it
TRACK, SHORTEST_TRACK = 70.0, 38.0
VALUE = 21.0  # mm of a column of values


@dataclass(frozen=True)
class Counted:
    """How a number was counted."""

    name: str
    value: str
    definition: str
    note: str
    counted: str  # what it stands on


@dataclass(frozen=True)
class ChartTable:
    """A chart and its table in one: where rows have a bar, it is drawn beside the first value."""

    anchor: str
    title: str
    definition: str
    note: str
    columns: list[str]
    rows: list[Data]
    total: list[str]
    is_drawn: bool
    track: float  # mm
    widths: list[float]  # mm of each column


@dataclass(frozen=True)
class Year:
    year: int
    new: int
    so_far: int


@dataclass(frozen=True)
class PrintedFigures:
    """A snapshot, ready to be laid out."""

    taken: str  # “21 November 2026, from 1 September 2025 until 31 August 2026”
    few: list[Data]
    lines: list[list[Data]]  # numbers, so many to a line
    counted: list[Counted]
    charts: list[ChartTable]
    regions: list[Data]
    services: list[Service]  # those with a year, the first first
    years: list[Year]
    involved: int
    is_any_new: bool


def read(figures: Data) -> PrintedFigures | None:
    """None where no snapshot was taken."""
    if not figures:
        return None
    own = [{**one, "counted": None, "note": ""} for one in figures["own"]]
    numbers = [*figures["numbers"], *own]
    regions = [one for one in figures["involved"] if one["services"]]
    services = since(regions)
    return PrintedFigures(
        taken=taken(figures),
        few=figures["numbers"][:IN_A_LINE],
        lines=[numbers[at : at + IN_A_LINE] for at in range(0, len(numbers), IN_A_LINE)],
        counted=[
            Counted(
                one["name"],
                one["value"],
                one["definition"],
                one["note"],
                "–" if one["counted"] is None else str(one["counted"]),
            )
            for one in numbers
        ],
        charts=[chart(number, one) for number, one in enumerate(figures["charts"], start=1)],
        regions=[{**one, "count": len(one["services"])} for one in regions],
        services=services,
        years=years(services),
        involved=sum(len(one["services"]) for one in regions),
        is_any_new=any(one["is_new"] for region in regions for one in region["services"]),
    )


def taken(figures: Data) -> str:
    if not figures["taken_on"]:
        return ""
    return f"{figures['taken_on']}, for {figures['from_on']} to {figures['until_on']}"


def chart(number: int, data: Data) -> ChartTable:
    is_drawn = any(one["share"] is not None for one in data["rows"])
    values = len(data["columns"]) - 1
    track, widths = measures(values, is_drawn=is_drawn)
    return ChartTable(
        anchor=f"chart{number}",
        title=data["title"],
        definition=data["definition"],
        note=data["note"],
        columns=data["columns"],
        rows=data["rows"],
        total=data["total"] or [],
        is_drawn=is_drawn,
        track=track,
        widths=widths,
    )


def measures(values: int, *, is_drawn: bool) -> tuple[float, list[float]]:
    """How long the tracks of a table are, and how wide each of its columns is, in millimetres."""
    if not values:
        return 0, [TABLE]
    if not is_drawn:
        wide = min(VALUE * 1.6, (TABLE - LABEL) / values)
        return 0, [TABLE - wide * values, *([wide] * values)]
    track = max(SHORTEST_TRACK, min(TRACK, TABLE - LABEL - VALUE * values))
    wide = (TABLE - LABEL - track) / values
    return track, [LABEL, track + wide, *([wide] * (values - 1))]


def since(regions: Sequence[Data]) -> list[Service]:
    """The services whose first year is known, in the order they came."""
    known = [
        (one["since"], not one["action_research"], one["name"], one)
        for region in regions
        for one in region["services"]
        if one["since"] is not None
    ]
    return [
        Service(since=year, is_new=one["is_new"], action_research=one["action_research"])
        for year, _, _, one in sorted(known, key=lambda found: found[:3])
    ]


def years(services: Sequence[Service]) -> list[Year]:
    found, so_far = [], 0
    came = [one["since"] for one in services]
    for year in sorted(set(came)):
        so_far += came.count(year)
        found.append(Year(year, came.count(year), so_far))
    return found
