"""The chapters of a review: which stand ready, writing them, their order, and taking one out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.models import Topic, User
from resources.finding.queries import query
from resources.finding.shelf import alike
from resources.models import AnnualReview, Chapter, ChapterKind, Picture, Resource
from resources.reviews import places, states, writing
from resources.reviews.states import Deed, ReviewStateError

K = ChapterKind
USUAL = (K.ABOUT, K.PROGRAMME, K.INVOLVED, K.SUMMARY, K.FIGURES, K.AHEAD)
IN_ORDER = (K.ABOUT, K.PROGRAMME, K.INVOLVED, K.SUMMARY, K.THEME, K.FIGURES, K.AHEAD)
WORDS = ("title", "lead", "body")
OF_THEMES = ("benefits", "challenges", "addressed", "forward")
# What a chapter of a kind says beside its title, lead and text
MORE: dict[str, tuple[str, ...]] = {K.THEME: OF_THEMES, K.SUMMARY: ("factors",)}
MOST_FOUND = 12


class KeepsPicturesError(ReviewStateError):
    """Readers see its pictures, and no other chapter is there to keep them."""

    def __init__(self) -> None:
        super().__init__(
            "It is the only chapter, and readers see its pictures. Add another chapter first."
        )


@dataclass(frozen=True)
class Content:
    """What was written: the words of the chapter, and where readers learn more."""

    words: dict[str, str]
    topics: list[Topic]
    resources: list[Resource]


def fields_of(kind: str) -> tuple[str, ...]:
    """Which texts a chapter of this kind has."""
    return (*WORDS, *MORE.get(kind, ()))


def lay_out(review: AnnualReview, by: User) -> None:
    """The usual chapters of a new review, each by its usual name, for people to write into."""
    for order, kind in enumerate(USUAL, start=1):
        Chapter.objects.create(review=review, kind=kind, title=kind.label, order=order, saved_by=by)


@transaction.atomic
def add(*, review: AnnualReview, kind: str, content: Content, by: User) -> Chapter:
    """A new chapter, after those that its kind usually follows. Added twice it is one."""
    review = writing.held(review.pk)
    states.check(review, Deed.WRITE)
    if twin := twin_of(review, kind, content):
        return twin
    chapter = Chapter(review=review, kind=kind, saved_by=by, **content.words)
    beside = list(review.chapters.all())
    at = place(beside, kind)
    chapter.order = at + 1
    chapter.save()
    beside.insert(at, chapter)
    places.number(beside)
    chapter.topics.set(content.topics)
    chapter.resources.set(content.resources)
    writing.wrote(review, by)
    return chapter


def twin_of(review: AnnualReview, kind: str, content: Content) -> Chapter | None:
    """A chapter that says all of this already, and no more."""
    same = review.chapters.filter(kind=kind, **content.words)
    beside = (keys(content.topics), keys(content.resources))
    return next(
        (one for one in same if (keys(one.topics.all()), keys(one.resources.all())) == beside), None
    )


def place(beside: list[Chapter], kind: str) -> int:
    """Where a chapter of this kind goes: after the last that usually comes before it or with it."""
    rank = IN_ORDER.index(ChapterKind(kind))
    before = [
        at
        for at, one in enumerate(beside, start=1)
        if IN_ORDER.index(ChapterKind(one.kind)) <= rank
    ]
    return max(before, default=0)


@transaction.atomic
def save(*, review: AnnualReview, chapter: Chapter, content: Content, by: User) -> bool:
    """Save what was changed of a chapter whose review is held; False where nothing was."""
    changed = [name for name, said in content.words.items() if getattr(chapter, name) != said]
    beside = {
        name: rows
        for name, rows in (("topics", content.topics), ("resources", content.resources))
        if keys(rows) != set(getattr(chapter, name).values_list("pk", flat=True))
    }
    if not changed and not beside:
        return False
    for name in changed:
        setattr(chapter, name, content.words[name])
    for name, rows in beside.items():
        getattr(chapter, name).set(rows)
    chapter.version += 1
    chapter.saved_at, chapter.saved_by = timezone.now(), by
    chapter.save(update_fields=[*changed, "version", "saved_at", "saved_by"])
    writing.wrote(review, by)
    return True


def keys(rows: Iterable[Topic | Resource]) -> set[int]:
    return {row.pk for row in rows}


@transaction.atomic
def move(*, chapter: Chapter, up: bool, by: User) -> None:
    """Change places with the chapter above or below; at the end nothing happens."""
    review, chapter = writing.held_to_write(chapter)
    if places.move(chapter, review.chapters.all(), up=up):
        writing.wrote(review, by)


@transaction.atomic
def remove(*, chapter: Chapter, by: User) -> None:
    """Take a chapter out. Its words and quotations stay in the history, to be put back.

    Readers may still see its pictures in what is published: the chapter beside it keeps them.
    """
    review, chapter = writing.held_to_write(chapter)
    now = timezone.now()
    keeper = review.chapters.exclude(pk=chapter.pk).first()
    pictures = Picture.objects.filter(chapter=chapter)
    if keeper:
        pictures.in_use().update(removed_at=now)
        pictures.update(chapter=keeper)
    elif pictures.exists() and review.printings.exists():
        raise KeepsPicturesError
    # The triggers tell of changes, not of deletions: these rows say who took it out, and when.
    chapter.quotations.update(saved_at=now, saved_by=by)
    chapter.saved_at, chapter.saved_by = now, by
    chapter.save(update_fields=["saved_at", "saved_by"])
    chapter.delete()
    places.number(list(review.chapters.all()))
    writing.wrote(review, by)


@transaction.atomic
def bring_back(*, chapter: Chapter, taken_out: Any, by: User) -> None:
    """Give a chapter that was put back its quotations and pictures; `taken_out` is its last event.

    What went with the chapter carries the moment when it was taken out.
    """
    events: Any = apps.get_model("resources", "QuotationEvent")
    went = {"chapter": taken_out.pgh_obj_id, "saved_at": taken_out.saved_at}
    kept = ("text", "name", "role", "service_id", "consent", "consent_note", "order")
    there = set(chapter.quotations.values_list("text", "name"))  # after a second click
    for event in events.objects.filter(**went).order_by("order", "pgh_id"):
        if (event.text, event.name) not in there:
            chapter.quotations.create(saved_by=by, **{name: getattr(event, name) for name in kept})
    pictures = Picture.objects.filter(
        chapter__review=chapter.review_id, removed_at=taken_out.saved_at
    )
    pictures.update(chapter=chapter, removed_at=None)


def findable(words: str) -> list[Resource]:
    """Resources that every reader of a review may open, by words of theirs."""
    sought = query(words, alike())
    if sought is None:
        return []
    found = Resource.objects.for_everybody().light()
    hit = Q(search=sought) | Q(title__icontains=words.strip())
    return list(found.filter(hit).order_by("title", "pk")[:MOST_FOUND])
