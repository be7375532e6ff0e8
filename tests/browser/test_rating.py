"""Rating in a real browser: saved by itself, by keyboard, without scripts, and never lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from selfassessment import actions
from selfassessment.models import Audit, Rating, Response
from tests import factories
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


def test_the_whole_way_from_start_to_handing_in(open_as, avon, questionnaire, person):
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

    expect(page.get_by_text("Handed in. Thank you.")).to_be_visible()
    assert ratings(Response.objects.get()) == {"A1.1": "3", "A2.1": "1"}


def next_month():
    return timezone.localdate() + dt.timedelta(days=30)


def saved(page: Page, code: str = "A1.1") -> None:
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(state(page, code)).to_have_text(re.compile(r"^Saved at \d\d:\d\d$"))


def refuse_posts(page: Page, how=lambda route: route.abort()) -> None:
    page.route(
        "**/rate/**",
        lambda route: how(route) if route.request.method == "POST" else route.fallback(),
    )


def test_typing_and_reloading_at_once_keeps_the_text(open_as, audit, response):
    page = open_as("lead", address(audit))

    comment(page, "A1.1").type("Typed, and reloaded.")
    page.reload()

    expect(comment(page, "A1.1")).to_have_value("Typed, and reloaded.")
    page.wait_for_timeout(1200)
    expect(page.locator(".clash")).to_have_count(0)
    assert [r.comment for r in response.ratings.all()] == ["Typed, and reloaded."]


def test_a_page_put_away_on_a_phone_sends_what_was_typed(open_as, audit, response):
    page = open_as("lead", address(audit))
    comment(page, "A1.1").type("Typed on the bus.")

    with page.expect_response(lambda r: r.request.resource_type == "fetch"):
        page.evaluate(
            """() => {
              Object.defineProperty(document, "visibilityState", { value: "hidden" });
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )

    assert [r.comment for r in response.ratings.all()] == ["Typed on the bus."]
    saved(page)
    expect(page.locator(".clash")).to_have_count(0)


def test_text_typed_without_a_connection_outlives_a_reload(open_as, audit, response):
    page = open_as("lead", address(audit))
    choose(page, "A1.1", "2")
    saved(page)
    type_without_a_line_and_leave(page, "Written on a train.")
    assert ratings(response) == {"A1.1": "2"}

    page.goto(address(audit))

    expect(comment(page, "A1.1")).to_have_value("Written on a train.")
    saved(page)
    assert [(r.choice, r.comment) for r in response.ratings.all()] == [("2", "Written on a train.")]
    assert kept_in_the_tab(page) == []


def type_without_a_line_and_leave(page: Page, text: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    refuse_posts(page)
    comment(page, "A1.1").type(text)
    expect(state(page, "A1.1")).to_contain_text("no connection")
    # What a page sends on its way out passes by the route above.
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error()); }")
    page.goto("about:blank")
    page.unroute_all()


def kept_in_the_tab(page: Page) -> list[str]:
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('unsent:'))")


def test_text_brought_back_clashes_with_what_was_saved_elsewhere(open_as, audit, response):
    page = open_as("lead", address(audit))
    type_without_a_line_and_leave(page, "Written on a train.")
    factories.rate(response, "A1.1", 1, comment="Written at home.")

    page.goto(address(audit))

    clash = page.get_by_role("group", name="This was changed in two places")
    expect(clash).to_contain_text("Written on a train.")
    expect(clash).to_contain_text("Written at home.")
    assert [r.comment for r in response.ratings.all()] == ["Written at home."]


def test_what_one_person_left_unsent_in_a_tab_is_not_shown_to_the_next(
    open_as, audit, response, person
):
    factories.join(audit, person("inclusion_lead"))
    page = open_as("lead", address(audit))
    type_without_a_line_and_leave(page, "Between us.")
    sign_in_again(page, "inclusion.lead@example.org")

    page.goto(address(audit))

    expect(comment(page, "A1.1")).to_have_value("")
    page.wait_for_timeout(1000)
    assert kept_in_the_tab(page) == []
    assert Rating.objects.count() == 0


def test_nothing_is_saved_under_the_name_of_somebody_else(open_as, audit, response, person):
    factories.join(audit, person("inclusion_lead"))
    page = open_as("lead", address(audit))
    sign_in_again(page, "inclusion.lead@example.org")

    comment(page, "A1.1").type("The lead’s view.")

    expect(state(page, "A1.1")).to_contain_text("somebody else is signed in")
    expect(comment(page, "A1.1")).to_have_value("The lead’s view.")
    assert Rating.objects.count() == 0


def test_signing_in_again_in_another_tab_lets_the_page_go_on(open_as, audit, response):
    page = open_as("lead", address(audit))
    sign_in_again(page, "lead@example.org")

    comment(page, "A1.1").type("Still here.")

    saved(page)
    assert [r.comment for r in response.ratings.all()] == ["Still here."]


def sign_in_again(page: Page, email: str) -> None:
    sessions_end()
    tab = page.context.new_page()
    tab.goto("/account/login/")
    tab.locator("[name=login]").fill(email)
    tab.locator("[name=password]").fill("a-long-test-password")
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).not_to_contain_text("Sign in")
    tab.close()


