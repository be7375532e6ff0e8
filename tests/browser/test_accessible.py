"""Every kind of page, seen wide and light, and 320 px narrow and dark: axe, and what axe misses."""

from __future__ import annotations

import pytest

from portal.access import Role
from portal.models import Invitation
from resources import pages
from resources.models import Subscriber
from selfassessment.asking import joining
from selfassessment.benchmark import precompute
from selfassessment.models import Report, ReportKind, Section, Statement
from selfassessment.sheets.found import Found, Row, Trouble
from selfassessment.talk import closing
from tests import factories
from tests.browser.accessible import faults, faulty, portions, refused, seen


@pytest.fixture
def world(audit, response, avon, bute, person, questionnaire) -> dict[str, object]:
    """Avon half way through this year, with last year handed in and much that is hostile."""
    hostile = " ".join(factories.HOSTILE)
    for name in ("inclusion_lead", "group_member", "board_viewer"):
        person(name)
    factories.rate(response, "A1.1", 3, comment=hostile, evidence=hostile, discuss=True)
    factories.rate(response, "A1.2", "dk")
    factories.rate(response, "A2.1", "na")
    before = factories.audit(avon, questionnaire, by=person("lead"), year=audit.year - 1)
    earlier = before.responses.get()
    for code, choice in [("A1.1", 1), ("A1.2", 4), ("A2.1", 2), ("B1.1", 0)]:
        factories.rate(earlier, code, choice, comment=hostile)
    factories.agree_alone(earlier)
    before.agreed_ratings.update(reason=hostile)
    factories.prioritise(before, person("lead"), A1_1="chosen", A2_1="parked", reason=hostile)
    closing.close_year(audit=before, by=person("lead"))
    factories.sharers(before, person("team"), A1_1=2, B1_1=3)
    precompute.make_all()
    draft = factories.draft(name="A draft", text=hostile.replace("{", "{{").replace("}", "}}"))
    invitation = Invitation.objects.create(
        email="new@example.org", service=avon, role=Role.BOARD_VIEWER, invited_by=person("lead")
    )
    section = Section.objects.filter(questionnaire=draft).first()
    talking = factories.audit(
        avon, questionnaire, by=person("lead"), year=audit.year - 2, privacy="named"
    )
    for said in factories.heard(
        talking, "tutor", *[{"A1.1": level, "A1.2": 3, "A2.1": "dk"} for level in (0, 0, 1, 4, 4)]
    ) + factories.heard(talking, "young", *[{"A1.1": 2}] * 3):
        said.ratings.update(comment=hostile, evidence=hostile, discuss=True)
    factories.agree(talking, person("lead"), shown=False, A2_1=3, B1_1="parked")
    talking.agreed_ratings.update(reason=hostile)
    audit.privacy = "named"
    audit.save()
    asked = factories.respondent(audit, "young", name=hostile[:100])
    factories.rate(asked.response, "A1.1", 3, comment=hostile)
    audit.privacy = "named"
    audit.save()
    done = factories.respondent(audit)
    factories.rate(done.response, "A1.1", 3, comment=hostile)
    factories.hand_in(done.response)
    link = factories.shared_link(audit, by=person("lead"))
    come = joining.begin_by_shared_link(link=link)
    lead, trouble = person("lead"), Trouble("Ratings, F5", hostile, hostile, "A1.2")
    rated = {one.pk: Row({"rating": "3", "comment": hostile}, {}) for one in audit.statements()}
    found = Found(rated, [trouble], "Older, edition 1", ["X1"]).as_json()
    read = factories.upload(audit, by=lead, file_name=hostile[:200], found=found)
    own = factories.upload(audit, by=lead, role_group="", response=response, found=found)
    refused = factories.upload(audit, by=lead, state="refused", trouble=hostile, found={})
    unread = factories.upload(audit, by=lead, state="waiting", content=b"x", found={})
    past = factories.baseline(avon, by=lead, name=hostile[:120])
    second = factories.questionnaire(
        by=person("team"), edition=2, parts=factories.PARTS[:2], text="We now have {}."
    )
    mapping = factories.mapping(questionnaire, second, by=person("team"), reviewed=True)
    asked_for = {"data": {"with_comments": False}, "requested_by": lead}
    reports = {
        kind: Report.objects.create(audit=before, kind=kind, key=kind, **asked_for)
        for kind in ReportKind.values
    }
    pages.load()
    reader = Subscriber.objects.create(email="reader@example.org")
    return {
        "reader": reader.key,
        "report": reports[ReportKind.REPORT].pk,
        "handout": reports[ReportKind.HANDOUT].pk,
        "past": past.pk,
        "second": second.pk,
        "line": mapping.lines.first().pk,
        "read": read.pk,
        "own": own.pk,
        "refused": refused.pk,
        "unread": unread.pk,
        "asked": asked.token,
        "done": done.token,
        "come": come.token,
        "link": link.token,
        "respondent": asked.pk,
        "shared": link.pk,
        "audit": audit.pk,
        "before": before.pk,
        "talking": talking.pk,
        "published": questionnaire.pk,
        "draft": draft.pk,
        "area": section.area_id,
        "section": section.pk,
        "statement": Statement.objects.filter(section=section).first().pk,
        "member": person("board_viewer").memberships.get().pk,
        "token": invitation.token,
    }


