"""The weekly mail: what it names, when it comes, and when people are left in peace."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionplans.keeping import reminders, snoozes, waiting
from actionplans.keeping.waiting import Why
from actionplans.models import (
    Digest,
    ReminderChoice,
    ReviewLine,
    Snooze,
    Target,
    TermDates,
)
from tests import factories

LONDON = ZoneInfo("Europe/London")
MONDAY = dt.datetime(2026, 11, 16, 8, 7, tzinfo=LONDON)
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def now():
    """A Monday morning in the middle of the autumn term."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(person):
    return person("inclusion_lead")


@pytest.fixture
def own(avon, person, owner):
    """A target of the inclusion lead, in a plan that is under way, with which all is well."""
    plan = factories.plan(avon, person("lead"), "under_way", 2026, approved_on=TODAY - 120 * DAY)
    target = factories.target(
        plan, owner, owner=owner, starts_on=TODAY - 30 * DAY, due_on=dt.date(2027, 6, 1)
    )
    Target.objects.update(changed_at=MONDAY - 60 * DAY)
    return target


def change(target, **fields):
    Target.objects.filter(pk=target.pk).update(**fields)


def morning(worker, now, at=MONDAY) -> list[str]:
    """Who is mailed when the worker's hour comes."""
    now.move_to(at)
    mail.outbox.clear()
    reminders.remind_all(timestamp=int(at.timestamp()))
    worker()
    return sorted(one.to[0] for one in mail.outbox)


def named(user, **how) -> list[tuple[Why, str]]:
    found = waiting.read([user], timezone.localdate(), **how)
    return [(one.why, one.words) for one in found[user.pk].lines]


# What is named


def test_what_is_well_is_not_named(own, owner):
    assert named(owner) == []


@pytest.mark.parametrize(
    ("due_on", "line"),
    [
        (TODAY - 9 * DAY, (Why.LATE, "Late by 9 days")),
        (TODAY - DAY, (Why.LATE, "Late by 1 day")),
        (TODAY, (Why.DUE, "Due today")),
        (TODAY + DAY, (Why.DUE, "Due tomorrow")),
        (TODAY + 21 * DAY, (Why.DUE, "Due Monday 7 December")),
    ],
)
def test_what_is_late_or_due_is_named(own, owner, due_on, line):
    change(own, due_on=due_on)

    assert named(owner) == [line]


def test_what_is_due_in_more_than_three_weeks_waits(own, owner):
    change(own, due_on=TODAY + 22 * DAY)

    assert named(owner) == []


def test_the_next_step_is_named(own, owner):
    own.milestones.create(text="Done", due_on=TODAY, done_on=TODAY)
    own.milestones.create(text="Far", due_on=TODAY + 22 * DAY)
    own.milestones.create(text="Some day")
    own.milestones.create(text="Near", due_on=TODAY + 5 * DAY)
    own.milestones.create(text="Missed", due_on=TODAY - 5 * DAY)

    assert named(owner) == [(Why.MILESTONE, "Missed: was due Wednesday 11 November")]


def test_a_term_without_a_note_is_named(own, owner):
    factories.note(own, owner, noted_on=TODAY - 91 * DAY)

    assert named(owner) == [(Why.STALLED, "Last note 17 August 2026")]


def test_a_target_begun_a_term_ago_without_any_note_is_named(own, owner):
    change(own, starts_on=TODAY - 91 * DAY)

    assert named(owner) == [(Why.STALLED, "No note yet")]


@pytest.fixture
def asked(own, person):
    """The last review, ten days ago, asked for a change of it."""
    at = MONDAY - 10 * DAY
    review = factories.review(
        own.plan,
        person("lead"),
        held_on=at.date(),
        finished_at=at,
        finished_by=person("lead"),
    )
    return ReviewLine.objects.create(
        review=review, target=own, decision="change", said="Secret.", saved_by=person("lead")
    )


