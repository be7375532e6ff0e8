"""A music service says who it is, confirms it once a year, and gets messages."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from portal import bots, profiles, tasks
from portal.access import Role
from portal.models import Activity, HubArea, LocalAuthority, Membership, Verb
from resources.models import ResourceState, Visibility
from tests import factories

PROFILE = "/services/avon-music-service/profile/"
CONTACT = "/services/avon-music-service/contact/"
WORDS = {
    "why_joined": "To hear more.",
    "improving": "Who teaches.",
    "difference": "",
    "website": "",
}


def typed(service, **changes):
    return {**WORDS, "as_read": profiles.as_read(service), **changes}


def opened(seconds=60):
    """The stamp of a form that was opened some time ago."""
    with time_machine.travel(timezone.now() - dt.timedelta(seconds=seconds), tick=False):
        return bots.stamp()


@pytest.mark.parametrize("name", ["lead", "inclusion_lead"])
def test_leads_write_the_profile_and_so_confirm_it(sign_in, client, person, avon, name):
    answer = sign_in(name).post(PROFILE, typed(avon, website="https://avon.example.org/"))

    avon.refresh_from_db()
    page = client.get(answer.url).text
    assert avon.confirmed_by == person(name)
    assert "<h2>Why we joined</h2><p>To hear more.</p>" in page
    assert "What difference it makes" not in page
    assert 'href="https://avon.example.org/"' in page
    assert "Last confirmed by the service" in page


def test_confirming_what_is_right_is_told_from_changing_it(sign_in, avon):
    browser = sign_in("lead")
    browser.post(PROFILE, typed(avon))
    avon.refresh_from_db()

    browser.post(PROFILE, typed(avon))

    assert [line.verb for line in Activity.objects.all()] == [Verb.CONFIRMED, Verb.CHANGED]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"website": "javascript:alert(1)"}, "website"),
        ({"why_joined": "x" * 1501}, "why_joined"),
    ],
)
def test_what_cannot_be_saved_is_kept_on_the_page(sign_in, avon, change, field):
    answer = sign_in("lead").post(PROFILE, typed(avon, **change))

    avon.refresh_from_db()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert ">\nWho teaches.</textarea>" in answer.text
    assert avon.confirmed_at is None


def test_two_people_writing_at_once_lose_nothing(sign_in, avon):
    sent = typed(avon, improving="Mine.")
    sign_in("inclusion_lead").post(PROFILE, typed(avon, improving="Theirs."))
    browser = sign_in("lead")

    clash = browser.post(PROFILE, sent)
    avon.refresh_from_db()
    kept = avon.improving
    again = browser.post(PROFILE, sent | {"as_read": clash.context["as_read"]})

    avon.refresh_from_db()
    assert clash.status_code == 409
    assert "<blockquote>Theirs.</blockquote>" in clash.text
    assert ">\nMine.</textarea>" in clash.text
    assert (kept, again.status_code, avon.improving) == ("Theirs.", 302, "Mine.")


def test_the_same_saved_twice_is_no_clash(sign_in, avon):
    sent = typed(avon)
    browser = sign_in("lead")
    browser.post(PROFILE, sent)

    assert browser.post(PROFILE, sent).status_code == 302


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_of_a_profile_stay_words(sign_in, client, avon, text):
    sign_in("lead").post(PROFILE, typed(avon, why_joined=text, improving=text, difference=text))

    page = client.get(avon.get_absolute_url())

    assert page.status_code == 200
    assert "<b onmouseover" not in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_public_page_costs_the_same_for_any_number(
    client, avon, rows, django_assert_num_queries
):
    for number in range(rows):
        authority = LocalAuthority.objects.create(name=f"Area {number}")
        avon.local_authorities.add(authority)
        area = HubArea.objects.create(name=f"Hub {number}")
        area.members.create(authority=authority)
        area.leads.create(organisation=f"Leader {number}")
        area.leads.create(organisation="Earlier", until_on="2024-08-31")
        avon.former_names.create(name=f"Former {number}")
        factories.resource(f"Guide {number}", service=avon)

    with django_assert_num_queries(8):
        text = client.get(avon.get_absolute_url()).text

    assert [text.count(word) for word in ("led by Leader", "Former ", "Guide ")] == [rows] * 3
    assert "Earlier" not in text


def test_the_page_lists_what_of_the_library_is_for_everybody(sign_in, avon, bute):
    factories.resource("Public", service=avon)
    factories.resource("Of members", service=avon, visibility=Visibility.MEMBERS)
    factories.resource("A draft", service=avon, state=ResourceState.DRAFT)
    factories.resource("Of Bute", service=bute)

    texts = [sign_in(name).get(avon.get_absolute_url()).text for name in ("visitor", "lead")]

    shown = ["Public</a>", "Of members</a>", "A draft</a>", "Of Bute</a>"]
    assert [[word in text for word in shown] for text in texts] == [[True, False, False, False]] * 2


# Once a year


@pytest.fixture
def settled(person, avon):
    """Its lead has been here for a while."""
    person("lead")
    long_ago = timezone.now() - dt.timedelta(days=61)
    Membership.objects.filter(service=avon).update(started_at=long_ago)
    return avon


def asked(worker):
    mail.outbox.clear()
    tasks.ask_for_profiles(timestamp=0)
    worker()
    return [message.to for message in mail.outbox]


def test_leads_are_asked_once_a_year(worker, settled, person):
    with time_machine.travel(timezone.now()) as clock:
        first, second = asked(worker), asked(worker)
        profiles.keep(
            service=settled, values=WORDS, read=profiles.as_read(settled), by=person("lead")
        )
        clock.shift(dt.timedelta(days=364))
        early = asked(worker)
        clock.shift(dt.timedelta(days=2))
        due = asked(worker)

    assert (first, second, early, due) == (
        [["lead@example.org"]],
        [],
        [],
        [["lead@example.org"]],
    )
    assert PROFILE in mail.outbox[0].body


def test_a_new_lead_and_a_service_without_one_are_left_alone(worker, person, avon, bute):
    person("lead")
    factories.membership(person("board_viewer"), bute, Role.BOARD_VIEWER)

    assert asked(worker) == []


def test_who_confirmed_in_the_meantime_gets_no_mail(worker, settled, person):
    mail.outbox.clear()
    tasks.ask_for_profiles(timestamp=0)
    settled.refresh_from_db()
    profiles.keep(service=settled, values=WORDS, read=profiles.as_read(settled), by=person("lead"))

    worker()

    assert mail.outbox == []


def test_today_reminds_until_it_is_confirmed(sign_in, settled):
    tasks.ask_for_profiles(timestamp=0)
    browser = sign_in("lead")

    before = browser.get("/").text
    viewer = sign_in("board_viewer").get("/").text
    settled.refresh_from_db()
    browser.post(PROFILE, typed(settled))
    after = browser.get("/").text

    line = "Confirm what the public reads about you"
    assert [line in text for text in (before, viewer, after)] == [True, False, False]


# Writing to a service


def message(**changes):
    return {
        "name": "Sam",
        "email": "sam@example.org",
        "text": "May we visit you?",
        "opened": opened(),
        **changes,
    }


def test_a_message_reaches_the_leads_and_shows_no_address(client, worker, person, avon):
    person("lead")
    person("inclusion_lead")

    form = client.get(CONTACT)
    answer = client.post(CONTACT, message(), follow=True)
    worker()

    assert "lead@example.org" not in form.text + answer.text
    assert "<h1>Sent</h1>" in answer.text
    assert [(one.to, one.reply_to) for one in mail.outbox] == [
        (["lead@example.org"], ["sam@example.org"])
    ]
    assert "May we visit you?" in mail.outbox[0].body
    assert "messages" not in answer.cookies
    assert "session" not in client.cookies


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "quicker than people type"), (90_000, "very long")]
)
def test_bots_meet_a_time_trap_and_people_keep_their_text(client, person, avon, seconds, said):
    person("lead")

    answer = client.post(CONTACT, message(opened=opened(seconds)))

    assert answer.status_code == 422
    assert said in answer.text
    assert ">\nMay we visit you?</textarea>" in answer.text
    assert 'name="opened" value="opened:' in answer.text


@pytest.mark.parametrize("stamp", ["", "opened", "opened:1:forged", "x" * 5000])
def test_a_stamp_that_is_not_ours_is_no_stamp(client, worker, person, avon, stamp):
    person("lead")

    answer = client.post(CONTACT, message(opened=stamp))
    worker()

    assert answer.status_code == 422
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "sam"}, "email"),
        ({"email": "sam@example.org\nbcc: x@example.org"}, "email"),
        ({"text": " "}, "text"),
        ({"text": "x" * 5001}, "text"),
    ],
)
def test_message_form_says_what_to_mend(client, worker, person, avon, change, field):
    person("lead")

    answer = client.post(CONTACT, message(**change))
    worker()

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert mail.outbox == []


def test_one_sender_has_room_for_five_an_hour(client, worker, person, avon):
    person("lead")

    codes = [client.post(CONTACT, message()).status_code for _ in range(6)]
    elsewhere = client.post(CONTACT, message(), REMOTE_ADDR="192.0.2.7").status_code
    worker()

    assert codes == [*[302] * 5, 422]
    assert elsewhere == 302
    assert len(mail.outbox) == 6


def test_one_service_has_room_for_twenty_a_day(client, worker, person, avon):
    person("lead")

    codes = [
        client.post(CONTACT, message(), REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(21)
    ]

    assert codes == [*[302] * 20, 422]


def test_a_service_without_a_lead_says_so(client, worker, avon):
    page = client.get(CONTACT)
    answer = client.post(CONTACT, message())
    worker()

    assert "Nobody can get a message here yet" in page.text
    assert '<form method="post"' not in page.text
    assert answer.status_code == 200
    assert mail.outbox == []


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_messages_stay_words(client, worker, person, avon, text):
    person("lead")

    client.post(CONTACT, message(name=text[:120], text=text))
    worker()

    assert "<b onmouseover" not in mail.outbox[0].alternatives[0][0]
    assert "\n" not in mail.outbox[0].subject
