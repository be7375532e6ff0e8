"""Who did what, when."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from portal.constraints import one_of


class Verb(models.TextChoices):
    """Everything that is worth a line in the activity of a service."""

    INVITED = "invited", "invited"
    INVITED_AGAIN = "invited_again", "invited again"
    WITHDREW_INVITATION = "withdrew_invitation", "withdrew the invitation of"
    JOINED = "joined", "joined as"
    CHANGED_ROLE = "changed_role", "changed the role of"
    REMOVED = "removed", "removed"
    ADDED = "added", "added"
    STARTED = "started", "started"
    CHANGED = "changed", "changed"
    DISCARDED = "discarded", "discarded"
    HANDED_IN = "handed_in", "handed in"
    REOPENED = "reopened", "reopened"
    CLOSED = "closed", "closed"
    OPENED_TALK = "opened_talk", "opened the talk of"
    SHOWED_TOTALS = "showed_totals", "showed the totals of"
    AGREED = "agreed", "agreed"
    PRIORITISED = "prioritised", "chose the priorities of"
    SHARED = "shared", "shared with the benchmark"
    UNSHARED = "unshared", "took out of the benchmark"
    PUBLISHED = "published", "published"
    WITHDREW = "withdrew", "withdrew"
    IMPORTED = "imported", "imported"
    TOOK_REPORT = "took_report", "made a report of"
    SENT_TO_GROUP = "sent_to_group", "took to the ED&I group"
    TOOK_BACK = "took_back", "took back"
    APPROVED = "approved", "recorded the approval of"
    BEGAN = "began", "began"
    CARRIED = "carried", "carried forward"
    NOTED = "noted", "wrote a note on"
    DONE = "done", "finished"
    DROPPED = "dropped", "dropped"
    REVIEWED = "reviewed", "reviewed"
    PROPOSED = "proposed", "proposed"
    GAVE = "gave", "gave"
    ENDED = "ended", "ended"
    CONFIRMED = "confirmed", "confirmed"
    ARCHIVED = "archived", "archived"
    TOOK_EVERYTHING = "took_everything", "took everything of"


class Activity(models.Model):
    """One line of the log. It names its subject in words: it outlives what it tells of."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="activity")
    verb = models.CharField(max_length=24, choices=Verb)
    subject = models.CharField(max_length=300)
    service = models.ForeignKey(
        "portal.MusicService",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activity",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "activity"
        constraints = [one_of("verb", Verb)]
        indexes = [models.Index(fields=["service", "-at"], name="activity_by_service")]

    def __str__(self) -> str:
        return f"{self.by} {self.get_verb_display()} {self.subject}"