def test_what_a_review_asks_is_named(asked, owner):
    assert named(owner) == [(Why.ASKED, "Autumn term review, 6 November 2026")]


def test_a_note_since_the_review_answers_it(asked, own, owner):
    factories.note(own, owner)

    assert named(owner) == []


def test_a_change_since_the_review_answers_it(asked, own, owner):
    change(own, changed_at=MONDAY)

    assert named(owner) == []


def test_only_the_last_review_asks(asked, own, owner, person):
    later = factories.review(
        own.plan, person("lead"), finished_at=MONDAY - DAY, finished_by=person("lead")
    )
    ReviewLine.objects.create(review=later, target=own, decision="keep", saved_by=person("lead"))

    assert named(owner) == []


def test_a_review_that_goes_on_asks_nothing(asked, owner):
    asked.review.finished_at = asked.review.finished_by = None
    asked.review.save()

    assert named(owner) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "done", "ended_on": TODAY},
        {"status": "dropped", "ended_on": TODAY, "ended_reason": "No money."},
        {"no_action_reason": "The council does it."},
        {"owner": None},
    ],
    ids=["done", "dropped", "not acting", "nobody's"],
)
def test_what_is_not_theirs_to_do_is_not_named(own, person, owner, fields):
    change(own, due_on=TODAY, **fields)

    assert named(owner) == []


@pytest.mark.parametrize(
    ("state", "is_named"),
    [
        ("draft", False),
        ("with_group", False),
        ("approved", True),
        ("under_way", True),
        ("closed", False),
    ],
)
def test_only_plans_that_people_act_on_count(avon, person, owner, state, is_named):
    plan = factories.plan(avon, person("lead"), state, 2026)
    factories.target(plan, owner, owner=owner, due_on=TODAY)

    assert bool(named(owner)) == is_named


@pytest.mark.parametrize("who", ["lead", "inclusion_lead"])
def test_leads_hear_of_what_is_late_and_nobodys(own, person, who):
    change(own, owner=None, due_on=TODAY - DAY)

    assert named(person(who)) == [(Why.NOBODYS, "Late by 1 day")]


def test_leads_hear_of_what_is_late_where_its_owner_left(own, person, owner):
    change(own, due_on=TODAY - DAY)
    owner.memberships.update(ended_at=timezone.now(), ended_by=person("lead"))

    assert named(person("lead")) == [(Why.NOBODYS, "Late by 1 day")]
    assert waiting.read([owner], TODAY) == {}


def test_others_do_not_hear_of_what_is_nobodys(own, person):
    change(own, owner=None, due_on=TODAY - DAY)

    assert [named(person(who)) for who in ("group_member", "board_viewer")] == [[], []]


def test_another_services_targets_are_never_named(own, person):
    change(own, owner=person("outsider"), due_on=TODAY - DAY)

    assert named(person("outsider")) == []


def test_the_most_pressing_comes_first(own, person, owner):
    change(own, due_on=TODAY + 2 * DAY)
    factories.target(own.plan, owner, owner=owner, due_on=TODAY - DAY)
    factories.target(own.plan, owner, due_on=TODAY - 9 * DAY)
    factories.target(own.plan, owner, owner=owner, due_on=TODAY - 5 * DAY)

    assert [why for why, _ in named(owner)] == [Why.LATE, Why.LATE, Why.DUE, Why.NOBODYS]


@pytest.mark.parametrize("more", [0, 2])
def test_the_same_queries_for_many(own, owner, person, more, django_assert_num_queries):
    people = [owner]
    change(own, due_on=TODAY)
    for number in range(more):
        user = factories.user(f"tutor_{number}")
        factories.membership(user, own.plan.service, "group_member")
        target = factories.target(own.plan, owner, owner=user, due_on=TODAY)
        factories.note(target, owner)
        target.milestones.create(text="Step", due_on=TODAY)
        people.append(user)

    with django_assert_num_queries(7):
        found = waiting.read(people, TODAY)

    assert [len(found[one.pk].lines) for one in people] == [1] * (1 + more)


