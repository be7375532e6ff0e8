"""What may be said of one statement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from selfassessment.actions import Entry
from selfassessment.models import Answer, Statement


def prefix(statement: Statement) -> str:
    """What the names of a statement's fields begin with, on a page of several."""
    return f"s{statement.pk}"


class Words(forms.CharField):
    """Text of several lines, which browsers send with two characters at the end of each."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


# A browser sends nothing for a box without a tick; that it was there is seen by the version.
TICKED = {"rating", "discuss"}


class AnswerForm(forms.Form):
    """One statement's fields, as every page that asks for an answer names them."""

    not_levels: ClassVar[tuple[str, ...]]  # what may be answered beside the levels
    rating = forms.ChoiceField(required=False)
    reason = Words(required=False, max_length=1000)

    def __init__(self, data: QueryDict, *, statement: Statement, values: Iterable[int]) -> None:
        super().__init__(data, prefix=prefix(statement))
        rating = self.fields["rating"]
        assert isinstance(rating, forms.ChoiceField)  # noqa: S101 (for the type checker)
        rating.choices = [(value, value) for value in (*map(str, values), *self.not_levels)]
        rating.error_messages["invalid_choice"] = "Choose one of the levels shown."

    def was_sent(self, field: str) -> bool:
        whole = self.add_prefix("version") in self.data
        return self.add_prefix(field) in self.data or (field in TICKED and whole)

    def number(self, name: str) -> int:
        """A version, from a hidden field; 0, nothing read yet, where that says anything else."""
        text = self.data.get(self.add_prefix(name), "")
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


class RatingForm(AnswerForm):
    """What a person says of one statement."""

    not_levels = (Answer.DONT_KNOW, Answer.NOT_APPLICABLE)
    comment = Words(required=False, max_length=4000)
    evidence = Words(required=False, max_length=2000)
    link = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Enter a web address, such as https://example.org/page."},
    )
    discuss = forms.BooleanField(required=False)

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError("Enter a web address that begins with https://")
        return link

    @property
    def is_whole(self) -> bool:
        return all(map(self.was_sent, self.fields))

    def entry(self, saved: Entry) -> Entry:
        """What the person says, right or wrong: a field left out of the post stays as saved."""
        values = self.cleaned_data if self.is_valid() else {n: self[n].value() for n in self.fields}

        def said(field: str, before: str) -> str:
            return str(values[field] or "") if self.was_sent(field) else before

        return Entry(
            choice=said("rating", saved.choice),
            reason=said("reason", saved.reason),
            comment=said("comment", saved.comment),
            evidence=said("evidence", saved.evidence),
            evidence_url=said("link", saved.evidence_url),
            discuss=bool(values["discuss"]) if self.was_sent("discuss") else saved.discuss,
        )
