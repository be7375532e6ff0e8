"""Taking a file of music services into the directory: a look first, then all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.db import transaction

from portal import directory_changes
from portal.actions import add_service, record
from portal.csv_in import (
    Change,
    ChangedMeanwhileError,
    Preview,
    fingerprint,
    is_address,
    rows_of,
)
from portal.directory import COLUMNS, names_in
from portal.directory_changes import LABELS, shown
from portal.models import MusicService, Region, User, Verb

LONGEST = {"name": 160, "source_url": 300}
FLAGS = {
    "lead": "leads_programme",
    "action_research": "action_research",
    "nurture_groups": "nurture_groups",
    "working_group": "in_nwg",
}


@dataclass
class Line:
    """One line of the file, and the service it stands for, where there is one."""

    number: int
    facts: dict[str, object]
    troubles: list[str] = field(default_factory=list)
    service: MusicService | None = None
    changes: list[Change] = field(default_factory=list)
    like: str = ""  # the name of a service that may be the same

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def authorities(self) -> list[str]:
        found = self.facts["authorities"]
        return found if isinstance(found, list) else []


def lines_of(text: str) -> Iterator[Line]:
    for number, cells in rows_of(text, COLUMNS):
        yield line_of(number, cells)


def line_of(number: int, cells: dict[str, str]) -> Line:
    year = cells["first_year"]
    line = Line(
        number,
        {
            "name": cells["name"],
            "region": cells["region"],
            "first_year": int(year) if is_year(year) else None,
            **{name: cells[column].lower() == "yes" for column, name in FLAGS.items()},
            "source_url": cells["source_url"],
            "authorities": names_in(cells["local_authorities"]),
        },
    )
    line.troubles += troubles_of(cells)
    return line


def troubles_of(cells: dict[str, str]) -> Iterator[str]:
    if not cells["name"]:
        yield "The name is empty."
    if cells["region"] not in Region.values:
        regions = ", ".join(Region.values)
        yield f"“{cells['region']}” is no region of England. The regions: {regions}."
    if cells["first_year"] and not is_year(cells["first_year"]):
        yield f"“{cells['first_year']}” is no year. Write it with four figures, or leave it empty."
    if cells["source_url"] and not is_address(cells["source_url"]):
        yield f"“{cells['source_url']}” is no web address."
    for column in FLAGS:
        if cells[column].lower() not in {"yes", "no", ""}:
            yield f"“{cells[column]}” stands under {column}. Write yes, or leave it empty."
    yield from too_long(cells)


def too_long(cells: dict[str, str]) -> Iterator[str]:
    for column, longest in LONGEST.items():
        if len(cells[column]) > longest:
            yield f"What stands under {column} is longer than {longest} characters."
    if any(len(name) > 120 for name in names_in(cells["local_authorities"])):
        yield "A council area is longer than 120 characters. Put ; between areas."


def is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", cell, re.ASCII))


def look(text: str) -> Preview[Line, MusicService]:
    """What the file would do to the directory as it is. Three queries, however long it is."""
    services = list(MusicService.objects.with_names().order_by("name"))
    known = {service.name.casefold(): service for service in services}
    formerly = {
        former.name.casefold(): service
        for service in services
        for former in service.former_names.all()
    }
    names = [service.name for service in services]
    lines, met = list(lines_of(text)), dict[object, int]()
    for line in lines:
        key = line.name.casefold()
        line.service = known.get(key) or formerly.get(key)
        if line.service and key not in known:
            line.facts["name"] = line.service.name  # a name of before does not come back
        who: object = line.service.pk if line.service else key
        if who in met:
            line.troubles.append(f"This is the same music service as in line {met[who]}.")
        met.setdefault(who, line.number)
        if line.service:
            line.changes = list(changes_of(line.service, line.facts))
        else:
            line.like = next(iter(get_close_matches(line.name, names, n=1, cutoff=0.8)), "")
    good = [line for line in lines if not line.troubles]
    here = {line.service.pk for line in lines if line.service}
    new = [line for line in good if not line.service]
    changed = [line for line in good if line.changes]
    return Preview(
        new=new,
        changed=changed,
        same=len(good) - len(new) - len(changed),
        missing=[one for one in services if one.pk not in here and not one.is_fictional],
        troubles=[line for line in lines if line.troubles],
        seen=fingerprint(
            [one.service.pk if one.service else None, one.facts, [str(x) for x in one.changes]]
            for one in (*new, *changed)
        ),
    )


def changes_of(service: MusicService, facts: dict[str, object]) -> Iterator[Change]:
    was = directory_changes.facts_of(service)
    for name, will in facts.items():
        if not directory_changes.is_same(was[name], will):
            yield Change(LABELS[name], shown(was[name]), shown(will))


@transaction.atomic
def take_in(*, text: str, seen: str, by: User) -> Preview[Line, MusicService]:
    """Do what was looked at. The same file a second time does nothing."""
    list(MusicService.objects.select_for_update().order_by("pk").values_list("pk"))
    preview = look(text)
    if preview.seen != seen or preview.troubles:
        raise ChangedMeanwhileError(preview)
    for line in preview.new:
        facts = {name: value for name, value in line.facts.items() if name != "authorities"}
        add_service(service=MusicService(**facts), authorities=line.authorities, by=by)
    for line in preview.changed:
        if line.service:
            directory_changes.change(service=line.service, facts=line.facts, by=by)
    if preview.does_something:
        what = f"a file of music services: {len(preview.new)} new, {len(preview.changed)} changed"
        record(by=by, verb=Verb.IMPORTED, subject=what)
    return preview
