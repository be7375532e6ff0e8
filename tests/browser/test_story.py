"""A whole year in a real browser: a team rates, talks, agrees, chooses; and the year after."""

from __future__ import annotations

import re

import openpyxl
import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from selfassessment.models import Audit, Rating

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
ALL = ["A1.1", "A1.2", "A1.3", "A2.1", "A2.2", "B1.1", "B1.2"]


def link_for(address: str) -> str:
    """The personal link in the mail to somebody, without the host."""
    (letter,) = (one for one in mail.outbox if one.to == [address])
    return re.search(r"/r/[^/\s]+/(?=\s|$)", letter.body).group()


def start_year(page: Page, avon, year: str) -> None:
    page.goto(f"/self-assessments/of/{avon.slug}/start/")
    page.get_by_label("Academic year").select_option(label=year)
    page.get_by_label("Finish by").fill(
        page.evaluate("new Date(Date.now() + 864e5).toISOString().slice(0, 10)")
    )
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(year)


def rate_all(page: Page, levels: str, tap: bool = False) -> None:
    """Rate statement by statement on the section pages, from the landing page to the last."""
    left = iter(levels)
    while page.locator("fieldset.statement").count():
        for at in range(page.locator("fieldset.statement").count()):
            one = page.locator("fieldset.statement").nth(at)
            value = next(left).replace("d", "dk")
            mark = one.locator(f"label[for$='-{value}']")
            mark.tap() if tap else mark.click()
        page.get_by_role("button", name=re.compile("^Save and (go to|check)")).click()
        page.wait_for_load_state()


def begin(page: Page) -> None:
    page.get_by_role("button", name="Begin").click()
    page.wait_for_load_state()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Hand in")).click()
    page.wait_for_load_state()


@pytest.fixture
def filled(open_as, tmp_path):
    """Download the blank workbook, fill in the ratings column, save it: the file's path."""

    def fill(page: Page, audit: Audit, levels: str) -> str:
        with page.expect_download() as taken:
            page.get_by_role("link", name="The questionnaire as a workbook to fill in").click()
        path = tmp_path / "Council view.xlsx"
        taken.value.save_as(path)
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        (top,) = (row for row in sheet.iter_rows() if any(cell.value == "Rating" for cell in row))
        headings = {cell.value: cell.column for cell in top}
        given = dict(zip(ALL, levels, strict=True))
        for row in sheet.iter_rows(min_row=top[0].row + 1):
            code = sheet.cell(row[0].row, headings["Code"]).value
            if code in given:
                sheet.cell(row[0].row, headings["Rating"]).value = int(given[code])
        book.save(path)
        return str(path)

    return fill


