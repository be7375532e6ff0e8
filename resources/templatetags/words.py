"""Markdown in templates: `{{ page.body|markdown }}`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from resources import text

register = template.Library()


@register.filter
def markdown(value: str, below: int = 1) -> SafeString:
    """Text that staff wrote, as HTML; its headings come below that level of the page."""
    return text.html(value, below=below)
