"""All that an annual review says, as data: its page, its PDF and its Word file are made of this.

Published, it stays as it is in its `Printing`: pages are never read from the tables that authors
write in. Quotations without consent on record, and resources that not everybody may read, are no
part of it.
"""

from __future__ import annotations

from typing import Any, TypedDict

from django.urls import reverse

from portal.years import year_name
from resources.models import AnnualReview, Chapter, Picture, Printing, Quotation, Resource


class QuotationData(TypedDict):
    text: str
    name: str
    role: str
    service: str


class PictureData(TypedDict):
    id: int
    sha256: str
    media_type: str
    width: int  # pixels
    height: int
    alt: str
    credit: str


class ReadingData(TypedDict):
    """A resource to read on, or a topic: `path` is its address in the portal."""

    title: str
    path: str
    kind: str


class ChapterData(TypedDict):
    """A chapter. Texts are Markdown; `kind` is a ChapterKind."""

    id: int
    kind: str
    title: str
    lead: str
    body: str
    benefits: str
    challenges: str
    addressed: str
    forward: str
    factors: str
    quotations: list[QuotationData]
    pictures: list[PictureData]
    resources: list[ReadingData]
    topics: list[ReadingData]


class CorrectionData(TypedDict):
    number: int
    said: str


class Manuscript(TypedDict):
    """A whole review. `figures` is the snapshot of `figures/`, empty where none was taken."""

    title: str
    strapline: str
    year: str  # “2025/26”
    number: int  # of the version
    corrections: list[CorrectionData]
    chapters: list[ChapterData]
    figures: dict[str, Any]


def compose(review: AnnualReview, *, correction: str = "") -> Manuscript:
    """What the review says now, as its next version: seven queries, however many chapters.

    `correction` says what is different from the version before, where there is one.
    """
    versions = Printing.objects.filter(review=review).versions().light()
    said = [(one.number or 0, one.correction) for one in reversed(versions)]
    number = max((one for one, _ in said), default=0) + 1
    said.append((number, correction))
    readable = set(
        Resource.objects.for_everybody()
        .filter(chapters__review=review)
        .values_list("pk", flat=True)
    )
    return Manuscript(
        title=review.title,
        strapline=review.strapline,
        year=year_name(review.year),
        number=number,
        corrections=[CorrectionData(number=one, said=words) for one, words in said if words],
        chapters=[chapter_data(one, readable) for one in review.chapters.with_parts()],
        figures=review.figures,
    )


def chapter_data(chapter: Chapter, readable: set[int]) -> ChapterData:
    return ChapterData(
        id=chapter.pk,
        kind=chapter.kind,
        title=chapter.title,
        lead=chapter.lead,
        body=chapter.body,
        benefits=chapter.benefits,
        challenges=chapter.challenges,
        addressed=chapter.addressed,
        forward=chapter.forward,
        factors=chapter.factors,
        quotations=[quotation_data(one) for one in chapter.quotations.all() if one.consent],
        pictures=[picture_data(one) for one in chapter.pictures.all()],
        resources=[
            ReadingData(
                title=one.title, path=one.get_absolute_url(), kind=str(one.get_kind_display())
            )
            for one in chapter.resources.all()
            if one.pk in readable
        ],
        topics=[
            ReadingData(title=one.name, path=reverse("topic", args=[one.slug]), kind="Topic")
            for one in chapter.topics.all()
        ],
    )


def quotation_data(quotation: Quotation) -> QuotationData:
    return QuotationData(
        text=quotation.text,
        name=quotation.name,
        role=quotation.role,
        service=str(quotation.service) if quotation.service else "",
    )


def picture_data(picture: Picture) -> PictureData:
    return PictureData(
        id=picture.pk,
        sha256=picture.sha256,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        alt=picture.alt,
        credit=picture.credit,
    )
