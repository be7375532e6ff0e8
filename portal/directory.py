"""The directory of real music services that ships: facts from public pages, nothing else."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from portal.models import LocalAuthority, MusicService

SHIPPED = Path(__file__).resolve().parent / "data" / "music-services.csv"


@transaction.atomic
def load() -> int:
    """Add the services that are not here yet; those that are stay as they are. How many came."""
    known = set(MusicService.objects.values_list("slug", flat=True))
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if slugify(row["name"]) not in known]
    for row in rows:
        add(row)
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
    names = [name.strip() for name in row["local_authorities"].split(";")]
    service.local_authorities.set(LocalAuthority.objects.get_or_create(name=n)[0] for n in names)
