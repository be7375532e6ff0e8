"""A hundred people who rated all statements of one service, and the talk about what they said."""

from django.db import transaction
from django.utils import timezone

from portal.access import Role
from portal.models import Membership
from selfassessment.models import (
    Answer,
    Audit,
    Privacy,
    Questionnaire,
    Rating,
    Respondent,
    Response,
    RoleGroup,
    Source,
    Via,
)
from selfassessment.talk import talking

YEAR = 2001  # before any service's own
PEOPLE = {
    RoleGroup.TUTOR: 52,
    RoleGroup.MANAGER: 9,
    RoleGroup.SENIOR: 4,
    RoleGroup.OFFICE: 8,
    RoleGroup.TRUSTEE: 5,
    RoleGroup.COUNCIL: 2,
    RoleGroup.PARTNER: 6,
    RoleGroup.YOUNG: 9,
    RoleGroup.PARENT: 5,
}


def talk_of_a_hundred() -> Audit:
    """The one there is, or a new one at the first music service that has a lead."""
    there = Audit.objects.filter(year=YEAR).select_related("started_by").first()
    return there or make()


@transaction.atomic
def make() -> Audit:
    lead = Membership.objects.live().filter(role=Role.LEAD).select_related("user").first()
    audit = Audit.objects.create(
        service=lead.service,
        questionnaire=Questionnaire.objects.in_use().latest("pk"),
        year=YEAR,
        finish_on=timezone.localdate(),
        privacy=Privacy.NAMED,
        started_by=lead.user,
    )
    groups = [group for group, count in PEOPLE.items() for _ in range(count)]
    people = Respondent.objects.bulk_create(
        Respondent(audit=audit, source=Source.WORKBOOK, role_group=group, handed_in=True)
        for group in groups
    )
    responses = Response.objects.bulk_create(
        Response(
            audit=audit,
            respondent=one,
            role_group=one.role_group,
            handed_in_at=audit.started_at,
        )
        for one in people
    )
    statements = list(audit.statements())
    Rating.objects.bulk_create(
        rating(response, number, statement.pk, place)
        for number, response in enumerate(responses)
        for place, statement in enumerate(statements)
    )
    talking.open_talk(audit=audit, by=lead.user)
    return audit


def rating(response: Response, number: int, statement: int, place: int) -> Rating:
    """All levels are given, some people do not know, and each fourteenth writes a comment."""
    turn = number * 7 + place * 13
    answer = {0: Answer.DONT_KNOW, 1: Answer.NOT_APPLICABLE}.get(turn % 23, Answer.LEVEL)
    return Rating(
        response=response,
        statement_id=statement,
        answer=answer,
        value=(turn // 3 + place) % 5 if answer == Answer.LEVEL else None,
        reason="A partner does this for us." if answer == Answer.NOT_APPLICABLE else "",
        comment=f"Seen in {number} of our schools this year." if turn % 14 == 0 else "",
        discuss=turn % 31 == 0,
        via=Via.DEMO,
    )
