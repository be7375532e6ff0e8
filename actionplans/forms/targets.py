"""The form of a target: all that makes it SMART, or the honest reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget

from actionplans.models import ActionPlan, Heard, Target
from actionplans.planning.targets import Content
from actionplans.smart import ADVISED, Advice
from portal.access import Role
from portal.models import Membership, MusicService, Topic, User
from selfassessment.forms.audits import DayInput
from selfassessment.models import (
    Audit,
    Level,
    PlanArea,
    Priority,
    Section,
    Standing,
    Statement,
)

ROW = (
    *("area", "title", "detail"),
    *("measure", "baseline", "start_value", "aim_value", "unit", "aim_level"),
    *("steps", "resources", "cost", "funding", "barriers"),
    *("priority", "why", "heard", "young_people"),
    *("starts_on", "due_on", "no_date_reason"),
    *("role", "owner", "helpers", "no_owner_reason"),
    *("no_action_reason", "extra"),
)
NO_DAY = "Enter a whole date, with day, month and year."
NO_NUMBER = "Enter a number, such as 80 or 12.5."
BEFORE_START = "The target is due before it starts. Choose a later day, or an earlier start."


@dataclass(frozen=True)
class Offered:
    """Where a target is written, and so what its form has to choose from."""

    service: MusicService
    plan: ActionPlan | None = None
    audit: Audit | None = None

    @classmethod
    def in_plan(cls, plan: ActionPlan) -> Offered:
        """The statements are those the plan follows from, or else the newest that are known."""
        audit = plan.audit or Audit.objects.for_service(plan.service).newest_first().first()
        return cls(plan.service, plan, audit)

    @cached_property
    def levels(self) -> list[Level]:
        return list(self.audit.levels()) if self.audit else []

    @cached_property
    def members(self) -> list[Membership]:
        """Who may see to a target: those who may write notes on it, leads first."""
        members = Membership.objects.live().filter(service=self.service)
        return list(members.exclude(role=Role.BOARD_VIEWER).by_role())


class NumberField(forms.DecimalField):
    """A figure as people write it: “£1,200” and “80%” are numbers."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.strip().removeprefix("£").removesuffix("%").replace(",", "").strip()
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 (Django's signature)
        return {"inputmode": "decimal", "class": "short"}


class AdvisedField(BoundField):
    """A field with the advice that stands beside it."""

    form: TargetForm

    @property
    def advice(self) -> list[Advice]:
        return [one for one in self.form.advice if one.field == self.name]

    @property
    def aria_describedby(self) -> str | None:
        own = super().aria_describedby
        if own is None or self.name not in ADVISED:
            return own
        return f"{own} {self.auto_id}_advice".strip()


@dataclass(frozen=True)
class Boxes:
    """The statements of one section, each with its check box."""

    section: Section
    boxes: list[BoundWidget]

    @property
    def chosen(self) -> int:
        return sum(bool(box.data["selected"]) for box in self.boxes)


class TargetForm(forms.ModelForm[Target]):
    """The row of a target with its statements and topics."""

    heard = forms.MultipleChoiceField(
        label="HEARD principles it serves",
        choices=Heard.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    start_value = NumberField(label="Number now", required=False, max_digits=12, decimal_places=2)
    aim_value = NumberField(
        label="Number we aim for", required=False, max_digits=12, decimal_places=2
    )
    cost = NumberField(label="Cost in pounds", required=False, max_digits=10, decimal_places=2)
    aim_level = forms.TypedChoiceField(
        label="Level we aim for",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="What your service would agree on the statements below next time.",
    )

    class Meta:
        model = Target
        fields = [*ROW, "statements", "topics"]
        labels = {
            "area": "Plan area",
            "title": "What will change",
            "detail": "More about it",
            "measure": "How we will know",
            "baseline": "Where we are now",
            "unit": "What is counted",
            "steps": "Steps",
            "resources": "What it takes",
            "funding": "Who pays",
            "barriers": "What may stand in the way",
            "priority": "Priority it serves",
            "why": "Why this",
            "young_people": "Which young people it is for",
            "starts_on": "Start",
            "due_on": "Due",
            "no_date_reason": "No date, because",
            "role": "Accountable role",
            "owner": "Account behind the role",
            "helpers": "People who help",
            "no_owner_reason": "No owner yet, because",
            "no_action_reason": "We will not act, because",
            "extra": "Other notes",
            "statements": "Statements it should move",
            "topics": "Topics",
        }
        help_texts = {
            "title": "One change, as it will be: “Paid reflection groups meet each half term.”",
            "measure": "What anybody could count or see, with its number: “8 members from "
            "4 settings meet each term.”",
            "baseline": "The same thing today, so that the change shows.",
            "unit": "Tutors, pupils, schools, per cent.",
            "steps": "What happens first, and next.",
            "resources": "People, time, rooms, training.",
            "funding": "The budget or the funder.",
            "why": "What you found, and who told you.",
            "young_people": "A group, never a person: “Young carers”, “all who learn with us”.",
            "no_date_reason": "Where no date can be set yet, say what it waits for.",
            "role": "A post, not a person: the plan outlives people’s jobs.",
            "owner": "Reminders go there. People of your service who have an account.",
            "no_owner_reason": "Where nobody can be named yet, say what it waits for.",
            "no_action_reason": "A decision not to act is an honest entry in a plan. It stays in "
            "it, with this reason, and no other part of the form is needed.",
            "extra": "What did not fit anywhere else.",
        }
        widgets = {
            "detail": forms.Textarea(attrs={"rows": 3}),
            "measure": forms.Textarea(attrs={"rows": 3}),
            "baseline": forms.Textarea(attrs={"rows": 2}),
            "steps": forms.Textarea(attrs={"rows": 4}),
            "resources": forms.Textarea(attrs={"rows": 2}),
            "barriers": forms.Textarea(attrs={"rows": 2}),
            "why": forms.Textarea(attrs={"rows": 3}),
            "no_action_reason": forms.Textarea(attrs={"rows": 3}),
            "extra": forms.Textarea(attrs={"rows": 3}),
            "starts_on": DayInput(),
            "due_on": DayInput(),
            "statements": forms.CheckboxSelectMultiple,
            "topics": forms.CheckboxSelectMultiple,
        }
        error_messages = {
            "area": {"required": "Choose a plan area."},
            "title": {"required": "Say what will change."},
            "starts_on": {"invalid": NO_DAY},
            "due_on": {"invalid": NO_DAY},
        }

    bound_field_class = AdvisedField
    advice: tuple[Advice, ...] = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        offered: Offered,
        instance: Target | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        target = instance or Target(plan=offered.plan)
        super().__init__(data, instance=target, initial=dict(initial or {}))
        self.offered = offered
        for name in ("start_value", "aim_value", "cost"):
            self.fields[name].error_messages["invalid"] = NO_NUMBER
        self.offer_choices(target)
        self.offer_parts(target)
        if target.approved_wording is not None:
            self.fields["area"].disabled = True
            self.fields["area"].help_text = f"It was approved as {target.reference}: this stays."
        if not (target.extra or self.initial.get("extra") or self.data.get("extra")):
            del self.fields["extra"]

    def offer_choices(self, target: Target) -> None:
        area, level = self.fields["area"], self.fields["aim_level"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 (for the type checker)
        assert isinstance(level, forms.ChoiceField)  # noqa: S101 (for the type checker)
        area.choices = [("", "Choose one"), *PlanArea.choices]
        levels = [(str(one.value), str(one)) for one in self.offered.levels]
        if target.aim_level is not None and str(target.aim_level) not in dict(levels):
            levels.append((str(target.aim_level), str(target.aim_level)))
        level.choices = [("", "None"), *levels]
        if not levels:
            del self.fields["aim_level"]

    def offer_parts(self, target: Target) -> None:
        """Statements, priorities and people of this service, and whatever the target has now."""
        audit = self.offered.audit
        edition = audit.questionnaire_id if audit else None
        statements = Statement.objects.filter(questionnaire=edition)
        priorities = Priority.objects.filter(audit=audit, standing=Standing.CHOSEN)
        if target.pk:
            statements = statements | Statement.objects.filter(targets=target)
            priorities = priorities | Priority.objects.filter(targets=target)
        choose(self, "statements", statements.distinct().in_order())
        choose(self, "topics", Topic.objects.all())
        priorities = priorities.distinct().select_related("statement", "section")
        choose(self, "priority", priorities, empty="None")
        members = {one.user_id: one for one in self.offered.members}
        people = [pk for pk in (target.owner_id, *members) if pk is not None]
        choose(
            self,
            "owner",
            User.objects.filter(pk__in=people).order_by("name", "pk"),
            empty="Nobody yet",
        )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        start, due = said.get("starts_on"), said.get("due_on")
        if start and due and due < start:
            self.add_error("due_on", BEFORE_START)
        if (said.get("cost") or 0) < 0:
            self.add_error("cost", "The cost is a sum in pounds, or nothing.")
        return said

    @property
    def chosen_sections(self) -> list[Boxes]:
        return [one for one in self.sections if one.chosen]

    @property
    def other_sections(self) -> list[Boxes]:
        return [one for one in self.sections if not one.chosen]

    @cached_property
    def sections(self) -> list[Boxes]:
        """The statements to choose from, by section."""
        rows = groupby(
            self["statements"].subwidgets, key=lambda box: box.data["value"].instance.section
        )
        return [Boxes(section, list(boxes)) for section, boxes in rows]

    def content(self, milestones: Iterable[Any] = ()) -> Content:
        """What was written, once it is valid."""
        said = self.cleaned_data
        row = {name: said[name] for name in ROW if name in self.fields}
        return Content(row, list(said["statements"]), list(said["topics"]), list(milestones))


def choose(form: forms.BaseForm, name: str, among: Any, empty: str | None = None) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
    field.queryset, field.empty_label = among, empty
