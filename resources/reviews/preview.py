"""A chapter as its readers will see it, before it is saved."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse

from portal.models import Topic
from resources.models import Chapter, Resource
from resources.reviews.manuscript import (
    ChapterData,
    ReadingData,
    picture_data,
    quotation_data,
)


def of(
    *,
    kind: str,
    said: Mapping[str, str],
    topics: Collection[int],
    resources: Collection[int],
    saved: Chapter | None,
) -> ChapterData:
    """What is typed, with the quotations and pictures that are saved."""
    kept = Chapter.objects.with_parts().filter(pk=saved.pk).first() if saved else None
    chosen = Resource.objects.for_everybody().light().filter(pk__in=resources)
    return ChapterData(
        id=kept.pk if kept else 0,
        kind=kind,
        title=said["title"],
        lead=said["lead"],
        body=said["body"],
        benefits=said.get("benefits", ""),
        challenges=said.get("challenges", ""),
        addressed=said.get("addressed", ""),
        forward=said.get("forward", ""),
        factors=said.get("factors", ""),
        quotations=[quotation_data(one) for one in kept.quotations.all() if one.consent]
        if kept
        else [],
        pictures=[picture_data(one) for one in kept.pictures.all()] if kept else [],
        resources=[
            ReadingData(
                title=one.title, path=one.get_absolute_url(), kind=str(one.get_kind_display())
            )
            for one in chosen.order_by("title", "pk")
        ],
        topics=[
            ReadingData(title=one.name, path=reverse("topic", args=[one.slug]), kind="Topic")
            for one in Topic.objects.filter(pk__in=topics)
        ],
    )


def left_out(resources: Collection[int]) -> list[Resource]:
    """Those of the chosen resources that not everybody may read, so that no reader finds them."""
    if not resources:
        return []
    open_to_all = Resource.objects.for_everybody().filter(pk__in=resources).values("pk")
    chosen = Resource.objects.light().filter(pk__in=resources)
    return list(chosen.exclude(pk__in=open_to_all).order_by("title", "pk"))
