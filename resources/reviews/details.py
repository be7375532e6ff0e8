"""What a review is called, for whom it is, and how it begins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from resources.models import AnnualReview, ReviewState
from resources.reviews import chapters, states, writing
from resources.reviews.figures import snapshot
from resources.reviews.states import Deed

AGAIN = timedelta(minutes=1)  # in which the same once more is a second click


@transaction.atomic
def add(*, content: dict[str, Any], begin: bool, by: User) -> AnnualReview:
    """A review that is announced, or begun at once with the usual chapters. Twice is once."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    just_now = {"started_by": by, "started_at__gt": timezone.now() - AGAIN}
    if twin := AnnualReview.objects.filter(**content, **just_now).first():
        return twin
    state = ReviewState.DRAFT if begin else ReviewState.ANNOUNCED
    review = AnnualReview.objects.create(**content, state=state, started_by=by, written_by=by)
    record(by=by, verb=Verb.ADDED, subject=writing.name_of(review))
    if begin:
        chapters.lay_out(review, by)
        snapshot.take(review=review, by=by)
    return review


@transaction.atomic
def begin(*, review: AnnualReview, by: User) -> AnnualReview:
    """Somebody begins to write what was announced."""
    # In the order in which the figures lock the reviews of a year, so that two never wait in a ring
    list(AnnualReview.objects.locked().filter(year=review.year).order_by("pk").values_list("pk"))
    review = writing.held(review.pk)
    states.check(review, Deed.BEGIN)
    review.state, review.note = ReviewState.DRAFT, ""
    review.moved_at, review.moved_by = timezone.now(), by
    if not review.chapters.exists():
        chapters.lay_out(review, by)
    writing.wrote(review, by, ["state", "note", "moved_at", "moved_by"])
    snapshot.take(review=review, by=by)
    return review


@transaction.atomic
def save(*, review: AnnualReview, content: dict[str, Any], by: User) -> bool:
    """Save what was changed of a review that is held; False where nothing was."""
    states.check(review, Deed.NAME)
    changed = [name for name, value in content.items() if getattr(review, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(review, name, content[name])
    writing.wrote(review, by, changed)
    return True
