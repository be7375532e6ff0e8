"""Bringing a table into a plan: read by the worker, matched, taken in whole or not at all."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from actionplans.models import (
    ActionPlan,
    Milestone,
    PlanState,
    PlanUpload,
    ProgressNote,
    Target,
)
from actionplans.states import PlanStateError
from actionplans.tables import upload_tasks, uploads
from actionplans.tables.matching import Match
from portal.models import Activity, Verb
from selfassessment.models import PlanArea, UploadState
from selfassessment.sheets import tables as sheet_tables
from tests import factories
from tests.actionplans import tables

HEADS = ["Plan area", "Objective", "Success criteria", "Lead", "By when"]
ROWS = [
    HEADS,
    ["Workforce", "Pay tutors for their time", "80% are paid", "Head of service", "31/3/27"],
    ["Youth voice", "Set up a group", "8 members", "Youth lead", "ongoing"],
]


@pytest.fixture
def draft(avon, person):
    """Avon's plan for 2026/27, a draft without targets."""
    return factories.plan(avon, person("lead"), year=2026)


def file(data, name="Our plan.xlsx"):
    stream = BytesIO(data)
    stream.name = name
    return stream


def bring_in(browser, plan, **fields):
    return browser.post(reverse("plan_import", args=[plan.pk]), fields)


def at(upload, what=""):
    return reverse(f"plan_upload{what}", args=[upload.pk])


def take_in(browser, upload, **fields):
    page = browser.get(at(upload))
    shown = page.context["reading"].name
    return browser.post(at(upload, "_take_in"), {"shown": shown, **fields}, follow=True)


def notes(answer):
    return [
        " ".join(re.sub(r"<[^>]+>", "", one).split())
        for one in re.findall(r'<p class="note (?:good|bad|warm)">.*?</p>', answer.text, re.DOTALL)
    ]


def everything():
    """All that taking in would change."""
    return (
        list(Target.objects.order_by("pk").values()),
        list(Milestone.objects.values()),
        list(ProgressNote.objects.values()),
        list(PlanUpload.objects.values_list("pk", "state", "table")),
    )


# Bringing in


def test_a_workbook_is_read_by_the_worker_and_becomes_targets(sign_in, draft, worker, person):
    browser = sign_in("lead")

    asked = bring_in(browser, draft, file=file(tables.workbook(*ROWS)))
    upload = PlanUpload.objects.get()
    waiting = browser.get(at(upload)).text
    jobs = list(ProcrastinateJob.objects.values_list("task_name", flat=True))
    worker()
    upload.refresh_from_db()
    answer = take_in(browser, upload)

    assert asked.url == at(upload)
    assert jobs == [uploads.READ]
    assert "0 of 1 read" in waiting
    assert (upload.state, upload.content) == (UploadState.READY, None)
    assert notes(answer) == ["Taken in: 2 targets are in the plan now."]
    assert [
        (one.reference, one.title, one.measure, one.role, one.due_on, one.no_date_reason)
        for one in Target.objects.in_order()
    ] == [
        (
            *("WD-1", "Pay tutors for their time", "80% are paid", "Head of service"),
            *(dt.date(2027, 3, 31), ""),
        ),
        ("YV-1", "Set up a group", "8 members", "Youth lead", None, "ongoing"),
    ]
    assert {one.changed_by for one in Target.objects.all()} == {person("lead")}
    activity = Activity.objects.get(verb=Verb.IMPORTED)
    assert str(activity.subject) == "2 targets into Action plan 2026/27"


def test_a_pasted_table_is_read_the_same(sign_in, draft, worker):
    browser = sign_in("inclusion_lead")
    pasted = "\n".join("\t".join(row) for row in ROWS)

    bring_in(browser, draft, pasted=pasted)
    worker()
    upload = PlanUpload.objects.get()
    take_in(browser, upload)

    assert str(upload) == "Pasted table"
    assert [one.reference for one in Target.objects.in_order()] == ["WD-1", "YV-1"]


