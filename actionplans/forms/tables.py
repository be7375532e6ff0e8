"""Choosing a table to bring into a plan, and saying what its columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField

from actionplans.tables import columns
from actionplans.tables.cells import Cell, Grid, filled, one_line
from actionplans.tables.columns import LOOK_FOR_HEADINGS, Field
from actionplans.tables.matching import NO_HEADINGS, Match
from actionplans.tables.plan_rows import headings
from actionplans.tables.uploads import MOST_BYTES, PASTED
from selfassessment.models import PlanArea
from selfassessment.sheets.tables import shortened

TOO_LARGE = f"Choose a file of at most {MOST_BYTES // 1_000_000} MB."


class ImportForm(forms.Form):
    """A file with a plan, or a table pasted."""

    all_optional = True  # one of the two: said in words

    file = forms.FileField(
        label="Your plan as a file",
        help_text=f"An .xlsx workbook or a CSV file of at most {MOST_BYTES // 1_000_000} MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        required=False,
        allow_empty_file=True,
    )
    pasted = forms.CharField(
        label="Or paste the table here",
        help_text="Copy it from your spreadsheet or document, headings and all.",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=MOST_BYTES // 4,
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file: UploadedFile[bytes] | None = cleaned.get("file")
        pasted = (cleaned.get("pasted") or "").strip("\r\n ")
        if file and file.size and pasted.strip():
            self.add_error("pasted", "Choose a file or paste a table, not both.")
        elif file is not None and not file.size:
            self.add_error("file", "This file is empty. Choose another.")
        elif file and file.size and file.size > MOST_BYTES:
            self.add_error("file", TOO_LARGE)
        elif not file and not pasted.strip() and not self.errors:
            self.add_error("file", "Choose a file, or paste a table below.")
        return cleaned

    def table(self) -> dict[str, Any]:
        """What to keep of it until it is read."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file:
            return {"content": file.read(), "file_name": file.name or "plan.xlsx"}
        pasted = self.cleaned_data["pasted"].strip("\r\n ")
        return {"content": pasted.encode("utf-8-sig"), "file_name": PASTED}


@dataclass(frozen=True)
class Column:
    """One column to be matched: its select, and the first things that stand in it."""

    control: BoundField
    examples: Sequence[str]


class WhereForm(forms.Form):
    """Which sheet has the plan, and which row its headings."""

    sheet = forms.TypedChoiceField(label="Sheet", coerce=int)
    header = forms.TypedChoiceField(label="Row with the headings", coerce=int)

    def __init__(
        self, data: Mapping[str, str] | None = None, *, grids: Sequence[Grid], match: Match
    ) -> None:
        super().__init__(data, initial={"sheet": match.sheet, "header": match.header})
        self.match = match
        sheet, header = self.fields["sheet"], self.fields["header"]
        assert isinstance(sheet, forms.ChoiceField)  # noqa: S101 (tells mypy)
        assert isinstance(header, forms.ChoiceField)  # noqa: S101
        sheet.choices = [(at, grid.name or "The table") for at, grid in enumerate(grids)]
        rows = grids[match.sheet].cells[:LOOK_FOR_HEADINGS]
        header.choices = [
            (NO_HEADINGS, "None: the columns have no headings"),
            *((at, f"Row {at + 1}: {said(row)}") for at, row in enumerate(rows) if filled(row)),
        ]
        if len(grids) == 1:
            sheet.widget = forms.HiddenInput()

    def wanted(self) -> Match:
        return replace(
            self.match,
            sheet=self.cleaned_data["sheet"],
            header=self.cleaned_data["header"],
        )


def said(row: Sequence[Cell]) -> str:
    return " · ".join(one_line(cell.text)[:24] for cell in filled(row)[:5])


class ColumnsForm(forms.Form):
    """What each column is, the area for what has none, and which targets are not wanted."""

    area = forms.ChoiceField(
        label="Plan area where the table does not say",
        choices=[("", "Choose an area"), *PlanArea.choices],
        required=False,
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, grid: Grid, match: Match) -> None:
        super().__init__(data, initial={"area": match.area})
        self.match, self.grid = match, grid
        self.names = headings(grid.cells, match)
        for at, what in enumerate(match.columns):
            self.fields[f"c{at}"] = forms.ChoiceField(
                label=self.names[at],
                choices=columns.choices(),
                initial=what.value,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def listed(self) -> list[Column]:
        below = self.grid.cells[self.match.header + 1 :]
        return [
            Column(
                self[f"c{at}"],
                [shortened(one_line(row[at].text)) for row in below if row[at].text][:2],
            )
            for at in range(len(self.match.columns))
        ]

    def wanted(self) -> Match:
        return replace(
            self.match,
            columns=tuple(
                Field(self.cleaned_data[f"c{at}"]) for at in range(len(self.match.columns))
            ),
            area=self.cleaned_data["area"],
        )
