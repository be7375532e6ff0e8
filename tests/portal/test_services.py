"""The directory is public; what is inside a service is for its own people."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portal import actions, directory, directory_changes
from portal.access import Role
from portal.context import navigation
from portal.models import Activity, LocalAuthority, MusicService, Verb
from tests import factories


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("visitor", 4), ("lead", 7), ("team", 7)])
def test_list_costs_the_same_for_any_number(
    sign_in, db, rows, name, queries, django_assert_num_queries
):
    browser = sign_in(name)
    MusicService.objects.filter(memberships=None).delete()
    for number in range(rows):
        added = factories.service(f"Service {number}", region="London")
        added.local_authorities.add(LocalAuthority.objects.create(name=f"Area {number}"))
    browser.get("/services/")

    with django_assert_num_queries(queries):
        answer = browser.get("/services/")

    assert answer.text.count("Area ") == rows


def test_real_services_are_listed_by_region(client, db):
    added = directory.load()

    answer = client.get("/services/")

    assert added == MusicService.objects.count() == 30
    assert directory.load() == 0
    assert "<h1>30 music services, changing together</h1>" in answer.text
    assert '<h2 id="yorkshire-and-the-humber">Yorkshire and the Humber</h2>' in answer.text
    assert "Southampton; Isle of Wight" not in answer.text
    assert "Isle of Wight; Southampton" in answer.text
    assert "Bournemouth, Christchurch &amp; Poole" in answer.text
    assert "Made up" not in answer.text


def test_facts_of_a_real_service(client, db):
    directory.load()

    answer = client.get("/services/hertfordshire-music-service/")

    assert "Leads the programme." in answer.text
    assert "<dd>2012</dd>" in answer.text
    assert 'href="https://changingtracks.org.uk/about-us/changing-tunes-2012-18/"' in answer.text
    assert "Who is who" not in answer.text


def test_what_is_made_up_says_so(client, db):
    made_up = factories.service("Northvale Music Service", is_fictional=True)

    answers = [client.get("/services/").text, client.get(made_up.get_absolute_url()).text]

    assert ["Made up, for the demo" in text for text in answers] == [True, True]


@pytest.mark.parametrize(
    ("name", "people", "audits", "activity"),
    [
        ("lead", True, True, True),
        ("inclusion_lead", True, True, True),
        ("group_member", True, True, False),
        ("board_viewer", True, True, False),
        ("team", True, False, False),
        ("outsider", False, False, False),
        ("facilitator", False, False, False),
        ("funder", False, False, False),
        ("visitor", False, False, False),
    ],
)
def test_who_sees_what_of_a_service(sign_in, person, avon, name, people, audits, activity):
    person("group_member")

    answer = sign_in(name).get(f"/services/{avon.slug}/")

    seen = [
        part in answer.text
        for part in (
            "The group member</h3>",
            f'<h3><a href="/self-assessments/of/{avon.slug}/"',
            "What was done when",
        )
    ]
    assert seen == [people, audits, activity]


@pytest.mark.parametrize(
    "address", ["/examples/", "/reviews/desk/1/", "/pages/home/edit/", "/enews/readers/"]
)
def test_what_the_team_works_on_is_in_the_part_of_the_programme(person, address):
    found = navigation(person("team"), None, address)

    assert [one.label for one in found if one.current] == ["Programme"]


MEMBERS = ["audits", "overview", "plans", "reminders", "trend"]
LEADS = [*MEMBERS, "activity", "logo", "terms"]
MINE = {"reminders"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("lead", [*LEADS, "everything"]),
        ("inclusion_lead", LEADS),
        ("group_member", MEMBERS),
        ("board_viewer", MEMBERS),
        ("team", []),
        ("outsider", []),
        ("visitor", []),
    ],
)
def test_the_pages_inside_are_listed_for_whoever_may_open_them(sign_in, avon, name, found):
    browser = sign_in(name)
    named = {route: reverse(route, args=[avon.slug]) for route in {*LEADS, "everything"} - MINE}
    named |= {route: reverse(route) for route in MINE}

    page = browser.get(avon.get_absolute_url()).text

    listed = sorted(route for route, url in named.items() if f'<li><h3><a href="{url}"' in page)
    assert listed == sorted(found)
    assert [browser.get(named[route]).status_code for route in listed] == [200] * len(found)


@pytest.mark.parametrize("name", ["lead", "board_viewer"])
def test_the_page_of_the_year_lists_the_same_but_itself(sign_in, avon, name):
    browser = sign_in(name)
    entry = re.compile(r'<li><h3><a href="([^"]+)">')

    own = entry.findall(browser.get(avon.get_absolute_url()).text)
    year = entry.findall(browser.get(reverse("overview", args=[avon.slug])).text)

    assert [reverse("overview", args=[avon.slug]), *year] == own


def test_the_account_leads_to_each_own_music_service(sign_in, person, avon, bute):
    factories.membership(person("lead"), bute, Role.BOARD_VIEWER)

    page = sign_in("lead").get(reverse("account_index")).text

    listed = [one.get_absolute_url() for one in (avon, bute)]
    assert [f'<h2><a href="{url}">' in page for url in listed] == [True, True]


@pytest.mark.parametrize(
    "address",
    ["/targets/1/", "/notes/1/", "/evidence/1/remove/", "/papers/1/", "/examples/", "/plans/2/"],
)
def test_what_hangs_on_a_plan_is_in_its_part_of_the_site(person, avon, address):
    lead = person("lead")
    [membership] = lead.live_memberships

    found = navigation(lead, membership, address)

    assert [one.label for one in found if one.current] == ["Action plan"]


def test_team_adds_a_service_and_goes_on_to_its_lead(sign_in, db):
    browser = sign_in("team")

    form = browser.get("/services/add/")
    answer = browser.post(
        "/services/add/",
        {"name": "Coda Music", "region": "London", "authorities": " Area  A \n\nArea B\nArea A"},
    )

    added = MusicService.objects.get(name="Coda Music")
    assert form.status_code == 200
    assert answer.url == "/services/coda-music/people/invite/?role=lead"
    assert [area.name for area in added.local_authorities.all()] == ["Area A", "Area B"]
    assert not added.is_fictional
    assert Activity.objects.get().verb == Verb.ADDED


@pytest.mark.parametrize("name", ["lead", "facilitator", "funder"])
def test_nobody_else_adds_a_service(sign_in, db, name):
    answer = sign_in(name).post(
        "/services/add/", {"name": "Coda Music", "region": "London", "authorities": "Area"}
    )

    assert answer.status_code == 403
    assert not MusicService.objects.filter(name="Coda Music").exists()


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": ""}, {"name": ["Enter the name of the music service."]}),
        (
            {"name": "AVON music service"},
            {"__all__": ["A music service of this name is already here."]},
        ),
        ({"authorities": " \n "}, {"authorities": ["Enter at least one council area."]}),
        (
            {"authorities": "x" * 121},
            {"authorities": ["Use at most 120 characters for each area."]},
        ),
        (
            {"region": "Wales"},
            {"region": ["Select a valid choice. Wales is not one of the available choices."]},
        ),
    ],
)
def test_service_form_says_what_to_mend(sign_in, avon, change, errors):
    typed = {"name": "Coda Music", "region": "London", "authorities": "Area"} | change

    answer = sign_in("team").post("/services/add/", typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert not MusicService.objects.filter(region="London").exists()


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Coda Music", "Coda: music!"], ["coda-music", "coda-music-2"]),
        (["Add", "Switch"], ["add-2", "switch-2"]),
        (["שלום", "👩🏽‍🎤"], ["music-service", "music-service-2"]),
        (["Tŷ Cerdd"], ["ty-cerdd"]),
    ],
)
def test_addresses_of_services_never_collide(person, names, slugs):
    added = [
        actions.add_service(
            service=MusicService(name=name, region="London"), authorities=["A"], by=person("team")
        )
        for name in names
    ]

    assert [service.slug for service in added] == slugs


def test_team_finds_the_services_without_a_lead(sign_in, person, avon, bute):
    person("lead")
    browser = sign_in("team")

    everything = browser.get("/services/")
    without = browser.get("/services/?lead=none")

    assert [s.has_lead for s in everything.context["page"]] == [True, False]
    assert list(without.context["page"]) == [bute]


def test_the_filter_is_for_the_team_alone(sign_in, person, avon, bute):
    person("lead")

    answer = sign_in("visitor").get("/services/?lead=none")

    assert list(answer.context["page"]) == [avon, bute]
    assert "No lead yet" not in answer.text


def test_person_of_two_services_switches(sign_in, person, avon, bute):
    factories.membership(person("lead"), bute, Role.BOARD_VIEWER)
    browser = sign_in("lead")
    first = browser.get("/").context["shell"].current.service

    answer = browser.post(
        "/services/switch/", {"service": bute.slug, "next": "/account/"}, follow=True
    )

    assert first == avon
    assert answer.redirect_chain == [("/account/", 302)]
    assert "You are working for Bute Music Service now." in answer.text
    assert browser.get("/").context["shell"].current.service == bute


@pytest.mark.parametrize("name", ["lead", "team"])
@pytest.mark.parametrize("slug", ["bute-music-service", "nowhere", ""])
def test_nobody_switches_to_where_they_do_not_belong(sign_in, bute, name, slug):
    browser = sign_in(name)

    answer = browser.post("/services/switch/", {"service": slug})

    assert answer.status_code == 404
    assert "current_service" not in browser.session


def test_switch_is_forgotten_with_the_membership(sign_in, person, avon, bute):
    second = factories.membership(person("lead"), bute, Role.BOARD_VIEWER)
    person("outsider")
    browser = sign_in("lead")
    browser.post("/services/switch/", {"service": bute.slug})

    actions.remove_member(membership=second, by=person("outsider"))

    assert browser.get("/").context["shell"].current.service == avon


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("lead", 200),
        ("inclusion_lead", 200),
        ("group_member", 403),
        ("board_viewer", 403),
        ("team", 403),
        ("outsider", 404),
        ("funder", 404),
    ],
)
def test_who_reads_what_was_done(sign_in, avon, name, status):
    assert sign_in(name).get(f"/services/{avon.slug}/activity/").status_code == status


@pytest.mark.parametrize("rows", [1, 3])
def test_activity_costs_the_same_for_any_number(
    sign_in, person, avon, rows, django_assert_num_queries
):
    browser = sign_in("lead")
    for number in range(rows):
        actions.record(
            by=person("lead"), verb=Verb.STARTED, subject=f"thing {number}", service=avon
        )
    browser.get(f"/services/{avon.slug}/activity/")

    with django_assert_num_queries(6):
        answer = browser.get(f"/services/{avon.slug}/activity/")

    assert answer.text.count("<strong>The lead</strong> started thing") == rows


def test_activity_comes_in_pages(sign_in, person, avon):
    for number in range(51):
        actions.record(by=person("lead"), verb=Verb.STARTED, subject=f"t{number}.", service=avon)
    browser = sign_in("lead")

    first = browser.get(f"/services/{avon.slug}/activity/")
    second = browser.get(f"/services/{avon.slug}/activity/?page=2")

    assert [len(answer.context["page"].object_list) for answer in (first, second)] == [50, 1]
    assert "t50." in first.text
    assert "t0." in second.text


def test_activity_of_another_service_stays_there(sign_in, person, avon, bute):
    actions.record(by=person("outsider"), verb=Verb.STARTED, subject="secret", service=bute)

    answer = sign_in("lead").get(f"/services/{avon.slug}/activity/")

    assert "secret" not in answer.text
    assert "Nothing yet" in answer.text


def typed(service: MusicService, **changes: object) -> dict[str, object]:
    """What the page of facts sends back, with changes."""
    return {
        "name": service.name,
        "region": service.region,
        "kind": service.kind,
        "authorities": "Avonshire",
        "as_read": directory_changes.as_read(service),
        **changes,
    }


def test_the_team_writes_down_the_facts_of_a_service(sign_in, avon):
    facts = typed(avon, kind="trust", first_year="2019", in_nwg="on")

    page = sign_in("team").post("/services/avon-music-service/edit/", facts, follow=True)

    avon.refresh_from_db()
    assert (avon.kind, avon.first_year, avon.in_nwg, avon.nurture_groups) == (
        *("trust", 2019, True),
        False,
    )
    assert [area.name for area in avon.local_authorities.all()] == ["Avonshire"]
    assert "Trust or charity" in page.text
    assert Activity.objects.filter(verb=Verb.CHANGED, service=avon).count() == 1


def test_a_name_that_changes_is_kept_and_still_found(sign_in, client, avon):
    sign_in("team").post("/services/avon-music-service/edit/", typed(avon, name="Coda Music"))

    avon.refresh_from_db()
    assert (avon.name, avon.slug) == ("Coda Music", "avon-music-service")
    assert [former.name for former in avon.former_names.all()] == ["Avon Music Service"]
    assert [one.name for one in client.get("/services/?q=avon").context["page"]] == ["Coda Music"]


def test_a_name_that_comes_back_is_no_former_name(person, avon):
    for name in ["Coda Music", "Avon Music Service", "AVON Music Service"]:
        directory_changes.change(service=avon, facts={"name": name}, by=person("team"))

    assert [former.name for former in avon.former_names.all()] == ["Coda Music"]


def test_facts_that_are_the_same_leave_no_trace(sign_in, avon):
    avon.local_authorities.add(LocalAuthority.objects.create(name="Avonshire"))

    sign_in("team").post("/services/avon-music-service/edit/", typed(avon))

    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "choir"}, "kind"),
        ({"name": "bute music service"}, "__all__"),
        ({"first_year": "19"}, "first_year"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"authorities": " "}, "authorities"),
    ],
)
def test_facts_that_cannot_be_are_refused(sign_in, avon, bute, change, field):
    answer = sign_in("team").post("/services/avon-music-service/edit/", typed(avon, **change))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Activity.objects.exists()


def test_facts_that_somebody_changed_meanwhile_are_shown_beside(sign_in, person, avon):
    facts = typed(avon, region="London")
    directory_changes.change(service=avon, facts={"first_year": 2018}, by=person("team"))
    browser = sign_in("team")

    clash = browser.post("/services/avon-music-service/edit/", facts)
    again = browser.post(
        "/services/avon-music-service/edit/", facts | {"as_read": clash.context["as_read"]}
    )

    avon.refresh_from_db()
    assert clash.status_code == 409
    assert "<dt>First year</dt><dd>2018</dd>" in clash.text
    assert again.status_code == 302
    assert avon.region == "London"


def test_visitors_see_the_kind_only_where_it_is_known(client, avon, bute):
    avon.kind = "council"
    avon.save()

    pages = [client.get(one.get_absolute_url()).text for one in (avon, bute)]

    assert "<dd>Council team</dd>" in pages[0]
    assert "Kind of service" not in pages[1]
