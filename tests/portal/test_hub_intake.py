"""A file of hub areas: seen first, then all of it or nothing, and twice is once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import directory, hub_intake, hubs
from portal.models import Activity, HubArea, HubLead, HubMember, Verb

IMPORT = "/services/hub-areas/import/"
HEAD = ",".join(directory.HUB_COLUMNS)
DALE = "Dale,Dale Arts,Upper Dale; Lower Dale,https://example.org/dale"
FELL = "Fell,New Fell Music,Fell; High Fell,"


@pytest.fixture
def fell(person):
    """Led by Old Fell Music since September 2024, with one council area in it."""
    area = hubs.keep(area=HubArea(name="Fell"), authorities=["Fell"], by=person("team"))
    area.leads.create(organisation="Old Fell Music", from_on=dt.date(2024, 9, 1))
    return area


def file(*lines: str, head: str = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("hubs.csv", "\n".join([head, *lines]).encode())


def looked(browser, *lines):
    return browser.post(IMPORT, {"file": file(*lines)})


def take(browser, page, **more):
    sent = {"read": page.context["text"], "seen": page.context["preview"].seen, "go": "take"}
    return browser.post(IMPORT, {**sent, **more}, follow=True)


def test_a_file_is_shown_before_anything_is_changed(sign_in, fell):
    answer = looked(sign_in("team"), DALE, FELL)

    preview = answer.context["preview"]
    assert [line.name for line in preview.new] == ["Dale"]
    assert [(one.label, one.was, one.will) for one in preview.changed[0].changes] == [
        ("hub lead organisation", "Old Fell Music", "New Fell Music"),
        ("council areas", "Fell", "Fell, High Fell"),
    ]
    assert HubArea.objects.count() == 1


def test_a_lead_changes_on_the_day_that_is_given_and_the_one_before_stays_known(sign_in, fell):
    browser = sign_in("team")

    answer = take(browser, looked(browser, DALE, FELL), on="2026-09-01")

    leads = fell.leads.values_list("organisation", "from_on", "until_on")
    now = HubMember.objects.filter(area=fell, until_on=None)
    assert "1 added, 1 changed." in answer.text
    assert list(leads) == [
        ("New Fell Music", dt.date(2026, 9, 1), None),
        ("Old Fell Music", dt.date(2024, 9, 1), dt.date(2026, 8, 31)),
    ]
    assert [str(one.authority) for one in now] == ["Fell", "High Fell"]
    assert HubArea.objects.get(name="Dale").lead_now.organisation == "Dale Arts"
    assert Activity.objects.filter(verb=Verb.IMPORTED).count() == 1


def test_a_second_time_does_nothing(sign_in, fell):
    browser = sign_in("team")
    take(browser, looked(browser, DALE, FELL), on="2026-09-01")

    again = looked(browser, DALE, FELL).context["preview"]

    assert (again.new, again.changed, again.same) == ([], [], 2)
    assert not again.does_something


def test_what_a_line_leaves_empty_it_says_nothing_about(sign_in, fell):
    preview = looked(sign_in("team"), "Fell,,,").context["preview"]

    assert (preview.same, preview.changed) == (1, [])


def test_what_the_file_leaves_out_stays(sign_in, fell):
    browser = sign_in("team")
    page = looked(browser, DALE)

    take(browser, page)

    assert page.context["preview"].missing == [fell]
    assert HubArea.objects.count() == 2


def test_the_list_that_is_taken_away_comes_back_as_it_is(sign_in, client, db):
    directory.load_hubs()
    table = client.get(reverse("hub_areas_csv"))

    page = sign_in("team").post(IMPORT, {"file": SimpleUploadedFile("h.csv", table.content)})

    preview = page.context["preview"]
    assert (preview.same, preview.new, preview.changed) == (HubArea.objects.count(), [], [])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([",Lead,,"], "The name of the hub area is empty."),
        (["Dale,,,nowhere"], "“nowhere” is no web address."),
        ([f"{'D' * 121},,,"], "longer than 120 characters"),
        (["Dale,,,", "dale,,,"], "the same hub area as in line 2"),
        (["Dale,,Up,", "Vale,,up,"], "stands in line 2 too"),
    ],
)
def test_while_something_is_to_mend_nothing_is_taken_in(sign_in, db, lines, said):
    browser = sign_in("team")
    page = looked(browser, *lines)

    answer = take(browser, page)

    assert said in page.text
    assert answer.status_code == 409
    assert not HubArea.objects.exists()


def test_a_lead_cannot_begin_before_the_one_before(sign_in, fell):
    browser = sign_in("team")

    answer = take(browser, looked(browser, FELL), on="2024-09-01")

    assert answer.status_code == 409
    assert "Old Fell Music leads Fell since 1 September 2024" in answer.text
    assert HubLead.objects.count() == 1
    assert HubMember.objects.count() == 1


@pytest.mark.parametrize("line", ["Dale,,Fell,", "Fell,,High Fell,"])
def test_a_council_area_cannot_leave_before_it_came(sign_in, fell, line):
    HubMember.objects.update(from_on=dt.date(2024, 9, 1))
    browser = sign_in("team")

    refused = take(browser, looked(browser, line), on="2024-08-31")
    before = list(HubMember.objects.values_list("area", "from_on", "until_on"))
    answer = take(browser, looked(browser, line), on="2024-09-01")

    since = dt.date(2024, 9, 1)
    assert (refused.status_code, answer.status_code) == (409, 200)
    assert "Fell lies in Fell since 1 September 2024" in refused.text
    assert before == [(fell.pk, since, None)]
    assert HubMember.objects.get(authority__name="Fell", area=fell).until_on == since


def test_a_day_that_is_none_loses_no_file(sign_in, fell):
    browser = sign_in("team")

    answer = take(browser, looked(browser, FELL), on="soon")

    assert answer.status_code == 422
    assert "New Fell Music" in answer.context["text"]
    assert HubLead.objects.count() == 1


def test_hub_areas_that_changed_since_the_look_are_shown_again(sign_in, fell):
    browser = sign_in("team")
    page = looked(browser, FELL)
    fell.leads.update(organisation="New Fell Music")

    answer = take(browser, page)

    assert answer.status_code == 409
    assert [one.label for one in answer.context["preview"].changed[0].changes] == ["council areas"]
    assert HubMember.objects.count() == 1


@pytest.mark.parametrize("who", ["lead", "facilitator", "funder"])
def test_nobody_else_takes_a_file_in(sign_in, fell, who):
    answer = sign_in(who).post(IMPORT, {"file": file(DALE)})

    assert answer.status_code == 403
    assert HubArea.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_costs_the_same_for_any_number(db, person, rows, django_assert_num_queries):
    for number in range(rows):
        hubs.keep(
            area=HubArea(name=f"Area {number}"), authorities=[f"C{number}"], by=person("team")
        )
    text = "\n".join([HEAD, *(f"Area {number},Lead {number},," for number in range(rows))])

    with django_assert_num_queries(3):
        preview = hub_intake.look(text)

    assert len(preview.changed) == rows
