"""The file of a published review on its way to a reader: its bytes, and that it was taken."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection
from django.db.models import F

from portal.ranges import Part
from resources.models import Printing

AT_HAND = 1  # file that a web process keeps: a review that is new is taken many times a day
LARGEST = 4_000_000  # bytes of it; there is little room (docs/performance.md)


def read(printing: Printing, part: Part | None) -> bytes:
    """The file or a part of it, for a reader who has passed the gate."""
    if printing.size <= LARGEST:
        content = whole(printing.pk, printing.sha256)
        return content[part.first : part.last + 1] if part else content
    if part is None:
        return whole.__wrapped__(printing.pk, printing.sha256)
    return column("substring(content FROM %s FOR %s)", part.first + 1, part.length, printing.pk)


@lru_cache(maxsize=AT_HAND)
def whole(pk: int, sha256: str) -> bytes:  # noqa: ARG001 (what it says is a part of the key)
    return column("content", pk)


def column(expression: str, *values: Any) -> bytes:
    """Asked for in binary. As text, which is how Django asks, it takes five times as long."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            f"SELECT {expression} FROM resources_printing WHERE id = %s",  # noqa: S608 (ours)
            values,
            binary=True,
        )
        (content,) = cursor.fetchone() or (b"",)
    return bytes(content)


def count(printing: Printing) -> None:
    """Once more taken. Nothing is kept of whoever took it."""
    Printing.objects.filter(pk=printing.pk).update(taken=F("taken") + 1)
