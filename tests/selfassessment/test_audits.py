"""Starting a self-assessment, its date, and throwing away one started by mistake."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.years import academic_year
from selfassessment.models import Audit, Response
from tests import factories


def start_url(service):
    return f"/self-assessments/of/{service.slug}/start/"


def wishes(questionnaire, **fields):
    today = timezone.localdate()
    return {
        "questionnaire": questionnaire.pk,
        "year": academic_year(today),
        "scope": "whole",
        "finish_on": (today + dt.timedelta(days=30)).isoformat(),
        **fields,
    }


def test_starting_gives_the_starter_a_response(sign_in, avon, questionnaire, person):
    answer = sign_in("lead").post(start_url(avon), wishes(questionnaire))

    audit = Audit.objects.get()
    assert answer.url == audit.get_absolute_url()
    assert (audit.service, audit.started_by) == (avon, person("lead"))
    assert [r.respondent.user for r in audit.responses.all()] == [person("lead")]


@pytest.mark.parametrize(
    ("who", "status", "started"),
    [
        ("lead", 302, 1),
        ("inclusion_lead", 302, 1),
        ("group_member", 403, 0),
        ("board_viewer", 403, 0),
        ("team", 403, 0),
        ("outsider", 404, 0),
        ("funder", 404, 0),
    ],
)
def test_who_starts_a_self_assessment(sign_in, avon, questionnaire, who, status, started):
    answer = sign_in(who).post(start_url(avon), wishes(questionnaire))

    assert (answer.status_code, Audit.objects.count()) == (status, started)


def test_a_second_one_on_the_same_questionnaire_and_year_is_refused(
    sign_in, avon, questionnaire, audit
):
    answer = sign_in("inclusion_lead").post(start_url(avon), wishes(questionnaire))

    assert answer.status_code == 422
    assert "Carry on with that one" in answer.text
    assert f'href="{audit.get_absolute_url()}"' in answer.text
    assert [a.pk for a in Audit.objects.all()] == [audit.pk]


def test_a_draft_or_withdrawn_questionnaire_is_not_offered(sign_in, avon, person):
    edition = factories.draft(name="Still a draft")

    answer = sign_in("lead").post(start_url(avon), wishes(edition))

    assert answer.status_code == 422
    assert Audit.objects.count() == 0


@pytest.mark.parametrize("days", [-1, 3 * 366])
def test_a_date_past_or_far_is_refused_with_what_was_typed(sign_in, avon, questionnaire, days):
    day = (timezone.localdate() + dt.timedelta(days=days)).isoformat()

    answer = sign_in("lead").post(start_url(avon), wishes(questionnaire, finish_on=day))

    assert answer.status_code == 422
    assert f'value="{day}"' in answer.text
    assert Audit.objects.count() == 0


def test_the_date_can_be_changed(sign_in, audit):
    day = timezone.localdate() + dt.timedelta(days=60)

    sign_in("lead").post(f"/self-assessments/{audit.pk}/date/", {"finish_on": day.isoformat()})

    audit.refresh_from_db()
    assert audit.finish_on == day


def test_a_questionnaire_without_a_quick_check_is_asked_as_a_whole(sign_in, avon, person):
    edition = factories.questionnaire(
        by=person("team"), name="No quick check", parts=[("A", "A1", "One", ["x", "y"])]
    )

    answer = sign_in("lead").post(start_url(avon), wishes(edition, scope="quick"))

    assert answer.status_code == 422
    assert "has no quick check" in answer.text
    assert Audit.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [("group_member", 403), ("board_viewer", 403), ("team", 404), ("outsider", 404)],
)
def test_who_may_not_change_the_date_or_discard(sign_in, audit, who, status):
    day = timezone.localdate() + dt.timedelta(days=60)
    browser = sign_in(who)

    dated = browser.post(f"/self-assessments/{audit.pk}/date/", {"finish_on": day.isoformat()})
    discarded = browser.post(f"/self-assessments/{audit.pk}/discard/")

    assert [dated.status_code, discarded.status_code] == [status] * 2
    assert Audit.objects.get().finish_on == audit.finish_on


def test_an_unrated_one_can_be_discarded(sign_in, audit):
    sign_in("lead").post(f"/self-assessments/{audit.pk}/discard/")

    assert Audit.objects.count() == 0


def test_one_with_ratings_is_kept(sign_in, audit, response):
    factories.rate(response, "A1.1", 2)

    sign_in("lead").post(f"/self-assessments/{audit.pk}/discard/")

    assert Audit.objects.get() == audit


def test_others_see_how_far_it_is_and_not_what_was_said(sign_in, audit, response):
    factories.rate(response, "A1.1", 2, comment="Between us.")

    html = sign_in("inclusion_lead").get(f"/self-assessments/{audit.pk}/").text

    assert "0 of 1 handed in" in html
    assert "Between us." not in html
    assert "A1.1" not in html


def test_carry_on_leads_to_the_first_blank_after_the_last_saved(sign_in, audit, response):
    factories.rate(response, "A1.2", 2)

    html = sign_in("lead").get(f"/self-assessments/{audit.pk}/").text

    assert "Carry on at A1.3" in html


def test_the_list_asks_the_same_of_the_database_for_one_and_three(
    sign_in, avon, questionnaire, person
):
    lead, counts = sign_in("lead"), []
    for year in (2024, 2025, 2026):
        factories.audit(avon, questionnaire, by=person("lead"), year=year)
        with CaptureQueriesContext(connection) as captured:
            lead.get(f"/self-assessments/of/{avon.slug}/")
        counts.append(len(captured))

    assert counts[0] == counts[2] == 5


def test_responses_are_ones_own(audit, person):
    assert list(Response.objects.visible_to(person("lead"))) == [audit.responses.get()]
    assert list(Response.objects.visible_to(person("inclusion_lead"))) == []
    assert list(Response.objects.visible_to(person("outsider"))) == []


def leave(user):
    membership = user.memberships.get()
    membership.ended_at, membership.ended_by = membership.started_at, user
    membership.save()


def test_ratings_of_somebody_who_left_can_be_carried_on(sign_in, audit, response, person):
    factories.rate(response, "A1.1", 2)
    leave(person("lead"))
    other = sign_in("inclusion_lead")

    page = other.get(audit.get_absolute_url()).text
    other.post(f"/self-assessments/{audit.pk}/take-over/")
    carried_on = other.get(audit.get_absolute_url()).text

    assert "Carry on with these ratings" in page
    assert "Carry on at A1.2" in carried_on
    assert [r.respondent.user for r in audit.responses.all()] == [person("inclusion_lead")]


def test_ratings_of_somebody_still_there_stay_theirs(sign_in, audit, response, person):
    sign_in("inclusion_lead").post(f"/self-assessments/{audit.pk}/take-over/")

    response.refresh_from_db()
    assert response.respondent.user == person("lead")


@pytest.mark.parametrize(
    ("who", "status"),
    [("group_member", 403), ("board_viewer", 403), ("outsider", 404), ("team", 404)],
)
def test_who_carries_on_for_somebody_who_left(sign_in, audit, response, person, who, status):
    leave(person("lead"))

    answer = sign_in(who).post(f"/self-assessments/{audit.pk}/take-over/")

    response.refresh_from_db()
    assert (answer.status_code, response.respondent.user) == (status, person("lead"))


@pytest.mark.parametrize("days", [-1, 1000])
def test_a_date_gone_by_or_years_away_is_refused(sign_in, audit, days):
    before = audit.finish_on
    day = timezone.localdate() + dt.timedelta(days=days)

    answer = sign_in("lead").post(
        f"/self-assessments/{audit.pk}/date/", {"finish_on": day.isoformat()}
    )

    audit.refresh_from_db()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["finish_on"]
    assert audit.finish_on == before


@pytest.mark.parametrize(
    ("name", "shown", "there"),
    [
        ("lead", False, True),
        ("group_member", False, False),
        ("group_member", True, True),
        ("board_viewer", True, True),
    ],
)
def test_priorities_are_linked_for_whoever_may_open_them(
    sign_in, audit, person, name, shown, there
):
    factories.agree(audit, person("lead"), shown=shown, A1_1=1)
    link = reverse("priorities", args=[audit.pk])

    page = sign_in(name).get(audit.get_absolute_url()).text

    assert (f'href="{link}"' in page) is there
