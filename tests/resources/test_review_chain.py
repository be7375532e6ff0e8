"""One annual review from its first word to its correction, as everybody finds it on the way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from django.test import Client
from django.urls import reverse

from portal.access import ProgrammeRole
from portal.models import Activity
from resources.forms import merging
from resources.forms.reviews import AnnualReviewForm
from resources.models import AnnualReview, Printing
from resources.reviews import moving
from tests import factories
from tests.conftest import PEOPLE

PROGRAMME = {"team", "facilitator", "funder"}
NWG = PROGRAMME | {"seat_holder"}
EVERYBODY = {*PEOPLE, "seat_holder", "visitor"}
NOBODY: set[str] = set()


@dataclass
class Story:
    """The browsers of everybody, what the team does with them, and what each of them finds."""

    browsers: dict[str, Client]
    author: Client
    colleague: Client
    worker: Callable[[], None]

    @property
    def review(self) -> AnnualReview:
        return AnnualReview.objects.get()

    def to(self, name: str) -> str:
        return reverse(name, args=[self.review.pk])

    # What the team does

    def add(self, **said: str) -> None:
        self.author.post(reverse("review_add"), {"year": "2025", "strapline": "", **said})

    def write(self, browser: Client, words: str) -> int:
        """Somebody writes the first chapter anew, in the form as it is now."""
        chapter = self.review.chapters.first()
        form = reverse("chapter_edit", args=[chapter.pk])
        as_read = browser.get(form).context["as_read"]
        said = {"title": chapter.title, "lead": "", "body": words, "as_read": as_read}
        return browser.post(form, said).status_code

    def name(self, title: str) -> int:
        """The author gives it another title."""
        as_read = merging.as_read(AnnualReviewForm(instance=self.review))
        said = {"year": "2025", "title": title, "visibility": "public", "as_read": as_read}
        return self.author.post(self.to("review_details"), said).status_code

    def move(self, browser: Client, name: str, **said: str) -> int:
        """As the page of this move would now; the worker makes what there is to make."""
        seen = {"seen": moving.seen(self.review), "version": str(self.review.version)}
        code = browser.post(self.to(f"review_{name}"), {**seen, **said}).status_code
        self.worker()
        return code

    # What everybody finds

    def finds(self, words: str) -> set[str]:
        """Who reads these words: on the page and in the PDF alike."""
        page, file = self.to("annual_review"), self.to("annual_review_pdf")
        found: dict[str, tuple[bool, bool]] = {}
        for who, browser in self.browsers.items():
            read, taken = browser.get(page), browser.get(file)
            assert read.status_code == taken.status_code
            is_there = read.status_code == 200
            in_file = is_there and words in text_of(taken.content)
            found[who] = (is_there and words in read.text, in_file)
        assert all(on_page == in_file for on_page, in_file in found.values())
        return {who for who, (on_page, _) in found.items() if on_page}

    def lists(self, words: str) -> set[str]:
        """Who finds these words in the list of reviews."""
        return {
            who
            for who, browser in self.browsers.items()
            if words in browser.get(reverse("annual_reviews")).text.partition("<main")[2]
        }


@cache
def text_of(content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


@pytest.fixture
def story(sign_in, person, avon, worker) -> Story:
    colleague = factories.user("colleague", programme_role=ProgrammeRole.TEAM)
    seated = factories.user("seat_holder")
    factories.membership(seated, avon, "board_viewer")
    factories.seat(avon, seated, by=person("team"))
    browsers = {who: sign_in(who) for who in [*PEOPLE, "visitor"]}
    browsers["seat_holder"], second = Client(), Client()
    browsers["seat_holder"].force_login(seated)
    second.force_login(colleague)
    return Story(browsers, browsers["team"], second, worker)


def versions() -> list[tuple[int, str]]:
    return [(one.number, one.correction) for one in Printing.objects.all().versions()]


def newest_file() -> str:
    return Printing.objects.all().versions().first().sha256


def test_a_review_from_its_first_word_to_its_correction(story):
    author, colleague = story.author, story.colleague

    # Announced, everybody knows that it is coming, and nobody finds more.
    story.add(title="A year told", visibility="nwg", expected_on="2030-01-10", go="announce")
    assert (story.lists("A year told"), story.finds("A year told")) == (EVERYBODY, NOBODY)

    # Begun and written, it is still no more than announced; its authors look at a preview.
    author.post(story.to("review_begin"))
    story.write(author, "We met in **May**.")
    author.post(story.to("printing_add"))
    story.worker()
    preview = Printing.objects.get()
    assert "We met in May." in text_of(bytes(preview.content))
    assert (story.lists("A year told"), story.finds("We met in")) == (EVERYBODY, NOBODY)

    # Handed over. Its author does not publish it; somebody else does, for the NWG.
    story.move(author, "submit", note="Is the month right?")
    assert story.move(author, "publish", visibility="public") == 409
    assert (story.review.state, versions()) == ("in_review", [])
    assert story.move(colleague, "publish", visibility="nwg") == 302
    assert story.finds("May") == story.lists("A year told") == NWG

    # What was published is the very file that was previewed.
    assert (newest_file(), Printing.objects.count()) == (preview.sha256, 1)

    # Its authors write on. Readers see nothing of it, and the title on all lists is what it was.
    story.write(author, "We met in **June**.")
    assert story.name("A year told anew") == 409
    assert (story.finds("May"), story.finds("June")) == (NWG, NOBODY)
    assert (story.finds("anew"), story.lists("anew")) == (NOBODY, NOBODY)

    # The correction is published by somebody else, and says what it is about.
    assert story.move(author, "correct", correction="The month.") == 409
    assert story.move(colleague, "correct", correction="  ") == 422
    assert versions() == [(1, "")]
    assert story.move(colleague, "correct", correction="The month.") == 302
    assert (story.finds("June"), story.finds("May"), story.finds("The month.")) == (
        *(NWG, NOBODY),
        NWG,
    )
    assert versions() == [(2, "The month."), (1, "")]

    # Opened to everybody, from one moment to the next; the version stays what it is.
    assert story.move(author, "open", visibility="public") == 302
    assert story.finds("June") == story.lists("A year told") == EVERYBODY
    assert len(versions()) == 2

    # Replaced by a newer one, it is still read, and nobody writes in it.
    assert story.move(author, "supersede") == 302
    assert (story.finds("June"), story.lists("newer")) == (EVERYBODY, EVERYBODY)
    assert story.move(colleague, "correct", correction="No.") == 409
    assert story.move(author, "restore") == 302

    # Taken back, nobody finds it any more, and it is not announced anew.
    assert story.move(author, "take_back", reason="A name is in it.") == 302
    assert (story.finds("June"), story.lists("A year told")) == (NOBODY, NOBODY)
    assert story.move(author, "discard") == 409

    # Not changed, it comes out again as the version that it was; changed, it says in what.
    story.move(author, "submit", note="")
    assert story.move(colleague, "publish", visibility="public") == 302
    assert (story.finds("June"), len(versions())) == (EVERYBODY, 2)
    story.move(author, "take_back", reason="Once more.")
    story.write(author, "We met in **July**.")
    assert story.name("A year told anew") == 302
    story.move(author, "submit", note="")
    assert story.move(colleague, "publish", visibility="public") == 422
    assert story.move(colleague, "publish", visibility="public", correction="July.") == 302
    assert (story.finds("July"), story.finds("June")) == (EVERYBODY, NOBODY)
    assert story.finds("A year told anew") == story.lists("A year told anew") == EVERYBODY
    assert versions() == [(3, "July."), (2, "The month."), (1, "")]
    assert [str(one).split(" the annual")[0] for one in Activity.objects.order_by("-pk")[:1]] == [
        "The colleague published"
    ]


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"team"}))
def test_nobody_else_has_a_hand_in_it(story, who):
    story.add(title="A year told", visibility="public", go="begin")
    story.write(story.author, "We met in May.")
    browser = story.browsers[who]
    deeds = ("submit", "publish", "correct", "open", "take_back", "supersede", "discard")
    said = {"note": "", "reason": "R", "correction": "C", "visibility": "public"}

    before = {story.move(browser, name, **said) for name in deeds}
    story.move(story.author, "submit", note="")
    story.move(story.colleague, "publish", visibility="public")
    after = {story.move(browser, name, **said | {"visibility": "nwg"}) for name in deeds}

    to_sign_in = {302}
    assert (before, after) == ((to_sign_in, to_sign_in) if who == "visitor" else ({404}, {403}))
    assert (story.review.state, story.review.visibility, versions()) == (
        *("published", "public"),
        [(1, "")],
    )


def test_versions_that_were_corrected_are_for_the_desk_alone(story):
    story.add(title="A year told", visibility="public", go="begin")
    story.write(story.author, "We met in May.")
    story.move(story.author, "submit", note="")
    story.move(story.colleague, "publish", visibility="public")
    story.write(story.author, "We met in June.")
    story.move(story.colleague, "correct", correction="The month.")
    first = Printing.objects.get(number=1)

    address = reverse("printing_file", args=[story.review.pk, first.pk])
    codes = {who: browser.get(address).status_code for who, browser in story.browsers.items()}

    assert codes == {
        **dict.fromkeys(EVERYBODY, 403),
        "team": 200,
        "visitor": 302,  # to sign in
    }
