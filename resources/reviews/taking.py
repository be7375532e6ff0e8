"""The file of a published review on its way to a reader: its bytes, and that it was taken."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import F

from portal import stored
from portal.ranges import Part
from resources.models import Printing

AT_HAND = 1  # file that a web process keeps: a review that is new is taken many times a day
LARGEST = 4_000_000  # bytes of it; there is little room (docs/performance.md)


def read(printing: Printing, part: Part | None) -> bytes:
    """The file or a part of it, for a reader who has passed the gate."""
    if printing.size <= LARGEST:
        content = kept(printing, printing.sha256)
        return content[part.first : part.last + 1] if part else content
    if part:
        return stored.part(printing, "content", part.first, part.length)
    return stored.whole(printing, "content")


@lru_cache(maxsize=AT_HAND)
def kept(printing: Printing, sha256: str) -> bytes:  # noqa: ARG001 (what it says is in the key)
    return stored.whole(printing, "content")


def count(printing: Printing) -> None:
    """Once more taken. Nothing is kept of whoever took it."""
    Printing.objects.filter(pk=printing.pk).update(taken=F("taken") + 1)
