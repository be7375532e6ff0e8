"""How a target ends: done, dropped with its reason, opened again, or taken out of a draft."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from actionplans.models import ActionPlan, Evidence, ProgressNote, Target
from actionplans.planning import plans, targets
from actionplans.planning.targets import TargetEndedError, TargetGoneError, TargetKeptError
from actionplans.states import PlanStateError
from portal.models import Activity, Verb
from tests import factories
from tests.actionplans.sent import as_sent
from tests.factories import HOSTILE

PAGES = ("target", "target_edit")


def to(name: str, target) -> str:
    return reverse(name, args=[target.pk])


def ended(**typed: str) -> dict[str, str]:
    return {"status": "done", "ended_on": "2026-09-20", "ended_reason": "", **typed}


@pytest.fixture(autouse=True)
def october(time_machine):
    time_machine.move_to(dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC))


def test_a_target_is_done(sign_in, target, person):
    answer = sign_in("lead").post(to("target_end", target), ended(ended_reason="All of them."))

    target.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, target.get_absolute_url())
    assert (target.status, str(target.ended_on), target.ended_reason) == (
        *("done", "2026-09-20"),
        "All of them.",
    )
    assert (target.version, target.changed_by) == (2, person("lead"))
    assert Activity.objects.get(verb=Verb.DONE).by == person("lead")


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_target_is_dropped_with_its_reason(sign_in, target, reason):
    sign_in("lead").post(to("target_end", target), ended(status="dropped", ended_reason=reason))

    target.refresh_from_db()
    assert (target.status, target.ended_reason) == ("dropped", reason.strip())
    assert Activity.objects.filter(verb=Verb.DROPPED).count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"status": "dropped"}, "ended_reason", "Say why the target is dropped."),
        ({"status": "dropped", "ended_reason": " "}, "ended_reason", None),
        ({"status": ""}, "status", "Say whether it is done or dropped."),
        ({"status": "open"}, "status", None),
        ({"ended_on": ""}, "ended_on", "Say when."),
        ({"ended_on": "soon"}, "ended_on", "Enter a whole date, with day, month and year."),
        (
            {"ended_on": "2026-10-06"},
            "ended_on",
            "This day is still to come. Choose today or earlier.",
        ),
    ],
)
def test_an_end_that_does_not_say_enough_is_refused(sign_in, target, typed, field, said):
    answer = sign_in("lead").post(to("target_end", target), ended(**typed))

    target.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert said is None or answer.context["form"].errors[field] == [said]
    assert target.is_open


def test_the_page_begins_with_today_and_what_its_link_says(sign_in, target):
    page = sign_in("lead").get(f"{to('target_end', target)}?status=dropped").text

    sent = as_sent(page, form="")
    assert (sent["status"], sent["ended_on"]) == (["dropped"], ["2026-10-05"])


def test_of_two_who_end_it_the_second_keeps_the_words(sign_in, target, person):
    browser = sign_in("lead")
    targets.end(target=target, status="done", on=timezone.localdate(), reason="", by=person("lead"))

    answer = browser.post(
        to("target_end", target), ended(status="dropped", ended_reason="No money left")
    )
    asked = browser.get(to("target_end", target))

    target.refresh_from_db()
    assert answer.status_code == 409
    assert "WD-1 is done already." in answer.text
    assert "No money left</textarea>" in answer.text
    assert (target.status, asked.status_code, asked.url) == (
        *("done", 302),
        target.get_absolute_url(),
    )


def test_a_target_is_opened_again(sign_in, target, person):
    targets.end(
        target=target, status="dropped", on=timezone.localdate(), reason="No.", by=person("lead")
    )

    answer = sign_in("lead").post(to("target_reopen", target))

    target.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, target.get_absolute_url())
    assert (target.status, target.ended_on, target.ended_reason) == ("open", None, "")
    assert Activity.objects.filter(verb=Verb.REOPENED).count() == 1


def test_an_open_target_is_not_opened_again(sign_in, target):
    answer = sign_in("lead").post(to("target_reopen", target), follow=True)

    target.refresh_from_db()
    assert "WD-1 is open already." in answer.text
    assert target.version == 1


def test_nothing_ends_in_a_closed_plan(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"), "closed")
    target = factories.target(plan, person("lead"))
    browser = sign_in("lead")

    answers = [
        browser.post(to("target_end", target), ended(ended_reason="Kept words")),
        browser.post(to("target_reopen", target)),
        browser.post(to("target_remove", target)),
        browser.get(to("target_end", target)),
    ]

    target.refresh_from_db()
    assert [one.status_code for one in answers] == [409, 302, 302, 302]
    assert "Kept words</textarea>" in answers[0].text
    assert target.is_open


def test_a_target_of_a_draft_is_removed(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"))
    target = factories.target(plan, person("lead"))
    browser = sign_in("lead")

    asked = browser.get(to("target_remove", target)).text
    still_there = Target.objects.count()
    answer = browser.post(to("target_remove", target))

    assert "Remove WD-1?" in asked
    assert still_there == 1
    assert (answer.status_code, answer.url) == (302, plan.get_absolute_url())
    assert Target.objects.count() == 0
    assert Activity.objects.get(verb=Verb.REMOVED).subject == "WD-1 Start paid reflection groups"


def test_an_approved_target_is_never_removed(sign_in, target, person):
    browser = sign_in("lead")

    answers = [browser.get(to("target_remove", target)), browser.post(to("target_remove", target))]
    said = browser.get(answers[1].url).text

    assert [one.url for one in answers] == [target.plan.get_absolute_url()] * 2
    assert "This plan is approved, so its targets stay in it." in said
    with pytest.raises(TargetKeptError):
        targets.remove(target=target, by=person("lead"))
    assert Target.objects.count() == 1


@pytest.fixture
def taken_back(avon, person):
    """A plan that was approved, noted on, and taken back."""
    lead = person("lead")
    plan = factories.plan(avon, lead, "approved")
    noted = factories.target(plan, lead)
    factories.target(plan, lead, title="Nothing noted")
    factories.evidence(factories.note(noted, lead), lead)
    plans.take_back(plan=plan, seen="approved", by=lead)
    return ActionPlan.objects.get(pk=plan.pk)


def test_what_was_noted_is_not_removed_with_its_target(sign_in, taken_back, person):
    noted, other = taken_back.targets.order_by("pk")
    browser = sign_in("lead")

    answers = [browser.get(to("target_remove", noted)), browser.post(to("target_remove", noted))]
    said = browser.get(answers[1].url).text
    pages = [browser.get(to(name, one)).text for name in PAGES for one in (noted, other)]

    assert [one.url for one in answers] == [taken_back.get_absolute_url()] * 2
    assert "WD-1 has notes from when the plan was approved, so it stays in it." in said
    with pytest.raises(TargetKeptError):
        targets.remove(target=noted, by=person("lead"))
    assert (ProgressNote.objects.count(), Evidence.objects.count()) == (1, 1)
    assert ["/remove/" in page for page in pages] == [False, True] * 2
    assert browser.post(to("target_end", noted), ended()).status_code == 302
    assert browser.post(to("target_remove", other)).status_code == 302
    assert taken_back.targets.get() == noted


def test_what_was_noted_is_not_discarded_with_its_plan(sign_in, taken_back, person):
    browser, address = sign_in("lead"), reverse("plan_discard", args=[taken_back.pk])
    read = plans.as_read(taken_back.targets.all())

    page = browser.get(taken_back.get_absolute_url()).text
    answers = [browser.get(address), browser.post(address, {"read": read})]
    said = browser.get(answers[1].url).text

    assert address not in page
    assert [one.url for one in answers] == [taken_back.get_absolute_url()] * 2
    assert "This plan has notes from when it was approved, so it stays." in said
    with pytest.raises(PlanStateError):
        plans.discard(plan=taken_back, read=read, by=person("lead"))
    assert (ProgressNote.objects.count(), Evidence.objects.count()) == (1, 1)


def test_a_note_that_came_with_a_table_goes_with_its_target(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"))
    target = factories.target(plan, person("lead"))
    factories.note(target, person("lead"), "Brought in with a table.")

    answer = sign_in("lead").post(to("target_remove", target))

    assert (answer.status_code, plan.targets.count()) == (302, 0)


def test_nothing_is_done_to_a_target_that_is_gone(target, person):
    by = person("lead")
    gone = Target(pk=987654, plan=target.plan)

    with pytest.raises(TargetGoneError):
        targets.remove(target=gone, by=by)
    with pytest.raises(TargetGoneError):
        targets.reopen(target=gone, by=by)
    with pytest.raises(TargetEndedError):
        targets.reopen(target=target, by=by)


@pytest.mark.parametrize("name", ["target_end", "target_remove", "target_reopen"])
def test_who_reads_only_ends_nothing(sign_in, target, name):
    answers = [sign_in(who).post(to(name, target), ended()) for who in ("board_viewer", "outsider")]

    target.refresh_from_db()
    assert [one.status_code for one in answers] == [403, 404]
    assert target.is_open


def test_the_group_ends_nothing_that_is_under_way(sign_in, target):
    answer = sign_in("group_member").post(to("target_end", target), ended())

    target.refresh_from_db()
    assert answer.status_code == 409
    assert target.is_open
