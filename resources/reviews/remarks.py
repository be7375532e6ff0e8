"""What authors tell each other about a chapter, and when it is settled."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.models import User
from resources.models import AnnualReview, Chapter, Remark
from resources.reviews import writing


def open_of(review: AnnualReview) -> QuerySet[Remark]:
    """Those of a review that nobody has settled yet, in the order of its chapters."""
    found = Remark.objects.filter(chapter__review=review, settled_at=None)
    return found.select_related("chapter", "by").order_by("chapter__order", "at", "pk")


@transaction.atomic
def add(*, chapter: Chapter, text: str, by: User) -> Remark:
    """A new remark. Left twice while it is open it is one."""
    writing.held(chapter.review_id)
    if twin := Remark.objects.filter(chapter=chapter, text=text, by=by, settled_at=None).first():
        return twin
    return Remark.objects.create(chapter=chapter, text=text, by=by)


@transaction.atomic
def settle(*, remarks: Iterable[Remark], by: User) -> int:
    """Say that they have been dealt with; how many were open until now."""
    still_open = Remark.objects.filter(pk__in=[one.pk for one in remarks], settled_at=None)
    return still_open.update(settled_at=timezone.now(), settled_by=by)
