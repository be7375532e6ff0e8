"""Earlier reviews, kept as the PDFs that they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from actionplans.following.evidence import Taken
from portal.actions import record
from portal.models import User, Verb
from portal.papers import DONE, PaperState
from resources.models import AnnualReview, Printing, ReviewState
from resources.reviews.states import ReviewStateError
from resources.reviews.writing import name_of

LOOK = "resources.look_at_upload"  # the worker's task, by name: see upload_tasks.py
NOON = dt.time(12)


class SamePdfError(ReviewStateError):
    """The very same PDF is there already."""

    def __init__(self, review: AnnualReview) -> None:
        super().__init__(f"This very PDF is there already, as “{review}”.")


@dataclass(frozen=True)
class Earlier:
    """What is said of an earlier review."""

    year: int
    title: str
    strapline: str
    published_on: dt.date
    visibility: str


@transaction.atomic
def upload(*, earlier: Earlier, file: Taken, by: User) -> AnnualReview:
    """Keep an earlier review; readers find it at once. The worker counts its pages."""
    # Whoever clicks twice waits here, and is told that the first click has done it.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    same = Printing.objects.light().filter(key=file.sha256, review__is_uploaded=True)
    if there := same.select_related("review").first():
        raise SamePdfError(there.review)
    noon = dt.datetime.combine(earlier.published_on, NOON, timezone.get_default_timezone())
    review = AnnualReview.objects.create(
        year=earlier.year,
        title=earlier.title,
        strapline=earlier.strapline,
        visibility=earlier.visibility,
        state=ReviewState.PUBLISHED,
        is_uploaded=True,
        started_by=by,
        written_by=by,
        published_at=noon,
        published_by=by,
    )
    made = Printing.objects.create(
        review=review,
        number=1,
        published_at=noon,
        published_by=by,
        key=file.sha256,
        state=PaperState.READY,
        step=DONE,
        content=file.content,
        sha256=file.sha256,
        size=len(file.content),
        requested_by=by,
        finished_at=timezone.now(),
    )
    app.configure_task(LOOK).defer(printing_id=made.pk)
    record(by=by, verb=Verb.PUBLISHED, subject=name_of(review))
    return review
