"""Asking people to rate: what is written when a lead invites, reminds, withdraws, hands out links.

Whoever asks holds the audit first, then the response, then the respondent, as handing in does:
neither waits for the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import User, Verb
from selfassessment.asking import mail, reminders
from selfassessment.asking.addresses import Person
from selfassessment.models import (
    Audit,
    MailKind,
    MailState,
    Privacy,
    Respondent,
    Response,
    RoleGroup,
    SharedLink,
    Source,
    Stage,
)
from selfassessment.rating import unnamed


class NotRatingError(Exception):
    """People are asked while ratings come in, not later."""

    def __init__(self) -> None:
        super().__init__(
            "The talk has begun, so nobody is asked or reminded now. "
            "Your service lead can let people rate again."
        )


class PrivacyNotChosenError(Exception):
    """Nobody is asked before it is said who will see what."""

    def __init__(self) -> None:
        super().__init__("Choose first whether ratings are named or anonymous.")


class PrivacyKeptError(Exception):
    """What people were told about their privacy is not loosened."""


class HandedInError(Exception):
    """Somebody handed in: what they said keeps its place."""


class NoMailError(Exception):
    """Why no mail goes to somebody."""


def held(audit: Audit) -> Audit:
    """The audit as it is now, locked for the rest of the transaction."""
    return Audit.objects.locked().get(pk=audit.pk)


def held_open(audit: Audit) -> Audit:
    """The same, while people rate in it."""
    locked = held(audit)
    if locked.stage != Stage.RATING:
        raise NotRatingError
    return locked


def held_to_ask(audit: Audit) -> Audit:
    locked = held_open(audit)
    if not locked.privacy:
        raise PrivacyNotChosenError
    return locked


def held_respondent(respondent: Respondent) -> tuple[Respondent, Response | None]:
    """Somebody as they are now, with their response as long as it is theirs, both locked."""
    response = Response.objects.select_for_update(no_key=True).filter(respondent=respondent).first()
    locked = Respondent.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    return locked.get(pk=respondent.pk), response


@transaction.atomic
def choose_privacy(*, audit: Audit, privacy: Privacy, by: User) -> None:
    """Say whether ratings are named or anonymous. Anonymous is for good."""
    audit = held_open(audit)
    if audit.privacy == privacy:
        return
    if audit.is_anonymous:
        raise PrivacyKeptError(
            "This self-assessment is anonymous, and people were told so. It stays anonymous."
        )
    anonymous = privacy == Privacy.ANONYMOUS
    if anonymous and audit.respondents.filter(handed_in=True).exists():
        raise PrivacyKeptError(
            "Somebody has handed in by name, so this self-assessment stays named. "
            "Only a fresh one can be anonymous."
        )
    audit.privacy = privacy
    audit.save(update_fields=["privacy"])
    record(
        by=by,
        verb=Verb.CHANGED,
        subject=f"{audit} to {audit.get_privacy_display().lower()}",
        service=audit.service,
    )


def taken(audit: Audit, emails: Iterable[str]) -> dict[str, str]:
    """Which of these addresses belong to somebody who is in this audit already, and how."""
    wanted = {email.lower() for email in emails}
    return {
        address: why
        for one in audit.respondents.select_related("user")
        for address in addresses(one) & wanted
        if (why := why_not(one))
    }


def addresses(one: Respondent) -> set[str]:
    return {one.email.lower(), one.user.email.lower()} if one.user else {one.email.lower()}


def why_not(one: Respondent) -> str:
    """Why somebody in the audit is not asked anew; nothing for an invitation taken back."""
    if one.handed_in:
        return "They have handed in already, and each person rates once."
    if one.withdrawn_at:
        return ""
    group = one.get_role_group_display().lower()
    if one.source == Source.ACCOUNT:
        return f"They rate with their account already ({group})."
    if one.source == Source.LINK:
        return f"They rate by the link for {group} already."
    return f"They are asked already ({group})."


@transaction.atomic
def invite(
    *, audit: Audit, role_group: str, people: Sequence[Person], by: User
) -> list[Respondent]:
    """Ask people to rate, each by a mail with a link of their own; those who are in are left out.

    A member of the service comes to the same ratings by their account.
    """
    audit = held_to_ask(audit)
    there = taken(audit, (person.email for person in people))
    wanted = {person.email: person for person in people if person.email not in there}
    if not wanted:
        return []
    members = {
        place.user.email.lower(): place.user
        for place in audit.service.memberships.live().select_related("user")
    }
    # An invitation that was taken back makes room: its link stays void, the new one has its own.
    back = audit.respondents.filter(withdrawn_at__isnull=False, handed_in=False)
    void = [one.pk for one in back.select_related("user") if addresses(one) & wanted.keys()]
    audit.respondents.filter(pk__in=void).delete()
    asked = Respondent.objects.bulk_create(
        Respondent(
            audit=audit,
            source=Source.EMAIL,
            email=email,
            name=person.name,
            user=members.get(email),
            role_group=role_group,
            asked_by=by,
        )
        for email, person in wanted.items()
    )
    Response.objects.bulk_create(
        Response(audit=audit, respondent=one, role_group=role_group) for one in asked
    )
    mail.post(asked, MailKind.INVITATION)
    record(
        by=by,
        verb=Verb.INVITED,
        subject=f"{count(asked)} ({RoleGroup(role_group).label.lower()}) to rate in {audit}",
        service=audit.service,
    )
    return asked


def count(people: Sequence[object]) -> str:
    return "1 person" if len(people) == 1 else f"{len(people)} people"


@transaction.atomic
def send_again(*, respondent: Respondent, by: User) -> None:
    """Mail the link once more, to somebody who lost it or whose mail failed."""
    audit = held_to_ask(respondent.audit)
    one, _ = held_respondent(respondent)
    if not one.takes_mail:
        raise NoMailError(f"{one}: no mail is needed any more.")
    if one.source == Source.ACCOUNT:
        raise NoMailError(f"{one} rates with an account. “Remind now” reaches them.")
    if one.declined_at:
        raise NoMailError(f"{one} asked for no more mail. Speak to them instead.")
    if one.mails.filter(state=MailState.WAITING).exists():
        raise NoMailError(f"A mail to {one} is on its way already.")
    one.asked_by, one.reminded_on = by, timezone.localdate()
    one.save(update_fields=["asked_by", "reminded_on"])
    by_link = one.source == Source.LINK
    mail.post([one], MailKind.RETURN_LINK if by_link else MailKind.INVITATION)
    record(by=by, verb=Verb.INVITED_AGAIN, subject=f"{one} to rate", service=audit.service)


@transaction.atomic
def remind_now(*, audit: Audit, by: User) -> int:
    """Remind everybody who is not done and had no mail today, and say how many they were."""
    reminded = reminders.remind(held_open(audit))
    if reminded:
        people = count(range(reminded))
        record(by=by, verb=Verb.INVITED_AGAIN, subject=f"{people} to rate", service=audit.service)
    return reminded


@transaction.atomic
def withdraw(*, respondent: Respondent, by: User) -> None:
    """Take an invitation back: the link is void, ratings not handed in are gone without trace."""
    audit = held(respondent.audit)
    one, response = held_respondent(respondent)
    if one.withdrawn_at:
        return
    if response and response.handed_in_at is None:
        ratings = list(response.ratings.values_list("pk", flat=True))
        gone = response.pk
        response.delete()
        unnamed.forget([gone], ratings)
    one.withdrawn_at, one.withdrawn_by = timezone.now(), by
    one.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(by=by, verb=Verb.WITHDREW_INVITATION, subject=f"{one} to rate", service=audit.service)


@transaction.atomic
def change_role_group(*, respondent: Respondent, role_group: str, by: User) -> None:
    """Put somebody into another role group, while their ratings are theirs."""
    audit = held_open(respondent.audit)
    one, response = held_respondent(respondent)
    if one.handed_in or response is None or response.handed_in_at:
        raise HandedInError(f"{one} has handed in, so the role group stays as it is.")
    if one.role_group == role_group:
        return
    one.role_group = response.role_group = role_group
    one.save(update_fields=["role_group"])
    response.save(update_fields=["role_group"])
    subject = f"{one} to {one.get_role_group_display().lower()} in {audit}"
    record(by=by, verb=Verb.CHANGED_ROLE, subject=subject, service=audit.service)


@transaction.atomic
def make_link(*, audit: Audit, role_group: str, by: User) -> SharedLink:
    """The link for a role group: the one there is, or a new one."""
    audit = held_to_ask(audit)
    there = audit.shared_links.live().filter(role_group=role_group).first()
    if there:
        return there
    link = SharedLink.objects.create(audit=audit, role_group=role_group, made_by=by)
    group = link.get_role_group_display().lower()
    record(by=by, verb=Verb.ADDED, subject=f"a link for {group} to rate", service=audit.service)
    return link


@transaction.atomic
def withdraw_link(*, link: SharedLink, by: User) -> None:
    """Make the link of a role group void. Who came by it has a link of their own by now."""
    audit = held(link.audit)
    live = SharedLink.objects.live().filter(pk=link.pk)
    if live.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        group = link.get_role_group_display().lower()
        subject = f"the link for {group} to rate"
        record(by=by, verb=Verb.WITHDREW, subject=subject, service=audit.service)
