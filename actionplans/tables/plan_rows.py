"""From the rows of a matched table to targets to be, and a word on every cell that needs one.

Pure. A row begins a target where it says what will change. Without that, or merged with the row
above, it says more of the same one. An area or a heading alone in its row stands over what follows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from xlsxwriter.utility import xl_cell_to_rowcol

from actionplans.tables import areas
from actionplans.tables.cells import Cell, Grid, filled, one_line
from actionplans.tables.columns import JOINED, LABELS, Field
from actionplans.tables.drafts import EXTRA_MOST, Draft, Known, Remark
from actionplans.tables.making import Making
from actionplans.tables.matching import NO_HEADINGS, Match
from selfassessment.models import PlanArea
from selfassessment.sheets.tables import shortened

MOST_TARGETS = 200
HIGHEST_NUMBER = 999


@dataclass(frozen=True)
class Reading:
    """What a table becomes. With anything that stops it, nothing is taken in."""

    drafts: tuple[Draft, ...] = ()
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[Draft, ...] = ()
    without_area: int = 0

    @property
    def stops(self) -> tuple[Remark, ...]:
        return tuple(one for one in self.remarks if one.stops)

    @property
    def others(self) -> tuple[Remark, ...]:
        return tuple(one for one in self.remarks if not one.stops)

    @property
    def name(self) -> str:
        """A short name for all of it: it changes with any of what would be taken in."""
        return hashlib.sha256(repr(self.drafts).encode()).hexdigest()[:32]


@dataclass
class Group:
    """The rows that speak of one target, and what stands over them."""

    row: int
    rows: list[list[Cell]] = field(default_factory=list)
    over: list[Cell] = field(default_factory=list)
    area: PlanArea | None = None


def read(grid: Grid, match: Match, known: Known) -> Reading:
    """Everything the table says, as targets to be."""
    rows = grid.cells
    title = next((at for at, what in enumerate(match.columns) if what == Field.TITLE), None)
    if title is None:
        why = f"Choose which column says “{LABELS[Field.TITLE].lower()}”."
        return Reading(remarks=(Remark("", "", why, stops=True),))
    heads = headings(rows, match)
    groups, above, below = grouped(rows, match, title, areas.guess(grid.name))
    made = [making(group, match, known, heads) for group in groups]
    keep_around(made, above, below)
    drafts = [one.draft() for one in made]
    remarks = [remark for one in made for remark in one.remarks]
    if not groups:
        remarks.append(Remark("", "", "No row says what will change.", stops=True))
    if len(groups) > MOST_TARGETS:
        why = f"At most {MOST_TARGETS} targets; these are {len(groups)}."
        remarks.append(Remark("", "", why, stops=True))
    for draft in drafts:
        extra = str(draft.values.get("extra", ""))
        if len(extra) > EXTRA_MOST and draft.row not in match.left_out:
            why = f"More text than a target keeps: other notes hold {EXTRA_MOST:,} characters."
            remarks.append(Remark(f"Row {draft.row + 1}", shortened(extra), why, stops=True))
    placed, unknown = with_areas(drafts, match)
    if unknown:
        how_many = "1 target" if unknown == 1 else f"{unknown} targets"
        why = f"Choose a plan area for {how_many} of which the table does not say."
        remarks.append(Remark("", "", why, stops=True))
    wanted = [draft for draft in placed if draft.row not in match.left_out]
    if groups and not wanted:
        remarks.append(Remark("", "", "Every target is left out.", stops=True))
    return Reading(
        numbered(wanted, known),
        tuple(sorted(remarks, key=place)),
        tuple(draft for draft in placed if draft.row in match.left_out),
        unknown,
    )


def place(remark: Remark) -> tuple[int, int]:
    """Where a remark's cell stands: those on a whole row or on nothing come last."""
    if not remark.cell or " " in remark.cell:
        return (MOST_TARGETS * MOST_TARGETS, 0)
    row, column = xl_cell_to_rowcol(remark.cell)
    return row, column


def headings(rows: Sequence[Sequence[Cell]], match: Match) -> dict[int, str]:
    """What each column is called: by its heading, else by its letter."""
    width = len(rows[0]) if rows else 0
    named = (
        [] if match.header == NO_HEADINGS else [one_line(cell.text) for cell in rows[match.header]]
    )
    return {
        at: (named[at] if at < len(named) else "") or f"Column {Cell(0, at, '').column_name}"
        for at in range(width)
    }


def grouped(
    rows: Sequence[Sequence[Cell]], match: Match, title: int, area: PlanArea | None
) -> tuple[list[Group], list[Cell], list[Cell]]:
    """The groups, what stands above the table, and headings that nothing follows."""
    above = [] if match.header < 0 else [c for row in rows[: match.header] for c in filled(row)]
    above = [cell for cell in above if not cell.repeats]
    head = [cell.text for cell in filled(rows[match.header])] if match.header >= 0 else []
    groups: list[Group] = []
    over: list[Cell] = []
    fresh = nested = False  # a heading since the last target; another right below the area's
    why: Cell | None = None
    for number, row in enumerate(rows[match.header + 1 :], start=match.header + 1):
        said = filled(row)
        if not said or [cell.text for cell in said] == head:
            continue
        if heading := heading_of(said, title):
            found = areas.guess(heading.text)
            nested = not found and (fresh or nested)
            area = found or (area if nested else None)
            over = [*over, heading] if fresh else [heading]
            fresh = True
            continue
        for cell in said:
            if what(cell, match) == Field.AREA and not cell.repeats:
                area = areas.guess(cell.text)
        if (row[title].text and not row[title].repeats) or not groups or fresh:
            groups.append(Group(number, over=list(over), area=area))
            fresh = False
        group = groups[-1]
        reasons = [cell for cell in said if what(cell, match) == Field.WHY and cell.column < title]
        why = reasons[0] if reasons else why
        if not reasons and why and not group.rows:
            said = [*said, replace(why, row=number)]
        group.rows.append(said)
    return groups, above, over if fresh else []


