"""The agreed ratings of a self-assessment as tables, to take away."""

from __future__ import annotations

from collections.abc import Iterable

from portal.exports import Cell, Sheet
from selfassessment.answers import NOT_LEVELS
from selfassessment.models import AgreedRating, Answer, Audit, Level
from selfassessment.results import Results

COLUMNS = [
    *("code", "area", "section", "statement", "answer", "level number", "level name"),
    *("reason", "agreed at"),
]
KINDS: dict[str, str] = {Answer.LEVEL: "Level", **NOT_LEVELS}
COMMENTS = ["code", "statement", "who", "comment", "evidence", "link"]


def ratings_sheet(results: Results) -> Sheet:
    """Every statement asked, in order, with what is agreed of it and why."""
    return Sheet("Ratings", COLUMNS, rows(results))


def rows(results: Results) -> list[list[Cell]]:
    table: list[list[Cell]] = []
    names: dict[int | None, str] = {one.value: one.name for one in results.levels}
    for answer in results.answers(results.scores):
        statement, rating = answer.statement, answer.rating
        level = rating.value if rating else None
        table.append(
            [
                statement.code,
                statement.section.area.name,
                statement.section.name,
                statement.text,
                KINDS.get(rating.answer, "") if rating else "",
                level,
                names.get(level, ""),
                rating.reason if rating else "",
                rating.agreed_at if isinstance(rating, AgreedRating) and rating.answer else None,
            ]
        )
    return table


def comments_sheet(results: Results) -> Sheet:
    """What people wrote beside their ratings, as far as it may be shown: a row for each."""
    table: list[list[Cell]] = [
        [
            answer.statement.code,
            answer.statement.text,
            said.role,
            f"Why it does not apply: {said.text}" if said.is_reason else said.text,
            said.evidence,
            said.evidence_url,
        ]
        for answer in results.answers(results.scores)
        for said in answer.comments
    ]
    return Sheet("Comments", COMMENTS, table)


def about_sheet(results: Results) -> Sheet:
    audit = results.audit
    closed: list[Cell] = ["Year closed", audit.closed_at or "Not yet"]
    return about(audit, results.levels, "About this table", [closed])


def about(audit: Audit, levels: Iterable[Level], heading: str, more: Iterable[list[Cell]]) -> Sheet:
    """What tables are: whose, of when, on which questionnaire, and what its levels mean."""
    facts: list[list[Cell]] = [
        ["Music service", audit.service.name],
        ["Year", audit.year_name],
        ["Questionnaire", str(audit.questionnaire)],
        ["How much of it", audit.get_scope_display()],
    ]
    means: list[list[Cell]] = [
        [f"Level {level.value}", f"{level.name}. {level.anchor}".strip()] for level in levels
    ]
    return Sheet("About", [heading, ""], [*facts, *more, *means])


def file_name(audit: Audit, what: str) -> str:
    return f"{audit.service.slug} self-assessment {audit.year_name.replace('/', '-')} {what}"
