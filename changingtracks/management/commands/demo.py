"""Make the demo: three made-up music services in the middle of their year, and people to be."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.text import slugify
from procrastinate.contrib.django.models import ProcrastinateWorker

from actionplans import examples
from changingtracks import demo_publishing, demo_year
from changingtracks.demo_year import BRACKENSHIRE, EASTMERE, NORTHVALE
from portal import directory
from portal.access import ProgrammeRole, Role
from portal.models import (
    LocalAuthority,
    Membership,
    MusicService,
    Region,
    Topic,
    User,
    Verb,
)
from resources import pages, seed
from selfassessment.questionnaires import editions

PASSWORD = "changing-tracks-demo"  # noqa: S105 (well known: it opens nothing outside the demo)

SERVICES = [
    (NORTHVALE, Region.NORTH_EAST, "Northvale", 2019),
    (BRACKENSHIRE, Region.EAST_MIDLANDS, "Brackenshire", 2024),
    (EASTMERE, Region.EAST_OF_ENGLAND, "Eastmere", 2016),
]
MEMBERS = [
    ("lead@northvale.example.org", "Robin Northvale", NORTHVALE, Role.LEAD),
    ("inclusion@northvale.example.org", "Asha Northvale", NORTHVALE, Role.INCLUSION_LEAD),
    ("board@northvale.example.org", "Morgan Northvale", NORTHVALE, Role.BOARD_VIEWER),
    ("lead@brackenshire.example.org", "Jo Brackenshire", BRACKENSHIRE, Role.LEAD),
    ("nwg@eastmere.example.org", "Carys Eastmere", EASTMERE, Role.LEAD),
    ("group@eastmere.example.org", "Sol Eastmere", EASTMERE, Role.GROUP_MEMBER),
]
PROGRAMME = [
    ("team@changingtracks.example.org", "Sam of the team", ProgrammeRole.TEAM),
    ("writer@changingtracks.example.org", "Ines of the team", ProgrammeRole.TEAM),
    ("facilitator@musicmark.example.org", "Lee, facilitator", ProgrammeRole.FACILITATOR),
    ("funder@youthmusic.example.org", "Noor, funder", ProgrammeRole.FUNDER),
]
DEMO_SIGN_INS: list[tuple[str, str]] = [
    *((email, f"{role.label}, {service}") for email, _, service, role in MEMBERS),
    *((email, str(role.label)) for email, _, role in PROGRAMME),
]


class Command(BaseCommand):
    help = "Make the demo's services, people and self-assessments. Only where DEMO is on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="throw away everything the portal holds first"
        )

    def handle(self, *_args: object, reset: bool, **_options: object) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This is no demo portal, so nothing was changed. Set DEMO=1 where everybody may "
                "know the passwords, and nowhere else."
            )
        with transaction.atomic():
            if reset:
                clear()
            made = fill()
        if reset and settings.DEVELOPMENT:
            for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
                path.unlink()
        self.stdout.write("The demo is ready." if made else "The demo is here already.")


def clear() -> None:
    """Empty every table of the portal but what its migrations wrote."""
    keep = {Topic, ContentType, ProcrastinateWorker}  # the worker that is running goes on
    models = [m for m in apps.get_models(include_auto_created=True) if m not in keep]
    tables = {m._meta.db_table for m in models if not m._meta.proxy}  # noqa: SLF001
    there = set(connection.introspection.table_names()) & {*tables, "cache"}
    names = ", ".join(connection.ops.quote_name(name) for name in sorted(there))
    connection.check_constraints()  # PostgreSQL truncates nothing that waits for a check
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def fill() -> bool:
    """Add the demo, unless it is here. Says whether it was added."""
    if User.objects.filter(email__in=[email for email, _ in DEMO_SIGN_INS]).exists():
        return False
    directory.load()
    examples.load()
    seed.load()
    pages.load()
    services = {
        name: add_service(name, region, authority, first_year)
        for name, region, authority, first_year in SERVICES
    }
    people = {
        email: add_person(email, name, programme_role=role) for email, name, role in PROGRAMME
    }
    began = demo_year.at(days_ago=500)  # before their first self-assessment
    for email, name, service, role in MEMBERS:
        people[email] = add_person(email, name)
        Membership.objects.create(
            service=services[service], user=people[email], role=role, started_at=began
        )
        demo_year.log(people[email], Verb.JOINED, role.label, services[service], began)
    team = people["team@changingtracks.example.org"]
    questionnaire = editions.load_shipped(by=team)
    editions.publish(questionnaire=questionnaire, by=team)
    demo_year.tell(services, people, questionnaire)
    demo_publishing.tell(services, people)
    return True


def add_service(name: str, region: str, authority: str, first_year: int) -> MusicService:
    service = MusicService.objects.create(
        name=name, slug=slugify(name), region=region, first_year=first_year, is_fictional=True
    )
    service.local_authorities.add(LocalAuthority.objects.create(name=authority))
    return service


def add_person(email: str, name: str, **fields: str) -> User:
    person = User.objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person
