"""What each column of somebody's plan is, by its heading or by what is in it."""

from __future__ import annotations

import pytest

from actionplans.tables import areas, columns, kept, matching
from actionplans.tables.columns import Field
from selfassessment.models import PlanArea
from tests.actionplans import tables
from tests.actionplans.tables import PERIOD

F = Field


def guessed(*rows, merged=""):
    return matching.guess(kept.read(tables.workbook(*rows, merged=merged)), PERIOD)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Objective", F.TITLE),
        ("What do we want to achieve?", F.TITLE),
        ("Action", F.STEPS),
        ("What", F.STEPS),
        ("Success criteria", F.MEASURE),
        ("KPI", F.MEASURE),
        ("Key Performance Indicators (KPIs)", F.MEASURE),
        ("How will we measure success?", F.MEASURE),
        ("Lead", F.ROLE),
        ("WHO", F.ROLE),
        ("Person(s) responsible", F.ROLE),
        ("By when?", F.DUE_ON),
        ("Deadline:", F.DUE_ON),
        ("Timescale / deadline", F.DUE_ON),
        ("Target date", F.DUE_ON),
        ("RAG", F.RAG),
        ("RAG rating (termly)", F.RAG),
        ("Progress", F.NOTE),
        ("Cost/£", F.COST),
        ("Budget (£)", F.COST),
        ("Resources & cost", F.RESOURCES),
        ("Area of focus", F.AREA),
        ("Ref.", F.REFERENCE),
        ("Why are we doing this?", F.WHY),
        ("Barriers / risks", F.BARRIERS),
        ("Comments", F.EXTRA),
        ("Links to the school plan", F.EXTRA),
        ("Colour", None),
        ("", None),
    ],
)
def test_a_heading_means_a_field(heading, field):
    assert columns.by_heading(heading)[0] == field


@pytest.mark.parametrize(("field", "label"), columns.LABELS.items())
def test_our_own_headings_mean_themselves(field, label):
    assert columns.by_heading(label) == (field, columns.EXACT)


def test_headings_are_found_where_they_stand():
    match = guessed(
        ["EDI action plan 2026/27"],
        [],
        ["Version 3, agreed by the board"],
        ["Objective", "Who", "By when"],
        ["Pay for time", "Head of service", "July"],
    )

    assert (match.header, match.columns) == (3, (F.TITLE, F.ROLE, F.DUE_ON))


def test_columns_without_headings_are_known_by_what_they_hold():
    rows = [
        ["WD-1", "Pay tutors for the time", "£1,200", "31/3/27", "Green", "A1.1"],
        ["WD-2", "Train every tutor in trauma", "£300", "Easter", "Red", "B1, A2.1"],
    ]

    match = guessed(*rows)

    assert match.header == matching.NO_HEADINGS
    assert match.columns == (F.REFERENCE, F.TITLE, F.COST, F.DUE_ON, F.RAG, F.STATEMENTS)


def test_an_action_is_the_target_where_there_is_no_objective():
    assert guessed(["Action", "Who"], ["Pay", "HR"]).columns == (F.TITLE, F.ROLE)


def test_an_objective_over_actions_with_their_own_dates_is_why_they_are_done():
    match = guessed(
        ["Objective", "Action", "By when"],
        ["Diversify", "Rewrite the advert", "July"],
        [None, "Train the panel", "March"],
        [None, "Pay for trials", "May"],
        merged="A2:A4",
    )

    assert match.columns == (F.WHY, F.TITLE, F.DUE_ON)


def test_the_first_of_two_equal_columns_counts():
    match = guessed(["Objective", "Deadline", "Date"], ["Pay", "July", "May"])

    assert match.columns == (F.TITLE, F.DUE_ON, F.EXTRA)


def test_the_sheet_that_looks_like_a_plan_is_taken():
    data = tables.workbook(["Objective", "Lead", "By when"], ["Pay", "HR", "July"], title="Plan")
    book = tables.load(data)
    cover = book.create_sheet("Cover", 0)
    cover["A1"] = "Northvale Music Service"

    assert matching.guess(kept.read(tables.saved(book)), PERIOD).sheet == 1


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("Workforce", PlanArea.WORKFORCE),
        ("Recruitment & training", PlanArea.WORKFORCE),
        ("Young people’s voice", PlanArea.YOUNG_VOICE),
        ("Youth Voice", PlanArea.YOUNG_VOICE),
        ("Curriculum and resources", PlanArea.PROGRAMMING),
        ("Leadership, strategy and governance", PlanArea.LEADERSHIP),
        ("LS", PlanArea.LEADERSHIP),
        ("Sustainability", None),
        ("", None),
    ],
)
def test_areas_are_guessed_from_words(words, area):
    assert areas.guess(words) == area


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("Area 2: Young people’s voice", PlanArea.YOUNG_VOICE),
        ("1. Workforce development", PlanArea.WORKFORCE),
        ("Train the workforce in inclusive practice", None),
    ],
)
def test_a_heading_names_an_area_and_nothing_else(words, area):
    assert areas.names_one(words) == area
