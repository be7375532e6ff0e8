"""Where in the questionnaire a section is, for the pages that go through it one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from selfassessment.models import Section


@dataclass(frozen=True)
class Place:
    """Where in the questionnaire a section is."""

    section: Section
    number: int
    total: int
    before: Section | None
    after: Section | None


def find_place(sections: Sequence[Section], code: str) -> Place:
    """Where the section of this code stands among them, or 404."""
    at = next((n for n, part in enumerate(sections) if part.code == code), None)
    if at is None:
        raise Http404
    before, after = sections[:at], sections[at + 1 :]
    return Place(
        sections[at],
        at + 1,
        len(sections),
        before[-1] if before else None,
        after[0] if after else None,
    )
