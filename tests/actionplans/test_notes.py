"""Progress notes: who writes them, when, and what becomes of what was typed."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from actionplans.models import PlanState, ProgressNote


def said(**fields: object) -> dict[str, object]:
    return {"noted_on": timezone.localdate().isoformat(), "text": "Two groups have met.", **fields}


def test_a_note_is_saved_with_what_was_said(sign_in, person, target):
    answer = sign_in("group_member").post(reverse("note_add", args=[target.pk]), said(value="35"))

    note = ProgressNote.objects.get()
    assert answer.url == target.get_absolute_url()
    assert (note.text, note.value, note.written_by) == (
        *("Two groups have met.", 35),
        person("group_member"),
    )


def test_a_board_viewer_writes_no_note(sign_in, target):
    answer = sign_in("board_viewer").post(reverse("note_add", args=[target.pk]), said())

    assert answer.status_code == 403
    assert not ProgressNote.objects.exists()


def test_a_note_on_a_closed_plan_is_refused_with_its_text(sign_in, person, target, plan):
    lead = person("lead")
    plan.state, plan.closed_at, plan.closed_by = PlanState.CLOSED, timezone.now(), lead
    plan.save()

    answer = sign_in("lead").post(reverse("note_add", args=[target.pk]), said())

    assert answer.status_code == 409
    assert "Two groups have met." in answer.text
    assert not ProgressNote.objects.exists()