def test_a_pasted_quotation_mark_is_just_that(sign_in, draft, worker):
    pasted = 'Plan area\tObjective\nWorkforce\t"Kind" rooms\nWorkforce\tA 5" drum'

    bring_in(sign_in("lead"), draft, pasted=pasted)
    worker()
    take_in(sign_in("lead"), PlanUpload.objects.get())

    assert [one.title for one in Target.objects.in_order()] == ['"Kind" rooms', 'A 5" drum']


def test_nothing_of_a_file_is_kept_once_it_is_taken_in(sign_in, draft, worker):
    browser = sign_in("lead")
    bring_in(browser, draft, file=file(tables.workbook(*ROWS)))
    before = bytes(PlanUpload.objects.get().content)
    worker()
    upload = PlanUpload.objects.get()
    take_in(browser, upload)
    upload.refresh_from_db()

    assert before.startswith(b"PK")
    assert (upload.state, upload.content, upload.table, upload.matched) == (
        *(UploadState.TAKEN_IN, None),
        *({}, {}),
    )


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Choose a file, or paste a table below."),
        ({"pasted": "  \n "}, "Choose a file, or paste a table below."),
        ({"file": b""}, "This file is empty. Choose another."),
        ({"file": b"a" * 2_000_001}, "Choose a file of at most 2 MB."),
        ({"file": b"a,b", "pasted": "a"}, "Choose a file or paste a table, not both."),
    ],
)
def test_what_cannot_be_brought_in_is_said_and_kept(sign_in, draft, fields, error):
    sent = {name: file(one, "x.csv") if name == "file" else one for name, one in fields.items()}

    answer = bring_in(sign_in("lead"), draft, **sent)

    assert answer.status_code == 422
    assert error in answer.text
    assert not PlanUpload.objects.exists()


def test_a_refused_paste_is_still_there(sign_in, draft):
    ActionPlan.objects.filter(pk=draft.pk).update(
        state=PlanState.CLOSED,
        approver="Board",
        approved_on=timezone.localdate(),
        approved_at=timezone.now(),
        approved_by=draft.started_by,
        closed_at=timezone.now(),
        closed_by=draft.started_by,
    )

    answer = bring_in(sign_in("lead"), draft, pasted="What we want")

    assert answer.status_code == 409
    assert "This plan is closed: nobody can write targets in it now." in answer.text
    assert "What we want</textarea>" in answer.text
    assert not PlanUpload.objects.exists()


# Files that are not read


