"""The report as a file: what it says, for whom it can be read, and that it is always the same."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from portal import papers, pdf
from selfassessment import reports, results, tasks
from tests import factories


def data_of(audit, *, with_comments: bool = True) -> dict:
    """What the worker finds in the row: data that went through JSON."""
    found = results.read(audit, with_comments=with_comments)
    return json.loads(json.dumps(asdict(reports.collect(found, with_comments=with_comments))))


@cache
def laid_out(data: str) -> bytes:
    """The file, made once for the tests that look at the same data."""
    return pdf.render(tasks.page_of(json.loads(data)))


def made(audit, *, with_comments: bool = True) -> bytes:
    return laid_out(json.dumps(data_of(audit, with_comments=with_comments)))


def text_of(content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True)
    return " ".join(run.stdout.decode().split())


def outline(content: bytes) -> list[tuple[str, list[str]]]:
    with pikepdf.open(BytesIO(content)) as document, document.open_outline() as bookmarks:
        return [(item.title, [kid.title for kid in item.children]) for item in bookmarks.root]


@pytest.mark.parametrize("with_comments", [True, False])
def test_the_whole_questionnaire_has_no_faults(sixty, with_comments):
    assert pdf.faults(made(sixty, with_comments=with_comments)) == []


def test_the_whole_questionnaire_takes_eight_pages(sixty):
    """Ten in the design; all section names in full."""
    content = made(sixty, with_comments=False)

    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages) == 8
    assert "C4 Music centres, ensembles, performance and progression" in text_of(content)
    assert "…" not in text_of(content)


def test_the_same_data_is_the_same_file(sixty):
    assert pdf.render(tasks.page_of(data_of(sixty))) == made(sixty)


def test_it_says_whose_it_is_and_what_came_out(sixty):
    text = text_of(made(sixty))

    assert "Avon Music Service Self-assessment 2025/26, as agreed so far" in text
    assert "43 of 60 statements have a level. 8 are “not applicable”, 9 are not agreed." in text
    assert "4 Embedded It happens throughout" in text
    assert "Agreed at the staff day, and in the handbook now." in text
    assert "Why: We do not offer this." in text


def test_without_comments_only_what_is_agreed_is_in_it(sixty):
    text = text_of(made(sixty, with_comments=False))

    assert "Agreed at the staff day" not in text
    assert "Comment" not in text
    assert "Why: We do not offer this." in text


def test_bookmarks_lead_to_every_part(sixty):
    titles = outline(made(sixty))

    assert [title for title, _ in titles] == [
        *("Avon Music Service", "Contents", "Summary", "Levels by area and section"),
        *("Embedding inclusion", "Your policies", "Programming"),
    ]
    assert [len(kids) for _, kids in titles] == [0, 0, 0, 0, 6, 6, 8]


def test_it_is_named_in_english_and_tagged(sixty):
    with pikepdf.open(BytesIO(made(sixty))) as document:
        with document.open_metadata() as metadata:
            about = (metadata["dc:title"], metadata["pdfuaid:part"])
        language = str(document.Root.Lang)
        figures = [str(e.Alt) for e, _ in pdf.elements(document) if str(e.S) == "/Figure"]

    assert about == ("Avon Music Service: self-assessment 2025/26", "1")
    assert language == "en-GB"
    assert len(figures) == 1
    assert figures[0].startswith("Cover drawing, one track for each section")
    assert "A1 Vision and leadership: " in figures[0]


def test_three_points_and_no_earlier_year(person, avon):
    edition = factories.questionnaire(by=person("team"), levels=factories.THREE_POINT)
    audit = factories.audit(avon, edition, by=person("lead"), year=2025)
    factories.agree(audit, person("lead"), A1_1=1, A1_2=2, A1_3=3, A2_1="parked")

    content = made(audit, with_comments=False)

    text = text_of(content)
    assert pdf.faults(content) == []
    assert "50% of the way. 3 of 7 statements have a level. 1 is parked, 3 are not agreed." in text
    assert "A1 Vision and leadership 50% 3 of 3 0 0" in text
    assert "A2 Governance no score" in text
    assert "2024/25" not in text
    assert "at 2, 3 and “not applicable”. 2 is 1 step above 1" in text


def test_nothing_agreed_is_no_score(audit, person):
    factories.agree(audit, person("lead"))

    content = made(audit, with_comments=False)

    assert pdf.faults(content) == []
    assert "No score yet. 0 of 7 statements have a level. 7 are not agreed." in text_of(content)
    assert "%" not in text_of(content).replace("0% ", "").replace("100% ", "").replace("63%", "")


def test_hostile_text_comes_out_as_text(person, avon, caplog):
    edition = factories.questionnaire(by=person("team"), text=f"{{}} {factories.HOSTILE[0]}")
    audit = factories.audit(avon, edition, by=person("lead"))
    statements = list(audit.statements())
    fields = ("comment", "evidence")
    for number, text in enumerate(factories.HOSTILE):
        factories.rate(
            audit.responses.get(),
            statements[number].code,
            3,
            **{fields[number % 2]: text},
            evidence_url="ftp://example.org/a" if number else "https://example.org/b",
        )
    factories.agree_alone(audit.responses.get())
    for agreed, text in zip(audit.agreed_ratings.order_by("pk"), factories.HOSTILE, strict=True):
        agreed.reason = text
        agreed.save()

    content = made(audit)

    text = text_of(content)
    assert pdf.faults(content) == []
    assert caplog.records == []
    assert text.count('<b onmouseover="alert(1)">bold</b>') == 7 + 2
    assert "{{ request.user.password }} {% now %}" in text
    assert "right to left [Hebrew text]" in text
    assert "[woman] [microphone] [multiple musical notes] Cŵn a thŷ" in text
    assert '=HYPERLINK("http://example.org")' in text
    assert "Signs and scripts that the typefaces of this report do not hold" in text
    with pikepdf.open(BytesIO(content)) as document:
        links = [
            str(link.A.URI)
            for page in document.pages
            for link in page.get("/Annots", [])
            if "/A" in link
        ]
    assert links == ["https://example.org/b"]


@pytest.mark.parametrize("name", ["W" * 160, "Gwasanaeth Cerdd Ŵyl " * 7, "Ösa"])
def test_any_name_fits_on_the_cover(audit, person, name):
    factories.agree(audit, person("lead"), A1_1=3)
    audit.service.name = name.strip()

    content = made(audit, with_comments=False)

    assert pdf.faults(content) == []
    assert name[:12] in text_of(content)


def test_the_key_changes_with_what_it_says(sixty):
    before = reports.key(data_of(sixty))
    same = reports.key(data_of(sixty))

    sixty.agreed_ratings.filter(answer="level", value=3).first().delete()

    assert before == same
    assert reports.key(data_of(sixty)) != before
    assert reports.key(data_of(sixty, with_comments=False)) != reports.key(data_of(sixty))


def test_the_key_changes_with_how_it_looks(audit, person, settings, tmp_path):
    factories.agree(audit, person("lead"), A1_1=3)
    before = reports.key(data_of(audit, with_comments=False))
    base = tmp_path / "base"
    for name in ("templates/pdf", "static/pdf", "portal/templatetags"):
        (base / name).mkdir(parents=True)
    for name in ("portal/pdf.py", "portal/legible.py", "portal/templatetags/drawings.py"):
        (base / name).write_text("changed")
    papers.edition.cache_clear()
    settings.BASE_DIR = base

    after = reports.key(data_of(audit, with_comments=False))
    papers.edition.cache_clear()

    assert after != before


def test_data_keeps_the_day_of_closing_and_no_instant_of_making(audit, person):
    factories.agree(audit, person("lead"), A1_1=3)
    audit.closed_at, audit.closed_by = timezone.now(), person("lead")

    data = data_of(audit, with_comments=False)

    assert data["closed_on"] == f"{timezone.localdate():%-d %B %Y}"
    assert json.dumps(data) == json.dumps(data_of(audit, with_comments=False))
