"""Who has a role in the programme: the team looks after it."""

from __future__ import annotations

import pytest

from portal import actions
from portal.access import ProgrammeRole
from portal.models import Activity, Invitation
from tests import factories


def test_team_sees_the_programme_and_who_is_invited(sign_in, person):
    person("funder")
    actions.invite(email="n@example.org", programme_role=ProgrammeRole.TEAM, by=person("team"))

    answer = sign_in("team").get("/programme/people/")

    assert [user.email for user in answer.context["people"]] == [
        "funder@example.org",
        "team@example.org",
    ]
    assert [waiting.email for waiting in answer.context["invitations"]] == ["n@example.org"]


@pytest.mark.parametrize("name", ["lead", "facilitator", "funder"])
def test_nobody_else_does(sign_in, person, name):
    funder = person("funder")
    browser = sign_in(name)
    typed = {"email": "n@example.org", "programme_role": "team"}

    statuses = [
        browser.get("/programme/people/").status_code,
        browser.post("/programme/people/invite/", typed).status_code,
        browser.post(f"/programme/people/{funder.pk}/end/").status_code,
    ]

    assert statuses == [403, 403, 403]
    assert not Invitation.objects.exists()
    assert person("funder").programme_role == ProgrammeRole.FUNDER


@pytest.mark.parametrize("rows", [1, 3])
def test_programme_page_costs_the_same_for_any_number(
    sign_in, person, rows, django_assert_num_queries
):
    browser = sign_in("team")
    for name in ["facilitator", "funder"][: rows - 1]:
        person(name)
    for number in range(rows):
        actions.invite(
            email=f"n{number}@example.org", programme_role=ProgrammeRole.TEAM, by=person("team")
        )
    browser.get("/programme/people/")

    with django_assert_num_queries(5):
        answer = browser.get("/programme/people/")

    assert len(answer.context["people"]) == len(answer.context["invitations"]) == rows


@pytest.mark.parametrize("role", ProgrammeRole.values)
def test_team_invites_to_the_programme(sign_in, db, role):
    answer = sign_in("team").post(
        "/programme/people/invite/", {"email": "n@example.org", "programme_role": role}
    )

    assert answer.url == "/programme/people/"
    assert Invitation.objects.get().programme_role == role


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nobody", "programme_role": "team"}, "email"),
        ({"email": "n@example.org", "programme_role": "lead"}, "programme_role"),
    ],
)
def test_invite_form_says_what_to_mend(sign_in, db, typed, field):
    answer = sign_in("team").post("/programme/people/invite/", typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


def test_who_has_a_role_gets_no_second_one(sign_in, person):
    funder = person("funder")

    answer = sign_in("team").post(
        "/programme/people/invite/", {"email": funder.email, "programme_role": "team"}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "email": ["The funder is in the programme already, as Funder. End that role first."]
    }
    assert not Invitation.objects.exists()


def test_team_ends_a_role(sign_in, person):
    funder = person("funder")
    browser = sign_in("team")

    asked = browser.get(f"/programme/people/{funder.pk}/end/")
    answer = browser.post(f"/programme/people/{funder.pk}/end/", follow=True)

    assert "End the role of The funder?" in asked.text
    assert "The funder is no longer in the programme." in answer.text
    assert person("funder").programme_role == ""


def test_last_of_the_team_stays(sign_in, person):
    team = person("team")

    answer = sign_in("team").post(f"/programme/people/{team.pk}/end/")

    assert answer.status_code == 409
    assert "The team is the only member of the programme team" in answer.text
    assert person("team").is_team


def test_people_outside_the_programme_are_not_found(sign_in, person):
    lead = person("lead")

    answer = sign_in("team").post(f"/programme/people/{lead.pk}/end/")

    assert answer.status_code == 404


def test_waiting_invitation_to_the_programme_is_offered_again(sign_in, person):
    waiting = actions.invite(
        email="n@example.org", programme_role=ProgrammeRole.TEAM, by=person("team")
    )
    browser = sign_in("team")

    form = browser.get("/programme/people/invite/")
    answer = browser.post(
        "/programme/people/invite/", {"email": "N@example.org", "programme_role": "team"}
    )
    withdrawn = browser.post(f"/invitations/{waiting.pk}/withdraw/")

    assert form.status_code == 200
    assert answer.status_code == 422
    assert answer.context["waiting"] == waiting
    assert withdrawn.url == "/programme/people/"
    assert not Invitation.objects.waiting().exists()


def test_ending_a_role_twice_is_logged_once(person):
    funder, team = person("funder"), person("team")

    for _ in range(2):
        actions.end_programme_role(person=funder, by=team)

    assert [line.subject for line in Activity.objects.all()] == ["The funder, Funder"]


def test_one_of_two_of_the_team_may_leave(sign_in, person):
    factories.user("second", programme_role=ProgrammeRole.TEAM)
    team = person("team")

    answer = sign_in("team").post(f"/programme/people/{team.pk}/end/")

    assert answer.url == "/"
    assert not person("team").is_team
