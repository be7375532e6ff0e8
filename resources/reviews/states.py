"""What the team may do to an annual review in each of its states: one table, asked two ways.

`may(...)` is for a button, `check(...)` for the deed behind it, so that the two always agree.
What readers see of a published review is its newest version (`manuscript.py`): authors may write
on, and nothing changes for readers until a correction is published.
"""

from __future__ import annotations

from enum import StrEnum

from portal.models import User
from resources.desk.states import is_alone
from resources.models import AnnualReview, ReviewState


class Deed(StrEnum):
    """What somebody does to a review, in words that finish “It is …: nobody can …”."""

    NAME = "change what it is called and when it is expected"
    BEGIN = "begin to write it"
    WRITE = "change what it says"
    SUBMIT = "hand it over to be read"
    PUBLISH = "publish it"
    CORRECT = "publish a correction"
    OPEN = "change who may read it"
    TAKE_BACK = "take it back"
    SUPERSEDE = "say that a newer one is out"
    RESTORE = "say that it is the newest again"
    DISCARD = "discard it"


D, S = Deed, ReviewState
ALLOWED: dict[str, frozenset[Deed]] = {
    S.ANNOUNCED: frozenset({D.NAME, D.BEGIN, D.DISCARD}),
    S.DRAFT: frozenset({D.NAME, D.WRITE, D.SUBMIT, D.DISCARD}),
    S.IN_REVIEW: frozenset({D.NAME, D.WRITE, D.PUBLISH, D.TAKE_BACK}),
    # Lists and feeds read its title from the row: out, it keeps the one that was published.
    S.PUBLISHED: frozenset({D.WRITE, D.CORRECT, D.OPEN, D.TAKE_BACK, D.SUPERSEDE}),
    S.SUPERSEDED: frozenset({D.OPEN, D.TAKE_BACK, D.RESTORE}),
}
# An earlier review that was uploaded as a PDF has no chapters of ours: taken back, it may come out
# again as it is.
UPLOADED: dict[str, frozenset[Deed]] = {
    S.DRAFT: frozenset({D.NAME, D.PUBLISH, D.DISCARD}),
    S.PUBLISHED: frozenset({D.NAME, D.OPEN, D.TAKE_BACK, D.SUPERSEDE}),
    S.SUPERSEDED: ALLOWED[S.SUPERSEDED],
}
NOT_FOR_UPLOADS = frozenset({D.WRITE, D.BEGIN, D.SUBMIT, D.CORRECT})
IN_A_SENTENCE = {
    S.ANNOUNCED: "announced",
    S.DRAFT: "a draft",
    S.IN_REVIEW: "with a second pair of eyes",
    S.PUBLISHED: "published",
    S.SUPERSEDED: "replaced by a newer one",
}


class ReviewStateError(Exception):
    """The state of the review does not allow this now; the text is fit to show."""


class SecondReaderError(ReviewStateError):
    """Whoever wrote last is not the one who publishes: docs/adr/0014."""

    def __init__(self) -> None:
        super().__init__(
            "You were the last to change it, so somebody else of the team reads and publishes it."
        )


class ReadersHadItError(ReviewStateError):
    """What readers had once is kept: people may have quoted it."""

    def __init__(self) -> None:
        super().__init__("Readers had it once, so its versions are kept. It can stay a draft.")


def was_read(review: AnnualReview) -> bool:
    """Whether readers had it once, as something that was written here."""
    return review.published_at is not None and not review.is_uploaded


def allows(review: AnnualReview, deed: Deed) -> bool:
    if deed == Deed.DISCARD and was_read(review):
        return False
    table = UPLOADED if review.is_uploaded else ALLOWED
    return deed in table.get(review.state, frozenset())


def check(review: AnnualReview, deed: Deed) -> None:
    """Raise ReviewStateError where the state of the review does not allow this."""
    if review.is_uploaded and deed in NOT_FOR_UPLOADS:
        raise ReviewStateError("It is a PDF that was uploaded as it is: it has no chapters here.")
    if deed == Deed.DISCARD and was_read(review) and not review.is_out:
        raise ReadersHadItError
    if not allows(review, deed):
        state = IN_A_SENTENCE[ReviewState(review.state)]
        raise ReviewStateError(f"It is {state}: nobody can {deed} now.")


def wrote_last(user: User, review: AnnualReview) -> bool:
    return review.written_by_id == user.pk


def check_second_reader(user: User, review: AnnualReview) -> None:
    if wrote_last(user, review) and not is_alone(user):
        raise SecondReaderError


def may(user: User, review: AnnualReview, deed: Deed) -> bool:
    """Whether this member of the team may do this now."""
    if not allows(review, deed):
        return False
    needs_another = deed in {Deed.PUBLISH, Deed.CORRECT}
    return not needs_another or not wrote_last(user, review) or is_alone(user)
