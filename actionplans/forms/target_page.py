"""The page that writes a target: its form, its milestones, its advice, and two people at once.

What a page was shown goes with it, as a short name for each field. Where somebody saved meanwhile,
fields that only one of the two changed are merged; where both changed one, both texts are shown
and the person chooses.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.formats import date_format

from actionplans import smart
from actionplans.forms.targets import NO_DAY, Offered, TargetForm
from actionplans.models import MOST_STEPS, Milestone, Target
from actionplans.planning.targets import Content, Step
from actionplans.smart import Draft
from selfassessment.forms.audits import DayInput

STEPS = (
    "milestone"  # what fields of milestones begin with, and what all of them together are called
)
MORE = 3  # empty rows at first, and each time more are asked for
LONGEST = 2000  # characters of any field that is looked at; more are refused
LONGEST_COUNT = 6  # digits; a form of ours says two
Said = Mapping[str, list[str]]  # a form as a browser posts it: the values of each field

# Parts of the form that are folded until something is in them
FOLDS = {
    "detail": ("detail",),
    "numbers": ("start_value", "aim_value", "unit"),
    "means": ("resources", "cost", "funding", "barriers"),
    "topics": ("topics", "heard"),
    "no_date": ("no_date_reason",),
    "no_owner": ("no_owner_reason",),
    "no_action": ("no_action_reason",),
}


class StepForm(forms.Form):
    """A milestone. A row without text is none."""

    all_optional = True
    row = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="Milestone", max_length=200, required=False)
    due_on = forms.DateField(
        label="By", required=False, widget=DayInput(), error_messages={"invalid": NO_DAY}
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("due_on") and not said.get("text") and "text" not in self.errors:
            self.add_error("text", "Say what is done by then, or clear the date.")
        return said

    @property
    def step(self) -> Step:
        said = self.cleaned_data
        return Step(said["text"], said["due_on"], said["row"])


StepFormSet = forms.formset_factory(StepForm, extra=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


@dataclass(frozen=True)
class Difference:
    """A field that two people changed, in the words of each."""

    name: str
    label: str
    mine: str
    theirs: str


class TargetPage:
    """All of the page together, as a formset is to the error summary.

    `data` is what was sent; `filled` and `rows` are what a form that was not sent begins with.
    Once made, `differences` says where somebody else and this person wrote in the same field.
    """

    def __init__(
        self,
        offered: Offered,
        target: Target | None = None,
        *,
        data: QueryDict | None = None,
        filled: Mapping[str, Any] | None = None,
        rows: list[dict[str, Any]] | None = None,
    ) -> None:
        self.offered, self.target = offered, target
        self.differences: list[Difference] = []
        self.taken: list[str] = []  # fields taken over from somebody else, by label
        as_saved = TargetForm(offered=offered, instance=target) if target else None
        self.saved = shown(as_saved, rows_of(target)) if as_saved and target else {}
        if data is not None and as_saved:
            data = self.merge(data, as_saved)
        self.data = data
        self.form = TargetForm(data, offered=offered, instance=target, initial=filled)
        begun = rows if rows is not None else rows_of(target)
        self.steps = (
            StepFormSet(initial=[*begun, *([{}] * MORE)][:MOST_STEPS], prefix=STEPS)
            if data is None
            else StepFormSet(data, prefix=STEPS)
        )

    def __iter__(self) -> Iterator[forms.BaseForm]:
        yield self.form
        if not self.steps.non_form_errors():
            yield from self.steps

    # As a form

    def is_valid(self) -> bool:
        return not self.total_error_count

    @property
    def total_error_count(self) -> int:
        if self.data is None:
            return 0
        return len(self.form.errors) + self.steps.total_error_count()

    def non_form_errors(self) -> Sequence[Any]:
        return [] if self.data is None else self.steps.non_form_errors()

    def content(self) -> Content:
        """What was written, once it is valid."""
        return self.form.content(one.step for one in self.steps if one.cleaned_data.get("text"))

    def redrawn(self, *, more: int = 0) -> TargetPage:
        """The same page as it was sent, not judged, and with more rows for milestones."""
        data = self.data or QueryDict()
        typed = {
            name: field.widget.value_from_datadict(data, {}, name)
            for name, field in self.form.fields.items()
        }
        rows = rows_sent(data)
        empty = len(self.steps.forms) - len(rows) - MORE + more
        return TargetPage(self.offered, self.target, filled=typed, rows=[*rows, *([{}] * empty)])

    # How it is drawn

    @cached_property
    def said(self) -> Said:
        """What the form shows now, field by field."""
        return shown(self.form, rows_sent(self.data) if self.data is not None else [])

    @property
    def folds(self) -> dict[str, bool]:
        """Which folded parts have to be seen: something is in them, or wrong with them."""
        return {
            fold: any(self.said.get(name) or self.form.errors.get(name) for name in names)
            for fold, names in FOLDS.items()
        }

    @property
    def rows(self) -> list[tuple[StepForm, Milestone | None]]:
        """The milestones to write, each with what is known of it."""
        known = {str(one.pk): one for one in self.target.milestones.all()} if self.target else {}
        return [(form, known.get(str(form["row"].value()))) for form in self.steps]

    @property
    def as_read(self) -> str:
        """What the page shows of each field that is saved, to notice when it is no longer so."""
        return json.dumps({name: short(values) for name, values in self.saved.items()})

    def advise(self, others: Sequence[Draft]) -> None:
        """Put advice beside the fields, as the form stands now among the others of its plan."""
        plan = self.offered.plan
        draft = drafted(self.said, plan.ends_on if plan else None)
        self.form.advice = smart.lint_beside(draft, others)

    # Two people at once

    def merge(self, data: QueryDict, as_saved: TargetForm) -> QueryDict:
        """What was sent, with what somebody else saved in the fields that this person left alone.

        Where both changed a field, what was sent stays, and a difference says so.
        """
        merged, read = data.copy(), read_before(data)
        for name, theirs in self.saved.items():
            mine = sent(data, name)
            if data.get(f"pick-{name}") == "theirs":
                put(merged, name, theirs)
            elif mine == theirs or short(theirs) == read.get(name):
                continue
            elif short(mine) == read.get(name):
                put(merged, name, theirs)
                self.taken.append(label_of(as_saved, name))
            else:
                words = [in_words(as_saved, name, values) for values in (mine, theirs)]
                self.differences.append(Difference(name, label_of(as_saved, name), *words))
        return merged


# A form as a browser posts it


def shown(form: TargetForm, rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What a form shows, as it would be posted; what nobody can change is not in it."""
    fields = {name: posted(form[name]) for name, field in form.fields.items() if not field.disabled}
    return {**fields, STEPS: [line for line in map(line_of, rows) if line]}


