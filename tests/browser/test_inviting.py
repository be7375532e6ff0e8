"""A lead asks people to rate: a pasted list with mistakes, and a link on a meeting's screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from selfassessment.models import Respondent, SharedLink

WAYS = {
    "wide": {},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "without scripts": {"java_script_enabled": False},
}
PASTED = (
    "Sam Reed\tsam@example.org\tTutor\nKim\n\nkim@example.org; lead@example.org\nsam@example.org"
)


@pytest.mark.parametrize("way", WAYS)
def test_a_lead_asks_a_pasted_list_and_hands_out_a_link(open_as, audit, worker, way):
    page = open_as("lead", f"/self-assessments/{audit.pk}/people/", **WAYS[way])

    # Named or anonymous comes first.
    page.get_by_role("link", name="Invite people").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Named or anonymous?")
    page.get_by_label("Anonymous: once somebody").check()
    page.get_by_role("button", name="Choose").click()

    # A list with mistakes: nothing is sent, nothing is lost.
    page.get_by_label("Role group").select_option("Tutors")
    page.get_by_label("E-mail addresses").fill(PASTED)
    page.get_by_role("button", name="Ask them").click()
    expect(page.locator(".error-summary")).to_contain_text("3 lines were left out")
    left_out = page.get_by_role("region", name="Left out")
    expect(left_out.get_by_role("listitem")).to_have_count(3)
    expect(left_out).to_contain_text("Line 2: Kim")
    expect(left_out).to_contain_text("They rate with their account already")
    expect(left_out).to_contain_text("It is in line 1 already.")
    expect(page.get_by_label("E-mail addresses")).to_have_value(PASTED)
    assert Respondent.objects.count() == 1

    # The good ones are asked; what can be mended stays.
    page.get_by_role("button", name="Ask these 2 now").click()
    expect(page.get_by_label("E-mail addresses")).to_have_value("Kim")
    page.get_by_role("link", name="Cancel").click()
    people = page.locator("#people")
    expect(people).to_contain_text("Sam Reed")
    expect(people.get_by_role("listitem")).to_have_count(3)
    worker()
    page.reload()
    expect(people.get_by_text("Invitation sent on")).to_have_count(2)

    # Finding one of them, in another role group.
    page.get_by_label("Name or address").fill("kim")
    page.get_by_role("button", name="Find").click()
    expect(people.get_by_role("listitem")).to_have_count(1)
    people.get_by_role("link", name="Role group of kim@example.org").click()
    page.get_by_label("Role group").select_option("Managers")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("status").first).to_contain_text("Changed the role group")

    # A link for a meeting, on a page that fits the screen.
    page.get_by_label("One link for a whole role group").select_option("Young people")
    page.get_by_role("button", name="Get the link").click()
    link = SharedLink.objects.get()
    expect(page.get_by_text(f"/j/{link.token}/")).to_be_visible()
    code = page.get_by_role("img", name="A square code")
    expect(code).to_be_visible()
    assert code.bounding_box()["width"] >= 250
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_long_list_is_paged_and_keeps_what_is_sought(open_as, audit):
    audit.privacy = "named"
    audit.save()
    for number in range(60):
        Respondent.objects.create(
            audit=audit, source="email", email=f"p{number:02}@example.org", role_group="tutor"
        )
    page = open_as("lead", f"/self-assessments/{audit.pk}/people/?role_group=tutor")

    expect(page.locator("#people .rows > li")).to_have_count(50)
    page.get_by_role("link", name="Next page").click()

    expect(page.locator("#people .rows > li")).to_have_count(10)
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(page.get_by_label("Role group", exact=True)).to_have_value("tutor")
