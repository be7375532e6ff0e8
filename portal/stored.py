"""Files that rows hold, asked for in binary: as text, which is how Django asks, takes much longer.

Five times as long for a PDF, ten times for a picture of a megabyte. The rows have been found by
then, through their gate: these ask for no more than the bytes.
"""

from __future__ import annotations

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg.sql import SQL, Composable, Identifier


def whole(row: Model, field: str) -> bytes:
    return column(row, SQL("{}").format(Identifier(field)))


def part(row: Model, field: str, first: int, length: int) -> bytes:
    """So many bytes of it, of which number `first` is the first; counted from 0."""
    run = SQL("substring({} FROM {} FOR {})").format(Identifier(field), first + 1, length)
    return column(row, run)


def column(row: Model, expression: Composable) -> bytes:
    """Nothing where the row has gone meanwhile."""
    query = SQL("SELECT {} FROM {} WHERE id = {}").format(
        expression,
        Identifier(row._meta.db_table),  # noqa: SLF001 (Django's public name for it)
        row.pk,
    )
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(query, binary=True)
        (content,) = cursor.fetchone() or (None,)
    return bytes(content or b"")
