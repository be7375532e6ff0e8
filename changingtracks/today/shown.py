"""What Today shows, whoever looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from selfassessment.glance import AreaAtAGlance
from selfassessment.models import Audit
from selfassessment.steps import Next, Stop


@dataclass(frozen=True)
class Row:
    """One line of a list: something that waits, or something that may be read."""

    title: str
    url: str
    note: str = ""
    more: str = ""  # a second note
    tag: str = ""  # the word for how it stands
    look: str = ""  # of the tag: full, bad, plain, or outlined


class Rank(IntEnum):
    """How pressing a thing is: the lowest comes first, whatever part of the portal it is from."""

    LATE = 0  # somebody's own, past its day
    RATE = 1  # one's own ratings to finish
    LEAD_TALK = 2  # a team waits for its leads
    ASKED = 3  # a review asked something of somebody
    SOON = 4  # one's own, due soon or quiet for long
    TALK = 5  # open to take part in
    LEAD_PLAN = 6  # the next step of a plan
    LEAD_RATING = 7  # under way; leads may help it on
    START = 8  # a year to begin
    READ = 9  # nothing to do: something to read
    WAIT = 10


@dataclass(frozen=True)
class Thing:
    """Something to do, as the one thing on the banner and as a line under it."""

    rank: Rank
    head: str  # the page's heading where this is the one thing
    next: Next
    row: Row
    order: int = 0  # within its rank, the lowest first

    @property
    def is_to_do(self) -> bool:
        return self.rank < Rank.READ


@dataclass(frozen=True)
class Levels:
    """What a service agreed last, area by area."""

    audit: Audit
    areas: list[AreaAtAGlance]


@dataclass(frozen=True)
class Today:
    title: str
    lead: str
    next: Next
    year: str = ""
    stops: list[Stop] = field(default_factory=list)
    overview: str = ""  # address of the year in full
    waiting: list[Row] = field(default_factory=list)
    coming: list[Row] = field(default_factory=list)
    reading: list[Row] = field(default_factory=list)
    programme: list[Row] = field(default_factory=list)
    last: Levels | None = None
