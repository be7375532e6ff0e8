"""What may be said of one statement."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from selfassessment.actions import Entry
from selfassessment.models import Answer, Statement


def prefix(statement: Statement) -> str:
    """What the names of a statement's fields begin with, on a page of several."""
    return f"s{statement.pk}"


class RatingForm(forms.Form):
    """One statement's fields. `entry` is what they say, `version_read` what the page had seen."""

    rating = forms.ChoiceField(required=False)
    reason = forms.CharField(required=False, max_length=1000)
    comment = forms.CharField(required=False, max_length=4000)
    evidence = forms.CharField(required=False, max_length=2000)
    link = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Enter a web address, such as https://example.org/page."},
    )
    discuss = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False, min_value=0)

    def __init__(self, data: QueryDict, *, statement: Statement, values: Iterable[int]) -> None:
        super().__init__(data, prefix=prefix(statement))
        allowed = [*map(str, values), Answer.DONT_KNOW, Answer.NOT_APPLICABLE]
        rating = self.fields["rating"]
        assert isinstance(rating, forms.ChoiceField)  # noqa: S101 (for the type checker)
        rating.choices = [(value, value) for value in allowed]
        rating.error_messages["invalid_choice"] = "Choose one of the levels shown."

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError("Enter a web address that begins with https://")
        return link

    @property
    def entry(self) -> Entry:
        said = self.cleaned_data
        return Entry(
            choice=said["rating"],
            reason=said["reason"],
            comment=said["comment"],
            evidence=said["evidence"],
            evidence_url=said["link"],
            discuss=said["discuss"],
        )

    @property
    def typed(self) -> Entry:
        """What the person typed, right or wrong, to show it again."""

        def text(name: str) -> str:
            return str(self[name].value() or "")

        return Entry(
            choice=text("rating"),
            reason=text("reason"),
            comment=text("comment"),
            evidence=text("evidence"),
            evidence_url=text("link"),
            discuss=bool(self["discuss"].value()),
        )

    @property
    def version_read(self) -> int:
        return self.cleaned_data.get("version") or 0