# When it comes


def test_the_mail_comes_on_monday_and_once_a_week(own, worker, now, owner):
    change(own, due_on=TODAY)

    first = morning(worker, now)
    again = morning(worker, now, MONDAY + dt.timedelta(hours=2))
    friday = morning(worker, now, MONDAY + 4 * DAY)
    next_week = morning(worker, now, MONDAY + 7 * DAY)

    assert first == next_week == [owner.email]
    assert again == friday == []
    assert list(Digest.objects.exclude(lines=0).values_list("user", "monday_on", "lines")) == [
        (owner.pk, TODAY, 1),
        (owner.pk, TODAY + 7 * DAY, 1),
    ]


@pytest.mark.parametrize(
    ("days", "is_sent"), [(0, True), (3, True), (4, True), (5, False), (6, False)]
)
def test_a_worker_that_was_down_catches_up_in_the_week(own, worker, now, owner, days, is_sent):
    change(own, due_on=TODAY)

    assert bool(morning(worker, now, MONDAY + days * DAY)) == is_sent


@pytest.mark.parametrize(
    ("hour", "is_sent"), [(0, False), (7, False), (8, True), (18, True), (19, False)]
)
@pytest.mark.parametrize("monday", [dt.date(2026, 11, 16), dt.date(2027, 6, 14)])
def test_the_hours_are_those_of_london(own, worker, now, monday, hour, is_sent):
    change(own, due_on=monday)
    at = dt.datetime.combine(monday, dt.time(hour, 7), tzinfo=LONDON)

    assert bool(morning(worker, now, at)) == is_sent


def test_what_falls_due_in_the_week_is_for_next_monday(own, worker, now, owner):
    change(own, due_on=TODAY + 23 * DAY)

    monday, wednesday = morning(worker, now), morning(worker, now, MONDAY + 2 * DAY)
    next_monday = morning(worker, now, MONDAY + 7 * DAY)

    assert (monday, wednesday, next_monday) == ([], [], [owner.email])
    assert not Digest.objects.filter(lines=0, monday_on=TODAY).exists()  # of no use any more


@pytest.mark.parametrize(
    ("day", "is_sent"),
    [
        (dt.date(2026, 10, 26), False),  # half term
        (dt.date(2026, 11, 2), True),
        (dt.date(2026, 12, 21), False),  # Christmas
        (dt.date(2026, 12, 31), False),  # the week of the year's edge
        (dt.date(2027, 1, 1), False),
        (dt.date(2027, 1, 4), True),
        (dt.date(2027, 3, 29), False),  # Easter Monday: the clocks went forward the day before
        (dt.date(2027, 4, 12), True),
        (dt.date(2027, 8, 2), False),  # the long summer
    ],
)
def test_nobody_is_reminded_in_the_holidays(own, worker, now, day, is_sent):
    change(own, starts_on=None, due_on=dt.date(2026, 10, 1))
    at = dt.datetime.combine(day, dt.time(8, 7), tzinfo=LONDON)

    assert bool(morning(worker, now, at)) == is_sent


def test_who_comes_back_on_a_tuesday_is_mailed_on_that_day(own, worker, now, owner):
    change(own, starts_on=None, due_on=dt.date(2026, 10, 1))
    monday = dt.datetime(2028, 4, 17, 8, 7, tzinfo=LONDON)  # Easter Monday

    assert morning(worker, now, monday) == []
    assert morning(worker, now, monday + DAY) == [owner.email]


def test_own_term_dates_count(own, worker, now, owner, avon):
    change(own, due_on=TODAY)
    TermDates.objects.create(
        service=avon,
        year=2026,
        term="autumn",
        starts_on=dt.date(2026, 9, 1),
        ends_on=dt.date(2026, 12, 18),
        half_starts_on=TODAY,
        half_ends_on=TODAY + 4 * DAY,
    )

    assert morning(worker, now) == []
    assert morning(worker, now, MONDAY + 7 * DAY) == [owner.email]


