"""Hub areas change over time: who leads them, and which councils lie in them."""

from __future__ import annotations

import datetime as dt

import pytest

from portal import directory
from portal.models import Activity, HubArea, HubMember
from tests import factories


@pytest.fixture
def area(db):
    found = HubArea.objects.create(name="Three Rivers")
    found.leads.create(organisation="First Council", from_on=dt.date(2024, 9, 1))
    return found


def leads(area):
    return [(one.organisation, one.from_on, one.until_on) for one in area.leads.all()]


def test_the_directory_comes_with_its_hub_areas(client, db):
    directory.load()

    text = client.get("/services/hub-areas/").text

    assert HubArea.objects.count() == 13
    assert directory.load_hubs() == 0
    assert "Haringey Music Service" in text
    assert "Who leads it is not known yet" in text
    assert "leads it since September 2024" in text
    assert "Add a hub area" not in text


def test_the_team_adds_an_area_then_its_lead(sign_in, db):
    browser = sign_in("team")

    added = browser.post(
        "/services/hub-areas/add/", {"name": "Severn", "authorities": "Area A\nArea B"}
    )
    browser.post(added.url, {"organisation": "Severn Arts", "from_on": "2024-09-01"})

    area = HubArea.objects.get()
    assert [member.authority.name for member in area.members.all()] == ["Area A", "Area B"]
    assert leads(area) == [("Severn Arts", dt.date(2024, 9, 1), None)]
    assert Activity.objects.count() == 2


def test_a_new_lead_ends_the_one_before(sign_in, client, area):
    sign_in("team").post(
        f"/services/hub-areas/{area.pk}/lead/",
        {"organisation": "Second Trust", "from_on": "2026-09-01"},
    )

    text = client.get("/services/hub-areas/").text
    assert leads(area) == [
        ("Second Trust", dt.date(2026, 9, 1), None),
        ("First Council", dt.date(2024, 9, 1), dt.date(2026, 8, 31)),
    ]
    assert "September 2024 to August 2026" in text


def test_a_lead_of_before_is_written_down_beside_the_one_now(sign_in, area):
    sign_in("team").post(
        f"/services/hub-areas/{area.pk}/lead/",
        {"organisation": "Old Hub", "from_on": "2012-09-01", "until_on": "2024-08-31"},
    )

    assert [name for name, _, _ in leads(area)] == ["First Council", "Old Hub"]


SINCE = "First Council leads Three Rivers since 1 September 2024."


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        (
            {"from_on": "2024-09-01"},
            {"from_on": [f"{SINCE} Say from when the next one leads: a later day."]},
        ),
        (
            {"from_on": "2026-09-01", "until_on": "2025-01-01"},
            {"until_on": ["The last day comes before the first."]},
        ),
        ({"organisation": ""}, {"organisation": ["Enter the organisation."]}),
    ],
)
def test_leads_that_cannot_be_are_refused(sign_in, area, change, errors):
    answer = sign_in("team").post(
        f"/services/hub-areas/{area.pk}/lead/", {"organisation": "Second Trust"} | change
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert area.leads.count() == 1


def test_a_council_area_moves_from_one_hub_area_to_another(sign_in, area):
    browser = sign_in("team")
    for name in ("Severn", "Wye"):
        browser.post("/services/hub-areas/add/", {"name": name, "authorities": "Area A"})

    assert [
        (member.area.name, member.until_on is None)
        for member in HubMember.objects.order_by("area__name")
    ] == [("Severn", False), ("Wye", True)]


def test_an_area_whose_name_is_taken_is_refused(sign_in, area):
    answer = sign_in("team").post("/services/hub-areas/add/", {"name": "Three Rivers"})

    assert answer.status_code == 422
    assert HubArea.objects.count() == 1


@pytest.mark.parametrize("name", ["lead", "facilitator"])
def test_nobody_else_writes_hub_areas(sign_in, area, name):
    browser = sign_in(name)

    codes = [
        browser.post(f"/services/hub-areas/{end}", {"name": "X", "organisation": "X"}).status_code
        for end in ("add/", f"{area.pk}/", f"{area.pk}/lead/")
    ]

    assert codes == [403, 403, 403]
    assert len(leads(area)) == HubArea.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, db, rows, django_assert_num_queries):
    for number in range(rows):
        area = HubArea.objects.create(name=f"Hub {number}")
        area.leads.create(organisation=f"Leader {number}")
        authority = directory.areas([f"Area {number}"])[0]
        area.members.create(authority=authority)

    with django_assert_num_queries(3):
        text = client.get("/services/hub-areas/").text

    assert [text.count(word) for word in ("Leader ", "Area ")] == [rows, rows]


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_names_stay_words(sign_in, client, area, text):
    sign_in("team").post(
        f"/services/hub-areas/{area.pk}/lead/",
        {"organisation": text[:160], "from_on": "2026-09-01"},
    )

    assert "<b onmouseover" not in client.get("/services/hub-areas/").text
