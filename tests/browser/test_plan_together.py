"""Two people at once: nothing is overwritten in silence, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from actionplans.models import ProgressNote
from actionplans.planning import plans, targets
from tests import factories


def field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=re.compile(f"^{label}"))


@pytest.mark.parametrize("pick", ["Yours", "Saved at"])
def test_two_people_write_in_one_target(open_as, target, pick):
    address = f"{target.get_absolute_url()}edit/"
    mine, theirs = open_as("lead", address), open_as("inclusion_lead", address)
    field(theirs, "Steps").fill("Ask the tutors first.")
    field(theirs, "People who help").fill("Tutors")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.locator(".messages")).to_contain_text("Saved WD-1")

    field(mine, "Steps").fill("Ask the board first.")
    field(mine, "Which young people").fill("Young carers")
    with mine.expect_response(lambda answer: answer.request.method == "POST") as answer:
        mine.get_by_role("button", name="Save", exact=True).click()
    clash = mine.get_by_role("group", name="The inclusion lead saved this target meanwhile")
    expect(clash).to_be_focused()
    expect(clash.get_by_role("blockquote")).to_have_text(
        ["Ask the board first.", "Ask the tutors first."]
    )
    expect(field(mine, "Steps")).to_have_value("Ask the board first.")
    expect(field(mine, "People who help")).to_have_value("Tutors")
    clash.get_by_label(pick).check()
    clash.get_by_role("button", name="Save").click()
    expect(mine.locator(".messages")).to_contain_text("Saved WD-1")

    target.refresh_from_db()
    kept = {"Yours": "Ask the board first.", "Saved at": "Ask the tutors first."}[pick]
    assert answer.value.status == 409
    assert (target.steps, target.helpers, target.young_people) == (kept, "Tutors", "Young carers")


def test_one_person_in_two_tabs_meets_themselves(open_as, target):
    address = f"{target.get_absolute_url()}edit/"
    first = open_as("lead", address)
    second = first.context.new_page()
    second.goto(address)
    field(first, "Steps").fill("From the first tab.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator(".messages")).to_contain_text("Saved WD-1")

    field(second, "Steps").fill("From the second tab.")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".clash")).to_contain_text("From the first tab.")
    expect(second.locator(".clash")).to_contain_text("From the second tab.")
    second.get_by_role("link", name="Use what is saved").click()

    expect(field(second, "Steps")).to_have_value("From the first tab.")


def test_a_note_on_a_plan_that_closes_meanwhile_is_kept_on_its_page(open_as, target, person):
    page = open_as("group_member", f"{target.get_absolute_url()}note/")
    field(page, "What happened").fill("Ten more tutors came to the last forum.")
    page.get_by_label("On course").check()
    plans.close(plan=target.plan, said="", by=person("lead"))

    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Save the note").click()

    expect(page.locator(".note.bad")).to_be_focused()
    expect(page.locator(".note.bad")).to_contain_text("Nothing is saved.")
    expect(field(page, "What happened")).to_have_value("Ten more tutors came to the last forum.")
    expect(page.get_by_label("On course")).to_be_checked()
    assert answer.value.status == 409
    assert not ProgressNote.objects.exists()

    plans.reopen(plan=target.plan, by=person("lead"))
    page.get_by_role("button", name="Save the note").click()

    expect(page.locator(".messages")).to_contain_text("Your note is saved.")
    assert ProgressNote.objects.get().text == "Ten more tutors came to the last forum."


def test_a_target_removed_while_it_is_written_comes_back_as_a_new_one(open_as, avon, person):
    plan = factories.plan(avon, person("lead"))
    gone = factories.target(plan, person("lead"))
    page = open_as("lead", f"{gone.get_absolute_url()}edit/")
    field(page, "What will change").fill("Paid groups meet each half term")
    targets.remove(target=gone, by=person("lead"))

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".note.bad")).to_contain_text("What you wrote is below")
    page.get_by_role("button", name=re.compile("^Save")).first.click()

    expect(page.locator(".messages")).to_contain_text("Saved WD-1")
    assert [one.title for one in plan.targets.all()] == ["Paid groups meet each half term"]
