"""The arithmetic of scores: domain.md 9.2, its worked examples, and what always holds."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassessment.models import Answer, Area, Section, Statement
from selfassessment.scoring import Scale, Score, furthest, score, scores

MATURITY = Scale((0, 1, 2, 3, 4))
THREE_POINT = Scale((1, 2, 3))


@dataclass(frozen=True)
class Word:
    answer: str
    value: int | None = None


DONT_KNOW = Word(Answer.DONT_KNOW)
NOT_APPLICABLE = Word(Answer.NOT_APPLICABLE)
BLANK = Word("")


def level(value: int) -> Word:
    return Word(Answer.LEVEL, value)


def asked(layout: dict[str, dict[str, int]]) -> list[Statement]:
    """Statements of areas and sections, unsaved; {"A": {"A1": 2}} is two statements in A1."""
    statements: list[Statement] = []
    sections = 0
    for area_number, (area_name, parts) in enumerate(layout.items(), start=1):
        area = Area(pk=area_number, name=area_name)
        for name, count in parts.items():
            sections += 1
            section = Section(pk=sections, code=name, name=name, area=area)
            statements += [
                Statement(pk=len(statements) + n, code=f"{name}.{n}", section=section)
                for n in range(1, count + 1)
            ]
    return statements


scales = st.lists(st.integers(0, 10), min_size=2, unique=True).map(
    lambda v: Scale(tuple(sorted(v)))
)


@st.composite
def ratings(draw: st.DrawFn, most: int = 30) -> tuple[Scale, list[Word]]:
    scale = draw(scales)
    word = st.one_of(
        st.sampled_from(scale.values).map(level),
        st.sampled_from([DONT_KNOW, NOT_APPLICABLE, BLANK]),
    )
    return scale, draw(st.lists(word, max_size=most))


def test_worked_example_on_the_maturity_scale() -> None:
    result = score(MATURITY, [level(1), level(3), DONT_KNOW])

    assert result == Score(MATURITY, total=4, rated=2, dont_know=1)
    assert result.percent == 50


def test_worked_example_on_three_points() -> None:
    result = score(THREE_POINT, [level(1), level(2), level(3)])

    assert result == Score(THREE_POINT, total=6, rated=3)
    assert result.percent == 50


def test_a_half_is_rounded_up() -> None:
    assert score(MATURITY, [level(1), level(0)]).share == Fraction(1, 8)
    assert score(MATURITY, [level(1), level(0)]).percent == 13


def test_unanswered_dont_know_and_not_applicable_are_counted_apart() -> None:
    result = score(MATURITY, [level(0), None, BLANK, DONT_KNOW, NOT_APPLICABLE])

    assert result == Score(MATURITY, total=0, rated=1, dont_know=1, not_applicable=1, unanswered=2)
    assert (result.answered, result.statements, result.percent) == (3, 5, 0)


@pytest.mark.parametrize("values", [(), (1,), (2, 1), (1, 1)])
def test_a_scale_that_does_not_rise_is_refused(values: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rising"):
        Scale(values)


def test_a_level_outside_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the scale"):
        score(THREE_POINT, [level(4)]).percent  # noqa: B018


@given(ratings(), st.randoms(use_true_random=False))
def test_order_never_matters(given_: tuple[Scale, list[Word]], dice: random.Random) -> None:
    scale, words = given_
    shuffled = dice.sample(words, len(words))

    assert score(scale, shuffled) == score(scale, words)


@given(ratings(), st.sampled_from([DONT_KNOW, NOT_APPLICABLE, BLANK]))
def test_what_is_no_level_never_moves_the_share(
    given_: tuple[Scale, list[Word]], word: Word
) -> None:
    scale, words = given_

    assert score(scale, [*words, word]).share == score(scale, words).share


@given(scales, st.integers(1, 40))
def test_all_at_an_end_is_nothing_or_everything(scale: Scale, count: int) -> None:
    assert score(scale, [level(scale.lowest)] * count).percent == 0
    assert score(scale, [level(scale.highest)] * count).percent == 100


@given(scales, st.lists(st.sampled_from([DONT_KNOW, NOT_APPLICABLE, BLANK, None])))
def test_nothing_rated_is_no_score(scale: Scale, words: list[Word | None]) -> None:
    assert score(scale, words).percent is None


@given(ratings(most=12), st.integers(1, 4))
def test_an_area_lies_between_its_sections(
    given_: tuple[Scale, list[Word]], per_section: int
) -> None:
    scale, words = given_
    parts = {f"A{n}": len(words[n : n + per_section]) for n in range(0, len(words), per_section)}
    statements = asked({"A": parts})
    said = {statement.pk: word for statement, word in zip(statements, words, strict=True)}

    result = scores(scale, statements, said)
    shares = [s.score.share for s in result.sections if s.score.share is not None]

    assert result.score == score(scale, words)
    if shares:
        assert min(shares) <= result.score.share <= max(shares)


def test_areas_pool_statements_and_never_average_averages() -> None:
    statements = asked({"A": {"A1": 1, "A2": 3}})
    said = {1: level(4), 2: level(0), 3: level(0), 4: level(0)}

    area = scores(MATURITY, statements, said).areas[0]

    assert [section.score.percent for section in area.sections] == [100, 0]
    assert area.score.percent == 25


def test_an_earlier_year_counts_only_what_is_asked_now() -> None:
    statements = asked({"A": {"A1": 2}, "B": {"B1": 1}})
    before = {1: level(0), 2: level(2), 99: level(4)}

    result = scores(MATURITY, statements, {1: level(2), 2: level(2), 3: level(4)}, before)

    assert result.was == Score(MATURITY, total=2, rated=2, unanswered=1)
    assert [(a.score.percent, a.was.percent, a.change) for a in result.areas] == [
        (50, 25, 25),
        (100, None, None),
    ]
    assert [line.was for line in result.lines] == [level(0), level(2), None]


def test_without_an_earlier_year_there_is_nothing_beside() -> None:
    result = scores(MATURITY, asked({"A": {"A1": 1}}), {1: level(2)})

    assert (result.was, result.change) == (None, None)


@pytest.mark.parametrize(
    ("values", "top", "bottom"),
    [
        ((0, 1, 2, 3, 4), (3, 4), (0, 1)),
        ((0, 1, 2, 3), (2, 3), (0, 1)),
        ((1, 2, 3), (3,), (1,)),
        ((0, 1), (1,), (0,)),
    ],
)
def test_the_ends_of_a_scale_never_meet(
    values: tuple[int, ...], top: tuple[int, ...], bottom: tuple[int, ...]
) -> None:
    assert (Scale(values).top, Scale(values).bottom) == (top, bottom)


def test_strengths_and_gaps_name_the_furthest_first() -> None:
    statements = asked({"A": {"A1": 1, "A2": 1, "A3": 1}, "B": {"B1": 1, "B2": 2}})
    said = {1: level(1), 2: level(4), 3: level(2), 4: level(3), 5: level(0), 6: DONT_KNOW}

    result = scores(MATURITY, statements, said)

    assert [s.section.code for s in result.strengths.sections] == ["A2", "B1"]
    assert [s.section.code for s in result.gaps.sections] == ["B2", "A1"]
    assert [line.statement.code for line in result.strengths.lines] == ["A2.1", "B1.1"]
    assert [line.statement.code for line in result.gaps.lines] == ["B2.1", "A1.1"]


def test_a_section_less_than_half_rated_is_neither() -> None:
    statements = asked({"A": {"A1": 1, "A2": 3}})
    said = {1: level(2), 2: level(4), 3: DONT_KNOW}

    result = scores(MATURITY, statements, said)

    assert result.strengths.sections == ()
    assert [s.section.code for s in result.gaps.sections] == ["A1"]


def test_sections_that_stand_level_are_neither() -> None:
    result = scores(MATURITY, asked({"A": {"A1": 1, "A2": 1}}), {1: level(3), 2: level(3)})

    assert result.strengths.sections == result.gaps.sections == ()


def test_nothing_rated_has_neither_strengths_nor_gaps() -> None:
    result = scores(MATURITY, asked({"A": {"A1": 2}}), {1: NOT_APPLICABLE})

    assert (result.strengths, result.gaps) == (
        type(result.strengths)((), ()),
        type(result.gaps)((), ()),
    )


def test_ties_with_the_third_are_all_named_in_the_order_asked() -> None:
    statements = asked({"A": {f"A{n}": 1 for n in range(1, 7)}})
    said = {1: level(4), 2: level(3), 3: level(4), 4: level(3), 5: level(3), 6: level(0)}

    named = scores(MATURITY, statements, said).strengths.sections

    assert [s.section.code for s in named] == ["A1", "A3", "A2", "A4", "A5"]
    assert furthest([]) == ()
