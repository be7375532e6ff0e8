"""A figure that the team counted itself."""

from __future__ import annotations

from django import forms

from resources.models import OwnFigure


class OwnFigureForm(forms.ModelForm[OwnFigure]):
    """What was counted, how much it came to, and how."""

    class Meta:
        model = OwnFigure
        fields = ["name", "value", "definition"]
        labels = {"name": "What is counted", "value": "Figure", "definition": "How it was counted"}
        help_texts = {
            "name": "“Meetings of the NWG”, “People who came to them”, “Action-research projects”.",
            "value": "A number, with its unit where it has one: “4”, “£12,000”, “about 90”.",
            "definition": "By whom, from what, up to which day. Name no music service of which "
            "this tells something it has not told itself.",
        }
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "name": {"required": "Say what is counted."},
            "value": {"required": "Give the figure."},
            "definition": {"required": "Say how it was counted, so that readers can judge it."},
        }
