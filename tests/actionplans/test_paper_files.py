"""Papers as files: read back, for whom they can be read, how long they are, always the same."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from dataclasses import asdict
from io import BytesIO

import pikepdf
import pytest

from actionplans.models import Decision, ReviewLine
from actionplans.papers import asking, board_sizes, making, minutes, parts
from actionplans.templatetags import papers as drawn
from portal import pdf
from selfassessment.models import PlanArea, Privacy, RoleGroup
from tests import factories

KINDS = ["plan", "board_paper", "year_report"]
AREAS = list(PlanArea)


def data_of(plan, kind: str) -> dict:
    """What the worker finds in the row: data that went through JSON."""
    return json.loads(json.dumps(asking.says(plan, kind)))


def made(plan, kind: str) -> bytes:
    return making.MAKERS[kind, "pdf"](data_of(plan, kind))


def text_of(content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True)
    return " ".join(run.stdout.decode().split())


def length(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as document:
        return len(document.pages)


def outline(content: bytes) -> list[str]:
    with pikepdf.open(BytesIO(content)) as document, document.open_outline() as bookmarks:
        return [item.title for item in bookmarks.root]


def hostile(number: int) -> str:
    return factories.HOSTILE[number % len(factories.HOSTILE)][:200]


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_has_no_faults_and_is_always_the_same(target, plan, kind):
    first, again = made(plan, kind), made(plan, kind)

    assert pdf.faults(first) == []
    assert first == again


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_of_an_empty_draft_says_so(avon, person, kind):
    draft = factories.plan(avon, person("lead"))

    content = made(draft, kind)

    assert pdf.faults(content) == []
    text = text_of(content)
    assert "A draft. It is not approved yet." in text
    assert "This plan does not follow from a self-assessment." in text or kind == "plan"


@pytest.mark.parametrize("kind", [*KINDS, "review"])
def test_hostile_text_comes_out_as_text(agreed, avon, person, kind, caplog):
    lead = person("lead")
    avon.name = f"{hostile(0)} {'W' * 100}"
    plan = factories.plan(
        avon,
        lead,
        "under_way",
        audit=agreed,
        approver=hostile(0)[:160],
        approval_said="W" * 900,
    )
    for number in range(6):
        one = factories.target(
            plan,
            lead,
            hostile(number),
            AREAS[number % 4],
            measure=hostile(number),
            role=hostile(number)[:160],
            barriers=hostile(number + 1) * 4,
            funding=hostile(number),
            cost=number,
            no_date_reason=hostile(number),
            statements="A1.1",
        )
        factories.note(one, lead, hostile(number) * 5, young_people=hostile(number))
    review = factories.review(plan, lead, name=hostile(0)[:120], said=hostile(2) * 3)
    ReviewLine.objects.create(
        review=review, target=one, decision=Decision.CHANGE, said=hostile(3), saved_by=lead
    )

    if kind == "review":
        found = parts.read(plan, dt.date(2026, 11, 21))
        data = json.loads(json.dumps(asdict(minutes.collect(found, review))))
        content = making.minutes(data)
    else:
        content = made(plan, kind)

    text = text_of(content)
    assert pdf.faults(content) == []
    assert caplog.records == []
    assert '<b onmouseover="alert(1)">bold</b>' in text
    assert "Signs and scripts that" in text
    with pikepdf.open(BytesIO(content)) as document:
        assert [p for p in document.pages for a in p.get("/Annots", []) if "/A" in a] == []


@pytest.mark.parametrize("targets", [0, 1, 5, 60])
@pytest.mark.parametrize("text", ["plain", "hostile"])
def test_the_board_paper_is_two_pages_whatever_there_is_to_say(agreed, avon, person, targets, text):
    """Sixty targets whose every field is as long as it may be, or as wide, or in another script."""
    lead = person("lead")
    if text == "hostile":
        avon.name = "W" * 160
    said = {"plain": lambda n, most: "Ask for dates and pay for the time. "[:most], "hostile": long}
    words = said[text]
    plan = factories.plan(
        avon, lead, "under_way", audit=agreed, approver=words(0, 160) or "The board"
    )
    for number in range(targets):
        factories.target(
            plan,
            lead,
            words(number, 200),
            AREAS[number % 4],
            measure=words(number + 1, 1000),
            role=words(number + 2, 160),
            no_date_reason=words(number + 3, 300),
            barriers=words(number + 4, 2000),
            funding=words(number + 5, 300),
            cost=1000,
            approved_wording=None,
        )

    data = data_of(plan, "board_paper")
    content = making.board_paper(data)

    assert length(content) == 2
    assert pdf.faults(content) == []
    if targets == 60:
        shown = sum(size["reference"] in text_of(content) for size in data["targets"])
        assert "more, in the plan." in text_of(content)
        assert 3 <= shown < 60


def long(number: int, most: int) -> str:
    return (hostile(number) * 40)[:most]


def test_what_a_board_paper_leaves_out_is_counted(agreed, avon, person):
    plan = factories.plan(avon, person("lead"), "under_way", audit=agreed)
    for number in range(13):
        factories.target(plan, person("lead"), f"Target number {number}", barriers="No time")

    data = board_sizes.cut(data_of(plan, "board_paper"), board_sizes.SIZES[0])

    assert (len(data["targets"]), data["more_targets"]) == (9, 4)
    assert (len(data["risks"]), data["more_risks"]) == (6, 7)
    text = text_of(made(plan, "board_paper"))
    assert f"And {13 - text.count('Target number')} more, in the plan." in text


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Short.", 10, "Short."),
        ("Two words, more", 10, "Two words …"),
        ("One\nline\n\nnow", 20, "One line now"),
        ("W" * 30, 10, "WWWWWWWWWW …"),
        ("", 5, ""),
    ],
)
def test_a_long_text_ends_where_a_word_does(text, most, short):
    assert board_sizes.clip(text, most) == short


def test_the_board_paper_says_what_it_rests_on(target, plan, person):
    factories.note(target, person("lead"), value=50)

    text = text_of(made(plan, "board_paper"))

    assert "Board paper" in text
    assert "The board is asked to 1 note where 1 target in 1 area stands;" in text
    assert "46% of the way" in text
    assert "Embedding inclusion 40%" in text
    assert "WD-1 Start paid reflection groups" in text
    assert "From 20. Now 50. Aim 80 tutors." in text


def test_the_year_report_leads_through_the_year(target, plan):
    content = made(plan, "year_report")

    assert outline(content) == [
        "Avon Music Service",
        "The year in short",
        "Levels by area and section",
        "Statement by statement",
        "What we chose, and what waits",
        "What we did",
        "What young people said, and what changed for them",
        "Did it move?",
    ]


def test_the_year_report_shows_spread_and_the_families_voice_as_figures(
    questionnaire, avon, person
):
    lead = person("lead")
    audit = factories.audit(avon, questionnaire, by=lead, privacy=Privacy.ANONYMOUS)
    factories.heard(audit, RoleGroup.TUTOR, {"A1.1": 0}, {"A1.1": 1}, {"A1.1": 4})
    factories.heard(audit, RoleGroup.YOUNG, *[{"A1.1": 0}] * 5)
    factories.open_talk(audit, lead)
    factories.agree(audit, lead, A1_1=2)
    plan = factories.plan(avon, lead, "under_way", audit=audit)

    content = made(plan, "year_report")

    text = text_of(content)
    assert pdf.faults(content) == []
    assert "A1.1 We have A VISION. 0 to 4 2 Developing" in text
    assert "Young people: 5 gave 0" in text
    assert "Tutors" not in text


def test_the_logo_of_the_service_is_a_figure_with_its_words(plan, avon, person):
    factories.logo(avon, by=person("lead"), alt="Three bells")

    for kind in KINDS:
        content = made(plan, kind)
        with pikepdf.open(BytesIO(content)) as document:
            figures = [str(e.Alt) for e, _ in pdf.elements(document) if str(e.S) == "/Figure"]
        assert "Three bells" in figures
        assert pdf.faults(content) == []


def test_the_time_of_the_plan_is_a_figure_in_words(target, plan):
    with pikepdf.open(BytesIO(made(plan, "plan"))) as document:
        figures = [str(e.Alt) for e, _ in pdf.elements(document) if str(e.S) == "/Figure"]

    assert len(figures) == 1
    assert figures[0].startswith("The plan runs from 1 September ")
    assert "Still due on 2 July " in figures[0]


def test_minutes_take_one_page(plan, person):
    lead = person("lead")
    review = factories.review(plan, lead, place="Room 2", said="The group asks for figures.")
    for number in range(20):
        one = factories.target(plan, lead, f"Target number {number}")
        decision = Decision.CHANGE if number < 5 else Decision.KEEP
        said = "A new date." if number < 5 else ""
        ReviewLine.objects.create(
            review=review, target=one, decision=decision, said=said, saved_by=lead
        )

    found = parts.read(plan, dt.date(2026, 11, 21))
    data = json.loads(json.dumps(asdict(minutes.collect(found, review))))
    content = making.minutes(data)

    assert (length(content), pdf.faults(content)) == (1, [])
    assert "Kept as they are WD-6, WD-7" in text_of(content)
    assert "Not finished: this is how far it is." in text_of(content)


def test_marks_that_are_not_known_are_not_drawn():
    bare = {"stops": [], "was": None, "now": None, "aim": None, "words": ""}

    assert drawn.print_track(None, 30) == drawn.print_labelled_track(None, 30) == ""
    assert drawn.print_track(bare, 30) != drawn.print_track({**bare, "now": 50}, 30)
    assert drawn.print_area(None, None) != drawn.print_area(0, None)
    assert drawn.print_levels(4, None) != drawn.print_levels(4, 0)
    assert drawn.print_levels(4, 1, None, 0, 4) != drawn.print_levels(4, 1)
