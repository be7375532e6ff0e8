"""Today in the programme: for its team, and for those who read."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from changingtracks.today.shown import Row, Today
from portal import access
from portal.access import Permission
from portal.models import Invitation, MusicService, User
from selfassessment.models import Questionnaire, Status
from selfassessment.steps import Next


def programme_rows(user: User) -> list[Row]:
    """What somebody with a role in the programme can open."""
    if not access.can(user, Permission.QUESTIONNAIRE_VIEW):
        return []
    count = Questionnaire.objects.visible_to(user).aggregate(
        in_use=Count("pk", filter=Q(status=Status.PUBLISHED)),
        drafts=Count("pk", filter=Q(status=Status.DRAFT)),
    )
    drafts = f", {count['drafts']} in draft" if user.is_team else ""
    rows = [
        Row("Questionnaires", reverse("questionnaires"), f"{count['in_use']} in use{drafts}"),
        Row(
            "Benchmark",
            reverse("programme_benchmark"),
            "How agreed ratings spread, where enough services share",
        ),
        Row("Music services", reverse("services"), f"{MusicService.objects.count()} are linked"),
    ]
    if user.is_team:
        waiting = Invitation.objects.visible_to(user).waiting().count()
        wait = "invitation waits" if waiting == 1 else "invitations wait"
        note = f"{waiting} {wait}, services included"
        rows.append(Row("People of the programme", reverse("programme_people"), note))
    return rows


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
