"""Two people in one form: what each of them changed, merged field by field.

What a page was shown goes with it, as a short name for each field. Where somebody saved meanwhile,
fields that only one of the two changed are merged; where both changed one, both texts are shown
and the person chooses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.formats import date_format


@dataclass(frozen=True)
class Difference:
    """A field that two people changed, in the words of each."""

    name: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """What was sent, with what somebody else saved in the fields this person left alone."""

    data: QueryDict
    differences: list[Difference] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # labels of fields taken over from the other


def as_read(form: forms.BaseForm) -> str:
    """What a form shows of each field that is saved, to notice when it is no longer so."""
    return json.dumps({name: short(values) for name, values in shown(form).items()})


def merge(sent: QueryDict, as_saved: forms.BaseForm) -> Merged:
    """What was sent beside what is saved now; where both changed a field, a difference says so."""
    data, read = sent.copy(), read_before(sent)
    merged = Merged(data)
    for name, theirs in shown(as_saved).items():
        mine = plain(sent.getlist(name))
        if sent.get(f"pick-{name}") == "theirs":
            data.setlist(name, theirs)
        elif mine == theirs or short(theirs) == read.get(name):
            continue
        elif short(mine) == read.get(name):
            data.setlist(name, theirs)
            merged.taken.append(str(as_saved.fields[name].label))
        else:
            bound = as_saved[name]
            words = [in_words(bound, values) for values in (mine, theirs)]
            merged.differences.append(Difference(name, str(bound.label), *words))
    return merged


def shown(form: forms.BaseForm) -> dict[str, list[str]]:
    """What a form shows, as it would be posted."""
    return {name: posted(form[name]) for name in form.fields}


def posted(bound: BoundField) -> list[str]:
    value = bound.field.widget.format_value(bound.value())
    return plain(value if isinstance(value, list | tuple) else [value])


def plain(values: Sequence[Any]) -> list[str]:
    """The values that say something, each the same whichever way it came."""
    texts = ["" if one is None else str(one).replace("\r\n", "\n").strip() for one in values]
    return sorted(text for text in texts if text)


def short(values: list[str]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:12]


def read_before(data: QueryDict) -> dict[str, str]:
    """What the page was shown, field by field, as it says itself."""
    try:
        read = json.loads(data.get("as_read", ""))
    except (ValueError, RecursionError):  # no page of ours sends that
        return {}
    return read if isinstance(read, dict) else {}


def in_words(bound: BoundField, values: list[str]) -> str:
    """What a field says, as a person reads it."""
    choices: Any = getattr(bound.field, "choices", None)
    if choices is not None:
        names = {str(value): str(label) for value, label in choices}
        return ", ".join(names.get(value, value) for value in values)
    if isinstance(bound.field, forms.DateField):
        return ", ".join(day(bound.field, value) for value in values)
    return "\n".join(values)


def day(dates: forms.DateField, typed: str) -> str:
    try:
        return date_format(dates.clean(typed), "j F Y")
    except ValidationError:
        return typed
