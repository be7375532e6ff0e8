"""The year as a small track, for a row of a list."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from changingtracks.years.stages import Stage
from portal.templatetags.tracks import bar, cap, place, svg

register = template.Library()

HEIGHT, MIDDLE = 36, 18  # pixels


@register.simple_tag
def year_track(stage: str) -> SafeString:
    """The six stops of a year with the cap at one, or without it where nothing has begun.

    Hidden from a screen reader: the stop stands in words beside it.
    """
    stops: list[Stage] = [one for one in Stage if one != Stage.NOT_BEGUN]
    here = stops.index(Stage(stage)) if stage != Stage.NOT_BEGUN else -1
    places = [place(100 * number / (len(stops) - 1)) for number in range(len(stops))]
    marks = [bar("ln", place(0), place(100), MIDDLE, MIDDLE)]
    if here > 0:
        marks.append(bar("fl", place(0), places[here], MIDDLE, MIDDLE))
    marks += [
        format_html(
            '<circle class="{}" cx="{}" cy="{}" r="5"/>', "dot" if n < here else "aim", x, MIDDLE
        )
        for n, x in enumerate(places)
        if n != here
    ]
    if here >= 0:
        marks.append(cap(places[here], HEIGHT))
    return svg(HEIGHT, "", marks)
