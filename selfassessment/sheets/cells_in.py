"""Reads the cells of a filled-in workbook: what each may say, however somebody typed it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError
from django.forms import URLField

from selfassessment.models import Answer, Level
from selfassessment.sheets.sheet_format import LONGEST, YES
from selfassessment.sheets.tables import key

LEVEL = re.compile(r"(\d{1,2})(?:[.,]0+)?\s*[-–—:.)]*\s*(.*)", re.DOTALL)
OTHER_ANSWERS = {
    **dict.fromkeys(("don't know", "dont know", "do not know", "dk"), Answer.DONT_KNOW.value),
    **dict.fromkeys(("not applicable", "n/a", "na"), Answer.NOT_APPLICABLE.value),
}
TICKS = {
    **dict.fromkeys(("yes", "y", "true", "x", "1"), YES),
    **dict.fromkeys(("no", "n", "false", "0"), ""),
}
LINK = URLField(required=False, max_length=LONGEST["link"], assume_scheme="https")


class UnreadableError(Exception):
    """A cell says what it may not. The text is what is allowed."""


def rating(text: str, levels: Sequence[Level]) -> str:
    """A level by its number, its name or both, or one of the other two answers."""
    word = key(text)
    if not word:
        return ""
    for level in levels:
        if word in {key(str(level)), key(level.name)}:
            return str(level.value)
    if word in OTHER_ANSWERS:
        return OTHER_ANSWERS[word]
    numbered = LEVEL.fullmatch(text)
    for level in levels:
        if (
            numbered
            and int(numbered[1]) == level.value
            and key(numbered[2]) in {"", key(level.name)}
        ):
            return str(level.value)
    names = ", ".join(map(str, levels))
    raise UnreadableError(f"{names}, Don’t know, Not applicable, or nothing.")


def words(most: int) -> Callable[[str, Sequence[Level]], str]:
    def read_words(text: str, _: Sequence[Level]) -> str:
        if len(text) > most:
            raise UnreadableError(f"At most {most} characters; these are {len(text)}.")
        return text

    return read_words


def link(text: str, _: Sequence[Level]) -> str:
    """A web address, with or without its beginning."""
    try:
        address: str = LINK.clean(text)
    except ValidationError:
        address = "no address"
    if address and not address.startswith(("https://", "http://")):
        raise UnreadableError("A web address, such as https://example.org/page.")
    return address


def tick(text: str, _: Sequence[Level]) -> str:
    word = key(text)
    if word and word not in TICKS:
        raise UnreadableError("“yes” or “no”, or nothing.")
    return TICKS.get(word, "")


READ_AS: dict[str, Callable[[str, Sequence[Level]], str]] = {
    "rating": rating,
    "reason": words(LONGEST["reason"]),
    "comment": words(LONGEST["comment"]),
    "evidence": words(LONGEST["evidence"]),
    "link": link,
    "discuss": tick,
}
