"""What statements, targets, resources and meetings have in common."""

from django.db import models


class Topic(models.Model):
    """A subject shared across the portal; fourteen ship (domain: eight attested, six added)."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    attested = models.BooleanField(
        default=False, help_text="Found on the programme's own site, not added by us."
    )
    about = models.TextField(
        "introduction",
        max_length=800,
        blank=True,
        help_text="What it is about, and why it matters, in two or three plain sentences.",
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
