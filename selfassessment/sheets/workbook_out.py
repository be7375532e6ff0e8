"""The questionnaire as a workbook to fill in without the portal, and to bring back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from selfassessment.actions import Entry
from selfassessment.answers import choice_in_words
from selfassessment.models import Answer, Audit, Level, Rating, Statement
from selfassessment.scoring import Part, Scale, scores
from selfassessment.sheets.sheet_format import (
    ANSWERS,
    FORM,
    HEADINGS,
    HIDDEN,
    ID,
    LEVELS,
    LONGEST,
    MARK,
    RATINGS,
    TOTALS,
    YES,
    Mark,
    cells,
    identity,
    kept,
)

COLUMNS = list(HEADINGS)
WIDTHS = [8, 20, 24, 48, 40, 18, 28, 40, 32, 24, 12, 2]
HEAD = 2  # the row of headings, from 0: a title and a line of help stand above it
BELOW = HEAD + 1
FIRST = 4  # the column of totals that the first answer has
INK, WASH, RULE = "#2B1B33", "#FCF5E8", "#B9AFA3"
NOT_LEVELS = {
    Answer.DONT_KNOW: "A real answer. It is counted beside the score and never enters it.",
    Answer.NOT_APPLICABLE: f"Say why in the column “{HEADINGS['reason']}”.",
}
HELP = (
    f"Choose a rating from the list in the column “{HEADINGS['rating']}”. What each level means "
    f"is on the sheet “{LEVELS}”. A blank is not a zero: it is left out of the score. "
    "You may sort, filter and hide rows. Save as .xlsx, then bring the file back to the portal."
)


def workbook(audit: Audit, ratings: Mapping[int, Rating]) -> bytes:
    """A workbook of what `audit` asks, filled with `ratings` (by statement id), or blank.

    `audit` comes with its service and questionnaire. Nothing in it says whose ratings they are.
    """
    statements, levels = list(audit.statements()), list(audit.levels())
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        Writer(book, audit, statements, levels, ratings).write()
    return out.getvalue()


class Writer:
    """One workbook in the making."""

    def __init__(
        self,
        book: Any,
        audit: Audit,
        statements: Sequence[Statement],
        levels: Sequence[Level],
        ratings: Mapping[int, Rating],
    ) -> None:
        self.book, self.audit, self.ratings = book, audit, ratings
        self.statements, self.levels = statements, levels
        look = {"text_wrap": True, "valign": "top", "font_size": 11}
        line = {**look, "border": 1, "border_color": RULE}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": INK})
        self.help = book.add_format({**look, "valign": "vcenter"})
        self.head = book.add_format(
            {**line, "bold": True, "font_color": "#FFFFFF", "bg_color": INK, "valign": "vcenter"}
        )
        self.text = book.add_format(line)
        self.bold = book.add_format({**line, "bold": True})
        # The text format: nothing typed here becomes a date or loses its zeros.
        self.answer = book.add_format({**line, "bg_color": WASH, "num_format": "@"})
        self.percent = book.add_format({**line, "num_format": '0"%"', "bold": True})

    def write(self) -> None:
        sheets = {name: self.book.add_worksheet(name) for name in (RATINGS, LEVELS, TOTALS, HIDDEN)}
        self.ratings_sheet(sheets[RATINGS])
        self.levels_sheet(sheets[LEVELS])
        self.totals_sheet(sheets[TOTALS])
        mark = asdict(Mark.of(self.audit.questionnaire))
        for number, (name, text) in enumerate([(MARK, FORM), *mark.items()]):
            sheets[HIDDEN].write_string(number, 0, name)
            sheets[HIDDEN].write_string(number, 1, text)
        sheets[HIDDEN].very_hidden()
        sheets[RATINGS].activate()

    def top(self, page: Any, title: str, text: str, headings: Iterable[str], height: int) -> None:
        page.write_string(0, 0, title, self.title)
        page.set_row(0, 26)
        headings = list(headings)
        page.merge_range(1, 0, 1, min(len(headings) - 1, 6), "", self.help)
        page.write_string(1, 0, text, self.help)
        page.set_row(1, height)
        for column, heading in enumerate(headings):
            page.write_string(HEAD, column, heading, self.head)
        page.set_row(HEAD, 32)
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEAD)
        page.set_footer("&L&A&RPage &P of &N")

    # Ratings

    def ratings_sheet(self, page: Any) -> None:
        self.top(page, self.name, HELP, HEADINGS.values(), 48)
        page.freeze_panes(BELOW, 1)
        for column, width in enumerate(WIDTHS):
            page.set_column(column, column, width, None, {"hidden": COLUMNS[column] == ID})
        for number, statement in enumerate(self.statements, start=BELOW):
            self.statement_row(page, number, statement)
        last = BELOW + len(self.statements) - 1
        page.autofilter(HEAD, 0, last, len(COLUMNS) - 2)
        page.print_area(0, 0, last, len(COLUMNS) - 2)
        self.drop_downs(page, last)

    def statement_row(self, page: Any, row: int, statement: Statement) -> None:
        entry = Entry.of(self.ratings.get(statement.pk))
        said = {**cells(entry), "rating": choice_in_words(entry.choice, self.levels)}
        section = statement.section
        fixed = [
            statement.code,
            str(section.area),
            str(section),
            statement.text,
            statement.guidance,
        ]
        for column, text in enumerate(fixed):
            page.write_string(row, column, kept(text), self.bold if column == 0 else self.text)
        for name in ANSWERS:
            column = COLUMNS.index(name)
            if said[name]:
                page.write_string(row, column, said[name], self.answer)
            else:
                page.write_blank(row, column, None, self.answer)
        page.write_string(row, COLUMNS.index(ID), identity(statement, entry), self.text)

    def drop_downs(self, page: Any, last: int) -> None:
        for name, rule in {
            "rating": {
                "validate": "list",
                "source": f"={LEVELS}!{self.labels}",
                "error_title": "Not one of the levels",
                "error_message": "Choose from the list, or leave the cell blank.",
            },
            "discuss": {"validate": "list", "source": [YES, "no"]},
            **{
                name: {
                    "validate": "length",
                    "criteria": "<=",
                    "value": most,
                    "error_title": "Too long",
                    "error_message": f"At most {most} characters, so that the portal can read it.",
                }
                for name, most in LONGEST.items()
            },
        }.items():
            column = COLUMNS.index(name)
            page.data_validation(BELOW, column, last, column, rule)

    # Levels

    @property
    def answers(self) -> list[tuple[str, int | None, str]]:
        """What may be answered: its words, its number if it is a level, and when to choose it."""
        return [
            *((str(level), level.value, level.anchor) for level in self.levels),
            *((str(answer.label), None, text) for answer, text in NOT_LEVELS.items()),
        ]

    @property
    def labels(self) -> str:
        """Where the answers of the drop-down stand on the sheet of levels."""
        return f"$A${BELOW + 1}:$A${BELOW + len(self.answers)}"

    def levels_sheet(self, page: Any) -> None:
        self.top(
            page,
            "The levels",
            "These are the answers in the list.",
            ("Rating", "Number", "Choose this when"),
            20,
        )
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 10)
        page.set_column(2, 2, 80)
        page.freeze_panes(BELOW, 0)
        for number, (name, value, text) in enumerate(self.answers, start=BELOW):
            page.write_string(number, 0, name, self.bold)
            if value is None:
                page.write_blank(number, 1, None, self.text)
            else:
                page.write_number(number, 1, value, self.text)
            page.write_string(number, 2, kept(text), self.text)
        page.protect()  # no password: only so that nobody types here by mistake

    # Totals

    def totals_sheet(self, page: Any) -> None:
        """The scores, worked out by the spreadsheet as it is filled in; see scoring.py."""
        self.top(
            page,
            "What the ratings come to",
            "Worked out as you fill in the sheet “Ratings”. 0% is every statement at the lowest "
            "level, 100% every statement at the highest. “Don’t know”, “not applicable” and "
            "blank are left out of the score.",
            (
                *("Part", "Score", "Rated", "Statements"),
                *(name for name, _, _ in self.answers),
                *("Blank", "Not one of the levels"),
            ),
            48,
        )
        page.freeze_panes(BELOW, 1)
        page.set_column(0, 0, 40)
        page.set_column(1, 20, 13)
        whole = scores(self.scale, self.statements, self.ratings)
        row = BELOW
        self.totals_row(page, row, "All areas", "", whole)
        for area in whole.areas:
            row += 1
            self.totals_row(page, row, str(area.area), self.column("area"), area)
            for section in area.sections:
                row += 1
                self.totals_row(page, row, str(section.section), self.column("section"), section)
        page.protect()

    def column(self, name: str) -> str:
        """The cells of a column of the ratings, as formulas name them."""
        letter = xl_col_to_name(COLUMNS.index(name))
        last = BELOW + len(self.statements)
        return f"{RATINGS}!${letter}${BELOW + 1}:${letter}${last}"

    def totals_row(self, page: Any, row: int, name: str, within: str, part: Part) -> None:
        """One part: `within` is the column that says which rows belong to it; none, all do."""
        score, rated = part.score, self.column("rating")
        mine = f"({within}={xl_rowcol_to_cell(row, 0, col_abs=True)})*" if within else "1*"
        at = [xl_rowcol_to_cell(row, FIRST + number) for number in range(len(self.answers))]
        blank_at = xl_rowcol_to_cell(row, FIRST + len(at))
        rated_at, all_at = xl_rowcol_to_cell(row, 2), xl_rowcol_to_cell(row, 3)
        every = f'=SUMPRODUCT({mine}({self.column("code")}<>""))'
        given = [line.level for line in part.lines]
        counts = [given.count(level.value) for level in self.levels]
        counts += [score.dont_know, score.not_applicable]
        # Each with what it comes to now, for programs that show a file without working it out
        figures = [
            (self.share(at, rated_at), "–" if score.percent is None else score.percent),
            (f"=SUM({at[0]}:{at[len(self.levels) - 1]})", score.rated),
            (every, score.statements),
            *(
                (f"=SUMPRODUCT({mine}({match}))", count)
                for match, count in zip(self.matches(rated), counts, strict=True)
            ),
            (f'=SUMPRODUCT({mine}(TRIM({rated})=""))', score.unanswered),
            (f"={all_at}-SUM({at[0]}:{blank_at})", 0),
        ]
        page.write_string(row, 0, kept(name), self.bold)
        for place, (formula, value) in enumerate(figures, start=1):
            page.write_formula(
                row, place, formula, self.percent if place == 1 else self.text, value
            )

    def matches(self, rated: str) -> list[str]:
        """How to tell each answer of the list: its words, or its number typed by hand."""
        found = []
        for number, (_, value, _) in enumerate(self.answers, start=BELOW + 1):
            match = f"({rated}={LEVELS}!$A${number})"
            if value is not None:
                typed = f"{LEVELS}!$B${number}"
                match += f'+({rated}={typed})+({rated}={typed}&"")'
            found.append(match)
        return found

    def share(self, at: Sequence[str], rated: str) -> str:
        """The score in whole numbers, half up, in integers so that no rounding creeps in."""
        scale = self.scale
        pairs = zip(at, self.levels, strict=False)
        total = "+".join(f"{cell}*{level.value}" for cell, level in pairs)
        over = f"({total}-{rated}*{scale.lowest})"
        return f'=IF({rated}=0,"–",INT((200*{over}+{rated}*{scale.span})/(2*{rated}*{scale.span})))'

    @property
    def scale(self) -> Scale:
        return Scale(tuple(level.value for level in self.levels))

    @property
    def name(self) -> str:
        return f"{self.audit.service.name}, self-assessment {self.audit.year_name}"
