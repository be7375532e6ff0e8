"""Years as marks over a ground of 0 to 100 per cent, one small drawing for each part.

As in `tracks`, marks are placed in per cent of the width and sized in pixels, so they keep their
size at every width and take their colours from portal.css. Labels stand only where there is room
for them at the least width, counted back from the last year; the table beside has every figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.templatetags.tracks import bar, svg

register = template.Library()

LEFT, SPAN = 19.0, 74.0  # of the width, for the years; the scale stands at left
AXIS = 13.0  # where the lines of the scale begin, right of its words
TOP, GROUND = 30.0, 132.0  # pixels: 100 % and 0 %
HEIGHT = 182
MOST_LABELS = 6  # that fit side by side at 280 pixels
LEAST_YEAR = 13.0  # per cent of the width that a year needs
LEAST_APART = 24.0  # per cent of the width that the word for an edition needs
INSET = 3.0  # a line on carried statements stops short of the marks, which say something else


@dataclass(frozen=True)
class Mark:
    """One year's figure: its place among the years, and its per cent."""

    at: int
    percent: int


@dataclass(frozen=True)
class Stretch:
    """A line between two years. `carried`: only the statements that both editions share."""

    start: int
    end: int
    before: int
    after: int
    carried: bool = False


@dataclass(frozen=True)
class Turn:
    """A change of edition between two years, and the word for it."""

    start: int
    end: int
    word: str


@dataclass(frozen=True)
class Chart:
    """One part over the years, ready to draw. `label` says all of it in words."""

    label: str
    years: Sequence[str]
    marks: Sequence[Mark]
    stretches: Sequence[Stretch] = ()
    turns: Sequence[Turn] = ()


def across(at: float, count: int) -> float:
    """Where a year stands, in per cent of the width; one alone stands in the middle."""
    return LEFT + SPAN * (at / (count - 1) if count > 1 else 0.5)


def down(percent: float) -> float:
    return GROUND - (GROUND - TOP) * percent / 100


def labelled(count: int) -> list[int]:
    """The years that get a label: evenly, so many that none collide, the last one always."""
    step = max(ceil((count - 1) / (MOST_LABELS - 1)), 1)
    return [at for at in range(count) if (count - 1 - at) % step == 0]


def apart(places: Sequence[float], least: float = LEAST_APART) -> list[int]:
    """Which of some rising places can carry a word without touching: the last goes first."""
    kept: list[int] = []
    for number in reversed(range(len(places))):
        if not kept or places[kept[-1]] - places[number] >= least:
            kept.append(number)
    return kept[::-1]


def share(x: float) -> str:
    return f"{x:.2f}%"


def pixels(y: float) -> str:
    return f"{y:.1f}"


def word(x: float, y: float, text: str, kind: str = "", anchor: str = "middle") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
        kind,
        share(x),
        pixels(y),
        anchor,
        text,
    )


def ground() -> Iterable[SafeString]:
    """The scale that the years stand on."""
    for percent in (0, 50, 100):
        y = down(percent)
        yield bar("gr", share(AXIS), "100%", y, y)
        yield word(AXIS - 1.5, y + 5, f"{percent}%", "q", "end")


def line(stretch: Stretch, count: int) -> SafeString:
    x1, x2 = across(stretch.start, count), across(stretch.end, count)
    y1, y2 = down(stretch.before), down(stretch.after)
    if stretch.carried:
        slope = (y2 - y1) / (x2 - x1)
        x1, x2, y1, y2 = x1 + INSET, x2 - INSET, y1 + INSET * slope, y2 - INSET * slope
    kind = "tr carried" if stretch.carried else "tr"
    return bar(kind, share(x1), share(x2), round(y1, 1), round(y2, 1))


def year_mark(mark: Mark, count: int, *, last: bool) -> SafeString:
    """A hollow dot for a year, the fader cap for the last one."""
    x, y = across(mark.at, count), down(mark.percent)
    if not last:
        return format_html('<circle class="aim" cx="{}" cy="{}" r="5"/>', share(x), pixels(y))
    return format_html(
        '<rect class="cap" x="{0}" y="{1}" width="14" height="22" rx="3" '
        'transform="translate(-7 0)"/><line class="slot" x1="{0}" x2="{0}" y1="{2}" y2="{3}"/>',
        share(x),
        pixels(y - 11),
        pixels(y - 7),
        pixels(y + 7),
    )


@register.simple_tag
def trend_chart(chart: Chart) -> SafeString:
    """Draw one part over the years, as an image that its label tells to a screen reader."""
    count = len(chart.years)
    named = labelled(count)
    last = max((mark.at for mark in chart.marks), default=0)
    marks = [*ground(), *(line(stretch, count) for stretch in chart.stretches)]
    middles = [(across(turn.start, count) + across(turn.end, count)) / 2 for turn in chart.turns]
    marks += [bar("gap", share(x), share(x), TOP - 8, GROUND + 8) for x in middles]
    marks += [year_mark(mark, count, last=mark.at == last) for mark in chart.marks]
    marks += [
        word(across(mark.at, count), down(mark.percent) - 15, f"{mark.percent}%", "v")
        for mark in chart.marks
        if mark.at in named
    ]
    marks += [word(across(at, count), GROUND + 24, chart.years[at], "q") for at in named]
    marks += [word(middles[at], GROUND + 46, chart.turns[at].word, "q") for at in apart(middles)]
    return svg(HEIGHT if chart.turns else HEIGHT - 22, chart.label, marks)


@register.simple_tag
def trend_key(kind: str) -> SafeString:
    """One mark of a trend for its key: year, joined, carried or turn."""
    drawings = {
        "year": SafeString('<circle class="aim" cx="14" cy="13" r="5"/>'),
        "joined": bar("tr", "1", "27", 13, 13),
        "carried": bar("tr carried", "1", "27", 13, 13),
        "turn": bar("gap", "14", "14", 1, 25),
    }
    return format_html(
        '<svg class="key-mark" width="28" height="26" viewBox="0 0 28 26" aria-hidden="true" '
        'focusable="false"><g class="track">{}</g></svg>',
        drawings[kind],
    )
