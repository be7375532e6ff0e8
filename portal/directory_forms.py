"""Forms of the directory: hub areas, a service by hand and by file, its profile, and messages."""

from __future__ import annotations

from django import forms

from portal.models import HubArea


def lines(text: str) -> list[str]:
    """What stands on each line, once; the longest name a council area may have is 120."""
    names = [" ".join(line.split()) for line in text.splitlines()]
    found = list(dict.fromkeys(name for name in names if name))
    if any(len(name) > 120 for name in found):
        raise forms.ValidationError("Use at most 120 characters for each area.")
    return found


def web_address(label: str, help_text: str = "") -> forms.URLField:
    """An optional link of the same length as in the tables."""
    return forms.URLField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": "Enter a whole web address, such as https://example.org."},
    )


class HubForm(forms.ModelForm[HubArea]):
    source_url = web_address("Where this comes from")
    authorities = forms.CharField(
        label="Council areas in it",
        help_text="One on each line. A council area that lies in another hub area moves here.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    class Meta:
        model = HubArea
        fields = ["name", "source_url"]
        error_messages = {"name": {"required": "Enter the name of the hub area."}}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance.pk:
            now = self.instance.members.filter(until_on=None).select_related("authority")
            self.initial["authorities"] = "\n".join(member.authority.name for member in now)

    def clean_authorities(self) -> list[str]:
        return lines(self.cleaned_data["authorities"])


class HubLeadForm(forms.Form):
    organisation = forms.CharField(
        label="Hub lead organisation",
        max_length=160,
        error_messages={"required": "Enter the organisation."},
    )
    from_on = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave it empty where nobody knows.",
    )
    until_on = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave it empty for who leads it now.",
    )

    def clean(self) -> dict[str, object]:
        data = self.cleaned_data
        from_on, until_on = data.get("from_on"), data.get("until_on")
        if from_on and until_on and until_on < from_on:
            self.add_error("until_on", "The last day comes before the first.")
        return data
