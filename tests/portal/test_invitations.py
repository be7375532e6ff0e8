"""A lead invites by e-mail; the mail goes by the worker, in the same transaction."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from portal import actions, tasks
from portal.access import ProgrammeRole, Role
from portal.models import Activity, Invitation, Verb
from tests import factories


def invite_url(service, tail="people/invite/"):
    return f"/services/{service.slug}/{tail}"


def test_lead_invites_and_the_worker_mails(sign_in, avon, worker):
    browser = sign_in("lead")

    answer = browser.post(invite_url(avon), {"email": "New@Example.org", "role": "group_member"})
    worker()

    invitation = Invitation.objects.get()
    assert answer.url == f"/services/{avon.slug}/people/"
    assert (invitation.email, invitation.role) == ("new@example.org", Role.GROUP_MEMBER)
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    assert f"/join/{invitation.token}/" in mail.outbox[0].body
    assert f"/join/{invitation.token}/" in mail.outbox[0].alternatives[0].content
    assert "The lead invites you to Avon Music Service" in mail.outbox[0].body
    assert Activity.objects.get().verb == Verb.INVITED


@pytest.mark.django_db(transaction=True)
def test_no_mail_when_the_transaction_is_undone(avon, person):
    lead, jobs = person("lead"), ProcrastinateJob.objects.count()

    with transaction.atomic():
        actions.invite(email="new@example.org", service=avon, role=Role.LEAD, by=lead)
        transaction.set_rollback(True)

    assert ProcrastinateJob.objects.count() == jobs
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["inclusion_lead", "group_member", "board_viewer"])
def test_other_members_may_not_invite(sign_in, avon, name):
    browser = sign_in(name)

    answer = browser.post(invite_url(avon), {"email": "new@example.org", "role": "lead"})

    assert answer.status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["outsider", "facilitator", "funder"])
def test_strangers_do_not_find_the_page(sign_in, avon, name):
    browser = sign_in(name)

    answer = browser.post(invite_url(avon), {"email": "new@example.org", "role": "lead"})

    assert answer.status_code == 404
    assert not Invitation.objects.exists()


def test_member_is_not_invited_again(sign_in, avon, person):
    member = person("board_viewer")
    browser = sign_in("lead")

    answer = browser.post(invite_url(avon), {"email": member.email.upper(), "role": "lead"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "email": ["The board viewer belongs to Avon Music Service already."]
    }
    assert not Invitation.objects.exists()


def test_waiting_invitation_is_offered_again(sign_in, avon, invitation):
    browser = sign_in("lead")

    answer = browser.post(invite_url(avon), {"email": "NEW@example.org", "role": "lead"})

    assert answer.status_code == 422
    assert answer.context["waiting"] == invitation
    assert f'action="/invitations/{invitation.pk}/send-again/"' in answer.text
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"email": "not an address", "role": "lead"}, "email"), ({"email": "a@example.org"}, "role")],
)
def test_invite_form_keeps_what_was_typed(sign_in, avon, typed, field):
    browser = sign_in("lead")

    answer = browser.post(invite_url(avon), typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'value="{typed["email"]}"' in answer.text
    assert not Invitation.objects.exists()


def test_team_invites_the_lead_of_any_service(sign_in, avon):
    browser = sign_in("team")

    offered = browser.get(invite_url(avon, "people/invite/?role=lead"))
    browser.post(invite_url(avon), {"email": "head@example.org", "role": "lead"})

    assert offered.context["form"]["role"].value() == "lead"
    assert Invitation.objects.get().role == Role.LEAD


def test_send_again_renews_and_voids_the_earlier_link(sign_in, invitation, worker):
    browser = sign_in("lead")
    earlier = invitation.token
    later = timezone.now() + dt.timedelta(days=20)

    with time_machine.travel(later):
        browser.force_login(invitation.invited_by)
        answer = browser.post(f"/invitations/{invitation.pk}/send-again/")
        invitation.refresh_from_db()
        worker()

    assert answer.url == f"/services/{invitation.service.slug}/people/"
    assert invitation.times_sent == 2
    assert invitation.expires_at.date() == (later + dt.timedelta(days=14)).date()
    assert invitation.token != earlier
    # The first job finds its mail out of date and sends nothing.
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    assert invitation.token in mail.outbox[0].body


def test_withdrawn_invitation_is_gone_and_not_mailed(sign_in, invitation, worker):
    browser = sign_in("lead")

    asked = browser.get(f"/invitations/{invitation.pk}/withdraw/")
    waiting = Invitation.objects.waiting().count()
    browser.post(f"/invitations/{invitation.pk}/withdraw/")
    worker()

    assert "Withdraw the invitation of new@example.org?" in asked.text
    assert waiting == 1
    assert Invitation.objects.waiting().count() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("tail", ["send-again", "withdraw"])
@pytest.mark.parametrize(
    ("name", "status"), [("outsider", 404), ("facilitator", 404), ("inclusion_lead", 403)]
)
def test_only_those_who_manage_people_change_invitations(sign_in, invitation, tail, name, status):
    browser = sign_in(name)

    answer = browser.post(f"/invitations/{invitation.pk}/{tail}/")

    invitation.refresh_from_db()
    assert answer.status_code == status
    assert (invitation.times_sent, invitation.withdrawn_at) == (1, None)


@pytest.mark.parametrize("tail", ["send-again", "withdraw"])
def test_used_invitation_is_left_alone(sign_in, invitation, person, tail):
    newcomer = factories.user("new")
    actions.accept(invitation=invitation, by=newcomer)
    browser = sign_in("lead")

    answer = browser.post(f"/invitations/{invitation.pk}/{tail}/", follow=True)

    invitation.refresh_from_db()
    assert "new@example.org: This invitation is not open any more." in answer.text
    assert (invitation.times_sent, invitation.withdrawn_at) == (1, None)


def test_two_invite_the_same_person_at_once(avon, person, invitation):
    with pytest.raises(actions.AlreadyInvitedError) as refusal:
        actions.invite(email="NEW@example.org", service=avon, role=Role.LEAD, by=person("lead"))

    assert refusal.value.waiting == invitation
    assert Invitation.objects.count() == 1


def test_one_person_may_wait_for_two_places(avon, bute, person, invitation):
    actions.invite(email="new@example.org", service=bute, role=Role.LEAD, by=person("outsider"))
    actions.invite(email="new@example.org", programme_role=ProgrammeRole.FUNDER, by=person("team"))

    assert Invitation.objects.waiting().count() == 3


def test_mail_is_tried_again_and_again(invitation, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    job = Job(id=1, status="doing", lock=None, queueing_lock=None, queue="mail", task_name="x")

    with pytest.raises(OSError, match="refused"):
        tasks.send_invitation(invitation_id=invitation.pk, times_sent=1)

    again = [
        tasks.PATIENT.get_retry_decision(exception=OSError(), job=job.evolve(attempts=attempts))
        for attempts in range(9)
    ]
    assert [bool(decision) for decision in again] == [True] * 8 + [False]
    assert tasks.send_invitation.retry_strategy is tasks.PATIENT
