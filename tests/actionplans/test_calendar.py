"""Somebody's calendar by a private link: what it holds, who it opens for, when it ends."""

from __future__ import annotations

import datetime as dt
import logging
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from icalendar import Calendar

from actionplans.keeping import choices
from actionplans.keeping.calendar import feed
from actionplans.models import ReminderChoice
from portal.logs import LineFormatter
from tests import factories

LONDON = ZoneInfo("Europe/London")
NOW = dt.datetime(2026, 11, 16, 9, tzinfo=LONDON)
DUE = dt.date(2027, 3, 26)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(person):
    return person("inclusion_lead")


@pytest.fixture
def own(avon, person, owner):
    plan = factories.plan(avon, person("lead"), "under_way", 2026)
    return factories.target(plan, owner, owner=owner, due_on=DUE)


def link(user) -> str:
    return reverse("calendar", args=[choices.renew_calendar(by=user).calendar_key])


def read(user) -> list:
    """The events of somebody's calendar, as a calendar program reads them."""
    answer = Client().get(link(user))
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def told(user) -> list[str]:
    return [str(one["summary"]) for one in read(user)]


# What it holds


def test_a_target_is_an_all_day_event_on_its_due_day(own, owner):
    (event,) = read(owner)

    assert event["summary"] == f"Due: {own}"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (DUE, DUE + dt.timedelta(days=1))
    assert event["uid"] == f"target-{own.pk}@{urlsplit(settings.SITE_URL).hostname}"
    assert str(event["url"]).endswith(own.get_absolute_url())
    assert event["description"] == "Avon Music Service, Action plan 2026/27"
    assert event["transp"] == "TRANSPARENT"


def test_steps_to_come_are_in_it(own, owner):
    own.milestones.create(text="Dates agreed", due_on=dt.date(2026, 12, 4))
    own.milestones.create(text="Done", due_on=dt.date(2026, 11, 4), done_on=dt.date(2026, 11, 4))
    own.milestones.create(text="Some day")

    assert told(owner) == [f"Due: {own}", f"Milestone: Dates agreed ({own.reference})"]


@pytest.mark.parametrize(
    ("day", "start"),
    [
        # The clocks go back on 25 October and forward on 28 March.
        (dt.date(2026, 10, 23), dt.datetime(2026, 10, 23, 15, 30, tzinfo=dt.UTC)),
        (dt.date(2026, 10, 26), dt.datetime(2026, 10, 26, 16, 30, tzinfo=dt.UTC)),
        (dt.date(2027, 3, 26), dt.datetime(2027, 3, 26, 16, 30, tzinfo=dt.UTC)),
        (dt.date(2027, 3, 29), dt.datetime(2027, 3, 29, 15, 30, tzinfo=dt.UTC)),
    ],
)
def test_a_review_at_a_time_is_written_in_utc(own, person, day, start):
    factories.review(
        own.plan, person("lead"), held_on=day, starts_time=dt.time(16, 30), place="Room 2"
    )

    (event,) = read(person("group_member"))

    assert event.decoded("dtstart") == start
    assert event.decoded("dtend") == start + dt.timedelta(hours=1)
    assert b"DTSTART:" + start.strftime("%Y%m%dT%H%M%SZ").encode() in event.to_ical()
    assert (event["summary"], event["location"]) == (
        "Autumn term review: Avon Music Service",
        "Room 2",
    )


def test_a_review_without_a_time_is_all_day(own, person):
    factories.review(own.plan, person("lead"), held_on=dt.date(2026, 12, 31))

    (event,) = read(person("board_viewer"))

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (
        dt.date(2026, 12, 31),
        dt.date(2027, 1, 1),
    )


def test_a_review_that_was_held_is_not_in_it(own, person):
    factories.review(own.plan, person("lead"), finished_at=NOW, finished_by=person("lead"))

    assert told(person("lead")) == []


def test_what_ended_or_is_somebody_elses_is_not_in_it(own, owner, person):
    lead = person("lead")
    factories.target(own.plan, lead, owner=owner, due_on=DUE, status="done")
    factories.target(own.plan, lead, owner=owner, due_on=DUE, no_action_reason="Not us.")
    factories.target(own.plan, lead, owner=owner)
    factories.target(own.plan, lead, owner=lead, due_on=DUE)

    assert told(owner) == [f"Due: {own}"]


@pytest.mark.parametrize("state", ["draft", "with_group", "closed"])
@pytest.mark.parametrize("who", ["inclusion_lead", "board_viewer"])
def test_plans_that_nobody_acts_on_are_not_in_it(avon, person, state, who):
    plan = factories.plan(avon, person("lead"), state, 2026)
    factories.target(plan, person("lead"), owner=person(who), due_on=DUE)
    factories.review(plan, person("lead"))

    assert told(person(who)) == []


def test_a_service_that_was_left_is_not_in_it_any_more(own, owner, person, bute):
    factories.review(own.plan, person("lead"))
    factories.membership(owner, bute, "lead")
    elsewhere = factories.plan(bute, person("outsider"), "under_way", 2026)
    kept = factories.target(elsewhere, owner, "Train governors", owner=owner, due_on=DUE)
    before = told(owner)

    owner.memberships.filter(service=own.plan.service).update(ended_at=NOW, ended_by=person("lead"))

    assert before == [f"Due: {own}", f"Due: {kept}", "Autumn term review: Avon Music Service"]
    assert told(owner) == [f"Due: {kept}"]


