"""Last year beside this one on the pages that rate: a ghost, never the answer."""

from __future__ import annotations

import re

import pytest

from selfassessment.models import Rating, Statement
from tests import factories

TAGS = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


@pytest.fixture
def before(avon, questionnaire, audit, person):
    """Last year Avon agreed on a level and parked another, each with a reason."""
    earlier = factories.audit(avon, questionnaire, person("lead"), year=audit.year - 1)
    factories.agree(earlier, person("lead"), A1_1=2, A1_2="parked")
    earlier.agreed_ratings.filter(statement__code="A1.1").update(reason="Tutors had not heard.")
    earlier.agreed_ratings.filter(statement__code="A1.2").update(reason="Wait for the plan.")
    return earlier


def section(audit) -> str:
    return f"/self-assessments/{audit.pk}/rate/A1/"


def ghosts(html: str) -> list[str]:
    return re.findall(r'class="form-check level p(\d) was"', html)


def words(html: str) -> str:
    return " ".join(TAGS.sub(" ", html).split())


def test_last_year_is_a_ghost_and_no_answer(sign_in, audit, response, before):
    page = sign_in("lead").get(section(audit)).text

    assert ghosts(page) == ["2"]
    assert re.findall(r"<input[^>]* checked", page) == []
    assert f"agreed in {before.year_name}" in words(page)
    assert f"Agreed in {before.year_name}: Tutors had not heard." in words(page)
    assert f"Agreed in {before.year_name}: Parked. Wait for the plan." in words(page)
    assert not Rating.objects.exists()


def test_a_page_sent_as_it_was_shown_saves_nothing(sign_in, audit, response, before):
    first = Statement.objects.get(code="A1.1").pk

    sign_in("lead").post(section(audit), {f"s{first}-version": "0", "page": "p"})

    assert not Rating.objects.exists()


def test_by_a_link_last_year_is_not_shown(client, audit, before):
    somebody = factories.respondent(audit)

    page = client.get(f"/r/{somebody.token}/rate/A1/").text

    assert "A1.1" in page
    assert ghosts(page) == []
    assert before.year_name not in page


@pytest.mark.parametrize("why", ["another service", "not shown"])
def test_what_is_not_there_to_see_stays_away(sign_in, person, bute, audit, response, before, why):
    if why == "another service":
        before.service = bute
    else:
        before.totals_shown_at = before.totals_shown_by = None
    before.save()

    page = sign_in("lead").get(section(audit)).text

    assert ghosts(page) == []
    assert "Tutors had not heard." not in page


def test_the_ghost_outlives_the_other_version(sign_in, audit, response, before):
    rating = factories.rate(response, "A1.1", 4)
    prefix = f"s{rating.statement_id}"

    answer = sign_in("lead").post(
        f"{section(audit)}{rating.statement_id}/", {f"{prefix}-wish": "theirs"}
    )

    assert ghosts(answer.text) == ["2"]


@pytest.mark.parametrize("years", [0, 1, 3])
def test_years_cost_nothing_more(
    sign_in, avon, questionnaire, audit, response, person, years, django_assert_num_queries
):
    for ago in range(1, years + 1):
        earlier = factories.audit(avon, questionnaire, person("lead"), year=audit.year - ago)
        factories.agree(earlier, person("lead"), A1_1=2)
    browser = sign_in("lead")

    with django_assert_num_queries(9):
        browser.get(section(audit))
