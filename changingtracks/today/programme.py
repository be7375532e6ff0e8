"""Today in the programme: for its team, and for those who read."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from changingtracks.today import beside
from changingtracks.today.desks import Desks, Waits, read, waiting
from changingtracks.today.shown import Row, Today
from portal import access
from portal.access import Permission
from portal.models import User
from selfassessment.steps import Next


def places(user: User) -> list[Row]:
    """What somebody with a role in the programme can open, beside their own service: no figures."""
    if not access.can(user, Permission.QUESTIONNAIRE_VIEW):
        return []
    rows = [
        Row("Questionnaires", reverse("questionnaires"), "What music services are asked"),
        Row(
            "Benchmark",
            reverse("programme_benchmark"),
            "How agreed ratings spread, where enough services share",
        ),
        Row("Music services", reverse("services"), "Those linked with the programme"),
        Row("Example targets", reverse("examples"), "Made-up targets to begin from"),
    ]
    if access.can(user, Permission.YEARS_VIEW):
        rows.insert(0, years_row())
    if user.is_team:
        rows.append(Row("People of the programme", reverse("programme_people"), "Who has a role"))
    return rows


def years_row() -> Row:
    return Row(
        "Where music services are in their year",
        reverse("programme_years"),
        "Stages and dates only, and who may be glad of a call",
    )


def programme_rows(user: User, desks: Desks) -> list[Row]:
    """The same with what there is of each, for those who work for the programme alone."""
    drafts = f", {desks.drafts} in draft" if user.is_team else ""
    notes = {
        "questionnaires": f"{desks.in_use} in use{drafts}",
        "services": f"{desks.services} are linked",
        "examples": f"{desks.examples} to begin from",
    }
    if user.is_team:
        wait = "invitation waits" if desks.invitations == 1 else "invitations wait"
        notes["programme_people"] = f"{desks.invitations} {wait}, services included"
    said = {reverse(route): note for route, note in notes.items()}
    return [replace(row, note=said.get(row.url, row.note)) for row in places(user)]


def for_team(user: User) -> Today:
    """Two queries: what waits at the desks, and what is new for those who read everything."""
    desks = read(user)
    waits = list(waiting(desks))
    first, *rest = [
        *no_questionnaire(desks),
        # Somebody who waits for an answer comes before what has no lead or no answer for long.
        *(next_of(one) for one in waits if one.is_asked),
        *no_lead(desks),
        *(next_of(one) for one in waits if not one.is_asked),
        quiet(),
    ]
    return Today(
        title="Today",
        lead=f"The programme, {date_format(timezone.localdate(), 'l j F Y')}",
        next=first,
        waiting=[Row(one.title, one.url, one.text) for one in rest[:-1]],
        reading=beside.read(user).for_nwg,
        programme=programme_rows(user, desks),
    )


def no_questionnaire(desks: Desks) -> list[Next]:
    if desks.in_use:
        return []
    return [
        Next(
            "Publish a questionnaire",
            "No music service can start a self-assessment before there is one.",
            reverse("questionnaires"),
            "Open questionnaires",
        )
    ]


def no_lead(desks: Desks) -> list[Next]:
    without = desks.without_lead
    if not without:
        return []
    return [
        Next(
            "1 music service has no lead yet"
            if without == 1
            else f"{without} music services have no lead yet",
            "Nobody there can sign in. Invite the head of the service; they invite the others.",
            f"{reverse('services')}?lead=none",
            "See which",
            str(without),
        )
    ]


def next_of(one: Waits) -> Next:
    return Next(one.title, one.text, one.url, one.action, str(one.many))


def quiet() -> Next:
    return Next(
        "Every music service has a lead",
        "Questionnaires are published, and nobody waits for you.",
        reverse("services"),
        "See the music services",
    )


def for_reader(user: User) -> Today:
    return Today(
        title="Today",
        lead=f"{user.get_programme_role_display()}, Changing Tracks",
        next=Next(
            "Read what music services are asked",
            "You see the questionnaires and the directory. What a music service says of itself "
            "stays with that service.",
            reverse("questionnaires"),
            "Read the questionnaires",
        ),
        reading=beside.read(user).for_nwg,
        programme=programme_rows(user, read(user)),
    )
