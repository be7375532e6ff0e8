"""Somebody without an account, in a real browser: on a phone, without scripts, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from selfassessment import actions
from selfassessment.models import Privacy, Rating, Respondent
from tests import factories
from tests.browser.test_rating import choose, comment, ratings, state, statement

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def tutor(audit):
    audit.privacy, audit.scope = Privacy.NAMED, "quick"
    audit.save()
    return factories.respondent(audit, "tutor")


@pytest.fixture
def unnamed(audit):
    audit.privacy = Privacy.ANONYMOUS
    audit.save()
    return factories.respondent(audit, "young")


def home(respondent: Respondent) -> str:
    return f"/r/{respondent.token}/"


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_whole_way_on_a_phone(open_as, tutor):
    page = open_as("visitor", home(tutor), **PHONE)
    sideways = [scrolls_sideways(page)]

    page.get_by_role("button", name="Begin").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vision")
    sideways.append(scrolls_sideways(page))
    choose(page, "A1.1", "3")
    expect(state(page, "A1.1")).to_contain_text("Saved at")
    page.get_by_role("button", name="Save and go to A2").tap()
    choose(page, "A2.1", "dk")
    page.get_by_role("button", name="Save and go to B1").tap()
    choose(page, "B1.1", "0")
    page.get_by_role("button", name="Save and check").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and hand in")
    sideways.append(scrolls_sideways(page))
    page.get_by_role("button", name="Hand in my ratings").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    sideways.append(scrolls_sideways(page))
    assert ratings(tutor.response) == {"A1.1": "3", "A2.1": "dk", "B1.1": "0"}
    assert sideways == [False] * 4
    assert {(r.via, r.saved_by) for r in Rating.objects.all()} == {("link", None)}


def test_the_whole_way_without_scripts(open_as, unnamed):
    page = open_as("visitor", home(unnamed), java_script_enabled=False)

    page.get_by_role("button", name="Begin").click()
    choose(page, "A1.1", "3")
    comment(page, "A1.1").fill("It feels like home.")
    page.get_by_role("button", name="Save and see all sections").click()
    page.get_by_role("link", name="Check and hand in").click()
    expect(page.get_by_text("This is final.")).to_be_visible()
    page.get_by_role("button", name="Hand in my ratings").click()

    expect(page.get_by_text("Nothing joins you to your ratings any more")).to_be_visible()
    assert [(r.choice, r.comment) for r in Rating.objects.all()] == [("3", "It feels like home.")]
    assert not Rating.objects.filter(response__respondent__isnull=False).exists()


def test_the_whole_way_by_keyboard(open_as, tutor):
    page = open_as("visitor", home(tutor))

    def tab_to(name: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if name in page.evaluate("document.activeElement.textContent.trim()"):
                return
        pytest.fail(f"The keyboard does not come to “{name}”.")

    tab_to("Begin")
    page.keyboard.press("Enter")
    expect(statement(page, "A1.1")).to_be_visible()
    page.wait_for_load_state("load")  # numbers are the script's
    statement(page, "A1.1").focus()
    page.keyboard.press("3")
    expect(state(page, "A1.1")).to_contain_text("Saved at")
    for button, next_page in [
        ("Save and go to A2", "Governance"),
        ("Save and go to B1", "Policy"),
        ("Save and check", "Check and hand in"),
    ]:
        tab_to(button)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(next_page)
    tab_to("Hand in my ratings")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert ratings(tutor.response) == {"A1.1": "3"}


def test_two_devices_on_one_link_show_both_versions(open_as, tutor):
    desk = open_as("visitor", f"{home(tutor)}rate/A1/")
    phone = open_as("visitor", f"{home(tutor)}rate/A1/", **PHONE)
    choose(phone, "A1.1", "1")
    comment(phone, "A1.1").type("From the phone.")
    expect(state(phone, "A1.1")).to_contain_text("Saved at")

    choose(desk, "A1.1", "4")

    clash = desk.get_by_role("group", name="This was changed in two places")
    expect(clash).to_contain_text("From the phone.")
    assert ratings(tutor.response) == {"A1.1": "1"}
    clash.get_by_role("button", name="Keep this page’s version").click()
    expect(clash).to_have_count(0)
    assert ratings(tutor.response) == {"A1.1": "4"}


def test_a_cookie_that_ran_out_loses_no_text(open_as, tutor):
    page = open_as("visitor", f"{home(tutor)}rate/A1/")
    page.context.clear_cookies()

    comment(page, "A1.1").type("Typed over lunch.")

    expect(state(page, "A1.1")).to_have_text(re.compile(r"^Saved at \d\d:\d\d$"))
    assert [r.comment for r in Rating.objects.all()] == ["Typed over lunch."]


def test_handed_in_on_another_device_the_text_stays_in_sight(open_as, unnamed):
    page = open_as("visitor", f"{home(unnamed)}rate/A1/")
    factories.rate(unnamed.response, "A1.2", 1)
    actions.hand_in(response=unnamed.response, by=None)

    comment(page, "A1.1").type("Typed too late.")
    expect(state(page, "A1.1")).to_contain_text("handed in")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Save and go to A2").click()

    expect(page.locator("#main")).to_contain_text("What you typed, not saved")
    expect(page.locator("#main")).to_contain_text("Typed too late.")
    assert [r.comment for r in Rating.objects.all()] == [""]


def test_a_withdrawn_link_keeps_the_text_in_sight(open_as, tutor, person):
    page = open_as("visitor", f"{home(tutor)}rate/A1/")
    Respondent.objects.filter(pk=tutor.pk).update(
        withdrawn_at=tutor.asked_at, withdrawn_by=person("lead")
    )

    comment(page, "A1.1").type("Typed too late.")

    expect(state(page, "A1.1")).to_contain_text("This link is no longer open.")
    expect(comment(page, "A1.1")).to_have_value("Typed too late.")
    assert Rating.objects.count() == 0
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_role_groups_link_gives_each_their_own(open_as, tutor, person):
    link = factories.shared_link(tutor.audit, by=person("lead"))
    page = open_as("visitor", f"/j/{link.token}/", **PHONE)

    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Begin my own").dblclick()

    expect(page.get_by_text("Keep this address.")).to_be_visible()
    assert not scrolls_sideways(page)
    assert [one.name for one in link.respondents.all()] == ["Ann"]
