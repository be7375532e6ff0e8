"""Asking for the report: who may, how it is made, and what becomes of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import papers
from portal.models import Activity, Verb
from selfassessment import reports, results, tasks
from selfassessment.models import Audit, Report, ReportState
from tests import factories


@pytest.fixture
def agreed(response):
    """Avon's lead rated and agreed alone."""
    factories.rate(response, "A1.1", 3, comment="Between us.")
    factories.agree_alone(response)
    return response.audit


def change(audit, reason: str) -> None:
    audit.agreed_ratings.update(reason=reason)


def ask(browser, audit, **choice):
    return browser.post(f"/self-assessments/{audit.pk}/report/", choice)


def page_of(report) -> str:
    return f"/self-assessments/{report.audit_id}/report/{report.pk}/"


def jobs() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=reports.MAKE)]


def report_of(audit, by, *, with_comments: bool = True) -> Report:
    found = results.read(Audit.objects.get(pk=audit.pk), with_comments=with_comments)
    return reports.request_report(results=found, with_comments=with_comments, by=by)


def finished(report: Report) -> Report:
    """As the worker leaves it, without the second it takes."""
    report.state, report.step, report.finished_at = ReportState.READY, papers.DONE, timezone.now()
    report.pdf = b"%PDF-1.7"
    report.save(update_fields=["state", "step", "finished_at", "pdf"])
    return report


def test_a_report_is_asked_for_made_and_downloaded(sign_in, agreed, worker, person):
    browser = sign_in("lead")

    asked = ask(browser, agreed, with_comments="on")
    report = Report.objects.get()
    waiting = browser.get(page_of(report)).text
    worker()
    ready = browser.get(page_of(report)).text
    file = browser.get(f"{page_of(report)}file/")

    assert asked.url == page_of(report)
    assert "<h1>Making your report</h1>" in waiting
    assert 'Ratings collected</b><span class="vh">, done</span>' in waiting
    assert "<h1>Your report is ready</h1>" in ready
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Cache-Control"] == "private, no-store"
    year = agreed.year_name.replace("/", "-")
    assert file.headers["Content-Disposition"] == (
        f'attachment; filename="avon-music-service-self-assessment-{year}-report.pdf"'
    )
    assert file.content.startswith(b"%PDF-1.7")
    report.refresh_from_db()
    assert (report.state, report.step) == (ReportState.READY, len(reports.STEPS))
    assert list(Activity.objects.values_list("verb", "by", "service", "subject")) == [
        (Verb.TOOK_REPORT, person("lead").pk, agreed.service_id, str(agreed))
    ]


def test_the_page_asks_again_only_while_there_is_something_to_come(sign_in, agreed, worker):
    browser = sign_in("lead")
    ask(browser, agreed)
    report = Report.objects.get()
    again = f"{page_of(report)}?step={papers.COLLECTED}"

    nothing_new = browser.get(again, headers={"HX-Request": "true"})
    waiting = browser.get(page_of(report), headers={"HX-Request": "true"}).text
    worker()
    ready = browser.get(again, headers={"HX-Request": "true"}).text

    assert nothing_new.status_code == 204
    assert f'hx-get="{again}"' in waiting
    assert "<title>Your report is ready – Changing Tracks</title>" in ready
    assert "hx-get" not in ready
    assert "<html" not in ready


def test_an_unchanged_report_is_handed_over_at_once(sign_in, agreed, worker):
    browser = sign_in("lead")
    ask(browser, agreed)
    worker()

    again = ask(browser, agreed)

    assert again.url == page_of(Report.objects.get())
    assert len(jobs()) == 1


def test_it_is_made_anew_when_a_rating_changed(sign_in, agreed, worker):
    browser = sign_in("lead")
    ask(browser, agreed)
    worker()
    change(agreed, "We looked again.")

    ask(browser, agreed)

    assert len(jobs()) == 2
    assert Report.objects.count() == 2


def test_comments_are_in_it_only_when_chosen(sign_in, agreed):
    browser = sign_in("lead")
    ask(browser, agreed)
    ask(browser, agreed, with_comments="on")

    said = [
        (report.data["with_comments"], "Between us." in str(report.data))
        for report in Report.objects.order_by("pk")
    ]

    assert said == [(False, False), (True, True)]


def test_board_viewer_gets_a_report_without_comments_whatever_is_sent(sign_in, agreed):
    browser = sign_in("board_viewer")

    form = browser.get(f"/self-assessments/{agreed.pk}/report/").text
    ask(browser, agreed, with_comments="on")

    assert "with_comments" not in form
    assert Report.objects.get().data["with_comments"] is False


def test_board_viewer_cannot_open_a_report_with_comments(sign_in, agreed, person):
    with_comments = finished(report_of(agreed, person("lead")))
    without = finished(report_of(agreed, person("lead"), with_comments=False))
    browser = sign_in("board_viewer")

    answers = [
        browser.get(f"{page_of(report)}{tail}").status_code
        for report in (with_comments, without)
        for tail in ("", "file/")
    ]
    listed = browser.get(f"/self-assessments/{agreed.pk}/report/").text

    assert answers == [403, 403, 200, 200]
    assert page_of(with_comments) not in listed
    assert page_of(without) in listed


def test_a_report_that_does_not_say_what_is_in_it_counts_as_with_comments(sign_in, agreed, person):
    report = Report.objects.create(audit=agreed, key="0" * 64, data={}, requested_by=person("lead"))

    assert sign_in("board_viewer").get(page_of(report)).status_code == 403