def posted(bound: BoundField) -> list[str]:
    value = bound.field.widget.format_value(bound.value())
    return plain(value if isinstance(value, list | tuple) else [value])


def sent(data: QueryDict, name: str) -> list[str]:
    if name == STEPS:
        return [line for line in map(line_of, rows_sent(data)) if line]
    return plain(data.getlist(name))


def plain(values: Sequence[Any]) -> list[str]:
    """The values that say something, each the same whichever way it came."""
    texts = ["" if one is None else str(one).replace("\r\n", "\n").strip() for one in values]
    return sorted(text for text in texts if text)


def put(data: QueryDict, name: str, values: list[str]) -> None:
    """Make a form say something else in one field."""
    if name != STEPS:
        data.setlist(name, values)
        return
    rows = [line.split("|", 2) for line in values]
    data[f"{STEPS}-TOTAL_FORMS"] = data[f"{STEPS}-INITIAL_FORMS"] = str(len(rows))
    for number, (row, due, text) in enumerate(rows):
        data[f"{STEPS}-{number}-row"] = row
        data[f"{STEPS}-{number}-due_on"] = due
        data[f"{STEPS}-{number}-text"] = text


def rows_of(target: Target | None) -> list[dict[str, Any]]:
    if target is None or target.pk is None:
        return []
    return [
        {"row": one.pk, "text": one.text, "due_on": one.due_on} for one in target.milestones.all()
    ]


def rows_sent(data: QueryDict) -> list[dict[str, Any]]:
    """The milestones as they were typed, without the rows left empty."""
    total = data.get(f"{STEPS}-TOTAL_FORMS", "")
    count = min(int(total), MOST_STEPS) if total.isdecimal() and len(total) < LONGEST_COUNT else 0
    rows = [
        {name: data.get(f"{STEPS}-{number}-{name}", "") for name in ("row", "text", "due_on")}
        for number in range(count)
    ]
    return [row for row in rows if row["text"] or row["due_on"]]


def line_of(row: Mapping[str, Any]) -> str:
    """A milestone as one text, to compare and to take over: its key, day and words."""
    words = str(row["text"]).strip()
    return f"{row['row']}|{row['due_on'] or ''}|{words}" if words or row["due_on"] else ""


def short(values: list[str]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:12]


def read_before(data: QueryDict) -> dict[str, str]:
    """What the page was shown, field by field, as it says itself."""
    try:
        read = json.loads(data.get("as_read", ""))
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


# In words


def label_of(form: TargetForm, name: str) -> str:
    return "Milestones" if name == STEPS else str(form.fields[name].label)


def in_words(form: TargetForm, name: str, values: list[str]) -> str:
    """What a field says, as a person reads it."""
    if name == STEPS:
        rows = [line.split("|", 2) for line in values]
        return "\n".join(f"{text}, by {day(due)}" if due else text for _, due, text in rows)
    field = form.fields[name]
    choices: Any = getattr(field, "choices", None)
    if choices is not None:
        names = {str(value): str(label) for value, label in choices}
        return ", ".join(names.get(value, value) for value in values)
    if isinstance(field, forms.DateField):
        return ", ".join(day(value) for value in values)
    return "\n".join(values)


def day(typed: str) -> str:
    found = day_of(typed)
    return date_format(found, "j F Y") if found else typed


def day_of(typed: str) -> dt.date | None:
    try:
        found: dt.date | None = forms.DateField(required=False).clean(typed)
    except ValidationError:
        return None
    return found


def drafted(said: Mapping[str, list[str]], last_day: dt.date | None) -> Draft:
    """A target as it is typed, for the lint."""

    def text(name: str) -> str:
        return "\n".join(said.get(name, []))[:LONGEST]

    return Draft(
        **{
            name: text(name)
            for name in (
                *("title", "measure", "baseline", "no_date_reason", "role", "owner"),
                *("no_owner_reason", "no_action_reason", "why", "priority"),
            )
        },
        has_numbers=bool(text("aim_value").strip()),
        has_start=bool(text("start_value").strip()),
        due_on=day_of(text("due_on")),
        statements=frozenset(said.get("statements", [])),
        last_day=last_day,
    )
