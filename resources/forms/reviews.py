"""What the authors of an annual review fill in: what it is called, a chapter, a remark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from portal.years import academic_year, year_name
from resources import text
from resources.forms.writing import NO_DAY
from resources.models import AnnualReview, Chapter, Remark, Resource
from resources.reviews import chapters
from resources.reviews.chapters import Content
from selfassessment.forms.audits import DayInput

YEARS_BACK = 4
ROWS = {"lead": 3, "body": 18, "benefits": 6, "challenges": 6, "addressed": 6, "forward": 6}
LONGEST_SEARCH = 200


class AnnualReviewForm(forms.ModelForm[AnnualReview]):
    """What a review is called, for whom it is, and when it is expected."""

    year = forms.TypedChoiceField(label="Academic year", coerce=int)

    class Meta:
        model = AnnualReview
        fields = ["year", "title", "strapline", "visibility", "expected_on"]
        labels = {"expected_on": "Expected on"}
        help_texts = {
            "title": "As it stands on the cover.",
            "strapline": "One sentence under the title: what a reader takes from this year.",
            "visibility": "NWG members hold an NWG seat.",
            "expected_on": "With a day, readers see on the list of reviews that it is coming. "
            "Without one, only the team knows.",
        }
        widgets = {"visibility": forms.RadioSelect, "expected_on": DayInput()}
        error_messages = {
            "title": {"required": "Give it a title."},
            "visibility": {"required": "Choose who may read it."},
            "expected_on": {"invalid": NO_DAY},
        }

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, instance: AnnualReview | None = None
    ) -> None:
        super().__init__(data, instance=instance)
        now = academic_year(timezone.localdate())
        years = set(range(now - YEARS_BACK, now + 2))
        if instance:
            years.add(instance.year)
        year = self.fields["year"]
        assert isinstance(year, forms.TypedChoiceField)  # noqa: S101 (for the type checker)
        year.choices = [(one, year_name(one)) for one in sorted(years, reverse=True)]
        year.initial = now - 1

    def clean_strapline(self) -> str:
        return " ".join(str(self.cleaned_data["strapline"]).split())

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if {"year", "title"} <= set(said):
            same = AnnualReview.objects.filter(year=said["year"], title=said["title"])
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("title", "Another review of this year has this title.")
        return said

    def content(self) -> dict[str, Any]:
        """What was filled in, once it is valid."""
        return {name: self.cleaned_data[name] for name in self.fields}


@dataclass(frozen=True)
class Text:
    """A text of a chapter, with how long it is."""

    field: forms.BoundField
    words: int


class ChapterForm(forms.ModelForm[Chapter]):
    """A chapter: the texts that its kind has, where readers learn more, and a remark."""

    remark = forms.CharField(
        label="A remark for the other authors",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What to check, what you are not sure of. Readers never see it.",
    )
    settled = forms.ModelMultipleChoiceField(
        label="Settled now",
        queryset=Remark.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what has been dealt with.",
    )

    class Meta:
        model = Chapter
        fields = [*chapters.WORDS, *chapters.OF_THEMES, "factors", "topics", "resources"]
        labels = {"body": "Text", "topics": "Topics", "resources": "Resources"}
        help_texts = {
            "title": "Readers see it in the contents and above every page of the chapter.",
            "lead": "The first words of the chapter, set larger. Two or three sentences.",
            "body": "In Markdown: the short help stands below it.",
            "benefits": "What music services and young people gained. A list works well.",
            "challenges": "What was hard, and for whom.",
            "addressed": "What they did about it.",
            "forward": "What another service can do with this on Monday.",
            "factors": "Each with a heading (## First factor) and a sentence or two. "
            "Readers see them numbered.",
            "topics": "Their pages lead on to everything on the same topic.",
            "resources": "Readers find them under “Learn more”.",
        }
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": ROWS.get(name, 12), "class": "writing"})
                for name in ("lead", "body", *chapters.OF_THEMES, "factors")
            },
            "topics": forms.CheckboxSelectMultiple,
            "resources": forms.CheckboxSelectMultiple,
        }
        error_messages = {"title": {"required": "Give it a title."}}

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        instance: Chapter,
        initial: Mapping[str, Any] | None = None,
        offered: Iterable[int] = (),
    ) -> None:
        super().__init__(data, instance=instance, initial=dict(initial or {}))
        self.kind = instance.kind
        texts = chapters.fields_of(self.kind)
        for name in (*chapters.OF_THEMES, "factors"):
            if name not in texts:
                del self.fields[name]
        shown = {*self.chosen("resources"), *offered}
        if instance.pk:
            shown.update(instance.resources.values_list("pk", flat=True))
            self.choices_of("settled", Remark.objects.filter(chapter=instance).order_by("at", "pk"))
        else:
            del self.fields["settled"]
        # Any resource may be chosen; only those that were found or chosen are shown.
        self.choices_of(
            "resources", Resource.objects.light().filter(pk__in=shown).order_by("title", "pk")
        )

    def choices_of(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 (for the types)
        field.queryset = rows

    def chosen(self, name: str) -> set[int]:
        """The topics or resources that are ticked as the form is shown."""
        return numbers(self[name].value())

    @property
    def said(self) -> dict[str, str]:
        """Its texts as the form shows them, judged or not."""
        return {name: str(self[name].value() or "") for name in chapters.fields_of(self.kind)}

    @property
    def texts(self) -> list[Text]:
        """Its texts but the title, with their lengths as they are shown."""
        said = list(self.said.items())[1:]
        return [Text(self[name], text.words(words)) for name, words in said]

    @property
    def opening(self) -> list[Text]:
        return self.texts[:2]

    @property
    def parts(self) -> list[Text]:
        """What only this kind of chapter has."""
        return self.texts[2:]

    @property
    def word_count(self) -> int:
        return sum(one.words for one in self.texts)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in chapters.fields_of(self.kind):
            said[name] = str(said.get(name, "")).replace("\r\n", "\n")
        return said

    def content(self) -> Content:
        """What was written, once it is valid."""
        said = self.cleaned_data
        words = {name: said[name] for name in chapters.fields_of(self.kind)}
        return Content(words, list(said["topics"]), list(said["resources"]))


def numbers(values: Iterable[Any] | None) -> set[int]:
    """The keys among what was sent."""
    texts = (str(getattr(value, "pk", value)) for value in values or [])
    return {int(one) for one in texts if one.isdecimal() and len(one) <= 18}


class RemarkForm(forms.Form):
    """What one author tells the others about a chapter."""

    text = forms.CharField(
        label="Remark",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What to check, what you are not sure of. Readers never see it.",
        error_messages={"required": "Write a remark first."},
    )
