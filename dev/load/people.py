"""Who takes part, made through the portal's own actions: printed as JSON."""

import json
from datetime import timedelta
from itertools import cycle

from django.conf import settings
from django.test import Client
from django.utils import timezone

from dev.bench.team import talk_of_a_hundred
from portal.access import Role
from portal.models import Membership, User
from selfassessment import starting
from selfassessment.asking import invites
from selfassessment.asking.addresses import Person
from selfassessment.models import Audit, Privacy, Questionnaire, Respondent, RoleGroup

RATE, READ = 200, 20
YEAR = 2002  # before any service's own
GROUPS = [
    *[RoleGroup.TUTOR] * 6,
    *(RoleGroup.MANAGER, RoleGroup.OFFICE, RoleGroup.TRUSTEE, RoleGroup.PARTNER),
]


def asked() -> list[Respondent]:
    """People with personal links in a fresh self-assessment; their invitations go out."""
    lead = Membership.objects.leads().select_related("user", "service").order_by("pk")[0]
    audit = starting.start_audit(
        service=lead.service,
        questionnaire=Questionnaire.objects.in_use().latest("pk"),
        year=YEAR,
        scope="whole",
        finish_on=timezone.localdate() + timedelta(weeks=4),
        by=lead.user,
    )
    invites.choose_privacy(audit=audit, privacy=Privacy.NAMED, by=lead.user)
    groups = cycle(GROUPS)
    people: dict[str, list[Person]] = {}
    for number in range(RATE):
        one = Person(f"person{number}@example.org", f"Person {number}", number + 1)
        people.setdefault(next(groups), []).append(one)
    return [
        respondent
        for group, some in people.items()
        for respondent in invites.invite(audit=audit, role_group=group, people=some, by=lead.user)
    ]


def readers(audit: Audit) -> list[str]:
    """The cookies of group members who are signed in and may read this talk."""
    cookies = []
    for number in range(READ):
        user = User.objects.create_user(f"group{number}@example.org", name=f"Member {number}")
        Membership.objects.create(user=user, service=audit.service, role=Role.GROUP_MEMBER)
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    return cookies


if __name__ == "__main__":
    talk = talk_of_a_hundred()
    print(
        json.dumps(
            {
                "people": [[one.pk, f"/r/{one.token}/"] for one in asked()],
                "readers": readers(talk),
                "talk": f"/self-assessments/{talk.pk}/talk/",
            }
        )
    )
