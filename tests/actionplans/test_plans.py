"""A plan from its start to its close: who moves it, when, and what each move leaves behind."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from actionplans import wording
from actionplans.models import ActionPlan, PlanState, Target
from actionplans.planning import plans
from portal.models import Activity, Verb
from selfassessment.models import PlanArea
from tests import factories

TODAY = dt.date(2026, 11, 10)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-10T12:00:00+00:00", tick=False):
        yield


@pytest.fixture
def draft(agreed, avon, person):
    """Avon's plan for this year, a draft from its self-assessment with one target."""
    plan = factories.plan(avon, person("lead"), audit=agreed)
    factories.target(plan, person("lead"), statements="A1.1")
    return plan


def go(browser, name, plan, data=None):
    return browser.post(reverse(name, args=[plan.pk]), data or {})


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def moved_by(service) -> list[str]:
    return list(
        Activity.objects.filter(service=service).order_by("pk").values_list("verb", flat=True)
    )


def approval(plan, **more):
    typed = {"approver": "The board", "approved_on": "2026-11-09", "said": "With a look in March."}
    return {**typed, "read": plans.as_read(plan.targets.all()), **more}


# Starting


def start(browser, service, **typed):
    return browser.post(reverse("plan_start", args=[service.slug]), typed)


def test_a_plan_starts_from_a_self_assessment(sign_in, agreed, avon, person):
    answer = start(sign_in("inclusion_lead"), avon, period="2026-2026", audit=agreed.pk)

    plan = ActionPlan.objects.get()
    assert answer.url == plan.get_absolute_url()
    assert (plan.service, plan.audit, plan.state, plan.started_by) == (
        *(avon, agreed, "draft"),
        person("inclusion_lead"),
    )
    assert (plan.starts_on, plan.ends_on) == (dt.date(2026, 9, 1), dt.date(2027, 8, 31))
    assert moved_by(avon) == [Verb.STARTED]


def test_a_plan_starts_empty(sign_in, agreed, avon):
    start(sign_in("lead"), avon, period="2026-2028", audit="")

    plan = ActionPlan.objects.get()
    assert (plan.audit, plan.carried_from, plan.period) == (None, None, "2026/27 to 2028/29")


def test_a_plan_starts_for_a_period_of_its_own(sign_in, avon):
    start(sign_in("lead"), avon, period="other", starts_on="2026-04-01", ends_on="2027-03-31")

    assert ActionPlan.objects.get().period == "April 2026 to March 2027"


def test_a_plan_that_carries_on_asks_about_the_last_one_next(sign_in, avon, person):
    last = factories.plan(avon, person("lead"), "closed", year=2025)
    factories.target(last, person("lead"))

    answer = start(sign_in("lead"), avon, period="2026-2026", carry="on")

    plan = ActionPlan.objects.get(starts_on__year=2026)
    assert answer.url == reverse("plan_carry", args=[plan.pk])
    assert plan.carried_from == last


def test_a_plan_carries_on_from_no_later_one(sign_in, avon, person):
    last = factories.plan(avon, person("lead"), "closed", year=2025)
    factories.target(last, person("lead"))

    answer = start(
        sign_in("lead"),
        avon,
        period="other",
        starts_on="2025-04-01",
        ends_on="2026-03-31",
        carry="on",
    )

    assert answer.context["form"].errors == {
        "carry": ["The plan for 2025/26 is no earlier one. Choose a later period."]
    }
    assert ActionPlan.objects.get() == last


def test_the_first_period_without_a_plan_is_offered(sign_in, draft, avon):
    form = sign_in("lead").get(reverse("plan_start", args=[avon.slug])).context["form"]

    assert form["period"].value() == "2027-2027"


