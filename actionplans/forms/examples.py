"""The form of an example target."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from actionplans import examples
from actionplans.models import ExampleTarget
from selfassessment.models import PlanArea

MOST_CODES = 20


class CodesField(forms.CharField):
    """Codes as people type them, with commas or spaces between; a list without doubles."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        typed = super().clean(value).upper()
        codes = list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", typed))))
        if not codes:
            raise forms.ValidationError(self.error_messages["required"])
        return codes


class ExampleForm(forms.ModelForm[ExampleTarget]):
    """Worded by the programme team; its codes are checked against what is published."""

    questionnaire = forms.ChoiceField(label="Questionnaire")
    codes = CodesField(
        label="Codes of statements or sections",
        max_length=200,
        help_text="With commas between, such as A1.3, A1. The code of a section offers the example "
        "for each of its statements.",
        error_messages={"required": "Say which statements or sections it suits."},
    )

    class Meta:
        model = ExampleTarget
        fields = ["questionnaire", "codes", "area", "title", "measure", "role", "due"]
        widgets = {
            "area": forms.RadioSelect,
            "measure": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "title": "Begin with a verb that changes something: “open”, “pay”, “rewrite”.",
            "measure": "With a number. People put their own in its place.",
            "role": "A role, such as Inclusion lead. Never a name.",
            "due": "In words, such as “spring term”.",
        }
        error_messages = {
            "area": {"required": "Choose a plan area."},
            "title": {"required": "Say what will change."},
            "measure": {"required": "Say how anybody will know."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = examples.published_names()
        if self.instance.pk and self.instance.questionnaire not in names:
            names.append(self.instance.questionnaire)
        questionnaire, area = self.fields["questionnaire"], self.fields["area"]
        assert isinstance(questionnaire, forms.ChoiceField)  # noqa: S101 (for the type checker)
        assert isinstance(area, forms.ChoiceField)  # noqa: S101
        questionnaire.choices = [(name, name) for name in names]
        area.choices = PlanArea.choices

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        name, codes = said.get("questionnaire"), said.get("codes") or []
        if len(codes) > MOST_CODES:
            self.add_error("codes", f"At most {MOST_CODES} codes. Use the code of a section.")
        elif name and (unknown := examples.unknown_codes(name, codes)):
            self.add_error(
                "codes",
                f"“{name}” has no {' and no '.join(unknown)}. Its published editions show the "
                "codes it has.",
            )
        return said
