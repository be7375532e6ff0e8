"""The file of a published review on its way to a reader: its bytes, and that it was taken."""

from __future__ import annotations

import psycopg
from django.db import connection
from django.db.models import F

from portal.ranges import Part
from resources.models import Printing


def read(printing: Printing, part: Part | None) -> bytes:
    """The file, or a part of it: no more than that is read from the disk.

    Asked for in binary. As text, which is how Django asks, five megabytes take five times as long.
    """
    first, length = (part.first, part.length) if part else (0, printing.size)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(
            "SELECT substring(content FROM %s FOR %s) FROM resources_printing WHERE id = %s",
            [first + 1, length, printing.pk],
            binary=True,
        )
        (content,) = cursor.fetchone() or (b"",)
    return content or b""


def count(printing: Printing) -> None:
    """Once more taken. Nothing is kept of whoever took it."""
    Printing.objects.filter(pk=printing.pk).update(taken=F("taken") + 1)