def test_a_service_without_results_or_an_earlier_plan_is_not_asked_about_them(sign_in, audit, avon):
    form = sign_in("lead").get(reverse("plan_start", args=[avon.slug])).context["form"]

    assert list(form.fields) == ["period", "starts_on", "ends_on", "table"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"period": ["This field is required."]}),
        (
            {"period": "other"},
            {
                "starts_on": ["Enter the first day of the period."],
                "ends_on": ["Enter the last day of the period."],
            },
        ),
        (
            {"period": "other", "starts_on": "2026-09-01", "ends_on": "2026-09-01"},
            {"ends_on": ["The last day comes after the first."]},
        ),
        (
            {"period": "other", "starts_on": "2026-09-01", "ends_on": "2036-09-01"},
            {"ends_on": ["A plan runs for five years at most."]},
        ),
        (
            {"period": "other", "starts_on": "soon", "ends_on": "2026-09-01"},
            {"starts_on": ["Enter a whole date, with day, month and year."]},
        ),
    ],
)
def test_a_period_that_is_none_is_refused(sign_in, avon, typed, wrong):
    answer = start(sign_in("lead"), avon, **typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors == wrong
    assert not ActionPlan.objects.exists()


def test_a_second_plan_for_a_period_leads_to_the_first(sign_in, draft, avon):
    answer = start(sign_in("lead"), avon, period="2026-2026")

    assert (answer.status_code, answer.context["there_is"]) == (422, draft)
    assert ActionPlan.objects.get() == draft


def test_a_plan_starts_from_no_self_assessment_of_another_service(
    sign_in, avon, bute, questionnaire, person
):
    theirs = factories.audit(bute, questionnaire, by=person("outsider"))
    factories.agree(theirs, person("outsider"), A1_1=1)

    start(sign_in("lead"), avon, period="2026-2026", audit=theirs.pk)

    assert ActionPlan.objects.get().audit is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_start_a_plan_at_once_one_does(at_once, avon, person):
    lead = person("lead")
    period = {"starts_on": dt.date(2026, 9, 1), "ends_on": dt.date(2027, 8, 31)}

    done = at_once(*[lambda: plans.start(service=avon, by=lead, **period)] * 2)

    plan = ActionPlan.objects.get()
    assert sorted(type(one).__name__ for one in done) == ["ActionPlan", "PlanExistsError"]
    assert {getattr(one, "plan", one) for one in done} == {plan}


# To the group and back


def test_a_plan_goes_to_the_group_which_writes_in_it_and_comes_back(sign_in, draft, avon, person):
    lead = sign_in("lead")

    asked = lead.get(reverse("plan_share", args=[draft.pk]))
    shared = go(lead, "plan_share", draft)
    draft.refresh_from_db()
    with_group = (draft.state, draft.shared_by)
    go(lead, "plan_take_back", draft, {"seen": "with_group"})

    draft.refresh_from_db()
    assert asked.status_code == 200
    assert said(shared) == ["The plan is with the ED&I group. Its members can write targets now."]
    assert with_group == ("with_group", person("lead"))
    assert (draft.state, draft.shared_at, draft.shared_by) == ("draft", None, None)
    assert moved_by(avon) == [Verb.SENT_TO_GROUP, Verb.TOOK_BACK]


def test_the_group_finds_the_button_to_write_while_it_has_the_plan(sign_in, draft):
    group, page = sign_in("group_member"), draft.get_absolute_url()

    before = group.get(page).context["may"]["write"]
    go(sign_in("lead"), "plan_share", draft)

    assert (before, group.get(page).context["may"]["write"]) == (False, True)


# Approval


def test_an_approval_says_who_when_and_what_and_keeps_the_wording(sign_in, draft, avon, person):
    target = draft.targets.get()

    answer = go(sign_in("lead"), "plan_approve", draft, approval(draft))

    draft.refresh_from_db()
    target.refresh_from_db()
    assert answer.url == draft.get_absolute_url()
    assert (draft.state, draft.approver, draft.approved_on, draft.approval_said) == (
        *("approved", "The board"),
        *(dt.date(2026, 11, 9), "With a look in March."),
    )
    assert (draft.approved_by, draft.approved_at) == (person("lead"), timezone.now())
    assert target.approved_wording == wording.of(target)
    assert target.approved_wording["statements"] == "A1.1"
    assert moved_by(avon) == [Verb.APPROVED]


def test_a_plan_without_targets_is_not_approved(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"))

    page = sign_in("lead").get(reverse("plan_approve", args=[plan.pk]))
    answer = go(sign_in("lead"), "plan_approve", plan, approval(plan))

    plan.refresh_from_db()
    assert "There is nothing to approve yet" in page.text
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors() == [
        "Add at least one target before the plan is approved."
    ]
    assert answer.context["form"]["said"].value() == "With a look in March."
    assert plan.state == "draft"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (
            {"approved_on": "2026-11-11"},
            {"approved_on": ["This day is still to come. Record the approval after it."]},
        ),
        ({"approver": " "}, {"approver": ["Say who approved the plan."]}),
        ({"approved_on": ""}, {"approved_on": ["Enter the day on which it was approved."]}),
    ],
)
def test_an_approval_that_does_not_say_who_and_when_is_refused(sign_in, draft, typed, wrong):
    answer = go(sign_in("lead"), "plan_approve", draft, approval(draft, **typed))

    draft.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["form"].errors == wrong
    assert answer.context["form"]["said"].value() == "With a look in March."
    assert (draft.state, draft.targets.get().approved_wording) == ("draft", None)