def zipped(**members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_member(name, data):
    out = BytesIO(tables.workbook(*ROWS))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (with_member("xl/vbaProject.bin", b"macro"), "The workbook holds macros."),
        (zipped(**{"xl/workbook.xml": b"<" + b" " * 30_000_000}), "unpacks to too much"),
        (with_member("xl/x.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]>"), "definitions of its own"),
        (zipped(a="b"), "This is not an .xlsx workbook."),
        (tables.workbook(*ROWS)[:2_000], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "an old .xls file"),
        (b"%PDF-1.7", "A CSV file or an .xlsx workbook."),
        (b" \n \n", "this one is empty"),
        (tables.workbook(["", ""]), "this one is empty"),
        (tables.workbook(*[["a"]] * 201), "has more than 200 rows"),
        (tables.workbook(["a"] * 41), "has more than 40 columns"),
        (b"\n".join([b"a,b"] * 202), "At most 200 rows under the headings."),
        (",".join("a" * 41).encode(), "At most 40 columns."),
        (b'"a,b\nc', "Quotation marks in pairs."),
        (tables.workbook(*[["b" * 31_000] * 10] * 1), "at most 300,000 characters"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_would_do(sign_in, draft, worker, data, why):
    browser = sign_in("lead")

    bring_in(browser, draft, file=file(data))
    worker()
    upload = PlanUpload.objects.get()
    page = browser.get(at(upload)).text

    assert (upload.state, upload.content, upload.table) == (UploadState.REFUSED, None, {})
    assert why in upload.trouble
    assert "Could not be read." in page
    assert browser.post(at(upload, "_take_in")).url == reverse("plan", args=[draft.pk])
    assert not Target.objects.exists()


def test_a_failure_of_ours_is_told_after_the_last_try(draft, person, monkeypatch, worker):
    upload = uploads.add(plan=draft, content=b"a,b", file_name="x.csv", by=person("lead"))

    def breaks(data):
        raise ZeroDivisionError

    monkeypatch.setattr(upload_tasks.kept, "read", breaks)
    job = ProcrastinateJob.objects.get()
    context = type("Context", (), {"job": type("Job", (), {"attempts": 2})})

    with pytest.raises(ZeroDivisionError):
        upload_tasks.read_plan_upload.func(context, upload_id=upload.pk)

    upload.refresh_from_db()
    assert job.args == {"upload_id": upload.pk}
    assert (upload.state, upload.content) == (UploadState.REFUSED, None)
    assert upload.trouble == "Something went wrong on our side. Choose the file again."


# Matching


def test_columns_are_matched_as_the_person_says(sign_in, draft, person):
    rows = [["Thing", "Colour"], ["Pay tutors", "Blue"]]
    upload = factories.plan_upload(draft, person("lead"), rows)
    browser = sign_in("lead")

    browser.post(at(upload, "_match"), {"c0": "title", "c1": "measure", "area": PlanArea.WORKFORCE})
    page = browser.get(at(upload))

    [line] = page.context["lines"]
    assert (line.reference, line.title, list(line.fields)) == (
        *("WD-1", "Pay tutors"),
        [("How we will know", "Blue")],
    )


def test_another_row_of_headings_is_looked_at_anew(sign_in, draft, person):
    rows = [["Pay tutors", "July"], ["Objective", "By when"], ["Train", "March"]]
    upload = factories.plan_upload(draft, person("lead"), rows)
    browser = sign_in("lead")

    browser.post(at(upload, "_match"), {"sheet": "0", "header": "-1"})

    upload.refresh_from_db()
    assert Match.of_json(upload.matched).header == -1
    assert browser.get(at(upload)).context["columns"].names == {0: "Column A", 1: "Column B"}


def test_another_sheet_is_looked_at_anew(sign_in, draft, worker):
    book = tables.load(tables.workbook(*ROWS))
    other = book.create_sheet("Old plan")
    other.append(["Action", "Who"])
    other.append(["Ask tutors", "HR"])
    browser = sign_in("lead")
    bring_in(browser, draft, file=file(tables.saved(book)))
    worker()
    upload = PlanUpload.objects.get()

    browser.post(at(upload, "_match"), {"sheet": "1", "header": "0"})

    page = browser.get(at(upload))
    assert [line.title for line in page.context["lines"]] == ["Ask tutors"]
    assert "Not in this one: Plan." in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"sheet": "7", "header": "0"},
        {"sheet": "0", "header": "99"},
        {"c0": "owner_id", "c1": "title", "area": ""},
        {"c0": "title", "c1": "title", "area": "Elsewhere"},
        {},
    ],
)
def test_a_matching_that_cannot_be_is_refused(sign_in, draft, person, wrong):
    upload = factories.plan_upload(draft, person("lead"))
    before = everything(), upload.matched

    answer = sign_in("lead").post(at(upload, "_match"), wrong)

    upload.refresh_from_db()
    assert answer.status_code == 422
    assert (everything(), upload.matched) == before


def test_a_target_is_left_out_and_put_back(sign_in, draft, person):
    upload = factories.plan_upload(draft, person("lead"), ROWS)
    browser = sign_in("lead")

    browser.post(at(upload, "_match"), {"out": "2"})
    without = browser.get(at(upload)).context
    browser.post(at(upload, "_match"), {"back": "2"})
    again = browser.get(at(upload)).context

    assert [one.title for one in without["lines"]] == ["Pay tutors for their time"]
    assert [one.title for one in without["left_out"]] == ["Set up a group"]
    assert len(again["lines"]) == 2


