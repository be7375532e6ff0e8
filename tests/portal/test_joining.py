"""Coming in by the link of an invitation: once, in time, as the person it was sent to."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from portal import actions
from portal.access import ProgrammeRole, Role
from portal.models import Activity, Invitation, Link, Membership, User, Verb
from tests import factories

GOOD = {
    "name": "Asha",
    "password": "three old violins",
    "password_again": "three old violins",
}


def link(invitation: Invitation) -> str:
    return f"/join/{invitation.token}/"


def test_new_person_joins_and_is_signed_in(client, invitation, avon):
    shown = client.get(link(invitation))
    answer = client.post(link(invitation), GOOD, follow=True)

    person = User.objects.get(email="new@example.org")
    assert "The lead invites you to Avon Music Service, as Inclusion lead." in shown.text
    assert answer.redirect_chain == [("/", 302)]
    assert answer.context["user"] == person
    assert person.name == "Asha"
    assert person.role_at(avon) == Role.INCLUSION_LEAD
    assert EmailAddress.objects.get(user=person).verified
    assert Activity.objects.filter(verb=Verb.JOINED).get().by == person
    assert Invitation.objects.get().accepted_by == person


def test_new_person_gets_a_new_session(client, invitation):
    client.get(link(invitation))
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key

    client.post(link(invitation), GOOD)

    assert client.session.session_key != before


def test_looking_at_the_link_uses_nothing_up(client, invitation):
    for _ in range(3):
        client.get(link(invitation))
        client.head(link(invitation))

    assert client.get(link(invitation)).status_code == 200
    assert Invitation.objects.waiting().count() == 1
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(
    ("change", "field", "error"),
    [
        ({"name": ""}, "name", "Enter your name."),
        ({"password": ""}, "password", "Choose a password."),
        ({"password_again": "other"}, "password_again", "The two passwords are not the same."),
        (
            {"password": "short", "password_again": "short"},
            "password",
            "This password is too short. It must contain at least 12 characters.",
        ),
        (
            {"password": "new@example.org", "password_again": "new@example.org"},
            "password",
            "The password is too similar to the e-mail address.",
        ),
    ],
)
def test_join_form_says_what_to_mend(client, invitation, change, field, error):
    answer = client.post(link(invitation), GOOD | change)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [error]}
    assert not User.objects.filter(email="new@example.org").exists()
    assert Invitation.objects.waiting().count() == 1


def used(invitation: Invitation) -> None:
    actions.create_account(invitation=invitation, name="Asha", password=GOOD["password"])


def withdrawn(invitation: Invitation) -> None:
    actions.withdraw(invitation=invitation, by=invitation.invited_by)


def replaced(invitation: Invitation) -> None:
    actions.send_again(invitation=invitation, by=invitation.invited_by)


def expired(invitation: Invitation) -> None:
    Invitation.objects.update(sent_at=timezone.now() - dt.timedelta(days=14, minutes=1))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("happen", "title"),
    [
        (used, "This invitation was used"),
        (withdrawn, "This invitation was withdrawn"),
        (replaced, "There is a newer invitation"),
        (expired, "This invitation is out of date"),
    ],
)
def test_closed_link_says_why_and_gives_nothing_away(client, invitation, happen, title, method):
    address = link(invitation)
    happen(invitation)
    people = User.objects.count()

    answer = getattr(client, method)(address, GOOD)

    assert answer.status_code == 410
    assert f"<h1>{title}</h1>" in answer.text
    assert not any(
        word in answer.text for word in ["new@example.org", "Avon", "The lead", "Inclusion lead"]
    )
    assert User.objects.count() == people
    assert Membership.objects.filter(user__email="new@example.org").count() == (happen is used)


@pytest.mark.parametrize("token", ["x", "WzEsMV0:abc", "%00", "a:b:c:d", "é"])
def test_garbled_link_is_not_found(client, invitation, token):
    answer = client.get(f"/join/{token}/")

    assert answer.status_code == 404
    assert "<h1>This link does not work</h1>" in answer.text


def test_link_to_an_invitation_that_is_no_more_is_not_found(client, invitation):
    address = link(invitation)
    invitation.delete()

    answer = client.get(address)

    assert answer.status_code == 404
    assert "<h1>This link does not work</h1>" in answer.text


def test_link_works_up_to_the_last_minute(client, invitation):
    with time_machine.travel(invitation.expires_at - dt.timedelta(minutes=1)):
        answer = client.get(link(invitation))

    assert answer.status_code == 200


def test_somebody_with_an_account_signs_in_first(client, invitation):
    factories.user("new")

    shown = client.get(link(invitation))
    refused = client.post(link(invitation), GOOD)

    assert f'href="/account/login/?next={link(invitation)}"' in shown.text.replace("%3A", ":")
    assert "Sign in to accept" in refused.text
    assert not Membership.objects.filter(user__email="new@example.org").exists()
    assert User.objects.get(email="new@example.org").check_password(factories.PASSWORD)


def test_somebody_with_an_account_signs_in_and_accepts(invitation, avon):
    account = factories.user("new")
    browser = Client()

    arrived = browser.post(
        f"/account/login/?next={link(invitation)}",
        {"login": account.email, "password": factories.PASSWORD},
        follow=True,
    )
    answer = browser.post(link(invitation), follow=True)

    assert "Accept the invitation" in arrived.text
    assert answer.redirect_chain == [("/", 302)]
    assert "Welcome to Avon Music Service." in answer.text
    assert User.objects.get(pk=account.pk).role_at(avon) == Role.INCLUSION_LEAD


def test_whoever_accepts_lands_at_that_music_service(sign_in, person, bute, avon):
    browser = sign_in("outsider")
    invitation = actions.invite(
        email=person("outsider").email, by=person("lead"), service=avon, role=Role.GROUP_MEMBER
    )

    answer = browser.post(link(invitation), follow=True)

    assert answer.context["shell"].current.service == avon


@pytest.mark.parametrize("method", ["get", "post"])
def test_signed_in_as_somebody_else_is_told_so(sign_in, person, invitation, avon, method):
    browser = sign_in("outsider")

    answer = getattr(browser, method)(link(invitation))

    assert "<h1>This invitation is for another address</h1>" in answer.text
    assert "You are signed in as outsider@example.org." in answer.text
    assert Invitation.objects.waiting().count() == 1
    assert person("outsider").role_at(avon) == ""


def test_member_already_under_another_address(sign_in, person, invitation):
    member = person("group_member")
    User.objects.filter(pk=member.pk).update(email="new@example.org")
    browser = sign_in("group_member")

    answer = browser.post(link(invitation), follow=True)

    assert "The group member belongs to Avon Music Service already." in answer.text
    assert Invitation.objects.waiting().count() == 1


def test_account_without_a_password_chooses_one(client, person):
    """The first of the programme team: the set-up makes the account, the link completes it."""
    first = User.objects.create_user("first@example.org", name="Sam")
    invitation = actions.invite(email=first.email, programme_role=ProgrammeRole.TEAM, by=first)

    shown = client.get(link(invitation))
    client.post(link(invitation), GOOD | {"name": "Sam of the team"})

    first.refresh_from_db()
    assert "Your portal is ready. Your role is Programme team." in shown.text
    assert shown.context["form"]["name"].value() == "Sam"
    assert (first.name, first.programme_role) == ("Sam of the team", ProgrammeRole.TEAM)
    assert first.check_password(GOOD["password"])


def test_former_member_comes_back_with_history_kept(sign_in, person, avon):
    member = person("group_member")
    first = Membership.objects.get(user=member)
    actions.remove_member(membership=first, by=person("lead"))
    invitation = actions.invite(
        email=member.email, service=avon, role=Role.BOARD_VIEWER, by=person("lead")
    )

    sign_in("group_member").post(link(invitation))

    roles = Membership.objects.filter(user=member).order_by("pk").values_list("role", "ended_by")
    assert list(roles) == [(Role.GROUP_MEMBER, person("lead").pk), (Role.BOARD_VIEWER, None)]


def test_programme_role_comes_by_invitation(sign_in, person, db):
    invitation = actions.invite(
        email=person("outsider").email, programme_role=ProgrammeRole.FACILITATOR, by=person("team")
    )

    answer = sign_in("outsider").post(link(invitation), follow=True)

    assert "Welcome to the Changing Tracks programme." in answer.text
    assert person("outsider").programme_role == ProgrammeRole.FACILITATOR


def test_hostile_names_come_out_as_text(client, invitation, sign_in, avon):
    name = factories.HOSTILE[0]

    client.post(link(invitation), GOOD | {"name": name})
    answer = sign_in("lead").get(f"/services/{avon.slug}/people/")

    assert "&lt;b onmouseover=&quot;alert(1)&quot;&gt;bold&lt;/b&gt;" in answer.text
    assert name not in answer.text


def test_no_second_account_is_made(invitation):
    factories.user("new")

    with pytest.raises(actions.HasAccountError):
        actions.create_account(invitation=invitation, name="Asha", password=GOOD["password"])

    assert User.objects.filter(email="new@example.org").count() == 1
    assert Invitation.objects.waiting().count() == 1


def test_joining_twice_at_once_makes_one_account(invitation, avon):
    """The second of two clicks on the button comes when the first has made the account."""
    used(invitation)

    with pytest.raises(actions.InvitationClosedError):
        actions.create_account(invitation=invitation, name="Asha", password=GOOD["password"])

    assert avon.memberships.filter(user__email="new@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_the_button_make_one_account(invitation, avon, at_once):
    def press():
        return Client().post(link(invitation), GOOD).status_code

    answers = at_once(press, press)

    # The other is told that the invitation was used, or to sign in to the account that is there.
    assert sorted(answers) in ([200, 302], [302, 410])
    assert avon.memberships.get(user__email="new@example.org").user.name == "Asha"


def test_link_that_was_replaced_while_the_form_was_open(invitation, avon):
    opened = Invitation.objects.get()
    replaced(invitation)

    with pytest.raises(actions.InvitationClosedError) as refusal:
        actions.create_account(invitation=opened, name="Asha", password=GOOD["password"])

    assert refusal.value.link == Link.REPLACED
    assert not User.objects.filter(email="new@example.org").exists()
