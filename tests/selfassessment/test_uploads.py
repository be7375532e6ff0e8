"""Bringing workbooks in: read by the worker, looked at, taken in whole or not at all."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.models import Activity, Verb
from selfassessment.models import (
    Privacy,
    Rating,
    Respondent,
    Response,
    RoleGroup,
    Source,
    Upload,
    UploadState,
    Via,
)
from selfassessment.sheets import upload_tasks, uploads
from selfassessment.sheets.found import Found, Row, Trouble
from tests import factories
from tests.selfassessment import sheets

PASSWORD = (
    "The workbook has a password, or is an old .xls file. Save it as .xlsx without a password, and "
    "choose that."
)
FILLED = {"A1_1": {"rating": "3 In place", "comment": "So it is."}, "A2_1": {"rating": "dk"}}


@pytest.fixture
def named(audit):
    audit.privacy = Privacy.NAMED
    audit.save(update_fields=["privacy"])
    return audit


@pytest.fixture
def anonymous(audit):
    audit.privacy = Privacy.ANONYMOUS
    audit.save(update_fields=["privacy"])
    return audit


def file(data, name="Jo Bloggs.xlsx"):
    stream = BytesIO(data)
    stream.name = name
    return stream


def page(audit, tail=""):
    return f"/self-assessments/{audit.pk}/uploads/{tail}"


def add(browser, audit, *files, **fields):
    return browser.post(
        page(audit, "add/"), {"workbooks": list(files), "role_group": "tutor", **fields}
    )


def add_own(browser, audit, data):
    """Bring in one's own, and give the page it is looked at on."""
    return browser.post(page(audit, "mine/"), {"file": file(data, "mine.xlsx")})


def take_in_all(browser, audit, **fields):
    ready = Upload.objects.ready().exclude(role_group="")
    groups = {f"u{one.pk}-role_group": one.role_group for one in ready}
    names = {f"u{one.pk}-name": one.name for one in ready}
    return browser.post(
        page(audit), {"how": "hand_in", "go": "take_in", **groups, **names, **fields}, follow=True
    )


def said_by(response):
    return {
        rating.statement.code: (rating.choice, rating.comment)
        for rating in response.ratings.select_related("statement")
    }


def notes(answer):
    return [
        " ".join(re.sub(r"<[^>]+>", "", one).split())
        for one in re.findall(r'<p class="note (?:good|bad|warm)">.*?</p>', answer.text, re.DOTALL)
    ]


def everything():
    """All that taking in would change."""
    return (
        list(Respondent.objects.values_list("pk", flat=True)),
        list(Rating.objects.order_by("pk").values()),
        list(Upload.objects.values_list("pk", "state")),
    )


# Many, for other people


def test_many_files_become_as_many_people(sign_in, named, worker, person):
    browser = sign_in("lead")
    one = sheets.filled(sheets.blank(named), **FILLED)
    other = sheets.filled(sheets.blank(named), B1_1={"rating": 0})

    asked = add(browser, named, file(one), file(other, "sam_o.xlsx"))
    jobs = list(ProcrastinateJob.objects.values_list("task_name", flat=True))
    worker()
    listed = browser.get(page(named)).text
    sam = Upload.objects.get(file_name="sam_o.xlsx")
    answer = take_in_all(browser, named, **{f"u{sam.pk}-role_group": "office"})

    assert asked.url == page(named)
    assert jobs == [uploads.READ] * 2
    assert listed.count("All read") == 2
    assert notes(answer) == ["2 files taken in and handed in."]
    people = Respondent.objects.filter(source=Source.WORKBOOK).order_by("pk")
    assert [(str(who), who.role_group, who.handed_in) for who in people] == [
        ("Jo Bloggs", "tutor", True),
        ("sam o", "office", True),
    ]
    assert [said_by(who.response) for who in people] == [
        {"A1.1": ("3", "So it is."), "A2.1": ("dk", "")},
        {"B1.1": ("0", "")},
    ]
    ratings = Rating.objects.filter(response__respondent__in=people)
    assert set(ratings.values_list("via", "saved_by")) == {(Via.IMPORT, person("lead").pk)}
    assert Activity.objects.filter(verb=Verb.IMPORTED).count() == 2


