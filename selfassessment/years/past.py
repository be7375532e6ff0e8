"""Totals of past years as people write them: dates, scales, “112 of 183”. Pure.

What is not surely understood is None, and its caller says so; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from selfassessment.models import Exactness
from selfassessment.sheets.tables import key

FIRST_YEAR = 1990  # before that nobody assessed themselves; a number below is no year
MOST_TOTAL = Decimal(100_000)
HIGHEST_LEVEL = 100
PER_CENT = Decimal(100)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:t[\d:.]+)?")
DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]+)\.?,?[ -](\d{4}|\d{2})")
DAY_NUMBERED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})")
MONTH_NAMED = re.compile(r"([a-z]+)\.?,?[ -]'?(\d{4}|\d{2})")
MONTH_NUMBERED = re.compile(r"(\d{1,2})[/.](\d{4})")
SCHOOL_YEAR = re.compile(r"(\d{4})\s?[/-]\s?(\d{4}|\d{2})")
YEAR = re.compile(r"\d{4}")
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
PLAIN = re.compile(NUMBER)
PERCENT = re.compile(rf"({NUMBER})\s?%")
OUT_OF = re.compile(rf"({NUMBER})\s?(?:/|of|out of|from)\s?({NUMBER})")
SCALE = re.compile(r"(?:scale\s?)?(?:of\s|from\s)?(\d{1,3})\s?(?:-|to)\s?(\d{1,3})(?:\s?scale)?")
WHOLE = {"total", "overall", "whole", "the whole", "all", "grand total", "overall total", "sum"}
WHOLE |= {"total score", "overall score", "everything", "all areas"}


@dataclass(frozen=True)
class When:
    """A date, and how closely it is known: its first day."""

    day: dt.date
    exactness: Exactness


@dataclass(frozen=True)
class Levels:
    """The two ends of a scale."""

    lowest: int
    highest: int


@dataclass(frozen=True)
class PastTotal:
    """A total of an area, or of the whole where `area` is blank. Raw: see `trouble_with`."""

    area: str
    total: Decimal
    most: Decimal | None = None
    statements: int | None = None


@dataclass(frozen=True)
class Past:
    """What was scored at one time."""

    name: str
    when: When
    levels: Levels | None
    totals: tuple[PastTotal, ...]


def read_when(text: str) -> When | None:
    """A date as people write it; a day, a month, an academic or a calendar year."""
    said = key(text).replace("\u2019", "'")
    if found := ISO.fullmatch(said):
        day = date(*map(int, found.groups()[:3]))
        # A spreadsheet keeps “March 2019” as the first of the month.
        exact = Exactness.MONTH if day and day.day == 1 else Exactness.DAY
        return on(day, exact)
    if found := DAY_NAMED.fullmatch(said):
        number, month, year = found.groups()
        return on(date(full(year), MONTHS.get(month, 0), int(number)), Exactness.DAY)
    if found := DAY_NUMBERED.fullmatch(said):
        number, month, year = found.groups()
        return on(date(full(year), int(month), int(number)), Exactness.DAY)
    if found := MONTH_NAMED.fullmatch(said):
        return on(date(full(found[2]), MONTHS.get(found[1], 0), 1), Exactness.MONTH)
    if found := MONTH_NUMBERED.fullmatch(said):
        return on(date(int(found[2]), int(found[1]), 1), Exactness.MONTH)
    if found := SCHOOL_YEAR.fullmatch(said):
        begins = int(found[1])
        follows = (begins + 1) % 100 == int(found[2]) % 100
        return on(date(begins, 9, 1), Exactness.SCHOOL_YEAR) if follows else None
    if YEAR.fullmatch(said):
        return on(date(int(said), 1, 1), Exactness.YEAR)
    return None


def on(day: dt.date | None, exactness: Exactness) -> When | None:
    return When(day, exactness) if day else None


def full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def date(year: int, month: int, day: int) -> dt.date | None:
    """The day, if there is such a one and it lies in the years that count."""
    if not FIRST_YEAR <= year < FIRST_YEAR + 200:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_number(text: str) -> Decimal | None:
    said = key(text)
    return number(said) if PLAIN.fullmatch(said) else None


def number(said: str) -> Decimal:
    return Decimal(said.replace(",", ""))


def read_count(text: str) -> int | None:
    """A whole number of statements, one or more."""
    found = read_number(text)
    return int(found) if found and found == int(found) and 0 < found <= 10_000 else None


def read_total(text: str) -> tuple[Decimal, Decimal | None] | None:
    """A total, with what it is out of where that stands there: “112”, “112 of 183”, “58%”."""
    said = key(text)
    if found := OUT_OF.fullmatch(said):
        return number(found[1]), number(found[2])
    if found := PERCENT.fullmatch(said):
        return number(found[1]), PER_CENT
    return (number(said), None) if PLAIN.fullmatch(said) else None


def read_levels(text: str) -> Levels | None:
    """A scale: “1–3”, “1 to 3”, “1-3 scale”."""
    found = SCALE.fullmatch(key(text))
    if not found:
        return None
    lowest, highest = int(found[1]), int(found[2])
    return Levels(lowest, highest) if lowest < highest <= HIGHEST_LEVEL else None


def area_name(text: str) -> str:
    """The area as written; blank where it is a word for the whole."""
    name = " ".join(text.split()).rstrip(":").rstrip()
    return "" if key(name) in WHOLE else name


# What must hold


def completed(total: PastTotal, levels: Levels | None) -> PastTotal:
    """With the maximum from the statements, or the statements from the maximum, where that is sure.

    183 on a scale of 1 to 3 is 61 statements. Out of 100 is most likely a percentage, so nothing
    is made of that.
    """
    if levels is None:
        return total
    if total.most is None and total.statements is not None:
        return replace(total, most=Decimal(total.statements * levels.highest))
    if total.most in {None, PER_CENT} or total.statements is not None:
        return total
    if total.most and total.most % levels.highest == 0:
        return replace(total, statements=int(total.most / levels.highest))
    return total


def trouble_with(total: PastTotal, levels: Levels | None) -> str:
    """What cannot be about one completed total; nothing where it is sound."""
    if total.most is None:
        return "What it is out of: a maximum, or the number of statements and the scale."
    if not 0 < total.most <= MOST_TOTAL or total.total != round(total.total, 2):
        return f"Totals to {MOST_TOTAL:,}, with two decimals at most."
    if total.total > total.most:
        return f"At most {total.most:f}: a total is not more than it could be."
    if levels is None or total.statements is None:
        return ""
    if total.most != total.statements * levels.highest:
        return (
            f"{total.statements} × {levels.highest} = {total.statements * levels.highest}: the "
            "maximum, the statements and the scale do not fit together."
        )
    least = total.statements * levels.lowest
    return f"At least {least}: every statement counts {levels.lowest} or more." * (
        total.total < least
    )


def shares_out(past: Past) -> str:
    """A remark where the areas and the whole do not come to the same; nothing otherwise."""
    areas = [one.total for one in past.totals if one.area]
    whole = next((one.total for one in past.totals if not one.area), None)
    if not areas or whole is None or sum(areas) == whole:
        return ""
    return f"The areas come to {sum(areas):f} together, and the whole is {whole:f}."


def as_data(past: Past) -> dict[str, object]:
    """For a signed field between the preview and the button."""
    return {
        "name": past.name,
        "day": past.when.day.isoformat(),
        "exactness": past.when.exactness.value,
        "levels": [past.levels.lowest, past.levels.highest] if past.levels else None,
        "totals": [
            [one.area, str(one.total), str(one.most), one.statements] for one in past.totals
        ],
    }


def from_data(data: Mapping[str, object]) -> Past:
    """What `as_data` made; it was signed, so it is as we wrote it."""
    levels, totals = data["levels"], data["totals"]
    assert isinstance(totals, Sequence)  # noqa: S101 (for the types)
    return Past(
        str(data["name"]),
        When(dt.date.fromisoformat(str(data["day"])), Exactness(str(data["exactness"]))),
        Levels(*levels) if isinstance(levels, list) else None,
        tuple(PastTotal(area, Decimal(total), Decimal(most), n) for area, total, most, n in totals),
    )
