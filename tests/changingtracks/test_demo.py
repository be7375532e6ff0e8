"""The demo: three made-up services in the middle of their year, and only in the demo."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from changingtracks import invented
from changingtracks.management.commands.demo import DEMO_SIGN_INS, PASSWORD
from portal.access import ProgrammeRole
from portal.models import Activity, Invitation, MusicService, Topic, User
from portal.years import academic_year
from selfassessment import results
from selfassessment.models import (
    Answer,
    Audit,
    Questionnaire,
    Rating,
    Respondent,
    Response,
    Statement,
)
from selfassessment.talk import spread
from tests import factories


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Making it takes seconds: once for all tests here, each of which then is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(made, db):
    """The demo, as it is made."""


def latest(service):
    return Audit.objects.filter(service__name=service).latest("year")


def starters(audit):
    return audit.responses.get(respondent__user=audit.started_by)


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in [User, MusicService, Audit, Rating, Response, Activity, Invitation, Statement]
    ]


@pytest.mark.parametrize(("email", "who"), DEMO_SIGN_INS)
def test_demo_people_sign_in(demo, email, who):
    browser = Client()

    answer = browser.post("/account/login/", {"login": email, "password": PASSWORD}, follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert answer.context["user"].email == email
    assert who


def test_who_the_demo_people_are():
    assert [email for email, _ in DEMO_SIGN_INS] == [
        "lead@northvale.example.org",
        "inclusion@northvale.example.org",
        "board@northvale.example.org",
        "lead@brackenshire.example.org",
        "nwg@eastmere.example.org",
        "group@eastmere.example.org",
        "team@changingtracks.example.org",
        "writer@changingtracks.example.org",
        "facilitator@musicmark.example.org",
        "funder@youthmusic.example.org",
    ]


def test_demo_services_are_at_different_points_of_the_year(demo):
    now = academic_year(timezone.localdate())
    talking, rating, new = (
        latest(name)
        for name in ("Eastmere Music Hub", "Northvale Music Service", "Brackenshire Music Trust")
    )
    last_year = Audit.objects.get(year=now - 1)

    audits = (talking, rating, new, last_year)
    assert [audit.year for audit in audits] == [now, now, now, now - 1]
    assert [audit.stage for audit in audits] == ["talk", "rating", "rating", "closed"]
    assert [starters(audit).ratings.count() for audit in audits] == [60, 30, 2, 60]
    assert [audit.respondents.count() for audit in audits] == [18, 18, 1, 18]
    assert [audit.responses.handed_in().count() for audit in audits] == [18, 8, 0, 18]
    assert [audit.agreed_ratings.count() for audit in audits] == [21, 0, 0, 58]
    assert last_year.service == rating.service


def test_last_year_has_three_priorities_and_the_rest_below_the_middle_parked(demo):
    last_year = Audit.objects.get(year=academic_year(timezone.localdate()) - 1)
    low = last_year.agreed_ratings.filter(value__lt=2)

    assert last_year.priorities.chosen().count() == 3
    assert last_year.priorities.count() == low.count()
    assert not last_year.priorities.filter(reason="").exists()


def test_history_tells_when_it_was_decided_and_not_when_the_demo_was_made(demo):
    events = apps.get_model("selfassessment", "PriorityEvent").objects.all()

    assert events
    assert {event.pgh_created_at == event.decided_at for event in events} == {True}


def test_the_team_disagrees_where_it_is_worth_a_talk(demo):
    talk = spread.read(latest("Eastmere Music Hub"))

    assert talk.people == 14
    assert talk.family_people == 4
    assert talk.spreads[0].apart >= 3
    assert [lane.name for lane in talk.spreads[0].lanes if lane.people < 3] == []
    assert any(one.comments for one in talk.spreads[:5])


def test_demo_shows_every_kind_of_answer(demo):
    ratings = starters(latest("Northvale Music Service")).ratings
    everybody = Rating.objects.all()

    assert set(everybody.values_list("answer", flat=True)) == set(Answer.values)
    assert set(everybody.filter(answer="level").values_list("value", flat=True)) == {0, 1, 2, 3, 4}
    assert not everybody.filter(answer=Answer.NOT_APPLICABLE, reason="").exists()
    assert ratings.exclude(comment="").count() >= 5
    assert ratings.filter(discuss=True).exists()
    assert (
        ratings.exclude(evidence_url="")
        .get()
        .evidence_url.startswith("https://northvale.example.org/")
    )
    assert set(everybody.values_list("via", flat=True)) == {"demo"}


def test_invented_ratings_are_for_statements_that_exist(demo):
    codes = set(Statement.objects.values_list("code", flat=True))
    sets = [
        value
        for name, value in vars(invented).items()
        if name.isupper() and isinstance(value, str) and value.startswith("\n")
    ]
    notes = [
        *(
            value
            for name, value in vars(invented).items()
            if name.startswith(("NORTH", "EAST")) and "NOTES" in name
        ),
        {code for _, _, code in invented.TEAM_NOTES},
        *(invented.APART, invented.WHY_AGREED, invented.WHY_CHOSEN),
    ]

    assert len(sets) == 5
    assert [set(invented.said(text, {})) - codes for text in sets] == [set()] * 5
    assert [set(note) - codes for note in notes] == [set()] * 7


def test_demo_scores_are_uneven(demo):
    last_year = Audit.objects.get(year=academic_year(timezone.localdate()) - 1)

    scores = results.read(last_year).scores

    assert 25 <= scores.score.percent <= 50
    assert len({section.score.percent for section in scores.sections}) > 5


def test_real_services_have_facts_only(demo):
    real = MusicService.objects.filter(is_fictional=False)

    assert real.count() == 30
    assert not Audit.objects.filter(service__in=real).exists()
    assert not User.objects.filter(memberships__service__in=real).exists()
    assert MusicService.objects.filter(is_fictional=True).count() == 3


def test_demo_names_nobody_real(demo):
    addresses = {
        *User.objects.values_list("email", flat=True),
        *Invitation.objects.values_list("email", flat=True),
        *Respondent.objects.exclude(email="").values_list("email", flat=True),
    }

    assert [a for a in addresses if not re.fullmatch(r"\w+@\w+\.example\.org", a)] == []


def test_second_demo_changes_nothing(demo):
    before = everything()

    call_command("demo", verbosity=0)

    assert everything() == before


def test_demo_is_the_same_each_time(demo):
    before = list(Rating.objects.order_by("pk").values_list("statement__code", "value", "comment"))

    call_command("demo", reset=True, verbosity=0)

    after = Rating.objects.order_by("pk").values_list("statement__code", "value", "comment")
    assert list(after) == before


def test_reset_clears_what_was_added(demo):
    browser = Client()
    browser.force_login(User.objects.get(email="lead@northvale.example.org"))
    factories.service("Added Music")
    topics = Topic.objects.count()

    call_command("demo", reset=True, verbosity=0)

    assert not MusicService.objects.filter(name="Added Music").exists()
    assert browser.get("/account/").status_code == 302
    assert Topic.objects.count() == topics == 14
    assert Questionnaire.objects.in_use().count() == 1


def test_demo_accounts_do_not_open_outside_the_demo(demo, settings):
    signed_in, browser = Client(), Client()
    typed = {"login": "team@changingtracks.example.org", "password": PASSWORD}
    signed_in.post("/account/login/", typed)
    before = signed_in.get("/account/").status_code

    settings.DEMO = False
    answer = browser.post("/account/login/", typed, follow=True)

    assert before == 200
    assert answer.redirect_chain == [("/account/inactive/", 302)]
    assert not answer.context["user"].is_authenticated
    assert signed_in.get("/account/").url == "/account/login/?next=/account/"
    assert User.objects.get(email=typed["login"]).is_active


def test_real_accounts_open_outside_the_demo(demo, settings):
    settings.DEMO = False
    account = factories.user("somebody", programme_role=ProgrammeRole.FUNDER)
    browser = Client()

    answer = browser.post(
        "/account/login/", {"login": account.email, "password": factories.PASSWORD}
    )

    assert answer.url == "/"


def test_reset_throws_the_mail_away_too(demo, settings, tmp_path):
    settings.DEVELOPMENT, settings.EMAIL_FILE_PATH = True, tmp_path
    (tmp_path / "20261121.log").write_text("a link")

    call_command("demo", reset=True, verbosity=0)

    assert list(tmp_path.iterdir()) == []
