"""What becomes of each unfinished target of the last plan: one page, a form for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format

from actionplans.models import ActionPlan, Target
from actionplans.planning.carrying import Choice
from selfassessment.forms.audits import DayInput

CARRY, LEAVE, LATER = "carry", "leave", ""


class CarryForm(forms.Form):
    """One unfinished target: carry it forward, leave it with a reason, or decide later."""

    all_optional = True
    decision = forms.ChoiceField(
        label="What becomes of it",
        choices=[(CARRY, "Carry it forward"), (LEAVE, "Leave it"), (LATER, "Decide later")],
        required=False,
        widget=forms.RadioSelect,
        initial=LATER,
    )
    due_on = forms.DateField(
        label="Due, if you carry it",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "Enter a whole date, with day, month and year."},
    )
    reason = forms.CharField(
        label="Why, if you leave it",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: QueryDict | None, *, target: Target, plan: ActionPlan) -> None:
        still = target.due_on if target.due_on and target.due_on >= plan.starts_on else None
        super().__init__(data, prefix=f"t{target.pk}", initial={"due_on": still})
        self.fields["decision"].label = f"What becomes of {target.reference}"
        self.target = target
        self.plan = plan

    def clean(self) -> None:
        data = self.cleaned_data
        due_on = data.get("due_on")
        if data.get("decision") == LEAVE and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", f"Say why {self.target.reference} is left.")
        if data.get("decision") == CARRY and due_on and due_on < self.plan.starts_on:
            first = date_format(self.plan.starts_on, "j F Y")
            self.add_error("due_on", f"The new plan begins on {first}. Choose a later day.")

    def choice(self) -> Choice:
        data = self.cleaned_data
        return Choice(self.target, data["decision"] == CARRY, data["due_on"], data["reason"])


class CarryPage:
    """All of them together, as a formset is to the error summary."""

    def __init__(
        self, targets: Iterable[Target], plan: ActionPlan, data: QueryDict | None = None
    ) -> None:
        self.forms = [CarryForm(data, target=target, plan=plan) for target in targets]

    def __iter__(self) -> Iterator[CarryForm]:
        return iter(self.forms)

    @property
    def total_error_count(self) -> int:
        return sum(len(form.errors) for form in self.forms)

    def choices(self) -> list[Choice]:
        """What is decided, once all of it is valid."""
        decided = [form for form in self.forms if form.cleaned_data["decision"] != LATER]
        return [form.choice() for form in decided]
