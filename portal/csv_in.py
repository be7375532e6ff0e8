"""Tables that the team takes in as CSV: read with care, and what one would do, told first."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from portal.exports import STARTS_FORMULA

MOST_BYTES = 1_500_000
MOST_LINES = 12_000
ADDRESS = URLValidator(schemes=["http", "https"])

L = TypeVar("L")  # a line of the file
K = TypeVar("K")  # what is kept already


class UnreadableError(Exception):
    """The file is no such table; the text says what is wrong."""


class ChangedMeanwhileError(Exception):
    """The directory is not as it was when somebody looked: `now` is what would happen now."""

    def __init__(self, now: Preview[Any, Any]) -> None:
        super().__init__("The directory changed since you looked. This is what would happen now.")
        self.now = now


@dataclass(frozen=True)
class Change:
    label: str
    was: str
    will: str


@dataclass(frozen=True)
class Preview(Generic[L, K]):
    """What taking the file in would do."""

    new: list[L]
    changed: list[L]
    same: int
    missing: list[K]
    troubles: list[L]
    seen: str  # says whether it still is so when it is done

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed) and not self.troubles


def text_of(content: bytes) -> str:
    """A file as text: UTF-8, or what older spreadsheets write."""
    if len(content) > MOST_BYTES:
        raise UnreadableError("This file is too large. At most 1.5 MB can be read.")
    if b"\0" in content:
        raise UnreadableError("This is no CSV file. In your spreadsheet, save the table as CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def rows_of(text: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table with these columns, in any order; other columns are left alone."""
    reader = csv.DictReader(StringIO(text, newline=""), restval="")
    try:
        heads = [name.strip().lower() for name in reader.fieldnames or []]
        missing = [name for name in columns if name not in heads]
        if missing:
            raise UnreadableError(
                f"These columns are missing: {', '.join(missing)}. Download the list as CSV to "
                "see how the table should look."
            )
        reader.fieldnames = heads
        for count, row in enumerate(reader, start=1):
            if count > MOST_LINES:
                raise UnreadableError(f"At most {MOST_LINES} lines can be read.")
            cells = {name: cell_of(row[name]) for name in columns}
            if any(cells.values()):
                yield reader.line_num, cells
    except csv.Error as error:
        raise UnreadableError(f"This table cannot be read: {error}.") from error


def cell_of(cell: str) -> str:
    """What stands in a cell, without the apostrophe that our own export puts before a formula."""
    cell = " ".join((cell or "").split())
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(STARTS_FORMULA) else cell


def is_address(cell: str) -> bool:
    try:
        ADDRESS(cell)
    except ValidationError:
        return False
    return True


def fingerprint(does: Iterable[object]) -> str:
    """A short name for what a file would do."""
    said = json.dumps(list(does), sort_keys=True).encode()
    return hashlib.blake2s(said, digest_size=12).hexdigest()
