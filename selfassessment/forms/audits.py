"""Starting a self-assessment, and its date."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone

from portal.years import academic_year, year_name
from selfassessment.models import Audit, Questionnaire, Scope

LONGEST = dt.timedelta(days=2 * 366)
NO_DAY = {
    "required": "Choose a day to finish by.",
    "invalid": "Enter a whole date, with day, month and year.",
}


def check_finish(day: dt.date) -> dt.date:
    today = timezone.localdate()
    if day < today:
        raise forms.ValidationError("Choose today or a later day.")
    if day > today + LONGEST:
        raise forms.ValidationError("Choose a day within the next two years.")
    return day


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class StartForm(forms.ModelForm[Audit]):
    """What a service chooses before it rates."""

    year = forms.TypedChoiceField(label="Academic year", coerce=int)
    scope = forms.ChoiceField(
        label="How much of it",
        choices=Scope.choices,
        initial=Scope.WHOLE,
        widget=forms.RadioSelect,
        help_text="The quick check asks the statements that matter most, in about ten minutes.",
    )

    class Meta:
        model = Audit
        fields = ["questionnaire", "year", "scope", "finish_on"]
        widgets = {"finish_on": DayInput()}
        help_texts = {
            "finish_on": "A date helps. You can change it later, and nothing locks when it passes."
        }
        error_messages = {"finish_on": NO_DAY}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        now = academic_year(timezone.localdate())
        questionnaire = self.fields["questionnaire"]
        assert isinstance(questionnaire, forms.ModelChoiceField)  # noqa: S101 (for the types)
        questionnaire.queryset = in_use = Questionnaire.objects.in_use()
        questionnaire.empty_label = None
        questionnaire.initial = in_use.first()
        year = self.fields["year"]
        assert isinstance(year, forms.TypedChoiceField)  # noqa: S101 (for the types)
        year.choices = [(y, year_name(y)) for y in (now, now + 1, now - 1)]

    def clean_finish_on(self) -> dt.date:
        return check_finish(self.cleaned_data["finish_on"])

    def clean(self) -> None:
        super().clean()
        questionnaire = self.cleaned_data.get("questionnaire")
        quick = self.cleaned_data.get("scope") == Scope.QUICK
        if quick and questionnaire and not questionnaire.statements.quick_check().exists():
            self.add_error(
                "scope", "This questionnaire has no quick check. Choose the whole of it."
            )


class FinishForm(forms.ModelForm[Audit]):
    """Another date to finish by."""

    class Meta:
        model = Audit
        fields = ["finish_on"]
        widgets = {"finish_on": DayInput()}
        error_messages = {"finish_on": NO_DAY}

    def clean_finish_on(self) -> dt.date:
        return check_finish(self.cleaned_data["finish_on"])
