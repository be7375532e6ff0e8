"""A second step at sign-in: offered to all, required of the programme team where set."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from tests import factories

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def with_password(user):
    browser = Client()
    answer = browser.post("/account/login/", {"login": user.email, "password": factories.PASSWORD})
    return browser, answer


@pytest.mark.parametrize("name", ["team", "lead"])
def test_second_step_is_asked_once_it_is_set_up(person, name):
    user = person(name)
    TOTP.activate(user, SECRET)

    browser, first = with_password(user)
    between = browser.get("/account/").status_code
    wrong = browser.post("/account/two-step/authenticate/", {"code": "000000"})
    right = browser.post("/account/two-step/authenticate/", {"code": code()})

    assert first.url == "/account/two-step/authenticate/"
    assert between == 302
    assert wrong.status_code == 200
    assert right.url == "/"
    assert browser.get("/account/").status_code == 200


def test_recovery_code_works_once(person):
    user = person("lead")
    TOTP.activate(user, SECRET)
    spare = RecoveryCodes.activate(user).get_unused_codes()[0]

    first, _ = with_password(user)
    first.post("/account/two-step/authenticate/", {"code": spare})
    second, _ = with_password(user)
    second.post("/account/two-step/authenticate/", {"code": spare})

    assert first.get("/account/").status_code == 200
    assert second.get("/account/").status_code == 302


def test_setting_it_up_asks_for_the_password(person):
    browser, _ = with_password(person("lead"))

    asked = browser.get("/account/two-step/totp/activate/")
    browser.post(asked.url, {"password": factories.PASSWORD})
    shown = browser.get("/account/two-step/totp/activate/")

    assert asked.url.startswith("/account/reauthenticate/")
    assert shown.status_code == 200


@pytest.mark.parametrize("address", ["/", "/questionnaires/", "/programme/people/", "/services/"])
def test_team_without_a_second_step_is_sent_to_set_it_up(sign_in, settings, address):
    settings.TEAM_REQUIRES_MFA = True

    answer = sign_in("team").get(address, follow=True)

    assert answer.redirect_chain == [("/account/two-step/", 302)]
    assert "Set up two-step sign-in first: the programme team needs it." in answer.text


def test_team_can_write_nothing_before_it_is_set_up(sign_in, settings, avon):
    settings.TEAM_REQUIRES_MFA = True

    answer = sign_in("team").post(
        f"/services/{avon.slug}/people/invite/", {"email": "n@example.org", "role": "lead"}
    )

    assert answer.url == "/account/two-step/"
    assert not avon.invitations.exists()


@pytest.mark.parametrize(
    "address", ["/account/", "/account/two-step/", "/account/logout/", "/health/"]
)
def test_team_reaches_what_it_takes(sign_in, settings, address):
    settings.TEAM_REQUIRES_MFA = True

    assert sign_in("team").get(address).status_code == 200


def test_team_with_a_second_step_comes_in(sign_in, person, settings):
    settings.TEAM_REQUIRES_MFA = True
    TOTP.activate(person("team"), SECRET)

    assert sign_in("team").get("/programme/people/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(sign_in, person, settings):
    settings.TEAM_REQUIRES_MFA = True
    Authenticator.objects.create(
        user=person("team"), type=Authenticator.Type.RECOVERY_CODES, data={}
    )

    assert sign_in("team").get("/programme/people/").url == "/account/two-step/"


def test_team_comes_in_without_where_it_is_not_required(sign_in, settings, db):
    settings.TEAM_REQUIRES_MFA = False

    assert sign_in("team").get("/programme/people/").status_code == 200


@pytest.mark.parametrize("name", ["lead", "funder"])
def test_nobody_else_has_to(sign_in, settings, name):
    settings.TEAM_REQUIRES_MFA = True

    assert sign_in(name).get("/").status_code == 200


def test_new_address_is_possible_with_a_second_step(person):
    user = person("lead")
    browser, _ = with_password(user)
    TOTP.activate(user, SECRET)
    browser.post("/account/reauthenticate/", {"password": factories.PASSWORD})

    browser.post("/account/email/", {"email": "changed@example.org", "action_add": ""})

    assert user.emailaddress_set.filter(email="changed@example.org", verified=False).exists()
