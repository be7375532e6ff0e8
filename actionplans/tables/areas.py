"""Which of the four plan areas words are about. Pure."""

from __future__ import annotations

import re

from selfassessment.models import PlanArea
from selfassessment.sheets.tables import key

# Beginnings of words, as people use them for each area.
WORDS: dict[PlanArea, tuple[str, ...]] = {
    PlanArea.WORKFORCE: (
        *("workforce", "staff", "recruit", "tutor", "teacher", "training", "cpd", "hr"),
        *("professional development", "people and culture", "employ"),
    ),
    PlanArea.YOUNG_VOICE: (
        *("young people", "youth voice", "pupil voice", "student voice", "voice", "participation"),
        *("children", "learner voice", "youth"),
    ),
    PlanArea.PROGRAMMING: (
        *("programm", "curriculum", "resource", "repertoire", "ensemble", "offer", "delivery"),
        *("teaching and learning", "instrument", "access", "provision", "music making"),
    ),
    PlanArea.LEADERSHIP: (
        *("leader", "strateg", "governance", "board", "policy", "policies", "vision", "values"),
        *("management", "monitoring", "data", "communication", "partnership"),
    ),
}
CODES = {"wd": PlanArea.WORKFORCE, "yv": PlanArea.YOUNG_VOICE}
CODES |= {"pr": PlanArea.PROGRAMMING, "ls": PlanArea.LEADERSHIP}
NUMBERED = re.compile(
    r"^(?:(?:area|theme|priority|strand|pillar|section|objective|aim)\s*)?[\d.]*\s*[-:.)–—]*\s*"
)
FILLERS = {"and", "of", "the", "our", "a", "development", "&", "+", "people's", "peoples", "/"}
LONGEST_NAME = 60


def exact(text: str) -> PlanArea | None:
    """The area whose own name this is."""
    return next((area for area in PlanArea if key(area) == key(text)), CODES.get(key(text)))


def guess(text: str) -> PlanArea | None:
    """The area most of these words are about; nothing where two are as likely."""
    if named := exact(text):
        return named
    words = f" {re.sub(r'[^a-z&]+', ' ', key(text))} "
    scores = {
        area: sum(words.count(f" {start}") for start in starts) for area, starts in WORDS.items()
    }
    best = max(scores, key=lambda area: scores[area])
    others = [score for area, score in scores.items() if area != best]
    return best if scores[best] > max(others) else None


def names_one(text: str) -> PlanArea | None:
    """The area that a heading names and says nothing else: “Area 2: Young people’s voice”."""
    bare = NUMBERED.sub("", key(text), count=1)
    if len(bare) > LONGEST_NAME or (area := guess(bare)) is None:
        return None
    left = f" {re.sub(r'[^a-z]+', ' ', bare)} "
    for start in sorted((one for some in WORDS.values() for one in some), key=len, reverse=True):
        left = re.sub(rf" {start}[a-z]*", " ", left)
    return area if set(left.split()) <= FILLERS | {"s"} else None
