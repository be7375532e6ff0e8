"""Files behind notes: taken by their content, served to members alone, and never run."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from actionplans.following import evidence
from actionplans.models import Evidence, PlanState, ProgressNote, Scan
from portal.models import Activity, Verb
from tests import factories
from tests.actionplans import documents as made


def file(name: str = "Who came.pdf", content: bytes = made.PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")  # whatever the browser says it is


def said(*files: SimpleUploadedFile, **fields: object) -> dict[str, object]:
    day = timezone.localdate().isoformat()
    return {"noted_on": day, "text": "They met.", "evidence_files": list(files), **fields}


def add(target) -> str:
    return reverse("note_add", args=[target.pk])


@pytest.fixture
def kept(person, target) -> Evidence:
    """A text file that the ED&I group member put behind a note of theirs."""
    member = person("group_member")
    return factories.evidence(factories.note(target, member), member)


# Taken


def test_files_are_kept_with_their_note(sign_in, person, target):
    answer = sign_in("group_member").post(
        add(target), said(file(), file("photo of it.PNG", made.picture()))
    )

    assert answer.status_code == 302
    assert list(
        Evidence.objects.values_list("note__text", "file_name", "media_type", "scan", "added_by")
    ) == [
        ("They met.", "Who came.pdf", "application/pdf", "not_scanned", person("group_member").pk),
        ("They met.", "photo of it.png", "image/png", "not_scanned", person("group_member").pk),
    ]
    assert bytes(Evidence.objects.first().content) == made.PDF


def test_a_refused_file_is_named_with_its_reason_and_nothing_is_half_saved(sign_in, target):
    answer = sign_in("lead").post(
        add(target),
        said(file(), file("page.txt", b"<html>"), file("run.exe", b"MZ\x90\x00" + bytes(99))),
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["evidence_files"] == [
        "“page.txt” is not taken. It is a page of the web, and not text. Save it as a PDF.",
        "“run.exe” is not taken. It looks like Windows Executable. Programs are never taken.",
    ]
    assert "They met." in answer.text
    assert not ProgressNote.objects.exists()
    assert not Evidence.objects.exists()


def test_a_file_is_asked_for_again_where_something_else_is_wrong(sign_in, target):
    answer = sign_in("lead").post(add(target), said(file(), noted_on="2999-01-01"))

    assert answer.status_code == 422
    assert answer.context["form"].errors["evidence_files"] == [
        "Choose your files again: a browser forgets them when a page comes back."
    ]
    assert not ProgressNote.objects.exists()


def test_a_file_on_a_closed_plan_is_asked_for_again_and_its_note_kept(
    sign_in, person, plan, target
):
    plan.state, plan.closed_at, plan.closed_by = PlanState.CLOSED, timezone.now(), person("lead")
    plan.save()

    answer = sign_in("lead").post(add(target), said(file()))

    assert answer.status_code == 409
    assert "Choose your files again" in answer.text
    assert "They met." in answer.text
    assert not Evidence.objects.exists()


def test_a_file_larger_than_its_limit_is_refused_unread(sign_in, target, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_BYTES", 2**20)

    answer = sign_in("lead").post(add(target), said(file("a.txt", b"a" * (2**20 + 1))))

    assert answer.context["form"].errors["evidence_files"] == [
        "“a.txt” is not taken. It is larger than 1 MB."
    ]
    assert not ProgressNote.objects.exists()


def test_a_note_keeps_five_files_and_no_more(sign_in, person, target):
    browser = sign_in("lead")

    at_once = browser.post(add(target), said(*several(6)))
    none_kept = Evidence.objects.count()
    browser.post(add(target), said(*several(5)))
    note = ProgressNote.objects.get()
    one_more = browser.post(reverse("note_edit", args=[note.pk]), said(file(), version=1))

    assert at_once.context["form"].errors["evidence_files"] == [
        "Choose at most 5 files; these are 6."
    ]
    assert none_kept == 0
    assert one_more.status_code == 409
    assert "A note keeps 5 files at most; with these it would have 6." in one_more.text
    assert note.files.count() == 5


def several(count: int) -> list[SimpleUploadedFile]:
    return [file(f"{n}.txt", f"File {n}".encode()) for n in range(count)]


def test_the_same_file_twice_is_kept_once(sign_in, target):
    sign_in("lead").post(add(target), said(file(), file("Again.pdf")))

    assert [one.file_name for one in Evidence.objects.all()] == ["Who came.pdf"]


def test_a_file_comes_to_a_note_that_is_there(sign_in, person, target):
    note = factories.note(target, person("lead"), noted_on=timezone.localdate())

    sign_in("lead").post(
        reverse("note_edit", args=[note.pk]), said(file(), text=note.text, version=1)
    )

    note.refresh_from_db()
    assert [one.file_name for one in note.files.all()] == ["Who came.pdf"]
    assert note.version == 1  # its words are as they were


# Served


@pytest.mark.parametrize("who", ["lead", "inclusion_lead", "group_member", "board_viewer"])
def test_a_file_comes_as_a_download_and_nothing_else(sign_in, kept, who):
    answer = sign_in(who).get(reverse("evidence_file", args=[kept.pk]))

    assert answer.content == bytes(kept.content)
    assert {
        name: answer.headers[name]
        for name in (
            *("Content-Type", "Content-Disposition"),
            *("X-Content-Type-Options", "Cache-Control"),
        )
    } == {
        "Content-Type": "text/plain",
        "Content-Disposition": 'attachment; filename="Who came.txt"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


@pytest.mark.parametrize("who", ["outsider", "team", "facilitator", "funder"])
def test_a_file_is_not_there_for_others(sign_in, kept, who):
    answer = sign_in(who).get(reverse("evidence_file", args=[kept.pk]))

    assert answer.status_code == 404


def test_a_name_in_another_script_arrives_whole(sign_in, kept):
    kept.file_name = "Cŵn “a” thŷ.txt"
    kept.save()

    answer = sign_in("lead").get(reverse("evidence_file", args=[kept.pk]))

    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''C%C5%B5n%20%E2%80%9Ca%E2%80%9D%20th%C5%B7.txt"
    )


@pytest.mark.parametrize(
    ("scan", "word"),
    [(Scan.WAITING, "is being scanned"), (Scan.REFUSED, "was refused by the virus scanner")],
)
def test_what_is_not_scanned_clean_is_not_given_out(sign_in, kept, scan, word):
    Evidence.objects.update(scan=scan)

    answer = sign_in("lead").get(reverse("evidence_file", args=[kept.pk]), follow=True)

    assert answer.redirect_chain == [(kept.note.target.get_absolute_url(), 302)]
    assert word in answer.text
    assert f'href="{reverse("evidence_file", args=[kept.pk])}"' not in answer.text


def test_the_page_says_whether_a_file_was_scanned(sign_in, kept):
    page = sign_in("lead").get(kept.note.target.get_absolute_url())

    assert "not scanned" in page.text


# Removed


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("group_member", 302),
        ("lead", 302),
        ("inclusion_lead", 302),
        ("board_viewer", 403),
        ("outsider", 404),
    ],
)
def test_a_file_is_removed_by_whoever_added_it_or_a_lead(sign_in, kept, who, status):
    browser, address = sign_in(who), reverse("evidence_remove", args=[kept.pk])

    asked = browser.get(address)
    there = Evidence.objects.count()
    answer = browser.post(address)

    gone = status == 302
    assert (asked.status_code, answer.status_code) == (200 if gone else status, status)
    assert (there, Evidence.objects.count()) == (1, 0 if gone else 1)
    removed = Activity.objects.filter(verb=Verb.REMOVED).values_list("subject", flat=True)
    assert list(removed) == ([f"the file Who came.txt of {kept.note.target}"] if gone else [])


def test_a_file_of_somebody_else_stays(sign_in, person, target):
    lead = person("lead")
    row = factories.evidence(factories.note(target, lead), lead)

    answer = sign_in("group_member").post(reverse("evidence_remove", args=[row.pk]))

    assert answer.status_code == 403
    assert Evidence.objects.exists()


def test_a_file_of_a_closed_plan_stays(sign_in, person, plan, kept):
    plan.state, plan.closed_at, plan.closed_by = PlanState.CLOSED, timezone.now(), person("lead")
    plan.save()
    browser, address = sign_in("lead"), reverse("evidence_remove", args=[kept.pk])

    answers = [browser.get(address), browser.post(address)]

    page = browser.get(kept.note.target.get_absolute_url())
    assert [answer.url for answer in answers] == [kept.note.target.get_absolute_url()] * 2
    assert "This plan is closed: nobody can write notes on it now." in page.text
    assert Evidence.objects.exists()


def test_removing_twice_is_told_once(person, kept):
    row = Evidence.objects.with_target().get()

    evidence.remove(file=row, by=person("lead"))
    evidence.remove(file=Evidence(pk=kept.pk, note=row.note), by=person("lead"))

    assert Activity.objects.filter(verb=Verb.REMOVED).count() == 1
