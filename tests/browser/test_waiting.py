"""Pages that wait for the worker ask each second, and stay as they are until there is news."""

from __future__ import annotations

from playwright.sync_api import expect

from tests import factories


def asked_twice(page) -> None:
    """Until the page has asked twice whether there is news, and heard that there is none."""
    for _ in range(2):
        with page.expect_response(lambda answer: answer.status == 204):
            pass


def test_a_handout_in_the_making_stays_on_the_page(open_as, audit, person, worker):
    audit.privacy = "named"
    audit.save()
    factories.heard(audit, "tutor", *[{"A1.1": 3}] * 3)
    factories.open_talk(audit, person("lead"))
    page = open_as("lead", f"/self-assessments/{audit.pk}/handout/")
    heading = page.get_by_role("heading", level=1)

    page.get_by_role("button", name="Make the handout").click()
    asked_twice(page)
    expect(heading).to_have_text("Making your handout")
    worker()

    expect(heading).to_have_text("Your handout is ready")


def test_workbooks_being_read_stay_on_the_page(open_as, audit, person):
    upload = factories.upload(audit, person("lead"), state="waiting", content=b"x", found={})
    page = open_as("lead", f"/self-assessments/{audit.pk}/uploads/")

    asked_twice(page)
    expect(page.get_by_text("0 of 1 read")).to_be_visible()
    upload.state, upload.trouble, upload.content = "refused", "This is no workbook.", None
    upload.save()

    expect(page.get_by_text("This is no workbook.")).to_be_visible()
