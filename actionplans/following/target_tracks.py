"""What the track of a target shows: where it began, where it is, where it goes. Pure figures.

By the measure's own number; else by the newest per cent; else by the agreed level of its
statements; else it is an empty stretch of time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from actionplans.models import ProgressNote, Target, TargetStatus
from actionplans.progress import number, way

WHOLE = 100


@dataclass(frozen=True)
class Stop:
    """A tick on the track, at its place in per cent, with the word under it."""

    at: float
    word: str


@dataclass(frozen=True)
class Track:
    """Marks in per cent of the way; None draws no mark. `words` say all that is drawn."""

    stops: tuple[Stop, ...]
    was: float | None
    now: float | None
    aim: float | None
    words: str


@dataclass(frozen=True)
class Levels:
    """The levels of a target's statements on their scale: names by value, then and since."""

    names: Mapping[int, str]
    before: int | None  # the lowest agreed among them when the plan was made
    after: int | None  # the same in a later self-assessment on the same questionnaire


def track(target: Target, notes: list[ProgressNote], levels: Levels, first: dt.date) -> Track:
    """The track of `target`; `notes` newest first; `first` is the first day of its plan."""
    if target.aim_value is not None:
        return by_number(target, target.aim_value, notes)
    percent = next((note.percent for note in notes if note.percent is not None), None)
    if percent is not None:
        return by_percent(target, percent)
    aim, before = target.aim_level, levels.before
    if aim is not None and before is not None and {aim, before} <= levels.names.keys():
        return by_level(aim, before, levels)
    return by_time(target, target.starts_on or first, target.due_on)


def by_number(target: Target, aim: Decimal, notes: list[ProgressNote]) -> Track:
    start = target.start_value if target.start_value is not None else Decimal(0)
    value = next((note.value for note in notes if note.value is not None), None)
    unit = f" {target.unit}" if target.unit else ""
    began = f"From {number(start)}"
    if value is None:
        none = "No number yet." if target.is_open else "No number was noted."
        now, words = 0, f"{began}. Aim {number(aim)}{unit}. {none}"
    else:
        now = way(start, value, aim)
        words = f"{began}. Now {number(value)}. Aim {number(aim)}{unit}."
    stops = (Stop(0, number(start)), Stop(WHOLE, number(aim)))
    return Track(stops, 0, None if value is None else now, WHOLE, words)


def by_percent(target: Target, percent: int) -> Track:
    now = WHOLE if target.status == TargetStatus.DONE else percent
    stops = tuple(Stop(at, f"{at}%") for at in (0, 25, 50, 75, WHOLE))
    return Track(stops, None, now, WHOLE, f"{now}% of the way.")


def by_level(aim: int, before: int, levels: Levels) -> Track:
    """The agreed level is where it began; a later one is where it is."""
    values = sorted(levels.names)
    at = {value: WHOLE * place / (len(values) - 1) for place, value in enumerate(values)}
    began = f"From {before}, {levels.names[before]}."
    after = levels.after if levels.after in at else None
    now = f" Now {after}, {levels.names[after]}." if after is not None else ""
    return Track(
        tuple(Stop(at[value], str(value)) for value in values),
        at[before],
        at[after] if after is not None else None,
        at[aim],
        f"{began}{now} Aim {aim}, {levels.names[aim]}.",
    )


def by_time(target: Target, starts_on: dt.date, due_on: dt.date | None) -> Track:
    """Nothing measures it: an empty stretch from its start to its due day."""
    began = f"{starts_on:%-d %B}"
    if due_on is None:
        return Track((Stop(0, began),), None, None, None, f"From {began}. No date yet.")
    due = f"{due_on:%-d %B}"
    none = "Nothing measures it yet." if target.is_open else "Nothing measured it."
    stops = (Stop(0, began), Stop(WHOLE, due))
    return Track(stops, None, None, WHOLE, f"From {began} to {due}. {none}")
