"""A lead asks people to rate: named or anonymous first, then by mail or by a link for a group."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import segno
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.access import Role
from portal.models import Activity, Verb
from portal.templatetags.codes import qr_code
from selfassessment.asking import invites
from selfassessment.asking.addresses import read
from selfassessment.models import (
    Audit,
    MailKind,
    MailState,
    Privacy,
    Rating,
    Respondent,
    RespondentMail,
    Response,
    RoleGroup,
    SharedLink,
    Source,
)
from tests import factories


@pytest.fixture
def named(audit) -> Audit:
    audit.privacy = Privacy.NAMED
    audit.save()
    return audit


def url(audit, tail=""):
    return f"/self-assessments/{audit.pk}/people/{tail}"


def asked(audit):
    return [
        (one.email, one.name, one.role_group)
        for one in audit.respondents.filter(source=Source.EMAIL).order_by("pk")
    ]


# Named or anonymous


def test_privacy_is_chosen_before_anybody_is_asked(sign_in, audit):
    browser = sign_in("lead")

    led = browser.get(url(audit, "invite/"))
    typed = browser.post(url(audit, "invite/"), {"addresses": "a@example.org"})
    chosen = browser.post(led.url, {"privacy": "anonymous"})

    audit.refresh_from_db()
    assert led.url == typed.url == url(audit, "privacy/?then=invite")
    assert chosen.url == url(audit, "invite/")
    assert audit.privacy == Privacy.ANONYMOUS
    assert asked(audit) == []


def test_a_link_too_waits_for_the_choice(sign_in, audit):
    browser = sign_in("lead")

    answer = browser.post(f"/self-assessments/{audit.pk}/links/", {"link-role_group": "tutor"})

    assert answer.url == url(audit, "privacy/?then=")
    assert not SharedLink.objects.exists()


def test_named_may_become_anonymous_until_somebody_hands_in(named, person):
    invites.choose_privacy(audit=named, privacy=Privacy.ANONYMOUS, by=person("lead"))

    named.refresh_from_db()
    assert named.is_anonymous
    assert Activity.objects.get().subject == f"{named} to anonymous"


def test_named_stays_once_somebody_handed_in(sign_in, named):
    factories.heard(named, "tutor", {"A1.1": 2})
    browser = sign_in("lead")

    answer = browser.post(url(named, "privacy/"), {"privacy": "anonymous"})

    named.refresh_from_db()
    assert answer.status_code == 422
    assert "Somebody has handed in by name" in answer.text
    assert named.privacy == Privacy.NAMED


def test_anonymous_is_never_loosened(sign_in, audit, person):
    audit.privacy = Privacy.ANONYMOUS
    audit.save()
    browser = sign_in("lead")

    page = browser.get(url(audit, "privacy/"))
    answer = browser.post(url(audit, "privacy/"), {"privacy": "named"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(privacy="named")

    audit.refresh_from_db()
    assert 'name="privacy"' not in page.text
    assert answer.status_code == 422
    assert "It stays anonymous." in answer.text
    assert audit.is_anonymous


# Inviting by e-mail


def test_one_person_is_asked_and_gets_a_mail_with_their_own_link(sign_in, named, worker, settings):
    browser = sign_in("inclusion_lead")

    answer = browser.post(
        url(named, "invite/"), {"role_group": "tutor", "addresses": "Sam Reed <Sam@Example.org>"}
    )
    worker()

    one = named.respondents.get(source=Source.EMAIL)
    assert answer.url == url(named)
    assert (one.email, one.name, one.role_group) == ("sam@example.org", "Sam Reed", "tutor")
    assert one.response.role_group == RoleGroup.TUTOR
    assert Activity.objects.get().subject == f"1 person (tutors) to rate in {named}"
    sent = mail.outbox[0]
    assert sent.to == ["sam@example.org"]
    assert sent.reply_to == ["inclusion.lead@example.org"]
    for text in (sent.body, sent.alternatives[0].content):
        assert f"{settings.SITE_URL}/r/{one.token}/" in text
        assert f"/r/{one.token}/stop/" in text
        assert "The inclusion lead of Avon Music Service asks for your view." in text
        assert "about 5 minutes for 7 statements" in text
        assert "can look up who said what" in text
    kept = RespondentMail.objects.get()
    assert (kept.kind, kept.state, kept.tries) == (MailKind.INVITATION, MailState.SENT, 1)


def test_an_anonymous_mail_says_so(sign_in, audit, worker):
    audit.privacy = Privacy.ANONYMOUS
    audit.save()
    browser = sign_in("lead")

    browser.post(url(audit, "invite/"), {"role_group": "tutor", "addresses": "sam@example.org"})
    worker()

    assert "this is anonymous" in mail.outbox[0].body
    assert "look up" not in mail.outbox[0].body


def test_bad_lines_are_told_and_nothing_is_done_before_the_others_are_confirmed(sign_in, named):
    factories.respondent(named, email="in@example.org")
    browser = sign_in("lead")
    typed = "a@example.org\nNobody\nin@example.org\nb@\na@example.org\nb@example.org"

    first = browser.post(url(named, "invite/"), {"role_group": "manager", "addresses": typed})
    before = asked(named)
    second = browser.post(
        url(named, "invite/"), {"role_group": "manager", "addresses": typed, "sure": "yes"}
    )
    after = browser.get(second.url)

    assert first.status_code == 422
    for line in ("Line 2: Nobody", "Line 3: in@example.org", "Line 4: b@", "Line 5: a@example.org"):
        assert line in first.text
    assert "They are asked already (tutors)." in first.text
    assert "2 people can be asked." in first.text
    assert typed in first.text
    assert before == [("in@example.org", "", "tutor")]
    assert asked(named)[1:] == [
        ("a@example.org", "", "manager"),
        ("b@example.org", "", "manager"),
    ]
    # What is to mend is kept, and nothing else.
    assert second.url == url(named, "invite/")
    assert after.context["form"]["addresses"].value() == "Nobody\nb@"
    assert after.context["form"]["role_group"].value() == "manager"


def test_many_are_shown_before_they_are_asked(sign_in, named):
    browser = sign_in("lead")
    form = {"role_group": "tutor", "addresses": ", ".join(f"p{n}@example.org" for n in range(11))}

    first = browser.post(url(named, "invite/"), form)
    before = asked(named)
    browser.post(url(named, "invite/"), {**form, "sure": "yes"})

    assert first.status_code == 200
    assert "11 people can be asked." in first.text
    assert before == []
    assert len(asked(named)) == 11
    assert Activity.objects.filter(verb=Verb.INVITED).count() == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Enter at least one e-mail address."),
        ("nobody", "There is nobody to ask yet."),
        (" ".join(f"p{n}@example.org," for n in range(501)), "There are 501 addresses"),
        ("x" * 200_001, "This is too much text."),
    ],
)
def test_nobody_is_asked_where_the_list_will_not_do(sign_in, named, typed, why):
    browser = sign_in("lead")

    answer = browser.post(
        url(named, "invite/"), {"role_group": "tutor", "addresses": typed, "sure": "yes"}
    )

    assert answer.status_code == 422
    assert why in answer.text
    assert typed in answer.text
    assert asked(named) == []


def test_the_role_group_must_be_one_that_can_be_asked(sign_in, named):
    browser = sign_in("lead")

    answer = browser.post(
        url(named, "invite/"), {"role_group": "others", "addresses": "a@example.org"}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["role_group"]
    assert "a@example.org" in answer.text
    assert asked(named) == []


def test_whoever_rates_already_is_not_asked_again_however_they_came(named, person):
    link = factories.shared_link(named, by=person("lead"))
    Respondent.objects.create(
        audit=named, source=Source.LINK, link=link, email="Link@example.org", role_group="tutor"
    )
    factories.heard(named, "tutor", {"A1.1": 2}, email="done@example.org")
    addresses = ["lead@example.org", "link@example.org", "done@example.org", "new@example.org"]

    told = invites.taken(named, addresses)

    assert told == {
        "lead@example.org": "They rate with their account already (senior leaders).",
        "link@example.org": "They rate by the link for tutors already.",
        "done@example.org": "They have handed in already, and each person rates once.",
    }


def test_a_member_who_is_asked_rates_once_by_mail_or_account(named, person):
    member = person("group_member")

    invites.invite(
        audit=named, role_group="tutor", people=read(member.email).people, by=person("lead")
    )

    one = named.respondents.get(source=Source.EMAIL)
    assert one.user == member
    assert Response.objects.visible_to(member).get() == one.response


def test_an_account_elsewhere_is_nobodys_business(named, person):
    outsider = person("outsider")

    invites.invite(
        audit=named, role_group="partner", people=read(outsider.email).people, by=person("lead")
    )

    assert named.respondents.get(source=Source.EMAIL).user is None


@pytest.mark.django_db(transaction=True)
def test_two_leads_asking_the_same_person_ask_once(named, person, at_once):
    people = read("sam@example.org").people
    lead, other = person("lead"), person("inclusion_lead")

    done = at_once(
        lambda: invites.invite(audit=named, role_group="tutor", people=people, by=lead),
        lambda: invites.invite(audit=named, role_group="manager", people=people, by=other),
    )

    assert sorted(len(one) for one in done) == [0, 1]
    assert RespondentMail.objects.count() == 1


def test_no_job_holds_a_link_or_an_address(named, person):
    invites.invite(
        audit=named, role_group="tutor", people=read("sam@example.org").people, by=person("lead")
    )

    job = ProcrastinateJob.objects.filter(task_name="selfassessment.deliver_mail").latest("id")
    assert job.args == {"mail_id": RespondentMail.objects.get().pk}


def test_once_the_talk_is_open_nobody_is_asked(sign_in, named, person):
    factories.open_talk(named, person("lead"))
    browser = sign_in("lead")

    shown = browser.get(url(named))
    answer = browser.post(
        url(named, "invite/"), {"role_group": "tutor", "addresses": "a@example.org"}, follow=True
    )
    link = browser.post(
        f"/self-assessments/{named.pk}/links/", {"link-role_group": "tutor"}, follow=True
    )

    assert "Invite people" not in shown.text
    assert "The talk has begun" in answer.text
    assert "The talk has begun" in link.text
    assert asked(named) == []
    assert not SharedLink.objects.exists()


# Again, other role group, withdraw


def test_a_mail_is_sent_again_by_hand(sign_in, named, worker):
    one = factories.respondent(named, email="sam@example.org")
    browser = sign_in("lead")

    answer = browser.post(url(named, f"{one.pk}/again/"))
    worker()

    one.refresh_from_db()
    assert answer.url == url(named)
    assert [sent.to for sent in mail.outbox] == [["sam@example.org"]]
    assert one.reminded_on == timezone.localdate()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"declined_at": timezone.now()}, "asked for no more mail"),
        ({"handed_in": True}, "no mail is needed any more"),
    ],
)
def test_no_mail_goes_to_whom_it_is_no_use(sign_in, named, fields, why):
    one = factories.respondent(named, email="sam@example.org", **fields)
    browser = sign_in("lead")

    answer = browser.post(url(named, f"{one.pk}/again/"), follow=True)

    assert why in answer.text
    assert not RespondentMail.objects.exists()


def test_a_mail_on_its_way_is_not_doubled(sign_in, named):
    one = factories.respondent(named, email="sam@example.org")
    RespondentMail.objects.create(respondent=one, kind=MailKind.INVITATION)
    browser = sign_in("lead")

    answer = browser.post(url(named, f"{one.pk}/again/"), follow=True)

    assert "is on its way already" in answer.text
    assert RespondentMail.objects.count() == 1


def test_the_role_group_changes_until_they_hand_in(sign_in, named):
    one = factories.respondent(named, "tutor")
    browser = sign_in("lead")

    browser.post(url(named, f"{one.pk}/role/"), {"role_group": "manager"})
    one.refresh_from_db()
    changed = (one.role_group, one.response.role_group)
    factories.hand_in(one.response)
    answer = browser.post(url(named, f"{one.pk}/role/"), {"role_group": "office"})

    one.refresh_from_db()
    assert changed == ("manager", "manager")
    assert answer.status_code == 422
    assert "has handed in, so the role group stays" in answer.text
    assert (one.role_group, one.response.role_group) == ("manager", "manager")


def test_withdrawing_deletes_what_was_not_handed_in_without_trace(sign_in, named):
    one = factories.respondent(named, begun_at=timezone.now())
    factories.rate(one.response, "A1.1", 3, comment="Said in confidence.")
    browser = sign_in("lead")

    asked_first = browser.get(url(named, f"{one.pk}/withdraw/"))
    browser.post(url(named, f"{one.pk}/withdraw/"))

    one.refresh_from_db()
    assert "are deleted for good" in asked_first.text
    assert one.withdrawn_at is not None
    assert not Response.objects.filter(respondent=one).exists()
    assert not Rating.objects.exists()
    assert not Rating.pgh_event_model.objects.exists()
    assert not Respondent.objects.asked().filter(pk=one.pk).exists()


def test_withdrawing_keeps_what_was_handed_in(sign_in, named):
    response = factories.heard(named, "tutor", {"A1.1": 3})[0]
    browser = sign_in("lead")

    asked_first = browser.get(url(named, f"{response.respondent_id}/withdraw/"))
    browser.post(url(named, f"{response.respondent_id}/withdraw/"))

    assert "what they said stays and counts" in asked_first.text
    assert named.respondents.get(pk=response.respondent_id).withdrawn_at is not None
    assert response.ratings.count() == 1


def test_who_was_withdrawn_may_be_asked_again_with_a_new_link(named, person):
    lead, people = person("lead"), read("sam@example.org").people
    first = invites.invite(audit=named, role_group="tutor", people=people, by=lead)[0]
    invites.withdraw(respondent=first, by=lead)

    second = invites.invite(audit=named, role_group="manager", people=people, by=lead)[0]

    assert second.token != first.token
    assert asked(named) == [("sam@example.org", "", "manager")]


def test_who_handed_in_and_was_withdrawn_is_not_asked_again(named, person):
    response = factories.heard(named, "tutor", {"A1.1": 3}, email="sam@example.org")[0]
    invites.withdraw(respondent=response.respondent, by=person("lead"))

    done = invites.invite(
        audit=named, role_group="tutor", people=read("sam@example.org").people, by=person("lead")
    )

    assert done == []
    assert len(asked(named)) == 1


def test_somebody_of_another_audit_is_not_there(sign_in, named, bute, questionnaire, person):
    other = factories.audit(bute, questionnaire, by=person("outsider"), privacy=Privacy.NAMED)
    theirs = factories.respondent(other, email="sam@example.org")
    browser = sign_in("lead")

    codes = {
        tail: browser.post(url(named, f"{theirs.pk}/{tail}/"), {"role_group": "office"}).status_code
        for tail in ("again", "role", "withdraw")
    }

    theirs.refresh_from_db()
    assert codes == {"again": 404, "role": 404, "withdraw": 404}
    assert (theirs.withdrawn_at, theirs.role_group) == (None, "tutor")


# Links for a role group


def test_a_link_is_made_once_and_shown_with_its_square_code(sign_in, named, settings):
    browser = sign_in("lead")
    make = f"/self-assessments/{named.pk}/links/"

    first = browser.post(make, {"link-role_group": "young"})
    second = browser.post(make, {"link-role_group": "young"})
    page = browser.get(first.url)

    link = SharedLink.objects.get()
    assert first.url == second.url == f"{make}{link.pk}/"
    assert f"{settings.SITE_URL}/j/{link.token}/" in page.text
    assert '<svg class="qr"' in page.text
    assert Activity.objects.get().subject == "a link for young people to rate"


def test_a_withdrawn_link_is_gone_and_a_new_one_is_another(sign_in, named, person):
    link = factories.shared_link(named, by=person("lead"))
    came = Respondent.objects.create(audit=named, source=Source.LINK, link=link, role_group="tutor")
    browser = sign_in("lead")
    place = f"/self-assessments/{named.pk}/links/"

    asked_first = browser.get(f"{place}{link.pk}/withdraw/")
    browser.post(f"{place}{link.pk}/withdraw/")
    gone = browser.get(f"{place}{link.pk}/")
    browser.post(place, {"link-role_group": "tutor"})

    assert "Nobody new can begin by it" in asked_first.text
    assert gone.status_code == 404
    assert SharedLink.objects.live().get().token != link.token
    assert named.respondents.asked().filter(pk=came.pk).exists()


def test_a_link_without_a_role_group_is_not_made(sign_in, named):
    browser = sign_in("lead")

    answer = browser.post(
        f"/self-assessments/{named.pk}/links/", {"link-role_group": ""}, follow=True
    )

    assert "Choose the role group that the link is for." in answer.text
    assert not SharedLink.objects.exists()


# The list


@pytest.mark.parametrize("people", [1, 3, 200])
def test_the_list_costs_the_same_however_long(
    sign_in, named, people, django_assert_num_queries, person
):
    for number in range(people - 1):
        one = factories.respondent(named, email=f"p{number}@example.org")
        RespondentMail.objects.create(respondent=one, kind=MailKind.INVITATION)
    factories.shared_link(named, by=person("lead"))
    browser = sign_in("lead")

    with django_assert_num_queries(10):
        answer = browser.get(url(named))

    assert len(answer.context["page"].object_list) == min(people, 50)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("?q=sam", ["Sam Reed"]),
        ("?q=the+lead", ["The lead"]),
        ("?role_group=manager", ["kim@example.org"]),
        ("?state=begun", ["kim@example.org"]),
        ("?state=asked", ["The lead", "Sam Reed"]),
        ("?state=to_come", ["The lead", "kim@example.org", "Sam Reed"]),
        ("?state=declined", ["kim@example.org"]),
        ("?state=handed_in", ["respondent3@example.org"]),
        ("?state=failed", ["Sam Reed"]),
        ("?state=withdrawn", ["old@example.org"]),
        ("?state=nonsense&q=sam", ["Sam Reed"]),
        ("?q=nobody", []),
    ],
)
def test_people_are_found(sign_in, named, person, sought, found):
    sam = factories.respondent(named, email="sam@example.org", name="Sam Reed")
    RespondentMail.objects.create(
        respondent=sam, kind=MailKind.INVITATION, state=MailState.FAILED, trouble="No such place."
    )
    factories.respondent(
        named,
        "manager",
        email="kim@example.org",
        begun_at=timezone.now(),
        declined_at=timezone.now(),
    )
    factories.heard(named, "tutor", {"A1.1": 3})
    factories.respondent(
        named, email="old@example.org", withdrawn_at=timezone.now(), withdrawn_by=person("lead")
    )
    browser = sign_in("lead")

    answer = browser.get(url(named, sought))

    assert [str(one) for one in answer.context["page"]] == found


def test_what_became_of_each_is_said_in_words_and_never_what_was_rated(sign_in, named):
    one = factories.respondent(named, email="sam@example.org", begun_at=timezone.now())
    factories.rate(one.response, "A1.1", 4, comment="Nobody may see this.")
    factories.rate(one.response, "A1.2", 0)
    RespondentMail.objects.create(
        respondent=one, kind=MailKind.REMINDER, state=MailState.FAILED, trouble="Is it spelt right?"
    )
    browser = sign_in("lead")

    answer = browser.get(url(named))

    row = answer.text[answer.text.index("sam@example.org") :]
    assert "Begun" in row
    assert "Reminder could not be sent." in row
    assert "Is it spelt right?" in row
    assert "Send again" in row
    assert "Nobody may see this." not in answer.text
    assert "2 statements" not in answer.text


@pytest.mark.parametrize(("privacy", "enough"), [("named", 3), ("anonymous", 5)])
def test_small_groups_are_warned_of(sign_in, audit, privacy, enough):
    audit.privacy = privacy
    audit.save()
    for _ in range(enough - 1):
        factories.respondent(audit, "tutor")
        factories.respondent(audit, "young")
    browser = sign_in("lead")

    before = {g.role_group: g.warning for g in browser.get(url(audit)).context["asked"].groups}
    factories.respondent(audit, "tutor")
    after = {g.role_group: g.warning for g in browser.get(url(audit)).context["asked"].groups}

    assert before["tutor"] == (
        f"Fewer than {enough}: would be shown together with other small groups."
    )
    assert "young people, parents and carers" in before["young"]
    assert after["tutor"] == ""


def test_an_anonymous_list_tells_no_moment_of_handing_in(sign_in, audit):
    audit.privacy = Privacy.ANONYMOUS
    audit.save()
    factories.heard(audit, "tutor", {"A1.1": 3}, email="sam@example.org")
    Respondent.objects.update(asked_at=timezone.now() - dt.timedelta(days=40))
    browser = sign_in("lead")

    answer = browser.get(url(audit))

    row = answer.text[answer.text.index("sam@example.org") :]
    assert "Handed in" in row
    assert f"{timezone.localdate():%-d %B}" not in row


def test_an_empty_list_says_what_to_do(sign_in, named):
    Respondent.objects.all().delete()
    browser = sign_in("lead")

    answer = browser.get(url(named))

    assert "Nobody is asked yet" in answer.text


def test_those_who_left_the_service_see_nothing(sign_in, named, person, avon):
    lead = person("lead")
    lead.memberships.update(ended_at=timezone.now(), ended_by=person("team"))
    factories.membership(factories.user("next"), avon, Role.LEAD)

    answer = sign_in("lead").get(url(named))

    assert answer.status_code == 404


def test_the_square_code_holds_the_address_with_white_all_around():
    matrix = segno.make("https://portal.example.org/j/1:abc/", error="q", micro=False).matrix

    drawn = qr_code("https://portal.example.org/j/1:abc/", '<b onmouseover="alert(1)">')

    dark = {tuple(map(int, place)) for place in re.findall(r"M(\d+) (\d+)h1", drawn)}
    assert dark == {
        (x + 4, y + 4) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    }
    assert f'viewBox="0 0 {len(matrix) + 8} {len(matrix) + 8}"' in drawn
    assert "<b" not in drawn
