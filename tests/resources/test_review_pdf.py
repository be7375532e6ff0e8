"""The annual review as a PDF: what it says, its structure, and what nobody can smuggle in."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from portal import pdf
from resources.reviews import markdown, paper, printed_figures
from resources.templatetags import printed
from tests.resources import manuscripts
from tests.resources.manuscripts import PICTURE, chapter, review

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "![p](file:///etc/passwd) ![q](http://127.0.0.1:9/x.png)",
    "[a](javascript:alert(1)) [b](file:///etc/passwd) [](/empty/) [c](http://[)",
    "＜script＞ &#x1F600; &#60;b&#62; \u202eabc 👩🏽‍🎤 שלום ∑",
    "W" * 400,
    "> # Heading\n>\n> - a\n>   - b\n>     1. c\n\n```\ncode\n```\n\n---\n\n###### Deep",
    "- # One\n- ## Two\n\n# Three\n\n### Four",
    "| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 |",
    "{{ settings.SECRET_KEY }} {% load x %} </section></style>",
)


def made(data: dict) -> bytes:
    pictures = {manuscripts.picture(PICTURE)["sha256"]: PICTURE}
    return pdf.render(paper.page(data, frozenset(pictures)), pictures)


def pages_of(content: bytes) -> list[str]:
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return [" ".join(page.split()) for page in told.stdout.decode().split("\f")]


def links_of(content: bytes) -> list[str]:
    with pikepdf.open(BytesIO(content)) as opened:
        return [
            str(link.A.URI)
            for page in opened.pages
            for link in page.get("/Annots", [])
            if "/A" in link and "/URI" in link.A
        ]


def bookmarks_of(content: bytes) -> list[str]:
    with pikepdf.open(BytesIO(content)) as opened, opened.open_outline() as outline:
        return [one.title for one in outline.root]


@pytest.fixture(scope="module")
def content():
    return made(manuscripts.full())


def test_a_whole_review_has_no_fault(content):
    assert pdf.faults(content) == []


def test_it_says_everything(content):
    said = " ".join(pages_of(content))

    for words in (
        *("What we learned 2025/26", "A year told.", "Version 2.", "One year was wrong."),
        *("made up", "30", "services involved", "Factors for success", "Pay it."),
        *("What was tried", "People stay.", "How services", "Write to us", "I was heard."),
        *("Tutor, Northvale", "Picture: Northvale", "Learn more", "Guide.", "48%", "All together"),
        *("Rounded.", "From the minutes.", "Services by region", "When they came on board"),
        "Figures are those of the portal on 21 November 2026",
    ):
        assert words in said


def test_chapters_are_its_bookmarks_and_its_contents(content):
    titles = [one["title"] for one in manuscripts.full()["chapters"]]

    assert bookmarks_of(content) == [
        "What we learned 2025/26",
        "Contents",
        *titles,
        "Where to go from here",
    ]
    contents = pages_of(content)[1]
    for number, title in enumerate(titles, start=1):
        assert f"{number} {title} " in contents


def test_the_contents_lead_to_the_pages_they_name(content):
    pages = pages_of(content)

    number = int(pages[1].partition("Looking ahead ")[2].split()[0])

    assert "Looking ahead" in pages[number - 1]
    assert f"Page {number} of {len(pages) - 1}" in pages[number - 1]


def test_a_page_of_a_chapter_bears_its_name(content):
    after_splash = next(page for page in pages_of(content) if "What was tried This." in page)

    assert after_splash.startswith("Annual review 2025/26 Starting small")


def test_links_lead_there_from_anywhere(content, settings):
    site = settings.SITE_URL

    assert set(links_of(content)) == {
        *(f"{site}/{part}/" for part in ("contact", "reviews")),
        f"{site}/library/a-guide/",
        f"{site}/library/topics/voice/",
        f"{site}/",
    }


def test_the_addresses_on_its_last_page_are_ours():
    assert reverse("annual_reviews") == paper.REVIEWS
    assert reverse("page", args=["contact"]) == paper.CONTACT


def test_a_picture_has_what_it_shows(content):
    with pikepdf.open(BytesIO(content)) as opened:
        told = [str(one.Alt) for one, _ in pdf.elements(opened) if str(one.S) == "/Figure"]

    assert "Six people around a drum" in told


def test_a_picture_that_is_gone_leaves_no_trace():
    data = review(chapter(body="Words.", pictures=[manuscripts.picture(b"gone")]))

    said = " ".join(pages_of(made(data)))

    assert "Words." in said
    assert "Picture: Northvale" not in said


def test_the_same_manuscript_is_the_same_file(content):
    assert made(manuscripts.full()) == content


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_passes_in_any_field(caplog, hostile):
    texts = dict.fromkeys(manuscripts.TEXTS, hostile)
    said = {"text": hostile, "name": hostile, "role": hostile, "service": hostile}
    data = review(
        chapter(
            **texts,
            title=hostile[:160],
            quotations=[said],
            pictures=[manuscripts.picture(PICTURE, alt=hostile[:300], credit=hostile[:160])],
            resources=[{"title": hostile[:200], "path": "/library/x/", "kind": "Guide"}],
        ),
        title=hostile[:160],
        strapline=hostile[:240],
        corrections=[{"number": 1, "said": hostile[:300]}],
    )

    content = made(data)

    assert pdf.faults(content) == []
    assert not [one for one in links_of(content) if one.startswith(("file:", "javascript:"))]
    assert "notdef" not in caplog.text


@pytest.mark.parametrize("kind", ["about", "involved", "summary", "theme", "figures", "ahead"])
def test_a_chapter_may_hold_nothing(kind):
    content = made(review(chapter(kind)))

    assert pdf.faults(content) == []
    assert "Starting small" in " ".join(pages_of(content))


def test_a_review_may_have_no_chapter_at_all():
    assert pdf.faults(made(review())) == []


def test_what_is_not_shown_says_why():
    chart = {**manuscripts.figures()["charts"][0], "rows": [], "total": None, "note": "Too few."}
    data = review(chapter("figures"), figures=manuscripts.figures(charts=[chart], involved=[]))

    said = " ".join(pages_of(made(data)))

    assert "Too few." in said
    assert "All together" not in said


def test_a_word_without_end_is_laid_out_in_pieces_and_says_the_same():
    endless = "W" * 250 + "&" * 250

    said = markdown.prose(f"{endless} and [a](https://example.org/{'w' * 200})", below=2)

    assert max(map(len, re.split(r"<[^>]*>", said.replace("&amp;", "&")))) == 100
    assert strip_tags(said) == f"{endless} and a\n".replace("&", "&amp;")
    assert f'href="https://example.org/{"w" * 200}"' in said


def test_links_of_markdown_are_whole_or_go(settings):
    settings.SITE_URL = "https://portal.example.org"

    said = markdown.prose("[a](/b/) [c](#d) [e](mailto:f@example.org) [ ](/g/)", below=2)

    assert said == (
        '<p><a href="https://portal.example.org/b/">a</a> c '
        '<a href="mailto:f@example.org">e</a>  </p>\n'
    )


def test_a_sign_that_is_written_as_its_number_becomes_no_tag():
    assert markdown.prose("&#xFF1C;b&#xFF1E; e\u0301", below=2) == "<p>&lt;b&gt; é</p>\n"


def test_a_text_is_parted_by_its_own_headings_alone():
    names = markdown.Names("c1")
    said = markdown.prose("Before\n\n# One\n\n> # Two\n\n# Three & four", below=2)

    parts = markdown.sections(said, 3, names)

    assert [(one.name, one.anchor) for one in parts] == [
        ("", ""),
        ("One", "c1-1"),
        ("Three & four", "c1-2"),
    ]


def test_what_stands_between_is_parted_evenly():
    parts = [paper.Part("text", title=name) for name in "abcd"]
    between = [paper.Part("quotation", title=name) for name in "12"]

    order = [one.title for one in paper.spread(parts, between)]

    assert order == ["a", "1", "b", "c", "2", "d"]


def test_a_short_list_of_contents_names_every_part_and_a_long_one_what_is_its_own():
    few = paper.page(review(chapter(body="# Tried", benefits="Many")))
    many = paper.page(review(*(chapter(body="# Tried", benefits="Many") for _ in range(14))))

    assert few.count('<a href="#c1-') == 2
    assert many.count('<a href="#c1-') == 1


def test_services_come_in_the_order_of_their_years():
    data = manuscripts.figures(
        involved=[
            {"region": "London", "services": [manuscripts.service("B", 2020)]},
            {
                "region": "South West",
                "services": [
                    manuscripts.service("C", None),
                    manuscripts.service("A", 2012),
                    manuscripts.service("D", 2020, action_research=True),
                ],
            },
        ]
    )

    found = printed_figures.read(data)

    assert [(one["since"], one["action_research"]) for one in found.services] == [
        (2012, False),
        (2020, True),
        (2020, False),
    ]
    assert [(one.year, one.new, one.so_far) for one in found.years] == [(2012, 1, 1), (2020, 2, 3)]
    assert found.involved == 4


@pytest.mark.parametrize("count", [1, 2, 30, 400])
def test_drawings_of_any_size_stay_on_the_sheet(count):
    services = [
        printed.Service(
            since=2012 + at * 14 // count, is_new=at % 9 == 0, action_research=at % 3 == 0
        )
        for at in range(count)
    ]

    drawn = printed.cover_fan(services)

    places = printed.starts(services, printed.FAN_LEFT, printed.FAN_RIGHT)
    assert drawn.count("<rect") == count
    assert places == sorted(places)
    assert places[0] >= printed.FAN_LEFT
    assert places[-1] <= printed.FAN_RIGHT


def test_a_row_without_a_share_has_no_mark():
    told = printed.share_track({"share": 0.5, "start": None, "middle": None}, 70)
    untold = printed.share_track({"share": None, "start": None, "middle": None}, 70)

    assert len(told) > len(untold)
