"""Beginning to rate without an invitation: a member, somebody with a group's link, a successor."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from portal.access import Role
from portal.actions import record
from portal.models import User, Verb
from selfassessment.actions import RatingsClosedError
from selfassessment.asking import mail
from selfassessment.models import (
    Audit,
    MailKind,
    Respondent,
    Response,
    RoleGroup,
    SharedLink,
    Source,
    Stage,
)

# What the starter of a self-assessment, or a member who joins it, most likely speaks as
ROLE_OF = {
    Role.LEAD.value: RoleGroup.SENIOR,
    Role.INCLUSION_LEAD.value: RoleGroup.MANAGER,
    Role.GROUP_MEMBER.value: RoleGroup.TUTOR,
    Role.BOARD_VIEWER.value: RoleGroup.TRUSTEE,
}
# More than any staff meeting has; a stop for a machine that clicks
MOST_BY_ONE_LINK = 300
ONCE = 600  # seconds in which a second click is taken for the first


class StillThereError(Exception):
    """The person who rates has not left, so nobody takes their place."""


class RatesAlreadyError(Exception):
    """One person, one voice."""


class NotToldError(Exception):
    """Nobody begins to rate who cannot be told who will see what."""


def join(*, audit: Audit, user: User) -> Response:
    """A response for a member of the service, as the role group their place there suggests."""
    group = ROLE_OF.get(user.role_at(audit.service), RoleGroup.SENIOR)
    respondent = Respondent.objects.create(
        audit=audit, source=Source.ACCOUNT, user=user, role_group=group
    )
    return Response.objects.create(audit=audit, respondent=respondent, role_group=group)


@transaction.atomic
def rate_as_well(*, audit: Audit, by: User) -> Response:
    """Let a member of the service rate who was not asked, while ratings are open."""
    audit = Audit.objects.locked().get(pk=audit.pk)
    if audit.stage != Stage.RATING:
        raise RatingsClosedError("The talk has begun, so nobody can begin to rate now.")
    if there := audit.respondents.for_user(by).first():
        raise RatesAlreadyError(
            "Your invitation was taken back. Ask your service lead for a new one."
            if there.withdrawn_at
            else "You rate in this self-assessment already."
        )
    if audit.respondents.asked().filter(email__iexact=by.email).exists():
        raise RatesAlreadyError(
            f"You were asked at {by.email}. Use the link in that mail: each person rates once."
        )
    if not audit.privacy:
        raise NotToldError(
            "Your leads choose first whether ratings are named or anonymous. "
            "Once they have, you can rate as well."
        )
    return join(audit=audit, user=by)


def begin_by_shared_link(*, link: SharedLink, name: str = "", once: str = "") -> Respondent:
    """A response of their own for somebody who opened the link of a role group.

    `once` names the load of the page they came from: its second click finds the first one's.
    """
    remembered = f"begun:{link.pk}:{once}"
    with transaction.atomic():
        held = SharedLink.objects.select_for_update(of=("self",), no_key=True)
        link = held.select_related("audit").get(pk=link.pk)
        if once and (before := cache.get(remembered)):
            return link.respondents.get(pk=before)
        if link.withdrawn_at or link.audit.stage != Stage.RATING:
            raise RatingsClosedError("Nobody can begin by this link any more.")
        if link.respondents.count() >= MOST_BY_ONE_LINK:
            raise RatingsClosedError(
                "Very many people have begun by this link, so it is held back. "
                "Ask whoever gave it to you for a new one."
            )
        respondent = Respondent.objects.create(
            audit=link.audit,
            source=Source.LINK,
            link=link,
            role_group=link.role_group,
            name=name,
            opened_at=timezone.now(),
        )
        Response.objects.create(audit=link.audit, respondent=respondent, role_group=link.role_group)
        if once:
            cache.set(remembered, respondent.pk, timeout=ONCE)
    return respondent


def mail_return_link(*, respondent: Respondent, email: str) -> None:
    """Send somebody who came by a role group's link the address of their own response."""
    with transaction.atomic():
        respondent.email = email
        respondent.save(update_fields=["email"])
        mail.post([respondent], MailKind.RETURN_LINK)


@transaction.atomic
def take_over(*, audit: Audit, by: User) -> None:
    """Carry on with the ratings of somebody who rated alone and has left: they are the service's.

    Where others were ever asked, what somebody rated is theirs, and it goes with them.
    """
    audit = Audit.objects.locked().get(pk=audit.pk)
    if audit.is_anonymous:
        raise StillThereError("In an anonymous self-assessment nobody sees what another rated.")
    if audit.respondents.for_user(by).exists():
        raise RatesAlreadyError("You rate in this self-assessment yourself: one person, one voice.")
    if not audit.respondents.to_come().orphaned().exists():
        raise StillThereError("Everybody who rates belongs to your service and can finish this.")
    left = to_carry_on(audit)
    if left is None:
        raise StillThereError(
            "Others were asked as well, so nobody sees what somebody was rating. "
            "Withdraw whoever has left, and rate yourself."
        )
    left.user = by
    left.save(update_fields=["user"])
    record(by=by, verb=Verb.CHANGED, subject=f"who rates in {audit}", service=audit.service)


def to_carry_on(audit: Audit) -> Respondent | None:
    """Somebody who has left, and whose ratings another may carry on: no other was ever asked."""
    if audit.is_anonymous or audit.stage != Stage.RATING or audit.respondents.count() != 1:
        return None
    return audit.respondents.to_come().orphaned().first()
