"""What people were told is saved, and whether it is there. Standard library only."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Save:
    """One version of one person's rating of one statement."""

    respondent: int
    statement: int
    version: int
    choice: str  # “3”, “dk”, “na”, as the page's radio buttons have it
    comment: str


def lost(told: Iterable[Save], history: set[Save], now: Iterable[Save]) -> list[Save]:
    """Those told as saved that the history does not have as they were, or that the row is behind
    or contradicts."""
    rows = {(row.respondent, row.statement): row for row in now}
    return [save for save in told if save not in history or not stands(save, rows)]


def stands(save: Save, rows: dict[tuple[int, int], Save]) -> bool:
    row = rows.get((save.respondent, save.statement))
    return row is not None and (row == save or row.version > save.version)


def unasked(told: Iterable[Save], history: set[Save]) -> set[Save]:
    """What was written though nobody was told so: twice, or at somebody else's place."""
    return history - set(told)


@dataclass(frozen=True)
class Figures:
    """Of some answers, in milliseconds."""

    count: int
    median: float
    p95: float
    p99: float
    slowest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Figures":
        ordered = [1000 * one for one in sorted(seconds)]

        def at(share: float) -> float:
            return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan

        return cls(len(ordered), at(0.5), at(0.95), at(0.99), at(1))
