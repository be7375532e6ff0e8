"""Pictures in the text of a resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from resources.models.library import Resource

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.models import User


MARKS = re.compile(r"[\[\]\\`*_<&!]")  # what would mean something in the text


class ResourcePictureQuerySet(models.QuerySet["ResourcePicture"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of what this person may read."""
        return self.filter(resource__in=Resource.objects.visible_to(user))

    def light(self) -> Self:
        """Without the picture itself, for pages and lists."""
        return self.defer("image")


class ResourcePicture(models.Model):
    """A picture that the text of a resource may show, with what it shows in words."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="pictures")
    name = models.SlugField("name", max_length=60, help_text="What the text calls it.")
    image = models.BinaryField(help_text="PNG or JPEG, written anew.")
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField(help_text="In pixels, as is the height.")
    height = models.PositiveSmallIntegerField()
    alt = models.CharField("what it shows", max_length=300)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = ResourcePictureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "name"],
                name="one_picture_of_each_name_in_a_resource",
                violation_error_message="Another picture of this resource has this name.",
            ),
            models.CheckConstraint(
                name="resource_picture_says_what_it_shows",
                condition=~Q(alt=""),
                violation_error_message="Say what the picture shows.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resource_picture", args=[self.resource.slug, self.pk])

    @property
    def mark(self) -> str:
        """What to write in the text, where the picture should be."""
        return f"![{MARKS.sub('', self.alt)}](picture:{self.name})"
