"""Reads a filled-in workbook, however it was saved since. Only the worker loads this: openpyxl.

Rows are known by their hidden id or their code, columns by their headings, so both may move.
What cannot be read is told cell by cell, with what is allowed; the rest still counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from openpyxl.utils import get_column_letter, range_boundaries

from selfassessment.models import Level, Statement
from selfassessment.sheets import workbook
from selfassessment.sheets.cells_in import READ_AS, UnreadableError
from selfassessment.sheets.found import Found, Row, Trouble
from selfassessment.sheets.sheet_format import (
    ANSWERS,
    CODE,
    FORM,
    HEADINGS,
    ID,
    MARK,
    STATEMENT,
    Mark,
    kept,
)
from selfassessment.sheets.tables import heading, key, shortened
from selfassessment.sheets.workbook import Sheet, WorkbookRefusedError

MOST_COLUMNS = 50
MOST_ROWS = 1_000
DEEPEST = 20  # rows in which the headings are looked for
MOST_TROUBLES = 200
MOST_MERGED = 500

NAMES = {
    **{heading(text): name for name, text in HEADINGS.items()},
    "reason": "reason",
    "comments": "comment",
    "evidence": "evidence",
    "web_address": "link",
    "discuss": "discuss",
}


@dataclass(frozen=True)
class Asked:
    """What is asked: the edition as our own workbooks name it, and what of it is asked here."""

    mark: Mark
    levels: Sequence[Level]
    statements: Sequence[Statement]


@dataclass(frozen=True)
class Place:
    """Where in a workbook the ratings stand: the sheet, its columns and the row of headings."""

    sheet: Sheet
    head: int  # from 1, as spreadsheets count
    columns: Mapping[str, int]  # from 0

    def cell(self, row: int, name: str) -> str:
        """How a spreadsheet calls a cell: “Ratings, F7”."""
        return f"{self.sheet.name}, {get_column_letter(self.columns[name] + 1)}{row}"

    def text(self, row: int, name: str) -> str:
        at, texts = self.columns.get(name), self.sheet.rows[row - 1]
        return kept(texts[at]) if at is not None and at < len(texts) else ""

    def has_answers(self, row: int) -> bool:
        return any(self.text(row, name) for name in ANSWERS)


def read(data: bytes, asked: Asked) -> Found:
    """Everything a file says of what is asked. Raises WorkbookRefusedError if that is nothing."""
    sheets = workbook.read(data, max_rows=MOST_ROWS, max_columns=MOST_COLUMNS)
    mark, place = find_mark(sheets), find_ratings(sheets)
    same = mark is not None and mark.fingerprint == asked.mark.fingerprint
    knows_ids = same and mark is not None and mark.questionnaire == asked.mark.questionnaire
    if mark and not same and key(mark.scale) != key(asked.mark.scale):
        raise WorkbookRefusedError(
            f"This workbook is of {mark}, whose levels are others. Here it is {asked.mark}. "
            "Download that workbook, and fill it in."
        )
    reader = Reader(asked, place, knows_ids=knows_ids)
    reader.read()
    if not reader.rows and not reader.troubles:
        of = f" It is of {mark}." if mark else ""
        raise WorkbookRefusedError(
            f"None of its statements is asked here.{of} Here it is {asked.mark}. Download that "
            "workbook, and fill it in."
        )
    return Found(
        rows=reader.rows,
        troubles=reader.troubles[:MOST_TROUBLES],
        other_edition="" if same or not mark else str(mark),
        left_out=reader.left_out,
    )


class Reader:
    """One sheet of ratings on its way to a Found."""

    def __init__(self, asked: Asked, place: Place, *, knows_ids: bool) -> None:
        self.place, self.levels, self.knows_ids = place, asked.levels, knows_ids
        self.by_code = {key(one.code): one for one in asked.statements}
        self.by_id = {str(one.pk): one for one in asked.statements} if knows_ids else {}
        self.bad = {(one.row, one.column - 1): one for one in place.sheet.bad_cells}
        self.merged = [range_boundaries(span) for span in place.sheet.merged[:MOST_MERGED]]
        self.rows: dict[int, Row] = {}
        self.row_of: dict[int, int] = {}
        self.troubles: list[Trouble] = []
        self.left_out: list[str] = []

    def read(self) -> None:
        numbers = range(self.place.head + 1, len(self.place.sheet.rows) + 1)
        bases = dict(self.base(number) for number in numbers)
        for number in numbers:
            statement = self.statement(number)
            if statement is None:
                continue
            row = Row(dict(self.said(number, statement.code)), bases.get(str(statement.pk), {}))
            self.keep(number, statement, row)

    def keep(self, number: int, statement: Statement, row: Row) -> None:
        """Of two rows for one statement neither counts, unless they say the same."""
        first = self.row_of.setdefault(statement.pk, number)
        if first == number:
            self.rows[statement.pk] = row
        elif self.rows.get(statement.pk) != row:
            self.rows.pop(statement.pk, None)
            where = f"{self.place.sheet.name}, rows {first} and {number}"
            self.trouble(where, "two rows", "One row for each statement.", statement.code)

    def base(self, number: int) -> tuple[str, dict[str, str]]:
        """The hidden cell of a row: which statement that was, and what was answered then."""
        pk, *digests = self.place.text(number, ID).split() or [""]
        return pk, dict(zip(ANSWERS, digests, strict=False))

    def statement(self, number: int) -> Statement | None:
        """Which statement a row is about, or nothing, and then why where that matters."""
        code, words = self.place.text(number, CODE), key(self.place.text(number, STATEMENT))
        coded = self.by_code.get(key(code))
        known = self.by_id.get(self.base(number)[0])
        if not self.knows_ids:
            known = None
            if coded and key(coded.text) != words:
                coded = None  # the same code, but in this edition it asks something else
        if coded and known and coded != known:
            told = [one for one in (coded, known) if key(one.text) == words]
            if not told:
                where = f"{self.place.sheet.name}, row {number}"
                allowed = f"One statement: the row was {known.code} when it was downloaded."
                self.trouble(where, code, allowed, code)
                return None
            return told[0]
        if not (coded or known) and self.place.has_answers(number):
            if code:
                self.left_out.append(shortened(code))
            else:
                where = f"{self.place.sheet.name}, row {number}"
                self.trouble(where, "an answer", "The code of the statement it is about.")
        return coded or known

    def said(self, number: int, code: str) -> Iterator[tuple[str, str]]:
        """The cells of a row that can be read, by name."""
        for name in ANSWERS:
            if name in self.place.columns:
                try:
                    yield name, self.answer(number, name)
                except UnreadableError as unreadable:
                    read = self.place.text(number, name) or "nothing"
                    self.trouble(self.place.cell(number, name), read, str(unreadable), code)

    def answer(self, number: int, name: str) -> str:
        column = self.place.columns[name]
        if any(t <= number <= b and lt <= column + 1 <= r for lt, t, r, b in self.merged):
            raise UnreadableError("A cell of its own. Undo the merging of these cells.")
        if (number, column) in self.bad:
            raise UnreadableError(self.bad[number, column].why)
        return READ_AS[name](self.place.text(number, name), self.levels)

    def trouble(self, where: str, read: str, allowed: str, code: str = "") -> None:
        self.troubles.append(Trouble(where, shortened(read), allowed, shortened(code)))


# Finding the place


def find_mark(sheets: Sequence[Sheet]) -> Mark | None:
    """What the hidden sheet says, if it is still there and whole."""
    for sheet in sheets:
        pairs = {row[0]: kept(row[1]) for row in sheet.rows if len(row) > 1}
        if MARK not in pairs:
            continue
        if pairs[MARK] != FORM:
            raise WorkbookRefusedError(
                "This workbook was made by another edition of the portal. Download it anew."
            )
        names = [one.name for one in fields(Mark)]
        if all(name in pairs for name in names):
            return Mark(**{name: pairs[name] for name in names})
    return None


def find_ratings(sheets: Sequence[Sheet]) -> Place:
    """The sheet with the ratings, known by its headings, whatever it is called by now."""
    places = [place for sheet in sheets if (place := find_headings(sheet))]
    if not places:
        raise WorkbookRefusedError(
            f"There is no sheet with the columns “{HEADINGS[CODE]}” and “{HEADINGS['rating']}”. "
            "Choose the workbook that you downloaded from here and filled in."
        )
    if len(places) > 1:
        names = " and ".join(f"“{place.sheet.name}”" for place in places)
        raise WorkbookRefusedError(
            f"More than one sheet holds ratings: {names}. Delete all but one, and choose the file "
            "again."
        )
    return places[0]


def find_headings(sheet: Sheet) -> Place | None:
    for number, row in enumerate(sheet.rows[:DEEPEST], start=1):
        names = [NAMES.get(heading(text), "") for text in row]
        if "rating" not in names or not {CODE, ID} & set(names):
            continue
        for name in (CODE, *ANSWERS):
            if names.count(name) > 1:
                raise WorkbookRefusedError(
                    f"The sheet “{sheet.name}” has the column “{HEADINGS[name]}” twice. Delete "
                    "one of them, and choose the file again."
                )
        return Place(sheet, number, {name: at for at, name in enumerate(names) if name})
    return None
