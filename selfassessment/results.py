"""What a music service says of itself: its agreed ratings and what they come to.

Read once for the page, the downloads and the report. Nothing is read before the totals are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portal.models import User
from selfassessment.answers import in_words, names_of
from selfassessment.models import (
    AgreedRating,
    Audit,
    Level,
    Rating,
    Response,
    Statement,
)
from selfassessment.scoring import AreaScore, Part, Said, Scale, Score, Scores, scores
from selfassessment.talk import spread
from selfassessment.years.last_year import Earlier, same_edition


@dataclass(frozen=True)
class Answered:
    """One statement with what was said of it, in words, now and before."""

    statement: Statement
    rating: AgreedRating | Rating | None
    now: str
    was: str
    reason_was: str
    comments: tuple[spread.Comment, ...]


@dataclass(frozen=True)
class Results:
    """One audit's ratings and what they come to, with the year before where there is one."""

    audit: Audit
    levels: tuple[Level, ...]
    ratings: Mapping[int, AgreedRating] | Mapping[int, Rating]
    scores: Scores
    earlier: Earlier | None
    is_draft: bool = False  # one's own, not agreed: nobody else sees it
    comments: Mapping[int, tuple[spread.Comment, ...]] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The whole in a few words: “53% of the way, up 13”."""
        percent, change = self.scores.score.percent, self.scores.change
        if percent is None:
            return "No score yet"
        if self.is_draft:
            return f"{percent}% of the way so far"
        if change is None or self.earlier is None:
            return f"{percent}% of the way"
        if not change:
            return f"{percent}% of the way, as in {self.earlier.year_name}"
        return f"{percent}% of the way, {'up' if change > 0 else 'down'} {abs(change)}"

    @property
    def counts(self) -> str:
        return counts(self.scores.score, self.missing)

    @property
    def missing(self) -> str:
        """What a statement is of which nothing is said."""
        return "left blank" if self.is_draft else "not agreed"

    @property
    def top_levels(self) -> str:
        return self.levels_in_words(self.scores.score.scale.top)

    @property
    def bottom_levels(self) -> str:
        return self.levels_in_words(self.scores.score.scale.bottom)

    def levels_in_words(self, values: tuple[int, ...]) -> str:
        return " or ".join(self.names[value] for value in values)

    @property
    def by_area(self) -> list[tuple[AreaScore, list[Answered]]]:
        return [(area, self.answers(area)) for area in self.scores.areas]

    def answers(self, part: Part) -> list[Answered]:
        before = self.earlier.said if self.earlier else {}
        return [
            Answered(
                line.statement,
                self.ratings.get(line.statement.pk),
                self.in_words(line.said),
                self.in_words(line.was),
                before[line.statement.pk].reason if line.statement.pk in before else "",
                self.comments.get(line.statement.pk, ()),
            )
            for line in part.lines
        ]

    @cached_property
    def names(self) -> dict[int | None, str]:
        return names_of(self.levels)

    def in_words(self, said: Said | None) -> str:
        return in_words(said, self.names, nothing=self.missing.capitalize())

    @property
    def example(self) -> Example:
        return Example.on(self.scores.score.scale)


@dataclass(frozen=True)
class Example:
    """How a score is worked out, on three made-up statements of the questionnaire's own scale."""

    scale: Scale
    low: int
    high: int
    score: Score

    @classmethod
    def on(cls, scale: Scale) -> Example:
        """One statement a level above the lowest, one at the highest, one not applicable."""
        low, high = scale.values[1], scale.highest
        return cls(
            scale,
            low,
            high,
            Score(scale, total=low + high, rated=2, not_applicable=1),
        )

    @property
    def low_steps(self) -> int:
        return self.low - self.scale.lowest

    @property
    def steps(self) -> int:
        return self.low_steps + self.scale.span

    @property
    def most(self) -> int:
        return 2 * self.scale.span


def counts(score: Score, missing: str = "not agreed") -> str:
    """How many statements a score stands on, as a sentence or two."""
    beside = [
        f"{count} {'is' if count == 1 else 'are'} {what}"
        for count, what in (
            (score.dont_know, "“don’t know”"),
            (score.not_applicable, "“not applicable”"),
            (score.parked, "parked"),
            (score.unanswered, missing),
        )
        if count
    ]
    have = "has" if score.rated == 1 else "have"
    sentence = f"{score.rated} of {score.statements} statements {have} a level."
    return f"{sentence} {', '.join(beside)}." if beside else sentence


def read(audit: Audit, *, with_comments: bool = False) -> Results | None:
    """The agreed ratings, in four queries whatever their number; None while totals are hidden.

    Comments behind them cost as much as the talk does, and are in it only where asked for.
    """
    if audit.totals_shown_at is None:
        return None
    agreed = {one.statement_id: one for one in audit.agreed_ratings.all()}
    comments = comments_behind(audit) if with_comments else {}
    return put_together(audit, agreed, comments=comments)


def draft(response: Response) -> Results:
    """What one's own ratings come to so far. For somebody who rates alone, and nobody else."""
    ratings = {rating.statement_id: rating for rating in response.ratings.all()}
    return put_together(response.audit, ratings, is_draft=True)


def draft_for(user: User, audit: Audit) -> Results | None:
    """One's own draft where nobody else is asked to rate: figures lead nobody astray then."""
    if audit.talk_opened_at:
        return None
    asked = audit.respondents.asked().select_related("response")[:2]
    if len(asked) != 1 or asked[0].user_id != user.pk:
        return None
    mine: Response | None = getattr(asked[0], "response", None)  # handed in anonymously: nobody's
    if mine is None:
        return None
    mine.audit = audit
    return draft(mine)


def put_together(
    audit: Audit,
    ratings: Mapping[int, AgreedRating] | Mapping[int, Rating],
    *,
    is_draft: bool = False,
    comments: Mapping[int, tuple[spread.Comment, ...]] | None = None,
) -> Results:
    levels = tuple(Level.objects.filter(questionnaire=audit.questionnaire_id))
    earlier = same_edition(audit)
    return Results(
        audit=audit,
        levels=levels,
        ratings=ratings,
        scores=scores(
            Scale(tuple(level.value for level in levels)),
            audit.statements(),
            ratings,
            earlier.said if earlier else None,
        ),
        earlier=earlier,
        is_draft=is_draft,
        comments=comments or {},
    )


def comments_behind(audit: Audit) -> dict[int, tuple[spread.Comment, ...]]:
    """What people wrote beside their ratings, as far as the talk may show it."""
    if audit.alone:
        return spread.own_words(audit)
    talk = spread.read(audit)
    if isinstance(talk, spread.Closed):
        return {}
    return {one.statement.pk: one.comments for one in talk.spreads if one.comments}
