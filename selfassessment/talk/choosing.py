"""What a service may act on this year, and what is decided so far: read for the page that asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from selfassessment.answers import in_words, names_of
from selfassessment.models import (
    Agreed,
    AgreedRating,
    Audit,
    Priority,
    Section,
    Standing,
    Statement,
)
from selfassessment.scoring import Scale
from selfassessment.talk import spread
from selfassessment.years.last_year import Earlier, last_year

FEWEST, MOST = 3, 5  # priorities a service can act on in a year
WIDE = 2  # levels apart, from which views differ enough to be offered
AT_ONCE = 8  # of those, offered without unfolding


@dataclass(frozen=True)
class Before:
    """What was decided of a part last year."""

    year: str
    standing: str
    reason: str


@dataclass(frozen=True)
class Option:
    """A statement or section that may be acted on, and why it is offered."""

    part: Statement | Section
    now: Priority | None
    before: Before | None
    agreed: AgreedRating | None = None
    level: str = ""  # in words
    is_low: bool = False  # below the middle of the scale, so it has to be decided
    is_covered: bool = False  # its whole section is decided
    low: int = 0  # of a section, how many statements are low
    apart: int = 0
    flagged: int = 0

    @property
    def key(self) -> str:
        """What fields of a page call it: s12 is a statement, x3 a section."""
        return f"{'s' if isinstance(self.part, Statement) else 'x'}{self.part.pk}"

    @property
    def name(self) -> str:
        return self.part.text if isinstance(self.part, Statement) else self.part.name

    @property
    def standing(self) -> str:
        return self.now.standing if self.now else ""

    @property
    def reason(self) -> str:
        return self.now.reason if self.now else ""

    @property
    def is_open(self) -> bool:
        """Whether it has to be decided and is not yet."""
        return self.is_low and not self.standing and not self.is_covered


@dataclass(frozen=True)
class Group:
    """Options that are offered for the same reason. What does not matter first is folded."""

    title: str
    text: str
    options: list[Option]
    folded: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class Choosing:
    """All that a service can act on, and what it decided so far."""

    audit: Audit
    options: tuple[Option, ...]  # statements, then sections, in the order asked

    @cached_property
    def chosen(self) -> list[Option]:
        chosen = [one for one in self.options if one.standing == Standing.CHOSEN]
        return sorted(chosen, key=lambda one: one.now.order if one.now else 0)

    @cached_property
    def parked(self) -> list[Option]:
        return [one for one in self.options if one.standing == Standing.PARKED]

    @cached_property
    def open(self) -> list[Option]:
        """Below the middle of the scale, and neither chosen nor parked: nothing is forgotten."""
        return [one for one in self.options if one.is_open]

    @property
    def not_agreed(self) -> list[Option]:
        """Statements on which there is no agreed rating."""
        return [
            one
            for one in self.options
            if isinstance(one.part, Statement) and not (one.agreed and one.agreed.answer)
        ]

    @cached_property
    def groups(self) -> list[Group]:
        """What is not chosen, each part in the first group that it fits."""
        rest = [one for one in self.options if one.standing != Standing.CHOSEN]
        parked = [one for one in rest if one.standing]
        rest = [one for one in rest if not one.standing]
        statements = [one for one in rest if isinstance(one.part, Statement)]
        back = [one for one in rest if one.before]
        low = [one for one in statements if one.is_low and not one.before]
        beside = [one for one in statements if not one.is_low and not one.before]
        wide = [one for one in beside if one.apart >= WIDE]
        wide.sort(key=lambda one: -one.apart)
        flagged = [one for one in beside if one.apart < WIDE and one.flagged]
        sections = [one for one in rest if isinstance(one.part, Section) and not one.before]
        year = back[0].before.year if back and back[0].before else ""
        groups = [
            Group(f"From {year}", "Chosen or parked last time, and not decided this year.", back),
            Group("Gaps", "Agreed below the middle of the scale. Choose or park each.", low),
            Group(
                "Where views differ most",
                "The widest first. You may act on them whatever was agreed.",
                wide[:AT_ONCE],
                wide[AT_ONCE:],
            ),
            Group("Flagged to discuss", "Somebody asked to talk about these.", flagged),
            Group("Whole sections", "Choose one to act on all of it.", [], sections),
            Group("Parked", "They come back next year, with the reason.", parked),
        ]
        return [group for group in groups if group.options or group.folded]


def read(audit: Audit, *, with_talk: bool) -> Choosing:
    """Everything that may be chosen. Where views differ is in it only for those who may see."""
    levels = tuple(audit.levels())
    names = names_of(levels)
    low_levels = Scale(tuple(level.value for level in levels)).low
    agreed = {one.statement_id: one for one in audit.agreed_ratings.all()}
    decided = {(one.statement_id, one.section_id): one for one in audit.priorities.decided()}
    back = coming_back(last_year(audit))
    talk = spread.read(audit) if with_talk else None
    spreads = (
        {one.statement.pk: one for one in talk.spreads} if isinstance(talk, spread.Talk) else {}
    )
    statements: list[Option] = []
    sections: dict[int, Section] = {}
    low_in: dict[int, int] = {}
    for statement in audit.statements():
        section = sections.setdefault(statement.section_id, statement.section)
        said, heard = agreed.get(statement.pk), spreads.get(statement.pk)
        is_low = said is not None and said.value in low_levels
        low_in[section.pk] = low_in.get(section.pk, 0) + is_low
        statements.append(
            Option(
                part=statement,
                now=decided.get((statement.pk, None)),
                before=back.get((statement.pk, None)),
                agreed=said,
                level=in_words(said, names, nothing="Not agreed"),
                is_low=is_low,
                is_covered=(None, section.pk) in decided,
                apart=heard.apart if heard else 0,
                flagged=heard.flagged if heard else 0,
            )
        )
    wholes = [
        Option(
            part=section,
            now=decided.get((None, pk)),
            before=back.get((None, pk)),
            low=low_in[pk],
        )
        for pk, section in sections.items()
    ]
    return Choosing(audit, (*statements, *wholes))


def coming_back(earlier: Earlier | None) -> dict[tuple[int | None, int | None], Before]:
    """What was chosen or parked last year, by statement and section."""
    if earlier is None:
        return {}
    year = earlier.year_name
    back: dict[tuple[int | None, int | None], Before] = {
        (pk, None): Before(year, "parked", one.reason)
        for pk, one in earlier.said.items()
        if one.answer == Agreed.PARKED
    }
    # On another edition what goes on has another number now.
    now = {one.statement_id: pk for pk, one in earlier.said.items()}
    for one in Priority.objects.decided().filter(audit=earlier.audit):
        standing = "a priority" if one.standing == Standing.CHOSEN else "parked"
        place = one.statement_id and now.get(one.statement_id, one.statement_id)
        back[place, one.section_id] = Before(year, standing, one.reason)
    return back
