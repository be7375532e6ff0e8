"""Mail to those who rate: reminders once a day at most, tried again, given up, or not needed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from portal.models import Activity, Verb
from portal.tasks import PATIENT
from selfassessment.asking import invites, reminders
from selfassessment.asking.mail import deliver, minutes
from selfassessment.models import (
    Audit,
    MailKind,
    MailState,
    Privacy,
    Respondent,
    RespondentMail,
    Source,
)
from tests import factories

LONDON = ZoneInfo("Europe/London")
FINISH = dt.date(2026, 11, 20)
THREE_BEFORE = dt.datetime(2026, 11, 17, 8, 2, tzinfo=LONDON)
ON_THE_DAY = dt.datetime(2026, 11, 20, 8, 2, tzinfo=LONDON)
LONG_AGO = dt.datetime(2026, 11, 1, 12, 0, tzinfo=LONDON)


@pytest.fixture
def due(audit) -> Audit:
    """Everybody in it was asked on 1 November, to be done by the 20th."""
    audit.privacy, audit.finish_on = Privacy.NAMED, FINISH
    audit.save()
    Respondent.objects.update(asked_at=LONG_AGO)
    return audit


def asked(audit, email, **fields):
    return factories.respondent(audit, email=email, **{"asked_at": LONG_AGO, **fields})


def morning(at, worker) -> list[str]:
    """Who is mailed when the worker's hour comes."""
    with time_machine.travel(at, tick=False):
        mail.outbox.clear()
        reminders.remind_all(timestamp=int(at.timestamp()))
        worker()
    return sorted(one.to[0] for one in mail.outbox)


# Who, and when


@pytest.mark.parametrize(
    ("day", "who"),
    [
        (16, []),
        (17, ["lead@example.org", "sam@example.org"]),
        (18, []),
        (19, []),
        (20, ["lead@example.org", "sam@example.org"]),
        (21, []),
    ],
)
def test_reminders_go_three_days_before_and_on_the_day(due, worker, day, who):
    asked(due, "sam@example.org")

    mailed = morning(dt.datetime(2026, 11, day, 8, 2, tzinfo=LONDON), worker)

    assert mailed == who


@pytest.mark.parametrize(
    ("hour", "is_sent"), [(0, False), (7, False), (8, True), (18, True), (19, False)]
)
@pytest.mark.parametrize("month", [6, 11])
def test_the_hours_are_those_of_london(due, worker, month, hour, is_sent):
    due.finish_on = dt.date(2027, month, 20)
    due.save()
    at = dt.datetime(2027, month, 20, hour, 2, tzinfo=LONDON)

    mailed = morning(at, worker)

    assert bool(mailed) == is_sent


def test_nobody_is_reminded_twice_on_a_day(due, worker):
    asked(due, "sam@example.org")

    first = morning(THREE_BEFORE, worker)
    again = morning(THREE_BEFORE + dt.timedelta(hours=3), worker)
    on_the_day = morning(ON_THE_DAY, worker)

    assert first == on_the_day == ["lead@example.org", "sam@example.org"]
    assert again == []
    kinds = RespondentMail.objects.filter(respondent__email="sam@example.org").order_by("pk")
    assert [one.kind for one in kinds] == [MailKind.REMINDER, MailKind.LAST_DAY]


@pytest.mark.parametrize(
    "fields",
    [
        {"handed_in": True},
        {"declined_at": LONG_AGO},
        {"asked_at": THREE_BEFORE - dt.timedelta(hours=7)},
        {"reminded_on": THREE_BEFORE.date()},
    ],
    ids=["handed in", "asked not to be", "asked only today", "had a mail today"],
)
def test_some_are_left_in_peace(due, worker, fields):
    asked(due, "sam@example.org", **fields)

    assert morning(THREE_BEFORE, worker) == ["lead@example.org"]


