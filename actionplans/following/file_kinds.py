"""What a file is, by its content and not by its name, and whether it may be kept as evidence.

Pure functions over bytes: nothing is unpacked beyond the few small parts that say what a document
is, so a bomb costs no more than its own size.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree.ElementTree import ParseError

import puremagic
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL.Image import DecompressionBombError, DecompressionBombWarning
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

TAKEN = "PDF, PNG, JPEG, WebP, Word, Excel, PowerPoint, OpenDocument, TXT or CSV"
LONGEST_NAME = 150  # characters, without the ending
MOST_ENTRIES = 3000  # in a document; a long presentation has some hundreds
MOST_UNPACKED = 500_000_000  # bytes that a document says it comes to
MOST_PIXELS = 80_000_000
READ = 1_000_000  # bytes of a part that says what a document is
HEAD = 1024  # bytes in which a PDF may begin, for programs that are lenient

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
PROGRAMS = {
    *(".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jse"),
    *(".wsf", ".hta", ".lnk", ".jar", ".sh", ".html", ".htm"),
}
MARKUP = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<?php")
BIDI = "\u200e\u200f\u061c"  # marks of direction; those that override are control characters
NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
NOT_IN_NAMES = '/\\:*?"<>|%;'

TOO_MANY_PIXELS = "It is a picture of too many pixels. Save it smaller."
OLD = "Neither old kinds nor files with a password are taken. Save it as .docx, .xlsx or .pptx."
ADVICE = {
    ".heif": "Save the picture as JPEG first.",
    ".heic": "Save the picture as JPEG first.",
    ".gif": "Save the picture as PNG or JPEG first.",
    ".doc": OLD,
    ".xls": OLD,
    ".ppt": OLD,
    ".svg": "Save the picture as PNG first.",
    ".html": "Save it as a PDF.",
    ".mp4": "Put it where your service keeps its films, and give the link.",
    ".mp3": "Put it where your service keeps its recordings, and give the link.",
    ".exe": "Programs are never taken.",
    ".zip": "Choose the files in it one by one.",
    ".rar": "Choose the files in it one by one.",
}


class NotTakenError(Exception):
    """The file is not kept as evidence; the text says why, and what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept, and the endings that its name may have."""

    media_type: str
    endings: tuple[str, ...]


PDF = Kind("application/pdf", (".pdf",))
PNG = Kind("image/png", (".png",))
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"))
WEBP = Kind("image/webp", (".webp",))
CSV = Kind("text/csv", (".csv",))
TXT = Kind("text/plain", (".txt",))
# By what a document's own list of contents calls its main part
OFFICE_KINDS = {
    f"{OFFICE}wordprocessingml.document.main+xml": Kind(
        f"{OFFICE}wordprocessingml.document", (".docx",)
    ),
    f"{OFFICE}spreadsheetml.sheet.main+xml": Kind(f"{OFFICE}spreadsheetml.sheet", (".xlsx",)),
    f"{OFFICE}presentationml.presentation.main+xml": Kind(
        f"{OFFICE}presentationml.presentation", (".pptx",)
    ),
}
OPEN_KINDS = {
    f"{OPEN}text": Kind(f"{OPEN}text", (".odt",)),
    f"{OPEN}spreadsheet": Kind(f"{OPEN}spreadsheet", (".ods",)),
    f"{OPEN}presentation": Kind(f"{OPEN}presentation", (".odp",)),
}
BOMBS = (DecompressionBombError, DecompressionBombWarning)
IMAGES = (
    (b"\x89PNG\r\n\x1a\n", PngImageFile, PNG),
    (b"\xff\xd8\xff", JpegImageFile, JPEG),
    (b"RIFF", WebPImageFile, WEBP),
)


def kind_of(name: str, content: bytes) -> Kind:
    """What `content` is; `name` only parts CSV from other text. NotTakenError says why not."""
    if not content:
        raise NotTakenError("It is empty.")
    if content.startswith(b"PK\x03\x04"):
        return document(content)
    if zipfile.is_zipfile(BytesIO(content)):
        raise NotTakenError("There is another file hidden in it.")
    if content.startswith(b"%PDF-"):
        return pdf(content)
    if b"%PDF-" in content[:HEAD]:
        raise NotTakenError("There is another file hidden in it.")
    for start, decoder, kind in IMAGES:
        if content.startswith(start):
            return image(content, decoder, kind)
    return text(name, content)


def pdf(content: bytes) -> Kind:
    if b"%%EOF" not in content[-2 * HEAD :]:
        raise NotTakenError("It is a PDF whose end is missing. Save it once more.")
    return PDF


def image(content: bytes, decoder: type[ImageFile], kind: Kind) -> Kind:
    """Opened by the one decoder its first bytes call for, and by no other.

    Not by Image.open, whose limit is for pictures that are drawn: no pixel is read here. WebP
    makes room for its pixels as it opens, and keeps to that limit.
    """
    try:
        with decoder(BytesIO(content)) as opened:
            width, height = opened.size
            opened.verify()
    except BOMBS as large:
        raise NotTakenError(TOO_MANY_PIXELS) from large
    except Exception as broken:  # a decoder raises what it likes over bytes that no program wrote
        raise NotTakenError(refusal(content, "It is a broken picture.")) from broken
    if width * height > MOST_PIXELS:
        raise NotTakenError(TOO_MANY_PIXELS)
    return kind


def document(content: bytes) -> Kind:
    """A zip is a document of an office program, without macros or a password, or refused."""
    if b"%PDF-" in content[:HEAD]:
        raise NotTakenError("There is another file hidden in it.")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            check_parts(archive)
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                return office(archive)
            if names[:1] == ["mimetype"]:
                return open_document(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError) as broken:
        raise NotTakenError("It is a broken document. Save it once more.") from broken
    except (ParseError, DefusedXmlException, ValueError, EOFError, RuntimeError) as broken:
        raise NotTakenError("It is a broken document. Save it once more.") from broken
    raise NotTakenError("It is a zip, and not a document. Choose the files in it one by one.")


def check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 0x1 for part in parts):
        raise NotTakenError("It is locked with a password. Save it without one.")
    if archive.comment or len(set(names)) < len(names):
        raise NotTakenError("There is another file hidden in it.")
    if len(parts) > MOST_ENTRIES or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotTakenError("It unpacks to far more than a document does.")
    for one in names:
        path = PurePosixPath(one.lower())
        if path.name == "vbaproject.bin" or path.parts[:1] in {("basic",), ("scripts",)}:
            raise NotTakenError("It carries macros. Save it without them.")
        if path.suffix in PROGRAMS or "activex" in path.parts:
            raise NotTakenError("It carries a program. Save it without that.")


def office(archive: zipfile.ZipFile) -> Kind:
    contents = fromstring(part(archive, "[Content_Types].xml"), forbid_dtd=True)
    types = {one.get("ContentType", "") for one in contents}
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types):
        raise NotTakenError("It carries macros. Save it without them.")
    found = [kind for main, kind in OFFICE_KINDS.items() if main in types]
    if len(found) != 1:
        raise NotTakenError(f"It is not a document we know. Save it as {TAKEN}.")
    return found[0]


def open_document(archive: zipfile.ZipFile) -> Kind:
    kind = OPEN_KINDS.get(part(archive, "mimetype").decode("ascii", "replace"))
    if kind is None:
        raise NotTakenError(f"It is not a document we know. Save it as {TAKEN}.")
    if "META-INF/manifest.xml" in archive.namelist() and (
        b"encryption-data" in part(archive, "META-INF/manifest.xml")
    ):
        raise NotTakenError("It is locked with a password. Save it without one.")
    return kind


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        found = stream.read(READ + 1)
    if len(found) > READ:
        raise NotTakenError("It unpacks to far more than a document does.")
    return found


def text(name: str, content: bytes) -> Kind:
    """Words and nothing else: no markup, no program, no bytes that are no letters."""
    ending = PurePosixPath(name.lower()).suffix
    kind = {".csv": CSV, ".txt": TXT}.get(ending)
    if kind is None:
        raise NotTakenError(refusal(content, f"It is no {TAKEN}."))
    words = decoded(content)
    start = words[:HEAD].lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("#!", "{\\rtf")):
        raise NotTakenError(refusal(content, "It is a program, and not text."))
    if any(mark in words[: 4 * HEAD].lower() for mark in MARKUP):
        raise NotTakenError("It is a page of the web, and not text. Save it as a PDF.")
    return kind


def decoded(content: bytes) -> str:
    """As UTF-8, UTF-16 where it says so, or what Windows writes in this country."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not NO_LETTERS.search(words):
            return words
    raise NotTakenError(refusal(content, "It is not text, whatever its name says."))


def refusal(content: bytes, otherwise: str) -> str:
    """The reason, with what the file looks like where that is known."""
    try:
        looks = puremagic.magic_string(content)[0]
    except (puremagic.PureError, ValueError):
        return otherwise
    advice = ADVICE.get(looks.extension, f"Save it as {TAKEN}.")
    return f"It looks like {looks.name or looks.extension}. {advice}"


def safe_name(name: str, kind: Kind) -> str:
    """The person's own name for it, without what a computer might act on, ending as it should."""
    said = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name)
    plain = "".join(
        " " if one in NOT_IN_NAMES else one
        for one in said
        if unicodedata.category(one)[0] != "C" and one not in BIDI
    )
    plain = " ".join(plain.split()).strip(". ")
    path = PurePosixPath(plain)
    ending = path.suffix.lower()
    stem = path.stem if ending in kind.endings else plain
    return (
        f"{stem[:LONGEST_NAME].strip('. ') or 'file'}{ending if stem != plain else kind.endings[0]}"
    )
