"""A filled-in workbook, however it was saved since: what is read, and what is said of the rest."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from selfassessment.actions import Entry
from selfassessment.models import Rating
from selfassessment.questionnaires import editions
from selfassessment.sheets.found import Trouble, beside, onto
from selfassessment.sheets.sheet_format import ANSWERS, HEADINGS, kept
from selfassessment.sheets.workbook import WorkbookRefusedError
from selfassessment.sheets.workbook_in import read
from tests import factories
from tests.selfassessment import sheets
from tests.selfassessment.sheets import COLUMN, HEAD, blank, changed, filled, row_of

ALLOWED = (
    "0 Not started, 1 First steps, 2 Developing, 3 In place, 4 Embedded, Don’t know, "
    "Not applicable, or nothing."
)


def found_in(audit, data):
    return read(data, sheets.asked(audit))


def said(audit, data):
    """What was read, by code, without what is blank; and what could not be read."""
    found = found_in(audit, data)
    codes = {one.pk: one.code for one in audit.statements()}
    return (
        {
            codes[pk]: {name: text for name, text in row.items() if text}
            for pk, row in found.answers.items()
        },
        [(one.where, one.read) for one in found.troubles],
    )


def refusal(audit, data):
    with pytest.raises(WorkbookRefusedError) as refused:
        found_in(audit, data)
    return str(refused.value)


ONE = {"rating": "3 In place", "comment": "So it is."}
READ_ONE = {"A1.1": {"rating": "3", "comment": "So it is."}}


def test_a_blank_one_says_nothing(audit):
    found = found_in(audit, blank(audit))

    assert (found.answers, found.troubles, found.left_out) == ({}, [], [])
    assert len(found.rows) == 7


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("3 In place", "3"),
        (3, "3"),
        (3.0, "3"),
        ("3", "3"),
        ("3.0", "3"),
        (" 3 in  PLACE ", "3"),
        ("In place", "3"),
        ("3 – In place", "3"),
        ("3: in place", "3"),
        (0, "0"),
        ("Don’t know", "dk"),
        ("don't know", "dk"),
        ("DK", "dk"),
        ("Not applicable", "na"),
        ("n/a", "na"),
        ("  ", None),
    ],
)
def test_a_rating_is_read_however_it_is_written(audit, typed, read_as):
    answers, troubles = said(audit, filled(blank(audit), A1_1={"rating": typed}))

    assert answers == ({"A1.1": {"rating": read_as}} if read_as else {})
    assert troubles == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (5, "5"),
        (-1, "-1"),
        (3.5, "3.5"),
        ("3 Embedded", "3 Embedded"),
        ("perhaps", "perhaps"),
        (True, "yes"),
        (dt.date(2026, 4, 3), "2026-04-03T00:00:00"),
        ("W" * 300, "W" * 119 + "…"),
        ("33333333333333333333", "33333333333333333333"),
    ],
)
def test_what_is_no_level_is_named_with_what_is_allowed(audit, typed, shown):
    data = filled(blank(audit), A1_1={"rating": typed, "comment": "Kept."}, A1_2={"rating": 2})

    found = found_in(audit, data)

    assert found.troubles == [Trouble("Ratings, F4", shown, ALLOWED, "A1.1")]
    assert said(audit, data)[0] == {"A1.1": {"comment": "Kept."}, "A1.2": {"rating": "2"}}


@pytest.mark.parametrize(
    ("column", "typed", "allowed"),
    [
        ("rating", "=1+2", "A value typed in, not a formula."),
        ("comment", '=HYPERLINK("x")', "A value typed in, not a formula."),
        ("rating", "#REF!", "A value, not an error of the spreadsheet."),
        ("comment", "x" * 4001, "At most 4000 characters; these are 4001."),
        ("reason", "x" * 1001, "At most 1000 characters; these are 1001."),
        ("link", "javascript:alert(1)", "A web address, such as https://example.org/page."),
        ("link", "see the handbook", "A web address, such as https://example.org/page."),
        ("link", "ftp://example.org/x", "A web address, such as https://example.org/page."),
        ("discuss", "perhaps", "“yes” or “no”, or nothing."),
    ],
)
def test_each_column_says_what_it_takes(audit, column, typed, allowed):
    found = found_in(audit, filled(blank(audit), B1_2={column: typed}))

    [trouble] = found.troubles
    where = f"Ratings, {'ABCDEFGHIJK'[COLUMN[column] - 1]}10"
    assert (trouble.where, trouble.allowed, trouble.code) == (where, allowed, "B1.2")
    assert found.answers == {}


@pytest.mark.parametrize(
    ("column", "typed", "read_as"),
    [
        ("link", "example.org/page", "https://example.org/page"),
        ("link", "https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("discuss", "yes", "yes"),
        ("discuss", True, "yes"),
        ("discuss", "X", "yes"),
        ("discuss", False, ""),
        ("comment", "one\r\ntwo_x000D_\n", "one\ntwo"),
    ],
)
def test_other_columns_are_read_as_meant(audit, column, typed, read_as):
    answers, troubles = said(audit, filled(blank(audit), A1_1={column: typed}))

    assert answers == ({"A1.1": {column: read_as}} if read_as else {})
    assert troubles == []


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_text_is_only_text(audit, text):
    response = audit.responses.get()
    for number, column in enumerate(("comment", "reason", "evidence"), start=1):
        factories.rate(response, f"A1.{number}", 2, **{column: text})

    answers, troubles = said(audit, sheets.of(response))

    assert answers == {
        "A1.1": {"rating": "2", "comment": kept(text)},
        "A1.2": {"rating": "2", "reason": kept(text)},
        "A1.3": {"rating": "2", "evidence": kept(text)},
    }
    assert troubles == []


# How other programs save it, and what people do to it


def sheet_renamed(book):
    book["Ratings"].title = "Sheet1 (Jo’s copy)"


def rows_upside_down(book):
    sheet = book["Ratings"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
    for number, row in enumerate(reversed(rows), start=HEAD + 1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def columns_moved(book):
    sheet = book["Ratings"]
    sheet.unmerge_cells("A2:G2")
    sheet.insert_cols(1, 2)
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 1).value = sheet.cell(row, 2 + COLUMN["rating"]).value
        sheet.cell(row, 2 + COLUMN["rating"]).value = None


def rows_added(book):
    sheet = book["Ratings"]
    sheet.insert_rows(1, 3)
    sheet.insert_rows(HEAD + 5, 2)
    sheet.cell(HEAD + 5, 4).value = "A note of my own"
    sheet.cell(sheet.max_row + 2, 1).value = "Thank you!"


def rows_hidden(book):
    sheet = book["Ratings"]
    for row in range(HEAD + 1, sheet.max_row + 1):
        sheet.row_dimensions[row].hidden = True
    sheet.sheet_state = "hidden"


def other_sheets_gone(book):
    for name in ("Levels", "Totals", "Portal"):
        del book[name]


def hidden_column_gone(book):
    book["Ratings"].delete_cols(COLUMN["portal_id"])


def codes_gone(book):
    book["Ratings"].delete_cols(COLUMN["code"])


def code_retyped_as_a_number(book):
    sheet = book["Ratings"]
    sheet.cell(row_of(sheet, "A1.1"), 1).value = 1.1


def sorted_without_the_hidden_column(book):
    sheet = book["Ratings"]
    ids = [sheet.cell(row, COLUMN["portal_id"]).value for row in range(HEAD + 1, sheet.max_row + 1)]
    for row, text in enumerate(reversed(ids), start=HEAD + 1):
        sheet.cell(row, COLUMN["portal_id"]).value = text


def formulas_beside_the_answers(book):
    sheet = book["Ratings"]
    sheet.cell(HEAD + 1, COLUMN["guidance"]).value = "=1+1"
    book["Totals"]["Z9"].value = "=#REF!"
    sheet.cell(HEAD + 1, 14).value = "=SUM(A1:A9)"


def notes_beside(book):
    book["Ratings"].cell(HEAD, 14).value = "My notes"
    book["Ratings"].cell(HEAD + 1, 14).value = "ask Jo"


def merged_heading(book):
    book["Ratings"].merge_cells("B6:B8")


MOVES = [
    sheet_renamed,
    rows_upside_down,
    columns_moved,
    rows_added,
    rows_hidden,
    other_sheets_gone,
    hidden_column_gone,
    codes_gone,
    code_retyped_as_a_number,
    sorted_without_the_hidden_column,
    formulas_beside_the_answers,
    notes_beside,
    merged_heading,
]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_what_moves_is_found(audit, move):
    data = changed(filled(blank(audit), A1_1=ONE), move)

    assert said(audit, data) == (READ_ONE, [])


def resaved(data, change):
    """The raw XML of the sheet of ratings changed, as another program would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == "xl/worksheets/sheet1.xml" else text)
    return out.getvalue()


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="F4"><v>3.0</v></c>',  # LibreOffice, Google: a number as a float
        b'<c r="F4" t="n"><v>3</v></c>',
        b'<c r="F4" t="inlineStr"><is><t>3 In place</t></is></c>',  # not in the shared strings
        b'<c r="F4" t="inlineStr"><is><r><t>3 In</t></r><r><t> place</t></r></is></c>',  # half bold
        b'<c r="F4" t="str"><v>3 In place</v></c>',
    ],
)
def test_every_dialect_of_a_cell(audit, cell):
    data = filled(blank(audit), A1_1={"rating": "HERE"})

    def rewrite(xml):
        start = xml.index(b'<c r="F4"')
        end = xml.index(b"</c>", start) + 4
        return xml[:start] + cell + xml[end:]

    assert said(audit, resaved(data, rewrite)) == ({"A1.1": {"rating": "3"}}, [])


