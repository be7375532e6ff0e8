"""What the page of a topic says of it."""

from __future__ import annotations

from django import forms

from portal.models import Topic


class TopicForm(forms.ModelForm[Topic]):
    """Its introduction. The name stays: statements, targets and addresses go by it."""

    class Meta:
        model = Topic
        fields = ["about"]
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "about": "Two or three plain sentences: what it is, and what a reader finds here. "
            "Empty, the page begins with its resources."
        }

    def clean_about(self) -> str:
        return "\n".join(str(self.cleaned_data["about"]).splitlines())