PAGES = {
    "visitor": [
        "/",
        "/services/",
        "/services/avon-music-service/",
        "/about/",
        "/privacy/",
        "/enews/",
        "/enews/sent/",
        "/enews/link/{reader}/",
        "/enews/link/{reader}/leave/",
        "/enews/link/nothing/",
        "/account/login/",
        "/account/password/reset/",
        "/account/signup/",
        "/join/{token}/",
        "/join/nothing/",
        "/no-such-page/",
        "/r/{asked}/",
        "/r/{asked}/rate/A1/",
        "/r/{asked}/check/",
        "/r/{asked}/stop/",
        "/r/{come}/",
        "/r/{done}/",
        "/r/{done}/rate/A1/",
        "/r/nothing/",
        "/j/{link}/",
    ],
    "lead": [
        "/",
        "/services/avon-music-service/",
        "/services/avon-music-service/people/",
        "/services/avon-music-service/people/invite/",
        "/services/avon-music-service/people/{member}/role/",
        "/services/avon-music-service/people/{member}/remove/",
        "/services/avon-music-service/activity/",
        "/self-assessments/of/avon-music-service/",
        "/self-assessments/of/avon-music-service/start/",
        "/self-assessments/of/avon-music-service/trend/",
        "/self-assessments/of/avon-music-service/moving/",
        "/self-assessments/of/avon-music-service/before/",
        "/self-assessments/of/avon-music-service/before/add/",
        "/self-assessments/of/avon-music-service/before/bring-in/",
        "/self-assessments/before/{past}/",
        "/self-assessments/before/{past}/delete/",
        "/self-assessments/{audit}/",
        "/self-assessments/{audit}/rate/A1/",
        "/self-assessments/{audit}/check/",
        "/self-assessments/{audit}/results/",
        "/self-assessments/{audit}/date/",
        "/self-assessments/{audit}/discard/",
        "/self-assessments/{audit}/mine/",
        "/self-assessments/{before}/report/{report}/",
        "/self-assessments/{before}/handout/{handout}/",
        "/self-assessments/{audit}/uploads/",
        "/self-assessments/{audit}/uploads/add/",
        "/self-assessments/{audit}/uploads/mine/",
        "/self-assessments/{audit}/uploads/{read}/",
        "/self-assessments/{audit}/uploads/{own}/",
        "/self-assessments/{audit}/uploads/{refused}/",
        "/self-assessments/{audit}/uploads/{unread}/",
        "/self-assessments/{before}/uploads/",
        "/self-assessments/{audit}/people/",
        "/self-assessments/{audit}/people/?q=nobody",
        "/self-assessments/{audit}/people/privacy/",
        "/self-assessments/{audit}/people/invite/",
        "/self-assessments/{audit}/people/{respondent}/role/",
        "/self-assessments/{audit}/people/{respondent}/withdraw/",
        "/self-assessments/{audit}/links/{shared}/",
        "/self-assessments/{audit}/links/{shared}/withdraw/",
        "/self-assessments/{audit}/agree/A1.1/",
        "/self-assessments/{audit}/agree/alone/",
        "/self-assessments/{audit}/meeting/",
        "/self-assessments/{audit}/handout/",
        "/self-assessments/{talking}/agree/A1.1/",
        "/self-assessments/{talking}/agree/B1.1/",
        "/self-assessments/{talking}/agree/bulk/",
        "/self-assessments/{talking}/meeting/",
        "/self-assessments/{talking}/meeting/A1.1/",
        "/self-assessments/{talking}/handout/",
        "/self-assessments/{before}/",
        "/self-assessments/{before}/rate/A1/",
        "/self-assessments/{before}/results/",
        "/self-assessments/{before}/reopen/",
        "/self-assessments/{before}/benchmark/",
        "/self-assessments/{before}/benchmark/share/",
        "/self-assessments/{before}/benchmark/stop-sharing/",
        "/self-assessments/{before}/history/",
        "/self-assessments/{before}/history/A1.2/",
        "/self-assessments/{talking}/benchmark/",
        "/self-assessments/{talking}/history/",
        "/self-assessments/{talking}/history/A1.1/",
        "/self-assessments/{audit}/history/",
        "/self-assessments/{talking}/talk/",
        "/self-assessments/{audit}/talk/",
        "/self-assessments/{audit}/talk/open/",
        "/self-assessments/{before}/priorities/",
        "/self-assessments/{talking}/results/",
        "/self-assessments/{talking}/results/show/",
        "/self-assessments/{talking}/priorities/",
        "/self-assessments/{talking}/close/",
        "/self-assessments/{talking}/reopen/",
        "/questionnaires/",
        "/questionnaires/{published}/",
    ],
    "group_member": [
        "/self-assessments/{talking}/agree/B1.1/",
        "/self-assessments/{talking}/meeting/",
        "/self-assessments/{talking}/meeting/B1.1/",
    ],
    "board_viewer": [
        "/",
        "/self-assessments/{audit}/",
        "/self-assessments/{audit}/results/",
        "/self-assessments/{before}/results/",
        "/services/avon-music-service/people/invite/",
    ],
    "team": [
        "/",
        "/pages/",
        "/pages/about/edit/",
        "/pages/about/history/",
        "/pages/about/history/1/",
        "/enews/readers/",
        "/services/",
        "/services/add/",
        "/services/avon-music-service/edit/",
        "/programme/people/",
        "/programme/people/invite/",
        "/questionnaires/",
        "/questionnaires/import/",
        "/questionnaires/{draft}/",
        "/questionnaires/{draft}/preview/A1/",
        "/questionnaires/{draft}/publish/",
        "/questionnaires/{draft}/delete/",
        "/questionnaires/{draft}/details/",
        "/questionnaires/{draft}/scale/",
        "/questionnaires/{draft}/areas/{area}/",
        "/questionnaires/{draft}/areas/{area}/sections/add/",
        "/questionnaires/{draft}/sections/{section}/",
        "/questionnaires/{draft}/statements/{statement}/",
        "/questionnaires/{draft}/section/{section}/remove/",
        "/questionnaires/{published}/withdraw/",
        "/questionnaires/{second}/mapping/",
        "/questionnaires/{second}/mapping/{line}/",
        "/questionnaires/{second}/mapping/review/",
        "/questionnaires/{second}/mapping/simulation/",
        "/questionnaires/{published}/mapping/",
    ],
    "funder": [
        "/",
        "/benchmark/",
        "/account/",
        "/account/name/",
        "/account/email/",
        "/account/password/change/",
        "/account/two-step/",
        "/account/sessions/",
    ],
}
STYLE = ["/dev/style/", "/dev/mail/"]

