"""Writing the chapters of a review: nothing typed is lost, whoever else writes."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access import ProgrammeRole
from portal.models import Topic, User
from resources.forms import merging
from resources.forms.reviews import ChapterForm
from resources.models import AnnualReview, Chapter, ChapterKind, Remark
from resources.reviews import chapters, history
from tests import factories


@pytest.fixture
def other(db) -> User:
    """Somebody else of the team."""
    return factories.user("colleague", programme_role=ProgrammeRole.TEAM)


@pytest.fixture
def review(person) -> AnnualReview:
    return factories.annual_review(person("team"))


@pytest.fixture
def chapter(person, review) -> Chapter:
    return factories.chapter(review, person("team"), body="We met.\n\nWe listened.")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def edit(chapter: Chapter) -> str:
    return reverse("chapter_edit", args=[chapter.pk])


def filled(chapter: Chapter, **changed: object) -> dict[str, object]:
    """What a browser sends of the form as it is now, with what a person changed in it."""
    form = ChapterForm(instance=Chapter.objects.get(pk=chapter.pk))
    many = {"topics", "resources", "settled"}
    sent = {name: merging.posted(form[name]) for name in form.fields}
    single = {name: (said or [""])[0] for name, said in sent.items() if name not in many}
    return {**sent, **single, "as_read": merging.as_read(form), **changed}


def titles(review: AnnualReview) -> list[str]:
    return [one.title for one in review.chapters.all()]


# Adding


def test_a_chapter_is_chosen_by_its_kind_and_goes_where_such_a_one_stands(sign_in, person, review):
    chapters.lay_out(review, person("team"))
    browser = sign_in("team")
    add = reverse("chapter_add", args=[review.pk])

    kinds = browser.get(add)
    form = browser.get(add, {"kind": "theme"}).text
    answer = browser.post(
        f"{add}?kind=theme", {"title": "Tutors", "body": "Time.", "benefits": "- Trust"}
    )

    made = review.chapters.get(kind="theme")
    assert [kind for kind, there in kinds.context["kinds"] if not there] == [ChapterKind.THEME]
    assert ('name="benefits"' in form, 'name="factors"' in form) == (True, False)
    assert answer.url == edit(made)
    assert titles(review)[3:6] == ["Executive summary", "Tutors", "The year in figures"]
    assert (made.body, made.benefits, made.saved_by) == ("Time.", "- Trust", person("team"))


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("theme", ["benefits", "challenges", "addressed", "forward"]),
        ("summary", ["factors"]),
        ("ahead", []),
    ],
)
def test_a_chapter_has_the_texts_of_its_kind(person, review, kind, more):
    form = ChapterForm(instance=Chapter(review=review, kind=kind))

    assert list(form.said) == ["title", "lead", "body", *more]


def test_a_theme_says_what_it_is_called_and_the_text_stays(sign_in, review):
    add = reverse("chapter_add", args=[review.pk])

    answer = sign_in("team").post(f"{add}?kind=theme", {"title": " ", "body": "An hour of it"})

    assert (answer.status_code, Chapter.objects.count()) == (422, 0)
    assert ("Give it a title." in answer.text, "An hour of it" in answer.text) == (True, True)


def test_there_is_no_other_kind(sign_in, review):
    add = reverse("chapter_add", args=[review.pk])

    assert sign_in("team").get(add, {"kind": "poem"}).status_code == 404


@pytest.mark.parametrize("state", ["announced", "superseded"])
def test_a_chapter_is_not_added_now_and_its_text_stays(sign_in, person, state):
    review = factories.annual_review(person("team"), state=state)
    add = reverse("chapter_add", args=[review.pk])

    asked = sign_in("team").get(add)
    answer = sign_in("team").post(f"{add}?kind=theme", {"title": "T", "body": "An hour of it"})

    assert (asked.status_code, answer.status_code) == (302, 409)
    assert "An hour of it" in answer.text
    assert Chapter.objects.count() == 0


# Writing


def test_a_chapter_is_saved_with_who_and_when(sign_in, person, other):
    review = factories.annual_review(other)
    chapter = factories.chapter(review, other)
    topic, guide = Topic.objects.first(), factories.resource()

    sign_in("team").post(
        edit(chapter),
        filled(chapter, lead="First.", forward="Ask.", topics=[topic.pk], resources=[guide.pk]),
    )

    now = Chapter.objects.get()
    assert (now.lead, now.forward, now.version, now.saved_by) == (
        *("First.", "Ask.", 2),
        person("team"),
    )
    assert (list(now.topics.all()), list(now.resources.all())) == ([topic], [guide])
    assert (now.review.version, now.review.written_by) == (2, person("team"))


def test_nothing_different_is_no_change(sign_in, chapter):
    page = sign_in("team").post(edit(chapter), filled(chapter), follow=True).text

    assert "Nothing was different, so nothing changed." in page
    assert (Chapter.objects.get().version, AnnualReview.objects.get().version) == (1, 1)


def test_saving_stays_on_the_page_or_goes_back(sign_in, review, chapter):
    browser = sign_in("team")

    stays = browser.post(edit(chapter), filled(chapter, lead="A", go="save"))
    goes = browser.post(edit(chapter), filled(chapter, lead="B", go="back"))

    compose = reverse("review_compose", args=[review.pk])
    assert (stays.url, goes.url) == (edit(chapter), f"{compose}#c{chapter.pk}")


@pytest.mark.parametrize(
    ("field", "said"), [("title", ""), ("lead", "L" * 601), ("benefits", "B" * 6001)]
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(sign_in, chapter, field, said):
    answer = sign_in("team").post(
        edit(chapter), filled(chapter, body="An hour of it", remark="Look.", **{field: said})
    )

    assert (answer.status_code, Chapter.objects.get().body) == (422, "We met.\n\nWe listened.")
    assert ("An hour of it" in answer.text, "Look." in answer.text) == (True, True)
    assert Remark.objects.count() == 0


def test_after_publication_authors_write_on_and_readers_see_none_of_it(sign_in, person):
    review = factories.annual_review(person("team"), state="published")
    chapter = factories.chapter(review, person("team"), body="As published.")
    factories.version(review, person("team"))

    page = sign_in("team").get(edit(chapter)).text
    sign_in("team").post(edit(chapter), filled(chapter, body="Written since."))

    assert "They see nothing of what you write here" in page
    assert Chapter.objects.get().body == "Written since."
    readers = Client().get(review.get_absolute_url()).text
    assert ("As published." in readers, "Written since." in readers) == (True, False)


@pytest.mark.parametrize("who", ["lead", "facilitator", "funder"])
def test_nobody_else_writes(sign_in, person, who):
    review = factories.annual_review(person("team"), state="published")
    chapter = factories.chapter(review, person("team"))

    answer = sign_in(who).post(edit(chapter), filled(chapter, body="Mine now"))

    assert (answer.status_code, Chapter.objects.get().body) == (403, "")


# Looking, and finding, without saving


def test_looking_shows_it_as_readers_will_and_saves_nothing(sign_in, person, chapter):
    chapter.quotations.create(
        text="I was heard.", consent=True, consent_note="By mail", saved_by=person("team")
    )
    chapter.quotations.create(text="Not for print.", saved_by=person("team"))
    guide = factories.resource()

    page = sign_in("team").post(
        edit(chapter),
        filled(chapter, body="We **sang**.", resources=[guide.pk], remark="Look.", go="look"),
    )

    look = page.context["look"]
    assert page.status_code == 200
    assert "<strong>sang</strong>" in page.text
    assert [one["text"] for one in look.data["quotations"]] == ["I was heard."]
    assert [one["path"] for one in look.data["resources"]] == [guide.get_absolute_url()]
    assert ("We **sang**." in page.text, "Look." in page.text) == (True, True)
    assert (Chapter.objects.get().body, Remark.objects.count()) == ("We met.\n\nWe listened.", 0)


def test_looking_does_not_undo_what_somebody_else_saved(sign_in, chapter, other):
    mine = filled(chapter, body="My words")
    browser_of(other).post(edit(chapter), filled(chapter, lead="Their lead"))
    browser = sign_in("team")

    looked = browser.post(edit(chapter), {**mine, "go": "look"})
    browser.post(edit(chapter), {**mine, "as_read": looked.context["as_read"], "go": "save"})

    now = Chapter.objects.get()
    assert (now.body, now.lead) == ("My words", "Their lead")


@pytest.mark.parametrize("go", ["find", ""])
def test_finding_a_resource_loses_nothing(sign_in, chapter, go):
    guide = factories.resource("Reflection groups")
    factories.resource("Reflection for members", visibility="members")

    page = sign_in("team").post(
        edit(chapter), filled(chapter, body="An hour of it", find="reflection", go=go)
    )

    assert [label for _, label in page.context["form"].fields["resources"].choices] == [str(guide)]
    assert ("1 found." in page.text, "An hour of it" in page.text) == (True, True)
    assert (Chapter.objects.get().body, chapter.resources.count()) == ("We met.\n\nWe listened.", 0)


def test_finding_nothing_says_so(sign_in, chapter):
    page = sign_in("team").post(edit(chapter), filled(chapter, find="zebra", go="find")).text

    assert "Nothing found that everybody may read." in page


def test_what_not_everybody_may_read_is_told(sign_in, chapter):
    chapter.resources.add(factories.resource("For members", visibility="members"))

    page = sign_in("team").get(edit(chapter)).text

    assert "Not everybody may read For members." in page


def test_words_are_counted(sign_in, chapter):
    page = sign_in("team").post(
        edit(chapter), filled(chapter, lead="Two words", forward="- One", go="look")
    )

    assert [(one.field.name, one.words) for one in page.context["form"].texts] == [
        *(("lead", 2), ("body", 4), ("benefits", 0)),
        *(("challenges", 0), ("addressed", 0), ("forward", 1)),
    ]
    assert page.context["form"].word_count == 7


# Two at once


def test_two_who_write_different_parts_are_both_saved(sign_in, chapter, other):
    mine = filled(chapter, body="My words")
    browser_of(other).post(edit(chapter), filled(chapter, benefits="Their words"))

    page = sign_in("team").post(edit(chapter), mine, follow=True).text

    now = Chapter.objects.get()
    assert (now.body, now.benefits, now.version) == ("My words", "Their words", 3)
    assert "Also taken over from somebody else: Benefits." in page


def test_two_who_write_the_same_part_see_both_texts_and_choose(sign_in, chapter, other):
    mine = filled(chapter, body="My words", lead="My lead")
    browser_of(other).post(edit(chapter), filled(chapter, body="Their words", forward="Ask."))
    browser = sign_in("team")

    clash = browser.post(edit(chapter), mine)
    unchanged = Chapter.objects.get()
    again = filled(chapter, body="My words", lead="My lead")
    browser.post(edit(chapter), {**again, "pick-body": "theirs"})

    assert (clash.status_code, unchanged.body, unchanged.lead) == (409, "Their words", "")
    told = ("The colleague saved this chapter meanwhile", "My words", "Their words")
    for words in (*told, "<del>Their</del>", "<ins>My</ins>"):
        assert words in clash.text
    now = Chapter.objects.get()
    assert (now.body, now.lead, now.forward) == ("Their words", "My lead", "Ask.")


def test_of_a_clash_ones_own_words_can_be_kept_and_changed(sign_in, chapter, other):
    mine = filled(chapter, body="My words")
    browser_of(other).post(edit(chapter), filled(chapter, body="Their words"))
    browser = sign_in("team")

    clash = browser.post(edit(chapter), mine)
    both = {"body": "Their words and my words", "as_read": clash.context["as_read"]}
    browser.post(edit(chapter), {**mine, **both, "pick-body": "mine"})

    assert Chapter.objects.get().body == "Their words and my words"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_part_at_once_the_second_sees_both(at_once, sign_in, chapter):
    one, two = sign_in("team"), sign_in("team")
    sent = [filled(chapter, body=words) for words in ("First words", "Second words")]

    answers = at_once(
        lambda: one.post(edit(chapter), sent[0]).status_code,
        lambda: two.post(edit(chapter), sent[1]).status_code,
    )

    assert sorted(answers) == [302, 409]
    assert Chapter.objects.get().version == 2


@pytest.mark.parametrize("as_read", ["", "[]", "{", '{"title": 1}', "[" * 99_999])
def test_a_page_that_says_nothing_of_what_it_showed_asks(sign_in, chapter, as_read):
    answer = sign_in("team").post(edit(chapter), filled(chapter, body="Mine", as_read=as_read))

    assert (answer.status_code, Chapter.objects.get().body) == (409, "We met.\n\nWe listened.")


def test_a_page_that_went_back_does_not_write_over_what_was_saved_since(sign_in, chapter):
    browser = sign_in("team")
    first = filled(chapter, body="First words")
    browser.post(edit(chapter), first)

    answer = browser.post(edit(chapter), {**first, "body": "From the page before"})

    assert (answer.status_code, Chapter.objects.get().body) == (409, "First words")
    assert "From the page before" in answer.text


def test_an_expired_sign_in_loses_no_text(sign_in, person, chapter):
    browser = sign_in("team")
    browser.get(edit(chapter))
    sent = filled(chapter, body="An hour of writing " * 500, remark="And this.")
    Session.objects.all().delete()

    browser.post(edit(chapter), sent)
    browser.force_login(person("team"))
    page = browser.get(edit(chapter)).text
    browser.post(edit(chapter), {**sent, "kept": "send"})

    assert ("An hour of writing" in page, "And this." in page) == (True, True)
    assert Chapter.objects.get().body == ("An hour of writing " * 500).strip()


def test_what_cannot_be_changed_any_more_keeps_what_was_typed(sign_in, chapter, review):
    sent = filled(chapter, body="An hour of it")
    review.state, review.published_at = "superseded", timezone.now()
    review.published_by = review.written_by
    review.save()
    browser = sign_in("team")

    asked = browser.get(edit(chapter))
    answer = browser.post(edit(chapter), sent)

    assert (asked.status_code, answer.status_code) == (302, 409)
    assert "nobody can change what it says now." in answer.text
    assert "An hour of it" in answer.text
    assert Chapter.objects.get().body == "We met.\n\nWe listened."


def test_a_chapter_taken_out_meanwhile_hands_its_text_back(sign_in, person, chapter, review, other):
    factories.chapter(review, other, title="Beside")
    chapter.quotations.create(text="I was heard.", saved_by=other)
    sent = filled(chapter, body="An hour of it")
    chapters.remove(chapter=chapter, by=other)
    browser = sign_in("team")

    answer = browser.post(edit(chapter), sent)
    back = answer.text.partition('id="writing" action="')[2].partition('"')[0]
    for _ in range(2):  # the second click makes no second one
        browser.post(back, {**sent, "go": "save"})

    made = review.chapters.get(title="Starting")
    assert answer.status_code == 409
    assert ("was taken out meanwhile" in answer.text, "An hour of it" in answer.text) == (
        True,
        True,
    )
    assert (made.body, made.saved_by) == ("An hour of it", person("team"))
    assert [one.text for one in made.quotations.all()] == ["I was heard."]


def test_a_review_discarded_meanwhile_hands_the_text_back(sign_in, chapter, review):
    sent = filled(chapter, body="An hour of it")
    review.delete()

    answer = sign_in("team").post(edit(chapter), sent)

    assert (answer.status_code, "An hour of it" in answer.text) == (409, True)


@pytest.mark.parametrize("who", ["lead", "facilitator"])
def test_what_is_gone_is_not_there_for_anybody_else(sign_in, chapter, review, who):
    sent = filled(chapter)
    review.delete()

    assert sign_in(who).post(edit(chapter), sent).status_code == 404


# Order, and taking out


def test_chapters_change_places(sign_in, person, review, chapter):
    second = factories.chapter(review, person("team"), title="Second")
    browser = sign_in("team")
    move = reverse("chapter_move", args=[second.pk])

    browser.post(move, {"way": "up"})
    up = titles(review)
    browser.post(move, {"way": "up"})
    still = titles(review)
    browser.post(move, {"way": "down"})

    assert (up, still, titles(review)) == (
        *(["Second", "Starting"], ["Second", "Starting"]),
        ["Starting", "Second"],
    )
    assert AnnualReview.objects.get().version == 3


def test_a_chapter_is_taken_out_and_put_back_with_all_that_was_in_it(
    sign_in, person, review, chapter, avon
):
    factories.chapter(review, person("team"), title="Beside")
    by = person("team")
    consent = {"consent": True, "consent_note": "By mail"}
    chapter.quotations.create(text="I was heard.", service=avon, saved_by=by, **consent)
    picture = factories.picture(chapter, by)
    browser = sign_in("team")
    remove = reverse("chapter_remove", args=[chapter.pk])

    asked = browser.get(remove).text
    browser.post(remove, {"version": "1"})
    kept = review.chapters.get().pictures.get()
    out = titles(review)
    lines = history.lines(review, history.entries(review))
    entry = next(one for one in lines if one.is_removal)  # within a test all is of one instant
    add = f"{reverse('chapter_add', args=[review.pk])}?as_it_was={entry.version}"
    page = browser.get(add).text
    browser.post(add, {"title": "Starting", "body": "We met.\n\nWe listened."})

    made = review.chapters.get(title="Starting")
    assert "its 1 quotation and its 1 picture" in " ".join(asked.split())
    assert (out, kept.removed_at is None) == (["Beside"], False)
    assert entry.what == "took the chapter “Starting” out"
    assert ("This chapter was taken out." in page, "We listened." in page) == (True, True)
    assert [(one.text, one.consent, one.service) for one in made.quotations.all()] == [
        ("I was heard.", True, avon)
    ]
    assert [one.pk for one in made.pictures.in_use()] == [picture.pk]


def test_what_was_changed_meanwhile_is_not_taken_out(sign_in, chapter, other):
    browser_of(other).post(edit(chapter), filled(chapter, lead="Just written"))

    answer = sign_in("team").post(reverse("chapter_remove", args=[chapter.pk]), {"version": "1"})

    assert (answer.status_code, Chapter.objects.get().lead) == (409, "Just written")
    assert "It was changed since you opened this page." in answer.text


def test_the_only_chapter_stays_while_readers_see_its_pictures(sign_in, person):
    review = factories.annual_review(person("team"), state="published")
    chapter = factories.chapter(review, person("team"))
    factories.picture(chapter, person("team"))
    factories.version(review, person("team"))

    page = sign_in("team").post(
        reverse("chapter_remove", args=[chapter.pk]), {"version": "1"}, follow=True
    )

    assert "It is the only chapter, and readers see its pictures." in page.text
    assert Chapter.objects.count() == 1


# Remarks


def test_a_remark_is_left_beside_the_text_and_settled_there(sign_in, person, chapter):
    browser = sign_in("team")

    browser.post(edit(chapter), filled(chapter, remark="Is 40 right?"))
    remark = Remark.objects.get()
    shown = browser.get(edit(chapter)).text
    browser.post(edit(chapter), filled(chapter, settled=[remark.pk]))

    settled = Remark.objects.get()
    assert (remark.text, remark.by, remark.settled_at) == ("Is 40 right?", person("team"), None)
    assert "Is 40 right?" in shown
    assert settled.settled_by == person("team")
    assert (Chapter.objects.get().version, AnnualReview.objects.get().version) == (1, 1)


def test_a_remark_is_left_and_settled_from_the_page_of_the_review(sign_in, person, chapter, other):
    browser = sign_in("team")
    add = reverse("remark_add", args=[chapter.pk])

    empty = browser.post(add, {"text": " "})
    browser.post(add, {"text": "Look."})
    remark = Remark.objects.get()
    first = browser_of(other).post(reverse("remark_settle", args=[remark.pk]), follow=True).text
    again = browser.post(reverse("remark_settle", args=[remark.pk]), follow=True).text

    assert (empty.status_code, "Write a remark first." in empty.text) == (422, True)
    assert ("Settled." in first, "Somebody had settled it already." in again) == (True, True)
    assert Remark.objects.get().settled_by == other


def test_a_remark_on_a_chapter_that_was_taken_out_is_handed_back(sign_in, person, review, chapter):
    factories.chapter(review, person("team"), title="Beside")
    chapters.remove(chapter=chapter, by=person("team"))
    page = reverse("remark_add", args=[chapter.pk])
    browser = sign_in("team")

    answer = browser.post(page, {"text": "Is this so?"})
    looked = browser.get(page)
    stranger = sign_in("lead").post(page, {"text": "Is this so?"})

    assert [one.status_code for one in (answer, looked, stranger)] == [409, 404, 404]
    assert "Is this so?" in answer.text
    assert not Remark.objects.exists()


def test_readers_never_see_a_remark(sign_in, person):
    review = factories.annual_review(person("team"), state="published")
    chapter = factories.chapter(review, person("team"))
    chapter.remarks.create(text="Between us.", by=person("team"))
    factories.version(review, person("team"))

    assert "Between us." not in Client().get(review.get_absolute_url()).text


# History


def test_the_history_tells_who_changed_what_in_words(sign_in, person, review, chapter, other):
    browser_of(other).post(edit(chapter), filled(chapter, body="We met.\n\nWe sang."))
    topic = Topic.objects.first()
    sign_in("team").post(edit(chapter), filled(chapter, topics=[topic.pk]))
    chapter.quotations.create(text="I was heard.", saved_by=other)
    review.strapline = "A line."
    review.save()

    told = history.lines(review, history.entries(review))
    page = sign_in("team").get(reverse("review_history", args=[review.pk])).text

    assert sorted((one.who, one.what) for one in told) == [
        ("The colleague", "added a quotation to “Starting”"),
        ("The colleague", "changed the chapter “Starting”"),
        ("The team", "added the chapter “Starting”"),
        ("The team", "began it"),
        ("The team", "changed its details"),
        ("The team", "changed the topics or resources of “Starting”"),
    ]
    for words in ("<del> listened</del>", "<ins> sang</ins>", "I was heard.", " … "):
        assert words in page
    assert "We met." not in page


def test_moving_a_chapter_is_no_change_of_its_text(person, review, chapter):
    factories.chapter(review, person("team"), title="Second")
    before = len(history.entries(review))

    chapters.move(chapter=chapter, up=False, by=person("team"))

    assert len(history.entries(review)) == before


def test_an_earlier_text_is_taken_up_again_by_saving_it(sign_in, review, chapter):
    browser = sign_in("team")
    browser.post(edit(chapter), filled(chapter, body="Something worse."))
    [worse, first] = history.lines(review, history.entries(review, chapter.pk))

    page = browser.get(edit(chapter), {"as_it_was": first.version}).text
    unchanged = Chapter.objects.get().body
    browser.post(edit(chapter), filled(chapter, body="We met.\n\nWe listened."))

    assert (first.differs, worse.differs) == (True, False)
    assert ("This is an earlier text." in page, "We listened." in page) == (True, True)
    assert unchanged == "Something worse."
    assert Chapter.objects.get().body == "We met.\n\nWe listened."


@pytest.mark.parametrize("version", ["0", "x", "9" * 30])
def test_a_text_that_never_was_is_not_there(sign_in, chapter, version):
    answer = sign_in("team").get(edit(chapter), {"as_it_was": version})

    assert answer.status_code == 404


def test_texts_of_another_chapter_are_not_there(sign_in, person, review, chapter):
    theirs = factories.chapter(review, person("team"), title="Other")
    version = history.last_of(theirs.pk).pgh_id

    assert sign_in("team").get(edit(chapter), {"as_it_was": version}).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_history_asks_as_often_for_one_as_for_many(
    sign_in, person, review, many, django_assert_num_queries
):
    for number in range(many):
        made = factories.chapter(review, person("team"), title=f"C{number}", body="Words")
        made.quotations.create(text="Heard.", saved_by=person("team"))
    browser = sign_in("team")

    with django_assert_num_queries(13):
        browser.get(reverse("review_history", args=[review.pk]))


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_kept_and_shown_as_words(sign_in, review, chapter, text):
    browser = sign_in("team")
    typed = {"title": text[:160], "lead": text, "body": text, "benefits": text, "remark": text}

    browser.post(edit(chapter), filled(chapter, **typed))
    made = Chapter.objects.get()
    pages = [
        browser.get(edit(chapter)).text,
        browser.post(edit(chapter), filled(made, body=f"{text} again", go="look")).text,
        browser.post(edit(chapter), filled(made, body="Mine", as_read="")).text,
        browser.get(reverse("review_compose", args=[review.pk])).text,
        browser.get(reverse("review_history", args=[review.pk])).text,
    ]

    assert made.body == text.strip()
    assert [page for page in pages if "<b onmouseover" in page] == []
