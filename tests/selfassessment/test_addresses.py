"""What people paste: one address, a list from a mail program, rows of a table, and mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassessment.asking.addresses import Fault, read


def people(text):
    return [(person.name, person.email) for person in read(text).people]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jane@example.org", [("", "jane@example.org")]),
        ("  Jane@Example.ORG  ", [("", "jane@example.org")]),
        ("Jane Smith <jane@example.org>", [("Jane Smith", "jane@example.org")]),
        ('"Smith, Jane" <jane@example.org>', [("Smith, Jane", "jane@example.org")]),
        ("Smith, Jane <jane@example.org>", [("Smith, Jane", "jane@example.org")]),
        ("Jane Smith jane@example.org", [("Jane Smith", "jane@example.org")]),
        ("jane@example.org (Jane Smith)", [("Jane Smith", "jane@example.org")]),
        ("<jane@example.org>", [("", "jane@example.org")]),
        ("mailto:jane@example.org", [("", "jane@example.org")]),
        ("jane@example.org.", [("", "jane@example.org")]),
        ("a@example.org, b@example.org", [("", "a@example.org"), ("", "b@example.org")]),
        ("a@example.org; b@example.org;", [("", "a@example.org"), ("", "b@example.org")]),
        (
            "Smith, Jane <a@example.org>; Bob Ray <b@example.org>",
            [("Smith, Jane", "a@example.org"), ("Bob Ray", "b@example.org")],
        ),
        ("Jane\tSmith\tjane@example.org\tTutor", [("Jane Smith", "jane@example.org")]),
        ("jane@example.org\tJane Smith\tTutor", [("Jane Smith", "jane@example.org")]),
        ("Jane Smith,jane@example.org", [("Jane Smith", "jane@example.org")]),
        (
            "\ufeffa@example.org\r\n\r\n\u200bb@example.org\n",
            [("", "a@example.org"), ("", "b@example.org")],
        ),
        ("Siân Ŵyn\xa0<sian@example.org>", [("Siân Ŵyn", "sian@example.org")]),
    ],
)
def test_people_are_read_however_they_are_pasted(text, found):
    pasted = read(text)

    assert [(person.name, person.email) for person in pasted.people] == found
    assert pasted.faults == ()


@pytest.mark.parametrize(
    ("line", "text", "why"),
    [
        ("Jane Smith", "Jane Smith", "There is no e-mail address here."),
        ("jane@", "jane@", "This is not a whole e-mail address."),
        ("jane@example", "jane@example", "This is not a whole e-mail address."),
        ("jane @example.org", "@example.org", "This is not a whole e-mail address."),
        ("a@b@example.org", "a@b@example.org", "This is not a whole e-mail address."),
        (
            "J" * 121 + " <j@example.org>",
            "j@example.org",
            "Use at most 120 characters for the name.",
        ),
        (
            f"{'j' * 300}@example.org",
            f"{'j' * 300}@example.org",
            "This address is too long to be one.",
        ),
    ],
)
def test_a_bad_line_is_told_with_its_number(line, text, why):
    pasted = read(f"good@example.org\n{line}")

    assert people(f"good@example.org\n{line}") == [("", "good@example.org")]
    assert pasted.faults == (Fault(2, text, why),)
    assert pasted.left == line


def test_of_a_mixed_line_only_what_is_to_mend_is_left():
    pasted = read("a@example.org, Bob, b@example.org, c@")

    assert [person.email for person in pasted.people] == ["a@example.org", "b@example.org"]
    assert [fault.text for fault in pasted.faults] == ["Bob", "c@"]
    assert pasted.left == "Bob\nc@"


def test_an_address_counts_once():
    pasted = read("a@example.org\n\nA@example.org, b@example.org, b@example.org")

    assert [person.email for person in pasted.people] == ["a@example.org", "b@example.org"]
    assert [(fault.line, fault.why) for fault in pasted.faults] == [
        (3, "It is in line 1 already."),
        (3, "It is in this line already."),
    ]
    assert pasted.left == ""


def test_those_who_are_in_already_are_told_and_need_no_mending():
    pasted = read("a@example.org\nb@\nc@example.org").without({"a@example.org": "Asked already."})

    assert [person.email for person in pasted.people] == ["c@example.org"]
    assert [(fault.line, fault.why) for fault in pasted.faults] == [
        (1, "Asked already."),
        (2, "This is not a whole e-mail address."),
    ]
    assert pasted.left == "b@"


@given(st.text(alphabet=st.sampled_from("aB@.,;<>\"'\t\n ()\u200b1"), max_size=80))
def test_no_text_breaks_it_and_no_line_goes_missing(text):
    pasted = read(text)

    told = {person.line for person in pasted.people} | {fault.line for fault in pasted.faults}
    said = {n for n, line in enumerate(pasted.lines, start=1) if line.strip(" ,;\t\u200b")}
    assert told == said