def test_at_two_services_only_the_one_in_term_is_named(own, worker, now, owner, bute, person):
    factories.membership(owner, bute, "inclusion_lead")
    elsewhere = factories.plan(bute, person("outsider"), "under_way", 2026)
    change(own, due_on=TODAY)
    factories.target(elsewhere, owner, "Train governors", owner=owner, due_on=TODAY)
    TermDates.objects.create(
        service=bute, year=2026, term="autumn", starts_on="2026-09-01", ends_on="2026-11-13"
    )

    morning(worker, now)

    (sent,) = mail.outbox
    assert sent.subject == "Avon Music Service: 1 target to look at"
    assert "Train governors" not in sent.body


def test_the_whole_of_two_services_is_one_mail(own, worker, now, owner, bute, person):
    factories.membership(owner, bute, "inclusion_lead")
    elsewhere = factories.plan(bute, person("outsider"), "under_way", 2026)
    change(own, due_on=TODAY)
    factories.target(elsewhere, owner, "Train governors", owner=owner, due_on=TODAY)

    morning(worker, now)

    (sent,) = mail.outbox
    assert sent.subject == "2 targets to look at"
    assert "Due today (Bute Music Service)" in sent.body


# Who is left in peace


def test_who_wants_no_mail_gets_none(own, worker, now, owner):
    change(own, due_on=TODAY)
    ReminderChoice.objects.create(user=owner, weekly=False)

    assert morning(worker, now) == []


def test_who_stops_it_between_the_look_and_the_mail_gets_none(own, worker, now, owner):
    change(own, due_on=TODAY)
    reminders.remind_all(timestamp=0)
    ReminderChoice.objects.create(user=owner, weekly=False)

    worker()

    assert mail.outbox == []


def test_what_is_done_before_the_mail_goes_out_is_not_named(own, worker, owner):
    change(own, due_on=TODAY)
    reminders.remind_all(timestamp=0)
    change(own, status="done", ended_on=TODAY)

    worker()

    assert mail.outbox == []


def test_who_left_or_whose_account_is_closed_gets_none(own, worker, now, owner, person):
    change(own, due_on=TODAY)
    owner.is_active = False
    owner.save()

    closed = morning(worker, now)
    owner.is_active = True
    owner.save()
    owner.memberships.update(ended_at=MONDAY, ended_by=person("lead"))

    assert closed == []
    assert owner.email not in morning(worker, now)


def test_what_is_quiet_is_not_named_until_its_day(own, worker, now, owner):
    change(own, due_on=TODAY)
    Snooze.objects.create(target=own, user=owner, until_on=TODAY + 7 * DAY, reason="Away.")

    before, on_the_day = morning(worker, now), morning(worker, now, MONDAY + 7 * DAY)

    assert before == []
    assert on_the_day == [owner.email]


def test_quiet_is_for_whoever_asked_alone(own, worker, now, owner, person):
    change(own, owner=None, due_on=TODAY - DAY)
    Snooze.objects.create(target=own, user=owner, until_on=TODAY + 7 * DAY, reason="Away.")

    assert morning(worker, now) == [person("lead").email]


# The mail itself


def test_the_mail_says_how_many_and_links_each(own, worker, now, owner):
    change(own, due_on=TODAY - DAY)
    quiet = factories.target(own.plan, owner, "Go round", owner=owner, starts_on=TODAY - 91 * DAY)

    morning(worker, now)

    (sent,) = mail.outbox
    html = sent.alternatives[0].content
    to_target = settings.SITE_URL + reverse("target", args=[own.pk])
    to_note = settings.SITE_URL + reverse("note_add", args=[quiet.pk])
    assert sent.subject == "Avon Music Service: 2 targets to look at"
    assert f"Late\n\n- {own}\n  Late by 1 day\n  {to_target}\n" in sent.body
    assert f"No note for a term\n\n- {quiet}\n  No note yet\n  {to_note}\n" in sent.body
    assert re.findall(r'href="([^"]+/targets/[^"]+)"', html) == [to_target, to_note]


