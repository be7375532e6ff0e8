"""Did it move? Levels before and after, target by target, and what moved without one."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from actionplans.following import moved
from actionplans.following.moved import Groups, direction
from actionplans.models import Target
from portal.years import academic_year
from selfassessment.models import Statement
from tests import factories

NEXT = academic_year(timezone.localdate()) + 1


def by_title(groups: Groups) -> dict[str, list[str]]:
    """The groups that hold something, by the titles of their targets."""
    names = ("moved", "done_only", "still_open", "not_acted", "unknown")
    found = {name: [line.target.title for line in getattr(groups, name)] for name in names}
    without = [one.statement.code for one in groups.without_target]
    return {name: held for name, held in {**found, "without_target": without}.items() if held}


@pytest.fixture
def next_year(agreed, avon, person):
    """The self-assessment of the year after: A1.1 up, A1.2 down, A1.3 as it was, A2.1 not rated."""
    audit = factories.audit(avon, agreed.questionnaire, person("lead"), year=NEXT)
    factories.agree(audit, person("lead"), A1_1=3, A1_2=2, A1_3=2, A2_2=3, B1_1=1, B1_2="na")
    return audit


@pytest.fixture
def targets(plan, person):
    """One target of each fate, about the statement its title names."""

    def made(statements: str, **fields: object) -> Target:
        title = f"{statements} {fields.get('status', 'open')}"
        return factories.target(plan, person("lead"), title, statements=statements, **fields)

    made("A1.1", aim_level=4)
    made("A1.2")
    made("A1.3", status="done")
    made("A1.1 A1.2", status="done")
    made("A1.1", status="dropped")
    made("A1.3", no_action_reason="No money.")
    made("A2.1")
    made("B1.2")
    made("")
    return plan


def test_targets_are_grouped_by_what_became_of_their_statements(targets, next_year):
    groups = moved.read(targets).groups

    assert by_title(groups) == {
        "moved": ["A1.1 open", "A1.1 A1.2 done"],
        "done_only": ["A1.3 done"],
        "still_open": ["A1.2 open"],
        "not_acted": ["A1.1 dropped", "A1.3 open"],
        "unknown": ["A2.1 open", "B1.2 open", " open"],
        "without_target": ["A2.2"],
    }


def test_each_statement_says_both_levels_and_what_lies_between(targets, next_year):
    page = moved.read(targets)

    said = {line.target.title: [one.track.words for one in line.statements] for line in page.moved}
    assert said == {
        "A1.1 open": ["Before 1, First steps. After 3, In place. Up 2 levels. Aim 4, Embedded."],
        "A1.1 A1.2 done": [
            "Before 1, First steps. After 3, In place. Up 2 levels.",
            "Before 3, In place. After 2, Developing. Down 1 level.",
        ],
    }
    assert [one.track.words for line in page.done_only for one in line.statements] == [
        "Before 2, Developing. After 2, Developing. No movement."
    ]
    assert [one.track.words for line in page.unknown for one in line.statements] == [
        f"Agreed at 0, Not started. Not rated in {next_year.year_name}.",
        f"Agreed at 4, Embedded. Not rated in {next_year.year_name}.",
    ]
    track = page.moved[0].statements[0].track
    assert (track.was, track.now, track.aim) == (25, 75, 100)


@pytest.mark.parametrize(
    ("by", "words"),
    [(0, "No movement."), (1, "Up 1 level."), (2, "Up 2 levels."), (-1, "Down 1 level.")],
)
def test_a_difference_is_said_in_words(by, words):
    assert direction(by) == words


def test_a_statement_first_rated_after_says_so(agreed, plan, next_year, person):
    first = Statement.objects.get(questionnaire=agreed.questionnaire, code="A2.1")
    factories.agree(next_year, person("lead"), A2_1=2)
    agreed.agreed_ratings.filter(statement=first).delete()

    levels = moved.read_levels(plan)

    assert levels.line(levels.of(first)).track.words == (
        f"Not rated in {agreed.year_name}. Now 2, Developing."
    )


def test_a_statement_without_any_level_has_an_empty_track(agreed, plan):
    agreed.agreed_ratings.all().delete()
    statement = Statement.objects.filter(questionnaire=agreed.questionnaire).first()
    levels = moved.read_levels(plan)

    line = levels.line(levels.of(statement))

    assert (line.has_level, line.track.was, line.track.now) == (False, None, None)
    assert line.track.words == "No agreed level."


# Which years are put beside each other


def test_after_is_the_next_year_whose_totals_are_shown(agreed, plan, next_year, avon, person):
    factories.audit(
        *(avon, agreed.questionnaire, person("lead")), year=NEXT + 1, **shown(person("lead"))
    )

    assert moved.read_levels(plan).after_audit == next_year


def shown(by) -> dict[str, object]:
    now = timezone.now()
    stages = ("talk_opened", "totals_shown")
    return {f"{one}_at": now for one in stages} | {f"{one}_by": by for one in stages}


def test_levels_of_another_questionnaire_are_never_put_beside_these(plan, avon, person, sign_in):
    other = factories.questionnaire(by=person("team"), edition=2)
    later = factories.audit(avon, other, person("lead"), year=NEXT)
    factories.agree(later, person("lead"), A1_1=4)

    levels = moved.read_levels(plan)

    assert (levels.after_audit, levels.elsewhere, dict(levels.after)) == (None, later, {})
    page = sign_in("board_viewer").get(reverse("plan_moved", args=[plan.pk]))
    assert "on another questionnaire" in page.text


def test_nobody_elses_year_is_put_beside_it(plan, agreed, bute, person):
    theirs = factories.audit(bute, agreed.questionnaire, person("outsider"), year=NEXT)
    factories.agree(theirs, person("outsider"), A1_1=4)

    assert moved.read_levels(plan).after_audit is None


def test_nothing_is_read_of_a_year_whose_totals_are_hidden(plan, next_year):
    next_year.totals_shown_at = next_year.totals_shown_by = None
    next_year.save()

    assert moved.read_levels(plan).after_audit is None


def test_nothing_is_read_where_the_year_before_was_opened_again(plan, agreed, next_year):
    agreed.totals_shown_at = agreed.totals_shown_by = None
    agreed.save()
    plan.refresh_from_db()

    assert moved.read(plan) == moved.Moved(moved.Levels(), Groups())


# The page


def page(browser, plan):
    return browser.get(reverse("plan_moved", args=[plan.pk]))


def test_the_page_has_each_group_and_says_that_movement_is_no_proof(sign_in, targets, next_year):
    answer = page(sign_in("board_viewer"), targets)

    headings = ["Acted on, and moved", "Done, without movement", "Still open, not moved yet"]
    headings += ["Dropped, or not acted on", "Cannot be told", "Moved without a target"]
    assert [one for one in headings if one not in answer.text] == []
    assert "Movement is not proof." in answer.text


def test_without_a_later_year_the_page_says_what_it_waits_for(sign_in, plan):
    answer = page(sign_in("lead"), plan)

    assert "No later self-assessment yet" in answer.text
    assert "Movement is not proof." not in answer.text


def test_a_plan_from_no_self_assessment_has_nothing_to_compare(sign_in, avon, person):
    answer = page(sign_in("lead"), factories.plan(avon, person("lead"), "under_way"))

    assert "Nothing to compare with" in answer.text


def test_a_year_opened_again_has_no_levels_to_show(sign_in, plan, agreed):
    agreed.totals_shown_at = agreed.totals_shown_by = None
    agreed.save()

    assert "Not agreed yet" in page(sign_in("lead"), plan).text


def test_an_empty_plan_without_movement_says_so(sign_in, plan, agreed, avon, person):
    later = factories.audit(avon, agreed.questionnaire, person("lead"), year=NEXT)
    factories.agree(later, person("lead"), A1_1=1)

    assert "Nothing to show" in page(sign_in("lead"), plan).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_one_target_as_for_three(
    sign_in, plan, next_year, person, count, django_assert_num_queries
):
    for _ in range(count):
        factories.target(plan, person("lead"), statements="A1.1 A1.2")
    browser = sign_in("board_viewer")
    page(browser, plan)

    with django_assert_num_queries(11):
        page(browser, plan)
