"""Pages of words that the programme team edits in the browser, and the e-news."""

from __future__ import annotations

import secrets

import pghistory
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from portal.constraints import together
from portal.models import Topic


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Page(models.Model):
    """A public page of words: about, how it works, accessibility, privacy."""

    slug = models.SlugField("address", max_length=60, unique=True)
    title = models.CharField("title", max_length=120)
    summary = models.CharField("what it is about, in a sentence", max_length=200)
    body = models.TextField("text", max_length=60_000, help_text="Markdown.")
    in_footer = models.BooleanField("in the footer", default=False)
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
        return reverse("page", args=[self.slug])


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Subscriber(models.Model):
    """An address that asked for the e-news; confirmed by a link that was mailed to it."""

    email = models.EmailField("e-mail address")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

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
