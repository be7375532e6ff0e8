"""What the portal tells of a year in an annual review, and what it keeps to itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionplans.models import ActionPlan, PlanState, PublicSummary, Target
from portal.models import MusicService, Region
from resources.models import AnnualReview, OwnFigure, ToldFigure, Usefulness
from resources.reviews.figures import own, snapshot
from resources.reviews.states import ReviewStateError
from selfassessment.benchmark import precompute
from selfassessment.benchmark.disclosure import LEAST
from selfassessment.models import Audit, PlanArea, Priority, Scope
from tests import factories

YEAR = 2025
IN_IT = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
NOT_SHOWN = "Not shown"


@pytest.fixture
def team(person):
    """Of a portal without a music service but those a test makes: the cast’s are made up."""
    team = person("team")
    MusicService.objects.update(is_fictional=True)
    return team


@pytest.fixture
def review(team):
    return factories.annual_review(team, year=YEAR)


def services(count: int, **fields: object) -> list[MusicService]:
    start = MusicService.objects.count()
    fields = {"region": Region.LONDON, **fields}
    return MusicService.objects.bulk_create(
        MusicService(name=f"Service {start + n}", slug=f"service-{start + n}", **fields)
        for n in range(count)
    )


def close(
    those: Iterable[MusicService], questionnaire, by, at: dt.datetime = IN_IT, **fields: object
) -> list[Audit]:
    """Each with a self-assessment that was closed then."""
    fields = {"year": YEAR, "scope": Scope.WHOLE, **fields}
    return Audit.objects.bulk_create(
        Audit(
            service=one,
            questionnaire=questionnaire,
            finish_on=at.date(),
            started_by=by,
            closed_at=at,
            closed_by=by,
            **fields,
        )
        for one in those
    )


def plans(those: Iterable[MusicService], by) -> list[ActionPlan]:
    return [
        factories.plan(
            one,
            by,
            PlanState.UNDER_WAY,
            year=YEAR,
            approved_on=IN_IT.date(),
            approved_at=IN_IT,
            begun_at=IN_IT,
        )
        for one in those
    ]


def targets(those: Iterable[ActionPlan], by, area: str = PlanArea.WORKFORCE, **fields: object):
    for plan in those:
        factories.target(plan, by, area=area, **fields)


def taken(review: AnnualReview, by) -> dict:
    """The figures of the review, taken now."""
    snapshot.take(review=review, by=by)
    return AnnualReview.objects.get(pk=review.pk).figures


def number(figures: dict, key: str) -> str:
    (found,) = (one for one in figures["numbers"] if one["key"] == key)
    return found["value"]


def chart(figures: dict, key: str) -> dict:
    (found,) = (one for one in figures["charts"] if one["key"].startswith(key))
    return found


def table(figures: dict, key: str) -> dict[str, list[str]]:
    return {row["label"]: row["values"] for row in chart(figures, key)["rows"]}


# Who is involved


def test_the_directory_says_who_is_involved(review, team):
    wells = factories.service(
        "Wells Music", first_year=YEAR, in_nwg=True, action_research=True, region=Region.SOUTH_WEST
    )
    wells.local_authorities.create(name="Wells")
    factories.service("Ely Music", first_year=2019, region=Region.EAST_OF_ENGLAND)
    factories.service("Later Music", first_year=YEAR + 1)
    factories.service("Northvale Music Service", is_fictional=True)

    figures = taken(review, team)

    assert number(figures, "services") == "2"
    assert number(figures, "services_new") == "1"
    assert table(figures, "regions") == {"East of England": ["1", "0"], "South West": ["1", "1"]}
    assert figures["involved"][1] == {
        "region": "South West",
        "services": [
            {
                "name": "Wells Music",
                "authorities": ["Wells"],
                "since": YEAR,
                "nwg": True,
                "action_research": True,
                "nurture_groups": False,
                "is_new": True,
            }
        ],
    }


# Self-assessments


@pytest.mark.parametrize(
    ("finished", "others", "told"),
    [
        (0, 20, NOT_SHOWN),
        (LEAST - 1, 20, NOT_SHOWN),
        (LEAST, 20, "about 5"),
        (8, LEAST, "about 10"),
        (20, LEAST - 1, NOT_SHOWN),  # five that did not finish would be known
        (20, 0, NOT_SHOWN),  # and everybody, if all did
    ],
)
def test_how_many_finished_is_told_of_six_and_beside_six(
    review, team, questionnaire, finished, others, told
):
    close(services(finished), questionnaire, team)
    services(others)

    assert number(taken(review, team), "assessments") == told


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ("2025-08-31T22:59:59+00:00", False),  # 31 August, a second before midnight in London
        ("2025-08-31T23:00:00+00:00", True),  # 1 September
        ("2026-08-31T22:59:59+00:00", True),
        ("2026-08-31T23:00:00+00:00", False),
    ],
)
def test_the_year_begins_and_ends_at_midnight_in_london(review, team, questionnaire, at, counts):
    close(services(10), questionnaire, team, at=dt.datetime.fromisoformat(at))
    services(10)

    told = number(taken(review, team), "assessments")

    assert told == ("about 10" if counts else NOT_SHOWN)


def test_the_figures_say_which_days_they_are_of(review, team):
    figures = snapshot.tell(YEAR, dt.date(2026, 3, 10))

    assert (figures["taken_on"], figures["from_on"], figures["until_on"]) == (
        "10 March 2026",
        "1 September 2025",
        "10 March 2026",
    )
    assert snapshot.tell(YEAR, dt.date(2026, 9, 1))["until_on"] == "31 August 2026"


def test_a_service_that_finished_two_counts_once(review, team, questionnaire):
    those = services(LEAST - 1)
    close(those, questionnaire, team)
    close(those, questionnaire, team)
    services(20)

    assert number(taken(review, team), "assessments") == NOT_SHOWN


def test_people_who_rated_are_told_of_six_services(review, team, questionnaire):
    for audit in close(services(LEAST), questionnaire, team):
        for response in factories.heard(audit, "tutor", {"A1.1": 3}, {"A1.1": 2}):
            response.counted = True
            response.save()
    services(10)

    assert number(taken(review, team), "raters") == "about 10"


def test_made_up_services_are_in_no_figure(review, team, questionnaire):
    made_up = services(20, is_fictional=True)
    audits = close(made_up, questionnaire, team)
    for audit in audits:
        factories.prioritise(audit, team, A1_1="chosen")
    targets(plans(made_up, team), team)
    factories.resource("Theirs", published_on=IN_IT.date(), service=made_up[0])
    services(20)

    figures = taken(review, team)

    assert {one["key"]: one["value"] for one in figures["numbers"]} == {
        "services": "20",
        "services_new": "0",
        "services_nwg": "0",
        "services_research": "0",
        "services_nurture": "0",
        "assessments": NOT_SHOWN,
        "raters": NOT_SHOWN,
        "plans": NOT_SHOWN,
        "targets_set": NOT_SHOWN,
        "targets_carried": NOT_SHOWN,
        "targets_met": NOT_SHOWN,
        "resources": "0",
        "resources_taken": "0",
        "resources_useful": NOT_SHOWN,
    }
    assert {one["key"]: one["rows"] for one in figures["charts"] if one["key"] != "regions"} == {
        "spread": [],
        "priorities": [],
        "targets": [],
        "resources": [],
    }


# From one day to another, and beside what else is told


def test_taken_twice_without_a_change_the_figures_are_equal(review, team, questionnaire):
    for audit in close(services(10), questionnaire, team):
        factories.prioritise(audit, team, A1_1="chosen")
    targets(plans(services(10), team), team)
    first = taken(review, team)
    version = AnnualReview.objects.get(pk=review.pk).version
    told = ToldFigure.objects.count()

    changed = snapshot.take(review=review, by=team)

    after = AnnualReview.objects.get(pk=review.pk)
    assert (changed, after.figures, after.version) == (False, first, version)
    assert ToldFigure.objects.count() == told > 0


def test_one_more_is_not_told_and_six_more_are(review, team, questionnaire):
    close(services(12), questionnaire, team)
    late = services(LEAST)
    services(20)
    first = number(taken(review, team), "assessments")
    close(late[:1], questionnaire, team)
    one_more = taken(review, team)
    close(late[1:], questionnaire, team)
    six_more = number(taken(review, team), "assessments")

    assert (first, number(one_more, "assessments"), six_more) == (
        "about 10",
        "about 10",
        "about 20",
    )


def test_a_second_review_of_the_year_tells_no_more_than_the_first(review, team, questionnaire):
    close(services(12), questionnaire, team)
    late = services(3)
    services(20)
    taken(review, team)
    review.delete()
    close(late, questionnaire, team)

    again = taken(factories.annual_review(team, year=YEAR), team)

    assert number(again, "assessments") == "about 10"  # fifteen by now


def test_another_year_is_another_figure(review, team, questionnaire):
    close(services(12), questionnaire, team)
    services(20)
    taken(review, team)

    other = taken(factories.annual_review(team, year=YEAR + 1), team)

    assert number(other, "assessments") == NOT_SHOWN


@pytest.mark.parametrize(
    ("not_sharing", "told"), [(1, NOT_SHOWN), (LEAST, "about 20"), (0, "about 10")]
)
def test_the_benchmark_leaves_no_few_who_finished_and_do_not_share(
    review, team, questionnaire, not_sharing, told
):
    audits = close(services(12), questionnaire, team)
    share(audits, team)
    close(services(not_sharing), questionnaire, team)
    services(20)

    assert number(taken(review, team), "assessments") == told


def share(audits: Iterable[Audit], by, value: int = 2) -> None:
    """What they agreed is in the benchmark."""
    for audit in audits:
        factories.agree(audit, by, A1_1=value, B1_1=value)
        audit.shared_at, audit.shared_by = timezone.now(), by
        audit.save()
    precompute.make(audits[0].questionnaire_id, audits[0].scope, audits[0].year)


# Where services stand


def test_where_services_stand_is_what_the_benchmark_tells(review, team, questionnaire):
    those = services(LEAST)
    share(close(those, questionnaire, team, year=YEAR - 1), team, value=1)
    share(close(those, questionnaire, team), team, value=3)

    shown = chart(taken(review, team), "spread")

    assert shown["columns"] == ["Area", "Middle half", "Median", "Change"]
    assert {row["label"]: row["values"] for row in shown["rows"]} == {
        "Embedding inclusion": ["75% to 75%", "75%", "+50"],
        "Your policies": ["75% to 75%", "75%", "+50"],
    }


def test_where_five_services_stand_is_not_told(review, team, questionnaire):
    share(close(services(LEAST - 1), questionnaire, team), team)

    shown = chart(taken(review, team), "spread")

    assert (shown["rows"], shown["note"].split(":")[0]) == ([], NOT_SHOWN)


def test_a_benchmark_with_a_made_up_service_in_it_is_not_told(review, team, questionnaire):
    audits = close(services(LEAST), questionnaire, team)
    audits += close(services(1, is_fictional=True), questionnaire, team)
    share(audits, team)

    assert chart(taken(review, team), "spread")["rows"] == []


# Priorities


def choose(audits: Iterable[Audit], by, **standings: str) -> None:
    for audit in audits:
        factories.prioritise(audit, by, **standings)


def test_priorities_are_told_by_section_from_six_services(review, team, questionnaire):
    audits = close(services(20), questionnaire, team)
    services(10)
    choose(audits[:12], team, A1_1="chosen")
    choose(audits[:3], team, A1_2="chosen")  # the same section: each service counts once
    choose(audits[:LEAST], team, A2="chosen")
    choose(audits[12 : 12 + LEAST - 1], team, B1="chosen")
    choose(audits[17:], team, B1="parked")

    shown = table(taken(review, team), "priorities")

    assert shown == {"Vision and leadership": ["10"], "Governance": ["5"]}


def test_a_section_that_nearly_all_chose_is_not_told(review, team, questionnaire):
    audits = close(services(20), questionnaire, team)
    services(10)
    choose(audits[: 20 - LEAST + 1], team, A1="chosen")
    choose(audits[: 20 - LEAST], team, A2="chosen")

    shown = table(taken(review, team), "priorities")

    assert shown == {"Governance": ["15"]}


def test_one_more_that_chose_a_section_changes_nothing(review, team, questionnaire):
    audits = close(services(30), questionnaire, team)
    services(10)
    choose(audits[:12], team, A1="chosen")
    first = table(taken(review, team), "priorities")
    choose(audits[12:13], team, A1="chosen")

    assert table(taken(review, team), "priorities") == first == {"Vision and leadership": ["10"]}


# Targets


def test_targets_are_told_by_plan_area(review, team):
    agreed = plans(services(14), team)
    services(20)
    targets(agreed, team)
    targets(agreed[:8], team, area=PlanArea.YOUNG_VOICE)
    targets(agreed[:8], team, area=PlanArea.PROGRAMMING, status="done", ended_on=IN_IT.date())
    targets(agreed[:LEAST], team, area=PlanArea.LEADERSHIP)

    figures = taken(review, team)

    assert table(figures, "targets") == {
        "Workforce development": ["15", NOT_SHOWN, NOT_SHOWN],
        "Young people’s voice": ["10", NOT_SHOWN, NOT_SHOWN],
        "Programming and resources": ["10", NOT_SHOWN, NOT_SHOWN],
        "Leadership and strategy": ["5", NOT_SHOWN, NOT_SHOWN],
    }
    assert chart(figures, "targets")["total"] == ["35", NOT_SHOWN, "10"]
    assert number(figures, "targets_met") == "about 10"
    assert number(figures, "plans") == "about 15"


def test_an_area_of_five_services_takes_another_with_it(review, team):
    agreed = plans(services(14), team)
    targets(agreed, team)
    targets(agreed[:9], team, area=PlanArea.YOUNG_VOICE)
    targets(agreed[:8], team, area=PlanArea.PROGRAMMING)
    targets(agreed[8 : 8 + LEAST - 1], team, area=PlanArea.LEADERSHIP)

    shown = table(taken(review, team), "targets")

    assert [values[0] for values in shown.values()] == ["15", "10", NOT_SHOWN, NOT_SHOWN]


def test_targets_that_were_carried_stand_apart(review, team):
    last = [
        factories.plan(
            one, team, PlanState.UNDER_WAY, year=YEAR - 1, approved_on=dt.date(2024, 10, 1)
        )
        for one in services(10)
    ]
    targets(last, team)
    for plan in plans([one.service for one in last], team):
        factories.target(plan, team, carried_from=Target.objects.get(plan__service=plan.service))

    figures = taken(review, team)

    assert number(figures, "targets_set") == NOT_SHOWN
    assert number(figures, "targets_carried") == "about 10"


@pytest.mark.parametrize(
    ("done_on", "told"),
    [
        (dt.date(2025, 8, 31), NOT_SHOWN),
        (dt.date(2025, 9, 1), "about 10"),
        (dt.date(2026, 8, 31), "about 10"),
        (dt.date(2026, 9, 1), NOT_SHOWN),
    ],
)
def test_a_target_is_met_in_the_year_of_its_day(review, team, done_on, told):
    targets(plans(services(10), team), team, status="done", ended_on=done_on)

    assert number(taken(review, team), "targets_met") == told


@pytest.mark.parametrize(("in_public", "told"), [(4, "about 10"), (5, NOT_SHOWN)])
def test_services_that_publish_their_plan_hide_no_others(review, team, in_public, told):
    agreed = plans(services(10), team)
    targets(agreed, team)
    for plan in agreed[:in_public]:
        PublicSummary.objects.create(plan=plan, data={}, published_by=team)
    services(20)

    assert number(taken(review, team), "targets_set") == told


# The library


def test_the_library_tells_what_was_published_and_taken(review, team):
    factories.resource("Old", published_on=dt.date(2025, 8, 31), taken=3)
    factories.resource("First day", published_on=dt.date(2025, 9, 1), taken=4)
    factories.resource("Last day", published_on=dt.date(2026, 8, 31), kind="blog")
    factories.resource("Draft", published_on=dt.date(2026, 1, 1), state="draft")

    figures = taken(review, team)

    assert number(figures, "resources") == "2"
    assert number(figures, "resources_taken") == "7"
    assert sum(int(values[0]) for values in table(figures, "resources").values()) == 2


@pytest.mark.parametrize(("people", "told"), [(4, NOT_SHOWN), (5, "4 of 5")])
def test_usefulness_tells_no_more_than_the_page_of_a_resource(review, team, people, told):
    guide, other = factories.resource("A guide"), factories.resource("Another")
    readers = [factories.user(f"reader {n}") for n in range(people)]
    for reader in readers:
        Usefulness.objects.create(resource=guide, user=reader, useful=reader != readers[0])
    Usefulness.objects.create(resource=other, user=readers[0], useful=True)

    assert number(taken(review, team), "resources_useful") == told


# Those the team counted


def test_own_figures_stand_apart_and_need_no_taking(review, team):
    figure = OwnFigure(name="Meetings of the NWG", value="4", definition="Minutes.")
    own.add(review=review, figure=figure, by=team)

    after = AnnualReview.objects.get(pk=review.pk)

    assert after.figures["own"] == [
        {"name": "Meetings of the NWG", "value": "4", "definition": "Minutes."}
    ]
    assert (after.figures["taken_on"], after.version) == ("", review.version + 1)


def test_own_figures_outlast_a_taking_and_leave_the_others_as_they_were(review, team):
    factories.own_figure(review)
    before = taken(review, team)
    services(3)

    own.remove(figure=review.own_figures.get(), by=team)

    after = AnnualReview.objects.get(pk=review.pk).figures
    assert [one["name"] for one in before["own"]] == ["Meetings of the NWG"]
    assert after == {**before, "own": []}


# Taking


def test_taking_makes_whoever_does_it_the_last_who_wrote(review, team):
    other = factories.user("another", programme_role="team")

    snapshot.take(review=review, by=other)

    after = AnnualReview.objects.get(pk=review.pk)
    assert (after.written_by, after.version) == (other, review.version + 1)
    assert after.figures_at is not None


def test_nobody_takes_figures_into_what_is_only_announced(team):
    announced = factories.annual_review(team, year=YEAR, state="announced")

    with pytest.raises(ReviewStateError):
        snapshot.take(review=announced, by=team)

    after = AnnualReview.objects.get(pk=announced.pk)
    assert (after.figures, ToldFigure.objects.count()) == ({}, 0)


def test_nothing_finer_than_five_is_in_what_is_told_of_services(review, team, questionnaire):
    audits = close(services(23), questionnaire, team)
    services(18)
    choose(audits[:13], team, A1="chosen")
    choose(audits[:7], team, A2="chosen")
    targets(plans([one.service for one in audits[:17]], team), team)

    figures = taken(review, team)

    told = [one["counted"] for one in figures["numbers"] if one["value"].startswith("about")]
    rows = [*chart(figures, "priorities")["rows"], *chart(figures, "targets")["rows"]]
    told += [row["n"] for row in rows if row["n"]]
    assert [one % 5 for one in told] == [0] * len(told)
    assert [row["share"] for row in chart(figures, "priorities")["rows"]] == [
        1,
        5 / 15,
    ]  # not 7 of 13


def test_a_thousand_services_take_as_many_queries_as_one(review, team, questionnaire):
    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            taken(AnnualReview.objects.get(pk=review.pk), team)
        return len(asked)

    fill(1, questionnaire, team)
    one = ask()
    fill(1000, questionnaire, team)
    many = ask()
    fill(1000, questionnaire, team)

    # Of one nothing is told: no section to name, nothing to write down.
    assert (one, many, ask()) == (27, 29, 29)


def fill(count: int, questionnaire, by) -> None:
    """Services with self-assessments, half of them with a priority and a plan of one target."""
    those = services(count)
    audits = close(those, questionnaire, by)
    section = questionnaire.sections.first()
    every(Priority(audit=one, section=section, decided_by=by) for one in audits[::2])
    made = every(
        ActionPlan(
            service=one,
            starts_on=dt.date(YEAR, 9, 1),
            ends_on=dt.date(YEAR + 1, 8, 31),
            state=PlanState.APPROVED,
            started_by=by,
            approver="The board",
            approved_on=IN_IT.date(),
            approved_at=IN_IT,
            approved_by=by,
        )
        for one in those[::2]
    )
    area = PlanArea.WORKFORCE
    every(Target(plan=one, area=area, number=1, title="T", changed_by=by) for one in made)


def every(rows: Iterable[Model]) -> list[Model]:
    rows = list(rows)
    return type(rows[0]).objects.bulk_create(rows)
