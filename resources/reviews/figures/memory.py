"""What was told of a year so far, and telling what may be told now.

What is told together is a family: a table with its total, or a figure by itself. `telling.py` has
the rule that decides; this reads and writes what it decides by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from resources.models import ToldFigure
from resources.reviews.figures.telling import Parts, Telling, first_to_tell


@dataclass(frozen=True)
class Told:
    """The rows of a family that are told, rounded, and since when they are as they are.

    The day is that of the telling, whether or not anything changed since: it gives nothing away.
    """

    rows: dict[str, int] = field(default_factory=dict)
    at: datetime | None = None

    @property
    def day(self) -> str:
        return date_format(timezone.localtime(self.at), "j F Y") if self.at else ""


class Memory:
    """All that was told of one year. Read once, then asked for one family after the other."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.fresh: list[ToldFigure] = []
        self.tellings: dict[str, list[Telling]] = defaultdict(list)
        self.last: dict[str, list[ToldFigure]] = {}
        for row in ToldFigure.objects.filter(year=year).order_by("family", "number", "row"):
            self.tellings[row.family].append(Telling(row.row, parts_of(row.of)))
            if row.family not in self.last or self.last[row.family][0].number < row.number:
                self.last[row.family] = []
            self.last[row.family].append(row)

    def told(self, family: str) -> list[Parts]:
        """Every figure of a family that readers may have."""
        return [telling.of for telling in self.tellings[family]]

    def families(self, prefix: str) -> list[str]:
        return [family for family in self.tellings if family.startswith(prefix)]

    def tell(
        self,
        family: str,
        candidates: Iterable[Sequence[Telling]],
        *,
        beside: Sequence[Sequence[Parts]] = ((),),
        known: Collection[int] = (),
    ) -> Told:
        """Tell the first candidate that may be told; else what was told last, while that holds."""
        rows = self.last.get(family, [])
        last = [Telling(row.row, parts_of(row.of)) for row in rows]
        chosen = first_to_tell(
            [*candidates, last], self.tellings[family], beside=beside, known=known
        )
        if not chosen:
            return Told()
        if sorted(chosen, key=by_row) != sorted(last, key=by_row):
            self.remember(family, chosen)
        rows = self.last[family]
        return Told({telling.row: telling.rounded for telling in chosen}, rows[0].told_at)

    def remember(self, family: str, chosen: Sequence[Telling]) -> None:
        rows = self.last.get(family, [])
        number = rows[0].number + 1 if rows else 1
        self.last[family] = [
            ToldFigure(
                year=self.year,
                family=family,
                number=number,
                row=telling.row,
                of=sorted(telling.of),
                services=telling.services,
            )
            for telling in chosen
        ]
        self.tellings[family] += chosen
        self.fresh += self.last[family]

    def keep(self) -> None:
        """Write down what was told for the first time."""
        ToldFigure.objects.bulk_create(self.fresh)
        self.fresh = []


def by_row(telling: Telling) -> str:
    return telling.row


def parts_of(rows: Iterable[Iterable[int]]) -> Parts:
    return frozenset(tuple(row) for row in rows)
