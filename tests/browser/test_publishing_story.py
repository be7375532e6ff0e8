"""From a draft in the library to an annual review that everybody may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.access import ProgrammeRole
from resources.models import Resource
from tests import factories

PHONE = {"viewport": {"width": 320, "height": 640}}
NAME = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"


def press(page: Page, button: str, said: str) -> None:
    """A button, and what the page then says was done."""
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.locator(".messages")).to_contain_text(said)


def follow(page: Page, link: str, heading: str) -> None:
    page.get_by_role("link", name=link, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def day(after_today: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=after_today)).isoformat()


@pytest.fixture
def second(person) -> Callable[[Page], None]:
    """Another member of the programme team, who signs in by hand."""
    person("team")
    user = factories.user("second", programme_role=ProgrammeRole.TEAM)

    def signs_in(page: Page) -> None:
        page.goto("/account/login/")
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password").first.fill(factories.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")

    return signs_in


def test_a_resource_is_written_read_twice_and_found(open_as, second, time_machine):
    writer = open_as("team", "/library/desk/")

    # A draft, with a second look before it is kept.
    follow(writer, "Add a resource", "Add a resource")
    writer.get_by_label("Title").fill("Paid reflection groups")
    writer.get_by_label("Summary").fill("How tutors meet, and who pays for their time.")
    writer.get_by_label("Kind").select_option("Guide")
    writer.get_by_label("Text").fill("## Begin small\n\nSix tutors, twice a term.")
    writer.get_by_role("button", name="Look it over first").click()
    expect(writer.locator("main")).to_contain_text("Six tutors")
    press(writer, "Save the draft", "is a draft now. Only the team sees it.")
    writer.get_by_role("link", name="Hand it to a second pair of eyes").click()
    writer.get_by_label("A note to whoever reads it").fill("Is it short enough?")
    press(writer, "Hand it over", "waits for a second pair of eyes.")
    expect(writer.get_by_role("link", name="Publish", exact=True)).to_have_count(0)

    # Somebody else publishes it from tomorrow, without scripts.
    reader = open_as("visitor", java_script_enabled=False)
    second(reader)
    reader.goto("/library/desk/")
    reader.get_by_role("link", name="Paid reflection groups").click()
    expect(reader.locator("main")).to_contain_text("Is it short enough?")
    follow(reader, "Publish", "Publish it")
    reader.get_by_label("From").fill(day(1))
    press(reader, "Publish", "Readers find “Paid reflection groups” from")
    page = Resource.objects.get().get_absolute_url()
    visitor = open_as("visitor")
    assert visitor.goto(page).status == 404

    # Its day comes, and a visitor who cannot type finds it.
    time_machine.move_to(timezone.now() + dt.timedelta(days=1))
    visitor.goto("/library/")
    visitor.get_by_label("Search the library").fill("reflecton grups")
    visitor.get_by_role("button", name="Search").click()
    visitor.get_by_role("link", name="reflection groups").first.click()
    visitor.get_by_role("link", name="Paid reflection groups").click()
    expect(visitor.get_by_role("heading", name="Begin small")).to_be_visible()
    assert visitor.url.endswith(page)


def test_a_resource_is_found_and_kept_on_a_phone_by_keyboard_alone(open_as, person):
    factories.resource("Paid reflection groups", body="Six tutors.")
    page = open_as("lead", "/library/", **PHONE)

    def reach(name: str) -> None:
        """Tab on until the focus is on what is called so."""
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(NAME) == name:
                return
        raise AssertionError(f"No Tab leads to “{name}”")

    reach("Search the library")
    page.keyboard.type("tutor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text("1 resource for “tutor”")
    reach("Paid reflection groups")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid reflection groups")
    reach("Why you keep it (optional)")
    page.keyboard.type("For our forum")
    page.keyboard.press("Enter")

    expect(page.locator(".messages")).to_contain_text("is on your list.")
    assert [kept.why for kept in person("lead").kept.all()] == ["For our forum"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
