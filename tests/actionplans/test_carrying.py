"""What the last plan left unfinished: carried forward or left, one by one."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from actionplans.models import Leaving, Milestone, Target
from actionplans.planning import carrying, plans
from actionplans.planning.carrying import Choice
from portal.models import Activity, Topic, Verb
from selfassessment.models import Statement
from tests import factories


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-10T12:00:00+00:00", tick=False):
        yield


@pytest.fixture
def last(avon, person):
    """Avon's plan of last year, closed: two targets unfinished, one done, one dropped."""
    lead = person("lead")
    last = factories.plan(avon, lead, "closed", year=2025)
    factories.target(last, lead, "Reflection groups", due_on=dt.date(2026, 7, 1), measure="Two")
    factories.target(last, lead, "New advert")
    factories.target(last, lead, "Terms agreed", status="done")
    factories.target(last, lead, "Posters", status="dropped")
    factories.target(last, lead, "Second centre", no_action_reason="The lease ends.")
    return last


@pytest.fixture
def next_plan(last, avon, person):
    return factories.plan(avon, person("lead"), carried_from=last)


def unfinished(last) -> tuple[Target, Target]:
    groups, advert = last.targets.open().in_order()
    return groups, advert


def typed(*decisions) -> dict[str, str]:
    """The form with `(target, "carry", {"due_on": "2027-03-01"})` for each."""
    return {
        f"t{target.pk}-{name}": value
        for target, decision, more in decisions
        for name, value in {"decision": decision, "due_on": "", "reason": "", **more}.items()
    }


def send(browser, plan, *decisions):
    return browser.post(reverse("plan_carry", args=[plan.pk]), typed(*decisions))


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_page_asks_of_each_unfinished_target_with_its_last_note(
    sign_in, last, next_plan, person
):
    groups, advert = unfinished(last)
    factories.note(groups, person("lead"), "The second note.", noted_on=dt.date(2026, 6, 1))
    factories.note(groups, person("lead"), "The first note.", noted_on=dt.date(2026, 3, 1))

    page = sign_in("lead").get(reverse("plan_carry", args=[next_plan.pk]))

    assert [form.target for form in page.context["page"]] == [groups, advert]
    assert ("The second note." in page.text, "The first note." in page.text) == (True, False)
    assert page.context["page"].forms[0]["due_on"].value() is None  # it was due before this plan


def test_one_is_carried_and_one_is_left_with_a_reason(sign_in, last, next_plan, avon, person):
    groups, advert = unfinished(last)

    answer = send(
        sign_in("lead"),
        next_plan,
        (groups, "carry", {"due_on": "2027-03-01"}),
        (advert, "leave", {"reason": "The post is gone."}),
    )

    copy, leaving = next_plan.targets.get(), Leaving.objects.get()
    assert answer.url == next_plan.get_absolute_url()
    assert said(answer) == ["Carried forward: “Reflection groups”. Left: “New advert”."]
    assert (copy.title, copy.measure, copy.carried_from, copy.reference) == (
        *("Reflection groups", "Two"),
        *(groups, "WD-1"),
    )
    assert (copy.starts_on, copy.due_on) == (dt.date(2026, 9, 1), dt.date(2027, 3, 1))
    assert (copy.changed_by, copy.approved_wording, copy.version) == (person("lead"), None, 1)
    assert (leaving.plan, leaving.target, leaving.reason, leaving.decided_by) == (
        *(next_plan, advert),
        *("The post is gone.", person("lead")),
    )
    assert [one.status for one in unfinished(last)] == ["open", "open"]
    assert Activity.objects.get(verb=Verb.CARRIED).subject == (
        "WD-1 Reflection groups into Action plan 2026/27"
    )


def test_a_carried_target_keeps_its_links_and_the_steps_to_do(
    last, next_plan, person, questionnaire
):
    groups, _ = unfinished(last)
    statement = Statement.objects.get(code="A1.1")
    topic = Topic.objects.first() or Topic.objects.create(name="Workforce")
    groups.statements.add(statement)
    groups.topics.add(topic)
    Milestone.objects.create(target=groups, text="Done", done_on=dt.date(2026, 1, 1), order=0)
    Milestone.objects.create(target=groups, text="Was due", due_on=dt.date(2026, 5, 1), order=1)
    Milestone.objects.create(target=groups, text="To come", due_on=dt.date(2027, 1, 1), order=2)

    carrying.carry_forward(plan=next_plan, choices=[Choice(groups, True)], by=person("lead"))

    copy = next_plan.targets.get()
    assert (list(copy.statements.all()), list(copy.topics.all())) == ([statement], [topic])
    assert [(step.text, step.due_on) for step in copy.milestones.all()] == [
        ("Was due", None),
        ("To come", dt.date(2027, 1, 1)),
    ]


def test_what_is_decided_is_not_asked_again(sign_in, last, next_plan):
    groups, advert = unfinished(last)
    lead = sign_in("lead")

    send(lead, next_plan, (groups, "carry", {}), (advert, "", {}))
    still = lead.get(reverse("plan_carry", args=[next_plan.pk])).context["page"]
    page = lead.get(next_plan.get_absolute_url()).context["page"]

    assert ([form.target for form in still], page.undecided) == ([advert], 1)


