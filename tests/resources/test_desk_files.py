"""Files of a resource: told by content, replaced at their address, looked at by the worker."""

from __future__ import annotations

import sys
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from actionplans.models import Scan
from portal.models import Activity
from resources.desk import files, history, moving, writing
from resources.models import Resource, ResourceFile, ResourceState
from tests import factories
from tests.actionplans import documents

ASK = "import sys; sys.exit(1 if b'virus' in sys.stdin.buffer.read() else 0)"


@pytest.fixture
def resource(person) -> Resource:
    return factories.resource(state=ResourceState.DRAFT, published_on=None)


@pytest.fixture
def kept(resource, person) -> ResourceFile:
    return factories.resource_file(resource, person("team"))


def sent(*named: tuple[str, bytes]) -> dict[str, object]:
    return {"chosen": [SimpleUploadedFile(name, content) for name, content in named]}


def to_files(resource: Resource) -> str:
    return reverse("resource_files", args=[resource.pk])


def of(name: str, file: ResourceFile) -> str:
    return reverse(f"resource_file_{name}", args=[file.resource_id, file.pk])


def pdf(pages: int) -> bytes:
    made, out = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out)
    return out.getvalue()


def names() -> list[str]:
    return [str(one) for one in ResourceFile.objects.order_by("pk")]


def test_the_history_names_the_files(sign_in, resource, kept):
    browser = sign_in("team")
    browser.post(of("replace", kept), sent(("Guide.docx", documents.office())))
    browser.post(of("remove", kept))

    lines = history.read(Resource.objects.get())

    assert [(one.what, one.beside) for one in lines[:2]] == [
        ("changed", "Files: Guide.docx removed."),
        ("changed", "Files: Guide.docx in the place of checklist.txt."),
    ]


def test_what_changed_long_ago_is_not_told_again_when_it_moves_on(person, resource, kept):
    files.remove(file=kept, by=person("team"))

    moving.archive(resource=resource, reason="", by=person("team"))

    lines = history.read(Resource.objects.get())
    assert [one.beside for one in lines] == ["", "Files: checklist.txt removed.", ""]


def test_a_long_list_of_changes_is_cut():
    assert (len(writing.shortened("x" * 2000)), writing.shortened("short")) == (1000, "short")


def test_several_files_are_kept_as_what_they_are(sign_in, person, resource):
    answer = sign_in("team").post(
        to_files(resource),
        sent(("Guide.docx", documents.office()), ("../pic.txt", documents.picture())),
    )

    found = ResourceFile.objects.order_by("pk")
    assert answer.url == to_files(resource)
    assert [(one.file_name, one.media_type) for one in found] == [
        ("Guide.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("pic.txt.png", "image/png"),
    ]
    changed = Resource.objects.get()
    assert (changed.version, changed.written_by) == (2, person("team"))
    assert [str(one) for one in Activity.objects.all()] == [
        "The team added Guide.docx, pic.txt.png to the resource “A guide to reflection”"
    ]


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.pdf", b"MZ\x90\x00" + b"\x00" * 60, "“a.pdf” is not taken."),
        ("a.txt", b"", "It is empty."),
        ("a.html", b"<html><script>alert(1)</script>", "“a.html” is not taken."),
        ("a.pdf", b"%PDF-1.7 cut off", "a PDF whose end is missing"),
        ("a.docm", documents.office(more={"word/vbaProject.bin": b"x"}), "It carries macros."),
        ("a.svg", b"<svg onload='alert(1)'/>", "“a.svg” is not taken."),
    ],
)
def test_what_is_no_document_is_refused_and_nothing_is_kept(
    sign_in, resource, name, content, refusal
):
    answer = sign_in("team").post(
        to_files(resource), sent(("good.txt", b"Words."), (name, content))
    )

    assert (answer.status_code, names()) == (422, [])
    assert refusal in answer.text
    assert Resource.objects.get().version == 1


def test_nothing_chosen_is_told(sign_in, resource):
    answer = sign_in("team").post(to_files(resource), {})

    assert (answer.status_code, "Choose one file or more." in answer.text) == (422, True)


def test_a_file_that_is_too_large_is_refused(sign_in, resource, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 2**20)

    answer = sign_in("team").post(to_files(resource), sent(("a.txt", b"a" * (2**20 + 1))))

    assert (answer.status_code, names()) == (422, [])
    assert "It is larger than 1 MB." in answer.text


def test_there_is_room_for_twelve(sign_in, person, resource):
    for number in range(11):
        factories.resource_file(resource, person("team"), f"{number}".encode())
    browser = sign_in("team")

    refused = browser.post(to_files(resource), sent(("a.txt", b"a"), ("b.txt", b"b")))
    browser.post(to_files(resource), sent(("a.txt", b"a")))

    assert (refused.status_code, len(names())) == (409, 12)
    assert "12 files at most; with these it would have 13" in refused.text


def test_the_same_file_twice_is_kept_once(sign_in, resource):
    browser = sign_in("team")
    browser.post(to_files(resource), sent(("a.txt", b"Words."), ("b.txt", b"Words.")))

    answer = browser.post(to_files(resource), sent(("c.txt", b"Words.")), follow=True)

    assert names() == ["a.txt"]
    assert "It was there already, so nothing changed." in answer.text
    assert Resource.objects.get().version == 2


