"""Asking for a paper: which, and as what file."""

from __future__ import annotations

from typing import Any

from django import forms

from actionplans.models import ActionPlan, PaperFormat, PaperKind, Review
from actionplans.papers.asking import OFFERED


class PaperForm(forms.Form):
    """A button of the page of papers, or of a review's."""

    kind = forms.ChoiceField(choices=PaperKind)
    format = forms.ChoiceField(choices=PaperFormat)
    review = forms.ModelChoiceField(Review.objects.none(), required=False)

    def __init__(self, *args: Any, plan: ActionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviews: Any = self.fields["review"]
        reviews.queryset = plan.reviews.all()

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        kind, review = found.get("kind"), found.get("review")
        if self.errors:
            return found
        if (kind, found.get("format")) not in OFFERED or kind == PaperKind.EVERYTHING:
            raise forms.ValidationError("There is no such paper. Choose one of those below.")
        if (kind == PaperKind.REVIEW) != bool(review):
            raise forms.ValidationError("Minutes are of one review. Choose it first.")
        return found
