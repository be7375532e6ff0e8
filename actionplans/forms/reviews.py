"""What is asked when a review is planned, written and minuted."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone

from actionplans.keeping.reviews import Entry, Said, When
from actionplans.models import Decision, Review, ReviewLine
from selfassessment.forms.audits import DayInput

LONGEST = dt.timedelta(days=2 * 366)
SAY_WHY = "Say why the target is dropped: its page and the minutes show it."
NO_DAY = {
    "required": "Choose the day you meet.",
    "invalid": "Enter a whole date, with day, month and year.",
}


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ReviewForm(forms.ModelForm[Review]):
    """Which review it is, and when and where people meet."""

    class Meta:
        model = Review
        fields: ClassVar = ["name", "held_on", "starts_time", "place"]
        widgets: ClassVar = {"held_on": DayInput(), "starts_time": TimeInput()}
        help_texts: ClassVar = {
            "starts_time": "It then stands in people’s calendars, for an hour.",
            "place": "A room, or a link to meet online.",
        }
        error_messages: ClassVar = {
            "name": {"required": "Give the review a name, such as “Autumn term review”."},
            "held_on": NO_DAY,
            "starts_time": {"invalid": "Enter a time, such as 16:00."},
        }

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if abs(day - timezone.localdate()) > LONGEST:
            raise forms.ValidationError("Choose a day within two years of today.")
        return day

    @property
    def when(self) -> When:
        data = self.cleaned_data
        return When(data["name"], data["held_on"], data["starts_time"], data["place"])


class MeetingForm(forms.ModelForm[Review]):
    """Who is there, by role, and what else was said."""

    all_optional = True

    class Meta:
        model = Review
        fields: ClassVar = ["present", "said"]
        widgets: ClassVar = {
            "present": forms.Textarea(attrs={"rows": 2}),
            "said": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts: ClassVar = {
            "present": "Roles say enough: “head of service, two tutors, a young adviser”.",
            "said": "What belongs to no one target.",
        }

    @property
    def typed(self) -> Said:
        return Said(self.cleaned_data["present"], self.cleaned_data["said"])


class LineForm(forms.Form):
    """What is decided of one target, and what was said."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=Decision,
        required=False,
        widget=forms.RadioSelect,
    )
    said = forms.CharField(
        label="What was said",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A sentence or two. If you drop the target, say why.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    all_optional = True

    def __init__(
        self, data: QueryDict | None = None, *, line: ReviewLine | None, is_finished: bool
    ) -> None:
        shown: dict[str, object] = {"version": 0}
        if line:
            shown = {"decision": line.decision, "said": line.said, "version": line.version}
        super().__init__(data, initial=shown)
        self.line = line
        if is_finished:
            del self.fields["decision"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        decision = data.get("decision", self.line.decision if self.line else "")
        if decision == Decision.DROP and "said" in data and not data["said"]:
            self.add_error("said", SAY_WHY)
        return data

    @property
    def entry(self) -> Entry:
        return Entry(self.cleaned_data.get("decision", ""), self.cleaned_data["said"])

    @property
    def version_read(self) -> int:
        return self.cleaned_data.get("version") or 0