@pytest.mark.parametrize("text", [*factories.HOSTILE, "One\r\nBEGIN:VALARM\r\nline; two, \\three"])
def test_hostile_titles_are_text_in_it(own, owner, text):
    own.title = text[:200]
    own.save()

    (event,) = read(owner)

    assert str(event["summary"]).replace("\r\n", "\n") == f"Due: {own}".replace("\r\n", "\n")
    assert list(event.walk("VALARM")) == []


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1b", "\x85", "\u2028", "\r"])
def test_nothing_in_a_text_breaks_a_line(own, owner, person, sign):
    wrong = f"One{sign}BEGIN:VALARM"
    own.title = wrong
    own.save()
    own.milestones.create(text=wrong, due_on=DUE)
    factories.review(own.plan, person("lead"), name=wrong, place=wrong)

    told = feed(owner).decode()

    lines = told.replace("\r\n ", "").splitlines()
    assert [line for line in lines if line.startswith("BEGIN")] == [
        "BEGIN:VCALENDAR",
        *["BEGIN:VEVENT"] * 3,
    ]
    assert set(told.replace("\r\n", "")) & set("\x0b\x0c\x1b\x85\u2028\r\n") == set()


@pytest.mark.parametrize("more", [0, 2])
def test_the_same_queries_for_many(own, owner, person, more, django_assert_num_queries):
    for number in range(more):
        one = factories.target(own.plan, owner, f"T{number}", owner=owner, due_on=DUE)
        one.milestones.create(text="Step", due_on=DUE)
        factories.review(own.plan, person("lead"), name=f"R{number}")
    own.milestones.create(text="Step", due_on=DUE)
    factories.review(own.plan, person("lead"))
    url = link(owner)

    with django_assert_num_queries(5):
        Client().get(url)


# How it is served


def test_it_is_a_calendar_that_nobody_between_keeps(own, owner):
    answer = Client().get(link(owner))

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert set(answer.cookies) == set()


def test_it_is_sent_once_until_something_changes(own, owner, now):
    url, browser = link(owner), Client()
    first = browser.get(url)
    now.shift(3600)

    same = browser.get(url, headers={"If-None-Match": first.headers["ETag"]})
    own.due_on = dt.date(2027, 3, 27)
    own.save()
    changed = browser.get(url, headers={"If-None-Match": first.headers["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["Cache-Control"] == "private, no-cache"
    assert changed.status_code == 200


def test_a_changed_target_keeps_its_event(own, owner):
    before = read(owner)[0]
    own.title, own.version, own.changed_at = "Another title", 2, NOW + dt.timedelta(days=1)
    own.save()

    after = read(owner)[0]

    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert after.decoded("last-modified") > before.decoded("last-modified")


# Its key


def test_a_wrong_key_answers_like_a_missing_page(own, owner):
    link(owner)

    wrong = Client().get(reverse("calendar", args=["x" * 32]))
    nowhere = [Client().get(path) for path in ("/calendar/", "/calendar/%00.ics")]

    assert [one.status_code for one in (wrong, *nowhere)] == [404] * 3
    assert [one.content for one in nowhere] == [wrong.content] * 2


def test_a_closed_account_opens_no_calendar(own, owner):
    url = link(owner)
    owner.is_active = False
    owner.save()

    assert Client().get(url).status_code == 404


def test_a_demo_account_opens_none_outside_the_demo(own, owner):
    url = link(owner)
    owner.email = "inclusion@avon.example.org"
    owner.save()

    with override_settings(DEMO=False):
        assert Client().get(url).status_code == 404


def test_the_link_is_made_when_it_is_asked_for(sign_in, person):
    browser = sign_in("lead")

    made = browser.post(reverse("calendar_renew"), follow=True)

    key = ReminderChoice.objects.get(user=person("lead")).calendar_key
    assert "Your calendar link is ready." in made.text
    assert reverse("calendar", args=[key]) in made.text
    assert len(key) == 32


def test_a_new_link_ends_the_old_one(sign_in, owner, own):
    old = link(owner)

    page = sign_in("inclusion_lead").post(reverse("calendar_renew"), follow=True)

    new = reverse("calendar", args=[ReminderChoice.objects.get().calendar_key])
    assert "The old one opens nothing any more." in page.text
    assert [Client().get(url).status_code for url in (old, new)] == [404, 200]


def test_a_new_link_leaves_the_weekly_mail_as_it_is(owner):
    choices.set_weekly(weekly=False, by=owner)

    choices.renew_calendar(by=owner)

    assert not ReminderChoice.objects.get().weekly


def test_no_log_names_a_key(owner):
    key = choices.renew_calendar(by=owner).calendar_key
    line = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, f"GET /calendar/{key}.ics HTTP/1.1", None, None
    )

    assert LineFormatter().format(line) == "GET /calendar/… HTTP/1.1"
