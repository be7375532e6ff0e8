"""The talk in the browser and as files: what is there, in which order, and nothing that is not."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from selfassessment.models import Audit, Privacy, Rating, Response, Stage
from selfassessment.talk import closing, talking
from tests import factories

WORDS = ["A tutor’s comment", "=HYPERLINK(1)"]


@pytest.fixture
def talk(audit: Audit, person) -> Audit:
    """Avon's named talk: five tutors and three managers, far apart on A1.2, close on A1.1."""
    audit.responses.all().delete()
    audit.respondents.all().delete()
    audit.privacy = Privacy.NAMED
    audit.save()
    tutors = factories.heard(audit, "tutor", *[{"A1.1": 2, "A1.2": 0, "B1.1": "dk"}] * 5)
    managers = factories.heard(audit, "manager", *[{"A1.1": 3, "A1.2": 4, "B1.1": 1}] * 3)
    for text, response in zip(WORDS, tutors, strict=False):
        response.ratings.filter(statement__code="A1.2").update(comment=text)
    managers[0].ratings.filter(statement__code="B1.1").update(discuss=True)
    talking.open_talk(audit=audit, by=person("lead"))
    audit.refresh_from_db()
    return audit


def page(sign_in, audit: Audit, query: str = "", who: str = "group_member") -> str:
    answer = sign_in(who).get(f"/self-assessments/{audit.pk}/talk/{query}")
    assert answer.status_code == 200
    return answer.text


def codes(html: str) -> list[str]:
    return re.findall(r'<h3 id="t\d+-name"><span class="code">([^<]+)', html)


def test_statements_come_with_the_widest_spread_first(sign_in, talk):
    html = page(sign_in, talk)

    assert codes(html) == ["A1.2", "A1.1", "B1.1", "A1.3", "A2.1", "A2.2", "B1.2"]
    assert re.findall(r'tag on">([^<]+)', html) == ["Four levels apart", "One level apart"]
    assert re.findall(r'tag plain">([^<]+)', html) == ["5 don’t know", "1 wants to discuss it"]


def test_each_role_group_has_a_lane_and_a_line_in_the_table(sign_in, talk):
    html = page(sign_in, talk)

    first = html[html.index("A1.2") : html.index("A1.1")]
    assert re.findall(r'aria-label="([^"]+)"', first)[:3] == [
        "Managers: 3 gave 4",
        "Tutors: 5 gave 0",
        "Lowest 0, highest 4, middle rating 0",
    ]
    table = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', first, re.DOTALL)
    assert [(name, re.findall(r"<td[^>]*>(\d+)", cells)) for name, cells in table] == [
        ("Managers", ["0", "0", "0", "0", "3", "0", "0", "3"]),
        ("Tutors", ["5", "0", "0", "0", "0", "0", "0", "5"]),
    ]


def test_a_group_that_said_nothing_of_a_statement_says_so(sign_in, talk, person):
    closing.reopen(audit=talk, by=person("lead"))
    factories.heard(talk, "young", *[{"A1.1": 2}] * 3)
    talking.open_talk(audit=talk, by=person("lead"))

    html = page(sign_in, talk)

    first, second = [block.count("<br>nobody rated this") for block in html.split("<article")[1:3]]
    assert (first, second) == (1, 0)


def test_no_total_is_on_the_page(sign_in, talk, person):
    factories.agree(talk, person("lead"), shown=False, A1_1=3, A1_2=1)

    html = page(sign_in, talk)

    main = html[html.index("<main") : html.index("</main>")]
    assert "%" not in re.sub(r'(cx|x1|x2|width)="[\d.]+%"', "", main)


def test_no_name_is_on_the_page(sign_in, talk):
    html = page(sign_in, talk)

    assert [one.email for one in talk.respondents.all() if one.email in html] == []


def test_a_lead_agrees_from_here_and_others_look(sign_in, talk):
    assert "Agree a rating" in page(sign_in, talk, who="lead")
    assert "Agree a rating" not in page(sign_in, talk)


