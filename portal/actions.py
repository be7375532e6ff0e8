"""Writes wider than one row, on the ground floor."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from portal import tasks
from portal.access import ProgrammeRole, Role
from portal.models import (
    Activity,
    Invitation,
    Link,
    LocalAuthority,
    Membership,
    MusicService,
    User,
    Verb,
)

# Addresses under /services/ that are pages of their own
TAKEN_SLUGS = {"add", "hub-areas", "import", "switch"}


class PlaceTakenError(Exception):
    """The person is here already, or invited: then `waiting` is that invitation."""

    waiting: Invitation | None = None


class AlreadyMemberError(PlaceTakenError):
    """The person has a place here already."""


class AlreadyInvitedError(PlaceTakenError):
    """The person has an invitation waiting."""

    def __init__(self, waiting: Invitation) -> None:
        super().__init__(
            f"{waiting.email} has an invitation waiting. Send it again, or withdraw it first."
        )
        self.waiting = waiting


class HasAccountError(Exception):
    """Somebody with an account signs in to accept; no second account is made for them."""


class InvitationClosedError(Exception):
    """The invitation was used, withdrawn or replaced, or is out of date: `link` says which."""

    def __init__(self, link: Link) -> None:
        super().__init__("This invitation is not open any more.")
        self.link = link


class LastLeadError(Exception):
    """A music service always keeps at least one lead."""


class LastTeamMemberError(Exception):
    """The programme always keeps at least one team member."""


def record(*, by: User, verb: Verb, subject: object, service: MusicService | None = None) -> None:
    """Add a line to the log, in the transaction of what it tells of."""
    Activity.objects.create(by=by, verb=verb, subject=str(subject)[:300], service=service)


# Invitations


@transaction.atomic
def invite(
    *,
    email: str,
    by: User,
    service: MusicService | None = None,
    role: str = "",
    programme_role: str = "",
) -> Invitation:
    """Invite somebody to a music service, or to the programme; the worker sends the mail."""
    refuse_if_member(User.objects.with_email(email), service)
    place = {"service": service, "programme_role": programme_role}
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email.lower(), role=role, invited_by=by, **place
            )
    except IntegrityError:
        waiting = Invitation.objects.waiting().get(email__iexact=email, **place)
        raise AlreadyInvitedError(waiting) from None
    record(by=by, verb=Verb.INVITED, subject=invitation.as_line, service=service)
    post(invitation)
    return invitation


def refuse_if_member(person: User | None, service: MusicService | None) -> None:
    if person is None:
        return
    if service is None and person.programme_role:
        raise AlreadyMemberError(
            f"{person} is in the programme already, as {person.get_programme_role_display()}. "
            "End that role first."
        )
    if service and service.memberships.live().filter(user=person).exists():
        raise AlreadyMemberError(f"{person} belongs to {service} already.")


def post(invitation: Invitation) -> None:
    """Hand the mail to the worker: the job is there exactly if the transaction commits."""
    tasks.send_invitation.defer(invitation_id=invitation.pk, times_sent=invitation.times_sent)


def held(invitation: Invitation) -> Invitation:
    """The invitation as it is now, locked for the rest of the transaction, if it still waits."""
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("service")
        .get(pk=invitation.pk)
    )
    link = locked.link(locked.times_sent)
    if link in {Link.USED, Link.WITHDRAWN}:
        raise InvitationClosedError(link)
    return locked


@transaction.atomic
def send_again(*, invitation: Invitation, by: User) -> None:
    """Send an invitation anew, for another 14 days. The earlier link stops working."""
    invitation = held(invitation)
    invitation.sent_at = timezone.now()
    invitation.times_sent += 1
    invitation.invited_by = by
    invitation.save(update_fields=["sent_at", "times_sent", "invited_by"])
    record(by=by, verb=Verb.INVITED_AGAIN, subject=invitation.as_line, service=invitation.service)
    post(invitation)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Take an invitation back: its link stops working."""
    invitation = held(invitation)
    invitation.withdrawn_at, invitation.withdrawn_by = timezone.now(), by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(
        by=by,
        verb=Verb.WITHDREW_INVITATION,
        subject=invitation.email,
        service=invitation.service,
    )


