"""Two clicks from a priority or a low statement to a saved draft target."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actionplans.models import ActionPlan, ExampleTarget, Target
from portal.models import Topic
from selfassessment.models import PlanArea
from tests import factories
from tests.actionplans.sent import as_sent


def address(audit, code: str = "A1.1") -> str:
    return reverse("target_from", args=[audit.pk, code])


@pytest.fixture
def example(db) -> ExampleTarget:
    """For A1.1, beside one for its section, one for another, and one of another questionnaire."""
    made = [
        ExampleTarget.objects.create(
            questionnaire=name,
            codes=[code],
            area=PlanArea.WORKFORCE,
            title=f"Do {code} of {name}",
            measure="3 a year",
            role="Head",
            due="Oct",
        )
        for name, code in [
            ("Test set", "A1.1"),
            ("Test set", "A1"),
            ("Test set", "B1"),
            ("Another set", "A1.1"),
        ]
    ]
    return made[0]


def test_two_clicks_lead_from_a_statement_to_a_saved_target(sign_in, agreed, person):
    browser = sign_in("lead")

    answer = browser.post(address(agreed), as_sent(browser.get(address(agreed)).text))

    plan = ActionPlan.objects.get()
    target = plan.targets.get()
    assert (answer.status_code, answer.url) == (302, target.get_absolute_url())
    assert (plan.state, plan.audit, plan.started_by) == ("draft", agreed, person("lead"))
    assert target.title == "We have A VISION."
    assert target.baseline == f"Agreed at 1, First steps, in {agreed.year_name}"
    assert (target.area, target.aim_level) == (PlanArea.LEADERSHIP, 2)
    assert target.priority == agreed.priorities.get(statement__code="A1.1")
    assert target.why == "It matters most."
    assert [one.code for one in target.statements.all()] == ["A1.1"]


def test_a_target_has_the_topics_of_its_statements(sign_in, avon, person):
    edition = factories.draft(name="With topics")
    topics = [Topic.objects.create(name=name, slug=name) for name in ("boards", "families")]
    for statement in edition.statements.filter(section__code="A2"):
        statement.topics.set(topics)
    audit = factories.audit(avon, factories.publish(edition, person("team")), by=person("lead"))
    factories.agree(audit, person("lead"), A2_1=0, A2_2=1)

    filled = sign_in("lead").get(address(audit, "A2")).context["page"].form.initial

    assert filled["topics"] == [one.pk for one in topics]


def test_a_section_brings_its_low_statements(sign_in, agreed):
    browser = sign_in("lead")

    browser.post(address(agreed, "A2"), as_sent(browser.get(address(agreed, "A2")).text))

    target = Target.objects.get()
    assert [one.code for one in target.statements.all()] == ["A2.1"]
    assert target.priority == agreed.priorities.get(section__code="A2")
    assert target.title == "Governance: a level up"
    assert target.baseline == f"Agreed at 0, Not started, in {agreed.year_name}"
    assert target.aim_level == 1


def test_several_low_statements_each_say_where_they_are(sign_in, agreed):
    agreed.agreed_ratings.filter(statement__code="A1.2").update(value=0)
    agreed.agreed_ratings.filter(statement__code="A1.3").update(answer="parked", value=None)

    filled = sign_in("lead").get(address(agreed, "A1")).context["page"].form.initial

    assert filled["baseline"] == (
        f"In {agreed.year_name}: A1.1 agreed at 1, First steps; A1.2 agreed at 0, Not started"
    )
    assert filled["aim_level"] == 1


@pytest.mark.parametrize(
    ("answer", "value", "said", "aim"),
    [
        ("level", 4, "Agreed at 4, Embedded, in {}", None),
        ("parked", None, "Agreed as “Parked”, in {}", None),
        ("na", None, "Agreed as “Not applicable”, in {}", None),
    ],
)
def test_the_baseline_says_what_was_agreed(sign_in, agreed, answer, value, said, aim):
    agreed.agreed_ratings.filter(statement__code="A1.2").update(answer=answer, value=value)

    filled = sign_in("lead").get(address(agreed, "A1.2")).context["page"].form.initial

    assert (filled["baseline"], filled["aim_level"]) == (said.format(agreed.year_name), aim)


def test_a_section_with_nothing_low_brings_all_of_it_agreed_or_not(sign_in, agreed):
    agreed.agreed_ratings.filter(statement__section__code="A2").delete()

    filled = sign_in("lead").get(address(agreed, "A2")).context["page"].form.initial

    assert filled["baseline"] == f"In {agreed.year_name}: A2.1 not agreed; A2.2 not agreed"
    assert len(filled["statements"]) == 2


def test_a_statement_serves_the_priority_of_its_section(sign_in, agreed):
    filled = sign_in("lead").get(address(agreed, "A2.2")).context["page"].form.initial

    assert filled["priority"] == agreed.priorities.get(section__code="A2").pk


def test_a_parked_statement_serves_no_priority(sign_in, agreed):
    filled = sign_in("lead").get(address(agreed, "B1.1")).context["page"].form.initial

    assert (filled["priority"], filled["why"]) == (None, "")


@pytest.mark.parametrize("code", ["Z9", "A1.9", "a1.1"])
def test_what_is_not_asked_is_not_there(sign_in, agreed, code):
    assert sign_in("lead").get(address(agreed, code)).status_code == 404


def test_it_goes_into_the_plan_that_follows_from_the_self_assessment(sign_in, agreed, avon, person):
    factories.plan(avon, person("lead"))
    its_own = factories.plan(avon, person("lead"), year=agreed.year + 1, audit=agreed)
    browser = sign_in("lead")

    page = browser.get(address(agreed)).text
    browser.post(address(agreed), as_sent(page))

    assert "starts the draft" not in page
    assert [one.plan for one in Target.objects.all()] == [its_own]


def test_it_goes_into_todays_plan_where_none_follows_from_it(sign_in, agreed, avon, person):
    factories.plan(avon, person("lead"), "closed", year=agreed.year - 1, audit=agreed)
    todays = factories.plan(avon, person("lead"))

    browser = sign_in("lead")
    browser.post(address(agreed), as_sent(browser.get(address(agreed)).text))

    assert [one.plan for one in Target.objects.all()] == [todays]


def test_a_closed_plan_of_this_year_keeps_the_text(sign_in, agreed, avon, person):
    factories.plan(avon, person("lead"), "closed")
    browser = sign_in("lead")

    answer = browser.post(
        address(agreed), as_sent(browser.get(address(agreed)).text, title="Kept words")
    )

    assert answer.status_code == 409
    assert "Your service has a plan for" in answer.text
    assert as_sent(answer.text)["title"] == ["Kept words"]
    assert Target.objects.count() == 0


def test_the_group_waits_until_a_lead_starts_the_plan(sign_in, agreed):
    browser = sign_in("group_member")

    asked = browser.get(address(agreed), follow=True)
    sent = browser.post(address(agreed), as_sent(sign_in("lead").get(address(agreed)).text))

    assert "Your service has no action plan for this year yet: its leads start one." in asked.text
    assert sent.status_code == 409
    assert ActionPlan.objects.count() == Target.objects.count() == 0


def test_the_group_does_not_write_in_a_draft(sign_in, agreed, avon, person):
    plan = factories.plan(avon, person("lead"), audit=agreed)

    answer = sign_in("group_member").get(address(agreed))

    assert (answer.status_code, answer.url) == (302, plan.get_absolute_url())


def test_nothing_is_shown_before_the_totals_are(sign_in, agreed):
    browser = sign_in("lead")
    sent = as_sent(browser.get(address(agreed)).text)
    agreed.totals_shown_at = agreed.totals_shown_by = None
    agreed.save()

    answers = [browser.get(address(agreed)), browser.post(address(agreed), sent)]

    assert [one.status_code for one in answers] == [302, 409]
    assert ActionPlan.objects.count() == 0


# Examples


def test_examples_of_the_statement_and_its_section_are_offered(sign_in, agreed, example):
    page = sign_in("lead").get(address(agreed))

    assert [one.title for one in page.context["suggestion"].examples] == [
        "Do A1.1 of Test set",
        "Do A1 of Test set",
    ]
    assert page.text.count('name="example"') == 3


def test_an_example_fills_the_form_and_keeps_what_else_was_typed(sign_in, agreed, example):
    browser = sign_in("lead")
    page = browser.get(address(agreed)).text

    answer = browser.post(
        address(agreed),
        as_sent(page, example=example.pk, go="example", title="Mine", why="Families said so."),
    )

    sent = as_sent(answer.text)
    assert answer.status_code == 200
    assert {name: sent[name] for name in ("title", "measure", "role", "area", "why")} == {
        "title": ["Do A1.1 of Test set"],
        "measure": ["3 a year"],
        "role": ["Head"],
        "area": [PlanArea.WORKFORCE.value],
        "why": ["Families said so."],
    }
    assert sent["example"] == [str(example.pk)]
    assert Target.objects.count() == 0


def test_an_example_can_stand_in_the_address(sign_in, agreed, example):
    sent = as_sent(sign_in("lead").get(f"{address(agreed)}?example={example.pk}").text)

    assert (sent["title"], sent["example"]) == (["Do A1.1 of Test set"], [str(example.pk)])


@pytest.mark.parametrize("pk", ["x", "0", "987654"])
def test_an_example_that_is_not_offered_changes_nothing(sign_in, agreed, example, pk):
    sent = as_sent(sign_in("lead").get(f"{address(agreed)}?example={pk}").text)

    assert sent["title"] == ["We have A VISION."]


def test_a_chosen_example_is_saved_at_once_where_no_words_were_typed(sign_in, agreed, example):
    browser = sign_in("lead")
    page = browser.get(address(agreed)).text

    browser.post(address(agreed), as_sent(page, example=example.pk))
    browser.post(address(agreed), as_sent(page, example=example.pk, title="Our own words"))

    assert [one.title for one in Target.objects.order_by("pk")] == [
        "Do A1.1 of Test set",
        "Our own words",
    ]


def test_going_back_to_our_own_words(sign_in, agreed, example):
    browser = sign_in("lead")
    page = browser.get(f"{address(agreed)}?example={example.pk}").text

    sent = as_sent(browser.post(address(agreed), as_sent(page, example="", go="example")).text)

    assert (sent["title"], sent["measure"]) == (["We have A VISION."], [""])


# The ways to it


def test_priorities_and_low_statements_link_to_it_for_leads(sign_in, agreed):
    lead, viewer = sign_in("lead"), sign_in("board_viewer")
    pages = [reverse("priorities", args=[agreed.pk]), reverse("results", args=[agreed.pk])]

    links = [
        [code for code in ("A1.1", "A1.2", "A2", "A2.1", "B1.1") if address(agreed, code) in html]
        for html in (lead.get(page).text for page in pages)
    ]

    assert links == [["A1.1", "A2"], ["A1.1", "A2.1", "B1.1"]]
    assert ["Make it a target" in viewer.get(page).text for page in pages] == [False, False]


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [("lead", "Make targets"), ("board_viewer", "What the service acts on this year")],
)
def test_results_of_a_closed_year_lead_on_to_the_plan(sign_in, agreed, name, leads_to):
    html = sign_in(name).get(reverse("results", args=[agreed.pk])).text

    assert leads_to in html
    assert f'href="{reverse("priorities", args=[agreed.pk])}"' in html
    assert f'href="{reverse("plans", args=[agreed.service.slug])}">Go on to the action plan' in html


def test_chosen_priorities_link_to_it_while_the_talk_is_open(sign_in, agreed):
    agreed.closed_at = agreed.closed_by = None
    agreed.save()
    page = reverse("priorities", args=[agreed.pk])

    shown = sign_in("lead").get(page).text
    agreed.totals_shown_at = agreed.totals_shown_by = None
    agreed.save()
    hidden = sign_in("lead").get(page).text

    assert (address(agreed) in shown, address(agreed) in hidden) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_two_first_targets_at_once_share_one_plan(sign_in, agreed, at_once):
    browsers = [sign_in("lead"), sign_in("inclusion_lead")]
    sent = [as_sent(one.get(address(agreed)).text) for one in browsers]

    at_once(*[lambda n=n: browsers[n].post(address(agreed), sent[n]) for n in (0, 1)])

    assert ActionPlan.objects.count() == 1
    assert [one.reference for one in Target.objects.in_order()] == ["LS-1", "LS-2"]
