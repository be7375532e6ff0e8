"""Showing the totals, closing the year, and opening it again."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from portal.actions import record
from portal.models import MusicService, User, Verb
from selfassessment.models import Audit, Respondent, Stage

NOTHING_TO_OPEN = "There is nothing to open again here."


class NotNowError(Exception):
    """The self-assessment is at another point of its year, or something is missing."""


class NotTalkingError(NotNowError):
    """A service agrees and chooses while its talk is open: not before, and not in a closed year."""

    def __init__(self, stage: Stage) -> None:
        closed = (
            "The year is closed by now, so nothing was changed. Your service lead can reopen it."
        )
        waits = "The talk is not open, so nothing was changed. Your leads open it."
        super().__init__(closed if stage == Stage.CLOSED else waits)


def held(audit: Audit) -> Audit:
    """The self-assessment as it is now, held still for the rest of the transaction.

    Whatever changes what is agreed, or where the year is, passes through this lock.
    """
    try:
        return Audit.objects.locked().select_related("questionnaire").get(pk=audit.pk)
    except Audit.DoesNotExist:
        raise NotNowError("This self-assessment was discarded meanwhile.") from None


def held_in_talk(audit: Audit) -> Audit:
    """As `held`, while there is something to agree and to choose; refused before and after."""
    now = held(audit)
    if now.stage != Stage.TALK:
        raise NotTalkingError(now.stage)
    return now


@transaction.atomic
def show_totals(*, audit: Audit, by: User) -> None:
    """Let the service see what its agreed ratings come to."""
    now = held_in_talk(audit)
    if now.totals_shown_at:
        return
    now.totals_shown_at, now.totals_shown_by = timezone.now(), by
    now.save(update_fields=["totals_shown_at", "totals_shown_by"])
    record(by=by, verb=Verb.SHOWED_TOTALS, subject=now, service=now.service)


@transaction.atomic
def close_year(*, audit: Audit, by: User) -> None:
    """End a service's year: what is agreed stands, and its totals are shown."""
    now = held_in_talk(audit)
    if not now.agreed_ratings.agreed().exists():
        raise NotNowError("Agree at least one statement before you close the year.")
    now.closed_at, now.closed_by = timezone.now(), by
    if now.totals_shown_at is None:
        now.totals_shown_at, now.totals_shown_by = now.closed_at, by
    now.save(update_fields=["closed_at", "closed_by", "totals_shown_at", "totals_shown_by"])
    record(by=by, verb=Verb.CLOSED, subject=now, service=now.service)


class Reopening(StrEnum):
    """What reopening does, from where the year is now."""

    YEAR = "year"  # closed: agreeing goes on
    RATING = "rating"  # the talk is open: people rate again
    ALONE = "alone"  # one person rated: their ratings open again


def reopening(audit: Audit) -> Reopening | None:
    """Which of these it would be; None where there is nothing to open."""
    if audit.stage == Stage.CLOSED:
        return Reopening.YEAR
    if audit.alone:
        return Reopening.ALONE
    if audit.stage == Stage.TALK:
        return Reopening.RATING
    return Reopening.ALONE if is_one_who_handed_in(audit) else None


def is_one_who_handed_in(audit: Audit) -> bool:
    """Whether one person is all there is, and their ratings are in and still have their name."""
    asked = list(audit.respondents.asked()[:2])
    whose = list(audit.responses.handed_in().values_list("respondent", flat=True)[:2])
    return len(asked) == 1 and whose == [asked[0].pk]


@transaction.atomic
def reopen(*, audit: Audit, by: User) -> Reopening:
    """Go back one step: from closed to the talk, from the talk to rating. Says which."""
    # Nobody starts another self-assessment of the same year meanwhile; see start_audit.
    MusicService.objects.select_for_update(no_key=True).get(pk=audit.service_id)
    now = held(audit)
    what = reopening(now)
    if what is None:
        raise NotNowError(NOTHING_TO_OPEN)
    if what == Reopening.YEAR:
        refuse_a_second(now)
        now.closed_at = now.closed_by = None
    else:
        now.talk_opened_at = now.talk_opened_by = None
        now.totals_shown_at = now.totals_shown_by = None
        now.alone = False
        now.reports.all().delete()  # what they say is hidden again, and may not be the last word
    now.save()
    if what == Reopening.ALONE:
        give_back(now)
    record(by=by, verb=Verb.REOPENED, subject=now, service=now.service)
    return what


def refuse_a_second(audit: Audit) -> None:
    """One self-assessment at a time is open for a year on one questionnaire."""
    beside = Audit.objects.open().for_service(audit.service)
    if beside.filter(questionnaire=audit.questionnaire_id, year=audit.year).exists():
        raise NotNowError(
            f"Another self-assessment of {audit.year_name} is open. Close that one first."
        )


def give_back(audit: Audit) -> None:
    """Let the one person who rated go on. What was handed in anonymously is nobody's, and stays."""
    responses = audit.responses.select_for_update(of=("self",), no_key=True)
    for response in responses.filter(respondent__isnull=False):
        response.handed_in_at, response.counted, response.opening = None, False, 0
        response.save(update_fields=["handed_in_at", "counted", "opening"])
    named = audit.responses.filter(respondent__isnull=False).values("respondent")
    Respondent.objects.filter(pk__in=named).update(handed_in=False)
    audit.responses.filter(respondent=None).update(counted=False, opening=0)
