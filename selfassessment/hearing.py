"""One statement as a group sees it: pure functions over how many said what, and what they wrote.

Who is heard, and as which lanes, is told by `groups`; the whole is read by `spread`, the only
module that asks for other people's ratings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from selfassessment.groups import Crowd, Place, Voice, name_of, signatures
from selfassessment.models import Answer, Statement


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
class Tally:
    """How many of one role group, taken in at one opening, said the same of one statement."""

    statement: int
    place: Place
    answer: str
    value: int | None
    people: int
    flagged: int


@dataclass(frozen=True)
class Words:
    """What somebody wrote beside a rating; `reason` only where it does not apply."""

    statement: int
    place: Place
    comment: str = ""
    evidence: str = ""
    evidence_url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Heard:
    """Who is heard, and how what they said of one statement is put together."""

    scale: tuple[int, ...]
    staff: Voice
    families: Voice
    own_words: bool  # one person rated and agreed: what they wrote is the service's

    def on(self, statement: Statement, said: Sequence[Tally], wrote: Sequence[Words]) -> Spread:
        staff = [one for one in said if one.place in self.staff.people]
        families = [one for one in said if one.place in self.families.people]
        whole = self.lane("", 0, staff)
        given = [level for level, count in whole.counts.items() for _ in range(count)]
        return Spread(
            statement=statement,
            lanes=self.lanes(self.staff, staff),
            families=self.lanes(self.families, families),
            counts=whole.counts,
            dont_know=whole.dont_know,
            not_applicable=whole.not_applicable,
            low=given[0] if given else None,
            high=given[-1] if given else None,
            middle=given[(len(given) - 1) // 2] if given else None,
            flagged=sum(one.flagged for one in (said if self.own_words else staff + families)),
            comments=self.comments(statement, staff + families, wrote),
        )

    def lanes(self, of: Voice, said: Sequence[Tally]) -> tuple[Lane, ...]:
        return tuple(
            self.lane(
                name_of(groups, only=len(of.lanes) == 1),
                of.size_of(groups),
                [one for one in said if one.place[1] in groups],
            )
            for groups in of.lanes
        )

    def lane(self, name: str, people: int, said: Sequence[Tally]) -> Lane:
        counts = Counter[int | str]()
        for one in said:
            counts[one.value if one.value is not None else one.answer] += one.people
        return Lane(
            name,
            people,
            {level: counts[level] for level in self.scale},
            dont_know=counts[Answer.DONT_KNOW],
            not_applicable=counts[Answer.NOT_APPLICABLE],
        )

    def comments(
        self, statement: Statement, said: Sequence[Tally], wrote: Sequence[Words]
    ) -> tuple[Comment, ...]:
        """In an order that follows from the words alone, and is another for each statement."""
        shown = [
            *self.signed([one for one in wrote if written(one)], said, is_reason=False),
            *self.signed([one for one in wrote if one.reason], said, is_reason=True),
        ]

        def shuffled(one: Comment) -> str:
            text = "\0".join((statement.code, one.text, one.evidence, one.evidence_url, one.role))
            return sha256(text.encode()).hexdigest()

        return tuple(sorted(shown, key=shuffled))

    def signed(
        self, wrote: Sequence[Words], said: Sequence[Tally], *, is_reason: bool
    ) -> Iterable[Comment]:
        if self.own_words:
            return [comment(one, "", is_reason=is_reason) for one in wrote]
        kind = {Answer.NOT_APPLICABLE} if is_reason else set(Answer)
        shown = []
        for opening in {one.place[0] for one in wrote}:
            people = self.staff.of_opening(opening) | self.families.of_opening(opening)
            here = [one for one in wrote if one.place[0] == opening and one.place[1] in people]
            roles = signatures(
                people,
                {group: self.crowd((opening, group)) for group in people},
                {
                    self.crowd(one.place)
                    for one in said
                    if one.place[0] == opening and one.answer in kind
                },
                {one.place[1] for one in here},
            )
            if roles is not None:
                shown += [comment(one, roles[one.place[1]], is_reason=is_reason) for one in here]
        return shown

    def crowd(self, place: Place) -> Crowd:
        return self.staff.crowds.get(place) or self.families.crowds[place]


def written(words: Words) -> bool:
    return bool(words.comment or words.evidence or words.evidence_url)


def comment(words: Words, role: str, *, is_reason: bool) -> Comment:
    if is_reason:
        return Comment(words.reason, "", "", role, is_reason=True)
    return Comment(words.comment, words.evidence, words.evidence_url, role, is_reason=False)
