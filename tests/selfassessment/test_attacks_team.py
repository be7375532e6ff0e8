"""A hostile insider tries to see what one person said; each test is one way that was tried."""

from __future__ import annotations

import io
import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from selfassessment import reports, results
from selfassessment.benchmark import precompute
from selfassessment.models import (
    Audit,
    Privacy,
    Rating,
    RespondentMail,
    RoleGroup,
    Source,
    Stage,
)
from selfassessment.talk import agenda, closing, handouts, talking
from tests import factories
from tests.actionplans.sent import as_sent

LOOKS = [
    "",
    "people/",
    "talk/",
    "talk/?flagged=on",
    "talk/?comments=on",
    "talk/?open=on",
    "talk/open/",
    "talk.csv",
    "talk.xlsx",
    "meeting/",
    "meeting/A1.1/",
    "agree/A1.1/",
    "agree/bulk/",
    "agree/alone/",
    "handout/",
    "priorities/",
    "close/",
    "results/",
    "ratings.csv",
    "ratings.xlsx",
    "report/",
    "history/",
    "history/A1.1/",
    "benchmark/",
    "uploads/",
]
READERS = ["lead", "inclusion_lead", "group_member", "board_viewer"]


@pytest.fixture
def team(audit):
    """Avon's self-assessment, named, without its starter's response."""
    audit.respondents.all().delete()
    audit.privacy = Privacy.NAMED
    audit.save()
    return audit


def words(answer) -> str:
    """What an answer says, without what is another at every load."""
    if answer.status_code != 200:
        return f"{answer.status_code} {answer.headers.get('Location', '')}"
    if answer.headers["Content-Type"].endswith("sheet"):
        sheets = load_workbook(io.BytesIO(answer.content)).worksheets
        return repr([list(sheet.values) for sheet in sheets])
    masked = r'name="(csrfmiddlewaretoken|once|page)" value="[^"]*"'
    return re.sub(masked, "", answer.content.decode())


def everything_seen(audit: Audit, sign_in) -> dict[tuple[str, str], str]:
    """Every page and file of a self-assessment, by reader, and what the handout says."""
    seen = {
        (name, path): words(browser.get(f"/self-assessments/{audit.pk}/{path}"))
        for name in READERS
        for browser in [sign_in(name)]
        for path in LOOKS
    }
    if audit.stage != Stage.RATING:
        seen["paper", ""] = repr(handouts.collect(agenda.read(audit)))
    return seen


def turn_round(ratings) -> None:
    """Everything that these ratings say, said otherwise."""
    for rating in ratings:
        rating.value = None if rating.value is None else 4 - rating.value
        rating.comment = f"{rating.comment} or not" if not rating.comment else ""
        rating.discuss = not rating.discuss
        rating.save()


def in_turn(audit: Audit, group: str, people: int) -> None:
    said = [{"A1.1": n % 5, "A1.2": (n + 2) % 5, "B1.1": "dk"} for n in range(people)]
    for n, response in enumerate(factories.heard(audit, group, *said)):
        response.ratings.filter(value__isnull=False).update(comment=f"words {n}", discuss=not n % 2)


def rate_again(audit: Audit) -> None:
    audit.talk_opened_at = audit.talk_opened_by = None
    audit.totals_shown_at = audit.totals_shown_by = None
    audit.save()


@pytest.mark.parametrize(
    ("privacy", "staff", "families"),
    [
        (Privacy.NAMED, 2, 2),
        (Privacy.ANONYMOUS, 2, 4),
        ("", 2, 4),
    ],
)
def test_no_page_or_file_tells_of_too_few(team, sign_in, person, privacy, staff, families):
    team.privacy = privacy
    team.save()
    in_turn(team, RoleGroup.TUTOR, staff)
    in_turn(team, RoleGroup.YOUNG, families)
    talking.open_talk(audit=team, by=person("lead"))
    team.refresh_from_db()
    before = everything_seen(team, sign_in)

    turn_round(Rating.objects.filter(response__audit=team))

    # In a named one the leads look up who said what: that is what its people were told.
    told = {(name, path) for name in READERS[:2] for path in ("history/", "history/A1.1/")}
    after = everything_seen(team, sign_in)
    differ = {place for place, said in after.items() if said != before[place]}
    assert differ == (told if privacy == Privacy.NAMED else set())


