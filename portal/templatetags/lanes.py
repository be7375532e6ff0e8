"""What a group said of one statement, as lanes: a dot for each person, a track for each group.

Marks are placed in per cent and sized in pixels, as on every track (tracks.py). The levels share
the width evenly, so that the names of levels under the lanes, in equal columns, fit any scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from math import ceil

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.templatetags.tracks import bar, svg

register = template.Library()

LANE, SPREAD = 34, 34  # pixels, at least
MARGIN = 4.0  # per cent of the width that the line goes on past its first and last level
NARROWEST = 250  # pixels a lane has on a phone 320 wide; a stack of dots keeps within its level
TALLEST = 90  # pixels a stack may grow to before its dots are drawn smaller
DOTS = ((6.5, 14), (4.0, 9), (2.5, 6))  # radius, and from one dot to the next


def places(levels: Iterable[int]) -> dict[int, str]:
    """Where each level stands, as an SVG length: the middles of as many equal columns."""
    values = list(levels)
    return {value: f"{100 * (n + 0.5) / len(values):.2f}%" for n, value in enumerate(values)}


@cache
def rail(levels: tuple[int, ...], middle: float) -> SafeString:
    """The line with a tick at each level."""
    half = 50 / len(levels)
    line = bar("ln", f"{half - MARGIN:.2f}%", f"{100 - half + MARGIN:.2f}%", middle, middle)
    ticks = (bar("tk", x, x, middle - 4, middle + 4) for x in places(levels).values())
    return format_html_join("", "{}", ((mark,) for mark in (line, *ticks)))


def dot_size(most: int, levels: int) -> tuple[float, int, int]:
    """Radius, pitch and dots in a row for the most people on one level, to fit on a phone."""
    sizes = [(radius, pitch, max(1, NARROWEST // levels // pitch)) for radius, pitch in DOTS]
    fitting = (size for size in sizes if ceil(most / size[2]) * size[1] <= TALLEST)
    return next(fitting, sizes[-1])


def stack(count: int, pitch: int, in_a_row: int) -> list[tuple[float, float]]:
    """Where the dots of one level stand around its place: rows, each centred, none over another."""
    rows = [min(in_a_row, count - start) for start in range(0, count, in_a_row)]
    return [
        ((n - (wide - 1) / 2) * pitch, (row - (len(rows) - 1) / 2) * pitch)
        for row, wide in enumerate(rows)
        for n in range(wide)
    ]


@register.simple_tag
def lane_track(counts: Mapping[int, int], label: str = "", most: int = 0) -> SafeString:
    """One dot for each person of a group at the level they gave, stacked where they are many.

    `most` is the highest stack of all lanes that are read together: their dots are of one size.
    """
    most = max(most, *counts.values(), 0)
    radius, pitch, in_a_row = dot_size(most, len(counts) or 1)
    highest = ceil(max(counts.values(), default=0) / in_a_row)
    height = max(LANE, highest * pitch + 12)
    at, middle = places(counts), height / 2
    # A thousand on a page, of nothing but our own numbers: nothing in them to escape.
    dots = SafeString(
        "".join(
            f'<circle class="dot" cx="{at[level]}" cy="{middle + down:g}" r="{radius}" '
            f'transform="translate({along:g} 0)"/>'
            for level, count in counts.items()
            for along, down in stack(count, pitch, in_a_row)
        )
    )
    return svg(height, label, [rail(tuple(counts), middle), dots] if counts else [])


@register.simple_tag
def spread_track(
    counts: Mapping[int, int], low: int, high: int, middle: int, label: str = ""
) -> SafeString:
    """From the lowest rating given to the highest, with the middle one."""
    at, y = places(counts), SPREAD / 2
    marks = [
        rail(tuple(counts), y),
        bar("sp", at[low], at[high], y, y),
        *(bar("edge", at[level], at[level], y - 9, y + 9) for level in (low, high)),
        bar("md", at[middle], at[middle], y - 13, y + 13),
    ]
    return svg(SPREAD, label, marks)


@register.simple_tag
def lane_key(kind: str) -> SafeString:
    """One mark for the key of a talk: spread or middle."""
    line = bar("ln", "0", "28", 13, 13)
    drawings = {
        "spread": [
            bar("sp", "4", "24", 13, 13),
            bar("edge", "4", "4", 4, 22),
            bar("edge", "24", "24", 4, 22),
        ],
        "middle": [line, bar("md", "14", "14", 3, 23)],
    }
    return format_html(
        '<svg class="key-mark" width="28" height="26" viewBox="0 0 28 26" aria-hidden="true" '
        'focusable="false"><g class="track">{}</g></svg>',
        format_html_join("", "{}", ((mark,) for mark in drawings[kind])),
    )
