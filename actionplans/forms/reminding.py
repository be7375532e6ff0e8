"""What is asked about term dates, quiet, and reminders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from actionplans.keeping import terms
from actionplans.keeping.snoozes import LONGEST
from actionplans.keeping.terms import Dates
from actionplans.models import Snooze
from portal.years import academic_year, year_name
from selfassessment.forms.audits import DayInput

WHOLE_DATE = "Enter a whole date, with day, month and year."
NEAR = dt.timedelta(days=62)  # how far from its academic year a term may reach


class TermForm(forms.Form):
    """One term of one year; with neither first nor last day it is as usual."""

    starts_on = forms.DateField(label="First day", required=False, widget=DayInput())
    ends_on = forms.DateField(label="Last day", required=False, widget=DayInput())
    half_starts_on = forms.DateField(label="Half term from", required=False, widget=DayInput())
    half_ends_on = forms.DateField(label="Half term to", required=False, widget=DayInput())
    all_optional = True

    def __init__(self, data: QueryDict | None, *, dates: Dates) -> None:
        shown = {name: getattr(dates, name) for name in self.base_fields}
        super().__init__(data, prefix=f"{dates.year}-{dates.term}", initial=shown)
        self.dates = dates
        for field in self.fields.values():
            field.error_messages["invalid"] = WHOLE_DATE

    @property
    def usual(self) -> Dates:
        return next(one for one in terms.usual(self.dates.year) if one.term == self.dates.term)

    @property
    def is_usual(self) -> bool:
        return self.dates == self.usual

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if not any(data.values()):
            return data
        self.check_pair("starts_on", "ends_on", "Give the last day too, or clear the whole term.")
        self.check_pair(
            "half_starts_on", "half_ends_on", "Give the end of half term too, or leave both empty."
        )
        if not self.errors and data["starts_on"] is None:
            self.add_error("starts_on", "Give the first and the last day of the term.")
        if not self.errors:
            self.check_order(data)
        return data

    def check_pair(self, first: str, last: str, say: str) -> None:
        data = self.cleaned_data
        if (data[first] is None) != (data[last] is None):
            self.add_error(last if data[last] is None else first, say)

    def check_order(self, data: dict[str, Any]) -> None:
        starts, ends = data["starts_on"], data["ends_on"]
        half, half_ends = data["half_starts_on"], data["half_ends_on"]
        year = self.dates.year
        first, last = dt.date(year, 9, 1) - NEAR, dt.date(year + 1, 8, 31)
        if not first <= starts <= last:
            self.add_error("starts_on", f"Choose a day in {year_name(year)}.")
        elif not first <= ends <= last:
            self.add_error("ends_on", f"Choose a day in {year_name(year)}.")
        elif ends <= starts:
            self.add_error("ends_on", "The last day comes after the first.")
        elif half and not starts < half < ends:
            self.add_error("half_starts_on", "Half term lies within the term.")
        elif half and not half <= half_ends < ends:
            self.add_error("half_ends_on", "Half term ends within the term, after it began.")

    @property
    def chosen(self) -> Dates:
        """The term as typed; the usual one where everything was cleared."""
        data = self.cleaned_data
        if not any(data.values()):
            return self.usual
        return Dates(year=self.dates.year, term=self.dates.term, **data)


class TermsPage:
    """The terms of two years together, as a formset is to the error summary."""

    def __init__(self, dates: tuple[Dates, ...], data: QueryDict | None = None) -> None:
        self.dates = dates
        self.forms = [TermForm(data, dates=one) for one in dates]
        self.chosen: list[Dates] = []

    def __iter__(self) -> Iterator[TermForm]:
        yield from self.forms

    @property
    def total_error_count(self) -> int:
        return sum(len(form.errors) for form in self)

    def is_valid(self) -> bool:
        """Whether all can be saved, each after the one before; `chosen` then says what to save."""
        if not self.total_error_count:
            self.chosen = [form.chosen for form in self]
            for before, one, form in zip(
                self.chosen, self.chosen[1:], self.forms[1:], strict=False
            ):
                if one.starts_on <= before.ends_on:
                    ends = date_format(before.ends_on, "j F Y")
                    form.add_error("starts_on", f"The term before ends on {ends}.")
        return not self.total_error_count

    @property
    def years(self) -> list[tuple[str, list[Dates], list[TermForm]]]:
        """Year by year: its name, its terms as they are saved, and their forms."""
        return [
            (
                year_name(year),
                [one for one in self.dates if one.year == year],
                [one for one in self.forms if one.dates.year == year],
            )
            for year in sorted({one.year for one in self.dates})
        ]


def two_years() -> list[int]:
    """The academic years whose terms can be set: this one and the next."""
    year = academic_year(timezone.localdate())
    return [year, year + 1]


class SnoozeForm(forms.ModelForm[Snooze]):
    """Until when to be left alone about a target, and why."""

    class Meta:
        model = Snooze
        fields: ClassVar = ["until_on", "reason"]
        widgets: ClassVar = {"until_on": DayInput()}
        labels: ClassVar = {"until_on": "Quiet until", "reason": "Why"}
        help_texts: ClassVar = {
            "until_on": "Reminders begin again on this day. At most 90 days from now.",
            "reason": "So that you know it when you look again.",
        }
        error_messages: ClassVar = {
            "until_on": {"required": "Choose a day.", "invalid": WHOLE_DATE},
            "reason": {"required": "Say why, in a few words."},
        }

    def clean_until_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["until_on"]
        today = timezone.localdate()
        if day <= today:
            raise forms.ValidationError("Choose a day after today.")
        if day > today + LONGEST:
            last = date_format(today + LONGEST, "j F Y")
            raise forms.ValidationError(f"Choose a day up to {last}: that is 90 days from now.")
        return day
