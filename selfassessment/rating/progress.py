"""How far a response is: pure functions over what is asked and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from selfassessment.models import Answer, Area, Rating, Section, Statement


def is_complete(rating: Rating | None) -> bool:
    """Whether a statement needs nothing more: “not applicable” counts once it says why."""
    if rating is None or not rating.answer:
        return False
    return rating.answer != Answer.NOT_APPLICABLE or bool(rating.reason)


def worded(statement: Statement, *, plain: bool) -> str:
    """A statement as this reader is asked it."""
    return (plain and statement.plain_text) or statement.text


@dataclass(frozen=True)
class Item:
    """A statement, and what was said of it so far."""

    statement: Statement
    rating: Rating | None
    plain: bool = False  # shown in plain words, where it has them

    @property
    def text(self) -> str:
        return worded(self.statement, plain=self.plain)

    @property
    def done(self) -> bool:
        return is_complete(self.rating)

    @property
    def needs_reason(self) -> bool:
        return not self.done and bool(self.rating and self.rating.answer)

    @property
    def is_dont_know(self) -> bool:
        return self.rating is not None and self.rating.answer == Answer.DONT_KNOW

    @property
    def is_flagged(self) -> bool:
        return self.rating is not None and self.rating.discuss


@dataclass(frozen=True)
class Part:
    """A run of statements: a section, an area, or the whole."""

    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def marks(self) -> list[bool]:
        """Whether each statement is done, in the order asked."""
        return [item.done for item in self.items]

    @property
    def done(self) -> int:
        return sum(self.marks)

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def begun(self) -> bool:
        return any(item.rating and item.rating.answer for item in self.items)


@dataclass(frozen=True)
class SectionProgress(Part):
    section: Section


@dataclass(frozen=True)
class AreaProgress(Part):
    area: Area
    sections: tuple[SectionProgress, ...]


@dataclass(frozen=True)
class Progress(Part):
    """A whole response, by area and section, in the order asked."""

    areas: tuple[AreaProgress, ...]

    @property
    def blank(self) -> list[Item]:
        return [item for item in self.items if not item.done and not item.needs_reason]

    @property
    def without_reason(self) -> list[Item]:
        return [item for item in self.items if item.needs_reason]

    @property
    def dont_know(self) -> list[Item]:
        return [item for item in self.items if item.is_dont_know]

    @property
    def flagged(self) -> list[Item]:
        return [item for item in self.items if item.is_flagged]

    @property
    def next_item(self) -> Item | None:
        """Where to carry on: the first unfinished statement after the one saved last.

        Past the end it begins again; None when every statement is done.
        """
        saved = [(item.rating.saved_at, n) for n, item in enumerate(self.items) if item.rating]
        last = max(saved, default=(None, -1))[1]
        ahead = self.items[last + 1 :] + self.items[: last + 1]
        return next((item for item in ahead if not item.done), None)


def progress(
    statements: Iterable[Statement], ratings: Mapping[int, Rating], *, plain: bool = False
) -> Progress:
    """Lay out a response.

    `statements` come in order, with section and area (`Response.statements()`); `ratings` are
    keyed by statement id. `plain`: they are shown in plain words, where they have them.
    """
    items = tuple(Item(statement, ratings.get(statement.pk), plain) for statement in statements)
    areas = []
    for _, in_area in groupby(items, key=lambda item: item.statement.section.area_id):
        sections = [
            SectionProgress(tuple(run), run[0].statement.section)
            for run in (
                list(run) for _, run in groupby(in_area, key=lambda item: item.statement.section_id)
            )
        ]
        within = tuple(item for section in sections for item in section.items)
        areas.append(AreaProgress(within, sections[0].section.area, tuple(sections)))
    return Progress(items, tuple(areas))
