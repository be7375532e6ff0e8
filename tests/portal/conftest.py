from __future__ import annotations

from collections.abc import Callable

import pytest

from portal import actions
from portal.access import Role
from portal.models import Invitation, MusicService, User


@pytest.fixture
def invitation(avon: MusicService, person: Callable[[str], User]) -> Invitation:
    """The lead of Avon has just invited somebody new as inclusion lead."""
    return actions.invite(
        email="new@example.org", service=avon, role=Role.INCLUSION_LEAD, by=person("lead")
    )
