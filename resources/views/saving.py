"""What pages that save say and send along, on the desks of the library and of the reviews."""

from __future__ import annotations

from portal.http import AuthedRequest
from resources.forms.merging import Merged

NOTHING_CHANGED = "Nothing was different, so nothing changed."
LONGEST_KEY = 18  # digits; more are no key of ours


def saved_words(merged: Merged) -> str:
    """That it is saved, and what came into the form from somebody else."""
    taken = ", ".join(merged.taken)
    return f"It is saved. Also taken over from somebody else: {taken}." if taken else "It is saved."


def number(said: str) -> int:
    """A key or a version that a page sent along; 0 for what is none."""
    return int(said) if said.isdecimal() and len(said) <= LONGEST_KEY else 0


def version(request: AuthedRequest) -> int:
    """The version that was read before it is published."""
    return number(request.POST.get("version", ""))
