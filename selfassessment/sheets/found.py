"""What a workbook was found to say, and how that stands beside what is in the portal.

The worker reads (workbook_in.py) and leaves a `Found` with the upload; web processes compare it
with the ratings as they are now. Pure, and free of openpyxl.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from selfassessment.actions import Entry
from selfassessment.answers import choice_in_words
from selfassessment.models import Answer, Level, Rating, Statement
from selfassessment.sheets.sheet_format import ANSWERS, EMPTY, HEADINGS, YES, cells, digest

FILE, PORTAL = "file", "portal"
FIELDS = dict(
    zip(ANSWERS, ("choice", "reason", "comment", "evidence", "evidence_url"), strict=False)
)


@dataclass(frozen=True)
class Trouble:
    """A cell, row or column that was not read: where, what was read there, what is allowed."""

    where: str
    read: str
    allowed: str
    code: str = ""


@dataclass(frozen=True)
class Row:
    """What a file says of one statement: the cells that could be read, and their old digests."""

    said: Mapping[str, str]
    base: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """Everything read from a file. `rows` are by statement id."""

    rows: Mapping[int, Row] = field(default_factory=dict)
    troubles: Sequence[Trouble] = ()
    other_edition: str = ""  # its name, where the file is not of the edition that is asked
    left_out: Sequence[str] = ()  # codes of rows that are not asked here, or ask something else

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "rows": {str(pk): [dict(row.said), dict(row.base)] for pk, row in self.rows.items()},
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Found:
        if not data:
            return cls()
        return cls(
            rows={int(pk): Row(said, base) for pk, (said, base) in data["rows"].items()},
            troubles=[Trouble(**one) for one in data["troubles"]],
            other_edition=data["other_edition"],
            left_out=data["left_out"],
        )

    @property
    def answers(self) -> dict[int, Mapping[str, str]]:
        """The rows that say anything."""
        return {pk: row.said for pk, row in self.rows.items() if any(row.said.values())}

    @property
    def without_reason(self) -> list[int]:
        """Statements said not to apply, without a word why: these cannot be handed in."""
        return [
            pk
            for pk, said in self.answers.items()
            if said.get("rating") == Answer.NOT_APPLICABLE and not said.get("reason")
        ]

    @property
    def is_clean(self) -> bool:
        """Whether nothing in it needs a person to look first."""
        return bool(
            any(said.get("rating") for said in self.answers.values())
            and not (self.troubles or self.other_edition or self.left_out or self.without_reason)
        )


@dataclass(frozen=True)
class Cell:
    """One cell that differs. `clashes`: it changed in the file and in the portal."""

    name: str
    file: str
    portal: str
    clashes: bool = False

    @property
    def heading(self) -> str:
        return HEADINGS[self.name]


@dataclass(frozen=True)
class Difference:
    """A statement of which file and portal say something else, and which is to count."""

    statement: Statement
    cells: tuple[Cell, ...]
    choice: str  # FILE, PORTAL, or nothing where somebody has to choose

    @property
    def field(self) -> str:
        return f"take-{self.statement.pk}"

    @property
    def clashes(self) -> bool:
        return any(cell.clashes for cell in self.cells)


@dataclass(frozen=True)
class Line:
    """A statement as a new respondent's file has it."""

    statement: Statement
    rating: str
    more: tuple[Cell, ...]


@dataclass(frozen=True)
class Beside:
    """A file beside the portal."""

    differences: tuple[Difference, ...]
    same: int  # statements that the file and the portal agree on
    newer: int  # statements that changed in the portal only, since the file was made
    missing: tuple[str, ...]  # codes of statements that the file does not have

    @property
    def clashes(self) -> int:
        return sum(one.clashes for one in self.differences)


def beside(found: Found, statements: Iterable[Statement], ratings: Mapping[int, Rating]) -> Beside:
    """Compare a file with one's ratings (by statement id), cell by cell.

    A cell that nobody changed in the file never counts against the portal; one that changed in
    the file only is taken; where both changed, somebody chooses.
    """
    differences, missing, same, newer = [], [], 0, 0
    unread = {trouble.code for trouble in found.troubles}
    for statement in statements:
        row = found.rows.get(statement.pk)
        if row is None:
            missing.append(statement.code)
            continue
        here = cells(Entry.of(ratings.get(statement.pk)))
        differ = [name for name in ANSWERS if row.said.get(name, here[name]) != here[name]]
        edited = [name for name in differ if digest(row.said[name]) != row.base.get(name, EMPTY)]
        if not differ:
            same += statement.code not in unread
        elif not edited:
            newer += 1
        else:
            differing = tuple(
                Cell(
                    name,
                    row.said[name],
                    here[name],
                    clashes=digest(here[name]) != row.base.get(name, EMPTY),
                )
                for name in edited
            )
            clashes = any(cell.clashes for cell in differing)
            differences.append(Difference(statement, differing, "" if clashes else FILE))
    return Beside(tuple(differences), same, newer, tuple(missing))


def lines(found: Found, statements: Iterable[Statement], levels: Sequence[Level]) -> list[Line]:
    """What a file says of each statement, for somebody who has no ratings here yet."""
    listed = []
    for statement in statements:
        said = found.answers.get(statement.pk, {})
        more = tuple(
            Cell(name, said[name], "") for name in ANSWERS if name != "rating" and said.get(name)
        )
        listed.append(Line(statement, choice_in_words(said.get("rating", ""), levels), more))
    return listed


def in_words(difference: Difference, levels: Sequence[Level]) -> Difference:
    """The same, with ratings as the drop-down calls them and blanks said to be blank."""

    def word(name: str, text: str) -> str:
        if name == "discuss":
            return "Yes" if text else "No"
        return (choice_in_words(text, levels) if name == "rating" else text) or "Blank"

    return replace(
        difference,
        cells=tuple(
            replace(cell, file=word(cell.name, cell.file), portal=word(cell.name, cell.portal))
            for cell in difference.cells
        ),
    )


def onto(entry: Entry, said: Mapping[str, str]) -> Entry:
    """What was said so far, with some cells of a file in place of it."""
    changes: dict[str, Any] = {FIELDS[name]: said[name] for name in FIELDS if name in said}
    if "discuss" in said:
        changes["discuss"] = said["discuss"] == YES
    return replace(entry, **changes)
