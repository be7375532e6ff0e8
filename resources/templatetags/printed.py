"""What is drawn in the PDF of an annual review: tracks that stand for services, chapters, figures.

Everything is in millimetres and in the colours of print (portal/templatetags/drawings.py). A
drawing with a title is a figure with that text; one as a background is decoration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.templatetags.drawings import (
    COLUMN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RAIL,
    background,
    cap,
    drawing,
    line,
    mm,
    palette,
    together,
)

register = template.Library()

FAN_TOP, FAN_BOTTOM = 42, 156  # on the cover
WIDEST_PITCH = 4.35
FAN_LEFT, FAN_RIGHT = 22, 176  # where the first year and the last one begin
TEXT = "Atkinson Hyperlegible Next"


class Service(TypedDict):
    """A line of the fan: since which year it is with the programme, and what it is drawn as."""

    since: int
    is_new: bool
    action_research: bool


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two of the palette."""
    pairs = [
        (int(palette()[one][at : at + 2], 16), int(palette()[other][at : at + 2], 16))
        for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def starts(services: Sequence[Service], left: float, right: float) -> list[float]:
    """Where each line of a fan begins: its year, and within a year one after the other."""
    years = [service["since"] for service in services]
    step = (right - left) / max(years[-1] - years[0] + 1, 1)
    places = []
    for number, year in enumerate(years):
        of_year = years.count(year)
        within = (number - years.index(year)) / of_year if of_year > 1 else 0
        places.append(left + (year - years[0] + within * 0.86) * step)
    return places


def curve(x: float, above: float, y: float, come_from: float, end: float) -> str:
    """A line that leaves the one above it, and runs on to the end of the fan."""
    reach = min(7.0, max(1.4, x - come_from))
    return (
        f"M{mm(x - reach)} {mm(above)}C{mm(x - reach * 0.4)} {mm(above)} "
        f"{mm(x - reach * 0.6)} {mm(y)} {mm(x)} {mm(y)}H{mm(end)}"
    )


def fan(
    services: Sequence[Service],
    places: Sequence[float],
    ys: Sequence[float],
    end: float,
    colours: dict[str, str],
    begin: float,
) -> SafeString:
    """One line for each service, leaving the one above in the year that it came."""
    thin = min(1.0, (ys[1] - ys[0]) / WIDEST_PITCH if len(ys) > 1 else 1.0)
    marks = []
    for number, (service, x, y) in enumerate(zip(services, places, ys, strict=True)):
        look, width = ("strong", 1.15) if service["action_research"] else ("plain", 0.5)
        if number == 0:
            path, width = f"M{mm(begin)} {mm(y)}H{mm(end)}", 2.4
        else:
            path = curve(x, ys[number - 1], y, places[number - 1], end)
        marks.append(
            format_html(
                '<path d="{}" stroke="{}" stroke-width="{}" fill="none"/>',
                path,
                colours[look],
                mm(width * thin),
            )
        )
    for service, x, y in zip(services, places, ys, strict=True):
        wide, high = (2.4, 4.6) if service["is_new"] else (1.4, 2.9)
        marks.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>',
                mm(x - wide * thin / 2),
                mm(y - high * thin / 2),
                mm(wide * thin),
                mm(high * thin),
                colours["new"] if service["is_new"] else colours["mark"],
                SafeString(f' stroke="{palette()["ink"]}" stroke-width=".3"')
                if service["is_new"]
                else "",
            )
        )
    return together(marks)


