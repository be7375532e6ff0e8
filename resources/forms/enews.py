"""The form that asks for the e-news, and the one that takes an address away."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.core import signing

from portal.models import Topic

SALT = "resources.enews"
SOONEST, LATEST = 3, 24 * 3600  # seconds from showing the form to sending it
TOO_QUICK = "That was quicker than people are. Please press the button once more."
TOO_LATE = "This page had been open for too long. Please press the button once more."


def age(stamp: str) -> float:
    """How many seconds ago a form was shown; for a stamp that is not ours, for ever ago."""
    try:
        return time.time() - float(signing.loads(stamp, salt=SALT))
    except signing.BadSignature:
        return float("inf")


class EnewsForm(forms.Form):
    """An address and what it cares about. A stamp tells people from programs, without a puzzle."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Give your e-mail address."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(),
        label="What you care about",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none, and you get all of it.",
    )

    @property
    def stamp(self) -> str:
        """When the form was first shown, signed: as it came back, or anew if that is no use."""
        came = self.data.get("stamp", "")
        return came if age(came) < LATEST else signing.dumps(time.time(), salt=SALT)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        seconds = age(self.data.get("stamp", ""))
        if seconds >= LATEST:
            raise forms.ValidationError(TOO_LATE)
        if seconds < SOONEST:
            raise forms.ValidationError(TOO_QUICK)
        return said


class RemoveForm(forms.Form):
    """An address that somebody asked us to delete."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Give the address to delete."},
    )
