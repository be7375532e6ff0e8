"""Printings of a review asked for, previewed and published: the part that web processes know.

What a preview says and what the version says that it becomes are the same data, so the version is
the very file that somebody looked at. A correction is named in its version, and so makes a file.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from portal import papers
from portal.actions import record
from portal.models import User, Verb
from resources.models import AnnualReview, Printing
from resources.reviews import pictures
from resources.reviews.manuscript import Manuscript, compose
from resources.reviews.writing import name_of

MAKE = "resources.make_printing"  # the worker's task, by name: see tasks.py
# What is done, in this order; Printing.step counts how many of these are.
STEPS = ("Contents collected", "Pages laid out", "Pages checked", "Ready to read")


@transaction.atomic
def request(*, review: AnnualReview, by: User) -> Printing:
    """The PDF of just what the review says now, or one that the worker makes."""
    made = hand_over(review, compose(review), by)
    record(by=by, verb=Verb.TOOK_REPORT, subject=f"a preview of {name_of(review)}")
    return made


def publish(*, review: AnnualReview, correction: str, by: User) -> Printing:
    """What the review says now as its next version, within a transaction that holds the review.

    `correction` says what is different from the version before; nothing for the first.
    """
    data = compose(review, correction=correction)
    made = hand_over(review, data, by)
    made.number, made.correction = data["number"], correction
    made.published_at, made.published_by = timezone.now(), by
    made.save(update_fields=["number", "correction", "published_at", "published_by"])
    pictures.forget_unused(review)
    return made


@transaction.atomic
def again(*, printing: Printing, by: User) -> Printing:
    """One more try at a printing that failed, or whose worker has gone; else nothing changes."""
    return papers.hand_over(
        Printing.objects.all(),
        known_by={"review": printing.review, "key": printing.key},
        made_with={},
        by=by,
        defer=defer,
    )


def hand_over(review: AnnualReview, data: Manuscript, by: User) -> Printing:
    """The printing made from this data, or one that the worker makes; within a transaction."""
    return papers.hand_over(
        Printing.objects.all(),
        known_by={"review": review, "key": key(data)},
        made_with={"data": data},
        by=by,
        defer=defer,
    )


def defer(pk: int) -> None:
    app.configure_task(MAKE).defer(printing_id=pk)


def key(data: Manuscript) -> str:
    """What a printing is known by: all that it says, where its links lead, and how it looks."""
    return papers.key({**data, "site": settings.SITE_URL}, looks())


def looks() -> tuple[Path, ...]:
    """What a review is printed with beside templates and styles."""
    here = Path(__file__).parent
    return (
        *(here / "paper.py", here / "printed_figures.py", here / "markdown.py"),
        *(here / "word.py", here / "word_markdown.py", here.parent / "text.py"),
        here.parent / "templatetags" / "printed.py",
    )


def says_now(printing: Printing) -> bool:
    """Whether a preview says what the review says now."""
    return printing.key == key(compose(printing.review))


def listed(review: AnnualReview) -> list[Printing]:
    """What its authors find: the versions, the newest first, then the previews."""
    there = review.printings.light().select_related("published_by", "requested_by")
    return sorted(there, key=lambda one: (-(one.number or 0), -one.pk))


def make_room(printing: Printing) -> None:
    """Keep the newest few previews; versions stay."""
    papers.make_room(Printing.objects.filter(review=printing.review_id, number=None))
