"""Quotations in a review: nobody is printed without consent, and two authors lose nothing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.models import Activity
from resources.models import AnnualReview, Quotation, ReviewState
from resources.reviews import advice, chapters, manuscript, quotations
from tests import factories

AGREED = {"consent": "True", "consent_note": "Signed form, 3 May"}
# What the form shows of the quotation that is there
AS_MADE = {
    "text": "I was heard.",
    "name": "Ada",
    "role": "Tutor",
    "consent": "True",
    "consent_note": "By mail, 3 May",
}


@pytest.fixture
def chapter(person):
    return factories.chapter(factories.annual_review(person("team")), person("team"))


@pytest.fixture
def quotation(chapter, person):
    return factories.quotation(chapter, person("team"), name="Ada", role="Tutor")


def to(name: str, part) -> str:
    if isinstance(part, Quotation):
        return reverse(f"quotation_{name}", args=[part.chapter.review_id, part.chapter_id, part.pk])
    return reverse(f"quotation_{name}", args=[part.review_id, part.pk])


def written(**said: str) -> dict[str, str]:
    return {"text": "I was heard.", "consent": "False", **said}


def texts() -> list[str]:
    return [one.text for one in Quotation.objects.all()]


def printed(chapter) -> list[str]:
    """What a reader would be given."""
    data = manuscript.compose(AnnualReview.objects.get(pk=chapter.review_id))
    return [one["text"] for one in data["chapters"][0]["quotations"]]


def test_a_quotation_says_who_said_it_and_where_consent_is_on_record(
    sign_in, person, avon, chapter
):
    said = written(name="Ada", role="Tutor", service=str(avon.pk), **AGREED)

    answer = sign_in("team").post(to("add", chapter), said)

    kept = Quotation.objects.get()
    assert answer.url == reverse("chapter_edit", args=[chapter.pk]) + "#quotations"
    assert (kept.text, kept.name, kept.role, kept.service, kept.consent, kept.consent_note) == (
        *("I was heard.", "Ada", "Tutor", avon),
        *(True, "Signed form, 3 May"),
    )
    assert (kept.saved_by, kept.order) == (person("team"), 1)
    assert printed(chapter) == ["I was heard."]
    review = AnnualReview.objects.get()
    assert (review.version, review.written_by) == (2, person("team"))
    assert [one.subject for one in Activity.objects.all()] == [f"the annual review “{review}”"]


def test_without_consent_it_is_kept_and_not_printed(sign_in, chapter):
    answer = sign_in("team").post(to("add", chapter), written(), follow=True)

    assert "It is not printed until consent is on record." in answer.text
    assert (texts(), printed(chapter)) == (["I was heard."], [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"consent": "True"}, "Say where and when consent was given"),
        ({"consent": "True", "consent_note": "   "}, "Say where and when consent was given"),
        ({"consent": ""}, "Say whether consent is on record."),
        ({"consent": "yes"}, "Select a valid choice."),
        ({"text": " "}, "Write what was said."),
        ({"text": "W" * 1201}, "at most 1200 characters"),
        ({"name": "N" * 121}, "at most 120 characters"),
        ({"service": "987654"}, "Select a valid choice."),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_does_not_hold_is_told_and_what_was_typed_is_kept(sign_in, chapter, fields, why):
    said = written(role="Head of strings", **fields)

    answer = sign_in("team").post(to("add", chapter), said)

    assert (answer.status_code, texts()) == (422, [])
    assert why in answer.text
    assert 'value="Head of strings"' in answer.text


def test_consent_cannot_be_taken_from_a_form_that_never_asked(sign_in, chapter):
    sign_in("team").post(to("add", chapter), written(saved_by="1", order="9", chapter="1"))

    kept = Quotation.objects.get()
    assert (kept.consent, kept.order, kept.chapter) == (False, 1, chapter)


def test_the_database_itself_holds_that_consent_says_where(quotation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Quotation.objects.update(consent_note="")

    assert Quotation.objects.get().consent_note == "By mail, 3 May"


def test_consent_that_is_taken_back_takes_the_words_out_of_print(sign_in, chapter, quotation):
    page = sign_in("team").get(to("edit", quotation))
    said = written(name="Ada", role="Tutor", consent_note="Taken back on 9 June")

    sign_in("team").post(to("edit", quotation), {"as_read": page.context["as_read"], **said})

    assert (texts(), printed(chapter)) == (["I was heard."], [])


def test_consent_that_is_taken_back_of_what_readers_have_asks_for_a_correction(
    sign_in, person, chapter, quotation
):
    review, team = chapter.review, person("team")
    review.state, review.published_at, review.published_by = "published", timezone.now(), team
    review.save()
    factories.version(review, team)
    factories.quotation(chapter, team, "Never out.", consent=False)
    before = [one.words for one in advice.of(review)]

    browser = sign_in("team")
    as_read = browser.get(to("edit", quotation)).context["as_read"]
    sent = {**AS_MADE, "consent": "False", "as_read": as_read}
    answer = browser.post(to("edit", quotation), sent, follow=True)
    after = [one.words for one in advice.of(review)]
    page = browser.get(review.get_absolute_url()).text

    assert (advice.STILL_QUOTED in before, advice.STILL_QUOTED in after) == (False, True)
    assert (
        "The next correction leaves it out. Readers who have it keep it till then." in answer.text
    )
    assert ("I was heard." in page, "Never out." in page) == (True, False)


def test_what_two_people_changed_apart_is_merged(sign_in, quotation):
    browser = sign_in("team")
    read = browser.get(to("edit", quotation)).context["as_read"]
    Quotation.objects.update(role="Head of strings")
    said = AS_MADE | {"text": "I was heard at last."}

    answer = browser.post(to("edit", quotation), {"as_read": read, **said}, follow=True)

    kept = Quotation.objects.get()
    assert (kept.text, kept.role) == ("I was heard at last.", "Head of strings")
    assert "Also taken over from somebody else: Role." in answer.text


def test_consent_that_somebody_took_back_meanwhile_stays_taken_back(sign_in, quotation):
    browser = sign_in("team")
    read = browser.get(to("edit", quotation)).context["as_read"]
    Quotation.objects.update(consent=False)
    said = AS_MADE | {"name": "Adah"}

    browser.post(to("edit", quotation), {"as_read": read, **said})

    kept = Quotation.objects.get()
    assert (kept.name, kept.consent) == ("Adah", False)


def test_what_both_changed_is_shown_twice_and_chosen(sign_in, quotation):
    browser = sign_in("team")
    read = browser.get(to("edit", quotation)).context["as_read"]
    Quotation.objects.update(text="They heard me.")
    said = AS_MADE | {"text": "I was heard at last."}

    clash = browser.post(to("edit", quotation), {"as_read": read, **said})
    between = texts()
    again = {"as_read": clash.context["as_read"], **said, "pick-text": "theirs"}
    browser.post(to("edit", quotation), again)

    assert (clash.status_code, between) == (409, ["They heard me."])
    assert "They heard me." in clash.text
    assert "I was heard at last." in clash.text
    assert texts() == ["They heard me."]


def test_saving_what_is_there_changes_nothing(sign_in, quotation):
    browser = sign_in("team")
    read = browser.get(to("edit", quotation)).context["as_read"]

    answer = browser.post(to("edit", quotation), {"as_read": read, **AS_MADE}, follow=True)

    assert "Nothing was different" in answer.text
    assert AnnualReview.objects.get().version == 1


def test_what_was_typed_into_one_that_is_gone_can_be_added_anew(sign_in, chapter, quotation):
    browser, address = sign_in("team"), to("edit", quotation)
    quotation.delete()

    answer = browser.post(address, written(text="Words that took an hour."))

    assert (answer.status_code, texts()) == (409, [])
    assert "Words that took an hour." in answer.text
    assert f'action="{to("add", chapter)}"' in answer.text
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("gone", ["chapter", "review"])
def test_what_was_typed_for_a_chapter_that_is_gone_is_handed_back(sign_in, person, quotation, gone):
    chapter, sent = quotation.chapter, written(text="I was not asked.")
    adds, changes = to("add", chapter), to("edit", quotation)
    if gone == "review":
        chapter.review.delete()
    else:
        chapters.remove(chapter=chapter, by=person("team"))
    browser = sign_in("team")

    answers = [browser.post(page, sent) for page in (adds, changes)]
    looked = browser.get(adds)
    elsewhere = browser.post(reverse("quotation_add", args=[0, chapter.pk]), sent)
    stranger = sign_in("lead").post(adds, sent)

    assert [one.status_code for one in answers] == [409, 409]
    assert ["I was not asked." in one.text for one in answers] == [True, True]
    assert [one.status_code for one in (looked, elsewhere, stranger)] == [404, 404, 404]
    assert texts() == []


def test_they_stand_in_the_order_that_is_chosen(sign_in, person, chapter):
    first, _second, third = [factories.quotation(chapter, person("team"), one) for one in "ABC"]
    browser = sign_in("team")

    browser.post(to("move", third), {"way": "up"})
    browser.post(to("move", first), {"way": "up"})  # there is nothing above it
    browser.post(to("move", first), {"way": "down"})

    assert texts() == ["C", "A", "B"]
    assert AnnualReview.objects.get().version == 3


def test_one_is_taken_out_once_that_is_confirmed(sign_in, person, quotation):
    browser = sign_in("team")

    asked = browser.get(to("remove", quotation)).text
    before = texts()
    browser.post(to("remove", quotation))

    assert ("I was heard." in asked, before, texts()) == (True, ["I was heard."], [])
    assert AnnualReview.objects.get().version == 2


def test_there_is_room_for_twenty(sign_in, person, chapter, monkeypatch):
    monkeypatch.setattr(quotations, "MOST", 1)
    factories.quotation(chapter, person("team"), "A")

    answer = sign_in("team").post(to("add", chapter), written(text="One more"))

    assert (answer.status_code, texts()) == (409, ["A"])
    assert "One more" in answer.text


@pytest.mark.parametrize("state", [ReviewState.ANNOUNCED, ReviewState.SUPERSEDED])
def test_where_nobody_writes_nothing_changes_and_typed_words_stay(
    sign_in, person, chapter, quotation, state
):
    since = {"published_at": quotation.saved_at, "published_by": person("team")}
    AnnualReview.objects.update(state=state, **since)
    browser = sign_in("team")

    answers = [
        browser.post(to("add", chapter), written(text="Another")),
        browser.post(to("edit", quotation), written(text="Another")),
        browser.post(to("remove", quotation)),
        browser.post(to("move", quotation), {"way": "up"}),
    ]

    assert [one.status_code for one in answers] == [409, 409, 302, 302]
    assert ["Another" in one.text for one in answers[:2]] == [True, True]
    assert texts() == ["I was heard."]
    for name, part in (("add", chapter), ("edit", quotation), ("remove", quotation)):
        assert browser.get(to(name, part)).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 404), ("facilitator", 404), ("funder", 404), ("visitor", 302)]
)
def test_nobody_else_touches_quotations(sign_in, chapter, quotation, who, status):
    browser = sign_in(who)

    answers = [
        browser.post(to("add", chapter), written()).status_code,
        browser.post(to("edit", quotation), written(text="Mine")).status_code,
        browser.post(to("move", quotation), {"way": "up"}).status_code,
        browser.post(to("remove", quotation)).status_code,
    ]

    assert (answers, texts()) == ([status] * 4, ["I was heard."])


def test_a_quotation_is_found_in_its_own_chapter_and_review_alone(
    sign_in, person, chapter, quotation
):
    beside = factories.chapter(chapter.review, person("team"))
    other = factories.annual_review(person("team"), year=2019)
    browser = sign_in("team")

    for args in ([chapter.review_id, beside.pk], [other.pk, chapter.pk]):
        address = reverse("quotation_remove", args=[*args, quotation.pk])
        assert browser.post(address).status_code == 404

    assert texts() == ["I was heard."]


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_stay_words_for_authors_and_readers(sign_in, client, person, chapter, text):
    said = written(text=text, name=text[:120], role=text[:120], **AGREED)
    browser = sign_in("team")
    browser.post(to("add", chapter), said)
    AnnualReview.objects.update(
        state="published", published_at=chapter.saved_at, published_by=person("team")
    )
    factories.version(AnnualReview.objects.get(), person("team"))

    quotation = Quotation.objects.get()
    pages = [
        browser.get(to("edit", quotation)).text,
        browser.get(to("remove", quotation)).text,
        browser.get(reverse("chapter_edit", args=[chapter.pk])).text,
        client.get(chapter.review.get_absolute_url()).text,
    ]

    for page in pages:
        assert "<b onmouseover" not in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_chapter_asks_as_often_for_one_as_for_many(
    sign_in, person, avon, chapter, many, django_assert_num_queries
):
    for number in range(many):
        factories.quotation(chapter, person("team"), f"Words {number}", service=avon)
        factories.picture(chapter, person("team"))
    browser, address = sign_in("team"), reverse("chapter_edit", args=[chapter.pk])
    browser.get(address)

    with django_assert_num_queries(17):
        browser.get(address)