@pytest.mark.parametrize(("privacy", "late"), [(Privacy.NAMED, 2), (Privacy.ANONYMOUS, 4)])
def test_no_page_or_file_tells_of_those_who_came_late(team, sign_in, person, privacy, late):
    team.privacy = privacy
    team.save()
    in_turn(team, RoleGroup.TUTOR, 6)
    in_turn(team, RoleGroup.YOUNG, 6)
    talking.open_talk(audit=team, by=person("lead"))
    counted = list(team.responses.values_list("pk", flat=True))
    team.refresh_from_db()
    rate_again(team)
    in_turn(team, RoleGroup.TUTOR, late)
    in_turn(team, RoleGroup.YOUNG, late)
    talking.open_talk(audit=team, by=person("lead"))
    team.refresh_from_db()
    before = everything_seen(team, sign_in)

    turn_round(Rating.objects.filter(response__audit=team).exclude(response__in=counted))

    assert everything_seen(team, sign_in) == before


@pytest.mark.parametrize("privacy", [Privacy.NAMED, Privacy.ANONYMOUS, ""])
def test_while_people_rate_no_page_or_file_tells_what(team, sign_in, person, privacy):
    """After a first talk too: its agreed ratings and totals are hidden again."""
    team.privacy = privacy
    team.save()
    in_turn(team, RoleGroup.TUTOR, 6)
    talking.open_talk(audit=team, by=person("lead"))
    team.refresh_from_db()
    factories.agree(team, person("lead"), A1_1=1)
    rate_again(team)
    for _ in range(3):
        begun = factories.respondent(team, RoleGroup.MANAGER)
        factories.rate(begun.response, "A1.1", 3, comment="In the making", discuss=True)
    before = everything_seen(team, sign_in)

    turn_round(Rating.objects.filter(response__audit=team))
    team.agreed_ratings.update(value=4, reason="Other words")

    assert everything_seen(team, sign_in) == before


# Somebody else's ratings, taken or opened


def test_nobody_removes_a_member_to_read_what_they_were_rating(team, sign_in, person):
    factories.join(team, person("inclusion_lead"))
    theirs = factories.join(team, person("group_member"))
    factories.rate(theirs, "A1.1", 1, comment="Nobody listens to me")
    person("group_member").memberships.update(ended_at=timezone.now(), ended_by=person("lead"))
    lead = sign_in("lead")

    lead.post(f"/self-assessments/{team.pk}/take-over/")
    page = lead.get(f"/self-assessments/{team.pk}/").text
    mine = lead.get(f"/self-assessments/{team.pk}/rate/A1/")

    theirs.refresh_from_db()
    assert theirs.respondent.user == person("group_member")
    assert mine.status_code == 404
    assert "Carry on with these ratings" not in page


@pytest.mark.parametrize("path", ["", "rate/A1/", "check/"])
def test_the_link_in_a_members_reminder_opens_no_ratings(audit, response, client, person, path):
    """It is for “please don’t remind me”; ratings want their account, and their place here."""
    factories.rate(response, "A1.1", 1, comment="Only for me")
    who = response.respondent
    assert who.source == Source.ACCOUNT

    answer = client.get(f"/r/{who.token}/{path}")
    stop = client.get(f"/r/{who.token}/stop/")

    assert (answer.status_code, answer.headers.get("Location")) == (
        302,
        reverse("mine", args=[audit.pk]),
    )
    assert stop.status_code == 200


def test_whoever_left_writes_nothing_by_the_link_in_an_old_reminder(audit, response, client):
    statement = audit.statements().first()
    url = f"/r/{response.respondent.token}/rate/A1/{statement.pk}/"

    client.post(url, {f"s{statement.pk}-rating": "4", f"s{statement.pk}-version": "0"})
    client.post(f"/r/{response.respondent.token}/hand-in/")

    response.refresh_from_db()
    assert (Rating.objects.count(), response.handed_in_at) == (0, None)


# What people were told, and what is kept


def test_nobody_begins_to_rate_before_it_is_said_who_sees_what(audit, sign_in, person):
    """Else somebody hands in unaware, and the leads make it named after."""
    answer = sign_in("group_member").post(f"/self-assessments/{audit.pk}/join/", follow=True)

    assert "Your leads choose first whether ratings are named or anonymous." in answer.text
    assert not audit.respondents.filter(user=person("group_member")).exists()


