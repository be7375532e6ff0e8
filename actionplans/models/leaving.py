"""What a new plan does not take up from the last one, and why."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from actionplans.models.plan import ActionPlan
from actionplans.models.target import Target


class Leaving(models.Model):
    """An unfinished target of the last plan that a new plan leaves behind, with the reason."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="leavings")
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="leavings")
    reason = models.CharField("why it is not carried forward", max_length=500)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "target"],
                name="one_leaving_per_plan_and_target",
                violation_error_message="This target is left behind already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.reason}"
