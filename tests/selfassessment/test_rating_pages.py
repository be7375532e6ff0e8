"""The pages of rating: the section, the save, the check, handing in, opening again."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import Activity
from selfassessment.models import Rating, Response, Statement
from tests import factories


def key(code: str) -> str:
    return f"s{Statement.objects.get(code=code).pk}"


def sent(code: str, **fields: str) -> dict[str, str]:
    """What a page sends of one statement; its boxes are empty unless the test fills them."""
    boxes = {"version": "0", "reason": "", "comment": "", "evidence": "", "link": "", **fields}
    return {f"{key(code)}-{name}": value for name, value in boxes.items()} | {"page": "p"}


def section_url(audit, code="A1"):
    return f"/self-assessments/{audit.pk}/rate/{code}/"


def save_url(audit, code):
    statement = Statement.objects.get(code=code)
    return f"{section_url(audit, statement.section.code)}{statement.pk}/"


def test_a_statement_is_one_fieldset_with_its_text_as_legend(sign_in, audit):
    html = sign_in("lead").get(section_url(audit)).text

    assert html.count("<fieldset") == html.count("<legend") == 3
    assert len(re.findall(r'type="radio"', html)) == 3 * (5 + 2)
    assert " checked" not in html.replace("and checked", "")


def test_saving_answers_with_the_time_and_the_next_version(sign_in, audit):
    answer = sign_in("lead").post(
        save_url(audit, "A1.1"), {f"{key('A1.1')}-rating": "2", "page": "p"}
    )

    assert answer.status_code == 200
    assert "Saved at" in answer.text
    assert f'id="{key("A1.1")}-version" value="1"' in answer.text
    assert Rating.objects.get().choice == "2"


def test_a_clash_answers_409_with_both_texts(sign_in, audit, response):
    factories.rate(response, "A1.1", 3, comment="Theirs <b>")

    answer = sign_in("lead").post(
        save_url(audit, "A1.1"),
        {f"{key('A1.1')}-rating": "1", f"{key('A1.1')}-comment": "Mine <b>", "page": "p"},
    )

    assert answer.status_code == 409
    assert "Mine &lt;b&gt;" in answer.text
    assert "Theirs &lt;b&gt;" in answer.text
    assert Rating.objects.get().comment == "Theirs <b>"


def test_keeping_mine_decides_against_the_version_shown_only(sign_in, audit, response):
    rating = factories.rate(response, "A1.1", 3)
    Rating.objects.filter(pk=rating.pk).update(version=5)
    typed = {f"{key('A1.1')}-rating": "1", f"{key('A1.1')}-wish": "mine", "page": "p"}

    stale = sign_in("lead").post(save_url(audit, "A1.1"), {**typed, f"{key('A1.1')}-beside": "4"})
    decided = sign_in("lead").post(save_url(audit, "A1.1"), {**typed, f"{key('A1.1')}-beside": "5"})

    assert (stale.status_code, decided.status_code) == (409, 200)
    assert Rating.objects.get().choice == "1"


def test_what_cannot_be_saved_answers_422_and_changes_nothing(sign_in, audit):
    answer = sign_in("lead").post(
        save_url(audit, "A1.1"),
        {f"{key('A1.1')}-rating": "2", f"{key('A1.1')}-link": "javascript:alert(1)", "page": "p"},
    )

    assert answer.status_code == 422
    assert Rating.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "length"), [("reason", 1001), ("comment", 4001), ("evidence", 2001), ("link", 501)]
)
def test_too_long_a_text_is_refused_and_shown_again(sign_in, audit, field, length):
    text = "https://example.org/" + "w" * length

    answer = sign_in("lead").post(
        section_url(audit), {f"{key('A1.1')}-{field}": text, "page": "p", "go": "after"}
    )

    assert answer.status_code == 422
    assert text in answer.text
    assert Rating.objects.count() == 0


def test_saving_a_page_leads_where_the_button_says(sign_in, audit):
    lead = sign_in("lead")

    places = [
        lead.post(section_url(audit, code), {"go": go, "page": "p"}).url
        for code, go in [("A1", "after"), ("A2", "before"), ("A2", "list"), ("B1", "after")]
    ]

    base = f"/self-assessments/{audit.pk}/"
    assert places == [f"{base}rate/A2/", f"{base}rate/A1/", f"{base}mine/", f"{base}check/"]


def test_a_statement_of_another_section_is_not_found(sign_in, audit):
    other = Statement.objects.get(code="B1.1")

    answer = sign_in("lead").post(f"{section_url(audit)}{other.pk}/", {"page": "p"})

    assert answer.status_code == 404


def test_the_quick_check_asks_its_own_statements_only(sign_in, avon, questionnaire, person):
    audit = factories.audit(avon, questionnaire, by=person("lead"), scope="quick")
    left_out = Statement.objects.get(code="A1.2")

    page = sign_in("lead").get(section_url(audit)).text
    answer = sign_in("lead").post(f"{section_url(audit)}{left_out.pk}/", {"page": "p"})

    assert (page.count("<fieldset"), answer.status_code) == (1, 404)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("inclusion_lead", 404),
        ("board_viewer", 404),
        ("outsider", 404),
        ("team", 404),
        ("visitor", 302),
    ],
)
def test_nobody_rates_with_anothers_hand(sign_in, audit, who, status):
    browser = sign_in(who)

    seen = browser.get(section_url(audit))
    saved = browser.post(save_url(audit, "A1.1"), {f"{key('A1.1')}-rating": "4", "page": "p"})
    handed_in = browser.post(f"/self-assessments/{audit.pk}/hand-in/")

    assert [seen.status_code, saved.status_code, handed_in.status_code] == [status] * 3
    assert Rating.objects.count() == 0
    assert Response.objects.get().handed_in_at is None


def test_somebody_who_left_the_service_rates_no_more(sign_in, audit, person):
    lead = sign_in("lead")
    membership = person("lead").memberships.get()
    membership.ended_at, membership.ended_by = membership.started_at, person("lead")
    membership.save()

    answer = lead.post(save_url(audit, "A1.1"), {f"{key('A1.1')}-rating": "4", "page": "p"})

    assert answer.status_code == 404
    assert Rating.objects.count() == 0


def test_the_check_lists_what_is_left_and_what_is_not_known(sign_in, audit, response):
    factories.rate(response, "A1.1", 3, discuss=True)
    factories.rate(response, "A1.2", "dk")
    factories.rate(response, "A1.3", "na")

    html = sign_in("lead").get(f"/self-assessments/{audit.pk}/check/").text

    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", html)
    assert headings == [
        "Say why these do not apply",
        "Left blank",
        "You said “don’t know”",
        "You want to discuss",
        "Hand in",
    ]


def test_handing_in_closes_the_ratings_and_is_logged(sign_in, audit, response):
    factories.rate(response, "A1.1", 3)
    lead = sign_in("lead")

    lead.post(f"/self-assessments/{audit.pk}/hand-in/")
    refused = lead.post(save_url(audit, "A1.1"), {f"{key('A1.1')}-rating": "0", "page": "p"})
    page = lead.get(section_url(audit)).text

    assert refused.status_code == 409
    assert Rating.objects.get().choice == "3"
    assert page.count("disabled") == 3
    assert Activity.objects.filter(verb="handed_in").count() == 1


@pytest.mark.parametrize(
    ("who", "status", "open_after"),
    [
        ("lead", 302, True),
        ("inclusion_lead", 403, False),
        ("group_member", 403, False),
        ("board_viewer", 403, False),
        ("outsider", 404, False),
        ("team", 404, False),
    ],
)
def test_only_the_lead_opens_ratings_again(sign_in, audit, response, who, status, open_after):
    factories.rate(response, "A1.1", 3)
    sign_in("lead").post(f"/self-assessments/{audit.pk}/hand-in/")

    answer = sign_in(who).post(f"/self-assessments/{audit.pk}/reopen/")

    response.refresh_from_db()
    assert (answer.status_code, response.handed_in_at is None) == (status, open_after)


def test_hostile_text_comes_out_as_text(sign_in, avon, person):
    text = " ".join(factories.HOSTILE)
    edition = factories.questionnaire(
        by=person("team"),
        name="Hostile",
        text=text.replace("{", "{{").replace("}", "}}"),
        guidance=text.replace("{", "{{").replace("}", "}}"),
    )
    audit = factories.audit(avon, edition, by=person("lead"))
    response = Response.objects.get(audit=audit)
    for word in ("A1.1", "A1.2"):
        factories.rate(response, word, 1, comment=text, evidence=text, reason=text)

    html = sign_in("lead").get(section_url(audit)).text

    assert "<b onmouseover" not in html
    assert html.count("&lt;b onmouseover=") == 3 + 3 + 3 * 2
    assert "{{ request.user.password }}" in html


def test_the_section_page_asks_the_same_of_the_database_however_many_statements(
    sign_in, avon, person
):
    def queries(statements):
        edition = factories.questionnaire(
            by=person("team"),
            name=f"With {statements}",
            parts=[("A", "A1", "One", ["x"] * statements)],
        )
        audit = factories.audit(avon, edition, by=person("lead"))
        lead = sign_in("lead")
        with CaptureQueriesContext(connection) as captured:
            lead.get(section_url(audit))
        return len(captured)

    assert queries(1) == queries(3) == 9


def test_saving_a_rating_takes_eight_queries(sign_in, audit):
    lead = sign_in("lead")
    lead.post(save_url(audit, "A1.2"), sent("A1.2", rating="1"))  # the first notes that one began
    url, typed = save_url(audit, "A1.1"), sent("A1.1", rating="4")

    with CaptureQueriesContext(connection) as captured:
        lead.post(url, typed)

    asked = [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]
    assert len(asked) == 8


@pytest.mark.parametrize("left_out", ["reason", "comment", "evidence", "link"])
def test_a_field_left_out_of_the_post_stays_as_it_was(sign_in, audit, response, left_out):
    said = {"reason": "Why", "comment": "C", "evidence": "E", "evidence_url": "https://example.org"}
    factories.rate(response, "A1.1", 1, **said)
    typed = sent(
        "A1.1", version="1", rating="2", reason="x", comment="x", evidence="x", link="x.org"
    )
    del typed[f"{key('A1.1')}-{left_out}"]

    sign_in("lead").post(save_url(audit, "A1.1"), typed)

    changed = {"reason": "x", "comment": "x", "evidence": "x", "evidence_url": "https://x.org"}
    name = "evidence_url" if left_out == "link" else left_out
    kept = Rating.objects.get()
    assert kept.choice == "2"
    assert {n: getattr(kept, n) for n in said} == {**changed, name: said[name]}


def test_a_page_that_says_nothing_of_a_statement_leaves_it_alone(sign_in, audit, response):
    factories.rate(response, "A1.1", 3, comment="Kept.", discuss=True)
    lead = sign_in("lead")

    whole = lead.post(section_url(audit), {"go": "after", "page": "p"})
    one = lead.post(save_url(audit, "A1.1"), {"page": "p"})

    assert (whole.status_code, one.status_code) == (302, 200)
    assert [(r.choice, r.comment, r.discuss) for r in Rating.objects.all()] == [
        ("3", "Kept.", True)
    ]


def test_a_box_unticked_on_the_page_is_unticked(sign_in, audit, response):
    factories.rate(response, "A1.1", 3, discuss=True)

    sign_in("lead").post(save_url(audit, "A1.1"), sent("A1.1", version="1", rating="3"))

    assert [(r.choice, r.discuss) for r in Rating.objects.all()] == [("3", False)]


@pytest.mark.parametrize("odd", ["9" * 5000, "٣", "-1", "1.0", "\x00", "", "x"])
def test_an_odd_version_counts_as_nothing_read(sign_in, audit, response, odd):
    rating = factories.rate(response, "A1.1", 3)
    Rating.objects.filter(pk=rating.pk).update(version=3)
    typed = sent("A1.1", rating="1", version=odd, beside=odd)

    plain = sign_in("lead").post(save_url(audit, "A1.1"), typed)
    mine = sign_in("lead").post(section_url(audit), {**typed, f"{key('A1.1')}-wish": "mine"})

    assert (plain.status_code, mine.status_code) == (409, 409)
    assert Rating.objects.get().choice == "3"


@pytest.mark.parametrize("odd", ["9" * 5000, "٣", "-1", "5", "\x00", "level"])
@pytest.mark.parametrize("whole", [True, False])
def test_an_odd_level_is_refused(sign_in, audit, odd, whole):
    url = section_url(audit) if whole else save_url(audit, "A1.1")

    answer = sign_in("lead").post(url, sent("A1.1", rating=odd))

    assert answer.status_code == 422
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("odd", ["\x00", "p" * 33, "p\n", "ṕ"])
def test_an_odd_name_of_a_page_is_no_name(sign_in, audit, odd):
    answer = sign_in("lead").post(
        save_url(audit, "A1.1"), {**sent("A1.1", rating="2"), "page": odd}
    )

    assert answer.status_code == 200
    assert [(r.choice, r.page) for r in Rating.objects.all()] == [("2", "")]


@pytest.mark.parametrize(
    "path",
    [
        "{audit}/rate/%00/",
        "{audit}/rate/%00/{statement}/",
        "{audit}/rate/A1/99999999999999999999/",
        "99999999999999999999/rate/A1/",
        "99999999999999999999/check/",
        "99999999999999999999/",
    ],
)
def test_an_odd_address_is_not_found(sign_in, audit, path):
    statement = Statement.objects.get(code="A1.1").pk
    url = "/self-assessments/" + path.format(audit=audit.pk, statement=statement)

    lead = sign_in("lead")
    answers = [lead.post(url, {"page": "p"}), lead.get(url)]

    assert {answer.status_code for answer in answers} <= {404, 405}


def test_a_refused_field_on_an_old_page_still_clashes_once_mended(sign_in, audit, response):
    lead = sign_in("lead")
    factories.rate(response, "A1.1", 3)

    refused = lead.post(section_url(audit), sent("A1.1", rating="1", link="javascript:1"))
    version = re.search(rf'name="{key("A1.1")}-version"[^>]*value="(\d+)"', refused.text)
    mended = lead.post(section_url(audit), sent("A1.1", rating="1", version=version[1]))

    assert (refused.status_code, version[1], mended.status_code) == (422, "0", 409)
    assert Rating.objects.get().choice == "3"


def test_two_versions_shown_are_not_a_choice_made(sign_in, audit, response):
    lead = sign_in("lead")
    factories.rate(response, "A1.1", 3)

    shown = lead.post(section_url(audit), sent("A1.1", rating="1"))
    version = re.search(rf'name="{key("A1.1")}-version"[^>]*value="(\d+)"', shown.text)
    again = lead.post(section_url(audit), sent("A1.1", rating="1", version=version[1]))

    assert (shown.status_code, version[1], again.status_code) == (409, "0", 409)
    assert Rating.objects.get().choice == "3"


def test_without_scripts_a_page_from_the_history_clashes_with_what_it_saved(sign_in, audit):
    lead = sign_in("lead")
    html = lead.get(section_url(audit)).text
    name = re.search(r'name="page"(?: value="([^"]*)")?', html)[1] or ""
    kept_by_the_browser = {**sent("A1.1", rating="2"), "page": name}

    lead.post(section_url(audit), {**kept_by_the_browser, f"{key('A1.1')}-comment": "Long."})
    again = lead.post(section_url(audit), kept_by_the_browser)

    assert again.status_code == 409
    assert Rating.objects.get().comment == "Long."


def test_lines_count_once_however_the_browser_ends_them(sign_in, audit):
    text = "\r\n".join(["x"] * 2000)

    answer = sign_in("lead").post(save_url(audit, "A1.1"), sent("A1.1", comment=text))

    assert answer.status_code == 200
    assert Rating.objects.get().comment == "\n".join(["x"] * 2000)


def test_a_page_sent_after_handing_in_shows_what_came_too_late(sign_in, audit, response):
    lead = sign_in("lead")
    factories.rate(response, "A1.1", 3)
    lead.post(f"/self-assessments/{audit.pk}/hand-in/")

    answer = lead.post(
        section_url(audit), sent("A1.2", rating="4", comment="Typed in the other tab.")
    )

    html = answer.text
    assert answer.status_code == 409
    assert html.count("Typed in the other tab.") == 1
    assert "These ratings were handed in, so nothing was changed." in html
    assert [r.statement.code for r in Rating.objects.all()] == ["A1.1"]


def test_what_was_said_can_be_read_as_text_after_handing_in(sign_in, audit, response):
    lead = sign_in("lead")
    factories.rate(response, "A1.1", 3, comment="Since May.", evidence_url="https://example.org/p")
    lead.post(f"/self-assessments/{audit.pk}/hand-in/")

    html = lead.get(section_url(audit)).text

    assert "<strong>Comment:</strong> Since May." in html
    assert 'href="https://example.org/p"' in html
    assert "<textarea" not in html


@pytest.mark.parametrize("path", ["", "check/", "rate/A1/"])
def test_the_browser_keeps_no_copy_of_what_was_rated(sign_in, audit, path):
    answer = sign_in("lead").get(f"/self-assessments/{audit.pk}/{path}")

    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("saved_at", "words"),
    [
        ("2026-03-10 09:05", "Saved at 09:05"),
        ("2026-03-09 23:59", "Saved on 9 March"),
        ("2025-10-06 12:00", "Saved on 6 October 2025"),
    ],
)
@time_machine.travel("2026-03-10 12:00 +0000", tick=False)
def test_when_a_rating_was_saved_is_said_in_full(sign_in, audit, response, saved_at, words):
    factories.rate(response, "A1.1", 3, saved_at=dt.datetime.fromisoformat(f"{saved_at}+00:00"))

    html = sign_in("lead").get(section_url(audit)).text

    assert re.findall(r"Saved (?:at|on)[^<]*", html) == [words]


def test_the_other_version_is_taken_over_as_it_stands(sign_in, audit, response):
    factories.rate(response, "A1.1", 3, comment="Theirs.")
    mine = sent("A1.1", rating="1", comment="Mine.") | {f"{key('A1.1')}-wish": "theirs"}

    answer = sign_in("lead").post(save_url(audit, "A1.1"), mine)

    rating = Rating.objects.get()
    assert answer.status_code == 200
    assert (rating.value, rating.comment, rating.version) == (3, "Theirs.", 1)
    assert "Theirs." in answer.text
    assert "Mine." not in answer.text


def test_a_choice_can_be_taken_back_without_a_script(sign_in, audit, response):
    factories.rate(response, "A1.1", "na", reason="None here.", comment="Kept.")
    typed = sent("A1.1", rating="na", reason="None here.", comment="Kept.", version="1")

    sign_in("lead").post(section_url(audit), typed | {f"{key('A1.1')}-wish": "clear"})

    rating = Rating.objects.get()
    assert (rating.choice, rating.reason, rating.comment) == ("", "", "Kept.")


def test_there_is_nothing_to_open_before_it_is_handed_in(sign_in, audit, response):
    answer = sign_in("lead").post(f"/self-assessments/{audit.pk}/reopen/", follow=True)

    assert "There is nothing to open again here." in answer.text
    assert not Activity.objects.exists()
