"""What may be kept of a page that everybody may read, and of whose it is not."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client

from portal.http import public_page


@public_page
def page(request, said="Hello"):
    return HttpResponse(said)


@pytest.fixture
def ask(rf):
    def asked(view=page, *, cookies=None, **headers):
        request = rf.get("/", headers=headers)
        request.COOKIES = cookies or {}
        return view(request)

    return asked


def test_a_visitors_page_is_kept_for_a_minute(ask):
    answer = ask()

    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Vary"] == "Cookie"
    assert answer.headers["ETag"] == '"185f8db32271fe25f561a6fc938b2e26"'


@pytest.mark.parametrize("mark", ["", "W/"])
def test_a_page_that_is_known_is_not_sent_again(ask, mark):
    known = mark + ask().headers["ETag"]

    answer = ask(**{"If-None-Match": known})

    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["Vary"], answer.headers["ETag"]) == ("Cookie", known.removeprefix("W/"))


def test_a_page_that_says_something_else_is_sent(ask):
    other = ask(public_page(lambda request: HttpResponse("Else"))).headers["ETag"]

    answer = ask(**{"If-None-Match": other})

    assert (answer.status_code, answer.content) == (200, b"Hello")


@pytest.mark.parametrize("cookie", ["session", "messages"])
def test_what_may_be_somebodys_own_is_kept_by_nobody(ask, cookie):
    answer = ask(cookies={cookie: "x"})

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


def test_a_form_and_its_token_are_kept_by_nobody(ask):
    answer = ask(public_page(lambda request: HttpResponse(get_token(request))))

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_page_that_is_not_there_is_not_kept(ask):
    answer = ask(public_page(lambda request: HttpResponse("?", status=404)))

    assert "Cache-Control" not in answer.headers


def test_the_signed_in_get_their_own_front_page(sign_in):
    answer = sign_in("lead").get("/")

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_message_is_shown_to_one_visitor_alone(sign_in):
    browser = sign_in("lead")
    browser.post("/account/logout/")

    answer = browser.get("/")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Client().get("/").headers["Cache-Control"] == "public, max-age=60"


# What a page says of itself to who shares its address


def test_a_public_page_says_what_it_is(client, avon, settings):
    settings.SITE_URL = "https://portal.example.org"

    page = client.get("/").text

    title = "See where your music service stands on inclusion"
    assert f'<meta property="og:title" content="{title}">' in page
    assert page.count('<link rel="canonical" href="https://portal.example.org/">') == 1
    assert '<meta property="og:url" content="https://portal.example.org/">' in page
    assert "noindex" not in page


def test_a_page_behind_a_sign_in_or_a_link_is_not_for_finding(sign_in, client):
    pages = [sign_in("lead").get("/account/").text, client.get("/join/x/").text]

    assert [page.count('<meta name="robots" content="noindex">') for page in pages] == [1, 1]
    assert [page for page in pages if "og:title" in page] == []
