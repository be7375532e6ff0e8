"""Every kind of page of plans, and of the year around them: axe, and what axe misses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from actionplans.keeping import reminders
from actionplans.models import (
    AREA_CODES,
    ExampleTarget,
    PaperKind,
    ReviewLine,
    Scan,
    Snooze,
    TermDates,
)
from portal.models import Topic
from portal.years import academic_year
from selfassessment.models import PlanArea
from tests import factories
from tests.browser.accessible import faults, faulty, portions, refused, seen

TEXT = " ".join(factories.HOSTILE)
LONG, SHORT, WORD = TEXT[:300], TEXT[:160], TEXT[:60]
WORDS = {
    "detail": TEXT,
    "measure": TEXT,
    "baseline": TEXT,
    "start_value": 2000000,
    "aim_value": 8000000.5,
    "unit": WORD,
    "steps": TEXT,
    "resources": TEXT,
    "cost": 123456.78,
    "funding": LONG,
    "why": TEXT,
    "heard": ["holistic", "equitable"],
    "young_people": LONG,
    "role": SHORT,
    "helpers": LONG,
    "barriers": TEXT,
    "extra": TEXT,
}


@pytest.fixture
def plans(agreed, avon, person) -> dict[str, object]:
    """Avon's plans in each of their states, with hostile words in every place for words."""
    lead, year = person("lead"), academic_year(timezone.localdate())
    agreed.priorities.update(reason=TEXT)
    said = {"approver": SHORT, "approval_said": TEXT}
    last = factories.plan(avon, lead, "closed", year - 1, closing_said=TEXT, **said)
    left = [factories.target(last, lead, TEXT[:200], **WORDS) for _ in range(2)]
    now = factories.plan(avon, lead, "under_way", year, audit=agreed, **said)
    draft = factories.plan(avon, lead, year=year + 1, audit=agreed, carried_from=last)
    group = factories.plan(avon, lead, "with_group", year + 2)
    approved = factories.plan(avon, lead, "approved", year + 3, **said)
    empty = factories.plan(avon, lead, year=year + 4)
    factories.target(draft, lead, TEXT[:200], statements="A1.1 A1.2", **WORDS)
    factories.target(draft, lead, area=PlanArea.LEADERSHIP, role="", measure="Review it")
    for plan in (group, approved):
        factories.target(plan, lead, TEXT[:200], **WORDS)
    factories.target(draft, lead, carried_from=left[0])
    return {
        "last": last.pk,
        "plan": now.pk,
        "draft": draft.pk,
        "unwritten": draft.targets.first().pk,
        "group": group.pk,
        "grouped": group.targets.get().pk,
        "approved": approved.pk,
        "empty": empty.pk,
        "audit": agreed.pk,
        "year": year,
    }


