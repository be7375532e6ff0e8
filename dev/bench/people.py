"""Who asks what: people of the portal that is measured, signed in, and what their browsers send."""

import json
import secrets
from dataclasses import asdict
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.test import Client
from django.utils import timezone

from dev.bench import plans, team
from dev.bench.asks import COUNTER, HOST, Ask
from portal.access import Role
from portal.models import Membership, MusicService, User
from portal.years import academic_year
from selfassessment.asking import joining
from selfassessment.models import Audit, Response

ENOUGH = 48
T = TypeVar("T", Audit, Response)
# Names a load of the page that nobody had before, so that each save is against the version read.
PAGE = f"b{secrets.token_hex(4)}"


def browser(person: User, path: str) -> dict[str, str]:
    """The cookies of somebody who has signed in and has looked at one page."""
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def spread(rows: QuerySet[T], most: int = ENOUGH) -> list[T]:
    """At most so many of them, from all over."""
    return list(rows)[:: -(-len(rows) // most) or 1]


def of_starters() -> QuerySet[Response]:
    mine = Response.objects.filter(respondent__user=F("audit__started_by"))
    return mine.select_related("audit", "respondent__user").order_by("pk")


def open_responses() -> list[Response]:
    """Some that are being filled in, of different services."""
    year = academic_year(timezone.localdate())
    return spread(of_starters().filter(handed_in_at=None, audit__year=year))


def agreed_audits() -> list[Audit]:
    """Some whose totals are shown, those with a year before them first."""
    shown = Audit.objects.filter(totals_shown_at__isnull=False).select_related("started_by")
    some = spread(shown.order_by("-year", "pk"), 4 * ENOUGH)
    return sorted(some, key=lambda one: not Audit.objects.before(one).exists())[:ENOUGH]


def section_asks(response: Response, cookies: str) -> list[Ask]:
    audit = response.audit
    return [
        Ask(f"/self-assessments/{audit.pk}/rate/{section.code}/", cookies)
        for section in audit.sections()
    ]


def save_asks(response: Response, cookies: dict[str, str]) -> list[Ask]:
    """Each statement once, with its own fields, as the page's script sends it."""
    audit = response.audit
    ratings = {rating.statement_id: rating for rating in response.ratings.all()}
    asks = []
    for number, statement in enumerate(audit.statements()):
        rating, name = ratings.get(statement.pk), f"s{statement.pk}"
        fields = {
            "csrfmiddlewaretoken": cookies["csrf"],
            "page": f"{PAGE}.{COUNTER}",
            f"{name}-version": str(rating.version if rating else 0),
            f"{name}-rating": str(number % 5),
            f"{name}-comment": f"Note {COUNTER}: most of our tutors have taken part.",
            **{f"{name}-{other}": "" for other in ("reason", "evidence", "link")},
        }
        path = f"/self-assessments/{audit.pk}/rate/{statement.section.code}/{statement.pk}/"
        asks.append(Ask(path, header(cookies), urlencode(fields)))
    return asks


def everything() -> dict[str, list[Ask]]:
    """For each kind of page, what is asked of it: several people, all their sections."""
    found: dict[str, list[Ask]] = {"section": [], "save": [], "list": [], "results": []}
    for response in open_responses():
        path = f"/self-assessments/{response.audit_id}/"
        cookies = browser(response.respondent.user, f"{path}rate/A1/")
        found["list"].append(Ask(path, header(cookies)))
        found["section"] += section_asks(response, header(cookies))
        found["save"] += save_asks(response, cookies)
    for audit in agreed_audits():
        path = f"/self-assessments/{audit.pk}/results/"
        found["results"].append(Ask(path, header(browser(audit.started_by, path))))
    found["talk"] = talk_asks(team.talk_of_a_hundred())
    lead = plans.plan_of_sixty().started_by
    found |= plans.asks(header(browser(lead, "/")))
    found |= public_asks()
    return {name: mixed(asks) for name, asks in found.items()}


def public_asks() -> dict[str, list[Ask]]:
    """What visitors ask for: the front page, the directory and searches of it, single services."""
    services = MusicService.objects.order_by("pk")
    every = services[:: max(1, services.count() // ENOUGH)]
    boxes = ["q=Nortvale", "q=music+servce", "region=London", "nwg=yes&q=hub", "page=2"]
    return {
        "front": [Ask("/", "")],
        "directory": [Ask("/services/", "")],
        "looking": [Ask(f"/services/?{box}", "") for box in boxes],
        "service": [Ask(one.get_absolute_url(), "") for one in every],
    }


def talk_asks(audit: Audit) -> list[Ask]:
    """All pages of a talk, by the lead."""
    path = f"/self-assessments/{audit.pk}/talk/"
    cookies = header(browser(audit.started_by, path))
    return [Ask(f"{path}?page={page}", cookies) for page in range(1, 7)]


def mixed(asks: list[Ask]) -> list[Ask]:
    """A hundred of them: one person's next section comes after other people's."""
    return [asks[7919 * number % len(asks)] for number in range(100)]


def crowd() -> list[dict[str, list[dict[str, str]]]]:
    """For each of many people who rate at the same time, the sections they open and their saves."""
    responses = open_responses()
    if len(responses) < ENOUGH // 3:
        responses = colleagues(responses[0].audit)
    people = []
    for response in responses:
        cookies = browser(
            response.respondent.user, f"/self-assessments/{response.audit_id}/rate/A1/"
        )
        sections = section_asks(response, header(cookies))
        saves = save_asks(response, cookies)
        people.append({"sections": [*map(asdict, sections)], "saves": [*map(asdict, saves)]})
    return people


def colleagues(audit: Audit) -> list[Response]:
    """Sixteen more people of a small portal, each with a response of their own."""
    made = []
    for number in range(16):
        person = User.objects.create_user(f"colleague{number}@example.org", name="Colleague")
        Membership.objects.create(user=person, service=audit.service, role=Role.GROUP_MEMBER)
        made.append(joining.join(audit=audit, user=person))
    return made


if __name__ == "__main__":
    print(json.dumps(crowd()))
