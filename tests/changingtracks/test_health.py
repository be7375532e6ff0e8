"""Whether the portal is well, and what it says when it is not."""

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


def test_unwell_without_the_database(no_database):
    answer = Client().get("/health/")

    assert answer.status_code == 503
    assert answer.text == "the database does not answer"


@pytest.mark.parametrize("address", ["/services/", "/account/"])
def test_a_page_without_the_database_asks_to_come_back(no_database, address):
    browser = Client(raise_request_exception=False)
    browser.cookies["session"] = "somebody"

    answer = browser.get(address)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "<h1>We are out of reach for a moment</h1>" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_our_own_fault_is_said_to_be_ours(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_musicservice RENAME TO gone")

    answer = Client(raise_request_exception=False).get("/services/")

    assert answer.status_code == 500
    assert "<h1>Something went wrong on our side</h1>" in answer.text
    assert "gone" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
