"""Taking a file of hub areas in: a look first, then all of it or nothing.

What a file leaves empty it says nothing about. A lead or a council that is another one now changes
on a day that is given with the file, and what was before stays written down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.db import transaction
from django.utils.formats import date_format

from portal import hubs
from portal.actions import record
from portal.csv_in import (
    Change,
    ChangedMeanwhileError,
    Preview,
    fingerprint,
    is_address,
    rows_of,
)
from portal.directory import HUB_COLUMNS, names_in
from portal.models import HubArea, User, Verb

LONGEST = {"hub_area": 120, "lead_organisation": 160, "source_url": 300}
LONGEST_COUNCIL = 120


@dataclass
class Line:
    """One line of the file, and the hub area it stands for, where there is one."""

    number: int
    name: str
    lead: str
    authorities: list[str]
    source_url: str
    troubles: list[str] = field(default_factory=list)
    area: HubArea | None = None
    changes: list[Change] = field(default_factory=list)
    like: str = ""  # the name of a hub area that may be the same


def rows(areas: Iterable[HubArea]) -> list[list[str | int | None]]:
    """Hub areas as they are now, as lines of the file; `areas` come with all."""
    return [
        [
            area.name,
            area.lead_now.organisation if area.lead_now else "",
            "; ".join(council_names(area)),
            area.source_url,
        ]
        for area in areas
    ]


def council_names(area: HubArea) -> list[str]:
    return [member.authority.name for member in area.now]  # type: ignore[attr-defined]


def look(text: str) -> Preview[Line, HubArea]:
    """What the file would do to the hub areas as they are. Three queries, however long it is."""
    areas = list(HubArea.objects.with_all())
    known = {area.name.casefold(): area for area in areas}
    lines, met = [], dict[str, int]()
    for number, cells in rows_of(text, HUB_COLUMNS):
        line = line_of(number, cells)
        key = line.name.casefold()
        if key in met:
            line.troubles.append(f"This is the same hub area as in line {met[key]}.")
        met.setdefault(key, number)
        line.area = known.get(key)
        if line.area:
            line.changes = list(changes_of(line.area, line))
        else:
            line.like = next(iter(get_close_matches(line.name, known, n=1, cutoff=0.8)), "")
            line.like = known[line.like].name if line.like else ""
        lines.append(line)
    twice_given(lines)
    good = [line for line in lines if not line.troubles]
    new = [line for line in good if not line.area]
    changed = [line for line in good if line.changes]
    return Preview(
        new=new,
        changed=changed,
        same=len(good) - len(new) - len(changed),
        missing=[area for area in areas if area.name.casefold() not in met],
        troubles=[line for line in lines if line.troubles],
        seen=fingerprint(
            [
                line.area.pk if line.area else None,
                *(line.name, line.lead, line.authorities, line.source_url),
                [str(change) for change in line.changes],
            ]
            for line in (*new, *changed)
        ),
    )


def line_of(number: int, cells: dict[str, str]) -> Line:
    line = Line(
        number,
        name=cells["hub_area"],
        lead=cells["lead_organisation"],
        authorities=names_in(cells["member_authorities"]),
        source_url=cells["source_url"],
    )
    line.troubles += troubles_of(line, cells)
    return line


def troubles_of(line: Line, cells: dict[str, str]) -> Iterator[str]:
    if not line.name:
        yield "The name of the hub area is empty."
    if line.source_url and not is_address(line.source_url):
        yield f"“{line.source_url}” is no web address."
    for column, longest in LONGEST.items():
        if len(cells[column]) > longest:
            yield f"What stands under {column} is longer than {longest} characters."
    if any(len(name) > LONGEST_COUNCIL for name in line.authorities):
        yield "A council area is longer than 120 characters. Put ; between areas."


def twice_given(lines: list[Line]) -> None:
    """A council area lies in one hub area at a time, in the file too."""
    first = dict[str, Line]()
    for line in lines:
        for council in line.authorities:
            before = first.setdefault(council.casefold(), line)
            if before is not line:
                line.troubles.append(f"{council} stands in line {before.number} too.")


def changes_of(area: HubArea, line: Line) -> Iterator[Change]:
    """What is said of the area and is otherwise now."""
    lead = area.lead_now.organisation if area.lead_now else ""
    if line.lead and line.lead != lead:
        yield Change("hub lead organisation", lead or "not known", line.lead)
    councils = council_names(area)
    if line.authorities and set(line.authorities) != set(councils):
        yield Change(
            "council areas", ", ".join(councils) or "not known", ", ".join(line.authorities)
        )
    if line.source_url and line.source_url != area.source_url:
        yield Change("where this comes from", area.source_url or "empty", line.source_url)


@transaction.atomic
def take_in(*, text: str, seen: str, on: dt.date, by: User) -> Preview[Line, HubArea]:
    """Do what was looked at, with changes from that day on. A second time it does nothing."""
    list(HubArea.objects.select_for_update().order_by("pk").values_list("pk"))
    preview = look(text)
    if preview.seen != seen or preview.troubles:
        raise ChangedMeanwhileError(preview)
    for line in (*preview.new, *preview.changed):
        take(line, on, by)
    if preview.does_something:
        what = (
            f"a file of hub areas: {len(preview.new)} new, {len(preview.changed)} changed, "
            f"as of {date_format(on, 'j F Y')}"
        )
        record(by=by, verb=Verb.IMPORTED, subject=what)
    return preview


def take(line: Line, on: dt.date, by: User) -> None:
    area = line.area or HubArea(name=line.name)
    lead = area.lead_now if area.pk else None
    area.source_url = line.source_url or area.source_url
    councils = line.authorities or (council_names(area) if area.pk else [])
    hubs.keep(area=area, authorities=councils, by=by, on=on)
    if line.lead and (lead is None or lead.organisation != line.lead):
        hubs.lead_from(area=area, organisation=line.lead, from_on=on, by=by)
