"""From the results to the report in the hand."""

from __future__ import annotations

from playwright.sync_api import expect

from tests import factories


def test_lead_takes_the_report_away(open_as, response, audit, worker):
    factories.rate(response, "A1.1", 3)
    factories.agree_alone(response)
    page = open_as("lead", f"/self-assessments/{audit.pk}/results/")

    page.get_by_role("link", name="Report (PDF)").click()
    page.get_by_label("Include comments and evidence").check()
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Making your report")
    worker()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report is ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the report (PDF)").click()

    assert page.title() == "Your report is ready – Changing Tracks"
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")


def test_without_scripts_a_link_looks_again(open_as, response, audit, worker):
    factories.agree_alone(response)
    page = open_as("lead", f"/self-assessments/{audit.pk}/report/", java_script_enabled=False)

    page.get_by_role("button", name="Make the report").click()
    worker()
    page.get_by_role("link", name="Look again").click()

    expect(page.get_by_role("link", name="Download the report (PDF)")).to_be_visible()
