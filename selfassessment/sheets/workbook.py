"""Reads an .xlsx workbook that somebody sent us, trusting nothing in it.

A workbook is a zip of XML, so a small file can unpack to gigabytes or ask the parser for other
files. `read` streams every member and counts before any parser sees it, then reads the values:
formulas are never worked out, and links to other workbooks are never followed. Pure: bytes in,
sheets of text out.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.utils.module_loading import import_string

# Loaded by whoever first reads a workbook: most web processes never do, and it takes 14 MB.
OPENPYXL = "openpyxl.load_workbook"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old .xls, or an .xlsx with a password

MOST_MEMBERS = 200
MOST_BYTES = 20_000_000  # unpacked, of all members together
MOST_MARKS = 250_000  # "<" and "=" of all XML: what the parser's memory grows with
MOST_SHEETS = 20
MOST_SCANNED = 5_000  # rows looked at in search of more, where rows are empty
CHUNK = 65_536
KEPT_BACK = 64  # of a chunk: a word may lie across two

ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
OUTSIDE = {
    "vbaproject": "macros",
    "macrosheets/": "macros",
    "activex/": "controls",
    "ctrlprops/": "controls",
    "embeddings/": "embedded files",
    "externallinks/": "links to other workbooks",
    "connections.xml": "a connection to outside data",
    "customui/": "buttons of its own",
}
LEAVE_OUT = "Save a copy that holds only the sheets with text, and choose that."


class WorkbookRefusedError(Exception):
    """The workbook is not read. The text says why, and what would mend it."""


@dataclass(frozen=True)
class BadCell:
    """A cell that holds no plain value; `row` and `column` count from 1."""

    row: int
    column: int
    read: str
    why: str


@dataclass(frozen=True)
class Sheet:
    """One sheet as text. `rows[0]` is row 1; empty rows and cells at the end are left out."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    bad_cells: tuple[BadCell, ...]
    merged: tuple[str, ...] = ()  # as in “B2:C4”


def is_workbook(data: bytes) -> bool:
    """Whether the content, not the name, says that this is for `read`."""
    return data.startswith((ZIP, OLE))