def test_once_closed_it_is_read_only(sign_in, talk, person):
    talk.closed_at, talk.closed_by = timezone.now(), person("lead")
    talk.save()

    assert "Agree a rating" not in page(sign_in, talk, who="lead")


def test_what_is_agreed_stands_beside_it(sign_in, talk, person):
    factories.agree(talk, person("lead"), shown=False, A1_2=1, A1_1="parked")

    html = page(sign_in, talk)

    assert re.findall(r"<strong>Agreed: ([^<]+)\.</strong>", html) == ["1 First steps", "Parked"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?area=B", ["B1.1", "B1.2"]),
        ("?open=on", ["A1.1", "B1.1", "A1.3", "A2.1", "A2.2", "B1.2"]),
        ("?comments=on", ["A1.2"]),
        ("?flagged=on", ["B1.1"]),
        ("?flagged=on&area=A", []),
        ("?area=no-such", ["A1.2", "A1.1", "B1.1", "A1.3", "A2.1", "A2.2", "B1.2"]),
    ],
)
def test_the_list_can_be_narrowed(sign_in, talk, person, query, expected):
    factories.agree(talk, person("lead"), shown=False, A1_2=1)

    html = page(sign_in, talk, query)

    assert codes(html) == expected
    assert ("No statement is like that" in html) == (expected == [])


def test_ten_at_a_time_with_the_filter_kept(sign_in, sixty, person):
    sixty.agreed_ratings.all().delete()
    factories.open_talk(sixty, person("lead"))

    first = page(sign_in, sixty, "?open=on")
    last = page(sign_in, sixty, "?open=on&page=6")

    assert (len(codes(first)), len(codes(last))) == (10, 10)
    assert 'href="?open=on&amp;page=2" rel="next">Show the next 10</a>' in first
    assert "51 to 60 of 60 shown" in last


def test_before_the_talk_it_says_why_and_how_many_are_in(sign_in, talk):
    talk.talk_opened_at = talk.talk_opened_by = None
    talk.save()

    member, lead = page(sign_in, talk), page(sign_in, talk, who="lead")

    assert "The talk is not open yet" in member
    assert "So far eight people have handed in." in member
    assert ("/talk/open/" in member, "/talk/open/" in lead) == (False, True)
    assert codes(member) == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_before_the_talk_there_is_no_file(sign_in, talk, suffix):
    talk.talk_opened_at = talk.talk_opened_by = None
    talk.save()

    answer = sign_in("lead").get(f"/self-assessments/{talk.pk}/talk.{suffix}")

    assert (answer.status_code, answer.url) == (302, f"/self-assessments/{talk.pk}/talk/")


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_takes_as_many_queries_for_one_person_as_for_three(
    sign_in, talk, django_assert_num_queries, people
):
    browser = sign_in("lead")
    factories.heard(talk, "partner", *[{"A1.1": 1}] * people)
    browser.get("/")

    with django_assert_num_queries(11):
        browser.get(f"/self-assessments/{talk.pk}/talk/")


def test_few_people_are_told_from_when_results_appear(sign_in, audit, person):
    factories.heard(audit, "tutor", {"A1.1": 1}, {"A1.1": 4})
    talking.open_talk(audit=audit, by=person("lead"))

    html = page(sign_in, audit, who="lead")

    assert "Group results appear from three people." in html
    assert 'class="track"' not in html[html.index("<main") :]


# Opening


def test_opening_says_what_happens_and_then_shows_the_talk(sign_in, audit, person):
    factories.heard(audit, "tutor", *[{"A1.1": 1}] * 3)
    browser, url = sign_in("lead"), f"/self-assessments/{audit.pk}/talk/open/"

    asked = browser.get(url)
    done = browser.post(url, follow=True)

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", asked.text))
    assert "Three people have handed in." in text
    assert "Tutors: 3 people" in text
    assert "One person was asked and has not handed in." in text
    assert "The lead (Senior leaders)" in text
    assert done.redirect_chain == [(f"/self-assessments/{audit.pk}/talk/", 302)]
    assert "The talk is open. Begin where views differ most." in done.text


