"""Our marks on a track, as SVG for templates.

A mark is placed in per cent of the width and sized in pixels, so that it keeps its size at every
width. Colours come from the classes in portal.css. With a label the drawing is an image for a
screen reader; without one it is hidden, because the same figure stands in words beside it.

A page may draw hundreds of marks. All that a mark is made of are our own figures and classes, so
it is put together without escaping; only a label is somebody's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

HEIGHTS = {"s": 32, "m": 40, "l": 48, "xl": 96}  # pixels
LEFT, SPAN = 2.0, 96.0  # the line runs from 2 % to 98 %: a cap at either end stays inside
CAP_WIDTH, WAS_WIDTH = 16, 11
TALL = 64  # a track at least this high has marks twice as wide
CROWD = 12  # above this many dots they are drawn smaller


def place(percent: float) -> str:
    """Where a figure from 0 to 100 stands on the line, as an SVG length.

    A figure outside that range is drawn at the end of the line.
    """
    return f"{LEFT + SPAN * min(max(percent, 0), 100) / 100:.2f}%"


def svg(height: int, label: str, marks: Iterable[SafeString]) -> SafeString:
    """A track of a height in pixels, as wide as its place; named by its label, or hidden."""
    named = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return SafeString(
        f'<svg class="track" width="100%" height="{height}" {named} focusable="false">'
        f"{''.join(marks)}</svg>"
    )


def bar(kind: str, start: str, end: str, top: float, bottom: float) -> SafeString:
    """A straight line; the class says what it is."""
    return SafeString(f'<line class="{kind}" x1="{start}" x2="{end}" y1="{top}" y2="{bottom}"/>')


def circle(kind: str, x: str, y: float, radius: int) -> SafeString:
    """A person, a statement, a step: whatever comes in numbers."""
    return SafeString(f'<circle class="{kind}" cx="{x}" cy="{y}" r="{radius}"/>')


def cap(x: str, height: int) -> SafeString:
    """The fader cap: where things stand now."""
    width = CAP_WIDTH * (2 if height >= TALL else 1)
    return SafeString(
        f'<rect class="cap" x="{x}" y="4" width="{width}" height="{height - 8}" rx="3" '
        f'transform="translate({-width / 2} 0)"/>'
        f'<line class="slot" x1="{x}" x2="{x}" y1="8" y2="{height - 8}"/>'
    )


def ghost(x: str, height: int) -> SafeString:
    """The hollow, dashed cap: where things stood before."""
    width = WAS_WIDTH * (2 if height >= TALL else 1)
    return SafeString(
        f'<rect class="was" x="{x}" y="6" width="{width}" height="{height - 12}" rx="3" '
        f'transform="translate({-width / 2} 0)"/>'
    )


@register.simple_tag
def meter(
    percent: float | str | None,
    was: float | str | None = None,
    label: str = "",
    size: str = "m",
) -> SafeString:
    """A level from 0 to 100 per cent, with the one before it if there is one.

    None is "no score": the track stays empty, without any mark. So is "", which is what a
    template makes of last year's figure where there is no last year. size is s, m, l or xl.
    """
    now = None if percent in {None, ""} else float(percent or 0)
    before = None if was in {None, ""} else float(was or 0)
    height = HEIGHTS[size]
    middle = height / 2
    marks = [bar("ln", place(0), place(100), middle, middle)]
    marks += [bar("tk", place(p), place(p), middle - 6, middle + 6) for p in (0, 25, 50, 75, 100)]
    if now is not None:
        marks.append(bar("fl", place(0), place(now), middle, middle))
    if before is not None:
        marks.append(ghost(place(before), height))
    if now is not None:
        marks.append(cap(place(now), height))
    return svg(height, label, marks)


@register.simple_tag
def middle_half(
    low: int, middle: int, high: int, own: int | None = None, size: str = "m"
) -> SafeString:
    """Where the middle half of a group lies, with its median, and one's own cap if there is one.

    All from 0 to 100 per cent. It is hidden from a screen reader: the figures stand beside it.
    """
    height = HEIGHTS[size]
    centre = height / 2
    marks = [bar("ln", place(0), place(100), centre, centre)]
    marks += [bar("tk", place(p), place(p), centre - 6, centre + 6) for p in (0, 25, 50, 75, 100)]
    marks.append(bar("fl", place(low), place(high), centre, centre))
    # Where low and high fall on one figure, the ends still show.
    marks += [bar("end", place(p), place(p), centre - 8, centre + 8) for p in (low, high)]
    marks.append(bar("md", place(middle), place(middle), centre - 11, centre + 11))
    if own is not None:
        marks.append(cap(place(own), height))
    return svg(height, "", marks)


@register.simple_tag
def progress_track(rated: Sequence[bool], label: str = "") -> SafeString:
    """One dot for each statement of a section, filled for those rated.

    The line is filled as far as every statement from the first on is rated.
    """
    height, middle = 30, 15
    radius = 7 if len(rated) <= CROWD else 4
    stops = [place(100 * (number + 0.5) / len(rated)) for number in range(len(rated))]
    unbroken = len(list(takewhile(bool, rated)))
    marks = [bar("ln", place(0), place(100), middle, middle)]
    if unbroken:
        end = place(100) if unbroken == len(rated) else stops[unbroken - 1]
        marks.append(bar("fl", place(0), end, middle, middle))
    marks += [
        circle("dot" if done else "aim", x, middle, radius)
        for done, x in zip(rated, stops, strict=True)
    ]
    return svg(height, label, marks)


@register.simple_tag
def tally(rated: Sequence[bool], label: str = "") -> SafeString:
    """A tick for each statement of the whole, tall for those rated."""
    step = 99 / max(len(rated) - 1, 1)
    places = [f"{0.5 + step * number:.2f}%" for number in range(len(rated))]
    ticks = [
        bar("on", x, x, 2, 42) if done else bar("tk", x, x, 15, 29)
        for done, x in zip(rated, places, strict=True)
    ]
    return svg(44, label, ticks)


@register.simple_tag
def key_mark(kind: str) -> SafeString:
    """One mark for a key: now, was, half, aim or person."""
    line = bar("ln", "0", "28", 13, 13)
    drawings = {
        "now": bar("fl", "0", "17", 13, 13) + cap("17", 26),
        "was": line + ghost("14", 26),
        "half": line + bar("fl", "5", "23", 13, 13) + bar("md", "14", "14", 4, 22),
        "aim": line + SafeString('<path class="aim" d="M14 4L23 13L14 22L5 13Z"/>'),
        "person": line + SafeString('<circle class="dot" cx="14" cy="13" r="7"/>'),
    }
    return format_html(
        '<svg class="key-mark" width="28" height="26" viewBox="0 0 28 26" aria-hidden="true" '
        'focusable="false"><g class="track">{}</g></svg>',
        drawings[kind],
    )
