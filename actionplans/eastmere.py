"""The example plan: what Eastmere Music Hub, which does not exist, would do in a year.

As it stood on a day in March. Each remark names the piece of advice (`smart.py`) that a target
would get without what the remark praises; a test holds the two together.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import groupby

from actionplans.example_plan import PLAN, Example, Remark
from actionplans.models import Heard, Milestone, ProgressNote, Rag, Target, TargetStatus
from portal.models import User
from selfassessment.models import PlanArea


def day(month: int, number: int) -> dt.date:
    """A day of the plan’s academic year."""
    return dt.date(PLAN.starts_on.year + (month < PLAN.starts_on.month), month, number)


def note(
    on: dt.date,
    by: str,
    text: str,
    value: int | None = None,
    rag: Rag = Rag.ON_COURSE,
    young: str = "",
) -> ProgressNote:
    number = None if value is None else Decimal(value)
    return ProgressNote(
        noted_on=on, written_by=User(name=by), text=text, value=number, rag=rag, young_people=young
    )


def step(text: str, due: dt.date, done: dt.date | None = None) -> Milestone:
    return Milestone(text=text, due_on=due, done_on=done)


YOUTH, CURRICULUM, BUSINESS, ACCESS, HEAD = (
    "Youth voice coordinator",
    "Curriculum manager",
    "Business manager",
    "SEND lead",
    "Head of service",
)

REFLECTION = Example(
    Target(
        plan=PLAN,
        area=PlanArea.WORKFORCE,
        number=1,
        title="Start paid reflection groups for tutors",
        detail="Two groups meet once each half term and talk over one lesson that went wrong and "
        "one that went well.",
        measure="34 of 48 tutors come to four sessions or more",
        baseline="No groups. Five of 48 tutors met a colleague to talk about practice last year.",
        start_value=Decimal(5),
        aim_value=Decimal(34),
        unit="tutors",
        steps="Ask for evenings. Find two who lead. Pay an hour for each session.",
        resources="288 paid hours, and one morning to prepare those who lead",
        cost=Decimal(5760),
        funding="Core training budget",
        why="B4.3 was agreed at 0 and B3.2 at 1. Tutors said that nobody had ever asked how a "
        "lesson went.",
        heard=[Heard.HOLISTIC, Heard.AUTHENTIC],
        young_people="All who learn with us, first those who are about to stop",
        starts_on=day(9, 22),
        due_on=day(7, 3),
        role=CURRICULUM,
        helpers="Two tutors who lead, the inclusion lead",
        barriers="Tutors teach until seven. One group meets online.",
        status=TargetStatus.OPEN,
    ),
    (
        ("B4.3", "Tutors have regular, protected time to reflect on practice with colleagues."),
        ("B3.2", "Casual and hourly-paid staff are paid for training, meetings and reflection."),
    ),
    (
        step("Two who lead are found and prepared", day(10, 17), day(10, 14)),
        step("First session of both groups", day(11, 14), day(11, 11)),
        step("Half of the tutors have come twice", day(2, 13), day(2, 27)),
        step("Each group says what it changed", day(7, 3)),
    ),
    (
        note(day(11, 12), CURRICULUM, "Both groups met. Nineteen tutors came, all were paid.", 7),
        note(
            day(1, 29),
            CURRICULUM,
            "The Tuesday group was too late in the evening. It meets online now, and eight more "
            "came.",
            15,
        ),
        note(
            day(3, 11),
            CURRICULUM,
            "Twenty-two have come to enough sessions to be on the way to four.",
            22,
            young="Three tutors dropped the sight-reading start of the lesson. Two pupils who were "
            "about to stop have stayed.",
        ),
    ),
    (
        Remark(
            "Specific",
            "It starts something. A plan to “explore reflective practice” could be "
            "carried out without a single tutor talking to another.",
            ("looks_only",),
        ),
        Remark(
            "Measurable",
            "“34 of 48” can be counted, and so can the five it begins from. In "
            "July nobody needs to argue about whether it worked.",
            ("no_number", "no_baseline"),
        ),
        Remark(
            "Achievable",
            "The hours are paid, and it says from which budget. Without that it would be a wish.",
        ),
    ),
)

ADVISERS = Example(
    Target(
        plan=PLAN,
        area=PlanArea.YOUNG_VOICE,
        number=1,
        title="Set up a paid young advisers’ group",
        detail="Eight young people meet each term and decide one thing with us before it is "
        "settled.",
        measure="8 members from 4 settings, 3 meetings, 1 decision changed",
        baseline="No group. Young people fill in a form when a course has ended.",
        start_value=Decimal(0),
        aim_value=Decimal(8),
        unit="members",
        steps="Agree the fee. Ask the Virtual School, two schools and a youth club. Meet.",
        resources="Ten hours a term of the coordinator, travel, food",
        cost=Decimal(980),
        funding="Core budget, young people’s voice",
        why="A6.1 was agreed at 1. Young people wrote that we ask them when it is too late.",
        heard=[Heard.AUTHENTIC, Heard.REPRESENTATIVE],
        young_people="In care, in alternative provision, caring at home, or never in an ensemble",
        starts_on=day(9, 22),
        due_on=day(6, 30),
        role=YOUTH,
        helpers="The Virtual School, two heads of year",
        barriers="Evening buses end at six. We pay taxis.",
        status=TargetStatus.OPEN,
    ),
    (("A6.1", "Young people help decide what we offer, before it is settled."),),
    (
        step("Fee and terms agreed", day(10, 24), day(10, 21)),
        step("8 members found", day(1, 30)),
        step("First meeting", day(3, 13), day(3, 11)),
        step("One decision changed", day(6, 30)),
    ),
    (
        note(day(10, 21), YOUTH, "Fee agreed: £15 a meeting, plus travel.", 0),
        note(
            day(11, 18), YOUTH, "Two schools and the Virtual School have each put two forward.", 4
        ),
        note(
            day(3, 12),
            YOUTH,
            "Six came to the first meeting. They want the summer showing to be outdoors, and free.",
            6,
            young="Two of the six had never been asked anything by us. Both are coming back.",
        ),
    ),
    (
        Remark("Specific", "It says who: not “young people”, but those who are missing now."),
        Remark(
            "Relevant",
            "It names the statement it should move, and what young people said. "
            "Next year the same statement shows whether it did.",
            ("no_finding",),
        ),
        Remark(
            "Time-bound",
            "Four steps with a day each. One is late, and everybody can see which.",
            ("no_date",),
        ),
    ),
)

COSTS = Example(
    Target(
        plan=PLAN,
        area=PlanArea.PROGRAMMING,
        number=1,
        title="Make help with costs easy to find and claim",
        detail="One page, two clicks from the start, in plain words and three languages. One form "
        "for lessons, hire, travel and exams.",
        measure="250 claims in the year, and 8 of 10 families asked find the page in a minute",
        baseline="200 claims last year. 3 of 10 families found the page.",
        start_value=Decimal(200),
        aim_value=Decimal(250),
        unit="claims",
        steps="Test the page with ten families. Rewrite it. Tell schools.",
        resources="Four days of the communications officer, translation",
        cost=Decimal(1400),
        funding="Access fund",
        why="B5.1 was agreed at 2. Schools told us that families did not know there was help.",
        heard=[Heard.EQUITABLE],
        young_people="In families on a low income",
        starts_on=day(9, 8),
        due_on=day(1, 30),
        role=BUSINESS,
        helpers="Communications officer, ten families",
        barriers="The council owns the website. We booked its team in July.",
        status=TargetStatus.DONE,
        ended_on=day(1, 28),
        ended_reason="262 claims by January, and 9 of 10 families found the page.",
    ),
    (
        (
            "B5.1",
            "Help with costs is easy to find, simple to claim and covers more than the lesson fee.",
        ),
    ),
    (
        step("Tested with ten families", day(10, 10), day(10, 9)),
        step("New page and form are out", day(11, 21), day(11, 25)),
        step("Every school has been told", day(12, 12), day(12, 8)),
    ),
    (
        note(day(10, 9), BUSINESS, "Ten families tried. Seven gave up at the second screen.", 200),
        note(
            day(12, 8),
            BUSINESS,
            "The new page has been out for two weeks, and 31 claims came in.",
            231,
        ),
        note(
            day(1, 28),
            BUSINESS,
            "262 claims. Nine of ten families found the page.",
            262,
            young="Eleven pupils began lessons who had said no for the cost of hire.",
        ),
    ),
    (
        Remark(
            "Measurable",
            "Two numbers: how much it is used, and whether it is easy. One alone "
            "could be reached by chance.",
            ("no_number",),
        ),
        Remark("Achievable", "It asked the people it is for before anything was built."),
        Remark(
            "Time-bound",
            "Due in January, when it is needed, and not on the last day of August "
            "like everything else.",
            ("last_day",),
        ),
    ),
)

ADJUSTMENTS = Example(
    Target(
        plan=PLAN,
        area=PlanArea.PROGRAMMING,
        number=2,
        title="Agree adjustments before the first session",
        detail="The sign-up form asks one question. Whoever answers gets a call, and a short plan "
        "that the tutor has before they meet.",
        measure="9 of 10 families who ask have a plan before the first session",
        baseline="3 of 10 had one last year. The others told the tutor at the door.",
        start_value=Decimal(3),
        aim_value=Decimal(9),
        unit="families in ten",
        steps="Change the form. Name who calls back. Show tutors the plan.",
        resources="Two hours a week of the SEND lead in September and January",
        cost=Decimal(1150),
        funding="Core budget",
        why="C6.1 was agreed at 1. A parent wrote that they explain the same thing every term.",
        heard=[Heard.EQUITABLE, Heard.HOLISTIC],
        young_people="Disabled and neurodivergent young people",
        starts_on=day(9, 8),
        due_on=day(2, 27),
        role=ACCESS,
        helpers="Office team, tutors of the first groups",
        barriers="The SEND lead works two days a week.",
        status=TargetStatus.OPEN,
    ),
    (
        (
            "C6.1",
            "Disabled young people join our main provision; adjustments are agreed before.",
        ),
    ),
    (
        step("The form asks the question", day(9, 26), day(9, 24)),
        step("Everybody who answered in autumn was called", day(11, 28), day(12, 12)),
        step("Plans reach tutors before the spring start", day(2, 27)),
    ),
    (
        note(day(9, 24), ACCESS, "The form asks. Fourteen families answered in the first week.", 3),
        note(
            day(12, 12),
            ACCESS,
            "All were called, two weeks late: one person cannot do it in September alone.",
            5,
            Rag.AT_RISK,
        ),
        note(
            day(3, 6),
            ACCESS,
            "Six in ten. The office makes the first call from April on. We ask the review for the "
            "end of May.",
            6,
            Rag.AT_RISK,
            young="Four children began in a group that they would have left at the door last year.",
        ),
    ),
    (
        Remark(
            "Honest",
            "It is late, and says so with a reason, a new way and a new date. A plan "
            "where nothing is ever late is not being used.",
        ),
        Remark(
            "Measurable",
            "It starts at three of ten and says so. Six of ten is not the aim, but "
            "it is twice what it was.",
            ("no_baseline",),
        ),
        Remark(
            "Time-bound",
            "The review decides on the new date, not the person who is late.",
            ("ongoing",),
        ),
    ),
)

AGENDA = Example(
    Target(
        plan=PLAN,
        area=PlanArea.LEADERSHIP,
        number=1,
        title="Put inclusion on every board agenda",
        detail="A paper of two pages at each meeting, with one decision asked of the board.",
        measure="A paper at 3 meetings, and 3 decisions in the minutes",
        baseline="One mention in the last three agendas, and no decision.",
        start_value=Decimal(0),
        aim_value=Decimal(3),
        unit="meetings",
        steps="Agree the dates with the chair. Make the paper from the portal. Ask for a decision.",
        resources="Three hours before each meeting",
        cost=Decimal(0),
        funding="None needed",
        why="A2.1 was agreed at 1. The board said it heard of inclusion when money ran out.",
        heard=[Heard.REPRESENTATIVE],
        young_people="All, by way of what the board pays for",
        starts_on=day(9, 8),
        due_on=day(7, 10),
        role=HEAD,
        helpers="Chair of the board, inclusion lead",
        barriers="Agendas are full. The chair has promised the second place.",
        status=TargetStatus.OPEN,
    ),
    (
        (
            "A2.1",
            "Our board looks at inclusion progress at least once a term.",
        ),
    ),
    (
        step("Dates agreed with the chair", day(9, 18), day(9, 18)),
        step("Autumn paper", day(11, 20), day(11, 20)),
        step("Spring paper", day(3, 12), day(3, 12)),
        step("Summer paper", day(7, 9)),
    ),
    (
        note(
            day(11, 21),
            HEAD,
            "First paper. The board decided to pay tutors for reflection groups.",
            1,
        ),
        note(
            day(3, 13),
            HEAD,
            "Second paper. The board asked why adjustments are late, and gave the hours.",
            2,
            young="Calls to families begin two weeks earlier next term.",
        ),
    ),
    (
        Remark(
            "Specific", "“Put on the agenda” is a thing that is done or not done.", ("looks_only",)
        ),
        Remark("Achievable", "It costs three hours, and whoever has to make room has agreed."),
        Remark(
            "Relevant",
            "Its owner is the head, who can do it. The plan has five targets and five owners.",
            ("no_owner", "one_owner"),
        ),
    ),
)

NOT_ACTING = Example(
    Target(
        plan=PLAN,
        area=PlanArea.PROGRAMMING,
        number=3,
        title="A second group with specialist support",
        no_action_reason="We will not open a second group this year, because both of our centres "
        "lack a step-free room, and the council decides about the building in 2027. We say so on "
        "our page, and pay the travel to the group in the next town: eleven families so far.",
    ),
    (("C6.2", "Where needed we offer specialist provision with partners, with a way to move on."),),
    (),
    (),
    (
        Remark(
            "Honest",
            "A reason, a date when it is looked at again, and what happens until then. "
            "People who asked for it know where they stand.",
            ("no_target",),
        ),
    ),
)

EXAMPLES = (REFLECTION, ADVISERS, COSTS, ADJUSTMENTS, AGENDA)
REMARKS = (
    Remark(
        "Few",
        "Five targets, from three priorities and what young people said. Sixteen would be a list.",
        ("too_many",),
    ),
    Remark(
        "In four areas", "Each plan area has one, so that it is not all training or all papers."
    ),
    Remark("Alive", "Two or three short notes each, and most say what changed for young people."),
)


def by_area() -> list[tuple[str, list[Example]]]:
    """The targets under their plan areas, in the order of a plan."""
    return [
        (str(PlanArea(area).label), list(group))
        for area, group in groupby(EXAMPLES, key=lambda one: one.target.area)
    ]
