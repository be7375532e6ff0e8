"""What the pages of a review show: its targets in order, how each stands, what was said of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from actionplans.models import (
    ActionPlan,
    Decision,
    Milestone,
    ProgressNote,
    Review,
    ReviewLine,
    Target,
    TargetStatus,
)
from actionplans.progress import Progress, progress

TAGS = {Decision.CLOSE: "full", Decision.DROP: "plain"}


@dataclass(frozen=True)
class Item:
    """One target of a review, in its place."""

    number: int
    target: Target
    progress: Progress
    notes: list[ProgressNote]
    milestones: list[Milestone]
    line: ReviewLine | None

    @property
    def is_decided(self) -> bool:
        return bool(self.line and self.line.decision)

    @property
    def is_written(self) -> bool:
        return self.line is not None

    @property
    def decided(self) -> str:
        """The decision in words, or nothing."""
        return self.line.get_decision_display() if self.line and self.line.decision else ""

    @property
    def look(self) -> str:
        """The look of the decision's tag."""
        return TAGS.get(Decision(self.line.decision), "") if self.is_decided and self.line else ""

    @property
    def ended_otherwise(self) -> bool:
        """Whether the target ended by another way than this review."""
        return not self.target.is_open


@dataclass(frozen=True)
class Place:
    """One item, with those beside it."""

    item: Item
    before: Item | None
    after: Item | None


@dataclass(frozen=True)
class Meeting:
    """A review, with all that is gone through in it."""

    review: Review
    items: list[Item]

    @cached_property
    def marks(self) -> list[bool]:
        """For the track: one for each target, whether something is decided of it."""
        return [one.is_decided for one in self.items]

    @cached_property
    def left(self) -> list[Item]:
        return [one for one in self.items if not one.is_decided and one.target.is_open]

    @cached_property
    def decided(self) -> list[Item]:
        return [one for one in self.items if one.is_decided]

    @cached_property
    def lines(self) -> list[ReviewLine]:
        return [one.line for one in self.items if one.line]

    def with_decision(self, decision: Decision) -> list[Item]:
        return [one for one in self.decided if one.line and one.line.decision == decision]

    @property
    def closes(self) -> list[Item]:
        return [one for one in self.with_decision(Decision.CLOSE) if one.target.is_open]

    @property
    def drops(self) -> list[Item]:
        return [one for one in self.with_decision(Decision.DROP) if one.target.is_open]

    @property
    def changes(self) -> list[Item]:
        return self.with_decision(Decision.CHANGE)

    @property
    def keeps(self) -> list[Item]:
        return self.with_decision(Decision.KEEP)

    @property
    def ended(self) -> list[Item]:
        """To be ended here, and ended by now without it."""
        ending = self.with_decision(Decision.CLOSE) + self.with_decision(Decision.DROP)
        return [one for one in ending if not one.target.is_open]

    def place(self, target_id: int) -> Place | None:
        """Where a target stands in the order of the review; None where it has no place in it."""
        at = next((n for n, one in enumerate(self.items) if one.target.pk == target_id), None)
        if at is None:
            return None
        before = self.items[at - 1] if at else None
        after = self.items[at + 1] if at + 1 < len(self.items) else None
        return Place(self.items[at], before, after)


def read(review: Review, today: dt.date | None = None) -> Meeting:
    """The targets a review goes through: those worked on, and those it has a line on."""
    today = today or timezone.localdate()
    lines = {line.target_id: line for line in review.lines.select_related("saved_by")}
    worked_on = Q(status=TargetStatus.OPEN, no_action_reason="")
    if review.is_finished:
        worked_on = Q(pk__in=[])  # the minutes: what was spoken of, and no more
    targets = (
        review.plan.targets.filter(worked_on | Q(pk__in=lines))
        .select_related("owner")
        .prefetch_related("milestones", "notes__written_by")
        .in_order()
    )
    return Meeting(
        review,
        [
            item(number, target, today, lines.get(target.pk))
            for number, target in enumerate(targets, start=1)
        ],
    )


def item(number: int, target: Target, today: dt.date, line: ReviewLine | None) -> Item:
    notes = list(target.notes.all())
    return Item(
        number=number,
        target=target,
        progress=progress(target, today, notes),
        notes=notes,
        milestones=list(target.milestones.all()),
        line=line,
    )


@dataclass(frozen=True)
class Reviews:
    """The reviews of a plan: to come, the next one first, and held, the last one first."""

    planned: list[Review]
    finished: list[Review]


def of_plan(plan: ActionPlan) -> Reviews:
    rows = list(plan.reviews.all())
    return Reviews(
        planned=[one for one in reversed(rows) if not one.is_finished],
        finished=[one for one in rows if one.is_finished],
    )
