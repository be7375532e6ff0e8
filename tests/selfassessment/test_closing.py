"""Closing the year and opening it again: who may, what it changes, and that nothing slips by."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse
from django.utils.timezone import now

from portal.models import Activity, Verb
from selfassessment.models import AgreedRating, Audit, Privacy, Response, RoleGroup, Stage
from selfassessment.talk import agreeing, closing
from tests import factories


@pytest.fixture
def talked(audit, person):
    """Three people rated, and Avon's lead agreed one low statement."""
    factories.heard(audit, RoleGroup.TUTOR, {"A1.1": 1}, {"A1.1": 2}, {"A1.1": 3})
    factories.agree(audit, person("lead"), shown=False, A1_1=1)
    return audit


@pytest.fixture
def closed(talked, person):
    closing.close_year(audit=talked, by=person("lead"))
    talked.refresh_from_db()
    return talked


def address(audit, what: str = "close") -> str:
    return f"/self-assessments/{audit.pk}/{what}/"


def log() -> list[tuple[str, str]]:
    return list(Activity.objects.order_by("pk").values_list("verb", "by__name"))


def everything(audit) -> list[object]:
    return [
        Audit.objects.values().get(pk=audit.pk),
        list(audit.responses.order_by("pk").values()),
        list(audit.respondents.order_by("pk").values()),
        list(audit.agreed_ratings.order_by("pk").values()),
        list(audit.priorities.order_by("pk").values()),
    ]


def test_closing_says_what_is_missing(sign_in, talked):
    page = sign_in("lead").get(address(talked)).text

    assert "<h3>6 statements not agreed</h3>" in page
    assert "<h3>No priorities</h3>" in page
    assert "<h3>1 low statement not decided</h3>" in page
    assert "sees the totals" in page


@pytest.mark.parametrize("name", ["lead", "inclusion_lead"])
def test_leads_close_the_year_and_show_its_totals(sign_in, talked, person, name):
    answer = sign_in(name).post(address(talked))

    talked.refresh_from_db()
    assert answer.url == address(talked, "results")
    assert talked.stage == Stage.CLOSED
    assert (talked.closed_by, talked.totals_shown_by) == (person(name), person(name))
    assert log() == [(Verb.CLOSED, person(name).name)]


def test_closing_keeps_who_showed_the_totals(sign_in, talked, person):
    closing.show_totals(audit=talked, by=person("inclusion_lead"))

    sign_in("lead").post(address(talked))

    talked.refresh_from_db()
    assert talked.totals_shown_by == person("inclusion_lead")


@pytest.mark.parametrize("name", ["group_member", "board_viewer", "outsider", "team"])
def test_others_do_not_close(sign_in, talked, name):
    before = everything(talked)

    answer = sign_in(name).post(address(talked))

    assert answer.status_code == (404 if name in {"outsider", "team"} else 403)
    assert everything(talked) == before


def test_a_year_without_a_word_agreed_stays_open(sign_in, talked):
    talked.agreed_ratings.all().delete()
    browser = sign_in("lead")

    page = browser.get(address(talked)).text
    answer = browser.post(address(talked), follow=True)

    talked.refresh_from_db()
    assert "Nothing is agreed yet." in page
    assert "Agree at least one statement before you close the year." in answer.text
    assert talked.stage == Stage.TALK


def test_nobody_closes_while_people_rate(sign_in, audit):
    answer = sign_in("lead").post(address(audit), follow=True)

    audit.refresh_from_db()
    assert "The talk is not open, so nothing was changed." in answer.text
    assert audit.closed_at is None


def test_closing_twice_is_told(sign_in, closed):
    answer = sign_in("lead").post(address(closed), follow=True)

    assert "The year is closed by now, so nothing was changed." in answer.text
    assert [verb for verb, _ in log()] == [Verb.CLOSED]


def test_reopening_a_year_goes_back_to_the_talk(sign_in, closed, person):
    browser = sign_in("lead")

    asks = browser.get(address(closed, "reopen")).text
    answer = browser.post(address(closed, "reopen"), follow=True)

    closed.refresh_from_db()
    assert "<h1>Reopen the year?</h1>" in asks
    assert "The totals stay visible" in asks
    assert "The year is open again." in answer.text
    assert closed.stage == Stage.TALK
    assert closed.totals_shown_at
    assert log() == [(Verb.CLOSED, "The lead"), (Verb.REOPENED, "The lead")]


@pytest.mark.parametrize("privacy", [Privacy.NAMED, Privacy.ANONYMOUS])
def test_letting_people_rate_again_hides_talk_and_totals(sign_in, audit, person, privacy):
    audit.privacy = privacy
    audit.save()
    factories.heard(audit, RoleGroup.TUTOR, {"A1.1": 1}, {"A1.1": 2}, {"A1.1": 3})
    factories.agree(audit, person("lead"), A1_1=2)
    before = everything(audit)[1:]
    browser = sign_in("lead")

    asks = browser.get(address(audit, "reopen")).text
    browser.post(address(audit, "reopen"))

    audit.refresh_from_db()
    assert "<h1>Let people rate again?</h1>" in asks
    assert "Ratings that were handed in stay handed in, as they are." in asks
    assert (audit.stage, audit.totals_shown_at) == (Stage.RATING, None)
    assert everything(audit)[1:] == before


