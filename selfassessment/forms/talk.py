"""Choosing which statements of a talk to look at."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from selfassessment.talk.talk_items import Item


class TalkForm(forms.Form):
    """What narrows the list; nothing chosen shows every statement."""

    area = forms.ChoiceField(label="Area", required=False)
    open = forms.BooleanField(label="Not agreed yet", required=False)
    comments = forms.BooleanField(label="With comments", required=False)
    flagged = forms.BooleanField(label="Somebody wants to discuss it", required=False)

    def __init__(self, data: object, *, items: Iterable[Item], with_comments: bool) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        self.items = list(items)
        areas = {item.area.code: item.area for item in self.items}
        ordered = sorted(areas.values(), key=lambda area: area.order)
        field = self.fields["area"]
        field.choices = [  # type: ignore[attr-defined]
            ("", "All areas"),
            *((area.code, str(area)) for area in ordered),
        ]
        if not with_comments:
            del self.fields["comments"]

    def chosen(self) -> list[Item]:
        """Those asked for, in their order. An area that is not there asks for nothing less."""
        self.full_clean()
        wanted = self.cleaned_data
        return [
            item
            for item in self.items
            if wanted.get("area") in {None, "", item.area.code}
            and not (wanted["open"] and item.agreed)
            and not (wanted.get("comments") and not item.said.comments)
            and not (wanted["flagged"] and not item.said.flagged)
        ]
