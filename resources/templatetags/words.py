"""Words in templates: Markdown, `{{ page.body|markdown }}`, and what two people made of a text."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from resources import text
from resources.forms.merging import Difference
from resources.reviews import history
from selfassessment.differences import Piece

register = template.Library()


@register.filter
def markdown(value: str, below: int = 1) -> SafeString:
    """Text that staff wrote, as HTML; its headings come below that level of the page."""
    return text.html(value, below=below)


@register.filter
def differs(one: Difference) -> tuple[Piece, ...]:
    """Where two people's words differ: long texts are hard to compare by eye."""
    return history.shortly(one.theirs, one.mine)