def read(data: bytes, *, max_rows: int = 1_000, max_columns: int = 50) -> list[Sheet]:
    """The sheets of a workbook, in order. Raises WorkbookRefusedError, and nothing else."""
    guard(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # features of Excel that openpyxl leaves out
            return _sheets(data, max_rows, max_columns)
    except WorkbookRefusedError:
        raise
    except Exception as error:  # openpyxl raises anything on a broken one
        raise WorkbookRefusedError(
            "The workbook is damaged. Open it in your spreadsheet program, save it again as "
            ".xlsx, and choose that."
        ) from error


def guard(data: bytes) -> None:
    """Refuse whatever is not a plain, modest workbook, without unpacking it into memory."""
    if data.startswith(OLE):
        raise WorkbookRefusedError(
            "The workbook has a password, or is an old .xls file. Save it as .xlsx without a "
            "password, and choose that."
        )
    if not data.startswith(ZIP):
        raise WorkbookRefusedError("This is not an .xlsx workbook.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _guard_names(archive.infolist())
            _guard_contents(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise WorkbookRefusedError("The workbook is damaged or protected.") from error


def _guard_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename.replace("\\", "/").lower() for member in members]
    if len(members) > MOST_MEMBERS:
        raise WorkbookRefusedError(
            f"The workbook has {len(members)} parts; at most {MOST_MEMBERS} are read. {LEAVE_OUT}"
        )
    if len(set(names)) < len(names) or "xl/workbook.xml" not in names:
        raise WorkbookRefusedError("This is not an .xlsx workbook.")
    if any(member.flag_bits & 1 for member in members):
        raise WorkbookRefusedError("The workbook has a password. Save it without one.")
    if any(m.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for m in members):
        raise WorkbookRefusedError(f"The workbook is packed in an unusual way. {LEAVE_OUT}")
    for name in names:
        for sign, what in OUTSIDE.items():
            if sign in name:
                raise WorkbookRefusedError(f"The workbook holds {what}. {LEAVE_OUT}")


def _guard_contents(archive: zipfile.ZipFile) -> None:
    size = marks = 0
    for member in archive.infolist():
        before, is_xml = b"", False
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK):
                size += len(piece)
                if size > MOST_BYTES:
                    raise WorkbookRefusedError(f"The workbook unpacks to too much. {LEAVE_OUT}")
                if not before:
                    is_xml = _starts_as_xml(piece)
                if is_xml:
                    marks += piece.count(b"<") + piece.count(b"=")
                    if marks > MOST_MARKS:
                        raise WorkbookRefusedError(f"The workbook has too many cells. {LEAVE_OUT}")
                    _guard_xml(before + piece)
                before = piece[-KEPT_BACK:]


def _starts_as_xml(start: bytes) -> bool:
    """Whether a parser could take this for XML, whatever the member is called.

    An encoding that could hide the words looked for later is refused here.
    """
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")):
        raise WorkbookRefusedError(f"The workbook is written in an unusual way. {LEAVE_OUT}")
    if text.startswith(b"<?xml"):
        declaration, closed, _ = text.partition(b"?>")
        named = ENCODING.search(declaration)
        if not closed or (named and named[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}):
            raise WorkbookRefusedError(f"The workbook is written in an unusual way. {LEAVE_OUT}")
    return not text or text.startswith(b"<")


def _guard_xml(chunk: bytes) -> None:
    upper = chunk.upper()
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper:
        raise WorkbookRefusedError(f"The workbook holds definitions of its own (DTD). {LEAVE_OUT}")
    if b"MACROENABLED" in upper or b"VBAPROJECT" in upper:
        raise WorkbookRefusedError(f"The workbook holds macros. {LEAVE_OUT}")


def _sheets(data: bytes, max_rows: int, max_columns: int) -> list[Sheet]:
    load = import_string(OPENPYXL)
    book = load(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        if not 0 < len(book.worksheets) <= MOST_SHEETS:
            raise WorkbookRefusedError(f"A workbook with 1 to {MOST_SHEETS} sheets of cells.")
        return [_sheet(sheet, max_rows, max_columns) for sheet in book.worksheets]
    finally:
        book.close()


def _sheet(sheet: object, max_rows: int, max_columns: int) -> Sheet:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # the size it claims may be wrong
    rows: list[tuple[str, ...]] = []
    bad: list[BadCell] = []
    name = str(sheet.title)  # type: ignore[attr-defined]
    last = 0
    cells = sheet.iter_rows(max_col=max_columns + 1)  # type: ignore[attr-defined]
    for number, row in enumerate(cells, start=1):
        texts = tuple(_text(cell.value) for cell in row)
        if any(texts):
            last = number
        if last > max_rows or number > MOST_SCANNED:
            raise WorkbookRefusedError(
                f"The sheet “{name}” has more than {max_rows} rows. Delete the rows that are not "
                "needed, and any empty rows below the last one."
            )
        if any(texts[max_columns:]):
            raise WorkbookRefusedError(f"The sheet “{name}” has more than {max_columns} columns.")
        filled = max((at for at, text in enumerate(texts, start=1) if text), default=0)
        rows.append(texts[:filled])
        bad += [
            BadCell(number, column, texts[column - 1], WHY_BAD[cell.data_type])
            for column, cell in enumerate(row, start=1)
            if cell.data_type in WHY_BAD
        ]
    return Sheet(name, tuple(rows[:last]), tuple(bad), _merged(sheet))


def _merged(sheet: object) -> tuple[str, ...]:
    """Which cells are merged: reading a stream, openpyxl leaves that out."""
    with sheet._get_source() as stream:  # type: ignore[attr-defined]  # noqa: SLF001
        return tuple(span.decode() for span in MERGED.findall(stream.read()))


WHY_BAD = {
    "f": "A value typed in, not a formula.",
    "e": "A value, not an error of the spreadsheet.",
}


def _text(value: object) -> str:
    """What the cell says, as somebody would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case _:
            # Array formulas come as objects that keep what was typed in `text`.
            return str(getattr(value, "text", value) or "")
