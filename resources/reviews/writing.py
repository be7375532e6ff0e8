"""What every change of a review begins and ends with: the lock, and who changed it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from resources.models import AnnualReview, Chapter
from resources.reviews import states
from resources.reviews.states import Deed


def name_of(review: AnnualReview) -> str:
    """What the activity calls it."""
    return f"the annual review “{review}”"


def held(pk: int) -> AnnualReview:
    """The review as it is now, locked until the transaction ends: so are its chapters, by it."""
    return AnnualReview.objects.locked().select_related("written_by").get(pk=pk)


def held_to_write(chapter: Chapter) -> tuple[AnnualReview, Chapter]:
    """A chapter as it is now, with its review locked and open to be changed."""
    review = held(chapter.review_id)
    states.check(review, Deed.WRITE)
    return review, review.chapters.get(pk=chapter.pk)


def wrote(review: AnnualReview, by: User, changed: Iterable[str] = ()) -> None:
    """Say who changed a review that is held: somebody else publishes it, and this wording."""
    review.version += 1
    review.written_at, review.written_by = timezone.now(), by
    review.save(update_fields=[*changed, "version", "written_at", "written_by"])
    record(by=by, verb=Verb.CHANGED, subject=name_of(review))
