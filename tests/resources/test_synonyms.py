"""Words that mean the same to a search, kept by the team."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import Activity
from resources.models import Synonyms
from tests import factories

ADD = "synonyms_add"


@pytest.fixture
def line(db) -> Synonyms:
    Synonyms.objects.all().delete()
    return Synonyms.objects.create(words="EDI, IDEA")


def of(name: str, line: Synonyms) -> str:
    return reverse(f"synonyms_{name}", args=[line.pk])


def lines() -> list[str]:
    return [one.words for one in Synonyms.objects.order_by("pk")]


def test_a_line_is_added_in_its_plain_form(sign_in, line):
    sign_in("team").post(reverse(ADD), {"words": " SEND ,  SEN/D,send, , special   needs"})

    assert lines() == ["EDI, IDEA", "SEND, SEN/D, special needs"]
    assert [str(one) for one in Activity.objects.all()] == [
        "The team added the synonyms SEND, SEN/D, special needs"
    ]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("", "Write at least two words."),
        ("SEND, send", "Write at least two words, with a comma between them."),
        ("edi, equality", "In another line already: edi."),
        ("W" * 301, "at most 300 characters"),
    ],
)
def test_a_line_that_says_nothing_is_refused(sign_in, line, words, refusal):
    answer = sign_in("team").post(reverse(ADD), {"words": words})

    assert (answer.status_code, lines()) == (422, ["EDI, IDEA"])
    assert refusal in answer.text


def test_a_line_is_changed(sign_in, line):
    sent = {"words": "EDI, IDEA, ED&I", "as_read": "EDI, IDEA"}

    sign_in("team").post(of("edit", line), sent)

    assert lines() == ["EDI, IDEA, ED&I"]


def test_two_who_change_a_line_see_both(sign_in, line):
    Synonyms.objects.update(words="EDI, equality")
    browser = sign_in("team")

    clash = browser.post(of("edit", line), {"words": "EDI, ED&I", "as_read": "EDI, IDEA"})
    unchanged = lines()
    browser.post(of("edit", line), {"words": "EDI, ED&I", "as_read": "EDI, equality"})

    assert (clash.status_code, unchanged) == (409, ["EDI, equality"])
    assert ("EDI, equality" in clash.text, "EDI, ED&amp;I" in clash.text) == (True, True)
    assert lines() == ["EDI, ED&I"]


def test_a_line_is_removed_once_that_is_confirmed(sign_in, line):
    browser = sign_in("team")

    asked = browser.get(of("remove", line)).text
    before = lines()
    browser.post(of("remove", line))

    assert ("Remove this line?" in asked, before, lines()) == (True, ["EDI, IDEA"], [])


@pytest.mark.parametrize("who", ["lead", "facilitator", "funder"])
def test_nobody_else_touches_them(sign_in, line, who):
    browser = sign_in(who)

    answers = [
        browser.get(reverse("synonyms")).status_code,
        browser.post(reverse(ADD), {"words": "a, b"}).status_code,
        browser.post(of("edit", line), {"words": "a, b"}).status_code,
        browser.post(of("remove", line)).status_code,
    ]

    assert (answers, lines()) == ([403] * 4, ["EDI, IDEA"])


def test_without_a_line_the_page_says_what_they_are_for(sign_in, line):
    line.delete()

    assert "Abbreviations are a good beginning" in sign_in("team").get(reverse("synonyms")).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long_it_is(sign_in, line, rows):
    for number in range(rows - 1):
        Synonyms.objects.create(words=f"one{number}, two{number}")
    browser = sign_in("team")

    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("synonyms"))

    assert len(asked) == 5


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words(sign_in, line, text):
    browser = sign_in("team")
    browser.post(reverse(ADD), {"words": f"{text[:250]}, other"})

    page = browser.get(reverse("synonyms")).text

    assert ("<b onmouseover" in page, len(lines())) == (False, 2)
