"""Who is asked to rate, counted by role group: progress, and never what anybody said."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from selfassessment.models import FAMILY_GROUPS, Audit, RoleGroup, SharedLink
from selfassessment.talk import spread


@dataclass(frozen=True)
class Group:
    """A role group, how many of it are asked and done, and its link where there is one."""

    role_group: RoleGroup
    asked: int
    handed_in: int
    link: SharedLink | None
    least: int  # people that make a group to be shown on its own

    @property
    def name(self) -> str:
        return str(self.role_group.label)

    @property
    def share(self) -> float:
        return 100 * self.handed_in / self.asked if self.asked else 0

    @property
    def warning(self) -> str:
        """What happens to a group that is too small; nothing where it is large enough."""
        if self.asked >= self.least:
            return ""
        if self.role_group in FAMILY_GROUPS:
            return (
                f"Fewer than {self.least}: young people, parents and carers would be shown "
                "together, and only if there are enough of them."
            )
        return f"Fewer than {self.least}: would be shown together with other small groups."


@dataclass(frozen=True)
class Asked:
    """Everybody asked in an audit, by role group, in order."""

    groups: tuple[Group, ...]
    mail_failed: int

    @property
    def people(self) -> int:
        return sum(group.asked for group in self.groups)

    @property
    def handed_in(self) -> int:
        return sum(group.handed_in for group in self.groups)

    @property
    def share(self) -> float:
        return 100 * self.handed_in / self.people if self.people else 0

    @property
    def to_come(self) -> int:
        return self.people - self.handed_in


def read(audit: Audit) -> Asked:
    """Count who is asked: three queries, whatever the number of people."""
    standing = audit.respondents.asked()
    counts = {
        RoleGroup(row["role_group"]): row
        for row in standing.order_by()
        .values("role_group")
        .annotate(asked=Count("pk"), handed=Count("pk", filter=Q(handed_in=True)))
    }
    links = {RoleGroup(link.role_group): link for link in audit.shared_links.live()}
    least = spread.LEAST_BY_ROLE if audit.is_anonymous else spread.LEAST
    nobody = {"asked": 0, "handed": 0}
    return Asked(
        groups=tuple(
            Group(
                role_group=group,
                asked=counts.get(group, nobody)["asked"],
                handed_in=counts.get(group, nobody)["handed"],
                link=links.get(group),
                least=least,
            )
            for group in RoleGroup
            if group in counts or group in links
        ),
        mail_failed=standing.mail_failed().count(),
    )
