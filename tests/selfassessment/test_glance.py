"""Areas at a glance say what the results say, in one query."""

from __future__ import annotations

import pytest

from selfassessment import glance, results
from selfassessment.models import Audit, Scope
from tests import factories


@pytest.fixture
def earlier(avon, questionnaire, person):
    made = factories.audit(avon, questionnaire, person("lead"), year=2020)
    factories.agree(made, person("lead"), A1_1=1, A1_2="na", B1_1=0)
    return made


def as_results(audit):
    return [
        (
            area.area.name,
            area.score.answered,
            area.score.statements,
            area.score.percent,
            area.was.percent if area.was else None,
        )
        for area in results.read(audit).scores.areas
    ]


@pytest.mark.parametrize("scope", Scope.values)
def test_areas_are_those_of_the_results(audit, earlier, person, scope, django_assert_num_queries):
    audit.scope = earlier.scope = scope
    audit.save()
    earlier.save()
    factories.agree(audit, person("lead"), A1_1=3, A1_2=2, A1_3="parked", A2_1="na", B1_1=1)

    with django_assert_num_queries(1):
        areas = glance.by_area(audit, earlier)

    shown = [(a.name, a.answered, a.statements, a.percent, a.was) for a in areas]
    assert shown == as_results(audit)


def test_nothing_is_said_while_totals_are_hidden(audit, person):
    factories.agree(audit, person("lead"), shown=False, A1_1=3)

    assert glance.by_area(audit, None) == []


def test_without_a_year_before_there_is_no_figure_of_it(audit, person):
    factories.agree(audit, person("lead"), A1_1=4)

    assert [(one.percent, one.was) for one in glance.by_area(audit, None)] == [
        (100, None),
        (None, None),
    ]


def test_the_year_before_follows_the_same_rule_as_the_results(
    audit, earlier, avon, questionnaire, person
):
    lead = person("lead")
    hidden = factories.audit(avon, questionnaire, lead, year=2022)
    quick = factories.audit(avon, questionnaire, lead, year=2021, scope=Scope.QUICK)
    factories.agree(quick, lead, A1_1=1)
    other = factories.questionnaire(by=person("team"), name="Another")
    elsewhere = factories.audit(avon, other, lead, year=2023)
    factories.agree(elsewhere, lead, A1_1=1)
    factories.agree(audit, lead, A1_1=1)
    audits = [audit, elsewhere, hidden, quick, earlier]

    assert glance.before(audit, audits) == Audit.objects.before(audit).first() == earlier
    assert glance.before(quick, audits) == Audit.objects.before(quick).first()
    assert glance.before(earlier, audits) is None
