"""Our marks on a track, drawn for print: SVG in millimetres with presentation attributes.

WeasyPrint does not bring the page's styles into a drawing, so every colour is written out, from
static/pdf/tokens.css. What a table beside it says in figures is drawn as a background: it is
decoration then, and no screen reader meets it twice.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypedDict

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

PAGE_WIDTH, PAGE_HEIGHT = 210, 297  # millimetres
RAIL, COLUMN = 22, 166  # where the drawn part of a page begins, and how wide it is
METER_WIDTH, METER_HEIGHT = 34, 5.6
COVER_TOP, COVER_BOTTOM = 124, 262
WIDEST_PITCH, AREA_GAP = 12, 1.1  # of the cover's tracks; the gap counts in tracks


class Track(TypedDict):
    """One track of a cover: its name, and its level in per cent; None is no score."""

    name: str
    percent: int | None


@cache
def palette() -> Mapping[str, str]:
    css = (settings.BASE_DIR / "static" / "pdf" / "tokens.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--(\w+):\s*(#[0-9a-f]{6})", css))


def drawing(width: float, height: float, marks: SafeString, title: str = "") -> SafeString:
    """An SVG of a size in millimetres. With a title it is a figure, and the title its text."""
    named = format_html("<title>{}</title>", title) if title else ""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}mm" '
        'height="{1}mm"{2}>{3}{4}</svg>',
        width,
        height,
        SafeString(' role="img"') if title else "",
        named,
        marks,
    )


def background(svg: SafeString) -> SafeString:
    """A drawing as a declaration for a style attribute."""
    data = base64.b64encode(svg.encode()).decode()
    return SafeString(f"background-image:url(data:image/svg+xml;base64,{data})")


def together(marks: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((mark,) for mark in marks))


def mm(length: float) -> str:
    """A length as SVG writes it, to a hundredth."""
    return f"{length:.2f}"


def line(x1: float, x2: float, y: float, colour: str, width: float) -> SafeString:
    return format_html(
        '<path d="M{} {}H{}" stroke="{}" stroke-width="{}"/>',
        mm(x1),
        mm(y),
        mm(x2),
        palette()[colour],
        width,
    )


def cap(x: float, y: float, width: float, height: float) -> SafeString:
    """The fader cap, centred: where things stand now."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx=".5" fill="{}" stroke="{}" '
        'stroke-width=".4"/><path d="M{} {}v{}" stroke="{}" stroke-width=".35"/>',
        mm(x - width / 2),
        mm(y - height / 2),
        mm(width),
        mm(height),
        palette()["cap"],
        palette()["ink"],
        mm(x),
        mm(y - height * 0.26),
        mm(height * 0.52),
        palette()["ink"],
    )