def test_another_file_takes_the_place_and_the_address_stays(sign_in, kept):
    ResourceFile.objects.update(pages=9, taken=4)

    sign_in("team").post(of("replace", kept), sent(("new.txt", b"New words.")))

    now = ResourceFile.objects.get()
    assert (now.pk, now.file_name, bytes(now.content)) == (kept.pk, "new.txt", b"New words.")
    assert (now.pages, now.taken, now.size) == (None, 4, 10)
    assert [str(one) for one in Activity.objects.all()] == [
        "The team changed the file checklist.txt of the resource “A guide to reflection”"
    ]


@pytest.mark.parametrize(
    ("content", "status"), [(b"Ask, listen, act.", 409), (b"%PDF-1.7 cut off", 422)]
)
def test_what_cannot_take_the_place_changes_nothing(sign_in, kept, content, status):
    answer = sign_in("team").post(of("replace", kept), sent(("new.txt", content)))

    assert (answer.status_code, names()) == (status, ["checklist.txt"])


def test_a_file_is_removed_once_that_is_confirmed(sign_in, kept):
    browser = sign_in("team")

    asked = browser.get(of("remove", kept)).text
    before = names()
    browser.post(of("remove", kept))

    assert ("It is gone for good" in asked, before, names()) == (True, ["checklist.txt"], [])


def test_files_of_what_is_archived_stay(sign_in, kept):
    Resource.objects.update(state=ResourceState.ARCHIVED)
    browser = sign_in("team")

    added = browser.post(to_files(kept.resource), sent(("a.txt", b"a")))
    replaced = browser.post(of("replace", kept), sent(("a.txt", b"a")))
    browser.post(of("remove", kept))

    assert (added.status_code, replaced.status_code, names()) == (409, 409, ["checklist.txt"])
    assert [browser.get(of(name, kept)).status_code for name in ("replace", "remove")] == [302, 302]


def test_a_file_of_another_resource_is_not_there(sign_in, kept):
    another = factories.resource("Another")
    browser = sign_in("team")

    for name in ("replace", "remove"):
        url = reverse(f"resource_file_{name}", args=[another.pk, kept.pk])
        assert browser.post(url, sent(("a.txt", b"a"))).status_code == 404

    assert names() == ["checklist.txt"]


@pytest.mark.parametrize("who", ["lead", "facilitator", "funder"])
def test_nobody_else_touches_files(sign_in, kept, who):
    Resource.objects.update(state=ResourceState.PUBLISHED, published_on="2026-01-01")
    browser = sign_in(who)

    answers = [
        browser.post(url, sent(("a.txt", b"a"))).status_code
        for url in (to_files(kept.resource), of("replace", kept), of("remove", kept))
    ]

    assert (answers, names()) == ([403, 403, 403], ["checklist.txt"])


# The worker


def test_the_worker_counts_the_pages_of_a_pdf(sign_in, resource, worker):
    browser = sign_in("team")
    browser.post(to_files(resource), sent(("Guide.pdf", pdf(3))))
    before = ResourceFile.objects.get().pages

    worker()

    assert (before, ResourceFile.objects.get().pages) == (None, 3)
    assert "3 pages" in browser.get(to_files(resource)).text


def test_a_pdf_that_cannot_be_counted_is_kept_without(sign_in, resource, worker):
    sign_in("team").post(to_files(resource), sent(("Guide.pdf", documents.PDF)))

    worker()

    assert ResourceFile.objects.get().pages in {None, 0}


@pytest.mark.parametrize(
    ("content", "scan", "left"),
    [(b"All is well.", Scan.CLEAN, b"All is well."), (b"A virus.", Scan.REFUSED, b"")],
)
def test_a_file_waits_for_the_scanner_and_is_then_as_it_said(
    sign_in, resource, settings, worker, content, scan, left
):
    settings.SCAN_COMMAND = [sys.executable, "-c", ASK]
    browser = sign_in("team")
    browser.post(to_files(resource), sent(("a.txt", content)))
    waiting = browser.get(to_files(resource)).text

    worker()

    now = ResourceFile.objects.get()
    assert (now.scan, bytes(now.content)) == (scan, left)
    assert "Being scanned" in waiting
    told = "Refused by the scanner" in browser.get(to_files(resource)).text
    assert told is (scan == Scan.REFUSED)


def test_a_site_that_gave_up_its_scanner_says_so(kept, worker, settings):
    ResourceFile.objects.update(scan=Scan.WAITING)
    settings.SCAN_COMMAND = []
    worker()  # loads the tasks

    from_hour(kept)

    assert ResourceFile.objects.get().scan == Scan.NOT_SCANNED


def test_a_scanner_that_is_silent_lets_the_file_wait(kept, worker, settings, caplog):
    ResourceFile.objects.update(scan=Scan.WAITING)
    settings.SCAN_COMMAND = [sys.executable, "-c", "import sys; sys.exit(7)"]
    worker()

    from_hour(kept)

    assert ResourceFile.objects.get().scan == Scan.WAITING
    assert "still waits" in caplog.text


def from_hour(file: ResourceFile) -> None:
    """What the worker does every hour."""
    from_name = files.app.tasks["resources.scan_waiting"]
    from_name(timestamp=0)
    assert ProcrastinateJob.objects.filter(args__file_id=file.pk).count() == 0
