"""Asking people to rate: who sees what, whom, as what; and finding them again."""

from __future__ import annotations

from typing import Any

from django import forms

from selfassessment.asking import invites
from selfassessment.asking.addresses import Pasted, read
from selfassessment.models import ROLE_GROUPS, Audit, Privacy, Reached
from selfassessment.models.respondent import RespondentQuerySet

MOST = 500  # people in one go
LONGEST = 200_000  # characters
UNASKED = 10  # up to so many are asked without showing first how many there are
CHOOSE_GROUP = {"required": "Choose a role group.", "invalid_choice": "Choose a role group."}
YES = "yes"

MEANS = {
    Privacy.NAMED: (
        "Named: your service talks about all ratings together, without names. Once the talk is "
        "open, your service lead and inclusion lead can look up who said what."
    ),
    Privacy.ANONYMOUS: (
        "Anonymous: once somebody has handed in, nobody can tell what they said, not even from "
        "the database. You see who has handed in, and no more."
    ),
}


class PrivacyForm(forms.Form):
    """What joins a person to their ratings."""

    privacy = forms.ChoiceField(
        label="Who will see what",
        choices=[(privacy.value, text) for privacy, text in MEANS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose named or anonymous."},
    )


class RoleGroupForm(forms.Form):
    """From where in the service, or beside it, somebody sees it."""

    role_group = forms.ChoiceField(
        label="Role group",
        choices=[("", "Choose one"), *ROLE_GROUPS],
        error_messages=CHOOSE_GROUP,
    )


class InviteForm(RoleGroupForm):
    """One address or many, as one role group. `pasted` is who was found, and what was not."""

    addresses = forms.CharField(
        label="E-mail addresses",
        help_text=(
            "One or many: a line each, with commas, or rows of a spreadsheet. Names may stand "
            f"beside them, as in Sam Reed <sam@example.org>. At most {MOST} in one go."
        ),
        widget=forms.Textarea(
            attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
        error_messages={"required": "Enter at least one e-mail address."},
        strip=False,
    )
    pasted: Pasted | None = None

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit = audit

    @property
    def is_sure(self) -> bool:
        """Whether they were shown whom they ask, or are few enough to be asked at once."""
        few = self.pasted is not None and len(self.pasted.people) <= UNASKED
        return few or self.has_said_yes

    @property
    def has_said_yes(self) -> bool:
        return bool(self.data.get("sure") == YES)

    def clean_addresses(self) -> str:
        text = str(self.cleaned_data["addresses"])
        if len(text) > LONGEST:
            raise forms.ValidationError("This is too much text. Paste the addresses alone.")
        found = read(text)
        taken = invites.taken(self.audit, [person.email for person in found.people])
        self.pasted = found.without(taken)
        people, faults = len(self.pasted.people), len(self.pasted.faults)
        if people > MOST:
            raise forms.ValidationError(
                f"There are {people} addresses, and at most {MOST} go at once. "
                "Take some out for a second go."
            )
        if not people:
            raise forms.ValidationError("There is nobody to ask yet. Each line says why below.")
        if faults and not self.has_said_yes:
            lines = "1 line was" if faults == 1 else f"{faults} lines were"
            raise forms.ValidationError(
                f"{lines} left out, listed below. Mend them, or ask the others now."
            )
        return text


class FindForm(forms.Form):
    """Finding people in a long list."""

    q = forms.CharField(
        label="Name or address",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    role_group = forms.ChoiceField(
        label="Role group",
        required=False,
        choices=[("", "All"), *ROLE_GROUPS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    state = forms.ChoiceField(
        label="How far",
        required=False,
        choices=[
            ("", "All"),
            ("to_come", "Not handed in yet"),
            *Reached.choices,
            ("declined", "Asked not to be reminded"),
            ("failed", "Mail could not be sent"),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def narrow(self, respondents: RespondentQuerySet) -> RespondentQuerySet:
        """Those of them that are looked for; what makes no sense is passed over."""
        self.full_clean()
        said = self.cleaned_data
        if words := said.get("q"):
            respondents = respondents.matching(words)
        if group := said.get("role_group"):
            respondents = respondents.filter(role_group=group)
        match said.get("state"):
            case None | "":
                return respondents
            case "to_come":
                return respondents.to_come()
            case "declined":
                return respondents.asked().filter(declined_at__isnull=False)
            case "failed":
                return respondents.asked().mail_failed()
            case stage:
                return respondents.reached(stage)
