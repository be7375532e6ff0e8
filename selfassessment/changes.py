"""How one change of the history is told: who, when, how, and what became of the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

from selfassessment.differences import Piece, differences
from selfassessment.models import Section, Statement


class Kind(TextChoices):
    """What a line of the history is about."""

    AGREED = "agreed", "Agreed ratings"
    PRIORITY = "priority", "Priorities"
    RATING = "rating", "Ratings"
    STAGE = "stage", "Stages"


@dataclass(frozen=True)
class Line:
    """One change."""

    kind: Kind
    at: datetime
    who: str
    what: str
    part: Statement | Section | None = None
    how: str = ""
    was: str = ""  # what it said before; blank: it was not there
    now: str = ""
    words: tuple[Piece, ...] = ()

    @property
    def statement(self) -> Statement | None:
        return self.part if isinstance(self.part, Statement) else None


@dataclass(frozen=True)
class Person:
    """Somebody whose changes can be looked at by themselves, as an address names them."""

    key: str
    name: str


def words(was: str | None, now: str) -> tuple[Piece, ...]:
    """A text as it is, where it is the first; what became of it, where there was one before."""
    if was is None:
        return (Piece(now),) if now else ()
    return differences(was, now)
