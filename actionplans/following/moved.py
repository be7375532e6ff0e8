"""Did it move? The agreed level of each target's statements before the plan, and after it.

Before: the self-assessment that the plan follows from. After: the next one of the service on the
same questionnaire whose totals are shown. Levels of two questionnaires are never compared. That a
level moved does not prove that the target moved it, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from actionplans.following.target_tracks import WHOLE, Stop, Track
from actionplans.models import ActionPlan, Target, TargetStatus
from selfassessment.models import Agreed, AgreedRating, Audit, Level, Statement

Values = Mapping[int, int]  # the agreed level by the statement's key


@dataclass(frozen=True)
class Reading:
    """The agreed level of one statement, before and after; None where none was agreed."""

    statement: Statement
    before: int | None
    after: int | None

    @property
    def by(self) -> int | None:
        """Levels it went up (or down, below 0); None where one of the two is not known."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Line:
    """One target with the levels of its statements."""

    target: Target
    readings: tuple[Reading, ...]

    @property
    def known(self) -> list[int]:
        return [one.by for one in self.readings if one.by is not None]

    @property
    def rose(self) -> bool:
        return any(by > 0 for by in self.known)


@dataclass(frozen=True)
class Groups:
    """The targets of a plan by what became of their statements, and what moved without any."""

    moved: tuple[Line, ...] = ()
    done_only: tuple[Line, ...] = ()  # done, and no statement of theirs went up
    still_open: tuple[Line, ...] = ()  # open, and no statement of theirs went up
    not_acted: tuple[Line, ...] = ()  # dropped, or decided against
    unknown: tuple[Line, ...] = ()  # nothing to compare
    without_target: tuple[Reading, ...] = ()


def group(
    targets: Iterable[Target], asked: Iterable[Statement], before: Values, after: Values
) -> Groups:
    """Sort targets, in their order. Their statements must be prefetched; `asked` are all of them.

    A statement of another questionnaire than `asked` has no level here.
    """
    readings = {one.pk: Reading(one, before.get(one.pk), after.get(one.pk)) for one in asked}
    lines: dict[str, list[Line]] = {}
    aimed_at: set[int] = set()
    for target in targets:
        own = list(target.statements.all())
        aimed_at |= {one.pk for one in own}
        line = Line(target, tuple(readings.get(one.pk, Reading(one, None, None)) for one in own))
        lines.setdefault(group_of(line), []).append(line)
    return Groups(
        **{name: tuple(found) for name, found in lines.items()},
        without_target=tuple(one for pk, one in readings.items() if one.by and pk not in aimed_at),
    )


def group_of(line: Line) -> str:
    if not line.target.acts or line.target.status == TargetStatus.DROPPED:
        return "not_acted"
    if not line.known:
        return "unknown"
    if line.rose:
        return "moved"
    return "done_only" if line.target.status == TargetStatus.DONE else "still_open"


@dataclass(frozen=True)
class Levels:
    """The two self-assessments of a plan, and what each agreed."""

    before_audit: Audit | None = None
    after_audit: Audit | None = None
    elsewhere: Audit | None = None  # a later one, on another questionnaire
    scale: tuple[Level, ...] = ()
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[int | None, str]:
        return {level.value: f"{level.value}, {level.name}" for level in self.scale}

    def of(self, statement: Statement) -> Reading:
        return Reading(statement, self.before.get(statement.pk), self.after.get(statement.pk))

    def track(self, one: Reading, aim: int | None = None) -> Track:
        """The level before as a ghost and the one after as the cap; one alone is the cap."""
        values = [level.value for level in self.scale]
        at = {value: WHOLE * n / (len(values) - 1) for n, value in enumerate(values)}
        was, now = (None, one.before) if one.after is None else (one.before, one.after)
        return Track(
            tuple(Stop(at[value], str(value)) for value in values),
            None if was is None else at[was],
            None if now is None else at[now],
            None if aim is None else at.get(aim),
            self.in_words(one, aim),
        )

    def line(self, one: Reading, aim: int | None = None) -> StatementLine:
        has_level = one.before is not None or one.after is not None
        return StatementLine(one.statement, self.track(one, aim), has_level)

    def in_words(self, one: Reading, aim: int | None = None) -> str:
        said = []
        if one.before is not None and one.after is not None:
            said.append(f"Before {self.names[one.before]}. After {self.names[one.after]}.")
            said.append(direction(one.after - one.before))
        elif one.before is not None:
            said.append(f"Agreed at {self.names[one.before]}.")
            if self.after_audit:
                said.append(f"Not rated in {self.after_audit.year_name}.")
        elif one.after is not None and self.before_audit:
            said.append(f"Not rated in {self.before_audit.year_name}. Now {self.names[one.after]}.")
        else:
            said.append("No agreed level.")
        if aim in self.names:
            said.append(f"Aim {self.names[aim]}.")
        return " ".join(said)


