"""The results page: what it says, to whom, and from when."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from portal.models import Activity, Verb
from selfassessment import results
from selfassessment.models import Audit, Scope
from selfassessment.scoring import Scale, Score
from tests import factories

TAGS = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


def address(audit) -> str:
    return f"/self-assessments/{audit.pk}/results/"


def words(html: str) -> str:
    return " ".join(TAGS.sub(" ", html).split())


def table(page) -> list[str]:
    """The rows of the table of areas and sections, as a reader hears them."""
    body = page.text.split('<table class="lt">')[1].split("</table>")[0]
    return [words(row[0]) for row in re.finditer(r"<tr.*?</tr>", body, re.DOTALL)]


@pytest.fixture
def rated(response):
    """Avon's lead, whom nobody joined yet, rated all but one statement; nothing is handed in."""
    for code, choice in [("A1.1", 4), ("A1.2", 3), ("A1.3", "dk"), ("A2.1", 0), ("A2.2", "na")]:
        factories.rate(response, code, choice, reason="No funders." if choice == "na" else "")
    factories.rate(response, "B1.1", 2, comment="A draft only.", evidence="Minutes")
    return response


@pytest.fixture
def agreed(audit, person):
    """Avon's team has agreed all but one statement, and one of these is parked."""
    said = {"A1_1": 4, "A1_2": 3, "A1_3": "parked", "A2_1": 0, "A2_2": "na", "B1_1": 2}
    factories.agree(audit, person("lead"), **said)
    return audit


def test_who_rates_alone_sees_how_it_looks_so_far(sign_in, audit, rated):
    page = sign_in("lead").get(address(audit))

    assert "<h1>56% of the way so far</h1>" in page.text
    assert (
        "4 of 7 statements have a level. 1 is “don’t know”, 1 is “not applicable”, "
        "1 is left blank." in page.text
    )
    assert "What your ratings come to so far." in page.text
    assert "ratings.csv" not in page.text


@pytest.mark.parametrize("name", ["inclusion_lead", "group_member", "board_viewer"])
def test_others_see_no_figure_while_one_rates(sign_in, audit, rated, name):
    page = sign_in(name).get(address(audit))

    assert page.status_code == 200
    assert "<h1>Results come after the talk</h1>" in page.text
    assert "%" not in words(page.text.split("<main")[1])


def test_nobody_sees_a_draft_while_others_rate_too(sign_in, audit, rated):
    factories.respondent(audit)

    page = sign_in("lead").get(address(audit))

    assert "<h1>Results come after the talk</h1>" in page.text
    assert "%" not in words(page.text.split("<main")[1])


def test_a_draft_comes_back_when_the_others_are_not_asked_any_more(sign_in, audit, rated, person):
    factories.respondent(audit, withdrawn_at=timezone.now(), withdrawn_by=person("lead"))

    page = sign_in("lead").get(address(audit))

    assert "<h1>56% of the way so far</h1>" in page.text


@pytest.mark.parametrize("name", ["lead", "inclusion_lead", "group_member", "board_viewer"])
def test_no_figure_during_the_talk(sign_in, audit, person, name):
    factories.agree(audit, person("lead"), shown=False, A1_1=3, A1_2="parked")

    page = sign_in(name).get(address(audit))

    assert "2 of 7 statements are agreed." in words(page.text)
    assert "%" not in words(page.text.split("<main")[1])
    assert (f'href="{address(audit)}show/"' in page.text) == (name in {"lead", "inclusion_lead"})


@pytest.mark.parametrize("name", ["lead", "inclusion_lead", "group_member", "board_viewer"])
def test_every_member_sees_results_once_they_are_shown(sign_in, agreed, name):
    page = sign_in(name).get(address(agreed))

    assert "<h1>56% of the way</h1>" in page.text
    assert (
        "4 of 7 statements have a level. 1 is “not applicable”, 1 is parked, 1 is not agreed."
        in page.text
    )


def test_ratings_of_people_do_not_enter(sign_in, audit, rated, person):
    factories.agree(audit, person("lead"), A1_1=1)

    page = sign_in("lead").get(address(audit))

    assert "<h1>25% of the way</h1>" in page.text
    assert "A draft only." not in page.text


def test_what_is_agreed_says_why(sign_in, agreed):
    agreed.agreed_ratings.filter(statement__code="A1.3").update(reason="Wait for the new plan.")

    page = words(sign_in("board_viewer").get(address(agreed)).text)

    assert "A1.3 We have words. Why: Wait for the new plan. Parked" in page
    assert "B1.2 We have checks. Not agreed" in page


