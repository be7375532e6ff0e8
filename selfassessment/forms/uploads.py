"""Choosing the workbooks to bring in, and saying who filled them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from selfassessment.models import ROLE_GROUPS, Audit, Upload
from selfassessment.sheets.uploads import MOST_BYTES, MOST_FILES

EACH = f"An .xlsx workbook of at most {MOST_BYTES // 1_000_000} MB"
HANDS_IN, KEEPS_OPEN = "hand_in", "keep_open"
NO_GROUP = {"required": "Choose the role group of whoever filled them in."}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or many. One that is empty or too large is told of by itself, not here."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:  # noqa: ARG002
        files: list[UploadedFile[bytes]] = list(data or [])
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                f"Choose at most {MOST_FILES} files at once; these are {len(files)}."
            )
        return files


class AddForm(forms.Form):
    """Workbooks of people who rate: each file is one person."""

    workbooks = FilesField(
        label="Filled-in workbooks",
        help_text=f"One or many, up to {MOST_FILES} at once. {EACH} each.",
        widget=ManyFiles(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Choose one workbook or more."},
    )
    role_group = forms.ChoiceField(
        label="Who filled them in",
        choices=[("", "Choose a role group"), *ROLE_GROUPS],
        help_text="You can change it file by file on the next page.",
        error_messages=NO_GROUP,
    )


class OwnForm(forms.Form):
    """A workbook with one's own ratings."""

    file = forms.FileField(
        label="Your filled-in workbook",
        help_text=f"{EACH}.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,
        error_messages={"required": "Choose your workbook."},
    )


class WhoseForm(forms.ModelForm[Upload]):
    """Who filled in one of the files."""

    role_group = forms.ChoiceField(
        label="Role group",
        choices=ROLE_GROUPS,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages=NO_GROUP,
    )

    class Meta:
        model = Upload
        fields = ["role_group", "name"]
        widgets = {"name": forms.TextInput(attrs={"class": "form-control"})}
        labels = {"name": "Name"}

    def __init__(self, data: Mapping[str, str] | None = None, *, instance: Upload) -> None:
        super().__init__(data, instance=instance, prefix=f"u{instance.pk}")
        if instance.audit.is_anonymous:
            del self.fields["name"]


class HowForm(forms.Form):
    """What happens to the ratings of a new respondent once they are in."""

    how = forms.ChoiceField(
        label="Then",
        choices=[
            (HANDS_IN, "Hand them in as they are"),
            (KEEPS_OPEN, "Keep them open, and send a personal link to go on with"),
        ],
        initial=HANDS_IN,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens then."},
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, audit: Audit) -> None:
        super().__init__(data, initial={"how": HANDS_IN})
        # Kept open, its link would show a lead what somebody rates who was told nobody can see it.
        if audit.is_anonymous:
            del self.fields["how"]

    @property
    def hands_in(self) -> bool:
        return self.cleaned_data.get("how") != KEEPS_OPEN
