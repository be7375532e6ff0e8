"""What statements, targets, resources and meetings have in common."""

from django.db import models


class Topic(models.Model):
    """A subject shared across the portal; fourteen ship (domain: eight attested, six added)."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    attested = models.BooleanField(
        default=False, help_text="Found on the programme's own site, not added by us."
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
