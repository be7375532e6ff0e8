"""What a lead lets the public read of a plan."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.http import QueryDict

from actionplans.models import Target
from actionplans.public import Choice


class PublicForm(forms.Form):
    """A word before it, which targets, and whether with their roles."""

    foreword = forms.CharField(
        label="A word before it",
        help_text="What this plan is for, in your own words. It stands first on the page.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    targets = forms.TypedMultipleChoiceField(
        label="Targets that the public can read",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one target.",
            "invalid_choice": "A target that you chose is not in this plan any more.",
        },
    )
    with_roles = forms.BooleanField(
        label="Say the role that is accountable for each",
        help_text="Only where the role is not somebody’s name.",
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        offered: Collection[Target],
        choice: Choice | None = None,
    ) -> None:
        shown = choice or Choice(frozenset())
        super().__init__(
            data,
            initial={
                "foreword": shown.foreword,
                "targets": list(shown.targets),
                "with_roles": shown.with_roles,
            },
        )
        targets = self.fields["targets"]
        assert isinstance(targets, forms.TypedMultipleChoiceField)  # noqa: S101 (for the types)
        targets.choices = [(one.pk, str(one)) for one in offered]

    def clean_foreword(self) -> str:
        """With the line ends that it is kept with, whatever the browser sends."""
        return "\n".join(str(self.cleaned_data["foreword"]).splitlines())

    def choice(self) -> Choice:
        return Choice(
            targets=frozenset(self.cleaned_data["targets"]),
            with_roles=self.cleaned_data["with_roles"],
            foreword=self.cleaned_data["foreword"],
        )
