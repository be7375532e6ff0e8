"""Everything of a music service in one file: complete, and nobody else’s."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from io import BytesIO

import pytest
from django.apps import apps
from django.utils import timezone

from actionplans.models import Decision, Evidence, Paper, PublicSummary
from changingtracks.everything import asking, package
from changingtracks.everything.rows import Reader, safe_name
from changingtracks.everything.tables import LEFT_OUT, TABLES
from portal.models import Activity, Invitation, ServiceLogo
from tests import factories
from tests.changingtracks.rebuilding import comparable, rebuild

OURS = ["portal", "selfassessment", "actionplans", "resources"]
PDF = b"%PDF-1.7 made up"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture
def lived(plan, target, avon, bute, person, questionnaire):
    """A service with a row in every table of the package, beside one that is not its own."""
    lead = person("lead")
    authority = avon.local_authorities.create(name="Avon")
    avon.local_authorities.set([authority])
    ServiceLogo.objects.create(
        service=avon, image=PNG, width=1, height=1, alt="A bridge", changed_by=lead
    )
    Invitation.objects.create(
        email="new@example.org", service=avon, role="group_member", invited_by=lead
    )
    hostile = " ".join(factories.HOSTILE)[:300]
    Activity.objects.create(by=lead, verb="noted", subject=hostile, service=avon)
    factories.baseline(avon, by=lead)
    avon.former_names.create(name="Avon County Music")
    factories.seat(avon, person("inclusion_lead"), by=person("team"))
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
    files = {"logo.png": PNG, before["evidence"][0]["content"]: PDF}

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

    with django_assert_num_queries(38):
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


def address(service):
    return f"/services/{service.slug}/everything/"


def packaged(service, by):
    """A package that the worker has made for somebody."""
    paper = asking.ask(service=service, by=by)
    ready = {"state": "ready", "content": b"PK", "finished_at": timezone.now()}
    Paper.objects.filter(pk=paper.pk).update(**ready)
    return f"/papers/{paper.pk}/"


def unpacked(content):
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("scan", ["waiting", "refused"])
def test_a_file_that_is_not_known_to_be_clean_is_left_out(lived, scan):
    Evidence.objects.update(scan=scan)

    names = [name for name, _ in package.files(lived)]

    assert [name for name in names if name.startswith("evidence/")] == []
    assert [row["scan"] for row in read(lived)["evidence"]] == [scan]


def test_a_lead_takes_everything_away(lived, sign_in, worker):
    browser = sign_in("lead")

    asked = browser.post(address(lived))
    worker()
    page = browser.get(asked.url)
    taken = browser.get(f"{asked.url}file/")

    files = unpacked(taken.content)
    assert "Download (Zip)" in page.text
    assert taken.headers["Content-Type"] == "application/zip"
    assert comparable(json.loads(files["everything.json"])) == comparable(read(lived))
    assert [name for name in files if name.startswith("evidence/")] == [
        json.loads(files["everything.json"])["evidence"][0]["content"]
    ]
    assert files["logo.png"] == PNG
    plan, audit = lived.action_plans.get(), lived.audits.get()
    year = audit.year_name.replace("/", "")
    assert {name for name in files if name.startswith(("tables/", "papers/"))} == {
        f"tables/plan-{year}-{plan.pk}.csv",
        f"tables/plan-{year}-{plan.pk}.xlsx",
        f"papers/plan-{year}-{plan.pk}.pdf",
        f"tables/self-assessment-{year}-{audit.pk}-agreed.csv",
        f"tables/self-assessment-{year}-{audit.pk}-agreed.xlsx",
        f"papers/self-assessment-{year}-{audit.pk}-report.pdf",
    }
    assert lived.activity.filter(verb="took_everything").count() == 1


def test_a_package_is_its_askers_own(lived, sign_in, person):
    made = packaged(lived, person("lead"))
    other = factories.user("second lead")
    factories.membership(other, lived, "lead")
    browser = sign_in("visitor")
    browser.force_login(other)

    answers = [browser.get(made).status_code, browser.get(f"{made}file/").status_code]

    assert sign_in("lead").get(f"{made}file/").content == b"PK"
    assert answers == [404, 404]


def test_nobody_but_a_lead_may_ask(lived, sign_in):
    answers = {
        name: sign_in(name).post(address(lived)).status_code
        for name in ("inclusion_lead", "group_member", "board_viewer", "team", "outsider")
    }

    assert answers == {
        "inclusion_lead": 403,
        "group_member": 403,
        "board_viewer": 403,
        "team": 403,
        "outsider": 404,
    }
    assert Paper.objects.count() == 0


def test_asking_twice_makes_one(lived, sign_in):
    browser = sign_in("lead")

    first, second = browser.post(address(lived)), browser.post(address(lived))

    assert first.url == second.url
    assert Paper.objects.count() == 1


def test_a_newer_package_takes_the_place_of_an_older(lived, person):
    packaged(lived, person("lead"))
    newer = packaged(lived, person("lead"))
    other = packaged(lived, person("inclusion_lead"))

    asking.make_room(asking.of(lived, person("lead")).first())

    assert {f"/papers/{paper.pk}/" for paper in Paper.objects.all()} == {newer, other}


def test_a_package_is_gone_after_a_week(lived, person):
    packaged(lived, person("lead"))
    Paper.objects.update(requested_at=timezone.now() - asking.KEPT - dt.timedelta(hours=1))
    packaged(lived, person("inclusion_lead"))

    asking.forget_old()

    assert [paper.requested_by for paper in Paper.objects.all()] == [person("inclusion_lead")]


def test_a_package_tells_no_totals_that_were_hidden_since(lived, sign_in, person):
    made = packaged(lived, person("lead"))
    audit = lived.audits.get()
    audit.totals_shown_at = audit.totals_shown_by = None
    audit.closed_at = audit.closed_by = None
    audit.save()

    taken = sign_in("lead").get(f"{made}file/", follow=True)

    assert taken.redirect_chain == [(made, 302), (f"/plans/of/{lived.slug}/", 302)]


def test_the_talk_is_in_it_only_as_far_as_its_page_shows(lived, questionnaire, person):
    lead = person("lead")
    talking = factories.audit(lived, questionnaire, by=lead, year=2020, privacy="named")
    factories.heard(talking, "tutor", *[{"A1.1": level} for level in (0, 4)])
    factories.open_talk(talking, lead)

    few = dict(package.of_audit(talking))

    assert few == {}
