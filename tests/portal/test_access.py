"""The table of who may do what, and its page in the docs."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from portal import access
from portal.access import PROGRAMME_ROLES, SERVICE_ROLES, Permission, ProgrammeRole, Role
from portal.models import Invitation, Membership, MusicService, User
from tests import factories

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def test_the_docs_say_what_the_code_does():
    said = StringIO()
    call_command("access_table", stdout=said)

    assert (DOCS / "access.md").read_text() == said.getvalue()


def test_every_role_and_right_has_its_place():
    held = frozenset().union(*SERVICE_ROLES.values(), *PROGRAMME_ROLES.values())

    assert set(SERVICE_ROLES) == set(Role)
    assert set(PROGRAMME_ROLES) == set(ProgrammeRole)
    assert held == set(Permission)


def test_rights_hold_at_ones_own_service_only(person, avon, bute):
    lead = person("lead")

    assert access.can(lead, Permission.PEOPLE_MANAGE, avon)
    assert not access.can(lead, Permission.PEOPLE_MANAGE, bute)
    assert not access.can(lead, Permission.PEOPLE_MANAGE)


def test_nobody_without_an_account_may_do_anything(db, avon):
    closed = factories.user("closed", programme_role=ProgrammeRole.TEAM, is_active=False)

    allowed = [
        right
        for user in (AnonymousUser(), closed)
        for right in Permission
        if access.can(user, right, avon)
    ]

    assert allowed == []


def test_require_says_what_is_missing(person, avon):
    with pytest.raises(PermissionDenied, match="may not invite people"):
        access.require(person("board_viewer"), Permission.PEOPLE_MANAGE, avon)


def test_asking_costs_one_query_for_all(person, avon, bute, django_assert_num_queries):
    lead = person("lead")

    with django_assert_num_queries(1):
        for right in Permission:
            access.can(lead, right, avon)
            access.can(lead, right, bute)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("lead", {"avon-music-service"}),
        ("board_viewer", {"avon-music-service"}),
        ("outsider", {"bute-music-service"}),
        ("team", {"avon-music-service", "bute-music-service"}),
        ("facilitator", set()),
        ("funder", set()),
    ],
)
def test_what_is_visible_to_whom(person, avon, bute, name, inside):
    someone = person(name)
    person("lead"), person("outsider")
    for service in (avon, bute):
        Invitation.objects.create(
            email="n@example.org", service=service, role=Role.LEAD, invited_by=person("lead")
        )

    services = {service.slug for service in MusicService.objects.visible_to(someone)}
    people = {m.service.slug for m in Membership.objects.visible_to(someone)}
    invitations = {i.service.slug for i in Invitation.objects.visible_to(someone)}
    accounts = User.objects.visible_to(someone).exists()

    assert services == people == invitations == inside
    assert accounts == (name == "team")
