"""Writes of the self-assessment that reach wider than one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from portal.access import Role
from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.asking import mail
from selfassessment.models import (
    AgreedRating,
    Answer,
    Audit,
    MailKind,
    Questionnaire,
    Rating,
    Respondent,
    Response,
    RoleGroup,
    SharedLink,
    Source,
    Stage,
    Statement,
    Via,
)
from selfassessment.rating import unnamed
from selfassessment.rating.ways import how_far

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


class AuditExistsError(Exception):
    """There is an open self-assessment on this questionnaire for this year: `audit`."""

    def __init__(self, audit: Audit) -> None:
        super().__init__(
            "Your service has a self-assessment open on this questionnaire for this year. "
            "Carry on with that one, or choose another year."
        )
        self.audit = audit


class AuditHasRatingsError(Exception):
    """A self-assessment in which somebody rated is not thrown away."""


class RatingsClosedError(Exception):
    """The ratings were handed in, or the self-assessment is closed."""


class NotReadyError(Exception):
    """Something is missing before the ratings can be handed in."""


class StillThereError(Exception):
    """The person who rates has not left, so nobody takes their place."""


class RatesAlreadyError(Exception):
    """One person, one voice."""


class NotToldError(Exception):
    """Nobody begins to rate who cannot be told who will see what."""


@dataclass(frozen=True)
class Entry:
    """What a person says of one statement. `choice` is “3”, “dk”, “na”, or nothing."""

    choice: str = ""
    reason: str = ""
    comment: str = ""
    evidence: str = ""
    evidence_url: str = ""
    discuss: bool = False

    @classmethod
    def of(cls, rating: Rating | None) -> Entry:
        if rating is None:
            return cls()
        return cls(**{field.name: getattr(rating, field.name) for field in fields(cls)})

    def onto(self, rating: Rating) -> Rating:
        """Write this onto a rating, without saving it."""
        is_level = bool(self.choice) and self.choice not in Answer.values
        rating.answer = Answer.LEVEL if is_level else self.choice
        rating.value = int(self.choice) if is_level else None
        for name in ("reason", "comment", "evidence", "evidence_url", "discuss"):
            setattr(rating, name, getattr(self, name))
        return rating


@dataclass(frozen=True)
class Clash:
    """Somebody, or another tab, changed the rating since this page read it. Nothing was written."""

    mine: Entry
    theirs: Rating


@transaction.atomic
def start_audit(
    *,
    service: MusicService,
    questionnaire: Questionnaire,
    year: int,
    scope: str,
    finish_on: date,
    by: User,
) -> Audit:
    """Begin a service's year, with the starter's own response in it."""
    MusicService.objects.select_for_update().get(pk=service.pk)
    same = Audit.objects.open().filter(service=service, questionnaire=questionnaire, year=year)
    if there_is := same.first():
        raise AuditExistsError(there_is)
    audit = Audit.objects.create(
        service=service,
        questionnaire=questionnaire,
        year=year,
        scope=scope,
        finish_on=finish_on,
        started_by=by,
    )
    join(audit=audit, user=by)
    record(by=by, verb=Verb.STARTED, subject=audit, service=service)
    return audit


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
    audit = Audit.objects.select_for_update(of=("self",), no_key=True).get(pk=audit.pk)
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
def discard_audit(*, audit: Audit, by: User) -> None:
    """Throw away a self-assessment started by mistake, while nobody has rated in it."""
    audit = Audit.objects.select_for_update(of=("self",)).select_related("service").get(pk=audit.pk)
    list(audit.responses.select_for_update())  # a rating being saved comes first, or is refused
    if Rating.objects.filter(response__audit=audit).exists():
        raise AuditHasRatingsError(
            "There are ratings in this self-assessment, so it is kept. "
            "You can change its date, or leave it as it is."
        )
    record(by=by, verb=Verb.DISCARDED, subject=audit, service=audit.service)
    audit.delete()


def wrote_last(page: str, rating: Rating | AgreedRating) -> bool:
    """Whether this very load of a page saved the rating last. Without scripts it has no name."""
    return bool(page) and page.partition(".")[0] == rating.page.partition(".")[0]


def lock_open(response: Response) -> Response:
    """Hold a response still for the rest of the transaction; refuse it once it is closed.

    Everything written in one response passes through this lock, so two saves never race.
    """
    locked = Response.objects.select_for_update(of=("self",), no_key=True)
    held = next(iter(locked.being_rated().filter(pk=response.pk)), None)
    if held is None:
        raise RatingsClosedError(why_closed(response))
    return held


def why_closed(response: Response) -> str:
    now = Response.objects.filter(pk=response.pk).first()
    if now is None:
        return "These ratings were handed in or discarded meanwhile, so nothing was changed."
    if now.handed_in_at:
        return "These ratings were handed in, so nothing was changed."
    return "The talk has begun, so nothing was changed."


@transaction.atomic
def save_rating(
    *,
    response: Response,
    statement: Statement,
    entry: Entry,
    version: int,
    page: str,
    by: User | None,
    via: Via = Via.BROWSER,
) -> Rating | Clash | None:
    """Save what a person says of one statement, if nobody changed it since they read it.

    `version` is what the page was shown (0: nothing yet). `page` names that very load of the page
    and counts its saves, as in “k3f9.000012”: whatever a page wrote last it may write over, so
    one's own quick clicks never clash, and a save that a later one overtook changes nothing.
    `by` is nobody where the rating comes by a personal link.
    Returns the rating as it now stands, None where there was and is nothing, or the clash.
    """
    rating = lock_open(response).ratings_of([statement]).get(statement.pk)
    if Entry.of(rating) == entry:
        return rating
    if rating is None:
        rating = Rating(response=response, statement=statement, version=0)
    elif wrote_last(page, rating):
        if page < rating.page:
            return rating
    elif rating.version != version:
        return Clash(mine=entry, theirs=rating)
    entry.onto(rating)
    rating.version += 1
    rating.page, rating.via = page, via
    rating.saved_at, rating.saved_by = timezone.now(), by
    rating.save()
    if response.respondent:
        response.respondent.begin()
    return rating


@transaction.atomic
def hand_in(*, response: Response, by: User | None) -> None:
    """Close one's own ratings. In an anonymous self-assessment they are nobody's from here on."""
    hand_in_all(responses=[response], by=by)


@transaction.atomic
def hand_in_all(*, responses: Sequence[Response], by: User | None) -> None:
    """The same for several of one self-assessment, all or none."""
    # Before the response, as whoever opens the talk locks them: neither waits for the other.
    audits = Audit.objects.select_for_update(of=("self",), no_key=True)
    audit = audits.filter(pk=responses[0].audit_id).first()
    if audit is None:
        raise RatingsClosedError("This self-assessment was discarded meanwhile.")
    all_held = [lock_open(response) for response in responses]
    for held in all_held:
        held.audit = audit
        require_ready(held)
    if audit.is_anonymous:
        unnamed.cut_all(all_held)
        return
    for held in all_held:
        held.handed_in_at = timezone.now()
        held.save(update_fields=["handed_in_at"])
        Respondent.objects.filter(response=held).update(handed_in=True)
        if by:
            record(by=by, verb=Verb.HANDED_IN, subject=audit, service=audit.service)


def require_ready(response: Response) -> None:
    """Raise NotReadyError unless nothing is missing to hand this in."""
    so_far = how_far(response)
    if so_far.without_reason:
        codes = ", ".join(item.statement.code for item in so_far.without_reason)
        raise NotReadyError(f"Say why “not applicable” fits, then hand in: {codes}.")
    if not so_far.done:
        raise NotReadyError("Rate at least one statement before you hand in.")


@transaction.atomic
def take_over(*, audit: Audit, by: User) -> None:
    """Carry on with the ratings of somebody who rated alone and has left: they are the service's.

    Where others were ever asked, what somebody rated is theirs, and it goes with them.
    """
    audit = (
        Audit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("service")
        .get(pk=audit.pk)
    )
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
