"""What the pages of topics say of them: kept by the team."""

from __future__ import annotations

from django.db import transaction

from portal.actions import record
from portal.models import Topic, User, Verb


class TopicChangedError(Exception):
    """Somebody else changed it meanwhile; the text is fit to show."""

    def __init__(self, theirs: str) -> None:
        super().__init__(
            "Somebody else changed this meanwhile. Saving puts yours in the place of theirs."
        )
        self.theirs = theirs


@transaction.atomic
def introduce(*, topic: Topic, about: str, as_read: str, by: User) -> None:
    """Say what a topic is about, unless somebody said something else meanwhile."""
    now = Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    if now.about == about:
        return
    if now.about != as_read:
        raise TopicChangedError(now.about)
    now.about = about
    now.save(update_fields=["about"])
    record(by=by, verb=Verb.CHANGED, subject=f"the introduction of the topic “{now}”")
