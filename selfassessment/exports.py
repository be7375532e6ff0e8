"""The ratings of a self-assessment as a table, to take away."""

from __future__ import annotations

from portal.exports import Cell, Sheet
from selfassessment.models import Audit, Rating
from selfassessment.results import Results

COLUMNS = ("code", "area", "section", "statement", "answer", "level number", "level name")
WORDS = ("reason", "comment", "evidence", "link", "discuss")
SAVED = "saved at"


def ratings_sheet(results: Results, *, with_comments: bool) -> Sheet:
    """Every statement asked, in order. Without comments, none of the free text is in it."""
    header = [*COLUMNS, *(WORDS if with_comments else ()), SAVED]
    return Sheet("Ratings", header, list(rows(results, with_comments=with_comments)))


def rows(results: Results, *, with_comments: bool) -> list[list[Cell]]:
    table: list[list[Cell]] = []
    for answer in results.answers(results.scores):
        statement, rating = answer.statement, answer.rating
        level = rating.value if rating else None
        table.append(
            [
                statement.code,
                statement.section.area.name,
                statement.section.name,
                statement.text,
                results.kind(rating),
                level,
                results.level_names.get(level, ""),
                *(words(rating) if with_comments else ()),
                rating.saved_at if rating else None,
            ]
        )
    return table


def words(rating: Rating | None) -> list[Cell]:
    """What somebody wrote beside a rating, in the order of WORDS."""
    if rating is None:
        return [None] * len(WORDS)
    return [
        rating.reason,
        rating.comment,
        rating.evidence,
        rating.evidence_url,
        "yes" if rating.discuss else "",
    ]


def about_sheet(results: Results) -> Sheet:
    """What the table is: whose, of when, on which questionnaire, and what its levels mean."""
    audit, response = results.audit, results.response
    facts: list[list[Cell]] = [
        ["Music service", audit.service.name],
        ["Year", audit.year_name],
        ["Questionnaire", str(audit.questionnaire)],
        ["How much of it", audit.get_scope_display()],
        ["Handed in", response.handed_in_at or "Not yet"],
    ]
    levels: list[list[Cell]] = [
        [f"Level {level.value}", f"{level.name}. {level.anchor}".strip()]
        for level in results.levels
    ]
    return Sheet("About", ["About this table", ""], facts + levels)


def file_name(audit: Audit, what: str) -> str:
    return f"{audit.service.slug} self-assessment {audit.year_name.replace('/', '-')} {what}"
