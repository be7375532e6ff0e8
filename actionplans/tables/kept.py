"""What is kept of a file once it is read: its cells, without the file. Only the worker loads it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actionplans.tables.cells import Grid
from selfassessment.sheets import tables, workbook
from selfassessment.sheets.tables import UnreadableError

MOST_ROWS, MOST_COLUMNS = 200, 40
MOST_CHARACTERS = 300_000


def read(data: bytes) -> list[Grid]:
    """Every sheet with something in it. Raises UnreadableError, whose text says what would do."""
    if workbook.is_workbook(data):
        if len(data) > tables.MOST_BYTES:
            raise UnreadableError(f"A file of at most {tables.MOST_BYTES // 1_000_000} MB.")
        try:
            sheets = workbook.read(data, max_rows=MOST_ROWS, max_columns=MOST_COLUMNS)
        except workbook.WorkbookRefusedError as refused:
            raise UnreadableError(str(refused)) from refused
    else:
        sheets = tables.read_text(data, max_rows=MOST_ROWS + 1, max_columns=MOST_COLUMNS)
    grids = [grid for grid in map(Grid.of_sheet, sheets) if grid.size]
    if not grids:
        raise UnreadableError("A file with something in it: this one is empty.")
    if sum(grid.size for grid in grids) > MOST_CHARACTERS:
        raise UnreadableError(
            f"A table of at most {MOST_CHARACTERS:,} characters: this one holds more text than "
            "a plan. Delete the sheets that are not needed."
        )
    return grids


def as_json(grids: list[Grid]) -> dict[str, Any]:
    return {"sheets": [asdict(grid) for grid in grids]}
