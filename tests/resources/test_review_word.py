"""The annual review as a Word file: real headings, lists, links, tables, and what pictures show."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest

from resources.reviews import word
from tests.resources import manuscripts
from tests.resources.manuscripts import PICTURE, chapter, review
from tests.resources.test_review_pdf import HOSTILE


def made(data: dict) -> bytes:
    return word.document(data, {manuscripts.picture(PICTURE)["sha256"]: PICTURE})


def opened(data: dict):
    return docx.Document(BytesIO(made(data)))


def paragraphs(document) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in document.paragraphs if one.text.strip()]


def test_it_says_everything_in_styles_of_its_own():
    said = paragraphs(opened(manuscripts.full()))

    for one in (
        *(("Title", "What we learned"), ("Subtitle", "Annual review 2025/26. A year told.")),
        *(("Heading 1", "Starting small"), ("Lead", "A lead."), ("Normal", "First.")),
        *(("Heading 2", "What was tried"), ("Heading 2", "Benefits"), ("Normal", "People stay.")),
        *(("List Number", "Ask"), ("List Number", "Listen"), ("List Bullet", "Write to us")),
        *(("Quote", "I was heard."), ("Quoted", "Tutor, Northvale")),
        *(("Caption", "Picture: Northvale"), ("Heading 2", "Learn more"), ("Heading 3", "Time")),
        ("Fact", "Corrected in version 2\tOne year was wrong."),
    ):
        assert one in said


def test_links_lead_there_from_anywhere(settings):
    document = opened(manuscripts.full())

    links = [link.address for line in document.paragraphs for link in line.hyperlinks]

    assert links == [f"{settings.SITE_URL}/contact/"]


def test_figures_are_tables():
    document = opened(manuscripts.full())

    tables = [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]

    assert [one[-1] for one in tables] == [
        ["Northvale", "Northvale", "2018", "–", "–", "–"],
        ["1", "2"],
        ["meetings", "6", "From the minutes.", "–"],
        ["All together", "53%", "22"],
    ]


def test_a_picture_has_what_it_shows():
    document = opened(manuscripts.full())

    assert [one._inline.docPr.get("descr") for one in document.inline_shapes] == [
        "Six people around a drum"
    ]


def test_every_list_of_numbers_begins_at_one():
    document = opened(review(chapter(body="1. a\n2. b\n\nText.\n\n1. c\n   - d")))

    lists = [
        (line.text, line._p.pPr.numPr.numId.val, line._p.pPr.numPr.ilvl.val)
        for line in document.paragraphs
        if line.style.name.startswith("List")
    ]
    numbers = [number for _, number, _ in lists]
    assert [(text, level) for text, _, level in lists] == [("a", 0), ("b", 0), ("c", 0), ("d", 1)]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


def test_emphasis_is_a_style_of_letters():
    document = opened(review(chapter(body="One *soft* **strong** ***both***.")))

    line = next(one for one in document.paragraphs if one.text.startswith("One"))
    assert [(one.text, one.style.name) for one in line.runs if one.text.strip(" .")] == [
        ("One ", "Default Paragraph Font"),
        ("soft", "Emphasis"),
        ("strong", "Strong"),
        ("both", "StrongEmphasis"),
    ]


def test_the_same_review_is_the_same_file():
    assert made(manuscripts.full()) == made(manuscripts.full())


@pytest.mark.parametrize("hostile", [*HOSTILE, "\x0b\ufffe\x00 a"])
def test_anything_can_be_typed(hostile):
    texts = dict.fromkeys(manuscripts.TEXTS, hostile)
    data = review(chapter(**texts, title=hostile[:160]), title=hostile[:160])

    document = opened(data)

    assert not [
        one
        for line in document.paragraphs
        for one in line.hyperlinks
        if one.address.startswith(("javascript:", "file:"))
    ]
