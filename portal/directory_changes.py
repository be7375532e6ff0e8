"""Changing what the directory says of a music service, by hand and by file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.directory import areas
from portal.models import MusicService, User, Verb

FACTS = [
    *("name", "region", "kind", "first_year", "leads_programme", "action_research"),
    *("nurture_groups", "in_nwg", "source_url"),
]

LABELS = {
    "name": "name",
    "region": "region",
    "kind": "kind of service",
    "first_year": "first year",
    "leads_programme": "leads the programme",
    "action_research": "action research",
    "nurture_groups": "nurture groups",
    "in_nwg": "NWG",
    "source_url": "where this comes from",
    "authorities": "council areas",
}


class ChangedMeanwhileError(Exception):
    """Somebody saved since the page was read: `now` is what is there, label by label."""

    def __init__(self, now: dict[str, str]) -> None:
        super().__init__("Somebody else saved this music service while you wrote.")
        self.now = now


def as_read(service: MusicService) -> str:
    """What a page shows of the facts, in short: it is sent back with the form."""
    facts = json.dumps(facts_of(service), sort_keys=True)
    return hashlib.blake2s(facts.encode(), digest_size=12).hexdigest()


def facts_of(service: MusicService) -> dict[str, object]:
    """What the programme says of a service: what a form and a file may change."""
    return {field: getattr(service, field) for field in FACTS} | {
        "authorities": [area.name for area in service.local_authorities.all()]
    }


@transaction.atomic
def change(
    *, service: MusicService, facts: Mapping[str, object], by: User, read: str | None = None
) -> bool:
    """Write down new facts. A name that changes stays as a former name. False: nothing is new.

    With `read`, what a page had read, only if nobody saved since.
    """
    service = MusicService.objects.select_for_update().get(pk=service.pk)
    was = facts_of(service)
    if read is not None and read != as_read(service):
        raise ChangedMeanwhileError({LABELS[name]: shown(value) for name, value in was.items()})
    new = {name: value for name, value in facts.items() if not is_same(was[name], value)}
    if not new:
        return False
    authorities = new.pop("authorities", None)
    if "name" in new:
        rename(service, str(new["name"]))
    for field, value in new.items():
        setattr(service, field, value)
    service.save(update_fields=list(new))
    if isinstance(authorities, Sequence):
        service.local_authorities.set(areas(authorities))
    record(by=by, verb=Verb.CHANGED, subject=f"the facts of {service}", service=service)
    return True


def is_same(was: object, will: object) -> bool:
    """Council areas come in no order."""
    if isinstance(was, list) and isinstance(will, list):
        return sorted(was) == sorted(will)
    return was == will


def rename(service: MusicService, name: str) -> None:
    """Keep the old name; one that comes back is not a former one any more."""
    service.former_names.filter(name=name).delete()
    if service.name.casefold() != name.casefold():
        service.former_names.get_or_create(
            name=service.name, defaults={"until_on": timezone.localdate()}
        )


def shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "empty")