# Address, and what to type so that the answer is the page with its errors.
REFUSED: dict[str, list[tuple[str, dict[str, str]]]] = {
    "visitor": [
        ("/account/login/", {"login": "nobody@example.org", "password": "wrong"}),
        ("/account/password/reset/", {"email": "no address"}),
        ("/join/{token}/", {}),
    ],
    "lead": [
        ("/services/avon-music-service/people/invite/", {"email": "no address"}),
        ("/self-assessments/of/avon-music-service/start/", {"finish_on": "2001-01-01"}),
        ("/self-assessments/{audit}/date/", {"finish_on": "2001-01-01"}),
        ("/self-assessments/of/avon-music-service/before/add/", {"when": "last spring"}),
        ("/self-assessments/of/avon-music-service/before/bring-in/", {"when": "last spring"}),
        ("/self-assessments/{talking}/agree/bulk/", {}),
        ("/self-assessments/{audit}/people/invite/", {"addresses": "Kim\nsam@example.org"}),
        ("/self-assessments/{audit}/uploads/mine/", {}),
        ("/account/name/", {"name": ""}),
        ("/account/password/change/", {"oldpassword": "wrong"}),
    ],
    "team": [
        ("/pages/about/edit/", {"title": ""}),
        ("/services/add/", {}),
        ("/programme/people/invite/", {}),
        ("/questionnaires/import/", {}),
        ("/questionnaires/{second}/mapping/{line}/", {"olds": "X9.9"}),
        ("/questionnaires/{draft}/details/", {"name": ""}),
        ("/questionnaires/{draft}/areas/add/", {}),
        ("/questionnaires/{draft}/sections/{section}/statements/add/", {}),
    ],
}


