"""The demo's three music services, each somewhere else in its year. Everything is made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import F
from django.utils import timezone

from changingtracks import demo_plans, invented
from portal.access import Role
from portal.models import Activity, Invitation, MusicService, User, Verb
from portal.years import academic_year
from selfassessment.actions import Entry
from selfassessment.asking import joining
from selfassessment.models import (
    FAMILY_GROUPS,
    Agreed,
    AgreedRating,
    Audit,
    Baseline,
    Priority,
    Privacy,
    Questionnaire,
    Rating,
    Respondent,
    Response,
    RoleGroup,
    Source,
    Standing,
    Statement,
    Via,
)

NORTHVALE, BRACKENSHIRE, EASTMERE = (
    "Northvale Music Service",
    "Brackenshire Music Trust",
    "Eastmere Music Hub",
)
YEAR = dt.timedelta(days=365)
DATED = [
    ("selfassessment.RatingEvent", "saved_at"),
    ("selfassessment.AgreedRatingEvent", "agreed_at"),
    ("selfassessment.PriorityEvent", "decided_at"),
    ("actionplans.TargetEvent", "changed_at"),
    ("actionplans.ProgressNoteEvent", "written_at"),
]
AGREED_SO_FAR = 21  # of Eastmere's statements, in the order asked
IN_ALREADY = 8  # of Northvale's team this year; the next three have begun


def tell(
    services: Mapping[str, MusicService],
    people: Mapping[str, User],
    questionnaire: Questionnaire,
) -> None:
    """Northvale's team rates, Brackenshire has just begun, Eastmere talks."""
    now = academic_year(timezone.localdate())
    northvale, brackenshire, eastmere = (
        services[name] for name in (NORTHVALE, BRACKENSHIRE, EASTMERE)
    )
    robin, jo, carys = (
        people[f"{name}.example.org"]
        for name in ("lead@northvale", "lead@brackenshire", "nwg@eastmere")
    )
    year_ago = dt.datetime(now - 1, 10, 6, 9, 30, tzinfo=timezone.get_current_timezone())

    bring_in_totals(northvale, robin, year_ago.date() - dt.timedelta(days=1200))
    first = start(northvale, questionnaire, robin, year_ago - YEAR, year=now - 2, days=45)
    said = invented.said(invented.NORTHVALE_FIRST_YEAR, invented.NORTHVALE_NOTES_LAST_YEAR)
    rate(first, said, first.audit.started_at)
    hand_in(first, year_ago - YEAR + dt.timedelta(days=30))
    open_talk(first.audit, year_ago - YEAR + dt.timedelta(days=40))
    agree(first.audit, said, year_ago - YEAR + dt.timedelta(days=41))
    close(first.audit, year_ago - YEAR + dt.timedelta(days=100))

    before = start(northvale, questionnaire, robin, year_ago, year=now - 1, days=45)
    said = invented.said(invented.NORTHVALE_LAST_YEAR, invented.NORTHVALE_NOTES_LAST_YEAR)
    rate(before, said, year_ago)
    hand_in(before, year_ago + dt.timedelta(days=38))
    team(before.audit, said)
    open_talk(before.audit, year_ago + dt.timedelta(days=50))
    agree(before.audit, said, year_ago + dt.timedelta(days=60))
    prioritise(before.audit, year_ago + dt.timedelta(days=70))
    close(before.audit, year_ago + dt.timedelta(days=120))

    this = start(northvale, questionnaire, robin, at(days_ago=19, year=now), year=now, days=33)
    said = invented.said(invented.NORTHVALE_THIS_YEAR, invented.NORTHVALE_NOTES)
    rate(this, said, this.audit.started_at)
    team(this.audit, said, done=IN_ALREADY)
    invited = Invitation.objects.create(
        email="tutor@northvale.example.org",
        service=northvale,
        role=Role.GROUP_MEMBER,
        invited_by=robin,
        sent_at=at(days_ago=12),
    )
    log(robin, Verb.INVITED, invited.as_line, northvale, invited.sent_at)

    new = start(brackenshire, questionnaire, jo, at(days_ago=1, year=now), year=now, days=42)
    rate(new, invented.said(invented.BRACKENSHIRE, {}), new.audit.started_at)

    talking = start(eastmere, questionnaire, carys, at(days_ago=40, year=now), year=now, days=35)
    said = invented.said(invented.EASTMERE, invented.EASTMERE_NOTES)
    rate(talking, said, talking.audit.started_at)
    hand_in(talking, at(days_ago=3, year=now))
    team(talking.audit, said)
    open_talk(talking.audit, at(days_ago=2, year=now))
    agree(talking.audit, dict(list(said.items())[:AGREED_SO_FAR]), at(days_ago=1, year=now))
    asha = people["inclusion@northvale.example.org"]
    demo_plans.tell(first.audit, before.audit, {"robin": robin, "asha": asha})
    date_history()


