"""What Today shows, whoever looks."""

from __future__ import annotations

from dataclasses import dataclass, field

from selfassessment import results
from selfassessment.steps import Next, Stop


@dataclass(frozen=True)
class Row:
    """One line of a list: something that waits, or something that may be read."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Today:
    title: str
    lead: str
    next: Next
    year: str = ""
    stops: list[Stop] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    programme: list[Row] = field(default_factory=list)
    last: results.Results | None = None
