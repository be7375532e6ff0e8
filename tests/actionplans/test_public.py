"""A public summary is off until a lead turns it on, and then just what the preview showed."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from actionplans.models import ActionPlan, PlanState, PublicSummary, Rag
from portal.models import Activity, Verb
from selfassessment.models import PlanArea
from tests import factories


@pytest.fixture
def page(plan):
    return reverse("plan_publish", args=[plan.pk])


@pytest.fixture
def address(plan, avon):
    return reverse("plan_public", args=[avon.slug, plan.pk])


def chosen(*targets, go="publish", **fields):
    return {"targets": [one.pk for one in targets], "go": go, **fields}


def previewed(answer):
    return answer.context["previewed"]


def publish(browser, page, *targets, **fields):
    """Preview, then publish what was previewed."""
    preview = browser.post(page, chosen(*targets, go="preview", **fields))
    return browser.post(page, chosen(*targets, previewed=previewed(preview), **fields))


def test_it_is_off_until_a_lead_turns_it_on(sign_in, plan, target, address, avon):
    visitor = sign_in("visitor")

    answers = [
        visitor.get(address),
        sign_in("lead").get(address),
        visitor.get(f"/plans/public/{avon.slug}/987654/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answers[0].text == answers[2].text
    assert address not in visitor.get(avon.get_absolute_url()).text


def test_the_public_reads_just_what_the_preview_showed(
    sign_in, person, plan, target, page, address
):
    other = factories.target(
        plan, person("lead"), title="Ask young people", area=PlanArea.YOUNG_VOICE
    )
    factories.note(target, person("lead"), rag=Rag.AT_RISK, text="A secret of ours")
    browser = sign_in("lead")
    words = {"foreword": "We want\r\nmore music.\r\n\r\nFor all.", "with_roles": "on"}

    preview = browser.post(page, chosen(target, other, go="preview", **words))
    answer = browser.post(page, chosen(target, other, previewed=previewed(preview), **words))
    public = sign_in("visitor").get(address)

    assert answer.url == address
    assert PublicSummary.objects.get().data == preview.context["preview"]
    part = render_to_string(
        "actionplans/_public_summary.html", {"summary": preview.context["preview"]}
    )
    assert [part in answer.text for answer in (preview, public)] == [True, True]
    assert "<p>We want<br>more music.</p>" in public.text
    assert ">At risk</span>" in public.text
    assert "<span>Inclusion lead</span>" in public.text


def test_nothing_else_is_in_it(sign_in, person, plan, target, page, address):
    target.barriers, target.cost, target.why = "A barrier", 1234, "A reason"
    target.baseline, target.steps, target.helpers = "A baseline", "A step", "A helper"
    target.detail, target.resources, target.funding = "A detail", "Some money", "A fund"
    target.save()
    factories.note(target, person("lead"), text="A note", young_people="A change")

    publish(sign_in("lead"), page, target)

    public = sign_in("visitor").get(address)
    assert PublicSummary.objects.get().data == {
        "service": "Avon Music Service",
        "is_fictional": False,
        "period": plan.period,
        "approver": "The board",
        "approved_on": public.context["summary"]["as_of"],
        "as_of": public.context["summary"]["approved_on"],
        "foreword": "",
        "targets": [
            {
                "reference": "WD-1",
                "area": "Workforce development",
                "title": "Start paid reflection groups",
                "measure": "80 tutors take part, of 100",
                "due": f"{target.due_on:%-d %B %Y}",
                "standing": "On course",
                "role": "",
            }
        ],
    }
    within = ["barrier", "1234", "reason", "baseline", "step", "helper", "detail", "money", "fund"]
    assert [word for word in within if f"A {word}" in public.text or "1234" in public.text] == []
    assert "The inclusion lead" not in public.text


def test_open_targets_are_offered_first(sign_in, person, plan, target, page):
    lead = person("lead")
    done = factories.target(plan, lead, title="Done already", status="done")
    factories.target(plan, lead, title="Not us", no_action_reason="Others do it.")

    answer = sign_in("lead").get(page)

    assert answer.context["form"]["targets"].value() == [target.pk]
    assert [one["title"] for one in answer.context["preview"]["targets"]] == [target.title]
    assert f'value="{done.pk}"' in answer.text


def test_what_was_chosen_last_is_offered_again(sign_in, person, plan, target, page):
    done = factories.target(plan, person("lead"), title="Done", status="done", role="Head")
    browser = sign_in("lead")
    publish(browser, page, done, foreword="Our plan.", with_roles="on")

    form = browser.get(page).context["form"]

    assert form["targets"].value() == [done.pk]
    assert form["foreword"].value() == "Our plan."
    assert form["with_roles"].value() is True


def test_a_plan_that_changed_meanwhile_is_shown_anew_and_not_published(
    sign_in, plan, target, page, address
):
    browser = sign_in("lead")
    preview = browser.post(page, chosen(target, go="preview", foreword="Typed with care."))
    target.title = "Another title"
    target.save()

    answer = browser.post(
        page, chosen(target, previewed=previewed(preview), foreword="Typed with care.")
    )

    assert answer.status_code == 409
    assert "Nothing was published" in answer.text
    assert "Another title" in answer.text
    assert "Typed with care.</textarea>" in answer.text
    assert not PublicSummary.objects.exists()
    again = browser.post(
        page, chosen(target, previewed=previewed(answer), foreword="Typed with care.")
    )
    assert again.url == address


def test_a_choice_that_was_not_previewed_is_not_published(sign_in, person, plan, target, page):
    other = factories.target(plan, person("lead"), title="Not looked at")
    browser = sign_in("lead")
    preview = browser.get(page)

    answer = browser.post(page, chosen(other, previewed=previewed(preview)))

    assert answer.status_code == 409
    assert not PublicSummary.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "Choose at least one target."),
        ({"targets": ["987654"]}, "A target that you chose is not in this plan any more."),
        ({"foreword": "W" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_form_that_cannot_be_published_keeps_what_was_typed(
    sign_in, plan, target, page, fields, why
):
    typed = {"foreword": "Typed.", "go": "publish", "previewed": "", **fields}

    answer = sign_in("lead").post(page, typed)

    assert answer.status_code == 422
    assert why in answer.text
    assert f"{typed['foreword']}</textarea>" in answer.text
    assert not PublicSummary.objects.exists()


def test_a_target_of_another_plan_cannot_be_published(sign_in, person, bute, page, plan):
    elsewhere = factories.plan(bute, person("outsider"), "under_way")
    theirs = factories.target(elsewhere, person("outsider"), title="Not Avon’s")

    answer = sign_in("lead").post(page, chosen(theirs, go="preview"))

    assert answer.status_code == 422
    assert "Not Avon’s" not in answer.text


def test_what_changes_later_stays_inside(sign_in, plan, target, page, address):
    publish(sign_in("lead"), page, target)
    before = sign_in("visitor").get(address).text

    target.title = "Changed since"
    target.save()

    assert sign_in("visitor").get(address).text == before


@pytest.mark.parametrize(
    ("name", "status"),
    [("inclusion_lead", 403), ("group_member", 403), ("board_viewer", 403), ("outsider", 404)],
)
def test_nobody_else_publishes_or_withdraws(sign_in, person, plan, target, page, name, status):
    factories.summary(plan, by=person("lead"), foreword="As it was.")
    browser = sign_in(name)

    answers = [
        browser.post(page, chosen(target)),
        browser.post(reverse("plan_unpublish", args=[plan.pk])),
    ]

    assert [answer.status_code for answer in answers] == [status, status]
    assert PublicSummary.objects.get().data["foreword"] == "As it was."


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.WITH_GROUP])
def test_a_plan_that_nobody_approved_is_not_published(sign_in, person, avon, state):
    plan = factories.plan(avon, person("lead"), state)
    target = factories.target(plan, person("lead"))
    browser, page = sign_in("lead"), reverse("plan_publish", args=[plan.pk])

    looked = browser.get(page)
    answer = browser.post(page, chosen(target, foreword="Typed."))

    assert looked.url == plan.get_absolute_url()
    assert answer.status_code == 409
    assert "nobody can let the public read of it now" in answer.text
    assert "Typed.</textarea>" in answer.text
    assert not PublicSummary.objects.exists()


def test_what_was_approved_anew_is_not_public_until_it_is_published_anew(
    sign_in, person, avon, plan, target, address
):
    factories.summary(plan, by=person("lead"))
    summary = PublicSummary.objects.get()

    plan.approved_at = summary.published_at.replace(year=summary.published_at.year + 1)
    plan.save()

    assert sign_in("visitor").get(address).status_code == 404
    assert list(ActionPlan.objects.published()) == []


def test_a_summary_is_taken_off_at_once(sign_in, person, plan, target, address):
    factories.summary(plan, by=person("lead"))
    browser, off = sign_in("lead"), reverse("plan_unpublish", args=[plan.pk])

    asked = browser.get(off)
    answer = browser.post(off)

    assert "Take the public summary off?" in asked.text
    assert answer.url == plan.get_absolute_url()
    assert sign_in("visitor").get(address).status_code == 404
    assert [(one.verb, one.subject) for one in Activity.objects.all()] == [
        (Verb.WITHDREW, f"the summary of {plan}"),
        (Verb.PUBLISHED, f"a summary of {plan}"),
    ]


def test_an_address_of_another_service_finds_nothing(sign_in, person, plan, target, bute):
    factories.summary(plan, by=person("lead"))

    answer = sign_in("visitor").get(reverse("plan_public", args=[bute.slug, plan.pk]))

    assert answer.status_code == 404


def test_visitors_keep_the_page_and_ask_whether_it_is_still_so(
    sign_in, person, plan, target, address
):
    factories.summary(plan, by=person("lead"))
    visitor = sign_in("visitor")

    answer = visitor.get(address)
    again = visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    inside = sign_in("lead").get(address)

    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    assert dict(visitor.cookies) == {}
    assert (again.status_code, again.content) == (304, b"")
    assert inside.headers["Cache-Control"] == "private, no-store"


def test_the_page_says_what_it_is(sign_in, person, plan, target, address):
    factories.summary(plan, by=person("lead"))

    answer = sign_in("visitor").get(address)

    assert f"<title>Avon Music Service: action plan {plan.period} " in answer.text
    assert '<meta name="description" content="What Avon Music Service will change' in answer.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_leads_to_what_is_public(
    sign_in, person, avon, rows, django_assert_num_queries
):
    plans = [factories.plan(avon, person("lead"), "under_way", 2021 + n) for n in range(rows)]
    factories.plan(avon, person("lead"), "under_way", 2030)
    for plan in plans:
        factories.target(plan, person("lead"))
        factories.summary(plan, by=person("lead"))
    visitor = sign_in("visitor")

    with django_assert_num_queries(6):
        answer = visitor.get(avon.get_absolute_url())

    links = re.findall(r'href="(/plans/public/[^"]+)"', answer.text)
    assert links == [reverse("plan_public", args=[avon.slug, one.pk]) for one in reversed(plans)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number(
    sign_in, person, plan, rows, django_assert_num_queries
):
    for number in range(rows):
        made = factories.target(plan, person("lead"), title=f"Target {number}")
        factories.note(made, person("lead"))
    browser, page = sign_in("lead"), reverse("plan_publish", args=[plan.pk])
    browser.get(page)

    with django_assert_num_queries(8):
        browser.get(page)


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words(sign_in, person, avon, plan, target, page, address, text):
    target.title, target.measure, target.role = text[:200], text, text[:160]
    target.save()
    plan.approver = text[:160]
    plan.save()

    published = publish(sign_in("lead"), page, target, foreword=text, with_roles="on")

    answer = sign_in("visitor").get(address)
    assert published.url == address
    assert PublicSummary.objects.get().data["targets"][0]["measure"] == text
    assert "<b onmouseover" not in answer.text
    assert factories.PASSWORD not in answer.text
