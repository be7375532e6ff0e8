"""Reading a resource, taking its files, keeping it, and saying whether it helped."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.html import escape

from portal.models import Topic
from resources import reading
from resources.models import Kept, Resource, ResourceFile, Usefulness
from tests import factories

EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture
def guide(db) -> Resource:
    made = factories.resource("A guide", audience=["tutors"], heard=["holistic"], credit="Us")
    made.topics.add(Topic.objects.get(slug="youth-voice"))
    return made


# The page


def test_a_resource_is_there_for_whom_it_is_open_to_and_for_nobody_else(sign_in, guide):
    def codes():
        return {
            who: sign_in(who).get(guide.get_absolute_url()).status_code
            for who in ("visitor", "lead", "funder", "team")
        }

    public = codes()
    Resource.objects.update(visibility="nwg")
    closed = codes()
    Resource.objects.update(visibility="public", state="draft")
    draft = codes()

    assert public == {"visitor": 200, "lead": 200, "funder": 200, "team": 200}
    assert closed == {"visitor": 404, "lead": 404, "funder": 200, "team": 200}
    assert draft == {"visitor": 404, "lead": 404, "funder": 404, "team": 200}


def test_what_is_closed_answers_like_what_is_not_there(client, guide):
    Resource.objects.update(visibility="members")

    closed, missing = client.get(guide.get_absolute_url()), client.get("/library/nothing/")

    assert closed.text.replace("a-guide", "nothing") == missing.text
    assert closed.status_code == missing.status_code == 404


def test_the_page_of_a_visitor_sets_no_cookie_and_offers_no_form(client, guide):
    answer = client.get(guide.get_absolute_url())

    assert answer.cookies == {}
    assert "csrfmiddlewaretoken" not in answer.text
    assert f"/account/login/?next={guide.get_absolute_url()}" in answer.text
    assert '<a class="btn btn-primary" href="https://example.org/guide">' in answer.text
    assert "Open it at example.org" in answer.text


def test_nothing_on_the_page_is_loaded_from_elsewhere(client, guide):
    Resource.objects.update(
        video="https://www.youtube.com/watch?v=x",
        body="![A picture](https://evil.example.org/a.png) <script>1</script> [x](javascript:1)",
    )

    page = client.get(guide.get_absolute_url()).text

    assert "Watch the film at youtube.com" in page
    assert 'src="https' not in page
    assert "<script" not in page
    assert 'href="javascript' not in page


def test_hostile_text_is_shown_as_text(sign_in, guide, person):
    fields = ("title", "summary", "credit", "licence", "body")
    Resource.objects.update(**dict.fromkeys(fields, EVIL))
    factories.resource_file(guide, person("team"), file_name=f"{EVIL}.txt")
    Kept.objects.create(resource=guide, user=person("lead"), why=EVIL)
    Usefulness.objects.create(resource=guide, user=person("lead"), useful=True, changed=EVIL)

    for path in (guide.get_absolute_url(), "/library/", "/library/my-list/"):
        for who in ("team", "lead"):
            page = sign_in(who).get(path).text
            assert "<img" not in page
    assert escape(EVIL) in sign_in("team").get(guide.get_absolute_url()).text


def test_statements_are_shown_to_those_who_may_read_the_questionnaire(
    sign_in, guide, questionnaire
):
    statement = questionnaire.statements.get(code="A1.1")
    guide.statements.add(statement, factories.draft(name="Next").statements.get(code="A1.1"))

    shown = {
        who: sign_in(who).get(guide.get_absolute_url()).context["reading"].statements
        for who in ("visitor", "lead")
    }

    assert shown == {"visitor": [], "lead": [statement]}


def test_plans_are_counted_from_five_services_up_so_that_nobody_is_found(
    guide, agreed, person, questionnaire
):
    guide.statements.add(questionnaire.statements.get(code="A1.1"))
    told = []
    for number in range(5):
        service = factories.service(f"Service {number}")
        audit = factories.audit(service, questionnaire, by=person("lead"))
        plan = factories.plan(service, person("lead"), "under_way", audit=audit)
        factories.target(plan, person("lead"), statements="A1.1 A1.2")
        told.append(reading.used(guide).is_told)

    assert told == [False, False, False, False, True]
    assert reading.used(guide) == reading.Used(targets=5, services=5)


def test_on_the_same_topic_are_others_that_this_reader_may_read(client, guide):
    for title, fields in (("Another", {}), ("Closed", {"visibility": "nwg"})):
        factories.resource(title, **fields).topics.add(guide.topics.get())

    related = client.get(guide.get_absolute_url()).context["reading"].related

    assert [line.resource.title for line in related] == ["Another"]


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_page_is_as_many_queries_whatever_hangs_on_it(
    client, guide, person, how_many, django_assert_num_queries
):
    for number in range(how_many):
        factories.resource_file(guide, person("team"), file_name=f"{number}.txt")
        factories.resource(f"Other {number}").topics.add(guide.topics.get())

    with django_assert_num_queries(7):
        client.get(guide.get_absolute_url())


# Files


def test_a_file_is_taken_as_it_is_and_counted_without_whose(client, guide, person):
    file = factories.resource_file(guide, person("team"), b"Ask first.", file_name="Ask “ŵ”.txt")

    answer = client.get(file.get_absolute_url())

    assert answer.content == b"Ask first."
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/plain"
    assert answer.cookies == {}
    assert ResourceFile.objects.get().taken == Resource.objects.get().taken == 1


def test_a_file_that_is_here_already_is_not_sent_nor_counted_again(client, guide, person):
    file = factories.resource_file(guide, person("team"))
    etag = client.get(file.get_absolute_url())["ETag"]

    again = client.get(file.get_absolute_url(), headers={"If-None-Match": etag})
    head = client.head(file.get_absolute_url())

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert head.status_code == 200
    assert ResourceFile.objects.get().taken == 1


@pytest.mark.parametrize("scan", ["waiting", "refused"])
def test_a_file_is_there_once_no_scanner_has_to_look_at_it(client, guide, person, scan):
    file = factories.resource_file(guide, person("team"), scan=scan)

    answer = client.get(file.get_absolute_url())

    assert answer.status_code == 404
    assert ResourceFile.objects.get().taken == 0


def test_a_file_goes_with_its_resource(client, sign_in, guide, person):
    file = factories.resource_file(guide, person("team"))
    other = factories.resource("Another")
    address = f"{other.get_absolute_url()}files/{file.pk}/"
    Resource.objects.filter(pk=guide.pk).update(visibility="members")

    codes = [
        client.get(file.get_absolute_url()).status_code,
        client.get(address).status_code,
        sign_in("lead").get(file.get_absolute_url()).status_code,
    ]

    assert codes == [404, 404, 200]


def test_taking_a_file_leaves_no_line_in_the_history_of_its_resource(client, guide, person):
    file = factories.resource_file(guide, person("team"))
    before = guide.events.count()

    client.get(file.get_absolute_url())

    assert guide.events.count() == before


# One's list


def test_a_resource_is_kept_changed_and_taken_off(sign_in, guide, person):
    browser, address = sign_in("lead"), guide.get_absolute_url()

    browser.post(f"{address}keep/", {"why": ""})
    browser.post(f"{address}keep/", {"why": "For the training day"})
    kept = Kept.objects.get()
    browser.post(f"{address}unkeep/", {"from": "list"})

    assert (kept.user, kept.why, kept.service) == (person("lead"), "For the training day", None)
    assert not Kept.objects.exists()


def test_what_is_shared_with_a_service_is_seen_there_and_nowhere_else(sign_in, guide, avon, person):
    other = factories.resource("Kept alone")
    browser = sign_in("lead")
    browser.post(f"{guide.get_absolute_url()}keep/", {"service": avon.pk, "why": "Read this"})
    browser.post(f"{other.get_absolute_url()}keep/", {})

    shown = {
        who: [
            [one.resource for one in sign_in(who).get("/library/my-list/").context[part]]
            for part in ("mine", "others")
        ]
        for who in ("lead", "board_viewer", "outsider", "team")
    }

    assert shown == {
        "lead": [[other, guide], []],
        "board_viewer": [[], [guide]],
        "outsider": [[], []],
        "team": [[], []],
    }


def test_nobody_shares_with_a_service_of_others(sign_in, guide, bute):
    answer = sign_in("lead").post(f"{guide.get_absolute_url()}keep/", {"service": bute.pk})

    assert answer.status_code == 422
    assert not Kept.objects.exists()


def test_nobody_takes_a_resource_off_somebody_elses_list(sign_in, guide, avon, person):
    Kept.objects.create(resource=guide, user=person("lead"), service=avon)

    sign_in("inclusion_lead").post(f"{guide.get_absolute_url()}unkeep/")

    assert Kept.objects.count() == 1


def test_a_list_leaves_out_what_may_no_longer_be_read(sign_in, guide, person):
    Kept.objects.create(resource=guide, user=person("lead"))
    Resource.objects.update(state="archived")

    assert sign_in("lead").get("/library/my-list/").context["mine"] == []


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_list_is_as_many_queries_however_long(
    sign_in, avon, person, how_many, django_assert_num_queries
):
    for number in range(how_many):
        made = factories.resource(f"Guide {number}")
        Kept.objects.create(resource=made, user=person("lead"))
        Kept.objects.create(resource=made, user=person("group_member"), service=avon)
    browser = sign_in("lead")

    with django_assert_num_queries(5):
        browser.get("/library/my-list/")


# Did it help?


def test_what_somebody_says_is_kept_once_and_may_change(sign_in, guide, person):
    browser, address = sign_in("lead"), f"{guide.get_absolute_url()}said/"

    browser.post(address, {"useful": "yes", "changed": "Our induction"})
    browser.post(address, {"useful": "no", "changed": ""})

    said = Usefulness.objects.get()
    assert (said.user, said.useful, said.changed) == (person("lead"), False, "")


def test_saying_neither_yes_nor_no_keeps_what_was_typed(sign_in, guide):
    answer = sign_in("lead").post(f"{guide.get_absolute_url()}said/", {"changed": "Our induction"})

    assert answer.status_code == 422
    assert "Our induction" in answer.text
    assert "Say yes or no." in answer.text
    assert not Usefulness.objects.exists()


def test_how_many_found_it_useful_is_told_from_five_up_and_the_words_to_editors_only(
    client, sign_in, guide
):
    def say(number):
        user = factories.user(f"reader{number}")
        Usefulness.objects.create(
            resource=guide, user=user, useful=number > 0, changed=f"Change {number}"
        )

    for number in range(4):
        say(number)
    few = client.get(guide.get_absolute_url()).text
    say(4)
    enough = client.get(guide.get_absolute_url()).text

    assert "found it useful" not in few
    assert "4 of 5 people who said so found it useful." in enough
    assert "Change 1" not in enough
    assert "Change 1" not in sign_in("lead").get(guide.get_absolute_url()).text
    assert "Change 1" in sign_in("team").get(guide.get_absolute_url()).text


# The feed


def test_the_feed_has_what_is_public_with_whole_addresses(client, guide, settings):
    settings.SITE_URL = "https://portal.example.org"
    factories.resource("Closed", visibility="members")
    Resource.objects.filter(pk=guide.pk).update(
        title="A < guide\x0b", summary=EVIL, body=f"**Bold** {EVIL}"
    )

    answer = client.get("/library/feed/")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.cookies == {}
    assert "Closed" not in answer.text
    assert "<title>A &lt; guide</title>" in answer.text
    assert '<link href="https://portal.example.org/library/a-guide/" rel="alternate"' in answer.text
    assert "&lt;strong&gt;Bold&lt;/strong&gt;" in answer.text
    assert "&lt;img" not in answer.text
    assert f"{timezone.localdate():%Y-%m-%d}T00:00:00" in answer.text


def test_what_is_edited_later_comes_up_again_in_feed_readers(client, guide):
    edited = timezone.now().replace(microsecond=0) + dt.timedelta(hours=1)
    Resource.objects.filter(pk=guide.pk).update(written_at=edited)

    page = client.get("/library/feed/").text

    assert f"<updated>{edited.isoformat()}</updated>" in page
