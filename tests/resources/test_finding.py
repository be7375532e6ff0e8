"""Finding something in the library."""

from __future__ import annotations

import datetime as dt
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from portal.models import Topic
from resources import seed
from resources.finding import marks, queries, shelf
from resources.finding.marks import START, STOP, Part
from resources.models import Resource, Synonyms, Word
from tests import factories


def titles(answer) -> list[str]:
    return [line.resource.title for line in answer.context["found"].lines]


def boxes(answer, group: str) -> dict[str, int]:
    facet = next(one for one in answer.context["found"].facets if one.group == group)
    return {box.label: box.count for box in facet.boxes}


def on(slug: str, title: str, **fields: object) -> Resource:
    made = factories.resource(title, **fields)
    made.topics.add(Topic.objects.get(slug=slug))
    return made


@pytest.fixture
def shelf_of_four(person):
    """Two on youth voice, two on first access: guides and a film."""
    approved = {"approved_at": timezone.now(), "approved_by": person("team")}
    on("youth-voice", "Asking young people", audience=["tutors"])
    on("youth-voice", "Young people decide", kind="video", audience=["leaders"])
    on("first-access", "Whole-class strings", audience=["schools", "tutors"], **approved)
    on("first-access", "Songs for many", first_year=2020, published_on=dt.date(2020, 3, 1))


# What is published, and to whom


def test_the_library_shows_what_is_out_and_open_to_its_reader(sign_in, person, avon):
    day = dt.timedelta(days=1)
    today = timezone.localdate()
    factories.resource("Out")
    factories.resource("To come", published_on=today + day)
    factories.resource("Over", expires_on=today - day)
    factories.resource("A draft", state="draft")
    factories.resource("For members", visibility="members")
    factories.resource("For the NWG", visibility="nwg")
    factories.seat(avon, person("inclusion_lead"), by=person("team"))

    shown = {
        who: sorted(titles(sign_in(who).get("/library/")))
        for who in ("visitor", "lead", "inclusion_lead", "funder", "team")
    }

    everything = ["For members", "For the NWG", "Out"]
    assert shown == {
        "visitor": ["Out"],
        "lead": ["For members", "Out"],
        "inclusion_lead": everything,
        "funder": everything,
        "team": everything,
    }


# Words


def test_a_word_is_found_in_any_form_and_titles_come_first(client, db):
    factories.resource(
        "Notes on teaching", summary="-", body="Tutors **reflect** together each term."
    )
    factories.resource("Reflective practice", summary="What tutors do.")
    factories.resource("Something else", summary="Nothing of the kind.")

    answer = client.get("/library/", {"q": "reflection"})

    assert titles(answer) == ["Reflective practice", "Notes on teaching"]
    first, second = answer.context["found"].lines
    assert first.title == [Part("Reflective", is_hit=True), Part(" practice")]
    assert Part("reflect", is_hit=True) in second.inside
    assert "<mark>Reflective</mark> practice" in answer.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("EDI", ["An ED&I circle", "An EDI group", "The IDEA framework"]),
        ("ed&i group", ["An EDI group"]),
        ("first access", ["Starting WCET", "Whole class brass"]),
        ("wcet", ["Starting WCET", "Whole class brass"]),
        ('"whole class"', ["Starting WCET", "Whole class brass"]),
        ("SEN/D", ["Pupils with SEND"]),
        ("group -ed&i", ["An EDI group"]),
        ("brass or", ["Whole class brass"]),
        ('"class whole"', []),
        ("the", []),
        ("&|!<->:*()'\\", []),
    ],
)
def test_words_that_mean_the_same_are_looked_for_together(client, db, words, expected):
    seed_synonyms()
    for title in (
        *("An ED&I circle", "An EDI group", "The IDEA framework"),
        *("Starting WCET", "Whole class brass", "Pupils with SEND"),
    ):
        factories.resource(title, summary="-")

    answer = client.get("/library/", {"q": words})

    assert (answer.status_code, sorted(titles(answer))) == (200, expected)


def seed_synonyms():
    Synonyms.objects.bulk_create(Synonyms(words=words) for words in seed.SAME)


def test_a_slip_of_the_finger_is_asked_about(client, db):
    factories.resource("Critical reflection diary")

    answer = client.get("/library/", {"q": "critical refletcion", "kind": "guide"})

    assert titles(answer) == []
    assert answer.context["found"].meant == "critical reflection"
    assert "/library/?q=critical+reflection&amp;kind=guide" in answer.text


def test_nothing_is_suggested_that_the_reader_may_not_read(client, sign_in, db):
    factories.resource("Safeguarding case", visibility="nwg")

    suggested = {
        who: sign_in(who).get("/library/", {"q": "safegaurding"}).context["found"].meant
        for who in ("visitor", "lead", "team")
    }

    assert suggested == {"visitor": "", "lead": "", "team": "safeguarding"}


def test_the_words_of_a_resource_are_learnt_when_it_is_written_and_when_it_changes(db):
    made = factories.resource("Ŵyl: a festival", summary="2020 x")

    Resource.objects.filter(pk=made.pk).update(summary="Samba")

    assert set(Word.objects.values_list("word", flat=True)) == {"ŵyl", "festival", "samba"}


