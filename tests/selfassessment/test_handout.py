"""The handout: what the page of the talk shows, in its order, and nothing more; a readable PDF."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from dataclasses import asdict
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from portal import papers, pdf
from portal.models import Activity, Verb
from portal.templatetags import drawings
from selfassessment import reports
from selfassessment.models import Privacy, Report, ReportKind, ReportState, RoleGroup, Stage
from selfassessment.talk import agenda, handouts
from tests import factories


@pytest.fixture
def talking(audit, person):
    """Seven tutors and six young people; a manager alone, who is joined; and comments."""
    audit.privacy = Privacy.NAMED
    audit.save(update_fields=["privacy"])
    tutors = factories.heard(
        audit, RoleGroup.TUTOR, *[{"A1.1": level, "A1.2": 3} for level in (0, 0, 1, 2, 4, 4, 4)]
    )
    factories.heard(audit, RoleGroup.YOUNG, *[{"A1.1": 1, "A1.2": "dk"}] * 6)
    for one in tutors:
        one.ratings.filter(statement__code="A1.1").update(comment="Never in six years. Cŵn.")
    factories.agree(audit, person("lead"), shown=False, B1_1=2)
    return audit


def data_of(audit) -> dict:
    """What the worker finds in the row: data that went through JSON."""
    return json.loads(json.dumps(asdict(handouts.collect(agenda.read(audit)))))


def text_of(content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True)
    return " ".join(run.stdout.decode().split())


def address(audit) -> str:
    return f"/self-assessments/{audit.pk}/handout/"


def test_it_says_what_the_talk_says_in_its_order(talking):
    data = data_of(talking)

    first = data["statements"][0]
    assert [one["code"] for one in data["statements"]] == [
        item.statement.code for item in agenda.read(talking).items
    ]
    assert (first["code"], first["apart"]) == ("A1.1", "4 levels apart")
    assert [(one["people"], one["counts"], one["words"]) for one in first["lanes"]] == [
        (7, [2, 1, 1, 0, 3], "2 gave 0, 1 gave 1, 1 gave 2, 3 gave 4")
    ]
    assert [one["words"] for one in first["families"]] == ["6 gave 1"]
    assert {one["text"] for one in first["comments"]} == {"Never in six years. Cŵn."}


def test_what_is_too_few_is_not_on_paper_either(audit, person):
    factories.heard(audit, RoleGroup.TUTOR, {"A1.1": 4}, {"A1.1": 0})
    audit.responses.handed_in().first().ratings.update(comment="Only mine.")
    factories.open_talk(audit, person("lead"))

    data = data_of(audit)

    assert not any(one["lanes"] or one["comments"] for one in data["statements"])
    assert "Only mine." not in handouts.page_of(data)


def test_the_file_can_be_read_by_everybody(talking):
    content = pdf.render(handouts.page_of(data_of(talking)))

    assert pdf.faults(content) == []
    text = text_of(content)
    assert "Avon Music Service, self-assessment" in text
    assert "2 gave 0, 1 gave 1" in text
    assert "Never in six years. Cŵn." in text
    assert "Agreed: 2 Developing." in text
    assert "Why" in text


def test_the_same_talk_is_the_same_file(talking):
    page = handouts.page_of(data_of(talking))

    assert pdf.render(page) == pdf.render(page)


def test_hostile_comments_are_text(talking):
    talking.responses.counted().first().ratings.update(comment=" ".join(factories.HOSTILE))

    page = handouts.page_of(data_of(talking))

    assert "<b onmouseover" not in page
    assert pdf.faults(pdf.render(page)) == []


def test_the_whole_questionnaire_stays_a_handout(sixty, person):
    audit = sixty
    audit.responses.all().delete()
    audit.agreed_ratings.all().delete()
    codes = list(audit.statements().values_list("code", flat=True))
    group = {code: number % 5 for number, code in enumerate(codes)}
    factories.heard(audit, RoleGroup.TUTOR, *[group] * 5)
    factories.heard(audit, RoleGroup.MANAGER, *[group] * 5)
    factories.open_talk(audit, person("lead"))

    content = pdf.render(handouts.page_of(data_of(audit)))

    assert pdf.faults(content) == []
    assert text_of(content).count("Agreed 0 1 2 3 4 parked not applicable") == 60
    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages) <= 16


@pytest.mark.parametrize("count", [0, 1, 12, 40, 100])
def test_a_dot_for_each_person_within_its_lane(count):
    marks = drawings.print_lane([count, 0, 0, 0, 0])

    places = dots(marks)
    assert len(places) == count
    assert all(0 <= x <= drawings.LANE_WIDTH / 5 for x, _ in places)
    assert all(0 < y < drawings.LANE_HEIGHT for _, y in places)
    assert len(set(places)) == count


def dots(style: str) -> list[tuple[float, float]]:
    svg = base64.b64decode(style.partition("base64,")[2].rstrip(")")).decode()
    return [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', svg)]


def test_a_handout_is_asked_for_made_and_downloaded(sign_in, talking, worker, person):
    browser = sign_in("group_member")

    asked = browser.post(address(talking))
    handout = Report.objects.get()
    waiting = browser.get(asked.url).text
    worker()
    ready = browser.get(asked.url).text
    file = browser.get(f"{asked.url}file/")

    assert (handout.kind, asked.url) == (ReportKind.HANDOUT, f"{address(talking)}{handout.pk}/")
    assert "<h1>Making your handout</h1>" in waiting
    assert "<h1>Your handout is ready</h1>" in ready
    assert file.headers["Content-Disposition"].endswith('-handout.pdf"')
    assert file.content.startswith(b"%PDF-1.7")
    assert list(Activity.objects.values_list("verb", "by", "subject")) == [
        (Verb.TOOK_REPORT, person("group_member").pk, f"the talk in {talking}")
    ]


def test_an_unchanged_talk_is_handed_over_at_once(sign_in, talking):
    browser = sign_in("lead")

    first, again = browser.post(address(talking)), browser.post(address(talking))

    assert first.url == again.url
    assert Report.objects.count() == 1


def finished(audit, by, kind, number) -> Report:
    return Report.objects.create(
        audit=audit, kind=kind, key=f"{kind}{number}", data={"with_comments": True},
        requested_by=by, state=ReportState.READY, pdf=b"%PDF-1.7", finished_at=timezone.now(),
    )  # fmt: skip


def test_handouts_leave_room_to_reports(talking, person):
    for number in range(papers.KEPT + 2):
        finished(talking, person("lead"), ReportKind.HANDOUT, number)
    finished(talking, person("lead"), ReportKind.REPORT, 0)

    reports.make_room(talking.pk, ReportKind.HANDOUT)

    assert Report.objects.reports().count() == 1
    assert Report.objects.handouts().count() == papers.KEPT


@pytest.mark.parametrize("tail", ["", "file/"])
def test_a_handout_is_no_report_and_a_report_no_handout(sign_in, talking, person, tail):
    handout = finished(talking, person("lead"), ReportKind.HANDOUT, 0)
    report = finished(talking, person("lead"), ReportKind.REPORT, 0)
    browser, base = sign_in("lead"), f"/self-assessments/{talking.pk}/"

    answers = [
        browser.get(f"{base}{kind}/{paper.pk}/{tail}").status_code
        for kind, paper in [("report", handout), ("handout", report), ("handout", handout)]
    ]

    assert answers == [404, 404, 200]


@pytest.mark.parametrize("who", ["board_viewer", "outsider"])
def test_a_handout_is_for_the_group(sign_in, talking, person, who):
    handout = finished(talking, person("lead"), ReportKind.HANDOUT, 0)
    browser = sign_in(who)

    answers = [
        browser.post(address(talking)),
        browser.get(f"{address(talking)}{handout.pk}/"),
        browser.get(f"{address(talking)}{handout.pk}/file/"),
    ]

    assert {answer.status_code for answer in answers} == {403 if who == "board_viewer" else 404}
    assert Report.objects.count() == 1


def test_while_people_rate_again_no_handout_is_shown(sign_in, talking, person):
    handout = finished(talking, person("lead"), ReportKind.HANDOUT, 0)
    talking.talk_opened_at = talking.talk_opened_by = None
    talking.save()
    assert talking.stage == Stage.RATING
    browser = sign_in("lead")

    page = browser.get(address(talking)).text
    answers = [
        browser.post(address(talking)).url,
        browser.get(f"{address(talking)}{handout.pk}/").url,
        browser.get(f"{address(talking)}{handout.pk}/file/").url,
    ]

    assert "The talk is not open yet" in page
    assert answers == [talking.get_absolute_url(), address(talking), address(talking)]
    assert Report.objects.count() == 1
