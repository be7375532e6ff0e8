"""Wording a draft: its details, its scale, and each of its parts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar, cast

from django import forms
from django.db import models
from django.db.models import Max
from django.http import QueryDict

from selfassessment.models import (
    Area,
    IdeaPillar,
    Level,
    PlanArea,
    Questionnaire,
    Section,
    Statement,
)
from selfassessment.questionnaires.imports import CODE, CODE_RULE, HIGHEST, LOWEST, LevelRow

M = TypeVar("M", Questionnaire, Area, Section, Statement)
MOST_LEVELS = HIGHEST - LOWEST + 1

CHANGED_MEANWHILE = (
    "Somebody else changed this after you opened it, so nothing was saved. Their version is "
    "below. Take over what you want to keep of it, then save."
)


@dataclass(frozen=True)
class Line:
    """A field as somebody else saved it."""

    label: str
    text: str


def fingerprint(content: object) -> str:
    """A short name for what a page was shown, to notice when it is no longer so."""
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:32]


class DraftForm(forms.ModelForm[M]):
    """One part of a draft. If it changed since the page was opened, both versions are shown."""

    as_read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs: list[Line] = []
        now = {name: self.initial.get(name) for name in self._meta.fields or ()}
        if "topics" in now:
            now["topics"] = sorted(topic.pk for topic in now["topics"] or ())
        self.now = fingerprint(now)
        self.fields["as_read"].initial = self.now

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        mine = [name for name in self.changed_data if name != "as_read"]
        if self.instance.pk and mine and said.get("as_read") != self.now:
            self.theirs = [Line(str(self[name].label), self.said_by_them(name)) for name in mine]
            # Having seen both, the next save is meant.
            again = QueryDict(mutable=True)
            again.update(self.data)
            again["as_read"] = self.now
            self.data = again
            self.add_error(None, CHANGED_MEANWHILE)
        return said

    def said_by_them(self, name: str) -> str:
        value = getattr(self.instance, name)
        if isinstance(value, models.Manager):
            return ", ".join(map(str, value.all())) or "Nothing"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        return str(value) or "Nothing"

    def free_code(self, beside: models.QuerySet[Any]) -> str:
        """The code typed, if it can stand in an address and no part `beside` has it."""
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(f"Use {CODE_RULE}.")
        if beside.filter(code__iexact=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("The questionnaire has this code already.")
        return code


class DetailsForm(DraftForm[Questionnaire]):
    source = forms.CharField(
        label="Where it comes from, and by whose permission",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Questionnaire
        fields = ["name", "source"]
        error_messages = {"name": {"required": "Give the questionnaire a name."}}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Questionnaire.objects.filter(name__iexact=name, edition=self.instance.edition)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                f"Edition {self.instance.edition} of “{name}” exists already. Choose another name."
            )
        return name


class AreaForm(DraftForm[Area]):
    class Meta:
        model = Area
        fields = ["code", "name"]
        help_texts = {"code": "Short, such as A. It stands before the name."}
        error_messages = {
            "code": {"required": "Give the area a code."},
            "name": {"required": "Give the area a name."},
        }

    def clean_code(self) -> str:
        return self.free_code(Area.objects.filter(questionnaire=self.instance.questionnaire_id))

    def save(self, commit: bool = True) -> Area:  # noqa: FBT001, FBT002 (Django's signature)
        if not self.instance.pk:
            self.instance.order = after_last(self.instance.questionnaire.areas.all())
        return super().save(commit)


class SectionForm(DraftForm[Section]):
    class Meta:
        model = Section
        fields = ["area", "code", "name"]
        help_texts = {"code": "Short, such as A1. Its statements can be A1.1, A1.2 and so on."}
        error_messages = {
            "code": {"required": "Give the section a code."},
            "name": {"required": "Give the section a name."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self.fields["area"], self.instance.questionnaire.areas.all())

    def clean_code(self) -> str:
        return self.free_code(Section.objects.filter(questionnaire=self.instance.questionnaire_id))

    def save(self, commit: bool = True) -> Section:  # noqa: FBT001, FBT002 (Django's signature)
        if not self.instance.pk or "area" in self.changed_data:
            self.instance.order = after_last(self.instance.area.sections.all())
        return super().save(commit)


class StatementForm(DraftForm[Statement]):
    class Meta:
        model = Statement
        fields = [
            "section",
            "code",
            "text",
            "guidance",
            "plain_text",
            "plan_area",
            "idea_pillar",
            "quick_check",
            "topics",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "guidance": forms.Textarea(attrs={"rows": 3}),
            "plain_text": forms.Textarea(attrs={"rows": 2}),
            "topics": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "text": "Something a music service may find true of itself.",
            "guidance": "What to look at before choosing a level.",
            "plain_text": "For young people and parents. They are asked only statements with one, "
            "unless none has.",
        }
        error_messages = {
            "code": {"required": "Give the statement a code."},
            "text": {"required": "Write the statement."},
            "plan_area": {"required": "Choose a plan area."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self.fields["section"], self.instance.questionnaire.sections.all())
        for name, choices in (("plan_area", PlanArea.choices), ("idea_pillar", IdeaPillar.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
            field.choices = [("", "Choose one" if field.required else "None"), *choices]

    def clean_code(self) -> str:
        beside = Statement.objects.filter(questionnaire=self.instance.questionnaire_id)
        return self.free_code(beside)

    def save(self, commit: bool = True) -> Statement:  # noqa: FBT001, FBT002 (Django's signature)
        if not self.instance.pk or "section" in self.changed_data:
            self.instance.order = after_last(self.instance.section.statements.all())
        return super().save(commit)


def choose_among(field: forms.Field, parts: models.QuerySet[Any]) -> None:
    """Offer the parts of this very draft, so that nothing lands in another questionnaire."""
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
    field.queryset = parts
    field.empty_label = None


def after_last(beside: models.QuerySet[Any]) -> int:
    last = beside.aggregate(last=Max("order"))["last"]
    return 1 if last is None else last + 1


class LevelForm(forms.Form):
    """One level of a draft's scale; a row left blank is no level."""

    value = forms.IntegerField(
        label="Number",
        min_value=LOWEST,
        max_value=HIGHEST,
        error_messages={"required": "Give the level a number."},
    )
    name = forms.CharField(
        label="Name", max_length=40, error_messages={"required": "Give the level a name."}
    )
    anchor = forms.CharField(
        label="Choose this when",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class BaseScaleFormSet(forms.BaseFormSet[LevelForm]):
    """The whole scale of a draft at once: numbers may change places."""

    def __init__(self, data: QueryDict | None = None, *, levels: list[Level]) -> None:
        rows = [{"value": lv.value, "name": lv.name, "anchor": lv.anchor} for lv in levels]
        super().__init__(data, initial=rows, prefix="level")
        self.now = fingerprint(rows)
        self.theirs: list[Line] = []
        self.levels = levels

    def add_fields(self, form: LevelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Remove this level"

    def clean(self) -> None:
        if self.has_changed() and self.data.get("as_read") != self.now:
            self.theirs = [Line(str(level), level.anchor) for level in self.levels]
            raise forms.ValidationError(CHANGED_MEANWHILE)
        values = [level.value for level in self.scale]
        if len(set(values)) < len(values):
            raise forms.ValidationError("Each number once: two levels have the same one.")

    @property
    def scale(self) -> list[LevelRow]:
        """The levels that stay, in the order of their numbers."""
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        return sorted(
            (LevelRow(r["value"], r["name"], r["anchor"]) for r in kept), key=attrgetter("value")
        )


ScaleFormSet = cast(
    "type[BaseScaleFormSet]",
    forms.formset_factory(
        LevelForm,
        formset=BaseScaleFormSet,
        extra=2,
        max_num=MOST_LEVELS,
        absolute_max=2 * MOST_LEVELS,  # whatever number a request names
        validate_max=True,
        can_delete=True,
        can_delete_extra=False,
    ),
)
