"""Answers as people read them: “3 In place”, “Not applicable”, “Parked”."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from selfassessment.models import Agreed, Answer, Level
from selfassessment.scoring import Said

NOT_LEVELS: dict[str, str] = {
    **{answer.value: str(answer.label) for answer in Answer if answer != Answer.LEVEL},
    **{agreed.value: str(agreed.label) for agreed in Agreed if agreed != Agreed.LEVEL},
}
Names = Mapping[int | None, str]  # of levels, by number


def names_of(levels: Iterable[Level]) -> dict[int | None, str]:
    return {level.value: str(level) for level in levels}


def in_words(said: Said | None, names: Names, nothing: str = "") -> str:
    """What a person, or the service, says of a statement; `nothing` where nobody said anything."""
    if said is None or not said.answer:
        return nothing
    return names[said.value] if said.answer == Answer.LEVEL else NOT_LEVELS[said.answer]


def choice_in_words(choice: str, levels: Iterable[Level], nothing: str = "") -> str:
    """The same for an answer as forms have it: “3”, “dk”, or blank."""
    if choice in NOT_LEVELS:
        return NOT_LEVELS[choice]
    return next((str(level) for level in levels if str(level.value) == choice), nothing)
