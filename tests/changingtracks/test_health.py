"""Whether the portal is well: its database answers. No sign-in, no session."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client


def test_well(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/health/")

    assert (answer.status_code, answer.text) == (200, "ok")
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_somebody_signed_in_costs_no_more(sign_in, db, django_assert_num_queries):
    browser = sign_in("team")

    with django_assert_num_queries(1):
        browser.get("/health/")


@pytest.mark.django_db(transaction=True)
def test_unwell_without_the_database():
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        answer = Client().get("/health/")
    finally:
        connection.settings_dict["HOST"] = host
        connection.close()

    assert answer.status_code == 503
    assert answer.text == "the database does not answer"
