"""What a file is by its content: kept as evidence, or refused with a reason and a way on."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans.following import file_kinds
from actionplans.following.file_kinds import (
    CSV,
    JPEG,
    PDF,
    PNG,
    TXT,
    NotTakenError,
    kind_of,
    safe_name,
)
from portal import pictures
from tests.actionplans import documents as made

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", made.PDF, "application/pdf"),
        ("a.PNG", made.picture("PNG"), "image/png"),
        ("a.jpeg", made.picture("JPEG"), "image/jpeg"),
        ("a.webp", made.picture("WEBP"), "image/webp"),
        ("a.docx", made.office("docx"), f"{OFFICE}wordprocessingml.document"),
        ("a.xlsx", made.office("xlsx"), f"{OFFICE}spreadsheetml.sheet"),
        ("a.pptx", made.office("pptx"), f"{OFFICE}presentationml.presentation"),
        ("a.odt", made.open_document("text"), f"{OPEN}text"),
        ("a.ods", made.open_document("spreadsheet"), f"{OPEN}spreadsheet"),
        ("a.odp", made.open_document("presentation"), f"{OPEN}presentation"),
        ("a.txt", "Cŵn a thŷ".encode(), "text/plain"),
        ("a.txt", b"MZ is short for Mzuri.", "text/plain"),
        ("a.csv", "who;£\nA;2".encode("cp1252"), "text/csv"),
        ("a.txt", "Wide".encode("utf-16"), "text/plain"),
        # Whatever it is called
        ("a.exe", made.PDF, "application/pdf"),
        ("no ending", made.office("docx"), f"{OFFICE}wordprocessingml.document"),
        # Office programs put pictures of this kind in what they save
        ("a.pptx", made.office("pptx", more={"ppt/media/i.svg": "<svg/>"}), f"{OFFICE}"),
    ],
)
def test_a_file_is_taken_for_what_it_is(name, content, media_type):
    assert kind_of(name, content).media_type.startswith(media_type)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "It is empty."),
        ("a.pdf", b"%PDF-1.7\nno end", "It is a PDF whose end is missing."),
        ("a.png", b"\x89PNG\r\n\x1a\n and no more", "It looks like"),
        ("a.jpg", b"\xff\xd8\xff\xe0 no picture", ""),
        ("a.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 broken", ""),
        # Programs, pages and pictures that run
        ("a.txt", b"MZ\x90\x00" + bytes(300), "Programs are never taken."),
        ("a.pdf", b"MZ\x90\x00" + bytes(300), "Programs are never taken."),
        ("a.txt", b"#!/bin/sh\nrm -r x", "It is a program, and not text."),
        ("a.txt", b"<!DOCTYPE html><p>", "It is a page of the web"),
        ("a.csv", b"\n\n<svg onload=x>", "It is a page of the web"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "as PNG first."),
        ("a.html", b"<html><script>x</script>", "Save it as a PDF."),
        ("a.txt", b"{\\rtf1 x}", ""),
        ("a.txt", b"\x00\x01 not text", "It is not text, whatever its name says."),
        ("a.txt", b"\x81\x8d", "It is not text, whatever its name says."),
        ("a.md", b"words", "It is no PDF"),
        # Other programs' files
        ("a.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "as JPEG first."),
        ("a.gif", b"GIF89a" + bytes(50), "as PNG or JPEG first."),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "Neither old kinds"),
        ("a.rar", b"Rar!\x1a\x07\x00" + bytes(50), "Choose the files in it one by one."),
        ("a.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(50), "give the link."),
        # Zips
        ("a.zip", made.archive({"a.txt": "x"}), "It is a zip, and not a document."),
        ("a.docx", made.office("docx")[:-30], "It is a broken document."),
        ("a.docx", made.locked(made.office("docx")), "It is locked with a password."),
        ("a.docx", made.office(main="application/vnd.ms-word.template+xml"), "not a document"),
        (
            "a.docx",
            made.office(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
            "It carries macros.",
        ),
        ("a.docx", made.office(more={"word/vbaProject.bin": "x"}), "It carries macros."),
        ("a.odt", made.open_document(more={"Basic/Standard/M.xml": "x"}), "It carries macros."),
        ("a.docx", made.office(more={"word/activeX/a.bin": "x"}), "It carries a program."),
        ("a.docx", made.office(more={"word/run.EXE": "x"}), "It carries a program."),
        (
            "a.odt",
            made.open_document(more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
            "It is locked with a password.",
        ),
        ("a.odt", made.open_document("graphics"), "It is not a document we know."),
        (
            "a.docx",
            made.archive({"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "It is a broken document.",
        ),
        (
            "a.docx",
            made.archive({"[Content_Types].xml": f"<a>{' ' * 1_100_000}</a>"}),
            "It unpacks to far more than a document does.",
        ),
        # Two files in one
        ("a.pdf", made.PDF + made.office("docx"), "There is another file hidden in it."),
        ("a.png", made.picture() + made.archive({"a": "x"}), "There is another file hidden"),
        ("a.txt", b"Read this. " + made.PDF, "There is another file hidden in it."),
        ("a.docx", made.archive({"%PDF-1.7": "x"}), "There is another file hidden in it."),
        ("a.docx", made.archive({"a": "x"}, comment=b"<html>"), "There is another file hidden"),
    ],
)
def test_a_file_is_refused_with_its_reason(name, content, reason):
    with pytest.raises(NotTakenError) as refusal:
        kind_of(name, content)

    assert reason in str(refusal.value)


def test_a_document_that_says_it_unpacks_to_too_much_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(file_kinds, "MOST_UNPACKED", 1000)

    with pytest.raises(NotTakenError, match="far more than a document"):
        kind_of("a.docx", made.office(more={"big.xml": " " * 1001}))


def test_a_picture_of_too_many_pixels_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(file_kinds, "MOST_PIXELS", 63)

    with pytest.raises(NotTakenError, match="too many pixels"):
        kind_of("a.png", made.picture())


def test_a_photo_may_be_larger_than_what_is_drawn():
    size = (7500, 7000)
    assert 2 * pictures.MOST_PIXELS < size[0] * size[1] < file_kinds.MOST_PIXELS

    kinds = [kind_of("photo", made.picture(name, size)) for name in ("PNG", "JPEG")]

    assert kinds == [PNG, JPEG]
    with pytest.raises(NotTakenError, match="too many pixels"):
        kind_of("photo", made.picture("WEBP", size))


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.csv", "a.pdf", "a.docx", "a"]))
def test_no_bytes_are_more_than_refused(content, name):
    kind = None
    with suppress(NotTakenError):
        kind = kind_of(name, content)

    assert kind in {TXT, CSV, PDF, None}


@given(st.binary(max_size=200))
def test_no_picture_or_document_is_more_than_refused(rest):
    for start in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF....WEBP", b"PK\x03\x04"):
        with pytest.raises(NotTakenError):
            kind_of("a.png", start + rest)


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("Who came.pdf", PDF, "Who came.pdf"),
        ("Cŵn a thŷ.PDF", PDF, "Cŵn a thŷ.pdf"),
        ("photo.jpeg", JPEG, "photo.jpeg"),
        ("report.pdf.exe", PDF, "report.pdf.exe.pdf"),
        ("../../etc/passwd", TXT, "passwd.txt"),
        ("C:\\Users\\me\\minutes.txt", TXT, "minutes.txt"),
        ("a\r\nSet-Cookie: x.txt", TXT, "aSet-Cookie x.txt"),
        ("gpj.\u202efdp.png", PNG, "gpj.fdp.png"),
        ('a"b;c%0a.csv', CSV, "a b c 0a.csv"),
        (".pdf", PDF, "pdf.pdf"),
        ("....", TXT, "file.txt"),
        ("x" * 300 + ".csv", CSV, "x" * 150 + ".csv"),
    ],
)
def test_a_name_is_kept_without_what_a_computer_acts_on(name, kind, kept):
    assert safe_name(name, kind) == kept


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_fits_and_ends_as_it_should(name):
    kept = safe_name(name, PDF)

    assert kept.endswith(".pdf")
    assert 5 <= len(kept) <= 200
    assert not set(kept) & set('/\\:*?"<>|%;\r\n\x00')
