"""Attacks on the talk: teams are generated, and nobody in them may be found by any comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from selfassessment.models import RoleGroup
from selfassessment.talk import spread, talking
from tests.selfassessment.crowds import Person, Said, Team, looks, teams

# By chance a run meets many teams of which everybody is heard; it then looks for others.
UNHURRIED = [HealthCheck.too_slow, HealthCheck.filter_too_much]
MANY = settings(max_examples=60, deadline=None, suppress_health_check=UNHURRIED)
ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"


def voices(team: Team) -> tuple[list[Person], list[Person]]:
    """Who is heard after the last opening: staff and families."""
    counted = [one for one in team.here if one.opening]
    staff, families = talking.voices(tally(counted), team.least)
    return (
        [one for one in counted if one.place in staff.people],
        [one for one in counted if one.place in families.people],
    )


def tally(people: Iterable[Person]) -> dict[tuple[int, RoleGroup], int]:
    found: dict[tuple[int, RoleGroup], int] = {}
    for one in people:
        found[one.place] = found.get(one.place, 0) + 1
    return found


def sets_shown(team: Team) -> list[frozenset[int]]:
    """Of every opening: who is in each lane, and in each voice as a whole."""
    shown = []
    for person in team.people:
        person.opening, person.told_as = 0, None
    team.here = []
    for batch in team.batches:
        team.open(batch)
        counted = [one for one in team.here if one.opening]
        for of in talking.voices(tally(counted), team.least):
            heard = [one for one in counted if one.place in of.people]
            shown.append(frozenset(one.number for one in heard))
            shown += [
                frozenset(one.number for one in heard if one.role in lane) for lane in of.lanes
            ]
    return [one for one in shown if one]


def atoms(sets: list[frozenset[int]]) -> list[frozenset[int]]:
    """The smallest groups that sums and differences of these sets can tell apart."""
    everybody = frozenset().union(*sets) if sets else frozenset()
    found: dict[tuple[bool, ...], set[int]] = {}
    for one in everybody:
        found.setdefault(tuple(one in each for each in sets), set()).add(one)
    return [frozenset(atom) for atom in found.values()]


@MANY
@given(teams())
def test_no_sum_or_difference_of_what_is_shown_leaves_too_few(team):
    small = [atom for atom in atoms(sets_shown(team)) if len(atom) < team.least]

    # Where three or four of the staff are all there was at first, they are shown as one.
    staff, _ = voices(team)
    first = min((one.opening for one in staff), default=0)
    at_first = frozenset(one.number for one in staff if one.opening == first)
    assert small in ([], [at_first])
    assert all(len(atom) >= 3 for atom in small)


def by_number(team: Team, number: int) -> Person:
    return next(person for person in team.people if person.number == number)


@MANY
@given(teams(), st.data())
def test_everybody_can_change_places_with_enough_others_unnoticed(team, data):
    before = looks(team)
    heard = [one for voice in voices(team) for one in voice]
    assume(heard)
    target = data.draw(st.sampled_from(heard))
    number = target.number

    alike = 1
    for other in heard:
        if other is target or (other.opening, other.is_family) != (
            target.opening,
            target.is_family,
        ):
            continue
        target.said, other.said = other.said, target.said
        alike += looks(team) == before
        target.said, other.said = other.said, target.said
        looks(team)  # the openings as they were

    of_theirs = [one for one in heard if one.opening == by_number(team, number).opening]
    whole = len([one for one in of_theirs if one.is_family == target.is_family])
    assert alike >= min(team.least, whole) >= 3


@MANY
@given(teams(), st.data())
def test_what_is_not_shown_leaves_no_trace(team, data):
    before = looks(team)
    heard = {one.number for voice in voices(team) for one in voice}
    hidden = [one for one in team.people if one.number not in heard]
    assume(hidden)

    for one in hidden:
        one.said = {
            pk: Said(data.draw(st.sampled_from((0, 1, "dk", "na", ""))), "other words", "another")
            for pk in (1, 2, 3)
        }

    assert looks(team)[-1] == before[-1]


@MANY
@given(teams())
def test_nothing_is_shown_of_fewer_than_three_or_five(team):
    for talk in looks(team):
        for one in talk.spreads:
            assert sum(lane.people for lane in one.lanes) in {0, talk.people}
            assert talk.people >= 3 or (one.lanes, one.low, one.dont_know) == ((), None, 0)
            assert talk.family_people >= team.least or one.families == ()
            enough = team.least if len(one.lanes) > 1 else 3
            assert all(lane.people >= enough for lane in one.lanes)
            assert all(lane.people >= team.least for lane in one.families)
            assert talk.people >= 3 or talk.family_people >= team.least or not one.comments
            assert talk.people >= 3 or talk.family_people >= team.least or not one.flagged


def wrote(one: spread.Comment) -> int:
    return int(re.sub(r"\D", "", one.text))


@MANY
@given(teams())
def test_whoever_wrote_something_could_be_one_of_five(team):
    talks = looks(team)
    staff, families = voices(team)
    heard = [*staff, *families]

    for one in talks[-1].spreads:
        for comment in one.comments:
            writer = by_number(team, wrote(comment))
            assert writer in heard
            batch = [person for person in heard if person.opening == writer.opening]
            suspects = those_in_question(one, comment, batch, team)
            whole = {person.number for person in batch if not person.is_family}
            if comment.role:
                assert comment.role == writer.role.label
            candidates = suspects or {person.number for person in batch}
            assert len(candidates) >= 5 or (whole and candidates >= whole and not comment.role)


def those_in_question(one, comment, batch: list[Person], team: Team) -> set[int]:
    """Whom a reader would suspect: their lane shows an answer of the kind, and the role fits."""
    staff, families = talking.voices(
        tally(person for person in team.here if person.opening), team.least
    )
    pk = one.statement.pk
    kinds = {"na"} if comment.is_reason else {0, 1, 2, "dk", "na"}

    def crowd(person: Person):
        return staff.crowds.get(person.place) or families.crowds.get(person.place)

    active = {
        crowd(person) for person in batch if pk in person.said and person.said[pk].choice in kinds
    }
    named = {
        other.role
        for other in one.comments
        if other.is_reason == comment.is_reason
        and other.role
        and by_number(team, wrote(other)).opening == batch[0].opening
    }
    return {
        person.number
        for person in batch
        if crowd(person) in active
        and (person.role.label == comment.role if comment.role else person.role.label not in named)
    }


@MANY
@given(teams(), st.randoms())
def test_the_order_in_which_people_came_shows_nowhere(team, random):
    before = looks(team)
    for batch in team.batches:
        random.shuffle(batch)

    assert looks(team) == before


# Who reads ratings row by row, and whose. Everybody else asks `spread`, the one gate.
READ_RATINGS = {
    "changingtracks/demo_year.py": "writes the demo's",
    "changingtracks/everything/tables.py": "names them, to leave them out",
    "selfassessment/actions.py": "the response that its owner saves",
    "selfassessment/rating/ways.py": "one's own, to say how far one is",
    "selfassessment/views/rating.py": "one's own, to show and to save",
    "selfassessment/starting.py": "whether there are any",
    "selfassessment/talk/agreeing.py": "of one who rates alone, to take them as agreed",
    "selfassessment/history.py": "named ones that count, for the leads, once the talk is open",
    "selfassessment/asking/invites.py": "keys only, to forget what was withdrawn",
    "selfassessment/models/response.py": "how many, and one response's own",
    "selfassessment/results.py": "one's own, of one who rates alone",
    "selfassessment/talk/spread.py": "the gate",
    "selfassessment/rating/unnamed.py": "moves them, unread",
    "selfassessment/sheets/uploads.py": "of the response that its owner's file goes into",
    "selfassessment/views/uploaded.py": "of the response that its owner's file goes into",
    "selfassessment/views/workbooks.py": "one's own, to take away",
    "selfassessment/sheets/workbook_out.py": "what it is given",
}


def test_nobody_else_reads_the_ratings_of_people():
    words = re.compile(r"\bRating\.objects|\bRatingEvent\b|\.ratings(_of)?\b|\bratings__")

    readers = {
        str(path.relative_to(ROOT))
        for app in ("portal", "selfassessment", "changingtracks")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and words.search(path.read_text())
    }

    assert readers == set(READ_RATINGS)


def test_no_template_reaches_for_the_ratings_of_people():
    words = re.compile(r"\bratings\.(all|first|last|count)\b|\bresponses\.(all|first|last)\b")

    reaching = [path.name for path in TEMPLATES.rglob("*.html") if words.search(path.read_text())]

    assert reaching == []