@register.simple_tag
def cover_fan(services: Sequence[Service]) -> SafeString:
    """The drawing of the cover: every service, from the year it came."""
    pitch = min(WIDEST_PITCH, (FAN_BOTTOM - FAN_TOP) / max(len(services) - 1, 1))
    ys = [FAN_TOP + number * pitch for number in range(len(services))]
    colours = {
        "strong": palette()["cap"],
        "plain": mixed("ink", "cream", 0.62),
        "mark": palette()["cream"],
        "new": palette()["cap"],
    }
    places = starts(services, FAN_LEFT, FAN_RIGHT)
    title = (
        f"Cover drawing: {len(services)} tracks, one for each music service, fanning out from one "
        f"in {services[0]['since']} to all of them in {services[-1]['since']}."
    )
    return drawing(
        PAGE_WIDTH, PAGE_HEIGHT, fan(services, places, ys, PAGE_WIDTH, colours, 0), title
    )


@register.simple_tag
def years_fan(services: Sequence[Service]) -> SafeString:
    """The drawing of the cover with its years, for the column of a page."""
    pitch = min(2.75, 104 / max(len(services) - 1, 1))
    ys = [9 + number * pitch for number in range(len(services))]
    height = round(ys[-1] + 3, 1)
    places = starts(services, 6, COLUMN - 8)
    first, last = services[0]["since"], services[-1]["since"]
    step = (COLUMN - 14) / (last - first + 1)
    every = max(-(-(last - first + 1) // 14), 1)
    axis = format_html_join(
        "",
        '<path d="M{0} 4.5V{1}" stroke="{2}" stroke-width=".2" stroke-dasharray=".6 1"/>'
        '<text x="{0}" y="2.9" font-size="2.9" text-anchor="middle" fill="{3}">{4}</text>',
        (
            (mm(6 + (year - first) * step), mm(height), *told, year)
            for told in [(palette()["line"], palette()["soft"])]
            for year in range(first, last + 1, every)
        ),
    )
    colours = {
        "strong": palette()["plum"],
        "plain": palette()["soft"],
        "mark": palette()["ink"],
        "new": palette()["cap"],
    }
    drawn = fan(services, places, ys, COLUMN, colours, places[0])
    title = (
        f"Chart: one track for each of {len(services)} music services, from {first} to {last}. "
        "The table below has the figures."
    )
    return drawing(
        COLUMN, height, format_html('<g font-family="{}">{}{}</g>', TEXT, axis, drawn), title
    )


@register.simple_tag
def chapter_tracks(lengths: Sequence[float], ground: str = "ink") -> SafeString:
    """A sheet of tracks, each from the left edge to its share of the page (0 to 1): decoration."""
    top, bottom = 42.0, 168.0
    pitch = min(13.0, (bottom - top) / max(len(lengths) - 1, 1))
    thick = min(1.5, pitch * 0.25)
    marks = []
    for number, share in enumerate(lengths):
        y, x = top + number * pitch, RAIL + COLUMN * share
        marks.append(stroke(0, PAGE_WIDTH, y, mixed(ground, "cream", 0.3), 0.25))
        marks.append(stroke(0, x, y, palette()["cream"], thick))
        marks.append(cap(x, y, max(thick * 1.7, 0.9), min(5.4, pitch * 0.85)))
    return background(drawing(PAGE_WIDTH, PAGE_HEIGHT, together(marks)))


class Passage(TypedDict):
    """A paragraph, a point or a quotation of a theme, as a line of its own."""

    share: float  # of the longest, 0 to 1
    is_said: bool


SPLASH_TOP, SPLASH_BOTTOM = 22, 148


@register.simple_tag
def splash_tracks(passages: Sequence[Passage]) -> SafeString:
    """A theme before it is read: a line for each passage, as long as its words."""
    pitch = min(7.0, (SPLASH_BOTTOM - SPLASH_TOP) / max(len(passages) - 1, 1))
    thin = min(1.0, pitch / 5)
    marks = []
    for number, passage in enumerate(passages):
        y = SPLASH_TOP + number * pitch
        x = RAIL + COLUMN * passage["share"]
        said = passage["is_said"]
        colour = palette()["cap" if said else "cream"]
        marks.append(stroke(0, PAGE_WIDTH, y, mixed("plum", "cream", 0.28), 0.25))
        marks.append(stroke(0 if said else RAIL, x, y, colour, (1.6 if said else 0.9) * thin))
        if said:
            marks.append(cap(x, y, 2.8 * thin, min(5.4, pitch * 0.86)))
        else:
            marks.append(dot(RAIL, y, 1.15 * thin, colour))
            marks.append(dot(x, y, 1.15 * thin, colour))
    return background(drawing(PAGE_WIDTH, PAGE_HEIGHT, together(marks)))


def stroke(x1: float, x2: float, y: float, colour: str, width: float) -> SafeString:
    return format_html(
        '<path d="M{} {}H{}" stroke="{}" stroke-width="{}"/>',
        mm(x1),
        mm(y),
        mm(x2),
        colour,
        mm(width),
    )


def dot(x: float, y: float, radius: float, colour: str) -> SafeString:
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}"/>', mm(x), mm(y), mm(radius), colour
    )


