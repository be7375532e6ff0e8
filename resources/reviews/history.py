"""Who changed what of a review, when: from what the triggers wrote.

Chapters are long and are saved often: the history is laid out from light rows, and the texts are
fetched for one page of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.apps import apps
from django.utils.formats import date_format

from portal.years import year_name
from resources.desk.history import Change
from resources.models import AnnualReview, Chapter, ReviewState, Visibility
from resources.reviews import chapters
from selfassessment.differences import Piece, differences

# Made by pghistory from our models, with their fields; so there are no classes to import.
REVIEWS: Any = apps.get_model("resources", "AnnualReviewEvent")
CHAPTERS: Any = apps.get_model("resources", "ChapterEvent")
QUOTATIONS: Any = apps.get_model("resources", "QuotationEvent")

DETAILS = {
    "year": "Academic year",
    "title": "Title",
    "strapline": "In a sentence",
    "visibility": "Who may read it",
    "expected_on": "Expected on",
}
TEXTS = {
    "title": "Title",
    "lead": "In a few sentences",
    "body": "Text",
    "benefits": "Benefits",
    "challenges": "Challenges",
    "addressed": "How services addressed them",
    "forward": "What others can take forward",
    "factors": "Factors for success",
}
SAID = {
    "text": "What was said",
    "name": "Name",
    "role": "Role",
    "service": "Music service",
    "consent": "Consent",
    "consent_note": "Where and when it was given",
}
MOVES = {
    ReviewState.ANNOUNCED: "announced it",
    ReviewState.DRAFT: "made it a draft",
    ReviewState.IN_REVIEW: "handed it to a second pair of eyes",
    ReviewState.PUBLISHED: "published it",
    ReviewState.SUPERSEDED: "said that a newer one is out",
}
PARAGRAPH = re.compile(r"\n\s*\n")
LEFT_OUT = Piece(" … ")


@dataclass(frozen=True)
class Entry:
    """One change, before its texts are fetched: two events of one thing, and which sort it is."""

    events: Any  # the model
    at: dt.datetime
    now: int
    before: int | None
    is_last_of_gone: bool = False


@dataclass(frozen=True)
class Line:
    """What somebody did at one moment; `version` names the chapter as it was after it."""

    at: dt.datetime
    who: str
    what: str
    note: str = ""
    changes: tuple[Change, ...] = ()
    chapter: int = 0
    version: int = 0
    differs: bool = False  # from the chapter as it is now, so that it can be taken up again
    is_removal: bool = False


def entries(review: AnnualReview, chapter: int = 0) -> list[Entry]:
    """Everything there is of a review, or of one of its chapters, the newest first."""
    of_chapters = CHAPTERS.objects.filter(review=review.pk)
    keys = set(of_chapters.values_list("pgh_obj", flat=True))
    if chapter:
        keys &= {chapter}
    of_chapters = of_chapters.filter(pgh_obj__in=keys)
    here = set(review.chapters.values_list("pk", flat=True))
    found = [
        *pairs(CHAPTERS, of_chapters, ("version", "saved_at"), gone=keys - here),
        *pairs(QUOTATIONS, QUOTATIONS.objects.filter(chapter__in=keys), ("saved_at",)),
    ]
    if not chapter:
        of_review = REVIEWS.objects.filter(pgh_obj=review.pk)
        found += pairs(REVIEWS, of_review, (*DETAILS, "state", "moved_at"))
    return sorted(found, key=lambda one: (one.at, one.now), reverse=True)


def pairs(
    events: Any, rows: Any, telling: Sequence[str], gone: Iterable[int] = ()
) -> Iterable[Entry]:
    """Each event with the one before it of the same thing; those that tell nothing are left out."""
    before: dict[int, tuple[int, Any]] = {}
    last: dict[int, int] = {}
    found: list[tuple[int, Entry]] = []
    light = rows.order_by("pgh_id").values_list("pgh_id", "pgh_obj", "pgh_created_at", *telling)
    for key, thing, at, *told in light:
        was = before.get(thing)
        if was is None or was[1] != told:
            found.append((thing, Entry(events, at, key, was[0] if was else None)))
            last[thing] = key
        before[thing] = (key, told)
    for thing, entry in found:
        taken_out = thing in gone and last[thing] == entry.now
        yield Entry(events, entry.at, entry.now, entry.before, taken_out)


def lines(review: AnnualReview, page: Sequence[Entry]) -> list[Line]:
    """Entries in words: a query for each sort of them, and one for the chapters there are now."""
    read: dict[Any, dict[int, Any]] = {}
    people = {
        REVIEWS: ("written_by", "moved_by"),
        CHAPTERS: ("saved_by",),
        QUOTATIONS: ("saved_by", "service"),
    }
    for events, beside in people.items():
        keys = [key for one in page if one.events is events for key in (one.now, one.before) if key]
        rows = events.objects.filter(pgh_id__in=keys).select_related(*beside)
        read[events] = {row.pgh_id: row for row in rows} if keys else {}
    now = {one.pk: one for one in review.chapters.all()}
    titles = {row.pgh_obj_id: row.title for row in read[CHAPTERS].values()}
    titles.update({one.pk: one.title for one in now.values()})
    found = []
    for entry in page:
        event, was = read[entry.events][entry.now], read[entry.events].get(entry.before or 0)
        if entry.events is REVIEWS:
            found.append(of_review(event, was))
        elif entry.events is CHAPTERS:
            found.append(of_chapter(entry, event, was, now))
        else:
            found.append(of_quotation(event, was, titles.get(event.chapter_id, "")))
    return found


def of_review(event: Any, was: Any) -> Line:
    if was is None:
        what = "announced it" if event.state == ReviewState.ANNOUNCED else "began it"
        return Line(event.pgh_created_at, str(event.written_by), what)
    changed = changes(DETAILS, event, was)
    if event.state != was.state or event.moved_at != was.moved_at:
        moved = MOVES[ReviewState(event.state)]
        if event.state == was.state:
            opened = event.visibility != was.visibility
            moved = "changed who may read it" if opened else "published a correction"
        elif was.state == ReviewState.ANNOUNCED:
            moved = "began to write it"
        who = str(event.moved_by or event.written_by)
        return Line(event.pgh_created_at, who, moved, event.note, changed)
    return Line(event.pgh_created_at, str(event.written_by), "changed its details", "", changed)


def of_chapter(entry: Entry, event: Any, was: Any, now: dict[int, Chapter]) -> Line:
    name = f"“{event.title}”"
    changed = changes(TEXTS, event, was) if was else ()
    if entry.is_last_of_gone and was is not None:
        what = f"took the chapter {name} out"
    elif was is None:
        what = f"added the chapter {name}"
    elif changed:
        what = f"changed the chapter {name}"
    else:
        what = f"changed the topics or resources of {name}"
    key = event.pgh_obj_id
    return Line(
        at=event.pgh_created_at,
        who=str(event.saved_by),
        what=what,
        changes=changed,
        chapter=key if key in now else 0,
        version=event.pgh_id,
        differs=key in now and says_more(event) and texts_of(event) != texts_of(now[key]),
        is_removal=entry.is_last_of_gone,
    )


def of_quotation(event: Any, was: Any, title: str) -> Line:
    where = f"“{title}”" if title else "a chapter"
    what = f"changed a quotation in {where}" if was else f"added a quotation to {where}"
    changed = changes(SAID, event, was) if was else ()
    words = () if was else (Change(SAID["text"], (Piece(event.text),)),)
    return Line(event.pgh_created_at, str(event.saved_by), what, "", (*words, *changed))


def changes(labels: dict[str, str], event: Any, was: Any) -> tuple[Change, ...]:
    pairs_of = (
        (label, in_words(name, was), in_words(name, event)) for name, label in labels.items()
    )
    return tuple(Change(label, shortly(old, new)) for label, old, new in pairs_of if old != new)


def in_words(name: str, event: Any) -> str:
    value = getattr(event, name)
    if name == "year":
        return year_name(value)
    if name == "visibility":
        return str(Visibility(value).label)
    if name == "consent":
        return "on record" if value else "not on record"
    return date_format(value, "j F Y") if isinstance(value, dt.date) else str(value or "")


def shortly(was: str, now: str) -> tuple[Piece, ...]:
    """What became of a text, word by word; paragraphs that stayed as they were are left out."""
    old, new = PARAGRAPH.split(was), PARAGRAPH.split(now)
    pieces: list[Piece] = []
    for same, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if same == "equal":
            pieces.append(LEFT_OUT)
        else:
            pieces += differences("\n\n".join(old[a:b]), "\n\n".join(new[c:d]))
    return tuple(pieces)


def says_more(one: Any) -> bool:
    """Whether there is more to take up again than a title."""
    return any(getattr(one, name) for name in TEXTS if name != "title")


def texts_of(one: Any) -> dict[str, str]:
    return {name: getattr(one, name) for name in TEXTS}


def chapter_at(review: AnnualReview, version: int) -> Any:
    """A chapter of this review as it was once, or None."""
    return CHAPTERS.objects.filter(review=review.pk, pgh_id=version).first()


def last_of(key: int) -> Any:
    """What is known of a chapter that is gone, or None."""
    return CHAPTERS.objects.filter(pgh_obj=key).order_by("-pgh_id").first()


def words_of(event: Any) -> dict[str, str]:
    """The texts of a chapter as it was once, for a form to begin with."""
    return {name: getattr(event, name) for name in chapters.fields_of(event.kind)}
