"""The site's own scanner: each file goes to its standard input, and its answer is believed."""

from __future__ import annotations

import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from actionplans.following import scanning
from actionplans.models import Evidence, Scan
from tests import factories

# Reads the file as a scanner does; the word "virus" is all that it knows.
ASK = "import sys; sys.exit(1 if b'virus' in sys.stdin.buffer.read() else 0)"


@pytest.fixture
def scanner(settings):
    settings.SCAN_COMMAND = [sys.executable, "-c", ASK]
    return settings


@pytest.fixture
def waits(person, target):
    lead = person("lead")
    return factories.evidence(factories.note(target, lead), lead, scan=Scan.WAITING)


@pytest.mark.parametrize(
    ("content", "scan", "left"),
    [(b"All is well.", Scan.CLEAN, b"All is well."), (b"A virus.", Scan.REFUSED, b"")],
)
def test_a_new_file_waits_for_the_scanner_and_is_then_as_it_said(
    sign_in, target, scanner, worker, content, scan, left
):
    browser = sign_in("lead")
    browser.post(
        reverse("note_add", args=[target.pk]),
        {
            "noted_on": timezone.localdate().isoformat(),
            "text": "They met.",
            "evidence_files": [SimpleUploadedFile("a.txt", content)],
        },
    )
    before = Evidence.objects.get().scan

    worker()

    after = Evidence.objects.get()
    assert before == Scan.WAITING
    assert (after.scan, bytes(after.content)) == (scan, left)


def test_without_a_scanner_nothing_is_asked_for(sign_in, target):
    sign_in("lead").post(
        reverse("note_add", args=[target.pk]),
        {
            "noted_on": timezone.localdate().isoformat(),
            "text": "They met.",
            "evidence_files": [SimpleUploadedFile("a.txt", b"Words.")],
        },
    )

    assert Evidence.objects.get().scan == Scan.NOT_SCANNED
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-c", "import sys; sys.exit(2)"],
        ["no-such-scanner"],
        [sys.executable, "-c", "import time; time.sleep(9)"],
    ],
)
def test_a_scanner_that_gives_no_answer_leaves_the_file_waiting(
    settings, waits, monkeypatch, command
):
    monkeypatch.setattr(scanning, "SECONDS", 1)
    settings.SCAN_COMMAND = command

    with pytest.raises(scanning.ScannerError):
        scanning.scan_evidence(waits.pk)

    waits.refresh_from_db()
    assert (waits.scan, bytes(waits.content)) == (Scan.WAITING, b"Who came, and when.")


def test_files_that_waited_are_asked_about_every_hour(scanner, waits):
    scanning.scan_waiting(0)

    waits.refresh_from_db()
    assert waits.scan == Scan.CLEAN


def test_a_file_without_an_answer_holds_up_no_other(settings, waits, caplog):
    settings.SCAN_COMMAND = ["no-such-scanner"]

    scanning.scan_waiting(0)

    waits.refresh_from_db()
    assert waits.scan == Scan.WAITING
    assert "still waits" in caplog.text


def test_a_file_stops_waiting_where_the_site_has_no_scanner_any_more(settings, waits):
    settings.SCAN_COMMAND = []

    scanning.scan_evidence(waits.pk)

    waits.refresh_from_db()
    assert waits.scan == Scan.NOT_SCANNED


def test_a_file_removed_meanwhile_is_nothing_to_ask_about(scanner, waits):
    Evidence.objects.all().delete()

    scanning.scan_evidence(waits.pk)

    assert not Evidence.objects.exists()
