"""Agreeing in a real browser: by keys in a meeting, in two tabs, without scripts, never lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from selfassessment.models import AgreedRating, Audit, Privacy, RoleGroup
from selfassessment.talk import agenda
from tests import factories
from tests.browser.conftest import sessions_end


@pytest.fixture
def talking(audit, person) -> Audit:
    """Five tutors, wide apart on B1.1; the lead and the group have come to talk."""
    audit.privacy = Privacy.NAMED
    audit.save(update_fields=["privacy"])
    said = factories.heard(
        audit, RoleGroup.TUTOR, *[{"A1.1": 3, "B1.1": level} for level in (0, 0, 2, 2, 4)]
    )
    said[0].ratings.filter(statement__code="B1.1").update(comment="Not where I teach.")
    factories.open_talk(audit, person("lead"))
    return audit


def meeting(audit: Audit, code: str = "B1.1") -> str:
    return f"/self-assessments/{audit.pk}/meeting/{code}/"


def agree(audit: Audit, code: str = "B1.1") -> str:
    return f"/self-assessments/{audit.pk}/agree/{code}/"


def agreed() -> dict[str, tuple[str, str]]:
    rows = AgreedRating.objects.select_related("statement")
    return {row.statement.code: (row.choice, row.reason) for row in rows}


def second(audit: Audit) -> str:
    return agenda.read(audit).items[1].statement.code


def state(page: Page):
    return page.locator(".state")


def saved(page: Page) -> None:
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(state(page)).to_have_text(re.compile(r"^Saved at \d\d:\d\d by The "))


def choose(page: Page, level: str) -> None:
    page.locator(f"input[type=radio][value='{level}']").check()


def why(page: Page):
    return page.get_by_label("Why, in short")


def test_a_meeting_by_keys_alone(open_as, talking):
    page = open_as("lead", meeting(talking))

    page.keyboard.press("3")
    saved(page)
    page.keyboard.press("w")
    page.keyboard.type("Half of us do: 2 of 4, n.")
    saved(page)
    expect(page.locator("#agreed-count")).to_have_text("1 of 7 agreed")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{meeting(talking, second(talking))}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**{meeting(talking)}")
    expect(why(page)).to_have_value("Half of us do: 2 of 4, n.")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/self-assessments/{talking.pk}/meeting/")

    expect(page.get_by_text("1 of 7 agreed")).to_be_visible()
    assert agreed() == {"B1.1": ("3", "Half of us do: 2 of 4, n.")}


def test_going_on_at_once_saves_first(open_as, talking):
    page = open_as("lead", meeting(talking))

    page.keyboard.press("w")
    page.keyboard.type("Typed, and gone.")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{meeting(talking, second(talking))}")

    expect(page.locator("#agreed-count")).to_have_text("1 of 7 agreed")
    assert agreed() == {"B1.1": ("1", "Typed, and gone.")}


def test_arrows_move_within_the_levels_for_who_came_there_by_keyboard(open_as, talking):
    page = open_as("lead", meeting(talking))

    page.keyboard.press("2")
    saved(page)
    page.get_by_role("link", name="What is left").focus()
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.matches('input[type=radio]')"):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    saved(page)

    assert page.url.endswith(meeting(talking))
    assert agreed() == {"B1.1": ("3", "")}


def test_arrows_go_on_for_who_clicked_a_level(open_as, talking):
    page = open_as("lead", meeting(talking))

    page.locator("label", has_text="Developing").click()
    saved(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{meeting(talking, second(talking))}")

    assert agreed() == {"B1.1": ("2", "")}


def test_arrows_and_numbers_while_typing_are_text(open_as, talking):
    page = open_as("lead", meeting(talking))

    why(page).click()
    page.keyboard.type("p4")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("1")
    saved_text = re.compile(r"^Saved at .* Not agreed yet$")
    expect(state(page)).to_have_text(saved_text)

    assert page.url.endswith(meeting(talking))
    assert agreed() == {"B1.1": ("", "p14")}


def test_parked_asks_why_and_is_saved_once_told(open_as, talking):
    page = open_as("lead", meeting(talking))

    page.keyboard.press("p")
    expect(state(page)).to_contain_text("Say why it is parked.")
    assert agreed() == {}
    page.keyboard.press("w")
    page.keyboard.type("With the council, in spring.")

    saved(page)
    assert agreed() == {"B1.1": ("parked", "With the council, in spring.")}


def test_comments_come_on_demand(open_as, talking):
    page = open_as("lead", meeting(talking))

    expect(page.get_by_text("Not where I teach.")).not_to_be_visible()
    page.get_by_text("1 comment").click()

    expect(page.get_by_text("Not where I teach.")).to_be_visible()


@pytest.mark.parametrize("address", [meeting, agree])
@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Keep this page’s version", ("4", "")),
        ("Use the other version", ("1", "From the second tab.")),
    ],
)
def test_two_tabs_show_both_versions_and_somebody_chooses(
    open_as, talking, person, address, button, kept
):
    person("inclusion_lead")
    first = open_as("lead", address(talking))
    other = open_as("inclusion_lead", address(talking))
    choose(other, "1")
    why(other).fill("From the second tab.")
    saved(other)

    choose(first, "4")

    clash = first.get_by_role("group", name="This was changed in two places")
    expect(clash).to_contain_text("From the second tab.")
    expect(clash).to_contain_text("by The inclusion lead")
    expect(clash).to_contain_text("4 Embedded")
    assert agreed() == {"B1.1": ("1", "From the second tab.")}
    clash.get_by_role("button", name=button).click()
    expect(clash).to_have_count(0)
    expect(first.locator("input:checked")).to_have_value(kept[0])
    expect(why(first)).to_have_value(kept[1])
    assert agreed() == {"B1.1": kept}


def test_a_clash_and_the_choice_without_scripts(open_as, talking):
    first = open_as("lead", meeting(talking), java_script_enabled=False)
    other = open_as("lead", agree(talking), java_script_enabled=False)
    choose(other, "1")
    other.get_by_role("button", name="Save and go back to the talk").click()

    choose(first, "4")
    first.get_by_role("button", name="Save and go to").click()

    expect(first.get_by_role("heading", name="This is not saved")).to_be_visible()
    assert agreed() == {"B1.1": ("1", "")}
    first.get_by_role("button", name="Keep this page’s version").click()
    expect(first.get_by_role("heading", name="This is not saved")).to_have_count(0)
    assert agreed() == {"B1.1": ("4", "")}


def test_without_scripts_the_meeting_goes_on_by_its_buttons(open_as, talking):
    page = open_as("lead", f"/self-assessments/{talking.pk}/meeting/", java_script_enabled=False)

    page.get_by_role("link", name="Start with B1.1").click()
    choose(page, "2")
    why(page).fill("Half of us do.")
    page.get_by_role("button", name="Save and go to").click()

    expect(page.locator("h1")).to_contain_text(second(talking))
    expect(page.get_by_text("1 of 7 agreed")).to_be_visible()
    assert agreed() == {"B1.1": ("2", "Half of us do.")}


def test_an_expired_sign_in_loses_no_text(open_as, talking):
    page = open_as("lead", meeting(talking))
    sessions_end()

    why(page).type("Typed after the sign-in ran out.")
    expect(state(page)).to_contain_text("signed out")
    page.get_by_role("button", name="Sign in and save it").click()
    page.locator("[name=login]").fill("lead@example.org")
    page.locator("[name=password]").fill("a-long-test-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Typed after the sign-in ran out.")).to_be_visible()
    page.get_by_role("main").get_by_role("button").first.click()

    expect(why(page)).to_have_value("Typed after the sign-in ran out.")
    assert agreed() == {"B1.1": ("", "Typed after the sign-in ran out.")}


def test_a_lost_connection_keeps_the_text_and_sends_it_later(open_as, talking):
    page = open_as("lead", meeting(talking))
    page.context.set_offline(True)

    choose(page, "2")
    why(page).type("No line in the hall.")
    expect(state(page)).to_contain_text("no connection")
    assert agreed() == {}

    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Saved at", timeout=12000)
    assert agreed() == {"B1.1": ("2", "No line in the hall.")}


def test_what_is_typed_while_the_year_is_closed_stays_on_the_page(open_as, talking, person):
    page = open_as("lead", meeting(talking))
    talking.closed_at, talking.closed_by = talking.talk_opened_at, person("lead")
    talking.save()

    why(page).type("Too late.")

    expect(state(page)).to_contain_text("The year is closed by now")
    expect(why(page)).to_have_value("Too late.")
    assert agreed() == {}


def test_a_group_member_follows_by_arrows(open_as, talking, person):
    factories.agree(talking, person("lead"), shown=False, B1_1=2)
    page = open_as("group_member", meeting(talking))

    expect(page.locator(".agreed-now")).to_have_text("2 Developing")
    page.keyboard.press("4")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{meeting(talking, second(talking))}")

    assert agreed() == {"B1.1": ("2", "")}


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_on_a_projector_all_that_counts_is_in_sight(open_as, talking, width, height):
    page = open_as("lead", meeting(talking), viewport={"width": width, "height": height})

    for part in (page.locator("h1"), page.locator(".lane").last, why(page), state(page)):
        expect(part).to_be_in_viewport(ratio=1)


def test_bulk_shows_first_and_agrees_what_is_ticked(open_as, talking):
    page = open_as("lead", f"/self-assessments/{talking.pk}/meeting/")

    page.get_by_role("link", name="Agree many in one go").click()
    expect(page.get_by_role("checkbox", name="A1.1")).to_be_checked()
    page.get_by_role("button", name="Agree those ticked").click()

    expect(page.get_by_text("Agreed 1 statement.")).to_be_visible()
    assert agreed() == {"A1.1": ("3", "")}
