"""When a music service is in term: England's usual dates, and a service's own where it gave any."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionplans.keeping import term_dates, terms
from actionplans.keeping.terms import Dates
from actionplans.models import Term, TermDates
from portal.models import Activity

NOW = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
D = dt.date
FIRST, LAST = D(2026, 9, 7), D(2026, 12, 11)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def own(service, year=2026, term=Term.AUTUMN, first=FIRST, last=LAST, **fields):
    return TermDates.objects.create(
        service=service, year=year, term=term, starts_on=first, ends_on=last, **fields
    )


# The usual dates


@pytest.mark.parametrize(
    ("year", "terms_of_year"),
    [
        # As most councils published them; where Easter is early, in the middle, and late.
        (2023, "1 Sep-22 Dec, 8 Jan-28 Mar, 15 Apr-22 Jul"),
        (2024, "2 Sep-20 Dec, 6 Jan-4 Apr, 22 Apr-22 Jul"),
        (2025, "1 Sep-19 Dec, 5 Jan-27 Mar, 13 Apr-20 Jul"),
        (2026, "1 Sep-18 Dec, 4 Jan-25 Mar, 12 Apr-21 Jul"),
        # New Year's bank holiday falls on the Monday that people would be back
        (2027, "1 Sep-17 Dec, 4 Jan-31 Mar, 18 Apr-21 Jul"),
    ],
)
def test_the_usual_terms(year, terms_of_year):
    told = ", ".join(f"{one.starts_on:%-d %b}-{one.ends_on:%-d %b}" for one in terms.usual(year))

    assert told == terms_of_year


@pytest.mark.parametrize(
    ("year", "half_terms"),
    [(2023, "23 Oct, 12 Feb, 27 May"), (2025, "27 Oct, 16 Feb, 25 May")],
)
def test_the_usual_half_terms_are_a_week_from_monday(year, half_terms):
    told = ", ".join(f"{one.half_starts_on:%-d %b}" for one in terms.usual(year))

    assert told == half_terms
    assert [(one.half_ends_on - one.half_starts_on).days for one in terms.usual(year)] == [4] * 3


@pytest.mark.parametrize("year", range(2015, 2061))
def test_every_year_has_195_days_and_terms_in_order(year):
    three = terms.usual(year)
    days = [day for one in three for day in (one.starts_on, one.half_starts_on, one.ends_on)]

    assert sum(terms.school_days(one) for one in three) == 195
    assert days == sorted(days)
    assert {day.weekday() for day in days} <= set(range(5))
    assert three[-1].ends_on < terms.usual(year + 1)[0].starts_on
    assert D(year + 1, 7, 15) <= three[-1].ends_on <= D(year + 1, 7, 31)


@pytest.mark.parametrize(
    ("day", "away"),
    [
        (D(2026, 8, 31), True),  # the long summer
        (D(2026, 9, 1), False),
        (D(2026, 10, 23), False),
        (D(2026, 10, 24), True),  # the weekend before half term
        (D(2026, 10, 26), True),
        (D(2026, 11, 1), True),  # and the one after
        (D(2026, 11, 2), False),
        (D(2026, 11, 14), False),  # a weekend in term
        (D(2026, 12, 18), False),
        (D(2026, 12, 31), True),
        (D(2027, 1, 1), True),
        (D(2027, 1, 4), False),
        (D(2027, 3, 26), True),  # Good Friday
        (D(2027, 4, 12), False),
        (D(2027, 7, 22), True),
    ],
)
def test_holidays_are_between_terms_and_in_half_terms(day, away):
    assert terms.in_holiday(terms.usual(2026), day) == away


def test_the_term_of_a_day_and_the_next():
    dates = terms.usual(2026)

    assert str(terms.term_of(dates, D(2026, 10, 28))) == "Autumn term 2026/27"
    assert terms.term_of(dates, D(2026, 12, 25)) is None
    assert str(terms.next_term(dates, D(2026, 12, 25))) == "Spring term 2026/27"
    assert terms.next_term(dates, D(2027, 7, 1)) is None


# A service's own


def test_own_dates_hold_term_by_term(avon):
    own(avon)

    dates = terms.read([avon.pk])[avon.pk]

    of_year = [one for one in dates if one.year == 2026]
    assert of_year[0] == Dates(2026, Term.AUTUMN, D(2026, 9, 7), D(2026, 12, 11))
    assert of_year[1:] == list(terms.usual(2026)[1:])
    assert not terms.in_holiday(dates, D(2026, 10, 28))  # it has no half term
    assert terms.in_holiday(dates, D(2026, 9, 4))
    assert terms.in_holiday(dates, D(2026, 12, 14))


def test_a_year_that_begins_in_august_is_known_in_august(avon):
    own(avon, year=2027, first=D(2027, 8, 26), last=D(2027, 12, 17))

    dates = terms.read([avon.pk], D(2027, 8, 30))[avon.pk]

    assert str(terms.term_of(dates, D(2027, 8, 30))) == "Autumn term 2027/28"


def test_terms_of_many_services_are_one_query(avon, bute, django_assert_num_queries):
    own(avon)

    with django_assert_num_queries(1):
        alone = terms.read([avon.pk])
    with django_assert_num_queries(1):
        both = terms.read([avon.pk, bute.pk])

    assert alone[avon.pk] == both[avon.pk] != both[bute.pk]


# The page


def typed(page, **changes):
    """What the browser would send of the page, with some of it changed."""
    sent = {"as_read": page.context["as_read"]}
    for form in page.context["page"]:
        for bound in form:
            sent[bound.html_name] = str(bound.value() or "")
    return {**sent, **{name.replace("_at_", "-"): value for name, value in changes.items()}}


@pytest.fixture
def address(avon):
    return reverse("terms", args=[avon.slug])


def test_the_page_offers_the_usual_for_this_year_and_the_next(sign_in, address):
    page = sign_in("inclusion_lead").get(address)

    assert [one.dates for one in page.context["page"]] == [*terms.usual(2026), *terms.usual(2027)]
    assert page.text.count("As usual") == 6
    assert "Usual: 1 September to 18 December 2026, half term 26 October to 30 October" in page.text


def test_what_is_as_usual_is_not_kept(sign_in, address, avon):
    browser = sign_in("lead")
    sent = typed(browser.get(address))

    answer = browser.post(address, sent)

    assert answer.url == address
    assert not TermDates.objects.exists()
    assert not Activity.objects.exists()


def test_only_what_differs_is_kept_and_noted(sign_in, address, avon, person):
    browser = sign_in("inclusion_lead")
    sent = typed(browser.get(address), **{"2026-spring-ends_on": "2027-03-19"})

    browser.post(address, sent)

    kept = TermDates.objects.get()
    assert (kept.service, kept.year, kept.term) == (avon, 2026, "spring")
    assert (kept.starts_on, kept.ends_on) == (D(2027, 1, 4), D(2027, 3, 19))
    assert Activity.objects.get().by == person("inclusion_lead")


def test_a_term_that_is_cleared_is_as_usual_again(sign_in, address, avon):
    own(avon)
    browser = sign_in("lead")
    names = ("starts_on", "ends_on", "half_starts_on", "half_ends_on")
    cleared = {f"2026-autumn-{name}": "" for name in names}

    browser.post(address, typed(browser.get(address), **cleared))

    assert not TermDates.objects.exists()


def test_a_term_may_have_no_half_term(sign_in, address, avon):
    browser = sign_in("lead")
    none = {"2026-summer-half_starts_on": "", "2026-summer-half_ends_on": ""}

    browser.post(address, typed(browser.get(address), **none))

    kept = TermDates.objects.get()
    assert (kept.half_starts_on, kept.half_ends_on) == (None, None)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"2026-autumn-ends_on": "2026-08-31"},
            {"ends_on": ["The last day comes after the first."]},
        ),
        ({"2026-autumn-starts_on": "2025-09-01"}, {"starts_on": ["Choose a day in 2026/27."]}),
        ({"2026-autumn-ends_on": "2027-09-01"}, {"ends_on": ["Choose a day in 2026/27."]}),
        (
            {"2026-autumn-half_starts_on": "2026-08-01"},
            {"half_starts_on": ["Half term lies within the term."]},
        ),
        (
            {"2026-autumn-half_ends_on": "2026-10-01"},
            {"half_ends_on": ["Half term ends within the term, after it began."]},
        ),
        (
            {"2026-autumn-half_ends_on": ""},
            {"half_ends_on": ["Give the end of half term too, or leave both empty."]},
        ),
        (
            {"2026-autumn-ends_on": ""},
            {"ends_on": ["Give the last day too, or clear the whole term."]},
        ),
        (
            {"2026-autumn-starts_on": "", "2026-autumn-ends_on": ""},
            {"starts_on": ["Give the first and the last day of the term."]},
        ),
        (
            {"2026-autumn-starts_on": "yesterday"},
            {"starts_on": ["Enter a whole date, with day, month and year."]},
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field(sign_in, address, changes, errors):
    browser = sign_in("lead")

    answer = browser.post(address, typed(browser.get(address), **changes))

    assert answer.status_code == 422
    assert answer.context["page"].forms[0].errors == errors
    assert not TermDates.objects.exists()


def test_a_term_begins_after_the_one_before(sign_in, address):
    browser = sign_in("lead")
    late = {"2026-autumn-ends_on": "2027-01-08"}

    answer = browser.post(address, typed(browser.get(address), **late))

    spring = answer.context["page"].forms[1]
    assert answer.status_code == 422
    assert spring.errors == {"starts_on": ["The term before ends on 8 January 2027."]}
    assert not TermDates.objects.exists()


def test_of_two_who_set_dates_the_second_sees_both(sign_in, address, avon):
    first, second = sign_in("lead"), sign_in("inclusion_lead")
    mine = typed(first.get(address), **{"2026-autumn-ends_on": "2026-12-16"})
    theirs = typed(second.get(address), **{"2026-autumn-ends_on": "2026-12-17"})

    first.post(address, mine)
    refused = second.post(address, theirs)
    kept = TermDates.objects.get().ends_on
    again = second.post(address, typed(refused))

    assert refused.status_code == 409
    assert "Autumn term 2026/27: 1 September 2026 to 16 December 2026" in refused.text
    assert 'value="2026-12-17"' in refused.text
    assert kept == D(2026, 12, 16)
    assert again.status_code == 302
    assert TermDates.objects.get().ends_on == D(2026, 12, 17)


@pytest.mark.parametrize("who", ["group_member", "board_viewer"])
def test_who_does_not_lead_sets_no_dates(sign_in, address, who):
    answer = sign_in(who).post(address, {"2026-autumn-ends_on": "2026-12-16"})

    assert answer.status_code == 403
    assert not TermDates.objects.exists()


def test_the_page_asks_the_same_queries_with_own_dates(sign_in, address, avon):
    browser = sign_in("lead")

    def asked():
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        return len(captured)

    bare = asked()
    own(avon)
    own(avon, term=Term.SPRING, first=D(2027, 1, 5), last=D(2027, 3, 19))
    own(avon, term=Term.SUMMER, first=D(2027, 4, 13), last=D(2027, 7, 20))

    assert asked() == bare


def test_saving_the_same_again_is_no_clash(avon, person):
    dates = term_dates.of_years(avon, [2026])

    assert term_dates.save(service=avon, dates=dates, read="old", by=person("lead")) is None