@pytest.mark.parametrize("name", ["outsider", "team", "facilitator", "funder"])
def test_results_do_not_exist_for_others(sign_in, agreed, name):
    assert sign_in(name).get(address(agreed)).status_code == 404


def test_visitor_is_asked_to_sign_in(sign_in, audit):
    page = sign_in("visitor").get(address(audit))

    assert page.url == f"/account/login/?next={address(audit)}"


def test_table_gives_level_and_counts_of_areas_and_sections(sign_in, agreed):
    page = sign_in("lead").get(address(agreed))

    year = agreed.year_name
    assert table(page) == [
        f"Area and section 0% to 100% {year} With a level Parked Not applic&shy;able",
        "Embedding inclusion 58% 3 of 5 1 1",
        "A1 Vision and leadership 88% 2 of 3 1 0",
        "A2 Governance 0% 1 of 2 0 1",
        "Your policies 50% 1 of 2 0 0",
        "B1 Policy 50% 1 of 2 0 0",
    ]


def test_nothing_rated_is_no_score(sign_in, audit):
    page = sign_in("lead").get(address(audit))

    assert "<h1>No score yet</h1>" in page.text
    assert table(page)[1] == "Embedding inclusion No score 0 of 5 0 0"


def test_last_year_stands_beside_this_one(sign_in, person, avon, questionnaire, agreed):
    before = factories.audit(avon, questionnaire, by=person("lead"), year=agreed.year - 1)
    factories.agree(before, person("lead"), A1_1=1, A2_1=1, A1_3="parked")
    before.agreed_ratings.filter(statement__code="A1.1").update(reason="Few had read it.")

    page = sign_in("board_viewer").get(address(agreed))

    assert "<h1>56% of the way, up 31</h1>" in page.text
    assert table(page)[1:3] == [
        "Embedding inclusion 58% 25% +33 3 of 5 1 1",
        "A1 Vision and leadership 88% 25% +63 2 of 3 1 0",
    ]
    assert table(page)[4] == "Your policies 50% No score – 1 of 2 0 0"
    year = before.year_name
    assert f"{year}: Few had read it. 4 Embedded {year}: 1 First steps" in words(page.text)
    assert f"A1.3 We have words. Parked {year}: Parked" in words(page.text)


@pytest.mark.parametrize("why", ["another edition", "not shown", "another service", "smaller"])
def test_a_year_that_cannot_be_compared_is_left_out(
    sign_in, person, avon, bute, questionnaire, agreed, why
):
    edition = factories.questionnaire(by=person("team"), edition=2)
    before = factories.audit(
        bute if why == "another service" else avon,
        edition if why == "another edition" else questionnaire,
        by=person("lead"),
        year=agreed.year - 1,
        scope=Scope.QUICK if why == "smaller" else Scope.WHOLE,
    )
    factories.agree(before, person("lead"), shown=why != "not shown", A1_1=1)

    page = sign_in("lead").get(address(agreed))

    assert "<h1>56% of the way</h1>" in page.text
    assert before.year_name not in page.text


def test_quick_check_is_compared_with_its_part_of_a_whole_year(
    sign_in, person, avon, questionnaire
):
    whole = factories.audit(avon, questionnaire, by=person("lead"), year=2024)
    quick = factories.audit(avon, questionnaire, by=person("lead"), year=2025, scope=Scope.QUICK)
    factories.agree(whole, person("lead"), A1_1=1, A2_1=1, B1_1=1, A1_2=4)
    factories.agree(quick, person("lead"), A1_1=2, A2_1=2, B1_1=2)

    page = sign_in("lead").get(address(quick))

    assert "<h1>50% of the way, up 25</h1>" in page.text


def test_comments_of_who_agreed_alone_show_to_those_who_work_on_it(sign_in, audit, rated):
    factories.agree_alone(rated)

    page = words(sign_in("group_member").get(address(audit)).text)

    assert "Comment: A draft only. Evidence: Minutes 2 Developing" in page
    assert "Why: No funders. Not applicable" in page
    assert "A1.3 We have words. Not agreed" in page


def test_board_viewer_never_sees_what_was_written_beside_a_rating(sign_in, audit, rated):
    factories.agree_alone(rated)

    page = words(sign_in("board_viewer").get(address(audit)).text)

    assert "2 Developing" in page
    assert [text for text in ("A draft only.", "Minutes") if text in page] == []


