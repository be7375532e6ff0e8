"""A plan as an example: plain data in the shapes of a real one, never saved.

So anybody signed in reads it wherever the portal runs, and the code of real plans draws it. What
it says is in `eastmere`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from actionplans.following import story, target_tracks
from actionplans.following.story import Story
from actionplans.following.target_tracks import Track
from actionplans.models import (
    ActionPlan,
    Heard,
    Milestone,
    PlanState,
    ProgressNote,
    Target,
    first_day,
    last_day,
)
from actionplans.progress import Progress, progress
from actionplans.smart import Draft
from portal.models import MusicService

YEAR = 2025
TODAY = dt.date(2026, 3, 20)
PLAN = ActionPlan(
    service=MusicService(name="Eastmere Music Hub", is_fictional=True),
    starts_on=first_day(YEAR),
    ends_on=last_day(YEAR),
    state=PlanState.UNDER_WAY,
    approver="The board of Eastmere Music Hub",
    approved_on=dt.date(2025, 9, 18),
)


@dataclass(frozen=True)
class Remark:
    """Why a part of the plan is good, and which piece of advice it answers."""

    letter: str  # Specific, Measurable, Achievable, Relevant, Time-bound, or Honest
    text: str
    answers: tuple[str, ...] = ()  # codes of actionplans/smart.py


@dataclass(frozen=True)
class Example:
    """A target with all that hangs on it, and why it is a good one."""

    target: Target
    statements: tuple[tuple[str, str], ...]  # code, and what it says
    steps: tuple[Milestone, ...]
    told: tuple[ProgressNote, ...]  # oldest first, as it happened
    remarks: tuple[Remark, ...] = field(default=())

    @property
    def notes(self) -> list[ProgressNote]:
        return list(reversed(self.told))

    @property
    def codes(self) -> str:
        return ", ".join(code for code, _ in self.statements)

    @property
    def heard(self) -> list[str]:
        return [Heard(one).label for one in self.target.heard]

    @cached_property
    def progress(self) -> Progress:
        return progress(self.target, TODAY, self.notes)

    @cached_property
    def track(self) -> Track:
        return target_tracks.by_number(self.target, self.target.aim_value or Decimal(0), self.notes)

    @cached_property
    def story(self) -> Story:
        return story.tell(
            self.target, TODAY, notes=self.notes, steps=self.steps, decisions=(), versions=()
        )

    @property
    def draft(self) -> Draft:
        """What the advice would look at."""
        one = self.target
        return Draft(
            title=one.title,
            measure=one.measure,
            baseline=one.baseline,
            has_numbers=one.aim_value is not None,
            has_start=one.start_value is not None,
            due_on=one.due_on,
            role=one.role,
            no_action_reason=one.no_action_reason,
            why=one.why,
            statements=frozenset(code for code, _ in self.statements),
            last_day=PLAN.ends_on,
        )
