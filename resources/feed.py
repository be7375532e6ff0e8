"""What is new in the library as an Atom feed, with addresses that work from anywhere."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from resources import text
from resources.models import Resource, ResourcePicture
from resources.reading import on_a_page

MOST = 40
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def written() -> str:
    feed = Atom1Feed(
        title="Changing Tracks library",
        link=absolute(reverse("library")),
        description="",
        subtitle="New guides, templates, films and stories on inclusion in music services.",
        feed_url=absolute(reverse("library_feed")),
        language="en-GB",
        author_name="Changing Tracks",
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
            updateddate=max(on, one.approved_at or on),
            categories=[topic.name for topic in one.topics.all()],
        )
    return feed.writeString("utf-8")


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
