"""Anonymous means that not even the database joins a person to what they said."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from portal.models import Activity
from selfassessment import actions
from selfassessment.models import Privacy, Rating, Respondent, Response
from selfassessment.talk import talking
from tests import factories


@pytest.fixture
def unnamed(audit, response):
    """Avon's self-assessment, anonymous, with three tutors beside its lead."""
    audit.privacy = Privacy.ANONYMOUS
    audit.save()
    for _ in range(3):
        factories.respondent(audit, "tutor")
    return audit


def save(response, code, choice, comment="", by=None):
    return actions.save_rating(
        response=response,
        statement=response.audit.statements().get(code=code),
        entry=actions.Entry(choice=str(choice), comment=comment),
        version=0,
        page="a-page.000001",
        by=by,
    )


def hand_in(respondent, **said):
    """Somebody rates by their link and hands in."""
    for code, choice in said.items():
        save(respondent.response, code.replace("_", "."), choice, f"{respondent.email} was here")
    actions.hand_in(response=respondent.response, by=None)


def rows(table: str, where: str = "true") -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text AS written, * FROM {table} WHERE {where}")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture
def two_in(unnamed):
    """Two of the tutors have handed in; what their rows were called before."""
    first, second, _ = unnamed.respondents.filter(role_group="tutor").order_by("pk")
    before = {Response: set(), Rating: set()}
    for respondent, choice in ((first, 4), (second, 1)):
        save(respondent.response, "A1.1", choice)
        save(respondent.response, "A1.2", "dk")
        before[Response].add(respondent.response.pk)
        before[Rating].update(respondent.response.ratings.values_list("pk", flat=True))
        actions.hand_in(response=respondent.response, by=None)
    return {"people": [first, second], "before": before}


def test_what_was_said_stays(two_in, unnamed):
    said = Rating.objects.filter(response__respondent=None).order_by("statement__code", "value")

    assert [(r.statement.code, r.choice) for r in said] == [
        ("A1.1", "1"),
        ("A1.1", "4"),
        ("A1.2", "dk"),
        ("A1.2", "dk"),
    ]
    assert [r.role_group for r in Response.objects.filter(respondent=None)] == ["tutor"] * 2
    assert Respondent.objects.filter(handed_in=True).count() == 2


def test_every_answer_carries_the_same_moment_page_and_way(two_in, unnamed):
    ratings = Rating.objects.filter(response__respondent=None)
    responses = Response.objects.filter(respondent=None)

    assert set(ratings.values_list("saved_at", "saved_by", "page", "via", "version")) == {
        (unnamed.started_at, None, "", "link", 1)
    }
    assert set(responses.values_list("handed_in_at", flat=True)) == {unnamed.started_at}


def test_keys_are_new_and_drawn_by_lot(two_in):
    keys = [
        *Response.objects.filter(respondent=None).values_list("pk", flat=True),
        *Rating.objects.filter(response__respondent=None).values_list("pk", flat=True),
    ]

    assert min(keys) >= 2**48
    assert len(set(keys)) == 6
    assert sorted(keys) != list(range(min(keys), min(keys) + 6))


def test_no_line_of_history_is_left_of_before_or_after(two_in):
    of_responses = two_in["before"][Response] | set(
        Response.objects.filter(respondent=None).values_list("pk", flat=True)
    )
    of_ratings = two_in["before"][Rating] | set(Rating.objects.values_list("pk", flat=True))

    responses = {row["id"] for row in rows("selfassessment_responseevent")}
    ratings = rows("selfassessment_ratingevent")

    assert responses & of_responses == set()
    assert {row["id"] for row in ratings} & of_ratings == set()
    assert {row["response_id"] for row in ratings} & of_responses == set()


def test_opening_the_talk_leaves_no_line_of_history_either(two_in, unnamed, person):
    talking.open_talk(audit=unnamed, by=person("lead"))

    keys = set(Response.objects.filter(respondent=None).values_list("pk", flat=True))
    assert {row["id"] for row in rows("selfassessment_responseevent")} & keys == set()
    assert {row["response_id"] for row in rows("selfassessment_ratingevent")} & keys == set()


def test_no_table_holds_a_key_of_before(two_in):
    """Whatever refers to a response or a rating anywhere refers to none that was cut."""
    held = [
        (model.__name__, key)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model in {Response, Rating}
        for key in model._default_manager.values_list(field.attname, flat=True)
        if key in two_in["before"][field.related_model]
    ]

    assert held == []


@pytest.mark.django_db(transaction=True)
def test_no_transaction_tells_who_handed_in(unnamed):
    first, second, third = unnamed.respondents.filter(role_group="tutor").order_by("pk")
    hand_in(first, A1_1=4)
    hand_in(second, A1_1=1)
    save(third.response, "A1.1", 2)

    people = rows("selfassessment_respondent")
    responses = rows("selfassessment_response", "respondent_id IS NULL")
    ratings = rows("selfassessment_rating", "saved_by_id IS NULL AND page = ''")

    # The third has begun since; of the others nothing says which of them wrote, or in what order.
    written = {row["written"] for row in people if row["id"] != third.pk}
    assert len(written) == 1
    assert {row["written"] for row in [*responses, *ratings]} == written


