"""A statement as `components/statement.html` shows it: what may be chosen, and what was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from django.utils import timezone
from django.utils.formats import date_format

from selfassessment.actions import Clash, Entry
from selfassessment.forms.rating import AnswerForm, RatingForm, prefix
from selfassessment.models import Answer, Level, Rating, Statement
from selfassessment.rating.progress import worded
from selfassessment.years.last_year import Was


@dataclass(frozen=True)
class State:
    """The quiet line under a statement. `kind` is wait, ok or fail."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    label: str
    text: str


@dataclass(frozen=True)
class Version:
    """One side of a clash: where it was written, the rating, and what else it says differently."""

    where: str
    value: str
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class TwoVersions:
    mine: Version
    theirs: Version
    beside: int  # the version that “mine” is chosen against


def when(moment: dt.datetime) -> str:
    """As the line under a statement says it: “at 14:32”, “on 5 June”."""
    at, today = timezone.localtime(moment), timezone.localdate()
    if at.date() == today:
        return f"at {date_format(at, 'H:i')}"
    return f"on {date_format(at, 'j F' if at.year == today.year else 'j F Y')}"


class Choice(Protocol):
    """What somebody says, or a service agrees, in what its page sends."""

    @property
    def choice(self) -> str: ...

    @property
    def reason(self) -> str: ...


class OnTrack:
    """What a statement on a page is, whether somebody rates it or a service agrees on it."""

    statement: Statement
    levels: Sequence[Level]
    shown: Choice
    form: AnswerForm | None
    clashing: object | None
    refused: object | None

    @cached_property
    def id(self) -> str:
        return prefix(self.statement)

    @property
    def code(self) -> str:
        return self.statement.code

    @property
    def answer(self) -> int | str:
        """As the radio buttons have it: a level's number, another answer's name, or nothing."""
        choice = self.shown.choice
        return next((lv.value for lv in self.levels if str(lv.value) == choice), choice)

    @property
    def reason(self) -> str:
        return self.shown.reason

    @cached_property
    def errors(self) -> dict[str, str]:
        """The first error of each field, by the field's name."""
        form = self.form
        return {name: str(found[0]) for name, found in form.errors.items()} if form else {}

    @property
    def unsaved(self) -> bool:
        return any((self.form, self.clashing, self.refused))

    @cached_property
    def state(self) -> State:
        if self.clashing:
            return State("fail", "Two versions: choose one")
        if self.form:
            return State("fail", f"Not saved. {' '.join(self.errors.values())}")
        return self.saved_state

    @property
    def saved_state(self) -> State:
        """What the line under the statement says where nothing is in the way."""
        raise NotImplementedError


@dataclass(frozen=True)
class Block(OnTrack):
    """One statement on a page. The answer saved is `rating`; the one to show is `shown`."""

    statement: Statement
    levels: Sequence[Level]
    shown: Entry = field(default_factory=Entry)
    rating: Rating | None = None
    version: int = 0  # what the page has read: the next save is checked against it
    form: RatingForm | None = None  # only where what was typed could not be saved
    clashing: Clash | None = None
    refused: Entry | None = None  # what was typed on a page that is closed by now
    save_url: str = ""  # blank: nothing is saved by itself
    read_only: bool = False
    plain: bool = False  # in plain words, where it has them
    was: Was | None = None  # what the service agreed last year: shown, never the answer

    @property
    def text(self) -> str:
        return worded(self.statement, plain=self.plain)

    @property
    def guidance(self) -> str:
        """What to look at first; for those who work for the service."""
        return "" if self.plain and self.statement.plain_text else self.statement.guidance

    @property
    def comment(self) -> str:
        return self.shown.comment

    @property
    def evidence(self) -> str:
        return self.shown.evidence

    @property
    def link(self) -> str:
        return self.shown.evidence_url

    @property
    def discuss(self) -> bool:
        return self.shown.discuss

    @property
    def field_errors(self) -> list[tuple[str, str]]:
        """The error of each text field, or nothing: what stood there before goes away."""
        errors = self.errors
        return [(name, errors.get(name, "")) for name in ("reason", "comment", "evidence", "link")]

    @property
    def saved_state(self) -> State:
        if self.rating is None:
            return State("wait", "Not rated yet")
        saved = f"Saved {when(self.rating.saved_at)}"
        if self.shown.choice == Answer.NOT_APPLICABLE and not self.shown.reason:
            return State("wait", f"{saved}. Say why it does not apply")
        return State("ok", saved)

    @cached_property
    def clash(self) -> TwoVersions | None:
        if self.clashing is None:
            return None
        theirs, rating = Entry.of(self.clashing.theirs), self.clashing.theirs
        at = date_format(timezone.localtime(rating.saved_at), "H:i, j F")
        return TwoVersions(
            self.side("This page, as you have it now", self.clashing.mine, theirs),
            self.side(f"Saved elsewhere at {at}", theirs, self.clashing.mine),
            rating.version,
        )

    @property
    def lost(self) -> Version | None:
        """What was typed and is not kept, to be copied from the page."""
        if self.refused is None:
            return None
        return self.side("What you typed, not saved", self.refused, self.shown)

    def side(self, where: str, entry: Entry, other: Entry) -> Version:
        pairs = [
            ("Why it does not apply", entry.reason, other.reason),
            ("Comment", entry.comment, other.comment),
            ("Example or evidence", entry.evidence, other.evidence),
            ("Link", entry.evidence_url, other.evidence_url),
            ("Discuss this", "Yes" if entry.discuss else "No", "Yes" if other.discuss else "No"),
        ]
        lines = [Line(label, a or "Nothing") for label, a, b in pairs if a != b]
        if entry.choice in Answer.values:
            return Version(where, "", str(Answer(entry.choice).label), lines)
        name = next((lv.name for lv in self.levels if str(lv.value) == entry.choice), "Not rated")
        return Version(where, entry.choice, name, lines)