def test_withdrawn_people_and_those_without_an_address_get_no_mail(due, worker, person):
    asked(due, "sam@example.org", withdrawn_at=LONG_AGO, withdrawn_by=person("lead"))
    link = factories.shared_link(due, by=person("lead"))
    Respondent.objects.create(
        audit=due, source=Source.LINK, link=link, role_group="tutor", asked_at=LONG_AGO
    )

    assert morning(THREE_BEFORE, worker) == ["lead@example.org"]


def test_whoever_left_the_service_gets_no_mail_of_it(due, worker, person):
    person("lead").memberships.update(ended_at=timezone.now(), ended_by=person("team"))

    assert morning(THREE_BEFORE, worker) == []


def test_once_the_talk_is_open_nobody_is_reminded(due, worker, person):
    factories.open_talk(due, person("lead"))

    assert morning(THREE_BEFORE, worker) == []


def test_the_links_lead_back_to_where_they_stopped(due, worker):
    begun = asked(due, "sam@example.org", begun_at=LONG_AGO, name="Sam Reed")

    morning(THREE_BEFORE, worker)

    to_sam = next(one for one in mail.outbox if one.to == ["sam@example.org"])
    to_lead = next(one for one in mail.outbox if one.to == ["lead@example.org"])
    assert f"/r/{begun.token}/" in to_sam.body
    assert f"/r/{begun.token}/stop/" in to_sam.body
    assert "Hello Sam Reed," in to_sam.body
    assert "saved, but not handed in" in to_sam.body
    assert "Friday 20 November, 3 days from now" in to_sam.body
    assert f"/self-assessments/{due.pk}/mine/" in to_lead.body


def test_the_last_day_says_so(due, worker):
    asked(due, "sam@example.org")

    morning(ON_THE_DAY, worker)

    assert mail.outbox[0].subject == "Today is the day: your view for Avon Music Service"
    assert "Today is the day by which ratings are to be in." in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_reminders(due, at_once):
    for number in range(20):
        asked(due, f"p{number}@example.org")

    with time_machine.travel(THREE_BEFORE):
        done = at_once(*[lambda: reminders.remind(Audit.objects.get(pk=due.pk))] * 4)

    assert sum(done) == 21
    assert RespondentMail.objects.count() == 21


def test_the_worker_looks_every_hour():
    app.perform_import_paths()

    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}

    assert periodic["selfassessment.remind"] == "2 * * * *"


# By hand


def test_a_lead_reminds_now_and_once_a_day(sign_in, due, worker):
    asked(due, "sam@example.org")
    url = f"/self-assessments/{due.pk}/people/remind/"

    with time_machine.travel(dt.datetime(2026, 11, 10, 15, 0, tzinfo=LONDON)):
        browser = sign_in("lead")
        first = browser.post(url, follow=True)
        second = browser.post(url, follow=True)
        worker()

    assert "Reminding 2 people." in first.text
    assert "Nobody was reminded" in second.text
    assert sorted(one.to[0] for one in mail.outbox) == ["lead@example.org", "sam@example.org"]
    assert Activity.objects.filter(verb=Verb.INVITED_AGAIN).count() == 1


def test_a_reminder_by_hand_counts_for_the_day(due, worker, person):
    with time_machine.travel(THREE_BEFORE):
        invites.remind_now(audit=due, by=person("lead"))
        worker()

    assert morning(THREE_BEFORE + dt.timedelta(hours=1), worker) == []


# What becomes of a mail


def waiting(audit, **fields) -> RespondentMail:
    one = factories.respondent(audit, email="sam@example.org", **fields)
    return RespondentMail.objects.create(respondent=one, kind=MailKind.REMINDER)


def attempt(kept: RespondentMail, tried: int) -> None:
    """Deliver it as the worker does after so many tries."""
    job = Job(
        id=1,
        status="doing",
        lock=None,
        queueing_lock=None,
        queue="mail",
        task_name="x",
        attempts=tried,
    )
    deliver(JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None), kept.pk)


