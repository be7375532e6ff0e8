"""What is new, for the front page: one query for the library, one for the reviews."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from resources.models import AnnualReview, Resource

RESOURCES, REVIEWS = 4, 2


@dataclass(frozen=True)
class News:
    """The newest that everybody may read. A review may be announced, and not out yet."""

    resources: list[Resource]
    reviews: list[AnnualReview]


def news() -> News:
    anybody = AnonymousUser()
    return News(
        resources=list(Resource.objects.visible_to(anybody).newest_first()[:RESOURCES]),
        reviews=list(AnnualReview.objects.visible_to(anybody).light().newest_first()[:REVIEWS]),
    )
