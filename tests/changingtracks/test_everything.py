"""Everything of a music service in one file: complete, and nobody else’s."""

from __future__ import annotations

import json

import pytest
from django.apps import apps

from actionplans.models import Decision, Evidence, PublicSummary
from changingtracks.everything.rows import Reader, safe_name
from changingtracks.everything.tables import LEFT_OUT, TABLES
from portal.models import Activity, Invitation, ServiceLogo
from tests import factories
from tests.changingtracks.rebuilding import comparable, rebuild

OURS = ["portal", "selfassessment", "actionplans", "resources"]
PDF = b"%PDF-1.7 made up"


@pytest.fixture
def lived(plan, target, avon, bute, person, questionnaire):
    """A service with a row in every table of the package, beside one that is not its own."""
    lead = person("lead")
    authority = avon.local_authorities.create(name="Avon")
    avon.local_authorities.set([authority])
    ServiceLogo.objects.create(
        service=avon, image=b"png", width=1, height=1, alt="A bridge", changed_by=lead
    )
    Invitation.objects.create(
        email="new@example.org", service=avon, role="group_member", invited_by=lead
    )
    hostile = " ".join(factories.HOSTILE)[:300]
    Activity.objects.create(by=lead, verb="noted", subject=hostile, service=avon)
    factories.baseline(avon, by=lead)
    factories.shared_link(plan.audit, by=lead)
    factories.respondent(plan.audit)
    avon.term_dates.create(year=2026, term="autumn", starts_on="2026-09-03", ends_on="2026-12-18")
    milestone = target.milestones.create(text="Dates are set", due_on=target.starts_on)
    milestone.done_on = target.starts_on
    milestone.save()
    carried = factories.target(
        plan, lead, "Again", carried_from=target, cost="12.50", heard=["diverse"]
    )
    carried.topics.set(apps.get_model("portal.Topic").objects.all()[:2])
    carried.title = "Once more"
    carried.save()
    note = factories.note(target, lead, value="12.5", rag="amber")
    Evidence.objects.create(
        note=note,
        file_name="../minutes.pdf",
        media_type="application/pdf",
        size=len(PDF),
        sha256="0" * 64,
        content=PDF,
        added_by=lead,
    )
    review = factories.review(plan, lead)
    review.lines.create(target=target, decision=Decision.KEEP, saved_by=lead)
    PublicSummary.objects.create(plan=plan, data={"period": plan.period}, published_by=lead)
    plan.leavings.create(target=carried, reason="Not this year.", decided_by=lead)
    factories.plan(bute, person("outsider"))
    return avon


def read(service):
    """As the package says it: through JSON and back."""
    return json.loads(json.dumps(Reader(service).read(), ensure_ascii=False))


def test_every_table_is_in_the_package_or_left_out_for_a_reason():
    models = {
        model._meta.label for name in OURS for model in apps.get_app_config(name).get_models()
    }

    decided = [table.label for table in TABLES] + list(LEFT_OUT)

    assert sorted(decided) == sorted(models)


def test_every_table_of_the_package_is_put_to_the_test(lived):
    empty = [name for name, rows in read(lived).items() if not rows]

    assert empty == []


def test_a_service_is_made_again_from_its_package(lived):
    before = read(lived)
    files = {"logo.png": b"png", before["evidence"][0]["content"]: PDF}

    again = rebuild(before, files)

    assert comparable(read(again)) == comparable(before)
    assert bytes(Evidence.objects.get(note__target__plan__service=again).content) == PDF


def test_no_row_of_another_service_is_in_it(lived, bute, person):
    data = read(lived)

    assert [one["name"] for one in data["music services"]] == ["Avon Music Service"]
    assert [one["service"] for one in data["action plans"]] == [lived.pk]
    assert person("outsider").pk not in [one["id"] for one in data["people"]]


def test_people_beyond_the_service_are_named_without_their_address(lived, person):
    lived.term_dates.all().delete()
    Activity.objects.create(by=person("team"), verb="added", subject="it", service=lived)

    people = {one["name"]: one["email"] for one in read(lived)["people"]}

    assert people["The team"] == ""
    assert people["The lead"] == "lead@example.org"


def test_what_one_person_rated_is_not_in_it(lived, plan, response):
    factories.rate(response, "A1.1", 3, comment="Mine alone")

    assert "Mine alone" not in json.dumps(read(lived))


@pytest.mark.parametrize("many", [1, 3])
def test_reading_asks_as_often_for_one_row_as_for_many(
    lived, target, person, many, django_assert_num_queries
):
    for _ in range(many):
        factories.note(target, person("lead"))
        factories.target(target.plan, person("lead"), statements="A1.2")

    with django_assert_num_queries(36):
        Reader(lived).read()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("minutes.pdf", "minutes.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\a b.docx", "C-a-b.docx"),
        ("Cŵn.pdf", "Cŵn.pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 200 + ".pdf", "x" * 76 + ".pdf"),
    ],
)
def test_a_file_name_is_no_path(name, safe):
    assert safe_name(name) == safe
