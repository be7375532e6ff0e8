"""The order of chapters in a review, and of quotations and pictures in a chapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from resources.models import Chapter, Picture, Quotation

Part = Chapter | Quotation | Picture


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
    number(line)
    return True


def number(line: Sequence[Part]) -> None:
    """Number them anew from 1, in the order they are given."""
    for order, one in enumerate(line, start=1):
        if one.order != order:
            one.order = order
            one.save(update_fields=["order"])
