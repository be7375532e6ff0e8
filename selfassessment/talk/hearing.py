"""One statement as a group sees it: pure functions over how many said what, and what they wrote.

Who is heard, and as which lanes, is told by `groups`; the whole is read by `spread`, the only
module that asks for other people's ratings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from selfassessment.models import Answer, Statement
from selfassessment.talk.groups import Crowd, Place, Voice, signatures


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

    @property
    def cells(self) -> list[str]:
        """The lane as a line of a table: each level, those who gave none, and everybody."""
        numbers = [*self.counts.values(), self.dont_know, self.not_applicable, self.people]
        return [str(number) for number in numbers]  # a template would format each for its country

    @property
    def beside(self) -> str:
        return beside(self)

    @property
    def in_words(self) -> str:
        """What the drawing shows, for those who hear it: “Tutors: 2 gave 0, 1 gave 4”."""
        return f"{self.name}: {figures(self) or 'nobody rated this'}"


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

    @property
    def every_lane(self) -> tuple[Lane, ...]:
        return self.lanes + self.families

    @property
    def most_alike(self) -> int:
        """How many of one group gave the same level, at most: how large a dot can be drawn."""
        return max((n for lane in self.every_lane for n in lane.counts.values()), default=0)

    @property
    def in_words(self) -> str:
        return f"Lowest {self.low}, highest {self.high}, middle rating {self.middle}"


def figures(said: Lane | Spread) -> str:
    """How many gave which level, as a line: “2 gave 0, 1 gave 4, 1 don’t know”."""
    given = [f"{count} gave {level}" for level, count in said.counts.items() if count]
    return ", ".join(filter(None, [*given, beside(said)]))


def beside(said: Lane | Spread) -> str:
    """Those who gave no level, in a few words: “1 don’t know, 2 not applicable”."""
    others = ((said.dont_know, "don’t know"), (said.not_applicable, "not applicable"))
    return ", ".join(f"{count} {what}" for count, what in others if count)


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
        heard = [one for one in said if self.crowd(one.place)]
        lanes = self.lanes(self.staff, heard)
        counts = {level: sum(lane.counts[level] for lane in lanes) for level in self.scale}
        given = [level for level, count in counts.items() for _ in range(count)]
        return Spread(
            statement=statement,
            lanes=lanes,
            families=self.lanes(self.families, heard),
            counts=counts,
            dont_know=sum(lane.dont_know for lane in lanes),
            not_applicable=sum(lane.not_applicable for lane in lanes),
            low=given[0] if given else None,
            high=given[-1] if given else None,
            middle=given[(len(given) - 1) // 2] if given else None,
            flagged=sum(one.flagged for one in (said if self.own_words else heard)),
            comments=self.comments(statement, heard, wrote) if wrote else (),
        )

    def lanes(self, of: Voice, said: Sequence[Tally]) -> tuple[Lane, ...]:
        tallies = [Counter[int | str]() for _ in of.lanes]
        for one in said:
            if one.place in of.people:
                what = one.answer if one.value is None else one.value
                tallies[of.lane_of[one.place[1]]][what] += one.people
        return tuple(
            Lane(
                name,
                people,
                {level: tally[level] for level in self.scale},
                dont_know=tally[Answer.DONT_KNOW],
                not_applicable=tally[Answer.NOT_APPLICABLE],
            )
            for (name, people), tally in zip(of.named_lanes, tallies, strict=True)
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
        shown: list[Comment] = []
        by_crowd = [(crowd, one) for one in wrote if (crowd := self.crowd(one.place))]
        for opening in {crowd[0] for crowd, _ in by_crowd}:
            here = [(crowd, one) for crowd, one in by_crowd if crowd[0] == opening]
            roles = signatures(
                self.staff.crowds_of(opening) | self.families.crowds_of(opening),
                {crowd for one in said if one.answer in kind and (crowd := self.crowd(one.place))},
                {crowd for crowd, _ in here},
            )
            if roles is not None:
                shown += [comment(one, roles[crowd], is_reason=is_reason) for crowd, one in here]
        return shown

    def crowd(self, place: Place) -> Crowd | None:
        """Who comes into question for what was said there; None where they are not heard."""
        return self.staff.crowds.get(place) or self.families.crowds.get(place)


def written(words: Words) -> bool:
    return bool(words.comment or words.evidence or words.evidence_url)


def comment(words: Words, role: str, *, is_reason: bool) -> Comment:
    if is_reason:
        return Comment(words.reason, "", "", role, is_reason=True)
    return Comment(words.comment, words.evidence, words.evidence_url, role, is_reason=False)