def test_nothing_of_a_file_is_kept_once_it_is_taken_in(sign_in, named, worker):
    browser = sign_in("lead")
    add(browser, named, file(sheets.filled(sheets.blank(named), **FILLED)))
    before = Upload.objects.get()
    worker()
    read = Upload.objects.get()
    take_in_all(browser, named)
    after = Upload.objects.get()

    assert bytes(before.content).startswith(b"PK")
    assert (read.content, read.state, bool(read.found)) == (None, UploadState.READY, True)
    assert (after.content, after.state, after.found) == (None, UploadState.TAKEN_IN, {})


def test_in_an_anonymous_one_nothing_joins_a_file_to_ratings(sign_in, anonymous, worker):
    browser = sign_in("lead")
    add(browser, anonymous, file(sheets.filled(sheets.blank(anonymous), **FILLED)))
    worker()
    name = Upload.objects.get().name

    answer = take_in_all(browser, anonymous)

    response = Response.objects.get(respondent=None)
    who = Respondent.objects.get(source=Source.WORKBOOK)
    assert notes(answer) == ["1 file taken in and handed in."]
    assert (name, who.name, who.handed_in, Upload.objects.count()) == ("", "", True, 0)
    assert said_by(response) == {"A1.1": ("3", "So it is."), "A2.1": ("dk", "")}
    rows = response.ratings.values_list("saved_by", "saved_at", "page", "via")
    assert set(rows) == {(None, anonymous.started_at, "", Via.LINK)}


def test_many_at_once_leave_nothing_that_joins_them(sign_in, anonymous, person):
    pks = [one.pk for one in anonymous.statements()]
    for level in range(4):
        found = Found({pks[0]: Row({"rating": str(level)}, {})})
        factories.upload(anonymous, by=person("lead"), found=found.as_json())

    answer = take_in_all(sign_in("lead"), anonymous)

    assert notes(answer) == ["4 files taken in and handed in."]
    unnamed = Response.objects.filter(respondent=None)
    assert sorted(one.ratings.get().value for one in unnamed) == [0, 1, 2, 3]
    assert Response.objects.filter(respondent__source=Source.WORKBOOK).count() == 0
    assert Respondent.objects.filter(source=Source.WORKBOOK, handed_in=True).count() == 4
    assert (Upload.objects.count(), Rating.pgh_event_model.objects.count()) == (0, 0)


def test_one_that_says_nothing_of_what_is_asked_holds_up_no_other(avon, person, sign_in):
    draft = factories.draft()
    draft.statements.filter(code="A1.1").update(plain_text="We hear you.")
    edition = factories.publish(draft, by=person("team"))
    lead = person("lead")
    audit = factories.audit(avon, edition, by=lead, privacy=Privacy.NAMED)
    pk = audit.statements().get(code="B1.1").pk
    other = Found({pk: Row({"rating": "1"}, {})})
    factories.upload(audit, by=lead, role_group="young", found=other.as_json())
    factories.upload(audit, by=lead, role_group="young", file_name="good.xlsx")

    answer = take_in_all(sign_in("lead"), audit)

    assert notes(answer) == [
        "Not done. Jo Bloggs.xlsx: It rates nothing that this role group is asked.",
        "1 file taken in and handed in.",
    ]
    assert Respondent.objects.filter(source=Source.WORKBOOK).count() == 1


