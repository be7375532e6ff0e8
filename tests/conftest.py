"""The cast: Avon Music Service is under test, Bute is the outsider's, and the programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from actionplans.models import ActionPlan, Target
from portal.access import ProgrammeRole, Role
from portal.models import MusicService, User
from selfassessment.models import Audit, Questionnaire, Response
from tests import factories

PEOPLE = {
    "lead": Role.LEAD,
    "inclusion_lead": Role.INCLUSION_LEAD,
    "group_member": Role.GROUP_MEMBER,
    "board_viewer": Role.BOARD_VIEWER,
    "outsider": Role.LEAD,
    "team": ProgrammeRole.TEAM,
    "facilitator": ProgrammeRole.FACILITATOR,
    "funder": ProgrammeRole.FUNDER,
}


@pytest.fixture
def avon(db: None) -> MusicService:
    return factories.service("Avon Music Service")


@pytest.fixture
def bute(db: None) -> MusicService:
    return factories.service("Bute Music Service")


def cast_of(avon: MusicService, bute: MusicService) -> Callable[[str], User]:
    known: dict[str, User] = {}

    def cast(name: str) -> User:
        if name not in known:
            role = PEOPLE[name]
            if isinstance(role, ProgrammeRole):
                known[name] = factories.user(name, programme_role=role)
            else:
                known[name] = factories.user(name)
                factories.membership(known[name], bute if name == "outsider" else avon, role)
        return User.objects.get(pk=known[name].pk)  # fresh: nothing cached from setting up

    return cast


@pytest.fixture
def person(avon: MusicService, bute: MusicService) -> Callable[[str], User]:
    """A member of the cast by name; the same one each time in a test."""
    return cast_of(avon, bute)


def browsers_of(person: Callable[[str], User]) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        browser = Client()
        if name != "visitor":
            browser.force_login(person(name))
        return browser

    return signed_in


@pytest.fixture
def sign_in(db: None, person: Callable[[str], User]) -> Callable[[str], Client]:
    """`sign_in("board_viewer")` gives that person's browser; "visitor" has not signed in."""
    return browsers_of(person)


@pytest.fixture
def questionnaire(db: None, person: Callable[[str], User]) -> Questionnaire:
    """Published, 0 to 4: two areas, three sections, seven statements, three of them quick."""
    return factories.questionnaire(by=person("team"))


@pytest.fixture
def audit(questionnaire: Questionnaire, avon: MusicService, person: Callable[[str], User]) -> Audit:
    """Avon's open self-assessment of this year, started by its lead."""
    return factories.audit(avon, questionnaire, by=person("lead"))


@pytest.fixture
def response(audit: Audit, person: Callable[[str], User]) -> Response:
    """The lead's own response in it: nothing rated yet."""
    return Response.objects.select_related("audit").get(
        audit=audit, respondent__user=person("lead")
    )


@pytest.fixture
def agreed(audit: Audit, person: Callable[[str], User]) -> Audit:
    """Avon's self-assessment, agreed and closed, with two priorities chosen and one parked."""
    lead = person("lead")
    factories.agree(audit, lead, A1_1=1, A1_2=3, A1_3=2, A2_1=0, A2_2=2, B1_1=1, B1_2=4)
    factories.prioritise(
        audit, lead, reason="It matters most.", A1_1="chosen", A2="chosen", B1_1="parked"
    )
    audit.closed_at, audit.closed_by = timezone.now(), lead
    audit.save()
    return audit


@pytest.fixture
def plan(agreed: Audit, avon: MusicService, person: Callable[[str], User]) -> ActionPlan:
    """Avon's plan for this year, under way, from its self-assessment."""
    return factories.plan(avon, person("lead"), "under_way", audit=agreed)


@pytest.fixture
def target(plan: ActionPlan, person: Callable[[str], User]) -> Target:
    """A target of that plan, with all that makes it SMART; the inclusion lead sees to it."""
    return factories.target(
        plan,
        person("inclusion_lead"),
        statements="A1.1",
        priority=plan.audit.priorities.chosen().first(),
        measure="80 tutors take part, of 100",
        baseline="20 take part",
        start_value=20,
        aim_value=80,
        unit="tutors",
        role="Inclusion lead",
        owner=person("inclusion_lead"),
        starts_on=plan.starts_on,
        due_on=plan.ends_on - dt.timedelta(days=60),
        steps="Ask for dates. Pay for the time.",
        young_people="All who learn with us",
    )


@pytest.fixture
def worker(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """`worker()` does every job that waits, then returns.

    In an ordinary test jobs run here, in the test's transaction, and their errors are the test's.
    In a transactional one (a browser test) it is a real worker with connections of its own, which
    logs errors and tries again as it would.
    """
    app.perform_import_paths()
    done: set[int] = set()

    def here() -> None:
        for row in ProcrastinateJob.objects.filter(status="todo").exclude(pk__in=done):
            done.add(row.pk)
            task = app.tasks[row.task_name]
            job = Job(
                id=row.pk,
                queue=row.queue_name,
                lock=row.lock,
                queueing_lock=row.queueing_lock,
                task_name=row.task_name,
                task_kwargs=row.args,
                attempts=row.attempts,
            )
            context = JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None)
            task(*([context] if task.pass_context else []), **row.args)

    def on_its_own() -> None:
        # Connections of the worker's threads end with their task, not ten minutes later.
        monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        with app.replace_connector(app.connector.get_worker_connector()) as own:
            options = {"wait": False, "install_signal_handlers": False, "listen_notify": False}
            thread = Thread(target=own.run_worker, kwargs=options)
            thread.start()
            thread.join()

    return lambda: here() if connection.in_atomic_block else on_its_own()


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """`at_once(one, other)` does all of them together; what each returned, or was refused with.

    Each has a thread and a connection of its own, so the test must be a transactional one.
    """

    def run(*deeds: Callable[[], object]) -> list[Any]:
        start = Barrier(len(deeds))

        def do(deed: Callable[[], object]) -> object:
            start.wait(timeout=5)
            try:
                return deed()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(deeds)) as pool:
            done = [pool.submit(do, deed) for deed in deeds]
        return [one.exception() or one.result() for one in done]

    return run