@pytest.mark.parametrize("name", ["lead", "inclusion_lead", "group_member", "board_viewer"])
def test_there_is_none_while_totals_are_hidden(sign_in, agreed, person, name):
    report = finished(report_of(agreed, person("lead"), with_comments=False))
    Audit.objects.update(totals_shown_at=None, totals_shown_by=None)
    browser = sign_in(name)

    answers = [
        ask(browser, agreed),
        browser.get(f"/self-assessments/{agreed.pk}/report/"),
        browser.get(page_of(report)),
        browser.get(f"{page_of(report)}file/"),
    ]

    assert {(a.status_code, a.url) for a in answers} == {
        (302, f"/self-assessments/{agreed.pk}/results/")
    }
    assert Report.objects.count() == 1


@pytest.mark.parametrize("name", ["outsider", "team", "facilitator", "funder"])
def test_for_others_there_is_no_report(sign_in, agreed, person, name):
    report = finished(report_of(agreed, person("lead")))
    browser = sign_in(name)

    answers = [
        ask(browser, agreed),
        browser.get(page_of(report)),
        browser.get(f"{page_of(report)}file/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Report.objects.count() == 1


def test_a_report_of_another_audit_is_not_found_under_this_one(
    sign_in, agreed, person, avon, questionnaire
):
    other = factories.audit(avon, questionnaire, by=person("lead"), year=2020)
    factories.agree(other, person("lead"), A1_1=1)
    report = report_of(other, person("lead"))

    answer = sign_in("lead").get(f"/self-assessments/{agreed.pk}/report/{report.pk}/")

    assert answer.status_code == 404


def test_a_file_that_is_not_there_yet_leads_to_the_page_that_says_so(sign_in, agreed):
    browser = sign_in("lead")
    ask(browser, agreed)
    report = Report.objects.get()

    answer = browser.get(f"{page_of(report)}file/")

    assert answer.url == page_of(report)


def test_a_failed_report_says_so_and_can_be_tried_again(sign_in, agreed, worker):
    browser = sign_in("lead")
    ask(browser, agreed)
    Report.objects.update(state=ReportState.FAILED)

    page = browser.get(page_of(Report.objects.get())).text
    ask(browser, agreed)
    worker()

    assert "<h1>The report could not be made</h1>" in page
    assert "Try again" in page
    assert Report.objects.get().state == ReportState.READY


def test_a_report_whose_worker_went_can_be_tried_again(sign_in, agreed):
    browser = sign_in("lead")
    ask(browser, agreed)
    long_ago = timezone.now() - papers.STALLED - timedelta(seconds=1)
    Report.objects.update(state=ReportState.MAKING, requested_at=long_ago)

    page = browser.get(page_of(Report.objects.get())).text
    ask(browser, agreed)

    assert "<h1>This takes longer than it should</h1>" in page
    assert "hx-get" not in page
    assert Report.objects.get().state == ReportState.WAITING
    assert len(jobs()) == 2


def test_asking_while_it_is_being_made_makes_no_second_job(sign_in, agreed):
    browser = sign_in("lead")

    ask(browser, agreed)
    Report.objects.update(state=ReportState.MAKING)
    ask(browser, agreed)

    assert len(jobs()) == 1
    assert Report.objects.get().state == ReportState.MAKING


def test_a_job_done_twice_changes_nothing(agreed, worker, person):
    report = report_of(agreed, person("lead"))
    worker()
    before = Report.objects.values().get()

    tasks.make(report.pk)

    assert Report.objects.values().get() == before


def test_the_last_attempt_that_fails_is_told(agreed, worker, person):
    report = report_of(agreed, person("lead"))
    Report.objects.update(data={"with_comments": False})

    with pytest.raises(KeyError):
        worker()
    between = Report.objects.get().state
    context = type("Context", (), {"job": type("Job", (), {"attempts": tasks.RETRIES})})
    with pytest.raises(KeyError):
        tasks.make_report(context, report_id=report.pk)

    assert (between, Report.objects.get().state) == (ReportState.MAKING, ReportState.FAILED)


def test_the_newest_four_are_kept(agreed, worker, person):
    made = []
    for number in range(papers.KEPT + 1):
        change(agreed, f"Said {number}")
        made.append(finished(report_of(agreed, person("lead"))).pk)
    change(agreed, "Said last")
    made.append(report_of(agreed, person("lead")).pk)
    worker()

    assert sorted(Report.objects.values_list("pk", flat=True)) == made[2:]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    sign_in, agreed, person, count, django_assert_num_queries
):
    for number in range(count):
        change(agreed, f"Said {number}")
        finished(report_of(agreed, person("lead")))
    browser = sign_in("lead")

    with django_assert_num_queries(5):
        page = browser.get(f"/self-assessments/{agreed.pk}/report/").text

    assert page.count("With comments") == count


def test_web_processes_do_not_carry_what_makes_papers_or_reads_workbooks():
    script = (
        "import sys, django; django.setup(); import changingtracks.urls;"
        "sys.exit(bool(sys.modules.keys() & {'weasyprint', 'pikepdf', 'docx', 'openpyxl', 'lxml'}))"
    )

    run = subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR)

    assert run.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_get_the_same_report(sign_in, agreed, at_once):
    one, other = sign_in("lead"), sign_in("inclusion_lead")

    answers = at_once(lambda: ask(one, agreed).url, lambda: ask(other, agreed).url)

    report = Report.objects.get()
    assert answers == [page_of(report)] * 2
    assert jobs().count({"report_id": report.pk}) == 1  # jobs of other tests are not flushed
