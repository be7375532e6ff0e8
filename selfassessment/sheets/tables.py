"""Reads a table that somebody sent us, CSV or workbook, by the names of its columns.

Pure: bytes in, rows and problems out. Forgiving where the meaning is clear (case, spaces, kind of
apostrophe, order of columns), strict where it is not. Rows count from 1 with the headings, as
spreadsheets count.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Literal, Protocol

from selfassessment.sheets import workbook
from selfassessment.sheets.workbook import Sheet

MOST_BYTES = 2_000_000
MOST_COLUMNS = 50
READ_MOST = 120  # characters of what was read that a problem repeats
QUOTED = re.compile(r'"[^"]*"')
Quoting = Literal[0, 1, 2, 3]  # as the csv module has it
SAME = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `row` is 0 where it is about the file, `column` empty for a whole row."""

    row: int
    column: str
    read: str
    allowed: str
    sheet: str = ""


@dataclass(frozen=True)
class Row:
    """One row under the headings: its number, and its text by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The rows of one sheet. `columns` are those found; `bad` are cells that were not read."""

    sheet: str
    columns: frozenset[str]
    rows: tuple[Row, ...]
    bad: frozenset[tuple[int, str]]
    problems: tuple[Problem, ...]


class BinaryFile(Protocol):
    def read(self, size: int, /) -> bytes: ...


class UnreadableError(Exception):
    """The file as a whole is not read; the text says what is allowed."""


def key(text: str) -> str:
    """What makes two spellings the same: case, spaces and kinds of apostrophe do not matter."""
    return " ".join(text.translate(SAME).split()).casefold()


def heading(text: str) -> str:
    return key(text).replace(" ", "_").replace("-", "_")


def shortened(text: str) -> str:
    return text if len(text) <= READ_MOST else f"{text[: READ_MOST - 1]}…"


# Bytes to sheets


def first_bytes(file: BinaryFile) -> bytes:
    """Of an upload: one more than is allowed, so that too much is seen as such."""
    return file.read(MOST_BYTES + 1)


def read(data: bytes, *, columns: Mapping[str, bool], max_rows: int) -> list[Sheet]:
    """The sheets in `data`; a CSV file is one sheet without a name. Raises UnreadableError.

    `columns` helps to find the character that a CSV file is split at.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"A file of at most {MOST_BYTES // 1_000_000} MB.")
    if workbook.is_workbook(data):
        try:
            return workbook.read(data, max_rows=max_rows, max_columns=MOST_COLUMNS)
        except workbook.WorkbookRefusedError as refused:
            raise UnreadableError(str(refused)) from refused
    text = decoded(data)
    if not text.strip():
        raise UnreadableError("A file with something in it: this one is empty.")
    return [Sheet("", csv_rows(text, columns, max_rows), ())]


def decoded(data: bytes) -> str:
    """Text as Excel and its kin save it: UTF-8, UTF-16 with its mark, or Windows-1252."""
    encodings = (
        ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    )
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not text.startswith(("%PDF", "{\\rtf", "<")):
            return text
        break
    raise UnreadableError(
        "A CSV file or an .xlsx workbook. In your spreadsheet program, save the sheet as "
        "“CSV UTF-8” or as “Excel workbook”."
    )


def csv_rows(text: str, columns: Mapping[str, bool], max_rows: int) -> tuple[tuple[str, ...], ...]:
    """The rows, split at the comma, semicolon or tab that makes most sense of the headings."""
    first = next(iter(text.splitlines()), "")

    def sense(delimiter: str) -> int:
        return sum(heading(cell.strip('" ')) in columns for cell in first.split(delimiter))

    return split(text, max(",;\t", key=sense), max_rows, MOST_COLUMNS)


def read_text(data: bytes, *, max_rows: int, max_columns: int) -> list[Sheet]:
    """A CSV file or a pasted table, whatever its columns are called and wherever they stand."""
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"A file of at most {MOST_BYTES // 1_000_000} MB.")
    text = decoded(data)
    unquoted = QUOTED.sub("", text).splitlines()
    tabbed = sum("\t" in line for line in unquoted)
    if tabbed * 2 >= sum(bool(line.strip()) for line in unquoted):
        try:
            rows = split(text, "\t", max_rows, max_columns)
        except UnreadableError:  # pasted from a document, where quotation marks are just that
            rows = split(text, "\t", max_rows, max_columns, quoting=csv.QUOTE_NONE)
    else:
        divider = max(",;", key=lambda one: sum(line.count(one) for line in unquoted))
        rows = split(text, divider, max_rows, max_columns)
    return [Sheet("", rows, ())]


def split(
    text: str, divider: str, max_rows: int, max_columns: int, quoting: Quoting = csv.QUOTE_MINIMAL
) -> tuple[tuple[str, ...], ...]:
    """The rows of a text, without what is empty at their ends and below them."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=divider, quoting=quoting, strict=True)
    rows: list[tuple[str, ...]] = []
    filled = 0
    try:
        for row in reader:
            while row and not row[-1].strip():
                row.pop()
            rows.append(tuple(row))
            filled = len(rows) if row else filled
            if filled > max_rows:
                raise UnreadableError(f"At most {max_rows - 1} rows under the headings.")
            if len(row) > max_columns:
                raise UnreadableError(f"At most {max_columns} columns.")
    except csv.Error as error:
        raise UnreadableError(
            f"Quotation marks in pairs. Near row {len(rows) + 1} one is open or out of place."
        ) from error
    return tuple(rows[:filled])


# Sheets to tables


def table(sheet: Sheet, columns: Mapping[str, bool], title: str = "") -> Table:
    """Find the columns by their headings. `columns` says of each whether it may be left out.

    `title` names the sheet in problems, where there is more than one.
    """
    first = sheet.rows[0] if sheet.rows else ()
    headings = [heading(text) for text in first]
    found = frozenset(headings) & frozenset(columns)
    problems = [
        Problem(1, shortened(text.strip()), shortened(text.strip()), wrong, title)
        for place, text in enumerate(first)
        if (wrong := _wrong_heading(headings, place, columns))
    ]
    problems += [
        Problem(1, name, "nothing", "This column must be there.", title)
        for name, optional in columns.items()
        if not optional and name not in found
    ]
    if not found:
        return Table(title, found, (), frozenset(), tuple(problems))

    bad = {}
    for cell in sheet.bad_cells:
        name = headings[cell.column - 1] if cell.column <= len(headings) else ""
        bad[cell.row, name] = Problem(cell.row, name, shortened(cell.read), cell.why, title)
    rows = []
    for number, cells in enumerate(sheet.rows[1:], start=2):
        if not any(text.strip() for text in cells):
            continue
        texts = {name: " ".join(text.split()) for name, text in zip(headings, cells, strict=False)}
        rows.append(Row(number, {name: texts.get(name, "") for name in columns}))
        problems += [
            Problem(number, "", shortened(text), "Nothing right of the named columns.", title)
            for place, text in enumerate(cells)
            if text.strip() and not "".join(headings[place : place + 1])
        ]
    return Table(title, found, tuple(rows), frozenset(bad), tuple(problems) + tuple(bad.values()))


def _wrong_heading(headings: list[str], place: int, columns: Mapping[str, bool]) -> str:
    name = headings[place]
    if name and name not in columns:
        return f"One of these columns: {', '.join(columns)}."
    if name and name in headings[:place]:
        return "Each column once."
    return ""
