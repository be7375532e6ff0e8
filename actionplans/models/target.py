"""A SMART target: what will change, how anybody will know, who sees to it, and by when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from actionplans.models.plan import ActionPlan, PlanState
from portal.constraints import one_of
from portal.models import Topic
from selfassessment.models import PlanArea, Priority, Statement

if TYPE_CHECKING:
    from actionplans.models.note import ProgressNote
    from portal.models import User

STALLED_AFTER = dt.timedelta(weeks=13)  # about a term without a note
MOST_STEPS = 40  # milestones of a target; its form has rows for no more
AREA_CODES = {
    PlanArea.WORKFORCE: "WD",
    PlanArea.YOUNG_VOICE: "YV",
    PlanArea.PROGRAMMING: "PR",
    PlanArea.LEADERSHIP: "LS",
}


class Heard(models.TextChoices):
    """The five HEARD principles of the programme."""

    HOLISTIC = "holistic", "Holistic"
    EQUITABLE = "equitable", "Equitable"
    AUTHENTIC = "authentic", "Authentic"
    REPRESENTATIVE = "representative", "Representative"
    DIVERSE = "diverse", "Diverse"


class TargetStatus(models.TextChoices):
    """Whether a target is still worked on."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: User) -> Self:
        """Those of plans this person may see."""
        return self.filter(plan__in=ActionPlan.objects.visible_to(user))

    def with_plan(self) -> Self:
        return self.select_related("plan__service", "plan__audit", "owner")

    def with_parts(self) -> Self:
        """With all a page says of each: owner, statements, topics, milestones, notes."""
        return self.select_related("owner").prefetch_related(
            "statements__section", "topics", "milestones", "notes__written_by"
        )

    def in_order(self) -> Self:
        """By plan area in the order of the four, then by number."""
        places = [models.When(area=area, then=place) for place, area in enumerate(PlanArea.values)]
        return self.order_by(models.Case(*places), "number", "pk")

    def open(self) -> Self:
        """Still worked on; a decision not to act is none of these."""
        return self.filter(status=TargetStatus.OPEN, no_action_reason="")

    def done(self) -> Self:
        return self.filter(status=TargetStatus.DONE)

    def dropped(self) -> Self:
        return self.filter(status=TargetStatus.DROPPED)

    def not_acting(self) -> Self:
        return self.exclude(no_action_reason="")

    def in_force(self) -> Self:
        """Open, in a plan that people act on."""
        return self.open().filter(plan__state__in=[PlanState.APPROVED, PlanState.UNDER_WAY])

    def overdue(self, today: dt.date) -> Self:
        return self.open().filter(due_on__lt=today)

    def stalled(self, today: dt.date) -> Self:
        """Begun in an approved plan, and no note for about a term; see progress.is_quiet."""
        since = today - STALLED_AFTER
        begun = Q(starts_on__lte=since) | Q(starts_on=None, plan__starts_on__lte=since)
        return (
            self.open()
            .filter(plan__approved_on__isnull=False)
            .annotate(last_noted_on=models.Max("notes__noted_on"))
            .filter(
                Q(last_noted_on__lte=since)
                | Q(begun, last_noted_on=None, plan__approved_on__lte=since)
            )
        )

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)