def test_the_order_of_rows_is_by_lot(unnamed):
    for number in range(8):
        respondent = factories.respondent(unnamed, "tutor")
        save(respondent.response, "A1.1", 1, comment=str(number))
        actions.hand_in(response=respondent.response, by=None)

    order = [row["comment"] for row in rows("selfassessment_rating")]

    assert sorted(order) == list("01234567")
    assert order != list("01234567")  # one time in 40,320 it would be


def test_no_activity_tells_when_a_member_handed_in(unnamed, person, response):
    save(response, "A1.1", 3, by=person("lead"))
    response.refresh_from_db()

    actions.hand_in(response=response, by=person("lead"))

    assert list(Activity.objects.all()) == []
    assert not Response.objects.filter(respondent__user=person("lead")).exists()


def test_nobody_sees_or_changes_it_afterwards(unnamed, sign_in, person, response):
    save(response, "A1.1", 3, by=person("lead"))
    lead = sign_in("lead")

    handed_in = lead.post(f"/self-assessments/{unnamed.pk}/hand-in/", follow=True)
    codes = {
        path: lead.get(f"/self-assessments/{unnamed.pk}/{path}").status_code
        for path in ("mine/", "check/", "rate/A1/")
    }
    again = lead.post(f"/self-assessments/{unnamed.pk}/hand-in/", follow=True)

    assert "Nothing joins you to your ratings any more" in handed_in.text
    assert codes == {"mine/": 302, "check/": 302, "rate/A1/": 302}
    assert "handed in or discarded meanwhile" in again.text
    assert Response.objects.handed_in().count() == 1


def test_it_says_that_it_is_final_before_the_button(unnamed, sign_in, person, response):
    save(response, "A1.1", 3, by=person("lead"))

    page = sign_in("lead").get(f"/self-assessments/{unnamed.pk}/check/").text

    assert page.index("This is final.") < page.index("Hand in my ratings")


def test_what_is_typed_on_another_device_after_it_is_shown_to_be_copied(unnamed, client):
    respondent = unnamed.respondents.filter(role_group="tutor").first()
    save(respondent.response, "A1.1", 3)
    statement = unnamed.statements().get(code="A1.2")
    typed = {f"s{statement.pk}-{name}": "" for name in ("version", "reason", "evidence", "link")}
    typed |= {f"s{statement.pk}-comment": "Typed on the bus", "page": "other"}
    actions.hand_in(response=respondent.response, by=None)

    page = client.post(f"/r/{respondent.token}/rate/A1/", typed)
    one = client.post(f"/r/{respondent.token}/rate/A1/{statement.pk}/", typed)

    assert (page.status_code, one.status_code) == (409, 409)
    assert "Typed on the bus" in page.text
    assert not Rating.objects.exclude(comment="").exists()


def test_a_named_one_keeps_its_person_and_its_history(audit, response, person):
    audit.privacy = Privacy.NAMED
    audit.save()
    response.audit.refresh_from_db()
    save(response, "A1.1", 3, by=person("lead"))

    actions.hand_in(response=response, by=person("lead"))

    response.refresh_from_db()
    assert response.respondent.user == person("lead")
    assert response.respondent.handed_in
    assert response.ratings.get().events.count() == 1
    assert [str(line.verb) for line in Activity.objects.all()] == ["handed_in"]


def test_two_hand_in_at_once(transactional_db, unnamed, at_once):
    first, second, _ = unnamed.respondents.filter(role_group="tutor").order_by("pk")
    save(first.response, "A1.1", 4)
    save(second.response, "A1.1", 1)

    done = at_once(
        lambda: actions.hand_in(response=first.response, by=None),
        lambda: actions.hand_in(response=second.response, by=None),
    )

    assert done == [None, None]
    assert Response.objects.handed_in().filter(respondent=None).count() == 2
    assert Respondent.objects.filter(handed_in=True).count() == 2


def test_no_column_joins_the_rows(two_in, unnamed):
    """No value stands both with somebody who handed in and with what was said, but the shared."""
    shared = {"True", "False", "None", "", "tutor", str(unnamed.pk), str(unnamed.started_at)}
    people = {
        str(value)
        for row in rows("selfassessment_respondent", "handed_in")
        for value in row.values()
    }
    said = {
        str(value)
        for name, where in (
            ("selfassessment_response", "respondent_id IS NULL"),
            ("selfassessment_rating", "saved_by_id IS NULL"),
        )
        for row in rows(name, where)
        for name, value in row.items()
        if name not in {"written", "statement_id", "value", "version"}
    }

    assert (people & said) - shared == set()
