"""The desk of the library: what waits, and a resource on its way to its readers."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.access import ProgrammeRole
from portal.models import Activity, User
from resources.desk import moving, shelves, states
from resources.desk.moving import NothingToReadError, ReadBeforeError
from resources.desk.states import ResourceStateError, SecondPairError
from resources.models import LinkCheck, Resource, ResourceState, Synonyms, Visibility
from tests import factories

TODAY = dt.date(2026, 11, 10)
NOT_THE_TEAM = ["lead", "inclusion_lead", "board_viewer", "facilitator", "funder"]


@pytest.fixture
def now(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC))
    return time_machine


@pytest.fixture
def other(db) -> User:
    """Somebody else of the team."""
    return factories.user("colleague", programme_role=ProgrammeRole.TEAM)


@pytest.fixture
def draft(person) -> Resource:
    return written(person("team"))


def written(by: User, title: str = "Reflection diary", **fields: object) -> Resource:
    fields = {"state": ResourceState.DRAFT, "published_on": None, "written_by": by, **fields}
    return factories.resource(title, **fields)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def of(name: str, resource: Resource) -> str:
    return reverse(f"resource_{name}", args=[resource.pk])


def state_of(resource: Resource) -> str:
    return Resource.objects.get(pk=resource.pk).state


def done() -> list[str]:
    return [str(one) for one in Activity.objects.order_by("pk")]


# What waits


def test_each_pile_holds_what_it_says(now, person, other):
    team = person("team")
    for title, fields in {
        "Mine": {"state": ResourceState.DRAFT, "written_by": team, "published_on": None},
        "Theirs": {"state": ResourceState.DRAFT, "written_by": other, "published_on": None},
        "Handed over": {"state": ResourceState.REVIEW, "published_on": None},
        "Tomorrow": {"published_on": TODAY + dt.timedelta(days=1)},
        "Due": {"review_on": TODAY},
        "Not due": {"review_on": TODAY + dt.timedelta(days=1)},
        "Ends soon": {"expires_on": TODAY + dt.timedelta(days=30)},
        "Ends later": {"expires_on": TODAY + dt.timedelta(days=31)},
        "Ended": {"expires_on": TODAY - dt.timedelta(days=1)},
        "Broken": {},
        "Failed once": {},
        "Old": {"state": ResourceState.ARCHIVED, "review_on": TODAY},
    }.items():
        factories.resource(title, **{"published_on": TODAY, **fields})
    for title, failures in {"Broken": 2, "Failed once": 1}.items():
        LinkCheck.objects.create(
            resource=Resource.objects.get(title=title), url="https://example.org", failures=failures
        )

    found = {
        key: sorted(
            Resource.objects.filter(shelves.on(key, team, TODAY)).values_list("title", flat=True)
        )
        for key in shelves.NAMES
    }

    assert found == {
        "waits": ["Broken", "Due", "Ended", "Ends soon", "Handed over", "Mine"],
        "mine": ["Mine"],
        "review": ["Handed over"],
        "drafts": ["Mine", "Theirs"],
        "scheduled": ["Tomorrow"],
        "due": ["Due"],
        "ending": ["Ended", "Ends soon"],
        "broken": ["Broken"],
        "published": [
            *("Broken", "Due", "Ended", "Ends later", "Ends soon", "Failed once", "Not due"),
        ],
        "archived": ["Old"],
    }
    assert {one.key: one.count for one in shelves.counted(team, TODAY)} == {
        key: len(titles) for key, titles in found.items()
    }


def test_a_row_says_where_it_stands_and_why_it_is_here(now, person):
    due = factories.resource(
        "Due", published_on=TODAY, review_on=TODAY, expires_on=TODAY + dt.timedelta(days=3)
    )
    LinkCheck.objects.create(resource=due, url=due.link, failures=2, status=404)
    later = factories.resource("Later", published_on=dt.date(2027, 3, 3))
    over = factories.resource("Over", published_on=TODAY, expires_on=dt.date(2026, 11, 9))

    rows = {one.title: shelves.row(one, TODAY) for one in Resource.objects.all()}

    assert rows["Due"].reasons == (
        "Look at it again: due 10 November 2026",
        "Ends after 13 November 2026",
        "Its link answers 404",
    )
    assert [rows[one.title].state for one in (due, later, over)] == [
        *("Published", "From 3 March 2027", "Ended"),
    ]


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({"state": "draft", "published_on": None}, ["here", "later", "later"]),
        ({"state": "review", "published_on": None}, ["done", "here", "later"]),
        ({"published_on": TODAY}, ["done", "done", "here"]),
        ({"published_on": dt.date(2027, 3, 3)}, ["done", "done", "here: From 3 March 2027"]),
        ({"state": "archived"}, []),
    ],
)
def test_its_way_is_a_track(db, fields, way):
    stops = states.stops(factories.resource(**fields), TODAY)

    assert [": ".join(filter(None, (one.state, one.note))) for one in stops] == way


@pytest.mark.parametrize("typed", ["DIARY", "diaries", "iar", "prompts", "IDEA prompts"])
def test_the_desk_finds_words_on_all_piles_as_the_library_does(sign_in, person, draft, typed):
    Synonyms.objects.create(words="EDI, IDEA")
    Resource.objects.update(body="Prompts on EDI", state=ResourceState.ARCHIVED)
    written(person("team"), "Board paper")

    page = sign_in("team").get(reverse("resource_desk"), {"show": "mine", "q": typed}).text

    assert (of("preview", draft) in page, "Board paper" in page) == (True, False)
    assert f"1 on all piles with “{typed}”" in page
    assert '<span class="tag plain">Archived</span>' in page


def test_the_desk_says_what_was_meant_or_that_nothing_is_there(sign_in, draft):
    browser = sign_in("team")

    typo = browser.get(reverse("resource_desk"), {"q": "refletcion"}).text
    nothing = browser.get(reverse("resource_desk"), {"q": "ukulele\x00"}).text

    assert 'Did you mean <a href="?show=waits&amp;q=reflection">reflection</a>?' in typo
    assert "Nothing has these words" in nothing


@pytest.mark.parametrize("key", list(shelves.NAMES))
def test_an_empty_pile_says_what_would_lie_there(sign_in, key):
    page = sign_in("team").get(reverse("resource_desk"), {"show": key}).text

    assert shelves.EMPTY[key] in page


def test_a_pile_nobody_knows_is_not_there(sign_in):
    assert sign_in("team").get(reverse("resource_desk"), {"show": "secret"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_the_same_however_long_it_is(sign_in, person, rows):
    for number in range(rows):
        one = written(person("team"), f"Guide {number}", state=ResourceState.REVIEW)
        LinkCheck.objects.create(resource=one, url=one.link)
        factories.resource_file(one, person("team"))
    browser = sign_in("team")

    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("resource_desk"))

    assert len(asked) == 7


@pytest.mark.parametrize("who", NOT_THE_TEAM)
def test_nobody_else_has_a_desk(sign_in, draft, who):
    browser = sign_in(who)

    answers = [
        browser.get(reverse("resource_desk")).status_code,
        browser.get(reverse("resource_add")).status_code,
        browser.post(reverse("resource_add"), {"title": "Mine"}).status_code,
        *(browser.get(of(name, draft)).status_code for name in ("preview", "edit", "publish")),
        browser.post(of("submit", draft), {"note": ""}).status_code,
        browser.post(of("archive", draft), {"reason": "No"}).status_code,
    ]

    assert answers == [403, 403, 403, 404, 404, 404, 404, 404]
    assert (Resource.objects.count(), state_of(draft)) == (1, ResourceState.DRAFT)


# On its way


def test_a_draft_is_handed_over_read_and_published_by_somebody_else(now, sign_in, draft, other):
    writer, reader = sign_in("team"), browser_of(other)

    writer.post(of("submit", draft), {"note": "Is the second part clear?"})
    waiting = reader.get(reverse("resource_desk"), {"show": "review"}).text
    reader.post(of("publish", draft), {"on": "2026-11-10", "version": "1"})

    published = Resource.objects.get(pk=draft.pk)
    assert "Is the second part clear?" in waiting
    assert (published.state, published.published_on) == (ResourceState.PUBLISHED, TODAY)
    assert (published.approved_by, published.note) == (other, "")
    assert done() == [
        "The team proposed the resource “Reflection diary”",
        "The colleague published the resource “Reflection diary”",
    ]


def test_whoever_wrote_last_does_not_publish(sign_in, person, draft, other):
    moving.submit(resource=draft, note="", by=person("team"))
    browser = sign_in("team")

    page = browser.get(of("preview", draft)).text
    asked = browser.get(of("publish", draft))
    refused = browser.post(of("publish", draft), {"on": "2026-11-10", "version": "1"})

    assert of("publish", draft) not in page
    assert "somebody else of the team reads and publishes it" in page
    assert (asked.status_code, refused.status_code) == (302, 409)
    assert state_of(draft) == ResourceState.REVIEW


def test_who_is_alone_in_the_team_may_publish_and_is_told_so(sign_in, person, draft):
    moving.submit(resource=draft, note="", by=person("team"))
    browser = sign_in("team")

    page = browser.get(of("publish", draft)).text
    browser.post(of("publish", draft), {"on": "2026-11-10", "version": "1"})
    history = browser.get(of("history", draft)).text

    assert "Nobody else of the team can read it first." in page
    assert state_of(draft) == ResourceState.PUBLISHED
    assert "published it from 10 November 2026, with nobody else to read it" in history


def test_somebody_who_left_the_team_is_no_second_pair_of_eyes(person, draft, other):
    other.is_active = False
    other.save()

    assert states.is_alone(person("team")) is True


def test_what_was_changed_after_reading_is_read_again(sign_in, person, draft, other):
    moving.submit(resource=draft, note="", by=person("team"))
    Resource.objects.filter(pk=draft.pk).update(version=2)

    answer = browser_of(other).post(
        of("publish", draft), {"on": "2026-11-10", "version": "1"}, follow=True
    )

    assert "changed it after you opened it" in answer.text
    assert state_of(draft) == ResourceState.REVIEW


@pytest.mark.parametrize("version", ["", "x", "9" * 30])
def test_a_version_nobody_read_publishes_nothing(person, draft, other, version):
    moving.submit(resource=draft, note="", by=person("team"))

    browser_of(other).post(of("publish", draft), {"on": "2026-11-10", "version": version})

    assert state_of(draft) == ResourceState.REVIEW


def test_nothing_to_read_goes_to_nobody(sign_in, person):
    empty = written(person("team"), link="")

    page = sign_in("team").get(of("preview", empty)).text
    answer = sign_in("team").post(of("submit", empty), {"note": ""})

    assert ("There is nothing to read yet." in page, of("submit", empty) in page) == (True, False)
    assert (answer.status_code, state_of(empty)) == (409, ResourceState.DRAFT)


def test_a_file_alone_is_something_to_read(person):
    only_a_file = written(person("team"), link="")
    factories.resource_file(only_a_file, person("team"))

    moving.submit(resource=only_a_file, note="", by=person("team"))

    assert state_of(only_a_file) == ResourceState.REVIEW


def test_what_lost_its_link_meanwhile_is_not_published(person, draft, other):
    moving.submit(resource=draft, note="", by=person("team"))
    Resource.objects.filter(pk=draft.pk).update(link="")

    with pytest.raises(NothingToReadError):
        moving.publish(resource=draft, on=TODAY, version=1, by=other)

    assert state_of(draft) == ResourceState.REVIEW


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-31"])
def test_a_day_that_is_none_is_asked_for_again(person, draft, other, day):
    moving.submit(resource=draft, note="", by=person("team"))

    answer = browser_of(other).post(of("publish", draft), {"on": day, "version": "1"})

    assert (answer.status_code, state_of(draft)) == (422, ResourceState.REVIEW)


def test_nothing_is_published_after_its_own_end(person, other):
    ending = written(person("team"), state=ResourceState.REVIEW, expires_on=TODAY)

    answer = browser_of(other).post(of("publish", ending), {"on": "2026-11-11", "version": "1"})

    assert (answer.status_code, state_of(ending)) == (409, ResourceState.REVIEW)
    assert "It ends before that day." in answer.text


@pytest.mark.parametrize(
    ("moment", "is_out"),
    [
        ("2027-03-02 23:59:59", False),
        ("2027-03-03 00:00:00", True),
    ],
)
def test_scheduled_it_comes_out_at_midnight_in_london(person, other, time_machine, moment, is_out):
    time_machine.move_to(dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC), tick=False)
    waiting = written(person("team"), state=ResourceState.REVIEW)
    moving.publish(resource=waiting, on=dt.date(2027, 3, 3), version=1, by=other)

    at = dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/London"))
    time_machine.move_to(at, tick=False)

    assert Resource.objects.visible_to(AnonymousUser()).exists() is is_out
    assert Client().get(waiting.get_absolute_url()).status_code == (200 if is_out else 404)


@pytest.mark.parametrize(
    ("moment", "is_out"),
    [
        ("2026-06-30 23:59:59", True),  # in summer time: 22:59 UTC
        ("2026-07-01 00:00:00", False),
    ],
)
def test_it_ends_at_midnight_in_london(db, time_machine, moment, is_out):
    factories.resource(published_on=dt.date(2026, 1, 1), expires_on=dt.date(2026, 6, 30))

    at = dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/London"))
    time_machine.move_to(at, tick=False)

    assert Resource.objects.visible_to(AnonymousUser()).exists() is is_out


def test_what_is_out_gets_another_day_without_a_second_pair_of_eyes(now, sign_in, person):
    out = factories.resource(published_on=TODAY, written_by=person("team"))
    browser = sign_in("team")

    page = browser.get(of("publish", out)).text
    browser.post(of("publish", out), {"on": "2021-05-04"})

    assert 'value="2026-11-10"' in page
    assert Resource.objects.get().published_on == dt.date(2021, 5, 4)


def test_back_to_draft_says_why_and_readers_do_not_find_it(sign_in, person):
    out = factories.resource()
    browser = sign_in("team")

    silent = browser.post(of("take_back", out), {"reason": " "})
    before = state_of(out)
    browser.post(of("take_back", out), {"reason": "Its figures are of 2019."})

    assert (silent.status_code, before) == (422, ResourceState.PUBLISHED)
    assert (state_of(out), Resource.objects.get().note) == (*("draft", "Its figures are of 2019."),)
    assert Client().get(out.get_absolute_url()).status_code == 404
    assert "Its figures are of 2019." in browser.get(of("preview", out)).text


def test_archived_and_brought_back_it_is_a_draft(sign_in, person):
    out = factories.resource(visibility=Visibility.PUBLIC)
    browser = sign_in("team")

    browser.post(of("archive", out), {"reason": "Out of date."})
    archived = state_of(out)
    hidden = Client().get(out.get_absolute_url()).status_code
    asked = browser.get(of("bring_back", out)).text
    browser.post(of("bring_back", out))

    assert (archived, hidden, state_of(out)) == ("archived", 404, "draft")
    assert "It becomes a draft." in asked
    assert done() == [
        "The team archived the resource “A guide to reflection”",
        "The team reopened the resource “A guide to reflection”",
    ]


ALLOWED = {
    "submit": {"draft"},
    "publish": {"review", "published"},
    "take_back": {"review", "published"},
    "archive": {"draft", "review", "published"},
    "bring_back": {"archived"},
}


@pytest.mark.parametrize("name", list(ALLOWED))
@pytest.mark.parametrize("state", ResourceState.values)
def test_a_button_is_there_exactly_where_the_deed_is_allowed(sign_in, person, other, state, name):
    day = timezone.localdate() if state == "published" else None
    resource = factories.resource(state=state, published_on=day, written_by=other)
    browser = sign_in("team")

    shown = f'href="{of(name, resource)}"' in browser.get(of("preview", resource)).text
    asked = browser.get(of(name, resource)).status_code
    sent = {"reason": "Because.", "note": "", "on": "2026-11-10", "version": "1"}
    answer = browser.post(of(name, resource), sent)

    allowed = state in ALLOWED[name]
    assert (shown, asked) == (allowed, 200 if allowed else 302)
    assert answer.status_code == (302 if allowed else 409)
    assert allowed or state_of(resource) == state


def test_two_who_move_it_at_once_are_told(person, draft, other):
    moving.submit(resource=draft, note="", by=person("team"))
    moving.take_back(resource=draft, reason="Not yet.", by=other)

    with pytest.raises(ResourceStateError, match=r"^It is a draft: nobody can publish it now\.$"):
        moving.publish(resource=draft, on=TODAY, version=1, by=other)


def test_refusals_are_told_apart(person, draft, other):
    moving.submit(resource=draft, note="", by=person("team"))

    with pytest.raises(SecondPairError):
        moving.publish(resource=draft, on=TODAY, version=1, by=person("team"))
    with pytest.raises(ReadBeforeError):
        moving.publish(resource=draft, on=TODAY, version=7, by=other)

    assert state_of(draft) == ResourceState.REVIEW


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words_on_the_desk(sign_in, person, text):
    one = written(
        person("team"),
        text[:200],
        slug="hostile",
        summary=text,
        body=text,
        credit=text[:200],
        licence=text[:120],
        state=ResourceState.REVIEW,
        note=text,
        moved_by=person("team"),
        moved_at=timezone.now(),
    )
    browser = sign_in("team")

    pages = [
        browser.get(reverse("resource_desk")).text,
        *(
            browser.get(of(name, one)).text
            for name in ("preview", "edit", "history", "archive", "take_back", "files")
        ),
    ]

    assert [page for page in pages if "<b onmouseover" in page] == []
    assert [page for page in pages if factories.PASSWORD in page] == []
