"""The results page: what it says, to whom, and from when."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from selfassessment import editions, results
from selfassessment.models import Scope
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
    """Avon's lead rated all but one statement; nothing is handed in."""
    for code, choice in [("A1.1", 4), ("A1.2", 3), ("A1.3", "dk"), ("A2.1", 0), ("A2.2", "na")]:
        factories.rate(response, code, choice, reason="No funders." if choice == "na" else "")
    factories.rate(response, "B1.1", 2, comment="A draft only.", evidence="Minutes")
    return response


def test_respondent_sees_how_it_looks_so_far(sign_in, audit, rated):
    page = sign_in("lead").get(address(audit))

    assert "<h1>56% of the way so far</h1>" in page.text
    assert (
        "4 of 7 statements have a level. 1 is “don’t know”, 1 is “not applicable”, "
        "1 is left blank." in page.text
    )
    assert "Not handed in yet." in page.text


@pytest.mark.parametrize("name", ["inclusion_lead", "group_member", "board_viewer"])
def test_others_see_no_figure_before_it_is_handed_in(sign_in, audit, rated, name):
    page = sign_in(name).get(address(audit))

    assert page.status_code == 200
    assert "<h1>Results appear when the ratings are handed in</h1>" in page.text
    assert "%" not in words(page.text.split("<main")[1])


@pytest.mark.parametrize("name", ["lead", "inclusion_lead", "group_member", "board_viewer"])
def test_every_member_sees_results_once_handed_in(sign_in, audit, rated, name):
    factories.hand_in(rated)

    page = sign_in(name).get(address(audit))

    assert "<h1>56% of the way</h1>" in page.text


@pytest.mark.parametrize("name", ["outsider", "team", "facilitator", "funder"])
def test_results_do_not_exist_for_others(sign_in, audit, rated, name):
    factories.hand_in(rated)

    assert sign_in(name).get(address(audit)).status_code == 404


def test_visitor_is_asked_to_sign_in(sign_in, audit):
    page = sign_in("visitor").get(address(audit))

    assert page.url == f"/account/login/?next={address(audit)}"


