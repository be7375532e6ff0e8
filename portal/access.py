"""Who may do what: the one table that decides. `docs/access.md` is written from it.

*May see at all* is answered by each model's `visible_to(user)`: a stranger gets 404.
*May do this* is answered here: a member without the right gets 403.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.models import MusicService, User


class Role(TextChoices):
    """What a person is at a music service."""

    LEAD = "lead", "Service lead"
    INCLUSION_LEAD = "inclusion_lead", "Inclusion lead"
    GROUP_MEMBER = "group_member", "ED&I group member"
    BOARD_VIEWER = "board_viewer", "Board viewer"


class ProgrammeRole(TextChoices):
    """What a person is in the Changing Tracks programme."""

    TEAM = "team", "Programme team"
    FACILITATOR = "facilitator", "Facilitator"
    FUNDER = "funder", "Funder"


class Permission(StrEnum):
    # At one music service
    PEOPLE_VIEW = "see who belongs to the service"
    PEOPLE_MANAGE = "invite people, change their roles and remove them"
    ACTIVITY_VIEW = "see what was done when"
    AUDIT_VIEW = "see how far the self-assessment is"
    AUDIT_START = "start a self-assessment and set its date"
    AUDIT_REOPEN = "reopen ratings that were handed in"
    AUDIT_RATE = "add ratings of one’s own"
    RESPONDENTS_MANAGE = "invite people to rate, and see who has"
    TALK_VIEW = "see the spread of ratings, and comments, once the talk is open"
    AUDIT_LEAD = "open the talk, agree ratings, choose priorities, show totals and close the year"
    HISTORY_VIEW = "see who changed which rating, when and how"
    RESULTS_VIEW = "see agreed ratings and what they come to"
    COMMENTS_VIEW = "see comments and evidence behind the results"
    PAST_EDIT = "bring in totals of past years"
    BENCHMARK_SHARE = "add the agreed ratings to the benchmark, and take them out"
    PLAN_VIEW = "read action plans"
    PLAN_LEAD = "start, import, approve, begin, review and close action plans"
    PLAN_EDIT = "write targets"
    PLAN_NOTE = "write progress notes and add evidence"
    PLAN_PUBLISH = "let the public read a summary of the plan"
    TERMS_EDIT = "set term dates and the logo"
    EVERYTHING_TAKE = "take everything of the service away"
    PROFILE_EDIT = "write the service’s public profile and confirm it"
    SEAT_PROPOSE = "propose somebody for an NWG seat"
    # In the programme
    LIBRARY_MEMBERS = "read what is for members and for the NWG"
    LIBRARY_EDIT = "write and publish resources"
    PAGES_EDIT = "write the public pages"
    ENEWS_VIEW = "see who asked for the e-news, and take the addresses away"
    REVIEWS_EDIT = "compose and publish annual reviews"
    SEATS_GIVE = "give and end NWG seats"
    DIRECTORY_EDIT = "keep the directory: services, council areas, hub areas"
    YEARS_VIEW = "see where each music service is in its year"
    EXAMPLES_EDIT = "write example targets"
    BENCHMARK_VIEW = "see the benchmark of all who share"
    QUESTIONNAIRE_VIEW = "read questionnaires"
    QUESTIONNAIRE_EDIT = "write, publish and withdraw questionnaires"
    SERVICE_ADD = "add a music service"
    PROGRAMME_PEOPLE = "invite people to the programme and end their role"


P = Permission

SERVICE_ROLES: dict[str, frozenset[Permission]] = {
    Role.LEAD: frozenset(
        {
            P.PEOPLE_VIEW,
            P.PEOPLE_MANAGE,
            P.ACTIVITY_VIEW,
            P.AUDIT_VIEW,
            P.AUDIT_START,
            P.AUDIT_REOPEN,
            P.AUDIT_RATE,
            P.RESPONDENTS_MANAGE,
            P.TALK_VIEW,
            P.AUDIT_LEAD,
            P.HISTORY_VIEW,
            P.RESULTS_VIEW,
            P.COMMENTS_VIEW,
            P.PAST_EDIT,
            P.BENCHMARK_SHARE,
            P.BENCHMARK_VIEW,
            P.PLAN_VIEW,
            P.PLAN_LEAD,
            P.PLAN_EDIT,
            P.PLAN_NOTE,
            P.PLAN_PUBLISH,
            P.TERMS_EDIT,
            P.EVERYTHING_TAKE,
            P.PROFILE_EDIT,
            P.SEAT_PROPOSE,
        }
    ),
    Role.INCLUSION_LEAD: frozenset(
        {
            P.PEOPLE_VIEW,
            P.ACTIVITY_VIEW,
            P.AUDIT_VIEW,
            P.AUDIT_START,
            P.AUDIT_RATE,
            P.RESPONDENTS_MANAGE,
            P.TALK_VIEW,
            P.AUDIT_LEAD,
            P.HISTORY_VIEW,
            P.RESULTS_VIEW,
            P.COMMENTS_VIEW,
            P.PAST_EDIT,
            P.BENCHMARK_VIEW,
            P.PLAN_VIEW,
            P.PLAN_LEAD,
            P.PLAN_EDIT,
            P.PLAN_NOTE,
            P.TERMS_EDIT,
            P.PROFILE_EDIT,
        }
    ),
    Role.GROUP_MEMBER: frozenset(
        {
            P.PEOPLE_VIEW,
            P.AUDIT_VIEW,
            P.AUDIT_RATE,
            P.TALK_VIEW,
            P.RESULTS_VIEW,
            P.COMMENTS_VIEW,
            P.BENCHMARK_VIEW,
            P.PLAN_VIEW,
            P.PLAN_EDIT,
            P.PLAN_NOTE,
        }
    ),
    Role.BOARD_VIEWER: frozenset(
        {P.PEOPLE_VIEW, P.AUDIT_VIEW, P.RESULTS_VIEW, P.BENCHMARK_VIEW, P.PLAN_VIEW}
    ),
}

PROGRAMME_ROLES: dict[str, frozenset[Permission]] = {
    ProgrammeRole.TEAM: frozenset(
        {
            P.PEOPLE_VIEW,
            P.PEOPLE_MANAGE,
            P.QUESTIONNAIRE_VIEW,
            P.QUESTIONNAIRE_EDIT,
            P.BENCHMARK_VIEW,
            P.SERVICE_ADD,
            P.PROGRAMME_PEOPLE,
            P.YEARS_VIEW,
            P.EXAMPLES_EDIT,
            P.LIBRARY_MEMBERS,
            P.LIBRARY_EDIT,
            P.PAGES_EDIT,
            P.ENEWS_VIEW,
            P.REVIEWS_EDIT,
            P.SEATS_GIVE,
            P.DIRECTORY_EDIT,
        }
    ),
    ProgrammeRole.FACILITATOR: frozenset(
        {P.QUESTIONNAIRE_VIEW, P.BENCHMARK_VIEW, P.LIBRARY_MEMBERS}
    ),
    ProgrammeRole.FUNDER: frozenset({P.QUESTIONNAIRE_VIEW, P.BENCHMARK_VIEW, P.LIBRARY_MEMBERS}),
}


def can(
    user: User | AnonymousUser, permission: Permission, service: MusicService | None = None
) -> bool:
    """Whether `user` may do this, at `service` where one is given. No query per call."""
    if not user.is_authenticated or not user.is_active:
        return False
    if permission in PROGRAMME_ROLES.get(user.programme_role, frozenset()):
        return True
    if service is None:
        return False
    return permission in SERVICE_ROLES.get(user.role_at(service), frozenset())


def require(
    user: User | AnonymousUser, permission: Permission, service: MusicService | None = None
) -> None:
    """Raise PermissionDenied (a 403 page) unless `user` may do this."""
    if not can(user, permission, service):
        raise PermissionDenied(f"This account may not {permission}.")
