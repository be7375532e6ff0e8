"""A real portal begins with the directory and one invitation."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from actionplans.models import ExampleTarget
from portal.access import ProgrammeRole
from portal.models import Invitation, MusicService, User


def begin(*arguments):
    out = StringIO()
    call_command("begin", *arguments, stdout=out)
    return out.getvalue()


def test_begin_loads_the_directory_and_invites(db, settings, worker):
    settings.SITE_URL = "https://portal.example.org"

    said = begin("First@Example.org", "--name", "Sam")
    worker()

    invitation = Invitation.objects.get()
    link = f"https://portal.example.org/join/{invitation.token}/"
    assert MusicService.objects.count() == 30
    assert invitation.programme_role == ProgrammeRole.TEAM
    assert ExampleTarget.objects.exists()
    assert said.splitlines()[-1] == link
    assert mail.outbox[0].to == ["first@example.org"]
    assert link in mail.outbox[0].body
    assert "The Changing Tracks portal is ready for you." in mail.outbox[0].body


def test_first_of_the_team_comes_in_by_the_link(db, client):
    link = begin("first@example.org", "--name", "Sam").splitlines()[-1]
    typed = {"name": "Sam", "password": "three old violins", "password_again": "three old violins"}

    closed = client.post("/account/login/", {"login": "first@example.org", "password": ""})
    client.post(link, typed)

    assert closed.status_code == 200
    assert client.get("/programme/people/").status_code == 200
    assert User.objects.get().is_team


def test_begin_is_for_an_empty_portal(person):
    person("lead")

    with pytest.raises(CommandError, match="There are people here already"):
        begin("first@example.org", "--name", "Sam")

    assert not Invitation.objects.exists()
    assert not MusicService.objects.filter(first_year=2012).exists()


def test_begin_wants_an_address(db):
    with pytest.raises(CommandError, match="nobody is not an e-mail address"):
        begin("nobody", "--name", "Sam")

    assert not User.objects.exists()