@pytest.fixture
def world(plans, avon, person, response) -> dict[str, object]:
    """The plan under way with much going on in it, papers, reviews and tables; and its service."""
    for name in ("inclusion_lead", "group_member", "board_viewer"):
        person(name)
    lead, today = person("lead"), timezone.localdate()
    plan = avon.action_plans.get(pk=plans["plan"])
    day = {"starts_on": plan.starts_on, "due_on": plan.ends_on - dt.timedelta(days=40)}
    whole = factories.target(
        plan, lead, TEXT[:200], statements="A1.1 A2.1", owner=lead, aim_level=3, **WORDS, **day
    )
    whole.topics.add(Topic.objects.create(name="A topic " + WORD[:40], slug="a-topic"))
    whole.measure = f"{TEXT} and more"
    whole.save()
    targets = [
        factories.target(plan, lead, f"{name} {WORD}", area, **fields)
        for (name, fields), area in zip(
            {
                "Late": {"due_on": today - dt.timedelta(days=3), "role": "Head", "owner": lead},
                "Done": {"status": "done", "ended_reason": TEXT},
                "Dropped": {"status": "dropped", "ended_reason": TEXT},
                "Not acted on": {"no_action_reason": TEXT},
                "Not dated": {"no_date_reason": LONG, "no_owner_reason": LONG},
            }.items(),
            [*AREA_CODES, PlanArea.WORKFORCE],
            strict=True,
        )
    ]
    factories.target(plan, lead, "Added later", approved_wording=None)
    step = factories.step(whole, TEXT[:200], due_on=day["due_on"])
    factories.step(whole, done_on=today, ticked_by=lead)
    note = factories.note(
        whole,
        lead,
        TEXT,
        rag="red",
        value=31,
        young_people=TEXT,
        evidence=LONG,
        evidence_url="https://example.org/" + "w" * 200,
    )
    factories.note(whole, person("group_member"), rag="amber", noted_on=day["starts_on"])
    files = [
        factories.evidence(note, lead, file_name=f"{one}{LONG[:150]}.txt", scan=one) for one in Scan
    ]
    Snooze.objects.create(
        target=targets[0], user=lead, until_on=today + dt.timedelta(days=9), reason=LONG
    )
    held = factories.review(
        plan,
        lead,
        name=LONG[:120],
        place=LONG[:200],
        present=TEXT,
        said=TEXT,
        finished_at=timezone.now(),
        finished_by=lead,
    )
    planned = factories.review(plan, lead, name=LONG[:120], place=LONG[:200], present=TEXT)
    for review in (held, planned):
        for target, decision in zip([whole, *targets], ["change", "keep", "close"], strict=False):
            ReviewLine.objects.create(
                review=review, target=target, decision=decision, said=TEXT, saved_by=lead
            )
    TermDates.objects.create(
        service=avon,
        year=academic_year(today),
        term="autumn",
        starts_on=plan.starts_on,
        ends_on=plan.starts_on + dt.timedelta(days=100),
    )
    ready = {"state": "ready", "content": b"%PDF", "finished_at": timezone.now()}
    papers = [
        factories.paper(plan, lead, kind, **fields)
        for kind, fields in {
            PaperKind.PLAN: ready,
            PaperKind.BOARD_PAPER: {"step": 1},
            PaperKind.YEAR_REPORT: {"state": "failed"},
        }.items()
    ]
    table = [
        ["Plan area", "What will change", "By when", TEXT],
        ["Nowhere", TEXT, "Sept–March", TEXT],
    ]
    uploads = [
        factories.plan_upload(plan, lead, table * 3, file_name=LONG[:200]),
        factories.plan_upload(plan, lead, state="refused", trouble=TEXT, table={}, matched={}),
        factories.plan_upload(plan, lead, state="waiting", content=b"x", table={}, matched={}),
    ]
    factories.logo(avon, lead, alt=LONG[:120])
    factories.summary(plan, lead, with_roles=True, foreword=TEXT)
    example = ExampleTarget.objects.create(
        questionnaire="Test set",
        codes=["A1.1", "A1"],
        area=PlanArea.LEADERSHIP,
        title=TEXT[:200],
        measure=TEXT,
        role=SHORT,
        due=WORD,
    )
    return {
        **plans,
        "target": whole.pk,
        "late": targets[0].pk,
        "done": targets[1].pk,
        "not_acted": targets[3].pk,
        "step": step.pk,
        "note": note.pk,
        "file": files[0].pk,
        "held": held.pk,
        "planned": planned.pk,
        "ready": papers[0].pk,
        "making": papers[1].pk,
        "failed": papers[2].pk,
        "table": uploads[0].pk,
        "no_table": uploads[1].pk,
        "unread": uploads[2].pk,
        "example": example.pk,
        "stop": reminders.stop_token(lead),
    }


