"""Signing in, and one's own account: by e-mail and password, by invitation only, limited."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.models import User
from tests import factories

NEW_PASSWORD = "four new cello strings"


def attempt(browser, email, password=factories.PASSWORD):
    return browser.post("/account/login/", {"login": email, "password": password})


def signed_in(browser):
    return browser.get("/account/").status_code == 200


def link_in(message, part):
    return re.search(rf"https?://[^/\s]+(/account/{part}\S+)", message.body).group(1)


def test_sign_in_and_out(client, person):
    lead = person("lead")
    client.get("/account/login/")

    answer = attempt(client, lead.email.upper())
    inside = signed_in(client)
    asked = client.get("/account/logout/")
    still_inside = signed_in(client)
    client.post("/account/logout/")

    assert answer.url == "/"
    assert (inside, still_inside, signed_in(client)) == (True, True, False)
    assert asked.status_code == 200


def test_session_changes_at_sign_in(client, person):
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key

    attempt(client, person("lead").email)

    assert client.session.session_key != before


def test_known_and_unknown_people_get_the_same_answer(person):
    known = attempt(Client(), person("lead").email, "wrong")
    unknown = attempt(Client(), "nobody@example.org", "wrong")

    def page(answer):
        text = re.sub(r"csrfmiddlewaretoken\" value=\"\w+", "", answer.text)
        return text.replace("nobody@example.org", "lead@example.org")

    assert known.status_code == unknown.status_code
    assert page(known) == page(unknown)


class CountingHasher(MD5PasswordHasher):
    """Counts what costs the time of a sign-in."""

    hashed = 0

    def encode(self, password, salt):
        type(self).hashed += 1
        return super().encode(password, salt)


def test_known_and_unknown_people_cost_the_same_hashing(person, settings):
    lead = person("lead")
    settings.PASSWORD_HASHERS = ["tests.portal.test_signing_in.CountingHasher"]
    settings.ACCOUNT_RATE_LIMITS = False

    def cost(email):
        before = CountingHasher.hashed
        attempt(Client(), email, "wrong")
        return CountingHasher.hashed - before

    assert cost(lead.email) == cost("nobody@example.org") == 1


def test_attempts_are_limited_in_the_database(person):
    lead = person("lead")

    for _ in range(5):
        attempt(Client(), lead.email, "wrong")
    answer = attempt(Client(), lead.email)

    assert not answer.wsgi_request.user.is_authenticated
    assert "wrong too many times" in answer.text
    assert isinstance(caches["default"], DatabaseCache)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] >= 1


def test_the_limit_cannot_be_escaped_by_a_header(person):
    browser = Client()

    statuses = [
        browser.post(
            "/account/login/",
            {"login": f"nobody{number}@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        ).text.count("too many times")
        for number in range(12)
    ]

    assert statuses[0] == 0
    assert statuses[-1] > 0


def test_no_open_registration(client, db):
    typed = {"email": "new@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    shown = client.get("/account/signup/")
    answer = client.post("/account/signup/", typed)

    assert "Accounts come by invitation" in shown.text
    assert "Accounts come by invitation" in answer.text
    assert not User.objects.exists()


def test_forgotten_password_answers_alike(person):
    known, unknown = Client(), Client()

    answers = [
        known.post("/account/password/reset/", {"email": person("lead").email}, follow=True),
        unknown.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True),
    ]

    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert answers[0].text == answers[1].text
    assert [message.to for message in mail.outbox] == [["lead@example.org"], ["nobody@example.org"]]
    assert "/password/reset/key/" not in mail.outbox[1].body


def test_forgotten_password_is_chosen_anew_once(person):
    lead, browser, elsewhere = person("lead"), Client(), Client()
    elsewhere.force_login(lead)
    browser.post("/account/password/reset/", {"email": lead.email})
    address = link_in(mail.outbox[0], "password/reset/key/")
    typed = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    form = browser.get(address, follow=True)
    browser.post(form.redirect_chain[-1][0], typed)
    again = Client().get(address)

    assert not signed_in(browser)
    assert attempt(Client(), lead.email, NEW_PASSWORD).url == "/"
    assert not signed_in(elsewhere)
    assert 'name="password1"' not in again.text


def test_changing_the_password_ends_other_sessions(person):
    lead = person("lead")
    here, there = Client(), Client()
    attempt(here, lead.email)
    attempt(there, lead.email)
    before = signed_in(there)
    typed = {
        "oldpassword": factories.PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    }

    answer = here.post("/account/password/change/", typed)

    assert answer.status_code == 302
    assert (before, signed_in(here), signed_in(there)) == (True, True, False)


def test_weak_passwords_are_refused(person):
    browser = Client()
    attempt(browser, person("lead").email)
    typed = {"oldpassword": factories.PASSWORD, "password1": "lead", "password2": "lead"}

    answer = browser.post("/account/password/change/", typed)

    assert "This password is too short" in answer.text
    assert attempt(Client(), "lead@example.org").url == "/"


def test_new_address_counts_once_its_link_is_opened(person):
    lead, browser = person("lead"), Client()
    attempt(browser, lead.email)
    browser.post("/account/reauthenticate/", {"password": factories.PASSWORD})

    browser.post("/account/email/", {"email": "changed@example.org", "action_add": ""})
    before = User.objects.get(pk=lead.pk).email
    told = [message for message in mail.outbox if message.to == ["changed@example.org"]]
    address = link_in(told[0], "confirm-email/")
    browser.get(address)
    looked = User.objects.get(pk=lead.pk).email
    browser.post(address)

    assert (before, looked) == ("lead@example.org", "lead@example.org")
    assert User.objects.get(pk=lead.pk).email == "changed@example.org"
    assert [a.email for a in EmailAddress.objects.filter(user=lead)] == ["changed@example.org"]
    assert attempt(Client(), "changed@example.org").url == "/"
    assert not hasattr(attempt(Client(), "lead@example.org"), "url")


def test_address_of_somebody_else_is_not_taken(person):
    lead, browser = person("lead"), Client()
    attempt(browser, lead.email)
    browser.post("/account/reauthenticate/", {"password": factories.PASSWORD})

    browser.post("/account/email/", {"email": person("team").email.upper(), "action_add": ""})
    told = [message for message in mail.outbox if message.to == ["team@example.org"]]
    Client().post(link_in(told[0], "confirm-email/"))

    assert User.objects.get(pk=lead.pk).email == "lead@example.org"
    assert EmailAddress.objects.get(email="team@example.org", verified=True).user == person("team")


def test_closed_account_is_out_at_the_next_click(client, person):
    lead = person("lead")
    attempt(client, lead.email)
    before = signed_in(client)

    User.objects.filter(pk=lead.pk).update(is_active=False)
    answer = attempt(Client(), lead.email)

    assert (before, signed_in(client)) == (True, False)
    assert answer.url == "/account/inactive/"


def test_sessions_are_listed_and_ended(person):
    lead = person("lead")
    here, there = Client(), Client()
    attempt(here, lead.email)
    attempt(there, lead.email)
    before = signed_in(there)

    listed = here.get("/account/sessions/")
    here.post("/account/sessions/")

    assert len(listed.context["sessions"]) == 2
    assert (before, signed_in(here), signed_in(there)) == (True, True, False)


def test_pages_of_somebody_signed_in_stay_in_no_browser(sign_in, person):
    person("board_viewer")
    browser = sign_in("lead")

    pages = [browser.get(page) for page in ("/", "/account/", "/services/", "/nowhere/")]
    browser.post("/account/logout/")
    browser.get("/services/")  # says that they have signed out
    browser.cookies.clear()  # as a browser does with those that have ended
    after = browser.get("/services/")

    assert [page.headers["Cache-Control"] for page in pages] == ["private, no-store"] * 4
    assert after.headers["Cache-Control"] == "public, max-age=60"


def test_too_many_forms_are_answered_in_words(person):
    lead = person("lead")

    answers = [
        Client().post("/account/password/reset/", {"email": lead.email}).status_code
        for _ in range(6)
    ]
    refused = Client().post("/account/password/reset/", {"email": lead.email})

    assert answers == [302] * 5 + [429]
    assert "<h1>That was too often</h1>" in refused.text


def test_name_is_changed(sign_in, person):
    browser = sign_in("lead")

    refused = browser.post("/account/name/", {"name": ""})
    answer = browser.post("/account/name/", {"name": "Ŵyn o’r Ŷd"}, follow=True)

    assert refused.status_code == 422
    assert refused.context["form"].errors == {"name": ["Enter your name."]}
    assert answer.redirect_chain == [("/account/", 302)]
    assert person("lead").name == "Ŵyn o’r Ŷd"


PAGES = {
    "account_index": 200,
    "account_name": 200,
    "account_login": 302,  # to Today
    "account_logout": 200,
    "account_inactive": 200,
    "account_signup": 302,
    "account_reauthenticate": 200,
    "account_email": 200,
    "account_email_verification_sent": 200,
    "account_change_password": 200,
    "account_set_password": 302,  # to changing it: everybody has one
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key_done": 200,
    "mfa_index": 200,
    "mfa_activate_totp": 200,
    "mfa_list_webauthn": 200,
    "mfa_add_webauthn": 200,
    "usersessions_list": 200,
}


@pytest.mark.parametrize("name", PAGES)
def test_account_pages_answer_somebody_signed_in(person, name):
    browser = Client()
    attempt(browser, person("lead").email)
    browser.post("/account/reauthenticate/", {"password": factories.PASSWORD})

    answer = browser.get(reverse(name))

    assert answer.status_code == PAGES[name]


PUBLIC = {name for name in PAGES if name.startswith(("account_log", "account_reset"))} | {
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
}


@pytest.mark.parametrize("name", PAGES)
def test_account_pages_answer_a_visitor(client, db, name):
    answer = client.get(reverse(name))

    if name == "account_logout":
        assert answer.url == "/"
    elif name in PUBLIC:
        assert answer.status_code == 200
    else:
        assert answer.url.startswith("/account/login/?next=/account/")


@pytest.mark.parametrize(
    "address", ["/account/3rdparty/", "/account/login/code/", "/account/login/code/confirm/"]
)
def test_ways_in_that_are_off_are_not_there(client, db, address):
    assert client.get(address).status_code == 404
