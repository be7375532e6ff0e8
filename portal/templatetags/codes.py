"""A web address as a square of black and white, for the camera of a phone."""

from __future__ import annotations

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

QUIET = 4  # modules of white all around, without which cameras do not find it


@register.simple_tag
def qr_code(text: str, label: str) -> SafeString:
    """`text` as a QR code that takes the size of its place: always dark on white.

    A quarter of it may be hidden or smeared and it still reads (level Q).
    """
    matrix = segno.make(text, error="q", micro=False).matrix
    size = len(matrix) + 2 * QUIET
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(matrix, start=QUIET)
        for x, module in enumerate(row, start=QUIET)
        if module
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" focusable="false" '
        'shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#fff"/>'
        '<path fill="#000" d="{2}"/></svg>',
        size,
        label,
        dark,
    )