def what(cell: Cell, match: Match) -> Field:
    return match.columns[cell.column] if cell.column < len(match.columns) else Field.EXTRA


def heading_of(said: Sequence[Cell], title: int) -> Cell | None:
    """The cell that is a heading over what follows, if this row is one."""
    if len(said) != 1 or said[0].repeats:
        return None
    [cell] = said
    is_over = cell.wide or cell.column < title or areas.names_one(cell.text) is not None
    return cell if is_over and not cell.why_bad else None


def making(group: Group, match: Match, known: Known, heads: dict[int, str]) -> Making:
    """Tell a target everything its rows say, title and area first."""
    one = Making(group.row, known, heads)
    if group.area:
        one.values["area"] = group.area.value
    for cell in group.over:
        if group.area is None or areas.exact(cell.text) != group.area:
            one.keep(cell, "Under")
    firsts = group.rows[0]
    if not any(what(cell, match) == Field.TITLE for cell in firsts):
        stand_in(one, firsts)
    several = len(group.rows) > 1
    for number, row in enumerate(group.rows):
        fresh = [cell for cell in row if number == 0 or not cell.repeats]
        order = sorted(fresh, key=lambda cell: what(cell, match) not in {Field.TITLE, Field.AREA})
        for cell in order:
            one.tell(cell, what(cell, match))
        if several:
            step_of(one, fresh, match)
    if "area" not in one.values:
        guessed = areas.guess(str(one.values.get("title", "")))
        if guessed and not match.area:
            one.values["area"] = guessed.value
    return one


def stand_in(one: Making, row: Iterable[Cell]) -> None:
    """A target needs words for what will change, wherever they stand."""
    first = next(cell for cell in row if cell.text)
    one.tell_title(first, Field.TITLE)
    one.remark(first, "Stands in for what will change: that cell is empty.")


def step_of(one: Making, row: Sequence[Cell], match: Match) -> None:
    """One of several rows of a target: its step and its own date are a milestone."""
    step = next((cell for cell in row if what(cell, match) == Field.STEPS), None)
    due = next((cell for cell in row if what(cell, match) == Field.DUE_ON), None)
    when = next((when for cell, when in one.dues if cell is due), None)
    if step and when and when.due:
        one.steps.append(one.step(step, step.text, when.due))


def keep_around(made: Sequence[Making], above: Iterable[Cell], below: Iterable[Cell]) -> None:
    """What stands above a table goes with its first target, what stands below with its last."""
    for cells, where, place in ((above, "Above the table", 0), (below, "Below the table", -1)):
        for cell in cells:
            if made:
                made[place].keep(cell, where)
                made[place].remark(cell, f"{where}. Kept in other notes of one target.")


def with_areas(drafts: Sequence[Draft], match: Match) -> tuple[list[Draft], int]:
    """With the area that was chosen for those without one; and how many have none still."""
    placed = [
        draft
        if draft.area or not match.area
        else replace(draft, values={**draft.values, "area": match.area})
        for draft in drafts
    ]
    return placed, sum(not one.area and one.row not in match.left_out for one in placed)


def numbered(drafts: Sequence[Draft], known: Known) -> tuple[Draft, ...]:
    """Each with its number: the one its reference asks for if it is free, else the next."""
    used: dict[str, set[int]] = {area.value: set() for area in PlanArea}
    for area, number in known.taken:
        used[area].add(number)
    result = []
    for draft in drafts:
        if draft.number and draft.number not in used.get(draft.area, {draft.number}):
            used[draft.area].add(draft.number)
            result.append(draft)
        else:
            result.append(without_number(draft))
    for at, draft in enumerate(result):
        if draft.number is None and draft.area:
            number = max(used[draft.area], default=0) + 1
            used[draft.area].add(number)
            result[at] = replace(draft, number=number)
    return tuple(result)


def without_number(draft: Draft) -> Draft:
    """The number a table gave is taken: what it said is kept."""
    if draft.number is None:
        return draft
    said = f"{LABELS[Field.REFERENCE]}: {draft.reference or draft.number}"
    extra = "\n".join(filter(None, [str(draft.values.get("extra", "")), said]))
    return replace(draft, number=None, values={**draft.values, "extra": extra})


def repeated(match: Match) -> list[str]:
    """Fields that several columns were chosen for, of which only the first can count."""
    return [
        LABELS[one]
        for one in dict.fromkeys(match.columns)
        if match.columns.count(one) > 1 and one not in JOINED
    ]
