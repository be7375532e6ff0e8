"""A termly review: planned, minuted target by target, and finished, which does what it decided."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from actionplans import states
from actionplans.models import (
    ActionPlan,
    Decision,
    Review,
    ReviewLine,
    Target,
    TargetStatus,
)
from actionplans.planning import plans, targets
from actionplans.states import Deed, PlanStateError
from portal import access
from portal.access import Permission
from portal.actions import record
from portal.models import User, Verb

ENDS = {Decision.CLOSE: TargetStatus.DONE, Decision.DROP: TargetStatus.DROPPED}


class ReviewError(PlanStateError):
    """The review does not allow this now; the text is fit to show."""


@dataclass(frozen=True)
class When:
    """Which review it is, and when and where people meet."""

    name: str
    held_on: dt.date
    starts_time: dt.time | None = None
    place: str = ""

    @classmethod
    def of(cls, review: Review) -> When:
        return cls(review.name, review.held_on, review.starts_time, review.place)


@dataclass(frozen=True)
class Said:
    """What a meeting says of itself: who is there, and what else was said."""

    present: str = ""
    said: str = ""

    @classmethod
    def of(cls, review: Review) -> Said:
        return cls(review.present, review.said)


@dataclass(frozen=True)
class Entry:
    """What is decided and said of one target."""

    decision: str = ""
    said: str = ""


@dataclass(frozen=True)
class Clash:
    """Somebody else wrote since the page was read. Nothing was written."""

    theirs: Review


@dataclass(frozen=True)
class LineClash:
    """The same, of one line; None where it was not there."""

    theirs: ReviewLine | None


@dataclass(frozen=True)
class Finished:
    """What finishing did: targets done and dropped, and those that had ended meanwhile."""

    done: tuple[Target, ...]
    dropped: tuple[Target, ...]
    skipped: tuple[Target, ...]


def may_plan(user: User, plan: ActionPlan) -> bool:
    return states.may(user, plan, Deed.REVIEW)


def may_write(user: User, review: Review) -> bool:
    """Whoever writes notes takes part; once it is finished, leads may mend its words."""
    if not states.allows(review.plan, Deed.REVIEW):
        return False
    needed = Permission.PLAN_LEAD if review.is_finished else Permission.PLAN_NOTE
    return access.can(user, needed, review.plan.service)


def require_write(user: User, review: Review) -> None:
    """Raise PermissionDenied (403) for who, a PlanStateError (a sentence) for when."""
    access.require(user, Permission.PLAN_NOTE, review.plan.service)
    states.check(review.plan, Deed.REVIEW)
    if review.is_finished and not may_write(user, review):
        raise ReviewError("This review is finished: its minutes are for the leads to mend.")


def held(review: Review) -> Review:
    """The review as it is now, with its plan held still: every change passes through here."""
    plan = plans.held(review.plan, Deed.REVIEW)
    now = Review.objects.filter(pk=review.pk).first()
    if now is None:
        raise ReviewError("This review was removed meanwhile.")
    now.plan = plan
    return now


def as_read(*parts: object) -> str:
    """A short name for what a page was shown, to notice when it is no longer so."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def meeting_as_read(review: Review) -> str:
    return as_read(review.present, review.said)


def lines_as_read(lines: Iterable[ReviewLine]) -> str:
    """What a preview of finishing was made from."""
    return as_read(*sorted((one.target_id, one.version) for one in lines))


@transaction.atomic
def plan_review(*, plan: ActionPlan, when: When, by: User) -> Review:
    """Put a review in the calendar of a plan that is under way. The same again is that one."""
    plan = plans.held(plan, Deed.REVIEW)
    twin = plan.reviews.open().filter(**asdict(when)).first()
    if twin:
        return twin
    review = Review.objects.create(plan=plan, planned_by=by, **asdict(when))
    record(by=by, verb=Verb.ADDED, subject=review, service=plan.service)
    return review