def test_rows_that_were_deleted_are_not_read(audit):
    data = changed(
        filled(blank(audit), A1_1=ONE), lambda book: book["Ratings"].delete_rows(HEAD + 2, 3)
    )

    found = found_in(audit, data)

    side = beside(found, audit.statements(), {})
    assert side.missing == ("A1.2", "A1.3", "A2.1")
    assert said(audit, data) == (READ_ONE, [])


def test_a_column_that_was_deleted_is_not_read(audit):
    data = changed(
        filled(blank(audit), A1_1=ONE), lambda book: book["Ratings"].delete_cols(COLUMN["comment"])
    )

    found = found_in(audit, data)

    assert said(audit, data) == ({"A1.1": {"rating": "3"}}, [])
    assert "comment" not in found.rows[audit.statements()[0].pk].said


def test_merged_answers_are_named_and_not_guessed(audit):
    data = changed(
        filled(blank(audit), A1_1={"rating": 3}, B1_1={"rating": 1}),
        lambda book: book["Ratings"].merge_cells("F4:F6"),
    )

    answers, troubles = said(audit, data)

    assert answers == {"B1.1": {"rating": "1"}}
    assert troubles == [
        ("Ratings, F4", "3"),
        ("Ratings, F5", "nothing"),
        ("Ratings, F6", "nothing"),
    ]