def test_problems_are_shown_by_cell(sign_in, draft, person):
    rows = [HEADS, ["Workforce", "Pay", "", "Jo Bloggs", "Sept–March"]]
    upload = factories.plan_upload(draft, person("lead"), rows)

    page = sign_in("lead").get(at(upload)).text

    assert "D2" in page
    assert "Looks like a name. A role outlives a person: write the role." in page
    assert "Read as start 1 September 2026 and due 31 March 2027." in page


def test_a_member_by_that_name_sees_to_the_target(sign_in, draft, person):
    owner = person("group_member")
    rows = [HEADS, ["Workforce", "Pay", "", str(owner), "July"]]
    upload = factories.plan_upload(draft, person("lead"), rows)

    take_in(sign_in("lead"), upload)

    target = Target.objects.get()
    assert (target.owner, target.role) == (owner, str(owner))


def test_a_board_viewer_or_an_outsider_of_that_name_does_not(sign_in, draft, person):
    names = [str(person("board_viewer")), str(person("outsider"))]
    rows = [HEADS, *(["Workforce", f"Pay {name}", "", name, "July"] for name in names)]
    upload = factories.plan_upload(draft, person("lead"), rows)

    take_in(sign_in("lead"), upload)

    assert [target.owner for target in Target.objects.all()] == [None, None]


def test_statements_are_of_the_plans_self_assessment(sign_in, plan, person):
    rows = [["Objective", "Statements", "Plan area"], ["Pay", "A1.1, B1.2", "WD"]]
    upload = factories.plan_upload(plan, person("lead"), rows)

    take_in(sign_in("lead"), upload)

    target = Target.objects.get()
    assert [one.code for one in target.statements.all()] == ["A1.1", "B1.2"]
    assert target.approved_wording is None


# Taking in


def test_what_was_shown_is_what_is_taken_in(sign_in, draft, person):
    upload = factories.plan_upload(draft, person("lead"), ROWS)
    browser = sign_in("lead")
    shown = browser.get(at(upload)).context["reading"].name
    factories.target(draft, person("lead"))  # so that WD-1 is taken
    before = everything()

    answer = browser.post(at(upload, "_take_in"), {"shown": shown})

    assert answer.status_code == 409
    assert "what you were shown" not in answer.text
    assert "Nothing was taken in. Have another look below." in answer.text
    assert everything() == before
    assert [line.reference for line in answer.context["lines"]] == ["WD-2", "YV-1"]


def test_what_stops_a_table_stops_it_whatever_is_sent(sign_in, draft, person):
    rows = [["Objective", "Lead"], ["Be kind", "All"], ["Workforce pay", "HR"]]
    upload = factories.plan_upload(draft, person("lead"), rows)
    before = everything()

    answer = take_in(sign_in("lead"), upload)

    assert answer.status_code == 409
    assert "Choose a plan area for 1 target" in answer.text
    assert everything() == before


def test_a_second_click_takes_in_nothing_more(sign_in, draft, person):
    upload = factories.plan_upload(draft, person("lead"), ROWS)
    browser = sign_in("lead")
    shown = browser.get(at(upload)).context["reading"].name

    browser.post(at(upload, "_take_in"), {"shown": shown})
    again = browser.post(at(upload, "_take_in"), {"shown": shown}, follow=True)

    assert notes(again)[-1] == "This table is taken in already. Its targets are in the plan, once."
    assert Target.objects.count() == 2
    assert Activity.objects.filter(verb=Verb.IMPORTED).count() == 1
    assert browser.get(at(upload), follow=True).redirect_chain[-1][0] == draft.get_absolute_url()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_take_in_once(draft, person, at_once):
    lead = person("lead")
    upload = factories.plan_upload(draft, lead, ROWS)
    shown = uploads.read(upload, draft).name

    def click():
        return uploads.take_in(upload=upload, shown=shown, by=lead)

    done = at_once(click, click)

    assert sorted(map(str, done))[0] == "2"
    assert [type(one) for one in done if one != 2] == [uploads.TakenInAlreadyError]
    assert Target.objects.count() == 2


