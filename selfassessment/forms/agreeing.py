"""What a service agrees on: one statement, or many in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from selfassessment.forms.rating import Words, prefix
from selfassessment.models import Agreed, Statement
from selfassessment.talk.agreeing import Agreement


class AgreeForm(forms.Form):
    """One statement's fields, named as on a rating page, so that the same script saves them."""

    rating = forms.ChoiceField(required=False)
    reason = Words(required=False, max_length=1000)

    def __init__(self, data: QueryDict, *, statement: Statement, values: Iterable[int]) -> None:
        super().__init__(data, prefix=prefix(statement))
        allowed = [*map(str, values), Agreed.NOT_APPLICABLE, Agreed.PARKED]
        rating = self.fields["rating"]
        assert isinstance(rating, forms.ChoiceField)  # noqa: S101 (for the type checker)
        rating.choices = [(value, value) for value in allowed]
        rating.error_messages["invalid_choice"] = "Choose one of the levels shown."

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if Agreement(said.get("rating", ""), said.get("reason", "")).lacks_reason:
            what = "is parked" if said["rating"] == Agreed.PARKED else "does not apply"
            self.add_error("reason", f"Say why it {what}.")
        return said

    def entry(self, saved: Agreement) -> Agreement:
        """What the service says, right or wrong: a field left out of the post stays as saved."""
        sent = {name: self[name].value() or "" for name in self.fields}
        values = sent | {n: v for n, v in self.cleaned_data.items() if n not in self.errors}
        whole = self.add_prefix("version") in self.data

        def said(field: str, before: str) -> str:
            there = self.add_prefix(field) in self.data or (field == "rating" and whole)
            return str(values[field]) if there else before

        return Agreement(said("rating", saved.choice), said("reason", saved.reason))

    def number(self, name: str) -> int:
        """A version, from a hidden field; 0, nothing read yet, where that says anything else."""
        text = self.data.get(self.add_prefix(name), "")
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


class BulkForm(forms.Form):
    """The statements ticked, each with the level that was shown beside it, as “417:3”."""

    take = forms.CharField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.ticked = data.getlist("take")

    @property
    def shown(self) -> dict[int, int]:
        found = (re.fullmatch(r"(\d{1,9}):(\d{1,2})", one, re.ASCII) for one in self.ticked)
        return {int(one[1]): int(one[2]) for one in found if one}

    def clean_take(self) -> str:
        if not self.shown:
            raise forms.ValidationError("Tick at least one statement, or go back to the talk.")
        return ""
