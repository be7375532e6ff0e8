"""Whether links still answer: who is never asked, how others are, and what the desk is told."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from resources.desk import links, shelves, writing
from resources.desk.links import NoAnswerError, Place, RefusedError
from resources.models import LinkCheck, Resource, ResourceState
from tests import factories

PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "192.0.2.1", "::", "::1", "fe80::1", "fe80::1%eth0"),
    *("fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("2002:7f00:1::", "2002:a00:1::1", "localhost", "", "1", "0x7f.1"),
]
PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]


def known(*addresses: str):
    """A telephone book in which every name stands for these."""
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_public_net_is_refused(address):
    assert links.is_public(address) is False
    with pytest.raises(RefusedError):
        links.place("https://example.org/", known(address))


@pytest.mark.parametrize("address", [one for one in PUBLIC if not one.startswith("::ffff")])
def test_what_is_of_the_public_net_is_asked(address):
    assert links.place("https://example.org/", known(address)).address == address


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(RefusedError):
        links.place("https://example.org/", known("93.184.216.34", "10.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "javascript:x"),
        *("//example.org/", "https://", "https:///path", "http://[", "http://example.org:99999/"),
        *("http://example.org:22/", "https://example.org:80/", "http://example.org:8000/"),
        *("http://me@example.org/", "http://me:word@example.org/", ""),
    ],
)
def test_what_is_no_page_of_the_web_is_refused(url):
    with pytest.raises(RefusedError):
        links.place(url, known("93.184.216.34"))


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/"),
        *("http://0x7f000001/", "http://127.1/", "http://0/", "http://[::ffff:127.0.0.1]/"),
    ],
)
def test_this_machine_is_never_asked_however_it_is_written(url):
    with pytest.raises((RefusedError, NoAnswerError)):
        links.place(url)


def test_a_name_that_nobody_knows_gets_no_answer():
    with pytest.raises(NoAnswerError):
        links.place("https://example.org/", known())


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.org", "/"),
        ("https://example.org/a b?c=d e#part", "/a%20b?c=d%20e"),
        ("https://example.org/Cŵn", "/C%C5%B5n"),
        ("https://example.org/100%25", "/100%25"),
        ("https://example.org/a\r\nHost: evil", "/aHost:%20evil"),
    ],
)
def test_a_path_is_written_as_browsers_do(url, path):
    assert links.place(url, known("93.184.216.34")).path == path


# Asking


class Site(BaseHTTPRequestHandler):
    """A site with a page for each way to answer; it notes who asked for what."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if self.path == "/get-only" and self.command == "GET":
            self.say(200)
        elif self.path == "/get-only":
            self.say(405)
        elif self.path == "/moved":
            self.say(301, "/here")
        elif self.path == "/round":
            self.say(302, "/round")
        elif self.path == "/inside":
            self.say(302, "http://169.254.169.254/latest/")
        elif self.path == "/file":
            self.say(302, "file:///etc/passwd")
        else:
            self.say({"/here": 200, "/gone": 410, "/shy": 403, "/busy": 429}.get(self.path, 404))

    def say(self, status: int, onward: str = "") -> None:
        self.send_response(status)
        if onward:
            self.send_header("Location", onward)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Nothing in the test's own output."""


@pytest.fixture
def site():
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Site,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def look_at(url: str) -> Place:
        """As the guard does, but example.org is this very site."""
        found = links.place(
            url, lambda host, _: ["93.184.216.34"] if host == "example.org" else [host]
        )
        return Place(found.scheme, found.host, server.server_port, "127.0.0.1", found.path)

    yield look_at, asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "status", "asked"),
    [
        ("/here", 200, ["HEAD /here"]),
        ("/moved", 200, ["HEAD /moved", "HEAD /here"]),
        ("/get-only", 200, ["HEAD /get-only", "GET /get-only"]),
        ("/gone", 410, ["HEAD /gone", "GET /gone"]),
        ("/nowhere", 404, ["HEAD /nowhere", "GET /nowhere"]),
        ("/shy", 403, ["HEAD /shy"]),
        ("/busy", 429, ["HEAD /busy"]),
        ("/inside", None, ["HEAD /inside"]),
        ("/file", None, ["HEAD /file"]),
        ("/round", None, ["HEAD /round"] * 6),
    ],
)
def test_a_link_is_asked_politely_and_followed_with_care(site, path, status, asked):
    look_at, heard = site

    assert links.status(f"http://example.org{path}", look_at) == status
    assert heard == asked


def test_nobody_at_home_is_no_answer():
    def closed(_: str) -> Place:
        return Place("http", "example.org", 9, "127.0.0.1", "/")

    assert links.status("http://example.org/", closed) is None


