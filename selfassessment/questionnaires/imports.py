"""Reads a questionnaire from a CSV file or a workbook, and lists everything wrong with it.

Pure: bytes in, rows and problems out. Nothing is written here; `editions.import_questionnaire`
does that, from rows without a problem.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfassessment.models import IdeaPillar, Level, PlanArea, Section, Statement
from selfassessment.sheets import tables
from selfassessment.sheets.tables import Problem, Row, Table, key, shortened

MOST_STATEMENTS = 500
SCALE_SHEET = "Scale"
# The columns of a file, and whether each may be left out of it.
COLUMNS = {
    "code": False,
    "area": False,
    "section_code": False,
    "section": False,
    "statement": False,
    "guidance": True,
    "plain": True,
    "plan_area": False,
    "quick_check": True,
    "topics": True,
    "idea_pillar": True,
}
SCALE_COLUMNS = {"value": False, "name": False, "anchor": True}

# Codes stand in addresses and in the names of form controls.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
CODE_RULE = "letters, digits, full stops and hyphens, beginning with a letter or a digit"
YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"", "no", "n", "false", "0"})
LOWEST, HIGHEST, FEWEST_LEVELS = 0, 10, 2

DATA = Path(__file__).parent.parent / "data"
SHIPPED_STATEMENTS = DATA / "maturity-questionnaire-v1.csv"
SHIPPED_SCALES = {
    "maturity": DATA / "scale-maturity.csv",
    "three-point": DATA / "scale-three-point.csv",
}


@dataclass(frozen=True)
class LevelRow:
    """One level of a scale as it came in."""

    value: int
    name: str
    anchor: str


@dataclass(frozen=True)
class StatementRow:
    """One statement as it came in, choices in the portal's own spelling."""

    code: str
    area: str
    section_code: str
    section: str
    text: str
    guidance: str
    plan_area: str
    quick_check: bool
    topics: tuple[str, ...]
    idea_pillar: str
    area_code: str = ""  # blank: made from the section codes
    plain_text: str = ""