def test_reopening_what_one_person_agreed_gives_their_ratings_back(sign_in, response):
    factories.rate(response, "A1.1", 3)
    factories.agree_alone(response)
    browser = sign_in("lead")

    asks = browser.get(address(response.audit, "reopen")).text
    browser.post(address(response.audit, "reopen"))

    now = Response.objects.select_related("audit", "respondent").get()
    assert "The results are hidden until the ratings are agreed again." in asks
    assert (now.is_open, now.counted, now.respondent.handed_in) == (True, False, False)
    assert (now.audit.alone, now.audit.totals_shown_at) == (False, None)
    assert AgreedRating.objects.get().choice == "3"


def test_what_was_handed_in_anonymously_alone_is_nobodys_and_stays(sign_in, response):
    Audit.objects.update(privacy=Privacy.ANONYMOUS)
    response.audit.refresh_from_db()
    factories.rate(response, "A1.1", 3)
    factories.agree_alone(response)

    sign_in("lead").post(address(response.audit, "reopen"))

    now = Response.objects.select_related("audit").get()
    assert (now.audit.stage, now.audit.alone) == (Stage.RATING, False)
    assert (now.respondent, now.counted) == (None, False)
    assert now.handed_in_at == now.audit.started_at


@pytest.mark.parametrize("name", ["inclusion_lead", "group_member", "board_viewer", "outsider"])
def test_only_the_lead_reopens(sign_in, closed, name):
    before = everything(closed)

    answer = sign_in(name).post(address(closed, "reopen"))

    assert answer.status_code == (404 if name == "outsider" else 403)
    assert everything(closed) == before


def test_a_year_is_not_reopened_beside_another_of_the_same_year(sign_in, closed, person):
    factories.audit(closed.service, closed.questionnaire, person("lead"), year=closed.year)
    before = everything(closed)

    answer = sign_in("lead").post(address(closed, "reopen"), follow=True)

    assert f"Another self-assessment of {closed.year_name} is open." in answer.text
    assert everything(closed) == before


WRITES = [
    ("audit_date", {"finish_on": "2030-01-01"}),
    ("audit_discard", {}),
    ("audit_take_over", {}),
    ("audit_join", {}),
    ("section", {"s{first}-rating": "3", "s{first}-version": "0"}),
    ("rating_save", {"s{first}-rating": "3", "s{first}-version": "0"}),
    ("hand_in", {}),
    ("totals_show", {}),
    ("priorities", {"s{first}-standing": "chosen", "as_read": "0"}),
    ("audit_close", {}),
    ("agree", {"s{first}-rating": "3", "s{first}-version": "1"}),
    ("agree_bulk", {"take": "{second}:3"}),
    ("agree_alone", {}),
    ("meeting_statement", {"s{first}-rating": "3", "s{first}-version": "1"}),
    ("talk_open", {}),
    ("audit_privacy", {"privacy": "anonymous"}),
    ("respondent_invite", {"addresses": "new@example.org", "role_group": "tutor"}),
    ("shared_link_make", {"role_group": "tutor"}),
]


@pytest.mark.parametrize(("route", "typed"), WRITES)
def test_nothing_is_written_into_a_closed_year(sign_in, closed, route, typed):
    first = closed.statements()[0]
    given = {
        "pk": closed.pk,
        "code": "A1.1" if "agree" in route else "A1",
        "statement_id": first.pk,
    }
    patterns = get_resolver().reverse_dict.getlist(route)
    assert patterns, route
    wanted = patterns[0][0][0][1]
    url = reverse(route, kwargs={name: given[name] for name in wanted})
    before = everything(closed)

    answer = sign_in("lead").post(
        url, {name.format(first=first.pk): value for name, value in typed.items()}
    )

    assert answer.status_code < 500
    assert everything(closed) == before


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_closing_at_once_never_changes_a_closed_year(talked, person, at_once):
    lead, statement = person("lead"), talked.statements()[1]
    entry = agreeing.Agreement("3")

    agreed, done = at_once(
        lambda: agreeing.agree(
            audit=talked, statement=statement, entry=entry, version=0, page="p.1", by=lead
        ),
        lambda: closing.close_year(audit=talked, by=lead),
    )

    talked.refresh_from_db()
    there = talked.agreed_ratings.filter(statement=statement).first()
    assert done is None
    if isinstance(agreed, closing.NotTalkingError):
        assert there is None
    else:
        assert there.agreed_at <= talked.closed_at


@pytest.mark.django_db(transaction=True)
def test_two_leads_close_at_once_and_it_is_told_once(talked, person, at_once):
    answers = at_once(
        *(lambda who=who: closing.close_year(audit=talked, by=person(who)) for who in ("lead",) * 2)
    )

    assert sorted(type(one).__name__ for one in answers) == ["NoneType", "NotTalkingError"]
    assert [verb for verb, _ in log()] == [Verb.CLOSED]


def test_withdrawing_two_of_three_who_are_in_gives_nobodys_ratings_back(talked, person):
    """Else the talk before and the talk after would differ by one person."""
    talked.respondents.filter(user=person("lead")).update(
        withdrawn_at=now(), withdrawn_by=person("lead")
    )
    first, *others = talked.respondents.filter(role_group=RoleGroup.TUTOR)
    closing.reopen(audit=talked, by=person("lead"))
    for other in others:
        other.withdrawn_at, other.withdrawn_by = now(), person("lead")
        other.save()
    talked.refresh_from_db()

    with pytest.raises(closing.NotNowError):
        closing.reopen(audit=talked, by=person("lead"))

    assert Response.objects.get(respondent=first).counted
    assert talked.responses.handed_in().count() == 3