@transaction.atomic
def move(*, review: Review, when: When, by: User) -> Review:
    """Give a review another name, day, time or place."""
    now = held(review)
    if When.of(now) == when:
        return now
    now.name, now.held_on, now.starts_time, now.place = (
        when.name,
        when.held_on,
        when.starts_time,
        when.place,
    )
    now.save(update_fields=["name", "held_on", "starts_time", "place"])
    record(by=by, verb=Verb.CHANGED, subject=now, service=now.plan.service)
    return now


def is_blank(review: Review) -> bool:
    """Whether nothing is minuted yet, so that it can be taken out."""
    minuted = review.is_finished or review.present or review.said
    return not minuted and not review.lines.exists()


@transaction.atomic
def remove(*, review: Review, by: User) -> None:
    """Take back a review that was planned and has no minutes yet."""
    now = held(review)
    if not is_blank(now):
        raise ReviewError("This review has minutes, so it stays.")
    now.delete()
    record(by=by, verb=Verb.REMOVED, subject=now, service=now.plan.service)


@transaction.atomic
def write(*, review: Review, said: Said, read: str, by: User) -> Clash | None:
    """Save who is there and what else was said, if nobody wrote since `read`."""
    now = held(review)
    require_write(by, now)
    if Said.of(now) == said:
        return None
    if meeting_as_read(now) != read:
        return Clash(now)
    now.present, now.said = said.present, said.said
    now.save(update_fields=["present", "said"])
    if now.is_finished:
        record(by=by, verb=Verb.CHANGED, subject=now, service=now.plan.service)
    return None


@transaction.atomic
def write_line(
    *, review: Review, target: Target, entry: Entry, version: int, by: User
) -> ReviewLine | LineClash | None:
    """Save what is decided and said of a target, if its line is still at `version`; 0 is none.

    In a finished review the words may be mended; what was decided stays, for it was done.
    """
    now = held(review)
    require_write(by, now)
    line = now.lines.filter(target=target).first()
    if now.is_finished:
        entry = Entry(line.decision if line else "", entry.said)
    there = Entry(line.decision, line.said) if line else Entry()
    if there == entry:
        return line
    if (line.version if line else 0) != version:
        return LineClash(line)
    if entry.decision == Decision.DROP and not entry.said:
        raise ReviewError("Say why the target is dropped.")
    line = line or ReviewLine(review=now, target=target, version=0)
    line.decision, line.said, line.version = entry.decision, entry.said, version + 1
    line.saved_at, line.saved_by = timezone.now(), by
    line.save()
    if now.is_finished:
        record(by=by, verb=Verb.CHANGED, subject=now, service=now.plan.service)
    return line


@transaction.atomic
def finish(*, review: Review, read: str, by: User) -> Finished | Clash:
    """End a review: what it closes is done, what it drops is dropped, for the reason it gave.

    `read` is what the preview was made from. A target that ended meanwhile is left as it is.
    """
    now = held(review)
    if now.is_finished:
        raise ReviewError("This review is finished already.")
    lines = list(now.lines.select_related("target"))
    if lines_as_read(lines) != read:
        return Clash(now)
    done: dict[str, list[Target]] = {Decision.CLOSE: [], Decision.DROP: []}
    skipped = []
    today = timezone.localdate()
    for line in lines:
        if line.decision not in ENDS:
            continue
        line.target.plan = now.plan
        try:
            targets.end(
                target=line.target,
                status=ENDS[Decision(line.decision)],
                on=min(now.held_on, today),
                reason=line.said,
                by=by,
            )
        except targets.TargetEndedError:
            skipped.append(line.target)
        else:
            done[line.decision].append(line.target)
    now.held_on = min(now.held_on, today)
    now.finished_at, now.finished_by = timezone.now(), by
    now.save(update_fields=["held_on", "finished_at", "finished_by"])
    record(by=by, verb=Verb.REVIEWED, subject=now, service=now.plan.service)
    return Finished(tuple(done[Decision.CLOSE]), tuple(done[Decision.DROP]), tuple(skipped))
