"""Rating in a real browser: saved by itself, by keyboard, without scripts, and never lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from selfassessment.models import Audit, Rating, Response
from tests.browser.conftest import sessions_end


def ratings(response: Response) -> dict[str, str]:
    return {r.statement.code: r.choice for r in response.ratings.select_related("statement")}


def address(audit: Audit, code: str = "A1") -> str:
    return f"/self-assessments/{audit.pk}/rate/{code}/"


def statement(page: Page, code: str):
    return page.get_by_role("group", name=code)


def choose(page: Page, code: str, level: str) -> None:
    statement(page, code).locator(f"input[type=radio][value='{level}']").check()


def state(page: Page, code: str):
    return statement(page, code).locator(".state")


def comment(page: Page, code: str):
    box = statement(page, code).get_by_label("Comment", exact=True)
    if not box.is_visible():
        statement(page, code).locator("summary").click()
    return box


def test_choosing_a_level_saves_it_and_says_so(open_as, audit, response):
    page = open_as("lead", address(audit))

    choose(page, "A1.1", "3")

    expect(state(page, "A1.1")).to_contain_text("Saved at")
    assert ratings(response) == {"A1.1": "3"}


def test_a_comment_saves_after_a_pause_in_typing(open_as, audit, response):
    page = open_as("lead", address(audit))

    comment(page, "A1.1").type("Freelancers get a pack, Cŵn a thŷ.")

    expect(state(page, "A1.1")).to_contain_text("Saved at")
    assert response.ratings.get().comment == "Freelancers get a pack, Cŵn a thŷ."


def test_quick_clicks_end_at_the_last_one(open_as, audit, response):
    page = open_as("lead", address(audit))

    for level in "01234321":
        choose(page, "A1.1", level)

    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(state(page, "A1.1")).to_contain_text("Saved at")
    assert ratings(response) == {"A1.1": "1"}


def test_numbers_choose_a_level_by_keyboard_alone(open_as, audit, response):
    page = open_as("lead", address(audit))

    statement(page, "A1.1").locator("input[type=radio][value='0']").focus()
    page.keyboard.press("4")
    expect(state(page, "A1.1")).to_contain_text("Saved at")
    page.keyboard.press("d")
    expect(page.locator(".htmx-request")).to_have_count(0)
    statement(page, "A1.2").locator("input[type=radio][value='0']").focus()
    page.keyboard.press("2")

    expect(state(page, "A1.2")).to_contain_text("Saved at")
    assert ratings(response) == {"A1.1": "dk", "A1.2": "2"}


def test_a_number_typed_in_a_comment_is_text(open_as, audit, response):
    page = open_as("lead", address(audit))

    comment(page, "A1.1").type("In 3 of 4 centres, nd.")

    expect(state(page, "A1.1")).to_contain_text("Saved at")
    assert [(r.choice, r.comment) for r in response.ratings.all()] == [
        ("", "In 3 of 4 centres, nd.")
    ]


def test_not_applicable_asks_why_and_keeps_asking_until_told(open_as, audit, response):
    page = open_as("lead", address(audit))

    choose(page, "A1.1", "na")
    expect(state(page, "A1.1")).to_contain_text("Say why")
    page.get_by_label("Why does this not apply").first.fill("The council does this.")
    expect(state(page, "A1.1")).to_have_text(re.compile(r"^Saved at \d\d:\d\d$"))

    assert [(r.choice, r.reason) for r in response.ratings.all()] == [
        ("na", "The council does this.")
    ]


def test_a_rating_can_be_cleared_and_its_comment_stays(open_as, audit, response):
    page = open_as("lead", address(audit))
    choose(page, "A1.1", "3")
    comment(page, "A1.1").type("Kept.")
    expect(state(page, "A1.1")).to_contain_text("Saved at")

    statement(page, "A1.1").get_by_role("button", name="Clear this rating").click()

    expect(statement(page, "A1.1").locator("input:checked")).to_have_count(0)
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert [(r.choice, r.comment) for r in response.ratings.all()] == [("", "Kept.")]


@pytest.mark.parametrize(
    ("button", "kept"), [("Keep this page’s version", "4"), ("Use the other version", "1")]
)
def test_two_tabs_show_both_versions_and_the_person_chooses(open_as, audit, response, button, kept):
    first = open_as("lead", address(audit))
    second = open_as("lead", address(audit))
    choose(second, "A1.1", "1")
    comment(second, "A1.1").type("From the second tab.")
    expect(state(second, "A1.1")).to_contain_text("Saved at")

    choose(first, "A1.1", "4")

    clash = first.get_by_role("group", name="This was changed in two places")
    expect(clash).to_contain_text("From the second tab.")
    expect(clash).to_contain_text("4 Embedded")
    assert ratings(response) == {"A1.1": "1"}
    clash.get_by_role("button", name=button).click()
    expect(clash).to_have_count(0)
    expect(statement(first, "A1.1").locator("input:checked")).to_have_value(kept)
    assert ratings(response) == {"A1.1": kept}


def test_a_lost_connection_keeps_the_text_and_sends_it_later(open_as, audit, response):
    page = open_as("lead", address(audit))
    page.context.set_offline(True)

    choose(page, "A1.1", "2")
    comment(page, "A1.1").type("Written on a train.")
    expect(state(page, "A1.1")).to_contain_text("no connection")
    assert ratings(response) == {}

    page.context.set_offline(False)
    expect(state(page, "A1.1")).to_contain_text("Saved at", timeout=12000)
    assert [(r.choice, r.comment) for r in response.ratings.all()] == [("2", "Written on a train.")]


def test_leaving_before_the_pause_is_over_still_saves(open_as, audit, response):
    page = open_as("lead", address(audit))

    comment(page, "A1.1").type("Typed, and gone.")
    page.goto(f"/self-assessments/{audit.pk}/")

    page.wait_for_timeout(500)
    assert [r.comment for r in response.ratings.all()] == ["Typed, and gone."]


def test_an_expired_sign_in_loses_no_text(open_as, audit, response, person):
    page = open_as("lead", address(audit))
    sessions_end()

    comment(page, "A1.1").type("Typed after the sign-in ran out.")
    expect(state(page, "A1.1")).to_contain_text("signed out")
    page.get_by_role("button", name="Sign in and save it").click()
    page.locator("[name=login]").fill("lead@example.org")
    page.locator("[name=password]").fill("a-long-test-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Typed after the sign-in ran out.")).to_be_visible()
    page.get_by_role("main").get_by_role("button").first.click()

    expect(comment(page, "A1.1")).to_have_value("Typed after the sign-in ran out.")
    assert [r.comment for r in response.ratings.all()] == ["Typed after the sign-in ran out."]


def test_without_scripts_the_button_saves_the_page(open_as, audit, response):
    page = open_as("lead", address(audit), java_script_enabled=False)

    choose(page, "A1.1", "3")
    choose(page, "A1.2", "dk")
    comment(page, "A1.2").fill("Ask the tutors.")
    page.get_by_role("button", name="Save and go to A2").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Governance")
    assert ratings(response) == {"A1.1": "3", "A1.2": "dk"}


def test_without_scripts_two_tabs_show_both_versions(open_as, audit, response):
    first = open_as("lead", address(audit), java_script_enabled=False)
    second = open_as("lead", address(audit), java_script_enabled=False)
    choose(second, "A1.1", "1")
    second.get_by_role("button", name="Save and go to A2").click()

    choose(first, "A1.1", "4")
    choose(first, "A1.2", "2")
    first.get_by_role("button", name="Save and go to A2").click()

    expect(first.get_by_role("heading", name="Not everything is saved")).to_be_visible()
    assert ratings(response) == {"A1.1": "1", "A1.2": "2"}
    first.get_by_role("button", name="Keep this page’s version").click()
    expect(first.get_by_role("heading", name="Not everything is saved")).to_have_count(0)
    assert ratings(response) == {"A1.1": "4", "A1.2": "2"}


def test_a_link_that_is_none_is_refused_with_its_text_kept(open_as, audit, response):
    page = open_as("lead", address(audit))
    comment(page, "A1.1")

    page.get_by_label("Link to a page or paper").first.fill("javascript:alert(1)")

    expect(state(page, "A1.1")).to_contain_text("Not saved")
    expect(page.get_by_label("Link to a page or paper").first).to_have_value("javascript:alert(1)")
    assert Rating.objects.count() == 0


def test_the_whole_way_from_start_to_results(open_as, avon, questionnaire, person):
    page = open_as("lead", f"/self-assessments/of/{avon.slug}/")

    page.get_by_role("link", name="Start a self-assessment").click()
    page.get_by_label("The quick check").check()
    page.get_by_label("Finish by").fill("2030-01-01")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".error-summary")).to_contain_text("two years")
    page.get_by_label("Finish by").fill(str(next_month()))
    page.get_by_role("button", name="Start").click()
    page.get_by_role("link", name="Begin with A1.1").click()
    choose(page, "A1.1", "3")
    page.get_by_role("button", name="Save and go to A2").click()
    choose(page, "A2.1", "1")
    page.get_by_role("button", name="Save and go to B1").click()
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_role("heading", name="Left blank")).to_be_visible()
    page.get_by_role("button", name="Hand in my ratings").click()

    expect(page.get_by_text("Handed in. Here is what your ratings come to.")).to_be_visible()
    assert ratings(Response.objects.get()) == {"A1.1": "3", "A2.1": "1"}


def next_month():
    return timezone.localdate() + dt.timedelta(days=30)
