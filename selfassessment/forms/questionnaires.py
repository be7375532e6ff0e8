"""Bringing a questionnaire in from a file."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.models import Topic
from selfassessment.questionnaires import imports
from selfassessment.sheets import tables
from selfassessment.sheets.tables import Problem

OWN_SCALE = "own"
SCALES = [
    ("maturity", "Five levels, 0 to 4: from “Not started” to “Embedded”"),
    ("three-point", "Three levels, 1 to 3: from “Not met” to “Fully met”"),
    (OWN_SCALE, "A scale of its own, from my file"),
]


class ImportForm(forms.Form):
    """A file of statements, and where its scale is. `parsed` is what to import, once valid."""

    name = forms.CharField(
        label="Name of the questionnaire",
        max_length=120,
        help_text="If there is a questionnaire of this name, yours becomes its next edition.",
        error_messages={"required": "Give the questionnaire a name."},
    )
    source = forms.CharField(
        label="Where it comes from, and by whose permission",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    file = forms.FileField(
        label="File with the statements",
        help_text="A CSV file or an .xlsx workbook of at most 2 MB and 500 statements.",
        error_messages={
            "required": "Choose the file with your statements.",
            "empty": "This file is empty. Choose the file with your statements.",
        },
    )
    scale = forms.ChoiceField(
        label="Scale", choices=SCALES, initial="maturity", widget=forms.RadioSelect
    )
    scale_file = forms.FileField(
        label="File with the scale",
        required=False,
        help_text=(
            "Only for a scale of its own, and only if the workbook has no sheet named “Scale”. "
            "Columns: value, name, anchor."
        ),
        error_messages={"empty": "This file is empty. Choose the file with your scale."},
    )

    parsed: imports.Parsed = imports.Parsed()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong in the files, to be listed in a table."""
        return self.parsed.problems

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "file" in said:
            topics = Topic.objects.values_list("name", flat=True)
            self.parsed = imports.parse_questionnaire(
                tables.first_bytes(said["file"]), topics=topics
            )
            self._find_scale(said)
        if self.problems:
            self.add_error("file", "Nothing was imported. What to mend is in the table below.")
        return said

    def _find_scale(self, said: dict[str, Any]) -> None:
        """Put the chosen scale, or what is wrong with it, into `parsed`."""
        found = self.parsed
        chosen, extra = said.get("scale", ""), said.get("scale_file")
        scale, problems = found.scale, found.problems
        if chosen != OWN_SCALE and (scale or extra):
            self.add_error(
                "scale",
                "There is a scale in your files. Choose “A scale of its own”, or leave it out.",
            )
        elif chosen in imports.SHIPPED_SCALES:
            scale = imports.shipped_scale(chosen)
        elif chosen == OWN_SCALE and extra:
            if scale:
                self.add_error("scale_file", "The workbook has a scale already. Leave one out.")
            own = imports.parse_scale(tables.first_bytes(extra))
            scale, problems = own.scale, problems + own.problems
        elif chosen == OWN_SCALE and not scale and not problems:
            self.add_error(
                "scale_file",
                "Choose the file with the scale, or add a sheet named “Scale” to the workbook.",
            )
        self.parsed = imports.Parsed(found.statements, scale, problems)
