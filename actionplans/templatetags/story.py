"""A target in time as one drawing.

As in portal/templatetags/tracks.py, marks are placed in per cent of the width and sized in pixels.
Labels stand only where they touch no other at the least width; the words below have them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actionplans.following.story import Mark, Sign, Story
from portal.templatetags.tracks import bar, cap, svg
from portal.templatetags.trends import share, word

register = template.Library()

LEFT, SPAN = 3.0, 94.0  # per cent of the width that the line runs from, and over
WIDTH = 640  # pixels: the least width, in which no label touches another
LETTER = 7.7  # pixels that a letter of a label takes, on average
AIR = 12  # pixels between two labels
LONGEST = 28  # letters of a label
MIDDLE, HEIGHT = 86, 176  # pixels
LANES = (56, 120, 36, 140)  # where a label stands: above, below, further above, further below
TOP, FOOT = 16, 168  # today's label; the months
MOST_MONTHS = 12  # that are labelled
DIAMOND = SafeString('<path class="aim" d="M0 -10L10 0L0 10L-10 0Z"/>')


@dataclass(frozen=True)
class Label:
    """A label that found room: in its lane, from its anchor."""

    mark: Mark
    lane: int
    anchor: str
    text: str


@register.simple_tag
def story_track(story: Story) -> SafeString:
    """Draw a target in time, as an image that its summary tells to a screen reader."""
    marks = [bar("ln", share(LEFT), share(LEFT + SPAN), MIDDLE, MIDDLE)]
    marks += months(story)
    if story.now:
        start = next((one.on for one in story.marks if one.sign == Sign.START), story.first)
        marks.append(bar("fl", at(story, start), at(story, story.now.on), MIDDLE, MIDDLE))
        marks.append(bar("today", at(story, story.now.on), at(story, story.now.on), TOP + 6, 146))
    labels = placed(story)
    marks += [leader(story, one) for one in labels if LANES[one.lane] in {36, 140}]
    marks += [draw(story, one) for one in sorted(story.marks, key=depth)]
    if story.now:
        marks.append(now_cap(at(story, story.now.on)))
        x = across(story, story.now.on)
        marks.append(word(x, TOP, story.now.label, "v", edge_anchor(x, story.now.label)))
    marks += [
        word(across(story, one.mark.on), LANES[one.lane], one.text, "v", one.anchor)
        for one in labels
    ]
    return svg(HEIGHT, story.summary, marks)


def across(story: Story, day: dt.date) -> float:
    """Where a day stands, in per cent of the width; outside the story, at its end."""
    days = max((story.last - story.first).days, 1)
    return LEFT + SPAN * min(max((day - story.first).days / days, 0), 1)


def at(story: Story, day: dt.date) -> str:
    return share(across(story, day))


def depth(mark: Mark) -> int:
    """What is drawn last lies on top: steps and the due day over notes and changes."""
    order = [Sign.NOTE, Sign.CHANGE, Sign.REVIEW, Sign.START, Sign.STEP_DONE, Sign.STEP_TO_COME]
    return order.index(mark.sign) if mark.sign in order else len(order)


def draw(story: Story, mark: Mark) -> SafeString:
    x = at(story, mark.on)
    match mark.sign:
        case Sign.START | Sign.STEP_DONE:
            return format_html('<circle class="dot" cx="{}" cy="{}" r="8"/>', x, MIDDLE)
        case Sign.NOTE:
            return bar("on", x, x, MIDDLE - 11, MIDDLE + 11)
        case Sign.CHANGE:
            return format_html('<circle class="aim" cx="{}" cy="{}" r="5"/>', x, MIDDLE)
        case Sign.REVIEW:
            return bar("md", x, x, MIDDLE - 14, MIDDLE + 14)
        case _:
            return format_html('<svg x="{}" y="{}">{}</svg>', x, MIDDLE, DIAMOND)


def now_cap(x: str) -> SafeString:
    return format_html(
        '<rect class="cap" x="{0}" y="{1}" width="18" height="36" rx="3" '
        'transform="translate(-9 0)"/><line class="slot" x1="{0}" x2="{0}" y1="{2}" y2="{3}"/>',
        x,
        MIDDLE - 18,
        MIDDLE - 14,
        MIDDLE + 14,
    )


def leader(story: Story, label: Label) -> SafeString:
    """A thin line to a label that stands further off."""
    x, y = at(story, label.mark.on), LANES[label.lane]
    return bar("lead-line", x, x, MIDDLE, y - 16 if y > MIDDLE else y + 6)


def months(story: Story) -> Iterator[SafeString]:
    """A tick at the first day of each month; the name of as many as have room."""
    first = story.first.replace(day=1)
    days = []
    while first <= story.last:
        days.append(first)
        first = (first + dt.timedelta(days=32)).replace(day=1)
    step = ceil(len(days) / MOST_MONTHS)
    for number, day in enumerate(days):
        x = at(story, day)
        yield bar("tk", x, x, MIDDLE - 6, MIDDLE + 6)
        if number % step == 0:
            name = date_format(day, "M" if step == 1 else "M y")
            middle = across(story, day) + SPAN / len(days) / 2
            yield word(middle if step == 1 else across(story, day), FOOT, name, "q")


def placed(story: Story) -> list[Label]:
    """The labels that have room, each in the first lane where it touches no other.

    The start and the due day come first, then the steps; lanes above and below take turns.
    """
    wanted = sorted(
        (mark for mark in story.marks if mark.label),
        key=lambda mark: (mark.sign not in {Sign.START, Sign.DUE}, mark.on),
    )
    taken: list[list[tuple[float, float]]] = [[] for _ in LANES]
    found = []
    for number, mark in enumerate(wanted):
        text = shortened(mark.label)
        x = across(story, mark.on)
        anchor = edge_anchor(x, text)
        start, end = reach(x, text, anchor)
        lanes = range(len(LANES)) if number % 2 == 0 else (1, 0, 3, 2)
        for lane in lanes:
            if all(end + AIR <= one or other + AIR <= start for one, other in taken[lane]):
                taken[lane].append((start, end))
                found.append(Label(mark, lane, anchor, text))
                break
    return found


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def edge_anchor(x: float, text: str) -> str:
    """In the middle of its mark, unless that would cross the edge of the drawing."""
    half = len(text) * LETTER / 2
    if x * WIDTH / 100 < half:
        return "start"
    return "end" if (100 - x) * WIDTH / 100 < half else "middle"


def reach(x: float, text: str, anchor: str) -> tuple[float, float]:
    """From where to where a label stands, in pixels of the least width."""
    middle, width = x * WIDTH / 100, len(text) * LETTER
    before = {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return middle - before, middle - before + width


@register.simple_tag
def story_key(sign: str) -> SafeString:
    """One mark of the story for its key."""
    line = bar("ln", "0", "28", 13, 13)
    drawings = {
        Sign.NOW: bar("fl", "0", "14", 13, 13) + cap("14", 26),
        Sign.STEP_DONE: line + SafeString('<circle class="dot" cx="14" cy="13" r="8"/>'),
        Sign.STEP_TO_COME: line + SafeString('<path class="aim" d="M14 4L23 13L14 22L5 13Z"/>'),
        Sign.NOTE: line + bar("on", "14", "14", 3, 23),
        Sign.CHANGE: line + SafeString('<circle class="aim" cx="14" cy="13" r="5"/>'),
        Sign.REVIEW: line + bar("md", "14", "14", 1, 25),
    }
    return format_html(
        '<svg class="key-mark" width="28" height="26" viewBox="0 0 28 26" aria-hidden="true" '
        'focusable="false"><g class="track">{}</g></svg>',
        drawings[Sign(sign)],
    )
