"""The workbook to fill in: what is in it, and that its totals are those of the portal."""

from __future__ import annotations

import random
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries

from portal.exports import XLSX_TYPE
from selfassessment.scoring import Scale, scores
from selfassessment.sheets.sheet_format import HEADINGS
from tests import factories
from tests.selfassessment import sheets


class Array(list):
    """Cells as a formula sees them: it works on all of them at once."""

    def each(self, other, do):
        others = other if isinstance(other, Array) else [other] * len(self)
        return Array(do(one, two) for one, two in zip(self, others, strict=True))

    def __eq__(self, other):
        return self.each(other, same)

    def __ne__(self, other):
        return self.each(other, lambda one, two: not same(one, two))

    def __and__(self, other):
        return self.each(other, lambda one, two: f"{one}{two}")

    def __add__(self, other):
        return self.each(other, lambda one, two: one + two)

    def __mul__(self, other):
        return self.each(other, lambda one, two: one * two)

    __rmul__ = __mul__


def same(one, two):
    """Equality of a spreadsheet: text without regard to case, an empty cell is an empty text."""
    one, two = ("" if value is None else value for value in (one, two))
    if isinstance(one, str) and isinstance(two, str):
        return one.casefold() == two.casefold()
    return isinstance(one, str) == isinstance(two, str) and one == two


class Text(str):
    def __and__(self, other):
        return Text(f"{self}{other}")


class Number(int):
    def __and__(self, other):
        return Text(f"{self:d}{other}")


