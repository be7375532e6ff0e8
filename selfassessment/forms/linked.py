"""What somebody without an account is asked beside the statements: hardly anything."""

from __future__ import annotations

from typing import Any

from django import forms

from selfassessment.models import Audit, Respondent


class BeginForm(forms.Form):
    """Before one’s own response begins: a name, where names are known, and only if one likes."""

    name = forms.CharField(
        label="Your name, if you like",
        required=False,
        max_length=120,
        help_text="Your leads then see in their list that you were here. Leave it empty if not.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    # Names this load of the page, so that two clicks on its button are one person.
    once = forms.RegexField(regex=r"^[\w-]{1,32}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if audit.is_anonymous:
            del self.fields["name"]


class ReturnLinkForm(forms.Form):
    """Where to send the address to come back to."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="For this mail and for reminders. Your leads see it in their list of those "
        "asked, never beside a rating.",
        error_messages={"required": "Enter an e-mail address, or just keep the address above."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, respondent: Respondent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.respondent = respondent

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        others = self.respondent.audit.respondents.exclude(pk=self.respondent.pk)
        if others.asked().filter(email__iexact=email).exists():
            raise forms.ValidationError(
                "A mail with a link of its own went to this address. Use that one, or another "
                "address."
            )
        return email