def bring_in_totals(service: MusicService, by: User, day: dt.date) -> None:
    """A self-assessment from before the portal, of which only totals are left."""
    before = Baseline.objects.create(
        service=service,
        name="Our own checklist",
        taken_on=day,
        lowest=1,
        highest=3,
        brought_in_by=by,
    )
    totals = [("", 104, 183, 61), ("Embedding inclusion", 33, 60, 20), ("Policies", 38, 60, 20)]
    for order, (area, total, most, statements) in enumerate(totals):
        before.totals.create(area=area, total=total, most=most, statements=statements, order=order)


def at(days_ago: int, year: int | None = None) -> dt.datetime:
    """Ten in the morning so many days ago, but within the academic year where one is given."""
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    if year is not None:
        day = max(day, dt.date(year, 9, 1))
    return dt.datetime.combine(day, dt.time(10), tzinfo=timezone.get_current_timezone())


def start(
    service: MusicService,
    questionnaire: Questionnaire,
    by: User,
    when: dt.datetime,
    *,
    year: int,
    days: int,
) -> Response:
    """A self-assessment as if it had been started then, with `days` to rate in."""
    audit = Audit.objects.create(
        service=service,
        questionnaire=questionnaire,
        year=year,
        finish_on=when.date() + dt.timedelta(days=days),
        started_at=when,
        started_by=by,
    )
    log(by, Verb.STARTED, audit, service, when)
    return joining.join(audit=audit, user=by)


def rate(response: Response, said: Mapping[str, Entry], since: dt.datetime) -> None:
    """One rating every four minutes, in the order asked."""
    statements = [s for s in response.audit.statements() if s.code in said]
    who = response.respondent
    Rating.objects.bulk_create(
        said[statement.code].onto(
            Rating(
                response=response,
                statement=statement,
                page="demo",
                via=Via.DEMO,
                saved_at=since + dt.timedelta(minutes=4 * number),
                saved_by=who.user if who else None,
            )
        )
        for number, statement in enumerate(statements, start=1)
    )


def hand_in(response: Response, when: dt.datetime) -> None:
    response.handed_in_at = when
    response.save(update_fields=["handed_in_at"])
    Respondent.objects.filter(response=response).update(handed_in=True)
    log(response.audit.started_by, Verb.HANDED_IN, response.audit, response.audit.service, when)


