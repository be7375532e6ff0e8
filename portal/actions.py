"""Writes wider than one row, on the ground floor."""

from __future__ import annotations

from portal.models import Activity, MusicService, User, Verb


def record(*, by: User, verb: Verb, subject: object, service: MusicService | None = None) -> None:
    """Add a line to the log, in the transaction of what it tells of."""
    Activity.objects.create(by=by, verb=verb, subject=str(subject)[:300], service=service)
