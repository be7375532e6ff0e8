"""Totals of past years in a spreadsheet, however somebody laid them out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from selfassessment.models import Exactness
from selfassessment.years.past import (
    Levels,
    Past,
    PastTotal,
    When,
    as_data,
    completed,
    from_data,
    read_levels,
    read_total,
    read_when,
    shares_out,
    trouble_with,
)
from selfassessment.years.past_cells import Given
from selfassessment.years.past_sheets import Found, read

MARCH = When(dt.date(2019, 3, 1), Exactness.MONTH)
GIVEN = Given("An older tool")


def book(**sheets: list[list[object]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    data = BytesIO()
    workbook.save(data)
    return data.getvalue()


def wrong(found: Found) -> list[tuple[str, str, str]]:
    return [(one.sheet, one.cell, one.read) for one in found.problems]


def totals(found: Found) -> list[tuple[str, str, str, int | None]]:
    return [
        (str(past.when.day), one.area, f"{one.total} of {one.most}", one.statements)
        for past in found.pasts
        for one in past.totals
    ]


WHOLE = Past(
    "An older tool",
    MARCH,
    Levels(1, 3),
    (PastTotal("", Decimal(112), Decimal(183), 61),),
)


@pytest.mark.parametrize(
    "data",
    [
        "“Total 112 of 183, 1–3 scale, March 2019”".strip("“”").encode(),
        b"Date,March 2019\nScale,1 to 3\nTotal,112 of 183\n",
        b"Total;112;183\nWhen;Mar 2019\nScale;1-3\n",
        b"Year,Score,Out of,Scale\nMarch 2019,112,183,1-3\n",
        b"Taken on\tArea\tTotal\tStatements\tLowest\tHighest\n01/03/2019\tOverall\t112\t61\t1\t3\n",
        "Scale,1–3\nArea,Out of,March 2019\nOverall,183,112\n".encode(),
        book(March_2019=[["Youth service"], ["Scale", "1–3"], ["Total", 112, 183]]),
        book(Totals=[["Date", "Total", "Max", "Scale"], [dt.date(2019, 3, 1), 112, 183, "1-3"]]),
    ],
)
def test_the_same_total_is_understood_however_it_is_laid_out(data):
    found = read(data, GIVEN)

    assert found.problems == ()
    day = [past.when.day for past in found.pasts]
    assert (day, [past.totals for past in found.pasts]) == ([MARCH.day], [WHOLE.totals])
    assert [past.levels for past in found.pasts] == [Levels(1, 3)]


def test_several_years_in_columns_become_several_times():
    data = book(
        Totals=[
            ["Our scores"],
            ["Area", "Out of", "2017/18", "March 2019"],
            ["Embedding", 57, 30, 33],
            ["Policies", 60, 38, None],
            ["Total", 183, 100, 112],
        ]
    )

    found = read(data, GIVEN)

    assert totals(found) == [
        ("2017-09-01", "Embedding", "30 of 57", None),
        ("2017-09-01", "Policies", "38 of 60", None),
        ("2017-09-01", "", "100 of 183", None),
        ("2019-03-01", "Embedding", "33 of 57", None),
        ("2019-03-01", "", "112 of 183", None),
    ]
    assert [(one.cell, one.read) for one in found.unused] == [("A1", "Our scores")]


def test_what_the_form_says_stands_in_for_what_the_file_does_not():
    found = read(b"Total,112 of 183\n", Given("An older tool", MARCH, Levels(1, 3)))

    assert found.pasts == (WHOLE,)


def test_every_cell_says_what_it_was_taken_for():
    found = read(b"Date,March 2019\nScale,1 to 3\nTotal,112 of 183\n", GIVEN)

    assert [(one.cell, one.read, one.means) for one in found.understood] == [
        ("B1", "March 2019", "date: March 2019"),
        ("B2", "1 to 3", "scale: 1 to 3"),
        ("A3", "Total", "the whole"),
        ("B3", "112 of 183", "the whole, March 2019: 112 of 183, 61 statements"),
    ]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (book(Old=[["Total", "=SUM(A1:A3)"], ["Date", "2019"]]), ("Old", "B1", "=SUM(A1:A3)")),
        (b"Area,Total,Out of\nPolicies,sixty,60\n", ("", "B2", "sixty")),
        (b"Area,Total,Out of\nPolicies,70,60\n", ("", "B2", "70")),
        (b"Date,Area,Total,Out of\nlast spring,Policies,40,60\n", ("", "A2", "last spring")),
        (b"Date,2019\nTotal,112\n", ("", "B2", "112")),
        (b"Date,2019\nTotal,112 of 183\nOverall,100 of 183\n", ("", "B3", "100 of 183")),
        (b"Date,2019\nScale,3 to 1\nTotal,112 of 183\n", ("", "B2", "3 to 1")),
        (b"Date,2019\nScale,1-3\nTotal,50 of 183\n", ("", "B3", "50 of 183")),
        (b"Total,112 of 183\n", ("", "B1", "112 of 183")),
        (b"Nothing,here\n", ("", "", "")),
        (b"", ("", "", "")),
        (b"PK\x03\x04 not a workbook", ("", "", "")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("", "", "")),
    ],
)
def test_what_cannot_be_read_names_its_sheet_and_cell_and_nothing_is_used(data, where):
    found = read(data, GIVEN if b"Area,Total" not in data else Given("An older tool", MARCH))

    assert wrong(found) == [where]
    assert found.pasts == ()


def test_one_bad_total_keeps_all_of_them_out():
    found = read(b"Date,2019\nPolicies,40 of 60\nProgramming,70 of 66\n", GIVEN)

    assert wrong(found) == [("", "B3", "70 of 66")]
    assert found.pasts == ()


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("March 2019", MARCH),
        ("Mar-19", MARCH),
        ("03/2019", MARCH),
        ("2019-03-01T00:00:00", MARCH),
        ("4 March 2019", When(dt.date(2019, 3, 4), Exactness.DAY)),
        ("4th Mar 2019", When(dt.date(2019, 3, 4), Exactness.DAY)),
        ("04/03/2019", When(dt.date(2019, 3, 4), Exactness.DAY)),
        ("4.3.19", When(dt.date(2019, 3, 4), Exactness.DAY)),
        ("2018/19", When(dt.date(2018, 9, 1), Exactness.SCHOOL_YEAR)),
        ("2018–2019", When(dt.date(2018, 9, 1), Exactness.SCHOOL_YEAR)),
        ("2019", When(dt.date(2019, 1, 1), Exactness.YEAR)),
        ("2018/20", None),
        ("31/02/2019", None),
        ("Smarch 2019", None),
        ("112", None),
        ("1066", None),
        ("", None),
    ],
)
def test_dates_as_people_write_them(text, when):
    assert read_when(text) == when


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("112", (Decimal(112), None)),
        ("56.5", (Decimal("56.5"), None)),
        ("1,120", (Decimal(1120), None)),
        ("112 of 183", (Decimal(112), Decimal(183))),
        ("112/183", (Decimal(112), Decimal(183))),
        ("112 out of 183", (Decimal(112), Decimal(183))),
        ("58%", (Decimal(58), Decimal(100))),
        ("-3", None),
        ("56,5", None),
        ("many", None),
    ],
)
def test_totals_as_people_write_them(text, total):
    assert read_total(text) == total


@pytest.mark.parametrize(
    ("text", "levels"),
    [("1–3", Levels(1, 3)), ("0 to 4", Levels(0, 4)), ("scale of 1-3", Levels(1, 3)), ("3", None)],
)
def test_scales_as_people_write_them(text, levels):
    assert read_levels(text) == levels


def test_statements_follow_from_the_maximum_only_where_that_is_sure():
    levels = Levels(1, 3)

    made = [
        completed(PastTotal("", Decimal(10), most, statements), levels).statements
        for most, statements in [
            (Decimal(183), None),
            (Decimal(184), None),
            (Decimal(100), None),
            (Decimal(183), 61),
        ]
    ]

    assert made == [61, None, None, 61]
    assert completed(PastTotal("", Decimal(10), None, 61), levels).most == 183
    assert completed(PastTotal("", Decimal(10), Decimal(183)), None).statements is None


@given(st.integers(0, 5), st.integers(1, 5), st.integers(1, 200), st.integers(-50, 1500))
def test_a_total_is_sound_exactly_when_its_scale_allows_it(lowest, span, statements, total):
    levels = Levels(lowest, lowest + span)
    one = completed(PastTotal("", Decimal(total), None, statements), levels)

    sound = not trouble_with(one, levels)

    assert sound == (statements * levels.lowest <= total <= statements * levels.highest)


def test_areas_that_do_not_come_to_the_whole_are_remarked_on():
    areas = (PastTotal("Policies", Decimal(40)), PastTotal("Programming", Decimal(60)))
    whole = PastTotal("", Decimal(112))

    assert shares_out(Past("It", MARCH, None, (*areas, whole))) == (
        "The areas come to 100 together, and the whole is 112."
    )
    assert shares_out(Past("It", MARCH, None, areas)) == ""


def test_what_is_signed_between_preview_and_button_comes_back_the_same():
    odd = Past("It", MARCH, None, (PastTotal("A", Decimal("56.5"), Decimal(100), None),))

    assert [from_data(as_data(one)) for one in (WHOLE, odd)] == [WHOLE, odd]


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reader(data):
    found = read(data, GIVEN)

    assert not found.pasts or not found.problems


@given(
    st.lists(st.lists(st.text("2019 of/-,%Total£AreaDate\n", max_size=12), max_size=4), max_size=6)
)
def test_no_layout_breaks_the_reader(rows):
    data = "\n".join(";".join(row) for row in rows).encode()

    found = read(data, GIVEN)

    assert not found.pasts or not found.problems
