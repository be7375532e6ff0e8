"""What is said as a resource moves on: a note, a day, a reason."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from resources.forms.writing import NO_DAY
from selfassessment.forms.audits import DayInput


class SubmitForm(forms.Form):
    """A draft goes to a second pair of eyes."""

    note = forms.CharField(
        label="A note to whoever reads it",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What to look at, and what you are not sure of.",
    )


class PublishForm(forms.Form):
    """From which day readers see it."""

    on = forms.DateField(
        label="From",
        widget=DayInput(),
        initial=timezone.localdate,
        help_text="Today, a day to come, or the day it first came out somewhere else.",
        error_messages={"required": "Say from which day.", "invalid": NO_DAY},
    )


class ReasonForm(forms.Form):
    """Why it goes back, or into the archive."""

    reason = forms.CharField(
        label="Why",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the team: it stays in the history. Readers do not see it.",
        error_messages={"required": "Say why, so that others of the team understand."},
    )
