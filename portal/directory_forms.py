"""Forms of the directory: hub areas, a service by hand and by file, its profile, and messages."""

from __future__ import annotations

from django import forms

from portal.bots import TrappedForm
from portal.csv_in import UnreadableError, text_of
from portal.forms import NOT_AN_ADDRESS, ServiceForm, list_of_areas
from portal.models import HubArea


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
        return list_of_areas(self.cleaned_data["authorities"])


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


def words(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ProfileForm(forms.Form):
    """What a service says of itself: every part may stay empty."""

    why_joined = words("Why we joined", "What made you take part in Changing Tracks?")
    improving = words("What we are improving", "What are you working on this year?")
    difference = words("What difference it makes", "What has changed, and for whom?")
    website = web_address("Website", "The page about your music service.")


class MessageForm(TrappedForm):
    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="They answer to it. It goes to nobody else.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address, so that they can answer.",
            "invalid": NOT_AN_ADDRESS,
        },
    )
    text = forms.CharField(
        label="Your message",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Write your message."},
    )

    @property
    def message(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "email", "text")}


class FactsForm(ServiceForm):
    """What the programme says of a service. What the service says of itself is its profile."""

    first_year = forms.IntegerField(
        label="First year with the programme", required=False, min_value=1990, max_value=2100
    )
    source_url = web_address("Where these facts come from")

    class Meta(ServiceForm.Meta):
        fields = [
            *("name", "region", "kind", "first_year", "leads_programme", "action_research"),
            *("nurture_groups", "in_nwg", "source_url"),
        ]
        help_texts = {
            "name": "A new name leaves the old one as a former name. The address of the page stays."
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        areas = self.instance.local_authorities.all()
        self.initial["authorities"] = "\n".join(area.name for area in areas)

    def facts(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "authorities")}


class FileForm(forms.Form):
    """A file, or the text of one that was looked at."""

    all_optional = True  # one of the two it needs; which, the page knows

    file = forms.FileField(
        label="The file",
        required=False,
        help_text="A CSV file with the columns of the list that you can download.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    read = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    text = ""

    def clean(self) -> dict[str, object]:
        data = self.cleaned_data
        file = data.get("file")
        self.text = data.get("read", "")
        try:
            if file:
                self.text = text_of(file.read())
        except UnreadableError as error:
            self.add_error("file", str(error))
        else:
            if not self.text and "file" not in self.errors:
                self.add_error("file", "Choose the file.")
        return data


class HubFileForm(FileForm):
    """The same for hub areas, with the day from which they are as the file says."""

    on = forms.DateField(
        label="Changes hold from",
        required=False,
        help_text="Who led before leads until the day before. Leave it empty for today.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