@pytest.mark.parametrize(("who", "paths"), portions(PAGES))
def test_pages(open_as, world, who, paths):
    page = seen(open_as, who)

    found = faulty(page, [path.format(**world) for path in paths])

    assert found == {}


@pytest.mark.parametrize("who", REFUSED)
def test_pages_that_refuse(open_as, world, who):
    page = seen(open_as, who)

    found = {path: refused(page, path.format(**world), typed) for path, typed in REFUSED[who]}

    assert found == {path: [] for path in found}


def test_every_component_in_every_state(open_as, world):
    page = seen(open_as, "visitor")

    found = faulty(page, STYLE)

    assert found == {}


def test_a_clash_and_a_refusal_on_the_section_page(open_as, world, audit):
    page = seen(open_as, "lead")
    page.goto(f"/self-assessments/{audit.pk}/rate/A1/")
    one = page.get_by_role("group", name="A1.1")
    factories_bump(audit)

    one.locator("input[type=radio][value='0']").check()
    page.get_by_role("group", name="This was changed in two places").wait_for()

    assert faults(page) == []


def test_priorities_refused_nudged_and_kept(open_as, world):
    page = seen(open_as, "lead")
    page.goto("/self-assessments/{talking}/priorities/".format(**world))
    rows = page.locator(".choice")
    save = page.locator("button.btn-primary", has_text="Save")

    rows.nth(0).get_by_label("Parked").check()
    save.click()
    page.get_by_text("Say why this waits").first.wait_for()
    wrong = faults(page)
    rows.nth(0).get_by_label("Priority").check()
    save.click()
    page.get_by_role("heading", name="Only one?").wait_for()
    wrong += faults(page)
    page.get_by_role("button", name="Keep one anyway").click()
    page.get_by_text("Saved.").wait_for()

    assert wrong + faults(page) == []


def factories_bump(audit) -> None:
    """Another page saves the first statement meanwhile."""
    mine = audit.responses.get(respondent__user=audit.started_by)
    rating = mine.ratings.get(statement__code="A1.1")
    rating.version, rating.page, rating.value = rating.version + 1, "elsewhere", 1
    rating.save()
