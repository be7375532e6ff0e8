"""What a self-assessment says, read once for the page, the downloads and the report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from portal.models import User
from selfassessment.models import Answer, Audit, Level, Rating, Response, Statement
from selfassessment.scoring import AreaScore, Part, Said, Scale, Score, Scores, scores


@dataclass(frozen=True)
class Answered:
    """One statement with what was said of it, in words."""

    statement: Statement
    rating: Rating | None
    now: str
    was: str


@dataclass(frozen=True)
class Results:
    """One audit's ratings and what they come to, with the year before where there is one."""

    audit: Audit
    response: Response
    levels: tuple[Level, ...]
    ratings: dict[int, Rating]
    scores: Scores
    earlier: Audit | None

    @property
    def headline(self) -> str:
        """The whole in a few words: “53% of the way, up 13”."""
        percent, change = self.scores.score.percent, self.scores.change
        if percent is None:
            return "No score yet"
        if self.response.handed_in_at is None:
            return f"{percent}% of the way so far"
        if change is None or self.earlier is None:
            return f"{percent}% of the way"
        if not change:
            return f"{percent}% of the way, as in {self.earlier.year_name}"
        return f"{percent}% of the way, {'up' if change > 0 else 'down'} {abs(change)}"

    @property
    def counts(self) -> str:
        return counts(self.scores.score)

    @property
    def top_levels(self) -> str:
        return self.levels_in_words(self.scores.score.scale.top)

    @property
    def bottom_levels(self) -> str:
        return self.levels_in_words(self.scores.score.scale.bottom)

    def levels_in_words(self, values: tuple[int, ...]) -> str:
        return " or ".join(f"{value} {self.level_names[value]}" for value in values)

    @property
    def by_area(self) -> list[tuple[AreaScore, list[Answered]]]:
        return [(area, self.answers(area)) for area in self.scores.areas]

    def answers(self, part: Part) -> list[Answered]:
        return [
            Answered(
                line.statement,
                self.ratings.get(line.statement.pk),
                self.in_words(line.said),
                self.in_words(line.was),
            )
            for line in part.lines
        ]

    @cached_property
    def level_names(self) -> dict[int | None, str]:
        return {level.value: level.name for level in self.levels}

    def kind(self, said: Said | None) -> str:
        """What sort of answer it is; nothing where there is none."""
        if said is None or not said.answer:
            return ""
        return "Level" if said.answer == Answer.LEVEL else str(Answer(said.answer).label)

    def in_words(self, said: Said | None) -> str:
        """An answer as it is read: “3 In place”, “Don’t know”, “Not applicable”, “Not rated”."""
        if said is None or not said.answer:
            return "Left blank"
        if said.answer == Answer.LEVEL:
            return f"{said.value} {self.level_names[said.value]}"
        return self.kind(said)

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
        """One statement a level above the lowest, one at the highest, and a “don’t know”."""
        low, high = scale.values[1], scale.highest
        return cls(
            scale,
            low,
            high,
            Score(scale, total=low + high, rated=2, dont_know=1),
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


def counts(score: Score) -> str:
    """How many statements a score stands on, as a sentence or two."""
    beside = [
        f"{count} {'is' if count == 1 else 'are'} {what}"
        for count, what in (
            (score.dont_know, "“don’t know”"),
            (score.not_applicable, "“not applicable”"),
            (score.unanswered, "left blank"),
        )
        if count
    ]
    have = "has" if score.rated == 1 else "have"
    sentence = f"{score.rated} of {score.statements} statements {have} a level."
    return f"{sentence} {', '.join(beside)}." if beside else sentence


def whose(audit: Audit) -> Response:
    """The response that counts for the service: its starter's, until ratings are agreed."""
    return Response.objects.leading().select_related("respondent").get(audit=audit)


def may_see(user: User, response: Response) -> bool:
    """One's own results at any time; another's once handed in, so that nobody rates to match."""
    return response.handed_in_at is not None or (
        response.respondent is not None and response.respondent.user_id == user.pk
    )


def read_for(user: User, audit: Audit) -> Results | None:
    """The results as `read` has them; None while this person may not see them yet."""
    response = whose(audit)
    return read(audit, response) if may_see(user, response) else None


def read(audit: Audit, response: Response) -> Results:
    """Read everything behind the results of `audit`: five queries, whatever its size."""
    levels = tuple(Level.objects.filter(questionnaire=audit.questionnaire_id))
    ratings = {rating.statement_id: rating for rating in response.ratings.all()}
    earlier = Response.objects.before(audit).select_related("audit").first()
    before = None
    if earlier:
        levels_only = earlier.ratings.only("response", "statement", "answer", "value")
        before = {one.statement_id: one for one in levels_only}
    return Results(
        audit=audit,
        response=response,
        levels=levels,
        ratings=ratings,
        scores=scores(
            Scale(tuple(level.value for level in levels)), audit.statements(), ratings, before
        ),
        earlier=earlier.audit if earlier else None,
    )
