"""A statement to agree on, as `selfassessment/_agree_fields.html` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from selfassessment.answers import choice_in_words
from selfassessment.forms.agreeing import AgreeForm
from selfassessment.models import Agreed, AgreedRating, Audit, Level, Statement
from selfassessment.rating.blocks import Line, OnTrack, State, TwoVersions, Version, when
from selfassessment.talk.agreeing import Agreement, Clash
from selfassessment.years.last_year import Was


@dataclass(frozen=True)
class Stop:
    """A level on the track; `was` marks the one agreed last year."""

    value: int
    name: str
    anchor: str
    was: bool


@dataclass(frozen=True)
class AgreedBlock(OnTrack):
    """One statement on a page. What is saved is `agreed`; what to show is `shown`."""

    audit: Audit
    statement: Statement
    levels: Sequence[Level]
    was: Was | None = None
    shown: Agreement = field(default_factory=Agreement)
    agreed: AgreedRating | None = None
    version: int = 0  # what the page has read: the next save is checked against it
    form: AgreeForm | None = None  # only where what was typed could not be saved
    clashing: Clash | None = None
    refused: Agreement | None = None  # what was typed while the talk is not open

    @property
    def save_url(self) -> str:
        return reverse("agree", args=[self.audit.pk, self.code])

    @cached_property
    def stops(self) -> list[Stop]:
        was = self.was.value if self.was else None
        return [Stop(lv.value, lv.name, lv.anchor, lv.value == was) for lv in self.levels]

    @property
    def in_words(self) -> str:
        return choice_in_words(self.shown.choice, self.levels, nothing="Not agreed yet")

    @property
    def field_errors(self) -> list[tuple[str, str]]:
        """The error of each text field, or nothing: what stood there before goes away."""
        return [("reason", self.errors.get("reason", ""))]

    @property
    def saved_state(self) -> State:
        if self.agreed is None or not self.agreed.version:
            return State("wait", "Not agreed yet")
        saved = f"Saved {when(self.agreed.agreed_at)} by {self.agreed.agreed_by}"
        if not self.agreed.answer:
            return State("wait", f"{saved}. Not agreed yet")
        return State("ok", saved)

    @cached_property
    def clash(self) -> TwoVersions | None:
        if self.clashing is None:
            return None
        row = self.clashing.theirs
        theirs = Agreement.of(row)
        where = f"Saved {when(row.agreed_at)} by {row.agreed_by}"
        return TwoVersions(
            self.side("This page, as you have it now", self.clashing.mine, theirs),
            self.side(where, theirs, self.clashing.mine),
            row.version,
        )

    @property
    def lost(self) -> Version | None:
        """What was typed and is not kept, to be copied from the page."""
        if self.refused is None:
            return None
        return self.side("What you typed, not saved", self.refused, self.shown)

    def side(self, where: str, entry: Agreement, other: Agreement) -> Version:
        differs = entry.reason != other.reason
        lines = [Line("Why, in short", entry.reason or "Nothing")] if differs else []
        if entry.choice in Agreed.values:
            return Version(where, "", str(Agreed(entry.choice).label), lines)
        level = next((lv for lv in self.levels if str(lv.value) == entry.choice), None)
        return Version(where, entry.choice, level.name if level else "Not agreed yet", lines)
