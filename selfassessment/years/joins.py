"""Two years, and whether a line may join them.

Never across two questionnaires or two scales; where the edition changes only over the statements
that a reviewed mapping says go on, and then those alone are counted, on both sides. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from selfassessment.models import Audit, Level, Scope, Statement
from selfassessment.questionnaires.mapping import Continuity, same_scale
from selfassessment.scoring import Said, Scale, Score, Scores, points, score, scores, signed


@dataclass(frozen=True)
class Year:
    """One self-assessment with its totals shown: what it asked, and what was agreed."""

    audit: Audit
    levels: tuple[Level, ...]
    statements: tuple[Statement, ...]  # those asked, in order
    said: Mapping[int, Said]
    scores: Scores

    @classmethod
    def of(
        cls,
        audit: Audit,
        levels: Sequence[Level],
        statements: Iterable[Statement],
        said: Mapping[int, Said],
    ) -> Year:
        whole = audit.scope == Scope.WHOLE
        asked = tuple(one for one in statements if whole or one.quick_check)
        scale = Scale(tuple(level.value for level in levels))
        return cls(audit, tuple(levels), asked, said, scores(scale, asked, said))

    @property
    def scale(self) -> Scale:
        return self.scores.score.scale

    @property
    def edition(self) -> int:
        return self.audit.questionnaire.edition

    @property
    def short(self) -> str:
        """The year as it stands under a mark: “24/25”."""
        return self.audit.year_name[2:]


@dataclass(frozen=True)
class Step:
    """From one year to the next: whether a line may join them, and why not where it may not."""

    before: Year
    after: Year
    ties: Mapping[int, int] | None  # the statements that go on; None within one edition
    why: str  # what stands in the way; blank where something is joined

    @classmethod
    def between(cls, before: Year, after: Year, continuity: Continuity) -> Step:
        """Whether two years may be joined: see the head of this module."""
        one, other = before.audit.questionnaire_id, after.audit.questionnaire_id
        if one == other:
            return cls(before, after, None, "")
        edition = f"edition {after.edition}"
        if not same_scale(before.levels, after.levels):
            return cls(before, after, {}, f"{edition} has another scale")
        ties = continuity.between(one, other)
        if ties is None:
            return cls(before, after, {}, f"{edition}: new wording")
        was, now = {s.pk for s in before.statements}, {s.pk for s in after.statements}
        asked = {old: new for old, new in ties.items() if old in was and new in now}
        none = f"{edition} repeats no statement of edition {before.edition}"
        return cls(before, after, asked, "" if asked else none)

    @property
    def changes_edition(self) -> bool:
        return self.before.audit.questionnaire_id != self.after.audit.questionnaire_id

    @property
    def is_carried(self) -> bool:
        return self.ties is not None and not self.why

    @property
    def count(self) -> str:
        """“52 of 60 statements”."""
        asked = len(self.after.statements)
        return f"{len(self.ties or ())} of {asked} statement{'' if asked == 1 else 's'}"

    def carried(self, statements: Iterable[Statement] | None = None) -> Carried | None:
        """What the statements that go on came to on both sides.

        With `statements`, those of them alone: they are the later edition's, so a statement that
        moved to another area is counted where it is now, on both sides.
        """
        if not self.is_carried:
            return None
        wanted = {one.pk for one in self.after.statements if statements is None}
        wanted |= {one.pk for one in statements or ()}
        pairs = [(old, new) for old, new in (self.ties or {}).items() if new in wanted]
        return Carried(
            score(self.before.scale, [self.before.said.get(old) for old, _ in pairs]),
            score(self.after.scale, [self.after.said.get(new) for _, new in pairs]),
            len(pairs),
            len(wanted),
        )


@dataclass(frozen=True)
class Carried:
    """The statements that go on into another edition, before and after."""

    before: Score
    after: Score
    statements: int
    asked: int

    @property
    def change(self) -> int | None:
        return points(self.before, self.after)

    @property
    def signed_change(self) -> str:
        return signed(self.change)
