"""A Word paper says what its data says, in real headings and tables, and nothing in it acts."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import docx
import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from docx.oxml.ns import qn
from lxml import etree

from actionplans.models import Paper, Rag
from actionplans.papers import asking, word, word_year
from actionplans.papers.word_document import Document, clean
from selfassessment.models import PlanArea
from tests import factories

MAKERS = {
    "plan": word.plan,
    "board_paper": word.board_paper,
    "year_report": word_year.year_report,
}
HIDDEN = "a\x00b\x0bc\x1fd\u202ee\u202cf\ufeffg\ud800h\ufffei\x7fj\r\nk"


def paper(plan, kind):
    return MAKERS[kind](asking.says(plan, kind))


def opened(content):
    return docx.Document(BytesIO(content))


def headings(document):
    return [
        (int(line.style.name[-1]), line.text)
        for line in document.paragraphs
        if line.style.name.startswith("Heading")
    ]


def facts(document):
    said = [line.text.split("\t", 1) for line in document.paragraphs if line.style.name == "Fact"]
    return dict(said)


def rows(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def whole_text(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


@pytest.fixture
def told(plan, target, person):
    """The plan with a milestone, two notes, and a decision not to act."""
    target.milestones.create(text="First dates", due_on=dt.date(2026, 10, 1))
    factories.note(target, person("lead"), "Half have come.", rag=Rag.AT_RISK, value=50)
    factories.note(
        target,
        person("lead"),
        "Dates are out.",
        noted_on=timezone.localdate() - dt.timedelta(days=9),
        young_people="More lessons went ahead.",
        evidence="The list",
    )
    factories.target(
        plan,
        person("lead"),
        title="Build a hall",
        area=PlanArea.LEADERSHIP,
        no_action_reason="No money.",
    )
    return plan


def test_the_plan_reads_back_as_it_was_written(told, target):
    document = opened(paper(told, "plan"))

    assert headings(document) == [
        (1, "In short"),
        (1, "Workforce development"),
        (2, "WD-1 Start paid reflection groups"),
        (3, "Milestones"),
        (3, "Progress notes"),
        (1, "Leadership and strategy"),
        (2, "LS-1 Build a hall"),
    ]
    today, before = timezone.localdate(), timezone.localdate() - dt.timedelta(days=9)
    overview, milestones, notes = document.tables
    assert [line[:2] for line in rows(overview)] == [
        ["Reference", "What will change"],
        ["WD-1", "Start paid reflection groups"],
        ["LS-1", "Build a hall"],
    ]
    assert rows(milestones) == [["Step", "By", "Done on"], ["First dates", "1 October 2026", ""]]
    assert rows(notes) == [
        ["Date", "How it goes", "What happened"],
        [f"{today:%-d %B %Y}", "At risk", "Half have come."],
        [
            f"{before:%-d %B %Y}",
            "",
            "Dates are out.\nFor young people: More lessons went ahead.\nEvidence: The list",
        ],
    ]
    said = facts(document)
    assert said["How we will know"] == "80 tutors take part, of 100"
    assert said["Who sees to it"] == "Inclusion lead"
    assert said["By"] == f"{target.due_on:%-d %B %Y}"
    assert said["Why we will not act"] == "No money."


# What steers a drawing or the keeping of a paper, and is said in words beside it.
NOT_SAID = {"look", "state", "course", "logo", "rests_on", "stops", "standings", "change"}


def texts(data):
    """Every text in the data of a paper that somebody reads."""
    match data:
        case str():
            yield from filter(None, map(str.strip, data.splitlines()))
        case dict():
            for name, value in data.items():
                if name not in NOT_SAID:
                    yield from texts(value)
        case list():
            for value in data:
                yield from texts(value)


@pytest.mark.parametrize("kind", MAKERS)
def test_nothing_of_its_data_is_missing(told, kind):
    data = asking.says(told, kind)

    said = whole_text(opened(MAKERS[kind](data))).casefold()

    assert [text for text in texts(data) if text.rstrip(".").casefold() not in said] == []


def test_the_board_paper_asks_before_it_tells(told):
    document = opened(paper(told, "board_paper"))

    asked = [line.text for line in document.paragraphs if line.style.name == "List Bullet"]
    assert headings(document)[0] == (1, "What the board is asked")
    assert asked[0] == "Note where 1 target in 1 area stands."
    assert rows(document.tables[-1])[1][:2] == ["WD-1", "Start paid reflection groups"]
    assert "Build a hall" not in whole_text(document)


def test_the_year_report_has_what_was_found_decided_and_done(told):
    document = opened(paper(told, "year_report"))

    parts = [text for level, text in headings(document) if level == 1]
    assert parts == [
        "What we found",
        "What we decided",
        "What we did",
        "Young people",
        "Did it move?",
    ]
    assert [table[0] for table in map(rows, document.tables)][:3] == [
        ["Level", "What it means"],
        ["Section", "Score", "Statements with a level"],
        ["Statement", "What it says", "Agreed"],
    ]
    assert "More lessons went ahead." in whole_text(document)


@pytest.mark.parametrize("kind", MAKERS)
def test_headings_skip_no_level(told, kind):
    levels = [0, *(level for level, _ in headings(opened(paper(told, kind))))]

    assert [b - a for a, b in pairwise(levels) if b - a > 1] == []


@pytest.mark.parametrize("kind", MAKERS)
def test_tables_repeat_their_header_and_say_what_they_are(told, kind):
    tables = opened(paper(told, kind)).tables

    assert tables
    for table in tables:
        header, *others = table._tbl.tr_lst
        assert header.trPr.find(qn("w:tblHeader")) is not None
        assert [one for one in others if one.trPr.find(qn("w:tblHeader")) is not None] == []
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        before = table._tbl.getprevious()
        assert before.tag == qn("w:p")


@pytest.mark.parametrize("kind", MAKERS)
def test_a_paper_names_itself_and_its_language(told, kind, avon):
    document = opened(paper(told, kind))

    says = document.core_properties
    languages = document.styles.element.findall(f".//{qn('w:lang')}")
    assert says.title.endswith(", Avon Music Service")
    assert (says.author, says.language, says.comments) == ("Avon Music Service", "en-GB", "")
    assert [one.get(qn("w:val")) for one in languages] == ["en-GB"]
    assert document.paragraphs[0].style.name == "Title"
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


@pytest.mark.parametrize("kind", MAKERS)
def test_the_same_words_are_the_same_bytes(told, kind):
    data = asking.says(told, kind)

    first = MAKERS[kind](data)
    with time_machine.travel(timezone.now() + dt.timedelta(days=400)):
        again = MAKERS[kind](data)

    assert first == again


def test_a_logo_says_what_it_shows_and_keeps_its_shape(told, avon, person):
    factories.logo(avon, by=person("lead"), alt="Three bells & a drum")

    document = opened(paper(told, "plan"))

    (drawn,) = document.inline_shapes
    assert drawn._inline.docPr.get("descr") == "Three bells & a drum"
    assert round(drawn.width / drawn.height, 2) == 3.0
    assert drawn.width.mm <= 58


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("text", [*factories.HOSTILE, HIDDEN, "</w:t></w:r><w:p/>&amp;", "]]>"])
def test_hostile_words_are_words_and_nothing_acts(told, target, avon, kind, text):
    data = asking.says(told, kind)
    (data["head"]["service"], data["head"]["said"]) = text, text
    for area in data.get("areas", []):
        for one in area["targets"]:
            one |= {"title": text, "measure": text, "who": text, "barriers": text}
            one["notes"] = [{**note, "text": text} for note in one["notes"]]
    for one in data.get("targets", []):
        one |= {"title": text, "measure": text}

    content = MAKERS[kind](data)

    document = opened(content)
    seen = text.encode("utf-16", "ignore").decode("utf-16") and clean(text)
    assert facts(document)["What was said"] == seen
    assert whole_text(document).count(seen) > 2
    with ZipFile(BytesIO(content)) as there:
        parts = {name: there.read(name) for name in there.namelist()}
    for part in parts.values():
        if not part.startswith(b"\x89PNG"):
            etree.fromstring(part)
    assert [name for name, part in parts.items() if b'TargetMode="External"' in part] == []
    fields = etree.fromstring(parts["word/footer1.xml"]).findall(f".//{qn('w:fldSimple')}")
    assert [one.get(qn("w:instr")) for one in fields] == ["PAGE", "NUMPAGES"]
    assert b"instr" not in parts["word/document.xml"]


def test_what_no_xml_can_hold_is_left_out():
    assert clean({"said": [HIDDEN, 3, None]}) == {"said": ["abcdefghij\nk", 3, None]}
    assert clean("👩🏽‍🎤 Cŵn a thŷ\tשלום") == "👩🏽‍🎤 Cŵn a thŷ\tשלום"


@pytest.mark.parametrize("kind", MAKERS)
def test_an_empty_draft_is_a_paper_too(avon, person, kind):
    empty = factories.plan(avon, person("lead"))

    document = opened(paper(empty, kind))

    assert document.paragraphs[0].text.lower().startswith(kind.replace("plan", "action plan")[:4])
    assert document.tables == []


def test_a_text_keeps_its_paragraphs_and_lines():
    made = Document(title="T", author="A", footer="F")

    made.text("One\ntwo\n\n\nthree")

    lines = [line.text for line in opened(made.as_bytes()).paragraphs]
    assert lines == ["One\ntwo", "three"]


@pytest.mark.parametrize("kind", MAKERS)
def test_the_worker_makes_what_a_member_asks_for(told, sign_in, worker, kind):
    browser = sign_in("board_viewer")

    asked = browser.post(reverse("papers", args=[told.pk]), {"kind": kind, "format": "docx"})
    worker()

    made = Paper.objects.get()
    answer = browser.get(reverse("paper_file", args=[made.pk]))
    assert asked.url == reverse("paper", args=[made.pk])
    assert answer.content == MAKERS[kind](made.data)
    assert answer.headers["Content-Type"] == (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    assert answer.headers["Content-Disposition"].endswith('.docx"')


def test_web_processes_do_not_carry_what_writes_word():
    script = (
        "import sys, django; django.setup(); import changingtracks.urls;"
        "sys.exit('docx' in sys.modules or 'docxtpl' in sys.modules)"
    )

    run = subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR)

    assert run.returncode == 0
