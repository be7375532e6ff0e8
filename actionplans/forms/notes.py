"""A progress note: what happened, how it goes, how far it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone

from actionplans.models import ProgressNote, Rag, Target
from actionplans.progress import number

WEB = URLValidator(["http", "https"], message="A link to a page: it begins with https://.")


class NoteForm(forms.ModelForm[ProgressNote]):
    """One note on a target; it asks for the number of the measure, or else for per cent."""

    rag = forms.ChoiceField(
        label="How it goes",
        choices=[("", "Not said"), *Rag.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    evidence_url = forms.URLField(
        label="Link to evidence",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[WEB],
        help_text="A page that shows it: a report, a recording, minutes.",
    )

    class Meta:
        model = ProgressNote
        fields = [
            *("noted_on", "text", "rag", "value", "percent", "young_people"),
            *("evidence", "evidence_url"),
        ]
        widgets = {
            "noted_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "text": forms.Textarea(attrs={"rows": 4}),
            "young_people": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "noted_on": "The day it happened. Not after today.",
            "text": "Two or three sentences are enough.",
            "young_people": "What is different for them now? Leave it empty if nothing is yet.",
            "evidence": "What shows it, in a few words.",
        }
        error_messages = {
            "noted_on": {"required": "Say on which day.", "invalid": "Write a date."},
            "text": {"required": "Say what happened."},
        }

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.fields["noted_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        # Whichever the target has; the other one only where this note says it already.
        counted = target.aim_value is not None
        if not counted and self.instance.value is None:
            del self.fields["value"]
        if counted and self.instance.percent is None:
            del self.fields["percent"]
        if "value" in self.fields:
            self.fields["value"].help_text = self.aim_in_words()
        if "percent" in self.fields:
            self.fields["percent"].help_text = "Your own estimate, from 0 to 100."

    def aim_in_words(self) -> str:
        target = self.target
        unit = f" {target.unit}" if target.unit else ""
        start = f", from {number(target.start_value)}" if target.start_value is not None else ""
        aim = number(target.aim_value) if target.aim_value is not None else "none now"
        return f"The aim is {aim}{unit}{start}."

    def clean_noted_on(self) -> Any:
        day = self.cleaned_data["noted_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("This day is still to come. A note tells what happened.")
        return day
