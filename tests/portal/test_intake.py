"""A file of music services: seen first, then all of it or nothing, and twice is once."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import csv_in, directory, intake
from portal.models import Activity, FormerName, LocalAuthority, MusicService, User, Verb
from tests import factories

IMPORT = "/services/import/"
HEAD = ",".join(directory.COLUMNS)
AVON = "Avon Music Service,Avonshire,South West,2019,,yes,,,https://example.org/avon"
CODA = "Coda Music,Area A; Area B,London,,,,yes,yes,"


def file(*lines: str, head: str = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("services.csv", "\n".join([head, *lines]).encode())


def taken(browser, *lines):
    """Look at a file, then take it in."""
    page = browser.post(IMPORT, {"file": file(*lines)})
    return browser.post(
        IMPORT,
        {"read": page.context["text"], "seen": page.context["preview"].seen, "go": "take"},
        follow=True,
    )


def test_a_file_is_shown_before_anything_is_changed(sign_in, avon, bute):
    answer = sign_in("team").post(IMPORT, {"file": file(AVON, CODA)})

    preview = answer.context["preview"]
    assert [line.name for line in preview.new] == ["Coda Music"]
    assert [(one.label, one.was, one.will) for one in preview.changed[0].changes] == [
        ("first year", "empty", "2019"),
        ("action research", "no", "yes"),
        ("where this comes from", "empty", "https://example.org/avon"),
        ("council areas", "none", "Avonshire"),
    ]
    assert preview.missing == [bute]
    assert not Activity.objects.exists()
    assert MusicService.objects.count() == 2


def test_a_file_is_taken_in_and_a_second_time_does_nothing(sign_in, avon):
    browser = sign_in("team")

    first = taken(browser, AVON, CODA)
    second = browser.post(IMPORT, {"file": file(AVON, CODA)})

    avon.refresh_from_db()
    coda = MusicService.objects.get(name="Coda Music")
    assert "1 added, 1 changed." in first.text
    assert (avon.first_year, avon.action_research) == (2019, True)
    assert [area.name for area in coda.local_authorities.all()] == ["Area A", "Area B"]
    assert (coda.slug, coda.nurture_groups, coda.in_nwg) == ("coda-music", True, True)
    assert [line.verb for line in Activity.objects.all()] == [
        Verb.IMPORTED,
        Verb.CHANGED,
        Verb.ADDED,
    ]
    assert "The directory says all of this already." in second.text


def test_the_list_that_is_taken_away_comes_back_as_it_is(sign_in, db):
    directory.load()
    hostile = factories.service("=cmd|'/c calc'!A0", region="London")
    browser = sign_in("team")
    away = browser.get("/services/table.csv").content

    answer = browser.post(IMPORT, {"file": SimpleUploadedFile("services.csv", away)})

    assert answer.context["preview"].same == 33 == MusicService.objects.count()
    assert not answer.context["preview"].does_something
    assert hostile.name in away.decode()


def test_a_former_name_stands_for_its_service(sign_in, avon, bute):
    FormerName.objects.create(service=avon, name="Old Avon Music")

    taken(sign_in("team"), AVON.replace("Avon Music Service", "Old Avon Music"))

    avon.refresh_from_db()
    assert (avon.name, avon.first_year) == ("Avon Music Service", 2019)
    assert set(MusicService.objects.all()) == {avon, bute}


def test_a_name_that_is_nearly_one_here_is_pointed_out(sign_in, avon):
    answer = sign_in("team").post(IMPORT, {"file": file(AVON.replace("Avon Music", "Avonn Music"))})

    assert answer.context["preview"].new[0].like == "Avon Music Service"
    assert "Much like <strong>Avon Music Service</strong>" in answer.text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (CODA.replace("London", "Wales"), "“Wales” is no region of England."),
        (CODA.replace("London,,", "London,19,"), "“19” is no year."),
        (CODA.replace("yes,yes,", "yes,maybe,"), "“maybe” stands under working_group."),
        (CODA + "javascript:alert(1)", "“javascript:alert(1)” is no web address."),
        (CODA.replace("Coda Music", ""), "The name is empty."),
        (CODA.replace("Coda Music", "x" * 161), "under name is longer than 160"),
        (CODA.replace("Area B", "x" * 121), "A council area is longer"),
        (AVON.upper().replace("SOUTH WEST", "South West"), "the same music service as in line 2"),
    ],
)
def test_while_something_is_to_mend_nothing_is_taken_in(sign_in, avon, bute, line, said):
    browser = sign_in("team")

    page = browser.post(IMPORT, {"file": file(AVON, line)})
    forced = browser.post(
        IMPORT,
        {"read": page.context["text"], "seen": page.context["preview"].seen, "go": "take"},
    )

    assert said in page.text
    assert "Bring it in" not in page.text
    assert forced.status_code == 409
    assert not Activity.objects.exists()
    assert set(MusicService.objects.all()) == {avon, bute}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,region\nCoda,London", "These columns are missing: local_authorities"),
        (b"PK\x03\x04\0\0", "This is no CSV file."),
        (b"x" * 1_500_001, "This file is too large."),
        (b"", "The submitted file is empty."),
        (HEAD.encode() + b'\n"' + b"x" * 200_000, "This table cannot be read"),
    ],
)
def test_what_is_no_table_of_services_is_refused(sign_in, db, content, said):
    answer = sign_in("team").post(IMPORT, {"file": SimpleUploadedFile("a.csv", content)})

    assert answer.status_code == 422
    assert said in answer.text


def test_nothing_sent_is_refused(sign_in, db):
    answer = sign_in("team").post(IMPORT, {})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": ["Choose the file."]}


def test_a_directory_that_changed_since_the_look_is_shown_again(sign_in, avon):
    browser = sign_in("team")
    page = browser.post(IMPORT, {"file": file(AVON)})
    MusicService.objects.filter(pk=avon.pk).update(first_year=2015)

    answer = browser.post(
        IMPORT,
        {"read": page.context["text"], "seen": page.context["preview"].seen, "go": "take"},
    )

    avon.refresh_from_db()
    assert answer.status_code == 409
    assert "The directory changed since you looked." in answer.text
    assert answer.context["preview"].changed[0].changes[0].was == "2015"
    assert avon.first_year == 2015


def test_nothing_is_half_done(avon):
    text = "\n".join([HEAD, CODA, AVON])
    seen = intake.look(text).seen

    with pytest.raises(ValueError, match="unsaved"):
        intake.take_in(text=text, seen=seen, by=User())  # fails where the first line is recorded

    assert MusicService.objects.count() == 1
    assert not LocalAuthority.objects.exists()


def test_files_of_older_spreadsheets_are_read():
    text = csv_in.text_of("Tŷ Cerdd’s café".encode("cp1252", errors="replace"))

    assert text == "T? Cerdd’s café"


@pytest.mark.parametrize("rows", [1, 30])
def test_looking_costs_the_same_for_any_number(db, rows, django_assert_num_queries):
    for number in range(rows):
        factories.service(f"S{number}")

    with django_assert_num_queries(3):
        intake.look("\n".join([HEAD, *(CODA.replace("Coda", f"C{n}") for n in range(rows))]))


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_cells_stay_words(sign_in, avon, text):
    name = text[:150].replace('"', '""')

    answer = sign_in("team").post(IMPORT, {"file": file(CODA.replace("Coda Music", f'"{name}"'))})

    assert answer.status_code == 200
    assert "<b onmouseover" not in answer.text
