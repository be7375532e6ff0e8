"""From where people see a music service."""

from __future__ import annotations

from django.db import models


class RoleGroup(models.TextChoices):
    """From where in the service, or beside it, somebody sees it."""

    SENIOR = "senior", "Senior leaders"
    MANAGER = "manager", "Managers"
    TUTOR = "tutor", "Tutors"
    OFFICE = "office", "Admin and finance"
    TRUSTEE = "trustee", "Trustees and governors"
    COUNCIL = "council", "Council officers"
    PARTNER = "partner", "Partners and schools"
    YOUNG = "young", "Young people"
    PARENT = "parent", "Parents and carers"
    # What groups too small to be told apart become in an anonymous self-assessment
    OTHERS = "others", "Roles not told apart"
    FAMILIES = "families", "Young people, parents and carers"


JOINED = {RoleGroup.OTHERS, RoleGroup.FAMILIES}
# A voice of their own: never mixed into the spread of those who work for the service.
FAMILY_GROUPS = {RoleGroup.YOUNG, RoleGroup.PARENT, RoleGroup.FAMILIES}
ROLE_GROUPS = [(group.value, group.label) for group in RoleGroup if group not in JOINED]
