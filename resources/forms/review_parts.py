"""What the authors of an annual review fill in of a quotation and of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from portal import pictures
from portal.models import MusicService
from portal.pictures import NotAPictureError
from portal.pictures import Picture as Pixels
from resources.models import Picture, Quotation
from resources.reviews.quotations import Said

SAY_WHERE = "Say where and when consent was given: a form, a message, a day."
CONSENT = [("False", "Not yet: it is kept here and not printed"), ("True", "Yes, it is on record")]


class QuotationForm(forms.ModelForm[Quotation]):
    """Who said what, and that they agreed to be quoted."""

    # Two words to choose of, not a tick: a tick that somebody else took away could not be seen.
    consent = forms.TypedChoiceField(
        label="May they be quoted?",
        choices=CONSENT,
        coerce=lambda chosen: chosen == "True",
        widget=forms.RadioSelect,
        initial="False",
        help_text="To these words, under this name, in a review that everybody can read. For a "
        "child or young person, a parent or carer agrees too.",
        error_messages={"required": "Say whether consent is on record."},
    )

    class Meta:
        model = Quotation
        fields = ["text", "name", "role", "service", "consent", "consent_note"]
        labels = {
            "name": "Name",
            "role": "Role",
            "service": "Music service",
            "consent_note": "Where and when consent was given",
        }
        help_texts = {
            "text": "Their own words, without quotation marks: the page sets them.",
            "name": "As they wish to be named. Of a young person the first name is enough. Leave "
            "it empty to print the role alone.",
            "role": "“Tutor”, “Head teacher”, “Young musician”.",
            "consent_note": "Needed once it is on record: “Signed form of 3 May, in the project "
            "folder”. Only the programme team sees this.",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        error_messages = {"text": {"required": "Write what was said."}}

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, instance: Quotation | None = None
    ) -> None:
        super().__init__(data, instance=instance)
        services = self.fields["service"]
        assert isinstance(services, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        services.queryset = MusicService.objects.order_by("name")
        services.empty_label = "None, or not to be named"

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        no_note = "consent_note" in said and not said["consent_note"]
        if said.get("consent") and no_note:
            self.add_error("consent_note", SAY_WHERE)
        return said

    @property
    def said(self) -> Said:
        """What was written, once it is valid."""
        return Said(**{name: self.cleaned_data[name] for name in self._meta.fields or ()})


class PictureForm(forms.Form):
    """A picture, what it shows, and whose it is."""

    image = forms.FileField(
        label="Picture",
        help_text="PNG, JPEG or WebP, at most 12 MB and 25 million pixels. It is kept no wider "
        "and no higher than 1,600 pixels.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        allow_empty_file=True,
        error_messages={"required": "Choose a picture."},
    )
    alt = forms.CharField(
        label="What it shows",
        help_text="Read out to people who cannot see it: who does what, where. Name nobody who "
        "has not agreed to be named.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what the picture shows."},
    )
    credit = forms.CharField(
        label="Credit",
        help_text="Who took or drew it, as they wish to be named.",
        max_length=160,
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        picture: Picture | None = None,
    ) -> None:
        shown = {"alt": picture.alt, "credit": picture.credit} if picture else None
        super().__init__(data, files, initial=shown)
        if picture:
            self.fields["image"].label = "Another picture in its place"
            self.fields["image"].required = False

    def clean_image(self) -> Pixels | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["image"]
        if file is None:
            return None
        try:
            pictures.refuse_heavy(file.size or 0)
            return pictures.for_page(file.read())
        except NotAPictureError as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_alt(self) -> str:
        return " ".join(str(self.cleaned_data["alt"]).split())
