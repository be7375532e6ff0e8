"""Rating in a real browser: saved by itself, by keyboard, without scripts, and never lost."""

from __future__ import annotations

from playwright.sync_api import expect

from selfassessment.models import Rating
from tests import factories
from tests.browser.conftest import sessions_end


def ratings(response):
    return {r.statement.code: r.choice for r in response.ratings.select_related("statement")}


def section(audit, code="A1"):
    return f"/self-assessments/{audit.pk}/rate/{code}/"


def test_choosing_a_level_saves_it_and_says_so(open_as, audit, response):
    page = open_as("lead", section(audit))

    page.get_by_role("group", name="A1.1").get_by_label("3In place").check(force=True)

    expect(page.get_by_text("Saved at").first).to_be_visible()
    assert ratings(response) == {"A1.1": "3"}


def test_screens(open_as, audit, response):
    page = open_as("lead", section(audit))
    page.screenshot(path="/tmp/section.png", full_page=True)
    page.goto(f"/self-assessments/{audit.pk}/")
    page.screenshot(path="/tmp/tasks.png", full_page=True)
    page.goto(f"/self-assessments/{audit.pk}/check/")
    page.screenshot(path="/tmp/check.png", full_page=True)
