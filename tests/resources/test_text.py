"""Markdown becomes HTML, and nothing in it can ever run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources import text
from tests.factories import HOSTILE


def test_headings_come_below_the_page_s_own():
    assert text.html("# One\n\n## Two") == "<h2>One</h2>\n<h3>Two</h3>\n"


def test_headings_skip_no_level():
    assert text.html("## Two\n\n#### Four\n\n### Three\n\n# One") == (
        "<h2>Two</h2>\n<h3>Four</h3>\n<h3>Three</h3>\n<h2>One</h2>\n"
    )


def test_headings_end_at_the_sixth_level():
    assert text.html("# One\n\n## Two", below=5) == "<h6>One</h6>\n<h6>Two</h6>\n"


def test_lists_links_and_tables_are_kept():
    markup = text.html('- [A page](https://example.org/ "Why")\n\n| a |\n|:-:|\n| 1 |\n')

    assert markup == (
        '<ul>\n<li><a href="https://example.org/" title="Why" rel="noopener">A page</a></li>\n'
        '</ul>\n<table>\n<thead>\n<tr>\n<th scope="col">a</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        *HOSTILE,
        "<script>alert(1)</script>",
        "[go](javascript:alert(1))",
        "[go](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.example.org/x.png)",
        "<a href='x' onclick='alert(1)'>x</a>",
        "<svg/onload=alert(1)>",
        "[x](<javascript:alert(1)>)",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(hostile):
    markup = text.html(hostile)

    assert "<script" not in markup
    assert "<img" not in markup
    assert "<svg" not in markup
    assert 'href="javascript' not in markup
    assert 'href="data' not in markup
    assert "<b " not in markup
    assert "<a href='x'" not in markup


@given(st.text(max_size=200))
def test_what_comes_out_is_clean_already(written):
    markup = text.html(written)

    assert text.clean(markup) == markup


def test_plain_words_are_counted_without_their_marks():
    assert text.plain("# Ours & *theirs*\n\n[here](https://example.org)") == "Ours & theirs here"
    assert text.words("# Don’t **stop**\n\n- one\n- two") == 4