PAGES = {
    "visitor": [
        "/plans/public/avon-music-service/{plan}/",
        "/services/avon-music-service/",
        "/reminders/stop/{stop}/",
    ],
    "lead": [
        "/",
        "/services/avon-music-service/year/",
        "/services/avon-music-service/logo/",
        "/services/avon-music-service/terms/",
        "/services/avon-music-service/everything/",
        "/reminders/",
        "/examples/",
        "/plans/example/",
        "/self-assessments/{audit}/priorities/",
        "/self-assessments/{audit}/results/",
        "/plans/from/{audit}/A1.1/",
        "/plans/from/{audit}/A2/?example={example}",
        "/plans/of/avon-music-service/",
        "/plans/of/avon-music-service/start/",
        "/plans/{plan}/",
        "/plans/{plan}/?by=owner",
        "/plans/{plan}/?by=due",
        "/plans/{plan}/?by=overdue",
        "/plans/{plan}/?by=stalled",
        "/plans/{plan}/?by=done",
        "/plans/{plan}/changes/",
        "/plans/{plan}/moved/",
        "/plans/{plan}/close/",
        "/plans/{plan}/publish/",
        "/plans/{plan}/unpublish/",
        "/plans/{plan}/papers/",
        "/papers/{ready}/",
        "/papers/{making}/",
        "/papers/{failed}/",
        "/plans/{plan}/import/",
        "/plans/uploads/{table}/",
        "/plans/uploads/{no_table}/",
        "/plans/uploads/{unread}/",
        "/plans/{plan}/reviews/",
        "/plans/{plan}/reviews/add/",
        "/plans/reviews/{held}/",
        "/plans/reviews/{held}/{target}/",
        "/plans/reviews/{planned}/",
        "/plans/reviews/{planned}/{target}/",
        "/plans/reviews/{planned}/{done}/",
        "/plans/reviews/{planned}/edit/",
        "/plans/reviews/{planned}/finish/",
        "/targets/{target}/",
        "/targets/{late}/",
        "/targets/{done}/",
        "/targets/{not_acted}/",
        "/targets/{target}/edit/",
        "/targets/{target}/end/",
        "/targets/{target}/history/",
        "/targets/{target}/note/",
        "/targets/{late}/quiet/",
        "/targets/{target}/quiet/",
        "/notes/{note}/",
        "/evidence/{file}/remove/",
        "/plans/{plan}/targets/add/",
        "/plans/{last}/",
        "/plans/{last}/reopen/",
        "/plans/{draft}/",
        "/plans/{draft}/carry/",
        "/plans/{draft}/share/",
        "/plans/{draft}/approve/",
        "/plans/{draft}/import/",
        "/plans/{draft}/papers/",
        "/plans/{draft}/reviews/",
        "/targets/{unwritten}/",
        "/targets/{unwritten}/edit/",
        "/targets/{unwritten}/remove/",
        "/plans/{empty}/",
        "/plans/{empty}/approve/",
        "/plans/{empty}/discard/",
        "/plans/{group}/take-back/",
        "/plans/{approved}/begin/",
        "/plans/{approved}/publish/",
    ],
    "group_member": [
        "/",
        "/plans/{plan}/",
        "/plans/{group}/",
        "/targets/{target}/",
        "/targets/{grouped}/edit/",
        "/plans/reviews/{planned}/{target}/",
    ],
    "board_viewer": [
        "/",
        "/plans/of/avon-music-service/",
        "/plans/{plan}/",
        "/plans/{plan}/papers/",
        "/targets/{target}/",
        "/plans/reviews/{held}/{target}/",
    ],
    "outsider": [  # whose service has no plan, and no self-assessment
        "/",
        "/plans/of/bute-music-service/",
        "/plans/of/bute-music-service/start/",
        "/services/bute-music-service/year/",
        "/services/bute-music-service/logo/",
        "/services/bute-music-service/terms/",
        "/reminders/",
        "/examples/",
    ],
    "team": [
        "/",
        "/programme/years/",
        "/examples/",
        "/examples/add/",
        "/examples/{example}/edit/",
        "/examples/{example}/remove/",
        "/plans/public/avon-music-service/{plan}/",
    ],
}

REFUSED: dict[str, list[tuple[str, dict[str, str]]]] = {
    "lead": [
        ("/plans/{empty}/targets/add/", {"title": ""}),
        ("/targets/{target}/edit/", {"title": "", "due_on": "2001-01-01"}),
        ("/plans/from/{audit}/A1.1/", {"title": ""}),
        ("/targets/{target}/note/", {"text": "", "noted_on": ""}),
        ("/notes/{note}/", {"text": ""}),
        ("/targets/{target}/end/", {}),
        ("/targets/{target}/quiet/", {}),
        ("/plans/{draft}/approve/", {"approver": ""}),
        ("/plans/{plan}/import/", {}),
        ("/plans/{plan}/reviews/add/", {"name": ""}),
        ("/plans/reviews/{planned}/edit/", {"name": "", "held_on": ""}),
        ("/services/avon-music-service/terms/", {"{year}-autumn-starts_on": "2001-01-01"}),
        ("/services/avon-music-service/logo/", {"alt": ""}),
    ],
    "team": [
        ("/examples/add/", {}),
        ("/examples/{example}/edit/", {"title": ""}),
    ],
}


@pytest.mark.parametrize(("who", "paths"), portions(PAGES))
def test_pages(open_as, world, who, paths):
    page = seen(open_as, who)

    found = faulty(page, [path.format(**world) for path in paths])

    assert found == {}


@pytest.mark.parametrize("who", REFUSED)
def test_pages_that_refuse(open_as, world, who):
    page, found = seen(open_as, who), {}

    for path, typed in REFUSED[who]:
        fields = {name.format(**world): text for name, text in typed.items()}
        found[path] = refused(page, path.format(**world), fields)

    assert found == {path: [] for path in found}


def test_two_people_in_one_target(open_as, world, person):
    page = seen(open_as, "lead")
    page.goto("/targets/{target}/edit/".format(**world))
    other = page.context.new_page()
    other.goto(page.url)
    for tab, text in [(other, TEXT), (page, TEXT[::-1])]:
        tab.locator("#id_steps").fill(text)
        tab.get_by_role("button", name="Save", exact=True).click()
        tab.locator(".messages, .clash").first.wait_for()

    assert faults(page) == []