def twice(book, rating):
    sheet = book["Ratings"]
    last = sheet.max_row + 1
    for column in COLUMN.values():
        sheet.cell(last, column).value = sheet.cell(HEAD + 1, column).value
    sheet.cell(last, COLUMN["rating"]).value = rating


def test_two_rows_for_one_statement_count_once_if_they_agree(audit):
    data = changed(filled(blank(audit), A1_1=ONE), lambda book: twice(book, "3"))

    assert said(audit, data) == (READ_ONE, [])


def test_two_rows_for_one_statement_that_differ_do_not_count(audit):
    data = changed(filled(blank(audit), A1_1=ONE, A1_2={"rating": 1}), lambda book: twice(book, 4))

    assert said(audit, data) == (
        {"A1.2": {"rating": "1"}},
        [("Ratings, rows 4 and 11", "two rows")],
    )


def test_a_row_whose_code_and_id_disagree_is_not_guessed(audit):
    def muddle(book):
        sheet = book["Ratings"]
        sheet.cell(HEAD + 1, COLUMN["code"]).value = "A1.2"
        sheet.cell(HEAD + 1, COLUMN["statement"]).value = "Something else"
        sheet.delete_rows(HEAD + 2)

    data = changed(filled(blank(audit), A1_1=ONE), muddle)

    assert said(audit, data) == ({}, [("Ratings, row 4", "A1.2")])


