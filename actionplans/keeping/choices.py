"""How somebody wants to be reminded: the weekly mail, and the link of their calendar."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from actionplans.models import ReminderChoice
from actionplans.models.reminding import new_key
from portal.models import User


def of(user: User) -> ReminderChoice | None:
    """What they chose; None is the mail, and no calendar yet."""
    return ReminderChoice.objects.filter(user=user).first()


@transaction.atomic
def set_weekly(*, weekly: bool, by: User) -> None:
    """Send them the weekly mail, or do not."""
    ReminderChoice.objects.update_or_create(user=by, defaults={"weekly": weekly})


@transaction.atomic
def renew_calendar(*, by: User) -> ReminderChoice:
    """Make their calendar link, or a new one: the old one opens nothing from now on."""
    made = {"calendar_key": new_key(), "calendar_made_at": timezone.now()}
    choice, _ = ReminderChoice.objects.update_or_create(user=by, defaults=made)
    return choice
