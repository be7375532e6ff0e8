"""The comparison at the end of `make load` sees what is missing, older, altered or too much."""

from dataclasses import replace

from dev.load.browsers import Page
from dev.load.told import Figures, Save, lost, unasked

FIRST = Save(respondent=1, statement=7, version=1, choice="3", comment="One")
SECOND = replace(FIRST, version=2, choice="na", comment="Two")
OTHERS = replace(FIRST, respondent=2)


def test_nothing_is_lost_where_the_row_is_the_last_of_the_history():
    assert lost([FIRST, SECOND, OTHERS], {FIRST, SECOND, OTHERS}, {SECOND, OTHERS}) == []


def test_lost_is_what_the_history_does_not_have():
    assert lost([FIRST, SECOND], {SECOND}, {SECOND}) == [FIRST]


def test_lost_is_what_the_row_has_fallen_behind():
    assert lost([FIRST, SECOND], {FIRST, SECOND}, {FIRST}) == [SECOND]


def test_lost_is_what_has_no_row():
    assert lost([FIRST, OTHERS], {FIRST, OTHERS}, {FIRST}) == [OTHERS]


def test_lost_is_what_says_something_else_under_the_same_version():
    altered = replace(SECOND, choice="0")

    assert lost([SECOND], {SECOND, altered}, {altered}) == [SECOND]
    assert lost([SECOND], {altered}, {SECOND}) == [SECOND]


def test_what_nobody_was_told_is_unasked():
    assert unasked([FIRST, SECOND], {FIRST, SECOND, OTHERS}) == {OTHERS}


def test_figures_are_those_of_the_nearest_answer():
    figures = Figures.of([number / 1000 for number in range(200, 0, -1)])

    assert figures == Figures(count=200, median=100, p95=190, p99=198, slowest=200)


def test_page_is_read_as_a_browser_would_send_it():
    page = Page(
        '<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/no"><script src="/b.js">'
        '</script><input type="hidden" name="csrfmiddlewaretoken" value="abc">'
        '<fieldset id="s7" hx-post="/r/x/rate/A1/7/">'
        '<input type="radio" name="s7-rating" value="0">'
        '<input type="radio" name="s7-rating" value="1" checked>'
        '<input type="checkbox" name="s7-discuss">'
        '<textarea name="s7-comment">a &amp; b</textarea></fieldset>'
    )

    assert page.linked == {"/a.css", "/b.js"}
    assert page.saves == {"s7": "/r/x/rate/A1/7/"}
    assert page.choices == {"s7-rating": ["0", "1"], "s7-discuss": ["on"]}
    assert page.fields == {"csrfmiddlewaretoken": "abc", "s7-rating": "1", "s7-comment": "a & b"}
