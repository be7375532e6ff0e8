"""The ratings as a table to take away: what is in it, for whom, and never a formula."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest

from portal.exports import Sheet, attachment, csv_bytes, plain, xlsx_bytes
from tests import factories

FORMULAS = [
    '=HYPERLINK("http://example.org","Click")',
    "=1+1",
    "+44 20 7946 0000",
    "-1",
    "@SUM(A1:A2)",
    "\t=1+1",
    "\r=1+1",
    "  =cmd|'/c calc'!A1",
    "＝1+1",
]
NOON = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)


@pytest.fixture
def agreed(response):
    """Avon's lead rated and agreed alone, so what was written is the service's too."""
    factories.rate(
        response,
        "A1.1",
        3,
        comment=factories.HOSTILE[5],
        evidence="Cŵn a thŷ",
        evidence_url="https://example.org/a",
        discuss=True,
    )
    factories.rate(response, "A1.2", "na", reason="No leaders.")
    factories.agree_alone(response)
    response.audit.agreed_ratings.update(agreed_at=NOON)
    return response.audit


def read_csv(answer) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def read_xlsx(content: bytes):
    return openpyxl.load_workbook(BytesIO(content))


def test_csv_holds_every_statement_with_what_is_agreed(sign_in, agreed, person):
    factories.agree(agreed, person("lead"), A1_3="parked")
    agreed.agreed_ratings.filter(answer="parked").update(reason="=1+1", agreed_at=NOON)

    answer = sign_in("lead").get(f"/self-assessments/{agreed.pk}/ratings.csv")

    rows = read_csv(answer)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert rows[:5] == [
        [
            *("code", "area", "section", "statement", "answer", "level number", "level name"),
            *("reason", "agreed at"),
        ],
        [
            *("A1.1", "Embedding inclusion", "Vision and leadership", "We have A VISION."),
            *("Level", "3", "In place", "", "2026-01-05 12:30"),
        ],
        [
            *("A1.2", "Embedding inclusion", "Vision and leadership", "We have leaders."),
            *("Not applicable", "", "", "No leaders.", "2026-01-05 12:30"),
        ],
        [
            *("A1.3", "Embedding inclusion", "Vision and leadership", "We have words."),
            *("Parked", "", "", "'=1+1", "2026-01-05 12:30"),
        ],
        [
            *("A2.1", "Embedding inclusion", "Governance", "We have A BOARD."),
            *("", "", "", "", ""),
        ],
    ]
    assert len(rows) == 8


def test_xlsx_holds_the_same_and_what_was_written(sign_in, agreed):
    answer = sign_in("lead").get(f"/self-assessments/{agreed.pk}/ratings.xlsx")

    book = read_xlsx(answer.content)
    assert book.sheetnames == ["Ratings", "Comments", "About"]
    assert [cell.value for cell in book["Ratings"][2]] == [
        *("A1.1", "Embedding inclusion", "Vision and leadership", "We have A VISION."),
        *("Level", 3, "In place", None, datetime(2026, 1, 5, 12, 30)),  # noqa: DTZ001
    ]
    assert [[cell.value for cell in row] for row in book["Comments"].iter_rows()] == [
        ["code", "statement", "who", "comment", "evidence", "link"],
        [
            *("A1.1", "We have A VISION.", None, factories.HOSTILE[5], "Cŵn a thŷ"),
            "https://example.org/a",
        ],
    ]
    assert [[cell.value for cell in row] for row in book["About"].iter_rows(max_row=4)] == [
        ["About this table", ""],
        ["Music service", "Avon Music Service"],
        ["Year", agreed.year_name],
        ["Questionnaire", "Test set, edition 1"],
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_are_called_by_service_and_year(sign_in, agreed, kind):
    answer = sign_in("lead").get(f"/self-assessments/{agreed.pk}/ratings.{kind}")

    year = agreed.year_name.replace("/", "-")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="avon-music-service-self-assessment-{year}-ratings.{kind}"'
    )
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_board_viewer_takes_ratings_without_what_was_written(sign_in, agreed):
    answer = sign_in("board_viewer").get(f"/self-assessments/{agreed.pk}/ratings.xlsx")

    book = read_xlsx(answer.content)
    assert book.sheetnames == ["Ratings", "About"]
    assert [cell.value for cell in book["Ratings"][2]][4:7] == ["Level", 3, "In place"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["lead", "inclusion_lead", "group_member", "board_viewer"])
def test_nothing_leaves_before_the_totals_are_shown(sign_in, audit, person, name, kind):
    factories.agree(audit, person("lead"), shown=False, A1_1=3)

    answer = sign_in(name).get(f"/self-assessments/{audit.pk}/ratings.{kind}")

    assert (answer.status_code, answer.url) == (
        302,
        f"/self-assessments/{audit.pk}/results/",
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["outsider", "team", "funder"])
def test_another_service_finds_nothing(sign_in, agreed, name, kind):
    assert sign_in(name).get(f"/self-assessments/{agreed.pk}/ratings.{kind}").status_code == 404


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text):
    sheet = Sheet("Test", ["one", "two"], [[text, 1]])

    book = read_xlsx(xlsx_bytes([sheet]))
    cells = list(csv.reader(StringIO(csv_bytes(sheet).decode("utf-8-sig"))))[1]

    assert [cell.data_type for cell in book["Test"][2]] == ["s", "n"]
    assert book["Test"]["A2"].hyperlink is None
    assert cells == [f"'{text}", "1"]


@pytest.mark.parametrize("text", ["", "Level 3", "5 - 4", "A=B", *factories.HOSTILE[:5]])
def test_plain_text_stays_as_it_is(text):
    assert plain(text) == text


def test_hostile_text_survives_both_ways():
    sheet = Sheet("Test", ["said"], [[text] for text in factories.HOSTILE])

    book = read_xlsx(xlsx_bytes([sheet]))
    cells = list(csv.reader(StringIO(csv_bytes(sheet).decode("utf-8-sig"))))[1:]

    assert [cell.value for cell in book["Test"]["A"]][1:] == factories.HOSTILE
    assert [cell[0].removeprefix("'") for cell in cells] == factories.HOSTILE


def test_text_too_long_for_a_cell_is_refused_and_not_dropped():
    with pytest.raises(ValueError, match="Too long for a cell"):
        xlsx_bytes([Sheet("Test", ["said"], [["W" * 32768]])])


def test_a_file_name_is_plain_letters():
    answer = attachment(b"", "text/csv", 'Gŵyl "2025"\r\nX: 1/2', "csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="gwyl-2025-x-12.csv"'
