"""What readers of the library write: why they keep something, and whether it helped."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from portal.models import MusicService, User
from resources.models import Kept, Usefulness


class ServiceChoice(forms.ModelChoiceField[MusicService]):
    def label_from_instance(self, obj: MusicService) -> str:
        return f"Everybody with an account at {obj}"


class KeepForm(forms.ModelForm[Kept]):
    service = ServiceChoice(
        label="Who else sees it on this list",
        queryset=MusicService.objects.none(),
        required=False,
        empty_label="Nobody: it is my own list",
    )

    class Meta:
        model = Kept
        fields = ["why", "service"]
        labels = {"why": "Why you keep it"}

    def __init__(self, data: QueryDict | None = None, *, by: User, **more: Any) -> None:
        super().__init__(data, **more)
        own = [one.service_id for one in by.live_memberships]
        services = self.fields["service"]
        assert isinstance(services, ServiceChoice)  # noqa: S101 (for the type checker)
        services.queryset = MusicService.objects.filter(pk__in=own)
        if not own:
            del self.fields["service"]


class UsefulForm(forms.ModelForm[Usefulness]):
    useful = forms.TypedChoiceField(
        label="Was this useful?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say yes or no."},
    )

    class Meta:
        model = Usefulness
        fields = ["useful", "changed"]
        labels = {"changed": "What did you change?"}
        help_texts = {
            "changed": "The programme team reads it, without your name. It helps them to choose "
            "what to publish next."
        }
        widgets = {"changed": forms.Textarea(attrs={"rows": 3})}

    def __init__(
        self, data: QueryDict | None = None, *, instance: Usefulness | None = None
    ) -> None:
        shown = {"useful": "yes" if instance.useful else "no"} if instance else {}
        super().__init__(data, instance=instance, initial=shown)
