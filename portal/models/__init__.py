"""The ground: music services, people, and what was done."""

from .activity import Activity, Verb
from .network import (
    SEATS,
    FormerName,
    HubArea,
    HubLead,
    HubMember,
    NwgSeat,
    SeatState,
)
from .people import Invitation, Link, Membership, User
from .services import LocalAuthority, MusicService, Region, ServiceKind, ServiceLogo
from .topics import Topic

__all__ = [
    "SEATS",
    "Activity",
    "FormerName",
    "HubArea",
    "HubLead",
    "HubMember",
    "Invitation",
    "Link",
    "LocalAuthority",
    "Membership",
    "MusicService",
    "NwgSeat",
    "Region",
    "SeatState",
    "ServiceKind",
    "ServiceLogo",
    "Topic",
    "User",
    "Verb",
]
