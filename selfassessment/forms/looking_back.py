"""Saying what statements of one edition became in a later one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict

from selfassessment.models import Became, Statement
from selfassessment.questionnaires.mapping import Change, in_codes, trouble_with
from selfassessment.questionnaires.mapping_edits import Pair, said

BETWEEN = re.compile(r"[\s,;]+")
HINTS = {
    Became.UNCHANGED: "Word for word. The series of years goes on.",
    Became.REWORDED: "Other words for the same thing. The series of years goes on.",
    Became.SPLIT: "One statement became two or more. The series ends, and others begin.",
    Became.MERGED: "Two or more became one. The series end, and another begins.",
    Became.NEW: "Nothing stood for it before.",
    Became.DROPPED: "Nothing stands for it now.",
}


class MappingLineForm(forms.Form):
    """Statements of both editions by their codes, and what became of them."""

    olds = forms.CharField(label="Statements before", required=False, max_length=200)
    became = forms.ChoiceField(
        label="What became of them",
        choices=[(kind.value, f"{kind.label}: {HINTS[kind]}") for kind in Became],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of them."},
    )
    news = forms.CharField(label="Statements now", required=False, max_length=200)
    as_read = forms.CharField(widget=forms.HiddenInput, required=False)

    change: Change

    def __init__(self, data: QueryDict | None = None, *, pair: Pair, was: Change) -> None:
        initial = {
            "olds": in_codes(was.olds),
            "news": in_codes(was.news),
            "became": was.became,
            "as_read": said(was),
        }
        super().__init__(data, initial=initial)
        self.pair, self.was = pair, was
        for name, edition in (("olds", pair.older.edition), ("news", pair.newer.edition)):
            self.fields[name].label = f"Statements of edition {edition}"
            self.fields[name].help_text = "Codes, with commas between them, such as A1.2, A1.3."

    def clean_olds(self) -> tuple[Statement, ...]:
        return self.found("olds", self.pair.olds, self.pair.older.edition)

    def clean_news(self) -> tuple[Statement, ...]:
        return self.found("news", self.pair.news, self.pair.newer.edition)

    def found(
        self, name: str, statements: tuple[Statement, ...], edition: int
    ) -> tuple[Statement, ...]:
        by_code = {one.code.casefold(): one for one in statements}
        codes = [code for code in BETWEEN.split(self.cleaned_data[name]) if code]
        unknown = [code for code in codes if code.casefold() not in by_code]
        if unknown:
            raise forms.ValidationError(f"Edition {edition} has no {', '.join(unknown)}.")
        return tuple(dict.fromkeys(by_code[code.casefold()] for code in codes))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"olds", "news", "became"} <= data.keys():
            self.change = Change(Became(data["became"]), data["olds"], data["news"])
            if not data["olds"] and not data["news"]:
                self.add_error("olds", "Name at least one statement.")
            elif trouble := trouble_with(self.change):
                self.add_error("became", trouble)
        return data

    def clash(self, now: Change | None) -> None:
        """Somebody changed it meanwhile: say what it is now; the next save is meant."""
        again = QueryDict(mutable=True)
        again.update(self.data)
        again["as_read"] = said(now)
        self.data = again
        is_now = f"{now.codes}, {now.became.label.lower()}" if now else "not there any more"
        self.add_error(
            None,
            f"Somebody changed this while you had it open. It is now: {is_now}. "
            "Save again to put yours in its place.",
        )
