"""What became of a plan since its board approved it: reworded, added, dropped."""

from __future__ import annotations

from dataclasses import dataclass

from actionplans import wording
from actionplans.models import ActionPlan, Target, TargetStatus
from actionplans.wording import Change


@dataclass(frozen=True)
class Reworded:
    """A target whose wording differs from what was approved, field by field."""

    target: Target
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Changes:
    """All that is not as it was approved."""

    reworded: tuple[Reworded, ...]
    added: tuple[Target, ...]
    dropped: tuple[Target, ...]

    def __bool__(self) -> bool:
        return bool(self.reworded or self.added or self.dropped)


def changes_of(plan: ActionPlan) -> Changes:
    """Read them, in five queries; nothing for a plan that is not approved."""
    if not plan.is_approved:
        return Changes((), (), ())
    targets = list(
        plan.targets.select_related("changed_by")
        .prefetch_related("statements", "topics")
        .in_order()
    )
    reworded = [Reworded(one, tuple(wording.changes(one))) for one in targets]
    return Changes(
        tuple(one for one in reworded if one.changes),
        tuple(one for one in targets if one.approved_wording is None),
        tuple(one for one in targets if one.status == TargetStatus.DROPPED),
    )
