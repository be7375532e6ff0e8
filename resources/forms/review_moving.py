"""What is said as a review moves on: a note, who may read it, what was corrected, a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils import timezone

from actionplans.following.evidence import Taken
from actionplans.following.file_kinds import PDF
from portal.years import academic_year, year_name
from resources.desk.files import MOST_BYTES
from resources.forms.files import TakenField
from resources.forms.writing import NO_DAY
from resources.models.reviews import READERS
from resources.reviews.uploads import Earlier
from selfassessment.forms.audits import DayInput

FIRST_YEAR = 2012  # of the choice; the programme is younger
OPEN_TO = {
    READERS[0]: "Everybody: it has a page of its own, and search engines find it",
    READERS[1]: "NWG members, and people of the programme",
}
# Characters that the columns of the rows have room for
LONGEST = {"title": 160, "strapline": 240, "note": 500, "correction": 300}


def readers() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Who may read it",
        choices=[(one.value, words) for one, words in OPEN_TO.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may read it."},
    )


class SubmitForm(forms.Form):
    """A draft goes to a second pair of eyes."""

    note = forms.CharField(
        label="A note to whoever reads it",
        max_length=LONGEST["note"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What to look at, and what you are not sure of.",
    )


class CorrectForm(forms.Form):
    """What is different from what readers have."""

    correction = forms.CharField(
        label="What was corrected",
        max_length=LONGEST["correction"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences. Readers see them on the page and in the PDF.",
        error_messages={"required": "Say what was corrected. Readers see it in the review."},
    )


class OpenForm(forms.Form):
    """Who may read what is out."""

    visibility = readers()


class PublishForm(CorrectForm):
    """Who reads it; and what was corrected, where readers had a version of it before."""

    visibility = readers()
    field_order = ("visibility", "correction")

    def __init__(self, *args: Any, is_next_version: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_next_version:
            del self.fields["correction"]


class ReasonForm(forms.Form):
    """Why it goes back."""

    reason = forms.CharField(
        label="Why",
        max_length=LONGEST["note"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the team. Readers do not see it.",
        error_messages={"required": "Say why, so that others of the team understand."},
    )


class UploadForm(forms.Form):
    """An earlier review, as the PDF that it is."""

    year = forms.TypedChoiceField(
        label="Academic year",
        coerce=int,
        error_messages={"required": "Choose the year that it is about."},
    )
    title = forms.CharField(
        label="Title",
        max_length=LONGEST["title"],
        error_messages={"required": "Say what it is called."},
    )
    strapline = forms.CharField(
        label="In a sentence",
        max_length=LONGEST["strapline"],
        required=False,
        help_text="What it tells. Readers see it in the list of reviews.",
    )
    published_on = forms.DateField(
        label="Published on",
        widget=DayInput(),
        help_text="The day it first came out.",
        error_messages={"required": "Say when it came out.", "invalid": NO_DAY},
    )
    visibility = readers()
    chosen = TakenField(
        label="The PDF",
        widget=forms.FileInput(attrs={"accept": PDF.media_type}),
        help_text=f"At most {MOST_BYTES // 2**20} MB. It is kept as it is.",
        error_messages={"required": "Choose the PDF."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = academic_year(timezone.localdate())
        years = range(this_year, FIRST_YEAR - 1, -1)
        choice = cast("forms.TypedChoiceField", self.fields["year"])
        choice.choices = [("", "Choose a year"), *((one, year_name(one)) for one in years)]

    def clean_published_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["published_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day is still to come.")
        if day.year < FIRST_YEAR:
            raise forms.ValidationError(f"That is before {FIRST_YEAR}. Check the year.")
        return day

    def clean_chosen(self) -> Taken:
        one: Taken = self.cleaned_data["chosen"][0]
        if one.media_type != PDF.media_type:
            raise forms.ValidationError("It is not a PDF. Save it as a PDF first.")
        return one

    @property
    def earlier(self) -> Earlier:
        said = {name: value for name, value in self.cleaned_data.items() if name != "chosen"}
        return Earlier(**said)
