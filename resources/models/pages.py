"""Pages of words that the programme team edits in the browser, and the e-news."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Self

import pghistory
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from portal.constraints import together
from portal.models import Topic

HOME = "home"  # the words of the front page


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Page(models.Model):
    """A public page of words: about, how it works, accessibility, privacy."""

    slug = models.SlugField("address", max_length=60, unique=True)
    title = models.CharField("title", max_length=120)
    summary = models.CharField("what it is about, in a sentence", max_length=200)
    body = models.TextField("text", max_length=60_000, help_text="Markdown.")
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody: as it came with the portal.",
    )

    class Meta:
        ordering = ["order", "title"]
        constraints = [together("changed_at", "changed_by")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug]) if self.slug != HOME else reverse("home")


LINK_DAYS = 7
KEPT_DAYS = 14  # of an address that nobody confirmed


def new_key() -> str:
    return secrets.token_urlsafe(24)


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def with_key(self, key: str) -> Subscriber | None:
        """Whose link it is; None where it was made up, or they have left."""
        return self.filter(key=key).first()

    def stale(self) -> Self:
        """Asked for long ago and never confirmed: to be forgotten."""
        long_ago = timezone.now() - dt.timedelta(days=KEPT_DAYS)
        return self.filter(confirmed_at=None, asked_at__lt=long_ago)


class Subscriber(models.Model):
    """An address that asked for the e-news; confirmed by a link that was mailed to it."""

    email = models.EmailField("e-mail address")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Who gets it already and asks for other topics confirms those by a mail too.
    wanted_topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    change_asked_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_subscription_per_address",
                violation_error_message="This address is here already.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def link_works(self) -> bool:
        """Whether the mailed link may still confirm."""
        return timezone.now() < self.asked_at + dt.timedelta(days=LINK_DAYS)

    @property
    def change_waits(self) -> bool:
        """Whether other topics were asked for, and may still be confirmed."""
        asked = self.change_asked_at
        return asked is not None and timezone.now() < asked + dt.timedelta(days=LINK_DAYS)
