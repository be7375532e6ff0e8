"""A personal link opens one response and nothing else; a role group's link gives each their own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from selfassessment.asking import joining
from selfassessment.models import (
    MailKind,
    Privacy,
    Rating,
    Respondent,
    RespondentMail,
    Response,
    Statement,
)
from tests import factories
from tests.selfassessment.test_rating_pages import key, sent


@pytest.fixture
def tutor(audit):
    """A tutor asked by e-mail, in a named self-assessment."""
    audit.privacy = Privacy.NAMED
    audit.save()
    return factories.respondent(audit, "tutor", email="tutor@example.org", name="Tess Tutor")


@pytest.fixture
def link(audit, person):
    audit.privacy = Privacy.NAMED
    audit.save()
    return factories.shared_link(audit, by=person("inclusion_lead"))


def home(respondent) -> str:
    return f"/r/{respondent.token}/"


def save_url(respondent, code) -> str:
    statement = Statement.objects.get(code=code, questionnaire=respondent.audit.questionnaire_id)
    return f"{home(respondent)}rate/{statement.section.code}/{statement.pk}/"


# What they see first


def test_the_landing_says_who_asks_why_how_long_until_when_and_who_sees_what(tutor, client, person):
    tutor.asked_by = person("inclusion_lead")
    tutor.save()

    page = client.get(home(tutor)).text

    for words in (
        "The inclusion lead of Avon Music Service asks for your view, Tess Tutor",
        "honest picture",
        "About 5 minutes for 7 statements",
        "Only the service lead and the inclusion lead can look up who said what",
        "no names",
    ):
        assert words in page
    assert "To come back" not in page


def test_the_landing_of_an_anonymous_one_says_so(audit, client):
    audit.privacy = Privacy.ANONYMOUS
    audit.save()

    page = client.get(home(factories.respondent(audit))).text

    assert "This is anonymous." in page
    assert "look up who said what" not in page


def test_once_they_have_begun_the_sections_come_before_what_to_know(tutor, client):
    before = client.get(home(tutor)).text

    factories.rate(tutor.response, "A1.1", 3)
    begun = client.get(home(tutor)).text

    assert before.index("Before you begin") < before.index("statements rated")
    assert begun.index("statements rated") < begun.index("Good to know")
    assert "Before you begin" not in begun


def test_looking_is_not_opening(tutor, client):
    client.get(home(tutor))
    client.head(home(tutor))
    client.get(f"{home(tutor)}rate/A1/")

    tutor.refresh_from_db()
    assert (tutor.opened_at, tutor.begun_at) == (None, None)


def test_begin_opens_and_leads_to_the_first_statement(tutor, client):
    answer = client.post(home(tutor))

    tutor.refresh_from_db()
    first = Statement.objects.get(code="A1.1")
    assert answer.url == f"{home(tutor)}rate/A1/#s{first.pk}"
    assert tutor.opened_at is not None
    assert tutor.begun_at is None


def test_the_first_save_notes_that_they_began_and_no_later_one_does(tutor, client):
    client.post(save_url(tutor, "A1.1"), sent("A1.1", rating="3"))
    tutor.refresh_from_db()
    began, opened = tutor.begun_at, tutor.opened_at
    client.post(save_url(tutor, "A1.2"), sent("A1.2", rating="3"))

    tutor.refresh_from_db()
    assert opened == began == tutor.begun_at
    assert began is not None


def test_it_carries_on_where_they_stopped(tutor, client):
    client.post(save_url(tutor, "A1.1"), sent("A1.1", rating="3"))

    page = client.get(home(tutor)).text

    assert "Carry on at A1.2" in page
    assert "1 of 7 rated" in page


# Rating


def test_a_save_is_noted_as_by_link_and_by_nobody(tutor, client):
    answer = client.post(save_url(tutor, "A1.1"), sent("A1.1", rating="3"))

    rating = Rating.objects.get()
    assert answer.status_code == 200
    assert (rating.response, rating.choice) == (tutor.response, "3")
    assert (rating.via, rating.saved_by) == ("link", None)


@pytest.mark.parametrize("who", ["lead", "outsider", "team"])
def test_whoever_is_signed_in_the_link_is_its_persons(tutor, sign_in, response, who):
    answer = sign_in(who).post(save_url(tutor, "A1.1"), sent("A1.1", rating="3"))

    rating = Rating.objects.get()
    assert answer.status_code == 200
    assert (rating.response, rating.saved_by, rating.via) == (tutor.response, None, "link")
    assert response.ratings.count() == 0


def test_saving_by_link_takes_six_queries(tutor, client, django_assert_num_queries):
    client.post(save_url(tutor, "A1.2"), sent("A1.2", rating="1"))
    url, typed = save_url(tutor, "A1.1"), sent("A1.1", rating="4")

    with django_assert_num_queries(8):  # of them two are a savepoint and its end
        client.post(url, typed)


def test_without_scripts_a_section_is_saved_by_its_buttons(tutor, client):
    answer = client.post(
        f"{home(tutor)}rate/A1/", {**sent("A1.1", rating="3"), "go": "after"}, follow=True
    )

    assert answer.redirect_chain == [(f"{home(tutor)}rate/A2/", 302)]
    assert "Saved A1 Vision and leadership." in answer.text
    assert Rating.objects.get().choice == "3"


def test_a_clash_of_two_devices_shows_both(tutor, client):
    client.post(save_url(tutor, "A1.1"), sent("A1.1", rating="3", comment="Phone") | {"page": "a"})

    answer = client.post(
        save_url(tutor, "A1.1"), sent("A1.1", rating="1", comment="Desk") | {"page": "b"}
    )

    assert answer.status_code == 409
    assert "Phone" in answer.text
    assert "Desk" in answer.text
    assert Rating.objects.get().comment == "Phone"


def test_a_statement_of_another_questionnaire_is_not_there(tutor, client):
    other = factories.draft(name="Other").statements.get(code="A1.1")

    answer = client.post(f"{home(tutor)}rate/A1/{other.pk}/", {f"s{other.pk}-rating": "3"})

    assert answer.status_code == 404
    assert Rating.objects.count() == 0


def test_the_pages_hold_no_way_into_the_rest_of_the_portal(tutor, sign_in):
    browser = sign_in("lead")

    pages = [browser.get(home(tutor) + path).text for path in ("", "rate/A1/", "check/", "stop/")]

    for page in pages:
        assert "Avon Music Service" in page
        assert 'aria-label="Main"' not in page
        assert "/self-assessments/" not in page
        assert "lead@example.org" not in page


@pytest.mark.parametrize("path", ["", "rate/A1/", "check/", "stop/"])
def test_nothing_is_kept_passed_on_or_found(tutor, client, path):
    answer = client.get(home(tutor) + path)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_form_sent_from_elsewhere_is_refused_and_one_from_the_page_is_not(tutor):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(f"{home(tutor)}rate/A1/").text
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    typed = sent("A1.1", rating="3", comment="Typed by hand")

    forged = browser.post(save_url(tutor, "A1.1"), typed)
    ours = browser.post(save_url(tutor, "A1.1"), {**typed, "csrfmiddlewaretoken": token})

    assert (forged.status_code, ours.status_code) == (403, 200)
    assert Rating.objects.get().version == 1


def test_without_its_cookie_a_page_gives_back_what_was_typed(tutor):
    browser = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})

    answer = browser.post(f"{home(tutor)}rate/A1/", sent("A1.1", comment="Typed for an hour"))

    assert answer.status_code == 403
    assert "Typed for an hour" in answer.text
    assert Rating.objects.count() == 0


# Links that open nothing


@pytest.mark.parametrize("path", ["", "rate/A1/", "check/", "stop/"])
def test_a_made_up_link_is_not_there(db, client, path):
    answer = client.get(f"/r/1:made-up/{path}")

    assert answer.status_code == 404
    assert "Part of it may be missing" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_token_of_a_shared_link_is_no_personal_one(tutor, link, client):
    assert client.get(f"/r/{link.token}/").status_code == 404
    assert client.get(f"/j/{tutor.token}/").status_code == 404


def test_a_withdrawn_link_says_so_and_changes_nothing(tutor, client, person):
    Respondent.objects.filter(pk=tutor.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=person("lead")
    )

    page = client.get(home(tutor))
    begun = client.post(home(tutor))
    saved = client.post(save_url(tutor, "A1.1"), sent("A1.1", rating="3"))

    assert [one.status_code for one in (page, begun, saved)] == [410, 410, 410]
    assert "taken back" in page.text
    assert Rating.objects.count() == 0


# The end of it


def rated(tutor):
    factories.rate(tutor.response, "A1.1", 3)
    return tutor


def test_handing_in_thanks_and_closes(tutor, client):
    answer = client.post(f"{home(rated(tutor))}hand-in/", follow=True)
    late = client.post(save_url(tutor, "A1.1"), sent("A1.1", version="1", rating="1"))

    tutor.refresh_from_db()
    assert "Thank you" in answer.text
    assert "You can read what you rated below" in answer.text
    assert tutor.handed_in
    assert late.status_code == 409
    assert Rating.objects.get().choice == "3"


def test_an_empty_response_is_not_handed_in(tutor, client):
    answer = client.post(f"{home(tutor)}hand-in/", follow=True)

    tutor.refresh_from_db()
    assert "Rate at least one statement before you hand in." in answer.text
    assert not tutor.handed_in


def test_handed_in_anonymously_the_link_shows_nothing_of_it(audit, client):
    audit.privacy = Privacy.ANONYMOUS
    audit.save()
    someone = factories.respondent(audit)
    factories.rate(someone.response, "A1.1", 3, comment="Only here")

    answer = client.post(f"{home(someone)}hand-in/", follow=True)
    section = client.get(f"{home(someone)}rate/A1/", follow=True)

    for page in (answer, section):
        assert "Nothing joins you to your ratings any more" in page.text
        assert "Only here" not in page.text


def test_after_the_date_it_is_late_and_still_open(tutor, client):
    tutor.audit.finish_on = timezone.localdate() - dt.timedelta(days=2)
    tutor.audit.save()

    page = client.get(home(tutor)).text
    client.post(save_url(tutor, "A1.1"), sent("A1.1", rating="3"))

    assert "so this is late" in page
    assert Rating.objects.get().choice == "3"


@pytest.mark.parametrize("path", ["", "rate/A1/", "check/"])
def test_once_the_talk_has_begun_it_thanks(tutor, client, person, path):
    factories.open_talk(tutor.audit, person("lead"))

    answer = client.get(home(tutor) + path, follow=True)

    assert "The talk has begun" in answer.text
    assert answer.request["PATH_INFO"] == home(tutor)


def test_what_is_typed_as_the_talk_begins_is_shown_to_be_copied(tutor, client, person):
    factories.open_talk(tutor.audit, person("lead"))

    page = client.post(f"{home(tutor)}rate/A1/", sent("A1.1", comment="Typed on the bus"))

    assert page.status_code == 409
    assert "The talk has begun, so nothing was changed." in page.text
    assert "Typed on the bus" in page.text
    assert Rating.objects.count() == 0


# No more reminders


def test_looking_at_please_dont_changes_nothing(tutor, client):
    client.get(f"{home(tutor)}stop/")

    tutor.refresh_from_db()
    assert tutor.declined_at is None


def test_reminders_stop_and_come_back(tutor, client):
    stopped = client.post(f"{home(tutor)}stop/", {"wish": "stop"}, follow=True)
    tutor.refresh_from_db()
    declined = tutor.declined_at
    again = client.post(f"{home(tutor)}stop/", {"wish": "remind"}, follow=True)
    tutor.refresh_from_db()

    assert "No more reminders" in stopped.text
    assert declined is not None
    assert "Shall we stop reminding you?" in again.text
    assert tutor.declined_at is None


# The link of a role group


def test_a_shared_link_gives_each_their_own(link, client):
    page = client.get(f"/j/{link.token}/")
    first = client.post(f"/j/{link.token}/", {"name": "Ann", "once": "one"})
    second = Client().post(f"/j/{link.token}/", {"name": "", "once": "two"})

    people = list(link.respondents.order_by("pk"))
    assert "The inclusion lead of Avon Music Service asks tutors for their view" in page.text
    assert [one.name for one in people] == ["Ann", ""]
    assert [first.url, second.url] == [home(one) for one in people]
    assert {(one.source, one.role_group, one.response.role_group) for one in people} == {
        ("link", "tutor", "tutor")
    }


def test_two_clicks_on_begin_are_one_person(link, client):
    first = client.post(f"/j/{link.token}/", {"once": "the-same-page"})
    second = client.post(f"/j/{link.token}/", {"once": "the-same-page"})

    assert first.url == second.url
    assert link.respondents.count() == 1


def test_two_clicks_at_the_same_moment_are_one_person(transactional_db, link, at_once):
    def click():
        return joining.begin_by_shared_link(link=link, once="the-same-page").pk

    first, second = at_once(click, click)

    assert first == second
    assert Respondent.objects.filter(link=link).count() == 1


def test_an_anonymous_one_asks_no_name(link, client):
    link.audit.privacy = Privacy.ANONYMOUS
    link.audit.save()

    page = client.get(f"/j/{link.token}/").text
    client.post(f"/j/{link.token}/", {"name": "Ann"})

    assert "Your name" not in page
    assert link.respondents.get().name == ""


def test_its_page_shows_the_address_to_come_back_to(link, client, settings):
    settings.SITE_URL = "https://portal.example.org"
    answer = client.post(f"/j/{link.token}/", follow=True)

    address = f"https://portal.example.org{home(link.respondents.get())}"
    assert f'<a href="{address}">{address}</a>' in answer.text


def test_the_address_is_mailed_where_wished(link, client):
    client.post(f"/j/{link.token}/")
    someone = link.respondents.get()

    answer = client.post(f"{home(someone)}mail/", {"email": "Ann@Example.org"}, follow=True)

    someone.refresh_from_db()
    assert "is on its way to ann@example.org" in answer.text
    assert someone.email == "ann@example.org"
    assert [(m.respondent, m.kind) for m in RespondentMail.objects.all()] == [
        (someone, MailKind.RETURN_LINK)
    ]


@pytest.mark.parametrize("email", ["", "no address", "tutor@example.org"])
def test_an_address_that_will_not_do_is_refused(link, tutor, client, email):
    client.post(f"/j/{link.token}/")
    someone = link.respondents.get()

    answer = client.post(f"{home(someone)}mail/", {"email": email})

    someone.refresh_from_db()
    assert answer.status_code == 422
    assert someone.email == ""
    assert RespondentMail.objects.count() == 0


def test_who_was_asked_by_mail_has_no_second_address(tutor, client):
    answer = client.post(f"{home(tutor)}mail/", {"email": "other@example.org"})

    tutor.refresh_from_db()
    assert answer.url == home(tutor)
    assert tutor.email == "tutor@example.org"


def test_a_withdrawn_shared_link_makes_nobody_and_theirs_still_works(link, client, person):
    client.post(f"/j/{link.token}/")
    link.withdrawn_at, link.withdrawn_by = timezone.now(), person("lead")
    link.save()

    answer = client.post(f"/j/{link.token}/")
    theirs = client.get(home(link.respondents.get()))

    assert (answer.status_code, theirs.status_code) == (410, 200)
    assert "taken back" in answer.text
    assert link.respondents.count() == 1


def test_once_the_talk_has_begun_nobody_begins(link, client, person):
    factories.open_talk(link.audit, person("lead"))

    answer = client.post(f"/j/{link.token}/")

    assert answer.status_code == 410
    assert "The talk has begun" in answer.text
    assert link.respondents.count() == 0


def test_a_machine_that_clicks_is_held_back(link, client, monkeypatch):
    monkeypatch.setattr(joining, "MOST_BY_ONE_LINK", 2)
    for _ in range(2):
        client.post(f"/j/{link.token}/")

    answer = client.post(f"/j/{link.token}/", follow=True)

    assert "Very many people have begun by this link" in answer.text
    assert link.respondents.count() == 2


# Members


def test_a_member_rates_as_well(audit, sign_in, person):
    audit.privacy = Privacy.NAMED
    audit.save()

    answer = sign_in("group_member").post(f"/self-assessments/{audit.pk}/join/", follow=True)

    mine = Response.objects.get(respondent__user=person("group_member"))
    assert "You rate as well." in answer.text
    assert (mine.respondent.source, mine.role_group) == ("account", "tutor")


@pytest.mark.parametrize("how", ["twice", "asked by mail", "talk"])
def test_a_member_does_not_rate_twice_or_too_late(audit, sign_in, person, how):
    member = person("group_member")
    if how == "twice":
        factories.join(audit, member)
    if how == "asked by mail":
        factories.respondent(audit, email=member.email.upper())
    if how == "talk":
        factories.open_talk(audit, person("lead"))
    before = audit.respondents.count()

    answer = sign_in("group_member").post(f"/self-assessments/{audit.pk}/join/", follow=True)

    words = {
        "twice": "You rate in this self-assessment already.",
        "asked by mail": "Use the link in that mail",
        "talk": "nobody can begin to rate now",
    }
    assert words[how] in answer.text
    assert audit.respondents.count() == before


def leave(user):
    user.memberships.update(ended_at=timezone.now(), ended_by=user)


def test_whoever_takes_over_does_not_rate_already(audit, response, sign_in, person):
    leave(person("lead"))
    factories.join(audit, person("inclusion_lead"))

    answer = sign_in("inclusion_lead").post(f"/self-assessments/{audit.pk}/take-over/", follow=True)

    response.refresh_from_db()
    assert "one person, one voice" in answer.text
    assert response.respondent.user == person("lead")


def test_nobody_takes_over_what_is_anonymous(audit, response, sign_in, person):
    leave(person("lead"))
    audit.privacy = Privacy.ANONYMOUS
    audit.save()

    answer = sign_in("inclusion_lead").post(f"/self-assessments/{audit.pk}/take-over/", follow=True)

    response.refresh_from_db()
    assert "nobody sees what another rated" in answer.text
    assert response.respondent.user == person("lead")


# Plain words


@pytest.fixture
def plainly(avon, person):
    """A self-assessment on an edition in which two statements have a plain wording."""
    draft = factories.draft(name="Plainly")
    for code in ("A1.1", "B1.1"):
        draft.statements.filter(code=code).update(plain_text=f"Do you feel at home with {code}?")
    return factories.audit(avon, factories.publish(draft, person("team")), by=person("lead"))


@pytest.mark.parametrize("group", ["young", "parent"])
def test_families_are_asked_in_plain_words_only(plainly, client, group):
    someone = factories.respondent(plainly, group)

    landing = client.get(home(someone)).text
    section = client.get(f"{home(someone)}rate/A1/").text
    check = client.get(f"{home(someone)}check/").text
    nowhere = client.get(f"{home(someone)}rate/A2/")

    assert "0 of 2 rated" in landing
    assert "Do you feel at home with A1.1?" in section
    assert section.count("<fieldset") == 1
    assert "Look for A VISION" not in section
    assert "Do you feel at home with B1.1?" in check
    assert "We have A POLICY" not in check
    assert nowhere.status_code == 404


def test_what_has_no_plain_wording_cannot_be_saved_by_them(plainly, client):
    someone = factories.respondent(plainly, "young")
    refused = client.post(save_url(someone, "A1.2"), {f"{key_of(plainly, 'A1.2')}-rating": "3"})
    saved = client.post(save_url(someone, "A1.1"), {f"{key_of(plainly, 'A1.1')}-rating": "3"})

    assert (refused.status_code, saved.status_code) == (404, 200)
    assert [r.statement.code for r in someone.response.ratings.all()] == ["A1.1"]


def key_of(audit, code) -> str:
    return f"s{audit.statements().get(code=code).pk}"


def test_staff_are_asked_all_of_it_in_its_own_words(plainly, client):
    page = client.get(f"{home(factories.respondent(plainly, 'tutor'))}rate/A1/").text

    assert page.count("<fieldset") == 3
    assert "We have A VISION." in page
    assert "feel at home" not in page


def test_families_are_asked_the_usual_where_nothing_is_plain(audit, client):
    someone = factories.respondent(audit, "young")

    page = client.get(f"{home(someone)}rate/A1/").text

    assert page.count("<fieldset") == 3
    assert "We have A VISION." in page
    assert f"{key('A1.1')}-rating" in page
