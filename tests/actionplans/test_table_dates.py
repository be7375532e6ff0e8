"""What people write where a date is asked for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans.keeping import terms
from actionplans.tables import dates
from actionplans.tables.dates import Period, When
from tests.actionplans.tables import PERIOD

D = dt.date


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("31/3/27", D(2027, 3, 31)),
        ("by 31/3/27", D(2027, 3, 31)),
        ("31.03.2027", D(2027, 3, 31)),
        ("31-Mar-27", D(2027, 3, 31)),
        ("31st March", D(2027, 3, 31)),
        ("1 October", D(2026, 10, 1)),
        ("31st of March 2027", D(2027, 3, 31)),
        ("March 31, 2027", D(2027, 3, 31)),
        ("2027-03-31", D(2027, 3, 31)),
        ("2027-03-31T00:00:00", D(2027, 3, 31)),
        ("46477", D(2027, 3, 31)),
    ],
)
def test_a_day_says_all_there_is(text, due):
    assert dates.read(text, PERIOD) == When(due=due, says_all=True)


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("Sept–March", D(2026, 9, 1), D(2027, 3, 31)),
        ("Sept - March 2027", D(2026, 9, 1), D(2027, 3, 31)),
        ("Nov 26 – Feb 27", D(2026, 11, 1), D(2027, 2, 28)),
        ("October 2026 to July", D(2026, 10, 1), D(2027, 7, 31)),
        ("Jan/Feb 2027", D(2027, 1, 1), D(2027, 2, 28)),
        ("2026-27", D(2026, 9, 1), D(2027, 8, 31)),
        ("2026–29", D(2026, 9, 1), D(2029, 8, 31)),
        ("Spring term", D(2027, 1, 4), D(2027, 3, 25)),
        ("Summer 2027", D(2027, 4, 12), D(2027, 7, 21)),
        ("Autumn 1", D(2026, 9, 1), D(2026, 10, 26)),
        ("end of autumn term", None, D(2026, 12, 18)),
        ("by the end of the spring term 2026/27", None, D(2027, 3, 25)),
        ("Easter 2027", None, D(2027, 3, 28)),
        ("by Easter", None, D(2027, 3, 28)),
        ("before Christmas", None, D(2026, 12, 25)),
        ("March", None, D(2027, 3, 31)),
        ("Mar-27", None, D(2027, 3, 31)),
        ("03/2027", None, D(2027, 3, 31)),
        ("mid-January", None, D(2027, 1, 15)),
        ("early May 2027", None, D(2027, 5, 10)),
        ("end of March", None, D(2027, 3, 31)),
        ("end of the academic year", None, D(2027, 8, 31)),
        ("End of financial year", None, D(2027, 3, 31)),
        ("end of plan", None, D(2027, 8, 31)),
        ("2027", D(2027, 1, 1), D(2027, 8, 31)),
        ("Termly; review July 2027", None, D(2027, 7, 31)),
        ("From September 2026", D(2026, 9, 1), None),
        ("ongoing since October", D(2026, 10, 1), None),
    ],
)
def test_words_are_read_within_the_plan_and_kept(text, start, due):
    assert dates.read(text, PERIOD) == When(start, due)


@pytest.mark.parametrize(
    "text",
    ["ongoing", "On-going", "each term", "Termly", "every half term", "ASAP", "TBC", "annual"],
)
def test_no_date_is_a_reason(text):
    assert dates.read(text, PERIOD) == When(ongoing=True)


@pytest.mark.parametrize("text", ["", "soon", "12th", "when we may need it", "99/99/2027", "£2000"])
def test_what_is_no_date_is_none(text):
    assert dates.read(text, PERIOD) == When()


def test_the_last_of_several_dates_is_due_and_earlier_ones_with_words_are_steps():
    text = "Draft by Oct 2026; pilot Jan 2027;\nfull rollout by July 2027"

    when = dates.read(text, PERIOD)

    assert when == When(
        due=D(2027, 7, 31), steps=(("Draft", D(2026, 10, 31)), ("pilot", D(2027, 1, 31)))
    )


def test_dates_without_words_are_no_steps():
    assert dates.read("Oct 2026, Jan 2027, July 2027", PERIOD) == When(due=D(2027, 7, 31))


def test_a_month_of_a_longer_plan_is_its_first():
    longer = Period(D(2026, 4, 1), D(2029, 3, 31))

    assert dates.read("March", longer).due == D(2027, 3, 31)
    assert dates.read("April", longer).due == D(2026, 4, 30)


def test_a_term_without_dates_of_its_own_is_no_date():
    assert dates.read("autumn term", Period(PERIOD.starts_on, PERIOD.ends_on)) == When()


def test_terms_are_the_services_own():
    own = [terms.Dates(2026, terms.Term.AUTUMN, D(2026, 9, 7), D(2026, 12, 11))]
    period = Period(PERIOD.starts_on, PERIOD.ends_on, own)

    assert dates.read("end of autumn term", period).due == D(2026, 12, 11)


@given(
    st.dates(D(2000, 1, 1), D(2099, 12, 31)),
    st.sampled_from(["%-d/%-m/%Y", "%d %B %Y", "%Y-%m-%d"]),
)
def test_every_day_is_read_as_itself(day, form):
    assert dates.read(f"{day:{form}}", PERIOD) == When(due=day, says_all=True)


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_word(text):
    when = dates.read(text, PERIOD)

    assert not (when.ongoing and when.due)
