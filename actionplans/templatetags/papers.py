"""Marks of a target on a track, drawn for print; what they show stands in words beside them.

As portal/templatetags/drawings.py: SVG in millimetres, colours written out, as a background.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.templatetags.drawings import (
    background,
    cap,
    drawing,
    ghost,
    line,
    mm,
    palette,
    together,
)

register = template.Library()

HEIGHT = 6.0
LABELLED = 9.4  # with the words of the stops under the line
EDGE = 9.0  # room for half a word at either end of a labelled track


def diamond(x: float, y: float, half: float = 1.9) -> SafeString:
    """What is aimed for."""
    return format_html(
        '<path d="M{} {}l{} {}l{} {}l{} {}z" fill="{}" stroke="{}" stroke-width=".4"/>',
        *(mm(x), mm(y - half), mm(half), mm(half), mm(-half), mm(half), mm(-half), mm(-half)),
        palette()["paper"],
        palette()["ink"],
    )


def tick(x: float, y: float) -> SafeString:
    return format_html(
        '<path d="M{} {}v2" stroke="{}" stroke-width=".3"/>', mm(x), mm(y - 1), palette()["track"]
    )


def word(x: float, y: float, text: str) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-family="Atkinson Hyperlegible Next" font-size="2.6" '
        'text-anchor="middle" fill="{}">{}</text>',
        mm(x),
        mm(y),
        palette()["soft"],
        text,
    )


def marks(
    width: float,
    edge: float,
    stops: Sequence[int],
    was: int | None,
    now: int | None,
    aim: int | None,
) -> list[SafeString]:
    y = HEIGHT / 2

    def place(percent: int) -> float:
        return edge + (width - 2 * edge) * percent / 100

    drawn = [line(place(0), place(100), y, "track", 0.3), *(tick(place(at), y) for at in stops)]
    if now is not None:
        drawn.append(line(place(was or 0), place(now), y, "plum", 1.3))
    if aim is not None:
        drawn.append(diamond(place(aim), y))
    if was is not None:
        drawn.append(ghost(place(was), y, 1.6, 3.9))
    if now is not None:
        drawn.append(cap(place(now), y, 2, 4.8))
    return drawn


@register.simple_tag
def print_track(track: dict[str, Any] | None, width: float) -> SafeString:
    """The track of a target, so many millimetres wide. Without one, no drawing."""
    if track is None:
        return SafeString("")
    stops = [stop["at"] for stop in track["stops"]]
    drawn = marks(width, 2.0, stops, track["was"], track["now"], track["aim"])
    return background(drawing(width, HEIGHT, together(drawn)))


@register.simple_tag
def print_labelled_track(track: dict[str, Any] | None, width: float) -> SafeString:
    """The same with the words of its stops under it."""
    if track is None:
        return SafeString("")
    stops = track["stops"]
    drawn = marks(
        width, EDGE, [stop["at"] for stop in stops], track["was"], track["now"], track["aim"]
    )
    across = width - 2 * EDGE
    drawn += [
        word(EDGE + across * stop["at"] / 100, LABELLED - 0.6, stop["word"]) for stop in stops
    ]
    return background(drawing(width, LABELLED, together(drawn)))


@register.simple_tag
def print_levels(
    steps: int,
    now: int | None,
    was: int | None = None,
    low: int | None = None,
    high: int | None = None,
    width: float = 34,
) -> SafeString:
    """A level among those of a scale, the one before, and how far apart people were.

    Levels count from 0, the lowest, to `steps`; the spread is a band from `low` to `high`.
    """
    y = HEIGHT / 2

    def place(level: int) -> float:
        return 2 + (width - 4) * level / steps

    drawn = [line(place(0), place(steps), y, "track", 0.3)]
    if low is not None and high is not None:
        drawn.append(band(place(low) - 1.5, place(high) + 1.5, y))
    drawn += [tick(place(level), y) for level in range(steps + 1)]
    if was is not None:
        drawn.append(ghost(place(was), y, 1.6, 3.9))
    if now is not None:
        drawn.append(cap(place(now), y, 2, 4.8))
    return background(drawing(width, HEIGHT, together(drawn)))


def band(left: float, right: float, y: float) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="2.8" rx="1.4" fill="{}"/>',
        mm(left),
        mm(y - 1.4),
        mm(right - left),
        palette()["line"],
    )


@register.simple_tag
def print_area(percent: int | None, was: int | None, width: float = 92) -> SafeString:
    """A wide level from 0 to 100 per cent, with the one before it, for a page of its own."""
    height, y = 9.0, 4.5

    def place(share: int) -> float:
        return 1.6 + (width - 3.2) * share / 100

    drawn = [line(place(0), place(100), y, "track", 0.4)]
    drawn += [tick(place(at), y) for at in (0, 25, 50, 75, 100)]
    if percent is not None:
        drawn.append(line(0, place(percent), y, "plum", 2.2))
    if was is not None:
        drawn.append(ghost(place(was), y, 2.2, 5.6))
    if percent is not None:
        drawn.append(cap(place(percent), y, 3, 7.4))
    return background(drawing(width, height, together(drawn)))


@register.simple_tag
def print_course(course: dict[str, Any]) -> SafeString:
    """The time of a plan across the sheet, from edge to edge: a figure with all of it in words."""
    y, left, right = 9.0, 22.0, 188.0

    def place(percent: int) -> float:
        return left + (right - left) * percent / 100

    drawn = [line(0, 210, y, "track", 0.4)]
    drawn += [tick(place(at), y) for at in course["ticks"]]
    if course["now"] is not None:
        drawn.append(line(0, place(course["now"]), y, "plum", 2.2))
    drawn += [diamond(place(at), y, 2.4) for at in course["due"]]
    drawn += [done(place(at), y) for at in course["done"]]
    if course["now"] is not None:
        drawn.append(cap(place(course["now"]), y, 3.4, 9))
    return drawing(210, 18, together(drawn), course["words"])


def done(x: float, y: float) -> SafeString:
    """What was aimed for, and reached: the diamond, filled."""
    return format_html(
        '<path d="M{} {}l2.4 2.4l-2.4 2.4l-2.4 -2.4z" fill="{}" stroke="{}" stroke-width=".4"/>',
        mm(x),
        mm(y - 2.4),
        palette()["plum"],
        palette()["ink"],
    )
