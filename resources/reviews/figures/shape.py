"""What a snapshot of figures holds. The page, the PDF and the Word file are made of this alone.

Every value is a text that is fit to print; `share`, `start` and `middle` are for drawing it, and
say no more than the texts do. What cannot be told has `NOT_SHOWN` for its value, and `note` says
why.
"""

from __future__ import annotations

from typing import TypedDict

NOT_SHOWN = "Not shown"


class Number(TypedDict):
    """One figure with what it counts."""

    key: str
    name: str  # “Music services linked with Changing Tracks”
    value: str  # “30”, “about 25”, or NOT_SHOWN
    definition: str
    counted: int | None  # what it stands on, such as services; rounded where `value` is
    note: str  # why it is not shown, or what to bear in mind


class Row(TypedDict):
    """A line of a table, with its bar: from `start` to `share`, and a mark at `middle`.

    These three are parts of the whole width, 0 to 1. No `share`: no bar. No `start`: from 0.
    """

    label: str
    values: list[str]  # one for each column but the first
    share: float | None
    start: float | None
    middle: float | None
    n: int | None  # what the row stands on; rounded where `values` are


class Chart(TypedDict):
    """A table that is drawn as bars. `rows` is empty where nothing can be told: `note` says why."""

    key: str
    title: str
    definition: str
    columns: list[str]  # of the labels, then of `values`
    rows: list[Row]
    total: list[str] | None  # one for each column but the first
    note: str


class Involved(TypedDict):
    """A music service in the list of who is involved: what the public directory says of it."""

    name: str
    authorities: list[str]
    since: int | None  # the year it first took part
    nwg: bool
    action_research: bool
    nurture_groups: bool
    is_new: bool  # this year is its first


class InvolvedRegion(TypedDict):
    region: str
    services: list[Involved]


class Own(TypedDict):
    """A figure that the team counted itself."""

    name: str
    value: str
    definition: str  # by whom, from what, up to which day


class Figures(TypedDict):
    """A snapshot. `taken_on` is empty where only the team's own figures are there yet."""

    taken_on: str  # “21 November 2026”
    from_on: str  # of the academic year: “1 September 2025”
    until_on: str  # its last day, or the day it was taken
    numbers: list[Number]
    charts: list[Chart]
    involved: list[InvolvedRegion]
    own: list[Own]
