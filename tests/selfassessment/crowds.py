"""Invented teams for the tests of privacy, and what they see, worked out without a database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import strategies as st

from selfassessment.models import (
    FAMILY_GROUPS,
    ROLE_GROUPS,
    Audit,
    Level,
    Privacy,
    Response,
    RoleGroup,
    Statement,
)
from selfassessment.talk import spread, talking
from selfassessment.talk.hearing import Tally, Words

STATEMENTS = [Statement(pk=n, code=f"A1.{n}", text=f"We have {n}.") for n in (1, 2, 3)]
LEVELS = tuple(Level(value=value, name=str(value)) for value in (0, 1, 2))
GROUPS = [RoleGroup(value) for value, _ in ROLE_GROUPS]


@dataclass(frozen=True)
class Said:
    """What one person says of one statement: a level, “dk”, “na” or nothing, and words."""

    choice: int | str = ""
    words: str = ""
    reason: str = ""
    flagged: bool = False


@dataclass
class Person:
    """Somebody who rates. `opening` is 0 until an opening counts them in."""

    number: int
    group: RoleGroup
    said: dict[int, Said]
    opening: int = 0
    told_as: RoleGroup | None = None  # what an anonymous talk keeps of the role

    @property
    def role(self) -> RoleGroup:
        return self.told_as or self.group

    @property
    def is_family(self) -> bool:
        return self.group in FAMILY_GROUPS

    @property
    def place(self) -> tuple[int, RoleGroup]:
        return self.opening, self.role

    def row(self) -> Response:
        return Response(
            pk=self.number, role_group=self.role, counted=bool(self.opening), opening=self.opening
        )


@dataclass
class Team:
    """A self-assessment: who hands in before which opening of the talk."""

    anonymous: bool
    batches: list[list[Person]]
    here: list[Person] = field(default_factory=list)
    audit: Audit = field(init=False)

    def __post_init__(self) -> None:
        self.audit = Audit(
            year=2026, privacy=Privacy.ANONYMOUS if self.anonymous else Privacy.NAMED
        )

    @property
    def people(self) -> list[Person]:
        return [person for batch in self.batches for person in batch]

    @property
    def least(self) -> int:
        return 5 if self.anonymous else 3

    def open(self, batch: list[Person]) -> None:
        """Another opening of the talk, as `open_talk` does it."""
        self.here = [*self.here, *batch]
        rows = [person.row() for person in self.here]
        number = talking.next_opening(rows)
        taken = talking.taken_in(rows, self.least)
        small = talking.untold(taken).items() if self.anonymous else ()
        becomes = {row.pk: joins for joins, few in small for row in few}
        for person in self.here:
            if person.number in {row.pk for row in taken}:
                person.opening = number
                person.told_as = becomes.get(person.number, person.role)

    def seen(self) -> spread.Talk:
        """What the talk shows of those who are counted in now."""
        counted = [person for person in self.here if person.opening]
        said = [(person, pk, one) for person in counted for pk, one in person.said.items()]
        tallies = Counter[object]()
        flagged = Counter[object]()
        for person, pk, one in said:
            answer = "level" if isinstance(one.choice, int) else one.choice
            value = one.choice if isinstance(one.choice, int) else None
            key = (pk, person.place, answer, value)
            tallies[key] += 1
            flagged[key] += one.flagged
        return spread.talk(
            self.audit,
            levels=LEVELS,
            statements=STATEMENTS,
            people=Counter(person.place for person in counted),
            tallies=[Tally(*key, people=n, flagged=flagged[key]) for key, n in tallies.items()],
            words=[
                Words(pk, person.place, one.words, reason=one.reason if one.choice == "na" else "")
                for person, pk, one in said
                if one.words or (one.reason and one.choice == "na")
            ],
            late=len(self.here) - len(counted),
        )


def looks(team: Team) -> list[spread.Talk]:
    """What is seen after each opening, from the first."""
    seen = []
    for person in team.people:
        person.opening, person.told_as = 0, None
    team.here = []
    for batch in team.batches:
        team.open(batch)
        seen.append(team.seen())
    return seen


@st.composite
def teams(draw: st.DrawFn) -> Team:
    """One to three batches of up to a dozen people in few or many groups, with ragged answers."""
    pool = draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=5, unique=True))
    numbers = iter(range(1, 999))
    batches = []
    for _ in range(draw(st.integers(1, 3))):
        sizes = [draw(st.integers(0, 7)) for _ in pool]
        silent = draw(st.sets(st.tuples(st.sampled_from(pool), st.sampled_from((1, 2, 3)))))
        groups = [group for group, size in zip(pool, sizes, strict=True) for _ in range(size)]
        batches.append([person(draw, next(numbers), group, silent) for group in groups])
    return Team(draw(st.booleans()), batches)


def person(
    draw: st.DrawFn, number: int, group: RoleGroup, silent: set[tuple[RoleGroup, int]]
) -> Person:
    """Words carry their writer's number, so that a test can tell whose they are."""
    said = {}
    for statement in STATEMENTS:
        if (group, statement.pk) in silent and draw(st.integers(0, 9)):
            continue
        said[statement.pk] = Said(
            draw(st.sampled_from((0, 1, 2, 2, "dk", "na", ""))),
            f"words of {number}" if draw(st.booleans()) else "",
            f"reason of {number}",
            draw(st.integers(0, 5)) == 0,
        )
    return Person(number, group, said)
