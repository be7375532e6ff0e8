"""Who is asked to rate: by account, by personal link, by a link for a role group, by workbook."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.core import signing
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone

from portal.constraints import one_of, together
from portal.models import Membership
from selfassessment.models.audit import Audit
from selfassessment.models.role_group import FAMILY_GROUPS, RoleGroup
from selfassessment.models.shared_link import SharedLink, unsigned

if TYPE_CHECKING:
    from portal.models import User

PERSONAL = signing.Signer(salt="selfassessment.respondent")


class Source(models.TextChoices):
    """How somebody came to rate."""

    ACCOUNT = "account", "With an account"
    EMAIL = "email", "Invited by e-mail"
    LINK = "link", "By the link of a role group"
    WORKBOOK = "workbook", "From a workbook"


class Reached(models.TextChoices):
    """How far somebody is: never what they say, nor how much of it."""

    ASKED = "asked", "Asked"
    OPENED = "opened", "Opened"
    BEGUN = "begun", "Begun"
    HANDED_IN = "handed_in", "Handed in"
    WITHDRAWN = "withdrawn", "Withdrawn"


def places() -> models.QuerySet[Membership]:
    """Where somebody with an account still belongs to the music service."""
    return Membership.objects.live().filter(
        user=models.OuterRef("user"), service=models.OuterRef("audit__service")
    )


class RespondentQuerySet(models.QuerySet["Respondent"]):
    def asked(self) -> Self:
        """Those whose invitation stands."""
        return self.filter(withdrawn_at=None)

    def to_come(self) -> Self:
        """Asked, and not handed in yet."""
        return self.asked().filter(handed_in=False)

    def orphaned(self) -> Self:
        """Those whose account has left the music service since."""
        return self.filter(user__isnull=False).exclude(models.Exists(places()))

    def reached(self, stage: str) -> Self:
        """Those who are just there: who has begun has opened, and is in the later one alone."""
        standing = self.asked()
        match stage:
            case Reached.WITHDRAWN:
                return self.filter(withdrawn_at__isnull=False)
            case Reached.HANDED_IN:
                return standing.filter(handed_in=True)
            case Reached.BEGUN:
                return standing.filter(handed_in=False, begun_at__isnull=False)
            case Reached.OPENED:
                return standing.filter(handed_in=False, begun_at=None, opened_at__isnull=False)
        return standing.filter(handed_in=False, begun_at=None, opened_at=None)

    def mail_failed(self) -> Self:
        """Those whose last mail could not be sent."""
        last = RespondentMail.objects.filter(respondent=models.OuterRef("pk")).values("state")[:1]
        return self.alias(last_mail=models.Subquery(last)).filter(last_mail=MailState.FAILED)

    def matching(self, words: str) -> Self:
        """Those with these words in their name or address."""
        return self.filter(
            Q(name__icontains=words)
            | Q(email__icontains=words)
            | Q(user__name__icontains=words)
            | Q(user__email__icontains=words)
        )

    def by_role(self) -> Self:
        """Role by role, by name or address within; each with its account, link and mails."""
        places = [models.When(role_group=group, then=n) for n, group in enumerate(RoleGroup)]
        called = Coalesce(NullIf("name", models.Value("")), "user__name", "email")
        return (
            self.select_related("user", "link")
            .prefetch_related("mails")
            .order_by(models.Case(*places), Lower(called), "pk")
        )

    def to_remind(self, today: dt.date) -> Self:
        """Those who may get a reminder today: one a day, and none who asked for none.

        Whoever was asked only today has that mail; whose account has left the music service has
        no way in any more.
        """
        midnight = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
        return (
            self.to_come()
            .filter(audit__talk_opened_at=None, audit__closed_at=None)
            .filter(declined_at=None, asked_at__lt=midnight)
            .filter(~Q(email="") | models.Exists(places()))
            .exclude(reminded_on=today)
        )

    def by_token(self, token: str) -> Respondent | None:
        pk = unsigned(PERSONAL, token)
        # At most one, so in no order: sorting would look at every column that is joined.
        return next(iter(self.select_related("audit__service", "response").filter(pk=pk)), None)

    def for_user(self, user: User) -> Self:
        return self.filter(user=user)


class Respondent(models.Model):
    """Somebody asked to rate in a self-assessment, and how far they are: never what they say."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="respondents")
    source = models.CharField(max_length=8, choices=Source)
    user = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="responding"
    )
    email = models.EmailField("e-mail address", blank=True)
    name = models.CharField("name", max_length=120, blank=True)
    role_group = models.CharField("role group", max_length=16, choices=RoleGroup)
    link = models.ForeignKey(
        SharedLink, null=True, blank=True, on_delete=models.PROTECT, related_name="respondents"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    handed_in = models.BooleanField(default=False, help_text="No moment: it would tell whose.")
    reminded_on = models.DateField(null=True, blank=True)
    declined_at = models.DateTimeField("asked not to be reminded", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RespondentQuerySet.as_manager()

    class Meta:
        ordering = ["role_group", "pk"]
        constraints = [
            one_of("source", Source),
            one_of("role_group", RoleGroup),
            together("withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                name="respondent_is_found_by_what_its_source_says",
                condition=Q(source=Source.ACCOUNT, user__isnull=False)
                | Q(source=Source.EMAIL) & ~Q(email="")
                | Q(source=Source.LINK, link__isnull=False)
                | Q(source=Source.WORKBOOK),
                violation_error_message="Say how this person comes to their ratings.",
            ),
            models.UniqueConstraint(
                fields=["audit", "user"],
                name="one_respondent_per_person_and_audit",
                violation_error_message="This person rates in this self-assessment already.",
            ),
            models.UniqueConstraint(
                "audit",
                Lower("email"),
                condition=~Q(email="") & Q(withdrawn_at=None),
                name="one_standing_invitation_per_address_and_audit",
                violation_error_message="Somebody with this address is asked already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or (str(self.user) if self.user else self.email) or "Somebody"

    @property
    def token(self) -> str:
        """What the personal link carries."""
        return PERSONAL.sign(str(self.pk))

    @property
    def speaks_for_family(self) -> bool:
        return self.role_group in FAMILY_GROUPS

    @property
    def address(self) -> str:
        """Where mail to them goes, or an empty string."""
        return self.email or (self.user.email if self.user else "")

    @property
    def reached(self) -> Reached:
        if self.withdrawn_at:
            return Reached.WITHDRAWN
        if self.handed_in:
            return Reached.HANDED_IN
        if self.begun_at:
            return Reached.BEGUN
        return Reached.OPENED if self.opened_at else Reached.ASKED

    @property
    def takes_mail(self) -> bool:
        """Whether a mail may still go to them: there is an address, and something to come."""
        return bool(self.address) and self.reached in {
            Reached.ASKED,
            Reached.OPENED,
            Reached.BEGUN,
        }

    def open(self) -> None:
        """They begin: noted once, by a button, so that no mail scanner counts as a person."""
        if self.opened_at is None:
            self.opened_at = timezone.now()
            self.save(update_fields=["opened_at"])

    def begin(self) -> None:
        """They rated something: noted once."""
        if self.begun_at is not None:
            return
        self.begun_at = now = timezone.now()
        opened = Coalesce("opened_at", now, output_field=models.DateTimeField())
        Respondent.objects.filter(pk=self.pk, begun_at=None).update(begun_at=now, opened_at=opened)

    def mind_reminders(self, *, stop: bool) -> None:
        """Send no more reminders, or send them after all."""
        self.declined_at = timezone.now() if stop else None
        self.save(update_fields=["declined_at"])


class MailKind(models.TextChoices):
    """What a mail to somebody who rates is about."""

    INVITATION = "invitation", "Invitation"
    REMINDER = "reminder", "Reminder"
    LAST_DAY = "last_day", "Reminder on the last day"
    RETURN_LINK = "return_link", "Link to come back"


class MailState(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", "On its way"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    DROPPED = "dropped", "Not needed any more"


class RespondentMail(models.Model):
    """A mail to somebody who rates, and what became of it. Its words are written on sending."""

    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=12, choices=MailKind)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            one_of("kind", MailKind),
            one_of("state", MailState),
            models.CheckConstraint(
                name="mail_is_sent_exactly_when_it_says_when",
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | ~Q(state=MailState.SENT) & Q(sent_at__isnull=True),
                violation_error_message="Say when the mail was sent.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.respondent}"
