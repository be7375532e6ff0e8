"""Papers of a plan: who may ask for which, how they are made, and what becomes of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from actionplans import tasks
from actionplans.models import Paper, PaperFormat, PaperKind, PlanState
from actionplans.papers import asking, making
from portal import papers
from portal.models import Activity, Verb
from portal.papers import PaperState
from selfassessment.models import Audit
from tests import factories


def page_of(plan) -> str:
    return f"/plans/{plan.pk}/papers/"


def ask(browser, plan, kind: str = "plan", form: str = "pdf", **more):
    return browser.post(page_of(plan), {"kind": kind, "format": form, **more})


def jobs() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=asking.MAKE)]


def finished(paper: Paper, **fields: object) -> Paper:
    """As the worker leaves it, without the second it takes."""
    fields = {
        "state": PaperState.READY,
        "step": papers.DONE,
        "finished_at": timezone.now(),
        "content": b"%PDF-1.7",
        **fields,
    }
    Paper.objects.filter(pk=paper.pk).update(**fields)
    return Paper.objects.get(pk=paper.pk)


@pytest.mark.parametrize("kind", ["plan", "board_paper", "year_report"])
def test_a_paper_is_asked_for_made_and_downloaded(sign_in, target, worker, person, kind):
    plan, browser = target.plan, sign_in("lead")

    asked = ask(browser, plan, kind)
    paper = Paper.objects.get()
    waiting = browser.get(asked.url).text
    worker()
    ready = browser.get(asked.url).text
    file = browser.get(f"{asked.url}file/")

    assert asked.url == f"/papers/{paper.pk}/"
    name = paper.get_kind_display()
    assert f"<h1>{name}: being made</h1>" in waiting
    assert 'Contents collected</b><span class="vh">, done</span>' in waiting
    assert f"<h1>{name}: ready</h1>" in ready
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Cache-Control"] == "private, no-store"
    assert file.headers["Content-Disposition"] == (
        f'attachment; filename="avon-music-service-{name.lower().replace(" ", "-")}-'
        f'{plan.period.replace("/", "")}.pdf"'
    )
    assert file.content.startswith(b"%PDF-1.7")
    assert list(Activity.objects.values_list("verb", "by", "service", "subject")) == [
        (Verb.TOOK_REPORT, person("lead").pk, plan.service_id, f"{plan}: {name.lower()}, PDF")
    ]


def test_minutes_are_of_one_review(sign_in, plan, person, worker):
    review = factories.review(plan, person("lead"))
    browser = sign_in("group_member")

    without = ask(browser, plan, "review")
    asked = ask(browser, plan, "review", review=review.pk)
    worker()

    assert without.status_code == 422
    assert "Minutes are of one review. Choose it first." in without.text
    paper = Paper.objects.get()
    assert asked.url == f"/papers/{paper.pk}/"
    assert (paper.kind, paper.state) == (PaperKind.REVIEW, PaperState.READY)


def test_the_review_of_another_plan_is_not_one_of_this(sign_in, plan, person, avon):
    other = factories.plan(avon, person("lead"), year=2019)
    review = factories.review(other, person("lead"))

    answer = ask(sign_in("lead"), plan, "review", review=review.pk)

    assert answer.status_code == 422
    assert Paper.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "everything", "format": "zip"},
        {"kind": "plan", "format": "zip"},
        {"kind": "poem", "format": "pdf"},
        {"kind": "plan"},
        {},
    ],
)
def test_what_is_not_offered_is_refused(sign_in, plan, wrong):
    answer = sign_in("lead").post(page_of(plan), wrong)

    assert answer.status_code == 422
    assert "to mend</h2>" in answer.text
    assert (Paper.objects.count(), jobs(), Activity.objects.count()) == (0, [], 0)


def test_every_paper_offered_has_a_maker_and_the_other_way_round():
    assert set(making.MAKERS) == asking.OFFERED


def test_the_page_offers_each_paper_as_what_can_be_made(sign_in, plan, person):
    review = factories.review(plan, person("lead"))

    page = sign_in("board_viewer").get(page_of(plan)).text

    for kind, form in asking.OFFERED - {(PaperKind.EVERYTHING, PaperFormat.ZIP)}:
        assert f'<input type="hidden" name="kind" value="{kind}">' in page
        assert f'name="format" value="{form}">' in page
    assert f'name="review" value="{review.pk}"' in page
    assert "not approved yet" not in page
    assert "No paper has been made yet." in page


def test_an_unchanged_paper_is_handed_over_at_once(sign_in, target, worker):
    plan, browser = target.plan, sign_in("lead")
    first = ask(browser, plan)
    worker()

    again = ask(sign_in("inclusion_lead"), plan)

    assert again.url == first.url
    assert len(jobs()) == 1


def test_it_is_made_anew_when_a_target_changed(sign_in, target, worker):
    plan, browser = target.plan, sign_in("lead")
    first = ask(browser, plan)
    worker()
    target.title = "Another title"
    target.save()

    again = ask(browser, plan)

    assert again.url != first.url
    assert (len(jobs()), Paper.objects.count()) == (2, 2)


def test_asking_while_it_is_being_made_makes_no_second_job(sign_in, plan):
    browser = sign_in("lead")
    ask(browser, plan)
    Paper.objects.update(state=PaperState.MAKING)

    ask(browser, plan)

    assert len(jobs()) == 1
    assert Paper.objects.get().state == PaperState.MAKING


def test_a_failed_paper_says_so_and_can_be_tried_again(sign_in, plan, person, worker):
    review = factories.review(plan, person("lead"))
    browser = sign_in("lead")
    asked = ask(browser, plan, "review", review=review.pk)
    Paper.objects.update(state=PaperState.FAILED)

    page = browser.get(asked.url).text
    ask(browser, plan, "review", review=review.pk)
    worker()

    assert "<h1>Minutes of a review: could not be made</h1>" in page
    assert f'name="review" value="{review.pk}"' in page
    assert Paper.objects.get().state == PaperState.READY


def test_a_paper_whose_worker_went_can_be_tried_again(sign_in, plan):
    browser = sign_in("lead")
    asked = ask(browser, plan)
    long_ago = timezone.now() - papers.STALLED - dt.timedelta(seconds=1)
    Paper.objects.update(state=PaperState.MAKING, requested_at=long_ago)

    page = browser.get(asked.url).text
    ask(browser, plan)

    assert "<h1>Action plan: this takes longer than it should</h1>" in page
    assert "hx-get" not in page
    assert Paper.objects.get().state == PaperState.WAITING
    assert len(jobs()) == 2


def test_the_last_attempt_that_fails_is_told(plan, person, worker):
    asking.request_paper(plan=plan, kind="plan", form="pdf", by=person("lead"))
    Paper.objects.update(data={})

    with pytest.raises(KeyError):
        worker()
    between = Paper.objects.get().state
    context = type("Context", (), {"job": type("Job", (), {"attempts": papers.RETRIES})})
    with pytest.raises(KeyError):
        tasks.make_paper(context, paper_id=Paper.objects.get().pk)

    assert (between, Paper.objects.get().state) == (PaperState.MAKING, PaperState.FAILED)


def test_the_page_asks_again_only_while_there_is_something_to_come(sign_in, plan, worker):
    browser = sign_in("lead")
    url = ask(browser, plan).url
    again = f"{url}?step={papers.COLLECTED}"

    nothing_new = browser.get(again, headers={"HX-Request": "true"})
    waiting = browser.get(url, headers={"HX-Request": "true"}).text
    worker()
    ready = browser.get(again, headers={"HX-Request": "true"}).text

    assert nothing_new.status_code == 204
    assert f'hx-get="{again}"' in waiting
    assert "<title>Action plan: ready – Changing Tracks</title>" in ready
    assert "hx-get" not in ready
    assert "<html" not in ready


def test_a_file_that_is_not_there_yet_leads_to_the_page_that_says_so(sign_in, plan):
    browser = sign_in("lead")
    url = ask(browser, plan).url

    assert browser.get(f"{url}file/").url == url


def test_the_newest_four_of_a_sort_are_kept(plan, person):
    lead = person("lead")
    kept = [finished(factories.paper(plan, lead, key=f"{n}" * 64)).pk for n in range(6)]
    other = finished(factories.paper(plan, lead, kind="board_paper")).pk

    asking.make_room(Paper.objects.get(pk=kept[-1]))

    assert sorted(Paper.objects.values_list("pk", flat=True)) == [*kept[2:], other]


def test_a_board_viewer_never_sees_a_paper_made_before_approval(sign_in, plan, person):
    lead = person("lead")
    drafted = {"head": {"state": PlanState.DRAFT, "rests_on": []}}
    before = finished(factories.paper(plan, lead, data=drafted))
    after = finished(factories.paper(plan, lead))
    browser = sign_in("board_viewer")

    answers = [
        browser.get(f"/papers/{paper.pk}/{tail}").status_code
        for paper in (before, after)
        for tail in ("", "file/")
    ]
    listed = browser.get(page_of(plan)).text

    assert answers == [404, 404, 200, 200]
    assert f"/papers/{before.pk}/" not in listed
    assert f"/papers/{after.pk}/" in listed
    assert f"/papers/{before.pk}/" in sign_in("group_member").get(page_of(plan)).text


def test_papers_of_a_draft_are_not_there_for_a_board_viewer(sign_in, avon, person):
    draft = factories.plan(avon, person("lead"), audit=None)
    paper = finished(factories.paper(draft, person("lead")))
    browser = sign_in("board_viewer")

    answers = [
        browser.get(page_of(draft)),
        ask(browser, draft),
        browser.get(f"/papers/{paper.pk}/file/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("name", ["outsider", "team", "facilitator", "funder"])
def test_for_others_there_are_no_papers(sign_in, plan, person, name):
    paper = finished(factories.paper(plan, person("lead")))
    browser = sign_in(name)

    answers = [
        browser.get(page_of(plan)),
        ask(browser, plan),
        browser.get(f"/papers/{paper.pk}/"),
        browser.get(f"/papers/{paper.pk}/file/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert Paper.objects.count() == 1


def test_a_package_of_everything_is_for_the_lead_who_asked(sign_in, plan, person):
    of_all = {"kind": "everything", "format": "zip", "data": {}, "requested_by": person("lead")}
    package = finished(Paper.objects.create(service=plan.service, key="0" * 64, **of_all))
    url = f"/papers/{package.pk}/"

    answers = {
        name: sign_in(name).get(url).status_code
        for name in ("lead", "inclusion_lead", "board_viewer", "outsider", "team")
    }
    file = sign_in("lead").get(f"{url}file/")

    assert answers == {
        "lead": 200,
        "inclusion_lead": 404,
        "board_viewer": 404,
        "outsider": 404,
        "team": 404,
    }
    assert file.headers["Content-Type"] == "application/zip"


@pytest.mark.parametrize("kind", ["board_paper", "year_report"])
def test_what_tells_hidden_totals_is_handed_out_no_more(sign_in, target, worker, kind):
    plan, browser = target.plan, sign_in("lead")
    url = ask(browser, plan, kind).url
    worker()
    Audit.objects.update(totals_shown_at=None, totals_shown_by=None)

    hidden = [browser.get(url).url, browser.get(f"{url}file/").url]
    listed = browser.get(page_of(plan)).text
    Audit.objects.update(totals_shown_at=timezone.now(), totals_shown_by=plan.started_by)
    shown_anew = browser.get(url).url

    assert hidden == [page_of(plan), url]
    assert "This paper tells totals that are hidden" in listed
    assert "No paper has been made yet." in listed
    assert shown_anew == page_of(plan)


@pytest.mark.parametrize("year", [-1, 1])
@pytest.mark.parametrize("kind", ["plan", "board_paper", "year_report"])
def test_totals_of_the_year_before_or_after_are_told_no_longer_than_they_are_shown(
    sign_in, target, worker, person, kind, year
):
    plan, browser = target.plan, sign_in("board_viewer")
    now = plan.audit
    other = factories.audit(now.service, now.questionnaire, person("lead"), year=now.year + year)
    factories.agree(other, person("lead"), A1_1=3)
    url = ask(browser, plan, kind).url
    worker()
    shown = browser.get(f"{url}file/").status_code
    Audit.objects.filter(pk=other.pk).update(totals_shown_at=None, totals_shown_by=None)

    hidden = [browser.get(url).url, browser.get(f"{url}file/").url]

    assert shown == 200
    assert hidden == [page_of(plan), url]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    sign_in, plan, person, count, django_assert_num_queries
):
    for number in range(count):
        finished(factories.paper(plan, person("lead"), key=f"{number}" * 64))
        factories.review(plan, person("lead"), name=f"Review {number}")
    browser = sign_in("lead")

    with django_assert_num_queries(7):
        page = browser.get(page_of(plan)).text

    assert page.count('<span class="tag plain">PDF</span>') == count


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_get_the_same_paper(sign_in, plan, at_once):
    one, other = sign_in("lead"), sign_in("inclusion_lead")

    answers = at_once(lambda: ask(one, plan).url, lambda: ask(other, plan).url)

    paper = Paper.objects.get()
    assert answers == [f"/papers/{paper.pk}/"] * 2
    assert jobs().count({"paper_id": paper.pk}) == 1  # jobs of other tests are not flushed
