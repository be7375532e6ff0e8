"""Which sheet, which row of headings and which columns: guessed first, then as a person says.

Pure: between reading a file and taking it in, this and the cells are all that is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from actionplans.tables import columns
from actionplans.tables.cells import Grid, filled
from actionplans.tables.columns import Field
from actionplans.tables.dates import Period

NO_HEADINGS = -1


@dataclass(frozen=True)
class Match:
    """How a table is to be read. `header` is a row from 0, or NO_HEADINGS."""

    sheet: int = 0
    header: int = NO_HEADINGS
    columns: tuple[Field, ...] = ()
    area: str = ""  # for targets of which the table does not say
    left_out: frozenset[int] = field(default_factory=frozenset)  # rows, of targets not wanted

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "header": self.header,
            "columns": [one.value for one in self.columns],
            "area": self.area,
            "left_out": sorted(self.left_out),
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Match:
        if not data:
            return cls()
        return cls(
            data["sheet"],
            data["header"],
            tuple(Field(one) for one in data["columns"]),
            data["area"],
            frozenset(data["left_out"]),
        )


def guess(grids: Sequence[Grid], period: Period) -> Match:
    """The sheet that looks most like a plan, and what its columns seem to be."""

    def likeness(at: int) -> tuple[int, int]:
        grid = grids[at]
        header, sure = columns.header_row(grid.cells)
        below = sum(bool(filled(row)) for row in grid.cells[header + 1 :])
        return (sure if below else 0, below)

    best = max(range(len(grids)), key=lambda at: (likeness(at), -at))
    return at_sheet(grids, Match(sheet=best), period)


def at_sheet(grids: Sequence[Grid], match: Match, period: Period) -> Match:
    """The same sheet, looked at anew."""
    header, _ = columns.header_row(grids[match.sheet].cells)
    return at_header(grids, replace(match, header=header), period)


def at_header(grids: Sequence[Grid], match: Match, period: Period) -> Match:
    """The same row of headings, with what its columns seem to be."""
    found = columns.guess(grids[match.sheet].cells, match.header, period)
    return replace(match, columns=found, left_out=frozenset())
