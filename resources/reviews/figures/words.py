"""What figures say of how they are told, in the same words everywhere."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import apnumber

from resources.reviews.figures.memory import Told
from resources.reviews.figures.shape import NOT_SHOWN, Number
from selfassessment.benchmark.disclosure import LEAST, STEP

ROUNDED = f"Rounded to the nearest {STEP}."
TOO_FEW = f"of fewer than {apnumber(LEAST)} music services."


def number(key: str, name: str, told: Told, definition: str, *, row: str = "") -> Number:
    """A figure of services that is told, or is not: one row of a family."""
    if row not in told.rows:
        return Number(
            key=key,
            name=name,
            value=NOT_SHOWN,
            definition=definition,
            counted=None,
            note=f"It could tell {TOO_FEW}",
        )
    value = told.rows[row]
    return Number(
        key=key,
        name=name,
        value=f"about {value:,}",
        definition=definition,
        counted=value,
        note=f"Counted on {told.day}.",
    )
