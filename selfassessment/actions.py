"""Writes of the self-assessment that reach wider than one row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.utils import timezone

from portal.access import Role
from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.models import (
    AgreedRating,
    Answer,
    Audit,
    Questionnaire,
    Rating,
    Respondent,
    Response,
    RoleGroup,
    Source,
    Statement,
    Via,
)
from selfassessment.progress import progress

# What the starter of a self-assessment, or a member who joins it, most likely speaks as
ROLE_OF = {
    Role.LEAD.value: RoleGroup.SENIOR,
    Role.INCLUSION_LEAD.value: RoleGroup.MANAGER,
    Role.GROUP_MEMBER.value: RoleGroup.TUTOR,
    Role.BOARD_VIEWER.value: RoleGroup.TRUSTEE,
}


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
    locked = Response.objects.with_audit().select_for_update(of=("self",), no_key=True)
    try:
        held = locked.get(pk=response.pk)
    except Response.DoesNotExist:
        raise RatingsClosedError("This self-assessment was discarded meanwhile.") from None
    if not held.is_open:
        raise RatingsClosedError(
            "These ratings were handed in, so nothing was changed. "
            "Your service lead can open them again."
        )
    return held


@transaction.atomic
def save_rating(
    *,
    response: Response,
    statement: Statement,
    entry: Entry,
    version: int,
    page: str,
    by: User,
    via: Via = Via.BROWSER,
) -> Rating | Clash | None:
    """Save what a person says of one statement, if nobody changed it since they read it.

    `version` is what the page was shown (0: nothing yet). `page` names that very load of the page
    and counts its saves, as in “k3f9.000012”: whatever a page wrote last it may write over, so
    one's own quick clicks never clash, and a save that a later one overtook changes nothing.
    Returns the rating as it now stands, None where there was and is nothing, or the clash.
    """
    lock_open(response)
    rating = Rating.objects.filter(response=response, statement=statement).first()
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
    return rating


@transaction.atomic
def hand_in(*, response: Response, by: User) -> None:
    """Close one's own ratings, so that the service can see what they come to."""
    held = lock_open(response)
    ratings = {rating.statement_id: rating for rating in held.ratings.all()}
    so_far = progress(held.audit.statements(), ratings)
    if so_far.without_reason:
        codes = ", ".join(item.statement.code for item in so_far.without_reason)
        raise NotReadyError(f"Say why “not applicable” fits, then hand in: {codes}.")
    if not so_far.done:
        raise NotReadyError("Rate at least one statement before you hand in.")
    held.handed_in_at = timezone.now()
    held.save(update_fields=["handed_in_at"])
    record(by=by, verb=Verb.HANDED_IN, subject=held.audit, service=held.audit.service)


@transaction.atomic
def reopen(*, audit: Audit, by: User) -> None:
    """Let the ratings of a self-assessment change again."""
    handed_in = Response.objects.select_for_update().filter(audit=audit).handed_in()
    if audit.closed_at or not handed_in:
        raise RatingsClosedError("There is nothing to open again here.")
    for response in handed_in:
        response.handed_in_at = None
        response.save(update_fields=["handed_in_at"])
    record(by=by, verb=Verb.REOPENED, subject=audit, service=audit.service)


@transaction.atomic
def take_over(*, audit: Audit, by: User) -> None:
    """Carry on with the ratings of somebody who has left: the work belongs to the service."""
    held = (
        Response.objects.leading()
        .with_respondent()
        .select_for_update(of=("self",), no_key=True)
        .get(audit=audit)
    )
    if held.respondent is None or not held.orphaned:
        raise StillThereError(f"{held.respondent} belongs to your service and can finish this.")
    held.respondent.user = by
    held.respondent.save(update_fields=["user"])
    record(by=by, verb=Verb.CHANGED, subject=f"who rates in {audit}", service=audit.service)
