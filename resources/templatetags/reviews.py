"""Drawings of the annual review on screen: its cover, and where in it a chapter is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from portal.templatetags.tracks import bar, cap, circle, place, svg
from resources.reviews.figures.shape import InvolvedRegion

register = template.Library()

TALLEST = 264  # pixels, of the drawing on the cover
APART = 8  # pixels between two lines, where there is room
OPENER = 28


@register.simple_tag
def joined(regions: Iterable[InvolvedRegion]) -> SafeString:
    """One line for each music service, from the year that it first took part to now.

    Those of whom no year is known are in the list, not in the drawing. With fewer than two
    years there is nothing to draw.
    """
    years = sorted(one["since"] for region in regions for one in region["services"] if one["since"])
    if len(set(years)) < 2:
        return SafeString("")
    first, span = years[0], years[-1] - years[0] + 1
    apart = min(APART, TALLEST / len(years))
    lines = []
    for row, year in enumerate(years):
        x, y = place(100 * (year - first) / span), round(APART + row * apart, 1)
        lines.append(bar("ln", x, "100%", y, y))
        lines.append(circle("on", x, y, 3))
    told = ", ".join(f"{many} in {year}" for year, many in sorted(Counter(years).items()))
    height = round(2 * APART + (len(years) - 1) * apart)
    return svg(height, f"{len(years)} music services by the year they joined: {told}.", lines)


@register.simple_tag
def chapter_track(number: int, of: int) -> SafeString:
    """Where a chapter stands among all of them. Its number is beside it in words."""
    middle = OPENER / 2
    at = [place(100 * (one + 0.5) / of) for one in range(of)]
    marks = [bar("ln", place(0), place(100), middle, middle)]
    marks += [bar("tk", x, x, middle - 5, middle + 5) for x in at]
    marks += [bar("fl", place(0), at[number - 1], middle, middle), cap(at[number - 1], OPENER)]
    return svg(OPENER, "", marks)
