"""Forms for seats on the NWG."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from portal.models import MusicService, SeatState, User


class PersonField(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj}, {obj.email}"


class SeatForm(forms.Form):
    """Who of the service is meant."""

    user = PersonField(
        queryset=User.objects.none(),
        label="Person",
        empty_label="Choose somebody",
        error_messages={
            "required": "Choose who it is for.",
            "invalid_choice": "Choose somebody who belongs to the music service, without a seat.",
        },
    )

    def __init__(self, *args: object, service: MusicService, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["user"]
        assert isinstance(field, PersonField)  # noqa: S101 (for the type checker)
        field.queryset = self.people(service)
        field.help_text = f"Somebody who belongs to {service}. They need an account first."

    def people(self, service: MusicService) -> QuerySet[User]:
        """Members of the service for whom nothing is asked or given yet."""
        seated = service.nwg_seats.open().values("user")
        return members(service).exclude(pk__in=seated)


class GiveForm(SeatForm):
    from_on = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave it empty for today.",
    )

    def people(self, service: MusicService) -> QuerySet[User]:
        """Those who are proposed too."""
        seated = service.nwg_seats.filter(state=SeatState.LIVE).values("user")
        return members(service).exclude(pk__in=seated)


def members(service: MusicService) -> QuerySet[User]:
    return User.objects.filter(pk__in=service.memberships.live().values("user")).order_by(
        "name", "pk"
    )
