"""What to think about before a review is published. It advises, and never stops anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from resources.models import AnnualReview, Chapter, ChapterKind, Printing, Quotation, Resource
from resources.reviews.moving import TEXTS

FRESH = timedelta(days=30)  # that figures of the portal are taken as those of now
STILL_QUOTED = (
    "Readers have a quotation whose consent is not on record any more, until a correction is out."
)
FROM_FIGURES = {ChapterKind.FIGURES, ChapterKind.INVOLVED}  # they show what was taken


@dataclass(frozen=True)
class Advice:
    """One thing to look at, with the chapter that it is about, where it is about one."""

    words: str
    chapter: Chapter | None = None


def of(review: AnnualReview) -> list[Advice]:
    """What to say of a review as it stands: four queries at most, however many chapters."""
    if review.is_uploaded:
        return []
    chapters = list(
        review.chapters.annotate(
            unsettled=Count("remarks", filter=Q(remarks__settled_at=None), distinct=True),
            unagreed=Count("quotations", filter=Q(quotations__consent=False), distinct=True),
            uncredited=Count(
                "pictures",
                filter=Q(pictures__removed_at=None, pictures__credit=""),
                distinct=True,
            ),
        )
    )
    hidden = hidden_resources(review)
    quoted = still_quoted(review)
    found = [] if chapters else [Advice("It has no chapters.")]
    found += of_figures(review, chapters)
    for one in chapters:
        found += [Advice(words, one) for words in of_chapter(review, one, hidden.get(one.pk, []))]
        if one.pk in quoted:
            found.append(Advice(STILL_QUOTED, one))
    return found


def of_figures(review: AnnualReview, chapters: list[Chapter]) -> Iterator[Advice]:
    """Whether its figures are there, and of these days."""
    needs = next((one for one in chapters if one.kind in FROM_FIGURES), None)
    if not review.figures_at:
        if needs:
            yield Advice("No figures of the portal were taken, so none are shown.", needs)
    elif timezone.now() - review.figures_at > FRESH:
        days = (timezone.now() - review.figures_at).days
        yield Advice(f"Its figures were taken {days} days ago. Take them again if they moved.")


def of_chapter(review: AnnualReview, chapter: Chapter, hidden: list[str]) -> Iterator[str]:
    said = any(getattr(chapter, name).strip() for name in TEXTS)
    if not said and not (review.figures_at and chapter.kind in FROM_FIGURES):
        yield "It has no words yet: readers find a heading alone."
    counts = vars(chapter)  # annotated above
    if many := counts["unsettled"]:
        yield "One remark is open." if many == 1 else f"{many} remarks are open."
    if many := counts["unagreed"]:
        yield (
            "One quotation has no consent on record: it is not printed."
            if many == 1
            else f"{many} quotations have no consent on record: they are not printed."
        )
    if many := counts["uncredited"]:
        yield (
            "One picture does not say whose it is."
            if many == 1
            else f"{many} pictures do not say whose they are."
        )
    for title in hidden:
        yield f"Not everybody may read “{title}”, so it is left out."


def hidden_resources(review: AnnualReview) -> dict[int, list[str]]:
    """Titles that readers do not find under “learn more”, by chapter."""
    everybody = Resource.objects.for_everybody().values("pk")
    rows = Resource.objects.filter(chapters__review=review).exclude(pk__in=everybody)
    found: dict[int, list[str]] = {}
    for chapter, title in rows.order_by("title").values_list("chapters__pk", "title"):
        found.setdefault(chapter, []).append(title)
    return found


def still_quoted(review: AnnualReview) -> set[int]:
    """Chapters that are read with a quotation whose consent has been withdrawn since."""
    if not review.is_out:
        return set()
    newest = Printing.objects.filter(review=review).versions().with_data().first()
    chapters = newest.data.get("chapters", []) if newest else []
    read = {(one["id"], said["text"]) for one in chapters for said in one["quotations"]}
    unagreed = Quotation.objects.filter(chapter__review=review, consent=False)
    return {pk for pk, text in unagreed.values_list("chapter", "text") if (pk, text) in read}