def test_an_answer_beside_no_statement_is_named(audit):
    def stray(book):
        book["Ratings"].cell(12, COLUMN["rating"]).value = 3

    assert said(audit, changed(blank(audit), stray)) == ({}, [("Ratings, row 12", "an answer")])


def test_more_than_is_asked_is_left_out_and_named(audit):
    whole = filled(blank(audit), A1_1=ONE, A1_2={"rating": 4})
    audit.scope = "quick"

    found = found_in(audit, whole)

    assert said(audit, whole) == (READ_ONE, [])
    assert found.left_out == ["A1.2"]
    assert not found.is_clean


# Other workbooks


def test_an_older_edition_is_matched_where_it_is_word_for_word_the_same(audit, avon, person):
    newer = editions.start_new_edition(questionnaire=audit.questionnaire, by=person("team"))
    newer.statements.filter(code="A1.2").update(text="We have other words.")
    factories.publish(newer, by=person("team"))
    later = factories.audit(avon, newer, by=person("lead"), year=2031)
    old = filled(blank(audit), A1_1=ONE, A1_2={"rating": 4})

    found = found_in(later, old)

    assert said(later, old) == (READ_ONE, [])
    assert (found.other_edition, found.left_out) == ("Test set, edition 1", ["A1.2"])
    assert not found.is_clean


def test_the_same_questions_under_another_number_are_the_same(audit, avon, person):
    twin = factories.questionnaire(by=person("team"), name="Its twin")
    other = factories.audit(avon, twin, by=person("lead"), year=2031)
    data = filled(blank(audit), A1_1=ONE)

    found = found_in(other, data)

    assert (said(other, data), found.other_edition) == ((READ_ONE, []), "")


def test_another_scale_is_refused_by_name(audit, avon, person):
    three = factories.questionnaire(
        by=person("team"), name="Three points", levels=factories.THREE_POINT
    )
    other = factories.audit(avon, three, by=person("lead"))

    says = refusal(audit, filled(blank(other), A1_1={"rating": 3}))

    assert says == (
        "This workbook is of Three points, edition 1, whose levels are others. Here it is Test "
        "set, edition 1. Download that workbook, and fill it in."
    )


def test_another_questionnaire_is_refused_by_name(audit, avon, person):
    other = factories.audit(
        avon,
        factories.questionnaire(by=person("team"), name="Another", text="They have {}."),
        by=person("lead"),
    )

    says = refusal(audit, filled(blank(other), A1_1=ONE))

    assert says.startswith("None of its statements is asked here. It is of Another, edition 1.")


def rows_of(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return sheets.saved(book)


NO_SHEET = "There is no sheet with the columns “Code” and “Rating”."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "This is not an .xlsx workbook."),
        (b"code,rating\nA1.1,3\n", "This is not an .xlsx workbook."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "The workbook has a password"),
        (b"PK\x03\x04 and then nothing", "The workbook is damaged"),
        (rows_of(["Budget", 2026], ["Strings", 4]), NO_SHEET),
        (rows_of(["code", "area", "answer", "level number"], ["A1.1", "A", "level", 3]), NO_SHEET),
        (rows_of(["Code", "Statement", "Rating"], ["A1.1", "Other", 3]), "None of its statements"),
        (rows_of(["Code", "Rating", "rating"]), "has the column “Rating” twice"),
        (rows_of(["Code", "Rating", "Code"]), "has the column “Code” twice"),
        (rows_of(["Code", "Statement", "Rating"], *[["x"]] * 1001), "more than 1000 rows"),
        (
            rows_of(["Changing Tracks workbook", "9"], ["Code", "Rating"]),
            "made by another edition of the portal",
        ),
    ],
)
def test_what_is_no_workbook_of_ours_is_refused_with_a_reason(audit, data, says):
    assert says in refusal(audit, data)


