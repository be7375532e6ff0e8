"""The track of a target, and the plan in time, as SVG: see portal/templatetags/tracks.py.

All that is drawn stands in words beside it, so a screen reader is spared the drawing.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from actionplans.following.target_tracks import Stop, Track
from actionplans.planning.plan_timeline import Line, Timeline
from portal.templatetags.tracks import bar, cap, circle, ghost, place, svg

register = template.Library()

HEIGHT, MIDDLE, FOOT = 52, 18, 50  # pixels: the drawing, its line, the words under it
MARKS = 36  # the height that the caps are drawn in
ROW, ROW_MIDDLE, AXIS = 40, 20, 26
SHORT = 3  # characters that may stand under the end of a line without leaving it


def diamond(x: str, y: int, kind: str = "aim", size: int = 10) -> SafeString:
    """The aim, or a step: `size` is half its height in pixels."""
    shape = f"M0 {-size}L{size} 0L0 {size}L{-size} 0Z"
    return SafeString(f'<svg x="{x}" y="{y}"><path class="{kind}" d="{shape}"/></svg>')


def word(x: str, y: int, text: str, kind: str = "q", anchor: str = "middle") -> SafeString:
    return SafeString(
        f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def under(stop: Stop) -> SafeString:
    """The word under a stop; at either end of the line a long one stays inside."""
    ends = {0: "start", 100: "end"}
    anchor = "middle" if len(stop.word) <= SHORT else ends.get(int(stop.at), "middle")
    return word(place(stop.at), FOOT, stop.word, anchor=anchor)


@lru_cache(maxsize=256)
def scale(stops: tuple[Stop, ...]) -> SafeString:
    """The line with its stops; the targets of a plan mostly share a few."""
    marks = [bar("ln", place(0), place(100), MIDDLE, MIDDLE)]
    for stop in stops:
        x = place(stop.at)
        marks += [bar("tk", x, x, MIDDLE - 6, MIDDLE + 6), under(stop)]
    return SafeString("".join(marks))


@register.simple_tag
def target_track(track: Track) -> SafeString:
    """Where a target began (hollow), where it is (the cap), and what it aims for (the diamond)."""
    marks = [scale(track.stops)]
    began = track.was if track.was is not None else 0
    if track.now is not None and track.now != began:
        marks.append(bar("fl", place(began), place(track.now), MIDDLE, MIDDLE))
    if track.aim is not None:
        marks.append(diamond(place(track.aim), MIDDLE))
    if track.was is not None and track.was != track.now:
        marks.append(ghost(place(track.was), MARKS))
    if track.now is not None:
        marks.append(cap(place(track.now), MARKS))
    return svg(HEIGHT, "", marks)


def on_line(percent: float) -> str:
    """Where a day stands on the plan's own line, which is as wide as its place."""
    return f"{min(max(percent, 0), 100):.2f}%"


@register.simple_tag
def timeline_axis(timeline: Timeline) -> SafeString:
    """The months of the plan, and today under its cap."""
    marks = [bar("ln", "0%", "100%", ROW_MIDDLE, ROW_MIDDLE)]
    for number, month in enumerate(timeline.months):
        x = on_line(month.at)
        marks.append(bar("tk", x, x, ROW_MIDDLE - 6, ROW_MIDDLE + 6))
        if month.word:
            kind = "q odd" if number % 2 else "q"  # on a phone every second one has room
            marks.append(word(on_line(month.middle), ROW + AXIS - 6, month.word, kind))
    marks.append(bar("tk", "100%", "100%", ROW_MIDDLE - 6, ROW_MIDDLE + 6))
    if timeline.today is not None:
        marks.append(cap(on_line(timeline.today), ROW))
    return svg(ROW + AXIS, "", marks)


@lru_cache(maxsize=64)
def months(timeline: Timeline) -> SafeString:
    """Where months begin and where today is, behind every line."""
    at = [*(month.at for month in timeline.months), 100]
    marks = [bar("gr", on_line(one), on_line(one), 0, ROW) for one in at]
    if timeline.today is not None:
        x = on_line(timeline.today)
        marks.append(bar("now", x, x, 0, ROW))
    return SafeString("".join(marks))


@register.simple_tag
def timeline_line(line: Line, timeline: Timeline) -> SafeString:
    """One target in time: its stretch, its steps, and the diamond of its due day."""
    marks = [months(timeline)]
    marks.append(bar("ln", on_line(line.start), on_line(line.due), ROW_MIDDLE, ROW_MIDDLE))
    marks.append(
        bar("tk", on_line(line.start), on_line(line.start), ROW_MIDDLE - 6, ROW_MIDDLE + 6)
    )
    for step in line.steps:
        x = on_line(step.at)
        marks.append(
            circle("dot", x, ROW_MIDDLE, 6) if step.done else diamond(x, ROW_MIDDLE, size=6)
        )
    marks.append(diamond(on_line(line.due), ROW_MIDDLE, "due" if line.done else "aim"))
    return svg(ROW, "", marks)