def test_lead_shows_the_totals(sign_in, audit, person):
    factories.agree(audit, person("lead"), shown=False, A1_1=3)
    browser = sign_in("lead")

    asks = words(browser.get(f"{address(audit)}show/").text)
    answer = browser.post(f"{address(audit)}show/")

    assert "Totals tend to end a talk" in asks
    assert "6 statements are not agreed yet." in asks
    assert answer.url == address(audit)
    audit.refresh_from_db()
    assert audit.totals_shown_by == person("lead")
    assert list(Activity.objects.values_list("verb", "by", "subject")) == [
        (Verb.SHOWED_TOTALS, person("lead").pk, str(audit))
    ]


def test_showing_totals_twice_is_told_once(sign_in, agreed, person):
    answer = sign_in("inclusion_lead").post(f"{address(agreed)}show/")

    assert answer.url == address(agreed)
    assert agreed.totals_shown_by == person("lead")
    assert not Activity.objects.exists()


@pytest.mark.parametrize("stage", ["rating", "closed"])
def test_totals_are_shown_during_the_talk_alone(sign_in, audit, person, stage):
    if stage == "closed":
        factories.agree(audit, person("lead"), A1_1=3)
        Audit.objects.update(closed_at=timezone.now(), closed_by=person("lead"))
    before = Audit.objects.values().get()

    answer = sign_in("lead").post(f"{address(audit)}show/")

    assert answer.status_code == (302 if stage == "rating" else 404)
    assert Audit.objects.values().get() == before


def test_three_points_work_from_data_alone(sign_in, person, avon):
    edition = factories.questionnaire(by=person("team"), levels=factories.THREE_POINT)
    audit = factories.audit(avon, edition, by=person("lead"))
    factories.agree(audit, person("lead"), A1_1=1, A1_2=2, A1_3=3)

    page = words(sign_in("lead").get(address(audit)).text)

    assert "A1 Vision and leadership 50% 3 of 3 0 0" in page
    assert "at 2, 3 and “not applicable”" in page
    assert "Together that is 3 of 4, or 75%" in page


def test_hostile_text_comes_out_as_text(sign_in, person, avon):
    said = dict(zip(("comment", "evidence"), factories.HOSTILE[:2], strict=True))
    edition = factories.questionnaire(by=person("team"), text=f"{{}} {factories.HOSTILE[0]}")
    audit = factories.audit(avon, edition, by=person("lead"))
    factories.rate(audit.responses.get(), "A1.1", 3, **said)
    factories.agree_alone(audit.responses.get())
    audit.agreed_ratings.update(reason=factories.HOSTILE[0])

    page = sign_in("lead").get(address(audit)).text

    assert "<b onmouseover" not in page
    bold = "&lt;b onmouseover=&quot;alert(1)&quot;&gt;bold&lt;/b&gt;"
    assert f"<strong>Why:</strong> {bold}" in page
    assert f"<strong>Comment:</strong> {bold}" in page
    assert "{{ request.user.password }} {% now %}" in page


@pytest.mark.parametrize("years", [1, 3])
def test_the_page_asks_the_same_of_the_database_whatever_its_size(
    sign_in, person, avon, questionnaire, django_assert_num_queries, years
):
    for year in range(2025 - years, 2026):
        audit = factories.audit(avon, questionnaire, by=person("lead"), year=year)
        factories.agree(audit, person("lead"), A1_1=2)
    browser = sign_in("lead")

    with django_assert_num_queries(9):
        browser.get(address(audit))


def test_sixty_statements_take_no_more(sign_in, sixty, django_assert_num_queries):
    browser = sign_in("lead")
    cache.clear()

    with django_assert_num_queries(10):
        page = browser.get(address(sixty))

    assert len(table(page)) == 1 + 3 + 20


def test_a_draft_costs_no_more(sign_in, audit, rated, django_assert_num_queries):
    browser = sign_in("lead")

    with django_assert_num_queries(9):
        browser.get(address(audit))


def test_counts_read_as_a_sentence() -> None:
    scale = Scale((0, 1))

    assert results.counts(Score(scale, rated=2)) == "2 of 2 statements have a level."
    assert results.counts(Score(scale, rated=1, dont_know=2, unanswered=1), "left blank") == (
        "1 of 4 statements has a level. 2 are “don’t know”, 1 is left blank."
    )
    assert results.counts(Score(scale, rated=1, parked=1, unanswered=2)) == (
        "1 of 4 statements has a level. 1 is parked, 2 are not agreed."
    )
