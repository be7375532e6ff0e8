"""Every public page: found, shared, light, the same for everybody, and kept by whoever likes."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from dev.bench.serve import Linked
from portal.models import Topic
from resources import pages
from resources.models import Page
from tests import factories
from tests.test_conventions import every_pattern

MOST = 150_000  # bytes of a first visit, over the line

# Pages that a visitor may come upon. A new public route goes here, or below with its reason.
PAGES = [
    *("home", "library", "topic", "resource", "services", "service", "hub_areas", "plan_public"),
    *("annual_reviews", "annual_review"),
    *(f"page:{slug}" for slug in pages.SLUGS),
]
FILES = {
    *("robots", "security", "sitemap", "sitemap_file", "library_feed", "annual_reviews_feed"),
    *("services_csv", "annual_review_pdf"),
}
NOT_FOR_FINDING = {
    # Forms: their token is one visitor's
    *("enews", "service_contact"),
    # What comes after a form
    *("enews_sent", "enews_left"),
    # The key is in the link
    *("enews_link", "enews_leave", "reminders_stop", "calendar", "join", "shared"),
    *("linked", "linked_check", "linked_hand_in", "linked_stop", "linked_mail"),
    *("linked_section", "linked_save"),
    # Part of the page that shows it
    "resource_picture",
    # Files to take away: one is counted, the other is as of now
    *("resource_file", "services_csv", "hub_areas_csv"),
    # A part of its page
    "annual_review_picture",
    # For machines and developers
    *("health", "dev_style", "dev_mail", "dev_mail_detail"),
}


class Seen(HTMLParser):
    """What a page says of itself, and what it fetches."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang, self.title, self.inside = "", "", ""
        self.meta: dict[str, list[str]] = {}
        self.canonical: list[str] = []
        self.headings: list[int] = []
        self.fetched: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.inside = tag
        if tag == "html":
            self.lang = named["lang"]
        if tag == "meta":
            name = named.get("name") or named.get("property", "")
            self.meta.setdefault(name, []).append(named.get("content", ""))
        if tag == "link" and named["rel"] == "canonical":
            self.canonical.append(named["href"])
        elif tag == "link" and named["rel"] != "alternate":
            self.fetched.append(named["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.fetched += [named[name] for name in ("src", "poster", "srcset") if name in named]
        if tag == "style" or "style" in named or any(name.startswith("on") for name in named):
            self.inline.append(tag)

    def handle_data(self, data: str) -> None:
        if self.inside == "title" and not self.title:  # a drawing has its own, further down
            self.title = data.strip()
            self.inside = ""


@pytest.fixture
def world(avon, plan, target, person):
    """Something of each kind that the public reads; and their addresses."""
    pages.load()
    factories.summary(plan, by=person("lead"))
    topic = Topic.objects.first()
    body = "### Deep\n\nText\n\n# High\n\n- one\n"
    resource = factories.resource(body=body, video="https://videos.example.org/1", service=avon)
    resource.topics.add(topic)
    review = factories.annual_review(
        person("team"), state="published", strapline="What a year taught music services."
    )
    factories.chapter(review, person("team"), body=body)
    factories.version(review, person("team"), content=b"%PDF")
    return {
        "annual_review": review.get_absolute_url(),
        "annual_review_pdf": reverse("annual_review_pdf", args=[review.pk]),
        "topic": reverse("topic", args=[topic.slug]),
        "resource": resource.get_absolute_url(),
        "service": avon.get_absolute_url(),
        "plan_public": reverse("plan_public", args=[avon.slug, plan.pk]),
        "sitemap_file": reverse("sitemap_file", args=["pages", 1]),
        **{f"page:{slug}": f"/{slug}/" for slug in pages.SLUGS},
    }


def address(world, name):
    return world.get(name) or reverse(name)


def test_every_route_without_a_sign_in_is_spoken_of():
    open_to_all = {
        pattern.name
        for pattern in every_pattern()
        if not getattr(pattern.callback, "login_required", True)
        and not pattern.callback.__module__.startswith("allauth.")
    }

    named = {name.partition(":")[0] for name in PAGES}
    assert open_to_all == named | FILES | NOT_FOR_FINDING


@pytest.mark.parametrize("name", [*PAGES, *sorted(FILES)])
def test_visitors_get_no_cookie_and_may_keep_the_page(client, world, settings, name):
    settings.CONTACT_EMAIL = "team@example.org"
    url = address(world, name)

    answer = client.get(url)
    again = client.get(url, headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public, ")
    assert "Cookie" in answer.headers["Vary"]
    assert (again.status_code, again.content) == (304, b"")
    assert dict(client.cookies) == {}


@pytest.mark.parametrize("name", PAGES)
def test_whoever_signed_in_keeps_nothing_of_it(sign_in, world, name):
    answer = sign_in("lead").get(address(world, name))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_is(client, world, settings, name):
    url = address(world, name)

    seen = Seen(client.get(url).text)

    (description,) = seen.meta["description"]
    assert seen.lang == "en-GB"
    assert seen.title.endswith(" – Changing Tracks")
    assert 20 <= len(seen.title) <= 90
    assert 20 <= len(description) <= 400
    assert seen.canonical == [f"{settings.SITE_URL}{url}"]
    assert seen.meta["og:url"] == seen.canonical
    assert seen.meta["og:title"] == [seen.title.removesuffix(" – Changing Tracks")]
    assert seen.meta["og:description"] == [description]
    assert seen.meta["og:image"] == [f"{settings.SITE_URL}{static('img/share.png')}"]
    assert "robots" not in seen.meta
    assert seen.meta["viewport"] == ["width=device-width, initial-scale=1"]


@pytest.mark.parametrize("name", PAGES)
def test_headings_are_in_order_under_one(client, world, name):
    headings = Seen(client.get(address(world, name)).text).headings

    skipped = [(above, below) for above, below in pairwise(headings) if below > above + 1]
    assert headings.count(1) == 1
    assert headings[0] == 1
    assert skipped == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_fetched_from_elsewhere_and_all_of_it_is_light(client, world, name):
    html = client.get(address(world, name)).text

    seen = Seen(html)
    files = [Path(finders.find(one.removeprefix("/static/"))) for one in Linked(html).paths]
    packed = [
        len(content if path.suffix == ".woff2" else brotli.compress(content))
        for path, content in ((path, path.read_bytes()) for path in files)
    ]
    assert [one for one in seen.fetched if not one.startswith("/static/")] == []
    assert seen.inline == []
    assert sum(packed) + len(brotli.compress(html.encode())) < MOST


def test_titles_and_descriptions_tell_pages_apart(client, world):
    seen = [Seen(client.get(address(world, name)).text) for name in PAGES]

    assert len({one.title for one in seen}) == len(PAGES)
    assert len({one.meta["description"][0] for one in seen}) == len(PAGES)


def test_every_page_leads_to_the_pages_of_words(client, world):
    for page in (client.get(address(world, name)).text for name in PAGES):
        foot = page[page.index("<footer") :]

        assert re.findall(r'href="(/[\w-]+/)"', foot) == [
            *("/about/", "/how-it-works/", "/nwg/", "/reviews/", "/help/"),
            *("/accessibility/", "/privacy/", "/cookies/", "/contact/"),
            "/enews/",
        ]


def test_links_within_pages_of_words_lead_somewhere(client, world):
    paths = {
        path for page in Page.objects.all() for path in re.findall(r"\]\((/[^)#]*)", page.body)
    }

    there = {path: client.get(path).status_code for path in sorted(paths)}

    assert {path for path, status in there.items() if status != 200} == set()


# What the cookies page says


def test_the_page_of_cookies_names_those_that_are_set(client, person, bute, world):
    lead = person("lead")
    factories.membership(lead, bute, "lead")
    page = client.get("/cookies/").text

    client.post("/account/login/", {"login": lead.email, "password": factories.PASSWORD})
    client.get("/account/")
    answer = client.post("/services/switch/", {"service": bute.slug})

    named = set(re.findall(r"<td><code>(\w+)</code></td>", page))
    assert named == set(client.cookies | answer.cookies)


# For machines


def locations(answer) -> list[str]:
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return [one.text for one in ET.fromstring(answer.content).iter(f"{namespace}loc")]


def test_search_engines_are_told_of_all_that_is_public(client, world, settings, bute):
    files = [one.removeprefix(settings.SITE_URL) for one in locations(client.get("/sitemap.xml"))]

    found = [one for file in files for one in locations(client.get(file))]

    paths = {one.removeprefix(settings.SITE_URL) for one in found}
    assert files == [
        *("/sitemap-lists-1.xml", "/sitemap-pages-1.xml", "/sitemap-services-1.xml"),
        *("/sitemap-resources-1.xml", "/sitemap-reviews-1.xml", "/sitemap-plans-1.xml"),
    ]
    assert {address(world, name) for name in PAGES} <= paths
    assert bute.get_absolute_url() in paths
    assert len(found) == len(paths)


def test_search_engines_are_not_told_of_what_is_not_for_everybody(client, db):
    factories.resource("For members", visibility="members")
    factories.resource("A draft", state="draft")

    assert b"resources" not in client.get("/sitemap.xml").content


@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_asks_once_for_all_its_rows(client, db, rows, django_assert_num_queries):
    for n in range(rows):
        factories.resource(f"Guide {n}", summary="<b onmouseover=alert(1)>")

    with django_assert_num_queries(1):
        found = locations(client.get("/sitemap-resources-1.xml"))

    assert len(found) == rows


@pytest.mark.parametrize(
    "path", ["/sitemap-pages-0.xml", "/sitemap-pages-2.xml", "/sitemap-people-1.xml"]
)
def test_a_file_that_is_not_there_is_not_there(client, world, path):
    assert client.get(path).status_code == 404


def test_programs_are_told_where_the_map_is(client, db, settings):
    said = client.get("/robots.txt").text

    assert said.split() == [
        *("User-agent:", "*", "Disallow:", "/account/"),
        *("Sitemap:", f"{settings.SITE_URL}/sitemap.xml"),
    ]


def test_whoever_finds_a_weakness_knows_whom_to_tell(client, db, settings):
    settings.CONTACT_EMAIL = "team@example.org"
    told = client.get("/.well-known/security.txt").text
    settings.CONTACT_EMAIL = ""
    nobody = client.get("/.well-known/security.txt")

    assert "Contact: mailto:team@example.org\n" in told
    assert re.search(r"^Expires: 20\d\d-\d\d-\d\dT00:00:00Z$", told, re.MULTILINE)
    assert nobody.status_code == 404
