"""Saving one rating: what is kept, what clashes, what is refused."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from selfassessment import actions, starting
from selfassessment.actions import Clash, Entry
from selfassessment.models import Rating, Respondent, Response, Statement
from tests import factories


def save(response, entry, *, version=0, page="page", code="A1.1"):
    return actions.save_rating(
        response=response,
        statement=Statement.objects.get(code=code),
        entry=entry,
        version=version,
        page=page,
        by=response.respondent.user,
    )


def test_first_save_makes_version_one(response):
    rating = save(response, Entry(choice="3", comment="Since May."))

    assert Entry.of(rating) == Entry(choice="3", comment="Since May.")
    assert (rating.version, rating.saved_by, rating.via) == (1, response.respondent.user, "browser")


def test_an_empty_entry_on_nothing_writes_nothing(response):
    assert save(response, Entry()) is None
    assert Rating.objects.count() == 0


def test_saving_the_same_again_writes_nothing(response):
    first = save(response, Entry(choice="3"))

    second = save(response, Entry(choice="3"), version=0, page="another")

    assert (second.version, second.saved_at) == (first.version, first.saved_at)


def test_the_version_read_may_be_written_over(response):
    save(response, Entry(choice="3"))

    rating = save(response, Entry(choice="1"), version=1, page="another")

    assert (rating.choice, rating.version) == ("1", 2)


def test_the_page_that_wrote_last_never_clashes_with_itself(response):
    save(response, Entry(choice="3"), page="mine")

    rating = save(response, Entry(choice="1"), version=0, page="mine")

    assert (rating.choice, rating.version) == ("1", 2)


def test_another_page_with_an_old_version_clashes_and_writes_nothing(response):
    save(response, Entry(choice="3", comment="Theirs."), page="theirs")

    result = save(response, Entry(choice="1", comment="Mine."), version=0, page="mine")

    assert isinstance(result, Clash)
    assert (result.mine.comment, result.theirs.comment) == ("Mine.", "Theirs.")
    assert Entry.of(Rating.objects.get()) == Entry(choice="3", comment="Theirs.")


def test_a_page_overtaken_by_another_clashes_even_after_it_wrote(response):
    save(response, Entry(choice="3"), page="first")
    save(response, Entry(choice="2"), version=1, page="second")

    result = save(response, Entry(choice="1"), version=1, page="first")

    assert isinstance(result, Clash)
    assert Rating.objects.get().choice == "2"


def test_a_page_without_a_name_is_never_the_one_that_wrote_last(response):
    save(response, Entry(choice="3"), page="")

    result = save(response, Entry(choice="1"), version=0, page="")

    assert isinstance(result, Clash)
    assert Rating.objects.get().choice == "3"


def test_a_save_that_a_later_one_overtook_changes_nothing(response):
    save(response, Entry(comment="Typed to the end."), page="load.000010")

    late = save(response, Entry(comment="Typed to"), page="load.000009")
    later = save(response, Entry(comment="And on."), page="load.000011")

    assert (late.comment, later.comment) == ("Typed to the end.", "And on.")
    assert Rating.objects.get().version == 2


def test_every_version_stays_in_the_history(response):
    save(response, Entry(choice="3"), page="mine")
    save(response, Entry(choice="dk"), page="mine")

    events = Rating.objects.get().events.order_by("pgh_id")

    assert [(e.answer, e.value, e.version) for e in events] == [("level", 3, 1), ("dk", None, 2)]


def test_handed_in_ratings_refuse_and_stay(response):
    save(response, Entry(choice="3"))
    actions.hand_in(response=response, by=response.respondent.user)

    with pytest.raises(actions.RatingsClosedError):
        save(response, Entry(choice="1"), version=1)

    assert Rating.objects.get().choice == "3"


def test_a_save_once_the_talk_has_begun_is_refused(audit, response):
    save(response, Entry(choice="3"))
    factories.open_talk(audit, by=audit.started_by)

    with pytest.raises(actions.RatingsClosedError, match="The talk has begun"):
        save(response, Entry(choice="1"), version=1)

    assert Rating.objects.get().choice == "3"


def test_ratings_being_made_are_those_of_open_responses(audit, response, person):
    handed_in = factories.join(audit, person("inclusion_lead"), "manager")
    factories.hand_in(handed_in)

    assert list(Response.objects.being_rated()) == [response]
    assert (response.is_open, handed_in.is_open) == (True, False)


def test_that_somebody_has_begun_is_noted_once(response):
    save(response, Entry(choice="3"))
    noted = Respondent.objects.get().begun_at

    save(response, Entry(choice="1"), version=1)

    assert noted is not None
    assert Respondent.objects.get().begun_at == noted


def test_a_save_after_discarding_is_refused(audit, response):
    starting.discard_audit(audit=audit, by=response.respondent.user)

    with pytest.raises(actions.RatingsClosedError, match="discarded"):
        save(response, Entry(choice="3"))

    assert Rating.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_rating_saved_while_discarding_is_kept(audit, response):
    saving, refusals = threading.Event(), []

    def discard():
        try:
            saving.wait(timeout=5)
            starting.discard_audit(audit=audit, by=response.respondent.user)
        except starting.AuditHasRatingsError as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=discard)
    thread.start()
    with transaction.atomic():
        save(response, Entry(choice="3"))
        saving.set()
        time.sleep(0.5)  # time for discarding to come to the lock
    thread.join()

    assert len(refusals) == 1
    assert Rating.objects.get().choice == "3"


def test_hand_in_refuses_not_applicable_without_a_reason(response):
    save(response, Entry(choice="na"))

    with pytest.raises(actions.NotReadyError, match=r"A1\.1"):
        actions.hand_in(response=response, by=response.respondent.user)

    response.refresh_from_db()
    assert response.handed_in_at is None


def test_hand_in_refuses_an_empty_response(response):
    with pytest.raises(actions.NotReadyError):
        actions.hand_in(response=response, by=response.respondent.user)

    response.refresh_from_db()
    assert response.handed_in_at is None


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_end_as_one_rating_and_one_clash(response, at_once):
    results = at_once(
        lambda: save(response, Entry(choice="1"), page="a"),
        lambda: save(response, Entry(choice="4"), page="b"),
    )

    assert sorted(type(result).__name__ for result in results) == ["Clash", "Rating"]
    assert Rating.objects.count() == 1


def test_the_database_refuses_a_level_without_its_number(response):
    with pytest.raises(IntegrityError, match="exactly_when_it_is_a_level"):
        Rating.objects.create(
            response=response, statement=Statement.objects.first(), answer="level", page="x"
        )


def test_three_point_scale_saves_its_own_levels_only(client, person, avon):
    edition = factories.questionnaire(by=person("team"), name="Three", levels=factories.THREE_POINT)
    audit = factories.audit(avon, edition, by=person("lead"))
    statement = Statement.objects.get(questionnaire=edition, code="A1.1")
    client.force_login(person("lead"))
    url = f"/self-assessments/{audit.pk}/rate/A1/{statement.pk}/"

    refused = client.post(url, {f"s{statement.pk}-rating": "0", "page": "p"})
    taken = client.post(url, {f"s{statement.pk}-rating": "3", "page": "p"})

    assert (refused.status_code, taken.status_code) == (422, 200)
    assert [r.value for r in Rating.objects.all()] == [3]
