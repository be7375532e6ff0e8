"""Where a text has the words that were looked for: its parts, so that a template marks them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from resources import text

# Characters that no text needs; one that has them shows a mark too many, and nothing else.
START, STOP = "\ue000", "\ue001"
MARKS = re.compile(f"{START}(.*?){STOP}", re.DOTALL)


@dataclass(frozen=True)
class Part:
    text: str
    is_hit: bool = False


def parts(marked: str) -> list[Part]:
    """A text with START and STOP around its hits, in order; no mark is left in any part."""
    pieces = MARKS.split(marked)
    return [
        Part(bare(piece), number % 2 == 1) for number, piece in enumerate(pieces) if bare(piece)
    ]


def snippet(marked: str) -> list[Part]:
    """The same of a piece of Markdown, as words; empty where it has no hit."""
    return parts(text.plain(marked)) if START in marked else []


def bare(piece: str) -> str:
    return piece.replace(START, "").replace(STOP, "")
