"""Pages of words: everybody reads them, the team writes them, and nothing they said is lost."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from portal.models import Activity
from resources import pages
from resources.models import Page
from tests import factories

EDIT = reverse("page_edit", args=["about"])


@pytest.fixture
def about(db):
    pages.load()
    return Page.objects.get(slug="about")


def typed(page, **changed):
    said = {"title": page.title, "summary": page.summary, "body": page.body}
    return {**said, "as_read": page.version, **changed}


def changed(page, by, **words):
    said = {"title": page.title, "summary": page.summary, "body": page.body, **words}
    pages.change(page=page, **said, as_read=str(page.version), by=by)
    page.refresh_from_db()


# As they come


def test_pages_come_once_and_stay_as_the_team_has_them(about, person):
    changed(about, person("team"), title="About us")
    Page.objects.get(slug="help").delete()

    come = pages.load()

    about.refresh_from_db()
    assert come == 1
    assert (about.title, Page.objects.count()) == ("About us", len(pages.SLUGS) + 1)


def test_a_page_that_nobody_wrote_on_says_what_now_ships(about, person):
    Page.objects.filter(slug="about").update(body="As it shipped long ago")
    contact = Page.objects.get(slug="contact")
    changed(contact, person("team"), body="Ours")

    come = pages.load()

    about.refresh_from_db()
    contact.refresh_from_db()
    assert (come, about.body, contact.body) == (1, pages.shipped(1, "about").body, "Ours")
    assert [one.body for one in pages.versions(about)][1] == "As it shipped long ago"


# The front page


def test_the_team_writes_the_front_page(sign_in, client, about, person):
    page = Page.objects.get(slug="home")
    body = "Before all.\n\n## One\n\nFirst.\n\n### Side\n\nBy side.\n\n## Two\n\nLast **words**."
    data = typed(page, title="We listen. We act.", body=body)

    answer = sign_in("team").post(reverse("page_edit", args=["home"]), data)

    front = client.get("/").text
    assert answer.url == "/"
    assert "<h1>We listen.<br>We act.</h1>" in front
    assert "Before all." in front
    assert "<h3>Side</h3><p>By side.</p>" in front
    assert "Last <strong>words</strong>." in front.partition('id="begin"')[2]


@pytest.mark.parametrize("body", ["Only words.", "## One\n\nFirst.", "## One\n\n## Two"])
def test_a_front_page_of_any_shape_is_one(client, about, body):
    Page.objects.filter(slug="home").update(body=body)

    page = client.get("/").text

    assert page.count("<h1>") == 1
    assert '<h2 class="mb0"></h2>' not in page


def test_the_front_page_has_one_address(client, about):
    assert client.get("/home/").status_code == 404
    assert Page.objects.get(slug="home").get_absolute_url() == "/"


@pytest.mark.parametrize("slug", [*pages.SLUGS, "home"])
def test_a_shipped_page_fits_its_boxes(slug):
    page = pages.shipped(1, slug)

    page.clean_fields(exclude=["changed_by"])

    assert page.summary.endswith(".")
    assert "\n" not in page.title + page.summary


# Reading


@pytest.mark.parametrize("slug", pages.SLUGS)
def test_anybody_reads_a_page_at_the_root(client, about, slug, django_assert_num_queries):
    page = Page.objects.get(slug=slug)

    with django_assert_num_queries(1):
        answer = client.get(f"/{slug}/")

    assert f"<h1>{page.title}</h1>" in answer.text
    assert f'<meta name="description" content="{page.summary}">' in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_an_address_that_is_no_page_is_not_there(client, about):
    answers = [client.get(path) for path in ("/about-us/", "/pages/about/", "/aboutx/")]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_a_page_that_was_never_brought_is_not_there(client, db):
    assert client.get("/about/").status_code == 404


@pytest.mark.parametrize("hostile", factories.HOSTILE)
def test_hostile_words_do_nothing_on_a_page(client, about, person, hostile):
    changed(about, person("team"), title=hostile[:120], summary=hostile[:200], body=hostile)

    page = client.get("/about/").text

    assert "<b onmouseover" not in page
    assert "<script>alert" not in page


def test_a_page_says_where_to_write(client, about, settings):
    settings.CONTACT_EMAIL = "team@example.org"
    known = client.get("/about/").text
    settings.CONTACT_EMAIL = ""
    unknown = client.get("/about/").text

    assert 'href="mailto:team@example.org"' in known
    assert "mailto:" not in unknown
    assert "address is not set" in unknown


def test_only_who_may_change_a_page_is_offered_it(sign_in, about):
    offered = {who: EDIT in sign_in(who).get("/about/").text for who in ("lead", "funder", "team")}

    assert offered == {"lead": False, "funder": False, "team": True}


# Writing


def test_the_team_changes_a_page(sign_in, about, person):
    answer = sign_in("team").post(EDIT, typed(about, title="About us", body="Ours."), follow=True)

    about.refresh_from_db()
    assert answer.redirect_chain == [("/about/", 302)]
    assert "Saved “About us”." in answer.text
    assert (about.title, about.body, about.version) == ("About us", "Ours.", 2)
    assert about.changed_by == person("team")
    assert str(Activity.objects.get()) == f"{person('team')} changed About us"


def test_a_save_that_changes_nothing_is_no_version(sign_in, about):
    sign_in("team").post(EDIT, typed(about))

    about.refresh_from_db()
    assert (about.version, about.changed_at) == (1, None)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("who", ["lead", "facilitator", "funder"])
def test_others_may_not_write(sign_in, about, who):
    answer = sign_in(who).post(EDIT, typed(about, title="Mine"))

    about.refresh_from_db()
    assert answer.status_code == 403
    assert about.title == "About Changing Tracks"


def test_a_preview_saves_nothing(sign_in, about):
    body = "## Heading\n\n**Strong** <i>raw</i>"

    answer = sign_in("team").post(EDIT, typed(about, body=body, go="preview"))

    about.refresh_from_db()
    assert answer.status_code == 200
    assert "<h3>Heading</h3>\n<p><strong>Strong</strong> &lt;i&gt;raw&lt;/i&gt;</p>" in answer.text
    assert answer.context["form"]["body"].value() == body
    assert about.version == 1


@pytest.mark.parametrize("go", ["save", "preview"])
def test_what_is_missing_is_said_and_what_was_typed_stays(sign_in, about, go):
    answer = sign_in("team").post(EDIT, typed(about, title="", body="Kept text", go=go))

    about.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"title": ["Give the page a title."]}
    assert answer.context["preview"] is None
    assert "Kept text</textarea>" in answer.text
    assert about.version == 1


def test_two_who_write_at_once_lose_nothing(sign_in, about, person):
    browser, mine = sign_in("team"), typed(about, body="Mine")
    changed(about, person("team"), body="Theirs")

    clash = browser.post(EDIT, mine)
    kept = Page.objects.get(pk=about.pk).body
    browser.post(EDIT, {**mine, "as_read": clash.context["as_read"]})

    about.refresh_from_db()
    assert clash.status_code == 409
    assert "<pre>Theirs</pre>" in clash.text
    assert clash.context["form"]["body"].value() == "Mine"
    assert (kept, about.body, about.version) == ("Theirs", "Mine", 3)
    assert [one.body for one in pages.versions(about)][:2] == ["Mine", "Theirs"]


@pytest.mark.parametrize("forged", ["", "x", "99"])
def test_a_version_that_was_never_read_overwrites_nothing(sign_in, about, forged):
    answer = sign_in("team").post(EDIT, typed(about, body="Mine", as_read=forged))

    about.refresh_from_db()
    assert answer.status_code == 409
    assert about.version == 1


def test_an_expired_sign_in_keeps_the_text(client, about, person):
    team = {"login": person("team").email, "password": factories.PASSWORD}
    client.post("/account/login/", team, follow=True)
    Session.objects.all().delete()
    client.cookies.pop("session")

    client.post(EDIT, typed(about, body="A long text"))
    client.post("/account/login/", team, follow=True)
    handed_back = client.get(EDIT)

    assert "A long text" in handed_back.text
    assert Page.objects.get(pk=about.pk).version == 1


# What it said before


def test_each_text_is_kept_with_who_and_when(sign_in, about, person):
    changed(about, person("team"), body="Second")
    changed(about, person("team"), body="Third")

    shown = sign_in("team").get(reverse("page_history", args=["about"]))

    assert [(one.number, one.by) for one in shown.context["versions"]] == [
        (3, person("team")),
        (2, person("team")),
        (1, None),
    ]
    assert shown.text.count("On the page now") == 1
    assert "As it came with the portal" in shown.text


def test_an_earlier_text_comes_back_as_a_new_version(sign_in, about, person):
    first = about.body
    changed(about, person("team"), body="Second")
    browser, earlier = sign_in("team"), reverse("page_version", args=["about", 1])

    shown = browser.get(earlier)
    browser.post(earlier, {"as_read": about.version})

    about.refresh_from_db()
    assert "<h3>What we are here to do</h3>" in shown.text
    assert (about.body, about.version) == (first, 3)
    assert [one.number for one in pages.versions(about)] == [3, 2, 1]


def test_nothing_comes_back_over_a_text_that_was_not_seen(sign_in, about, person):
    changed(about, person("team"), body="Second")

    answer = sign_in("team").post(reverse("page_version", args=["about", 1]), {"as_read": 1})

    about.refresh_from_db()
    assert answer.status_code == 409
    assert "Somebody changed this page meanwhile" in answer.text
    assert (about.body, about.version) == ("Second", 2)


def test_the_text_of_now_is_not_brought_back(sign_in, about):
    shown = sign_in("team").get(reverse("page_version", args=["about", 1]))

    assert "This is what the page says now." in shown.text
    assert "Bring this text back" not in shown.text


def test_a_version_that_never_was_is_not_there(sign_in, about):
    assert sign_in("team").get(reverse("page_version", args=["about", 7])).status_code == 404


# The desk


def test_the_desk_lists_each_page(sign_in, about, person, django_assert_num_queries):
    Page.objects.exclude(slug="about").delete()
    changed(about, person("team"), title="About us")
    browser = sign_in("team")
    browser.get("/pages/")
    with django_assert_num_queries(4):
        one = browser.get("/pages/")
    pages.load()
    Page.objects.exclude(slug__in=["about", "help", "nwg"]).delete()
    with django_assert_num_queries(4):
        three = browser.get("/pages/")

    assert [page.title for page in one.context["pages"]] == ["About us"]
    assert [page.slug for page in three.context["pages"]] == ["about", "nwg", "help"]


def test_a_desk_without_pages_says_where_they_come_from(sign_in):
    assert "No page yet" in sign_in("team").get("/pages/").text
