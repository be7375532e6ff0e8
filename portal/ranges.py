"""What a request for a part of a file asks for (RFC 9110, section 14). No request, no file here.

A part is one run of bytes. Whoever asks for several at once, in another unit, or in words that
make no sense, is sent the whole file, as the standard lets us.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.http import parse_http_date_safe

# Eighteen digits: more than any file has, and few enough to be read as a number in no time
ONE_PART = re.compile(r"bytes[ \t]*=[ \t]*(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


class NoSuchPartError(Exception):
    """The part that is asked for begins after the end of the file."""


@dataclass(frozen=True)
class Part:
    """A run of bytes of a file. The first byte is number 0, and the last one belongs to it."""

    first: int
    last: int
    size: int  # of the whole file

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        """As the header Content-Range says it."""
        return f"bytes {self.first}-{self.last}/{self.size}"


def part_of(size: int, asked: str) -> Part | None:
    """The part of a file of `size` bytes that the header Range asks for; None: the whole file.

    Raises NoSuchPartError where there is nothing of that sort in the file.
    """
    found = ONE_PART.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        many = min(int(last), size)
        if not many:
            raise NoSuchPartError
        return Part(size - many, size - 1, size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise NoSuchPartError
    return Part(int(first), min(int(last) if last else size, size - 1), size)


def still_holds(if_range: str, etag: str, changed_at: dt.datetime) -> bool:
    """Whether what a client has of a file is of this very one: If-Range, where it was sent.

    `etag` is a strong one, with its quotes; one that a client calls weak vouches for no byte.
    """
    if not if_range:
        return True
    if if_range.endswith('"'):
        return if_range == etag
    return parse_http_date_safe(if_range) == int(changed_at.timestamp())