def test_a_slow_server_ends_at_what_was_typed_last(open_as, audit, response):
    page = open_as("lead", address(audit))

    def slowly(route):
        page.wait_for_timeout(700)
        route.continue_()

    refuse_posts(page, slowly)
    box = comment(page, "A1.1")
    box.type("One ")
    page.wait_for_timeout(900)
    box.type("two ")
    choose(page, "A1.1", "3")
    box.type("three")

    page.wait_for_timeout(900)
    saved(page)
    assert [(r.choice, r.comment) for r in response.ratings.all()] == [("3", "One two three")]


def test_a_fault_of_the_server_is_tried_again(open_as, audit, response):
    page = open_as("lead", address(audit))
    refuse_posts(page, lambda route: route.fulfill(status=500, body="<h1>Fault</h1>"))

    choose(page, "A1.1", "2")
    expect(state(page, "A1.1")).to_contain_text("does not answer")
    assert ratings(response) == {}
    page.unroute_all()

    expect(state(page, "A1.1")).to_contain_text("Saved at", timeout=12000)
    assert ratings(response) == {"A1.1": "2"}


def test_typing_on_in_a_clash_keeps_the_box_up_to_date(open_as, audit, response):
    page = open_as("lead", address(audit))
    factories.rate(response, "A1.1", 1, comment="Written at home.")
    box = comment(page, "A1.1")
    box.type("Mine")
    clash = page.get_by_role("group", name="This was changed in two places")
    expect(clash).to_be_visible()

    box.type(", and more")
    expect(clash).to_contain_text("Mine, and more")
    expect(box).to_be_focused()
    box.type(" still")
    clash.get_by_role("button", name="Keep this page’s version").click()

    expect(clash).to_have_count(0)
    expect(statement(page, "A1.1")).to_be_focused()
    saved(page)
    box.type(".")
    saved(page)
    page.wait_for_timeout(1000)
    assert [r.comment for r in response.ratings.all()] == ["Mine, and more still."]


def test_keeping_mine_is_a_choice_against_the_version_shown_only(open_as, audit, response):
    page = open_as("lead", address(audit))
    rating = factories.rate(response, "A1.1", 1)
    choose(page, "A1.1", "4")
    clash = page.get_by_role("group", name="This was changed in two places")
    expect(clash).to_contain_text("1 First steps")
    Rating.objects.filter(pk=rating.pk).update(version=2, value=2)

    clash.get_by_role("button", name="Keep this page’s version").click()

    expect(clash).to_contain_text("2 Developing")
    assert ratings(response) == {"A1.1": "2"}
    clash.get_by_role("button", name="Keep this page’s version").click()
    expect(clash).to_have_count(0)
    assert ratings(response) == {"A1.1": "4"}


def test_handed_in_from_another_tab_the_text_stays_in_sight(open_as, audit, response, person):
    page = open_as("lead", address(audit))
    factories.rate(response, "A1.2", 1)
    actions.hand_in(response=response, by=person("lead"))

    comment(page, "A1.1").type("Typed too late.")
    expect(state(page, "A1.1")).to_contain_text("handed in")
    expect(comment(page, "A1.1")).to_have_value("Typed too late.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Save and go to A2").click()

    expect(page.locator("#main")).to_contain_text("What you typed, not saved")
    expect(page.locator("#main")).to_contain_text("Typed too late.")
    assert ratings(response) == {"A1.2": "1"}


def test_back_to_a_page_that_saved_shows_what_was_saved(open_as, audit, response):
    page = open_as("lead", address(audit))
    comment(page, "A1.1").type("A long comment.")
    saved(page)

    page.get_by_role("link", name="Your ratings").click()
    page.go_back()
    expect(comment(page, "A1.1")).to_have_value("A long comment.")
    choose(page, "A1.1", "3")

    saved(page)
    assert [(r.choice, r.comment) for r in response.ratings.all()] == [("3", "A long comment.")]


def test_enter_in_the_link_saves_and_stays(open_as, audit, response):
    page = open_as("lead", address(audit))
    comment(page, "A1.1")
    link = page.get_by_label("Link to a page or paper").first

    link.type("example.org/paper")
    link.press("Enter")

    saved(page)
    expect(link).to_be_focused()
    expect(link).to_have_value("example.org/paper")
    assert response.ratings.get().evidence_url == "https://example.org/paper"


def test_an_error_stands_beside_its_field_until_it_is_mended(open_as, audit, response):
    page = open_as("lead", address(audit))
    comment(page, "A1.1")
    link = page.get_by_label("Link to a page or paper").first

    link.fill("javascript:alert(1)")
    expect(link).to_have_attribute("aria-invalid", "true")
    expect(link).to_have_accessible_description(re.compile("^Error: Enter a web address"))
    link.fill("https://example.org")

    saved(page)
    expect(link).not_to_have_attribute("aria-invalid", "true")
    expect(link).to_have_accessible_description("")


def test_the_other_version_can_be_used_straight_from_typing(open_as, audit, response):
    page = open_as("lead", address(audit))
    factories.rate(response, "A1.1", 1, comment="Written at home.")
    box = comment(page, "A1.1")
    box.type("Mine")
    clash = page.get_by_role("group", name="This was changed in two places")
    expect(clash).to_be_visible()
    box.type(" and more")

    clash.get_by_role("button", name="Use the other version").click()

    expect(clash).to_have_count(0)
    expect(comment(page, "A1.1")).to_have_value("Written at home.")
    expect(statement(page, "A1.1")).to_be_focused()
    page.wait_for_timeout(1000)
    assert [(r.choice, r.comment) for r in response.ratings.all()] == [("1", "Written at home.")]
    page.goto("/")  # and no warning of something unsaved
    assert page.url.endswith("/")
