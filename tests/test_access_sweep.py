"""Every route, every person: who gets in is said here, and a route nobody speaks of fails."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from actionplans.keeping import reminders
from actionplans.models import ExampleTarget, ReminderChoice
from portal.access import Role
from portal.models import HubArea, Invitation, Topic
from resources import pages
from resources.models import Subscriber, Synonyms
from selfassessment.models import Area, PlanArea, Report, ReportKind, Response, Section
from tests import factories
from tests.conftest import PEOPLE, browsers_of, cast_of

CAST = [*PEOPLE, "visitor"]
MEMBERS = {"lead", "inclusion_lead", "group_member", "board_viewer"}
PROGRAMME = {"team", "facilitator", "funder"}
SIGNED_IN = MEMBERS | PROGRAMME | {"outsider"}
EVERYBODY = SIGNED_IN | {"visitor"}
LEADS = {"lead", "inclusion_lead"}
TALKERS = LEADS | {"group_member"}
GROUP = LEADS | {"group_member"}


@dataclass(frozen=True)
class Rule:
    """Who may, who is told no (403); to everybody else signed in it is not there (404)."""

    may: set[str]
    told_no: set[str] = field(default_factory=set)
    method: str = "get"
    asks_to_sign_in: bool = True


def post(may, told_no=frozenset()):
    return Rule(may, set(told_no), "post")


def only(may, within):
    return Rule(may, within - may)


EDITORS = only({"team"}, {"team"})  # a draft is not there for anybody else

RULES = {
    # The roof, and one's own account
    "home": Rule(EVERYBODY),
    "robots": Rule(EVERYBODY),
    "security": Rule(set(), asks_to_sign_in=False),  # no address is set
    "sitemap": Rule(EVERYBODY),
    "sitemap_file": Rule(EVERYBODY),
    "health": Rule(EVERYBODY),
    "overview": only(MEMBERS, MEMBERS | {"team"}),
    "programme_years": only({"team"}, SIGNED_IN),
    "programme_years_csv": only({"team"}, SIGNED_IN),
    "account_index": Rule(SIGNED_IN),
    "account_name": Rule(SIGNED_IN),
    # Services and people
    "services": Rule(EVERYBODY),
    "service": Rule(EVERYBODY),
    "services_csv": Rule(EVERYBODY),
    "hub_areas": Rule(EVERYBODY),
    "hub_areas_csv": Rule(EVERYBODY),
    "hub_import": only({"team"}, SIGNED_IN),
    "hub_add": only({"team"}, SIGNED_IN),
    "hub_edit": only({"team"}, SIGNED_IN),
    "hub_lead": only({"team"}, SIGNED_IN),
    "service_add": only({"team"}, SIGNED_IN),
    "switch_service": post(MEMBERS),
    "service_edit": only({"team"}, MEMBERS | {"team"}),
    "directory_import": only({"team"}, SIGNED_IN),
    "service_profile": only(LEADS, MEMBERS | {"team"}),
    "service_contact": Rule(EVERYBODY),
    "annual_reviews": Rule(EVERYBODY),
    "annual_review": Rule(EVERYBODY),
    "annual_review_pdf": Rule(EVERYBODY),
    "annual_reviews_feed": Rule(EVERYBODY),
    "annual_review_picture": Rule(EVERYBODY),
    "seats": only({"team"}, SIGNED_IN),
    "seat_propose": only({"lead"}, MEMBERS | {"team"}),
    "seat_give": only({"team"}, MEMBERS | {"team"}),
    "seat_end": only({"team"}, MEMBERS | {"team"}),
    "activity": only({"lead", "inclusion_lead"}, MEMBERS | {"team"}),
    "logo": only(LEADS, MEMBERS | {"team"}),
    "logo_image": Rule(MEMBERS | {"team"}),
    "everything": only({"lead"}, MEMBERS | {"team"}),
    "people": only(MEMBERS | {"team"}, MEMBERS | {"team"}),
    "invite": only({"lead", "team"}, MEMBERS | {"team"}),
    "member_role": only({"lead", "team"}, MEMBERS | {"team"}),
    "member_remove": only({"lead", "team"}, MEMBERS | {"team"}),
    "invitation_send_again": post({"lead", "team"}, MEMBERS - {"lead"}),
    "invitation_withdraw": post({"lead", "team"}, MEMBERS - {"lead"}),
    "join": Rule(EVERYBODY),
    "programme": only({"team"}, SIGNED_IN),
    "programme_people": only({"team"}, SIGNED_IN),
    "programme_invite": only({"team"}, SIGNED_IN),
    "programme_end": only({"team"}, SIGNED_IN),
    # Self-assessments
    "audits": only(MEMBERS, MEMBERS | {"team"}),
    "audit_start": only(LEADS, MEMBERS | {"team"}),
    "audit": Rule(MEMBERS),
    "audit_date": only(LEADS, MEMBERS),
    "audit_discard": only(LEADS, MEMBERS),
    "audit_take_over": post(LEADS, MEMBERS - LEADS),
    "audit_join": post(MEMBERS - {"board_viewer"}, {"board_viewer"}),
    # A link is the key: whoever holds it gets in, signed in or not, and to nothing else
    "linked": Rule(EVERYBODY),
    "linked_section": Rule(EVERYBODY),
    "linked_save": post(EVERYBODY),
    "linked_check": Rule(EVERYBODY),
    "linked_hand_in": post(EVERYBODY),
    "linked_stop": Rule(EVERYBODY),
    "linked_mail": post(EVERYBODY),
    "shared": Rule(EVERYBODY),
    "mine": Rule({"lead"}),
    "section": Rule({"lead"}),
    "rating_save": post({"lead"}),
    "check": Rule({"lead"}),
    "hand_in": post({"lead"}),
    "reopen": only({"lead"}, MEMBERS),
    "agree": only(GROUP, MEMBERS),
    "agree_bulk": only(LEADS, MEMBERS),
    "agree_alone": only(LEADS, MEMBERS),
    "meeting": only(GROUP, MEMBERS),
    "meeting_statement": only(GROUP, MEMBERS),
    "handout": only(GROUP, MEMBERS),
    "handout_made": only(GROUP, MEMBERS),
    "handout_file": only(GROUP, MEMBERS),
    "talk": only(TALKERS, MEMBERS),
    "talk_open": only(LEADS, MEMBERS),
    "talk_csv": only(TALKERS, MEMBERS),
    "talk_xlsx": only(TALKERS, MEMBERS),
    "results": Rule(MEMBERS),
    "totals_show": only(LEADS, MEMBERS),
    "priorities": Rule(MEMBERS),
    "audit_close": only(LEADS, MEMBERS),
    "ratings_csv": Rule(MEMBERS),
    "ratings_xlsx": Rule(MEMBERS),
    "report_request": post(MEMBERS),
    "report": Rule(MEMBERS),
    "report_file": Rule(MEMBERS),
    # Asking people to rate
    "respondents": only(LEADS, MEMBERS),
    "audit_privacy": only(LEADS, MEMBERS),
    "respondent_invite": only(LEADS, MEMBERS),
    "respondents_remind": post(LEADS, MEMBERS - LEADS),
    "respondent_again": post(LEADS, MEMBERS - LEADS),
    "respondent_withdraw": only(LEADS, MEMBERS),
    "respondent_role": only(LEADS, MEMBERS),
    "shared_link_make": post(LEADS, MEMBERS - LEADS),
    "shared_link": only(LEADS, MEMBERS),
    "shared_link_withdraw": only(LEADS, MEMBERS),
    # Benchmark and history
    "benchmark": Rule(MEMBERS),
    "benchmark_share": only({"lead"}, MEMBERS),
    "benchmark_unshare": only({"lead"}, MEMBERS),
    "programme_benchmark": only(PROGRAMME, SIGNED_IN),
    "history": only(LEADS, MEMBERS),
    "history_statement": only(LEADS, MEMBERS),
    # Workbooks
    "workbook_blank": Rule(MEMBERS),
    "workbook_mine": Rule({"lead"}),
    "uploads": only(MEMBERS - {"board_viewer"}, MEMBERS),
    "upload_add": only(LEADS, MEMBERS),
    "upload_mine": Rule({"lead"}),
    "upload": Rule({"lead"}),
    "upload_take_in": post({"lead"}),
    "upload_discard": post({"lead"}),
    # Looking back
    "trend": only(MEMBERS, MEMBERS | {"team"}),
    "audit_moving": only(MEMBERS, MEMBERS | {"team"}),
    "baselines": only(MEMBERS, MEMBERS | {"team"}),
    "baseline_add": only(LEADS, MEMBERS | {"team"}),
    "baseline_upload": only(LEADS, MEMBERS | {"team"}),
    "baseline": only(LEADS, MEMBERS),
    "baseline_delete": only(LEADS, MEMBERS),
    "mapping": EDITORS,
    "mapping_prepare": post({"team"}),
    "mapping_review": EDITORS,
    "mapping_simulation": EDITORS,
    "mapping_line": EDITORS,
    # Questionnaires
    "questionnaires": Rule(SIGNED_IN),
    "questionnaire": Rule(SIGNED_IN),
    "questionnaire_preview": Rule(SIGNED_IN),
    "questionnaire_import": only({"team"}, SIGNED_IN),
    "questionnaire_shipped": post({"team"}, SIGNED_IN - {"team"}),
    "questionnaire_publish": EDITORS,
    "questionnaire_withdraw": only({"team"}, SIGNED_IN),
    "questionnaire_bring_back": post({"team"}, SIGNED_IN - {"team"}),
    "questionnaire_new_edition": post({"team"}, SIGNED_IN - {"team"}),
    "questionnaire_delete": EDITORS,
    "questionnaire_details": EDITORS,
    "questionnaire_scale": EDITORS,
    "area_add": EDITORS,
    "area_edit": EDITORS,
    "section_add": EDITORS,
    "section_edit": EDITORS,
    "statement_add": EDITORS,
    "statement_edit": EDITORS,
    "part_move": post({"team"}),
    "part_remove": EDITORS,
    # Keeping a plan going
    "reviews": Rule(MEMBERS),
    "review_plan": only(LEADS, MEMBERS),
    "review": Rule(MEMBERS),
    "review_edit": only(LEADS, MEMBERS),
    "review_finish": only(LEADS, MEMBERS),
    "review_target": Rule(MEMBERS),
    "terms": only(LEADS, MEMBERS | {"team"}),
    "target_snooze": only(LEADS, MEMBERS),
    "reminders": Rule(SIGNED_IN),
    "calendar_renew": post(SIGNED_IN),
    # Its key is in the link: a calendar program has no account, nor has who stops a mail
    "calendar": Rule(EVERYBODY),
    "reminders_stop": Rule(EVERYBODY),
    # Action plans
    "target": Rule(MEMBERS),
    "note_add": only(GROUP, MEMBERS),
    "note_edit": only(LEADS, MEMBERS),  # a lead wrote it
    "milestone_tick": post(GROUP, MEMBERS - GROUP),
    "evidence_file": Rule(MEMBERS),
    "evidence_remove": only(LEADS, MEMBERS),  # a lead added it
    "target_history": only(LEADS, MEMBERS),
    "plan_moved": Rule(MEMBERS),
    "plans": only(MEMBERS, MEMBERS | {"team"}),
    "plan_start": only(LEADS, MEMBERS | {"team"}),
    "plan": Rule(MEMBERS),
    "plan_share": only(LEADS, MEMBERS),
    "plan_take_back": only(LEADS, MEMBERS),
    "plan_approve": only(LEADS, MEMBERS),
    "plan_begin": only(LEADS, MEMBERS),
    "plan_close": only(LEADS, MEMBERS),
    "plan_reopen": only(LEADS, MEMBERS),
    "plan_discard": only(LEADS, MEMBERS),
    "plan_carry": only(LEADS, MEMBERS),
    "plan_changes": Rule(MEMBERS),
    # Papers of a plan
    "papers": Rule(MEMBERS),
    "paper": Rule(MEMBERS),
    "paper_file": Rule(MEMBERS),
    # What the public reads of a plan
    "plan_publish": only({"lead"}, MEMBERS),
    "plan_unpublish": only({"lead"}, MEMBERS),
    "plan_public": Rule(EVERYBODY),
    # A plan as a table
    "plan_import": only(LEADS, MEMBERS),
    "plan_upload": only(LEADS, MEMBERS),
    "plan_upload_match": post(LEADS, MEMBERS - LEADS),
    "plan_upload_take_in": post(LEADS, MEMBERS - LEADS),
    "plan_upload_discard": post(LEADS, MEMBERS - LEADS),
    "plan_csv": Rule(MEMBERS),
    "plan_xlsx": Rule(MEMBERS),
    # Writing a target
    "target_add": only(GROUP, MEMBERS),
    "target_edit": only(GROUP, MEMBERS),
    "target_from": only(GROUP, MEMBERS),
    "target_advice": post(GROUP, (MEMBERS | {"team"}) - GROUP),
    "target_end": only(GROUP, MEMBERS),
    "target_reopen": post(GROUP, MEMBERS - GROUP),
    "target_remove": only(GROUP, MEMBERS),
    # Example targets
    "plan_example": Rule(SIGNED_IN),
    "examples": Rule(SIGNED_IN),
    "example_add": only({"team"}, SIGNED_IN),
    "example_edit": only({"team"}, SIGNED_IN),
    "example_remove": only({"team"}, SIGNED_IN),
    # The desk of the library
    "resource_desk": only({"team"}, SIGNED_IN),
    "resource_add": only({"team"}, SIGNED_IN),
    "resource_advice": post({"team"}, SIGNED_IN - {"team"}),
    "resource_preview": only({"team"}, SIGNED_IN),
    "resource_edit": only({"team"}, SIGNED_IN),
    "resource_history": only({"team"}, SIGNED_IN),
    "resource_submit": only({"team"}, SIGNED_IN),
    "resource_publish": only({"team"}, SIGNED_IN),
    "resource_take_back": only({"team"}, SIGNED_IN),
    "resource_archive": only({"team"}, SIGNED_IN),
    "resource_bring_back": only({"team"}, SIGNED_IN),
    "resource_files": only({"team"}, SIGNED_IN),
    "resource_file_replace": only({"team"}, SIGNED_IN),
    "resource_file_remove": only({"team"}, SIGNED_IN),
    "resource_picture_add": only({"team"}, SIGNED_IN),
    "resource_picture_edit": only({"team"}, SIGNED_IN),
    "resource_picture_remove": only({"team"}, SIGNED_IN),
    "review_desk": only({"team"}, SIGNED_IN),
    "review_add": only({"team"}, SIGNED_IN),
    "review_compose": only({"team"}, SIGNED_IN),
    "review_details": only({"team"}, SIGNED_IN),
    "review_begin": only({"team"}, SIGNED_IN),
    "review_history": only({"team"}, SIGNED_IN),
    "chapter_add": only({"team"}, SIGNED_IN),
    "chapter_edit": only({"team"}, SIGNED_IN),
    "chapter_move": post({"team"}, SIGNED_IN - {"team"}),
    "chapter_remove": only({"team"}, SIGNED_IN),
    "remark_add": only({"team"}, SIGNED_IN),
    "remark_settle": post({"team"}, SIGNED_IN - {"team"}),
    "quotation_add": only({"team"}, SIGNED_IN),
    "quotation_edit": only({"team"}, SIGNED_IN),
    "quotation_remove": only({"team"}, SIGNED_IN),
    "quotation_move": post({"team"}, SIGNED_IN - {"team"}),
    "picture_add": only({"team"}, SIGNED_IN),
    "picture_edit": only({"team"}, SIGNED_IN),
    "picture_remove": only({"team"}, SIGNED_IN),
    "picture_move": post({"team"}, SIGNED_IN - {"team"}),
    "review_figures": only({"team"}, SIGNED_IN),
    "review_figures_take": post({"team"}, SIGNED_IN - {"team"}),
    "own_figure_add": only({"team"}, SIGNED_IN),
    "own_figure_edit": only({"team"}, SIGNED_IN),
    "own_figure_remove": only({"team"}, SIGNED_IN),
    "topic_list": only({"team"}, SIGNED_IN),
    "topic_edit": only({"team"}, SIGNED_IN),
    "synonyms": only({"team"}, SIGNED_IN),
    "synonyms_add": only({"team"}, SIGNED_IN),
    "synonyms_edit": only({"team"}, SIGNED_IN),
    "synonyms_remove": only({"team"}, SIGNED_IN),
    "review_word": only({"team"}, SIGNED_IN),
    "printing_add": post({"team"}, SIGNED_IN - {"team"}),
    "printing_detail": only({"team"}, SIGNED_IN),
    "printing_again": post({"team"}, SIGNED_IN - {"team"}),
    "printing_file": only({"team"}, SIGNED_IN),
    # Annual reviews on their way to readers; the one of the fixture is published
    "review_upload": only({"team"}, SIGNED_IN),
    "review_submit": only({"team"}, SIGNED_IN),
    "review_publish": only({"team"}, SIGNED_IN),
    "review_correct": only({"team"}, SIGNED_IN),
    "review_open": only({"team"}, SIGNED_IN),
    "review_take_back": only({"team"}, SIGNED_IN),
    "review_supersede": only({"team"}, SIGNED_IN),
    "review_restore": only({"team"}, SIGNED_IN),
    "review_discard": only({"team"}, SIGNED_IN),
    # The library
    "library": Rule(EVERYBODY),
    "library_feed": Rule(EVERYBODY),
    "topic": Rule(EVERYBODY),
    "resource": Rule(EVERYBODY),
    "resource_file": Rule(EVERYBODY),
    "resource_picture": Rule(EVERYBODY),
    "resource_keep": post(SIGNED_IN),
    "resource_unkeep": post(SIGNED_IN),
    "resource_said": post(SIGNED_IN),
    "my_list": Rule(SIGNED_IN),
    # Pages of words, and the e-news; a mailed link is the key
    "page": Rule(EVERYBODY),
    "page_desk": only({"team"}, SIGNED_IN),
    "page_edit": only({"team"}, SIGNED_IN),
    "page_history": only({"team"}, SIGNED_IN),
    "page_version": only({"team"}, SIGNED_IN),
    "enews": Rule(EVERYBODY),
    "enews_sent": Rule(EVERYBODY),
    "enews_left": Rule(EVERYBODY),
    "enews_link": Rule(EVERYBODY),
    "enews_leave": Rule(EVERYBODY),
    "enews_list": only({"team"}, SIGNED_IN),
    "enews_csv": only({"team"}, SIGNED_IN),
    # For developers, and not there outside development
    "dev_style": Rule(EVERYBODY),
    "dev_mail": Rule(EVERYBODY),
    "dev_mail_detail": Rule(set(), asks_to_sign_in=False),  # no such mail
}


OF_A_RESOURCE = {"resource", "resource_keep", "resource_unkeep", "resource_said"}
REVIEW_DESK = {
    "review_compose",
    "review_details",
    "review_begin",
    "review_history",
    "review_figures",
}
REVIEW_MOVES = {
    *("review_submit", "review_publish", "review_correct", "review_open"),
    *("review_take_back", "review_supersede", "review_restore", "review_discard"),
}
AFTER_AGREEING = {"results", "ratings_csv", "ratings_xlsx", "report", "report_file", "reopen"}


def routes(patterns=None, prefix=""):
    """Every route of ours: name and path. Those of django-allauth are swept in tests/portal."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif not pattern.callback.__module__.startswith("allauth."):
            yield pattern.name, here


