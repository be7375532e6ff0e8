"""The demo's self-assessments: plainly invented, the same each time.

A line for each section, a sign for each statement: a level, d for “don’t know”, n for
“not applicable”, a dot for nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from selfassessment.actions import Entry
from selfassessment.models import Answer, RoleGroup

SIGNS = {"d": Answer.DONT_KNOW.value, "n": Answer.NOT_APPLICABLE.value, ".": ""}

NORTHVALE_FIRST_YEAR = """
A1 1120 A2 110 A3 101 A4 21d A5 112 A6 101
B1 211 B2 1111 B3 1d0 B4 2001 B5 22 B6 121
C1 211 C2 21n C3 211 C4 111 C5 210 C6 11 C7 10 C8 021
"""
NORTHVALE_LAST_YEAR = """
A1 2121 A2 120 A3 211 A4 21d A5 122 A6 102
B1 312 B2 2111 B3 1d1 B4 2012 B5 32 B6 221
C1 221 C2 32n C3 221 C4 211 C5 210 C6 21 C7 11 C8 121
"""
NORTHVALE_THIS_YEAR = """
A1 3231 A2 231 A3 322 A4 32d A5 23. A6 213
B1 413 B2 3221 B3 2d2 B4 30..
"""
BRACKENSHIRE = """
A1 21..
"""
EASTMERE = """
A1 4333 A2 332 A3 342 A4 323 A5 434 A6 332
B1 443 B2 3342 B3 232 B4 4323 B5 43 B6 343
C1 332 C2 433 C3 323 C4 3n2 C5 343 C6 3d C7 23 C8 332
"""


@dataclass(frozen=True)
class Note:
    """What was written beside a rating."""

    reason: str = ""
    comment: str = ""
    evidence: str = ""
    evidence_url: str = ""
    discuss: bool = False


NORTHVALE_NOTES_LAST_YEAR = {
    "A4.3": Note(comment="We have never asked families who left us."),
    "B4.2": Note(comment="Nobody has done this in my time here.", discuss=True),
    "C2.3": Note(reason="A partner runs what follows whole-class work in our area."),
}
NORTHVALE_NOTES = {
    "A1.1": Note(
        comment="Rewritten in the spring, with tutors and two head teachers.",
        evidence="Service plan, page 2",
        evidence_url="https://northvale.example.org/service-plan",
    ),
    "A1.4": Note(
        comment="Tutors, schools and the office still mean different things by “inclusion”.",
        discuss=True,
    ),
    "A2.3": Note(comment="The council asks for numbers only. We could offer more."),
    "A4.3": Note(comment="I would have to ask the school teams."),
    "A6.3": Note(
        comment="The youth forum wrote a page for the newsletter about what changed.",
        evidence="Newsletter, summer term",
    ),
    "B1.2": Note(comment="We did not do this before the fees went up.", discuss=True),
    "B3.2": Note(comment="Nobody has put the figures together."),
    "B4.2": Note(comment="Planned for next term."),
}
EASTMERE_NOTES = {
    "A5.3": Note(comment="The new way of running team meetings helps a great deal."),
    "B2.4": Note(comment="Two trainee posts, one of them filled.", discuss=True),
    "C4.2": Note(reason="Our partner orchestra runs all ensembles above grade 5."),
    "C6.2": Note(comment="I do not know what the special schools would say."),
}


def said(ratings: str, notes: dict[str, Note]) -> dict[str, Entry]:
    """The invented ratings by the code of the statement; those left blank are not in it."""
    words = ratings.split()
    entries = {}
    for section, signs in zip(words[::2], words[1::2], strict=True):
        for number, sign in enumerate(signs, start=1):
            code = f"{section}.{number}"
            note = notes.get(code, Note())
            choice = SIGNS.get(sign, sign)
            if choice:
                entries[code] = Entry(choice=choice, **vars(note))
    return entries


# A team of fourteen: so many of each role group, and how each sees the service from where it is.
TEAM = {
    RoleGroup.MANAGER: 3,
    RoleGroup.TUTOR: 5,
    RoleGroup.OFFICE: 3,
    RoleGroup.COUNCIL: 2,
    RoleGroup.YOUNG: 4,
}
APART = {
    "B4.3": {RoleGroup.TUTOR: -2, RoleGroup.MANAGER: 1},
    "A6.1": {RoleGroup.TUTOR: -1, RoleGroup.YOUNG: -2, RoleGroup.MANAGER: 1},
    "B5.1": {RoleGroup.OFFICE: 1, RoleGroup.TUTOR: -2},
    "C3.3": {RoleGroup.MANAGER: -1, RoleGroup.COUNCIL: -1},
    "A1.4": {RoleGroup.TUTOR: -1, RoleGroup.COUNCIL: 1},
}
TEAM_NOTES = {
    (RoleGroup.TUTOR, 0, "B4.3"): Note(comment="I have not had a paid hour for this yet."),
    (RoleGroup.TUTOR, 3, "B4.3"): Note(comment="We talk in the car park, between schools."),
    (RoleGroup.MANAGER, 1, "B4.3"): Note(
        comment="It is planned in for each half term.", discuss=True
    ),
    (RoleGroup.TUTOR, 1, "A6.1"): Note(comment="They are asked when all is booked."),
    (RoleGroup.YOUNG, 2, "A6.1"): Note(comment="We chose the songs once. That was good."),
    (RoleGroup.OFFICE, 0, "B5.1"): Note(comment="The form is new this year and it works."),
    (RoleGroup.COUNCIL, 0, "C3.3"): Note(comment="I see grades in the papers, little else."),
}
WHY_AGREED = {
    "B4.3": "Planned for all, but hourly-paid tutors are not there yet.",
    "A6.1": "Young people choose songs, not what we offer.",
}
WHY_CHOSEN = {
    "A4.2": "Families tell us too late why they leave.",
    "B4.2": "Nobody had time for it, and it holds the rest back.",
    "C6.2": "We do not know what special schools would say.",
}
WHY_PARKED = "Not this year: three things at a time."


def spoken(
    base: dict[str, Entry], group: RoleGroup, number: int, codes: list[str]
) -> dict[str, Entry]:
    """What one of the team says: near what `base` says, as far off as their place makes it."""
    entries = {}
    for code in codes:
        dice = crc32(f"{group}{number}{code}".encode())
        note = TEAM_NOTES.get((group, number, code), Note())
        middle = base[code].choice if code in base and base[code].choice.isdigit() else "2"
        level = int(middle) + APART.get(code, {}).get(group, 0) + (-1, 0, 0, 0, 1)[dice % 5]
        choice = SIGNS["d"] if dice % 17 == 0 and not note.comment else str(min(max(level, 0), 4))
        entries[code] = Entry(choice=choice, **vars(note))
    return entries
