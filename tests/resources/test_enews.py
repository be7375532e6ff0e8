"""The e-news: twice yes before anything is sent, and gone at once when somebody leaves."""

from __future__ import annotations

import csv
import datetime as dt
import re
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.mail import absolute
from portal.models import Activity, Topic
from resources import enews
from resources.models import Subscriber

ADDRESS = "ann@example.org"


@pytest.fixture(autouse=True)
def nobody_asked_before(db):
    cache.clear()


@pytest.fixture
def topic(db):
    return Topic.objects.first()


@pytest.fixture
def reader(topic):
    one = Subscriber.objects.create(email=ADDRESS, confirmed_at=timezone.now())
    one.topics.add(topic)
    return one


@pytest.fixture
def asked(db):
    return Subscriber.objects.create(email=ADDRESS)


def ask(browser, *topics, email=ADDRESS, wait=5, **changed):
    """Fill in the form as people do: some seconds after it was shown."""
    opened = browser.get("/enews/").context["form"]["opened"].value()
    typed = {"email": email, "topics": [topic.pk for topic in topics], "opened": opened, **changed}
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=wait)):
        return browser.post("/enews/", typed)


def link(one):
    return reverse("enews_link", args=[one.key])


def leave(one):
    return reverse("enews_leave", args=[one.key])


# Asking


def test_an_address_gets_a_link_and_nothing_else_yet(client, topic, worker):
    answer = ask(client, topic, email="Ann@Example.org")
    worker()

    one = Subscriber.objects.get()
    sent = mail.outbox[0]
    assert answer.url == "/enews/sent/"
    assert (one.email, one.confirmed_at, list(one.topics.all())) == (ADDRESS, None, [topic])
    assert (sent.to, sent.subject) == ([ADDRESS], "Do you want our e-news?")
    assert absolute(link(one)) in sent.body
    assert sent.extra_headers["List-Unsubscribe"].endswith(f"{leave(one)}>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_page_says_the_same_to_known_and_unknown(client, reader, worker):
    known, unknown = ask(client, *reader.topics.all()), ask(client, email="new@example.org")
    worker()

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [one.subject for one in mail.outbox] == [
        "You get our e-news already",
        "Do you want our e-news?",
    ]


def test_nobody_changes_what_somebody_else_chose(client, reader, topic, worker):
    ask(client, Topic.objects.last())

    reader.refresh_from_db()
    assert list(reader.topics.all()) == [topic]
    assert reader.confirmed_at is not None


@pytest.fixture
def other(reader):
    """Another topic than the one that the reader has."""
    return Topic.objects.last()


def answer(browser, one, topics="yes", **changed):
    """Press a button on the page where other topics are offered."""
    as_read = browser.get(link(one)).context["as_read"]
    return browser.post(link(one), {"topics": topics, "as_read": as_read, **changed}, follow=True)


def test_who_asks_for_other_topics_gets_a_mail_and_confirms_them(
    client, reader, topic, other, worker
):
    ask(client, other)
    worker()

    sent = mail.outbox[0]
    page = client.get(link(reader)).text
    assert sent.subject == "Other topics in your e-news?"
    assert (other.name in sent.body, absolute(link(reader)) in sent.body) == (True, True)
    assert "<h1>Other topics in your e-news?</h1>" in page
    assert list(reader.topics.all()) == [topic]
    answered = answer(client, reader)
    assert "Your topics are changed." in answered.text
    assert "<h1>You get our e-news</h1>" in answered.text
    reader.refresh_from_db()
    assert (list(reader.topics.all()), list(reader.wanted_topics.all())) == ([other], [])


def test_all_of_it_may_be_asked_for_too(client, reader, worker):
    ask(client)
    worker()

    answer(client, reader)

    assert "other topics in the e-news of Changing Tracks: all of them" in mail.outbox[0].body
    assert list(reader.topics.all()) == []


def test_who_says_no_keeps_the_topics_that_were_there(client, reader, topic, other):
    ask(client, other)

    answered = answer(client, reader, "no")

    reader.refresh_from_db()
    assert (list(reader.topics.all()), reader.change_asked_at) == ([topic], None)
    assert "They stay." in answered.text


def test_topics_that_were_asked_for_meanwhile_are_read_before_they_are_confirmed(
    client, reader, topic, other
):
    ask(client, other)
    seen = client.get(link(reader)).context["as_read"]
    ask(client)

    answered = answer(client, reader, as_read=seen)

    assert "These topics are not waiting any more." in answered.text
    assert list(reader.topics.all()) == [topic]


def test_other_topics_wait_for_a_week(client, reader, topic, other):
    ask(client, other)
    seen = client.get(link(reader)).context["as_read"]
    week_ago = timezone.now() - dt.timedelta(days=7)
    Subscriber.objects.update(change_asked_at=week_ago)

    answered = answer(client, reader, as_read=seen)

    assert "<h1>You get our e-news</h1>" in answered.text
    assert list(reader.topics.all()) == [topic]


def test_who_asks_for_what_they_have_ends_a_change_that_waits(client, reader, topic, other):
    ask(client, other)

    ask(client, topic)

    reader.refresh_from_db()
    assert (reader.change_waits, reader.wanted_topics.count()) == (False, 0)


def test_asking_again_renews_the_link(client, asked, topic):
    Subscriber.objects.update(asked_at=timezone.now() - dt.timedelta(days=10))

    ask(client, topic)

    asked.refresh_from_db()
    assert asked.link_works
    assert list(asked.topics.all()) == [topic]


@pytest.mark.parametrize("email", ["", "ann", "ann@", "ann@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_refused(client, email):
    answer = ask(client, email=email)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]
    assert not Subscriber.objects.exists()


def test_a_program_is_too_quick_and_a_person_presses_once_more(client):
    quick = ask(client, wait=1)
    opened = quick.context["form"]["opened"].value()
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=5)):
        again = client.post("/enews/", {"email": ADDRESS, "opened": opened})

    assert quick.status_code == 422
    assert "quicker than people type" in quick.text
    assert f'value="{ADDRESS}"' in quick.text
    assert again.url == "/enews/sent/"


