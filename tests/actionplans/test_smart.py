"""The lint: what it advises on, what it leaves alone, and why; no text breaks it."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans import examples, smart
from actionplans.models import Target
from actionplans.planning import suggestions
from actionplans.quantities import has_quantity
from actionplans.smart import Draft, Finding
from actionplans.verbs import looking_verb, never_ends
from tests import factories
from tests.factories import HOSTILE

END = dt.date(2026, 8, 31)
GOOD = Draft(
    title="Set up a paid young advisers’ group",
    measure="8 members from 4 settings meet each term",
    baseline="No such group",
    due_on=dt.date(2026, 6, 30),
    role="Youth voice coordinator",
    statements=frozenset({"1"}),
    last_day=END,
)
EXAMPLES = examples.SHIPPED


def codes(draft: Draft) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in smart.lint(draft)]


def test_a_smart_target_needs_no_advice():
    assert smart.lint(GOOD) == ()


def test_a_blank_target_is_told_all_it_lacks():
    assert codes(Draft()) == [
        ("measure", "no_number"),
        ("baseline", "no_baseline"),
        ("statements", "no_finding"),
        ("due_on", "no_date"),
        ("role", "no_owner"),
    ]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"title": "Review the tutor advert"}, [("title", "looks_only")]),
        ({"title": "Ongoing support for tutors"}, [("title", "ongoing")]),
        ({"measure": "Continuous training, 3 times"}, [("measure", "ongoing")]),
        (
            {"due_on": None, "no_date_reason": "As and when there is money"},
            [("no_date_reason", "ongoing")],
        ),
        ({"measure": "More tutors take part"}, [("measure", "no_number")]),
        ({"measure": " "}, [("measure", "no_number")]),
        ({"baseline": " "}, [("baseline", "no_baseline")]),
        ({"statements": frozenset()}, [("statements", "no_finding")]),
        ({"due_on": None}, [("due_on", "no_date")]),
        ({"role": " "}, [("role", "no_owner")]),
    ],
)
def test_each_rule_finds_its_fault(changed, found):
    assert codes(replace(GOOD, **changed)) == found


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Review and rewrite the tutor advert"},
        {"title": "Rewrite the review form"},
        {"measure": "More tutors take part", "has_numbers": True},
        {"baseline": "", "has_start": True},
        {"statements": frozenset(), "priority": "7"},
        {"statements": frozenset(), "why": "Exit interviews said so."},
        {"due_on": None, "no_date_reason": "The hall opens when the builders leave."},
        {"role": "", "owner": "3"},
        {"role": "", "no_owner_reason": "The post is advertised."},
    ],
)
def test_each_rule_leaves_the_honest_way_out_alone(changed):
    assert codes(replace(GOOD, **changed)) == []


def test_a_decision_not_to_act_is_complete_with_its_reason():
    assert smart.lint(Draft(no_action_reason="The council does this.")) == ()
    assert smart.lint_beside(Draft(no_action_reason="The council does this."), [GOOD] * 5) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("80%", "≥70% attendance", "2000 pupils", "£15 a meeting", "from 4 to 12", "12.5 hours"),
        *("eight members", "half of the tutors", "two-thirds", "a third of them", "twice a term"),
        *("all tutors", "a note each term", "yearly table", "3 of 4 by 2 July", "½ of them"),
        *("at least 10 may come", "One page that 9 of 10 know", "nobody waits", "a dozen schools"),
    ],
)
def test_what_can_be_counted_is_a_quantity(text):
    assert has_quantity(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "More tutors take part", "2 July", "by 2 July 2026", "July 2026", "May 2026"),
        *("12/03/2026", "2026-03-12", "In 2025/26", "2025–26", "by 2026", "2026", "summer 2026"),
        *("A6.1", "WD-3", "statement A6.1 moves", "KS2 pupils", "Key Stage 2", "Year 6 pupils"),
        *(
            "see page 4",
            "aged 11 to 18",
            "11–18 year-olds",
            "at 3pm",
            "at 10:30",
            "the 3rd meeting",
        ),
        *("1. Hold groups\n2. Write it up", "https://example.org/12", "Covid-19", "half term"),
        *("no one is left out", "they help each other", "not at all", "all year", "one-off event"),
    ],
)
def test_days_codes_and_names_are_none(text):
    assert not has_quantity(text)


@pytest.mark.parametrize(
    ("title", "verb"),
    [
        ("Review the policy", "review"),
        ("To review the policy", "review"),
        ("WD-3 Consider funding", "consider"),
        ("We will explore options", "explore"),
        ("Looking into fees", "looking into"),
        ("Review of recruitment", "review"),
        ("Carry out a full and thorough review", "review"),
        ("Conduct an annual equality audit", "audit"),
        ("Discuss and explore", "discuss"),
        ("Review policies and procedures", "review"),
    ],
)
def test_a_verb_that_only_looks_is_named(title, verb):
    assert looking_verb(title) == verb


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Ask all tutors about skills",
        "Review the advert and rewrite it",
        "Investigate, then publish what was found",
        "Start half-termly paid reflection groups",
        "Compare pupils with the area",
        "Reviewers from two schools join the panel",
    ],
)
def test_a_verb_that_does_something_passes(title):
    assert looking_verb(title) == ""


def test_words_without_an_end_are_quoted_as_they_are():
    assert never_ends("Support is On-going here") == "on-going"
    assert never_ends("where  possible") == "where possible"
    assert never_ends("Monthly, January to July") == ""


def test_every_example_that_ships_would_pass():
    rows = list(csv.DictReader(EXAMPLES.read_text().splitlines()))

    faults = [
        (row["title"], one.code)
        for row in rows
        for one in smart.lint(
            replace(GOOD, title=row["title"], measure=row["measure"], role=row["role"])
        )
    ]

    assert len(rows) > 12
    assert faults == []


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_it(title, measure, reason):
    found = smart.lint(
        Draft(title=title, measure=measure, no_date_reason=reason, no_owner_reason=reason)
    )

    assert {one.field for one in found} <= set(smart.ADVISED)


@pytest.mark.parametrize("text", HOSTILE)
def test_advice_repeats_no_text_but_its_own_words(text):
    found = smart.lint(Draft(title=text, measure=text, baseline=text, role=text))

    assert [one.text for one in found if text in one.text] == []


@given(st.integers(0, 10**9))
def test_a_figure_counts_a_code_with_it_does_not(figure):
    assert has_quantity(f"{figure} pupils")
    assert not has_quantity(f"A{figure}")


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_no_day_is_a_quantity(day):
    written = [
        day.isoformat(),
        f"{day:%-d %B %Y}",
        f"{day:%-d %B}",
        f"{day:%B %Y}",
        f"{day:%d/%m/%Y}",
    ]

    assert [text for text in written if has_quantity(f"done by {text}")] == []


# Among others


def test_due_on_the_last_day_is_said_where_most_are():
    late = replace(GOOD, due_on=END)
    others = [replace(GOOD, due_on=END, role=f"Role {n}") for n in range(3)]

    assert [one.code for one in smart.lint_beside(late, others)] == ["last_day"]
    assert smart.lint_beside(late, others[:2]) == ()
    assert smart.lint_beside(replace(GOOD, role="Another"), others) == ()
    assert smart.lint_beside(late, [replace(one, due_on=GOOD.due_on) for one in others]) == ()


def test_one_owner_of_most_is_said_to_whoever_adds_to_it():
    mine = replace(GOOD, role="Inclusion  Lead")
    others = [replace(GOOD, role="inclusion lead")] * 2 + [replace(GOOD, role="Head")]

    assert [(one.field, one.code) for one in smart.lint_beside(mine, others)] == [
        ("role", "one_owner")
    ]
    assert smart.lint_beside(replace(GOOD, role="Data officer"), others) == ()


def test_a_plan_is_told_what_its_targets_have_in_common():
    drafts = [replace(GOOD, due_on=END)] * 5

    assert [one.code for one in smart.lint_plan(drafts)] == ["last_day", "one_owner"]
    assert smart.lint_plan(drafts[:3]) == ()


def test_more_targets_than_a_service_can_carry():
    drafts = [replace(GOOD, role=f"Role {n}") for n in range(16)]
    not_acting = Draft(no_action_reason="Not ours")

    assert [one.code for one in smart.lint_plan(drafts)] == ["too_many"]
    assert smart.lint_plan([*drafts[:15], not_acting]) == ()


def test_a_priority_without_a_target_is_named():
    statement, section = Finding("1", "A1.1", frozenset({"11"})), Finding("2", "A2", frozenset("3"))
    by_key = replace(GOOD, priority="1", statements=frozenset())
    by_statement = replace(GOOD, statements=frozenset({"3"}))

    assert [one.code for one in smart.lint_plan([GOOD], [statement])] == ["no_target"]
    assert "A1.1" in smart.lint_plan([GOOD], [statement])[0].text
    assert smart.lint_plan([by_key, by_statement], [statement, section]) == ()


def test_a_decision_not_to_act_answers_a_priority():
    refused = Draft(priority="1", no_action_reason="The council does this.")

    assert smart.lint_plan([refused], [Finding("1", "A1.1")]) == ()


# Saved targets


def test_a_saved_target_is_linted_by_what_it_says(target, django_assert_num_queries):
    found = Target.objects.with_plan().with_parts().get(pk=target.pk)

    with django_assert_num_queries(0):
        passes, share = smart.passes(found), smart.share_passing([found])

    assert (passes, share) == (True, 100)


def test_the_share_leaves_out_what_was_dropped_or_refused(plan, target, person):
    lead = person("lead")
    factories.target(plan, lead, "Something")
    factories.target(plan, lead, "Gone", status="dropped")
    factories.target(plan, lead, "Not ours", no_action_reason="The council does this.")

    assert smart.share_passing(plan.targets.with_parts()) == 50
    assert smart.share_passing([]) is None


def test_findings_are_the_priorities_with_their_statements(agreed, django_assert_num_queries):
    by_code = {one.code: str(one.pk) for one in agreed.statements()}

    with django_assert_num_queries(2):
        found = suggestions.findings(agreed)

    assert [(one.name, one.statements) for one in found] == [
        ("A1.1", {by_code["A1.1"]}),
        ("A2", {by_code["A2.1"], by_code["A2.2"]}),
    ]