def test_table_gives_level_and_counts_of_areas_and_sections(sign_in, audit, rated):
    page = sign_in("lead").get(address(audit))

    year = audit.year_name
    assert table(page) == [
        f"Area and section 0% to 100% {year} With a level Don’t know Not applic&shy;able",
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


def test_last_year_stands_beside_this_one(sign_in, person, avon, questionnaire, audit, rated):
    before = factories.audit(avon, questionnaire, by=person("lead"), year=audit.year - 1)
    earlier = before.responses.get()
    for code in ("A1.1", "A2.1"):
        factories.rate(earlier, code, 1)
    factories.hand_in(earlier)
    factories.hand_in(rated)

    page = sign_in("board_viewer").get(address(audit))

    assert "<h1>56% of the way, up 31</h1>" in page.text
    assert table(page)[1:3] == [
        "Embedding inclusion 58% 25% +33 3 of 5 1 1",
        "A1 Vision and leadership 88% 25% +63 2 of 3 1 0",
    ]
    assert table(page)[4] == "Your policies 50% No score – 1 of 2 0 0"


@pytest.mark.parametrize("why", ["another edition", "not handed in", "another service", "smaller"])
def test_a_year_that_cannot_be_compared_is_left_out(
    sign_in, person, avon, bute, questionnaire, audit, rated, why
):
    edition = factories.questionnaire(by=person("team"), edition=2)
    before = factories.audit(
        bute if why == "another service" else avon,
        edition if why == "another edition" else questionnaire,
        by=person("lead"),
        year=audit.year - 1,
        scope=Scope.QUICK if why == "smaller" else Scope.WHOLE,
    )
    earlier = before.responses.get()
    factories.rate(earlier, "A1.1", 1)
    if why != "not handed in":
        factories.hand_in(earlier)
    factories.hand_in(rated)

    page = sign_in("lead").get(address(audit))

    assert "<h1>56% of the way</h1>" in page.text
    assert before.year_name not in page.text


def test_quick_check_is_compared_with_its_part_of_a_whole_year(
    sign_in, person, avon, questionnaire
):
    whole = factories.audit(avon, questionnaire, by=person("lead"), year=2024)
    quick = factories.audit(avon, questionnaire, by=person("lead"), year=2025, scope=Scope.QUICK)
    for code, was, now in (("A1.1", 1, 2), ("A2.1", 1, 2), ("B1.1", 1, 2), ("A1.2", 4, None)):
        factories.rate(whole.responses.get(), code, was)
        if now is not None:
            factories.rate(quick.responses.get(), code, now)
    factories.hand_in(whole.responses.get())
    factories.hand_in(quick.responses.get())

    page = sign_in("lead").get(address(quick))

    assert "<h1>50% of the way, up 25</h1>" in page.text


def test_comments_show_to_those_who_work_on_it(sign_in, audit, rated):
    factories.hand_in(rated)

    page = words(sign_in("group_member").get(address(audit)).text)

    assert "Comment: A draft only. Evidence: Minutes 2 Developing" in page
    assert "Why it does not apply: No funders. Not applicable" in page


def test_board_viewer_sees_ratings_and_never_what_was_written(sign_in, audit, rated):
    factories.hand_in(rated)

    page = words(sign_in("board_viewer").get(address(audit)).text)

    assert "2 Developing" in page
    assert [text for text in ("A draft only.", "Minutes", "No funders.") if text in page] == []


def test_three_points_work_from_data_alone(sign_in, person, avon):
    edition = factories.questionnaire(by=person("team"), levels=factories.THREE_POINT)
    audit = factories.audit(avon, edition, by=person("lead"))
    for code, value in (("A1.1", 1), ("A1.2", 2), ("A1.3", 3)):
        factories.rate(audit.responses.get(), code, value)

    page = words(sign_in("lead").get(address(audit)).text)

    assert "A1 Vision and leadership 50% 3 of 3 0 0" in page
    assert "rated 2, 3 and “don’t know”" in page
    assert "Together that is 3 of 4, or 75%" in page


def test_hostile_text_comes_out_as_text(sign_in, person, avon):
    said = dict(zip(("comment", "evidence"), factories.HOSTILE[:2], strict=True))
    edition = factories.questionnaire(by=person("team"), text=f"{{}} {factories.HOSTILE[0]}")
    audit = factories.audit(avon, edition, by=person("lead"))
    factories.rate(audit.responses.get(), "A1.1", 3, **said)

    page = sign_in("lead").get(address(audit)).text

    assert "<b onmouseover" not in page
    assert "&lt;b onmouseover=&quot;alert(1)&quot;&gt;bold&lt;/b&gt;" in page
    assert "{{ request.user.password }} {% now %}" in page


@pytest.mark.parametrize("years", [1, 3])
def test_the_page_asks_the_same_of_the_database_whatever_its_size(
    sign_in, person, avon, questionnaire, django_assert_num_queries, years
):
    for year in range(2025 - years, 2026):
        audit = factories.audit(avon, questionnaire, by=person("lead"), year=year)
        factories.rate(audit.responses.get(), "A1.1", 2)
        factories.hand_in(audit.responses.get())
    browser = sign_in("lead")

    with django_assert_num_queries(10):
        browser.get(address(audit))


def test_sixty_statements_take_ten_queries(sign_in, person, avon, django_assert_num_queries):
    edition = editions.load_shipped(by=person("team"))
    for year in (2024, 2025):
        audit = factories.audit(avon, edition, by=person("lead"), year=year)
        for number, statement in enumerate(audit.statements()):
            factories.rate(audit.responses.get(), statement.code, number % 5, comment="Said.")
        factories.hand_in(audit.responses.get())
    browser = sign_in("lead")
    cache.clear()

    with django_assert_num_queries(10):
        page = browser.get(address(audit))

    assert len(table(page)) == 1 + 3 + 20


def test_counts_read_as_a_sentence() -> None:
    scale = Scale((0, 1))

    assert results.counts(Score(scale, rated=2)) == "2 of 2 statements have a level."
    assert results.counts(Score(scale, rated=1, dont_know=2, unanswered=1)) == (
        "1 of 4 statements has a level. 2 are “don’t know”, 1 is left blank."
    )
