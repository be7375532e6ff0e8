"""From rows to targets: messy ones, and never a cell lost."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionplans.tables import cells, dates, matching, plan_rows
from actionplans.tables.cells import Grid
from actionplans.tables.columns import Field
from actionplans.tables.drafts import Known, Step, words_of
from actionplans.tables.matching import Match
from actionplans.tables.preview import lines
from selfassessment.models import PlanArea
from tests import factories
from tests.actionplans import tables
from tests.actionplans.tables import HEADS, KNOWN, PERIOD, TODAY

F = Field
D = dt.date


def remarks(reading):
    return {one.cell: one.became for one in reading.remarks}


def one(*row, heads=HEADS, known=KNOWN, **matched):
    """The target a single row becomes."""
    data = tables.workbook([*heads, "Plan area"], [*row, *[None] * (len(heads) - len(row)), "WD"])
    reading = tables.read(data, known, **matched)
    [draft] = reading.drafts
    return draft, reading


# What a real plan has


def test_a_messy_plan_becomes_targets():
    data = tables.workbook(
        ["EDI action plan 2026/27"],
        ["Northvale Music Service"],
        [],
        [*HEADS, "School plan"],
        ["Workforce"],
        ["Diversify the workforce", "Rewrite the advert", "20% of applicants", "Head of service",
         "Sept–March", "£1,500–2,000", "Green", "Two adverts are out", "p. 4"],
        [None, "Train the panel", "All trained", None, D(2027, 5, 31)],
        ["Young people’s voice"],
        ["Set up young advisers", "• Find 8 members\n• Pay them", "Termly", "Youth voice lead",
         "Draft by Oct 2026; pilot Jan 2027; all by July 2027", "staff time", "Red – late"],
        ["Report back", None, None, None, "ongoing"],
        merged="A5:I5 A6:A7",
    )  # fmt: skip

    reading = tables.read(data)

    assert [(draft.reference, draft.values["title"]) for draft in reading.drafts] == [
        ("WD-1", "Diversify the workforce"),
        ("YV-1", "Set up young advisers"),
        ("YV-2", "Report back"),
    ]
    first, second, third = tables.values(reading)
    assert (first["steps"], first["measure"], first["starts_on"], first["due_on"]) == (
        *("Rewrite the advert\nTrain the panel", "20% of applicants\nAll trained"),
        *(D(2026, 9, 1), D(2027, 5, 31)),
    )
    assert first["cost"] == Decimal(2000)
    assert first["extra"].split("\n") == [
        *("Under: Workforce", "By when: Sept–March", "Cost/£: £1,500–2,000", "School plan: p. 4"),
        *("Above the table: EDI action plan 2026/27", "Above the table: Northvale Music Service"),
    ]
    assert reading.drafts[0].milestones == (
        Step("Rewrite the advert", D(2027, 3, 31)),
        Step("Train the panel", D(2027, 5, 31)),
    )
    assert reading.drafts[0].note == {
        "rag": "green",
        "text": "Two adverts are out",
        "noted_on": TODAY,
    }
    assert reading.drafts[1].milestones == (
        Step("Draft", D(2026, 10, 31)),
        Step("pilot", D(2027, 1, 31)),
    )
    assert (second["due_on"], second["steps"]) == (
        D(2027, 7, 31),
        "• Find 8 members\n• Pay them",
    )
    assert third["no_date_reason"] == "ongoing"
    assert reading.stops == ()


def test_a_value_merged_over_rows_holds_for_each():
    data = tables.workbook(
        ["Area", "Objective", "Lead", "By when"],
        ["Workforce", "Pay tutors", "Head of service", "July"],
        [None, "Train tutors", None, "May"],
        ["Youth voice", "Ask them", "Youth lead", "May"],
        merged="A2:A3 C2:C3",
    )

    reading = tables.read(data)

    assert [(d.values["title"], d.reference, d.values["role"]) for d in reading.drafts] == [
        ("Pay tutors", "WD-1", "Head of service"),
        ("Train tutors", "WD-2", "Head of service"),
        ("Ask them", "YV-1", "Youth lead"),
    ]


def test_a_blank_below_an_area_is_the_same_area():
    data = tables.workbook(
        ["Theme", "Objective"], ["Governance", "Train the board"], [None, "Publish pay"]
    )

    assert [draft.reference for draft in tables.read(data).drafts] == ["LS-1", "LS-2"]


def test_headings_repeated_on_each_page_are_no_targets():
    data = tables.workbook(HEADS, ["Pay tutors"], HEADS, ["Train tutors"])

    assert [d.values["title"] for d in tables.read(data).drafts] == ["Pay tutors", "Train tutors"]


def test_hidden_rows_are_read_like_any_other():
    book = tables.load(tables.workbook(HEADS, ["Pay tutors"], ["Train tutors"]))
    book.active.row_dimensions[3].hidden = True

    reading = tables.read(tables.saved(book))

    assert [d.values["title"] for d in reading.drafts] == ["Pay tutors", "Train tutors"]


def test_a_formula_is_kept_and_said_not_worked_out():
    draft, reading = one("Pay tutors", None, None, None, None, "=SUM(A1:A3)")

    assert "cost" not in draft.values
    assert draft.values["extra"] == "Cost/£: =SUM(A1:A3)"
    assert remarks(reading) == {"F2": "A formula or an error, not a value. Kept in other notes."}


def test_a_row_without_words_for_the_change_borrows_some():
    data = tables.workbook(HEADS, [None, "Rewrite the advert", "It is used", "HR"])

    reading = tables.read(data, columns=(F.TITLE, F.STEPS, F.MEASURE, F.ROLE, *[F.EXTRA] * 4))

    [draft] = reading.drafts
    assert (draft.values["title"], draft.values["steps"]) == (
        *("Rewrite the advert", "Rewrite the advert"),
    )


# One cell


def test_a_long_title_is_shortened_with_the_whole_below():
    words = "We will " + "work together " * 20

    draft, reading = one(words)

    assert len(draft.values["title"]) <= 200
    assert draft.values["detail"] == words.strip()
    assert remarks(reading) == {"A2": "Shortened, with the whole under “More about it”."}


def test_a_list_in_the_title_becomes_steps():
    draft, _ = one("Diversify:\n• Rewrite the advert\n• Train the panel")

    assert (draft.values["title"], draft.values["steps"]) == (
        "Diversify",
        "Diversify:\n• Rewrite the advert\n• Train the panel",
    )


def test_a_name_is_matched_to_the_one_account_it_can_be():
    known = Known(PERIOD, TODAY, members={"jo bloggs": [7], "sam smith": [8, 9]})

    jo, reading = one("Pay", None, None, "Jo Bloggs", known=known)
    sam, _ = one("Pay", None, None, "Sam Smith", known=known)

    assert (jo.values["role"], jo.values["owner_id"]) == ("Jo Bloggs", 7)
    assert remarks(reading)["D2"].endswith("A role outlives a person.")
    assert (sam.values["role"], "owner_id" in sam.values) == ("Sam Smith", False)


@pytest.mark.parametrize(
    ("said", "hinted"),
    [
        ("Jo Bloggs", True),
        ("Jo Bloggs / Sam Smith", True),
        ("JB", True),
        ("Head of Service", False),
        ("Inclusion Lead", False),
        ("SLT", False),
        ("all tutors", False),
    ],
)
def test_a_name_where_a_role_belongs_is_said(said, hinted):
    draft, reading = one("Pay", None, None, said)

    assert draft.values["role"] == said
    assert ("D2" in remarks(reading)) == hinted


@pytest.mark.parametrize(
    ("said", "cost", "kept"),
    [
        ("£1,500", Decimal(1500), False),
        (1200, Decimal(1200), False),
        (99.5, Decimal("99.5"), False),
        ("£1,500–2,000", Decimal(2000), True),
        ("£1.5k", Decimal(1500), True),
        ("2 days at £150", Decimal(150), True),
        ("staff time", None, True),
        ("£99999999999", None, True),
    ],
)
def test_costs(said, cost, kept):
    draft, _ = one("Pay", None, None, None, None, said)

    assert draft.values.get("cost") == cost
    assert draft.values.get("extra") == (f"Cost/£: {said}" if kept else None)


@pytest.mark.parametrize(
    ("rag", "status", "note", "ended"),
    [
        ("Green", None, {"rag": "green"}, None),
        ("A", None, {"rag": "amber"}, None),
        ("Complete", "done", None, TODAY),
        ("Withdrawn", "dropped", None, TODAY),
        ("In progress", None, None, None),
    ],
)
def test_rag_and_status(rag, status, note, ended):
    draft, _ = one("Pay", None, None, None, None, None, rag)

    assert draft.values.get("status") == status
    assert draft.values.get("ended_on") == ended
    wanted = {**note, "text": "Brought in with a table.", "noted_on": TODAY} if note else {}
    assert draft.note == wanted


def test_a_start_after_the_due_date_is_no_start():
    heads = ["Objective", "Start date", "Due date"]
    draft, reading = one("Pay", "1/5/27", "1/3/27", heads=heads)

    assert draft.values.get("starts_on") is None
    assert draft.values["due_on"] == D(2027, 3, 1)
    assert draft.values["extra"] == "Start: 1 May 2027"
    assert reading.remarks[0].became == "A start after the due date. Kept in other notes."


def test_statements_are_matched_by_code_and_others_said():
    known = Known(PERIOD, TODAY, statements={"A1.1": 5})
    draft, reading = one("Pay", "a1.1, C9", heads=["Objective", "Statements"], known=known)

    assert draft.statements == ("A1.1",)
    assert draft.values["extra"] == "Statements: a1.1, C9"
    assert remarks(reading)["B2"].startswith("Not statements of this plan’s self-assessment: C9.")


def test_a_reference_is_kept_where_it_is_free():
    known = Known(PERIOD, TODAY, taken=frozenset({(PlanArea.WORKFORCE.value, 2)}))
    rows = [["WD-3", "Pay"], ["WD-2", "Train"], ["1.4", "Ask tutors"]]
    data = tables.workbook(["Ref", "Objective"], *rows)

    reading = tables.read(data, known, area=PlanArea.WORKFORCE)

    assert [(d.reference, d.values.get("extra")) for d in reading.drafts] == [
        ("WD-3", None),
        ("WD-4", "Reference: WD-2"),
        ("WD-5", "Ref: 1.4"),
    ]


# What stops a table


def test_without_a_column_that_says_what_will_change_nothing_is_taken_in():
    data = tables.workbook(HEADS, ["Pay"])

    reading = tables.read(data, columns=(F.EXTRA,) * len(HEADS))

    assert [one.became for one in reading.stops] == ["Choose which column says “what will change”."]


def test_an_area_has_to_be_chosen_where_the_table_does_not_say():
    data = tables.workbook(["Objective", "Lead"], ["Be kind", "All"], ["Be fair", "All"])

    without = tables.read(data)
    chosen = tables.read(data, area=PlanArea.LEADERSHIP)

    assert [one.became for one in without.stops] == [
        "Choose a plan area for 2 targets of which the table does not say."
    ]
    assert [draft.reference for draft in chosen.drafts] == ["LS-1", "LS-2"]
    assert chosen.stops == ()


def test_a_target_can_be_left_out():
    data = tables.workbook(HEADS, ["Pay tutors"], ["Signed by tutors: ____"])

    reading = tables.read(data, left_out=frozenset({2}))

    assert [draft.values["title"] for draft in reading.drafts] == ["Pay tutors"]
    assert [draft.values["title"] for draft in reading.left_out] == ["Signed by tutors: ____"]


def test_more_text_than_a_target_holds_stops_the_table():
    data = tables.workbook([*HEADS, "Minutes"], ["Pay tutors", *[None] * 7, "word " * 2_500])

    [stop] = tables.read(data).stops

    assert (stop.cell, stop.became) == (
        "Row 2",
        "More text than a target keeps: other notes hold 10,000 characters.",
    )


@pytest.mark.parametrize("typed", ["Young people's voice", "Young people’s voice"])
def test_an_area_is_known_and_named_with_either_apostrophe(typed):
    reading = tables.read(tables.workbook(["Plan area", "Target"], [typed, "Ask them"]))

    assert [line.area for line in lines(reading.drafts, KNOWN)] == ["Young people’s voice"]


# Never a cell lost

LIKELY = st.sampled_from(
    [
        *("Sept–March", "31/3/27", "ongoing", "end of autumn term", "Easter 2027", "each term"),
        *("Draft Oct 2026; done Jan 2027", "£1,500–2,000", "£300", "Green", "Red – late"),
        *("Workforce", "Young people's voice", "Jo Bloggs", "Head of service", "80%", "WD-3"),
        *("A1.1, Z9", "• one\n• two", "Complete", "Dropped", "2026-27", "46477", "1.5", "7"),
        *("Holistic, Kind", "First step (by 3 March 2027)", "x" * 1_200, "2/1/20", "R"),
        *("Minutes\nhttps://example.org/a", "https://example.org", "https://no", "javascript:a"),
    ]
)
SAID = st.one_of(
    LIKELY,
    LIKELY,
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=300),
    st.sampled_from(factories.HOSTILE),
)
WIDTH = 5


def squashed(text: str) -> str:
    return "".join(text.split()).casefold().replace("’", "'")


def said_by(reading, known) -> str:
    """Everything that taken in would be found again, run together."""
    return squashed(
        " ".join(
            f"{line.reference} {line.title} {line.area} {label} {words}"
            for line in lines(reading.drafts, known)
            for label, words in [("", ""), *line.fields]
        )
    )


def is_said_in_full(text: str, reading, found: str) -> bool:
    """Whether a field holds just what the cell says: a date, a sum, a word of ours."""
    held = [
        value
        for draft in reading.drafts
        for value in [
            *draft.values.values(),
            *draft.note.values(),
            *(step.due_on for step in draft.milestones),
            *(step.done_on for step in draft.milestones),
        ]
    ]
    when = dates.read(text, PERIOD)
    number, whole_number = cells.number(text)
    share, whole_share = cells.percent(text)
    money, whole_money = cells.money(text)
    words = {"r": "red", "g": "green", "a": "amber", "dropped": "dropped", "done": "done"}
    heard = {one.strip().casefold() for one in text.split(",")}
    return (
        (when.says_all and (when.due in held or squashed(words_of(when.due)) in found))
        or (whole_number and number in held)
        or (whole_number and int(number) in held)
        or (whole_share and share in held)
        or (whole_money and money in held)
        or words.get(text.casefold(), text.casefold()) in held
        or any(isinstance(value, list) and heard == set(value) for value in held)
        or (text.casefold() == "open")
    )


@pytest.mark.parametrize("field", Field)
@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.lists(SAID, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=5),
    others=st.lists(st.sampled_from(Field), min_size=WIDTH - 2, max_size=WIDTH - 2),
    header=st.integers(-1, 1),
    merged=st.sets(st.integers(0, 4), max_size=2),
)
def test_every_cell_is_found_again(field, rows, others, header, merged):
    rows = [[cells.tidy(text, is_csv=False) for text in row] for row in rows]
    spans = tuple(f"{'ABCDE'[at]}1:{'ABCDE'[at]}2" for at in merged)
    grid = Grid("Plan", rows, merged=spans)
    fields = [others[0], F.TITLE, field, *others[1:]]
    header = min(header, len(rows) - 1)
    match = Match(0, header, tuple(fields), area=PlanArea.PROGRAMMING)
    known = Known(
        PERIOD, TODAY, statements={"A1.1": 1}, members={"jo bloggs": [7]}, names={7: "Jo Bloggs"}
    )

    reading = plan_rows.read(grid, match, known)

    if reading.stops:
        return
    found = said_by(reading, known)
    head = [cell.text for cell in grid.cells[header] if cell.text] if header >= 0 else []
    for number, row in enumerate(grid.cells):
        texts = [cell.text for cell in row if cell.text]
        if number == header or texts == head:
            continue
        for text in texts:
            lines_found = all(squashed(line) in found for line in text.splitlines())
            assert lines_found or is_said_in_full(text, reading, found)


def test_what_is_read_can_be_kept_as_json():
    match = Match(1, 2, (F.TITLE, F.EXTRA), "x", frozenset({3}))

    assert Match.of_json(match.as_json()) == match
    assert matching.Match.of_json({}) == Match()


def test_a_heading_that_names_no_area_ends_the_one_before():
    data = tables.workbook(
        HEADS, ["Workforce"], ["Be kind", "Pay"], ["Sustainability"], ["Be fair", "Print less"],
        merged="A2:H2 A4:H4",
    )  # fmt: skip

    reading = tables.read(data)

    assert [draft.area for draft in reading.drafts] == [PlanArea.WORKFORCE, ""]


def test_a_heading_below_an_area_keeps_it():
    data = tables.workbook(
        HEADS,
        ["Workforce"],
        ["Objective 1"],
        ["Be kind", "Pay"],
        ["Objective 2"],
        ["Be fair", "Print less"],
        merged="A2:H2 A3:H3 A5:H5",
    )

    reading = tables.read(data)

    assert [draft.area for draft in reading.drafts] == [PlanArea.WORKFORCE] * 2
    assert [draft.values["extra"] for draft in reading.drafts] == [
        "Under: Workforce\nUnder: Objective 1",
        "Under: Objective 2",
    ]


@pytest.mark.parametrize(
    ("said", "evidence", "link"),
    [
        ("Minutes", "Minutes", None),
        ("https://example.org/a?b=c", None, "https://example.org/a?b=c"),
        ("Minutes\nhttps://example.org", "Minutes", "https://example.org"),
        ("see https://example.org now", "see https://example.org now", None),
        ("javascript:alert(1)", "javascript:alert(1)", None),
    ],
)
def test_only_an_address_of_the_web_is_a_link(said, evidence, link):
    draft, _ = one("Pay", said, heads=["Objective", "Evidence"])

    assert (draft.note.get("evidence"), draft.note.get("evidence_url")) == (evidence, link)


@pytest.mark.parametrize("text", [" x" * 15_000, "x" + " " * 30_000 + "x", "autumn" + "-" * 30_000])
def test_a_long_cell_is_read_in_no_time(text):
    for field in Field:
        began = time.perf_counter()
        tables.read_grid([["Pay", text]], (F.TITLE, field))
        assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(("said", "level"), [("3", 3), ("9", None), ("3 In place", None)])
def test_a_level_is_one_of_the_plans_self_assessment(said, level):
    known = Known(PERIOD, TODAY, levels=frozenset(range(5)))
    draft, _ = one("Pay", said, heads=["Objective", "Target level"], known=known)

    assert draft.values.get("aim_level") == level
    assert draft.values.get("extra") == (None if level else f"Target level: {said}")


def test_more_milestones_than_a_target_has_are_kept_in_words():
    said = "\n".join(f"Step {number} (by 3 March 2027)" for number in range(1, 43))

    draft, reading = one("Pay for time", said, heads=["Target", "Milestones"])

    assert [step.text for step in draft.milestones] == [f"Step {n}" for n in range(1, 41)]
    assert draft.values["extra"] == (
        "Milestones: Step 41 (by 3 March 2027)\nMilestones: Step 42 (by 3 March 2027)"
    )
    assert [(one.read, one.became) for one in reading.remarks] == [
        ("2 milestones", "More than 40 milestones. These are kept in other notes.")
    ]
