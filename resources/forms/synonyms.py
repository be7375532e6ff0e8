"""A line of words that mean the same."""

from __future__ import annotations

from django import forms

from resources.models import Synonyms

FEWEST = 2


class SynonymsForm(forms.ModelForm[Synonyms]):
    """The words of one line, each in one line only."""

    class Meta:
        model = Synonyms
        fields = ["words"]
        labels = {"words": "Words that mean the same"}
        help_texts = {
            "words": "With commas between: “ED&I, EDI, IDEA”. Whoever searches for one of them "
            "finds all."
        }
        error_messages = {"words": {"required": "Write at least two words."}}

    def clean_words(self) -> str:
        words = split(self.cleaned_data["words"])
        if len(words) < FEWEST:
            raise forms.ValidationError("Write at least two words, with a comma between them.")
        others = Synonyms.objects.exclude(pk=self.instance.pk)
        known = {word.casefold() for line in others for word in split(line.words)}
        twice = [word for word in words if word.casefold() in known]
        if twice:
            raise forms.ValidationError(
                f"In another line already: {', '.join(twice)}. Add the new words to that line."
            )
        return ", ".join(words)


def split(line: str) -> list[str]:
    """The words of a line, each once, as they were first written."""
    found: dict[str, str] = {}
    for word in line.split(","):
        plain = " ".join(word.split())
        if plain:
            found.setdefault(plain.casefold(), plain)
    return list(found.values())