# No context table: the row itself says who and when.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Target(models.Model):
    """Something a music service will change, so worded that anybody can tell whether it did."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="targets")
    area = models.CharField("plan area", max_length=40, choices=PlanArea)
    number = models.PositiveSmallIntegerField(editable=False, help_text="Within its area.")
    # Specific
    title = models.CharField("what will change", max_length=200)
    detail = models.TextField("more about it", max_length=2000, blank=True)
    # Measurable
    measure = models.TextField("how we will know", max_length=1000, blank=True)
    baseline = models.TextField("where we are now", max_length=1000, blank=True)
    start_value = models.DecimalField(
        "number now", max_digits=12, decimal_places=2, null=True, blank=True
    )
    aim_value = models.DecimalField(
        "number we aim for", max_digits=12, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField("what is counted", max_length=60, blank=True)
    aim_level = models.SmallIntegerField("level we aim for", null=True, blank=True)
    # Achievable
    steps = models.TextField("steps", max_length=3000, blank=True)
    resources = models.TextField("what it takes", max_length=2000, blank=True)
    cost = models.DecimalField(
        "cost in pounds", max_digits=10, decimal_places=2, null=True, blank=True
    )
    funding = models.CharField("who pays", max_length=300, blank=True)
    # Relevant
    why = models.TextField("why this", max_length=2000, blank=True)
    priority = models.ForeignKey(
        Priority, null=True, blank=True, on_delete=models.SET_NULL, related_name="targets"
    )
    statements = models.ManyToManyField(Statement, blank=True, related_name="targets")
    topics = models.ManyToManyField(Topic, blank=True, related_name="targets")
    heard = ArrayField(
        models.CharField(max_length=16, choices=Heard),
        verbose_name="HEARD principles",
        default=list,
        blank=True,
    )
    young_people = models.CharField("which young people it is for", max_length=300, blank=True)
    # Time-bound
    starts_on = models.DateField("start", null=True, blank=True)
    due_on = models.DateField("due", null=True, blank=True)
    no_date_reason = models.CharField("no date, because", max_length=300, blank=True)
    # Who
    role = models.CharField("accountable role", max_length=160, blank=True)
    owner = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="targets",
        help_text="The account behind the role: reminders go there.",
    )
    helpers = models.CharField("people who help", max_length=300, blank=True)
    no_owner_reason = models.CharField("no owner yet, because", max_length=300, blank=True)
    barriers = models.TextField("what may stand in the way", max_length=2000, blank=True)
    no_action_reason = models.TextField("we will not act, because", max_length=1000, blank=True)
    extra = models.TextField(
        "other notes", max_length=10_000, blank=True, help_text="What an import could not place."
    )
    # Its life
    status = models.CharField(max_length=8, choices=TargetStatus, default=TargetStatus.OPEN)
    ended_on = models.DateField("done or dropped on", null=True, blank=True)
    ended_reason = models.TextField("why it ended", max_length=1000, blank=True)
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_into"
    )
    approved_wording = models.JSONField(
        null=True, blank=True, editable=False, help_text="What the board approved: wording.py."
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "area", "number"]
        constraints = [
            one_of("area", PlanArea),
            one_of("status", TargetStatus),
            models.CheckConstraint(
                name="target_heard_is_known",
                condition=Q(heard__contained_by=Heard.values),
                violation_error_message="Choose among the five HEARD principles.",
            ),
            models.UniqueConstraint(
                fields=["plan", "area", "number"],
                name="target_reference_is_unique_in_its_plan",
                violation_error_message="The plan has a target with this reference already.",
            ),
            models.CheckConstraint(
                name="target_is_due_after_it_starts",
                condition=Q(due_on__gte=F("starts_on"))
                | Q(due_on__isnull=True)
                | Q(starts_on__isnull=True),
                violation_error_message="The due date is before the start.",
            ),
            models.CheckConstraint(
                name="target_ended_exactly_when_it_says_when",
                condition=Q(status=TargetStatus.OPEN, ended_on__isnull=True)
                | ~Q(status=TargetStatus.OPEN) & Q(ended_on__isnull=False),
                violation_error_message="Say when the target was done or dropped.",
            ),
            models.CheckConstraint(
                name="target_dropped_says_why",
                condition=~Q(status=TargetStatus.DROPPED) | ~Q(ended_reason=""),
                violation_error_message="Say why the target is dropped.",
            ),
            models.CheckConstraint(
                name="target_cost_is_not_negative",
                condition=Q(cost__gte=0) | Q(cost__isnull=True),
                violation_error_message="The cost is a sum in pounds, or nothing.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("target", args=[self.pk])

    @property
    def reference(self) -> str:
        """How people name it: “WD-3”."""
        return f"{AREA_CODES[PlanArea(self.area)]}-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status == TargetStatus.OPEN

    @property
    def acts(self) -> bool:
        """Whether the service will act; else the row is a decision not to, with its reason."""
        return not self.no_action_reason

    @property
    def who(self) -> str:
        """The accountable role, the person where only that is known, or nothing."""
        return self.role or (str(self.owner) if self.owner else "")

    @property
    def last_note(self) -> ProgressNote | None:
        """The newest note; without a query where notes are prefetched."""
        notes: Any = self.notes
        return next(iter(notes.all()), None)


# No context table: the row itself says who ticked it, and its target who changed it otherwise.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Milestone(models.Model):
    """A step on the way to a target, with its day."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="milestones")
    text = models.CharField("step", max_length=200)
    due_on = models.DateField("by", null=True, blank=True)
    done_on = models.DateField("done on", null=True, blank=True)
    ticked_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        help_text="Who said last that it is done, or that it is not.",
    )
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text
