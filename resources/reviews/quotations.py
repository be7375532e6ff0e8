"""Quotations in the chapters of a review: who said what, and that they agreed to be quoted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.models import MusicService, User
from resources.models import Chapter, Quotation
from resources.reviews import places, writing
from resources.reviews.states import ReviewStateError

MOST = 20  # in a chapter


class TooManyQuotationsError(ReviewStateError):
    """A chapter has no room for another."""

    def __init__(self) -> None:
        super().__init__(f"A chapter has {MOST} quotations at most. Remove one first.")


@dataclass(frozen=True)
class Said:
    """What is written of a quotation. Without consent on record it is kept, and not printed."""

    text: str
    name: str
    role: str
    service: MusicService | None
    consent: bool
    consent_note: str  # where and when consent was given: never empty with consent


@transaction.atomic
def add(*, chapter: Chapter, said: Said, by: User) -> Quotation:
    """A new quotation, after those that are there. Added twice it is one."""
    review, chapter = writing.held_to_write(chapter)
    beside = list(chapter.quotations.all())
    if twin := next((one for one in beside if says(one, said)), None):
        return twin
    if len(beside) >= MOST:
        raise TooManyQuotationsError
    quotation = Quotation(chapter=chapter, order=places.last(beside))
    write(quotation, said, by)
    writing.wrote(review, by)
    return quotation


@transaction.atomic
def change(*, quotation: Quotation, said: Said, by: User) -> bool:
    """Save what was changed; False where nothing was."""
    review, chapter = writing.held_to_write(quotation.chapter)
    quotation = chapter.quotations.get(pk=quotation.pk)
    if says(quotation, said):
        return False
    write(quotation, said, by)
    writing.wrote(review, by)
    return True


def says(quotation: Quotation, said: Said) -> bool:
    return all(getattr(quotation, name) == value for name, value in vars(said).items())


def write(quotation: Quotation, said: Said, by: User) -> None:
    for name, value in vars(said).items():
        setattr(quotation, name, value)
    quotation.saved_at, quotation.saved_by = timezone.now(), by
    quotation.save()


@transaction.atomic
def move(*, quotation: Quotation, up: bool, by: User) -> None:
    """Change places with the one above or below; at the end nothing happens."""
    review, chapter = writing.held_to_write(quotation.chapter)
    if places.move(quotation, chapter.quotations.all(), up=up):
        writing.wrote(review, by)


@transaction.atomic
def remove(*, quotation: Quotation, by: User) -> None:
    """Take a quotation out. The history keeps its words; removing it twice is no harm."""
    review, chapter = writing.held_to_write(quotation.chapter)
    there = chapter.quotations.filter(pk=quotation.pk)
    # The triggers tell of changes, not of deletions: this says who took it out, and when.
    if there.update(saved_at=timezone.now(), saved_by=by):
        there.delete()
        writing.wrote(review, by)
