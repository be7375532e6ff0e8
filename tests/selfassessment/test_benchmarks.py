"""The benchmark: sharing, what is made of it, and what its pages show to whom."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.models import Activity, Region, Verb
from selfassessment.benchmark import precompute, sharing
from selfassessment.models import (
    AgreedRating,
    Audit,
    Benchmark,
    BenchmarkGroup,
    SharedScore,
)
from tests import factories

TAGS = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


def words(html: str) -> str:
    return " ".join(TAGS.sub(" ", html).split())


def table(page) -> list[str]:
    """The rows of the table of areas and sections, as a reader hears them."""
    body = page.text.split('<table class="lt">')[1].split("</table>")[0]
    return [words(row[0]) for row in re.finditer(r"<tr.*?</tr>", body, re.DOTALL)]


@pytest.fixture
def others(questionnaire, person):
    """`others(3, region=…, A1_1=2)` makes services that agreed this and share it."""
    team = person("team")
    count = iter(range(1000))

    def made(how_many: int, *, year: int, region: str = Region.LONDON, kind: str = "", **agreed):
        found = []
        for _ in range(how_many):
            service = factories.service(f"Other {next(count)}", region=region, kind=kind)
            audit = factories.audit(service, questionnaire, by=team, year=year)
            factories.agree(audit, team, **(agreed or {"A1_1": 2, "A2_1": 1, "B1_1": 3}))
            share(audit)
            found.append(audit)
        return found

    return made


def share(*audits) -> None:
    for audit in audits:
        audit.shared_at, audit.shared_by = timezone.now(), audit.started_by
        audit.save(update_fields=["shared_at", "shared_by"])


def stop(*audits) -> None:
    Audit.objects.filter(pk__in=[audit.pk for audit in audits]).update(
        shared_at=None, shared_by=None
    )


@pytest.fixture
def agreed(audit, person):
    """Avon agreed all but one statement; its totals are shown."""
    factories.agree(audit, person("lead"), A1_1=4, A1_2=3, A1_3="parked", A2_1=0, A2_2="na", B1_1=2)
    return audit


def make(audit) -> None:
    precompute.make(audit.questionnaire_id, audit.scope, audit.year)


def address(audit, of: str = "") -> str:
    return f"/self-assessments/{audit.pk}/benchmark/" + (f"?of={of}" if of else "")


# Sharing


def test_a_lead_shares_and_it_is_recorded(sign_in, agreed, person, worker):
    browser = sign_in("lead")

    page = browser.post(f"{address(agreed)}share/", follow=True)

    agreed.refresh_from_db()
    assert agreed.shared_by == person("lead")
    assert Activity.objects.filter(verb=Verb.SHARED, service=agreed.service).count() == 1
    assert "Yours is shared." in page.text
    worker()
    assert sorted(SharedScore.objects.values_list("section__code", "total", "rated")) == [
        ("A1", 7, 2),
        ("A2", 0, 1),
        ("B1", 2, 1),
    ]


def test_what_sharing_means_is_said_first(sign_in, agreed):
    page = sign_in("lead").get(f"{address(agreed)}share/")

    assert "What is never shared" in page.text
    assert page.text.count('<form method="post" novalidate>') == 1


def test_totals_not_shown_are_not_shared(sign_in, audit, person):
    factories.agree(audit, person("lead"), shown=False, A1_1=4)
    browser = sign_in("lead")

    asked = browser.get(f"{address(audit)}share/")
    page = browser.post(f"{address(audit)}share/", follow=True)

    audit.refresh_from_db()
    assert "You can share once the totals" in asked.text
    assert "Show the totals of this self-assessment first" in page.text
    assert audit.shared_at is None
    assert not Activity.objects.filter(verb=Verb.SHARED).exists()


@pytest.mark.parametrize("name", ["inclusion_lead", "group_member", "board_viewer"])
def test_only_the_lead_shares(sign_in, agreed, name):
    answer = sign_in(name).post(f"{address(agreed)}share/")

    agreed.refresh_from_db()
    assert answer.status_code == 403
    assert agreed.shared_at is None


def test_sharing_twice_changes_nothing(agreed, person):
    sharing.share(audit=agreed, by=person("lead"))

    with pytest.raises(sharing.SharedAlreadyError):
        sharing.share(audit=agreed, by=person("inclusion_lead"))

    agreed.refresh_from_db()
    assert agreed.shared_by == person("lead")


def test_stopping_takes_the_scores_out_and_is_recorded(sign_in, agreed, person, worker):
    sharing.share(audit=agreed, by=person("lead"))
    worker()

    page = sign_in("lead").post(f"{address(agreed)}stop-sharing/", follow=True)
    again = sign_in("lead").post(f"{address(agreed)}stop-sharing/", follow=True)

    agreed.refresh_from_db()
    assert agreed.shared_at is None
    assert "Taken out." in page.text
    assert "This self-assessment is not in the benchmark." in again.text
    assert SharedScore.objects.count() == 0
    assert Activity.objects.filter(verb=Verb.UNSHARED).count() == 1


# What is made


@pytest.mark.parametrize(("services", "groups"), [(5, []), (6, [("all", 6), ("region", 6)])])
def test_nothing_is_made_of_fewer_than_six(audit, others, services, groups):
    others(services, year=audit.year)

    make(audit)

    made = BenchmarkGroup.objects.order_by("split").values_list("split", "services")
    assert list(made) == groups


def test_the_database_refuses_a_group_of_five(audit):
    benchmark = Benchmark.objects.create(
        questionnaire=audit.questionnaire, scope=audit.scope, year=audit.year
    )

    with pytest.raises(IntegrityError, match="has_six_services"), transaction.atomic():
        BenchmarkGroup.objects.create(benchmark=benchmark, split="all", services=5)


def test_only_like_is_set_beside_like(audit, others, questionnaire, person):
    others(5, year=audit.year)
    others(1, year=audit.year - 1)
    quick = factories.service("Quick")
    other = factories.audit(quick, questionnaire, by=person("team"), year=audit.year, scope="quick")
    factories.agree(other, person("team"), A1_1=2)
    share(other)

    precompute.make_all()

    assert not Benchmark.objects.exists()


def test_a_service_that_shares_two_of_a_year_counts_once(audit, others, person):
    found = others(5, year=audit.year)
    first = found[0]
    first.closed_at, first.closed_by = timezone.now(), person("team")
    first.save()
    second = factories.audit(first.service, first.questionnaire, by=person("team"), year=first.year)
    factories.agree(second, person("team"), A1_1=1)
    share(second)

    make(audit)

    assert not Benchmark.objects.exists()


def test_hidden_totals_do_not_count(audit, others):
    found = others(6, year=audit.year)
    found[0].totals_shown_at = found[0].totals_shown_by = None
    found[0].save()

    make(audit)

    assert not Benchmark.objects.exists()


def test_nothing_new_is_made_where_one_comes_or_goes(audit, others):
    found = others(7, year=audit.year)
    make(audit)
    others(1, year=audit.year)
    stop(found[0])

    make(audit)

    assert Benchmark.objects.count() == 1
    assert set(BenchmarkGroup.objects.values_list("services", "live")) == {(7, True)}


def test_it_is_made_anew_when_six_come_together(audit, others):
    others(6, year=audit.year)
    make(audit)
    others(6, year=audit.year, A1_1=4)

    make(audit)

    assert [group.services for group in BenchmarkGroup.objects.filter(split="all")] == [6, 12]


def test_another_agreed_rating_waits_for_five_more(audit, others):
    found = others(12, year=audit.year)
    make(audit)
    AgreedRating.objects.filter(audit=found[0], value=3).update(value=4)
    make(audit)
    once = Benchmark.objects.count()
    AgreedRating.objects.filter(audit__in=found[:6], value=3).update(value=4)

    make(audit)

    assert (once, Benchmark.objects.count()) == (1, 2)


def test_figures_come_down_when_too_few_of_them_still_share(sign_in, agreed, others):
    found = others(7, year=agreed.year)
    make(agreed)
    stop(*found[:2])

    make(agreed)

    page = sign_in("lead").get(address(agreed))
    assert set(BenchmarkGroup.objects.values_list("live", flat=True)) == {False}
    assert "Not enough services yet" in page.text
    assert '<table class="lt">' not in page.text


def test_a_section_that_few_have_a_score_in_is_not_shown_nor_is_its_area(sign_in, agreed, others):
    others(7, year=agreed.year, A1_1=2, B1_1=3)
    others(2, year=agreed.year, A1_1=2, A2_1=1, B1_1=3)
    make(agreed)

    page = sign_in("lead").get(address(agreed))

    assert table(page)[1:] == [
        "Embedding inclusion Not shown – 58%",
        "A1 Vision and leadership 50% to 50% 50% 88% above the middle half",
        "A2 Governance Not shown – 0%",
        "Your policies 75% to 75% 75% 50% below the middle half",
        "B1 Policy 75% to 75% 75% 50% below the middle half",
    ]


# What is shown


def test_a_member_sees_their_own_mark_among_the_others(sign_in, agreed, others):
    others(4, year=agreed.year, A1_1=1, A2_1=0, B1_1=2)
    others(4, year=agreed.year, A1_1=3, A2_1=2, B1_1=4)
    make(agreed)

    page = sign_in("board_viewer").get(address(agreed))

    assert "<h1>Beside 8 services</h1>" in page.text
    assert table(page) == [
        "Area and section 0% to 100% Middle half Median Yours",
        "Embedding inclusion 15% to 65% 40% 58% within the middle half",
        "A1 Vision and leadership 25% to 75% 50% 88% above the middle half",
        "A2 Governance 0% to 50% 25% 0% within the middle half",
        "Your policies 50% to 100% 75% 50% within the middle half",
        "B1 Policy 50% to 100% 75% 50% within the middle half",
    ]
    assert (
        "Of 3 sections your service is above the middle half in 1, within the middle half in 2."
        in page.text
    )


def test_without_shown_totals_there_is_no_mark(sign_in, audit, others):
    others(6, year=audit.year)
    make(audit)

    page = sign_in("lead").get(address(audit))

    assert "Your own mark appears when your leads show the totals" in page.text
    assert table(page)[0] == "Area and section 0% to 100% Middle half Median"


@pytest.mark.parametrize("name", ["team", "facilitator", "funder"])
def test_the_programme_sees_the_same_without_anybodys_mark(sign_in, agreed, others, name):
    others(6, year=agreed.year)
    share(agreed)
    make(agreed)

    theirs = sign_in(name).get("/benchmark/")
    ours = sign_in("lead").get(address(agreed))

    figures = [
        re.sub(r"( No score| \d+%)( (above|within|below) the middle half)?$", "", row)
        for row in table(ours)[1:]
    ]
    assert table(theirs)[1:] == figures
    assert "Other 0" not in theirs.text
    assert "Avon" not in theirs.text.split("<main")[1]


def test_a_region_is_offered_only_where_it_is_shown(sign_in, agreed, others):
    others(7, year=agreed.year, region=Region.LONDON, kind="trust")
    others(6, year=agreed.year, region=Region.NORTH_EAST, kind="trust")
    others(4, year=agreed.year, region=Region.SOUTH_EAST, kind="trust")
    others(3, year=agreed.year, region=Region.NORTH_WEST, kind="trust")
    make(agreed)
    browser = sign_in("lead")

    page = browser.get(address(agreed))
    london = browser.get(address(agreed, "region:London"))
    hidden = browser.get(address(agreed, "region:South East"))

    offered = re.findall(r'<option value="([^"]*)"', page.text)
    assert offered == ["", "region:London", "region:North East", "kind:trust"]
    assert "<h1>Beside 7 services</h1>" in london.text
    assert "<h1>Beside 20 services</h1>" in hidden.text
    assert "Too few services share to show that group by itself." in hidden.text


def test_a_region_that_few_joined_keeps_its_figures(sign_in, agreed, others):
    others(6, year=agreed.year, region=Region.LONDON)
    others(6, year=agreed.year, region=Region.NORTH_EAST)
    make(agreed)
    others(2, year=agreed.year, region=Region.LONDON)
    others(9, year=agreed.year, region=Region.NORTH_EAST)
    make(agreed)
    browser = sign_in("lead")

    headings = {
        of: re.search("<h1>(.*)</h1>", browser.get(address(agreed, of)).text)[1]
        for of in ("", "region:London", "region:North East")
    }

    assert headings == {
        "": "Beside 23 services",
        "region:London": "Beside 6 services",
        "region:North East": "Beside 6 services",
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lead", "Sharing yours brings that closer."),
        ("board_viewer", "A service lead decides whether yours is one of them."),
    ],
)
def test_empty_says_what_it_waits_for(sign_in, agreed, name, says):
    page = sign_in(name).get(address(agreed))

    assert says in page.text


def test_empty_for_the_programme(sign_in, db):
    page = sign_in("funder").get("/benchmark/")

    assert "Not enough services yet" in page.text


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_asks_the_same_few_queries(
    sign_in, agreed, others, django_assert_num_queries, times
):
    for _ in range(times):
        others(6, year=agreed.year)
        make(agreed)
    browser = sign_in("lead")
    browser.get(address(agreed))

    with django_assert_num_queries(10):
        browser.get(address(agreed))


@pytest.mark.parametrize("times", [1, 3])
def test_the_programmes_page_asks_the_same_few_queries(
    sign_in, audit, others, django_assert_num_queries, times
):
    for ago in range(times):
        others(6, year=audit.year - ago)
    precompute.make_all()
    browser = sign_in("funder")
    browser.get("/benchmark/")

    with django_assert_num_queries(7):
        browser.get("/benchmark/")
