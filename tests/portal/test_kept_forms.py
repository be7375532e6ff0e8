"""A form sent after the sign-in ran out is kept for the person who typed it, and nobody else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.kept import KEPT, KEPT_MOST, WHOSE
from portal.models import Invitation, MusicService
from selfassessment.models import Rating
from tests import factories

TYPED = "A long thought, typed over twenty minutes.\nIn two lines."


class HiddenFields(HTMLParser):
    """The first form of a page that goes to `action`: its hidden fields."""

    def __init__(self, html, action):
        super().__init__()
        self.action, self.inside, self.fields = action, False, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("action") == self.action
        if self.inside and tag == "input" and attrs.get("type") == "hidden":
            self.fields.append((attrs["name"], attrs.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


def sign_in_with_password(browser, email, onward="/"):
    browser.get("/account/login/")
    return browser.post(
        f"/account/login/?next={onward}",
        {
            "login": email,
            "password": factories.PASSWORD,
            "csrfmiddlewaretoken": browser.cookies["csrf"].value,
        },
        follow=True,
    )


def send(browser, address, data):
    return browser.post(address, {**data, "csrfmiddlewaretoken": browser.cookies["csrf"].value})


def run_out(browser):
    """The sign-in has run out: the session is gone from server and browser."""
    Session.objects.all().delete()
    browser.cookies.pop("session", None)


@pytest.fixture
def lead_at_work(browser, person, avon):
    """The lead of Avon is signed in, has a page open, and then the sign-in runs out."""
    sign_in_with_password(browser, person("lead").email)
    browser.get(f"/services/{avon.slug}/people/invite/")
    run_out(browser)
    return browser


def test_rating_typed_too_late_is_handed_back_and_saved(browser, person, response):
    statement = response.audit.statements().first()
    address = f"/self-assessments/{response.audit_id}/rate/A1/"
    sign_in_with_password(browser, person("lead").email)
    page = browser.get(address)
    name = f"s{statement.pk}"
    data = {f"{name}-rating": "2", f"{name}-comment": TYPED, f"{name}-version": "0", "page": "p1"}
    run_out(browser)

    refused = send(browser, address, data)
    sign_in_page = browser.get(refused.url)
    handed_back = sign_in_with_password(browser, person("lead").email, address)
    fields = HiddenFields(handed_back.text, address).fields
    saved = browser.post(address, {**dict(fields), "kept": "send"})

    assert page.status_code == 200
    assert refused.url == f"/account/login/?next={address}"
    assert "What you typed is kept: sign in to send it." in sign_in_page.text
    assert "<h1>What you typed is still here</h1>" in handed_back.text
    assert "A long thought, typed over twenty minutes.<br>In two lines." in handed_back.text
    assert {key: value for key, value in fields if key != "csrfmiddlewaretoken"} == data
    assert saved.status_code == 302
    rating = Rating.objects.get()
    assert (rating.value, rating.comment) == (2, TYPED)
    assert KEPT not in browser.session


def test_kept_form_waits_until_it_is_sent_or_discarded(lead_at_work, person, avon):
    address = f"/services/{avon.slug}/people/invite/"
    send(lead_at_work, address, {"email": "new@example.org", "role": "lead"})
    sign_in_with_password(lead_at_work, person("lead").email)

    first, second = lead_at_work.get(address), lead_at_work.get(address)
    discarded = send(lead_at_work, address, {"kept": "discard"})
    after = lead_at_work.get(address)

    assert "What you typed is still here" in first.text
    assert "What you typed is still here" in second.text
    assert discarded.url == address
    assert "What you had typed was discarded." in after.text
    assert "<h1>Invite somebody</h1>" in after.text
    assert not Invitation.objects.exists()


def test_the_same_form_sent_from_another_tab_leaves_what_is_kept(lead_at_work, person, avon):
    address = f"/services/{avon.slug}/people/invite/"
    send(lead_at_work, address, {"email": "kept@example.org", "role": "lead"})
    sign_in_with_password(lead_at_work, person("lead").email)

    send(lead_at_work, address, {"email": "other@example.org", "role": "lead"})
    shown = lead_at_work.get(address)

    assert Invitation.objects.get().email == "other@example.org"
    assert "kept@example.org" in shown.text


def test_kept_form_is_shown_at_its_own_address_only(lead_at_work, person, avon):
    send(lead_at_work, f"/services/{avon.slug}/people/invite/", {"email": "a@example.org"})

    elsewhere = sign_in_with_password(lead_at_work, person("lead").email, "/account/")

    assert "<h1>Your account</h1>" in elsewhere.text


def test_kept_form_keeps_its_query(lead_at_work, person, avon):
    address = f"/services/{avon.slug}/people/invite/?role=lead"

    refused = send(lead_at_work, address, {"email": "a@example.org"})
    handed_back = sign_in_with_password(lead_at_work, person("lead").email, "/account/")
    shown = lead_at_work.get(address)

    assert refused.url.endswith("/people/invite/%3Frole%3Dlead")
    assert handed_back.status_code == 200
    assert f'action="{address}"' in shown.text


def test_somebody_else_never_sees_it(lead_at_work, person, avon):
    factories.membership(person("outsider"), avon, "lead")
    address = f"/services/{avon.slug}/people/invite/"
    send(lead_at_work, address, {"email": "secret@example.org", "role": "lead"})

    other = sign_in_with_password(lead_at_work, person("outsider").email, address)

    assert "<h1>Invite somebody</h1>" in other.text
    assert "secret@example.org" not in other.text
    assert KEPT not in lead_at_work.session


def test_nothing_is_kept_for_a_browser_we_do_not_know(lead_at_work, avon):
    lead_at_work.cookies.pop(WHOSE)

    send(lead_at_work, f"/services/{avon.slug}/people/invite/", {"email": "a@example.org"})

    assert KEPT not in lead_at_work.session


def test_nothing_is_kept_on_a_forged_word(lead_at_work, avon):
    lead_at_work.cookies[WHOSE] = "1:forged"

    send(lead_at_work, f"/services/{avon.slug}/people/invite/", {"email": "a@example.org"})

    assert KEPT not in lead_at_work.session


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/account/name/", {"name": "New name"}),
        ("/account/password/change/", {"oldpassword": "a", "password1": "b", "password2": "b"}),
        ("/services/add/", {"name": "x", "new_password": "b"}),
        ("/services/add/", {"name": "x" * KEPT_MOST + "y"}),
        ("/services/add/", {}),
    ],
)
def test_secrets_and_floods_are_not_kept(lead_at_work, address, data):
    answer = send(lead_at_work, address, data)

    assert answer.url == f"/account/login/?next={address}"
    assert KEPT not in lead_at_work.session
    assert not MusicService.objects.filter(name__startswith="x").exists()


def test_text_sent_with_a_file_is_kept_and_the_page_says_that_the_file_is_not(
    lead_at_work, avon, person
):
    address = f"/services/{avon.slug}/people/invite/"
    file = SimpleUploadedFile("a.csv", b"a,b")
    send(lead_at_work, address, {"email": "new@example.org", "role": "lead", "file": file})

    shown = sign_in_with_password(lead_at_work, person("lead").email, address)

    assert "new@example.org" in shown.text
    assert "The files you had chosen are not kept." in shown.text
    assert "a.csv" not in shown.text


def test_late_form_without_its_token_is_refused(lead_at_work, avon):
    answer = lead_at_work.post(f"/services/{avon.slug}/people/invite/", {"email": "a@example.org"})

    assert answer.status_code == 403
    assert KEPT not in lead_at_work.session


@pytest.mark.parametrize(("site", "shown"), [("same-origin", True), ("cross-site", False)])
def test_refused_form_hands_back_what_our_own_pages_sent(browser, person, avon, site, shown):
    browser.force_login(person("lead"))

    answer = browser.post(
        f"/services/{avon.slug}/people/invite/",
        {"email": "new@example.org", "role": "board_viewer", "password": "three old violins"},
        headers={"Sec-Fetch-Site": site},
    )

    assert answer.status_code == 403
    assert ("<dt>E-mail</dt><dd>new@example.org</dd>" in answer.text) == shown
    assert ("<dt>Role</dt><dd>Board viewer</dd>" in answer.text) == shown
    assert "violins" not in answer.text
    assert not avon.invitations.exists()


def test_scripts_get_a_401_and_nothing_is_kept(lead_at_work, avon):
    answer = lead_at_work.post(
        f"/services/{avon.slug}/people/invite/",
        {"email": "a@example.org", "csrfmiddlewaretoken": lead_at_work.cookies["csrf"].value},
        headers={"HX-Request": "true"},
    )

    assert (answer.status_code, answer.headers["X-Signed-Out"]) == (401, "1")
    assert KEPT not in lead_at_work.session


def test_hostile_text_comes_back_as_text(lead_at_work, person, avon):
    address = f"/services/{avon.slug}/people/invite/"
    send(lead_at_work, address, {"email": factories.HOSTILE[0]})

    handed_back = sign_in_with_password(lead_at_work, person("lead").email, address)

    assert factories.HOSTILE[0] not in handed_back.text
    assert "&lt;b onmouseover=&quot;alert(1)&quot;&gt;" in handed_back.text


def test_the_mark_of_a_browser_is_safe(client, person):
    client.force_login(person("lead"))

    first = client.get("/account/")
    second = client.get("/account/")

    mark = first.cookies[WHOSE]
    assert mark["httponly"] is True
    assert mark["samesite"] == "Lax"
    assert WHOSE not in second.cookies
    assert WHOSE not in Client().get("/services/").cookies