def test_a_topic_of_that_name_is_shown(client, db):
    seed_synonyms()
    factories.resource("Nothing of it")

    named = {
        words: [one.slug for one in client.get("/library/", {"q": words}).context["found"].named]
        for words in ("training", "send", "voice", "-voice", "voices of")
    }

    assert named == {
        "training": ["cpd-and-reflective-practice"],
        "send": ["send-and-access"],
        "voice": ["youth-voice"],
        "-voice": [],
        "voices of": [],
    }


def test_hostile_words_are_shown_and_never_run(client, db):
    evil = "<script>alert(1)</script>"
    factories.resource(f"Reflection {evil}", summary=f"{evil} reflection", body=f"{evil} reflect")

    answer = client.get("/library/", {"q": f"reflection {evil}"})
    plain = client.get("/library/", {"q": "reflection"})

    for page in (answer.text, plain.text):
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_a_text_with_our_own_marks_in_it_is_no_markup():
    forged = f"a{STOP}{START}<b>b</b>{STOP}{START}c"

    assert marks.parts(forged) == [Part("a"), Part("<b>b</b>", is_hit=True), Part("c")]


def test_marks_of_a_search_are_gone_from_what_is_quoted_of_a_text():
    found = marks.snippet(f"**{START}Reflect{STOP}** on [it](https://example.org)")

    assert found == [Part("Reflect", is_hit=True), Part(" on it")]


def test_terms_are_words_phrases_and_what_is_left_out():
    found = [str(term) for term in queries.terms('one “two three” -four - -“five six” "seven')]

    assert found == ["one", '"two three"', "-four", '-"five six"', '"seven"']


def test_most_taken_is_on_offer_once_something_was_taken(client, shelf_of_four):
    def offered() -> list[str]:
        return [one.label for one in client.get("/library/").context["found"].sorts]

    before = offered()
    Resource.objects.filter(title="Songs for many").update(taken=1)

    assert (before, offered()) == (["Newest"], ["Newest", "Most downloaded"])


# Boxes


def test_boxes_count_what_the_other_groups_leave(client, shelf_of_four):
    answer = client.get("/library/", {"kind": "guide", "topic": "first-access"})

    assert sorted(titles(answer)) == ["Songs for many", "Whole-class strings"]
    assert boxes(answer, "kind") == {"Guide": 2}
    assert boxes(answer, "topic") == {"First Access": 2, "Youth Voice": 1}
    assert boxes(answer, "for") == {"Schools": 1, "Tutors and practitioners": 1}
    year = timezone.localdate().year
    assert boxes(answer, "year") == {str(year): 1, "2020": 1}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("topic=youth-voice&topic=first-access&kind=video", ["Young people decide"]),
        ("for=schools&for=leaders", ["Whole-class strings", "Young people decide"]),
        ("year=2020", ["Songs for many"]),
        ("year=2020&kind=video", []),
        ("q=people&for=tutors", ["Asking young people"]),
        ("topic=nonsense&kind=nonsense&for=x&year=x&sort=x&statement=x&page=x", None),
    ],
)
def test_what_is_ticked_narrows(client, shelf_of_four, asked, expected):
    answer = client.get(f"/library/?{asked}")

    if expected is None:
        assert len(titles(answer)) == 4
    else:
        assert sorted(titles(answer)) == expected


def test_a_chip_takes_one_thing_away_and_keeps_the_rest(client, shelf_of_four):
    answer = client.get("/library/?q=people&topic=youth-voice&kind=guide&kind=video")

    assert [
        (label, [(chip.label, chip.address) for chip in chips])
        for label, chips in answer.context["found"].chips
    ] == [
        ("Topic", [("Youth Voice", "q=people&kind=guide&kind=video")]),
        (
            "Kind",
            [
                ("Guide", "q=people&topic=youth-voice&kind=video"),
                ("Video", "q=people&topic=youth-voice&kind=guide"),
            ],
        ),
    ]


def test_the_order_is_the_best_match_the_newest_or_the_most_taken(client, db):
    today = timezone.localdate()
    factories.resource("Songs", summary="Of the sea", published_on=today - dt.timedelta(days=2))
    factories.resource("Sea", summary="Songs, songs, songs", published_on=today)
    taken = factories.resource("Taken", body="songs", published_on=today - dt.timedelta(days=9))
    Resource.objects.filter(pk=taken.pk).update(taken=7)

    def order(asked):
        return titles(client.get(f"/library/?{asked}"))

    assert order("q=songs")[0] == "Songs"
    assert order("q=songs&sort=newest") == ["Sea", "Songs", "Taken"]
    assert order("sort=best") == ["Sea", "Songs", "Taken"]
    assert order("q=songs&sort=taken")[0] == "Taken"


def test_the_pager_keeps_what_is_asked(client, db):
    for number in range(21):
        on("youth-voice", f"Voice {number}")

    answer = client.get("/library/?q=voice&topic=youth-voice&sort=newest")

    assert len(titles(answer)) == 20
    assert "?q=voice&amp;topic=youth-voice&amp;sort=newest&amp;page=2" in answer.text


