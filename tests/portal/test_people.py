"""Who is who at a service: roles change and people go, but a lead always stays."""

from __future__ import annotations

import pytest

from portal import actions
from portal.access import Role
from portal.models import Activity, Membership, User, Verb
from tests import factories


def membership_of(user):
    return Membership.objects.live().select_related("user", "service").get(user=user)


def address(membership, tail):
    return f"/services/{membership.service.slug}/people/{membership.pk}/{tail}/"


@pytest.mark.parametrize("name", ["lead", "inclusion_lead", "group_member", "board_viewer", "team"])
def test_members_see_who_is_who(sign_in, person, avon, name):
    factories.membership(factories.user("tutor"), avon, Role.GROUP_MEMBER)
    browser = sign_in(name)

    answer = browser.get(f"/services/{avon.slug}/people/")

    assert "The tutor" in answer.text
    assert ("tutor@example.org" in answer.text) == (name in {"lead", "team"})
    assert ("Change role" in answer.text) == (name in {"lead", "team"})


@pytest.mark.parametrize("name", ["outsider", "facilitator", "funder"])
def test_strangers_do_not(sign_in, avon, name):
    answer = sign_in(name).get(f"/services/{avon.slug}/people/")

    assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_people_page_costs_the_same_for_any_number(
    sign_in, person, avon, rows, django_assert_num_queries
):
    browser = sign_in("lead")
    for number in range(rows - 1):
        factories.membership(factories.user(f"member {number}"), avon, Role.GROUP_MEMBER)
    for number in range(rows):
        actions.invite(
            email=f"n{number}@example.org", service=avon, role=Role.LEAD, by=person("lead")
        )
    browser.get(f"/services/{avon.slug}/people/")

    with django_assert_num_queries(7):
        answer = browser.get(f"/services/{avon.slug}/people/")

    assert len(answer.context["members"]) == rows
    assert len(answer.context["invitations"]) == rows


def test_lead_changes_a_role(sign_in, person):
    membership = membership_of(person("group_member"))
    browser = sign_in("lead")

    shown = browser.get(address(membership, "role"))
    answer = browser.post(address(membership, "role"), {"role": "inclusion_lead"}, follow=True)

    membership.refresh_from_db()
    assert shown.context["form"]["role"].value() == Role.GROUP_MEMBER
    assert "The group member is Inclusion lead now." in answer.text
    assert membership.role == Role.INCLUSION_LEAD
    assert Activity.objects.get().subject == "The group member to Inclusion lead"


@pytest.mark.parametrize("role", ["", "owner", "team"])
def test_there_are_these_roles_and_no_other(sign_in, person, role):
    membership = membership_of(person("group_member"))

    answer = sign_in("lead").post(address(membership, "role"), {"role": role})

    membership.refresh_from_db()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["role"]
    assert membership.role == Role.GROUP_MEMBER


@pytest.mark.parametrize("tail", ["role", "remove"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("inclusion_lead", 403), ("board_viewer", 403), ("outsider", 404), ("funder", 404)],
)
def test_nobody_else_changes_people(sign_in, person, tail, name, status):
    membership = membership_of(person("group_member"))
    browser = sign_in(name)

    answer = browser.post(address(membership, tail), {"role": "lead"})

    membership.refresh_from_db()
    assert answer.status_code == status
    assert (membership.role, membership.ended_at) == (Role.GROUP_MEMBER, None)


def test_membership_of_another_service_is_not_found(sign_in, person, avon):
    outsider = membership_of(person("outsider"))
    browser = sign_in("lead")

    answer = browser.post(
        f"/services/{avon.slug}/people/{outsider.pk}/role/", {"role": "board_viewer"}
    )

    outsider.refresh_from_db()
    assert answer.status_code == 404
    assert outsider.role == Role.LEAD


