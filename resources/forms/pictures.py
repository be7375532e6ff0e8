"""Choosing a picture for the text of a resource, and saying what it shows."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from portal import pictures
from portal.pictures import MOST_BYTES, NotAPictureError, Picture


class AltForm(forms.Form):
    """What a picture shows, in words."""

    alt = forms.CharField(
        label="What it shows",
        max_length=300,
        help_text="For people who cannot see it: what matters in it, in a sentence. "
        "“Three tutors around a table, writing in diaries.”",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what the picture shows."},
    )

    def clean_alt(self) -> str:
        return " ".join(str(self.cleaned_data["alt"]).split())


class PictureForm(AltForm):
    """A picture, and what it shows."""

    image = forms.FileField(
        label="Picture",
        help_text=f"PNG, JPEG or WebP, at most {MOST_BYTES // 1_000_000} MB. It is made small "
        "enough for a page, and where and when it was taken is left out.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        allow_empty_file=True,
        error_messages={"required": "Choose a picture."},
    )
    field_order = ["image", "alt"]
    file_name = ""

    def clean_image(self) -> Picture:
        file: UploadedFile[bytes] = self.cleaned_data["image"]
        self.file_name = file.name or ""
        try:
            pictures.refuse_heavy(file.size or 0)
            return pictures.for_page(file.read())
        except NotAPictureError as refusal:
            raise forms.ValidationError(str(refusal)) from None
