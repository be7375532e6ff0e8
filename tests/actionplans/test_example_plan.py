"""The example plan: whole, good by our own advice, and the same wherever the portal runs."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from actionplans import eastmere, smart
from actionplans.eastmere import EXAMPLES, NOT_ACTING, REMARKS
from actionplans.example_plan import PLAN, TODAY
from actionplans.models import ActionPlan, Target
from selfassessment.models import PlanArea
from selfassessment.questionnaires import imports
from tests.conftest import PEOPLE

FILLED = (
    *("title", "detail", "measure", "baseline", "start_value", "aim_value", "unit", "steps"),
    *("resources", "cost", "funding", "why", "heard", "young_people", "starts_on", "due_on"),
    *("role", "helpers", "barriers"),
)


def test_five_targets_in_four_areas_and_one_decision_not_to_act():
    assert len(EXAMPLES) == 5
    assert {one.target.area for one in EXAMPLES} == set(PlanArea.values)
    assert not NOT_ACTING.target.acts


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.target.reference)
def test_every_part_is_filled_in(one):
    blank = [name for name in FILLED if getattr(one.target, name) in (None, "", [])]

    assert blank == []
    assert one.statements
    assert len(one.steps) >= 3
    assert len(one.notes) in {2, 3}
    assert any(note.young_people for note in one.notes)
    assert len(one.remarks) == 3


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.target.reference)
def test_our_own_advice_has_nothing_to_say(one):
    others = [other.draft for other in EXAMPLES if other is not one]

    assert smart.lint_beside(one.draft, others) == ()


def test_nor_of_the_plan_as_a_whole():
    assert smart.lint_plan([one.draft for one in (*EXAMPLES, NOT_ACTING)]) == ()


def test_the_remarks_answer_every_piece_of_advice():
    remarks = [*REMARKS, *(remark for one in (*EXAMPLES, NOT_ACTING) for remark in one.remarks)]
    plan_codes = {"last_day", "one_owner", "too_many", "no_target"}

    answered = {code for remark in remarks for code in remark.answers}

    assert answered == {rule.__name__ for rule in smart.RULES} | plan_codes


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.target.reference)
def test_it_fits_its_fields_and_its_own_dates(one):
    one.target.clean_fields(exclude=["plan", "changed_by"])
    for step in one.steps:
        step.clean_fields(exclude=["target"])
    for note in one.notes:
        note.clean_fields(exclude=["target", "written_by"])
    happened = [
        *(note.noted_on for note in one.notes),
        *(step.done_on for step in one.steps if step.done_on),
    ]

    assert max(happened) <= TODAY
    assert [note.noted_on for note in one.told] == sorted(note.noted_on for note in one.told)
    assert PLAN.starts_on <= one.target.starts_on < one.target.due_on < PLAN.ends_on


def test_it_shows_how_targets_really_stand():
    assert [one.progress.standing for one in EXAMPLES] == [
        *("On course", "On course", "Done", "Late", "On course")
    ]


def test_its_statements_are_in_the_set_that_ships():
    shipped = imports.SHIPPED_STATEMENTS.read_text(encoding="utf-8")
    codes = set(re.findall(r"^([A-C]\d\.\d),", shipped, re.MULTILINE))

    assert {code for one in (*EXAMPLES, NOT_ACTING) for code, _ in one.statements} <= codes


@pytest.mark.parametrize("name", PEOPLE)
def test_anybody_signed_in_reads_it(sign_in, avon, name):
    page = sign_in(name).get(reverse("plan_example")).text

    assert "Eastmere Music Hub does not exist." in page
    assert [one.target.title for one in EXAMPLES if one.target.title not in page] == []
    assert "We will not open a second group this year" in page
    assert not ActionPlan.objects.exists()
    assert not Target.objects.exists()


def test_a_visitor_signs_in_first(client, db):
    assert client.get(reverse("plan_example")).url.startswith("/account/login/")


def test_it_reads_nothing_but_who_is_there(sign_in, avon, django_assert_num_queries):
    browser = sign_in("lead")
    browser.get(reverse("plan_example"))

    with django_assert_num_queries(3):
        page = browser.get(reverse("plan_example"))

    assert reverse("plans", args=[avon.slug]) in page.text


def test_nobody_real_is_named():
    assert PLAN.service.is_fictional
    assert {note.written_by.name for one in EXAMPLES for note in one.notes} == {
        one.target.role for one in EXAMPLES
    }
    assert {area for area, _ in eastmere.by_area()} == {
        value.replace("'", "’") for value in PlanArea.values
    }