@pytest.mark.parametrize(
    ("privacy", "words"),
    [
        (Privacy.NAMED, "Only the service lead and the inclusion lead can look up who said what"),
        (Privacy.ANONYMOUS, "your name is cut from your ratings for good"),
    ],
)
def test_members_are_told_who_sees_what_before_they_begin_and_hand_in(
    audit, response, sign_in, privacy, words
):
    audit.privacy = privacy
    audit.save()
    factories.rate(response, "A1.1", 3)
    lead = sign_in("lead")

    begin = lead.get(f"/self-assessments/{audit.pk}/mine/").text
    end = lead.get(f"/self-assessments/{audit.pk}/check/").text

    assert words in begin
    assert words.replace("your name is", "your name and address are") in end


def test_papers_of_a_talk_that_is_hidden_again_are_gone(audit, response, person):
    """The report of one who agreed alone tells what they wrote; others join, and may read it."""
    factories.rate(response, "A1.1", 1, comment="What I alone think")
    factories.agree_alone(response)
    found = results.read(audit_of(response), with_comments=True)
    reports.request_report(results=found, with_comments=True, by=person("lead"))
    assert "What I alone think" in str(audit.reports.get().data)

    closing.reopen(audit=audit, by=person("lead"))

    assert audit.reports.count() == 0


def audit_of(response) -> Audit:
    return Audit.objects.with_questionnaire().get(pk=response.audit_id)


@pytest.fixture
def log(monkeypatch):
    """What is written to the log, as it is written."""
    written = io.StringIO()
    handler = next(one for one in logging.getLogger().handlers if type(one) is CONSOLE)
    monkeypatch.setattr(handler, "stream", written)
    return written


CONSOLE = logging.StreamHandler


def test_the_log_holds_no_link_that_works(team, person, log, monkeypatch):
    tokens = [
        factories.respondent(team).token,
        factories.shared_link(team, person("lead")).token,
    ]
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)

    browser.post(f"/r/{tokens[0]}/hand-in/")
    browser.post(f"/j/{tokens[1]}/")
    with connection.execute_wrapper(breaks):
        browser.get(f"/r/{tokens[0]}/")

    assert "Forbidden (CSRF cookie not set.): /r/…/hand-in/" in log.getvalue()
    assert "Internal Server Error: /r/…/" in log.getvalue()
    assert [token for token in tokens if token in log.getvalue()] == []


def breaks(*_: object) -> None:
    raise RuntimeError("Something broke")


# Writing where nothing is to be written any more

OVER = {
    "join/": {},
    "hand-in/": {},
    "rate/A1/": {"s{first}-rating": "4", "s{first}-version": "0"},
    "rate/A1/{first}/": {"s{first}-rating": "4", "s{first}-version": "0"},
    "take-over/": {},
    "talk/open/": {},
    "agree/alone/": {},
    "people/privacy/": {"privacy": "anonymous"},
    "people/invite/": {"addresses": "new@example.org", "role_group": "tutor"},
    "people/remind/": {},
    "people/{other}/again/": {},
    "people/{other}/role/": {"role_group": "manager"},
    "links/": {"link-role_group": "manager"},
    "uploads/": {"how": "hand_in", "go": "take_in"},
    "uploads/{upload}/take-in/": {"u{upload}-role_group": "tutor", "how": "hand_in"},
}
BY_LINK = ["", "hand-in/", "mail/", "rate/A1/", "rate/A1/{first}/"]


def rows(audit: Audit) -> list[object]:
    return [
        list(audit.responses.order_by("pk").values()),
        list(audit.respondents.order_by("pk").values()),
        list(audit.shared_links.order_by("pk").values()),
        list(audit.agreed_ratings.order_by("pk").values()),
        list(Rating.objects.filter(response__audit=audit).order_by("pk").values()),
        list(RespondentMail.objects.filter(respondent__audit=audit).order_by("pk").values()),
        Audit.objects.values().get(pk=audit.pk),
    ]


