"""Finds totals of past years in a spreadsheet, and says of every cell what it was taken for.

Pure: bytes in, totals and remarks out. With any problem nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from selfassessment.models.looking_back import in_words, plain
from selfassessment.sheets import tables, workbook
from selfassessment.sheets.tables import key
from selfassessment.years.past import Past, PastTotal, When, completed, trouble_with
from selfassessment.years.past_cells import Given, Seen
from selfassessment.years.past_layouts import LOOK_FOR_HEADINGS, Reader, Reading

MOST_ROWS = 200


@dataclass(frozen=True)
class Found:
    """What a file said. `pasts` is empty as soon as there is a problem."""

    pasts: tuple[Past, ...] = ()
    understood: tuple[Seen, ...] = ()
    unused: tuple[Seen, ...] = ()
    problems: tuple[Seen, ...] = ()


def read(data: bytes, given: Given) -> Found:
    """Every total in a file, or everything that is in the way."""
    try:
        sheets = tables.read(data, columns=columns_in(data), max_rows=MOST_ROWS)
    except tables.UnreadableError as unreadable:
        return Found(problems=(Seen("", "", "", str(unreadable)),))
    readers = [Reader(sheet, given) for sheet in sheets]
    for reader in readers:
        reader.read()
    problems = [seen for reader in readers for seen in reader.problems]
    if not problems and not any(reader.found for reader in readers):
        problems = [
            Seen("", "", "", "A total, such as “112 of 183” beside “Total”: none was found.")
        ]
    pasts = together(readers, problems)
    return Found(
        pasts=() if problems else pasts,
        understood=tuple(seen for reader in readers for seen in reader.understood),
        unused=tuple(seen for reader in readers for seen in reader.unused()),
        problems=tuple(problems),
    )


def columns_in(data: bytes) -> dict[str, bool]:
    """The words in a CSV file's first row, so that it is split at its most frequent divider."""
    if workbook.is_workbook(data):
        return {}
    lines = tables.decoded(data).splitlines()[:LOOK_FOR_HEADINGS] if data.strip() else []
    divider = max(",;\t", key=lambda one: sum(line.count(one) for line in lines))
    first = next(iter(lines), "")
    return {tables.heading(cell.strip('" ')): True for cell in first.split(divider)}


def together(readers: Iterable[Reader], problems: list[Seen]) -> tuple[Past, ...]:
    """The totals by what, when and scale; what is said twice, or has no date, is a problem."""
    groups: dict[tuple[str, When], list[tuple[Reader, Reading]]] = {}
    for reader in readers:
        for one in reader.found:
            if one.when is None:
                if not problems:
                    problems.append(
                        reader.seen(
                            one.at, "A date for it. Write it beside “Date”, or in the form."
                        )
                    )
                continue
            groups.setdefault((one.name, one.when), []).append((reader, one))
    pasts = []
    for (name, when), members in groups.items():
        levels = next((one.levels for _, one in members if one.levels), None)
        totals: dict[str, PastTotal] = {}
        for reader, one in members:
            total = completed(one.total, levels)
            what = total.area or "the whole"
            if one.levels not in {None, levels}:
                problems.append(reader.seen(one.at, "One scale for all totals of one date."))
            elif key(total.area) in totals:
                problems.append(reader.seen(one.at, f"One total for {what}: this is the second."))
            elif trouble := trouble_with(total, levels):
                problems.append(reader.seen(one.at, trouble))
            else:
                totals[key(total.area)] = total
                reader.understood.append(
                    reader.seen(
                        one.at, f"{what}, {in_words(when.day, when.exactness)}: {said(total)}"
                    )
                )
        pasts.append(Past(name, when, levels, tuple(totals.values())))
    return tuple(sorted(pasts, key=lambda past: past.when.day))


def said(total: PastTotal) -> str:
    """“112 of 183, 61 statements”."""
    most = "" if total.most is None else f" of {plain(total.most)}"
    count = "" if total.statements is None else f", {total.statements} statements"
    return f"{plain(total.total)}{most}{count}"
