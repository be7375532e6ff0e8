"""The main job on real input: sixty statements rated in a browser, scored, taken away as PDF."""

from __future__ import annotations

import io
from importlib import import_module

import pikepdf
import pytest
from django.apps import apps
from playwright.sync_api import Page, expect

from portal import pdf
from portal.models import Topic
from selfassessment.models import Questionnaire, Response
from selfassessment.questionnaires import editions


@pytest.fixture
def sixty_statements(person) -> Questionnaire:
    """The questionnaire that ships, published. A browser test's database has been emptied."""
    if not Topic.objects.exists():
        import_module("portal.migrations.0002_topics_and_cache").load_topics(apps, None)
    edition = editions.load_shipped(by=person("team"))
    editions.publish(questionnaire=edition, by=person("team"))
    return edition


def rate_section(page: Page, levels: list[str]) -> None:
    """Rate every statement of the page by keyboard alone: a number each."""
    page.wait_for_load_state()
    statements = page.locator("fieldset.statement")
    for at, level in enumerate(levels):
        one = statements.nth(at)
        one.locator("input[type=radio]").first.focus()
        page.keyboard.press(level)
        expect(one.locator(".state")).to_contain_text("Saved at")
    expect(statements).to_have_count(len(levels))


def test_a_lead_rates_sixty_statements_and_takes_the_report_away(
    open_as, avon, sixty_statements, worker
):
    page = open_as("lead", f"/self-assessments/of/{avon.slug}/", accept_downloads=True)
    page.get_by_role("link", name="Start a self-assessment").click()
    page.get_by_label("Finish by").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_role("button", name="Start").click()
    page.get_by_role("link", name="Begin with A1.1").click()

    # Levels 0, 1, 2, 3, 4, 0, 1 … and the last statement “don't know”: 59 levels, sum 116.
    left = iter([*(str(n % 5) for n in range(59)), "d"])
    for section in sixty_statements.sections.all():
        expect(page.get_by_role("heading", level=1)).to_contain_text(section.name)
        rate_section(page, [next(left) for _ in section.statements.all()])
        page.get_by_role("main").get_by_role("button", name="Save and").first.click()
    page.get_by_role("button", name="Hand in my ratings").click()
    page.get_by_role("link", name="Look them over").click()
    page.get_by_role("button", name="Take them as agreed").click()

    # (116 - 59 * 0) / (59 * 4) = 49.15 %
    expect(page.get_by_role("heading", level=1)).to_contain_text("49% of the way")
    assert Response.objects.get().ratings.count() == 60
    page.get_by_role("link", name="Report (PDF)").click()
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("ready")
    worker()
    download = page.get_by_role("link", name="Download the report (PDF)")
    expect(download).to_be_visible(timeout=10_000)
    with page.expect_download() as taken:
        download.click()
    file = taken.value.path().read_bytes()
    assert taken.value.suggested_filename.endswith(".pdf")
    assert pdf.faults(file) == []
    with pikepdf.open(io.BytesIO(file)) as document:
        assert str(document.Root.Lang) == "en-GB"