def path(name: str) -> str:
    return dict(routes())[name]


# One world for all of this file, each test in a savepoint: making it takes longer than asking.


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def db(world):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def avon(world):
    return factories.service("Avon Music Service")


@pytest.fixture(scope="module")
def person(avon):
    return cast_of(avon, factories.service("Bute Music Service"))


@pytest.fixture(scope="module")
def audit(avon, person):
    return factories.audit(avon, factories.questionnaire(by=person("team")), by=person("lead"))


@pytest.fixture(scope="module")
def response(audit):
    return Response.objects.select_related("audit").get(audit=audit)


@pytest.fixture
def sign_in(db, address, person):
    return browsers_of(person)


@pytest.fixture(scope="module")
def address(audit, response, avon, person):
    """Avon's address for each route: its lead handed in, somebody is invited, a report is made."""
    factories.rate(response, "A1.1", 3)
    for name in PEOPLE:
        person(name)
    draft = factories.draft(name="A draft")
    report = Report.objects.create(
        audit=audit, key="0" * 64, data={"with_comments": False}, requested_by=person("lead")
    )
    invitation = Invitation.objects.create(
        email="new@example.org", service=avon, role=Role.BOARD_VIEWER, invited_by=person("lead")
    )
    asked_to_rate = factories.respondent(audit)
    shared = factories.shared_link(audit, by=person("lead"))
    upload = factories.upload(audit, by=person("lead"))
    baseline = factories.baseline(avon, by=person("lead"))
    newer = factories.draft(edition=2)
    mapping = factories.mapping(audit.questionnaire, newer, by=person("team"))
    plan = factories.plan(avon, person("lead"), "under_way", audit=audit)
    target = factories.target(plan, person("lead"), statements="A1.1")
    note = factories.note(target, person("lead"))
    step = factories.step(target)
    review = factories.review(plan, person("lead"))
    choice = ReminderChoice.objects.create(user=person("lead"))
    paper = factories.paper(plan, by=person("lead"))
    factories.logo(avon, by=person("lead"))
    factories.summary(plan, by=person("lead"))
    example = ExampleTarget.objects.create(
        questionnaire="Test set", codes=["A1"], area=PlanArea.LEADERSHIP, title="T", measure="1"
    )
    on_desk = factories.resource("A guide on the desk")
    on_desk_file = factories.resource_file(on_desk, by=person("team"))
    on_desk_picture = factories.resource_picture(on_desk, by=person("team"))
    synonyms = Synonyms.objects.create(words="EDI, IDEA")
    member = person("board_viewer").memberships.get()
    hub = HubArea.objects.create(name="Avon Hub")
    seat = factories.seat(avon, person("lead"), by=person("team"))
    published_review = factories.annual_review(person("team"), state="published")
    chapter = factories.chapter(published_review, person("team"))
    remark = chapter.remarks.create(text="Check the year.", by=person("team"))
    in_chapter = {
        "pk": published_review.pk,
        "chapter_id": chapter.pk,
        "quotation_id": factories.quotation(chapter, person("team")).pk,
        "picture_id": factories.picture(chapter, person("team")).pk,
        "figure_id": factories.own_figure(published_review).pk,
    }
    version = factories.version(published_review, person("team"), content=b"%PDF")
    in_chapter |= {"printing_id": version.pk}
    pages.load()
    reader = Subscriber.objects.create(email="reader@example.org")
    published = {
        "questionnaire",
        "questionnaire_preview",
        "questionnaire_withdraw",
        "questionnaire_bring_back",
        "questionnaire_new_edition",
    }

    in_library = {
        **{name: {"slug": on_desk.slug} for name in OF_A_RESOURCE},
        "resource_file": {"slug": on_desk.slug, "pk": on_desk_file.pk},
        "resource_picture": {"slug": on_desk.slug, "pk": on_desk_picture.pk},
        "resource_picture_edit": {"picture_id": on_desk_picture.pk},
        "resource_picture_remove": {"picture_id": on_desk_picture.pk},
        "topic": {"slug": "first-access"},
        "topic_edit": {"pk": Topic.objects.get(slug="first-access").pk},
        "programme_end": {"pk": person("funder").pk},
    }

    def made(name: str) -> str:
        of_questionnaire = name.startswith(
            ("questionnaire", "area_", "section_", "statement_", "part_")
        )
        edition = audit.questionnaire if name in published else draft
        asked = (draft if of_questionnaire else audit.questionnaire).statements
        values = {
            "slug": avon.slug,
            "token": invitation.token,
            "code": "A1",
            "report_id": report.pk,
            "upload_id": upload.pk,
            "name": "none.log",
            "area_id": Area.objects.filter(questionnaire=draft).first().pk,
            "section_id": Section.objects.filter(questionnaire=draft).first().pk,
            "statement_id": asked.get(code="A1.1").pk,
            "kind": "section",
            "part_pk": Section.objects.filter(questionnaire=draft).first().pk,
            "pk": edition.pk if of_questionnaire else audit.pk,
            "respondent_id": asked_to_rate.pk,
            "link_id": shared.pk,
            "line_id": mapping.lines.first().pk,
            "milestone_id": step.pk,
            "target_id": target.pk,
            "key": choice.calendar_key,
            "file_id": on_desk_file.pk,
        }
        by_start = {
            "member_": member,
            "invitation_": invitation,
            "baseline": baseline,
            "mapping": newer,
            "plan": plan,
            "plan_upload": factories.plan_upload(plan, by=person("lead")),
            "target": target,
            "target_add": plan,
            "target_from": audit,
            "note_add": target,
            "note_edit": note,
            "milestone_tick": target,
            "evidence_": factories.evidence(note, person("lead")),
            "plan_moved": plan,
            "review": review,
            "reviews": plan,
            "review_plan": plan,
            "example_": example,
            "paper": paper,
            "papers": plan,
            "hub_": hub,
            "seat_end": seat,
            "annual_review": published_review,
            "resource_": on_desk,
            "synonyms_": synonyms,
        }
        for start, part in by_start.items():
            if name.startswith(start):
                values["pk"] = part.pk
        more = {
            "reminders_stop": {"token": reminders.stop_token(person("lead"))},
            "shared": {"token": audit.shared_links.get().token},
            "sitemap_file": {"part": "pages", "number": 1},
            **in_library,
            **{name: {"pk": published_review.pk} for name in REVIEW_MOVES},
        }
        more_by_start = {
            "linked": {"token": audit.respondents.get(source="email").token},
            "page": {"slug": "about", "number": 1},
            "enews": {"key": reader.key},
            "quotation_": in_chapter,
            "chapter_": {"pk": chapter.pk},
            "chapter_add": in_chapter,
            "remark_add": {"pk": chapter.pk},
            "remark_settle": {"pk": remark.pk},
            **dict.fromkeys(REVIEW_DESK, in_chapter),
            "picture_": in_chapter,
            "annual_review_picture": in_chapter,
            "own_figure_": in_chapter,
            "printing_": in_chapter,
            "review_word": in_chapter,
        }
        for start, found in more_by_start.items():
            if name.startswith(start):
                values |= found
        values |= more.get(name, {})
        if name.startswith("handout_"):
            report.kind = ReportKind.HANDOUT
            report.save()
        if name in {"agree", "meeting_statement", "history_statement"}:
            values["code"] = "A1.1"
        pattern = next(p for p in get_resolver().reverse_dict.getlist(name))
        wanted = pattern[0][0][1]
        return reverse(name, kwargs={key: values[key] for key in wanted})

    return made


