"""The ground: music services, people, and what was done."""

from .activity import Activity, Verb
from .people import Invitation, Link, Membership, User
from .services import LocalAuthority, MusicService, Region, ServiceKind, ServiceLogo
from .topics import Topic

__all__ = [
    "Activity",
    "Invitation",
    "Link",
    "LocalAuthority",
    "Membership",
    "MusicService",
    "Region",
    "ServiceKind",
    "ServiceLogo",
    "Topic",
    "User",
    "Verb",
]