@pytest.mark.parametrize("stage", [Stage.TALK, Stage.CLOSED])
@pytest.mark.parametrize("privacy", [Privacy.NAMED, Privacy.ANONYMOUS])
def test_once_the_talk_is_open_nobody_rates_or_is_asked(team, sign_in, person, stage, privacy):
    team.privacy = privacy
    team.save()
    in_turn(team, RoleGroup.TUTOR, 5)
    factories.join(team, person("lead"))
    other = factories.respondent(team, RoleGroup.OFFICE)
    link = factories.shared_link(team, person("lead"))
    late = factories.respondent(team, RoleGroup.TUTOR, email="late@example.org")
    late.source, late.link, late.email = Source.LINK, link, ""
    late.save()
    upload = factories.upload(team, person("lead"))
    talking.open_talk(audit=team, by=person("lead"))
    team.refresh_from_db()
    factories.agree(team, person("lead"), A1_1=1)
    if stage == Stage.CLOSED:
        closing.close_year(audit=team, by=person("lead"))
    ids = {"first": team.statements()[0].pk, "other": other.pk, "upload": upload.pk}
    before = rows(team)

    statuses = set()
    for name in [*READERS, "outsider", "team", "funder", "visitor"]:
        browser = sign_in(name)
        for path, typed in OVER.items():
            sent = {key.format(**ids): value for key, value in typed.items()}
            url = f"/self-assessments/{team.pk}/{path.format(**ids)}"
            statuses.add(browser.post(url, sent).status_code)
    for path in BY_LINK:
        url = f"/r/{late.token}/{path.format(**ids)}"
        sent = {f"s{ids['first']}-rating": "4", f"s{ids['first']}-version": "0"}
        statuses.add(Client().post(url, {**sent, "email": "late@example.org"}).status_code)
    statuses.add(Client().post(f"/j/{link.token}/", {"once": "a"}).status_code)

    assert rows(team) == before
    assert max(statuses) < 500


# One service among those who share


def test_the_team_makes_out_no_service_by_saying_it_is_of_another_kind(audit, sign_in, person):
    """Today’s trusts less yesterday’s would be the one that was moved among them."""
    factories.agree(audit, person("lead"), A1_1=2)
    others = factories.sharers(audit, person("team"), how_many=14, A1_1=1, A2_1=2, B1_1=3)
    for number, other in enumerate(others):
        other.service.kind = "council" if number < 7 else "trust"
        other.service.save()
    moved = others[0]
    moved.agreed_ratings.update(value=4)
    make = (audit.questionnaire_id, audit.scope, audit.year)
    precompute.make(*make)
    team, funder, pages = sign_in("team"), sign_in("funder"), ["", "kind:council", "kind:trust"]
    before = [words(funder.get("/benchmark/", {"of": of})) for of in pages]
    assert len(set(before)) == len(pages)  # both kinds are shown

    for kind in ("trust", "council", "trust", ""):
        edit = f"/services/{moved.service.slug}/edit/"
        team.post(edit, as_sent(team.get(edit).text, "facts", kind=kind, authorities="Avon"))
        precompute.make(*make)
        assert [words(funder.get("/benchmark/", {"of": of})) for of in pages] == before

    moved.service.refresh_from_db()
    assert moved.service.kind == ""


def test_sharing_and_stopping_over_and_over_shows_nothing_of_who_does(audit, sign_in, person):
    factories.agree(audit, person("lead"), A1_1=4, A2_1=4, B1_1=4)
    factories.sharers(audit, person("team"), how_many=7, A1_1=0, A2_1=0, B1_1=0)
    make = (audit.questionnaire_id, audit.scope, audit.year)
    precompute.make(*make)
    funder, lead = sign_in("funder"), sign_in("lead")
    before = words(funder.get("/benchmark/"))

    for what in ("share", "stop-sharing", "share"):
        lead.post(f"/self-assessments/{audit.pk}/benchmark/{what}/")
        precompute.make(*make)
        assert words(funder.get("/benchmark/")) == before

    audit.refresh_from_db()
    assert audit.shared_at


def test_withdrawing_who_handed_in_moves_nothing_in_the_talk(team, sign_in, person):
    """Else the talk before less the talk after would be theirs."""
    in_turn(team, RoleGroup.TUTOR, 4)
    talking.open_talk(audit=team, by=person("lead"))
    team.refresh_from_db()
    lead = sign_in("lead")
    looks = [path for path in LOOKS if path.startswith(("talk", "meeting", "agree/"))]
    before = [words(lead.get(f"/self-assessments/{team.pk}/{path}")) for path in looks]

    one = team.respondents.first()
    lead.post(f"/self-assessments/{team.pk}/people/{one.pk}/withdraw/")
    lead.get(f"/self-assessments/{team.pk}/")  # the message is shown there

    one.refresh_from_db()
    assert one.withdrawn_at
    assert [words(lead.get(f"/self-assessments/{team.pk}/{path}")) for path in looks] == before
