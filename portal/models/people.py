"""People, what they are at a music service, and how they come in."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core import signing
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from portal import access
from portal.access import ProgrammeRole, Role
from portal.constraints import one_of, together

if TYPE_CHECKING:
    from portal.models.services import MusicService

SIGNER = signing.Signer(salt="portal.invitation")


class UserManager(BaseUserManager["User"]):
    def visible_to(self, user: User) -> models.QuerySet[User]:
        """The people of the programme, for those who look after it; nobody else's account."""
        if not access.can(user, access.Permission.PROGRAMME_PEOPLE):
            return self.none()
        return self.exclude(programme_role="")

    def with_email(self, email: str) -> User | None:
        return self.filter(email__iexact=email).first()

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """Somebody with an account. What they may do hangs on memberships and the programme role."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("your name", max_length=120)
    programme_role = models.CharField(max_length=20, choices=ProgrammeRole, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            one_of("programme_role", ProgrammeRole, blank=True),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_is_unique_whatever_its_case",
                violation_error_message="Somebody already uses this e-mail address.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_team(self) -> bool:
        return self.programme_role == ProgrammeRole.TEAM

    @cached_property
    def live_memberships(self) -> list[Membership]:
        """This person's memberships with their services: one query a request."""
        return list(self.memberships.live().select_related("service").order_by("service__name"))

    def role_at(self, service: MusicService) -> str:
        """The role at `service`, or an empty string."""
        return next((m.role for m in self.live_memberships if m.service_id == service.pk), "")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> Self:
        """Who is who at the services whose inside this person may enter."""
        if user.is_team:
            return self
        return self.filter(service__in=[m.service_id for m in user.live_memberships])

    def live(self) -> Self:
        return self.filter(ended_at=None)

    def leads(self) -> Self:
        return self.live().filter(role=Role.LEAD)

    def with_people(self) -> Self:
        return self.select_related("user", "service")

    def by_role(self) -> Self:
        """With their people: leads first, board viewers last, by name within a role."""
        places = [models.When(role=role, then=place) for place, role in enumerate(Role.values)]
        return self.with_people().order_by(models.Case(*places), "user__name", "pk")


class Membership(models.Model):
    """A person's place at a music service. Ended, never deleted: the history stays."""

    service = models.ForeignKey(
        "portal.MusicService", on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("role", Role),
            together("ended_at", "ended_by"),
            models.UniqueConstraint(
                fields=["service", "user"],
                condition=Q(ended_at=None),
                name="one_live_membership_per_person_and_service",
                violation_error_message="This person already belongs to the music service.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.service}"


class Link(models.TextChoices):
    """What the link of an invitation is good for."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> Self:
        """Those to the services whose inside this person may enter; the team sees all."""
        if user.is_team:
            return self
        return self.filter(service__in=[m.service_id for m in user.live_memberships])

    def by_token(self, token: str) -> tuple[Invitation | None, Link]:
        """The invitation a link stands for, and what the link is good for."""
        try:
            pk, times_sent = SIGNER.unsign_object(token)
        except signing.BadSignature:
            return None, Link.UNKNOWN
        invitation = self.select_related("service", "invited_by").filter(pk=pk).first()
        if invitation is None:
            return None, Link.UNKNOWN
        return invitation, invitation.link(times_sent)

    def waiting(self) -> Self:
        """Sent, and neither taken up nor withdrawn; perhaps out of date."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A way in for one person, to one music service or to the programme."""

    email = models.EmailField("e-mail address")
    service = models.ForeignKey(
        "portal.MusicService",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    role = models.CharField(max_length=20, choices=Role, blank=True)
    programme_role = models.CharField(max_length=20, choices=ProgrammeRole, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    times_sent = models.PositiveSmallIntegerField(default=1)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            one_of("role", Role, blank=True),
            one_of("programme_role", ProgrammeRole, blank=True),
            together("accepted_at", "accepted_by"),
            together("withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                name="invitation_is_to_a_service_or_to_the_programme",
                condition=Q(service__isnull=False, programme_role="") & ~Q(role="")
                | Q(service__isnull=True, role="") & ~Q(programme_role=""),
                violation_error_message="Invite to a music service or to the programme, not both.",
            ),
            models.CheckConstraint(
                name="invitation_is_accepted_or_withdrawn_not_both",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                violation_error_message="This invitation was withdrawn.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                "service",
                "programme_role",
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="one_waiting_invitation_per_person_and_place",
                violation_error_message="This person has an invitation waiting already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.place}"

    @property
    def place(self) -> str:
        return self.service.name if self.service else "the Changing Tracks programme"

    @property
    def role_name(self) -> str:
        return self.get_role_display() or self.get_programme_role_display()

    @property
    def as_line(self) -> str:
        """How the log names it."""
        return f"{self.email} as {self.role_name}"

    @property
    def is_from_oneself(self) -> bool:
        """The first member of the programme team is invited by the set-up, in their own name."""
        return self.invited_by.email == self.email

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + timedelta(days=settings.INVITATION_DAYS)

    @property
    def is_expired(self) -> bool:
        return timezone.now() > self.expires_at

    @property
    def token(self) -> str:
        """What the link carries: sending again makes the earlier link void."""
        return SIGNER.sign_object([self.pk, self.times_sent])

    def link(self, times_sent: int) -> Link:
        """What the link of one of the times it was sent is good for now."""
        if self.accepted_at:
            return Link.USED
        if self.withdrawn_at:
            return Link.WITHDRAWN
        if times_sent != self.times_sent:
            return Link.REPLACED
        return Link.EXPIRED if self.is_expired else Link.OPEN
