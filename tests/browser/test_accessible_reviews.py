"""Every kind of page of the annual reviews: axe, and what axe misses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from portal.access import ProgrammeRole
from portal.models import Topic
from resources.models import ChapterKind, Remark
from tests import factories
from tests.browser.accessible import faults, faulty, portions, refused, seen
from tests.browser.hostile import LONG, MARKED, SHORT, TEXT, WORD
from tests.resources import manuscripts

THEME = dict.fromkeys(["benefits", "challenges", "addressed", "forward"], MARKED)
FACTORS = {"factors": f"## {WORD}\n\n{LONG}\n\n## Another\n\nIn short."}


@pytest.fixture
def world(avon, person) -> dict[str, object]:
    """A review in each of its states, each with all that a review can hold."""
    lead, team = person("lead"), person("team")
    other = factories.user("second", programme_role=ProgrammeRole.TEAM)
    factories.seat(avon, lead, by=team)
    named = {"title": SHORT, "strapline": LONG[:240], "figures": figures()}
    moved = {"note": TEXT[:500], "moved_at": timezone.now(), "moved_by": other}
    out = factories.annual_review(team, state="published", **named, **moved)
    fill(out, team, avon)
    factories.version(out, team, b"%PDF", pages=20)
    factories.version(out, team, b"%PDF", pages=20, correction=LONG)
    out.chapters.update(lead="Changed since")
    out.written_at, out.written_by = timezone.now(), other
    out.save()
    draft = factories.annual_review(team, **named, expected_on=timezone.localdate())
    parts = fill(draft, team, avon)
    states = {
        "read": factories.annual_review(other, title="To be read", state="in_review", **moved),
        "mine": factories.annual_review(team, title="My own", state="in_review", **moved),
        "nwg": factories.annual_review(
            team, title="For the NWG", state="published", visibility="nwg"
        ),
        "old": factories.annual_review(team, title="The year before", state="superseded"),
    }
    for review in states.values():
        factories.chapter(review, team, body=MARKED)
        factories.version(review, team, b"%PDF") if review.is_out else None
    kept = factories.annual_review(team, title="Kept", state="published", is_uploaded=True)
    factories.version(kept, team, b"%PDF", data={}, pages=9)
    coming = factories.annual_review(
        team, title="The next", state="announced", expected_on=dt.date(2027, 3, 1)
    )
    ready = {"state": "ready", "content": b"%PDF", "finished_at": timezone.now(), "size": 9}
    made = {"ready": ready, "making": {"step": 1}, "failed": {"state": "failed"}}
    printings = {
        key: draft.printings.create(key=key, data={"as": "it was"}, requested_by=team, **fields)
        for key, fields in made.items()
    }
    return {
        **{name: review.pk for name, review in states.items()},
        **{name: printing.pk for name, printing in printings.items()},
        **parts,
        "out": out.pk,
        "draft": draft.pk,
        "kept": kept.pk,
        "coming": coming.pk,
    }


def figures() -> dict[str, object]:
    """A snapshot with every sort of line that it can have."""
    bars = [
        manuscripts.row(f"{number} {WORD}", ["48%", "22"], share=0.7, start=start, middle=0.48)
        for number, start in enumerate([0.2, None])
    ]
    sample = manuscripts.figures()
    chart = {
        **sample["charts"][0],
        "title": f"Where {WORD}",
        "rows": [*bars, manuscripts.row(SHORT, ["Not shown", "Not shown"])],
    }
    empty = {**sample["charts"][0], "title": "Nothing told", "rows": [], "total": None}
    services = [
        manuscripts.service(f"{number} {WORD}", year, is_new=number == 1, nwg=True)
        for number, year in enumerate([2018, 2025, None])
    ]
    return {
        **sample,
        "numbers": [
            manuscripts.number(f"of {WORD}", "1,234", counted=30),
            manuscripts.number("kept", "Not shown", note=LONG),
        ],
        "charts": [chart, empty],
        "involved": [{"region": "South West", "services": services}],
        "own": [{"name": SHORT[:120], "value": "about 40,000", "definition": LONG}],
    }


def fill(review, by, service) -> dict[str, object]:
    """A chapter of each kind, and the keys of what the pages of the theme are about."""
    topic, _ = Topic.objects.get_or_create(slug="first-access", defaults={"name": "First Access"})
    guide = factories.resource(f"Guide {SHORT} {review.pk}", slug=f"guide-{review.pk}")
    hidden = factories.resource(f"Papers {review.pk}", visibility="nwg")
    chapters = {}
    for kind in ChapterKind.values:
        more = {"theme": THEME, "summary": FACTORS}.get(kind, {})
        chapters[kind] = factories.chapter(
            review, by, f"{kind} {WORD}", kind=kind, lead=LONG, body=MARKED, **more
        )
    theme = chapters["theme"]
    theme.topics.add(topic)
    theme.resources.add(guide, hidden)
    said = {"name": WORD, "role": WORD, "service": service}
    quotation = factories.quotation(theme, by, TEXT, **said)
    factories.quotation(theme, by, consent=False, consent_note="")
    picture = factories.picture(theme, by, alt=LONG, size=(900, 500))
    factories.picture(theme, by)
    remark = Remark.objects.create(chapter=theme, text=TEXT, by=by)
    Remark.objects.create(chapter=theme, text=TEXT, by=by, settled_at=timezone.now(), settled_by=by)
    return {
        "theme": theme.pk,
        "summary": chapters["summary"].pk,
        "figures": chapters["figures"].pk,
        "quotation": quotation.pk,
        "picture": picture.pk,
        "remark": remark.pk,
        "own": factories.own_figure(review, name=SHORT[:120]).pk,
    }


PAGES = {
    "visitor": [
        "/",
        "/reviews/",
        "/reviews/{out}/",
        "/reviews/{out}/?part=2",
        "/reviews/{old}/",
        "/reviews/{kept}/",
    ],
    "lead": ["/", "/reviews/", "/reviews/{nwg}/"],  # with an NWG seat
    "funder": ["/", "/reviews/{nwg}/"],
    "team": [
        "/",
        "/programme/",
        "/reviews/",
        "/reviews/{out}/",
        "/reviews/desk/",
        "/reviews/desk/add/",
        "/reviews/desk/upload/",
        "/reviews/desk/{draft}/",
        "/reviews/desk/{draft}/edit/",
        "/reviews/desk/{draft}/history/",
        "/reviews/desk/{draft}/history/?chapter={theme}",
        "/reviews/desk/{draft}/chapters/add/",
        "/reviews/desk/{draft}/chapters/add/?kind=theme",
        "/reviews/desk/chapters/{theme}/",
        "/reviews/desk/chapters/{summary}/",
        "/reviews/desk/chapters/{figures}/",
        "/reviews/desk/chapters/{theme}/remark/",
        "/reviews/desk/chapters/{theme}/remove/",
        "/reviews/desk/{draft}/chapters/{theme}/quotations/add/",
        "/reviews/desk/{draft}/chapters/{theme}/quotations/{quotation}/",
        "/reviews/desk/{draft}/chapters/{theme}/quotations/{quotation}/remove/",
        "/reviews/desk/{draft}/chapters/{theme}/pictures/add/",
        "/reviews/desk/{draft}/chapters/{theme}/pictures/{picture}/",
        "/reviews/desk/{draft}/chapters/{theme}/pictures/{picture}/remove/",
        "/reviews/desk/{draft}/figures/",
        "/reviews/desk/{draft}/figures/add/",
        "/reviews/desk/{draft}/figures/{own}/",
        "/reviews/desk/{draft}/figures/{own}/remove/",
        "/reviews/desk/{draft}/submit/",
        "/reviews/desk/{draft}/discard/",
        "/reviews/desk/{draft}/printings/{ready}/",
        "/reviews/desk/{draft}/printings/{making}/",
        "/reviews/desk/{draft}/printings/{failed}/",
        "/reviews/desk/{read}/",
        "/reviews/desk/{read}/publish/",
        "/reviews/desk/{read}/take-back/",
        "/reviews/desk/{mine}/",
        "/reviews/desk/{out}/",
        "/reviews/desk/{out}/correct/",
        "/reviews/desk/{out}/open/",
        "/reviews/desk/{out}/supersede/",
        "/reviews/desk/{out}/take-back/",
        "/reviews/desk/{old}/restore/",
        "/reviews/desk/{kept}/",
        "/reviews/desk/{coming}/",
        "/reviews/desk/{coming}/begin/",
        "/reviews/desk/{coming}/figures/",
    ],
}

REFUSED: list[tuple[str, dict[str, str]]] = [
    ("/reviews/desk/add/", {"title": ""}),
    ("/reviews/desk/upload/", {"title": "", "published_on": "2001-01-01"}),
    ("/reviews/desk/{draft}/edit/", {"title": ""}),
    ("/reviews/desk/{draft}/chapters/add/?kind=theme", {"title": ""}),
    ("/reviews/desk/chapters/{theme}/", {"title": ""}),
    ("/reviews/desk/chapters/{theme}/remark/", {}),
    ("/reviews/desk/{draft}/chapters/{theme}/quotations/add/", {"text": ""}),
    ("/reviews/desk/{draft}/chapters/{theme}/pictures/add/", {}),
    ("/reviews/desk/{draft}/figures/add/", {"name": ""}),
    ("/reviews/desk/{read}/take-back/", {}),
    ("/reviews/desk/{out}/correct/", {}),
]


@pytest.mark.parametrize(("who", "paths"), portions(PAGES))
def test_pages(open_as, world, who, paths):
    page = seen(open_as, who)

    found = faulty(page, [path.format(**world) for path in paths])

    assert found == {}


def test_pages_that_refuse(open_as, world):
    page = seen(open_as, "team")

    found = {path: refused(page, path.format(**world), typed) for path, typed in REFUSED}

    assert found == {path: [] for path in found}


# Address, and the box that two people fill
WRITTEN_BY_TWO = [
    ("/reviews/desk/{draft}/edit/", "strapline"),
    ("/reviews/desk/chapters/{theme}/", "body"),
    ("/reviews/desk/{draft}/chapters/{theme}/quotations/{quotation}/", "role"),
    ("/reviews/desk/{draft}/chapters/{theme}/pictures/{picture}/", "alt"),
    ("/reviews/desk/{draft}/figures/{own}/", "definition"),
]


def test_what_two_people_write_and_how_a_chapter_will_look(open_as, world):
    page, found = seen(open_as, "team"), {}

    for path, box in WRITTEN_BY_TWO:
        page.goto(path.format(**world))
        other = page.context.new_page()
        other.goto(page.url)
        for tab, text in [(other, "One, two"), (page, TEXT[::-1])]:
            tab.locator(f"[name='{box}']").fill(text[:100])
            tab.get_by_role("button", name="Save", exact=True).first.click()
            tab.locator(".messages, .clash, .error-summary").first.wait_for()
        other.close()
        clash = page.locator(".clash, .error-summary").count()
        found[path] = faults(page) if clash else ["no clash"]
    page.goto("/reviews/desk/chapters/{theme}/".format(**world))
    page.get_by_role("button", name="See it as readers will").click()
    page.locator(".previewed").wait_for()
    found["as readers will"] = faults(page)

    assert found == {path: [] for path in found}