def test_a_table_is_taken_in_whole_or_not_at_all(draft, person, monkeypatch):
    upload = factories.plan_upload(draft, person("lead"), ROWS)
    shown = uploads.read(upload, draft).name
    before = everything()

    def breaks(**said):
        raise IntegrityError

    monkeypatch.setattr(uploads, "record", breaks)
    with pytest.raises(IntegrityError), transaction.atomic():
        uploads.take_in(upload=upload, shown=shown, by=person("lead"))

    assert everything() == before


def test_a_plan_closed_meanwhile_takes_nothing_in(sign_in, plan, person):
    upload = factories.plan_upload(plan, person("lead"), ROWS)
    browser = sign_in("lead")
    shown = browser.get(at(upload)).context["reading"].name
    ActionPlan.objects.filter(pk=plan.pk).update(
        state=PlanState.CLOSED, closed_at=timezone.now(), closed_by=person("lead")
    )
    before = everything()

    answer = browser.post(at(upload, "_take_in"), {"shown": shown}, follow=True)
    page = browser.get(at(upload)).text
    matched = browser.post(at(upload, "_match"), {"out": "1"}, follow=True)

    refusal = "Not done. This plan is closed: nobody can write targets in it now."
    assert notes(answer) == notes(matched) == [refusal]
    assert "nothing can be taken in" in page
    assert "Take in 2 targets" not in page
    assert everything() == before


def test_a_plan_approved_meanwhile_takes_targets_added_after_approval(sign_in, draft, person):
    upload = factories.plan_upload(draft, person("lead"), ROWS)
    ActionPlan.objects.filter(pk=draft.pk).update(
        state=PlanState.APPROVED,
        approver="Board",
        approved_on=timezone.localdate(),
        approved_at=timezone.now(),
        approved_by=person("lead"),
    )

    take_in(sign_in("lead"), upload)

    assert [one.approved_wording for one in Target.objects.all()] == [None, None]


def test_the_action_checks_the_plan_by_itself(plan, person):
    upload = factories.plan_upload(plan, person("lead"), ROWS)
    shown = uploads.read(upload, plan).name
    ActionPlan.objects.filter(pk=plan.pk).update(
        state=PlanState.CLOSED, closed_at=timezone.now(), closed_by=person("lead")
    )
    before = everything()

    with pytest.raises(PlanStateError):
        uploads.take_in(upload=upload, shown=shown, by=person("lead"))

    assert everything() == before


