"""What the form of a target is filled with, where it follows from a self-assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.http import QueryDict

from actionplans.models import ExampleTarget
from actionplans.smart import Finding
from portal.models import Topic
from selfassessment.answers import in_words
from selfassessment.models import (
    AgreedRating,
    Audit,
    Level,
    Priority,
    Questionnaire,
    Section,
    Standing,
    Statement,
)
from selfassessment.scoring import Scale

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Suggestion:
    """A statement or section to act on, and what a target for it begins with."""

    audit: Audit
    part: Statement | Section
    statements: tuple[Statement, ...]
    priority: Priority | None
    baseline: str
    aim_level: int | None
    topics: tuple[Topic, ...]
    examples: tuple[ExampleTarget, ...]

    @property
    def name(self) -> str:
        return self.part.text if isinstance(self.part, Statement) else self.part.name

    @property
    def title(self) -> str:
        """What the target is called until somebody finds better words: the part’s own."""
        if isinstance(self.part, Statement):
            return shortened(self.part.text)
        return shortened(f"{self.part.name}: a level up")

    def example(self, pk: str) -> ExampleTarget | None:
        """One of those offered, by its key as an address or a form has it."""
        return next((one for one in self.examples if str(one.pk) == pk), None)

    def with_example(self, sent: QueryDict) -> QueryDict:
        """A form as it was sent, filled from the example that was chosen in it.

        Words that somebody wrote stay, unless they ask for the example’s by its own button.
        """
        example = self.example(sent.get("example", ""))
        own = {"title": self.title, "measure": "", "role": ""}
        untouched = all(sent.get(name, "").strip() == words for name, words in own.items())
        wanted = sent.get("go") == "example"
        if not wanted and not (example and untouched):
            return sent
        data = sent.copy()
        for name, words in (filled_from(example) if example else own).items():
            data[name] = words
        return data

    def filled(self, example: ExampleTarget | None = None) -> dict[str, Any]:
        """What the form begins with, by field."""
        filled: dict[str, Any] = {
            "area": self.statements[0].plan_area,
            "title": self.title,
            "baseline": self.baseline,
            "aim_level": self.aim_level,
            "why": self.priority.reason if self.priority else "",
            "priority": self.priority.pk if self.priority else None,
            "statements": [one.pk for one in self.statements],
            "topics": [one.pk for one in self.topics],
        }
        return filled | (filled_from(example) if example else {})


def filled_from(example: ExampleTarget) -> dict[str, str]:
    """What an example target says, by the field it goes to."""
    return {
        "area": example.area,
        "title": example.title,
        "measure": example.measure,
        "role": example.role,
    }


def read(audit: Audit, code: str) -> Suggestion | None:
    """What to begin with for a statement, or for the low statements of a section, by its code.

    None where the self-assessment does not ask it. Its totals are shown: the caller sees to that.
    """
    asked = list(audit.statements().prefetch_related("topics"))
    part = next((one for one in asked if one.code == code), None)
    section = next((one.section for one in asked if one.section.code == code), None)
    if part is None and section is None:
        return None
    levels = list(audit.levels())
    within = [one for one in asked if section is not None and one.section_id == section.pk]
    agreed = {one.statement_id: one for one in audit.agreed_ratings.all()}
    statements = [part] if part else low_ones(within, agreed, levels) or within
    topics = {topic.pk: topic for one in statements for topic in one.topics.all()}
    return Suggestion(
        audit=audit,
        part=part or statements[0].section,
        statements=tuple(statements),
        priority=priority_of(audit, statements[0], whole=part is None),
        baseline=baseline(audit, statements, agreed, levels),
        aim_level=aim(statements, agreed, levels),
        topics=tuple(topics.values()),
        examples=examples_for(audit.questionnaire, statements),
    )


def low_ones(
    statements: Sequence[Statement], agreed: dict[int, AgreedRating], levels: Sequence[Level]
) -> list[Statement]:
    """Those agreed below the middle of the scale."""
    low = Scale(tuple(level.value for level in levels)).low
    return [one for one in statements if one.pk in agreed and agreed[one.pk].value in low]


def priority_of(audit: Audit, statement: Statement, *, whole: bool) -> Priority | None:
    """The priority that a target for this statement serves: its own, or that of its section."""
    chosen = audit.priorities.filter(standing=Standing.CHOSEN)
    own = None if whole else chosen.filter(statement=statement).first()
    return own or chosen.filter(section=statement.section_id).first()


def baseline(
    audit: Audit,
    statements: Sequence[Statement],
    agreed: dict[int, AgreedRating],
    levels: Sequence[Level],
) -> str:
    """Where things are now, in words: “Agreed at 1, First steps, in 2025/26”."""
    if len(statements) == 1:
        said = agreed_at(agreed.get(statements[0].pk), levels)
        return f"{said[0].upper()}{said[1:]}, in {audit.year_name}"
    each = [f"{one.code} {agreed_at(agreed.get(one.pk), levels)}" for one in statements]
    return f"In {audit.year_name}: {'; '.join(each)}"


def agreed_at(rating: AgreedRating | None, levels: Sequence[Level]) -> str:
    """“agreed at 1, First steps”, or what was said instead of a level."""
    if rating is None or not rating.answer:
        return "not agreed"
    level = next((one for one in levels if one.value == rating.value), None)
    if level is None:
        return f"agreed as “{in_words(rating, {})}”"
    return f"agreed at {level.value}, {level.name}"


def aim(
    statements: Sequence[Statement], agreed: dict[int, AgreedRating], levels: Sequence[Level]
) -> int | None:
    """The level above the lowest one agreed: what a year can do. None at the top, or unknown."""
    values = [agreed[one.pk].value for one in statements if one.pk in agreed]
    lowest = min((value for value in values if value is not None), default=None)
    if lowest is None:
        return None
    return next((level.value for level in levels if level.value > lowest), None)


def examples_for(
    questionnaire: Questionnaire, statements: Sequence[Statement]
) -> tuple[ExampleTarget, ...]:
    """Example targets for these statements or their section."""
    for one in statements:
        one.questionnaire = questionnaire
    found = [ExampleTarget.objects.for_statement(one) for one in statements]
    return tuple(reduce(or_, found).in_order())


def findings(audit: Audit) -> list[Finding]:
    """The priorities chosen in a self-assessment, for the lint of its plan, in two queries."""
    chosen = audit.priorities.chosen().select_related("statement", "section")
    return [
        Finding.of(one, [part.pk for part in one.section.statements.all()] if one.section else [])
        for one in chosen.prefetch_related("section__statements")
    ]


def shortened(text: str) -> str:
    """As much of a statement as a title holds, in whole words."""
    if len(text) <= LONGEST_TITLE:
        return text
    return f"{text[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
