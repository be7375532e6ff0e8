"""A plan as CSV and XLSX: whole, safe, and read again by an import without a word."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from actionplans import exports
from actionplans.models import Milestone, PlanUpload, ProgressNote, Target, TargetStatus
from actionplans.tables.columns import LABELS, Field
from actionplans.tables.kept import MOST_COLUMNS
from actionplans.tables.making import LONGEST
from portal.models import Topic
from selfassessment.models import PlanArea
from tests import factories

OWN = [field.name for field in Target._meta.fields]
# What an import sets anew, or cannot know
NOT_KEPT = {"id", "plan", "priority", "carried_from", "approved_wording", "version"}
NOT_KEPT |= {"changed_at", "changed_by"}


NOTE = ["noted_on", "text", "rag", "percent", "value", "young_people", "evidence", "evidence_url"]


@pytest.fixture
def full(plan, target, person):
    """A plan with a target that says everything, one done, one dropped and one not acted on."""
    lead = person("lead")
    for field in ("detail", "resources", "funding", "why", "helpers", "barriers"):
        setattr(target, field, f"The {field}, “quoted”; with a £ and a – dash")
    target.title = "=Pay tutors’ time"
    target.steps = "- Ask for dates\n- Pay, for the time"
    target.extra = "Colour: Blue\nSept–March"
    target.cost, target.aim_level = Decimal("1500.50"), 3
    target.heard = ["equitable", "diverse"]
    target.owner = person("group_member")
    target.save()
    target.topics.add(Topic.objects.create(name="Cŵn & drums", slug="cwn"), Topic.objects.first())
    today = timezone.localdate()
    Milestone.objects.create(target=target, text="Dates agreed", due_on=today, done_on=today)
    Milestone.objects.create(target=target, text="First (small) meeting", order=1)
    Milestone.objects.create(target=target, text="Last one", due_on=plan.ends_on, order=2)
    factories.note(target, lead, "Older.", noted_on=today - dt.timedelta(days=9))
    factories.note(
        target,
        lead,
        "+ Two groups\nhave met",
        rag="amber",
        percent=40,
        value=Decimal("32.5"),
        young_people="They said so",
        evidence="Minutes",
        evidence_url="https://example.org/minutes",
    )
    done = {"status": TargetStatus.DONE, "ended_on": today, "ended_reason": "All met."}
    factories.target(plan, lead, "Report back", PlanArea.YOUNG_VOICE, **done)
    dropped = {"status": TargetStatus.DROPPED, "ended_on": today, "ended_reason": "No money."}
    factories.target(plan, lead, "Buy drums", PlanArea.PROGRAMMING, **dropped)
    factories.target(
        plan,
        lead,
        "Move house",
        PlanArea.LEADERSHIP,
        no_action_reason="It is not ours to do.",
        no_date_reason="each term",
        no_owner_reason="Nobody yet",
    )
    return plan


def address(plan, kind):
    return reverse(f"plan_{kind}", args=[plan.pk])


def said(plan):
    """Everything that goes out and comes in again, by reference."""
    return {
        one.reference: {
            **{name: getattr(one, name) for name in OWN if name not in NOT_KEPT},
            "statements": sorted(s.code for s in one.statements.all()),
            "topics": sorted(t.name for t in one.topics.all()),
            "milestones": [(m.text, m.due_on, m.done_on) for m in one.milestones.all()],
            "note": [{name: getattr(n, name) for name in NOTE} for n in one.notes.all()[:1]],
        }
        for one in plan.targets.with_parts()
    }


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_by_itself(sign_in, full, person, worker, kind):
    browser = sign_in("lead")
    content = browser.get(address(full, kind)).content
    before = said(full)
    full.targets.all().delete()

    stream = BytesIO(content)
    stream.name = f"plan.{kind}"
    browser.post(reverse("plan_import", args=[full.pk]), {"file": stream})
    worker()
    upload = PlanUpload.objects.get()
    page = browser.get(upload.get_absolute_url())
    browser.post(
        reverse("plan_upload_take_in", args=[upload.pk]), {"shown": page.context["reading"].name}
    )

    columns = page.context["columns"]
    assert [columns[f"c{at}"].initial for at in range(len(exports.ORDER))] == exports.ORDER
    assert page.context["reading"].remarks == ()
    assert said(full) == before


def test_every_field_of_a_target_goes_out():
    known = {field.value for field in Field} | {"number"}  # in the reference

    assert set(OWN) - NOT_KEPT <= known
    assert set(exports.ORDER) == set(LABELS)
    assert {"title", "text", "evidence"} <= set(LONGEST)
    assert len(exports.ORDER) <= MOST_COLUMNS


def test_the_workbook_has_a_sheet_for_each_kind_of_thing(sign_in, full, target):
    target.measure = "90 tutors"
    target.save()
    added = factories.target(full, target.changed_by, "Later")
    Target.objects.filter(pk=added.pk).update(approved_wording=None)

    content = sign_in("lead").get(address(full, "xlsx")).content

    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["Targets", "Milestones", "Progress notes", "Changes"]
    assert [sheet.max_row - 1 for sheet in book] == [5, 3, 2, 14]
    rows = [[cell.value for cell in row] for row in book["Changes"].iter_rows(min_row=2)]
    changes = [row for row in rows if row[2] == "How we will know"]
    assert changes == [
        [
            *("WD-1", "=Pay tutors’ time", "How we will know"),
            *("80 tutors take part, of 100", "90 tutors"),
        ]
    ]
    assert rows[-1] == ["WD-2", "Later", None, None, "Added after approval"]


def test_no_cell_starts_a_formula(sign_in, full):
    browser = sign_in("lead")

    lines = browser.get(address(full, "csv")).content.decode("utf-8-sig")
    book = load_workbook(BytesIO(browser.get(address(full, "xlsx")).content))

    assert "'=Pay tutors" in lines
    assert "\"'- Ask for dates" in lines
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_a_board_viewer_takes_an_approved_plan_and_no_draft(sign_in, plan, avon, person):
    draft = factories.plan(avon, person("lead"), year=2030)
    browser = sign_in("board_viewer")

    codes = [browser.get(address(one, "csv")).status_code for one in (plan, draft)]

    assert codes == [200, 404]


def test_the_file_is_named_for_its_service_and_period(sign_in, plan):
    answer = sign_in("lead").get(address(plan, "csv"))

    period = plan.period.replace("/", "-")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="avon-music-service-action-plan-{period}.csv"'
    )
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("kind", "queries"), [("csv", 11), ("xlsx", 11)])
def test_a_long_plan_asks_as_much_of_the_database(
    sign_in, plan, person, django_assert_num_queries, kind, queries
):
    browser, lead = sign_in("lead"), person("lead")
    for more in (1, 2):
        for _ in range(more):
            one = factories.target(plan, lead, statements="A1.1")
            factories.note(one, lead)
            Milestone.objects.create(target=one, text="A step")
        with django_assert_num_queries(queries):
            browser.get(address(plan, kind))

    assert ProgressNote.objects.count() == 3
