"""The directory of real music services that ships: facts from public pages, nothing else."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from portal.models import HubArea, LocalAuthority, MusicService

DATA = Path(__file__).resolve().parent / "data"
SHIPPED = DATA / "music-services.csv"
HUBS = DATA / "hub-areas.csv"
COLUMNS = [
    *("name", "local_authorities", "region", "first_year", "lead", "action_research"),
    *("nurture_groups", "working_group", "source_url"),
]
HUB_COLUMNS = ["hub_area", "lead_organisation", "member_authorities", "source_url"]
REDRAWN_ON = dt.date(2024, 9, 1)


@transaction.atomic
def load() -> int:
    """Add the services that are not here yet; those that are stay as they are. How many came."""
    known = set(MusicService.objects.values_list("slug", flat=True))
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if slugify(row["name"]) not in known]
    for row in rows:
        add(row)
    load_hubs()
    return len(rows)


def add(row: dict[str, str]) -> None:
    service = MusicService.objects.create(
        name=row["name"],
        slug=slugify(row["name"]),
        region=row["region"],
        first_year=int(row["first_year"]) if row["first_year"] else None,
        leads_programme=row["lead"] == "yes",
        action_research=row["action_research"] == "yes",
        nurture_groups=row["nurture_groups"] == "yes",
        in_nwg=row["working_group"] == "yes",
        source_url=row["source_url"],
    )
    service.local_authorities.set(areas(names_in(row["local_authorities"])))


def names_in(cell: str) -> list[str]:
    """Names between semicolons, each once."""
    names = (" ".join(name.split()) for name in cell.split(";"))
    return list(dict.fromkeys(name for name in names if name))


def areas(names: Iterable[str]) -> list[LocalAuthority]:
    return [LocalAuthority.objects.get_or_create(name=name)[0] for name in names]


def load_hubs() -> int:
    """Add the hub areas that are not here yet, with who leads them. How many came."""
    known = set(HubArea.objects.values_list("name", flat=True))
    with HUBS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["hub_area"] not in known]
    with transaction.atomic():
        for row in rows:
            add_hub(row)
    return len(rows)


def add_hub(row: dict[str, str]) -> None:
    area = HubArea.objects.create(name=row["hub_area"], source_url=row["source_url"])
    if row["lead_organisation"]:
        area.leads.create(organisation=row["lead_organisation"], from_on=REDRAWN_ON)
    for authority in areas(names_in(row["member_authorities"])):
        if not authority.hub_memberships.filter(until_on=None).exists():
            area.members.create(authority=authority, from_on=REDRAWN_ON)


def rows_of(services: Iterable[MusicService]) -> list[list[str | int | None]]:
    """Services as rows of the file, in the order of `COLUMNS`."""
    return [
        [
            service.name,
            "; ".join(area.name for area in service.local_authorities.all()),
            service.region,
            service.first_year,
            *(
                "yes" if flag else ""
                for flag in (
                    service.leads_programme,
                    service.action_research,
                    service.nurture_groups,
                    getattr(
                        service, "is_in_nwg", service.in_nwg
                    ),  # where it was found: a seat counts
                )
            ),
            service.source_url,
        ]
        for service in services
    ]