def test_the_mail_says_titles_and_nothing_more(asked, own, worker, now, owner):
    factories.note(own, owner, "Confidential note.", written_at=MONDAY - 20 * DAY)

    morning(worker, now)

    (sent,) = mail.outbox
    whole = sent.body + sent.alternatives[0].content
    assert str(own) in whole
    assert [word for word in ("Secret", "Confidential") if word in whole] == []


def test_who_writes_no_notes_is_led_to_the_target(own, worker, now, person):
    change(own, owner=person("board_viewer"), starts_on=TODAY - 91 * DAY)

    morning(worker, now)

    (sent,) = [one for one in mail.outbox if one.to == ["board.viewer@example.org"]]
    assert f"{settings.SITE_URL}{own.get_absolute_url()}\n" in sent.body
    assert reverse("note_add", args=[own.pk]) not in sent.body


def test_a_link_of_the_mail_lands_after_signing_in(own, worker, now, owner, client):
    change(own, due_on=TODAY)
    morning(worker, now)
    link = re.search(rf"{settings.SITE_URL}(/targets/\S+)", mail.outbox[0].body).group(1)

    to_sign_in = client.get(link)
    landed = client.post(
        to_sign_in.url, {"login": owner.email, "password": factories.PASSWORD, "next": link}
    )

    assert to_sign_in.url == f"/account/login/?next={link}"
    assert landed.url == link


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_titles_are_text_in_the_mail(own, worker, now, text):
    change(own, due_on=TODAY, title=text[:200])

    morning(worker, now)

    (sent,) = mail.outbox
    assert text[:200] in sent.body
    assert "<b onmouseover" not in sent.alternatives[0].content


@pytest.mark.django_db(transaction=True)
def test_two_workers_mail_nobody_twice(own, owner, at_once):
    change(own, due_on=TODAY)

    at_once(lambda: reminders.remind_all(timestamp=0), lambda: reminders.remind_all(timestamp=0))

    assert Digest.objects.filter(user=owner).count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'actionplans.send_digest'"
        )
        assert cursor.fetchone() == (1,)


def test_more_people_than_are_looked_at_in_one_go(own, worker, now, owner, monkeypatch):
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    change(own, due_on=TODAY)
    late = []
    for number in range(4):
        user = factories.user(f"tutor_{number}")
        factories.membership(user, own.plan.service, "group_member")
        factories.target(own.plan, owner, owner=user, due_on=TODAY)
        late.append(user.email)

    assert morning(worker, now) == sorted([owner.email, *late])


# Stopping it


@pytest.fixture
def stop(own, owner, worker, now):
    """The link at the foot of a mail."""
    change(own, due_on=TODAY)
    morning(worker, now)
    return re.search(r"Stop this e-mail: (\S+)", mail.outbox[0].body).group(1)


def test_the_link_to_stop_is_in_the_headers_too(stop):
    assert mail.outbox[0].extra_headers == {"List-Unsubscribe": f"<{stop}>"}


def test_opening_the_link_stops_nothing(stop, client):
    page = client.get(stop)

    assert "Stop the weekly e-mail?" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert not ReminderChoice.objects.exists()


def test_a_button_stops_the_mail_without_signing_in(stop, owner, worker, now):
    answer = Client().post(stop, {"wish": "stop"}, follow=True)

    assert "No more weekly e-mail" in answer.text
    assert not ReminderChoice.objects.get(user=owner).weekly
    assert morning(worker, now, MONDAY + 7 * DAY) == []


def test_and_another_one_starts_it_again(stop, owner, client):
    client.post(stop, {"wish": "stop"})

    answer = client.post(stop, {"wish": "send"}, follow=True)

    assert "Stop the weekly e-mail?" in answer.text
    assert ReminderChoice.objects.get(user=owner).weekly


