"""Importing a questionnaire: wholly, or not at all with every problem named."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.models import Activity, Topic
from selfassessment.models import Area, Questionnaire, Section, Statement
from selfassessment.questionnaires import editions, imports
from selfassessment.questionnaires.imports import (
    COLUMNS,
    LevelRow,
    parse_questionnaire,
    parse_scale,
)
from selfassessment.sheets.tables import Problem
from tests import factories
from tests.selfassessment.test_workbook import made

TOPICS = ["Youth Voice", "First Access"]
ROW = {
    "code": "A1.1",
    "area": "Our people",
    "section_code": "A1",
    "section": "Welcome",
    "statement": "Everybody is greeted by name.",
    "guidance": "Stand by the door.",
    "plain": "You hear your name at the door.",
    "plan_area": "Leadership and strategy",
    "quick_check": "yes",
    "topics": "Youth Voice",
    "idea_pillar": "Youth Voice",
}
SECOND = {**ROW, "code": "A1.2", "statement": "Everybody is thanked.", "quick_check": ""}


def as_csv(*rows, columns=None, delimiter=","):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    columns = list(columns or COLUMNS)
    writer.writerow(columns)
    writer.writerows([[row.get(column, "") for column in columns] for row in rows])
    return text.getvalue().encode()


def parse(data):
    return parse_questionnaire(data, topics=TOPICS)


def test_a_good_file_gives_its_statements():
    parsed = parse(as_csv(ROW, SECOND))

    first = parsed.statements[0]
    assert parsed.problems == ()
    assert [row.code for row in parsed.statements] == ["A1.1", "A1.2"]
    assert (first.text, first.plain_text, first.quick_check, first.topics) == (
        "Everybody is greeted by name.",
        "You hear your name at the door.",
        True,
        ("Youth Voice",),
    )


ALL_TOPICS = "One of: Youth Voice; First Access."
PLAN_AREAS = (
    "One of: Workforce development; Young people's voice; Programming and resources; "
    "Leadership and strategy."
)
NO_CONTROL = "Text without control characters."
MISSPELT = ["code", "area", "section_code", "section", "Statment", "plan_area"]
EMPTY = "Some text: this cell is empty."
TWICE = "Each once: row 2 has this one too."
NUMBER = "A whole number from 0 to 10."
CODE_RULE = "Letters, digits, full stops and hyphens, beginning with a letter or a digit."


def most(allowed, found):
    return f"At most {allowed} characters: this has {found}."


def as_above(text):
    return f"“{text}”, as in row 2 with the same section_code."


@pytest.mark.parametrize(
    ("column", "typed", "problem"),
    [
        ("code", "", Problem(3, "code", "", EMPTY)),
        ("code", "A1.1", Problem(3, "code", "A1.1", TWICE)),
        ("code", " a1.1 ", Problem(3, "code", "a1.1", TWICE)),
        ("code", "A/1", Problem(3, "code", "A/1", CODE_RULE)),
        ("code", "..", Problem(3, "code", "..", CODE_RULE)),
        ("code", "A1.23456789012", Problem(3, "code", "A1.23456789012", most(12, 14))),
        ("area", "", Problem(3, "area", "", EMPTY)),
        ("area", "Another", Problem(3, "area", "Another", as_above("Our people"))),
        ("section_code", "A123456789", Problem(3, "section_code", "A123456789", most(8, 10))),
        ("section", "Goodbye", Problem(3, "section", "Goodbye", as_above("Welcome"))),
        ("statement", "", Problem(3, "statement", "", EMPTY)),
        ("statement", "x" * 601, Problem(3, "statement", "x" * 119 + "…", most(600, 601))),
        (
            "statement",
            "a\x07b",
            Problem(3, "statement", "'a\\x07b'", NO_CONTROL),
        ),
        ("guidance", "x" * 1001, Problem(3, "guidance", "x" * 119 + "…", most(1000, 1001))),
        ("plan_area", "", Problem(3, "plan_area", "", PLAN_AREAS)),
        ("plan_area", "Leading", Problem(3, "plan_area", "Leading", PLAN_AREAS)),
        ("quick_check", "perhaps", Problem(3, "quick_check", "perhaps", "“yes”, or nothing.")),
        ("topics", "Youth Voice; Drums", Problem(3, "topics", "Drums", ALL_TOPICS)),
    ],
)
def test_a_bad_cell_is_named_with_what_was_read_and_what_is_allowed(column, typed, problem):
    parsed = parse(as_csv(ROW, {**SECOND, column: typed}))

    assert parsed.problems == (problem,)
    assert parsed.statements == ()


def test_an_unknown_pillar_is_named_with_the_eight():
    [problem] = parse(as_csv({**ROW, "idea_pillar": "Voices"})).problems

    assert (problem.row, problem.column, problem.read) == (2, "idea_pillar", "Voices")
    assert problem.allowed.count(";") == 8


def test_every_problem_is_listed_in_the_order_of_the_rows():
    data = as_csv(
        {**ROW, "statement": "", "topics": "Drums;Flutes"}, {**SECOND, "plan_area": "?", "code": ""}
    )

    problems = parse(data).problems

    assert [(p.row, p.column) for p in problems] == [
        (2, "statement"),
        (2, "topics"),
        (2, "topics"),
        (3, "code"),
        (3, "plan_area"),
    ]


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (
            as_csv(ROW, columns=MISSPELT),
            [
                Problem(1, "Statment", "Statment", f"One of these columns: {', '.join(COLUMNS)}."),
                Problem(1, "statement", "nothing", "This column must be there."),
            ],
        ),
        (
            as_csv(ROW, columns=[*COLUMNS, "code"]),
            [Problem(1, "code", "code", "Each column once.")],
        ),
        (as_csv(), [Problem(2, "", "nothing", "At least one statement.")]),
        (
            as_csv(ROW) + b"A2,Our people,A1,Welcome,Hi.,,,Leadership and strategy,,,,stray",
            [Problem(3, "", "stray", "Nothing right of the named columns.")],
        ),
    ],
)
def test_what_is_wrong_with_the_table_is_named(data, problems):
    assert list(parse(data).problems) == problems


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "this one is empty"),
        (b"\xef\xbb\xbf \r\n", "this one is empty"),
        (b"\xff\xfe", "this one is empty"),
        (b"%PDF-1.7 \x00", "A CSV file or an .xlsx workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "A CSV file or an .xlsx workbook"),
        (b"<html><table>", "A CSV file or an .xlsx workbook"),
        (b"\x81\x8d\x8f", "A CSV file or an .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        (b"PK\x03\x04", "damaged"),
        (b"x" * 2_000_001, "at most 2 MB"),
        (as_csv(ROW) + b'"A1.2,open', "Quotation marks in pairs. Near row 3"),
        (as_csv(*[{**ROW, "code": f"A{n}"} for n in range(501)]), "At most 500 rows"),
        (b"," * 60 + b"x\n", "At most 50 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(data, says):
    parsed = parse(data)

    assert says in parsed.problems[0].allowed
    assert parsed.statements == ()


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_separators_of_spreadsheet_programs_are_understood(encode, delimiter):
    text = as_csv({**ROW, "statement": "It’s “Café”, still"}, delimiter=delimiter).decode()

    parsed = parse(encode(text))

    assert [row.text for row in parsed.statements] == ["It’s “Café”, still"]


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        ("plan_area", " young  people’s VOICE ", "Young people's voice"),
        ("topics", "first access;Youth voice; First Access;", ("First Access", "Youth Voice")),
        ("idea_pillar", "youth voice", "Youth Voice"),
        ("idea_pillar", "", ""),
        ("quick_check", "YES", True),
        ("quick_check", "x", True),
        ("quick_check", "No", False),
        ("quick_check", "", False),
        ("code", "  A1.1 ", "A1.1"),
        ("guidance", "two\nlines", "two lines"),
    ],
)
def test_what_is_clear_is_understood(column, typed, meant):
    parsed = parse(as_csv({**ROW, column: typed}))

    assert parsed.problems == ()
    assert getattr(parsed.statements[0], column) == meant


def test_headings_may_be_written_as_people_write_them_in_any_order():
    columns = ["Statement", "Section code", "AREA", "Plan-area", "Section", " Code "]
    keys = ["statement", "section_code", "area", "plan_area", "section", "code"]
    rows = [columns, [ROW[key] for key in keys]]

    parsed = parse(made({"Mine": rows}))

    assert parsed.problems == ()
    assert (parsed.statements[0].code, parsed.statements[0].topics) == ("A1.1", ())


def test_rows_left_empty_are_skipped_and_counted():
    data = as_csv({}, ROW, {}, {**SECOND, "statement": ""})

    assert [(p.row, p.column) for p in parse(data).problems] == [(5, "statement")]


# Workbooks


def rows_of(*rows):
    return [list(COLUMNS), *[[row[column] for column in COLUMNS] for row in rows]]


SCALE = [["value", "name", "anchor"], [3, "Fully", "All of it."], [1, "Not", ""], [2, "Partly", ""]]


def test_a_workbook_may_bring_its_scale():
    parsed = parse(made({"Mine": rows_of(ROW), "scale": SCALE}))

    assert parsed.problems == ()
    assert [row.code for row in parsed.statements] == ["A1.1"]
    assert parsed.scale == (
        LevelRow(1, "Not", ""),
        LevelRow(2, "Partly", ""),
        LevelRow(3, "Fully", "All of it."),
    )


def test_a_formula_in_a_workbook_is_named_with_its_cell():
    row = {**ROW, "statement": "=A1"}

    parsed = parse(made({"Mine": rows_of(row)}))

    assert parsed.problems == (Problem(2, "statement", "=A1", "A value typed in, not a formula."),)


def test_a_workbook_with_only_a_scale_has_no_statements():
    [problem] = parse(made({"Scale": SCALE})).problems

    assert problem.allowed == "A sheet with the statements as well."


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([["1", "Yes", ""]], [(2, "", "1 levels", "At least 2 levels.")]),
        ([["1", "Yes", ""], ["1", "No", ""]], [(3, "value", "1", TWICE)]),
        ([["1", "Yes", ""], ["2", " yes", ""]], [(3, "name", "yes", TWICE)]),
        ([["1", "Yes", ""], ["11", "No", ""]], [(3, "value", "11", NUMBER)]),
        ([["1", "Yes", ""], ["1.5", "No", ""]], [(3, "value", "1.5", NUMBER)]),
        ([["1", "Yes", ""], ["²", "No", ""]], [(3, "value", "²", NUMBER)]),
        ([["1", "Yes", ""], ["2", "", ""]], [(3, "name", "", EMPTY)]),
        ([["1", "Yes", ""], ["2", "x" * 41, ""]], [(3, "name", "x" * 41, most(40, 41))]),
    ],
)
def test_a_bad_scale_is_named(rows, problems):
    text = "\n".join(",".join(row) for row in [["value", "name", "anchor"], *rows])

    parsed = parse_scale(text.encode())

    assert [(p.row, p.column, p.read, p.allowed) for p in parsed.problems] == problems
    assert {p.sheet for p in parsed.problems} == {"Scale"}


# Whatever the bytes

LETTERS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ['"', ",", ";", "\n", "\r", "\t", "=1", *COLUMNS, *ROW.values()]
)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_problems_never_a_crash(data):
    parsed = parse(data)
    scale = parse_scale(data)

    assert parsed.problems
    assert scale.problems


@given(
    rows=st.lists(st.lists(LETTERS, max_size=11), max_size=4),
    loose=st.lists(LETTERS, max_size=20),
)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_statements_or_problems(rows, loose):
    text = io.StringIO()
    csv.writer(text).writerows([list(COLUMNS), *rows])

    parsed = parse((text.getvalue() + "".join(loose)).encode("utf-8", "replace"))

    assert bool(parsed.statements) != bool(parsed.problems)


# Into the database


def test_the_shipped_file_comes_back_whole(person):
    draft = editions.load_shipped(by=person("team"))

    statements = draft.statements.in_order()
    assert (draft.status, draft.edition) == ("draft", 1)
    assert [str(level) for level in draft.levels.all()] == [
        "0 Not started",
        "1 First steps",
        "2 Developing",
        "3 In place",
        "4 Embedded",
    ]
    assert statements.count() == 60
    assert statements.quick_check().count() == 19
    assert draft.sections.count() == 20
    assert [area.code for area in draft.areas.all()] == ["A", "B", "C"]
    shipped = parse_questionnaire(
        imports.SHIPPED_STATEMENTS.read_bytes(),
        topics=Topic.objects.values_list("name", flat=True),
    )
    back = editions.rows_of(draft)
    assert [(row.code, row.text, row.plain_text, row.section, set(row.topics)) for row in back] == [
        (row.code, row.text, row.plain_text, row.section, set(row.topics))
        for row in shipped.statements
    ]
    plain = statements.in_plain_words().values_list("code", flat=True)
    assert list(plain) == list(statements.quick_check().values_list("code", flat=True))
    assert Activity.objects.filter(verb="imported", by=person("team")).count() == 1


def test_loading_the_shipped_set_again_gives_the_same_one(person):
    first = editions.load_shipped(by=person("team"))

    second = editions.load_shipped(by=person("team"))

    assert second == first
    assert Questionnaire.objects.count() == 1


def test_importing_sixty_statements_takes_few_queries(person, django_assert_max_num_queries):
    by = person("team")

    with django_assert_max_num_queries(20):
        editions.load_shipped(by=by)


@pytest.mark.parametrize(
    ("sections", "codes"),
    [
        ([["A1", "A2"], ["B1"]], ["A", "B"]),
        ([["WF1"], ["lead1"]], ["WF", "LEAD"]),
        ([["A1", "B1"], ["C1"]], ["A", "B"]),
        ([["A1"], ["A2"]], ["A", "B"]),
        ([["1"], ["2"]], ["A", "B"]),
        ([[str(n)] for n in range(27)], [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA"]),
    ],
)
def test_areas_get_the_letters_of_their_sections_or_letters_of_their_own(sections, codes):
    assert editions.area_codes(sections) == codes


# Through the browser


def upload(browser, data, name="mine.csv", **fields):
    wishes = {"name": "Our own set", "scale": "three-point", **fields}
    return browser.post(
        "/questionnaires/import/", {**wishes, "file": SimpleUploadedFile(name, data)}
    )


def test_the_team_imports_a_file_as_a_draft(sign_in, db):
    Topic.objects.get_or_create(name="Youth Voice", slug="youth-voice")

    answer = upload(sign_in("team"), as_csv(ROW, SECOND), file_name="picture.png")

    draft = Questionnaire.objects.get()
    assert answer.url == draft.get_absolute_url()
    assert (str(draft), draft.status) == ("Our own set, edition 1", "draft")
    assert [level.value for level in draft.levels.all()] == [1, 2, 3]
    assert [statement.code for statement in draft.statements.in_order()] == ["A1.1", "A1.2"]


def test_a_file_of_the_same_name_becomes_the_next_edition(sign_in, db):
    browser = sign_in("team")
    upload(browser, as_csv(ROW))

    upload(browser, as_csv(ROW), name="our own SET")

    assert [q.edition for q in Questionnaire.objects.order_by("edition")] == [1, 2]


def test_a_bad_file_lists_its_problems_keeps_what_was_typed_and_changes_nothing(sign_in, db):
    data = as_csv({**ROW, "topics": "<b onmouseover=1>Drums</b>"})

    answer = upload(sign_in("team"), data, source="From our archive")

    page = answer.text
    assert answer.status_code == 422
    assert "row 2, topics" in page
    assert "&lt;b onmouseover=1&gt;Drums&lt;/b&gt;" in page
    assert "From our archive" in page
    assert [m.objects.count() for m in (Questionnaire, Area, Section, Statement)] == [0, 0, 0, 0]
    assert Activity.objects.count() == 0


def test_a_form_without_a_file_is_refused(sign_in, db):
    answer = sign_in("team").post(
        "/questionnaires/import/", {"name": "Our own set", "scale": "maturity"}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    assert Questionnaire.objects.count() == 0


OWN = b"value,name,anchor\n1,No,\n2,Yes,\n"


@pytest.mark.parametrize(
    ("statements", "scale", "extra", "field", "says"),
    [
        (as_csv(ROW), "own", None, "scale_file", "Choose the file with the scale"),
        (as_csv(ROW), "maturity", OWN, "scale", "There is a scale in your files."),
        (made({"M": rows_of(ROW), "Scale": SCALE}), "maturity", None, "scale", "There is a scale"),
        (made({"M": rows_of(ROW), "Scale": SCALE}), "own", OWN, "scale_file", "Leave one out."),
        (as_csv(ROW), "own", b"value,name\n1,No\n", "file", "Nothing was imported."),
        (as_csv(ROW), "seven", None, "scale", "Select a valid choice."),
    ],
)
def test_scales_that_do_not_fit_are_refused(sign_in, db, statements, scale, extra, field, says):
    files = {"scale_file": SimpleUploadedFile("scale.csv", extra)} if extra else {}

    answer = upload(sign_in("team"), statements, scale=scale, **files)

    assert answer.status_code == 422
    assert says in answer.context["form"].errors[field][0]
    assert Questionnaire.objects.count() == 0


@pytest.mark.parametrize(
    ("statements", "extra"),
    [(as_csv(ROW), OWN), (made({"M": rows_of(ROW), "Scale": SCALE[:1] + SCALE[2:]}), None)],
)
def test_a_scale_of_its_own_comes_from_a_second_file_or_sheet(sign_in, db, statements, extra):
    files = {"scale_file": SimpleUploadedFile("scale.csv", extra)} if extra else {}

    upload(sign_in("team"), statements, scale="own", **files)

    assert [level.value for level in Questionnaire.objects.get().levels.all()] == [1, 2]


@pytest.mark.parametrize("who", ["lead", "outsider", "facilitator", "funder"])
@pytest.mark.parametrize("address", ["/questionnaires/import/", "/questionnaires/shipped/"])
def test_only_the_team_brings_questionnaires_in(sign_in, who, address):
    answer = sign_in(who).post(address, {"name": "x"})

    assert (answer.status_code, Questionnaire.objects.count()) == (403, 0)


def test_one_click_loads_the_set_that_ships(sign_in, db):
    answer = sign_in("team").post("/questionnaires/shipped/")

    draft = Questionnaire.objects.get()
    assert answer.url == draft.get_absolute_url()
    assert draft.statements.count() == 60


def test_the_file_in_the_project_is_the_one_that_is_loaded():
    assert factories.data_file("maturity-questionnaire-v1.csv") == imports.SHIPPED_STATEMENTS
