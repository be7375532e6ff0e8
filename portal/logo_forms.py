"""Choosing the logo that a music service's papers carry."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from portal import logos, pictures
from portal.models import MusicService, ServiceLogo
from portal.pictures import NotAPictureError, Picture


class LogoForm(forms.Form):
    """A picture, and what it shows for people who cannot see it."""

    image = forms.FileField(
        label="Picture",
        help_text="PNG, JPEG or WebP, at most 2 MB and 4000 × 4000 pixels.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        allow_empty_file=True,
        error_messages={"required": "Choose a picture."},
    )
    alt = forms.CharField(
        label="What it shows",
        help_text="Read out to people who cannot see it. The name of your service often does.",
        max_length=200,
        error_messages={"required": "Say what the picture shows."},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        service: MusicService,
        logo: ServiceLogo | None,
    ) -> None:
        super().__init__(data, files, initial={"alt": logo.alt if logo else service.name})
        if logo:
            self.fields["image"].label = "Another picture"
            self.fields["image"].required = False

    def clean_image(self) -> Picture | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["image"]
        if file is None:
            return None
        try:
            pictures.refuse_heavy(file.size or 0, logos.MOST_BYTES)
            return logos.picture(file.read())
        except NotAPictureError as refusal:
            raise forms.ValidationError(str(refusal)) from None
