"""The demo's action plans in words: plainly invented, the same each time.

Days of notes and reviews count back from the day the demo is made; dates of targets are of the
plan's own period, as (month, day).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actionplans.models import Rag
from selfassessment.models import PlanArea

Day = tuple[int, int]  # month, day of the month


@dataclass(frozen=True)
class Noted:
    """What somebody wrote, so many days ago."""

    days_ago: int
    text: str
    rag: str = ""
    value: int | None = None
    percent: int | None = None
    young_people: str = ""


@dataclass(frozen=True)
class Step:
    """A milestone; done so many days ago, if it is done."""

    text: str
    due: Day
    done: int | None = None


@dataclass(frozen=True)
class Aim:
    """One target of a demo plan."""

    area: str
    title: str
    codes: tuple[str, ...]
    measure: str = ""
    role: str = ""
    owner: str = ""  # whose account: robin or asha
    start: Day | None = None
    due: Day | None = None
    notes: tuple[Noted, ...] = ()
    steps: tuple[Step, ...] = ()
    ended: str = ""  # done or dropped
    ended_reason: str = ""
    carried: bool = False  # from the plan before, where it has the same title
    more: dict[str, Any] = field(default_factory=dict)


TELL_BACK = "Tell young people each term what changed because of them"

NORTHVALE_LAST_YEAR = (
    Aim(
        PlanArea.WORKFORCE,
        "Rewrite the tutor advert and the selection task",
        ("B2.1", "B2.3"),
        "The new pack is used for two vacancies, and one advert goes where we never advertised",
        "Head of service",
        "robin",
        (9, 20),
        (12, 18),
        (
            Noted(320, "Two tutors and a young adviser rewrote the task with us.", Rag.ON_COURSE),
            Noted(
                250,
                "Used for both posts. Nine applied, three of them through the new route.",
                Rag.ON_COURSE,
                2,
            ),
        ),
        ended="done",
        ended_reason="Both posts are filled with the new pack.",
        more={
            "start_value": 0,
            "aim_value": 2,
            "unit": "vacancies",
            "baseline": "The old advert asks for grade 8 and a degree",
        },
    ),
    Aim(
        PlanArea.YOUNG_VOICE,
        TELL_BACK,
        ("A6.3",),
        "One “you said, we did” page a term, read in four groups",
        "Communications officer",
        "asha",
        (10, 1),
        (7, 10),
        (
            Noted(200, "The first page went out with the summer programme.", Rag.AT_RISK, 1),
            Noted(110, "The second was written and not sent: the post was empty.", Rag.OFF_COURSE),
        ),
        more={"start_value": 0, "aim_value": 3, "unit": "pages", "baseline": "None so far"},
    ),
    Aim(
        PlanArea.LEADERSHIP,
        "Put inclusion on every board agenda",
        ("A2.1",),
        "A paper at three meetings in the year",
        "Head of service",
        "robin",
        (9, 1),
        (6, 30),
        (Noted(150, "Third paper given. The board wants the spread next time.", Rag.ON_COURSE),),
        ended="done",
        ended_reason="Three papers, and the board wants to go on.",
        more={"start_value": 0, "aim_value": 3, "unit": "papers", "baseline": "One paper a year"},
    ),
    Aim(
        PlanArea.PROGRAMMING,
        "Lend out instruments for a first free term",
        ("B5.2",),
        "40 instruments lent, to families who get help with costs",
        "Business manager",
        due=(3, 31),
        ended="dropped",
        ended_reason="The insurer’s terms would cost more than the instruments.",
    ),
)

NORTHVALE_THIS_YEAR = (
    Aim(
        PlanArea.WORKFORCE,
        "Ask every tutor about the skills and life experience they bring",
        ("B4.2",),
        "60 of 75 tutors answer ten questions, and a summary goes to the leadership meeting",
        "Inclusion lead",
        "asha",
        (9, 14),
        (12, 18),
        (
            Noted(38, "Questions agreed with four tutors. Answering is paid.", Rag.ON_COURSE, 0),
            Noted(
                9,
                "Two thirds of the way. The evening teams answer more slowly.",
                Rag.ON_COURSE,
                41,
                young_people="One tutor’s signing is already used at the Friday choir.",
            ),
        ),
        (
            Step("Ten questions agreed", (10, 2), 45),
            Step("First thirty answers", (11, 6), 20),
            Step("Summary to the leadership meeting", (12, 11)),
        ),
        more={
            "start_value": 0,
            "aim_value": 60,
            "unit": "tutors",
            "aim_level": 3,
            "baseline": "Agreed at 0, Not started, last year: nobody had asked",
            "why": "It holds the rest back: training is planned without knowing what people bring.",
            "resources": "An hour of paid time for each tutor",
            "cost": 1650,
            "funding": "Training budget",
            "young_people": "All who learn with us",
            "heard": ["authentic", "representative"],
            "barriers": "Hourly-paid tutors have no time between schools",
        },
    ),
    Aim(
        PlanArea.WORKFORCE,
        "Start half-termly paid reflection groups",
        ("B4.3",),
        "Two groups meet six times in the year; seven in ten come each time",
        "Curriculum manager",
        "robin",
        (9, 28),
        (6, 18),
        (Noted(24, "The first group met. The second has no room yet.", Rag.AT_RISK, 1),),
        (Step("Dates for the year", (9, 30), 50), Step("Both groups have met", (11, 27))),
        more={
            "start_value": 0,
            "aim_value": 12,
            "unit": "meetings",
            "aim_level": 3,
            "baseline": "Planned for all, but not paid for hourly tutors",
            "resources": "Two hours a half term for 20 tutors, and a room in each half of the area",
            "cost": 5200,
            "funding": "Training budget, and a grant we have asked for",
            "young_people": "Groups in special schools first",
            "heard": ["holistic"],
        },
    ),
    Aim(
        PlanArea.YOUNG_VOICE,
        TELL_BACK,
        ("A6.3",),
        "One “you said, we did” page a term, read in four groups",
        "Communications officer",
        "asha",
        (9, 7),
        (7, 9),
        (
            Noted(
                13,
                "The first page is out. The youth forum chose the pictures.",
                Rag.ON_COURSE,
                1,
                young_people="Rehearsals on Thursdays start later now, as they had asked.",
            ),
        ),
        (
            Step("Autumn page", (11, 13), 13),
            Step("Spring page", (3, 19)),
            Step("Summer page", (7, 2)),
        ),
        carried=True,
        more={
            "start_value": 0,
            "aim_value": 3,
            "unit": "pages",
            "aim_level": 3,
            "baseline": "One page last year, of three we had planned",
            "young_people": "The youth forum, and four groups that never wrote to us",
            "heard": ["authentic"],
        },
    ),
    Aim(
        PlanArea.PROGRAMMING,
        "Hear from special schools what works for their pupils",
        ("C6.2",),
        "All five special schools visited, and two things changed because of it",
        "SEND lead",
        start=(1, 11),
        due=(3, 26),
        more={
            "start_value": 0,
            "aim_value": 5,
            "unit": "schools",
            "baseline": "We do not know what they would say",
            "young_people": "Pupils of special schools",
            "heard": ["equitable"],
        },
    ),
    Aim(
        PlanArea.LEADERSHIP,
        "Follow who starts, who stays and who moves on",
        ("A4.2",),
        "A yearly table by ward, income and SEND, with the three widest gaps named",
        "Data officer",
        start=(9, 1),
        due=(10, 30),
        notes=(Noted(40, "The council sends its figures later than agreed.", Rag.OFF_COURSE),),
        more={
            "aim_level": 2,
            "baseline": "Counts by instrument only",
            "barriers": "The council’s figures come in November",
        },
    ),
    Aim(
        PlanArea.LEADERSHIP,
        "Open a second centre in the north of the area",
        ("C8.1",),
        more={
            "no_action_reason": "Not before the lease in town ends. We will look again next year.",
        },
    ),
)
