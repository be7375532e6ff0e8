"""What is decided of each statement and section that may be acted on: one page, many rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from selfassessment.models import Section, Standing, Statement
from selfassessment.talk.choosing import FEWEST, MOST, Choosing, Group, Option
from selfassessment.talk.priorities import Decision

SAY_WHY = "Say why this waits, or give one reason for all that have none of their own."
SAY_WHY_ALL = "Say why the rest waits until next year."


class DecisionForm(forms.Form):
    """One statement or section: a priority, parked, or not decided."""

    standing = forms.ChoiceField(choices=[("", "Not decided"), *Standing.choices], required=False)
    reason = forms.CharField(max_length=1000, required=False)

    def __init__(self, data: QueryDict | None, *, option: Option) -> None:
        shown = {"standing": option.standing, "reason": option.reason}
        super().__init__(data, prefix=option.key, initial=shown)
        self.option = option
        self.fields["standing"].label = option.part.code
        self.fields["reason"].label = f"{option.part.code}, why"

    @property
    def standings(self) -> list[tuple[str, str, bool]]:
        """The radio buttons: value, label, and whether it is the one to show."""
        shown = self["standing"].value() or ""
        return [
            (value, label, value == shown)
            for value, label in (
                (Standing.CHOSEN.value, "Priority"),
                (Standing.PARKED.value, "Parked"),
                ("", "Not decided"),
            )
        ]

    @property
    def reason_shown(self) -> str:
        return str(self["reason"].value() or "")

    @property
    def was_sent(self) -> bool:
        return self.add_prefix("standing") in self.data

    def decision(self) -> Decision:
        """As typed; as saved, where the page that was sent did not have this row."""
        if not self.was_sent:
            return Decision(self.option.standing, self.option.reason)
        return Decision(self.cleaned_data["standing"], self.cleaned_data["reason"])


class RestForm(forms.Form):
    """One reason for everything that is parked without its own."""

    rest_reason = forms.CharField(
        label="Why the rest waits",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For all that you park without a reason of its own.",
    )


@dataclass(frozen=True)
class Rows:
    """A group of options, each with its form."""

    group: Group
    forms: list[DecisionForm]
    folded: list[DecisionForm]

    @property
    def is_open(self) -> bool:
        """Whether something in the fold has to be seen."""
        return any(form.errors or form.has_changed() for form in self.folded)


class ChoosingPage:
    """All rows of the page together, as a formset is to the error summary."""

    def __init__(self, choosing: Choosing, data: QueryDict | None = None) -> None:
        self.choosing = choosing
        self.data = data or QueryDict()
        self.rest = RestForm(data)
        self.rows = {one.key: DecisionForm(data, option=one) for one in choosing.options}
        self.decisions: dict[str, Decision] = {}

    def __iter__(self) -> Iterator[forms.Form]:
        yield from (self.rest, *self.rows.values())

    @property
    def total_error_count(self) -> int:
        return sum(len(form.errors) for form in self)

    @property
    def chosen(self) -> list[DecisionForm]:
        return [self.rows[one.key] for one in self.choosing.chosen]

    @property
    def groups(self) -> list[Rows]:
        return [
            Rows(
                group,
                [self.rows[one.key] for one in group.options],
                [self.rows[one.key] for one in group.folded],
            )
            for group in self.choosing.groups
        ]

    def is_valid(self) -> bool:
        """Whether all of it can be saved; `decisions` then says what to save, in order."""
        if self.total_error_count:
            return False
        rest = self.rest.cleaned_data["rest_reason"]
        park_rest = self.data.get("go") == "park"
        if park_rest and not rest:
            self.rest.add_error("rest_reason", SAY_WHY_ALL)
        made = {}
        for key, row in self.rows.items():
            decision = row.decision()
            if park_rest and row.option.is_open and not decision.standing:
                decision = Decision(Standing.PARKED, decision.reason)
            if decision.standing == Standing.PARKED and not decision.reason:
                decision = Decision(Standing.PARKED, rest)
                if not rest and not park_rest:
                    row.add_error("reason", SAY_WHY)
            made[key] = decision
        self.decisions = {key: made[key] for key in self.ranked(made)}
        return not self.total_error_count

    def ranked(self, decisions: dict[str, Decision]) -> list[str]:
        """Those chosen before in their order, one moved where a button says so, then the rest."""
        was = [one.key for one in self.choosing.chosen]
        chosen = [key for key, one in decisions.items() if one.standing == Standing.CHOSEN]
        chosen.sort(key=lambda key: was.index(key) if key in was else len(was))
        way, _, key = self.data.get("go", "").partition("-")
        if key in chosen and way in {"up", "down"}:
            at = chosen.index(key)
            to = max(at - 1, 0) if way == "up" else at + 1
            chosen.insert(to, chosen.pop(at))
        return chosen + [key for key in decisions if key not in chosen]

    def by_part(self) -> dict[Statement | Section, Decision]:
        return {self.rows[key].option.part: one for key, one in self.decisions.items()}

    @property
    def count(self) -> int:
        return sum(one.standing == Standing.CHOSEN for one in self.decisions.values())

    @property
    def wants_a_nudge(self) -> bool:
        """Whether fewer or more than can be acted on are chosen, and nobody said to keep them."""
        is_news = self.count != len(self.choosing.chosen)
        odd = self.count and not FEWEST <= self.count <= MOST
        return bool(odd) and is_news and self.data.get("go", "save") == "save"

    @property
    def theirs(self) -> list[Option]:
        """What is saved otherwise than this page has it."""
        return [
            row.option
            for row in self.rows.values()
            if row.was_sent and row.decision() != Decision(row.option.standing, row.option.reason)
        ]
