"""An annual review on screen: laid out from what was published, light however long, and safe."""

from __future__ import annotations

import random
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from dev.bench.serve import Linked
from resources.reviews import reading
from resources.templatetags.reviews import joined
from tests import factories
from tests.resources import manuscripts

MOST = 150_000  # bytes of a first visit, over the line


@pytest.fixture
def publish(person):
    """A review that says what is given."""

    def published(data, **fields):
        fields = {"title": "What we learned", "year": 2025, "state": "published", **fields}
        review = factories.annual_review(person("team"), **fields)
        factories.version(review, person("team"), content=b"%PDF", pages=12, data=data)
        return review

    return published


def main(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


def whole(**said):
    """A review with everything that one can have; each chapter has a number of its own."""
    data = manuscripts.full() | said
    for number, one in enumerate(data["chapters"], start=7):
        one["id"] = number
    return data


def long(chapters=24, words=2500):
    """As long as sixty pages: words that no packing makes small, as no two sentences are alike."""
    chance = random.Random(3)
    letters = "aeioulnrstdm"
    known = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(4000)]
    made = [
        manuscripts.chapter(
            title=f"Chapter {number}", body=" ".join(chance.choices(known, k=words))
        )
        for number in range(1, chapters + 1)
    ]
    for number, one in enumerate(made, start=1):
        one["id"] = number
    return manuscripts.review(*made)


def headings(html):
    return [(int(level), words) for level, words in re.findall(r"<h(\d)[^>]*>([^<]+)<", html)]


# What is on the page


def test_everything_that_was_published_is_on_the_page(client, publish):
    data = whole()
    data["chapters"][3]["pictures"] = []

    page = main(client.get(publish(data).get_absolute_url()))

    assert headings(page) == [
        (1, "What we learned"),
        (2, "Contents"),
        (2, "About this review"),
        (2, "Who is involved"),
        (2, "Summary"),
        (3, "Factors for success"),
        (4, "Time"),
        (4, "Trust"),
        (2, "Starting small"),
        (3, "What was tried"),
        (3, "Benefits"),
        (3, "Challenges"),
        (3, "How services addressed them"),
        (3, "What others can take forward"),
        (3, "Learn more"),
        (2, "The year in figures"),
        (3, "In numbers"),
        (3, "Counted by the programme team"),
        (3, "Where services are"),
        (2, "Looking ahead"),
        (2, "About this version"),
        (3, "What was corrected"),
    ]
    assert re.findall(r'href="(#[^"]+)"', page)[:6] == [f"#chapter-{n}" for n in range(7, 13)]
    assert page.count('id="chapter-') == 6
    assert "<p>People <em>stay</em>.</p>" in page
    assert page.index("Challenges") < page.index("I was heard.") < page.index("How services")
    assert "Tutor, Northvale" in page
    assert '<a href="/library/a-guide/">A guide</a>' in page
    assert "One year was wrong." in page
    assert "PDF</a>" in page
    assert "12 pages" in page


def test_who_is_involved_is_a_table_by_region(client, publish):
    services = [
        manuscripts.service("Northvale", 2018, nwg=True, is_new=True),
        manuscripts.service("Eastmere", None, nurture_groups=True),
    ]
    data = whole()
    data["figures"]["involved"] = [{"region": "London", "services": services}]

    page = main(client.get(publish(data).get_absolute_url()))

    table = page[page.index('<table class="involved"') : page.index("</table>")]
    rows = [
        " ".join(re.sub("<[^>]+>", " ", row).split())
        for row in re.findall("<tr.*?</tr>", table, re.DOTALL)
    ]
    assert rows == [
        "Music service Since NWG Action research Nurture groups",
        "London 2 music services",
        "Northvale New Northvale Since 2018 NWG: Yes – –",
        "Eastmere Northvale – – Nurture groups: Yes",
    ]
    assert table.count('scope="rowgroup"') == 1
    assert table.count('scope="row"') == 2


def test_pictures_come_with_what_they_show(client, publish):
    review = publish(whole())

    page = main(client.get(review.get_absolute_url()))

    assert (
        f'<img src="/reviews/{review.pk}/pictures/1/" alt="Six people around a drum" '
        'width="80" height="60" loading="lazy">'
    ) in page