def test_what_speaks_no_tls_is_no_answer(site):
    look_at, _ = site

    assert links.status("https://example.org/here", look_at) is None


@pytest.mark.parametrize(
    ("status", "well"),
    [(200, True), (302, True), (403, True), (429, True), (404, False), (500, False), (None, False)],
)
def test_a_page_that_wants_no_robots_is_there(status, well):
    assert links.is_well(status) is well


# What the worker does with it


@pytest.fixture
def tasks():
    app.perform_import_paths()
    return app.tasks


def jobs() -> list[int]:
    rows = ProcrastinateJob.objects.filter(task_name="resources.check_link").order_by("pk")
    return [row.args["resource_id"] for row in rows]


def test_nothing_goes_out_unless_the_site_says_so(db, tasks, settings):
    one = factories.resource()

    tasks["resources.check_links"](timestamp=0)
    tasks["resources.check_link"](resource_id=one.pk)

    assert settings.CHECK_LINKS is False
    assert (jobs(), LinkCheck.objects.count()) == ([], 0)


def test_each_week_what_readers_find_is_asked_a_little_apart(db, tasks, settings):
    settings.CHECK_LINKS = True
    one = factories.resource("One")
    film = factories.resource("A film", link="", video="https://example.org/film")
    factories.resource("Words alone", link="")
    factories.resource("A draft", state=ResourceState.DRAFT)
    factories.resource("Old", state=ResourceState.ARCHIVED)

    tasks["resources.check_links"](timestamp=0)

    assert jobs() == [one.pk, film.pk]
    first, second = ProcrastinateJob.objects.filter(task_name="resources.check_link").order_by("pk")
    assert 2.5 < (second.scheduled_at - first.scheduled_at).total_seconds() < 3.5


def test_failures_in_a_row_are_counted_and_an_answer_ends_them(db, tasks, settings):
    """The link leads to this machine, so nothing is sent, and that counts as no answer."""
    settings.CHECK_LINKS = True
    one = factories.resource(link="http://127.0.0.1/guide")

    for _ in range(2):
        tasks["resources.check_link"](resource_id=one.pk)
    twice = LinkCheck.objects.get()
    Resource.objects.update(link="http://localhost/other")
    tasks["resources.check_link"](resource_id=one.pk)
    another = LinkCheck.objects.get()

    assert (twice.failures, twice.status, twice.url) == (2, None, "http://127.0.0.1/guide")
    assert (another.failures, another.url) == (1, "http://localhost/other")


def test_a_film_that_is_broken_is_told_of_too(db, tasks, settings):
    settings.CHECK_LINKS = True
    one = factories.resource(link="", video="http://127.0.0.1/film")

    for _ in range(2):
        tasks["resources.check_link"](resource_id=one.pk)

    row = shelves.row(Resource.objects.get(), timezone.localdate())
    assert row.reasons == ("Its film does not answer",)


def test_links_in_a_text_are_tried_too_and_all_that_are_broken_are_told_of(db, tasks, settings):
    settings.CHECK_LINKS = True
    body = "[One](http://127.0.0.1/one) [two](http://127.0.0.1/one) [help](/help/) <a@example.org>"
    one = factories.resource(link="http://127.0.0.1/a", video="http://127.0.0.1/b", body=body)

    tasks["resources.check_links"](timestamp=0)
    for job in ProcrastinateJob.objects.filter(task_name="resources.check_link").order_by("pk"):
        for _ in range(2):
            tasks["resources.check_link"](**job.args)

    assert jobs() == [one.pk] * 3
    assert shelves.row(one, timezone.localdate()).reasons == (
        "Its link does not answer",
        "Its film does not answer",
        "A link in its text does not answer: http://127.0.0.1/one",
    )


def test_what_a_text_does_not_lead_to_any_more_is_forgotten(db, tasks, settings, person):
    settings.CHECK_LINKS = True
    one = factories.resource(link="http://127.0.0.1/a", body="[One](http://127.0.0.1/one)")
    tasks["resources.check_link"](resource_id=one.pk)
    row = {"body": "[Two](http://127.0.0.1/two)"}

    writing.save(resource=one, content=writing.Content(row, [], []), by=person("team"))

    assert [check.url for check in LinkCheck.objects.all()] == ["http://127.0.0.1/a"]


def test_a_resource_that_is_gone_is_no_trouble(db, tasks, settings):
    settings.CHECK_LINKS = True

    tasks["resources.check_link"](resource_id=1)

    assert LinkCheck.objects.count() == 0
