"""Making the demo: on any day of the year, and nowhere but in a demo."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.models import MusicService, User
from portal.years import academic_year
from selfassessment.models import Audit, Response
from tests import factories


@pytest.mark.parametrize("day", [dt.date(2026, 9, 1), dt.date(2027, 1, 1), dt.date(2027, 8, 31)])
def test_demo_fits_the_day_it_is_made(db, day):
    with time_machine.travel(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC), tick=False):
        call_command("demo", verbosity=0)
        now = timezone.now()
        year = academic_year(timezone.localdate())

    started = Audit.objects.filter(year=year).values_list("started_at", flat=True)
    assert {academic_year(timezone.localdate(at)) for at in started} == {year}
    assert not Response.objects.filter(handed_in_at__gt=now).exists()
    assert not Audit.objects.filter(started_at__gt=now).exists()
    assert all(
        response.handed_in_at >= response.audit.started_at
        for response in Response.objects.handed_in().select_related("audit")
    )


@pytest.mark.parametrize("reset", [True, False])
def test_demo_is_refused_elsewhere(db, settings, reset):
    settings.DEMO = False
    kept = factories.service("Real Music")

    with pytest.raises(CommandError, match="This is no demo portal, so nothing was changed"):
        call_command("demo", reset=reset, verbosity=0)

    assert list(MusicService.objects.all()) == [kept]
    assert not User.objects.exists()