def test_an_earlier_review_is_the_file_that_it_is(client, publish):
    review = publish({}, is_uploaded=True, title="Annual review 2018/19", year=2018)

    page = client.get(review.get_absolute_url())

    assert "<title>Annual review 2018/19 – Changing Tracks</title>" in page.text
    assert f'href="/reviews/{review.pk}/pdf/"' in page.text
    assert "This review came out as a PDF" in page.text
    assert "Contents" not in main(page)


def test_what_authors_write_on_is_not_on_the_page(client, publish, person):
    review = publish(whole())
    factories.chapter(review, person("team"), title="Not out yet")

    assert "Not out yet" not in client.get(review.get_absolute_url()).text


@pytest.mark.parametrize("text", factories.HOSTILE)
def test_hostile_words_are_words(client, publish, text):
    data = whole(strapline=text, title=text, corrections=[{"number": 2, "said": text}])
    for one in data["chapters"]:
        one |= dict.fromkeys(("title", "lead", "body", "benefits", "forward", "factors"), text)
        one["quotations"] = [{"text": text, "name": text, "role": text, "service": text}]
    review = publish(data)

    answers = [client.get(review.get_absolute_url()), client.get("/reviews/feed/")]

    for answer in answers:
        assert answer.status_code == 200
        assert "<b onmouseover" not in answer.text
        assert "pbkdf2" not in answer.text


def test_only_authors_are_led_to_the_desk(sign_in, publish):
    review = publish(whole())

    pages = {name: sign_in(name).get(review.get_absolute_url()).text for name in ("lead", "team")}

    assert [f"/reviews/desk/{review.pk}/" in page for page in pages.values()] == [False, True]


# Long ones


def test_a_long_review_is_read_in_parts_and_each_is_light(client, publish):
    url = publish(long()).get_absolute_url()
    first = client.get(url)
    parts = first.context["paper"].parts

    answers = [client.get(url, {"part": number}) for number in range(1, parts + 1)]

    assert parts > 3
    assert [re.findall(r"chapter-(\d+)\" tabindex", one.text) for one in answers[:2]] == [
        ["1", "2"],
        ["3", "4"],
    ]
    assert sum(one.text.count('class="chapter"') for one in answers) == 24
    assert [one.text.count('rel="next"') for one in answers] == [1] * (parts - 1) + [0]
    assert [one.text.count('rel="prev"') for one in answers] == [0] + [1] * (parts - 1)
    assert "About this version" not in first.text
    assert "About this version" in answers[-1].text
    assert 'href="?part=2"' in first.text
    assert max(weight(one.text) for one in answers) < MOST


def weight(html):
    files = [Path(finders.find(one.removeprefix("/static/"))) for one in Linked(html).paths]
    packed = [
        len(path.read_bytes() if path.suffix == ".woff2" else brotli.compress(path.read_bytes()))
        for path in files
    ]
    return sum(packed) + len(brotli.compress(html.encode()))


def test_contents_lead_to_the_part_where_a_chapter_is(client, publish):
    url = publish(long()).get_absolute_url()

    page = client.get(url, {"part": 2}).text
    links = re.findall(r'href="([^"]*)#chapter-(\d+)"', page)

    assert links[:5] == [("?part=1", "1"), ("?part=1", "2"), ("", "3"), ("", "4"), ("?part=3", "5")]
    assert f'{url}?part=2">' in page.partition('rel="canonical"')[2][:200]


@pytest.mark.parametrize("part", ["0", "2", "99", "100", "-1", "x", "", "1.0", "²", "1" * 5000])
def test_a_part_that_is_not_there_is_not_there(client, publish, part):
    url = publish(whole()).get_absolute_url()

    assert client.get(url, {"part": part}).status_code == 404


