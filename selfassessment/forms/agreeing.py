"""What a service agrees on: one statement, or many in one go."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict

from selfassessment.forms.rating import AnswerForm
from selfassessment.models import Agreed
from selfassessment.talk.agreeing import Agreement


class AgreeForm(AnswerForm):
    """What the service says of one statement; the script of the rating pages saves it."""

    not_levels = (Agreed.NOT_APPLICABLE, Agreed.PARKED)

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

        def said(field: str, before: str) -> str:
            return str(values[field]) if self.was_sent(field) else before

        return Agreement(said("rating", saved.choice), said("reason", saved.reason))


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
