"""The statements of a talk, each with what is agreed of it by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selfassessment.models import Agreed, AgreedRating, Area
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
    names = {level.value: str(level) for level in talk.levels}
    agreed = {one.statement_id: one for one in talk.audit.agreed_ratings.agreed()}
    return [item(said, agreed.get(said.statement.pk), names) for said in talk.spreads]


def item(said: Spread, agreed: AgreedRating | None, names: Mapping[int, str]) -> Item:
    if agreed is None:
        return Item(said)
    if agreed.value is not None:
        return Item(said, names[agreed.value], agreed.reason)
    return Item(said, str(Agreed(agreed.answer).label), agreed.reason)