def test_removed_person_is_out_at_the_next_click(sign_in, person, avon):
    membership = membership_of(person("group_member"))
    member, lead = sign_in("group_member"), sign_in("lead")
    before = member.get(f"/services/{avon.slug}/people/").status_code

    asked = lead.get(address(membership, "remove"))
    lead.post(address(membership, "remove"))

    membership.refresh_from_db()
    assert before == 200
    assert "Remove The group member?" in asked.text
    assert member.get(f"/services/{avon.slug}/people/").status_code == 404
    assert membership.ended_by == person("lead")
    assert Activity.objects.get().verb == Verb.REMOVED


@pytest.mark.parametrize("name", ["lead", "team"])
def test_the_last_lead_stays(sign_in, person, name):
    membership = membership_of(person("lead"))
    browser = sign_in(name)

    demoted = browser.post(address(membership, "role"), {"role": "board_viewer"})
    removed = browser.post(address(membership, "remove"))

    membership.refresh_from_db()
    sentence = "The lead is the only lead of Avon Music Service"
    assert (demoted.status_code, removed.status_code) == (422, 409)
    assert sentence in demoted.text
    assert sentence in removed.text
    assert (membership.role, membership.ended_at) == (Role.LEAD, None)


def test_lead_steps_down_when_there_is_another(sign_in, person, avon):
    factories.membership(factories.user("second lead"), avon, Role.LEAD)
    membership = membership_of(person("lead"))
    browser = sign_in("lead")

    answer = browser.post(address(membership, "role"), {"role": "board_viewer"}, follow=True)

    assert answer.redirect_chain == [(f"/services/{avon.slug}/people/", 302)]
    assert person("lead").role_at(avon) == Role.BOARD_VIEWER


def test_lead_leaves_and_lands_on_today(sign_in, person, avon):
    factories.membership(factories.user("second lead"), avon, Role.LEAD)
    membership = membership_of(person("lead"))

    answer = sign_in("lead").post(address(membership, "remove"))

    assert answer.url == "/"
    assert person("lead").role_at(avon) == ""


def test_team_hands_the_lead_over(sign_in, person, avon):
    old = membership_of(person("lead"))
    team = sign_in("team")

    team.post(f"/services/{avon.slug}/people/invite/", {"email": "n@example.org", "role": "lead"})
    invitation = avon.invitations.get()
    new = actions.create_account(invitation=invitation, name="New head", password="x" * 12)
    team.post(address(old, "remove"))

    assert [m.user for m in avon.memberships.leads()] == [new]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tries", range(5))
def test_two_leads_demoting_each_other_leave_one(avon, tries, at_once):
    users = [factories.user(f"lead {number}") for number in range(2)]
    first, second = (factories.membership(user, avon, Role.LEAD) for user in users)

    outcomes = at_once(
        lambda: actions.change_role(membership=second, role=Role.BOARD_VIEWER, by=users[0]),
        lambda: actions.remove_member(membership=first, by=users[1]),
    )

    refused = [one for one in outcomes if isinstance(one, actions.LastLeadError)]
    assert (len(refused), outcomes.count(None)) == (1, 1)
    assert avon.memberships.leads().count() == 1


def test_former_members_keep_what_they_did(person, response, avon):
    membership = membership_of(person("lead"))
    factories.membership(factories.user("second lead"), avon, Role.LEAD)
    factories.rate(response, "A1.1", 3)

    actions.remove_member(membership=membership, by=person("lead"))

    response.refresh_from_db()
    assert response.respondent.user == person("lead")
    assert response.ratings.count() == 1
    assert User.objects.filter(email="lead@example.org").exists()


def test_doing_it_twice_is_logged_once(person):
    membership, lead = membership_of(person("group_member")), person("lead")

    for _ in range(2):
        actions.change_role(membership=membership, role=Role.INCLUSION_LEAD, by=lead)
    for _ in range(2):
        actions.remove_member(membership=membership, by=lead)
    actions.change_role(membership=membership, role=Role.LEAD, by=lead)

    membership.refresh_from_db()
    assert membership.role == Role.INCLUSION_LEAD
    assert [line.verb for line in Activity.objects.order_by("pk")] == [
        Verb.CHANGED_ROLE,
        Verb.REMOVED,
    ]