BAND_TOP, BAND_DEEP, BAND_HEIGHT = 62, 26, 98


@register.simple_tag
def chapter_band(number: int, of: int) -> SafeString:
    """The head of a chapter: a track for each, this one lit, those before it behind us."""
    pitch = min(6.4, BAND_DEEP / max(of - 1, 1))
    marks = []
    for one in range(1, of + 1):
        y = BAND_TOP + (one - 1) * pitch
        if one != number:
            marks.append(line(0, PAGE_WIDTH, y, "plum" if one < number else "line", 0.35))
    y = BAND_TOP + (number - 1) * pitch
    marks.append(line(0, PAGE_WIDTH, y, "plum", 1.5))
    marks.append(cap(RAIL + 41.3, y, 2.8, 6.4))
    return background(drawing(PAGE_WIDTH, BAND_HEIGHT, together(marks)))


@register.simple_tag
def signal(number: int, of: int) -> SafeString:
    """A factor among the others: tracks with this one lit."""
    pitch = min(1.85, 7.4 / max(of - 1, 1))
    marks = [line(0, 18, 0.8 + one * pitch, "line", 0.3) for one in range(of) if one != number - 1]
    y = 0.8 + (number - 1) * pitch
    marks.append(line(0, 18, y, "plum", 0.95))
    marks.append(cap(3 + 12 * (number - 1) / max(of - 1, 1), y, 1.3, 2.4))
    return background(drawing(18, 9.4, together(marks)))


@register.simple_tag
def share_track(row: Mapping[str, float | None], width: float) -> SafeString:
    """A row of a chart on a track of `width` mm: from its start to its share, its middle marked.

    Each is 0 to 1, or None for what is not told; without a share there is no mark at all.
    """
    left, right, y = 1.2, width - 1.2, 2.5
    marks = [line(left, right, y, "track", 0.3)]

    def place(share: float) -> float:
        return left + (right - left) * min(max(share, 0), 1)

    share, start, middle = row["share"], row["start"], row["middle"]
    if share is not None:
        marks.append(line(place(start or 0), place(share), y, "plum", 1.3))
        marks.append(cap(place(share if middle is None else middle), y, 2, 4.4))
    return background(drawing(width, 5, together(marks)))


@register.simple_tag
def back_tracks(shares: Sequence[float]) -> SafeString:
    """The last page: a track for each chapter, as long as its words."""
    pitch = min(13.0, 72 / max(len(shares) - 1, 1))
    marks = []
    for number, share in enumerate(shares):
        y, x = 48 + number * pitch, RAIL + COLUMN * share
        marks += [
            line(0, PAGE_WIDTH, y, "line", 0.35),
            line(0, x, y, "plum", min(1.5, pitch * 0.25)),
            cap(x, y, min(2.6, pitch * 0.4), min(6.4, pitch * 0.85)),
        ]
    return background(drawing(PAGE_WIDTH, PAGE_HEIGHT, together(marks)))