def test_a_team_goes_through_its_year_and_the_next(open_as, avon, questionnaire, worker, filled):
    lead = open_as("lead", accept_downloads=True)
    year, next_year = start_form_years(lead, avon)
    start_year(lead, avon, year)
    audit = Audit.objects.get()

    # Inviting: named, three by mail, a link for the office, a workbook from the council.
    lead.get_by_role("link", name="People who rate").click()
    lead.get_by_role("link", name="Choose now").click()
    lead.get_by_label(re.compile("^Named")).check()
    lead.get_by_role("button", name="Choose").click()
    lead.goto(f"/self-assessments/{audit.pk}/people/invite/")
    lead.get_by_label("Role group").select_option(label="Tutors")
    lead.get_by_label("E-mail addresses").fill(
        "phone@example.org, plain@example.org\nKim <kim@example.org>"
    )
    lead.get_by_role("button", name="Ask them").click()
    sure = lead.get_by_role("button", name=re.compile("^Ask these 3"))
    if sure.count():
        sure.click()
    lead.get_by_label("One link for a whole role group").select_option(label="Admin and finance")
    lead.get_by_role("button", name="Get the link").click()
    shared = re.search(r"/j/\S+/", lead.locator(".secret").inner_text()).group()
    worker()
    assert len(mail.outbox) == 3

    # Five respondents without an account.
    phone = open_as("visitor", link_for("phone@example.org"), **PHONE)
    begin(phone)
    rate_all(phone, "0122222", tap=True)
    hand_in(phone)
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    plain = open_as("visitor", link_for("plain@example.org"), java_script_enabled=False)
    begin(plain)
    rate_all(plain, "1122222")
    hand_in(plain)
    expect(plain.get_by_role("heading", name="Thank you")).to_be_visible()

    kim = open_as("visitor", link_for("kim@example.org"))
    begin(kim)
    first = kim.locator("fieldset.statement").first
    first.get_by_text("Add a comment or evidence").click()
    first.get_by_label("Comment").fill("I never heard of it.")
    rate_all(kim, "0d22222")
    hand_in(kim)

    office = open_as("visitor", shared)
    office.get_by_role("button", name="Begin my own").click()
    begin(office)
    rate_all(office, "4222211")
    hand_in(office)

    lead.goto(f"/self-assessments/{audit.pk}/")
    path = filled(lead, audit, "3322222")
    lead.goto(f"/self-assessments/{audit.pk}/uploads/add/")
    lead.get_by_label("Filled-in workbooks").set_input_files(path)
    lead.get_by_label("Who filled them in").select_option(label="Council officers")
    lead.get_by_role("button", name="Read them").click()
    worker()
    lead.goto(f"/self-assessments/{audit.pk}/uploads/")
    lead.get_by_role("link", name="Council view.xlsx").click()
    lead.get_by_role("button", name="Take it in").click()
    lead.wait_for_load_state()
    assert audit.responses.handed_in().count() == 5
    brought = Rating.objects.filter(response__audit=audit, via="import")
    assert brought.filter(answer="level").count() == 7

    # The lead rates as well, by keyboard, and opens the talk.
    lead.goto("/")
    lead.get_by_role("link", name="Begin with A1.1").click()
    rate_all(lead, "4222222")
    hand_in(lead)
    lead.goto(f"/self-assessments/{audit.pk}/talk/open/")
    lead.get_by_role("button", name="Open the talk").click()

    # Talk first: the widest spread on top, nothing of totals, no name of anybody.
    expect(lead.get_by_role("heading", level=1)).to_have_text("Talk first")
    expect(lead.locator("article, li.talk, .talk").first).to_contain_text("Four levels apart")
    expect(lead.locator(".talk").first).to_contain_text("I never heard of it.")
    said = lead.locator("main").inner_text()
    assert "%" not in said
    assert "Kim" not in said
    lead.goto(f"/self-assessments/{audit.pk}/results/")
    assert "%" not in lead.locator("main").inner_text()

    # Agree: the first in the meeting by keyboard, the close ones in one go.
    lead.goto(f"/self-assessments/{audit.pk}/meeting/A1.1/")
    lead.locator("body").press("1")
    expect(lead.locator(".state")).to_contain_text(re.compile("Agreed|Saved"))
    lead.get_by_label("Why, in short").fill("The office knows it, tutors do not.")
    lead.get_by_label("Why, in short").blur()
    expect(lead.locator(".state")).to_contain_text(re.compile("Agreed|Saved"))
    lead.locator("#leave").focus()
    lead.keyboard.press("ArrowRight")
    lead.wait_for_url(re.compile(r"/meeting/(?!A1\.1)"))
    lead.goto(f"/self-assessments/{audit.pk}/agree/bulk/")
    lead.get_by_role("button", name="Agree those ticked").click()
    lead.wait_for_load_state()
    agreed = {a.statement.code: a.value for a in audit.agreed_ratings.select_related("statement")}
    assert agreed["A1.1"] == 1
    assert len(agreed) >= 6

    # Choose three, park the rest, close.
    lead.goto(f"/self-assessments/{audit.pk}/priorities/")
    low = lead.get_by_role("group", name=re.compile(r"^A1\.1"))
    low.get_by_label(re.compile("priority", re.IGNORECASE)).check()
    lead.get_by_role("button", name="Save", exact=True).last.click()
    lead.get_by_role("button", name=re.compile("anyway$")).click()
    lead.wait_for_load_state()
    assert [str(p.statement.code) for p in audit.priorities.chosen()] == ["A1.1"]
    lead.goto(f"/self-assessments/{audit.pk}/close/")
    lead.get_by_role("button", name="Close the year").click()
    lead.goto(f"/self-assessments/{audit.pk}/results/")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("% of the way")

    # Next year: last year's agreed rating stands beside the blank, never as the answer.
    start_year(lead, avon, next_year)
    lead.goto("/")
    lead.get_by_role("link", name="Begin with A1.1").click()
    first = lead.locator("fieldset.statement").first
    expect(first.locator(".was")).to_contain_text("1")
    expect(first.locator("input:checked")).to_have_count(0)
    assert not Rating.objects.filter(response__audit__year=audit.year + 1).exists()


def start_form_years(page: Page, avon) -> tuple[str, str]:
    page.goto(f"/self-assessments/of/{avon.slug}/start/")
    years = page.get_by_label("Academic year").locator("option").all_inner_texts()
    return years[0], years[1]