@transaction.atomic
def accept(*, invitation: Invitation, by: User) -> None:
    """Give somebody the place they were invited to. The link they came by must still be open."""
    times_sent = invitation.times_sent
    invitation = held(invitation)
    link = invitation.link(times_sent)
    if link != Link.OPEN:
        raise InvitationClosedError(link)
    refuse_if_member(by, invitation.service)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    if invitation.service:
        Membership.objects.create(service=invitation.service, user=by, role=invitation.role)
    else:
        by.programme_role = invitation.programme_role
        by.save(update_fields=["programme_role"])
    record(by=by, verb=Verb.JOINED, subject=invitation.role_name, service=invitation.service)


@transaction.atomic
def create_account(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account of somebody new and accept for them. Only their mailbox had the link."""
    held(invitation)
    person = User.objects.with_email(invitation.email)
    if person is None:
        person = User.objects.create_user(invitation.email, password, name=name)
    elif person.has_usable_password():
        raise HasAccountError("This address has an account already. Sign in to accept.")
    else:
        person.name = name
        person.set_password(password)
        person.save(update_fields=["name", "password"])
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    accept(invitation=invitation, by=person)
    return person


# People of a music service


def held_leads(service: MusicService) -> set[int]:
    """The leads of a service. The lock on it lets one change of its people in at a time."""
    MusicService.objects.select_for_update().get(pk=service.pk)
    return set(service.memberships.leads().values_list("pk", flat=True))


def keep_a_lead(membership: Membership) -> None:
    if held_leads(membership.service) == {membership.pk}:
        raise LastLeadError(
            f"{membership.user} is the only lead of {membership.service}, and a music service "
            "always keeps one. Make somebody else lead first, or invite a new lead."
        )


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> None:
    """Make somebody something else at the service. What they did before stays theirs."""
    if role != Role.LEAD:
        keep_a_lead(membership)
    changed = Membership.objects.live().filter(pk=membership.pk).exclude(role=role)
    if changed.update(role=role):
        subject = f"{membership.user} to {Role(role).label}"
        record(by=by, verb=Verb.CHANGED_ROLE, subject=subject, service=membership.service)


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """End somebody's place at the service, from their next click on. Their work stays."""
    keep_a_lead(membership)
    ended = Membership.objects.live().filter(pk=membership.pk)
    if ended.update(ended_at=timezone.now(), ended_by=by):
        record(by=by, verb=Verb.REMOVED, subject=membership.user, service=membership.service)
        # A seat is the service's: it does not leave with the person
        if membership.service.nwg_seats.filter(user=membership.user).end(by=by):
            subject = f"the NWG seat of {membership.user}"
            record(by=by, verb=Verb.ENDED, subject=subject, service=membership.service)


# The programme


@transaction.atomic
def end_programme_role(*, person: User, by: User) -> None:
    """End somebody's role in the programme. Their place at music services is not touched."""
    team = User.objects.filter(programme_role=ProgrammeRole.TEAM).order_by("pk")
    if list(team.select_for_update().values_list("pk", flat=True)) == [person.pk]:
        raise LastTeamMemberError(
            f"{person} is the only member of the programme team, and it always keeps one. "
            "Invite somebody else to the team first."
        )
    role_name = person.get_programme_role_display()
    if User.objects.filter(pk=person.pk).exclude(programme_role="").update(programme_role=""):
        record(by=by, verb=Verb.REMOVED, subject=f"{person}, {role_name}")


def free_slug(name: str) -> str:
    """An address for a service that no other has."""
    base = slugify(name)[:140] or "music-service"
    taken = TAKEN_SLUGS | set(
        MusicService.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    )
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


@transaction.atomic
def add_service(*, service: MusicService, authorities: Iterable[str], by: User) -> MusicService:
    """Put a music service into the directory, with the council areas it works in."""
    service.slug = free_slug(service.name)
    service.save()
    service.local_authorities.set(
        LocalAuthority.objects.get_or_create(name=name)[0] for name in authorities
    )
    record(by=by, verb=Verb.ADDED, subject=service, service=service)
    return service
