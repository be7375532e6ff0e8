"""Whether words are a person's name, where a role is asked for. Pure, and only a guess."""

from __future__ import annotations

import re

# Words that a role has and a name has not
ROLE_WORDS = re.compile(
    r"\b(lead\w*|manager\w*|head\w*|officer\w*|director\w*|coordinator\w*|co-ordinator\w*|tutors?|"
    r"teachers?|team|staff|board|group|chair\w*|governors?|administrator|admin|hr|slt|smt|edi|"
    r"service|music|assistant|deputy|adviser|advisor|consultant|trustees?|all|tbc|senior|youth|"
    r"inclusion|partners?|schools?|council|specialist|strategic|operations|business|everyone)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"^[A-ZÀ-Þ][\w’'.-]*(?: [A-ZÀ-Þ][\w’'.-]*){1,3}$")
NAMES_APART = re.compile(r"\s*(?:,|;|/|&|\+|\n|\band\b)\s*")
LONGEST = 160
INITIALS = re.compile(r"^[A-Z]{2,3}$")


def looks_like_name(text: str) -> bool:
    """Whether every part looks like somebody's name or initials, and none like a role."""
    if len(text) > LONGEST:
        return False
    parts = [part for part in NAMES_APART.split(text.strip()) if part]
    return bool(parts) and all(
        not ROLE_WORDS.search(part) and bool(NAME.match(part) or INITIALS.match(part))
        for part in parts
    )