# Many


def test_too_many_are_neither_counted_nor_ranked(client, shelf_of_four, monkeypatch):
    monkeypatch.setattr(shelf, "CAP", 2)

    answer = client.get("/library/", {"q": "people or"})
    everything = client.get("/library/")

    assert answer.context["found"].is_capped is False
    assert everything.context["found"].is_capped is True
    assert "More than 2 resources" in everything.text
    assert set(boxes(everything, "kind").values()) == {None}
    assert len(titles(everything)) == 2


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_search_is_as_many_queries_whatever_it_finds(
    client, db, how_many, django_assert_num_queries
):
    for number in range(how_many):
        on("youth-voice", f"Voice {number}", service=factories.service(f"Service {number}"))

    with django_assert_num_queries(6):
        client.get("/library/?q=voice&topic=youth-voice&kind=guide")
    with django_assert_num_queries(5):
        client.get("/library/")


def test_a_search_that_finds_nothing_asks_little_more(client, db, django_assert_num_queries):
    factories.resource("Reflection")

    with django_assert_num_queries(5):
        client.get("/library/?q=refletcion+tohgether")


# A statement


def test_a_statement_finds_what_is_linked_to_it_then_what_shares_its_topics(
    client, sign_in, person
):
    draft = factories.draft()
    statement = draft.statements.get(code="A1.1")
    statement.topics.add(Topic.objects.get(slug="youth-voice"))
    factories.publish(draft, by=person("team"))
    on("youth-voice", "On its topic")
    on("first-access", "On another")
    linked = factories.resource("Linked", published_on=dt.date(2020, 1, 1))
    linked.statements.add(statement)

    answer = client.get("/library/", {"statement": statement.pk})
    inside = sign_in("lead").get("/library/", {"statement": statement.pk})

    assert titles(answer) == titles(inside) == ["Linked", "On its topic"]
    assert statement.text not in answer.text
    assert statement.text in inside.text


def test_a_statement_of_a_draft_finds_nothing_of_its_own(client, db):
    statement = factories.draft().statements.get(code="A1.1")
    factories.resource("Any")

    answer = client.get("/library/", {"statement": statement.pk})

    assert answer.context["found"].statement is None
    assert titles(answer) == ["Any"]


# Cookies and copies


@pytest.mark.parametrize("path", ["/library/", "/library/?q=x", "/library/topics/youth-voice/"])
def test_public_pages_set_no_cookie_and_are_kept(client, db, path):
    factories.resource("A public guide")

    answer = client.get(path)

    assert answer.cookies == {}
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in answer["Vary"]
    again = client.get(path, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


# What ships


def test_what_ships_comes_once_and_says_something_of_each(db):
    first, again = seed.load(), seed.load()

    assert (first, again, Resource.objects.count()) == (34, 0, 34)
    assert not Resource.objects.filter(topics=None).exists()
    assert all(re.search(r"[.?]$", one.summary) for one in Resource.objects.all())
    assert Synonyms.objects.count() == len(seed.SAME)


def test_resources_that_ship_come_in_the_order_in_which_they_came_out(client, db):
    seed.load()

    answer = client.get("/library/?sort=newest")

    shown = [line.resource.first_year for line in answer.context["found"].lines]
    assert shown[:10] == [2022, 2022, 2021, 2021, 2021, 2020, 2020, 2020, 2020, None]
    assert boxes(answer, "year") == {"2022": 2, "2021": 3, "2020": 4}


def test_a_library_that_was_there_already_learns_its_years_once(db):
    known = factories.resource("Annual findings 2019/20")
    told = factories.resource("IDEA framework and survey", first_year=1999)
    migration = import_module("resources.migrations.0009_years_of_what_came_with_the_portal")

    migration.say(apps, None)

    known.refresh_from_db()
    told.refresh_from_db()
    assert (known.slug, known.first_year, told.first_year) == ("annual-findings-201920", 2020, 1999)


def test_what_the_team_published_is_of_the_year_in_which_it_did(person):
    day = dt.date(2024, 5, 1)
    approved = {"approved_at": timezone.now(), "approved_by": person("team")}
    made = [
        factories.resource("Ours", published_on=day, **approved),
        factories.resource("Older", published_on=day, first_year=2019, **approved),
        factories.resource("Nobody knows", published_on=day),
    ]

    found = Resource.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")

    assert list(found.values_list("year", flat=True)) == [2024, 2019, None]


def test_every_topic_has_a_page(client, db):
    seed.load()

    shown = {
        topic.slug: client.get(f"/library/topics/{topic.slug}/").status_code
        for topic in Topic.objects.all()
    }

    assert set(shown.values()) == {200}
    assert len(shown) == 14


def test_a_topic_lists_its_own(client, db):
    on("youth-voice", "Asking")
    on("first-access", "Strings")
    on("youth-voice", "A draft", state="draft")

    answer = client.get("/library/topics/youth-voice/")

    assert [line.resource.title for line in answer.context["lines"]] == ["Asking"]
    assert client.get("/library/topics/nothing/").status_code == 404