def team(audit: Audit, said: Mapping[str, Entry], done: int | None = None) -> None:
    """A team that rates: the first `done` of them are in, the next three have begun."""
    audit.privacy = Privacy.NAMED
    audit.save(update_fields=["privacy"])
    statements = list(audit.statements())
    codes = [statement.code for statement in statements]
    plain = [statement.code for statement in statements if statement.plain_text]
    seats = [(group, n) for group, many in invented.TEAM.items() for n in range(many)]
    domain = audit.service.slug.partition("-")[0]
    for place, (group, number) in enumerate(seats):
        person = asked(audit, group, f"{group}{number + 1}@{domain}.example.org")
        about = plain if plain and group in FAMILY_GROUPS else codes
        heard = invented.spoken(dict(said), group, number, about)
        if done is None or place < done:
            rate(person, heard, audit.started_at + dt.timedelta(days=2 + place))
            moment = audit.started_at + dt.timedelta(days=3 + place)
            Response.objects.filter(pk=person.pk).update(handed_in_at=min(moment, timezone.now()))
            Respondent.objects.filter(response=person).update(handed_in=True)
        elif place < done + 3:
            rate(person, dict(list(heard.items())[:11]), audit.started_at)


def asked(audit: Audit, group: RoleGroup, email: str) -> Response:
    who = Respondent.objects.create(
        audit=audit,
        source=Source.EMAIL,
        email=email,
        role_group=group,
        asked_at=audit.started_at,
        asked_by=audit.started_by,
    )
    return Response.objects.create(audit=audit, respondent=who, role_group=group)


def open_talk(audit: Audit, when: dt.datetime) -> None:
    audit.talk_opened_at, audit.talk_opened_by = when, audit.started_by
    audit.save(update_fields=["talk_opened_at", "talk_opened_by"])
    audit.responses.handed_in().update(counted=True)
    log(audit.started_by, Verb.OPENED_TALK, audit, audit.service, when)


def agree(audit: Audit, said: Mapping[str, Entry], when: dt.datetime) -> None:
    """What was agreed: here what the lead had said. A “don’t know” is left to be agreed."""
    AgreedRating.objects.bulk_create(
        AgreedRating(
            audit=audit,
            statement=statement,
            answer=Agreed.LEVEL if entry.choice.isdigit() else Agreed.NOT_APPLICABLE,
            value=int(entry.choice) if entry.choice.isdigit() else None,
            reason=entry.reason or invented.WHY_AGREED.get(statement.code, ""),
            agreed_at=when,
            agreed_by=audit.started_by,
            page="demo",
            via=Via.DEMO,
        )
        for statement in audit.statements()
        if (entry := said.get(statement.code)) and entry.choice != "dk"
    )


def prioritise(audit: Audit, when: dt.datetime) -> None:
    """Three priorities; what else lies below the middle of the scale is parked."""
    low = [
        agreed.statement
        for agreed in audit.agreed_ratings.select_related("statement").order_by("statement__code")
        if agreed.value is not None and agreed.value < 2
    ]
    chosen = [statement for statement in low if statement.code in invented.WHY_CHOSEN]
    decided: list[tuple[Statement, Standing]] = [
        *((statement, Standing.CHOSEN) for statement in chosen),
        *((statement, Standing.PARKED) for statement in low if statement not in chosen),
    ]
    for order, (statement, standing) in enumerate(decided):
        Priority.objects.create(
            audit=audit,
            statement=statement,
            standing=standing,
            reason=invented.WHY_CHOSEN.get(statement.code, invented.WHY_PARKED),
            order=order,
            decided_at=when,
            decided_by=audit.started_by,
        )
    log(audit.started_by, Verb.PRIORITISED, audit, audit.service, when)


def close(audit: Audit, when: dt.datetime) -> None:
    audit.totals_shown_at, audit.totals_shown_by = when, audit.started_by
    audit.closed_at, audit.closed_by = when, audit.started_by
    audit.save()
    log(audit.started_by, Verb.CLOSED, audit, audit.service, when)


def date_history() -> None:
    """History was written as the demo was made: give each line the moment it tells of."""
    for name, moment in DATED:
        events: Any = apps.get_model(name)
        events.objects.update(pgh_created_at=F(moment))


def log(by: User, verb: Verb, subject: object, service: MusicService, when: dt.datetime) -> None:
    Activity.objects.create(by=by, verb=verb, subject=str(subject), service=service, at=when)
