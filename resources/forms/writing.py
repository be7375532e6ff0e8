"""The form of a resource: what it is, what it says, who finds it, and until when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db.models import Q

from actionplans.models import Heard
from portal.models import MusicService
from resources import text
from resources.desk import states, writing
from resources.desk.writing import TAKEN_SLUGS, Content
from resources.models import Audience, Resource, ResourceKind
from selfassessment.forms.audits import DayInput
from selfassessment.models import Questionnaire, Statement, Status

ROW = (
    *("title", "slug", "summary", "kind"),
    *("body", "link", "video"),
    *("service", "credit", "licence", "first_year"),
    *("audience", "heard"),
    *("visibility", "review_on", "expires_on"),
)
WEB = URLValidator(["http", "https"])
NO_PAGE = "Write the whole address of a page: it begins with https://."
NO_DAY = "Enter a whole date, with day, month and year."
CODES = "codes_"  # what fields of statements begin with, one for each questionnaire
BETWEEN = re.compile(r"[\s,;]+")


class Pages(forms.URLField):
    """The address of a page on the web."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=500,
            assume_scheme="https",
            validators=[WEB],
            error_messages={"invalid": NO_PAGE},
            **kwargs,
        )


class ResourceForm(forms.ModelForm[Resource]):
    """The row of a resource with its topics and statements."""

    heard = forms.MultipleChoiceField(
        label="HEARD principles it serves",
        choices=Heard.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.MultipleChoiceField(
        label="For whom",
        choices=Audience.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    link = Pages(
        label="Link",
        help_text="Where it is kept, if it lives somewhere else.",
    )
    video = Pages(
        label="Film",
        help_text="The address of a film. Nothing is loaded from there until somebody goes.",
    )

    class Meta:
        model = Resource
        fields = [*ROW, "topics"]
        labels = {
            "slug": "Address",
            "body": "Text",
            "service": "Music service it comes from",
            "topics": "Topics",
            "expires_on": "Ends after",
        }
        help_texts = {
            "title": "What it is, in the words people would search for.",
            "slug": "The last part of its address, after /library/. Leave it empty and the title "
            "makes it. It stays once the resource is published.",
            "summary": "One or two sentences: what a reader can do with it. Lists show this.",
            "body": "In Markdown: the short help stands below it. Leave it empty where the link, "
            "the film or the files say it all.",
            "credit": "Who wrote or made it, as they wish to be named.",
            "licence": "What others may do with it: “CC BY 4.0”, “Free to use, please credit”.",
            "first_year": "For something that came out before it came to the library, where the "
            "year is known. Empty, it is the year in which it is published here.",
            "visibility": "Members have an account. NWG members hold an NWG seat.",
            "review_on": "It comes back to the desk that day.",
            "expires_on": "From the day after, readers do not find it any more. For funding "
            "calls and dates.",
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 18, "class": "writing"}),
            "topics": forms.CheckboxSelectMultiple,
            "visibility": forms.RadioSelect,
            "review_on": DayInput(),
            "expires_on": DayInput(),
        }
        error_messages = {
            "title": {"required": "Give it a title."},
            "slug": {
                "unique": "Another resource has this address.",
                "invalid": "Use small letters, digits and hyphens: “reflection-groups”.",
            },
            "summary": {"required": "Say in a sentence what it is for."},
            "kind": {"required": "Choose what kind of thing it is."},
            "visibility": {"required": "Choose who may read it."},
            "review_on": {"invalid": NO_DAY},
            "expires_on": {"invalid": NO_DAY},
        }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        instance: Resource | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, instance=instance, initial=dict(initial or {}))
        if states.was_published(self.instance):
            del self.fields["slug"]
        else:
            self.fields["slug"].required = False
        kind, services = self.fields["kind"], self.fields["service"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 (for the type checker)
        assert isinstance(services, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        kind.choices = [("", "Choose one"), *ResourceKind.choices]
        services.queryset = MusicService.objects.order_by("name")
        services.empty_label = "The programme itself"
        for edition in self.questionnaires:
            self.fields[f"{CODES}{edition.pk}"] = forms.CharField(
                label=f"Statements of {edition}",
                required=False,
                max_length=1000,
                help_text="Codes with commas between, such as A1.1, B2. The code of a section "
                "stands for all in it. Whoever rates one of them low is shown this resource.",
                initial=", ".join(self.chosen_codes.get(edition.pk, [])),
            )

    @cached_property
    def questionnaires(self) -> list[Questionnaire]:
        """Those in use, and any other that this resource has statements of."""
        known = Q(status=Status.PUBLISHED) | Q(pk__in=self.chosen_codes)
        return list(Questionnaire.objects.filter(known).order_by("name", "-edition", "pk"))

    @cached_property
    def chosen_codes(self) -> dict[int, list[str]]:
        """The statements it has, by questionnaire."""
        if not self.instance.pk:
            return {}
        found: dict[int, list[str]] = {}
        for one in self.instance.statements.in_order():
            found.setdefault(one.questionnaire_id, []).append(one.code)
        return found

    @property
    def code_fields(self) -> list[forms.BoundField]:
        return [self[f"{CODES}{edition.pk}"] for edition in self.questionnaires]

    @property
    def word_count(self) -> int:
        return text.words(str(self["body"].value() or ""))

    def clean_summary(self) -> str:
        return " ".join(str(self.cleaned_data["summary"]).split())

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        if slug in TAKEN_SLUGS:
            raise forms.ValidationError("This address is a page of the library. Choose another.")
        title = str(self.cleaned_data.get("title", ""))
        return slug or writing.free_slug(title, but=self.instance.pk or 0)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, end = self.instance.published_on, said.get("expires_on")
        if first and end and states.was_published(self.instance) and end < first:
            self.add_error("expires_on", "It would end before it is published.")
        self.statements = [
            one for edition in self.questionnaires for one in self.statements_of(edition)
        ]
        return said

    def statements_of(self, edition: Questionnaire) -> list[Statement]:
        name = f"{CODES}{edition.pk}"
        codes = [one for one in BETWEEN.split(self.cleaned_data.get(name, "").upper()) if one]
        found: dict[str, list[Statement]] = {}
        if codes:
            for one in Statement.objects.filter(questionnaire=edition).in_order():
                found.setdefault(one.code.upper(), []).append(one)
                found.setdefault(one.section.code.upper(), []).append(one)
        unknown = [code for code in codes if code not in found]
        if unknown:
            self.add_error(name, f"Not in this questionnaire: {', '.join(unknown)[:200]}.")
        return [one for code in codes for one in found.get(code, [])]

    def content(self) -> Content:
        """What was written, once it is valid."""
        said = self.cleaned_data
        row = {name: said[name] for name in ROW if name in self.fields}
        statements = list(dict.fromkeys(self.statements))
        return Content(row, list(said["topics"]), statements)
