"""Hub areas, which change over time, and the seats of the NWG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.constraints import one_of, together
from portal.models.services import LocalAuthority, MusicService, trigrams

if TYPE_CHECKING:
    from portal.models.people import User

SEATS = (1, 2)  # of a music service: at most two are live


class HubAreaQuerySet(models.QuerySet["HubArea"]):
    def visible_to(self, user: User) -> Self:  # noqa: ARG002 (they are public)
        return self

    def with_all(self) -> Self:
        """With who leads each and who did, and the councils in it now."""
        now = HubMember.objects.filter(until_on=None).select_related("authority")
        return self.prefetch_related("leads", models.Prefetch("members", now, to_attr="now"))

    def of(self, service: MusicService) -> Self:
        """Where a service works now."""
        return self.filter(
            members__until_on=None, members__authority__music_services=service
        ).distinct()


class HubArea(models.Model):
    """An area in which one organisation leads the music hub; redrawn in September 2024."""

    name = models.CharField("hub area", max_length=120, unique=True)
    source_url = models.URLField("where this comes from", max_length=300, blank=True)

    objects = HubAreaQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [trigrams("hub_area_name_trgm")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('hub_areas')}#hub-{self.pk}"

    @property
    def lead_now(self) -> HubLead | None:
        """Of those that were fetched with it."""
        return next((lead for lead in self.leads.all() if lead.until_on is None), None)


class HubLead(models.Model):
    """Who leads a hub area, from when, and until when."""

    area = models.ForeignKey(HubArea, on_delete=models.CASCADE, related_name="leads")
    organisation = models.CharField("hub lead organisation", max_length=160)
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)

    class Meta:
        ordering = [F("until_on").desc(nulls_first=True), "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(until_on=None),
                name="one_lead_of_a_hub_area_at_a_time",
                violation_error_message="This hub area has a lead already: say until when.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.area}"


class HubMember(models.Model):
    """A council area that lies in a hub area, from when, and until when."""

    area = models.ForeignKey(HubArea, on_delete=models.CASCADE, related_name="members")
    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="hub_memberships"
    )
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)

    class Meta:
        ordering = ["authority__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority"],
                condition=Q(until_on=None),
                name="a_council_area_lies_in_one_hub_area_at_a_time",
                violation_error_message="This council area lies in a hub area already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.authority} in {self.area}"


class FormerName(models.Model):
    """What a music service was called before; people still search for it."""

    service = models.ForeignKey(MusicService, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField("former name", max_length=160)
    until_on = models.DateField("until", null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "name"],
                name="former_name_is_said_once",
                violation_error_message="This former name is here already.",
            )
        ]
        indexes = [trigrams("former_name_trgm")]

    def __str__(self) -> str:
        return self.name


class SeatState(models.TextChoices):
    """Whether a seat is asked for, held, or over."""

    PROPOSED = "proposed", "Proposed"
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"


class NwgSeatQuerySet(models.QuerySet["NwgSeat"]):
    def live(self) -> Self:
        return self.filter(state=SeatState.LIVE)

    def proposed(self) -> Self:
        return self.filter(state=SeatState.PROPOSED)

    def open(self) -> Self:
        """Held, or asked for."""
        return self.exclude(state=SeatState.ENDED)

    def ended(self) -> Self:
        return self.filter(state=SeatState.ENDED)

    def with_people(self) -> Self:
        return self.select_related("service", "user", "proposed_by")

    def end(self, *, by: User) -> int:
        """End those that are open, from now on; how many there were."""
        now = timezone.now()
        return self.open().update(
            state=SeatState.ENDED,
            place=None,
            until_on=timezone.localdate(now),
            ended_at=now,
            ended_by=by,
        )

    def visible_to(self, user: User) -> Self:
        """The team sees all; members those of their service."""
        if user.is_team:
            return self
        return self.filter(service__in=[m.service_id for m in user.live_memberships])


class NwgSeat(models.Model):
    """A place of a music service on the National Music Services Working Group on Inclusion."""

    service = models.ForeignKey(MusicService, on_delete=models.PROTECT, related_name="nwg_seats")
    user = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="nwg_seats")
    place = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="1 or 2 while it is live."
    )
    state = models.CharField(max_length=8, choices=SeatState, default=SeatState.PROPOSED)
    from_on = models.DateField("from", null=True, blank=True)
    until_on = models.DateField("until", null=True, blank=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = NwgSeatQuerySet.as_manager()

    class Meta:
        ordering = ["service__name", "place", "pk"]
        constraints = [
            one_of("state", SeatState),
            together("given_at", "given_by"),
            together("ended_at", "ended_by"),
            models.CheckConstraint(
                name="seat_has_a_place_exactly_while_it_is_live",
                condition=Q(state=SeatState.LIVE, place__in=SEATS, given_at__isnull=False)
                | ~Q(state=SeatState.LIVE) & Q(place__isnull=True),
                violation_error_message="A live seat is the first or the second of its service.",
            ),
            models.UniqueConstraint(
                fields=["service", "place"],
                condition=Q(state=SeatState.LIVE),
                name="a_service_holds_at_most_two_live_seats",
                violation_error_message="This music service holds two seats already.",
            ),
            models.UniqueConstraint(
                fields=["service", "user"],
                condition=~Q(state=SeatState.ENDED),
                name="one_seat_per_person_and_service",
                violation_error_message="This person has a seat, or is proposed for one, already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.service}"
