"""Choosing files of a resource: each told by its content, and refused with its reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from actionplans.following.evidence import Taken
from actionplans.following.file_kinds import TAKEN, NotTakenError
from resources.desk.files import MOST_BYTES, MOST_FILES, check_size, take
from selfassessment.forms.uploads import ManyFiles

EACH = f"{TAKEN}. At most {MOST_BYTES // 2**20} MB each."


class TakenField(forms.FileField):
    """One file or many, told by content."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Taken]:  # noqa: ARG002
        sent = data if isinstance(data, list) else [data]
        files: list[UploadedFile[bytes]] = [one for one in sent if one]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                f"Choose at most {MOST_FILES} files; these are {len(files)}."
            )
        taken, refused = [], []
        for file in files:
            name = file.name or "file"
            try:
                check_size(file.size or 0)
                taken.append(take(name, file.read()))
            except NotTakenError as reason:
                refused.append(f"“{name}” is not taken. {reason}")
        if refused:
            raise forms.ValidationError(refused)
        return taken


class FilesForm(forms.Form):
    """Files to add."""

    chosen = TakenField(
        label="Files",
        help_text=f"One or several. {EACH} Give them names that say what they are.",
        error_messages={"required": "Choose one file or more."},
    )

    @property
    def taken(self) -> list[Taken]:
        return list(self.cleaned_data["chosen"])


class ReplaceForm(forms.Form):
    """One file in the place of another."""

    chosen = TakenField(
        label="The new file",
        widget=forms.FileInput,
        help_text=EACH,
        error_messages={"required": "Choose a file."},
    )

    @property
    def taken(self) -> Taken:
        one: Taken = self.cleaned_data["chosen"][0]
        return one
