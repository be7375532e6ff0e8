"""An annual review on its way to its readers: who moves it, from where, and what is refused."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access import ProgrammeRole
from portal.models import Activity, User
from resources.models import AnnualReview, Chapter, ChapterKind, Printing, ReviewState
from resources.reviews import advice, history, moving, writing
from resources.reviews.moving import (
    GoneError,
    MovedMeanwhileError,
    NothingNewError,
    NothingSaidError,
    NothingToReadError,
    ReadBeforeError,
)
from resources.reviews.states import ReviewStateError, SecondReaderError
from tests import factories

DEEDS = (
    *("submit", "publish", "correct", "open", "take_back", "supersede", "restore"),
    "discard",
)
PATHS = [name.replace("_", "-") for name in DEEDS]
OUTSIDE = ["lead", "inclusion_lead", "group_member", "board_viewer", "outsider", "funder"]


@pytest.fixture
def other(db) -> User:
    """Somebody else of the team."""
    return factories.user("colleague", programme_role=ProgrammeRole.TEAM)


@pytest.fixture
def draft(person) -> AnnualReview:
    """A draft with one chapter that says something, last written by the team’s first member."""
    return told(person("team"))


@pytest.fixture
def waiting(person, draft) -> AnnualReview:
    moving.submit(review=draft, note="", seen=moving.seen(draft), by=person("team"))
    return now(draft)


@pytest.fixture
def out(waiting, other) -> AnnualReview:
    """Version 1, published by the other."""
    publish(waiting, other)
    return now(waiting)


def told(by: User, words: str = "We met in May.", **fields: object) -> AnnualReview:
    review = factories.annual_review(by, **fields)
    factories.chapter(review, by, title="About", body=words)
    return review


def now(review: AnnualReview) -> AnnualReview:
    return AnnualReview.objects.get(pk=review.pk)


def publish(review: AnnualReview, by: User, **more: object) -> AnnualReview:
    read = {"version": review.version, "seen": moving.seen(review)}
    more = {"visibility": "public", "correction": "", **read, **more}
    return moving.publish(review=review, by=by, **more)


def correct(review: AnnualReview, by: User, words: str = "The number of schools.") -> Printing:
    read = {"version": review.version, "seen": moving.seen(review)}
    return moving.correct(review=review, correction=words, by=by, **read)


def write(review: AnnualReview, by: User, words: str = "We met in June.") -> AnnualReview:
    """What an author does: a chapter says something else."""
    Chapter.objects.filter(review=review).update(body=words)
    writing.wrote(now(review), by)
    return now(review)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def of(name: str, review: AnnualReview) -> str:
    return reverse(f"review_{name}", args=[review.pk])


def form(review: AnnualReview, **more: object) -> dict[str, object]:
    """What the page of a move would send for the review as it is now."""
    review = now(review)
    read = {"seen": moving.seen(review), "version": str(review.version)}
    said = {"note": "", "reason": "Because.", "correction": "A number.", "visibility": "public"}
    return {**read, **said, **more}


def state_of(review: AnnualReview) -> str:
    return now(review).state


def versions(review: AnnualReview) -> list[tuple[int, str]]:
    rows = Printing.objects.filter(review=review).versions()
    return [(one.number, one.correction) for one in rows]


def read_by(who: Client, review: AnnualReview) -> int:
    return who.get(review.get_absolute_url()).status_code


def done() -> list[str]:
    return [str(one) for one in Activity.objects.order_by("pk")]


# On its way


def test_a_draft_is_handed_over_read_and_published_by_somebody_else(sign_in, draft, other):
    writer, reader = sign_in("team"), browser_of(other)

    writer.post(of("submit", draft), form(draft, note="Is the first chapter clear?"))
    handed = now(draft)
    reader.post(of("publish", draft), form(draft, visibility="nwg"))

    published = now(draft)
    assert (handed.state, handed.note) == (ReviewState.IN_REVIEW, "Is the first chapter clear?")
    assert (published.state, published.visibility, published.note) == ("published", "nwg", "")
    assert (published.published_by, published.moved_by) == (other, other)
    assert versions(draft) == [(1, "")]
    assert done() == [
        "The team proposed the annual review “What we learned, 2025/26”",
        "The colleague published the annual review “What we learned, 2025/26”",
    ]


def test_whoever_wrote_last_does_not_publish(sign_in, person, waiting, other):
    browser = sign_in("team")

    offered = moving.moves(waiting, person("team")).may["publish"]
    asked = browser.get(of("publish", waiting))
    refused = browser.post(of("publish", waiting), form(waiting))

    assert (offered, asked.status_code, refused.status_code) == (False, 302, 409)
    assert "somebody else of the team reads and publishes it" in refused.text
    assert (state_of(waiting), versions(waiting)) == ("in_review", [])


def test_who_is_alone_in_the_team_may_publish_and_the_log_says_so(sign_in, waiting):
    browser = sign_in("team")

    page = browser.get(of("publish", waiting)).text
    browser.post(of("publish", waiting), form(waiting))

    assert "Nobody else of the team can read it first." in page
    assert state_of(waiting) == "published"
    assert done()[-1].endswith("“What we learned, 2025/26”, with nobody else to read it")


def test_what_was_changed_after_reading_is_read_again(person, waiting, other):
    third = factories.user("third", programme_role=ProgrammeRole.TEAM)
    browser, read = browser_of(other), form(waiting)
    write(waiting, third)

    refused = browser.post(of("publish", waiting), read)
    again = browser.post(of("publish", waiting), read)
    browser.post(of("publish", waiting), form(waiting))

    assert (refused.status_code, again.status_code) == (409, 409)
    assert "The third changed it after this page was opened." in refused.text
    assert 'name="version" value="2"' in refused.text
    assert versions(waiting) == [(1, "")]


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "²"])
def test_a_version_nobody_read_publishes_nothing(waiting, other, version):
    answer = browser_of(other).post(of("publish", waiting), form(waiting, version=version))

    assert (answer.status_code, state_of(waiting)) == (409, "in_review")


@pytest.mark.parametrize("visibility", ["", "members", "signed_in", "public "])
def test_it_is_for_everybody_or_for_the_nwg(waiting, other, visibility):
    answer = browser_of(other).post(of("publish", waiting), form(waiting, visibility=visibility))

    expected = (
        "published" if visibility.strip() == "public" and visibility == "public" else "in_review"
    )
    assert (answer.status_code, state_of(waiting)) == (422, expected)


def test_nothing_to_read_goes_to_nobody(sign_in, person):
    empty = told(person("team"), words="")
    browser = sign_in("team")

    offered = moving.moves(empty, person("team"))
    asked = browser.get(of("submit", empty))
    answer = browser.post(of("submit", empty), form(empty))

    assert (offered.may["submit"], offered.is_empty) == (False, True)
    assert (asked.status_code, answer.status_code, state_of(empty)) == (302, 409, "draft")
    assert "There is nothing to read yet." in answer.text


def test_what_lost_its_words_meanwhile_is_not_published(waiting, other):
    Chapter.objects.update(body="")

    with pytest.raises(NothingToReadError):
        publish(waiting, other)

    assert (state_of(waiting), versions(waiting)) == ("in_review", [])


def test_publishing_ends_the_announcement(client, person, waiting, other):
    AnnualReview.objects.update(expected_on=dt.date(2026, 12, 1))
    before = client.get("/reviews/").text

    publish(now(waiting), other)
    moving.take_back(review=waiting, reason="Wrong year.", seen=moving.seen(now(waiting)), by=other)
    after = client.get("/reviews/").text

    assert (waiting.title in before, waiting.title in after) == (True, False)


# What is out


def test_authors_write_on_and_readers_see_it_when_somebody_else_publishes_it(
    client, person, out, other
):
    write(out, person("team"))
    before = client.get(out.get_absolute_url()).text

    made = correct(now(out), other)

    after = client.get(out.get_absolute_url()).text
    assert ("in May" in before, "in June" in before) == (True, False)
    assert ("in May" in after, "in June" in after) == (False, True)
    assert versions(out) == [(2, "The number of schools."), (1, "")]
    assert (made.number, made.published_by) == (2, other)
    assert done()[-1] == (
        "The colleague published version 2 of the annual review “What we learned, 2025/26”"
    )


def test_a_correction_is_not_published_by_whoever_wrote_it(person, out, other):
    changed = write(out, person("team"))

    with pytest.raises(SecondReaderError):
        correct(changed, person("team"))

    assert versions(out) == [(1, "")]


def test_a_correction_says_what_was_corrected(person, out, other):
    changed = write(out, person("team"))

    answer = browser_of(other).post(of("correct", out), form(out, correction="  "))
    with pytest.raises(NothingSaidError):
        correct(changed, other, words="  ")

    assert (answer.status_code, versions(out)) == (422, [(1, "")])


def test_the_history_tells_a_correction_from_a_change_of_readers(person, out, other):
    before = len(history.entries(out))
    moving.open_to(review=out, visibility="nwg", seen=moving.seen(now(out)), by=other)
    changed = write(out, person("team"))
    correct(changed, other)

    told = history.lines(out, history.entries(out)[:-before])

    assert [(one.who, one.what) for one in told if one.who == str(other)] == [
        ("The colleague", "published a correction"),
        ("The colleague", "changed who may read it"),
    ]


def test_nothing_new_is_no_correction(out, other):
    offered = moving.moves(out, other)
    asked = browser_of(other).get(of("correct", out))

    with pytest.raises(NothingNewError):
        correct(out, other)

    assert (offered.may["correct"], offered.has_news) == (False, False)
    assert (asked.status_code, versions(out)) == (302, [(1, "")])


def test_a_correction_that_was_written_on_keeps_its_words_on_the_page(person, out, other):
    third = factories.user("third", programme_role=ProgrammeRole.TEAM)
    write(out, person("team"))
    read = form(out, correction="Two schools more.")
    write(out, third, "We met in July.")

    answer = browser_of(other).post(of("correct", out), read)

    assert (answer.status_code, versions(out)) == (409, [(1, "")])
    assert "Two schools more.</textarea>" in answer.text


def test_what_is_out_is_opened_to_others_at_once(client, sign_in, out):
    closed = sign_in("team").post(of("open", out), form(out, visibility="nwg"))
    hidden = (read_by(client, out), read_by(sign_in("facilitator"), out))
    sign_in("team").post(of("open", out), form(out, visibility="public"))

    assert (closed.status_code, hidden) == (302, (404, 200))
    assert read_by(client, out) == 200
    assert done()[-1] == (
        "The team changed who may read the annual review “What we learned, 2025/26”"
    )


def test_opening_it_to_those_who_may_already_changes_nothing(sign_in, out):
    before = (now(out).moved_at, len(done()))

    answer = sign_in("team").post(of("open", out), form(out), follow=True)

    assert "It is so already, so nothing changed." in answer.text
    assert (now(out).moved_at, len(done())) == before


def test_back_to_draft_says_why_and_nobody_finds_it(client, sign_in, out):
    browser = sign_in("team")

    silent = browser.post(of("take_back", out), form(out, reason=" "))
    before = read_by(client, out)
    browser.post(of("take_back", out), form(out, reason="Its figures are of 2019."))

    assert (silent.status_code, before) == (422, 200)
    assert (state_of(out), now(out).note) == ("draft", "Its figures are of 2019.")
    assert [read_by(sign_in(who), out) for who in ("visitor", "facilitator", "lead")] == [404] * 3
    assert versions(out) == [(1, "")]


def test_taken_back_and_not_changed_it_comes_out_as_the_version_it_was(person, out, other):
    first = now(out).published_at
    moving.take_back(review=out, reason="By mistake.", seen=moving.seen(out), by=other)
    moving.submit(review=now(out), note="", seen=moving.seen(now(out)), by=other)

    publish(now(out), other)

    assert (state_of(out), versions(out)) == ("published", [(1, "")])
    assert now(out).published_at == first


def test_taken_back_and_changed_it_says_what_was_corrected(person, out, other):
    moving.take_back(review=out, reason="Look.", seen=moving.seen(out), by=other)
    write(out, person("team"))
    moving.submit(review=now(out), note="", seen=moving.seen(now(out)), by=person("team"))
    browser = browser_of(other)

    page = browser.get(of("publish", out)).text
    silent = browser.post(of("publish", out), form(out, correction=""))
    browser.post(of("publish", out), form(out, correction="The month."))

    assert "What was corrected" in page
    assert silent.status_code == 422
    assert versions(out) == [(2, "The month."), (1, "")]


def test_replaced_by_a_newer_one_it_is_still_read_and_nobody_writes_in_it(
    client, sign_in, person, out
):
    browser = sign_in("team")

    browser.post(of("supersede", out), form(out))
    replaced, page = state_of(out), client.get("/reviews/").text
    browser.post(of("restore", out), form(out))

    assert (replaced, state_of(out)) == ("superseded", "published")
    assert "newer" in page
    assert read_by(client, out) == 200
    assert done()[-2:] == [
        "The team changed the annual review “What we learned, 2025/26”: a newer one is out",
        "The team changed the annual review “What we learned, 2025/26”: it is the newest again",
    ]


def test_a_draft_is_discarded_with_all_that_is_in_it(sign_in, person, draft):
    chapter = draft.chapters.get()
    chapter.remarks.create(text="Shorter?", by=person("team"))
    draft.printings.create(key="a", requested_by=person("team"))

    answer = sign_in("team").post(of("discard", draft), form(draft))

    assert answer.url == reverse("review_desk")
    assert (AnnualReview.objects.count(), Chapter.objects.count()) == (0, 0)
    assert done() == ["The team discarded the annual review “What we learned, 2025/26”"]


def test_words_written_meanwhile_are_not_discarded(sign_in, draft, other):
    read = form(draft)
    write(draft, other)

    answer = sign_in("team").post(of("discard", draft), read)

    assert (answer.status_code, state_of(draft)) == (409, "draft")
    assert "The colleague changed it after this page was opened." in answer.text


def test_what_readers_had_is_never_discarded(sign_in, person, out):
    moving.take_back(review=out, reason="No.", seen=moving.seen(out), by=person("team"))

    offered = moving.moves(now(out), person("team"))
    answer = sign_in("team").post(of("discard", out), form(out))

    assert offered.may["discard"] is False
    assert (answer.status_code, versions(out)) == (409, [(1, "")])
    assert "Readers had it once, so its versions are kept." in answer.text


# Each deed in each state

ALLOWED = {
    "submit": {"draft"},
    "publish": {"in_review"},
    "correct": {"published"},
    "open": {"published", "superseded"},
    "take_back": {"in_review", "published", "superseded"},
    "supersede": {"published"},
    "restore": {"superseded"},
    "discard": {"announced", "draft"},
}


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("state", ReviewState.values)
def test_a_deed_is_offered_asked_and_done_exactly_where_it_is_allowed(
    sign_in, person, other, state, name
):
    review = told(other, state=state)
    if review.is_out:
        factories.version(review, other)
        review = write(review, other)
    browser = sign_in("team")

    offered = moving.moves(review, person("team")).may[name]
    asked = browser.get(of(name, review)).status_code
    answer = browser.post(of(name, review), form(review, visibility="nwg"))

    allowed = state in ALLOWED[name]
    assert (offered, asked) == (allowed, 200 if allowed else 302)
    assert answer.status_code == (302 if allowed else 409)
    assert allowed or (state_of(review), now(review).moved_at) == (state, None)


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("state", ["draft", "published", "superseded"])
def test_of_an_upload_a_deed_is_offered_exactly_where_it_is_allowed(
    sign_in, person, other, state, name
):
    review = factories.annual_review(other, state=state, is_uploaded=True)
    factories.version(review, other, content=b"%PDF-1.7", data={})
    browser = sign_in("team")

    offered = moving.moves(review, person("team")).may[name]
    asked = browser.get(of(name, review)).status_code
    answer = browser.post(of(name, review), form(review, visibility="nwg"))

    states_of = {**ALLOWED, "submit": set(), "publish": {"draft"}, "correct": set()}
    allowed = state in states_of[name]
    assert (offered, asked) == (allowed, 200 if allowed else 302)
    assert answer.status_code == (302 if allowed else 409)
    assert allowed or state_of(review) == state


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_else_moves_a_review(sign_in, draft, out, who):
    hidden = factories.annual_review(out.written_by, title="Not yet")
    browser = sign_in(who)

    codes = [
        [getattr(browser, method)(of(name, one), form(one)).status_code for one in (out, hidden)]
        for name in DEEDS
        for method in ("get", "post")
    ]

    assert codes == [[403, 404]] * (2 * len(DEEDS))
    assert (state_of(out), state_of(hidden), len(done())) == ("published", "draft", 2)


def test_a_review_that_is_not_there_is_not_there(sign_in, db):
    browser = sign_in("team")

    codes = {browser.get(f"/reviews/desk/987654/{name}/").status_code for name in PATHS}

    assert codes == {404}


# Two at once


@pytest.mark.parametrize("name", [one for one in DEEDS if one not in {"restore", "submit"}])
def test_a_page_that_was_open_while_it_moved_on_does_nothing(person, draft, other, name):
    """Taking back a draft-to-be-read must not take back what was published meanwhile."""
    stale = form(draft)
    moving.submit(review=draft, note="", seen=moving.seen(draft), by=person("team"))
    publish(now(draft), other)
    write(draft, person("team"))

    answer = browser_of(other).post(of(name, draft), stale | {"visibility": "nwg"})

    assert answer.status_code == 409
    assert "You moved it on after this page was opened: it is published now." in answer.text
    assert (state_of(draft), now(draft).visibility, versions(draft)) == (
        *("published", "public"),
        [(1, "")],
    )


def test_a_second_click_says_that_it_is_done(person, waiting, other):
    browser, sent = browser_of(other), form(waiting)

    first = browser.post(of("publish", waiting), sent)
    second = browser.post(of("publish", waiting), sent)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "You moved it on after this page was opened: it is published now." in second.text
    assert versions(waiting) == [(1, "")]


def test_two_tabs_that_say_who_may_read_it_do_not_overwrite_each_other(sign_in, out, other):
    mine, theirs = form(out, visibility="nwg"), form(out, visibility="nwg")
    sign_in("team").post(of("open", out), mine)

    answer = browser_of(other).post(of("open", out), theirs | {"visibility": "public"})

    assert (answer.status_code, now(out).visibility) == (409, "nwg")


def test_what_was_discarded_meanwhile_is_said_to_be_gone(sign_in, person, draft, other):
    sent = {"seen": moving.seen(draft), "by": other, "review": draft}
    moving.discard(version=1, review=draft, seen=moving.seen(draft), by=person("team"))

    with pytest.raises(GoneError, match=r"^It was discarded meanwhile\.$"):
        moving.submit(note="", **sent)

    assert browser_of(other).post(of("submit", draft), {"seen": "draft"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does_it(person, waiting, other, at_once):
    third = factories.user("third", programme_role=ProgrammeRole.TEAM)

    answers = at_once(partial(publish, waiting, other), partial(publish, waiting, third))

    assert sorted(type(one).__name__ for one in answers) == ["AnnualReview", "MovedMeanwhileError"]
    assert versions(waiting) == [(1, "")]


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_is_clicked_twice_makes_one_version(person, out, other, at_once):
    changed = write(out, person("team"))

    answers = at_once(partial(correct, changed, other), partial(correct, changed, other))

    assert sorted(type(one).__name__ for one in answers) == ["MovedMeanwhileError", "Printing"]
    assert [number for number, _ in versions(out)] == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_it_is_taken_back_or_published_and_never_both(person, waiting, other, at_once):
    back = partial(
        moving.take_back, review=waiting, reason="No.", seen=moving.seen(waiting), by=other
    )

    answers = at_once(partial(publish, waiting, other), back)

    refused = [one for one in answers if isinstance(one, MovedMeanwhileError)]
    assert len(refused) == 1
    assert (state_of(waiting), len(versions(waiting))) in {("published", 1), ("draft", 0)}


def test_refusals_are_told_apart(person, waiting, other):
    with pytest.raises(ReadBeforeError, match=r"^The team changed it after this page was opened"):
        publish(waiting, other, version=7)
    with pytest.raises(MovedMeanwhileError, match=r"^The team moved it on"):
        publish(waiting, other, seen="draft")
    with pytest.raises(ReviewStateError, match=r"^It is with a second pair of eyes: nobody can"):
        moving.supersede(review=waiting, seen=moving.seen(waiting), by=other)

    assert (state_of(waiting), versions(waiting)) == ("in_review", [])


# Advice


def test_what_is_worth_a_look_is_said_and_stops_nobody(person, waiting, other):
    by = person("team")
    chapter = Chapter.objects.get()
    chapter.remarks.create(text="Shorter?", by=by)
    chapter.remarks.create(text="Done.", by=by, settled_at=timezone.now(), settled_by=by)
    chapter.quotations.create(text="Yes.", saved_by=by)
    chapter.quotations.create(text="No.", saved_by=by)
    chapter.quotations.create(text="Well.", consent=True, consent_note="Mail", saved_by=by)
    chapter.resources.add(factories.resource("For members", visibility="members"))
    chapter.resources.add(factories.resource("For all"))
    empty = factories.chapter(waiting, by, title="Ahead", kind=ChapterKind.AHEAD)
    figures = factories.chapter(waiting, by, title="Figures", kind=ChapterKind.FIGURES)

    found = [(one.chapter, one.words) for one in advice.of(waiting)]
    page = browser_of(other).get(of("publish", waiting)).text

    assert found == [
        (figures, "No figures of the portal were taken, so none are shown."),
        (chapter, "One remark is open."),
        (chapter, "2 quotations have no consent on record: they are not printed."),
        (chapter, "Not everybody may read “For members”, so it is left out."),
        (empty, "It has no words yet: readers find a heading alone."),
        (figures, "It has no words yet: readers find a heading alone."),
    ]
    assert "Worth a look before readers have it" in page
    assert publish(waiting, other).state == "published"


@pytest.mark.parametrize(("days", "said"), [(29, 0), (31, 1)])
def test_figures_grow_old(person, draft, days, said):
    draft.figures_at = timezone.now() - dt.timedelta(days=days)
    draft.figures = {"numbers": []}
    draft.save()

    words = [one.words for one in advice.of(draft)]

    assert words == ["Its figures were taken 31 days ago. Take them again if they moved."] * said


def test_a_chapter_of_figures_needs_no_words(person, draft):
    factories.chapter(draft, person("team"), kind=ChapterKind.FIGURES)
    draft.figures_at = timezone.now()
    draft.save()

    assert advice.of(draft) == []


@pytest.mark.parametrize("many", [1, 3])
def test_advice_asks_as_often_for_one_chapter_as_for_many(
    person, draft, many, django_assert_num_queries
):
    for number in range(many):
        factories.chapter(draft, person("team"), title=f"Chapter {number}", body="Words.")

    with django_assert_num_queries(2):
        advice.of(draft)


# What people type


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words_on_these_pages(sign_in, person, other, text):
    moved = {"note": text, "moved_by": other, "moved_at": timezone.now()}
    review = told(other, title=text[:160], state="published", **moved)
    factories.version(review, other, correction=text[:300])
    write(review, other, text)
    browser = sign_in("team")

    pages = [
        *(browser.get(of(name, review)).text for name in ("correct", "open", "take_back")),
        browser.get(of("supersede", review)).text,
        browser.post(of("correct", review), form(review, correction=text * 9, seen="")).text,
    ]

    assert [page for page in pages if "<b onmouseover" in page] == []
    assert [page for page in pages if factories.PASSWORD in page] == []
