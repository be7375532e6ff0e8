"""Writing a resource: the form, its advice, two people at once, and what the history keeps."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.access import ProgrammeRole
from portal.models import Activity, Topic, User
from resources.desk import advice, history, writing
from resources.forms import merging
from resources.forms.writing import ResourceForm
from resources.models import LinkCheck, Resource, ResourceState
from tests import factories

WORDS = {
    "title": "Reflection groups",
    "summary": "How to begin one.",
    "kind": "guide",
    "visibility": "public",
}


@pytest.fixture
def other(db) -> User:
    return factories.user("colleague", programme_role=ProgrammeRole.TEAM)


@pytest.fixture
def draft(person) -> Resource:
    return factories.resource(
        "Reflection diary",
        state=ResourceState.DRAFT,
        published_on=None,
        written_by=person("team"),
        body="Write each week.",
    )


def edit(resource: Resource) -> str:
    return reverse("resource_edit", args=[resource.pk])


def filled(resource: Resource, **changed: object) -> dict[str, object]:
    """What a browser sends of the form as it is now, with what a person changed in it."""
    resource = Resource.objects.get(pk=resource.pk)
    form = ResourceForm(instance=resource)
    sent = {name: merging.posted(form[name]) for name in form.fields}
    single = {
        name: values[0] if values else ""
        for name, values in sent.items()
        if name not in {"topics", "audience", "heard"}
    }
    return {**sent, **single, "as_read": merging.as_read(form), **changed}


# Adding


def test_three_fields_make_a_draft_that_only_the_team_sees(sign_in, person):
    answer = sign_in("team").post(reverse("resource_add"), WORDS)

    made = Resource.objects.get()
    assert answer.url == reverse("resource_preview", args=[made.pk])
    assert (made.slug, made.state, made.written_by) == (
        *("reflection-groups", ResourceState.DRAFT),
        person("team"),
    )
    assert Client().get(made.get_absolute_url()).status_code == 404
    assert [str(one) for one in Activity.objects.all()] == [
        "The team added the resource “Reflection groups”"
    ]


def test_everything_that_is_written_is_kept(sign_in, questionnaire, avon):
    topics = list(Topic.objects.order_by("pk")[:2])
    codes = f"codes_{questionnaire.pk}"
    everything = {
        **WORDS,
        "slug": "groups",
        "body": "## How\r\n\r\nMeet.",
        "link": "example.org/guide",
        "video": "https://example.org/film",
        "service": avon.pk,
        "credit": "Avon",
        "licence": "CC BY 4.0",
        "topics": [one.pk for one in topics],
        "audience": ["tutors", "schools"],
        "heard": ["holistic"],
        "visibility": "nwg",
        "review_on": "2027-01-01",
        "expires_on": "2027-02-01",
        codes: "a1.1; B1, A1.1",
    }

    sign_in("team").post(reverse("resource_add"), everything)

    made = Resource.objects.get()
    assert (made.slug, made.body, made.link, made.service) == (
        *("groups", "## How\n\nMeet.", "https://example.org/guide"),
        avon,
    )
    assert (made.audience, made.heard, made.visibility) == (
        *(["tutors", "schools"], ["holistic"], "nwg"),
    )
    assert (made.review_on, made.expires_on) == (dt.date(2027, 1, 1), dt.date(2027, 2, 1))
    assert sorted(made.topics.all(), key=lambda one: one.pk) == topics
    assert [one.code for one in made.statements.in_order()] == ["A1.1", "B1.1", "B1.2"]


@pytest.mark.parametrize(
    ("field", "said", "refusal"),
    [
        ("title", "", "Give it a title."),
        ("title", "T" * 201, "at most 200 characters"),
        ("summary", " ", "Say in a sentence what it is for."),
        ("kind", "poem", "Select a valid choice"),
        ("visibility", "", "Choose who may read it."),
        ("slug", "With Space", "Use small letters, digits and hyphens"),
        ("slug", "desk", "This address is a page of the library."),
        ("slug", "a-guide-to-reflection", "Another resource has this address."),
        ("link", "javascript:alert(1)", "Write the whole address of a page"),
        ("link", "ftp://example.org/", "Write the whole address of a page"),
        ("video", "data:text/html,x", "Write the whole address of a page"),
        ("heard", "loud", "Select a valid choice"),
        ("audience", "cats", "Select a valid choice"),
        ("review_on", "soon", "Enter a whole date"),
        ("body", "W" * 60_001, "at most 60000 characters"),
        ("codes", "A1.1, Z9", "Not in this questionnaire: Z9."),
    ],
)
def test_what_is_wrong_is_told_and_kept_as_typed(sign_in, questionnaire, field, said, refusal):
    factories.resource()
    name = f"codes_{questionnaire.pk}" if field == "codes" else field

    answer = sign_in("team").post(
        reverse("resource_add"), {**WORDS, "credit": "As typed", name: said}
    )

    assert (answer.status_code, Resource.objects.count()) == (422, 1)
    assert refusal in answer.text
    assert 'value="As typed"' in answer.text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("A guide to reflection", "a-guide-to-reflection-2"),
        ("Desk", "desk-2"),
        ("שלום", "resource"),
        ("W" * 200, "w" * 80),
    ],
)
def test_an_address_is_made_of_the_title_and_is_free(db, title, slug):
    factories.resource()

    assert writing.free_slug(title) == slug


# What readers will see of it, before it is saved


def test_looking_it_over_shows_what_is_typed_as_readers_will_see_it(sign_in, draft):
    topic = Topic.objects.get(slug="youth-voice")
    sent = filled(
        draft,
        title="A diary to keep",
        body="## Each week\n\nWrite **down** what you tried.",
        link="https://example.org/diary",
        topics=[topic.pk],
        go="look",
    )

    answer = sign_in("team").post(edit(draft), sent)

    shown = answer.text.partition('class="previewed"')[2].partition("</section>")[0]
    assert answer.status_code == 200
    assert '<p class="title">A diary to keep</p>' in shown
    assert "<h3>Each week</h3>\n<p>Write <strong>down</strong> what you tried.</p>" in shown
    assert 'href="https://example.org/diary">Open it at example.org</a>' in shown
    assert reverse("topic", args=["youth-voice"]) in shown


def test_looking_it_over_keeps_what_is_typed_and_saves_nothing(sign_in, draft):
    Resource.objects.update(state=ResourceState.PUBLISHED, published_on=timezone.localdate())
    sent = filled(draft, title="Half", summary="", body="What I wrote.", go="look")

    page = sign_in("team").post(edit(draft), sent).text

    now = Resource.objects.get()
    assert (now.title, now.body, now.version) == ("Reflection diary", "Write each week.", 1)
    assert 'value="Half"' in page
    assert "What I wrote.</textarea>" in page
    assert "Look again before you save:</strong> Summary. As it stands, it is not shown" in page
    assert page.count("Save for all readers</button>") == 2


@pytest.mark.parametrize("hostile", ["javascript:alert(1)", 'https://x" onclick="go()'])
def test_looking_it_over_leads_nowhere_that_saving_would_not(sign_in, draft, hostile):
    sent = filled(draft, link=hostile, video=hostile, go="look")

    page = sign_in("team").post(edit(draft), sent).text

    shown = page.partition('class="previewed"')[2].partition("</section>")[0]
    assert "Look again before you save:</strong> Link, Film. As they stand, they are" in shown
    assert 'href="javascript' not in page
    assert "onclick=" not in shown


# Advice


def test_advice_names_what_is_much_like_it_and_saves_nothing(sign_in, draft):
    answer = sign_in("team").post(
        reverse("resource_add"),
        {**WORDS, "title": "A reflection diary", "body": "Five words are in this", "go": "look"},
    )

    assert (answer.status_code, Resource.objects.count()) == (200, 1)
    assert "A title very much like it is in the library already:" in answer.text
    assert reverse("resource_preview", args=[draft.pk]) in answer.text
    assert "5 words as it was last saved or looked over." in answer.text
    assert 'value="A reflection diary"' in answer.text


def test_advice_never_stops_anybody(sign_in, draft):
    sign_in("team").post(reverse("resource_add"), {**WORDS, "title": "Reflection diary"})

    assert sorted(Resource.objects.values_list("slug", flat=True)) == [
        *("reflection-diary", "reflection-diary-2"),
    ]


@pytest.mark.parametrize(
    "link",
    [
        *(
            "https://example.org/guide",
            "http://www.example.org/guide/",
            "HTTPS://EXAMPLE.ORG/guide",
        ),
    ],
)
def test_one_link_is_known_however_it_is_written(db, link):
    known = factories.resource("Something else", link="https://www.example.org/guide/")

    assert [one.like for one in advice.of(title="New", link=link)] == [known]


@pytest.mark.parametrize(
    "link", ["https://example.org/guide2", "https://example.org/guide?page=2", "", "http://[", "x"]
)
def test_another_link_is_another(db, link):
    factories.resource("Something else", link="https://example.org/guide")

    assert advice.of(title="New", link=link) == []


def test_a_resource_is_not_like_itself(draft):
    assert advice.of(title=draft.title, link=draft.link, kept=draft) == []


def test_advice_speaks_of_pictures_and_first_headings(db):
    found = advice.of(title="New", body="# One\n\n![a](b.png)")

    assert [one.words.split(".")[0] for one in found] == [
        "A picture from elsewhere is not shown",
        "The title is the first heading already",
    ]


def test_the_fragment_advises_as_it_is_typed(sign_in, draft):
    browser = sign_in("team")
    typed = {"title": "Reflection diary"}

    beside = browser.post(reverse("resource_advice"), typed).text
    itself = browser.post(reverse("resource_advice"), {**typed, "resource": draft.pk}).text

    assert "very much like it" in beside
    assert "Nothing to mend" in itself


@pytest.mark.parametrize("who", ["lead", "facilitator", "funder"])
def test_nobody_else_is_told_of_drafts(sign_in, draft, who):
    answer = sign_in(who).post(reverse("resource_advice"), {"title": "Reflection diary"})

    assert answer.status_code == 403


# Changing


def test_a_change_is_saved_with_who_and_when(sign_in, person, draft):
    sign_in("team").post(edit(draft), filled(draft, summary="New\r\n words"))

    now = Resource.objects.get()
    assert (now.summary, now.version, now.written_by) == ("New words", 2, person("team"))
    assert [str(one) for one in Activity.objects.all()] == [
        "The team changed the resource “Reflection diary”"
    ]


def test_nothing_different_is_no_change(sign_in, draft):
    answer = sign_in("team").post(edit(draft), filled(draft), follow=True)

    assert "Nothing was different, so nothing changed." in answer.text
    assert (Resource.objects.get().version, Activity.objects.count()) == (1, 0)


def test_the_address_stays_once_readers_know_it(sign_in):
    out = factories.resource()

    page = sign_in("team").get(edit(out)).text
    sign_in("team").post(edit(out), filled(out, slug="elsewhere", title="Another title"))

    assert ('name="slug"' in page, "goes live at once" in page) == (False, True)
    assert (Resource.objects.get().slug, Resource.objects.get().title) == (
        *("a-guide-to-reflection", "Another title"),
    )
    assert "Another title" in Client().get(out.get_absolute_url()).text


def test_a_published_one_does_not_end_before_it_began(sign_in):
    out = factories.resource()
    before = timezone.localdate() - dt.timedelta(days=2)

    answer = sign_in("team").post(edit(out), filled(out, expires_on=before.isoformat()))

    assert (answer.status_code, Resource.objects.get().expires_on) == (422, None)
    assert "It would end before it is published." in answer.text


def test_another_link_forgets_that_the_old_one_was_broken(sign_in):
    out = factories.resource()
    LinkCheck.objects.create(resource=out, url=out.link, failures=4)

    sign_in("team").post(edit(out), filled(out, link="https://example.org/new"))

    assert LinkCheck.objects.exists() is False


def test_what_is_archived_is_not_changed(sign_in):
    old = factories.resource(state=ResourceState.ARCHIVED)
    browser = sign_in("team")

    asked = browser.get(edit(old))
    answer = browser.post(edit(old), filled(old, title="New title"))

    assert (asked.status_code, answer.status_code) == (302, 409)
    assert 'value="New title"' in answer.text
    assert Resource.objects.get().title == "A guide to reflection"


@pytest.mark.parametrize("who", ["lead", "board_viewer", "facilitator"])
def test_nobody_else_changes_what_is_published(sign_in, who):
    out = factories.resource()

    answer = sign_in(who).post(edit(out), filled(out, title="Mine now"))

    assert (answer.status_code, Resource.objects.get().title) == (403, "A guide to reflection")


# Two at once


def test_two_who_change_the_same_field_see_both_texts_and_choose(sign_in, draft, other):
    mine = filled(draft, summary="My words", credit="Me")
    theirs = Client()
    theirs.force_login(other)
    theirs.post(edit(draft), filled(draft, summary="Their words", licence="CC BY"))
    browser = sign_in("team")

    clash = browser.post(edit(draft), mine)
    unchanged = Resource.objects.get().summary
    again = merging.as_read(ResourceForm(instance=Resource.objects.get()))
    browser.post(
        edit(draft), {**mine, "licence": "CC BY", "as_read": again, "pick-summary": "theirs"}
    )

    assert (clash.status_code, unchanged) == (409, "Their words")
    assert ("My words" in clash.text, "Their words" in clash.text) == (True, True)
    assert f"{other} saved this resource meanwhile" in clash.text
    assert "<del>Their</del><ins>My</ins> words" in clash.text
    assert "Already in the form, because you had not changed it: Licence." in " ".join(
        clash.text.split()
    ).replace("licence.", "Licence.")
    now = Resource.objects.get()
    assert (now.summary, now.credit, now.licence) == ("Their words", "Me", "CC BY")


def test_two_who_change_different_fields_are_both_saved(sign_in, draft, other):
    mine = filled(draft, credit="Me")
    theirs = Client()
    theirs.force_login(other)
    theirs.post(edit(draft), filled(draft, licence="CC BY"))

    sign_in("team").post(edit(draft), mine)

    now = Resource.objects.get()
    assert (now.credit, now.licence, now.version) == ("Me", "CC BY", 3)


def test_looking_it_over_does_not_undo_what_somebody_else_saved(sign_in, draft, other):
    mine = filled(draft, credit="Me", go="look")
    theirs = Client()
    theirs.force_login(other)
    theirs.post(edit(draft), filled(draft, licence="CC BY"))

    page = sign_in("team").post(edit(draft), mine).text

    assert ('value="Me"' in page, 'value="CC BY"' in page) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_field_at_once_the_second_sees_both(at_once, sign_in, draft):
    one, two = sign_in("team"), sign_in("team")
    sent = [filled(draft, summary=words) for words in ("First words", "Second words")]

    answers = at_once(
        lambda: one.post(edit(draft), sent[0]).status_code,
        lambda: two.post(edit(draft), sent[1]).status_code,
    )

    assert sorted(answers) == [302, 409]
    assert Resource.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_an_address_at_once_one_is_told(at_once, sign_in, person):
    one, two = sign_in("team"), sign_in("team")
    sent = {**WORDS, "slug": "groups"}

    answers = at_once(
        lambda: one.post(reverse("resource_add"), sent).status_code,
        lambda: two.post(reverse("resource_add"), sent).status_code,
    )

    assert (sorted(answers), Resource.objects.count()) == ([302, 422], 1)


@pytest.mark.parametrize("as_read", ["", "[]", "{", '{"title": 1}'])
def test_a_page_that_says_nothing_of_what_it_showed_asks(sign_in, draft, as_read):
    answer = sign_in("team").post(edit(draft), filled(draft, summary="Mine", as_read=as_read))

    assert (answer.status_code, Resource.objects.get().summary) == (
        *(409, "How tutors reflect together."),
    )


def test_an_expired_sign_in_loses_no_text(sign_in, person, draft):
    browser = sign_in("team")
    browser.get(edit(draft))
    sent = filled(draft, body="An hour of writing")
    Session.objects.all().delete()

    answer = browser.post(edit(draft), sent)
    browser.force_login(person("team"))
    page = browser.get(edit(draft)).text

    assert answer.status_code == 302
    assert "An hour of writing" in page


# History


def test_the_history_tells_who_changed_what(sign_in, person, draft):
    browser = sign_in("team")
    browser.post(edit(draft), filled(draft, body="Write each day.", audience=["tutors"]))
    topic = Topic.objects.first()
    browser.post(edit(draft), filled(draft, topics=[topic.pk]))
    browser.post(edit(draft), filled(draft, topics=[Topic.objects.last().pk]))

    lines = history.read(Resource.objects.get())
    page = browser.get(reverse("resource_history", args=[draft.pk])).text

    assert [(one.who, one.what) for one in lines] == [
        ("The team", "changed"),
        ("The team", "changed"),
        ("The team", "changed"),
        ("The team", "added it"),
    ]
    assert [one.label for one in lines[2].changes] == ["Text", "For whom"]
    assert [one.beside for one in lines] == [
        "Topics: SEND and access added; Inclusion strategy taken out.",
        "Topics: Inclusion strategy added.",
        "",
        "",
    ]
    assert "<p>Topics: Inclusion strategy added.</p>" in page
    assert ("<del> week</del>" in page, "<ins> day</ins>" in page) == (True, True)


def test_an_earlier_text_is_taken_up_again_by_saving_it(sign_in, draft):
    browser = sign_in("team")
    browser.post(edit(draft), filled(draft, body="Something worse."))
    first = history.read(Resource.objects.get())[-1]

    page = browser.get(edit(draft), {"as_it_was": first.version}).text
    unchanged = Resource.objects.get().body
    browser.post(edit(draft), filled(draft, body="Write each week."))

    assert ("This is an earlier version." in page, "Write each week." in page) == (True, True)
    assert unchanged == "Something worse."
    assert Resource.objects.get().body == "Write each week."
    assert [one.differs for one in history.read(Resource.objects.get())] == [False, True, False]


@pytest.mark.parametrize("version", ["0", "x", "9" * 30])
def test_a_version_that_never_was_is_not_there(sign_in, draft, version):
    answer = sign_in("team").get(edit(draft), {"as_it_was": version})

    assert answer.status_code == 404


def test_versions_of_another_resource_are_not_there(sign_in, draft):
    factories.resource()
    theirs = history.read(Resource.objects.exclude(pk=draft.pk).get())[0]

    assert sign_in("team").get(edit(draft), {"as_it_was": theirs.version}).status_code == 404


def test_what_came_with_the_portal_says_so(sign_in):
    out = factories.resource()

    page = sign_in("team").get(reverse("resource_history", args=[out.pk])).text

    assert "It came with the portal" in page


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_kept_and_shown_as_words(sign_in, text):
    browser = sign_in("team")
    typed = {**WORDS, "title": text[:200], "summary": text, "body": text, "credit": text[:200]}

    answer = browser.post(reverse("resource_add"), typed, follow=True)
    made = Resource.objects.get()
    browser.post(edit(made), filled(made, body=f"{text} again", credit=""))
    clash = browser.post(edit(made), filled(made, body="Mine", as_read=""))
    pages = [
        answer.text,
        clash.text,
        browser.get(reverse("resource_history", args=[made.pk])).text,
        browser.post(reverse("resource_advice"), {"title": text[:200]}).text,
    ]

    assert (made.title, made.body) == (text[:200].strip(), text.strip())
    assert [page for page in pages if "<b onmouseover" in page] == []
