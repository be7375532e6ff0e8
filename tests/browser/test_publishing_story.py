"""From a draft in the library to an annual review that everybody may read."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.access import ProgrammeRole
from portal.models import Region
from resources.models import AnnualReview, Resource
from tests import factories

PHONE = {"viewport": {"width": 320, "height": 640}}
SENTENCE = "Six services paid for time to think, and said what came of it. "
PARAGRAPHS = "\n\n".join(f"## Part {number}\n\n{SENTENCE * 12}" for number in range(1, 7))
POINTS = "\n".join(f"- {SENTENCE}" for _ in range(4))
NAME = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"


def press(page: Page, button: str, said: str) -> None:
    """A button, and what the page then says was done."""
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.locator(".messages")).to_contain_text(said)


def follow(page: Page, link: str, heading: str) -> None:
    page.get_by_role("link", name=link, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def write_in(page: Page, box: str, text: str) -> None:
    page.get_by_role("textbox", name=box).fill(text)


def text_of(pdf: Path) -> str:
    read = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


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


@pytest.fixture
def year(person, avon) -> None:
    """What a review of the year before tells of: services that joined, and one with an NWG seat."""
    for number, region in enumerate(Region.values):
        factories.service(f"Service {number}", region=region, first_year=2018 + number % 8)
    factories.seat(avon, person("lead"), by=person("team"))


def write_bulk(review: AnnualReview, by) -> None:
    """The words of a year, which nobody types in a test: about 20 pages of them."""
    for number, name in enumerate(["Workforce", "Young people", "Places", "Leading"], start=1):
        lists = dict.fromkeys(("benefits", "challenges", "addressed", "forward"), POINTS)
        chapter = factories.chapter(
            review, by, name, lead=SENTENCE * 2, body=PARAGRAPHS, **lists, order=10 + number
        )
        factories.quotation(chapter, by, f"{name} is where I was heard.", role="Tutor")
        factories.picture(chapter, by, size=(900, 600))
    review.chapters.filter(body="").update(lead=SENTENCE, body=PARAGRAPHS)


def taken(page: Page, link: str | re.Pattern[str]) -> Path:
    with page.expect_download() as file:
        page.get_by_role("link", name=link).first.click()
    return file.value.path()


def pages_of(pdf: Path) -> int:
    with pikepdf.open(pdf) as file:
        return len(file.pages)


def test_an_annual_review_goes_from_its_authors_to_members_to_everybody(
    open_as, second, person, year, worker, time_machine
):
    # Begun: the usual chapters are laid out, and one more is written, with what somebody said.
    writer = open_as("team", "/reviews/desk/")
    writer.get_by_role("link", name="Add a review").first.click()
    write_in(writer, "Title", "What we heard")
    write_in(writer, "In a sentence", "A year of listening.")
    writer.get_by_label("NWG members").check()
    press(writer, "Start writing", "“What we heard” is on the desk.")
    review = AnnualReview.objects.get()
    follow(writer, "Add a chapter", "Add a chapter")
    writer.get_by_role("link", name="Theme", exact=True).click()
    write_in(writer, "Title", "Pay for time")
    write_in(writer, "Text", "Tutors came **once they were paid**.")
    write_in(writer, "Benefits", "- People stay")
    write_in(writer, "A remark for the other authors", "Is this said well?")
    press(writer, "Save", "“Pay for time” is in the review.")
    for words, agreed in [("I was paid to think.", True), ("Do not print me.", False)]:
        follow(writer, "Add a quotation", "Add a quotation")
        write_in(writer, "What was said", words)
        write_in(writer, "Role", "Tutor")
        if agreed:
            writer.get_by_label("Yes, it is on record").check()
            write_in(writer, "Where and when consent was given", "By mail, 3 May")
        press(writer, "Add the quotation", "The quotation is added.")
    write_bulk(review, person("team"))

    # With the figures of the year, and one that the portal does not know.
    writer.goto(f"/reviews/desk/{review.pk}/")
    press(writer, "Take them again", "Nothing is different since last time.")
    expect(writer.get_by_role("heading", name="As readers see them")).to_be_visible()
    writer.get_by_role("link", name="Add a figure").click()
    write_in(writer, "What is counted", "Meetings of the NWG")
    write_in(writer, "Figure", "4")
    write_in(writer, "How it was counted", "Minutes of the year.")
    writer.locator("main form .btn-primary").click()
    expect(writer.locator(".messages")).to_contain_text("is in the review.")

    # The very PDF, before anybody has it.
    writer.goto(f"/reviews/desk/{review.pk}/")
    writer.get_by_role("button", name="Make a preview").click()
    worker()
    preview = taken(writer, "Download the PDF")
    writer.goto(f"/reviews/desk/{review.pk}/")
    writer.get_by_role("link", name="Hand it to a second pair of eyes").click()
    press(writer, "Hand it over", "waits for a second pair of eyes")
    expect(writer.get_by_role("link", name="Publish", exact=True)).to_have_count(0)

    # Somebody else publishes it to members, without scripts.
    reader = open_as("visitor", java_script_enabled=False)
    second(reader)
    reader.goto("/reviews/desk/")
    reader.get_by_role("link", name="What we heard").click()
    expect(reader.locator("main")).to_contain_text("Is this said well?")
    follow(reader, "Publish", "Publish it")
    expect(reader.get_by_label("NWG members")).to_be_checked()
    press(reader, "Publish", "What we heard")
    worker()

    # An NWG member finds it on their home and takes it away: the file that was looked at.
    member = open_as("lead")
    member.get_by_role("link", name="What we heard").first.click()
    expect(member.get_by_role("heading", level=1)).to_have_text("What we heard")
    expect(member.locator("main")).to_contain_text("I was paid to think.")
    expect(member.locator("main")).not_to_contain_text("Do not print me.")
    pdf = taken(member, "Download the PDF")
    assert pdf.read_bytes() == preview.read_bytes()
    assert pages_of(pdf) >= 20
    said = text_of(pdf)
    for words in ("A year of listening.", "I was paid to think.", "Meetings of the NWG"):
        assert words in said
    assert "Do not print me." not in said
    assert "Is this said well?" not in said

    # Nobody else does, until the day after.
    page, file = f"/reviews/{review.pk}/", f"/reviews/{review.pk}/pdf/"
    visitor = open_as("visitor")
    assert [visitor.request.get(one).status for one in (page, file)] == [404, 404]
    visitor.goto("/reviews/")
    expect(visitor.get_by_text("What we heard")).to_have_count(0)
    time_machine.move_to(timezone.now() + dt.timedelta(days=1))
    writer.goto(f"/reviews/desk/{review.pk}/")
    follow(writer, "Change who may read it", "Who may read it")
    writer.get_by_label("Everybody").check()
    press(writer, "Save", "It holds from now on")
    visitor = open_as("visitor", "/reviews/")  # the browser of before keeps the list for a minute
    visitor.get_by_role("link", name="Read it").click()
    assert visitor.url.endswith(page)
    assert taken(visitor, "Download the PDF").read_bytes() == pdf.read_bytes()


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
