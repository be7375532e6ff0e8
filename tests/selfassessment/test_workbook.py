"""The spreadsheet reader: what a good workbook says, and what a hostile one is refused for."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from selfassessment.sheets.workbook import BadCell, WorkbookRefusedError, read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def made(sheets):
    """A real workbook: the rows of each sheet by its name."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data, add=None, replace=None, method=zipfile.ZIP_DEFLATED):
    """The same workbook with members added or replaced, as a zip tool would make it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", method) as new,
    ):
        for name in old.namelist():
            new.writestr(name, (replace or {}).get(name, old.read(name)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return out.getvalue()


GOOD = made({"One": [["code", "n"], ["A1", 1]]})
SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(rows):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def refusal(data, **limits):
    with pytest.raises(WorkbookRefusedError) as refused:
        read(data, **limits)
    return str(refused.value)


def test_values_come_as_somebody_would_type_them():
    book = Workbook()
    book.active.append(["text", 0, 1.0, 2.5, True, False, None, dt.date(2026, 9, 1), "=1"])
    book.active["I1"].data_type = "s"  # text that only looks like a formula
    file = io.BytesIO()
    book.save(file)

    [sheet] = read(file.getvalue())

    assert sheet.rows[0] == (
        "text",
        "0",
        "1",
        "2.5",
        "yes",
        "no",
        "",
        "2026-09-01T00:00:00",
        "=1",
    )
    assert sheet.bad_cells == ()


def test_sheets_come_in_order_without_empty_rows_at_the_end():
    sheets = read(made({"B": [["x"], [], ["y"], [None], [""]], "A": []}))

    assert [(sheet.name, sheet.rows) for sheet in sheets] == [
        ("B", (("x",), (), ("y",))),
        ("A", ()),
    ]


def test_a_size_that_the_sheet_claims_is_not_believed():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>r{n}</t></is></c></row>' for n in (1, 2, 3)
    )
    lying = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>'
    )

    [sheet] = read(repacked(GOOD, replace={SHEET: lying.encode()}))

    assert sheet.rows == (("r1",), ("r2",), ("r3",))


@pytest.mark.parametrize("formula", ["=1+1", ArrayFormula("B1:B2", "=A1:A2")])
def test_a_formula_is_named_and_never_worked_out(formula):
    book = Workbook()
    book.active["B1"] = formula
    file = io.BytesIO()
    book.save(file)

    [sheet] = read(file.getvalue())

    read_as = formula if isinstance(formula, str) else formula.text
    assert sheet.bad_cells == (BadCell(1, 2, read_as, "A value typed in, not a formula."),)


def test_a_whole_number_is_one_however_it_was_written_down():
    rows = '<row r="1"><c r="A1"><v>3.0</v></c><c r="B1"><v>3.5</v></c></row>'

    [sheet] = read(repacked(GOOD, replace={SHEET: sheet_xml(rows)}))

    assert sheet.rows == (("3", "3.5"),)


def test_an_error_value_is_named():
    rows = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'

    [sheet] = read(repacked(GOOD, replace={SHEET: sheet_xml(rows)}))

    assert sheet.bad_cells == (BadCell(1, 1, "#REF!", "A value, not an error of the spreadsheet."),)


def bomb():
    """A small file that unpacks to 300 MB."""
    return repacked(GOOD, add={"xl/media/image1.png": b"A" * 300_000_000})


def encrypted():
    """The flag of a password on every member."""
    data = bytearray(GOOD)
    at = 0
    for sign, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + flag] |= 1
            at = data.find(sign, at + 4)
    return bytes(data)


DTD = b'<!DOCTYPE x [<!ENTITY a "b">]>'
WHOLE = sheet_xml("")
NO_SUCH_TEXT = '<row r="1"><c r="A1" t="s"><v>99</v></c></row>'
FAR_ROW = '<row r="99999999999"><c r="A1"/></row>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not an .xlsx"),
        (b"code,area\n", "not an .xlsx"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        (encrypted(), "password"),
        (repacked(GOOD, method=zipfile.ZIP_BZIP2), "packed in an unusual way"),
        (repacked(GOOD, add={f"xl/x{n}.xml": "<x/>" for n in range(200)}), "at most 200"),
        (repacked(GOOD, add={"xl/vbaProject.bin": b"x"}), "macros"),
        (repacked(GOOD, add={"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
        (repacked(GOOD, add={"xl/externalLinks/externalLink1.xml": b"<x/>"}), "other workbooks"),
        (repacked(GOOD, add={"xl/embeddings/oleObject1.bin": b"x"}), "embedded files"),
        (repacked(GOOD, add={"xl/activeX/activeX1.xml": b"<x/>"}), "controls"),
        (repacked(GOOD, add={"xl/connections.xml": b"<x/>"}), "outside data"),
        (repacked(GOOD, add={"xl\\VBAPROJECT.BIN": b"x"}), "macros"),
        (repacked(GOOD, replace={SHEET: DTD + WHOLE}), "DTD"),
        (repacked(GOOD, replace={SHEET: b"<?xml version='1.0'?>\n" + DTD.lower() + WHOLE}), "DTD"),
        (repacked(GOOD, replace={SHEET: b" " * 65_532 + DTD + WHOLE}), "DTD"),
        (repacked(GOOD, replace={SHEET: (DTD + WHOLE).decode().encode("utf-16")}), "unusual"),
        (repacked(GOOD, replace={SHEET: (DTD + WHOLE).decode().encode("utf-16-le")}), "unusual"),
        (repacked(GOOD, replace={SHEET: b'<?xml version="1.0" encoding="cp037"?>'}), "unusual"),
        (repacked(GOOD, replace={SHEET: b"<?xml " + b" " * 70_000 + b"?>" + WHOLE}), "unusual"),
        (repacked(GOOD, replace={SHEET: sheet_xml("<row><c/></row>" * 200_000)}), "too many"),
        (repacked(GOOD, replace={SHEET: b"<worksheet"}), "damaged"),
        (repacked(GOOD, replace={SHEET: sheet_xml(NO_SUCH_TEXT)}), "damaged"),
        (repacked(GOOD, replace={SHEET: sheet_xml(FAR_ROW)}), "rows"),
        (repacked(GOOD, replace={"xl/workbook.xml": b"<x/>"}), "1 to 20 sheets"),
        (repacked(GOOD, replace={"[Content_Types].xml": b"<x>macroEnabled</x>"}), "macros"),
    ],
)  # fmt: skip
def test_what_is_not_a_plain_workbook_is_refused(data, says):
    assert says in refusal(data)


def test_a_bomb_is_refused_before_it_unpacks():
    data = bomb()
    tracemalloc.start()

    says = refusal(data)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "unpacks to too much" in says
    assert len(data) < 400_000
    assert most < 5_000_000


@pytest.mark.parametrize(
    ("rows", "limits", "says"),
    [
        ([["x"]] * 4, {"max_rows": 3}, "more than 3 rows"),
        ([["x"] * 4], {"max_columns": 3}, "more than 3 columns"),
    ],
)
def test_more_rows_or_columns_than_asked_for_are_refused(rows, limits, says):
    assert says in refusal(made({"One": rows}), **limits)


def test_more_than_twenty_sheets_are_refused():
    assert "1 to 20 sheets" in refusal(made({f"S{n}": [["x"]] for n in range(21)}))


def test_a_picture_and_printer_settings_do_no_harm():
    extra = {"xl/media/image1.png": b"\x89PNG\r\n\x1a\n\0\0", "xl/printerSettings/p.bin": b"H\0P\0"}

    [sheet] = read(repacked(GOOD, add=extra))

    assert sheet.rows == (("code", "n"), ("A1", "1"))


@given(data=st.binary(max_size=400), at=st.integers(0, len(GOOD) - 1))
@settings(max_examples=150, deadline=None)
def test_any_damage_is_refused_or_read_never_a_crash(data, at):
    damaged = GOOD[:at] + data + GOOD[at + len(data) :]

    try:
        sheets = read(damaged)
    except WorkbookRefusedError:
        sheets = []

    assert all(isinstance(text, str) for s in sheets for row in s.rows for text in row)