def test_every_route_has_a_rule():
    assert sorted(name for name, _ in routes()) == sorted(RULES)


def ask(browser, rule: Rule, name: str, url: str):
    """Ask once and leave no trace, so that everybody finds the same."""
    data = {"service": "avon-music-service"} if name == "switch_service" else {}
    with transaction.atomic():
        answer = getattr(browser, rule.method)(url, data)
        transaction.set_rollback(True)
    return answer


def got(answer) -> str:
    if answer.status_code == 302 and answer.url.startswith("/account/login/"):
        return "to sign in"
    if answer.status_code in {200, 302, 409, 422}:
        return "in"
    return str(answer.status_code)


def due(rule: Rule, who: str) -> str:
    if who in rule.may:
        return "in"
    if who == "visitor" and rule.asks_to_sign_in:
        return "to sign in"
    return "403" if who in rule.told_no else "404"


@pytest.mark.parametrize("name", RULES)
def test_who_gets_in(name, sign_in, address, response):
    rule, url = RULES[name], address(name)
    if name in AFTER_AGREEING:
        factories.agree_alone(response)

    answers = {who: got(ask(sign_in(who), rule, name, url)) for who in CAST}

    assert answers == {who: due(rule, who) for who in CAST}


@pytest.mark.parametrize(
    "name", [n for n, r in RULES.items() if "outsider" not in r.may | r.told_no and "<" in path(n)]
)
def test_what_is_not_yours_answers_like_what_is_not_there(name, sign_in, address):
    outsider, rule, url = sign_in("outsider"), RULES[name], address(name)
    nowhere = re.sub(r"/(avon-music-service|\d+)/", "/987654/", url, count=1)

    there = ask(outsider, rule, name, url)
    not_there = ask(outsider, rule, name, nowhere)

    assert there.status_code == not_there.status_code == 404
    assert faceless(there) == faceless(not_there)


def faceless(answer) -> str:
    """The page without the token that differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text)


def somebody_who_may(name: str) -> str:
    return next((who for who in CAST if who in RULES[name].may), "visitor")


@pytest.mark.parametrize("name", RULES)
def test_other_methods_are_refused(name, sign_in, address):
    browser, url = sign_in(somebody_who_may(name)), address(name)

    codes = {getattr(browser, method)(url).status_code for method in ("put", "patch", "delete")}

    assert codes == {405}


@pytest.mark.parametrize("name", RULES)
def test_looking_changes_nothing(name, sign_in, address):
    browser, url = sign_in(somebody_who_may(name)), address(name)

    with CaptureQueriesContext(connection) as captured:
        browser.get(url)

    writes = [q["sql"] for q in captured if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
    kept_apart = ("django_session", '"taken" = ("resources_')  # how often, never by whom
    assert [sql for sql in writes if not any(one in sql for one in kept_apart)] == []