def test_a_target_changed_while_approving_is_looked_at_again_first(sign_in, draft, person):
    typed = approval(draft)
    target = draft.targets.get()
    Target.objects.filter(pk=target.pk).update(title="Reworded meanwhile", version=2)
    added = factories.target(draft, person("lead"), title="Added meanwhile")

    refused = go(sign_in("lead"), "plan_approve", draft, typed)
    draft.refresh_from_db()
    then = draft.state
    again = go(sign_in("lead"), "plan_approve", draft, {**typed, "read": refused.context["read"]})

    draft.refresh_from_db()
    assert (refused.status_code, then) == (409, "draft")
    assert refused.context["changed"] == {target, added}
    assert refused.context["form"].non_field_errors() == [
        "Targets changed since you opened this page, so nothing is recorded yet."
    ]
    assert refused.context["form"]["said"].value() == "With a look in March."
    assert (again.status_code, draft.state) == (302, "approved")


def test_an_error_in_the_form_is_no_new_look_at_the_targets(sign_in, draft):
    typed = approval(draft, approver="")
    draft.targets.update(version=2)

    answer = go(sign_in("lead"), "plan_approve", draft, typed)

    assert (answer.status_code, answer.context["read"]) == (422, typed["read"])


def test_the_second_of_two_who_approve_keeps_what_they_typed(sign_in, draft):
    typed = approval(draft)
    go(sign_in("lead"), "plan_approve", draft, typed)

    answer = go(
        sign_in("inclusion_lead"), "plan_approve", draft, {**typed, "approver": "The trustees"}
    )

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors() == [
        "This plan is approved: nobody can approve it now."
    ]
    assert answer.context["form"]["approver"].value() == "The trustees"
    assert draft.approver == "The board"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does(at_once, draft, person):
    read, by = plans.as_read(draft.targets.all()), person("lead")

    def approve(approver):
        return lambda: plans.approve(
            plan=draft, approver=approver, approved_on=TODAY, said="", read=read, by=by
        )

    done = at_once(approve("The board"), approve("The trustees"))

    assert sorted(str(one) for one in done) == [
        "None",
        "This plan is approved: nobody can approve it now.",
    ]
    assert Activity.objects.filter(verb=Verb.APPROVED).count() == 1


def test_an_approval_taken_back_frees_the_wording_again(sign_in, draft, avon):
    go(sign_in("lead"), "plan_approve", draft, approval(draft))

    asked = sign_in("lead").get(reverse("plan_take_back", args=[draft.pk]))
    go(sign_in("lead"), "plan_take_back", draft, {"seen": "approved"})

    draft.refresh_from_db()
    assert "the record of its approval is undone" in asked.text
    assert (draft.state, draft.approver, draft.approved_on, draft.approved_at) == (
        *("draft", "", None),
        None,
    )
    assert draft.approval_said == "With a look in March."
    assert draft.targets.get().approved_wording is None


def test_nobody_undoes_an_approval_they_did_not_know_of(sign_in, draft):
    go(sign_in("lead"), "plan_share", draft)
    go(sign_in("lead"), "plan_approve", draft, approval(draft))

    answer = go(sign_in("inclusion_lead"), "plan_take_back", draft, {"seen": "with_group"})

    draft.refresh_from_db()
    assert said(answer) == ["This plan is approved by now. Look at it again."]
    assert draft.state == "approved"


# Under way, closed, open again


def test_an_approved_plan_begins_ends_and_opens_again(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"), "approved")
    lead = sign_in("lead")

    states = []
    for name, typed in [
        ("plan_begin", {}),
        ("plan_close", {"said": "We learnt to start sooner."}),
        ("plan_reopen", {}),
    ]:
        go(lead, name, plan, typed)
        plan.refresh_from_db()
        states.append(plan.state)

    assert states == ["under_way", "closed", "under_way"]
    assert (plan.closed_at, plan.closed_by, plan.closing_said) == (
        *(None, None),
        "We learnt to start sooner.",
    )
    assert moved_by(avon) == [Verb.BEGAN, Verb.CLOSED, Verb.REOPENED]


def test_closing_shows_what_is_unfinished_and_what_was_said_before(sign_in, plan, target, person):
    factories.target(plan, person("lead"), title="Done by now", status="done")
    plan.closing_said = "Said at the last close."
    plan.save()

    page = sign_in("lead").get(reverse("plan_close", args=[plan.pk])).context

    assert list(page["unfinished"]) == [target]
    assert page["form"]["said"].value() == "Said at the last close."


def test_what_is_typed_at_a_close_that_came_too_late_is_kept(sign_in, plan, person):
    plans.close(plan=plan, said="The first word.", by=person("lead"))

    answer = go(sign_in("inclusion_lead"), "plan_close", plan, {"said": "The second word."})

    plan.refresh_from_db()
    assert answer.status_code == 409
    assert answer.context["form"]["said"].value() == "The second word."
    assert answer.context["form"].non_field_errors() == [
        "This plan is closed: nobody can close it now."
    ]
    assert plan.closing_said == "The first word."


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("with_group", "plan_share"),
        ("draft", "plan_take_back"),
        ("under_way", "plan_take_back"),
        ("under_way", "plan_approve"),
        ("draft", "plan_begin"),
        ("approved", "plan_close"),
        ("under_way", "plan_reopen"),
        ("approved", "plan_discard"),
    ],
)
def test_a_move_that_is_not_due_is_refused_with_a_sentence(sign_in, avon, person, state, name):
    plan = factories.plan(avon, person("lead"), state)
    lead = sign_in("lead")

    asked = lead.get(reverse(name, args=[plan.pk]))
    go(lead, name, plan, {"seen": state})

    plan.refresh_from_db()
    assert asked.url == plan.get_absolute_url()
    assert "nobody can" in said(asked)[0]
    assert plan.state == state
    assert moved_by(avon) == []