@pytest.mark.parametrize(
    ("lengths", "parts"),
    [
        ([], []),
        ([10], [1]),
        ([reading.A_PAGE, 1], [1, 2]),
        ([reading.A_PAGE * 3, 5, 5], [1, 2, 2]),
        ([5, reading.A_PAGE * 3, 5], [1, 2, 3]),
        ([reading.A_PAGE // 2] * 5, [1, 1, 2, 2, 3]),
    ],
)
def test_chapters_are_never_torn(lengths, parts):
    assert reading.in_parts(lengths) == parts


# The drawing on the cover


def test_the_cover_has_a_line_for_each_service_whose_year_is_known():
    services = [
        manuscripts.service(f"S{n}", year) for n, year in enumerate((2012, 2018, 2018, None))
    ]

    drawn = joined([{"region": "London", "services": services}])

    assert drawn.count('class="ln"') == 3
    assert 'aria-label="3 music services by the year they joined: 1 in 2012, 2 in 2018."' in drawn


@pytest.mark.parametrize("years", [[], [None], [2018, 2018]])
def test_where_there_is_nothing_to_tell_nothing_is_drawn(years):
    services = [manuscripts.service(f"S{n}", year) for n, year in enumerate(years)]

    assert joined([{"region": "London", "services": services}]) == ""


# The list


def test_the_list_has_the_newest_then_what_is_to_come_then_earlier_ones(client, publish, person):
    publish({}, title="Old", year=2018, is_uploaded=True)
    publish(whole(), title="Replaced", year=2024, state="superseded")
    publish(whole(), title="Newest", year=2025)
    factories.annual_review(
        person("team"), title="Next", year=2026, state="announced", expected_on="2027-11-01"
    )
    factories.annual_review(person("team"), title="Secret", year=2026)

    answer = client.get("/reviews/")

    shelf = answer.context["shelf"]
    assert shelf.newest.review.title == "Newest"
    assert [one.title for one in shelf.announced] == ["Next"]
    assert [one.review.title for one in shelf.earlier] == ["Replaced", "Old"]
    assert "Expected November 2027" in answer.text
    assert "A newer one is out" in answer.text
    assert "Secret" not in answer.text
    assert answer.text.count(", 12 pages</a>") == 3


def test_authors_find_the_desk_from_the_list_and_see_what_readers_see(sign_in, publish, person):
    publish(whole(), title="Newest")
    factories.annual_review(person("team"), title="Secret", year=2026)

    page = sign_in("team").get("/reviews/").text

    assert 'href="/reviews/desk/"' in page
    assert "Secret" not in page


def test_no_review_at_all_says_so(client, db):
    assert "No annual review is here yet" in client.get("/reviews/").text


@pytest.mark.parametrize("path", ["/reviews/", "/", "/library/"])
def test_visitors_have_a_way_there_from_anywhere(client, db, path):
    page = client.get(path).text

    nav = page[page.index('aria-label="Main"') : page.index("</nav>")]
    assert re.findall(r'<a href="([^"]+)"', nav) == [
        *("/about/", "/library/", "/services/", "/reviews/")
    ]


# The feed


def test_the_feed_has_each_public_review_once_as_its_newest_version(
    client, publish, person, settings
):
    settings.SITE_URL = "https://portal.example.org"
    review = publish(whole(strapline="A < year"), title="Newest\x0b")
    factories.version(review, person("team"), data=whole(strapline="Corrected"))
    publish(whole(), title="Inside", year=2024, visibility="nwg")
    factories.annual_review(
        person("team"), title="Next", state="announced", expected_on="2027-11-01"
    )

    answer = client.get("/reviews/feed/")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.text.count("<entry>") == 1
    assert "<title>Newest, 2025/26</title>" in answer.text
    assert f'<link href="https://portal.example.org/reviews/{review.pk}/" rel="alternate"' in (
        answer.text
    )
    assert "Corrected" in answer.text
    assert "&lt;li&gt;Starting small&lt;/li&gt;" in answer.text
    assert "Inside" not in answer.text
    assert "enclosure" not in answer.text  # the file of the correction is still being made


def test_the_feed_names_the_file_where_it_is_made(client, publish):
    review = publish(whole())

    page = client.get("/reviews/feed/").text

    assert f'/reviews/{review.pk}/pdf/" length="4" rel="enclosure" type="application/pdf"' in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_feed_asks_once(client, publish, many, django_assert_num_queries):
    for year in range(2020, 2020 + many):
        publish(whole(), year=year)

    with django_assert_num_queries(1):
        page = client.get("/reviews/feed/").text

    assert page.count("<entry>") == many


def test_readers_of_feeds_are_told_of_it(client, db):
    page = client.get("/reviews/").text

    assert '<link rel="alternate" type="application/atom+xml" title="New annual reviews"' in page
