"""A progress note: what happened, how it goes, how far it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils import timezone

from actionplans.following.evidence import MOST_BYTES, MOST_FILES, Taken, check_size, take
from actionplans.following.file_kinds import TAKEN, NotTakenError
from actionplans.models import ProgressNote, Rag, Target
from actionplans.progress import number
from selfassessment.forms.audits import DayInput
from selfassessment.forms.uploads import ManyFiles

AGAIN = "Choose your files again: a browser forgets them when a page comes back."


class WebField(forms.URLField):
    """An address of the web, and of nothing else that browsers open."""

    default_validators = [URLValidator(["http", "https"])]


class EvidenceField(forms.FileField):
    """No file, one or many: each told by its content, and refused with its reason."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Taken]:  # noqa: ARG002
        files: list[UploadedFile[bytes]] = list(data or [])
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


class NoteForm(forms.ModelForm[ProgressNote]):
    """One note on a target; it asks for the number of the measure, or else for per cent."""

    rag = forms.ChoiceField(
        label="How it goes",
        choices=[("", "Not said"), *Rag.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    evidence_url = WebField(
        label="Link to evidence",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Write the whole address of a page: it begins with https://."},
        help_text="A page that shows it: a report, a recording, minutes.",
    )
    evidence_files = EvidenceField(
        label="Files",
        required=False,
        widget=ManyFiles,
        help_text=(
            f"{TAKEN}. At most {MOST_FILES} for a note, {MOST_BYTES // 2**20} MB each. Everybody "
            "who may read this plan may take them. Nothing about single children, please."
        ),
    )

    class Meta:
        model = ProgressNote
        fields = [
            *("noted_on", "text", "rag", "value", "percent", "young_people"),
            *("evidence", "evidence_url"),
        ]
        widgets = {
            "noted_on": DayInput,
            "text": forms.Textarea(attrs={"rows": 4}),
            "young_people": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "noted_on": "The day it happened. Not after today.",
            "text": "Two or three sentences are enough.",
            "young_people": "What is different for them now? Leave it empty if nothing is yet.",
            "evidence": "What shows it, in a few words.",
        }
        error_messages = {
            "noted_on": {"required": "Say on which day.", "invalid": "Write a date."},
            "text": {"required": "Say what happened."},
        }

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.order_fields([*self.Meta.fields, "evidence_files"])
        self.fields["noted_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        # Whichever the target has; the other one only where this note says it already.
        counted = target.aim_value is not None
        if not counted and self.instance.value is None:
            del self.fields["value"]
        if counted and self.instance.percent is None:
            del self.fields["percent"]
        if self.instance.value is not None:
            self.initial["value"] = number(self.instance.value)
        if "value" in self.fields:
            self.fields["value"].help_text = self.aim_in_words()
        if "percent" in self.fields:
            self.fields["percent"].help_text = "Your own estimate, from 0 to 100."

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self.ask_for_files_again()

    def ask_for_files_again(self) -> None:
        """No browser keeps a file in a form that comes back, so the form says so."""
        if self.files.getlist(self.add_prefix("evidence_files")) and not self.has_error(
            "evidence_files"
        ):
            self.add_error("evidence_files", AGAIN)

    @property
    def taken(self) -> list[Taken]:
        return list(self.cleaned_data["evidence_files"])

    def aim_in_words(self) -> str:
        target = self.target
        unit = f" {target.unit}" if target.unit else ""
        start = f", from {number(target.start_value)}" if target.start_value is not None else ""
        aim = number(target.aim_value) if target.aim_value is not None else "none now"
        return f"The aim is {aim}{unit}{start}."

    def clean_noted_on(self) -> Any:
        day = self.cleaned_data["noted_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("This day is still to come. A note tells what happened.")
        return day
