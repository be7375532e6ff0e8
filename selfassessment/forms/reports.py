"""What a report should hold."""

from __future__ import annotations

from django import forms


class ReportForm(forms.Form):
    """Asked of those who may read comments; for others there is nothing to choose."""

    with_comments = forms.BooleanField(
        label="Include comments and evidence",
        help_text="Leave this off for a paper that goes to people outside the group.",
        required=False,
    )

    def __init__(self, *args: object, may_have_comments: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not may_have_comments:
            del self.fields["with_comments"]

    @property
    def wants_comments(self) -> bool:
        """Whether comments go in: never unless the box was offered."""
        return bool(self.cleaned_data.get("with_comments"))
