"""Taking a file of music services into the directory: a look first, then all of it or nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from portal import directory_changes
from portal.actions import add_service, record
from portal.directory import COLUMNS, names_in
from portal.directory_changes import LABELS, shown
from portal.exports import STARTS_FORMULA
from portal.models import MusicService, Region, User, Verb

MOST_BYTES = 1_500_000
MOST_LINES = 12_000
LONGEST = {"name": 160, "source_url": 300}
FLAGS = {
    "lead": "leads_programme",
    "action_research": "action_research",
    "nurture_groups": "nurture_groups",
    "working_group": "in_nwg",
}
ADDRESS = URLValidator(schemes=["http", "https"])


class UnreadableError(Exception):
    """The file is no table of music services; the text says what is wrong."""


class ChangedMeanwhileError(Exception):
    """The directory is not as it was when somebody looked: `now` is what would happen now."""

    def __init__(self, now: Preview) -> None:
        super().__init__("The directory changed since you looked. This is what would happen now.")
        self.now = now


@dataclass(frozen=True)
class Change:
    label: str
    was: str
    will: str


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


@dataclass(frozen=True)
class Preview:
    """What taking the file in would do."""

    new: list[Line]
    changed: list[Line]
    same: int
    missing: list[MusicService]
    troubles: list[Line]
    seen: str  # says whether it still is so when it is done

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed) and not self.troubles


def text_of(content: bytes) -> str:
    """A file as text: UTF-8, or what older spreadsheets write."""
    if len(content) > MOST_BYTES:
        raise UnreadableError("This file is too large. At most 1.5 MB can be read.")
    if b"\0" in content:
        raise UnreadableError("This is no CSV file. In your spreadsheet, save the table as CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a table with our columns, in any order; other columns are left alone."""
    reader = csv.DictReader(StringIO(text, newline=""), restval="")
    try:
        heads = [name.strip().lower() for name in reader.fieldnames or []]
        missing = [name for name in COLUMNS if name not in heads]
        if missing:
            raise UnreadableError(
                f"These columns are missing: {', '.join(missing)}. Take the list away as CSV to "
                "see how the table should look."
            )
        reader.fieldnames = heads
        for count, row in enumerate(reader, start=1):
            if count > MOST_LINES:
                raise UnreadableError(f"At most {MOST_LINES} lines can be read.")
            cells = {name: cell_of(row[name]) for name in COLUMNS}
            if any(cells.values()):
                yield line_of(reader.line_num, cells)
    except csv.Error as error:
        raise UnreadableError(f"This table cannot be read: {error}.") from error


def cell_of(cell: str) -> str:
    """What stands in a cell, without the apostrophe that our own export puts before a formula."""
    cell = " ".join((cell or "").split())
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(STARTS_FORMULA) else cell


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


def is_address(cell: str) -> bool:
    try:
        ADDRESS(cell)
    except ValidationError:
        return False
    return True


def look(text: str) -> Preview:
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
        seen=fingerprint(new, changed),
    )


def changes_of(service: MusicService, facts: dict[str, object]) -> Iterator[Change]:
    was = directory_changes.facts_of(service)
    for name, will in facts.items():
        if not directory_changes.is_same(was[name], will):
            yield Change(LABELS[name], shown(was[name]), shown(will))


def fingerprint(new: list[Line], changed: list[Line]) -> str:
    does = [
        [line.service.pk if line.service else None, line.facts, [str(one) for one in line.changes]]
        for line in (*new, *changed)
    ]
    return hashlib.blake2s(json.dumps(does, sort_keys=True).encode(), digest_size=12).hexdigest()


@transaction.atomic
def take_in(*, text: str, seen: str, by: User) -> Preview:
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