@pytest.mark.parametrize("token", ["1", "1:made-up", "x" * 300])
def test_a_made_up_link_stops_nobodys_mail(owner, client, token):
    answer = client.post(reverse("reminders_stop", args=[token]), {"wish": "stop"})

    assert answer.status_code == 404
    assert not ReminderChoice.objects.exists()


def test_the_link_of_one_mail_is_no_key_to_anything_else(stop, client):
    client.get(stop)

    assert client.get(reverse("reminders")).status_code == 302


# One's own page


def test_the_page_says_what_waits_and_what_is_chosen(own, sign_in, owner):
    change(own, due_on=TODAY)

    page = sign_in("inclusion_lead").get(reverse("reminders"))

    assert "You get it, on Monday morning." in page.text
    assert "Due today" in page.text
    assert "Make my calendar link" in page.text
    assert reverse("terms", args=["avon-music-service"]) in page.text
    assert not ReminderChoice.objects.exists()


def test_what_waits_is_shown_in_the_holidays_too(own, sign_in, now):
    now.move_to(dt.datetime(2026, 12, 28, 9, tzinfo=LONDON))
    change(own, due_on=dt.date(2026, 12, 20))

    page = sign_in("inclusion_lead").get(reverse("reminders"))

    assert "Late by 8 days" in page.text


def test_the_page_stops_and_starts_the_mail(sign_in, person):
    browser = sign_in("group_member")
    url = reverse("reminders")

    stopped = browser.post(url, {"weekly": "off"}, follow=True)
    was = ReminderChoice.objects.get(user=person("group_member")).weekly
    started = browser.post(url, {"weekly": "on"}, follow=True)

    assert "You get no weekly e-mail any more." in stopped.text
    assert not was
    assert "You get the weekly e-mail again." in started.text
    assert ReminderChoice.objects.get(user=person("group_member")).weekly


def test_who_does_not_lead_is_not_offered_term_dates(sign_in, avon):
    page = sign_in("group_member").get(reverse("reminders"))

    assert reverse("terms", args=[avon.slug]) not in page.text
    assert "Avon Music Service: its leads set the term dates." in page.text


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_asks_the_same_queries_for_many(own, sign_in, owner, more):
    change(own, due_on=TODAY)
    for number in range(more):
        one = factories.target(own.plan, owner, f"T{number}", owner=owner, due_on=TODAY)
        Snooze.objects.create(target=one, user=owner, until_on=TODAY + DAY, reason="R")
        factories.target(own.plan, owner, f"U{number}", owner=owner, due_on=TODAY)
    Snooze.objects.create(target=own, user=owner, until_on=TODAY + DAY, reason="R")
    browser = sign_in("inclusion_lead")

    with CaptureQueriesContext(connection) as captured:
        browser.get(reverse("reminders"))

    assert len(captured) == 12


# Quiet


@pytest.fixture
def quiet_page(own):
    return reverse("target_snooze", args=[own.pk])


def test_an_owner_asks_for_quiet_with_a_reason(sign_in, own, owner, quiet_page):
    answer = sign_in("inclusion_lead").post(
        quiet_page, {"until_on": "2026-12-18", "reason": "Off until then."}
    )

    quiet = Snooze.objects.get()
    assert answer.url == own.get_absolute_url()
    assert (quiet.target, quiet.user, quiet.until_on, quiet.reason) == (
        own,
        owner,
        dt.date(2026, 12, 18),
        "Off until then.",
    )


def test_the_end_of_the_term_is_suggested(sign_in, quiet_page):
    form = sign_in("inclusion_lead").get(quiet_page).context["form"]

    assert form.initial == {"until_on": dt.date(2026, 12, 18)}


