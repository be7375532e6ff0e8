"""From what a self-assessment found to a plan that a board approved, kept going and reported on."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from actionplans.models import ActionPlan, ExampleTarget, ProgressNote, Target
from selfassessment.models import PlanArea

PHONE = {"viewport": {"width": 320, "height": 640}}
FORUM = "A paid forum of tutors meets"
NAME = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"


@pytest.fixture
def example(db) -> ExampleTarget:
    return ExampleTarget.objects.create(
        questionnaire="Test set",
        codes=["A1.1"],
        area=PlanArea.WORKFORCE,
        title=FORUM,
        measure="60 of 80 tutors come each term",
        role="Head of people",
    )


def day(after_today: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=after_today)).isoformat()


def press(page: Page, button: str, said: str) -> None:
    """A button, and what the page then says was done."""
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.locator(".messages")).to_contain_text(said)


def follow(page: Page, link: str, heading: str) -> None:
    page.get_by_role("link", name=link, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def write(page: Page, address: str, text: str, file: Path | None = None, **labels: str) -> None:
    """A progress note, from the page of its target."""
    page.goto(address)
    follow(page, "Write a note", "What happened?")
    page.get_by_label("What happened").fill(text)
    for label, value in labels.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    if file:
        page.get_by_label("Files").set_input_files(file)
    press(page, "Save the note", "Your note is saved.")


def decide(page: Page, decision: str, said: str) -> None:
    page.get_by_label(decision).check()
    page.get_by_label("What was said").fill(said)
    page.get_by_role("button", name=re.compile("^Save(, and go|$)")).first.click()
    expect(page.locator(".messages")).to_contain_text("is saved.")


def text_of(pdf: Path) -> str:
    read = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def test_a_service_goes_from_a_finding_to_the_end_of_its_plan(
    open_as, agreed, example, worker, person, tmp_path
):
    for name in ("inclusion_lead", "group_member", "board_viewer"):
        person(name)
    lead = open_as("lead", f"/self-assessments/{agreed.pk}/priorities/")

    # Two clicks from a priority to a saved target, with an example chosen on the way.
    follow(lead, "Make it a target : A1.1", "Make it a target")
    lead.get_by_label(FORUM).check()
    press(lead, "Save the target", f"Saved WD-1, “{FORUM}”.")
    plan, first = ActionPlan.objects.get(), Target.objects.get()
    assert (plan.state, plan.audit, first.title) == ("draft", agreed, FORUM)
    board = open_as("board_viewer", f"/plans/of/{plan.service.slug}/")
    expect(board.get_by_role("heading", name="No approved plan yet")).to_be_visible()

    # Milestones, a number to count and a date; advice comes while they are written.
    follow(lead, "Change the target", "Change WD-1")
    measure, advice = lead.locator("#id_measure"), lead.locator("#id_measure_advice")
    measure.fill("Tutors come")
    measure.blur()
    expect(advice).to_contain_text("Advice:")
    measure.fill("60 of 80 tutors come each term")
    measure.blur()
    expect(advice).to_be_empty()
    lead.get_by_text("Numbers to draw a track from").click()
    for label, value in [("Number now", "20"), ("Number we aim for", "60"), ("counted", "tutors")]:
        lead.get_by_label(label).fill(value)
    lead.get_by_label(re.compile("^Due")).fill(plan.ends_on.replace(month=5).isoformat())
    for number, step in enumerate(["Terms agreed", "First forum held"]):
        lead.get_by_label("Milestone", exact=True).nth(number).fill(step)
    press(lead, "Save", "Saved WD-1")

    # A second by hand.
    lead.goto(plan.get_absolute_url())
    follow(lead, "Add a target", "New target")
    lead.get_by_label("Plan area").select_option("Leadership and strategy")
    lead.get_by_role("textbox", name="What will change").fill("The board has an inclusion champion")
    press(lead, "Save the target", "Saved LS-1")
    second = Target.objects.get(area=PlanArea.LEADERSHIP)

    # To the group: a member writes in it. Then the board, and on.
    lead.goto(plan.get_absolute_url())
    follow(lead, "Take it to the ED&I group", "Take the plan to the ED&I group?")
    press(lead, "Take it to the group", "The plan is with the ED&I group.")
    member = open_as("group_member", second.get_absolute_url())
    follow(member, "Change the target", "Change LS-1")
    member.get_by_label("Accountable role").fill("Chair of the board")
    press(member, "Save", "Saved LS-1")
    lead.goto(plan.get_absolute_url())
    follow(lead, "Record the approval", "Record the approval")
    lead.get_by_label("Who approved it").fill("Board of trustees")
    lead.get_by_label("On which day").fill(day(0))
    press(lead, "Record the approval", "The approval is recorded.")
    follow(lead, "Begin the plan", "Begin the plan?")
    press(lead, "Begin the plan", "The plan is under way.")

    # Notes: with a number, with a file, with neither; and a milestone is done.
    keeper = open_as("inclusion_lead")
    came = tmp_path / "Who came.txt"
    came.write_text("Thirty-one tutors, of whom nine were new.")
    keep = first.get_absolute_url()
    write(keeper, keep, "The first forum was full.", The_number_now="31")
    write(keeper, keep, "The register is in.", came, The_number_now="35")
    press(keeper, "Done today : First forum held", "“First forum held” is done.")
    write(keeper, second.get_absolute_url(), "Nobody has come forward.")
    assert ProgressNote.objects.count() == 3
    keeper.goto(keep)
    with keeper.expect_download() as taken:
        keeper.get_by_role("link", name="Who came.txt", exact=True).click()
    assert taken.value.path().read_text().startswith("Thirty-one tutors")

    # The review closes one and drops one.
    lead.goto(plan.get_absolute_url())
    follow(lead, "Plan a review", "Plan a review")
    lead.get_by_label("Date").fill(day(0))
    press(lead, "Plan the review", "is planned.")
    lead.locator("main h3 a").click()
    lead.get_by_role("link", name="Start with WD-1").click()
    decide(lead, "Close it: done", "The forum meets without us now.")
    decide(lead, "Drop it", "The board would rather share the task.")
    follow(lead, "Finish the review", "Finish the review?")
    press(lead, "Finish the review", "Done: WD-1. Dropped: LS-1.")

    # The board reads the paper, and the plan, and nothing that is a draft.
    lead.goto(f"{plan.get_absolute_url()}papers/")
    lead.get_by_role("button", name="PDF : Board paper").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text("Board paper: being made")
    worker()
    expect(lead.get_by_role("heading", level=1)).to_have_text("Board paper: ready")
    board.reload()
    board.get_by_role("link", name=plan.period, exact=True).click()
    expect(board.locator("main")).to_contain_text(FORUM)
    follow(board, "Papers", "Papers")
    board.locator("main h3 a").click()
    with board.expect_download() as taken:
        board.get_by_role("link", name="Download (PDF)").click()
    paper = text_of(taken.value.path())
    for said in ("Approved by Board of trustees", FORUM, "Now 35. Aim 60 tutors.", "1 Dropped"):
        assert said in paper

    # The public reads what the lead saw, for as long as the lead says.
    visitor = open_as("visitor")
    public = f"/plans/public/{plan.service.slug}/{plan.pk}/"
    assert visitor.goto(public).status == 404
    lead.goto(plan.get_absolute_url())
    follow(lead, "Public summary", "Public summary")
    lead.get_by_label(FORUM).check()
    lead.get_by_role("button", name="Show what the public will see").click()
    expect(lead.locator(".preview")).to_contain_text(FORUM)
    press(lead, "Publish this", "The public can read this now.")
    assert visitor.goto(public).status == 200
    expect(visitor.locator("main")).to_contain_text(FORUM)
    lead.goto(f"{plan.get_absolute_url()}unpublish/")
    press(lead, "Take it off", "The public cannot read it any more.")
    assert visitor.goto(public).status == 404


def test_without_scripts_a_target_is_written_and_has_a_note(open_as, plan):
    page = open_as("lead", plan.get_absolute_url(), java_script_enabled=False)

    follow(page, "Add a target", "New target")
    page.get_by_label("Plan area").select_option("Leadership and strategy")
    page.get_by_role("textbox", name="What will change").fill("Review the policy")
    page.get_by_role("button", name="See advice first").click()
    expect(page.locator("#id_title_advice")).to_contain_text("Advice:")
    page.get_by_role("button", name="More rows").click()
    page.get_by_label("Milestone", exact=True).nth(5).fill("Read by all")
    press(page, "Save the target", "Saved LS-1, “Review the policy”.")
    target = Target.objects.get()
    write(page, target.get_absolute_url(), "It is read by half of us.", How_far="50")

    assert [step.text for step in target.milestones.all()] == ["Read by all"]
    assert [(note.text, note.percent) for note in target.notes.all()] == [
        ("It is read by half of us.", 50)
    ]


def test_a_note_is_written_on_a_phone_by_keyboard_alone(open_as, target):
    page = open_as("lead", target.get_absolute_url(), **PHONE)

    def reach(name: str) -> None:
        """Tab on until the focus is on what is called so."""
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(NAME) == name:
                return
        raise AssertionError(f"No Tab leads to “{name}”")

    reach("Write a note")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What happened?")
    reach("What happened")
    page.keyboard.type("Six more tutors came.")
    reach("Not said")
    page.keyboard.press("ArrowDown")
    reach("Save the note")
    page.keyboard.press("Enter")

    expect(page.locator(".messages")).to_contain_text("Your note is saved.")
    assert [(note.text, note.rag) for note in target.notes.all()] == [
        ("Six more tutors came.", "green")
    ]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
