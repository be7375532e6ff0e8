"""Totals from before the portal: typed in, or in a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

from selfassessment.models import Baseline
from selfassessment.models.looking_back import plain
from selfassessment.sheets import tables
from selfassessment.sheets.tables import key
from selfassessment.years.past import (
    HIGHEST_LEVEL,
    Levels,
    Past,
    PastTotal,
    When,
    area_name,
    completed,
    read_when,
    trouble_with,
)
from selfassessment.years.past_cells import Given
from selfassessment.years.past_sheets import Found, read

MOST_AREAS = 30
EXTRA_ROWS = 4
BOTH_ENDS = "Give both ends of the scale, the lower one first, or leave both empty."


class WhenField(forms.CharField):
    """A date as closely as somebody knows it."""

    def __init__(self, **kwargs: Any) -> None:
        hint = "As closely as you know it: “March 2019”, “4 March 2019”, “2018/19” or “2019”."
        super().__init__(label="When", max_length=40, help_text=hint, **kwargs)
        self.widget.attrs["class"] = "short-text"

    def clean(self, value: Any) -> When | None:
        text = super().clean(value)
        if not text:
            return None
        when = read_when(text)
        if when is None:
            raise forms.ValidationError("Write a date such as “March 2019” or “2018/19”.")
        if when.day > timezone.localdate():
            raise forms.ValidationError("Choose a date that has been.")
        return when


class HeadForm(forms.Form):
    """What it was, when, and on which scale."""

    name = forms.CharField(
        label="What it was",
        max_length=120,
        help_text="Such as the name of the tool, so that nobody takes it for ours.",
        error_messages={"required": "Say what it was."},
    )
    when = WhenField(error_messages={"required": "Say when it was."})
    lowest = forms.IntegerField(
        label="Lowest level of its scale", required=False, min_value=0, max_value=HIGHEST_LEVEL
    )
    highest = forms.IntegerField(
        label="Highest level of its scale",
        required=False,
        min_value=1,
        max_value=HIGHEST_LEVEL,
        help_text="On a scale of 1 to 3, the highest is 3. Leave both empty if you do not know.",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"lowest", "highest"} <= data.keys():
            one_alone = (data["lowest"] is None) != (data["highest"] is None)
            if one_alone or (self.levels and self.levels.lowest >= self.levels.highest):
                self.add_error("highest", BOTH_ENDS)
        return data

    @property
    def levels(self) -> Levels | None:
        """The scale, where both of its ends are said."""
        low, high = self.cleaned_data.get("lowest"), self.cleaned_data.get("highest")
        return None if low is None or high is None else Levels(low, high)

    @staticmethod
    def said_of(baseline: Baseline) -> dict[str, object]:
        return {
            "name": baseline.name,
            "when": baseline.when,
            "lowest": baseline.lowest,
            "highest": baseline.highest,
        }


class TotalForm(forms.Form):
    """One total; a row left blank is none."""

    area = forms.CharField(label="Area", max_length=120, required=False)
    total = forms.DecimalField(
        label="Total",
        min_value=0,
        decimal_places=2,
        max_digits=8,
        required=False,
    )
    most = forms.DecimalField(
        label="Out of",
        min_value=Decimal("0.01"),
        decimal_places=2,
        max_digits=8,
        required=False,
    )
    statements = forms.IntegerField(
        label="Statements", min_value=1, max_value=10_000, required=False
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rest = [data.get(name) for name in ("area", "most", "statements")]
        if "total" in data and data["total"] is None and any(rest):
            self.add_error("total", "Give the total, or clear the row.")
        return data

    @property
    def past(self) -> PastTotal:
        data = self.cleaned_data
        return PastTotal(area_name(data["area"]), data["total"], data["most"], data["statements"])


class BaseTotalFormSet(forms.BaseFormSet[TotalForm]):
    """All totals of one time. `levels` comes from the form above, once that is valid."""

    levels: Levels | None = None
    totals: tuple[PastTotal, ...] = ()

    def clean(self) -> None:
        filled = [
            form
            for form in self.forms
            if form.is_valid() and form.cleaned_data.get("total") is not None
        ]
        if not filled and not self.total_error_count():
            raise forms.ValidationError("Give at least one total.")
        seen: set[str] = set()
        totals = []
        for form in filled:
            total = completed(form.past, self.levels)
            if key(total.area) in seen:
                form.add_error("area", "One total for each area: this is the second.")
            elif trouble := trouble_with(total, self.levels):
                form.add_error("most" if total.most is None else "total", trouble)
            seen.add(key(total.area))
            totals.append(total)
        self.totals = tuple(totals)


TotalFormSet = cast(
    "type[BaseTotalFormSet]",
    forms.formset_factory(
        TotalForm,
        formset=BaseTotalFormSet,
        extra=EXTRA_ROWS,
        max_num=MOST_AREAS,
        absolute_max=MOST_AREAS,
        validate_max=True,
    ),
)


class BaselineForms:
    """The form of one baseline and the rows of its totals, checked together."""

    def __init__(self, data: QueryDict | None = None, baseline: Baseline | None = None) -> None:
        rows = [
            {
                "area": one.area,
                "total": plain(one.total),
                "most": plain(one.most),
                "statements": one.statements,
            }
            for one in (baseline.totals.all() if baseline else ())
        ]
        self.head = HeadForm(data, initial=HeadForm.said_of(baseline) if baseline else None)
        self.rows = TotalFormSet(data, initial=rows, prefix="total")

    @property
    def is_bound(self) -> bool:
        return self.head.is_bound

    def is_valid(self) -> bool:
        head = self.head.is_valid()
        self.rows.levels = self.head.levels if head else None
        return self.rows.is_valid() and head

    @property
    def context(self) -> dict[str, object]:
        """For the page; every form with errors, so that its summary lists them all."""
        return {
            "form": self.head,
            "formset": self.rows,
            "faulty": [form for form in (self.head, *self.rows.forms) if form.errors],
            "errors": len(self.head.errors) + self.rows.total_error_count(),
        }

    @property
    def past(self) -> Past:
        said = self.head.cleaned_data
        return Past(said["name"], said["when"], self.head.levels, self.rows.totals)


class UploadForm(HeadForm):
    """A spreadsheet of past years. `found` is what was understood, once it was read."""

    file = forms.FileField(
        label="Spreadsheet of past years",
        help_text="An .xlsx workbook or a CSV file of at most 2 MB, with totals only.",
        error_messages={
            "required": "Choose the file with your totals.",
            "empty": "This file is empty. Choose the file with your totals.",
        },
    )
    when = WhenField(required=False)
    field_order = ("file",)

    found: Found = Found()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].help_text = "Only where the file does not say: such as “March 2019”."
        self.fields["highest"].help_text = "Only where the file does not say, and you know."

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        given = Given(data["name"], data["when"], self.levels)
        self.found = read(tables.first_bytes(data["file"]), given)
        if self.found.problems:
            self.add_error("file", "Nothing was brought in. What to mend is in the table below.")
        elif any(past.when.day > timezone.localdate() for past in self.found.pasts):
            self.add_error("file", "A date in it has not been yet. Nothing was brought in.")
        return data