@pytest.mark.parametrize(
    ("server", "error", "words"),
    [
        ("Away", OSError, "The mail server could not be reached."),
        (
            "Busy",
            OSError,
            "The mail server does not take mail for this address. Is it spelt right?",
        ),
        ("Strict", OSError, "Our mail server did not let the portal in."),
        ("Full", OSError, "The mail server refused the mail (code 552)."),
        ("Odd", ValueError, "The mail could not be written."),
    ],
)
def test_a_mail_waits_for_another_try_and_says_why(due, settings, server, error, words):
    settings.EMAIL_BACKEND = f"tests.selfassessment.mailboxes.{server}"
    kept = waiting(due)

    with pytest.raises(error):
        attempt(kept, tried=0)

    kept.refresh_from_db()
    assert (kept.state, kept.tries) == (MailState.WAITING, 1)
    assert kept.trouble.startswith(words)
    assert "hunter2" not in kept.trouble


def test_after_the_last_try_it_failed(due, settings):
    settings.EMAIL_BACKEND = "tests.selfassessment.mailboxes.Away"
    kept = waiting(due)

    with pytest.raises(OSError, match="hunter2"):
        attempt(kept, tried=PATIENT.max_attempts)

    kept.refresh_from_db()
    assert (kept.state, kept.trouble) == (
        MailState.FAILED,
        "The mail server could not be reached.",
    )


def test_an_address_that_is_not_known_is_not_tried_again(due, settings):
    settings.EMAIL_BACKEND = "tests.selfassessment.mailboxes.Refusing"
    kept = waiting(due)

    attempt(kept, tried=0)

    kept.refresh_from_db()
    assert (kept.state, kept.tries, kept.sent_at) == (MailState.FAILED, 1, None)
    assert kept.trouble.startswith("The mail server does not take mail for this address.")


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_sent_by_the_next_try_once_the_server_is_back(due, settings, worker, person):
    one = factories.respondent(due, email="sam@example.org")
    settings.EMAIL_BACKEND = "tests.selfassessment.mailboxes.Away"
    invites.send_again(respondent=one, by=person("lead"))
    worker()
    tried = RespondentMail.objects.get()
    job = ProcrastinateJob.objects.filter(task_name="selfassessment.deliver_mail").latest("id")
    later = job.scheduled_at

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE id = %s", [job.pk])
    worker()

    sent = RespondentMail.objects.get()
    assert (tried.state, tried.tries) == (MailState.WAITING, 1)
    assert later > timezone.now() - dt.timedelta(seconds=30)
    assert (sent.state, sent.tries, sent.trouble) == (MailState.SENT, 2, "")
    assert [message.to for message in mail.outbox] == [["sam@example.org"]]


@pytest.mark.parametrize(
    "fields", [{"handed_in": True}, {"declined_at": LONG_AGO}], ids=["handed in", "declined"]
)
def test_a_mail_nobody_needs_any_more_is_dropped(due, fields):
    kept = waiting(due)
    Respondent.objects.filter(pk=kept.respondent_id).update(**fields)

    attempt(kept, tried=0)

    kept.refresh_from_db()
    assert kept.state == MailState.DROPPED
    assert mail.outbox == []


def test_a_mail_to_whom_is_withdrawn_is_dropped(due, person, worker):
    kept = waiting(due)

    invites.withdraw(respondent=kept.respondent, by=person("lead"))
    attempt(kept, tried=0)

    kept.refresh_from_db()
    assert kept.state == MailState.DROPPED
    assert mail.outbox == []


def test_a_mail_is_sent_once_however_often_its_job_runs(due):
    kept = waiting(due)

    attempt(kept, tried=0)
    attempt(kept, tried=1)

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_names_do_no_harm_in_mail(due, text):
    kept = waiting(due, name=text[:120])
    due.service.name = text[:120]
    due.service.save()

    attempt(kept, tried=0)

    sent = mail.outbox[0]
    assert "\n" not in sent.subject
    assert "<b onmouseover" not in sent.alternatives[0].content


@pytest.mark.parametrize(("statements", "about"), [(1, 5), (10, 5), (19, 10), (60, 30), (61, 35)])
def test_minutes_are_half_of_one_for_each_statement(statements, about):
    assert minutes(statements) == about
