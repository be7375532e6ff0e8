"""What Today shows, whoever looks."""

from __future__ import annotations

from dataclasses import dataclass, field

from selfassessment import results


@dataclass(frozen=True)
class Next:
    """The one thing to do now."""

    title: str
    text: str
    url: str = ""
    action: str = ""
    number: str = ""


@dataclass(frozen=True)
class Stop:
    """A stop of the year. `state` is done, here or later."""

    label: str
    state: str
    note: str


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
