"""One's own workbook: what differs is chosen, and nothing is written over in silence."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from selfassessment import actions
from selfassessment.models import Rating, Upload, UploadState, Via
from selfassessment.sheets import uploads
from tests import factories
from tests.selfassessment import sheets


def page(audit, tail=""):
    return f"/self-assessments/{audit.pk}/uploads/{tail}"


def bring_in(browser, audit, data):
    """One's own workbook; the address of the page that shows what differs."""
    stream = BytesIO(data)
    stream.name = "mine.xlsx"
    return browser.post(page(audit, "mine/"), {"file": stream}).url


def as_read(text):
    return re.search(r'name="as_read" value="(\w+)"', text)[1]


def take_in(browser, url, **choices):
    """Look at the page and send it with these choices, by code in the test's words."""
    shown = browser.get(url).text
    pks = dict(sheets.statement_pks())
    picked = {f"take-{pks[code.replace('_', '.')]}": side for code, side in choices.items()}
    return browser.post(f"{url}take-in/", {"as_read": as_read(shown), **picked})


def said(response):
    return {
        one.statement.code: (one.choice, one.comment)
        for one in response.ratings.select_related("statement").order_by("statement__code")
    }


@pytest.fixture
def rated(response):
    factories.rate(response, "A1.1", 3, comment="As it was.")
    factories.rate(response, "A1.2", 1)
    return response


def test_just_the_edits_come_back(sign_in, audit, rated, worker, person):
    browser = sign_in("lead")
    data = browser.get(f"/self-assessments/{audit.pk}/my-workbook.xlsx").content
    untouched = Rating.objects.get(statement__code="A1.2").version
    url = bring_in(
        browser,
        audit,
        sheets.filled(data, A1_1={"comment": "Better."}, B1_1={"rating": "4 Embedded"}),
    )
    worker()

    answer = take_in(browser, url)

    assert answer.url == f"/self-assessments/{audit.pk}/mine/"
    assert said(rated) == {"A1.1": ("3", "Better."), "A1.2": ("1", ""), "B1.1": ("4", "")}
    rows = rated.ratings.order_by("statement__code").values_list("via", "version", "saved_by")
    lead = person("lead").pk
    assert list(rows) == [
        (Via.IMPORT, 2, lead),
        (Via.BROWSER, untouched, None),
        (Via.IMPORT, 1, lead),
    ]
    assert (Upload.objects.get().state, Upload.objects.get().found) == (UploadState.TAKEN_IN, {})


def test_a_cell_that_was_cleared_is_an_edit(sign_in, audit, rated, worker):
    browser = sign_in("lead")
    url = bring_in(
        browser, audit, sheets.filled(sheets.of(rated), A1_1={"comment": None, "rating": None})
    )
    worker()

    take_in(browser, url)

    assert said(rated) == {"A1.1": ("", ""), "A1.2": ("1", "")}


def test_what_changed_in_the_portal_only_stays(sign_in, audit, rated, worker):
    browser = sign_in("lead")
    data = sheets.filled(sheets.of(rated), B1_1={"rating": 2})
    rated.ratings.filter(statement__code="A1.1").update(value=0, version=2)
    url = bring_in(browser, audit, data)
    worker()

    shown = browser.get(url).text
    take_in(browser, url)

    assert "1 changed in the portal only" in shown
    assert said(rated) == {"A1.1": ("0", "As it was."), "A1.2": ("1", ""), "B1.1": ("2", "")}


@pytest.mark.parametrize(("side", "left"), [("file", "4"), ("portal", "0")])
def test_what_changed_in_both_is_chosen(sign_in, audit, rated, worker, side, left):
    browser = sign_in("lead")
    data = sheets.filled(sheets.of(rated), A1_1={"rating": 4})
    rated.ratings.filter(statement__code="A1.1").update(value=0, version=2)
    url = bring_in(browser, audit, data)
    worker()

    undecided = take_in(browser, url)
    before = said(rated)
    take_in(browser, url, A1_1=side)

    assert undecided.status_code == 422
    assert "Choose which counts for A1.1" in undecided.text
    assert before["A1.1"][0] == "0"
    assert said(rated)["A1.1"] == (left, "As it was.")