def test_kept_open_it_has_a_personal_link(sign_in, named, worker):
    browser = sign_in("lead")
    add(browser, named, file(sheets.filled(sheets.blank(named), **FILLED)))
    worker()
    upload = Upload.objects.get()

    answer = browser.post(
        page(named, f"{upload.pk}/take-in/"),
        {f"u{upload.pk}-role_group": "council", "how": "keep_open"},
        follow=True,
    )

    who = Respondent.objects.get(source=Source.WORKBOOK)
    assert (who.role_group, who.handed_in, who.response.is_open) == ("council", False, True)
    assert f"http://testserver/r/{who.token}/" in answer.text


def test_anonymous_no_lead_holds_the_link_of_somebody_who_still_rates(sign_in, anonymous, worker):
    browser = sign_in("lead")
    add(browser, anonymous, file(sheets.filled(sheets.blank(anonymous), **FILLED)))
    worker()
    upload = Upload.objects.get()
    offered = browser.get(page(anonymous, f"{upload.pk}/")).text

    answer = browser.post(
        page(anonymous, f"{upload.pk}/take-in/"),
        {f"u{upload.pk}-role_group": "council", "how": "keep_open"},
        follow=True,
    )

    who = Respondent.objects.get(source=Source.WORKBOOK)
    assert "keep_open" not in offered
    assert (who.handed_in, hasattr(who, "response")) == (True, False)
    assert who.token not in answer.text
    assert Upload.objects.count() == 0


def test_only_what_is_clean_is_taken_in_at_once(sign_in, named, person):
    lead = person("lead")
    codes = {one.code: one.pk for one in named.statements()}
    factories.upload(named, by=lead, file_name="clean.xlsx")
    for name, found in {
        "cell.xlsx": Found({codes["A1.2"]: Row({"rating": "1"}, {})}, [Trouble("a", "b", "c")]),
        "old.xlsx": Found({codes["A1.2"]: Row({"rating": "2"}, {})}, other_edition="Older"),
        "more.xlsx": Found({codes["A1.2"]: Row({"rating": "3"}, {})}, left_out=["X1"]),
        "why.xlsx": Found({codes["A1.2"]: Row({"rating": "na"}, {})}),
        "empty.xlsx": Found({codes["A1.2"]: Row({"rating": ""}, {})}),
        "words.xlsx": Found({codes["A1.2"]: Row({"comment": "Only words."}, {})}),
        "twin.xlsx": Found({codes["B1.1"]: Row({"rating": "4"}, {})}),
        "other twin.xlsx": Found({codes["B1.1"]: Row({"rating": "4"}, {})}),
    }.items():
        factories.upload(named, by=lead, file_name=name, found=found.as_json())

    answer = take_in_all(sign_in("lead"), named)

    assert notes(answer) == ["1 file taken in and handed in."]
    assert [one.file_name for one in Upload.objects.filter(state=UploadState.TAKEN_IN)] == [
        "clean.xlsx"
    ]


def test_a_file_with_trouble_is_taken_in_by_itself_without_what_is_unread(sign_in, named, person):
    pk = named.statements()[0].pk
    trouble = Trouble("Ratings, F5", "perhaps", "0 Not started, or nothing.", "A1.2")
    found = Found({pk: Row({"rating": "1"}, {})}, [trouble])
    upload = factories.upload(named, by=person("lead"), found=found.as_json())
    browser = sign_in("lead")

    seen = browser.get(page(named, f"{upload.pk}/")).text
    answer = browser.post(
        page(named, f"{upload.pk}/take-in/"),
        {f"u{upload.pk}-role_group": "tutor", f"u{upload.pk}-name": "Jo", "how": "hand_in"},
    )

    for text in ("Ratings, F5", "A1.2", "perhaps", "0 Not started, or nothing."):
        assert f">{text}<" in seen
    assert answer.url == page(named)
    assert said_by(Respondent.objects.get(name="Jo").response) == {"A1.1": ("1", "")}


