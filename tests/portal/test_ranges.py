"""Parts of a file: what the headers of a request ask for."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.ranges import NoSuchPartError, Part, part_of, still_holds

AT = dt.datetime(2026, 11, 21, 10, 0, 0, 999, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=40-59", 40, 59),
        ("bytes=40-", 40, 99),
        ("bytes=99-", 99, 99),
        ("bytes=90-500", 90, 99),
        ("bytes=-1", 99, 99),
        ("bytes=-30", 70, 99),
        ("bytes=-500", 0, 99),
        (" Bytes = 40-59 ", 40, 59),
    ],
)
def test_one_part_is_what_it_says(asked, first, last):
    part = part_of(100, asked)

    assert part == Part(first, last, 100)
    assert part.length == last - first + 1
    assert str(part) == f"bytes {first}-{last}/100"


@pytest.mark.parametrize(
    "asked",
    [
        *("", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5", "bytes=--5", "bytes=5--"),
        *("bytes=0-9,20-29", "bytes=0-9,", "lines=0-9", "bytes=9-5", "bytes=1.5-3"),
        *("bytes=٢-٣", "bytes=0-9\n20-29", f"bytes={'9' * 400}-", f"bytes=-{'9' * 400}"),
    ],
)
def test_what_makes_no_sense_or_is_several_is_the_whole(asked):
    assert part_of(100, asked) is None


@pytest.mark.parametrize(
    ("size", "asked"),
    [
        (100, "bytes=100-"),
        (100, "bytes=500-600"),
        (100, "bytes=-0"),
        (0, "bytes=0-"),
        (0, "bytes=-5"),
    ],
)
def test_a_part_after_the_end_is_none(size, asked):
    with pytest.raises(NoSuchPartError):
        part_of(size, asked)


@pytest.mark.parametrize(
    ("if_range", "holds"),
    [
        ("", True),
        ('"abc"', True),
        ('"abd"', False),
        ('W/"abc"', False),
        ("abc", False),
        ("Sat, 21 Nov 2026 10:00:00 GMT", True),
        ("Sat, 21 Nov 2026 10:00:01 GMT", False),
        ("Sat, 21 Nov 2026 09:59:59 GMT", False),
        ("yesterday", False),
    ],
)
def test_parts_go_on_only_where_the_file_is_the_same(if_range, holds):
    assert still_holds(if_range, '"abc"', AT) is holds
