"""Music services and where they work."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from portal.constraints import one_of, together
from portal.models.people import Membership

if TYPE_CHECKING:
    from portal.models.people import User


# What people call a service by: its name, what it was called, and where it works
CALLED_BY = (
    "name",
    "former_names__name",
    "local_authorities__name",
    "local_authorities__hub_memberships__area__name",
)


CONFIRM_EVERY = dt.timedelta(days=365)
SETTLED_AFTER = dt.timedelta(days=60)  # a new lead has other things to do first


class Region(models.TextChoices):
    """The nine regions of England."""

    EAST_MIDLANDS = "East Midlands", "East Midlands"
    EAST_OF_ENGLAND = "East of England", "East of England"
    LONDON = "London", "London"
    NORTH_EAST = "North East", "North East"
    NORTH_WEST = "North West", "North West"
    SOUTH_EAST = "South East", "South East"
    SOUTH_WEST = "South West", "South West"
    WEST_MIDLANDS = "West Midlands", "West Midlands"
    YORKSHIRE_AND_HUMBER = "Yorkshire and the Humber", "Yorkshire and the Humber"


class ServiceKind(models.TextChoices):
    """What a music service is in law; blank is not known."""

    COUNCIL = "council", "Council team"
    TRUST = "trust", "Trust or charity"
    COMPANY = "company", "Company"
    PARTNERSHIP = "partnership", "Hub partnership"


def trigrams(name: str) -> GinIndex:
    """The index that finds a name by a part of it, or by one that is nearly it."""
    return GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name=name)


class LocalAuthority(models.Model):
    """A council area in which a music service works."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "local authorities"
        indexes = [trigrams("council_area_name_trgm")]

    def __str__(self) -> str:
        return self.name


class MusicServiceQuerySet(models.QuerySet["MusicService"]):
    def visible_to(self, user: User) -> Self:
        """Services whose inside this person may enter. The public directory is `listed`."""
        if user.is_team:
            return self
        return self.filter(memberships__user=user, memberships__ended_at=None)

    def listed(self) -> Self:
        """The public directory, by region and name, with what a row shows."""
        return self.with_names().order_by("region", "name")

    def with_names(self) -> Self:
        return self.prefetch_related("local_authorities", "former_names")

    def called(self, word: str, *, nearly: bool = False) -> Self:
        """Those that one word stands for: in a name, an earlier name, a council or hub area.

        One query for each kind of name, so that each can use its index.
        """
        lookup = "trigram_word_similar" if nearly else "icontains"
        # A hub area that was redrawn no longer says where a service is
        now = {"local_authorities__hub_memberships__until_on": None}
        first, *others = (
            self.model.objects.order_by()
            .filter(**{f"{way}__{lookup}": word}, **(now if "hub" in way else {}))
            .values("pk")
            for way in CALLED_BY
        )
        return self.filter(pk__in=first.union(*others))

    def best_first(self, words: str) -> Self:
        """Those whose own name begins with the words, then those with the words in it."""
        begins = models.Q(name__istartswith=words)
        has = models.Q(name__icontains=words)
        place = models.Case(models.When(begins, then=0), models.When(has, then=1), default=2)
        return self.order_by(place, "name")

    def nearest_first(self, words: str) -> Self:
        """Those whose own name comes nearest to the words. Dear: for a few hundred rows."""
        return self.order_by(TrigramWordSimilarity(words, "name").desc(), "name")

    def with_lead(self) -> Self:
        """Whether each has somebody who leads it here, as `has_lead`."""
        leads = Membership.objects.leads().filter(service=models.OuterRef("pk"))
        return self.annotate(has_lead=models.Exists(leads))

    def to_confirm(self, now: dt.datetime) -> Self:
        """Those whose leads are due to be asked whether the profile is right: once a year."""
        a_year_ago, settled = now - CONFIRM_EVERY, now - SETTLED_AFTER
        leads = Membership.objects.leads().filter(service=models.OuterRef("pk"))
        never = models.Q(confirmed_at=None) & models.Exists(leads.filter(started_at__lte=settled))
        long_ago = models.Q(confirmed_at__lte=a_year_ago) & models.Exists(leads)
        asked = models.Q(profile_asked_at__gt=a_year_ago)
        return self.filter(never | long_ago).exclude(asked)

    def without_lead(self) -> Self:
        return self.exclude(pk__in=Membership.objects.leads().values("service"))


class MusicService(models.Model):
    """An organisation that teaches music to the children of an area."""

    name = models.CharField("name of the music service", max_length=160)
    slug = models.SlugField(max_length=160, unique=True)
    region = models.CharField(max_length=40, choices=Region)
    kind = models.CharField("kind of service", max_length=12, choices=ServiceKind, blank=True)
    local_authorities = models.ManyToManyField(
        LocalAuthority, blank=True, related_name="music_services"
    )
    first_year = models.PositiveSmallIntegerField(
        "first year with the programme", null=True, blank=True
    )
    leads_programme = models.BooleanField(default=False)
    action_research = models.BooleanField(default=False)
    nurture_groups = models.BooleanField(default=False)
    in_nwg = models.BooleanField("has been part of the NWG", default=False)
    source_url = models.URLField("where these facts come from", max_length=300, blank=True)
    website = models.URLField("website", max_length=300, blank=True)
    why_joined = models.TextField("why we joined", max_length=1500, blank=True)
    improving = models.TextField("what we are improving", max_length=1500, blank=True)
    difference = models.TextField("what difference it makes", max_length=1500, blank=True)
    confirmed_at = models.DateTimeField(
        "profile last confirmed", null=True, blank=True, editable=False
    )
    confirmed_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    profile_asked_at = models.DateTimeField(
        "leads last asked to confirm the profile", null=True, blank=True, editable=False
    )
    is_fictional = models.BooleanField(default=False, help_text="Made up, for the demo.")

    objects = MusicServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("region", Region),
            one_of("kind", ServiceKind, blank=True),
            together("confirmed_at", "confirmed_by"),
            models.UniqueConstraint(
                Lower("name"),
                name="music_service_name_is_unique",
                violation_error_message="A music service of this name is already here.",
            ),
        ]
        indexes = [
            trigrams("music_service_name_trgm"),
            models.Index(fields=["region", "name"], name="music_service_by_region"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("service", args=[self.slug])

    @property
    def has_profile(self) -> bool:
        return bool(self.why_joined or self.improving or self.difference)

    @property
    def waits_to_be_confirmed(self) -> bool:
        """Whether its leads were asked to look at the profile, and have not yet."""
        asked, confirmed = self.profile_asked_at, self.confirmed_at
        return bool(asked and (confirmed is None or confirmed < asked))


class LogoQuerySet(models.QuerySet["ServiceLogo"]):
    def visible_to(self, user: User) -> Self:
        """Those of the services this person may look into."""
        return self.filter(service__in=MusicService.objects.visible_to(user))

    def light(self) -> Self:
        return self.defer("image")

    def of(self, service: MusicService) -> ServiceLogo | None:
        return self.filter(service=service).first()


class ServiceLogo(models.Model):
    """The logo of a music service, for its papers: written anew as PNG, never kept as sent."""

    service = models.OneToOneField(MusicService, on_delete=models.CASCADE, related_name="logo")
    image = models.BinaryField(help_text="PNG.")
    width = models.PositiveSmallIntegerField(help_text="In pixels.")
    height = models.PositiveSmallIntegerField(help_text="In pixels.")
    alt = models.CharField("what it shows", max_length=200)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    objects = LogoQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Logo of {self.service_id}"
