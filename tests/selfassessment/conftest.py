from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.models import MusicService, User
from selfassessment.models import Audit
from selfassessment.questionnaires import editions
from tests import factories


@pytest.fixture
def sixty(avon: MusicService, person: Callable[[str], User]) -> Audit:
    """The 60 statements that ship, rated and agreed by Avon's lead alone, this year and last."""
    edition = editions.load_shipped(by=person("team"))
    for year in (2024, 2025):
        audit = factories.audit(avon, edition, by=person("lead"), year=year)
        response = audit.responses.get()
        for number, statement in enumerate(audit.statements()):
            choice = (number * 3 + year) % 7
            factories.rate(
                response,
                statement.code,
                {5: "dk", 6: "na"}.get(choice, choice),
                reason="We do not offer this." if choice == 6 else "",
                comment="Agreed at the staff day, and in the handbook now." if choice < 2 else "",
            )
        factories.agree_alone(response)
    return audit
