"""Which pages inside a music service are listed for somebody, wherever such a list stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from portal import access
from portal.access import Permission
from portal.models import MusicService, User


@dataclass(frozen=True)
class Inside:
    """What may be opened: the programme and other services find nothing here."""

    year: bool  # with its self-assessments
    results: bool
    plans: bool
    activity: bool
    terms: bool  # and the logo
    everything: bool

    def __bool__(self) -> bool:
        return self.year


def pages_for(user: User | AnonymousUser, service: MusicService) -> Inside:
    def may(permission: Permission) -> bool:
        return access.can(user, permission, service)

    return Inside(
        year=may(Permission.AUDIT_VIEW),
        results=may(Permission.RESULTS_VIEW),
        plans=may(Permission.PLAN_VIEW),
        activity=may(Permission.ACTIVITY_VIEW),
        terms=may(Permission.TERMS_EDIT),
        everything=may(Permission.EVERYTHING_TAKE),
    )
