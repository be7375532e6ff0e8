"""The cast: Avon Music Service is under test, Bute is the outsider's, and the programme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from portal.access import ProgrammeRole, Role
from portal.models import MusicService, User
from selfassessment.models import Audit, Questionnaire, Response
from tests import factories

PEOPLE = {
    "lead": Role.LEAD,
    "inclusion_lead": Role.INCLUSION_LEAD,
    "group_member": Role.GROUP_MEMBER,
    "board_viewer": Role.BOARD_VIEWER,
    "outsider": Role.LEAD,
    "team": ProgrammeRole.TEAM,
    "facilitator": ProgrammeRole.FACILITATOR,
    "funder": ProgrammeRole.FUNDER,
}


@pytest.fixture
def avon(db: None) -> MusicService:
    return factories.service("Avon Music Service")


@pytest.fixture
def bute(db: None) -> MusicService:
    return factories.service("Bute Music Service")


@pytest.fixture
def person(avon: MusicService, bute: MusicService) -> Callable[[str], User]:
    """A member of the cast by name; the same one each time in a test."""
    known: dict[str, User] = {}

    def cast(name: str) -> User:
        if name not in known:
            role = PEOPLE[name]
            if isinstance(role, ProgrammeRole):
                known[name] = factories.user(name, programme_role=role)
            else:
                known[name] = factories.user(name)
                factories.membership(known[name], bute if name == "outsider" else avon, role)
        return User.objects.get(pk=known[name].pk)  # fresh: nothing cached from setting up

    return cast


@pytest.fixture
def sign_in(client: Client, person: Callable[[str], User]) -> Callable[[str], Client]:
    """`sign_in("board_viewer")` gives that person's browser; "visitor" has not signed in."""

    def signed_in(name: str) -> Client:
        browser = Client()
        if name != "visitor":
            browser.force_login(person(name))
        return browser

    return signed_in


@pytest.fixture
def questionnaire(db: None, person: Callable[[str], User]) -> Questionnaire:
    """Published, 0 to 4: two areas, three sections, seven statements, three of them quick."""
    return factories.questionnaire(by=person("team"))


@pytest.fixture
def audit(questionnaire: Questionnaire, avon: MusicService, person: Callable[[str], User]) -> Audit:
    """Avon's open self-assessment of this year, started by its lead."""
    return factories.audit(avon, questionnaire, by=person("lead"))


@pytest.fixture
def response(audit: Audit, person: Callable[[str], User]) -> Response:
    """The lead's own response in it: nothing rated yet."""
    return Response.objects.select_related("audit").get(audit=audit, respondent=person("lead"))
