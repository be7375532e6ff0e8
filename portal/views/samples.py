"""What the style page shows: invented statements, stops and a form with every kind of control."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms


@dataclass(frozen=True)
class Level:
    value: int
    name: str
    anchor: str


@dataclass(frozen=True)
class Was:
    year: str
    value: int | None
    words: str = ""
    reason: str = ""


@dataclass(frozen=True)
class State:
    kind: str  # wait, ok or fail
    text: str


@dataclass(frozen=True)
class Line:
    label: str
    text: str


@dataclass(frozen=True)
class Version:
    where: str
    value: int
    name: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Clash:
    mine: Version
    theirs: Version
    beside: int = 2


@dataclass(frozen=True)
class Statement:
    """What components/statement.html shows, as selfassessment.rating.blocks.Block does."""

    id: str
    code: str
    text: str
    levels: list[Level]
    guidance: str = ""
    answer: int | str | None = None
    reason: str = ""
    comment: str = ""
    evidence: str = ""
    link: str = ""
    discuss: bool = False
    state: State = State("wait", "Not rated yet")
    errors: dict[str, str] = field(default_factory=dict)
    clash: Clash | None = None
    lost: Version | None = None
    version: int = 0
    save_url: str = ""
    read_only: bool = False
    was: Was | None = None


@dataclass(frozen=True)
class Stop:
    state: str  # done, here or later
    label: str
    note: str


MATURITY = [
    (0, "Not started", "Nobody could point to anything."),
    (1, "First steps", "Some people care and try things; nothing is agreed or written down."),
    (2, "Developing", "We have agreed an approach and use it in some places."),
    (3, "In place", "It is normal practice in most of the service; we could show evidence."),
    (4, "Embedded", "It happens throughout, and we check results and change things."),
]
THREE = [
    (1, "Emerging", "We have begun to talk about it."),
    (2, "Developing", "We do it in some places."),
    (3, "Established", "We do it everywhere and can show it."),
]
SEVEN = [(n, f"Step {n}", f"What step {n} of seven looks like.") for n in range(1, 8)]
RATED = {
    "none": [False] * 3,
    "some": [True, True, False, True],
    "all": [True] * 4,
    "many": [n % 5 != 3 for n in range(19)],
    "whole": [n < 20 or n % 9 == 0 for n in range(60)],
}
HOSTILE = "<b onmouseover=alert(1)>bold</b> {{ 7|add:7 }} שלום 🎺 " + "long" * 24


def levels(scale: list[tuple[int, str, str]]) -> list[Level]:
    return [Level(value, name, anchor) for value, name, anchor in scale]


STATEMENTS = [
    Statement(
        "a1",
        "A1.1",
        "Our written vision names the good that music does, alongside musical learning.",
        levels(MATURITY),
        was=Was("2025/26", 2, reason="Tutors had not heard of it."),
        guidance="Read the opening page of your business plan.",
        answer=3,
        discuss=True,
        state=State("ok", "Saved at 14:32"),
    ),
    Statement(
        "a2",
        "A1.2",
        "Senior leaders raise inclusion in ordinary meetings and do what they said they would.",
        levels(MATURITY),
        guidance="Think of the last three leadership meetings.",
    ),
    Statement(
        "a3",
        "A1.3",
        "A named senior person is responsible for inclusion and has working time for it.",
        levels(MATURITY),
        was=Was("2025/26", None, "Parked", "The council was being reorganised."),
        answer="na",
        reason="Our council runs this for us.",
        state=State("wait", "Saving…"),
    ),
    Statement(
        "a4",
        "A1.4",
        "We have agreed what our key words mean and use them the same way.",
        levels(MATURITY),
        was=Was("2025/26", 1),
        answer="dk",
        state=State("fail", "No connection. Kept on this page; we will try again."),
    ),
    Statement(
        "a5",
        "A2.1",
        "Our board or council oversight group looks at inclusion at least once a term.",
        levels(MATURITY),
        answer=2,
        link="our-board",
        comment="In the spring papers.",
        state=State("fail", "Not saved: the link needs mending"),
        errors={"link": "Enter a whole address, for example https://www.example.org/paper."},
    ),
    Statement(
        "a6",
        "A2.2",
        "Inclusion has a line in our budget.",
        levels(MATURITY),
        answer="na",
        state=State("fail", "Saved, but the reason is missing"),
        errors={"reason": "Say why this does not apply. One sentence is enough."},
    ),
    Statement(
        "a7",
        "A2.3",
        "Tutors have regular, protected time to reflect on practice with colleagues.",
        levels(MATURITY),
        was=Was("2025/26", 2),
        answer=3,
        state=State("fail", "Two versions: choose one"),
        clash=Clash(
            Version("This page, now", 3, "In place"),
            Version(
                "Saved elsewhere at 14:29 today",
                1,
                "First steps",
                [Line("Comment", "Only in two teams so far.")],
            ),
        ),
    ),
    Statement(
        "b1",
        "1",
        "A statement on a scale of three.",
        levels(THREE),
        was=Was("2025/26", 1),
        guidance="The scale belongs to the questionnaire.",
        answer=2,
        state=State("ok", "Saved at 14:33"),
    ),
    Statement("b2", "2", "Another on three, not rated.", levels(THREE)),
    Statement("b3", "3", "A statement on a scale of two.", levels(MATURITY[:2]), answer=1),
    Statement(
        "b4",
        "4",
        "A statement on a scale of seven.",
        levels(SEVEN),
        answer=4,
        was=Was("2025/26", 6),
    ),
    Statement(
        "b6",
        "6",
        "A statement after handing in: to read, not to change.",
        levels(MATURITY),
        was=Was("2025/26", 1),
        answer=2,
        comment="In the spring papers.",
        discuss=True,
        state=State("ok", "Saved at 14:34"),
        read_only=True,
    ),
    Statement(
        "b7",
        "7",
        "A statement handed in elsewhere while this page was still open.",
        levels(MATURITY),
        answer=2,
        state=State("ok", "Saved at 14:35"),
        lost=Version(
            "What you typed, not saved",
            3,
            "In place",
            [Line("Comment", "The new plan says how.")],
        ),
        read_only=True,
    ),
    Statement(
        "b5",
        "5",
        HOSTILE,
        levels(MATURITY),
        guidance=HOSTILE,
        comment=HOSTILE,
        answer=4,
        state=State("fail", "You are signed out. Sign in again in a new tab, then try again."),
    ),
]

YEAR = [
    Stop("done", "Start", "15 September"),
    Stop("done", "Rate", "60 of 60 rated"),
    Stop("here", "Hand in", "You are here"),
    Stop("later", "Agree", "From 8 December"),
    Stop("later", "Choose", "January"),
    Stop("later", "Plan", "January"),
    Stop("later", "Keep going", "Each term"),
    Stop("later", "Report", "July"),
]

ROLES = [("tutor", "Tutor"), ("manager", "Manager"), ("governor", "Governor")]


class SampleForm(forms.Form):
    """Every kind of control."""

    name = forms.CharField(label="Target", help_text="Begin with a verb.")
    email = forms.EmailField(label="E-mail address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    people = forms.IntegerField(label="People in the team", required=False)
    due_on = forms.DateField(
        label="Due date",
        help_text="For example 27/3/2026.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    link = forms.URLField(label="Link", required=False, assume_scheme="https")
    notes = forms.CharField(
        label="Notes", widget=forms.Textarea(attrs={"rows": 3}), help_text=HOSTILE
    )
    owner = forms.ChoiceField(label="Owner, by role", choices=[("", "Choose a role"), *ROLES])
    several = forms.MultipleChoiceField(label="Teams", choices=ROLES)
    which = forms.ChoiceField(
        label="Which questionnaire?",
        help_text="The quick check takes ten minutes.",
        choices=[("quick", "Quick check, 19 statements"), ("whole", "Whole, 60 statements")],
        widget=forms.RadioSelect,
    )
    invite = forms.MultipleChoiceField(
        label="Invite",
        help_text="Pick all that apply.",
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="I have read the guidance", help_text="It is two pages long.")
    paper = forms.FileField(label="Paper", help_text="A PDF of at most 5 MB.")
    fixed = forms.CharField(
        label="Fixed by the board", initial="20 January 2026", disabled=True, required=False
    )
    step = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("The form as a whole: these do not go together.")
