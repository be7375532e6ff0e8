"""What a workbook to fill in looks like, for the side that writes it and the side that reads it.

Each row keeps, in a hidden column, which statement it is and a digest of each answer as it was
when the workbook was made. So a row may move, and what somebody changed in the file is told from
what changed in the portal meanwhile. Pure, and free of openpyxl: web processes write workbooks,
the worker reads them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from selfassessment.actions import Entry
from selfassessment.models import Level, Questionnaire, Statement

RATINGS, LEVELS, TOTALS, HIDDEN = "Ratings", "Levels", "Totals", "Portal"
MARK = "Changing Tracks workbook"  # in the first cell of the hidden sheet
FORM = "1"  # of the workbook; raised when an older portal could not read it

CODE, STATEMENT, ID = "code", "statement", "portal_id"
HEADINGS = {
    CODE: "Code",
    "area": "Area",
    "section": "Section",
    STATEMENT: "Statement",
    "guidance": "Guidance",
    "rating": "Rating",
    "reason": "Why it does not apply",
    "comment": "Comment",
    "evidence": "Example or evidence",
    "link": "Link",
    "discuss": "Discuss this",
    ID: "Portal id",
}
ANSWERS = ("rating", "reason", "comment", "evidence", "link", "discuss")
LONGEST = {"reason": 1000, "comment": 4000, "evidence": 2000, "link": 500}
YES = "yes"

EMPTY = "0"  # the digest of a cell without anything in it
# What no cell keeps: control characters, and how Excel writes the end of a line of Windows
UNKEPT = re.compile(r"_x000[dD]_|[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Mark:
    """What the hidden sheet says of a workbook: which edition it asks, and on which scale."""

    questionnaire: str
    name: str
    edition: str
    scale: str
    fingerprint: str

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Mark:
        levels = list(questionnaire.levels.all())
        return cls(
            questionnaire=str(questionnaire.pk),
            name=kept(questionnaire.name),
            edition=str(questionnaire.edition),
            scale=kept(" | ".join(map(str, levels))),
            fingerprint=fingerprint(levels, questionnaire.statements.all()),
        )

    def __str__(self) -> str:
        return f"{self.name}, edition {self.edition}"


def fingerprint(levels: Iterable[Level], statements: Iterable[Statement]) -> str:
    """A short name for what an edition asks: the same wherever the same is asked."""
    asked = [
        [[level.value, level.name] for level in levels],
        sorted([one.code, one.text] for one in statements),
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def kept(text: str) -> str:
    """Text as a cell gives it back: one kind of line end, nothing unseen, no space around it."""
    return UNKEPT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def digest(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=5).hexdigest() if text else EMPTY


def cells(entry: Entry) -> dict[str, str]:
    """What somebody says of a statement, cell by cell; the rating as “3”, “dk” or “na”."""
    return {
        "rating": entry.choice,
        "reason": kept(entry.reason),
        "comment": kept(entry.comment),
        "evidence": kept(entry.evidence),
        "link": kept(entry.evidence_url),
        "discuss": YES if entry.discuss else "",
    }


def identity(statement: Statement, entry: Entry) -> str:
    """The hidden cell of a row: the statement, and a digest of each of its answers."""
    return " ".join([str(statement.pk), *map(digest, cells(entry).values())])