@dataclass(frozen=True)
class Parsed:
    """What a file said. With any problem, nothing of it is used."""

    statements: tuple[StatementRow, ...] = ()
    scale: tuple[LevelRow, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_questionnaire(data: bytes, *, topics: Iterable[str]) -> Parsed:
    """The statements in `data`, and the levels of its sheet “Scale” where it has one.

    `topics` are the names that a statement may carry.
    """
    try:
        sheets = tables.read(data, columns=COLUMNS, max_rows=MOST_STATEMENTS + 1)
    except tables.UnreadableError as unreadable:
        return Parsed(problems=(Problem(0, "", "", str(unreadable)),))
    scales = [sheet for sheet in sheets if key(sheet.name) == key(SCALE_SHEET)]
    others = [sheet for sheet in sheets if sheet not in scales]
    if not others:
        return Parsed(problems=(Problem(0, "", "", "A sheet with the statements as well."),))
    title = others[0].name if scales else ""
    parsed = _statements(tables.table(others[0], COLUMNS, title), list(topics))
    if not scales:
        return parsed
    scale = _scale(tables.table(scales[0], SCALE_COLUMNS, SCALE_SHEET))
    return replace(parsed, scale=scale.scale, problems=parsed.problems + scale.problems)


def parse_scale(data: bytes) -> Parsed:
    """The levels in a file of their own: its sheet “Scale”, or else its first."""
    try:
        sheets = tables.read(data, columns=SCALE_COLUMNS, max_rows=MOST_STATEMENTS + 1)
    except tables.UnreadableError as unreadable:
        return Parsed(problems=(Problem(0, "", "", str(unreadable), SCALE_SHEET),))
    named = [sheet for sheet in sheets if key(sheet.name) == key(SCALE_SHEET)]
    return _scale(tables.table((named or sheets)[0], SCALE_COLUMNS, SCALE_SHEET))


def shipped_scale(name: str) -> tuple[LevelRow, ...]:
    """One of the scales that ship with the portal, by its name in SHIPPED_SCALES."""
    return parse_scale(SHIPPED_SCALES[name].read_bytes()).scale


# Tables to statements and levels


@dataclass
class Check:
    """Takes values out of a table, and notes what is wrong with them on the way."""

    table: Table
    problems: list[Problem] = field(default_factory=list)

    def note(self, row: Row, column: str, allowed: str, read: str | None = None) -> None:
        if column not in self.table.columns or (row.number, column) in self.table.bad:
            return  # said once already
        read = shortened(row.cells[column] if read is None else read)
        self.problems.append(Problem(row.number, column, read, allowed, self.table.sheet))

    def text(self, row: Row, column: str, most: int, *, needed: bool = True) -> str:
        text = row.cells[column]
        if needed and not text:
            self.note(row, column, "Some text: this cell is empty.")
        if len(text) > most:
            self.note(row, column, f"At most {most} characters: this has {len(text)}.")
        if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
            self.note(row, column, "Text without control characters.", repr(text))
        return text

    def code(self, row: Row, column: str, most: int) -> str:
        text = self.text(row, column, most)
        if text and not CODE.fullmatch(text):
            self.note(row, column, f"{CODE_RULE.capitalize()}.")
        return text

    def choice(self, row: Row, column: str, choices: Mapping[str, str], read: str) -> str:
        """The portal's spelling of `read`, from `choices` by their keys."""
        if key(read) in choices:
            return choices[key(read)]
        self.note(row, column, f"One of: {'; '.join(choices.values())}.", read)
        return ""

    def flag(self, row: Row, column: str) -> bool:
        text = key(row.cells[column])
        if text not in YES | NO:
            self.note(row, column, "“yes”, or nothing.")
        return text in YES

    def once(self, row: Row, column: str, text: str, seen: dict[str, int]) -> None:
        first = seen.setdefault(key(text), row.number)
        if text and first != row.number:
            self.note(row, column, f"Each once: row {first} has this one too.")

    def same(self, row: Row, column: str, first: Row, by: str) -> None:
        """What rows that share `by` must share."""
        here = row.cells[column]
        if here and key(here) != key(first.cells[column]):
            allowed = f"“{first.cells[column]}”, as in row {first.number} with the same {by}."
            self.note(row, column, allowed)


def _spellings(values: Iterable[str]) -> dict[str, str]:
    return {key(value): value for value in values}


def _most(model: type[Level | Section | Statement], name: str) -> int:
    """How long a text may be, as the model says it."""
    return int(getattr(model._meta.get_field(name), "max_length", 0))  # noqa: SLF001 (documented)


def _statements(table: Table, topics: list[str]) -> Parsed:
    check = Check(table)
    codes: dict[str, int] = {}
    sections: dict[str, Row] = {}
    statements = []
    for row in table.rows:
        statement = _statement(check, row, _spellings(topics))
        check.once(row, "code", statement.code, codes)
        if statement.section_code:
            first = sections.setdefault(key(statement.section_code), row)
            check.same(row, "area", first, "section_code")
            check.same(row, "section", first, "section_code")
        statements.append(statement)
    if table.columns and not table.rows:
        check.problems.append(Problem(2, "", "nothing", "At least one statement.", table.sheet))
    return _parsed(table, check, Parsed(statements=tuple(statements)))


def _statement(check: Check, row: Row, topics: dict[str, str]) -> StatementRow:
    named = [part.strip() for part in row.cells["topics"].split(";") if part.strip()]
    pillar = row.cells["idea_pillar"]
    return StatementRow(
        code=check.code(row, "code", _most(Statement, "code")),
        area=check.text(row, "area", _most(Section, "name")),
        section_code=check.code(row, "section_code", _most(Section, "code")),
        section=check.text(row, "section", _most(Section, "name")),
        text=check.text(row, "statement", _most(Statement, "text")),
        guidance=check.text(row, "guidance", _most(Statement, "guidance"), needed=False),
        plain_text=check.text(row, "plain", _most(Statement, "plain_text"), needed=False),
        plan_area=check.choice(
            row, "plan_area", _spellings(PlanArea.values), row.cells["plan_area"]
        ),
        quick_check=check.flag(row, "quick_check"),
        topics=tuple(dict.fromkeys(check.choice(row, "topics", topics, name) for name in named)),
        idea_pillar=check.choice(
            row, "idea_pillar", {"": "", **_spellings(IdeaPillar.values)}, pillar
        ),
    )


def _scale(table: Table) -> Parsed:
    check = Check(table)
    values: dict[str, int] = {}
    names: dict[str, int] = {}
    levels = []
    for row in table.rows:
        text = row.cells["value"]
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else -1
        if not LOWEST <= number <= HIGHEST:
            check.note(row, "value", f"A whole number from {LOWEST} to {HIGHEST}.")
        name = check.text(row, "name", _most(Level, "name"))
        anchor = check.text(row, "anchor", _most(Level, "anchor"), needed=False)
        check.once(row, "value", str(number) if number >= 0 else "", values)
        check.once(row, "name", name, names)
        levels.append(LevelRow(number, name, anchor))
    if table.columns and len(table.rows) < FEWEST_LEVELS:
        allowed = f"At least {FEWEST_LEVELS} levels."
        check.problems.append(Problem(2, "", f"{len(table.rows)} levels", allowed, table.sheet))
    return _parsed(table, check, Parsed(scale=tuple(sorted(levels, key=lambda one: one.value))))


def _parsed(table: Table, check: Check, whole: Parsed) -> Parsed:
    """The whole, or every problem and none of it."""
    problems = sorted([*table.problems, *check.problems], key=lambda problem: problem.row)
    return Parsed(problems=tuple(problems)) if problems else whole