@pytest.mark.parametrize("changed", [{"opened": ""}, {"opened": "x:y:z"}, {"wait": 25 * 3600}])
def test_a_form_without_a_good_stamp_is_shown_again_with_one(client, changed):
    topics = list(Topic.objects.all()[:2])

    answer = ask(client, *topics, **changed)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert "open for very long" in answer.text
    assert form["opened"].value() not in {None, changed.get("opened")}
    assert form["topics"].value() == [str(topic.pk) for topic in topics]
    assert not Subscriber.objects.exists()


def test_nobodys_mailbox_is_filled(client, worker):
    answers = [ask(client) for _ in range(5)]
    worker()

    assert {answer.url for answer in answers} == {"/enews/sent/"}
    assert len(mail.outbox) == 3


def test_one_computer_asks_for_few(client):
    answers = [ask(client, email=f"a{n}@example.org") for n in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert Subscriber.objects.count() == 20


# Confirming


def test_looking_at_the_link_confirms_nothing(client, asked):
    shown = client.get(link(asked))

    asked.refresh_from_db()
    assert "Yes, send me the e-news" in shown.text
    assert asked.confirmed_at is None


def test_the_button_confirms(client, asked):
    answer = client.post(link(asked), follow=True)

    asked.refresh_from_db()
    assert asked.confirmed_at is not None
    assert "<h1>You get our e-news</h1>" in answer.text


def test_confirming_twice_is_once(client, reader):
    before = reader.confirmed_at

    client.post(link(reader))

    reader.refresh_from_db()
    assert reader.confirmed_at == before


def test_a_link_runs_out(client, asked):
    Subscriber.objects.update(asked_at=timezone.now() - dt.timedelta(days=7, minutes=1))

    shown, answer = client.get(link(asked)), client.post(link(asked), follow=True)

    asked.refresh_from_db()
    assert "<h1>This link has run out</h1>" in shown.text
    assert "Ask for the e-news once more." in answer.text
    assert asked.confirmed_at is None


@pytest.mark.parametrize("name", ["enews_link", "enews_leave"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_made_up_link_leads_nowhere(client, reader, name, method):
    answer = getattr(client, method)(reverse(name, args=["made-up"]))

    assert answer.status_code == 404
    assert "This link leads nowhere" in answer.text
    assert Subscriber.objects.get().confirmed_at is not None


# Leaving


def test_looking_at_the_link_to_leave_deletes_nothing(client, reader):
    shown = client.get(leave(reader))

    assert ADDRESS in shown.text
    assert Subscriber.objects.exists()


def test_leaving_deletes(client, reader):
    answer = client.post(leave(reader), follow=True)

    assert "<h1>You have left the e-news</h1>" in answer.text
    assert not Subscriber.objects.exists()
    assert not Subscriber.topics.through.objects.exists()


def test_a_mail_program_leaves_with_one_click(reader):
    program = Client(enforce_csrf_checks=True)

    answer = program.post(leave(reader), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not Subscriber.objects.exists()


def test_a_mail_program_with_a_made_up_key_takes_nobody_off(reader):
    program = Client(enforce_csrf_checks=True)

    answer = program.post(reverse("enews_leave", args=["made-up"]), {"List-Unsubscribe": "1"})

    assert answer.status_code == 404
    assert Subscriber.objects.exists()


def test_a_mail_to_somebody_who_left_is_not_sent(client, asked, worker):
    ask(client)
    Subscriber.objects.all().delete()

    worker()

    assert mail.outbox == []


def test_who_never_confirms_is_forgotten(asked, reader_of_old):
    long_ago = timezone.now() - dt.timedelta(days=14, minutes=1)
    Subscriber.objects.update(asked_at=long_ago)
    Subscriber.objects.create(email="new@example.org")

    enews.forget(0)

    left = Subscriber.objects.values_list("email", flat=True)
    assert list(left) == ["new@example.org", "old@example.org"]


@pytest.fixture
def reader_of_old(db):
    return Subscriber.objects.create(email="old@example.org", confirmed_at=timezone.now())


# For the programme team


def test_the_team_sees_how_many_and_no_address(sign_in, reader, topic):
    Subscriber.objects.create(email="b@example.org").topics.add(topic)
    Subscriber.objects.create(email="c@example.org", confirmed_at=timezone.now())

    shown = sign_in("team").get("/enews/readers/")

    found = shown.context["readership"]
    assert (found.confirmed, found.waiting, found.topics[0]) == (2, 1, (topic, 1))
    assert sum(count for _, count in found.topics) == 1
    assert "2 addresses confirmed, 1 still to confirm" in shown.text
    assert "@example.org" not in re.sub(r"\w+@example.org</small>", "", shown.text)


@pytest.mark.parametrize("readers", [1, 3])
def test_the_page_asks_as_much_for_many_as_for_one(
    sign_in, topic, readers, django_assert_num_queries
):
    for n in range(readers):
        Subscriber.objects.create(email=f"{n}@example.org", confirmed_at=timezone.now())
    browser = sign_in("team")

    with django_assert_num_queries(6):
        browser.get("/enews/readers/")


def test_confirmed_addresses_leave_with_their_link(sign_in, reader, topic, asked_too):
    answer = sign_in("team").get("/enews/readers/addresses.csv")

    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["E-mail", "Topics", "Confirmed", "Link to leave"],
        [ADDRESS, topic.name, f"{timezone.localdate()}", enews.leave_link(reader)],
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="e-news.csv"'


@pytest.fixture
def asked_too(db):
    return Subscriber.objects.create(email="waits@example.org")


def test_an_address_starts_no_formula(sign_in, db):
    Subscriber.objects.create(email="=cmd@example.org", confirmed_at=timezone.now())

    answer = sign_in("team").get("/enews/readers/addresses.csv")

    assert "\n'=cmd@example.org," in answer.content.decode().replace("\r", "")


def test_the_team_deletes_for_somebody(sign_in, reader):
    answer = sign_in("team").post("/enews/readers/", {"email": "ANN@example.org"}, follow=True)

    assert "ANN@example.org is deleted." in answer.text
    assert not Subscriber.objects.exists()
    assert Activity.objects.get().subject == "an address from the e-news"


def test_an_address_that_is_not_there_is_said(sign_in, reader):
    answer = sign_in("team").post("/enews/readers/", {"email": "other@example.org"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"email": ["This address does not get the e-news."]}
    assert Subscriber.objects.exists()
    assert not Activity.objects.exists()


@pytest.mark.parametrize("who", ["lead", "facilitator", "funder"])
def test_others_see_and_delete_nothing(sign_in, reader, who):
    browser = sign_in(who)

    answers = [
        browser.get("/enews/readers/"),
        browser.get("/enews/readers/addresses.csv"),
        browser.post("/enews/readers/", {"email": ADDRESS}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert Subscriber.objects.exists()
