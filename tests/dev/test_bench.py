"""The portals that are measured can still be filled: their SQL knows every column."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from dev.bench import library, many, sharing
from portal.models import MusicService
from resources.models import Resource
from selfassessment.models import Audit


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    call_command("demo")
    connection.check_constraints()  # PostgreSQL alters no table that waits for a check


def test_ten_thousand_services_can_be_made(demo):
    ratings = many.fill(4)

    assert ratings > 0
    assert MusicService.objects.filter(slug__startswith="number-").count() == 4


def test_services_that_share_can_be_made(demo):
    sharing.fill(4)

    assert Audit.objects.filter(service__slug__startswith="sharing-").exists()


def test_a_large_library_can_be_made(demo):
    library.fill(20)

    assert Resource.objects.filter(slug__startswith="bench-").count() == 20