def test_opening_without_anybody_is_refused(sign_in, audit):
    browser, url = sign_in("lead"), f"/self-assessments/{audit.pk}/talk/open/"

    asked, done = browser.get(url), browser.post(url, follow=True)

    audit.refresh_from_db()
    assert "Nobody has handed in yet." in asked.text
    assert "so there is nothing to open" in done.text
    assert audit.stage == Stage.RATING


def test_two_people_are_opened_after_a_warning(sign_in, audit):
    factories.heard(audit, "tutor", *[{"A1.1": 1}] * 2)

    asked = sign_in("lead").get(f"/self-assessments/{audit.pk}/talk/open/")

    assert "Group results appear from three people." in asked.text
    assert "Open the talk</button>" in asked.text


def test_opening_what_is_open_leads_to_the_talk(sign_in, talk):
    answer = sign_in("lead").get(f"/self-assessments/{talk.pk}/talk/open/")

    assert (answer.status_code, answer.url) == (302, f"/self-assessments/{talk.pk}/talk/")


# Files


def table(sign_in, audit: Audit) -> list[list[str]]:
    answer = sign_in("group_member").get(f"/self-assessments/{audit.pk}/talk.csv")
    assert answer["Content-Disposition"].endswith('-talk.csv"')
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def sheets(sign_in, audit: Audit) -> dict[str, list[tuple[object, ...]]]:
    answer = sign_in("group_member").get(f"/self-assessments/{audit.pk}/talk.xlsx")
    book = load_workbook(BytesIO(answer.content), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_counts_as_a_table(sign_in, talk):
    rows = table(sign_in, talk)

    assert rows[0][4:] == [
        *("voice", "role group", "people"),
        *("0 Not started", "1 First steps", "2 Developing", "3 In place", "4 Embedded"),
        *("don’t know", "not applicable", "lowest", "highest", "middle", "want to discuss it"),
    ]
    assert [row[:1] + row[4:] for row in rows[1:4]] == [
        ["A1.2", "Staff", "Managers", "3", "0", "0", "0", "0", "3", "0", "0", "", "", "", ""],
        ["A1.2", "Staff", "Tutors", "5", "5", "0", "0", "0", "0", "0", "0", "", "", "", ""],
        ["A1.2", "Staff", "All together", *"850003000400"],
    ]
    assert len(rows) == 1 + 3 * 7


def test_comments_are_a_sheet_in_which_nothing_runs(sign_in, talk):
    book = sheets(sign_in, talk)

    assert list(book) == ["Ratings", "Comments", "About"]
    assert {(row[0], row[3], row[6]) for row in book["Comments"][1:]} == {
        ("A1.2", "A tutor’s comment", None),
        ("A1.2", "=HYPERLINK(1)", None),
    }


def swap(one: Response, other: Response) -> None:
    """Each says what the other said."""
    of_one = list(one.ratings.values_list("pk", flat=True))
    of_other = list(other.ratings.values_list("pk", flat=True))
    statements = {}
    for rating in Rating.objects.filter(pk__in=[*of_one, *of_other]):
        statements[rating.pk] = rating
    Rating.objects.filter(pk__in=statements).delete()
    for pk, rating in statements.items():
        rating.response = other if pk in of_one else one
        rating.save(force_insert=True)


@pytest.mark.parametrize("group", ["tutor", "manager"])
def test_two_who_change_places_change_nothing_that_anybody_sees(sign_in, talk, group):
    one, other = talk.responses.filter(role_group=group).order_by("pk")[:2]
    one.ratings.filter(statement__code="A1.1").update(value=4, comment="Mine", discuss=True)
    one.ratings.filter(statement__code="B1.1").update(answer="na", value=None, reason="Never")

    def everything() -> list[object]:
        queries = ["", "?open=on", "?comments=on", "?flagged=on", "?area=A"]
        pages = [page(sign_in, talk, query) for query in queries]
        return [*map(faceless, pages), table(sign_in, talk), sheets(sign_in, talk)]

    before = everything()
    swap(one, other)

    assert everything() == before


def faceless(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
