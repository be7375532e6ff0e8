"""Filled in without the portal, brought in, looked at, and gone on with in the browser."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from selfassessment.models import Respondent, Source
from tests import factories
from tests.browser.accessible import NARROW
from tests.selfassessment import sheets


@pytest.fixture
def named(audit):
    audit.privacy = "named"
    audit.save()
    return audit


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return download.value.path().read_bytes()


def as_file(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_lead_brings_in_what_others_filled_in(open_as, named, worker):
    page = open_as("lead", f"/self-assessments/{named.pk}/uploads/")
    blank = downloaded(page, "Download the workbook")
    good = sheets.filled(blank, A1_1={"rating": "3 In place"}, A1_2={"rating": "Don’t know"})
    half = sheets.filled(blank, B1_1={"rating": 1}, B1_2={"rating": "=1+1"})

    page.get_by_role("link", name="Bring in workbooks of others").click()
    page.get_by_label("Filled-in workbooks").set_input_files(
        [as_file("Jo.xlsx", good), as_file("Sam.xlsx", half), as_file("notes.xlsx", b"notes")]
    )
    page.get_by_label("Who filled them in").select_option(label="Tutors")
    page.get_by_role("button", name="Read them").click()
    expect(page.get_by_text("0 of 3 read")).to_be_visible()
    worker()
    expect(page.get_by_role("heading", name="Ready to take in")).to_be_visible()
    expect(page.get_by_text("This is not an .xlsx workbook.")).to_be_visible()
    page.get_by_label("Role group of Jo.xlsx").select_option(label="Admin and finance")
    page.get_by_role("button", name="Take in 1 file").click()
    expect(page.get_by_text("1 file taken in and handed in.")).to_be_visible()

    page.get_by_role("link", name="Look first at Sam.xlsx").click()
    expect(page.get_by_role("cell", name="A value typed in, not a formula.")).to_be_visible()
    page.get_by_label("Keep them open, and send a personal link to go on with").check()
    page.get_by_role("button", name="Take it in").click()
    link = page.locator(".secret").inner_text()

    people = Respondent.objects.filter(source=Source.WORKBOOK).order_by("pk")
    assert [(who.name, who.role_group, who.handed_in) for who in people] == [
        ("Jo", "office", True),
        ("Sam", "tutor", False),
    ]
    visitor = open_as("visitor", link)
    expect(visitor.get_by_text("1 of 7")).to_be_visible()


@pytest.mark.parametrize(
    "view", [{}, {**NARROW, "java_script_enabled": False}], ids=["wide", "a phone without scripts"]
)
def test_one_fills_in_ones_own_and_carries_on(open_as, response, audit, worker, view):
    factories.rate(response, "A1.1", 3)
    factories.rate(response, "A1.2", 1)
    page = open_as("lead", f"/self-assessments/{audit.pk}/uploads/mine/", **view)
    mine = downloaded(page, "Download the workbook with your ratings so far")
    data = sheets.filled(mine, A1_1={"rating": 4}, A1_2={"comment": "On the train."})
    response.ratings.filter(statement__code="A1.1").update(value=0, version=2)

    page.get_by_label("Your filled-in workbook").set_input_files(as_file("mine.xlsx", data))
    page.get_by_role("button", name="Read it").click()
    worker()
    if not view:
        expect(page.get_by_role("heading", name="Changed in both")).to_be_visible()
    else:
        page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Take in what is chosen").click()
    expect(page.get_by_text("Choose which counts for A1.1")).to_be_visible()
    page.get_by_role("group", name="A1.1").get_by_label("Take what the file says").check()
    page.get_by_role("button", name="Take in what is chosen").click()

    expect(page.get_by_text("Taken in: 2 statements changed. Carry on here.")).to_be_visible()
    assert list(response.ratings.order_by("statement__code").values_list("value", "comment")) == [
        (4, ""),
        (1, "On the train."),
    ]
    assert load_workbook(BytesIO(mine)).sheetnames[0] == "Ratings"
