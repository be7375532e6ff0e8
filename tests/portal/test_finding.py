"""A music service is found by what people call it, and the list narrowed by what is known."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from portal import directory
from portal.models import FormerName, HubArea, LocalAuthority, NwgSeat
from tests import factories


@pytest.fixture
def shipped(db):
    directory.load()


def found(client, terms):
    return [service.name for service in client.get(f"/services/?{terms}").context["page"]]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("bury", ["Bury Music"]),
        ("Hertfordhsire", ["Hertfordshire Music Service"]),
        ("ealign music", ["Ealing Music Service"]),
        ("camdne", ["Camden Music Service"]),
        ("isle of wight", ["Southampton Music Services"]),
        ("London West", ["Ealing Music Service"]),
        ("norwich", []),
    ],
)
def test_search_knows_councils_and_hub_areas_and_forgives_slips(client, shipped, words, names):
    area = HubArea.objects.get(name="London West")

    answer = client.get("/services/", {"q": words})

    assert area.members.count() == 7
    assert [service.name for service in answer.context["page"]][:1] == names


def test_old_names_are_found_and_shown(client, avon, bute):
    FormerName.objects.create(service=avon, name="Severn Strings")

    answer = client.get("/services/?q=severn")

    assert list(answer.context["page"]) == [avon]
    assert "Once called Severn Strings" in answer.text


def test_a_hub_area_that_was_redrawn_no_longer_finds(client, avon):
    area = HubArea.objects.create(name="Three Rivers")
    avonshire = LocalAuthority.objects.create(name="Avonshire")
    avon.local_authorities.add(avonshire)
    member = area.members.create(authority=avonshire)
    before = found(client, "q=rivers")

    member.until_on = "2024-08-31"
    member.save()

    assert before == ["Avon Music Service"]
    assert found(client, "q=rivers") == []


def test_words_that_all_names_have_tell_nothing_apart(client, avon, bute):
    assert found(client, "q=the+music+service") == ["Avon Music Service", "Bute Music Service"]
    assert found(client, "q=bute+music+service") == ["Bute Music Service"]


def test_the_list_is_narrowed_and_every_count_is_of_what_would_be_left(client, db):
    for number, (region, year, nwg) in enumerate(
        [("London", 2018, True), ("London", 2019, False), ("North East", 2019, True)]
    ):
        factories.service(f"S{number}", region=region, first_year=year, in_nwg=nwg)

    shown = client.get("/services/?region=London&year=2019").context["found"]

    assert [service.name for service in shown.services] == ["S1"]
    assert {o.value: o.count for o in shown.regions if o.count} == {"London": 1, "North East": 1}
    assert {o.value: o.count for o in shown.years} == {"2018": 1, "2019": 1}
    assert {o.value: o.count for o in shown.parts} == {"research": 0, "nurture": 0, "nwg": 0}


@pytest.mark.parametrize(
    "terms", ["region=Wales", "year=abc", "year=99999", "page=x", "q=%00", "nwg=", "year=٢٠١٩"]
)
def test_what_the_address_cannot_mean_is_left_out(client, avon, bute, terms):
    assert found(client, terms) == ["Avon Music Service", "Bute Music Service"]


def test_nothing_found_says_what_to_try(client, avon):
    answer = client.get("/services/?q=zzzzzz")

    assert "No music service answers to that" in answer.text


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_stay_words(client, avon, text):
    FormerName.objects.create(service=avon, name=text[:160])

    answer = client.get("/services/", {"q": text})

    assert answer.status_code == 200
    assert '<b onmouseover="alert(1)">' not in answer.text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("terms", "queries"), [("", 4), ("q=servise", 9), ("region=London&page=1", 4)]
)
def test_finding_costs_the_same_for_any_number(
    client, db, rows, terms, queries, django_assert_num_queries
):
    for number in range(rows):
        added = factories.service(f"Serviss {number}", region="London")
        added.local_authorities.add(LocalAuthority.objects.create(name=f"Area {number}"))
        FormerName.objects.create(service=added, name=f"Former {number}")

    with django_assert_num_queries(queries):
        answer = client.get(f"/services/?{terms}")

    assert answer.text.count("Once called Former") == rows


def test_the_list_comes_in_pages_that_keep_what_was_asked(client, db):
    for number in range(51):
        factories.service(f"S{number:02d}", region="London")
    factories.service("Elsewhere", region="North East")

    first = client.get("/services/?region=London")
    second = client.get("/services/?region=London&page=2")

    assert [len(answer.context["page"].object_list) for answer in (first, second)] == [50, 1]
    assert 'href="?region=London&amp;page=2"' in first.text


def test_the_map_has_every_region_and_links_where_there_is_a_service(client, db):
    factories.service("One", region="London", in_nwg=True)

    text = client.get("/services/?nwg=yes").text

    assert text.count('<path class="') == 9
    assert text.count('class="tile"') == 1
    assert 'href="?region=London&amp;nwg=yes#list"><title>London, 1 music service</title>' in text
    assert text.index('id="list"') < text.index('id="map"')


def test_the_table_has_what_the_list_shows_in_the_columns_of_the_import(client, shipped):
    FormerName.objects.create(
        service=factories.service('=HYPERLINK("x")', region="London"), name="X"
    )

    answer = client.get("/services/table.csv?region=London")

    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert list(rows[0]) == directory.COLUMNS
    assert len(rows) == 7
    assert rows[0]["name"] == '\'=HYPERLINK("x")'
    assert rows[2]["local_authorities"] == "London Borough of Ealing"


def test_the_public_list_sets_no_cookie_and_is_kept(client, avon):
    answer = client.get("/services/")

    again = client.get("/services/", headers={"if-none-match": answer["ETag"]})

    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert again.status_code == 304


def test_a_seat_on_the_nwg_counts_as_being_part_of_it(client, avon, bute, person):
    factories.service("Coda Music", in_nwg=True)
    seat = factories.seat(avon, person("lead"), by=person("team"))
    NwgSeat.objects.create(service=bute, user=person("outsider"), proposed_by=person("outsider"))

    shown = client.get("/services/?nwg=yes")
    table = client.get("/services/table.csv?nwg=yes").content.decode("utf-8-sig")
    page = client.get(avon.get_absolute_url()).text

    assert [service.name for service in shown.context["page"]] == [avon.name, "Coda Music"]
    assert {o.value: o.count for o in shown.context["found"].parts}["nwg"] == 2
    assert shown.text.count("<span>NWG</span>") == 2
    assert [row["working_group"] for row in csv.DictReader(StringIO(table))] == ["yes", "yes"]
    assert "Working Group on Inclusion (NWG)" in page

    NwgSeat.objects.filter(pk=seat.pk).end(by=person("team"))

    assert found(client, "nwg=yes") == ["Coda Music"]


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("/services/table.csv", "music-services.csv"),
        ("/services/hub-areas/table.csv", "hub-areas.csv"),
    ],
)
def test_a_table_is_kept_for_a_minute_and_asked_after(client, avon, table, name):
    answer = client.get(table)
    again = client.get(table, headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert again.status_code == 304
