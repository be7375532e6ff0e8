"""The way of an annual review to its readers: a draft, a second pair of eyes, published, corrected.

Every page of a move carries what it was shown (`seen`), and the pages that publish or discard also
the version that was read: nobody moves on what somebody else has moved or written meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from portal.papers import PaperState
from resources.models import AnnualReview, Printing, ReviewState
from resources.models.reviews import READERS
from resources.reviews import printing, states, writing
from resources.reviews.states import IN_A_SENTENCE, Deed, ReviewStateError
from resources.reviews.writing import name_of

TEXTS = ("lead", "body", "benefits", "challenges", "addressed", "forward", "factors")


class NothingToReadError(ReviewStateError):
    """A reader would find a title and nothing behind it."""

    def __init__(self) -> None:
        super().__init__("There is nothing to read yet. Write in one chapter at least.")


class ReadBeforeError(ReviewStateError):
    """Somebody changed the review after this person read it."""

    def __init__(self, review: AnnualReview, by: User) -> None:
        who = "You" if review.written_by_id == by.pk else str(review.written_by)
        super().__init__(
            f"{who} changed it after this page was opened. Read it once more, then decide."
        )


class MovedMeanwhileError(ReviewStateError):
    """Somebody moved the review on after the page was opened."""

    def __init__(self, review: AnnualReview, by: User) -> None:
        who = "You" if review.moved_by_id == by.pk else str(review.moved_by or "Somebody")
        state = IN_A_SENTENCE[ReviewState(review.state)]
        super().__init__(f"{who} moved it on after this page was opened: it is {state} now.")


class NothingNewError(ReviewStateError):
    """Readers have all of this already."""

    def __init__(self) -> None:
        super().__init__("Readers have all of this already: nothing was changed since.")


class NothingSaidError(ReviewStateError):
    """A correction that does not say what was corrected."""

    def __init__(self) -> None:
        super().__init__("Say what was corrected. Readers see it in the review.")


class GoneError(ReviewStateError):
    """Somebody discarded it meanwhile."""

    def __init__(self) -> None:
        super().__init__("It was discarded meanwhile.")


@dataclass(frozen=True)
class Moves:
    """What a page offers this person to do with a review: each deed that would be allowed."""

    may: dict[str, bool]  # by the deed's name, in small letters
    is_empty: bool
    has_news: bool  # it says what readers do not have


def moves(review: AnnualReview, user: User) -> Moves:
    """Three queries at most. True exactly where the deed behind the button is allowed."""
    empty, news = is_empty(review), has_news(review)
    hindered = {Deed.SUBMIT: empty, Deed.PUBLISH: empty, Deed.CORRECT: empty or not news}
    may = {deed: states.may(user, review, deed) for deed in Deed}
    return Moves(
        may={deed.name.lower(): may[deed] and not hindered.get(deed, False) for deed in Deed},
        is_empty=empty,
        has_news=news,
    )


def seen(review: AnnualReview) -> str:
    """What a page was shown of where a review stands: it comes back with the deed."""
    return f"{review.state} {review.moved_at.isoformat() if review.moved_at else ''}".strip()


def is_empty(review: AnnualReview) -> bool:
    """Whether a reader would find nothing behind the title."""
    if review.is_uploaded:
        return not review.printings.filter(state=PaperState.READY).exists()
    said = Q()
    for name in TEXTS:
        said |= ~Q(**{name: ""})
    return not review.chapters.filter(said).exists()


def newest(review: AnnualReview) -> Printing | None:
    """The version that readers have, or had last."""
    return Printing.objects.filter(review=review).versions().light().first()


def has_news(review: AnnualReview) -> bool:
    """Whether somebody wrote in it since its newest version."""
    if review.is_uploaded:
        return False
    version = newest(review) if review.published_at else None
    return not (version and version.published_at and review.written_at <= version.published_at)


@transaction.atomic
def submit(*, review: AnnualReview, note: str, seen: str, by: User) -> None:
    """Hand a draft to a second pair of eyes, with a word on what to look at."""
    review = held(review, seen, by)
    states.check(review, Deed.SUBMIT)
    if is_empty(review):
        raise NothingToReadError
    move(review, ReviewState.IN_REVIEW, note, by)
    record(by=by, verb=Verb.PROPOSED, subject=name_of(review))


@transaction.atomic
def publish(
    *,
    review: AnnualReview,
    visibility: str,
    correction: str,
    version: int,
    seen: str,
    by: User,
) -> AnnualReview:
    """Let readers have it: by somebody else than who wrote last, as they read it.

    What was taken back and not changed comes out again as the version that it was.
    """
    review = held(review, seen, by)
    check_read(review, Deed.PUBLISH, version, by)
    if has_news(review):
        make_version(review, correction, by)
    review.visibility = visibility
    review.expected_on = None  # its day has come: taken back, it is not announced anew
    if not review.published_at:
        review.published_at, review.published_by = timezone.now(), by
    changed = ("visibility", "expected_on", "published_at", "published_by")
    move(review, ReviewState.PUBLISHED, "", by, *changed)
    record(by=by, verb=Verb.PUBLISHED, subject=f"{name_of(review)}{alone(review, by)}")
    return review


@transaction.atomic
def correct(
    *, review: AnnualReview, correction: str, version: int, seen: str, by: User
) -> Printing:
    """A new version of what is out, which says what was corrected; the old one is kept."""
    review = held(review, seen, by)
    check_read(review, Deed.CORRECT, version, by)
    if not has_news(review):
        raise NothingNewError
    made = make_version(review, correction, by)
    move(review, ReviewState.PUBLISHED, "", by)
    said = f"version {made.number} of {name_of(review)}{alone(review, by)}"
    record(by=by, verb=Verb.PUBLISHED, subject=said)
    return made


def check_read(review: AnnualReview, deed: Deed, version: int, by: User) -> None:
    """It may be published by this person, who read it as it is now."""
    states.check(review, deed)
    states.check_second_reader(by, review)
    if review.version != version:
        raise ReadBeforeError(review, by)
    if is_empty(review):
        raise NothingToReadError


def make_version(review: AnnualReview, correction: str, by: User) -> Printing:
    before = newest(review)
    if before and not correction.strip():
        raise NothingSaidError
    return printing.publish(review=review, correction=correction if before else "", by=by)


def alone(review: AnnualReview, by: User) -> str:
    """What the log says where nobody else could read it first: docs/adr/0014."""
    return ", with nobody else to read it" if states.wrote_last(by, review) else ""


@transaction.atomic
def open_to(*, review: AnnualReview, visibility: str, seen: str, by: User) -> bool:
    """Who may read what is out; False where they may already."""
    review = held(review, seen, by)
    states.check(review, Deed.OPEN)
    if visibility not in READERS or visibility == review.visibility:
        return False
    review.visibility = visibility
    move(review, ReviewState(review.state), review.note, by, "visibility")
    record(by=by, verb=Verb.CHANGED, subject=f"who may read {name_of(review)}")
    return True


@transaction.atomic
def take_back(*, review: AnnualReview, reason: str, seen: str, by: User) -> None:
    """Make it a draft again. Readers do not find it until it is published anew."""
    review = held(review, seen, by)
    states.check(review, Deed.TAKE_BACK)
    move(review, ReviewState.DRAFT, reason, by)
    record(by=by, verb=Verb.TOOK_BACK, subject=name_of(review))


@transaction.atomic
def supersede(*, review: AnnualReview, seen: str, by: User) -> None:
    """Mark what is out as replaced by a newer one. Readers still find it."""
    review = held(review, seen, by)
    states.check(review, Deed.SUPERSEDE)
    move(review, ReviewState.SUPERSEDED, "", by)
    record(by=by, verb=Verb.CHANGED, subject=f"{name_of(review)}: a newer one is out")


@transaction.atomic
def restore(*, review: AnnualReview, seen: str, by: User) -> None:
    """What was marked as replaced stands for itself again."""
    review = held(review, seen, by)
    states.check(review, Deed.RESTORE)
    move(review, ReviewState.PUBLISHED, "", by)
    record(by=by, verb=Verb.CHANGED, subject=f"{name_of(review)}: it is the newest again")


@transaction.atomic
def discard(*, review: AnnualReview, version: int, seen: str, by: User) -> None:
    """Let go of what readers never had, and of an upload that is a draft, for good."""
    review = held(review, seen, by)
    states.check(review, Deed.DISCARD)
    if review.version != version:
        raise ReadBeforeError(review, by)
    name = name_of(review)
    review.delete()
    record(by=by, verb=Verb.DISCARDED, subject=name)


def held(review: AnnualReview, seen_before: str, by: User) -> AnnualReview:
    """The review as it is now, locked, if it stands where the page of this deed showed it."""
    try:
        now = writing.held(review.pk)
    except AnnualReview.DoesNotExist:
        raise GoneError from None
    if seen(now) != seen_before:
        raise MovedMeanwhileError(now, by)
    return now


def move(review: AnnualReview, state: ReviewState, note: str, by: User, *also: str) -> None:
    review.state, review.note = state, note
    review.moved_at, review.moved_by = timezone.now(), by
    review.save(update_fields=["state", "note", "moved_at", "moved_by", *also])
