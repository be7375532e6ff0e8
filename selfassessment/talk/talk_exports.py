"""What the talk shows, as tables to take away: made of the same, so no more than the page."""

from __future__ import annotations

from collections.abc import Iterable

from portal.exports import Cell, Sheet
from selfassessment.exports import about
from selfassessment.talk.spread import Lane, Spread, Talk

STATEMENT = ("code", "area", "section", "statement")
GROUP = ("voice", "role group", "people")
ENDS = ("don’t know", "not applicable", "lowest", "highest", "middle", "want to discuss it")
COMMENT = ("code", "statement", "kind", "words", "evidence", "link", "role group")
STAFF, FAMILIES = "Staff", "Young people, parents and carers"


def counts_sheet(talk: Talk) -> Sheet:
    """One line for each statement and lane, and one for the staff together."""
    levels = [f"{level.value} {level.name}" for level in talk.levels]
    rows = [row for spread in talk.spreads for row in counts_of(spread, talk)]
    return Sheet("Ratings", [*STATEMENT, *GROUP, *levels, *ENDS], rows)


def counts_of(spread: Spread, talk: Talk) -> Iterable[list[Cell]]:
    about: list[Cell] = [
        spread.statement.code,
        spread.statement.section.area.name,
        spread.statement.section.name,
        spread.statement.text,
    ]
    nothing: list[Cell] = [None] * 4
    for voice, lanes in ((STAFF, spread.lanes), (FAMILIES, spread.families)):
        for lane in lanes:
            yield [*about, voice, *figures(lane), *nothing]
    if spread.lanes:
        whole = Lane(
            "All together", talk.people, spread.counts, spread.dont_know, spread.not_applicable
        )
        ends: list[Cell] = [spread.low, spread.high, spread.middle, spread.flagged]
        yield [*about, STAFF, *figures(whole), *ends]


def figures(lane: Lane) -> list[Cell]:
    return [lane.name, lane.people, *lane.counts.values(), lane.dont_know, lane.not_applicable]


def comments_sheet(talk: Talk) -> Sheet:
    rows: list[list[Cell]] = [
        [
            spread.statement.code,
            spread.statement.text,
            "why it does not apply" if comment.is_reason else "comment",
            comment.text,
            comment.evidence,
            comment.evidence_url,
            comment.role,
        ]
        for spread in talk.spreads
        for comment in spread.comments
    ]
    return Sheet("Comments", COMMENT, rows)


def about_sheet(talk: Talk) -> Sheet:
    """What the tables are, and what was done so that nobody is found in them."""
    people: list[list[Cell]] = [
        ["Staff whose ratings count", talk.people],
        [f"{FAMILIES} whose ratings count", talk.family_people],
        ["Role groups are joined below", f"{talk.least} people"],
    ]
    return about(talk.audit, talk.levels, "About these tables", people)
