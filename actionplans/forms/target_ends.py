"""How a target ends: done, or dropped with the reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from actionplans.forms.targets import NO_DAY
from actionplans.models import TargetStatus
from selfassessment.forms.audits import DayInput


class EndForm(forms.Form):
    """What became of it, when, and why."""

    status = forms.ChoiceField(
        label="What became of it",
        choices=[
            (TargetStatus.DONE, "Done: what it says has changed"),
            (TargetStatus.DROPPED, "Dropped: we will not go on with it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is done or dropped."},
    )
    ended_on = forms.DateField(
        label="On", widget=DayInput(), error_messages={"required": "Say when.", "invalid": NO_DAY}
    )
    ended_reason = forms.CharField(
        label="What is left to say",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where it is dropped, say why: the next plan learns from it.",
    )

    def clean_ended_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["ended_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come. Choose today or earlier.")
        return day

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("status") == TargetStatus.DROPPED and not said.get("ended_reason"):
            self.add_error("ended_reason", "Say why the target is dropped.")
        return said
