"""The form that asks for the e-news, and the one that takes an address away."""

from __future__ import annotations

from django import forms

from portal.bots import TrappedForm
from portal.models import Topic


class EnewsForm(TrappedForm):
    """An address and what it cares about."""

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


class RemoveForm(forms.Form):
    """An address that somebody asked us to delete."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Give the address to delete."},
    )
