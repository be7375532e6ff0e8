"""Where a review stands, at a glance: its chapters, and who does what next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Prefetch, Q
from django.utils.formats import date_format

from portal.models import User
from resources import text
from resources.desk.states import Stop
from resources.models import (
    AnnualReview,
    Chapter,
    Picture,
    Quotation,
    Remark,
    ReviewState,
)
from resources.models.reviews import AnnualReviewQuerySet
from resources.reviews import chapters, states

S = ReviewState


@dataclass(frozen=True)
class Row:
    """A chapter on the page of its review."""

    chapter: Chapter
    number: int
    words: int
    open_remarks: int
    quotations: int
    without_consent: int
    pictures: int


@dataclass(frozen=True)
class Standing:
    """What there is of a review."""

    rows: list[Row]

    @property
    def words(self) -> int:
        return sum(row.words for row in self.rows)

    @property
    def begun(self) -> int:
        """How many chapters have words."""
        return sum(bool(row.words) for row in self.rows)

    @property
    def open_remarks(self) -> int:
        return sum(row.open_remarks for row in self.rows)

    @property
    def without_consent(self) -> int:
        return sum(row.without_consent for row in self.rows)

    @cached_property
    def lanes(self) -> list[tuple[Row, float | None]]:
        """Each chapter with its length in per cent of the longest; none while it has no words."""
        longest = max((row.words for row in self.rows), default=0)
        return [(row, 100 * row.words / longest if row.words else None) for row in self.rows]


def of(review: AnnualReview) -> Standing:
    """A review with all its chapters: four queries, however many there are."""
    found = review.chapters.select_related("saved_by").prefetch_related(
        Prefetch("quotations", Quotation.objects.only("chapter", "consent")),
        Prefetch("pictures", Picture.objects.in_use().only("chapter")),
        Prefetch("remarks", Remark.objects.filter(settled_at=None).only("chapter")),
    )
    return Standing([row(one, number) for number, one in enumerate(found, start=1)])


def row(chapter: Chapter, number: int) -> Row:
    quotations = chapter.quotations.all()
    return Row(
        chapter=chapter,
        number=number,
        words=words(chapter),
        open_remarks=len(chapter.remarks.all()),
        quotations=len(quotations),
        without_consent=sum(not one.consent for one in quotations),
        pictures=len(chapter.pictures.all()),
    )


def words(chapter: Chapter) -> int:
    """How many words a chapter has beside its title."""
    return sum(text.words(getattr(chapter, name)) for name in chapters.fields_of(chapter.kind)[1:])


def listed(reviews: AnnualReviewQuerySet) -> AnnualReviewQuerySet:
    """With what a row of the desk shows."""
    return (
        reviews.select_related("written_by", "moved_by")
        .annotate(
            chapter_count=Count("chapters", distinct=True),
            begun_count=Count(
                "chapters",
                filter=~Q(chapters__lead="") | ~Q(chapters__body="") | ~Q(chapters__factors=""),
                distinct=True,
            ),
            remark_count=Count(
                "chapters__remarks", filter=Q(chapters__remarks__settled_at=None), distinct=True
            ),
            newest_at=Max("printings__published_at"),
            newest_number=Max("printings__number"),
        )
        .newest_first()
    )


def begun(review: AnnualReview) -> float | None:
    """How many of its chapters have words, in per cent; none where there are no chapters."""
    counts = vars(review)  # annotated above
    if not counts["chapter_count"]:
        return None
    return 100 * int(counts["begun_count"]) / int(counts["chapter_count"])


def is_changed_since(review: AnnualReview) -> bool:
    """Whether authors wrote on after its newest version came out; `review` as it is listed."""
    if review.state != S.PUBLISHED or review.is_uploaded:
        return False
    newest = getattr(review, "newest_at", None)
    return newest is not None and review.written_at > newest


def next_step(review: AnnualReview, user: User, *, alone: bool) -> str:
    """Who does what next, in a sentence; `review` as it is listed, `alone`: the whole team."""
    number = getattr(review, "newest_number", None) or 1
    if review.state == S.ANNOUNCED:
        return "Nobody has begun it. Begin, and the usual chapters are laid out."
    if review.state == S.DRAFT:
        return "It is being written. Once it is ready, hand it to a second pair of eyes."
    if review.state == S.IN_REVIEW:
        if alone:
            return "Nobody else of the team is here to read it, so you may publish it yourself."
        if states.wrote_last(user, review):
            return "You changed it last, so somebody else of the team reads and publishes it."
        return f"{review.written_by} changed it last: read it, then publish it or give it back."
    if review.state == S.SUPERSEDED:
        return "Readers are told that a newer one is out."
    if review.is_uploaded:
        return "Readers download the PDF as it was uploaded."
    if is_changed_since(review):
        if states.wrote_last(user, review) and not alone:
            then = "You changed it since: somebody else of the team publishes the correction."
        else:
            then = f"{review.written_by} changed it since: read it, and publish the correction."
        return f"Readers have version {number}. {then}"
    return f"Readers have version {number}. Nothing is waiting."


def stops(review: AnnualReview) -> list[Stop]:
    """The way of a review to its readers; none for an earlier one that was uploaded."""
    if review.is_uploaded:
        return []
    way = [S.DRAFT, S.IN_REVIEW, S.PUBLISHED]
    names = ["Draft", "A second pair of eyes", "Published"]
    if review.state == S.ANNOUNCED or review.expected_on:
        way, names = [S.ANNOUNCED, *way], ["Announced", *names]
    if review.state == S.SUPERSEDED:
        way, names = [*way, S.SUPERSEDED], [*names, "Replaced"]
    here = way.index(ReviewState(review.state))
    return [
        Stop(
            name,
            "done" if at < here else "here" if at == here else "later",
            note(review, state) if at <= here else "",
        )
        for at, (state, name) in enumerate(zip(way, names, strict=True))
    ]


def note(review: AnnualReview, state: str) -> str:
    if state == S.ANNOUNCED and review.expected_on:
        return f"Expected {date_format(review.expected_on, 'j F Y')}"
    if state == S.PUBLISHED and review.published_at:
        return f"Since {date_format(review.published_at, 'j F Y')}"
    if state == review.state and review.moved_at:
        return f"Since {date_format(review.moved_at, 'j F Y')}"
    return ""