@pytest.mark.parametrize(
    ("decision", "more", "wrong"),
    [
        ("leave", {}, {"reason": ["Say why WD-1 is left."]}),
        (
            "carry",
            {"due_on": "2026-07-01"},
            {"due_on": ["The new plan begins on 1 September 2026. Choose a later day."]},
        ),
        (
            "carry",
            {"due_on": "soon"},
            {"due_on": ["Enter a whole date, with day, month and year."]},
        ),
    ],
)
def test_one_that_cannot_be_saved_saves_none(sign_in, last, next_plan, decision, more, wrong):
    groups, advert = unfinished(last)

    answer = send(sign_in("lead"), next_plan, (groups, decision, more), (advert, "carry", {}))

    assert answer.status_code == 422
    assert [form.errors for form in answer.context["page"]] == [wrong, {}]
    assert not next_plan.targets.exists()


def test_one_that_was_decided_or_ended_meanwhile_stays_as_it_is(sign_in, last, next_plan, person):
    groups, advert = unfinished(last)
    carrying.carry_forward(plan=next_plan, choices=[Choice(groups, True)], by=person("lead"))

    answer = send(
        sign_in("inclusion_lead"),
        next_plan,
        (groups, "leave", {"reason": "It is enough."}),
        (advert, "carry", {}),
    )

    done, missed = said(answer)
    assert done == "Carried forward: “New advert”."
    assert missed == (
        "“Reflection groups” was decided or ended meanwhile, and stays as it is. "
        "You had written: “It is enough.”"
    )
    assert [one.carried_from for one in next_plan.targets.in_order()] == [groups, advert]
    assert not Leaving.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_carry_the_same_target_at_once_one_does(at_once, last, next_plan, person):
    groups, _ = unfinished(last)
    lead = person("lead")

    done = at_once(
        *[lambda: carrying.carry_forward(plan=next_plan, choices=[Choice(groups, True)], by=lead)]
        * 2
    )

    assert sorted(len(one.carried) for one in done) == [0, 1]
    assert next_plan.targets.count() == 1


def test_a_plan_closed_meanwhile_keeps_what_was_typed(sign_in, last, next_plan, person):
    groups, _ = unfinished(last)
    lead = sign_in("lead")
    reason = "We have no time for it now."
    plans.approve(
        plan=next_plan,
        approver="The board",
        approved_on=dt.date(2026, 11, 1),
        said="",
        read=plans.as_read([factories.target(next_plan, person("lead"))]),
        by=person("lead"),
    )
    plans.begin(plan=next_plan, by=person("lead"))
    plans.close(plan=next_plan, said="", by=person("lead"))

    answer = send(lead, next_plan, (groups, "leave", {"reason": reason}))

    assert (answer.status_code, reason in answer.text) == (409, True)
    assert said(answer) == ["This plan is closed: nobody can write targets in it now."]
    assert not Leaving.objects.exists()


def test_a_plan_started_another_way_can_still_carry(sign_in, last, avon, person):
    plan = factories.plan(avon, person("lead"))
    groups, _ = unfinished(last)

    send(sign_in("lead"), plan, (groups, "carry", {}))

    plan.refresh_from_db()
    assert (plan.carried_from, plan.targets.get().carried_from) == (last, groups)


@pytest.mark.parametrize(
    ("earlier", "word"), [(True, "All of it is decided"), (False, "There is no earlier plan")]
)
def test_with_nothing_to_carry_the_page_says_why(sign_in, avon, person, earlier, word):
    if earlier:
        factories.plan(avon, person("lead"), "closed", year=2025)
    plan = factories.plan(avon, person("lead"))

    page = sign_in("lead").get(reverse("plan_carry", args=[plan.pk]))
    sign_in("lead").post(reverse("plan_carry", args=[plan.pk]))

    assert word in page.text
    assert not plan.targets.exists()


def test_nothing_is_carried_into_a_closed_plan(sign_in, last):
    answer = sign_in("lead").get(reverse("plan_carry", args=[last.pk]))

    assert answer.url == last.get_absolute_url()
    assert said(answer) == ["This plan is closed: nobody can write targets in it now."]


def test_targets_of_another_service_are_not_carried(sign_in, next_plan, bute, person):
    theirs = factories.plan(bute, person("outsider"), "closed", year=2025)
    foreign = factories.target(theirs, person("outsider"))

    send(sign_in("lead"), next_plan, (foreign, "carry", {}))

    assert not next_plan.targets.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_reads_the_same_whatever_is_unfinished(
    sign_in, avon, person, many, django_assert_num_queries
):
    last = factories.plan(avon, person("lead"), "closed", year=2025)
    for number in range(many):
        target = factories.target(last, person("lead"), title=f"Target {number}")
        factories.note(target, person("lead"))
    plan = factories.plan(avon, person("lead"), carried_from=last)
    lead = sign_in("lead")

    with django_assert_num_queries(11):
        page = lead.get(reverse("plan_carry", args=[plan.pk]))

    assert len(page.context["page"].forms) == many
