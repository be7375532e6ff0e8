"""What there is to agree: each statement with what was said of it and what is agreed by now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from selfassessment.answers import in_words, names_of
from selfassessment.models import AgreedRating, Audit, Level, Statement
from selfassessment.talk import spread
from selfassessment.talk.spread import Spread, Talk
from selfassessment.years.last_year import Earlier, last_year


@dataclass(frozen=True)
class Item:
    """One statement of the agenda. `said` is None where nothing may be shown."""

    statement: Statement
    said: Spread | None
    agreed: AgreedRating | None
    was: AgreedRating | None  # last year

    @property
    def done(self) -> bool:
        return self.agreed is not None and bool(self.agreed.answer)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show of what people said."""
        return self.said is not None and bool(
            self.said.lanes or self.said.families or self.said.comments
        )


@dataclass(frozen=True)
class Place:
    """Where on the agenda a statement is."""

    item: Item
    number: int
    before: Item | None
    after: Item | None


@dataclass(frozen=True)
class Agenda:
    """All statements in the order of the talk; as asked, where there is no talk to show."""

    audit: Audit
    levels: tuple[Level, ...]
    items: tuple[Item, ...]
    talk: Talk | None
    why_not: str  # why nothing is shown of what people said, where it is not
    earlier: Earlier | None

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def marks(self) -> list[bool]:
        return [item.done for item in self.items]

    @property
    def agreed(self) -> int:
        return sum(self.marks)

    @property
    def left(self) -> list[Item]:
        return [item for item in self.items if not item.done]

    @property
    def done(self) -> list[Item]:
        return [item for item in self.items if item.done]

    @cached_property
    def names(self) -> dict[int | None, str]:
        return names_of(self.levels)

    def in_words(self, agreed: AgreedRating | None) -> str:
        return in_words(agreed, self.names, nothing="Not agreed yet")

    @property
    def rows(self) -> list[tuple[Item, str]]:
        return [(item, self.in_words(item.agreed)) for item in self.done]

    def place(self, code: str) -> Place | None:
        """Where the statement of this code is; None where it is not asked."""
        at = next((n for n, one in enumerate(self.items) if one.statement.code == code), None)
        if at is None:
            return None
        before, after = self.items[:at], self.items[at + 1 :]
        return Place(
            self.items[at],
            at + 1,
            before[-1] if before else None,
            after[0] if after else None,
        )


def read(audit: Audit) -> Agenda:
    """The agenda of an audit: a fixed number of queries, whatever its size."""
    found = spread.read(audit)
    talk = found if isinstance(found, Talk) else None
    said = {one.statement.pk: one for one in talk.spreads} if talk else {}
    statements = [one.statement for one in talk.spreads] if talk else list(audit.statements())
    agreed = {one.statement_id: one for one in audit.agreed_ratings.all()}
    earlier = last_year(audit)
    was = earlier.said if earlier else {}
    return Agenda(
        audit=audit,
        levels=talk.levels if talk else tuple(audit.levels()),
        items=tuple(
            Item(one, said.get(one.pk), agreed.get(one.pk), was.get(one.pk)) for one in statements
        ),
        talk=talk,
        why_not="" if isinstance(found, Talk) else found.why,
        earlier=earlier,
    )