def test_a_plan_discarded_meanwhile_takes_no_table(draft, person):
    gone = ActionPlan.objects.get(pk=draft.pk)
    gone.delete()

    with pytest.raises(PlanStateError, match="discarded meanwhile"):
        uploads.add(plan=draft, content=b"a", file_name="a.csv", by=person("lead"))

    assert (PlanUpload.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


def test_what_is_discarded_is_forgotten(sign_in, draft, person):
    upload = factories.plan_upload(draft, person("lead"), ROWS)
    browser = sign_in("lead")

    answer = browser.post(at(upload, "_discard"), follow=True)
    upload.refresh_from_db()

    assert notes(answer) == ["Discarded. Nothing of the file is kept."]
    assert (upload.state, upload.table, upload.file_name) == (UploadState.DISCARDED, {}, "–")
    assert not Target.objects.exists()


def test_what_was_never_taken_in_is_forgotten_after_a_month(draft, person):
    old = factories.plan_upload(
        draft, person("lead"), uploaded_at=timezone.now() - timedelta(days=31)
    )
    new = factories.plan_upload(draft, person("lead"))

    upload_tasks.forget_plan_uploads(0)

    assert list(PlanUpload.objects.standing()) == [new]
    old.refresh_from_db()
    assert (old.state, old.table) == (UploadState.DISCARDED, {})


# Who, and how it holds


def test_somebody_elses_table_is_not_there(sign_in, draft, person):
    upload = factories.plan_upload(draft, person("lead"), ROWS)
    browser = sign_in("outsider")
    before = everything()

    answers = [
        browser.get(at(upload)),
        *(browser.post(at(upload, what)) for what in ("_match", "_take_in", "_discard")),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    assert everything() == before


@pytest.mark.parametrize("who", ["group_member", "board_viewer"])
def test_who_does_not_lead_brings_nothing_in(sign_in, plan, person, who):
    upload = factories.plan_upload(plan, person("lead"), ROWS)
    before = everything()

    answers = [
        bring_in(sign_in(who), plan, pasted="a"),
        sign_in(who).post(at(upload, "_take_in"), {"shown": ""}),
    ]

    assert [one.status_code for one in answers] == [403, 403]
    assert everything() == before


def test_hostile_text_is_text_everywhere(sign_in, draft, person):
    rows = [
        ["Plan area", "Objective", *factories.HOSTILE],
        *(["Workforce", text, *factories.HOSTILE] for text in factories.HOSTILE),
    ]
    upload = factories.plan_upload(draft, person("lead"), rows)
    browser = sign_in("lead")

    page = browser.get(at(upload)).text
    take_in(browser, upload)

    assert "<b onmouseover" not in page
    assert "&lt;b onmouseover" in page
    wide = "W" * 300
    assert [one.title for one in Target.objects.order_by("number")] == [
        f"{wide[:199]}…" if text == wide else text for text in factories.HOSTILE
    ]


def test_the_page_asks_as_much_of_the_database_for_any_table(
    sign_in, draft, person, django_assert_num_queries
):
    lead = person("lead")
    small = factories.plan_upload(draft, lead, ROWS[:2])
    large = factories.plan_upload(draft, lead, [HEADS, *[ROWS[1]] * 60])
    browser = sign_in("lead")

    for upload in (small, large):
        with django_assert_num_queries(9):
            browser.get(at(upload))


def test_taking_in_asks_as_much_of_the_database_for_any_table(
    draft, person, django_assert_num_queries
):
    lead = person("lead")
    for rows in (ROWS[:2], [HEADS, *[ROWS[1]] * 60]):
        upload = factories.plan_upload(draft, lead, rows)
        shown = uploads.read(upload, draft).name
        with django_assert_num_queries(11):
            uploads.take_in(upload=upload, shown=shown, by=lead)


def test_the_example_is_read_by_itself(sign_in, draft, person, worker):
    browser = sign_in("lead")
    example = browser.get(f"{reverse('plan_import', args=[draft.pk])}?example")

    bring_in(browser, draft, file=file(example.content, "example.csv"))
    worker()
    answer = take_in(browser, PlanUpload.objects.get())

    assert example["Content-Disposition"] == 'attachment; filename="example-plan.csv"'
    assert notes(answer) == ["Taken in: 2 targets are in the plan now."]
    assert set(Target.objects.values_list("extra", flat=True)) == {""}


def test_limits_are_what_the_page_says():
    assert uploads.MOST_BYTES == sheet_tables.MOST_BYTES
    assert upload_tasks.kept.MOST_ROWS == 200
    assert upload_tasks.kept.MOST_COLUMNS == 40


def test_web_processes_do_not_load_the_task():
    script = (
        "import sys, django; django.setup(); import changingtracks.urls;"
        "sys.exit('actionplans.tables.upload_tasks' in sys.modules)"
    )

    run = subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR)

    assert run.returncode == 0
