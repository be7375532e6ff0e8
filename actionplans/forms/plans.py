"""What is asked when a plan is started, approved, or closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils import timezone

from actionplans.models import ActionPlan, Target, first_day, last_day
from portal.models import MusicService
from portal.years import academic_year, year_name
from selfassessment.forms.audits import DayInput
from selfassessment.models import Audit

OTHER = "other"
EMPTY = ""
LONGEST = 5  # years, of one plan
OFFERED_AUDITS = 3
NO_DAY = {"invalid": "Enter a whole date, with day, month and year."}


def periods(today: dt.date) -> dict[str, tuple[dt.date, dt.date, str]]:
    """The periods to choose from, each with its days and its words."""
    year = academic_year(today)
    spans = [(year, year), (year + 1, year + 1), (year, year + 1), (year, year + 2)]
    return {
        f"{first}-{last}": (
            first_day(first),
            last_day(last),
            f"{year_name(first)}, September {first} to August {last + 1}"
            if first == last
            else f"{year_name(first)} to {year_name(last)}, {apnumber(last - first + 1)} years",
        )
        for first, last in spans
    }


class StartForm(forms.Form):
    """For which period a plan is, and what it begins from."""

    all_optional = True  # no word beside days that only another period asks for
    period = forms.ChoiceField(label="Which period", widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label="First day",
        required=False,
        widget=DayInput(),
        error_messages=NO_DAY,
        help_text="Only for another period.",
    )
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        widget=DayInput(),
        error_messages=NO_DAY,
        help_text="Only for another period.",
    )
    audit = forms.ChoiceField(
        label="Which self-assessment it follows from",
        required=False,
        widget=forms.RadioSelect,
        help_text="Its priorities are offered as targets, each with its level filled in.",
    )
    carry = forms.BooleanField(required=False)
    table = forms.BooleanField(
        label="We have a plan as a table: bring it in next",
        required=False,
        help_text="From Excel or CSV. You see what goes where before anything is saved.",
    )

    def __init__(self, *args: Any, service: MusicService, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.periods = periods(today)
        self.audits = {
            str(audit.pk): audit
            for audit in Audit.objects.for_service(service)
            .filter(totals_shown_at__isnull=False)
            .newest_first()[:OFFERED_AUDITS]
        }
        self.last, unfinished = last_plan(service)
        period = self.fields["period"]
        assert isinstance(period, forms.ChoiceField)  # noqa: S101 (for the types)
        period.choices = [
            *((key, words) for key, (_, _, words) in self.periods.items()),
            (OTHER, "Another period"),
        ]
        self.initial.setdefault("period", self.first_free(service))
        self.offer_audits()
        if self.last:
            self.fields["carry"].label = f"Go through what is unfinished in {self.last.period}"
            self.fields["carry"].help_text = (
                f"{unfinished} target{'s' if unfinished > 1 else ''}, asked one by one: carry it "
                "forward, or leave it with a reason."
            )
            self.initial.setdefault("carry", True)
        else:
            del self.fields["carry"]

    def first_free(self, service: MusicService) -> str:
        """This year, or the next period that has no plan yet."""
        there = ActionPlan.objects.for_service(service).values_list("starts_on", "ends_on")
        taken = set(there)
        free = [key for key, (*days, _) in self.periods.items() if tuple(days) not in taken]
        return next(iter(free), OTHER)

    def offer_audits(self) -> None:
        if not self.audits:
            del self.fields["audit"]
            return
        audit = self.fields["audit"]
        assert isinstance(audit, forms.ChoiceField)  # noqa: S101 (for the types)
        audit.choices = [
            *((pk, str(one)) for pk, one in self.audits.items()),
            (EMPTY, "None: begin with an empty plan"),
        ]
        self.initial.setdefault("audit", next(iter(self.audits)))

    def clean(self) -> None:
        data = self.cleaned_data
        if data.get("period") == OTHER:
            self.clean_own_period()
        elif "period" in data:
            data["starts_on"], data["ends_on"], _ = self.periods[data["period"]]
        starts_on = data.get("starts_on")
        if data.get("carry") and starts_on and self.last and self.last.starts_on >= starts_on:
            self.add_error(
                "carry",
                f"The plan for {self.last.period} is no earlier one. Choose a later period.",
            )

    def clean_own_period(self) -> None:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first is None and "starts_on" not in self.errors:
            self.add_error("starts_on", "Enter the first day of the period.")
        if last is None and "ends_on" not in self.errors:
            self.add_error("ends_on", "Enter the last day of the period.")
        if not first or not last:
            return
        if last <= first:
            self.add_error("ends_on", "The last day comes after the first.")
        elif (last - first).days > LONGEST * 366:
            self.add_error("ends_on", "A plan runs for five years at most.")

    def plan(self) -> dict[str, Any]:
        """What `plans.start` is told."""
        data = self.cleaned_data
        return {
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "audit": self.audits.get(data.get("audit", "")),
            "carried_from": self.last if data.get("carry") else None,
        }


def last_plan(service: MusicService) -> tuple[ActionPlan | None, int]:
    """The newest plan a board approved, where it has unfinished targets, and how many."""
    last = ActionPlan.objects.for_service(service).agreed().newest_first().first()
    unfinished = Target.objects.filter(plan=last).open().count() if last else 0
    return (last if unfinished else None), unfinished


class ApproveForm(forms.Form):
    """Who approved the plan, when, and what was said."""

    approver = forms.CharField(
        label="Who approved it",
        max_length=160,
        help_text="The body, not a person: “Board of trustees”, “Music service board”.",
        error_messages={"required": "Say who approved the plan."},
    )
    approved_on = forms.DateField(
        label="On which day",
        widget=DayInput(),
        error_messages={"required": "Enter the day on which it was approved.", **NO_DAY},
    )
    said = forms.CharField(
        label="What was said",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Conditions, questions, what they want to see next time.",
    )

    def clean_approved_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["approved_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come. Record the approval after it.")
        return day


class CloseForm(forms.Form):
    """What is left to say at the end of a plan."""

    said = forms.CharField(
        label="What is left to say",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What worked, what did not, what the next plan should know.",
    )
