"""What is new, as Atom feeds with addresses that work from anywhere: the library, the reviews.

Only what everybody may read is in them.
"""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape, format_html, format_html_join

from portal.papers import PaperState
from resources import text
from resources.models import Printing, Resource, ResourcePicture
from resources.reading import on_a_page

TYPE = "application/atom+xml; charset=utf-8"
MOST = 40
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def library() -> str:
    feed = begun(
        "Changing Tracks library",
        "New guides, templates, films and stories on inclusion in music services.",
        page="library",
        here="library_feed",
    )
    pictures = Prefetch("pictures", ResourcePicture.objects.light())
    newest = Resource.objects.visible_to(AnonymousUser()).newest_first().with_parts()
    for one in newest.prefetch_related(pictures)[:MOST]:
        address, on = absolute(one.get_absolute_url()), midnight(one.published_on)
        feed.add_item(
            title=bare(one.title),
            link=address,
            description=bare(f"<p>{escape(one.summary)}</p>{body(one)}"),
            unique_id=address,
            pubdate=on,
            # A feed reader shows again what was edited after it came out.
            updateddate=max(on, one.approved_at or on, one.written_at),
            categories=[topic.name for topic in one.topics.all()],
        )
    return str(feed.writeString("utf-8"))


def reviews() -> str:
    """Each review once, as its newest version: one query."""
    feed = begun(
        "Changing Tracks annual reviews",
        "What Changing Tracks and music services learned, year by year.",
        page="annual_reviews",
        here="annual_reviews_feed",
    )
    newest = Printing.objects.visible_to(AnonymousUser()).with_data().select_related("review")
    for one in newest.order_by("-review__published_at", "-pk")[:MOST]:
        review = one.review
        address = absolute(review.get_absolute_url())
        file = absolute(reverse("annual_review_pdf", args=[review.pk]))
        feed.add_item(
            title=bare(str(review)),
            link=address,
            description=bare(said_of(one)),
            unique_id=address,
            pubdate=review.published_at,
            updateddate=one.published_at,
            enclosures=[Enclosure(file, str(one.size), "application/pdf")]
            if one.state == PaperState.READY
            else [],
        )
    return str(feed.writeString("utf-8"))


def said_of(printing: Printing) -> str:
    """What a review is about: a sentence, and its chapters."""
    strapline = printing.data.get("strapline", printing.review.strapline)
    titles = [(chapter["title"],) for chapter in printing.data.get("chapters", [])]
    chapters = format_html_join("", "<li>{}</li>", titles)
    return format_html("<p>{}</p>", strapline) + (
        format_html("<ol>{}</ol>", chapters) if titles else ""
    )


def begun(title: str, subtitle: str, *, page: str, here: str) -> Atom1Feed:
    """A feed with nothing in it yet: the route of the page it goes with, and its own."""
    return Atom1Feed(
        title=title,
        link=absolute(reverse(page)),
        description="",
        subtitle=subtitle,
        feed_url=absolute(reverse(here)),
        language="en-GB",
        author_name="Changing Tracks",
    )


def body(resource: Resource) -> str:
    shown = on_a_page(resource.pictures.all(), settings.SITE_URL)
    return text.html(resource.body, pictures=shown, site=settings.SITE_URL)


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def midnight(day: dt.date | None) -> dt.datetime:
    """When a day began, here; what is published has one."""
    assert day  # noqa: S101 (for the type checker)
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def bare(words: str) -> str:
    """Without what XML cannot say."""
    return NOT_XML.sub("", words)
