"""Progress notes and steps: who writes them, when, and what becomes of what was typed."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from actionplans import states
from actionplans.following import notes
from actionplans.models import Milestone, PlanState, ProgressNote, Rag
from portal.models import Activity, Verb
from tests import factories


def said(**fields: object) -> dict[str, object]:
    return {"noted_on": timezone.localdate().isoformat(), "text": "Two groups have met.", **fields}


def add(target) -> str:
    return reverse("note_add", args=[target.pk])


def edit(note) -> str:
    return reverse("note_edit", args=[note.pk])


def close(plan, by) -> None:
    plan.state, plan.closed_at, plan.closed_by = PlanState.CLOSED, timezone.now(), by
    plan.save()


def take_back(plan) -> None:
    """As before the approval."""
    plan.state, plan.approver, plan.approved_on = PlanState.WITH_GROUP, "", None
    plan.approved_at = plan.approved_by = plan.begun_at = plan.begun_by = None
    plan.save()


# Writing


@pytest.mark.parametrize("who", ["lead", "inclusion_lead", "group_member"])
def test_a_note_is_saved_with_all_that_was_said(sign_in, person, target, who):
    words = {
        "rag": Rag.AT_RISK,
        "value": "35.5",
        "young_people": "More of them stay.",
        "evidence": "Minutes",
        "evidence_url": "https://example.org/minutes",
    }

    answer = sign_in(who).post(add(target), said(**words))

    note = ProgressNote.objects.get()
    assert answer.url == target.get_absolute_url()
    assert {name: str(getattr(note, name)) for name in words} == {**words, "value": "35.50"}
    assert (note.text, note.noted_on, note.written_by, note.percent) == (
        *("Two groups have met.", timezone.localdate()),
        *(person(who), None),
    )
    assert Activity.objects.get().verb == Verb.NOTED


def test_a_board_viewer_writes_no_note_and_ticks_no_step(sign_in, target):
    browser, step = sign_in("board_viewer"), factories.step(target)
    tick = reverse("milestone_tick", args=[target.pk, step.pk])

    answers = [browser.post(add(target), said()), browser.post(tick, {"done": "1"})]

    step.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not ProgressNote.objects.exists()
    assert step.done_on is None


def test_it_asks_for_the_number_where_the_target_has_one_and_else_for_per_cent(
    sign_in, person, plan, target
):
    browser = sign_in("lead")
    vague = factories.target(plan, person("lead"))

    counted, estimated = (
        set(browser.get(add(one)).context["form"].fields) & {"value", "percent"}
        for one in (target, vague)
    )

    assert (counted, estimated) == ({"value"}, {"percent"})


def test_today_is_the_day_unless_another_is_said(sign_in, target):
    page = sign_in("lead").get(add(target))

    assert page.context["form"]["noted_on"].value() == timezone.localdate()


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"text": ""}, "text", "Say what happened."),
        ({"noted_on": "2999-01-01"}, "noted_on", "This day is still to come."),
        ({"noted_on": ""}, "noted_on", "Say on which day."),
        ({"value": "many"}, "value", "Enter a number."),
        ({"rag": "blue"}, "rag", "Select a valid choice."),
        ({"evidence_url": "ftp://example.org/a"}, "evidence_url", "it begins with https://"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url", "Write the whole address"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(sign_in, target, wrong, field, why):
    answer = sign_in("lead").post(add(target), said(young_people="They stay.", **wrong))

    assert answer.status_code == 422
    assert [why in one for one in answer.context["form"].errors[field]] == [True]
    assert set(answer.context["form"].errors) == {field}
    assert "They stay." in answer.text
    assert not ProgressNote.objects.exists()


def test_per_cent_go_from_0_to_100(sign_in, person, plan):
    vague = factories.target(plan, person("lead"))

    answer = sign_in("lead").post(add(vague), said(percent="101"))

    assert list(answer.context["form"].errors) == ["percent"]
    assert not ProgressNote.objects.exists()


def test_a_button_pressed_twice_writes_one_note(sign_in, target):
    browser = sign_in("lead")

    browser.post(add(target), said())
    browser.post(add(target), said())
    browser.post(add(target), said(text="And a third."))

    assert ProgressNote.objects.count() == 2
    assert Activity.objects.filter(verb=Verb.NOTED).count() == 2


# What the state of the plan says


def test_a_note_on_a_closed_plan_is_refused_with_its_text(sign_in, person, plan, target):
    browser = sign_in("lead")
    page = browser.get(add(target))
    close(plan, person("lead"))

    answer = browser.post(add(target), said())

    assert page.status_code == 200
    assert answer.status_code == 409
    assert "<title>Not saved: Write a note" in answer.text
    assert "This plan is closed: nobody can write notes on it now." in answer.text
    assert answer.context["form"]["text"].value() == "Two groups have met."
    assert not ProgressNote.objects.exists()


def test_a_note_on_a_plan_taken_back_is_refused_with_its_text(sign_in, plan, target):
    take_back(plan)

    answer = sign_in("lead").post(add(target), said())

    assert answer.status_code == 409
    assert "Two groups have met." in answer.text
    assert not ProgressNote.objects.exists()


def test_there_is_no_form_where_no_note_can_be_written(sign_in, person, plan, target):
    note = factories.note(target, person("lead"))
    close(plan, person("lead"))
    browser = sign_in("lead")

    answers = [browser.get(add(target)), browser.get(edit(note))]

    assert [answer.url for answer in answers] == [target.get_absolute_url()] * 2
    page = browser.get(target.get_absolute_url())
    assert "This plan is closed: no notes on it now." in page.text
    assert "Write a note" not in page.text


@pytest.mark.django_db(transaction=True)
def test_a_note_while_the_plan_is_closed_is_written_or_refused(at_once, person, plan, target):
    lead = person("lead")
    note = ProgressNote(text="Just in time.")

    added, _ = at_once(
        lambda: notes.add(note=note, target=target, by=lead), lambda: close(plan, lead)
    )

    refused = isinstance(added, states.PlanStateError)
    assert refused or added == note
    assert ProgressNote.objects.count() == (0 if refused else 1)


def test_a_note_on_a_target_removed_meanwhile_is_refused(person, target):
    note = ProgressNote(text="Too late.")
    stale = type(target).objects.get(pk=target.pk)
    target.delete()

    with pytest.raises(notes.GoneError, match="This target was removed meanwhile"):
        notes.add(note=note, target=stale, by=person("lead"))

    assert not ProgressNote.objects.exists()


# Changing


@pytest.mark.parametrize(
    ("author", "who", "status"),
    [
        ("group_member", "group_member", 302),
        ("group_member", "lead", 302),
        ("group_member", "inclusion_lead", 302),
        ("lead", "group_member", 403),
        ("lead", "board_viewer", 403),
        ("board_viewer", "board_viewer", 403),
        ("lead", "outsider", 404),
    ],
)
def test_a_note_is_changed_by_its_author_or_a_lead(sign_in, person, target, author, who, status):
    note = factories.note(target, person(author), "As it was.")

    answer = sign_in(who).post(edit(note), said(text="As it is.", version=note.version))

    note.refresh_from_db()
    changed = status == 302
    assert answer.status_code == status
    assert (note.text, note.version) == (("As it is.", 2) if changed else ("As it was.", 1))
    assert (note.written_by, note.changed_by) == (person(author), person(who) if changed else None)


def test_a_note_changed_meanwhile_shows_both_and_loses_neither(sign_in, person, target):
    note = factories.note(target, person("group_member"), "As it was.")
    browser = sign_in("group_member")
    notes.change(note=rewritten(note, "The lead’s words."), version=1, by=person("lead"))

    answer = browser.post(edit(note), said(text="My words.", version=1))
    note.refresh_from_db()
    before = note.text
    again = browser.post(
        edit(note), said(text="My words, after all.", version=answer.context["version"])
    )

    note.refresh_from_db()
    assert answer.status_code == 409
    assert "The lead’s words." in answer.text
    assert "My words." in answer.text
    assert before == "The lead’s words."
    assert (again.status_code, note.text, note.version) == (302, "My words, after all.", 3)


def rewritten(note: ProgressNote, text: str) -> ProgressNote:
    fresh = ProgressNote.objects.with_target().get(pk=note.pk)
    fresh.text = text
    return fresh


def test_the_same_words_from_a_stale_page_are_no_clash(sign_in, person, target):
    note = factories.note(target, person("lead"), noted_on=timezone.localdate())
    notes.change(note=rewritten(note, "New words."), version=1, by=person("inclusion_lead"))

    answer = sign_in("lead").post(edit(note), said(text="New words.", version=1))

    note.refresh_from_db()
    assert (answer.status_code, note.version) == (302, 2)


@pytest.mark.parametrize("version", ["", "x", "9" * 40])
def test_a_note_without_the_version_it_was_read_at_is_a_clash(sign_in, person, target, version):
    note = factories.note(target, person("lead"), "As it was.")

    answer = sign_in("lead").post(edit(note), said(text="Forged.", version=version))

    note.refresh_from_db()
    assert (answer.status_code, note.text) == (409, "As it was.")


def test_a_wrong_change_keeps_what_was_typed(sign_in, person, target):
    note = factories.note(target, person("lead"), "As it was.")

    answer = sign_in("lead").post(
        edit(note), said(text="Longer now.", noted_on="2999-01-01", version=1)
    )

    note.refresh_from_db()
    assert (answer.status_code, note.text) == (422, "As it was.")
    assert "Longer now." in answer.text
    assert answer.context["version"] == 1


def test_a_change_on_a_closed_plan_is_refused_with_its_text(sign_in, person, plan, target):
    note = factories.note(target, person("lead"), "As it was.")
    close(plan, person("lead"))

    answer = sign_in("lead").post(edit(note), said(text="Too late.", version=1))

    note.refresh_from_db()
    assert (answer.status_code, note.text) == (409, "As it was.")
    assert "Too late." in answer.text


def test_a_note_removed_meanwhile_is_not_brought_back(person, target):
    note = ProgressNote.objects.with_target().get(pk=factories.note(target, person("lead")).pk)
    ProgressNote.objects.all().delete()

    with pytest.raises(notes.GoneError, match="This note was removed meanwhile"):
        notes.change(note=note, version=1, by=person("lead"))

    assert not ProgressNote.objects.exists()


def test_a_number_stays_to_be_changed_where_the_target_counts_no_more(sign_in, person, target):
    note = factories.note(target, person("lead"), value=30, noted_on=timezone.localdate())
    target.aim_value = None
    target.save()

    page = sign_in("lead").get(edit(note))

    assert {"value", "percent"} <= set(page.context["form"].fields)


# Steps


def test_a_step_is_ticked_and_unticked(sign_in, person, target):
    step = factories.step(target)
    browser, tick = sign_in("group_member"), reverse("milestone_tick", args=[target.pk, step.pk])
    seen = []

    for done in ("1", "1", "0", "0"):
        answer = browser.post(tick, {"done": done})
        step.refresh_from_db()
        seen.append((answer.status_code, step.done_on, step.ticked_by))

    today, member = timezone.localdate(), person("group_member")
    assert seen == [(302, today, member)] * 2 + [(302, None, member)] * 2
    assert [str(line).split(" ", 3)[3] for line in Activity.objects.order_by("pk")] == [
        f"finished the milestone “Terms agreed” of {target}",
        f"reopened the milestone “Terms agreed” of {target}",
    ]


def test_a_step_of_a_closed_plan_stays_as_it_is(sign_in, person, plan, target):
    step = factories.step(target)
    close(plan, person("lead"))

    answer = sign_in("lead").post(
        reverse("milestone_tick", args=[target.pk, step.pk]), {"done": "1"}, follow=True
    )

    step.refresh_from_db()
    assert "This plan is closed: nobody can write notes on it now." in answer.text
    assert "Done today" not in answer.text
    assert step.done_on is None


def test_a_step_of_another_target_is_not_there(sign_in, person, plan, target):
    step = factories.step(factories.target(plan, person("lead")))

    answer = sign_in("lead").post(
        reverse("milestone_tick", args=[target.pk, step.pk]), {"done": "1"}
    )

    step.refresh_from_db()
    assert (answer.status_code, step.done_on) == (404, None)


def test_a_step_removed_meanwhile_is_said_to_be_gone(person, target):
    step = factories.step(target)
    stale = Milestone.objects.select_related("target").get(pk=step.pk)
    step.delete()

    with pytest.raises(notes.GoneError, match="This step was removed meanwhile"):
        notes.tick(milestone=stale, done=True, by=person("lead"))

    assert not Milestone.objects.exists()
