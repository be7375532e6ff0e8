"""Files as programs write them, and as nobody should."""

from __future__ import annotations

import zipfile
from io import BytesIO

from PIL import Image

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": f"{OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{OFFICE}presentationml.presentation.main+xml",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def archive(parts: dict[str, str | bytes], comment: bytes = b"") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            way = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(name, content, way)
        made.comment = comment
    return out.getvalue()


def office(kind: str = "docx", main: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    schema = "http://schemas.openxmlformats.org/package/2006/content-types"
    part = f'<Override PartName="/main.xml" ContentType="{main or MAIN[kind]}"/>'
    types = f'<?xml version="1.0"?><Types xmlns="{schema}">{part}</Types>'
    return archive({"[Content_Types].xml": types, "main.xml": "<a/>", **(more or {})})


def open_document(kind: str = "text", more: dict[str, str | bytes] | None = None) -> bytes:
    start = {"mimetype": f"application/vnd.oasis.opendocument.{kind}"}
    return archive({**start, "META-INF/manifest.xml": "<m/>", **(more or {})})


def picture(format_name: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "purple").save(out, format_name)
    return out.getvalue()


def locked(content: bytes) -> bytes:
    """The same archive, with every part marked as encrypted."""
    made = bytearray(content)
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(start)
        while place >= 0:
            made[place + at] |= 1
            place = made.find(start, place + 4)
    return bytes(made)
