"""The link of a role group, and what the links in addresses are signed with."""

from __future__ import annotations

from typing import Self

from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.constraints import one_of, together
from selfassessment.models.audit import Audit
from selfassessment.models.role_group import FAMILY_GROUPS, RoleGroup

SHARED = signing.Signer(salt="selfassessment.shared-link")


class SharedLinkQuerySet(models.QuerySet["SharedLink"]):
    def live(self) -> Self:
        return self.filter(withdrawn_at=None)

    def by_token(self, token: str) -> SharedLink | None:
        pk = unsigned(SHARED, token)
        return self.select_related("audit__service", "audit__questionnaire").filter(pk=pk).first()


class SharedLink(models.Model):
    """One link for a whole role group: each person who opens it rates for themselves."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="shared_links")
    role_group = models.CharField("role group", max_length=16, choices=RoleGroup)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SharedLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("role_group", RoleGroup),
            together("withdrawn_at", "withdrawn_by"),
            models.UniqueConstraint(
                fields=["audit", "role_group"],
                condition=Q(withdrawn_at=None),
                name="one_live_link_per_role_group",
                violation_error_message="There is a link for this role group already.",
            ),
        ]

    def __str__(self) -> str:
        return f"The link for {self.get_role_group_display()}"

    @property
    def token(self) -> str:
        return SHARED.sign(str(self.pk))

    @property
    def speaks_for_family(self) -> bool:
        return self.role_group in FAMILY_GROUPS


def unsigned(signer: signing.Signer, token: str) -> int:
    """The row a link stands for; 0, which is none, where somebody made it up."""
    try:
        return int(signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return 0
