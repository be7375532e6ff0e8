"""Today in the programme: for its team, and for those who read."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from actionplans.models import ExampleTarget
from changingtracks.today.shown import Row, Today
from portal import access
from portal.access import Permission
from portal.models import Invitation, MusicService, User
from selfassessment.models import Questionnaire, Status
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


def programme_rows(user: User) -> list[Row]:
    """The same with what there is of each, for those who work for the programme alone."""
    count = Questionnaire.objects.visible_to(user).aggregate(
        in_use=Count("pk", filter=Q(status=Status.PUBLISHED)),
        drafts=Count("pk", filter=Q(status=Status.DRAFT)),
    )
    drafts = f", {count['drafts']} in draft" if user.is_team else ""
    notes = {
        "questionnaires": f"{count['in_use']} in use{drafts}",
        "services": f"{MusicService.objects.count()} are linked",
        "examples": f"{ExampleTarget.objects.count()} to begin from",
    }
    if user.is_team:
        waiting = Invitation.objects.visible_to(user).waiting().count()
        wait = "invitation waits" if waiting == 1 else "invitations wait"
        notes["programme_people"] = f"{waiting} {wait}, services included"
    said = {reverse(route): note for route, note in notes.items()}
    return [replace(row, note=said.get(row.url, row.note)) for row in places(user)]


def for_team(user: User) -> Today:
    return Today(
        title="Today",
        lead=f"The programme, {date_format(timezone.localdate(), 'l j F Y')}",
        next=next_for_team(),
        programme=programme_rows(user),
    )


def next_for_team() -> Next:
    if not Questionnaire.objects.in_use().exists():
        return Next(
            "Publish a questionnaire",
            "No music service can start a self-assessment before there is one.",
            reverse("questionnaires"),
            "Open questionnaires",
        )
    without = MusicService.objects.without_lead().count()
    if without:
        return Next(
            "1 music service has no lead yet"
            if without == 1
            else f"{without} music services have no lead yet",
            "Nobody there can sign in. Invite the head of the service; they invite the others.",
            f"{reverse('services')}?lead=none",
            "See which",
            str(without),
        )
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
        programme=programme_rows(user),
    )
