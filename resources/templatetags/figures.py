"""The rows of a snapshot's tables: their marks on a track, and their values beside the columns."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from portal.templatetags.tracks import meter, middle_half
from resources.reviews.figures.shape import NOT_SHOWN, Chart, Row

register = template.Library()

WHOLE = 100  # per cent


@register.simple_tag
def figure_mark(row: Row) -> SafeString:
    """The bar of a row, as far as it says something; the values beside it say the same."""
    end, start, middle = row["share"], row["start"], row["middle"]
    if end is None:
        return meter(None)
    if start is None or middle is None:
        return meter(WHOLE * end)
    return middle_half(round(WHOLE * start), round(WHOLE * middle), round(WHOLE * end))


@register.simple_tag
def figure_cells(chart: Chart, values: list[str]) -> list[tuple[str, str, bool]]:
    """Each value with its column, and whether it is shown."""
    columns = chart["columns"][1:]
    return [(name, one, one != NOT_SHOWN) for name, one in zip(columns, values, strict=False)]
