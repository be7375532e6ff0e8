"""From the last rating to the talk, and through it: without scripts, by keyboard, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from selfassessment.talk import talking
from tests import factories

FEW = [("A1.1", (0, 0, 1, 4, 4)), ("A1.2", (2, 2, 3, 2, 2)), ("B1.1", (3, 3, 3, 3, 3))]


@pytest.fixture
def handed_in(audit, person):
    """Five tutors and three managers are in; the lead is not."""
    audit.privacy = "named"
    audit.save()
    for group, people in (("tutor", 5), ("manager", 3)):
        factories.heard(
            audit, group, *[{code: levels[n] for code, levels in FEW} for n in range(people)]
        )
    return audit


def test_lead_opens_the_talk_and_finds_where_views_differ(open_as, handed_in):
    page = open_as("lead", f"/self-assessments/{handed_in.pk}/talk/", java_script_enabled=False)

    page.get_by_role("link", name="Open the talk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open the talk?")
    page.get_by_role("button", name="Open the talk").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Talk first")
    first = page.get_by_role("article").first
    expect(first).to_contain_text("Four levels apart")
    expect(first.get_by_role("img", name="Tutors: 2 gave 0, 1 gave 1, 2 gave 4")).to_be_visible()
    first.get_by_text("Show A1.1 as a table").click()
    cells = first.get_by_role("row", name="Tutors").get_by_role("cell")
    expect(cells).to_have_text([*"21002005"])


def test_member_narrows_the_list_by_keyboard(open_as, handed_in, person):
    talking.open_talk(audit=handed_in, by=person("lead"))
    factories.agree(handed_in, person("lead"), shown=False, A1_1=2)
    page = open_as("group_member", f"/self-assessments/{handed_in.pk}/talk/")

    page.get_by_text("Show only some statements").press("Enter")
    page.get_by_label("Not agreed yet").press("Space")
    page.get_by_label("Area").select_option("A Embedding inclusion")
    page.get_by_role("button", name="Show these").press("Enter")

    expect(page.get_by_label("Not agreed yet")).to_be_checked()
    expect(page.get_by_role("article").first).to_contain_text("A1.2")
    expect(page.get_by_role("article")).to_have_count(4)
    page.get_by_role("link", name="Show all 7").click()
    expect(page.get_by_role("article")).to_have_count(7)


def test_a_hundred_people_fit_a_narrow_phone(open_as, audit, person):
    factories.heard(audit, "tutor", *[{"A1.1": 2}] * 60, *[{"A1.1": 3}] * 40)
    talking.open_talk(audit=audit, by=person("lead"))

    page = open_as(
        "lead",
        f"/self-assessments/{audit.pk}/talk/",
        viewport={"width": 320, "height": 640},
    )

    lane = page.get_by_role("img", name="Tutors: 60 gave 2, 40 gave 3")
    assert lane.locator(".dot").count() == 100
    ends = lane.locator(".dot").evaluate_all(
        """dots => dots.map(d => d.getBoundingClientRect()).map(r => [r.left, r.right])"""
    )
    middle = (max(right for _, right in ends[:60]), min(left for left, _ in ends[60:]))
    assert middle[0] <= middle[1]
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_on_paper_the_lanes_stay_and_the_controls_go(open_as, handed_in, person):
    talking.open_talk(audit=handed_in, by=person("lead"))
    page = open_as("lead", f"/self-assessments/{handed_in.pk}/talk/")

    page.emulate_media(media="print")

    expect(page.get_by_role("img", name="Tutors").first).to_be_visible()
    expect(page.get_by_role("link", name="Agree a rating").first).to_be_hidden()
    expect(page.get_by_text("Show only some statements")).to_be_hidden()
    expect(page.locator(".as-table").first).to_be_hidden()