class Sums:
    """Works out the formulas of a workbook: just the few functions that ours use."""

    def __init__(self, data):
        self.book = load_workbook(BytesIO(data))
        self.functions = {
            "SUMPRODUCT": lambda array: sum(array),
            "SUM": lambda array: sum(array),
            "TRIM": lambda array: Array(str(value or "").strip() for value in array),
            "INT": lambda number: int(number // 1),
            "IF": lambda when, then, otherwise: then() if when else otherwise(),
        }

    def value(self, sheet, cell):
        held = self.book[sheet][cell].value
        if isinstance(held, str) and held.startswith("="):
            return self.work_out(sheet, held)
        return Text(held) if isinstance(held, str) else held

    def cells(self, sheet, span):
        left, top, right, bottom = range_boundaries(span.replace("$", ""))
        found = [
            self.value(sheet, self.book[sheet].cell(row, column).coordinate)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        if ":" in span:
            return Array(found)
        return Number(found[0]) if isinstance(found[0], int) else found[0]

    def work_out(self, here, formula):
        python = []
        for token in Tokenizer(formula).items:
            match token.type, token.subtype:
                case "OPERAND", "RANGE":
                    sheet, _, span = token.value.rpartition("!")
                    python.append(f"cells({sheet or here!r}, {span!r})")
                case "OPERATOR-INFIX", _:
                    python.append({"=": "==", "<>": "!="}.get(token.value, token.value))
                case "OPERAND", "TEXT":
                    python.append(f"Text({token.value[1:-1]!r})")
                case "FUNC", "OPEN":
                    python.append(token.value)
                case "SEP", _:
                    python.append(",")
                case _:
                    python.append(token.value)
        code = "".join(python)
        # A branch not taken is not worked out: it may divide by nothing.
        code = re.sub(
            r"^IF\((.*),(Text\(.*?\)),(INT\(.*\))\)$", r"IF(\1,lambda:\2,lambda:\3)", code
        )
        return eval(code, {"cells": self.cells, "Text": Text, **self.functions})


def totals(data):
    """What the sheet of totals works out, by part: score and counts."""
    sums = Sums(data)
    sheet = sums.book["Totals"]
    return {
        sheet.cell(row, 1).value: [
            sums.value("Totals", sheet.cell(row, column).coordinate)
            for column in range(2, sheet.max_column + 1)
        ]
        for row in range(sheets.HEAD + 1, sheet.max_row + 1)
    }


def due(audit, ratings):
    """The same from scoring.py: the percentage, then every count of the sheet."""
    levels = [level.value for level in audit.levels()]
    whole = scores(Scale(tuple(levels)), list(audit.statements()), ratings)

    def figures(part):
        given = [line.level for line in part.lines]
        score = part.score
        return [
            "–" if score.percent is None else score.percent,
            score.rated,
            score.statements,
            *(given.count(level) for level in levels),
            score.dont_know,
            score.not_applicable,
            score.unanswered,
            0,
        ]

    return {
        "All areas": figures(whole),
        **{str(area.area): figures(area) for area in whole.areas},
        **{str(section.section): figures(section) for section in whole.sections},
    }


def rated_by_chance(response, seed):
    chance = random.Random(seed)
    levels = [level.value for level in response.audit.levels()]
    for statement in response.audit.statements():
        choice = chance.choice([*levels, "dk", "na", None])
        if choice is not None:
            factories.rate(response, statement.code, choice)
    return {rating.statement_id: rating for rating in response.ratings.all()}


@pytest.mark.parametrize("seed", range(5))
def test_the_totals_are_those_of_the_portal(response, seed):
    ratings = rated_by_chance(response, seed)

    found = totals(sheets.of(response))

    assert found == due(response.audit, ratings)


def test_the_totals_of_a_scale_of_three(avon, person):
    edition = factories.questionnaire(by=person("team"), levels=factories.THREE_POINT)
    audit = factories.audit(avon, edition, by=person("lead"))
    ratings = rated_by_chance(audit.responses.get(), 7)

    found = totals(sheets.of(audit.responses.get()))

    assert found == due(audit, ratings)


def test_the_totals_of_a_blank_one_are_no_score(audit):
    found = totals(sheets.blank(audit))

    assert found == due(audit, {})
    assert found["All areas"][:3] == ["–", 0, 7]


def test_the_totals_follow_what_is_typed(audit):
    data = sheets.filled(
        sheets.blank(audit),
        A1_1={"rating": "4 Embedded"},
        A1_2={"rating": 2},  # a number typed by hand
        A1_3={"rating": "2"},
        A2_1={"rating": "Don’t know"},
        A2_2={"rating": " "},
        B1_1={"rating": "perhaps"},
    )

    found = totals(data)

    assert found["A1 Vision and leadership"] == [67, 3, 3, 0, 0, 2, 0, 1, 0, 0, 0, 0]
    assert found["A2 Governance"] == ["–", 0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 0]
    assert found["B1 Policy"] == ["–", 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert found["All areas"][0] == 67


def test_programs_that_do_not_work_out_formulas_show_the_same(response):
    ratings = rated_by_chance(response, 3)

    sheet = load_workbook(BytesIO(sheets.of(response)), data_only=True)["Totals"]

    rows = {row[0]: list(row[1:]) for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows == due(response.audit, ratings)


def test_what_somebody_fills_in(audit):
    book = load_workbook(BytesIO(sheets.blank(audit)))
    sheet = book["Ratings"]

    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}

    assert book.sheetnames == ["Ratings", "Levels", "Totals", "Portal"]
    assert [one.sheet_state for one in book] == ["visible", "visible", "visible", "veryHidden"]
    assert rows[0] == tuple(HEADINGS.values())
    assert rows[1][:6] == (
        *("A1.1", "A Embedding inclusion", "A1 Vision and leadership"),
        *("We have A VISION.", "Look for A VISION.", None),
    )
    assert lists["F4:F10"] == "Levels!$A$4:$A$10"
    assert [row[0] for row in book["Levels"].iter_rows(min_row=4, values_only=True)] == [
        *(f"{value} {name}" for value, name, _ in factories.MATURITY),
        *("Don’t know", "Not applicable"),
    ]
    assert sheet.freeze_panes == "B4"
    assert sheet.column_dimensions["L"].hidden
    assert (sheet.protection.sheet, book["Totals"].protection.sheet) == (False, True)
    assert book["Totals"].protection.password is None
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$3:$3")


def test_nothing_typed_by_people_is_a_formula(avon, person):
    hostile = " ".join(factories.HOSTILE)
    edition = factories.draft(
        name="=1+1",
        text="=1+1 {}",
        guidance="@SUM(1) {}",
        levels=[(0, "=cmd", "+1"), (1, '"quoted", and more', "-1")],
    )
    factories.publish(edition, by=person("team"))
    audit = factories.audit(avon, edition, by=person("lead"))
    for text in (hostile, "=1", "+1", "-1", "@x", "\t=1"):
        code = f"A1.{1 + ['=1', '+1'].count(text)}"
        audit.responses.get().ratings.all().delete()
        factories.rate(audit.responses.get(), code, 1, comment=text, reason=text, evidence=text)

        book = load_workbook(BytesIO(sheets.of(audit.responses.get())))

        formulas = [
            cell.value
            for name in ("Ratings", "Levels", "Portal")
            for row in book[name]
            for cell in row
            if cell.data_type == "f"
        ]
        links = [link for name in book.sheetnames for link in book[name]._hyperlinks]
        assert (formulas, links) == ([], [])


def test_the_quick_check_asks_its_own_statements_only(audit):
    audit.scope = "quick"

    sheet = load_workbook(BytesIO(sheets.blank(audit)))["Ratings"]

    codes = [row[0] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert codes == ["A1.1", "A2.1", "B1.1"]


def test_nothing_in_it_says_whose_it_is(response):
    factories.rate(response, "A1.1", 3)

    book = load_workbook(BytesIO(sheets.of(response)))

    words = " ".join(
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None
    )
    name, email = response.respondent.user.name, response.respondent.user.email
    assert (name in words, email in words, book.properties.creator in {None, "", "openpyxl"}) == (
        False,
        False,
        True,
    )


def test_a_workbook_costs_four_queries(audit, django_assert_num_queries):
    with django_assert_num_queries(4):
        sheets.blank(audit)


@pytest.mark.parametrize("name", ["lead", "board_viewer"])
def test_members_take_a_blank_one(sign_in, audit, name):
    answer = sign_in(name).get(f"/self-assessments/{audit.pk}/workbook.xlsx")

    year = audit.year_name.replace("/", "-")
    assert answer.headers["Content-Type"] == XLSX_TYPE
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="avon-music-service-self-assessment-{year}-workbook.xlsx"'
    )
    assert totals(answer.content) == due(audit, {})


def test_one_takes_ones_own_and_nobody_elses(sign_in, audit, response):
    factories.rate(response, "A1.1", 4)
    url = f"/self-assessments/{audit.pk}/my-workbook.xlsx"

    mine, theirs = sign_in("lead").get(url), sign_in("inclusion_lead").get(url)

    assert totals(mine.content)["All areas"][:2] == [100, 1]
    assert theirs.status_code == 404
