"""A map of England in tiles of our own: nine regions, each a link that narrows the list."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.finding import Found, Option
from portal.models import Region

register = template.Library()

TILE = 64  # units; six tiles stand side by side, and one is still 44 pixels wide on a phone
# Outline, in tiles; where the name stands, its middle in tiles; the name as short as people say it
SHAPES = {
    Region.NORTH_EAST: ("M2,0h2v1h-2z", 3, 0, "North East"),
    Region.NORTH_WEST: ("M1,1h2v1h-1v1h-1z", 2, 1, "North West"),
    Region.YORKSHIRE_AND_HUMBER: ("M3,1h2v1h-2z", 4, 1, "Yorkshire"),
    Region.EAST_MIDLANDS: ("M3,2h2v1h-1v1h-1z", 4, 2, "East Midlands"),
    Region.WEST_MIDLANDS: ("M2,2h1v2h-2v-1h1z", 2, 3, "West Midlands"),
    Region.EAST_OF_ENGLAND: ("M4,3h2v2h-1v-1h-1z", 5, 3, "East"),
    Region.LONDON: ("M3,4h2v1h-2z", 4, 4, "London"),
    Region.SOUTH_EAST: ("M2,4h1v1h2v1h-3z", 3.5, 5, "South East"),
    Region.SOUTH_WEST: ("M1,4h1v2h-2v-1h1z", 1, 5, "South West"),
}
INSIDE = (
    '<path class="{}" d="{}"/><text x="{}" y="{}">{}</text><text class="n" x="{}" y="{}">{}</text>'
)


@register.simple_tag
def england(found: Found) -> SafeString:
    """The map, with how many services answer in each region. A list of the same stands beside."""
    return format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        6 * TILE,
        6 * TILE,
        "Map of England in nine regions",
        format_html_join("", "{}", ((region(option),) for option in found.regions)),
    )


def region(option: Option) -> SafeString:
    """One region; where it has no service, it is land and leads nowhere."""
    outline, across, down, name = SHAPES[Region(option.value)]
    middle, top = across * TILE, down * TILE
    look = "tile here" if option.is_chosen else "tile" if option.count else "land"
    inside = format_html(
        INSIDE, look, scaled(outline), middle, top + 26, name, middle, top + 51, option.count
    )
    if not option.count:
        return format_html("<g>{}</g>", inside)
    return format_html(
        '<a href="?{}#list"{}><title>{}, {} music service{}</title>{}</a>',
        option.address,
        SafeString(' aria-current="true"') if option.is_chosen else "",
        option.label,
        option.count,
        "" if option.count == 1 else "s",
        inside,
    )


def scaled_pair(part: str) -> str:
    return " ".join(str(int(number) * TILE) for number in part.split(","))


def scaled(outline: str) -> str:
    """An outline in tiles as one in units."""
    parts = "".join(f" {c} " if c.isalpha() else c for c in outline).split()
    return " ".join(part if part.isalpha() else scaled_pair(part) for part in parts)
