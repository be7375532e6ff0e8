"""Every kind of page of what the programme publishes: axe, and what axe misses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.text import slugify

from portal.access import ProgrammeRole
from portal.directory import COLUMNS
from portal.models import FormerName, HubArea, HubLead, HubMember, LocalAuthority, NwgSeat, Topic
from resources import pages
from resources.models import Kept, LinkCheck, Synonyms, Usefulness
from tests import factories
from tests.browser.accessible import faults, faulty, portions, refused, seen
from tests.browser.hostile import ADDRESS, LONG, MARKED, SHORT, TEXT, WORD


@pytest.fixture
def world(avon, bute, person, questionnaire) -> dict[str, object]:
    """The library in every state, the directory with hub areas and seats."""
    lead, team, today = person("lead"), person("team"), timezone.localdate()
    for name in ("inclusion_lead", "group_member", "board_viewer"):
        person(name)
    other = factories.user("second", programme_role=ProgrammeRole.TEAM)
    pages.load()
    return {
        **library(avon, lead, team, other, today),
        **directory(avon, bute, person, today),
        "statement": questionnaire.statements.first().pk,
        "team": other.pk,
    }


def library(avon, lead, team, other, today) -> dict[str, object]:
    for order, name in enumerate(["First Access", "Partnerships", *"CDEF"], start=1):
        Topic.objects.get_or_create(slug=slugify(name), defaults={"name": name, "order": order})
    topic = Topic.objects.get(slug="first-access")
    written = {"written_by": team, "moved_at": timezone.now(), "moved_by": other, "note": TEXT}
    out = factories.resource(
        f"Reflection {TEXT[:180]}",
        slug="out",
        summary=LONG,
        body=MARKED,
        video="https://www.youtube.com/watch?v=x",
        link=ADDRESS,
        service=avon,
        credit=SHORT,
        licence=SHORT[:120],
        heard=["holistic", "equitable", "authentic"],
        audience=["leaders", "tutors", "families"],
        review_on=today - dt.timedelta(days=1),
        expires_on=today + dt.timedelta(days=9),
        **written,
    )
    out.topics.set(Topic.objects.all()[:6])
    LinkCheck.objects.create(resource=out, url=ADDRESS, status=404, failures=3)
    files = [factories.resource_file(out, team, file_name=f"{SHORT}.txt")]
    files += [factories.resource_file(out, team, b"%PDF", file_name="Plan.pdf", pages=12)]
    picture = factories.resource_picture(out, team, alt=LONG[:200])
    shared = {"service": avon, "why": LONG}
    for number in range(30):
        resource = factories.resource(f"Reflection, part {number}", summary=LONG)
        resource.topics.add(topic)
    for_nwg = factories.resource("Papers of the NWG", visibility="nwg", body=MARKED)
    Kept.objects.create(resource=out, user=lead, **shared)
    Kept.objects.create(resource=for_nwg, user=lead)
    for number in range(6):
        reader = factories.user(f"reader {number}")
        Usefulness.objects.create(resource=out, user=reader, useful=True, changed=LONG)
        Kept.objects.create(resource=resource, user=reader, **shared)
    states = {
        "draft": factories.resource(f"Draft {SHORT}", slug="draft", state="draft", **written),
        "read": factories.resource(
            "To be read", state="review", body=MARKED, **written | {"written_by": other}
        ),
        "mine": factories.resource("My own, to be read", state="review", **written),
        "coming": factories.resource(
            "To come", published_on=today + dt.timedelta(days=9), **written
        ),
        "ended": factories.resource(
            "Ended", expires_on=today - dt.timedelta(days=9), written_by=other
        ),
        "archived": factories.resource("Archived", state="archived", **written),
    }
    return {
        **{name: resource.pk for name, resource in states.items()},
        "out": out.pk,
        "file": files[0].pk,
        "pdf": files[1].pk,
        "picture": picture.pk,
        "topic": topic.slug,
        "topic_id": topic.pk,
        "words": Synonyms.objects.create(words=f"{LONG[:290]}, EDI").pk,
    }


def directory(avon, bute, person, today) -> dict[str, object]:
    hub = HubArea.objects.create(name=SHORT[:120], source_url=ADDRESS)
    HubArea.objects.create(name="Nobody knows who leads")
    HubLead.objects.create(area=hub, organisation="Before", until_on=today)
    HubLead.objects.create(area=hub, organisation=SHORT, from_on=today)
    for name in ("Avonshire", WORD):
        area = LocalAuthority.objects.create(name=name)
        HubMember.objects.create(area=hub, authority=area)
        avon.local_authorities.add(area)
    FormerName.objects.create(service=avon, name=SHORT, until_on=today)
    avon.why_joined, avon.improving, avon.difference = TEXT, TEXT, TEXT
    avon.website = avon.source_url = ADDRESS
    avon.first_year, avon.in_nwg, avon.action_research = 2018, True, True
    avon.confirmed_at, avon.confirmed_by = timezone.now(), person("lead")
    avon.save()
    person("outsider").memberships.update(role="group_member")  # Bute has nobody to write to
    seat = factories.seat(avon, person("lead"), by=person("team"))
    proposed = NwgSeat.objects.create(
        service=avon, user=person("group_member"), proposed_by=person("lead")
    )
    over = factories.seat(avon, person("inclusion_lead"), by=person("team"), place=2)
    NwgSeat.objects.filter(pk=over.pk).end(by=person("team"))
    return {"hub": hub.pk, "seat": seat.pk, "proposed": proposed.pk}


PAGES = {
    "visitor": [
        "/",
        "/library/",
        "/library/?q=reflection&audience=leaders&sort=taken",
        "/library/?q=reflection&page=2",
        "/library/?q=reflecton",
        "/library/?q=zzzz&kind=blog",
        "/library/?statement={statement}",
        "/library/topics/{topic}/",
        "/library/topics/partnerships/",
        "/library/out/",
        "/library/ended/",
        "/services/?q=avn&region=South+West",
        "/services/?q=zzzz",
        "/services/hub-areas/",
        "/services/avon-music-service/",
        "/services/avon-music-service/contact/",
        "/services/avon-music-service/contact/?sent=yes",
        "/services/bute-music-service/contact/",
        "/how-it-works/",
        "/nwg/",
        "/help/",
        "/accessibility/",
        "/cookies/",
        "/contact/",
        "/enews/left/",
    ],
    "lead": [  # with an NWG seat
        "/",
        "/library/",
        "/library/out/",
        "/library/papers-of-the-nwg/",
        "/library/my-list/",
        "/services/avon-music-service/",
        "/services/avon-music-service/profile/",
        "/services/avon-music-service/people/",
        "/services/avon-music-service/seats/propose/",
        "/programme/nwg-seats/{proposed}/end/",
    ],
    "team": [
        "/",
        "/programme/",
        "/programme/nwg-seats/",
        "/programme/nwg-seats/{seat}/end/",
        "/programme/people/{team}/end/",
        "/services/avon-music-service/",
        "/services/avon-music-service/edit/",
        "/services/avon-music-service/seats/give/",
        "/services/bute-music-service/seats/give/",
        "/services/hub-areas/",
        "/services/hub-areas/add/",
        "/services/hub-areas/{hub}/",
        "/services/hub-areas/{hub}/lead/",
        "/services/import/",
        "/services/hub-areas/import/",
        "/library/my-list/",
        "/library/out/",
        "/library/desk/",
        "/library/desk/?show=published&page=2",
        "/library/desk/?show=archived&q=nothing",
        "/library/desk/add/",
        "/library/desk/words/",
        "/library/desk/words/add/",
        "/library/desk/words/{words}/",
        "/library/desk/words/{words}/remove/",
        "/library/desk/{out}/",
        "/library/desk/{out}/edit/",
        "/library/desk/{out}/history/",
        "/library/desk/{out}/publish/",
        "/library/desk/{out}/back-to-draft/",
        "/library/desk/{out}/archive/",
        "/library/desk/{out}/files/",
        "/library/desk/{out}/files/{file}/replace/",
        "/library/desk/{out}/files/{pdf}/remove/",
        "/library/desk/{out}/pictures/add/",
        "/library/desk/{out}/pictures/{picture}/",
        "/library/desk/{out}/pictures/{picture}/remove/",
        "/library/desk/topics/",
        "/library/desk/topics/{topic_id}/",
        "/library/desk/{draft}/",
        "/library/desk/{draft}/edit/",
        "/library/desk/{draft}/submit/",
        "/library/desk/{draft}/files/",
        "/library/desk/{read}/",
        "/library/desk/{read}/publish/",
        "/library/desk/{mine}/",
        "/library/desk/{coming}/",
        "/library/desk/{coming}/publish/",
        "/library/desk/{archived}/",
        "/library/desk/{archived}/bring-back/",
        "/library/desk/{archived}/files/",
    ],
}

REFUSED: dict[str, list[tuple[str, dict[str, str]]]] = {
    "visitor": [
        ("/enews/", {"email": "no address"}),
        ("/services/avon-music-service/contact/", {"email": "no address"}),
    ],
    "lead": [
        ("/services/avon-music-service/profile/", {"website": "nowhere"}),
        ("/services/avon-music-service/seats/propose/", {}),
    ],
    "team": [
        ("/library/desk/add/", {"title": "", "link": "nowhere", "expires_on": "2001-01-01"}),
        ("/library/desk/words/add/", {"words": "alone"}),
        ("/library/desk/{out}/edit/", {"title": ""}),
        ("/library/desk/{out}/publish/", {"on": ""}),
        ("/library/desk/{out}/archive/", {}),
        ("/library/desk/{out}/files/", {}),
        ("/library/desk/{out}/files/{file}/replace/", {}),
        ("/library/desk/{out}/pictures/add/", {}),
        ("/services/import/", {}),
        ("/services/avon-music-service/edit/", {"name": ""}),
        ("/services/hub-areas/add/", {"name": ""}),
        ("/services/hub-areas/{hub}/lead/", {"from_on": "2026-02-02", "until_on": "2026-01-01"}),
        ("/services/avon-music-service/seats/give/", {}),
    ],
}


@pytest.mark.parametrize(("who", "paths"), portions(PAGES))
def test_pages(open_as, world, who, paths):
    page = seen(open_as, who)

    found = faulty(page, [path.format(**world) for path in paths])

    assert found == {}


@pytest.mark.parametrize("who", REFUSED)
def test_pages_that_refuse(open_as, world, who):
    page = seen(open_as, who)

    found = {path: refused(page, path.format(**world), typed) for path, typed in REFUSED[who]}

    assert found == {path: [] for path in found}


# Who, the address, the box that two people fill, and the button
WRITTEN_BY_TWO = [
    ("team", "/library/desk/{out}/edit/", "summary", "Save for all readers"),
    ("team", "/library/desk/words/{words}/", "words", "Save"),
    ("team", "/library/desk/topics/{topic_id}/", "about", "Save"),
    ("team", "/pages/about/edit/", "summary", "Save and publish"),
    ("team", "/services/avon-music-service/edit/", "name", "Save"),
    ("lead", "/services/avon-music-service/profile/", "improving", "Save and confirm"),
]


def test_what_two_people_write(open_as, world):
    pages, found = {who: seen(open_as, who) for who in ("team", "lead")}, {}

    for who, path, box, button in WRITTEN_BY_TWO:
        page = pages[who]
        page.goto(path.format(**world))
        other = page.context.new_page()
        other.goto(page.url)
        for tab, text in [(other, "One, two"), (page, TEXT[::-1])]:
            tab.locator(f"[name='{box}']").fill(text[:100])
            tab.get_by_role("button", name=button, exact=True).first.click()
            tab.locator(".messages, .clash, .error-summary").first.wait_for()
        other.close()
        clash = page.locator(".clash, .error-summary").count()
        found[path] = faults(page) if clash else ["no clash"]

    assert found == {path: [] for _, path, _, _ in WRITTEN_BY_TWO}


def test_what_is_looked_at_before_it_is_kept(open_as, world, tmp_path):
    page, found = seen(open_as, "team"), {}
    table = tmp_path / "services.csv"
    row = f"{{}},Avonshire;{WORD.replace(',', '')},{{}},2018,no,yes,no,yes,{ADDRESS}\n"

    for name, region in [("as it would be", "London"), ("to mend", "Nowhere")]:
        lines = [row.format(one, region) for one in ("Avon Music Service", "W" * 100)]
        table.write_text(",".join(COLUMNS) + "\n" + "".join(lines))
        page.goto("/services/import/")
        page.locator("main [type=file]").set_input_files(table)
        page.get_by_role("button", name="Show what would change").click()
        page.get_by_role("heading", name="What this file would change").wait_for()
        found[name] = faults(page)
    page.goto("/pages/about/edit/")
    page.locator("[name=body]").fill(MARKED)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("heading", name="A heading below it").wait_for()
    found["page"] = faults(page)
    page.goto("/library/desk/{draft}/edit/".format(**world))
    page.get_by_role("button", name="Look it over first").click()
    page.locator("#advice").wait_for()
    found["resource"] = faults(page)

    assert found == {name: [] for name in found}


def test_a_reader_says_neither_yes_nor_no(open_as, world):
    page = seen(open_as, "lead")
    page.goto("/library/out/")

    page.get_by_role("button", name="Tell the programme team").click()
    page.locator(".error-summary").wait_for()

    assert faults(page) == []
