"""What became of a text, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s*(?:[\w’'-]+|[^\w\s])")  # each with the space before it


@dataclass(frozen=True)
class Piece:
    """A run of words, kept, come or gone; `mark` is blank, “ins” or “del”."""

    text: str
    mark: str = ""


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Two wordings as one run of words."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    for same, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if same == "equal":
            pieces.append(Piece("".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("".join(old[a:b]), "del"))
        if d > c:
            pieces.append(Piece("".join(new[c:d]), "ins"))
    return tuple(pieces)
