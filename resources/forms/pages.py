"""The form of a page of words."""

from __future__ import annotations

from django import forms

from resources.models import Page


class PageForm(forms.ModelForm[Page]):
    """Title, sentence and text. Whose the page is and at which address, nobody changes."""

    class Meta:
        model = Page
        fields = ["title", "summary", "body"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "body": forms.Textarea(attrs={"rows": 24}),
        }
        help_texts = {
            "summary": "Under the title, and where somebody shares or finds the page.",
            "body": "Plain text with a few marks; see below.",
        }
        error_messages = {
            "title": {"required": "Give the page a title."},
            "summary": {"required": "Say in a sentence what the page is about."},
            "body": {"required": "Write the text of the page."},
        }
