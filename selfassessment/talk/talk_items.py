"""The statements of a talk, each with what is agreed of it by now."""

from __future__ import annotations

from dataclasses import dataclass

from selfassessment.answers import in_words, names_of
from selfassessment.models import Area
from selfassessment.talk.spread import Spread, Talk


@dataclass(frozen=True)
class Item:
    """One statement. `agreed` is in words, “2 Developing” or “Parked”; blank: not agreed yet."""

    said: Spread
    agreed: str = ""
    why: str = ""

    @property
    def area(self) -> Area:
        return self.said.statement.section.area


def items(talk: Talk) -> list[Item]:
    """In the order of the talk: one query."""
    names = names_of(talk.levels)
    agreed = {one.statement_id: one for one in talk.audit.agreed_ratings.agreed()}
    return [
        Item(said, in_words(one, names), one.reason if one else "")
        for said in talk.spreads
        for one in [agreed.get(said.statement.pk)]
    ]