def test_each_file_that_is_refused_says_why_and_holds_up_no_other(sign_in, named, worker):
    browser = sign_in("lead")
    good = sheets.filled(sheets.blank(named), **FILLED)

    add(
        browser,
        named,
        file(b"", "nothing.xlsx"),
        file(b"x" * 5_000_001, "large.xlsx"),
        file(b"code,rating\n", "table.xlsx"),
        file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "secret.xlsx"),
        file(good, "good.xlsx"),
    )
    worker()

    assert list(Upload.objects.values_list("file_name", "state", "trouble", "content")) == [
        ("nothing.xlsx", "refused", "This file is empty.", None),
        ("large.xlsx", "refused", "This file has more than 5 MB.", None),
        ("table.xlsx", "refused", "This is not an .xlsx workbook.", None),
        (
            "secret.xlsx",
            "refused",
            PASSWORD,
            None,
        ),
        ("good.xlsx", "ready", "", None),
    ]
    text = browser.get(page(named)).text
    assert text.count("Remove<") == 4
    assert "This file has more than 5 MB." in text


def test_more_than_fifty_at_once_are_refused(sign_in, named):
    answer = add(sign_in("lead"), named, *[file(b"x", f"{n}.xlsx") for n in range(51)])

    assert answer.status_code == 422
    assert "Choose at most 50 files at once; these are 51." in answer.text
    assert Upload.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"workbooks": []}, "Choose one workbook or more."),
        ({"role_group": ""}, "Choose the role group of whoever filled them in."),
        ({"role_group": "others"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_said(sign_in, named, fields, says):
    answer = add(sign_in("lead"), named, file(b"x"), **fields)

    assert (answer.status_code, Upload.objects.count()) == (422, 0)
    assert says in answer.text


def test_nobody_comes_in_before_it_is_said_who_sees_what(sign_in, audit):
    browser = sign_in("lead")

    shown = browser.get(page(audit, "add/")).text
    answer = add(browser, audit, file(b"x"))

    assert f'href="/self-assessments/{audit.pk}/people/privacy/"' in shown
    assert (answer.status_code, Upload.objects.count()) == (422, 0)


def test_after_the_talk_opened_a_file_stays_and_is_not_taken_in(sign_in, named, person):
    upload = factories.upload(named, by=person("lead"))
    factories.open_talk(named, by=person("lead"))
    before = everything()
    browser = sign_in("lead")

    answers = [
        browser.post(
            page(named, f"{upload.pk}/take-in/"),
            {f"u{upload.pk}-role_group": "tutor", "how": "hand_in"},
        ),
        take_in_all(browser, named),
        add(browser, named, file(b"x")),
    ]

    assert [answer.status_code for answer in answers] == [409, 200, 422]
    assert "The talk has begun" in answers[0].text
    assert everything() == before


def test_not_applicable_without_a_word_why_is_not_handed_in(sign_in, named, person):
    found = Found({named.statements()[0].pk: Row({"rating": "na"}, {})})
    upload = factories.upload(named, by=person("lead"), found=found.as_json())
    before = everything()

    answer = sign_in("lead").post(
        page(named, f"{upload.pk}/take-in/"),
        {f"u{upload.pk}-role_group": "tutor", f"u{upload.pk}-name": "", "how": "hand_in"},
    )

    assert answer.status_code == 409
    assert "Say why “not applicable” fits, then hand in: A1.1." in answer.text
    assert everything() == before


def test_young_people_are_heard_on_what_they_are_asked(avon, person):
    draft = factories.draft()
    draft.statements.filter(code__in=["A1.1", "B1.1"]).update(plain_text="We hear you.")
    edition = factories.publish(draft, by=person("team"))
    lead = person("lead")
    audit = factories.audit(avon, edition, by=lead, privacy=Privacy.NAMED)
    found = Found({one.pk: Row({"rating": "2"}, {}) for one in audit.statements()})
    upload = factories.upload(audit, by=lead, role_group="young", found=found.as_json())

    uploads.take_in(upload=upload, hands_in=True, by=lead)

    response = Response.objects.get(role_group=RoleGroup.YOUNG)
    assert said_by(response) == {"A1.1": ("2", ""), "B1.1": ("2", "")}


def test_names_and_role_groups_are_kept(sign_in, named, person):
    upload = factories.upload(named, by=person("lead"))

    answer = sign_in("lead").post(
        page(named),
        {
            "how": "hand_in",
            "go": "save",
            f"u{upload.pk}-role_group": "trustee",
            f"u{upload.pk}-name": "  Sam ",
        },
        follow=True,
    )

    upload.refresh_from_db()
    assert notes(answer) == ["Saved."]
    assert (upload.role_group, upload.name, upload.state) == ("trustee", "Sam", "ready")


def test_a_role_group_that_does_not_exist_changes_nothing(sign_in, named, person):
    upload = factories.upload(named, by=person("lead"))
    before = everything()

    answer = take_in_all(sign_in("lead"), named, **{f"u{upload.pk}-role_group": "boss"})

    assert answer.status_code == 422
    assert everything() == before


@pytest.mark.parametrize("name", ["inclusion_lead", "group_member"])
def test_only_who_brought_it_in_sees_it(sign_in, named, person, name):
    upload = factories.upload(named, by=person("lead"))
    browser = sign_in(name)

    answers = [
        browser.get(page(named, f"{upload.pk}/")),
        browser.post(page(named, f"{upload.pk}/take-in/"), {"how": "hand_in"}),
        browser.post(page(named, f"{upload.pk}/discard/")),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "Jo Bloggs" not in browser.get(page(named)).text
    assert Upload.objects.get().state == UploadState.READY


def test_group_members_bring_in_nobody_else(sign_in, named, person):
    factories.join(named, person("group_member"))
    browser = sign_in("group_member")

    answers = [
        browser.get(page(named, "add/")),
        add(browser, named, file(b"x")),
        browser.post(page(named), {"how": "hand_in", "go": "take_in"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Upload.objects.count() == 0


def test_taken_in_twice_it_is_there_once(sign_in, named, person):
    upload = factories.upload(named, by=person("lead"))
    data = {f"u{upload.pk}-role_group": "tutor", f"u{upload.pk}-name": "", "how": "hand_in"}
    browser = sign_in("lead")

    browser.post(page(named, f"{upload.pk}/take-in/"), data)
    again = browser.post(page(named, f"{upload.pk}/take-in/"), data)

    assert again.status_code == 409
    assert Respondent.objects.filter(source=Source.WORKBOOK).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_person(named, person, at_once):
    upload, lead = factories.upload(named, by=person("lead")), person("lead")

    outcomes = at_once(
        *[lambda: uploads.take_in(upload=upload, hands_in=True, by=lead) for _ in range(3)]
    )

    assert sum(isinstance(one, uploads.UploadGoneError) for one in outcomes) == 2
    assert Respondent.objects.filter(source=Source.WORKBOOK).count() == 1


def test_discarding_leaves_nothing(sign_in, named, person):
    waiting = factories.upload(
        named, by=person("lead"), state=UploadState.WAITING, content=b"x", found={}
    )
    ready = factories.upload(named, by=person("lead"), name="Jo")
    browser = sign_in("lead")

    for one in (waiting, ready):
        browser.post(page(named, f"{one.pk}/discard/"))
    upload_tasks.read(waiting.pk)

    left = Upload.objects.values_list("state", "file_name", "name", "found", "content")
    assert set(map(repr, left)) == {repr(("discarded", "–", "", {}, None))}
    assert browser.get(page(named, f"{ready.pk}/")).status_code == 404


def test_what_was_taken_in_is_not_discarded(sign_in, named, person):
    upload = factories.upload(named, by=person("lead"), state=UploadState.TAKEN_IN, found={})

    answer = sign_in("lead").post(page(named, f"{upload.pk}/discard/"), follow=True)

    assert notes(answer) == [
        "Not done. This file was taken in or discarded already. Nothing was changed."
    ]
    assert Upload.objects.get().state == UploadState.TAKEN_IN


def test_what_nobody_took_in_is_forgotten_after_a_month(named, person):
    old = factories.upload(named, by=person("lead"))
    new = factories.upload(named, by=person("lead"))
    long_ago = timezone.now() - uploads.KEPT - timedelta(hours=1)
    Upload.objects.filter(pk=old.pk).update(uploaded_at=long_ago)

    upload_tasks.forget_uploads(0)

    states = dict(Upload.objects.values_list("pk", "state"))
    assert states == {old.pk: UploadState.DISCARDED, new.pk: UploadState.READY}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    sign_in, named, person, count, django_assert_num_queries
):
    for number in range(count):
        factories.upload(named, by=person("lead"), file_name=f"{number}.xlsx")
    browser = sign_in("lead")

    with django_assert_num_queries(6):
        text = browser.get(page(named)).text

    assert text.count(".xlsx</a></h3>") == count


# The worker


def test_the_page_asks_again_only_while_there_is_something_to_come(sign_in, named, worker):
    browser = sign_in("lead")
    data = sheets.filled(sheets.blank(named), **FILLED)
    add(browser, named, file(data), file(data))
    htmx = {"HX-Request": "true"}
    one, other = Upload.objects.order_by("pk")

    whole = browser.get(page(named)).text
    nothing_new = browser.get(f"{page(named)}?unread=2", headers=htmx)
    upload_tasks.read(one.pk)
    half = browser.get(f"{page(named)}?unread=2", headers=htmx).text
    upload_tasks.read(other.pk)
    done = browser.get(f"{page(named)}?unread=1", headers=htmx)

    assert 'hx-get="?unread=2"' in whole
    assert nothing_new.status_code == 204
    assert "1 of 2 read" in half
    assert "<html" not in half
    assert done.headers["HX-Refresh"] == "true"


def test_a_job_done_twice_changes_nothing(sign_in, named):
    add(sign_in("lead"), named, file(sheets.filled(sheets.blank(named), **FILLED)))
    upload_tasks.read(Upload.objects.get().pk)
    before = Upload.objects.values().get()

    upload_tasks.read(before["id"])

    assert Upload.objects.values().get() == before


def test_the_last_attempt_that_fails_is_told(sign_in, named, monkeypatch):
    add(sign_in("lead"), named, file(sheets.blank(named)))
    pk = Upload.objects.get().pk
    context = type("Context", (), {"job": type("Job", (), {"attempts": upload_tasks.RETRIES})})

    def out_of_memory(*args):
        raise MemoryError

    monkeypatch.setattr("zipfile.ZipFile", out_of_memory)
    with pytest.raises(MemoryError):
        upload_tasks.read_upload(context, upload_id=pk)

    upload = Upload.objects.get()
    assert (upload.state, upload.content) == (UploadState.REFUSED, None)
    assert upload.trouble == "Something went wrong on our side. Choose the file again."


def test_the_file_is_kept_only_until_it_is_read(named, person):
    with pytest.raises(IntegrityError, match="upload_keeps_its_file_only_until_it_is_read"):
        factories.upload(named, by=person("lead"), content=b"x")


def test_what_it_says_is_kept_only_until_it_is_taken_in(named, person):
    with pytest.raises(IntegrityError, match="upload_keeps_what_it_says_only_until"):
        factories.upload(named, by=person("lead"), state=UploadState.TAKEN_IN)


def test_web_processes_do_not_carry_the_reader():
    script = (
        "import sys, django; django.setup(); import changingtracks.urls;"
        "sys.exit('selfassessment.sheets.workbook_in' in sys.modules)"
    )

    run = subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR)

    assert run.returncode == 0
