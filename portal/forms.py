"""Forms of the ground floor: people, invitations, music services."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password

from portal.access import ProgrammeRole, Role
from portal.models import MusicService, Region, ServiceKind, User

ROLE_HELP = {
    Role.LEAD: "runs everything for the service, and looks after its people",
    Role.INCLUSION_LEAD: "starts the self-assessment and sees all of it",
    Role.GROUP_MEMBER: "sees how far it is, then the results with their comments",
    Role.BOARD_VIEWER: "sees how far it is, then the results without comments",
}
PROGRAMME_ROLE_HELP = {
    ProgrammeRole.TEAM: "looks after questionnaires, music services and people",
    ProgrammeRole.FACILITATOR: "reads questionnaires",
    ProgrammeRole.FUNDER: "reads questionnaires",
}
LENGTH = "At least 12 characters. Three or four unrelated words are easy to remember."
NOT_AN_ADDRESS = "Enter a whole e-mail address, such as name@example.org."
CHOOSE_ROLE = {"required": "Choose a role."}


def explained(helps: dict[Role, str] | dict[ProgrammeRole, str]) -> list[tuple[str, str]]:
    """Choices that say what a role may do, so that nobody has to look it up."""
    return [(role.value, f"{role.label}: {text}") for role, text in helps.items()]


class NameForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name"]
        help_texts = {"name": "How colleagues see you."}
        error_messages = {"name": {"required": "Enter your name."}}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        help_text="They get a link that works for 14 days.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter their e-mail address.", "invalid": NOT_AN_ADDRESS},
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class ServiceInviteForm(InviteForm):
    role = forms.ChoiceField(
        label="Role",
        choices=explained(ROLE_HELP),
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ROLE,
    )


class ProgrammeInviteForm(InviteForm):
    programme_role = forms.ChoiceField(
        label="Role",
        choices=explained(PROGRAMME_ROLE_HELP),
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ROLE,
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label="Role",
        choices=explained(ROLE_HELP),
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ROLE,
    )


class JoinForm(forms.Form):
    """A new person's name and password. The address is the one the invitation went to."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="How colleagues see you.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text=LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )
    password_again = forms.CharField(
        label="Password, once more",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the password once more."},
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean(self) -> dict[str, object]:
        data = self.cleaned_data
        password = data.get("password")
        if password and data.get("password_again") and password != data["password_again"]:
            self.add_error("password_again", "The two passwords are not the same.")
        elif password:
            person = User(email=self.email, name=data.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


def kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Kind of service",
        help_text="What it is in law. The benchmark can be looked at by it.",
        choices=[("", "Not known"), *ServiceKind.choices],
        required=False,
    )


def list_of_areas(text: str) -> list[str]:
    """The council areas on the lines of a text, each once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    names = list(dict.fromkeys(line for line in lines if line))
    if any(len(name) > 120 for name in names):
        raise forms.ValidationError("Use at most 120 characters for each area.")
    return names


class ServiceForm(forms.ModelForm[MusicService]):
    authorities = forms.CharField(
        label="Council areas it works in",
        help_text="One on each line.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter at least one council area."},
    )

    class Meta:
        model = MusicService
        fields = ["name", "region", "kind"]
        error_messages = {
            "name": {"required": "Enter the name of the music service."},
            "region": {"required": "Choose a region."},
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)  # noqa: S101 (for the type checker)
        region.choices = [("", "Choose one"), *Region.choices]
        self.fields["kind"] = kind_field()

    def clean_authorities(self) -> list[str]:
        return list_of_areas(self.cleaned_data["authorities"])