def ghost(x: float, y: float, width: float, height: float) -> SafeString:
    """The hollow, dashed cap: where things stood before."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx=".5" fill="{}" stroke="{}" '
        'stroke-width=".35" stroke-dasharray=".7 .5"/>',
        mm(x - width / 2),
        mm(y - height / 2),
        mm(width),
        mm(height),
        palette()["paper"],
        palette()["ink"],
    )


@register.simple_tag
def print_meter(percent: int | None, was: int | None = None) -> SafeString:
    """A level from 0 to 100 per cent and the one before it, as a background. None draws no mark."""
    left, right, y = 1.2, METER_WIDTH - 1.2, METER_HEIGHT / 2

    def place(share: int) -> float:
        return left + (right - left) * share / 100

    marks = [line(left, right, y, "track", 0.3)]
    marks += [
        format_html(
            '<path d="M{} {}v1.8" stroke="{}" stroke-width=".3"/>',
            mm(place(at)),
            mm(y - 0.9),
            palette()["track"],
        )
        for at in (0, 25, 50, 75, 100)
    ]
    if percent is not None:
        marks.append(line(left, place(percent), y, "plum", 1.3))
    if was is not None:
        marks.append(ghost(place(was), y, 1.6, 3.9))
    if percent is not None:
        marks.append(cap(place(percent), y, 2, 4.8))
    return background(drawing(METER_WIDTH, METER_HEIGHT, together(marks)))


@register.simple_tag
def level_boxes(place: int | None, steps: int) -> SafeString:
    """A level as boxes filled up to it: it reads without colour. As a background.

    `place` counts from 0, the lowest level, to `steps`; None, no level given, is a dashed line.
    """
    width = 14.6 / steps
    if place is None:
        marks = format_html(
            '<path d="M0 1.4H14.6" stroke="{}" stroke-width=".3" stroke-dasharray="1.2 1"/>',
            palette()["soft"],
        )
    else:
        marks = format_html_join(
            "",
            '<rect x="{}" y=".52" width="{}" height="1.76" fill="{}" stroke="{}" '
            'stroke-width=".24"/>',
            (
                (
                    mm(0.12 + number * width),
                    mm(width - 0.6),
                    palette()["plum"] if number < place else palette()["paper"],
                    palette()["plum"] if number < place else palette()["soft"],
                )
                for number in range(steps)
            ),
        )
    return background(drawing(15, 2.8, marks))


@register.simple_tag
def cover_tracks(groups: Sequence[Sequence[Track]]) -> SafeString:
    """The drawing of a cover: one track for each part, in groups, each filled to its level."""
    count = sum(len(group) for group in groups)
    gaps = max(len(groups) - 1, 0) * AREA_GAP
    pitch = min(WIDEST_PITCH, (COVER_BOTTOM - COVER_TOP) / max(count - 1 + gaps, 1))
    thick = min(1.5, pitch * 0.25)
    marks = []
    y = float(COVER_TOP)
    for group in groups:
        for track in group:
            marks.append(line(0, PAGE_WIDTH, y, "track", 0.3))
            if track["percent"] is not None:
                x = RAIL + COLUMN * track["percent"] / 100
                marks.append(line(0, x, y, "plum", thick))
                marks.append(cap(x, y, thick * 1.7, min(5.4, pitch * 0.85)))
            y += pitch
        y += pitch * AREA_GAP
    levels = "; ".join(
        f"{track['name']}: {track['percent']}%"
        if track["percent"] is not None
        else f"{track['name']}: no score"
        for group in groups
        for track in group
    )
    title = f"Cover drawing, one track for each section, filled to its level. {levels}."
    return drawing(PAGE_WIDTH, PAGE_HEIGHT, together(marks), title)


@register.simple_tag
def print_mark(lines: str = "ink") -> SafeString:
    """Our mark, as on the web, as a background: three tracks, one changing over to the cap."""
    ink, colour = palette()[lines], palette()["cap"]
    marks = format_html(
        '<g fill="none" stroke="{0}" stroke-width="4"><path d="M3 16H61M3 32H61M3 48H61" '
        'opacity=".5"/><path d="M3 48H14C30 48 28 16 44 16H48" stroke-width="8"/></g>'
        '<rect x="43" y="4" width="14" height="24" rx="3" fill="{1}" stroke="{0}" '
        'stroke-width="4"/><path d="M50 7V25" stroke="{0}" stroke-width="2"/>',
        ink,
        colour,
    )
    return background(drawing(64, 64, marks))


LANE_WIDTH, LANE_HEIGHT = 74, 5.4
DOTS = (1.15, 0.85, 0.6, 0.45, 0.32)  # radii: the largest at which everybody fits


def stop(number: int, of: int) -> float:
    """Where the stop of a level is on a lane, counted from 0, in millimetres."""
    return LANE_WIDTH * (number + 0.5) / of


@register.simple_tag
def print_scale(values: Sequence[int]) -> SafeString:
    """The numbers of the levels above the lanes they belong to, as a background."""
    marks = (
        format_html(
            '<text x="{}" y="3.2" font-family="Atkinson Hyperlegible Next" font-size="2.9" '
            'font-weight="600" text-anchor="middle" fill="{}">{}</text>',
            mm(stop(number, len(values))),
            palette()["ink"],
            value,
        )
        for number, value in enumerate(values)
    )
    return background(drawing(LANE_WIDTH, 4, together(marks)))


@register.simple_tag
def print_lane(counts: Sequence[int]) -> SafeString:
    """How many gave each level, from the lowest, a dot for each person. As a background."""
    y, slot = LANE_HEIGHT / 2, LANE_WIDTH / len(counts) - 1.5
    marks = [line(stop(0, len(counts)), stop(len(counts) - 1, len(counts)), y, "track", 0.3)]
    marks += [
        format_html(
            '<path d="M{} {}v2" stroke="{}" stroke-width=".3"/>',
            mm(stop(number, len(counts))),
            mm(y - 1),
            palette()["track"],
        )
        for number in range(len(counts))
    ]

    def rows_at(radius: float) -> int:
        across = max(int(slot / (2.3 * radius)), 1)
        return -(-max(counts) // across)

    radius = next((r for r in DOTS if rows_at(r) * 2.3 * r <= LANE_HEIGHT), DOTS[-1])
    pitch, across = 2.3 * radius, max(int(slot / (2.3 * radius)), 1)
    for number, count in enumerate(counts):
        rows = -(-count // across)
        for dot in range(count):
            row, place = divmod(dot, across)
            in_row = min(across, count - row * across)
            marks.append(
                format_html(
                    '<circle cx="{}" cy="{}" r="{}" fill="{}"/>',
                    mm(stop(number, len(counts)) + (place - (in_row - 1) / 2) * pitch),
                    mm(y + (row - (rows - 1) / 2) * pitch),
                    radius,
                    palette()["plum"],
                )
            )
    return background(drawing(LANE_WIDTH, LANE_HEIGHT, together(marks)))
