"""What is done between fetching the code and starting it, and again at every update."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actionplans.models import ExampleTarget
from changingtracks.management.commands.demo import DEMO_SIGN_INS, PASSWORD
from portal.models import User
from tests import factories


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path / "var", tmp_path / "var" / "static"
    return settings.VAR_DIR


def prepare():
    out = StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


def test_an_empty_demo_is_filled_and_says_how_to_sign_in(db, var):
    first, second = prepare(), prepare()

    sign_ins = (var / "demo-sign-ins.txt").read_text()
    assert (first, second) == ("Collecting the static files.\nThe demo is ready.\n", "")
    assert PASSWORD in sign_ins
    assert [email for email, _ in DEMO_SIGN_INS if email not in sign_ins] == []
    assert User.objects.count() == len(DEMO_SIGN_INS)


def test_static_files_are_collected_anew_when_they_lie_elsewhere(db, var, settings):
    settings.DEMO = False
    prepare()
    settings.STATIC_ROOT = var / "other"

    assert prepare() == "Collecting the static files.\n"
    assert (var / "other" / "css" / "portal.css").exists()


def test_nobody_is_made_up_outside_the_demo(db, var, settings):
    settings.DEMO = False

    prepare()

    assert not User.objects.exists()
    assert not (var / "demo-sign-ins.txt").exists()


def test_a_portal_begun_before_there_were_examples_gets_them_once(db, var, settings):
    settings.DEMO = False
    factories.user("somebody")
    said = prepare()
    ExampleTarget.objects.first().delete()
    left = ExampleTarget.objects.count()

    again = prepare()

    assert f"{left + 1} example targets are new." in said
    assert (again, ExampleTarget.objects.count()) == ("", left)


def test_sign_ins_that_do_not_work_are_not_shown(db, var):
    factories.user("somebody")
    var.mkdir()
    (var / "demo-sign-ins.txt").write_text("of a demo that was")

    prepare()

    assert not (var / "demo-sign-ins.txt").exists()
    assert User.objects.count() == 1


def test_a_database_out_of_reach_is_told_in_a_sentence(no_database, var):
    with pytest.raises(CommandError, match="The database cannot be used: "):
        prepare()
