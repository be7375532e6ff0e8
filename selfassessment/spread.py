"""What a group said, and no more than may be shown: the one place that decides.

Pages, downloads, reports and templates get group results from here and from nowhere else. What is
not surely allowed is not in what is returned, so nobody can show it by mistake.

- Nothing from fewer than 3 people. In an anonymous self-assessment what is split by role waits
  for 5 in the group; in a named one for 3. Comments split by role wait for 5 in both.
- Groups that are too small are joined; where the rest is still too small the smallest group that
  was large enough joins it, so that no difference between what is shown leaves fewer.
- Young people, parents and carers are a voice of their own, never mixed into the staff's spread;
  they are joined with each other alone.
- Only responses counted when the talk was opened enter, so nothing moves while one looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selfassessment.models import Audit, Level, RoleGroup, Statement

LEAST = 3  # people behind any group result
LEAST_BY_ROLE = 5  # people in a group whose comments, or anonymous ratings, are told apart


@dataclass(frozen=True)
class Lane:
    """One role group, or several joined, on one statement."""

    name: str  # “Tutors”, “Managers and council officers”
    people: int  # how many are in the group, whatever they said of this statement
    counts: Mapping[int, int]  # how many gave each level, by its number; every level is there
    dont_know: int
    not_applicable: int

    @property
    def rated(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Comment:
    """Words beside a rating, with the role only where five or more share it."""

    text: str
    evidence: str
    evidence_url: str
    role: str  # blank: not shown
    is_reason: bool  # why it does not apply, rather than a comment


@dataclass(frozen=True)
class Spread:
    """What was said of one statement. `low`, `high` and `middle` are the staff's, None if unrated.

    `middle` is the lower median: a level that somebody gave, the lower of the two in the middle.
    """

    statement: Statement
    lanes: tuple[Lane, ...]  # staff; together they are everybody counted
    families: tuple[Lane, ...]  # young people, parents and carers: their own voice
    counts: Mapping[int, int]
    dont_know: int
    not_applicable: int
    low: int | None
    high: int | None
    middle: int | None
    flagged: int  # how many want to discuss it
    comments: tuple[Comment, ...]

    @property
    def apart(self) -> int:
        """How many levels lie between the lowest and the highest rating."""
        return 0 if self.low is None or self.high is None else self.high - self.low


@dataclass(frozen=True)
class Talk:
    """A whole self-assessment as a group sees it, the widest disagreement first.

    Ordered by how far apart, then by how many do not know, then as asked.
    """

    audit: Audit
    levels: tuple[Level, ...]
    people: int  # staff whose ratings count
    family_people: int
    late: int  # handed in since, and waiting until there are enough to be taken in together
    spreads: tuple[Spread, ...]


@dataclass(frozen=True)
class Closed:
    """Why there is nothing to show, in words fit to show."""

    why: str


def joined(people: Mapping[RoleGroup, int], least: int) -> list[tuple[RoleGroup, ...]]:
    """Role groups put together so that each has `least` people or more; none if that cannot be.

    `people` says how many there are of each group. Groups large enough stand alone, the rest are
    joined, and take in the smallest of those while together they are too few.
    """
    there = {group: count for group, count in people.items() if count}
    alone = sorted((g for g in there if there[g] >= least), key=lambda g: there[g])
    rest = [group for group in there if there[group] < least]
    while rest and sum(there[g] for g in rest) < least and alone:
        rest.append(alone.pop(0))
    if rest and sum(there[g] for g in rest) < least:
        return []
    order = list(RoleGroup)
    lanes = [(group,) for group in alone] + ([tuple(sorted(rest, key=order.index))] if rest else [])
    return sorted(lanes, key=lambda lane: order.index(lane[0]))


def read(audit: Audit) -> Talk | Closed:
    """What may be shown of a self-assessment: a fixed number of queries, whatever its size."""
    raise NotImplementedError