def test_a_choice_made_is_not_lost_where_another_is_missing(sign_in, audit, rated, worker):
    browser = sign_in("lead")
    data = sheets.filled(
        sheets.of(rated), A1_1={"rating": 4}, A1_2={"rating": 4}, B1_1={"rating": 4}
    )
    rated.ratings.update(value=0, version=2)
    url = bring_in(browser, audit, data)
    worker()

    answer = take_in(browser, url, A1_2="file", B1_1="portal")

    pks = dict(sheets.statement_pks())
    checked = re.findall(r'name="take-(\d+)" id="\S+" value="(\w+)" checked', answer.text)
    assert answer.status_code == 422
    assert dict(checked) == {str(pks["A1.2"]): "file", str(pks["B1.1"]): "portal"}
    assert "B1.1" not in said(rated)


def test_a_blank_workbook_filled_in_goes_where_nothing_is_said_yet(sign_in, audit, rated, worker):
    browser = sign_in("lead")
    data = sheets.filled(
        sheets.blank(audit), A1_1={"rating": 0}, A1_2={"rating": 1}, B1_1={"rating": 2}
    )
    url = bring_in(browser, audit, data)
    worker()

    shown = browser.get(url).text
    take_in(browser, url, A1_1="portal")

    assert shown.count("Changed in both") == shown.count("Changed in the file") == 1
    assert said(rated) == {"A1.1": ("3", "As it was."), "A1.2": ("1", ""), "B1.1": ("2", "")}


def test_what_changed_since_it_was_shown_is_shown_again(sign_in, audit, rated, worker):
    browser = sign_in("lead")
    url = bring_in(browser, audit, sheets.filled(sheets.of(rated), A1_1={"rating": 4}))
    worker()
    shown = browser.get(url).text
    rated.ratings.filter(statement__code="A1.1").update(value=0, version=2)

    answer = browser.post(f"{url}take-in/", {"as_read": as_read(shown)})

    assert answer.status_code == 409
    assert "Your ratings changed in the portal since you opened this page." in answer.text
    assert "Changed in both" in answer.text
    assert said(rated)["A1.1"] == ("0", "As it was.")
    assert Upload.objects.get().state == UploadState.READY


def test_once_handed_in_nothing_is_taken_in_and_the_file_stays(
    sign_in, audit, rated, worker, person
):
    browser = sign_in("lead")
    url = bring_in(browser, audit, sheets.filled(sheets.of(rated), A1_1={"rating": 4}))
    worker()
    shown = browser.get(url).text
    actions.hand_in(response=rated, by=person("lead"))

    answer = browser.post(f"{url}take-in/", {"as_read": as_read(shown)})
    more = browser.post(page(audit, "mine/"), {"file": BytesIO(b"x")})

    assert (answer.status_code, more.status_code) == (409, 422)
    assert "These ratings were handed in" in answer.text
    assert said(rated)["A1.1"] == ("3", "As it was.")
    assert Upload.objects.get().state == UploadState.READY


def test_one_save_that_fails_takes_back_the_others(sign_in, audit, rated, worker, person):
    browser = sign_in("lead")
    data = sheets.filled(sheets.of(rated), A1_1={"rating": 4}, B1_1={"rating": 4})
    url = bring_in(browser, audit, data)
    worker()
    rated.ratings.filter(statement__code="A1.1").update(value=0, version=2)
    before = said(rated)

    with pytest.raises(uploads.NotChosenError):
        uploads.take_in_own(
            upload=Upload.objects.get(),
            choices={},
            as_read=uploads.state_of(rated.ratings.all()),
            by=person("lead"),
        )

    assert said(rated) == before
    assert url.endswith(f"/{Upload.objects.get().pk}/")


def test_nobody_brings_into_ratings_they_do_not_have(sign_in, audit):
    answer = sign_in("inclusion_lead").post(page(audit, "mine/"), {"file": BytesIO(b"x")})

    assert answer.status_code == 404
    assert Upload.objects.count() == 0


def test_a_file_that_is_no_workbook_says_so_on_its_page(sign_in, audit, rated, worker):
    browser = sign_in("lead")
    url = bring_in(browser, audit, b"code,rating")
    worker()

    shown = browser.get(url).text

    assert "This is not an .xlsx workbook." in shown
    assert f'href="{page(audit, "mine/")}"' in shown


def test_hostile_text_shows_as_text(sign_in, audit, rated, worker):
    browser = sign_in("lead")
    hostile = " ".join(factories.HOSTILE[:5])
    data = sheets.filled(sheets.of(rated), A1_1={"comment": hostile, "rating": hostile})
    url = bring_in(browser, audit, data)
    worker()

    shown = browser.get(url).text

    assert "<b onmouseover" not in shown
    assert "&lt;b onmouseover=" in shown
    assert "{% now %}" in shown
