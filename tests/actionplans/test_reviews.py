"""A termly review: planned, walked through by the group, finished by its leads, minuted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actionplans.keeping import reviews
from actionplans.models import Decision, Review, ReviewLine, TargetStatus
from portal.models import Activity, Verb
from selfassessment.models import PlanArea
from tests import factories


@pytest.fixture
def review(plan, person):
    return factories.review(plan, person("lead"))


@pytest.fixture
def other(plan, person):
    """A second target of the plan, that nobody owns."""
    return factories.target(plan, person("lead"), "Pay for travel", area=PlanArea.PROGRAMMING)


def address(review, target=None):
    if target is None:
        return reverse("review", args=[review.pk])
    return reverse("review_target", args=[review.pk, target.pk])


def decide(browser, review, target, decision, said="", version=0, **more):
    sent = {"decision": decision, "said": said, "version": version, **more}
    return browser.post(address(review, target), sent)


def finish(browser, review):
    url = reverse("review_finish", args=[review.pk])
    page = browser.get(url)
    return browser.post(url, {"as_read": page.context["as_read"]})


def closed(plan, person):
    plan.state, plan.closed_at, plan.closed_by = "closed", timezone.now(), person("lead")
    plan.save()


# Planning one


def test_a_lead_plans_a_review(sign_in, plan, person):
    browser = sign_in("inclusion_lead")
    when = {"name": "Spring review", "held_on": "2027-02-03", "starts_time": "16:00", "place": "X"}

    answer = browser.post(reverse("review_plan", args=[plan.pk]), when)

    made = Review.objects.get()
    assert answer.url == reverse("reviews", args=[plan.pk])
    assert (made.name, made.held_on, made.starts_time, made.place, made.planned_by) == (
        "Spring review",
        dt.date(2027, 2, 3),
        dt.time(16),
        "X",
        person("inclusion_lead"),
    )
    assert [(one.verb, one.subject) for one in Activity.objects.all()] == [
        (Verb.ADDED, "Spring review, 3 February 2027")
    ]


def test_a_button_pressed_twice_plans_one(plan, person):
    when, lead = reviews.When("Spring review", dt.date(2027, 2, 3)), person("lead")

    made = [reviews.plan_review(plan=plan, when=when, by=lead) for _ in range(2)]

    assert made == [Review.objects.get()] * 2
    assert Activity.objects.count() == 1


def test_the_name_of_the_term_is_suggested(sign_in, plan):
    form = sign_in("lead").get(reverse("review_plan", args=[plan.pk])).context["form"]

    assert str(form.initial["name"]).endswith(" term review")


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        (
            {"name": "", "held_on": ""},
            {
                "name": ["Give the review a name, such as “Autumn term review”."],
                "held_on": ["Choose the day you meet."],
            },
        ),
        (
            {"name": "R", "held_on": "2001-01-01"},
            {"held_on": ["Choose a day within two years of today."]},
        ),
        (
            {"name": "R", "held_on": "2027-01-01", "starts_time": "tea time"},
            {"starts_time": ["Enter a time, such as 16:00."]},
        ),
    ],
)
def test_a_review_needs_a_name_and_a_day(sign_in, plan, sent, errors):
    answer = sign_in("lead").post(reverse("review_plan", args=[plan.pk]), sent)

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert not Review.objects.exists()


@pytest.mark.parametrize("who", ["group_member", "board_viewer"])
def test_who_does_not_lead_plans_none(sign_in, plan, who):
    answer = sign_in(who).post(
        reverse("review_plan", args=[plan.pk]), {"name": "R", "held_on": "2027-01-01"}
    )

    assert answer.status_code == 403
    assert not Review.objects.exists()


@pytest.mark.parametrize("state", ["draft", "with_group", "approved", "closed"])
def test_a_plan_is_reviewed_while_it_is_under_way(sign_in, avon, person, state):
    plan = factories.plan(avon, person("lead"), state)
    browser = sign_in("lead")

    page = browser.get(reverse("review_plan", args=[plan.pk]))
    answer = browser.post(
        reverse("review_plan", args=[plan.pk]), {"name": "Mine", "held_on": "2027-01-01"}
    )
    listed = browser.get(reverse("reviews", args=[plan.pk]))

    assert page.url == reverse("reviews", args=[plan.pk])
    assert answer.status_code == 409
    assert "nobody can review it now" in answer.text
    assert 'value="Mine"' in answer.text
    assert "Plan the next review" not in listed.text
    assert not Review.objects.exists()


def test_the_list_tells_those_to_come_from_those_held(sign_in, plan, person):
    lead, today = person("lead"), timezone.localdate()
    done = {"finished_at": timezone.now(), "finished_by": lead}
    for name, days, fields in [
        ("Next", 7, {}),
        ("Later", 90, {}),
        ("Last", -7, done),
        ("First", -90, done),
    ]:
        held_on = today + dt.timedelta(days=days)
        factories.review(plan, lead, name=name, held_on=held_on, **fields)

    found = sign_in("board_viewer").get(reverse("reviews", args=[plan.pk])).context["reviews"]

    assert [one.name for one in found.planned] == ["Next", "Later"]
    assert [one.name for one in found.finished] == ["Last", "First"]


def test_an_empty_list_says_what_to_do(sign_in, plan):
    url = reverse("reviews", args=[plan.pk])

    assert "Choose a day in this term" in sign_in("lead").get(url).text
    assert "The leads of your service plan the first one" in sign_in("group_member").get(url).text


def test_a_draft_plan_has_no_reviews_for_the_board(sign_in, avon, person):
    plan = factories.plan(avon, person("lead"), "draft")
    review = factories.review(plan, person("lead"))
    browser = sign_in("board_viewer")

    assert browser.get(reverse("reviews", args=[plan.pk])).status_code == 404
    assert browser.get(address(review)).status_code == 404


def test_a_review_is_moved(sign_in, review):
    sent = {"name": "Autumn", "held_on": "2027-01-08", "starts_time": "", "place": "Hall"}

    sign_in("lead").post(reverse("review_edit", args=[review.pk]), sent)

    review.refresh_from_db()
    assert (review.name, review.held_on, review.place) == ("Autumn", dt.date(2027, 1, 8), "Hall")
    assert Activity.objects.get().verb == Verb.CHANGED


def test_a_review_moved_to_where_it_is_changes_nothing(sign_in, review):
    sent = {"name": review.name, "held_on": review.held_on}

    sign_in("lead").post(reverse("review_edit", args=[review.pk]), sent)

    assert not Activity.objects.exists()


def test_a_review_of_a_closed_plan_is_not_moved(sign_in, review, plan, person):
    closed(plan, person)

    answer = sign_in("lead").post(
        reverse("review_edit", args=[review.pk]), {"name": "New", "held_on": "2027-01-08"}
    )

    review.refresh_from_db()
    assert answer.status_code == 409
    assert 'value="New"' in answer.text
    assert review.name == "Autumn term review"


def test_a_review_without_minutes_is_taken_out(sign_in, review, plan):
    url = reverse("review_edit", args=[review.pk])
    browser = sign_in("lead")

    offered = "Take this review out" in browser.get(url).text
    answer = browser.post(url, {"go": "remove"})

    assert offered
    assert answer.url == reverse("reviews", args=[plan.pk])
    assert not Review.objects.exists()
    assert Activity.objects.get().verb == Verb.REMOVED


def test_a_review_with_minutes_stays(sign_in, review, target):
    browser = sign_in("lead")
    decide(browser, review, target, "keep")
    url = reverse("review_edit", args=[review.pk])

    offered = "Take this review out" in browser.get(url).text
    answer = browser.post(url, {"go": "remove"}, follow=True)

    assert not offered
    assert "This review has minutes, so it stays." in answer.text
    assert Review.objects.get() == review


# The walk


def test_the_walk_goes_by_area_through_what_is_worked_on(sign_in, review, target, other, person):
    lead = person("lead")
    factories.target(review.plan, lead, "Done before", status="done")
    factories.target(review.plan, lead, "Not us", no_action_reason="The council does it.")

    page = sign_in("lead").get(address(review))

    assert [one.target for one in page.context["meeting"].items] == [target, other]
    assert f"Start with {target.reference}" in page.text


def test_a_target_is_shown_with_how_it_stands(sign_in, review, target, person):
    factories.note(target, person("inclusion_lead"), "Sixty came.", value=60, rag="green")
    target.milestones.create(text="Dates agreed", done_on="2026-10-01")

    page = sign_in("board_viewer").get(address(review, target))

    assert "60 of 80 tutors" in page.text
    assert "Sixty came." in page.text
    assert "Dates agreed" in page.text
    assert "80 tutors take part, of 100" in page.text


def test_the_group_writes_and_goes_on_to_the_next(sign_in, review, target, other, person):
    answer = decide(sign_in("group_member"), review, target, "change", "A later date.", go="next")

    line = ReviewLine.objects.get()
    assert answer.url == address(review, other)
    assert (line.decision, line.said, line.version, line.saved_by) == (
        Decision.CHANGE,
        "A later date.",
        1,
        person("group_member"),
    )


@pytest.mark.parametrize(
    ("go", "to"), [("before", 0), ("stay", 1), ("next", None), ("leave", None)]
)
def test_every_way_off_the_page_saves(sign_in, review, target, other, go, to):
    answer = decide(sign_in("lead"), review, other, "keep", "Good.", go=go)

    places = [address(review, target), address(review, other)]
    assert answer.url == (address(review) if to is None else places[to])
    assert ReviewLine.objects.get().said == "Good."


def test_going_on_without_a_word_writes_nothing(sign_in, review, target, other):
    answer = decide(sign_in("lead"), review, target, "", go="next")

    assert answer.url == address(review, other)
    assert not ReviewLine.objects.exists()


def test_whoever_drops_a_target_says_why(sign_in, review, target):
    answer = decide(sign_in("lead"), review, target, "drop")

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "said": ["Say why the target is dropped: its page and the minutes show it."]
    }
    assert not ReviewLine.objects.exists()


def test_board_viewers_read_and_do_not_write(sign_in, review, target):
    browser = sign_in("board_viewer")

    page = browser.get(address(review, target))
    answers = [
        decide(browser, review, target, "keep"),
        browser.post(address(review), {"present": "Me"}),
    ]

    review.refresh_from_db()
    assert "<textarea" not in page.text
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not ReviewLine.objects.exists()
    assert review.present == ""


def test_of_two_who_write_on_a_target_the_second_sees_both(sign_in, review, target):
    decide(sign_in("lead"), review, target, "keep", "Mine.")

    refused = decide(sign_in("group_member"), review, target, "close", "Theirs.")
    kept = ReviewLine.objects.get()
    again = decide(
        sign_in("group_member"),
        review,
        target,
        "close",
        "Both.",
        version=refused.context["form"]["version"].value(),
    )

    assert refused.status_code == 409
    assert "The lead saved this" in refused.text
    assert "<blockquote>Mine.</blockquote>" in refused.text
    assert "Theirs.</textarea>" in refused.text
    assert (kept.decision, kept.said) == ("keep", "Mine.")
    assert again.status_code == 302
    assert ReviewLine.objects.get().said == "Both."


def test_the_same_said_twice_is_no_clash(sign_in, review, target):
    decide(sign_in("lead"), review, target, "keep", "Good.")

    answer = decide(sign_in("group_member"), review, target, "keep", "Good.")

    assert answer.status_code == 302
    assert ReviewLine.objects.get().version == 1


def test_what_was_typed_survives_a_plan_that_was_closed_meanwhile(
    sign_in, review, target, plan, person
):
    closed(plan, person)

    answers = [
        decide(sign_in("lead"), review, target, "keep", "My words."),
        sign_in("lead").post(address(review), {"present": "", "said": "My words."}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert ["My words.</textarea>" in answer.text for answer in answers] == [True, True]
    assert ["nobody can review it now" in answer.text for answer in answers] == [True, True]
    assert not ReviewLine.objects.exists()


def test_a_target_of_another_plan_has_no_place_in_it(sign_in, review, bute, person):
    plan = factories.plan(bute, person("outsider"), "under_way")
    foreign = factories.target(plan, person("outsider"))

    answer = decide(sign_in("lead"), review, foreign, "drop", "No.")

    foreign.refresh_from_db()
    assert answer.status_code == 404
    assert foreign.status == TargetStatus.OPEN


# The meeting


def test_who_is_there_and_what_else_was_said_is_kept(sign_in, review):
    browser = sign_in("group_member")
    read = browser.get(address(review)).context["as_read"]

    answer = browser.post(
        address(review), {"as_read": read, "present": "Two tutors", "said": "Tea first."}
    )

    review.refresh_from_db()
    assert answer.url == address(review)
    assert (review.present, review.said) == ("Two tutors", "Tea first.")


def test_of_two_who_write_on_the_meeting_the_second_sees_both(sign_in, review):
    first, second = sign_in("lead"), sign_in("group_member")
    read = first.get(address(review)).context["as_read"]

    first.post(address(review), {"as_read": read, "present": "A", "said": ""})
    refused = second.post(address(review), {"as_read": read, "present": "B", "said": ""})
    review.refresh_from_db()
    kept = review.present
    again = second.post(
        address(review), {"as_read": refused.context["as_read"], "present": "A, B", "said": ""}
    )

    assert refused.status_code == 409
    assert "<blockquote>A</blockquote>" in refused.text
    assert kept == "A"
    assert again.status_code == 302


def test_a_text_that_is_too_long_comes_back(sign_in, review):
    answer = sign_in("lead").post(address(review), {"present": "", "said": "W" * 5001})

    review.refresh_from_db()
    assert answer.status_code == 422
    assert "W" * 5001 in answer.text
    assert review.said == ""


# Finishing


def test_finished_minutes_lead_to_their_paper(sign_in, review):
    browser = sign_in("board_viewer")
    before = browser.get(address(review)).text
    finish(sign_in("inclusion_lead"), review)

    after = browser.get(address(review)).text

    paper = f'<a class="btn" href="{reverse("papers", args=[review.plan_id])}">Minutes as a paper'
    assert [paper in page for page in (before, after)] == [False, True]


def test_finishing_does_what_was_decided(sign_in, review, target, other, person):
    browser = sign_in("inclusion_lead")
    decide(browser, review, target, "close", "All came.")
    decide(browser, review, other, "drop", "The council pays now.")

    answer = finish(browser, review)

    target.refresh_from_db(), other.refresh_from_db(), review.refresh_from_db()
    assert answer.url == address(review)
    assert (target.status, target.ended_on, target.ended_reason, target.version) == (
        TargetStatus.DONE,
        review.held_on,
        "All came.",
        2,
    )
    assert (other.status, other.ended_reason) == (TargetStatus.DROPPED, "The council pays now.")
    assert (review.is_finished, review.finished_by) == (True, person("inclusion_lead"))
    assert [one.verb for one in Activity.objects.order_by("pk")] == [
        Verb.DONE,
        Verb.DROPPED,
        Verb.REVIEWED,
    ]


def test_the_preview_says_what_finishing_does_and_does_nothing(sign_in, review, target, other):
    browser = sign_in("lead")
    decide(browser, review, target, "close", "All came.")

    page = browser.get(reverse("review_finish", args=[review.pk]))

    meeting = page.context["meeting"]
    target.refresh_from_db()
    assert [one.target for one in meeting.closes] == [target]
    assert [one.target for one in meeting.left] == [other]
    assert "1 of 2 targets decided" in page.text
    assert target.status == TargetStatus.OPEN


def test_a_target_that_is_to_change_stays_open(sign_in, review, target):
    browser = sign_in("lead")
    decide(browser, review, target, "change", "Another date.")

    finish(browser, review)

    target.refresh_from_db()
    page = browser.get(address(review))
    assert (target.status, target.version) == (TargetStatus.OPEN, 1)
    assert [one.target for one in page.context["meeting"].changes] == [target]
    assert target.get_absolute_url() in page.text


def test_a_target_that_ended_meanwhile_is_left_and_said(sign_in, review, target):
    browser = sign_in("lead")
    decide(browser, review, target, "drop", "No money.")
    target.status, target.ended_on = TargetStatus.DONE, timezone.localdate()
    target.save()

    answer = finish(browser, review)
    page = browser.get(answer.url)

    target.refresh_from_db()
    assert (target.status, target.ended_reason) == (TargetStatus.DONE, "")
    assert f"left as they are: {target.reference}." in page.text
    assert Review.objects.get().is_finished


def test_minutes_that_changed_since_the_preview_are_shown_again(sign_in, review, target):
    browser = sign_in("lead")
    url = reverse("review_finish", args=[review.pk])
    read = browser.get(url).context["as_read"]
    decide(sign_in("group_member"), review, target, "drop", "No money.")

    answer = browser.post(url, {"as_read": read})

    target.refresh_from_db()
    assert answer.status_code == 409
    assert "Somebody changed the minutes" in answer.text
    assert [one.target for one in answer.context["meeting"].drops] == [target]
    assert target.status == TargetStatus.OPEN
    assert not Review.objects.get().is_finished


def test_a_review_held_before_its_day_is_dated_today(sign_in, plan, target, person):
    today = timezone.localdate()
    review = factories.review(plan, person("lead"), held_on=today + dt.timedelta(days=9))
    browser = sign_in("lead")

    said = (
        "The minutes will say that it was held today."
        in browser.get(reverse("review_finish", args=[review.pk])).text
    )
    finish(browser, review)

    assert said
    assert Review.objects.get().held_on == today


@pytest.mark.parametrize("who", ["group_member", "board_viewer"])
def test_who_does_not_lead_finishes_nothing(sign_in, review, target, who):
    decide(sign_in("lead"), review, target, "close")

    page = sign_in(who).get(address(review))
    answer = sign_in(who).post(reverse("review_finish", args=[review.pk]), {"as_read": ""})

    target.refresh_from_db()
    assert "Finish the review" not in page.text
    assert answer.status_code == 403
    assert target.status == TargetStatus.OPEN


def test_a_review_is_finished_once(sign_in, review, target):
    browser = sign_in("lead")
    finish(browser, review)

    page = browser.get(reverse("review_finish", args=[review.pk]))
    answer = browser.post(reverse("review_finish", args=[review.pk]), {"as_read": ""}, follow=True)

    assert page.url == address(review)
    assert "This review is finished already." in answer.text
    assert Activity.objects.filter(verb=Verb.REVIEWED).count() == 1


def test_a_closed_plan_finishes_no_review(sign_in, review, target, plan, person):
    decide(sign_in("lead"), review, target, "close")
    closed(plan, person)

    page = sign_in("lead").get(reverse("review_finish", args=[review.pk]))
    answer = sign_in("lead").post(reverse("review_finish", args=[review.pk]), follow=True)

    target.refresh_from_db()
    assert page.url == address(review)
    assert "nobody can review it now" in answer.text
    assert target.status == TargetStatus.OPEN
    assert not Review.objects.get().is_finished


# Minutes


@pytest.fixture
def minuted(sign_in, review, target, other):
    """A finished review that kept one target and dropped the other."""
    browser = sign_in("lead")
    decide(browser, review, target, "keep", "Good.")
    decide(browser, review, other, "drop", "No money.")
    finish(browser, review)
    return Review.objects.get()


def test_minutes_show_what_was_spoken_of(sign_in, minuted, target, other, person):
    factories.target(minuted.plan, person("lead"), "Added after")

    page = sign_in("board_viewer").get(address(minuted))

    assert [one.target for one in page.context["meeting"].items] == [target, other]
    assert "What was decided" in page.text
    assert "No money." in page.text


def test_leads_mend_the_words_and_not_the_decision(sign_in, minuted, target):
    answer = decide(sign_in("lead"), minuted, target, "close", "Very good.", version=1)

    line = minuted.lines.get(target=target)
    target.refresh_from_db()
    assert answer.status_code == 302
    assert (line.decision, line.said) == ("keep", "Very good.")
    assert target.status == TargetStatus.OPEN
    assert Activity.objects.latest("pk").verb == Verb.CHANGED


def test_a_dropped_target_keeps_a_reason(sign_in, minuted, other):
    answer = decide(sign_in("lead"), minuted, other, "", "", version=1)

    assert answer.status_code == 422
    assert minuted.lines.get(target=other).said == "No money."


def test_the_group_mends_no_minutes(sign_in, minuted, target):
    page = sign_in("group_member").get(address(minuted, target))
    answers = [
        decide(sign_in("group_member"), minuted, target, "keep", "Mine.", version=1),
        sign_in("group_member").post(address(minuted), {"present": "Mine.", "said": ""}),
    ]

    minuted.refresh_from_db()
    assert "<textarea" not in page.text
    assert [answer.status_code for answer in answers] == [409, 409]
    assert ["its minutes are for the leads to mend" in one.text for one in answers] == [True] * 2
    assert (minuted.present, minuted.lines.get(target=target).said) == ("", "Good.")


def test_minutes_of_a_closed_plan_stand(sign_in, minuted, target, plan, person):
    closed(plan, person)

    page = sign_in("lead").get(address(minuted))
    answer = decide(sign_in("lead"), minuted, target, "", "New.", version=1)

    assert "<textarea" not in page.text
    assert answer.status_code == 409
    assert minuted.lines.get(target=target).said == "Good."


def test_leads_mend_who_was_there(sign_in, minuted):
    browser = sign_in("lead")
    read = browser.get(address(minuted)).context["as_read"]

    browser.post(address(minuted), {"as_read": read, "present": "Four", "said": ""})

    minuted.refresh_from_db()
    assert minuted.present == "Four"


# Many at once


@pytest.mark.django_db(transaction=True)
def test_a_line_written_while_the_review_is_finished_is_in_or_refused(
    review, target, person, at_once
):
    lead, member = person("lead"), person("group_member")
    read = reviews.lines_as_read([])
    entry = reviews.Entry("drop", "No money.")

    finished, written = at_once(
        lambda: reviews.finish(review=review, read=read, by=lead),
        lambda: reviews.write_line(review=review, target=target, entry=entry, version=0, by=member),
    )

    target.refresh_from_db()
    there = Review.objects.get()
    assert target.status == TargetStatus.OPEN
    assert there.is_finished != there.lines.exists()
    assert isinstance(finished, reviews.Finished) == isinstance(written, reviews.ReviewError)


@pytest.mark.parametrize("more", [0, 2])
def test_the_pages_ask_the_same_queries_for_many_targets(sign_in, plan, target, person, more):
    """With one target and with three."""
    lead, browser = person("lead"), sign_in("lead")
    review = factories.review(plan, lead)
    for number in range(more):
        one = factories.target(plan, lead, f"Target {number}", owner=lead)
        factories.note(one, lead)
        one.milestones.create(text="Step")
        ReviewLine.objects.create(review=review, target=one, decision="keep", saved_by=lead)
    factories.note(target, lead)
    target.milestones.create(text="Step")
    ReviewLine.objects.create(review=review, target=target, decision="keep", saved_by=lead)

    def asked(url):
        with CaptureQueriesContext(connection) as captured:
            browser.get(url)
        return len(captured)

    counts = [
        asked(address(review)),
        asked(address(review, target)),
        asked(reverse("review_finish", args=[review.pk])),
    ]

    assert counts == [9, 9, 9]


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_the_same_queries_for_many_reviews(
    sign_in, plan, person, more, django_assert_num_queries
):
    browser = sign_in("lead")
    for number in range(1 + more):
        factories.review(plan, person("lead"), name=f"Review {number}")

    with django_assert_num_queries(5):
        browser.get(reverse("reviews", args=[plan.pk]))


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_text(sign_in, review, target, text):
    browser = sign_in("lead")
    decide(browser, review, target, "drop", text[:200])
    read = browser.get(address(review)).context["as_read"]
    browser.post(address(review), {"as_read": read, "present": text[:200], "said": text[:200]})

    pages = [
        browser.get(url).text
        for url in (
            address(review),
            address(review, target),
            reverse("review_finish", args=[review.pk]),
            reverse("reviews", args=[review.plan_id]),
        )
    ]

    assert [page for page in pages if "<b onmouseover" in page] == []