def test_a_term_that_ends_too_late_is_not_suggested(sign_in, quiet_page, now):
    now.move_to(dt.datetime(2026, 9, 7, 9, tzinfo=LONDON))

    form = sign_in("inclusion_lead").get(quiet_page).context["form"]

    assert form.initial == {"until_on": None}


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"until_on": ["Choose a day."], "reason": ["Say why, in a few words."]}),
        (
            {"until_on": "2026-11-16", "reason": "R"},
            {"until_on": ["Choose a day after today."]},
        ),
        (
            {"until_on": "2027-02-15", "reason": "R"},
            {"until_on": ["Choose a day up to 14 February 2027: that is 90 days from now."]},
        ),
    ],
)
def test_quiet_has_an_end_and_a_reason(sign_in, quiet_page, sent, errors):
    answer = sign_in("inclusion_lead").post(quiet_page, sent)

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert not Snooze.objects.exists()


def test_quiet_is_changed_and_lifted(sign_in, own, owner, quiet_page):
    Snooze.objects.create(target=own, user=owner, until_on=TODAY + DAY, reason="R")
    browser = sign_in("inclusion_lead")

    page = browser.get(quiet_page)
    browser.post(quiet_page, {"until_on": "2026-12-01", "reason": "Longer."})
    changed = Snooze.objects.get().until_on
    browser.post(quiet_page, {"wish": "lift"})

    assert "Remind me again now" in page.text
    assert changed == dt.date(2026, 12, 1)
    assert not Snooze.objects.exists()


def test_quiet_stands_on_ones_own_page_until_it_is_over(sign_in, own, owner, now):
    Snooze.objects.create(target=own, user=owner, until_on=TODAY + DAY, reason="On leave")
    browser = sign_in("inclusion_lead")

    there = "On leave" in browser.get(reverse("reminders")).text
    now.move_to(MONDAY + DAY)

    assert there
    assert "On leave" not in browser.get(reverse("reminders")).text


@pytest.mark.parametrize(
    ("who", "fields", "is_offered"),
    [
        ("lead", {}, True),
        ("inclusion_lead", {}, True),
        ("group_member", {}, False),
        ("inclusion_lead", {"status": "done", "ended_on": TODAY}, False),
        ("inclusion_lead", {"no_action_reason": "Not us."}, False),
    ],
)
def test_quiet_is_offered_to_who_is_reminded(own, person, who, fields, is_offered):
    change(own, **fields)
    own.refresh_from_db()

    assert snoozes.is_offered(person(who), own) == is_offered


@pytest.mark.parametrize("is_quiet", [True, False])
def test_the_piece_for_the_targets_page_links_to_quiet(own, owner, quiet_page, is_quiet):
    if is_quiet:
        Snooze.objects.create(target=own, user=owner, until_on=TODAY + DAY, reason="On leave")

    html = render_to_string(
        "actionplans/_snooze.html", {"target": own, "quiet": snoozes.current(own, owner)}
    )

    assert f'href="{quiet_page}"' in html
    assert ("until 17 November 2026: On leave" in html) == is_quiet


@pytest.mark.parametrize("who", ["group_member", "board_viewer"])
def test_who_is_not_reminded_asks_for_no_quiet(sign_in, quiet_page, who):
    answer = sign_in(who).post(quiet_page, {"until_on": "2026-12-18", "reason": "R"})

    assert answer.status_code == 403
    assert not Snooze.objects.exists()


def test_a_board_viewer_who_owns_a_target_may_ask_for_quiet(sign_in, own, person, quiet_page):
    change(own, owner=person("board_viewer"))

    sign_in("board_viewer").post(quiet_page, {"until_on": "2026-12-18", "reason": "R"})

    assert Snooze.objects.get().user == person("board_viewer")


def test_a_closed_plan_reminds_of_nothing(sign_in, own, person, quiet_page):
    plan = own.plan
    plan.state, plan.closed_at, plan.closed_by = "closed", MONDAY, person("lead")
    plan.save()

    answer = sign_in("inclusion_lead").post(
        quiet_page, {"until_on": "2026-12-18", "reason": "My reason"}
    )

    assert answer.status_code == 409
    assert 'value="My reason"' in answer.text
    assert not Snooze.objects.exists()
