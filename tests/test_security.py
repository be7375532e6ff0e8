"""What somebody hostile would try, whoever wrote the page it is tried on."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django import forms
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal import actions
from portal.access import ProgrammeRole, Role
from portal.models import Invitation, LocalAuthority, MusicService, Verb
from selfassessment.models import Audit, Scope
from tests import factories
from tests.test_conventions import every_pattern

DOCS = Path(__file__).resolve().parent.parent / "docs"
EVIL = [
    "https://evil.example.com/",
    "//evil.example.com/",
    "/\\evil.example.com",
    "javascript:alert(1)",
    "https:evil.example.com",
    "http://testserver@evil.example.com/",
    " //evil.example.com",
    "\t//evil.example.com",
]
CSP = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; "
    "script-src 'self'; style-src 'self'"
)


# What a form may write


def ours(parent: type[forms.ModelForm]) -> list[type[forms.ModelForm]]:
    below = [form for child in parent.__subclasses__() for form in [child, *ours(child)]]
    return [form for form in below if not form.__module__.startswith(("allauth.", "django."))]


def test_forms_write_these_fields_and_no_other():
    written = {form.__name__: form._meta.fields for form in ours(forms.ModelForm)}

    assert written == {
        "NameForm": ["name"],
        "ServiceForm": ["name", "region", "kind"],
        "FactsForm": [
            *("name", "region", "kind", "first_year", "leads_programme", "action_research"),
            *("nurture_groups", "in_nwg", "source_url"),
        ],
        "HubForm": ["name", "source_url"],
        "WhoseForm": ["role_group", "name"],
        "ReviewForm": ["name", "held_on", "starts_time", "place"],
        "MeetingForm": ["present", "said"],
        "SnoozeForm": ["until_on", "reason"],
        "StartForm": ["questionnaire", "year", "scope", "finish_on"],
        "FinishForm": ["finish_on"],
        "DraftForm": None,
        "DetailsForm": ["name", "source"],
        "AreaForm": ["code", "name"],
        "SectionForm": ["area", "code", "name"],
        "StatementForm": [
            *("section", "code", "text", "guidance", "plain_text", "plan_area"),
            *("idea_pillar", "quick_check", "topics"),
        ],
        "TargetForm": [
            *("area", "title", "detail"),
            *("measure", "baseline", "start_value", "aim_value", "unit", "aim_level"),
            *("steps", "resources", "cost", "funding", "barriers"),
            *("priority", "why", "heard", "young_people"),
            *("starts_on", "due_on", "no_date_reason"),
            *("role", "owner", "helpers", "no_owner_reason"),
            *("no_action_reason", "extra", "statements", "topics"),
        ],
        "ExampleForm": ["questionnaire", "codes", "area", "title", "measure", "role", "due"],
        "ResourceForm": [
            *("title", "slug", "summary", "kind", "body", "link", "video"),
            *("service", "credit", "licence", "first_year", "audience", "heard"),
            *("visibility", "review_on", "expires_on", "topics"),
        ],
        "SynonymsForm": ["words"],
        "TopicForm": ["about"],
        "AnnualReviewForm": ["year", "title", "strapline", "visibility", "expected_on"],
        "ChapterForm": [
            *("title", "lead", "body", "benefits", "challenges", "addressed", "forward"),
            *("factors", "topics", "resources"),
        ],
        "PageForm": ["title", "summary", "body"],
        "NoteForm": [
            *("noted_on", "text", "rag", "value", "percent", "young_people"),
            *("evidence", "evidence_url"),
        ],
        "KeepForm": ["why", "service"],
        "UsefulForm": ["useful", "changed"],
        "OwnFigureForm": ["name", "value", "definition"],
        "QuotationForm": ["text", "name", "role", "service", "consent", "consent_note"],
    }


def test_nobody_makes_more_of_themselves_than_a_name(sign_in, person):
    more = {"programme_role": "team", "email": "x@example.org", "is_active": "", "pk": "1"}

    sign_in("lead").post("/account/name/", {"name": "New", **more})

    lead = person("lead")
    assert (lead.name, lead.email, lead.programme_role, lead.is_active) == (
        *("New", "lead@example.org", ""),
        True,
    )


def test_a_service_is_added_with_what_the_form_asks(sign_in, db):
    more = {"slug": "switch", "is_fictional": "on", "leads_programme": "on", "first_year": "2012"}

    sign_in("team").post(
        "/services/add/", {"name": "Coda", "region": "London", "authorities": "A", **more}
    )

    added = MusicService.objects.get(name="Coda")
    assert (added.slug, added.is_fictional, added.leads_programme, added.first_year) == (
        *("coda", False, False),
        None,
    )


def test_an_audit_is_started_for_the_service_of_its_address(
    sign_in, person, avon, bute, questionnaire
):
    browser = sign_in("lead")
    start = reverse("audit_start", args=[avon.slug])
    form = browser.get(start).context["form"]
    more = {"service": bute.pk, "started_by": person("outsider").pk, "closed_by": "1"}

    browser.post(
        start,
        {
            "questionnaire": questionnaire.pk,
            "year": form.fields["year"].choices[0][0],
            "scope": Scope.WHOLE,
            "finish_on": "2099-01-01",
            **more,
        },
    )
    too_late = Audit.objects.count()
    browser.post(
        start,
        {
            "questionnaire": questionnaire.pk,
            "year": form.fields["year"].choices[0][0],
            "scope": Scope.WHOLE,
            "finish_on": f"{form.fields['year'].choices[1][0]}-12-01",
            **more,
        },
    )

    audit = Audit.objects.get()
    assert too_late == 0
    assert (audit.service, audit.started_by, audit.closed_by) == (avon, person("lead"), None)


def test_a_draft_stays_a_draft_of_its_edition(sign_in, db):
    draft = factories.draft(name="Draft set")
    browser = sign_in("team")
    address = reverse("questionnaire_details", args=[draft.pk])
    as_read = browser.get(address).context["form"].now

    browser.post(
        address,
        {"name": "Renamed", "source": "", "as_read": as_read, "status": "published", "edition": 7},
    )

    draft.refresh_from_db()
    assert (draft.name, draft.status, draft.edition) == ("Renamed", "draft", 1)


def test_a_section_goes_into_no_area_of_another_questionnaire(sign_in, questionnaire):
    draft = factories.draft(name="Draft set")
    section, foreign = draft.sections.first(), questionnaire.areas.first()
    browser = sign_in("team")
    edit = reverse("section_edit", args=[draft.pk, section.pk])
    add = reverse("section_add", args=[draft.pk, section.area_id])
    typed = {"area": foreign.pk, "code": "N1", "name": "New"}

    answers = [
        browser.post(edit, {**typed, "as_read": browser.get(edit).context["form"].now}),
        browser.post(add, typed),
        browser.post(reverse("section_add", args=[draft.pk, foreign.pk]), typed),
    ]

    section.refresh_from_db()
    assert [answer.status_code for answer in answers] == [422, 422, 404]
    assert section.area.questionnaire == draft
    assert (draft.sections.count(), questionnaire.sections.count()) == (3, 3)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"level-TOTAL_FORMS": "x", "level-INITIAL_FORMS": "5"},
        {"level-TOTAL_FORMS": "100000", "level-INITIAL_FORMS": "0"},
        {"level-TOTAL_FORMS": "12", "level-INITIAL_FORMS": "0"}
        | {f"level-{n}-{k}": v for n in range(12) for k, v in {"value": n % 11, "name": n}.items()},
    ],
)
def test_a_scale_with_a_forged_frame_is_refused(sign_in, db, sent):
    draft = factories.draft()
    browser = sign_in("team")
    address = reverse("questionnaire_scale", args=[draft.pk])
    as_read = browser.get(address).context["formset"].now

    answer = browser.post(address, {**sent, "as_read": as_read})

    assert answer.status_code == 422
    assert [level.name for level in draft.levels.all()] == [n for _, n, _ in factories.MATURITY]


# Where a request comes from


def test_no_view_goes_without_the_token_of_its_form_but_for_mail_programs():
    exempt = [
        pattern.name
        for pattern in every_pattern()
        if getattr(pattern.callback, "csrf_exempt", False)
    ]

    assert exempt == ["enews_leave"]


def test_a_post_without_its_token_is_refused(person, avon):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person("lead"))

    answer = browser.post(reverse("invite", args=[avon.slug]), {"email": "n@example.org"})

    assert answer.status_code == 403
    assert "Please send it once more" in answer.text
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("host", ["evil.example.com", "testserver.evil.example.com", "a b"])
def test_an_unknown_host_is_refused(client, person, host):
    person("lead")

    answer = client.post(
        "/account/password/reset/", {"email": "lead@example.org"}, headers={"Host": host}
    )

    assert answer.status_code == 400
    assert mail.outbox == []


def test_what_a_client_says_of_a_proxy_is_not_believed(client, person):
    person("lead")

    answer = client.post(
        "/account/password/reset/",
        {"email": "lead@example.org"},
        headers={
            "X-Forwarded-Host": "evil.example.com",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "198.51.100.1",
        },
    )

    assert not answer.wsgi_request.is_secure()
    assert "evil" not in mail.outbox[0].body
    assert "http://testserver/account/password/reset/key/" in mail.outbox[0].body


@pytest.mark.parametrize("onward", EVIL)
def test_no_address_of_somebody_elses_is_gone_on_to(client, person, avon, bute, onward):
    lead = person("lead")
    factories.membership(lead, bute, Role.BOARD_VIEWER)
    here = {"login": lead.email, "password": factories.PASSWORD, "next": onward}

    answers = [
        Client().post(f"/account/login/?{urlencode({'next': onward})}", here),
        client.post("/account/login/", here),
        client.get("/account/login/", {"next": onward}),
        client.post("/account/reauthenticate/", here),
        client.post("/services/switch/", {"service": bute.slug, "next": onward}),
        client.post("/account/logout/", {"next": onward}),
    ]

    assert [answer.status_code for answer in answers] == [302] * 6
    assert [answer.url for answer in answers if "evil" in answer.url] == []
    assert [answer.url for answer in answers if not answer.url.startswith("/")] == []


# What an answer carries


def test_cookies_are_those_listed(client, person, bute):
    lead = person("lead")
    factories.membership(lead, bute, Role.LEAD)

    client.post("/account/login/", {"login": lead.email, "password": factories.PASSWORD})
    answer = client.post("/services/switch/", {"service": bute.slug})

    kept = client.cookies | answer.cookies
    listed = re.search(r"Cookies: .*?\.", (DOCS / "operations.md").read_text())
    assert set(kept) == {"csrf", "messages", "session", "whose"}
    assert [name for name in kept if f"`{name}`" not in listed.group()] == []
    assert {(cookie["httponly"], cookie["samesite"]) for cookie in kept.values()} == {(True, "Lax")}


def test_a_visitor_gets_no_cookie(client, avon):
    for address in ("/", "/services/", avon.get_absolute_url(), "/nowhere/"):
        client.get(address)

    assert set(client.cookies) == set()


@pytest.fixture
def with_static_files(settings):
    """As in production: whitenoise answers for static files, before any view."""
    at = settings.MIDDLEWARE.index("csp.middleware.CSPMiddleware") + 1
    whitenoise = "whitenoise.middleware.WhiteNoiseMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:at], whitenoise, *settings.MIDDLEWARE[at:]]
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


def test_every_kind_of_answer_carries_the_headers(with_static_files, sign_in, audit, avon):
    lead, visitor = sign_in("lead"), sign_in("visitor")

    answers = {
        "page": lead.get("/"),
        "public page": visitor.get("/services/"),
        "to sign in": visitor.get("/account/"),
        "file": lead.get(reverse("workbook_blank", args=[audit.pk])),
        "health": visitor.get("/health/"),
        "static": visitor.get("/static/css/portal.css"),
        "bad host": visitor.get("/", headers={"Host": "evil.example.com"}),
        "signed out": visitor.get("/account/", headers={"HX-Request": "true"}),
        "not allowed": lead.get(reverse("service_add")),
        "not found": lead.get("/nowhere/"),
        "wrong method": lead.put("/"),
    }
    answers["static"].close()

    assert {kind: answer.status_code for kind, answer in answers.items()} == {
        **dict.fromkeys(["page", "public page", "file", "health", "static"], 200),
        "to sign in": 302,
        "bad host": 400,
        "signed out": 401,
        "not allowed": 403,
        "not found": 404,
        "wrong method": 405,
    }
    for kind, answer in answers.items():
        assert "; ".join(sorted(answer.headers["Content-Security-Policy"].split("; "))) == CSP, kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["X-Frame-Options"] == "DENY", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind


# Hostile text


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_names_are_text_on_every_page_and_in_mail(
    text, sign_in, person, avon, audit, worker
):
    browser, team = sign_in("lead"), sign_in("team")
    lead = person("lead")
    lead.name = text[:120]
    lead.save()
    avon.name = f"Avon {text[:150]}"
    avon.save()
    avon.local_authorities.add(LocalAuthority.objects.create(name=text[:120]))
    actions.record(by=lead, verb=Verb.STARTED, subject=text, service=avon)
    invitation = actions.invite(
        email="new@example.org", service=avon, role=Role.LEAD, by=person("lead")
    )
    member = lead.memberships.get()
    worker()

    pages = [
        *(
            browser.get(address).text
            for address in (
                "/",
                "/account/",
                "/services/",
                avon.get_absolute_url(),
                reverse("activity", args=[avon.slug]),
                reverse("people", args=[avon.slug]),
                reverse("invite", args=[avon.slug]),
                reverse("member_role", args=[avon.slug, member.pk]),
                reverse("member_remove", args=[avon.slug, member.pk]),
                reverse("invitation_withdraw", args=[invitation.pk]),
                reverse("audits", args=[avon.slug]),
                reverse("audit_start", args=[avon.slug]),
                reverse("audit", args=[audit.pk]),
                reverse("results", args=[audit.pk]),
            )
        ),
        team.get("/services/").text,
        Client().get(f"/join/{invitation.token}/").text,
        mail.outbox[0].alternatives[0].content,
    ]

    assert [page for page in pages if "<b onmouseover" in page] == []
    assert [page for page in pages if factories.PASSWORD in page] == []
    assert f"{text[:120]} invites you to Avon {text[:150]}" in mail.outbox[0].body


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_a_name_of_two_lines_writes_no_header_of_a_mail(person, end, avon, worker):
    avon.name = f"Avon{end}Bcc: evil@example.com"
    avon.save()

    actions.invite(email="new@example.org", service=avon, role=Role.LEAD, by=person("lead"))
    worker()

    sent = mail.outbox[0].message()
    assert sent["Subject"] == "Your invitation to Avon Bcc: evil@example.com"
    assert (sent["Bcc"], sent["To"]) == (None, "new@example.org")


def test_a_programme_role_is_never_asked_of_a_music_service(sign_in, avon):
    """A service's lead cannot invite into the programme by sending what its form does not ask."""
    browser = sign_in("lead")

    browser.post(
        reverse("invite", args=[avon.slug]),
        {"email": "n@example.org", "role": "lead", "programme_role": ProgrammeRole.TEAM},
    )

    invitation = Invitation.objects.get()
    assert (invitation.service, invitation.programme_role) == (avon, "")
