"""Years as series: joined where that is true, and nowhere else."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.templatetags.trends import LEAST_YEAR, Mark, Stretch, Turn, across, apart, labelled
from selfassessment.models import (
    AgreedRating,
    Area,
    Audit,
    EditionMapping,
    Level,
    Questionnaire,
    Scope,
    Section,
    Statement,
)
from selfassessment.questionnaires.mapping import Continuity
from selfassessment.years.joins import Year
from selfassessment.years.last_year import last_year
from selfassessment.years.looking_back import read_trend
from selfassessment.years.trend import runs_of
from tests import factories

NEXT = [
    ("A", "A1", "Vision and leadership", ["A VISION that lives", "leaders", "words"]),
    ("A", "A2", "Governance", ["A BOARD"]),
    ("B", "B1", "Policy", ["A POLICY", "checks", "dates"]),
]


@pytest.fixture
def year(avon, questionnaire, person):
    """`year(2024, A1_1=3)`: a year of Avon with what was agreed in it, totals shown."""

    def made(number: int, edition=None, scope=Scope.WHOLE, shown=True, **agreed) -> Audit:
        audit = factories.audit(
            avon, edition or questionnaire, by=person("lead"), year=number, scope=scope
        )
        factories.agree(audit, person("lead"), shown=shown, **agreed)
        return audit

    return made


@pytest.fixture
def second(questionnaire, person):
    """Edition 2: A1.1 reworded, A2.2 dropped, B1.3 new. Nobody has compared it yet."""
    return factories.questionnaire(by=person("team"), edition=2, parts=NEXT)


@pytest.fixture
def reviewed(questionnaire, second, person):
    return factories.mapping(questionnaire, second, by=person("team"), reviewed=True)


def the_run(avon):
    (run,) = read_trend(avon).runs
    return run


def test_a_year_pools_its_statements_by_part(avon, year):
    year(2024, A1_1=4, A1_2=0, A2_1=4, B1_1=1)

    run = the_run(avon)

    assert run.whole.scores[0].percent == 56  # 9 of 16
    assert [(area.name, area.scores[0].percent) for area in run.areas] == [
        ("Embedding inclusion", 67),
        ("Your policies", 25),
    ]
    assert [s.scores[0].percent for area in run.areas for s in area.sections] == [50, 100, 25]


def test_years_on_one_edition_are_joined(avon, year):
    year(2024, A1_1=1)
    year(2025, A1_1=3)

    chart = the_run(avon).whole.chart

    assert chart.stretches == [Stretch(0, 1, 25, 75)]
    assert chart.turns == []
    assert chart.label == "The whole: 25% in 2024/25, 75% in 2025/26."


def test_a_year_in_between_keeps_its_place(avon, year):
    year(2022, A1_1=1)
    year(2025, A1_1=3)

    chart = the_run(avon).whole.chart

    assert chart.years == ["22/23", "23/24", "24/25", "25/26"]
    assert chart.marks == [Mark(0, 25), Mark(3, 75)]


def test_a_change_of_edition_is_a_gap_with_a_word_why(avon, year, second, sign_in):
    year(2024, A1_1=1)
    year(2025, edition=second, A1_1=3)

    run = the_run(avon)
    page = sign_in("board_viewer").get(reverse("trend", args=[avon.slug])).text

    assert run.whole.chart.stretches == []
    assert run.whole.chart.turns == [Turn(0, 1, "edition 2")]
    assert "Here the line has a gap: edition 2: new wording." in page


def test_a_mapping_that_is_not_reviewed_joins_nothing(avon, year, second, questionnaire, person):
    factories.mapping(questionnaire, second, by=person("team"))
    year(2024, A1_1=1)
    year(2025, edition=second, A1_1=3)

    assert the_run(avon).whole.chart.stretches == []


def test_a_reviewed_mapping_joins_what_goes_on_and_that_alone(
    avon, year, second, reviewed, sign_in
):
    year(2024, A1_1=2, A2_1=2, A2_2=4, B1_1=2)
    year(2025, edition=second, A1_1=3, A2_1=3, B1_1=3, B1_3=0)

    run = the_run(avon)
    page = sign_in("board_viewer").get(reverse("trend", args=[avon.slug])).text

    # The marks are each year's own: 10 of 16, then 9 of 16. What goes on: 6 of 12, then 9 of 12.
    assert run.whole.chart.marks == [Mark(0, 63), Mark(1, 56)]
    assert run.whole.chart.stretches == [Stretch(0, 1, 50, 75, carried=True)]
    assert run.steps[0].count == "6 of 7 statements"
    assert "The line is joined on 6 of 7 statements" in page


def test_each_area_is_joined_on_its_own_statements(avon, year, second, reviewed):
    year(2024, A2_1=2, A2_2=4, B1_1=1)
    year(2025, edition=second, A2_1=3, B1_1=2, B1_3=4)

    first, other = the_run(avon).areas

    assert first.chart.stretches == [Stretch(0, 1, 50, 75, carried=True)]
    assert other.chart.stretches == [Stretch(0, 1, 25, 50, carried=True)]
    assert (other.carried[0].statements, other.carried[0].asked) == (2, 3)


def test_a_statement_in_another_area_is_counted_there_on_both_sides(
    avon, year, questionnaire, person
):
    moved = [
        ("A", "A1", "Vision and leadership", ["A VISION", "leaders"]),
        ("B", "B1", "Policy", ["A POLICY", "words"]),
    ]
    second = factories.questionnaire(by=person("team"), edition=2, parts=moved)
    factories.mapping(questionnaire, second, by=person("team"), reviewed=True)
    mapping = EditionMapping.objects.get()
    mapping.lines.filter(new__code="B1.2").delete()
    mapping.lines.filter(old__code="A1.3").update(
        became="unchanged", new=Statement.objects.get(questionnaire=second, code="B1.2")
    )
    year(2024, A1_1=4, A1_3=1)
    year(2025, edition=second, A1_1=4, B1_2=2)

    policies = the_run(avon).areas[1]

    assert policies.chart.stretches == [Stretch(0, 1, 25, 50, carried=True)]


def test_another_scale_is_never_joined(avon, year, questionnaire, person, sign_in):
    second = factories.questionnaire(by=person("team"), edition=2, levels=factories.THREE_POINT)
    factories.mapping(questionnaire, second, by=person("team"), reviewed=True)
    year(2024, A1_1=1)
    year(2025, edition=second, A1_1=3)

    run = the_run(avon)

    assert run.whole.chart.stretches == []
    assert run.steps[0].why == "edition 2 has another scale"


def test_a_quick_check_and_a_whole_never_share_a_line(avon, year):
    year(2024, scope=Scope.QUICK, A1_1=1)
    year(2025, A1_1=3)

    runs = read_trend(avon).runs

    assert [(run.scope, len(run.years)) for run in runs] == [
        ("The whole questionnaire", 1),
        ("The quick check", 1),
    ]


def test_two_questionnaires_never_share_a_line(avon, year, person):
    other = factories.questionnaire(by=person("team"), name="Another set")
    year(2024, A1_1=1)
    year(2025, edition=other, A1_1=3)

    assert [run.name for run in read_trend(avon).runs] == ["Another set", "Test set"]


def test_a_year_whose_totals_are_not_shown_is_not_there(avon, year, sign_in):
    year(2024, A1_1=1)
    year(2025, shown=False, A1_1=3)

    page = sign_in("lead").get(reverse("trend", args=[avon.slug])).text

    assert [one.audit.year for one in the_run(avon).years] == [2024]
    assert "75%" not in page


def test_ratings_of_people_are_not_in_it(avon, audit, response, person):
    factories.rate(response, "A1.2", 0)
    factories.agree(audit, person("lead"), A1_1=4)

    assert the_run(avon).whole.scores[0].percent == 100


def test_of_two_in_one_year_the_one_started_last_stands(avon, year):
    first = year(2025, A1_1=1)
    Audit.objects.filter(pk=first.pk).update(
        closed_at=timezone.now(),
        closed_by=first.started_by,
        started_at=timezone.now() - dt.timedelta(days=90),
    )
    year(2025, A1_1=3)

    assert the_run(avon).whole.chart.marks == [Mark(0, 75)]


def test_parked_and_not_applicable_never_enter_a_line(avon, year):
    year(2024, A1_1=3, A1_2="parked", A2_1="na")

    score = the_run(avon).whole.scores[0]

    assert (score.percent, score.rated, score.parked, score.not_applicable) == (75, 1, 1, 1)


def test_a_part_that_another_edition_does_not_have_was_not_asked(avon, year, person, sign_in):
    second = factories.questionnaire(
        by=person("team"), edition=2, parts=[NEXT[0], ("C", "C1", "Range", ["a range"])]
    )
    year(2024, A1_1=1, B1_1=2)
    year(2025, edition=second, A1_1=3, C1_1=1)

    run = the_run(avon)
    page = sign_in("lead").get(reverse("trend", args=[avon.slug])).text

    assert [
        (area.name, [score and score.percent for score in area.scores]) for area in run.areas
    ] == [("Embedding inclusion", [25, 75]), ("C", [None, 25]), ("Your policies", [50, None])]
    assert "Not asked" in page


def test_without_a_year_the_page_says_when_one_appears(avon, sign_in):
    page = sign_in("lead").get(reverse("trend", args=[avon.slug])).text

    assert "No year to show yet" in page
    assert "Bring in past totals" in page


def test_one_year_says_that_the_line_begins_with_the_next(avon, year, sign_in):
    year(2024, A1_1=1)

    page = sign_in("lead").get(reverse("trend", args=[avon.slug])).text

    assert "One year so far." in page


@pytest.mark.parametrize("years", [1, 3, 10])
def test_ten_years_take_as_many_queries_as_one(avon, year, second, reviewed, sign_in, years):
    for number in range(years):
        year(2016 + number, A1_1=1)
    year(2016 + years, edition=second, A1_1=2)
    factories.baseline(avon, by=Audit.objects.first().started_by)
    browser = sign_in("lead")

    with CaptureQueriesContext(connection) as captured:
        browser.get(reverse("trend", args=[avon.slug]))

    assert len(captured) == 12


# Last year beside this one


def test_last_year_goes_on_by_the_statements_of_this_edition(avon, year, second, reviewed, person):
    year(2024, A1_1=2, A2_1="parked", A2_2=4)
    this = factories.audit(avon, second, by=person("lead"), year=2025)

    found = last_year(this)

    codes = dict(Statement.objects.filter(questionnaire=second).values_list("pk", "code"))
    assert {codes[pk]: rating.choice for pk, rating in found.said.items()} == {
        "A1.1": "2",
        "A2.1": "parked",
    }


@pytest.mark.parametrize(
    "earlier", [{"shown": False}, {"scope": Scope.QUICK}], ids=["not shown", "a quick check"]
)
def test_last_year_does_not_go_on_where_it_may_not(avon, year, second, reviewed, person, earlier):
    year(2024, A1_1=2, **earlier)
    this = factories.audit(avon, second, by=person("lead"), year=2025)

    assert last_year(this) is None


def test_last_year_does_not_go_on_without_a_review(avon, year, second, questionnaire, person):
    factories.mapping(questionnaire, second, by=person("team"))
    year(2024, A1_1=2)
    this = factories.audit(avon, second, by=person("lead"), year=2025)

    assert last_year(this) is None


def test_another_services_year_never_goes_on(bute, year, second, reviewed, person):
    year(2024, A1_1=2)
    this = factories.audit(bute, second, by=person("outsider"), year=2025)

    assert last_year(this) is None


def test_a_statement_that_goes_on_has_last_years_ghost_and_the_totals_stay_apart(
    sign_in, avon, year, second, reviewed, person
):
    year(2024, A1_1=2)
    this = factories.audit(avon, second, by=person("lead"), year=2025)
    browser = sign_in("lead")

    section = browser.get(reverse("section", args=[this.pk, "A1"])).text
    factories.agree(this, person("lead"), A1_1=3)
    results = browser.get(reverse("results", args=[this.pk])).context["results"]

    assert '<span class="vh">agreed in </span>2024/25' in section
    assert (results.scores.score.percent, results.earlier) == (75, None)


@pytest.mark.parametrize("route", ["agree", "meeting_statement"])
def test_what_goes_on_is_the_ghost_where_the_service_agrees(
    sign_in, avon, year, second, reviewed, person, route
):
    year(2024, A1_1=2, A2_1="parked")
    this = factories.audit(avon, second, by=person("lead"), year=2025)
    factories.open_talk(this, person("lead"))
    browser = sign_in("lead")

    level = browser.get(reverse(route, args=[this.pk, "A1.1"])).text
    parked = browser.get(reverse(route, args=[this.pk, "A2.1"])).text

    assert level.count('class="form-check level p2 was"') == 1
    assert '<span class="last">2024/25</span>' in level
    assert "In 2024/25: Parked." in parked


# Whatever the years


def edition_of(number: int, texts: list[int], top: int) -> tuple[Questionnaire, list, list]:
    """An unsaved edition: statements by what they are about, in two areas."""
    questionnaire = Questionnaire(pk=number, name="Set", edition=number)
    areas = [
        Area(pk=number * 10 + at, code=code, name=code, questionnaire=questionnaire)
        for at, code in enumerate("AB")
    ]
    sections = [
        Section(
            pk=number * 10 + at,
            code=f"{area.code}1",
            name=f"{area.code}1",
            area=area,
            questionnaire=questionnaire,
        )
        for at, area in enumerate(areas)
    ]
    statements = [
        Statement(
            pk=number * 100 + about,
            code=f"{about}",
            section=sections[about % 2],
            quick_check=about % 3 == 0,
            questionnaire=questionnaire,
        )
        for about in sorted(texts, key=lambda one: (one % 2, one))
    ]
    levels = [Level(value=value, name=str(value)) for value in range(top + 1)]
    return questionnaire, statements, levels


texts = st.lists(st.integers(0, 9), min_size=1, unique=True)
histories = st.lists(
    st.tuples(
        st.integers(1, 3),  # edition
        st.sampled_from(Scope.values),
        st.lists(st.one_of(st.none(), st.integers(0, 2)), min_size=10, max_size=10),
    ),
    min_size=1,
    max_size=6,
)


@given(
    st.tuples(texts, texts, texts),
    st.tuples(*[st.sampled_from([2, 3])] * 3),
    st.sets(st.sampled_from([(1, 2), (2, 3), (1, 3)])),
    histories,
)
def test_a_line_joins_like_with_like_and_stands_on_what_goes_on(asked, tops, compared, history):
    made = {n: edition_of(n, asked[n - 1], tops[n - 1]) for n in (1, 2, 3)}
    ties = {
        (old, new): {
            old * 100 + about: new * 100 + about for about in {*asked[old - 1]} & {*asked[new - 1]}
        }
        for old, new in compared
    }
    years = []
    for number, (edition, scope, given_levels) in enumerate(history):
        questionnaire, statements, levels = made[edition]
        audit = Audit(
            pk=number + 1,
            year=2015 + number,
            scope=scope,
            questionnaire=questionnaire,
            started_at=dt.datetime(2015 + number, 9, 9, tzinfo=dt.UTC),
        )
        said = {
            one.pk: AgreedRating(answer="level", value=value)
            for one in statements
            if (value := given_levels[one.pk % 100]) is not None
        }
        if any(scope == Scope.WHOLE or one.quick_check for one in statements):
            years.append(Year.of(audit, levels, statements, said))

    runs = runs_of(years, Continuity(ties))

    assert sorted(one.audit.pk for run in runs for one in run.years) == sorted(
        one.audit.pk for one in years
    )
    for run in runs:
        assert len({one.audit.scope for one in run.years}) == 1
        first = run.years[0].audit.year
        at = {one.audit.year - first: one for one in run.years}
        for part in (run.whole, *run.areas, *(s for area in run.areas for s in area.sections)):
            marks = {mark.at: mark.percent for mark in part.chart.marks}
            for stretch in part.chart.stretches:
                before, after = at[stretch.start], at[stretch.end]
                assert before.scale == after.scale
                same = before.edition == after.edition
                assert stretch.carried is not same
                if same:
                    assert (stretch.before, stretch.after) == (
                        marks[stretch.start],
                        marks[stretch.end],
                    )
        for step in run.steps:
            if step.is_carried:
                both = step.carried()
                assert both.statements == len(step.ties) <= len(step.after.statements)
                assert set(step.ties) <= {one.pk for one in step.before.statements}
                assert {old % 100 for old in step.ties} == {new % 100 for new in step.ties.values()}
                levels_before = [
                    step.before.said[old].value for old in step.ties if old in step.before.said
                ]
                assert both.before.total == sum(levels_before)
                assert both.before.rated == len(levels_before)


# Drawing


@given(st.integers(1, 30))
def test_labels_of_years_never_collide_and_the_last_is_always_there(count):
    named = labelled(count)

    places = [across(at, count) for at in named]

    assert named[-1] == count - 1
    assert all(b - a >= LEAST_YEAR for a, b in pairwise(places))


@given(st.lists(st.floats(0, 100), max_size=12))
def test_words_for_editions_never_collide(places):
    kept = [sorted(places)[at] for at in apart(sorted(places))]

    assert all(b - a >= 24 for a, b in pairwise(kept))
