"""The order of what stands in a chapter: its quotations, its pictures."""

from __future__ import annotations

from collections.abc import Iterable

from resources.models import Picture, Quotation

Part = Quotation | Picture


def last(beside: Iterable[Part]) -> int:
    """The place after all that are there."""
    return max((one.order for one in beside), default=0) + 1


def move(part: Part, beside: Iterable[Part], *, up: bool) -> bool:
    """Change places with the one above or below; False where there is none."""
    line = list(beside)
    at = line.index(part)
    to = at - 1 if up else at + 1
    if to not in range(len(line)):
        return False
    line.insert(to, line.pop(at))
    for order, one in enumerate(line, start=1):
        if one.order != order:
            one.order = order
            one.save(update_fields=["order"])
    return True