@pytest.mark.parametrize("who", ["group_member", "board_viewer"])
def test_only_leads_move_a_plan(sign_in, plan, who):
    answer = go(sign_in(who), "plan_close", plan, {"said": "x"})

    plan.refresh_from_db()
    assert (answer.status_code, plan.state) == (403, "under_way")


# Discarding


def test_a_draft_is_discarded_with_the_targets_the_page_names(sign_in, draft, avon):
    lead = sign_in("lead")
    page = lead.get(reverse("plan_discard", args=[draft.pk]))

    answer = go(lead, "plan_discard", draft, {"read": page.context["read"]})

    assert answer.url == reverse("plans", args=[avon.slug])
    assert page.context["targets"][0].title in page.text
    assert (ActionPlan.objects.count(), Target.objects.count()) == (0, 0)
    assert moved_by(avon) == [Verb.DISCARDED]


def test_a_target_added_meanwhile_is_not_thrown_away_unseen(sign_in, draft, person):
    read = plans.as_read(draft.targets.all())
    factories.target(draft, person("lead"), title="Added meanwhile")

    answer = go(sign_in("lead"), "plan_discard", draft, {"read": read})

    assert said(answer)[0].endswith("so nothing was discarded. Look again before you do.")
    assert draft.targets.count() == 2


def test_a_move_of_a_plan_that_was_discarded_says_so(draft, person):
    gone = ActionPlan.objects.get()
    gone.delete()
    gone.pk = draft.pk

    with pytest.raises(plans.states.PlanStateError, match="discarded meanwhile"):
        plans.share(plan=draft, by=person("lead"))


# The list


def test_a_board_viewer_finds_approved_plans_only(sign_in, avon, person):
    factories.plan(avon, person("lead"), "draft")
    closed = factories.plan(avon, person("lead"), "closed", year=2025)
    listing = reverse("plans", args=[avon.slug])

    board, lead = sign_in("board_viewer").get(listing), sign_in("lead").get(listing)

    assert list(board.context["plans"]) == [closed]
    assert [plan.state for plan in lead.context["plans"]] == ["draft", "closed"]
    assert (board.context["may_start"], lead.context["may_start"]) == (False, True)


@pytest.mark.parametrize(
    ("who", "word"),
    [
        ("lead", "A plan begins with the priorities of your self-assessment"),
        ("group_member", "Your service lead or inclusion lead starts one"),
        ("board_viewer", "A plan appears here once your board has approved it."),
    ],
)
def test_without_a_plan_the_list_says_how_one_begins(sign_in, avon, who, word):
    page = sign_in(who).get(reverse("plans", args=[avon.slug]))

    assert word in page.text


def test_the_list_leads_to_the_examples(sign_in, avon):
    page = sign_in("group_member").get(reverse("plans", args=[avon.slug])).text

    links = [f'href="{reverse(name)}"' in page for name in ("plan_example", "examples")]
    assert links == [True, True]


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_reads_the_same_whatever_its_length(
    sign_in, avon, person, many, django_assert_num_queries
):
    for year in range(2020, 2020 + many):
        plan = factories.plan(avon, person("lead"), "closed", year=year)
        factories.target(plan, person("lead"), area=PlanArea.LEADERSHIP, status="done")
    lead = sign_in("lead")

    with django_assert_num_queries(5):
        page = lead.get(reverse("plans", args=[avon.slug]))

    assert [(one.target_count, one.done_count) for one in page.context["plans"]] == [(1, 1)] * many


def test_states_are_all_known_to_the_list(sign_in, avon, person):
    for number, state in enumerate(PlanState.values):
        factories.plan(avon, person("lead"), state, year=2020 + number)

    page = sign_in("lead").get(reverse("plans", args=[avon.slug]))

    assert [label in page.text for label in ("Draft", "Approved", "Under way", "Closed")] == [
        True
    ] * 4