def test_two_sheets_of_ratings_are_refused(audit):
    def copy(book):
        book.copy_worksheet(book["Ratings"])

    assert "More than one sheet holds ratings: “Ratings” and “Ratings Copy”." in refusal(
        audit, changed(blank(audit), copy)
    )


def test_a_bomb_is_refused(audit):
    out = io.BytesIO(blank(audit))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"A" * 50_000_000)

    assert "unpacks to too much" in refusal(audit, out.getvalue())


def test_macros_are_refused(audit):
    out = io.BytesIO(blank(audit))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")

    assert "holds macros" in refusal(audit, out.getvalue())


# Round trip

words = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z", "Cc")), max_size=40
)
an_entry = st.builds(
    Entry,
    choice=st.sampled_from(["", "0", "1", "2", "3", "4", "dk", "na"]),
    reason=words,
    comment=words,
    evidence=words,
    evidence_url=st.sampled_from(["", "https://example.org/a"]),
    discuss=st.booleans(),
)
CODES = ["A1.1", "A1.2", "A1.3", "A2.1", "A2.2", "B1.1", "B1.2"]
an_edit = st.one_of(
    st.tuples(st.just("rating"), st.sampled_from(["0", "3", "Don’t know", "Not applicable", ""])),
    st.tuples(st.just("comment"), st.sampled_from(["", "=1+1", "New words", "Two\nlines"])),
    st.tuples(st.just("discuss"), st.sampled_from(["yes", "no", ""])),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    said_before=st.dictionaries(st.sampled_from(CODES), an_entry),
    edits=st.dictionaries(st.sampled_from(CODES), an_edit, max_size=4),
)
def test_downloaded_edited_and_brought_back_it_is_just_the_edits(audit, said_before, edits):
    statements = {one.code: one for one in audit.statements()}
    ratings = {
        statements[code].pk: entry.onto(Rating(statement=statements[code]))
        for code, entry in said_before.items()
    }
    data = sheets.workbook_out.workbook(audit, ratings)

    def edit(book):
        sheet = book["Ratings"]
        for code, (column, text) in edits.items():
            cell = sheet.cell(row_of(sheet, code), COLUMN[column])
            cell.value = text or None
            cell.data_type = "s" if text else "n"

    found = found_in(audit, changed(data, edit))
    side = beside(found, statements.values(), ratings)

    read_as = {"Don’t know": "dk", "Not applicable": "na", "no": ""}
    due = {}
    for code, (column, text) in edits.items():
        before = sheets.cells_of(ratings.get(statements[code].pk))[column]
        if (after := read_as.get(text, text)) != before:
            due[code] = {column: after}
    got = {
        one.statement.code: {cell.name: cell.file for cell in one.cells} for one in side.differences
    }
    assert found.troubles == []
    assert got == due
    assert side.clashes == 0


@given(said=an_entry, by=an_entry)
def test_cells_put_onto_an_entry_replace_what_they_name(said, by):
    cells = {"comment": by.comment, "discuss": "yes" if by.discuss else ""}

    mixed = onto(said, cells)

    assert (mixed.comment, mixed.discuss) == (by.comment, by.discuss)
    assert (mixed.choice, mixed.reason) == (said.choice, said.reason)


def test_headings_and_answers_belong_together():
    assert set(ANSWERS) <= set(HEADINGS)
