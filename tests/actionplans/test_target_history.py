"""Who changed what of a target, when: for its leads, from what the triggers wrote."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from actionplans.following import notes, target_history
from actionplans.models import Milestone, ProgressNote, Rag, Target
from tests import factories


def lines(target) -> list[tuple[str, str, dict[str, str]]]:
    """Who, what, and each changed field with what came and what [went]."""
    return [
        (
            one.who,
            one.what,
            {
                change.label: "".join(
                    f"[{piece.text}]" if piece.mark == "del" else piece.text
                    for piece in change.words
                )
                for change in one.changes
            },
        )
        for one in target_history.read(target)
    ]


@pytest.mark.django_db(transaction=True)
def test_every_change_says_who_did_what(person, target):
    lead, member = person("lead"), person("group_member")
    written = lines(target)
    rows = Target.objects.filter(pk=target.pk)
    rows.update(measure="90 tutors take part, of 100", changed_by=lead, version=2)
    rows.update(heard=["diverse"], owner=member, changed_by=member, version=3)
    rows.update(approved_wording={"title": "x"})
    rows.update(changed_by=lead, version=4)
    rows.update(status="dropped", ended_on=dt.date(2026, 9, 1), ended_reason="No.", changed_by=lead)

    since = lines(target)[: -len(written)]

    assert since == [
        (
            str(lead),
            "changed the target",
            {"Status": "[Open] Dropped", "Done or dropped on": "1 September 2026"}
            | {"Why it ended": "No."},
        ),
        (str(lead), "changed the milestones, statements or topics of the target", {}),
        (
            str(member),
            "changed the target",
            {"HEARD principles": "Diverse", "Owner": "[The inclusion lead] The group member"},
        ),
        (
            str(lead),
            "changed the target",
            {"How we will know": "[80]90 tutors take part, of 100"},
        ),
    ]
    assert written[-1][:2] == (str(person("inclusion_lead")), "wrote the target")
    assert written[-1][2]["What will change"] == target.title
    assert written[-1][2]["Plan area"] == "Workforce development"


@pytest.mark.django_db(transaction=True)
def test_notes_steps_and_files_are_in_it(person, target):
    lead, member = person("lead"), person("group_member")
    before = len(lines(target))
    note = ProgressNote(text="They met.", noted_on=dt.date(2026, 9, 1), rag=Rag.ON_COURSE)
    notes.add(note=note, target=target, by=member)
    note.text = "They met twice."
    notes.change(note=note, version=1, by=lead)
    step = factories.step(target)
    notes.tick(milestone=step, done=True, by=member)
    notes.tick(milestone=step, done=False, by=lead)
    Milestone.objects.filter(pk=step.pk).update(text="Terms signed")
    Milestone.objects.filter(pk=step.pk).update(order=3)
    factories.evidence(note, member)

    since = lines(target)[:-before]

    assert since == [
        (str(member), "added the file “Who came.txt”", {}),
        ("", "changed the milestone “Terms signed”", {"What it says": "Terms[ agreed] signed"}),
        (str(lead), "said that the milestone “Terms agreed” is not done", {}),
        (str(member), "said that the milestone “Terms agreed” is done", {}),
        ("", "added the milestone “Terms agreed”", {}),
        (
            str(lead),
            "changed the note of 1 September 2026",
            {"What it says": "They met twice."},
        ),
        (
            str(member),
            "wrote a note",
            {"Date": "1 September 2026", "What it says": "They met.", "How it goes": "On course"},
        ),
    ]


def test_what_changed_for_young_people_is_called_so(person, target):
    factories.note(target, person("lead"), "They met.", young_people="Two of them now lead.")

    [changed] = [said for _, what, said in lines(target) if what == "wrote a note"]

    assert changed["What changed for young people"] == "Two of them now lead."


@pytest.mark.django_db(transaction=True)
def test_what_nobody_is_known_to_have_done_is_a_sentence_too(sign_in, person, target):
    step = factories.step(target)
    step.text = "Terms signed"
    step.save()

    page = sign_in("lead").get(reverse("target_history", args=[target.pk])).text

    assert "<p>Changed the milestone “Terms signed”</p>" in page


def test_a_step_saved_with_its_target_was_changed_by_whoever_saved_that(person, target):
    factories.step(target)  # in the transaction of the test, as the target was

    what = {what: who for who, what, _ in lines(target)}

    assert what["added the milestone “Terms agreed”"] == str(person("inclusion_lead"))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lead", 200),
        ("inclusion_lead", 200),
        ("group_member", 403),
        ("board_viewer", 403),
        ("team", 404),
    ],
)
def test_the_history_is_for_leads(sign_in, target, who, status):
    answer = sign_in(who).get(reverse("target_history", args=[target.pk]))

    assert answer.status_code == status


def test_the_page_shows_what_came_and_what_went(sign_in, person, target):
    Target.objects.filter(pk=target.pk).update(role="Head of service", changed_by=person("lead"))

    html = sign_in("lead").get(reverse("target_history", args=[target.pk])).text

    assert "<del>Inclusion lead</del>" in html
    assert "<ins>Head of service</ins>" in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_asks_as_much_for_one_note_as_for_three(
    sign_in, person, target, count, django_assert_num_queries
):
    for number in range(count):
        note = factories.note(target, person("lead"), f"Note {number}")
        factories.evidence(note, person("lead"))
        factories.step(target, done_on=timezone.localdate())
    browser, address = sign_in("lead"), reverse("target_history", args=[target.pk])
    browser.get(address)

    with django_assert_num_queries(8):
        browser.get(address)


def test_a_long_history_goes_on_over_pages(sign_in, person, target):
    for number in range(target_history.PAGE + 1):
        factories.note(target, person("lead"), f"Note {number}")
    browser, address = sign_in("lead"), reverse("target_history", args=[target.pk])

    first, second = browser.get(address), browser.get(f"{address}?page=2")

    assert "Page 1 of 2" in first.text
    assert [len(one.context["page"]) for one in (first, second)] == [target_history.PAGE, 2]
