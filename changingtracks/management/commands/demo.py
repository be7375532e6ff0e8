"""Make the demo: three made-up music services in the middle of their year, and people to be."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from procrastinate.contrib.django.models import ProcrastinateWorker

from changingtracks import invented
from portal import directory
from portal.access import ProgrammeRole, Role
from portal.models import (
    Activity,
    Invitation,
    LocalAuthority,
    Membership,
    MusicService,
    Region,
    Topic,
    User,
    Verb,
)
from portal.years import academic_year
from selfassessment import actions, editions
from selfassessment.actions import Entry
from selfassessment.models import Audit, Questionnaire, Rating, Response, Via

PASSWORD = "changing-tracks-demo"  # noqa: S105 (well known: it opens nothing outside the demo)

NORTHVALE, BRACKENSHIRE, EASTMERE = (
    "Northvale Music Service",
    "Brackenshire Music Trust",
    "Eastmere Music Hub",
)
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
]
PROGRAMME = [
    ("team@changingtracks.example.org", "Sam of the team", ProgrammeRole.TEAM),
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
    services = {
        name: add_service(name, region, authority, first_year)
        for name, region, authority, first_year in SERVICES
    }
    people = {
        email: add_person(email, name, programme_role=role) for email, name, role in PROGRAMME
    }
    began = at(days_ago=500)  # before their first self-assessment
    for email, name, service, role in MEMBERS:
        people[email] = add_person(email, name)
        Membership.objects.create(
            service=services[service], user=people[email], role=role, started_at=began
        )
        log(people[email], Verb.JOINED, role.label, services[service], began)
    team = people["team@changingtracks.example.org"]
    questionnaire = editions.load_shipped(by=team)
    editions.publish(questionnaire=questionnaire, by=team)
    tell_the_year(services, people, questionnaire)
    return True


def tell_the_year(
    services: dict[str, MusicService], people: dict[str, User], questionnaire: Questionnaire
) -> None:
    """Northvale is half way, Brackenshire has just begun, Eastmere has handed in."""
    now = academic_year(timezone.localdate())
    northvale, brackenshire, eastmere = (services[name] for name, *_ in SERVICES)
    robin, jo, carys = (
        people[f"{name}.example.org"]
        for name in ("lead@northvale", "lead@brackenshire", "nwg@eastmere")
    )
    year_ago = dt.datetime(now - 1, 10, 6, 9, 30, tzinfo=timezone.get_current_timezone())

    before = start(northvale, questionnaire, robin, year_ago, year=now - 1, days=45)
    rate(before, invented.NORTHVALE_LAST_YEAR, invented.NORTHVALE_NOTES_LAST_YEAR, year_ago)
    hand_in(before, year_ago + dt.timedelta(days=38))
    close(before, year_ago + dt.timedelta(days=120))

    this = start(northvale, questionnaire, robin, at(days_ago=19, year=now), year=now, days=33)
    rate(this, invented.NORTHVALE_THIS_YEAR, invented.NORTHVALE_NOTES, this.audit.started_at)
    invited = Invitation.objects.create(
        email="tutor@northvale.example.org",
        service=northvale,
        role=Role.GROUP_MEMBER,
        invited_by=robin,
        sent_at=at(days_ago=12),
    )
    log(robin, Verb.INVITED, invited.as_line, northvale, invited.sent_at)

    new = start(brackenshire, questionnaire, jo, at(days_ago=1, year=now), year=now, days=42)
    rate(new, invented.BRACKENSHIRE, {}, new.audit.started_at)

    done = start(eastmere, questionnaire, carys, at(days_ago=40, year=now), year=now, days=35)
    rate(done, invented.EASTMERE, invented.EASTMERE_NOTES, done.audit.started_at)
    hand_in(done, at(days_ago=3, year=now))


def at(days_ago: int, year: int | None = None) -> dt.datetime:
    """Ten in the morning so many days ago, but within the academic year where one is given."""
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    if year is not None:
        day = max(day, dt.date(year, 9, 1))
    return dt.datetime.combine(day, dt.time(10), tzinfo=timezone.get_current_timezone())


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


def start(
    service: MusicService,
    questionnaire: Questionnaire,
    by: User,
    when: dt.datetime,
    *,
    year: int,
    days: int,
) -> Response:
    """A self-assessment as if it had been started then, with `days` to finish it."""
    audit = Audit.objects.create(
        service=service,
        questionnaire=questionnaire,
        year=year,
        finish_on=when.date() + dt.timedelta(days=days),
        started_at=when,
        started_by=by,
    )
    log(by, Verb.STARTED, audit, service, when)
    return actions.join(audit=audit, user=by)


def rate(
    response: Response, ratings: str, notes: dict[str, invented.Note], since: dt.datetime
) -> None:
    """One rating every four minutes, in the order asked."""
    entries = invented.said(ratings, notes)
    asked = [s for s in response.audit.statements() if s.code in entries]
    Rating.objects.bulk_create(
        rated(response, statement.pk, entries[statement.code], since + dt.timedelta(minutes=4 * n))
        for n, statement in enumerate(asked, start=1)
    )


def rated(response: Response, statement_id: int, entry: Entry, when: dt.datetime) -> Rating:
    return entry.onto(
        Rating(
            response=response,
            statement_id=statement_id,
            page="demo",
            via=Via.DEMO,
            saved_at=when,
            saved_by=response.audit.started_by,
        )
    )


def hand_in(response: Response, when: dt.datetime) -> None:
    response.handed_in_at = when
    response.save(update_fields=["handed_in_at"])
    log(response.audit.started_by, Verb.HANDED_IN, response.audit, response.audit.service, when)


def close(response: Response, when: dt.datetime) -> None:
    audit = response.audit
    audit.closed_at, audit.closed_by = when, audit.started_by
    audit.save(update_fields=["closed_at", "closed_by"])
    log(audit.started_by, Verb.CLOSED, audit, audit.service, when)


def log(by: User, verb: Verb, subject: object, service: MusicService, when: dt.datetime) -> None:
    Activity.objects.create(by=by, verb=verb, subject=str(subject), service=service, at=when)