def direction(by: int) -> str:
    """“Up 2 levels.”"""
    if not by:
        return "No movement."
    return f"{'Up' if by > 0 else 'Down'} {abs(by)} level{'' if abs(by) == 1 else 's'}."


@dataclass(frozen=True)
class StatementLine:
    """A statement with its level on a track."""

    statement: Statement
    track: Track
    has_level: bool


@dataclass(frozen=True)
class TargetLine:
    """A target with its statements."""

    target: Target
    statements: tuple[StatementLine, ...]


@dataclass(frozen=True)
class Moved:
    """All that the page says."""

    levels: Levels
    groups: Groups

    @property
    def moved(self) -> list[TargetLine]:
        return self.lines(self.groups.moved)

    @property
    def done_only(self) -> list[TargetLine]:
        return self.lines(self.groups.done_only)

    @property
    def still_open(self) -> list[TargetLine]:
        return self.lines(self.groups.still_open)

    @property
    def not_acted(self) -> list[TargetLine]:
        return self.lines(self.groups.not_acted)

    @property
    def unknown(self) -> list[TargetLine]:
        return self.lines(self.groups.unknown)

    @property
    def without_target(self) -> list[StatementLine]:
        return [self.levels.line(one) for one in self.groups.without_target]

    @property
    def is_empty(self) -> bool:
        return self.groups == Groups()

    def lines(self, found: Iterable[Line]) -> list[TargetLine]:
        return [
            TargetLine(
                line.target,
                tuple(self.levels.line(one, line.target.aim_level) for one in line.readings),
            )
            for line in found
        ]


def read(plan: ActionPlan) -> Moved:
    """What moved since `plan`; without groups where there is nothing to compare yet."""
    levels = read_levels(plan)
    if levels.before_audit is None or levels.after_audit is None:
        return Moved(levels, Groups())
    targets = plan.targets.in_order().prefetch_related("statements__section")
    asked = levels.before_audit.statements()
    return Moved(levels, group(targets, asked, levels.before, levels.after))


def read_levels(plan: ActionPlan) -> Levels:
    """The agreed levels around a plan: three queries, or fewer."""
    first = plan.audit
    if first is None or first.totals_shown_at is None:
        return Levels()
    later = list(
        Audit.objects.for_service(plan.service)
        .filter(totals_shown_at__isnull=False, year__gt=first.year)
        .order_by("year", "totals_shown_at")
    )
    same = [one for one in later if one.questionnaire_id == first.questionnaire_id]
    after = next(iter(same), None)
    found: dict[int, dict[int, int]] = {}
    audits = [first.pk, after.pk] if after else [first.pk]
    agreed = AgreedRating.objects.filter(audit__in=audits, answer=Agreed.LEVEL)
    for audit, statement, value in agreed.values_list("audit", "statement", "value"):
        if value is not None:
            found.setdefault(audit, {})[statement] = value
    return Levels(
        before_audit=first,
        after_audit=after,
        elsewhere=None if after else next(iter(later), None),
        scale=tuple(first.levels().order_by("value")),
        before=found.get(first.pk, {}),
        after=found.get(after.pk, {}) if after else {},
    )
