"""Print docs/access.md, which says who may do what: portal/access.py in words."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from portal.access import PROGRAMME_ROLES, SERVICE_ROLES, Permission, ProgrammeRole, Role

OPENING = """\
# Who may do what

Written from `portal/access.py` by `manage.py access_table > docs/access.md`; a test holds the two
together. Change the code, then run it again.

Two questions stand before each page, and they are answered in two places:

1. **May this person see it at all?** Each model's `visible_to(user)`. Whoever may not gets 404, as
   if it were not there. Inside a music service that is its members and the programme team; a
   self-assessment is for the members alone. The directory of music services is public.
2. **May this person do this?** The tables below, asked through `access.require(...)`. A member
   without the right gets 403.

Somebody who has not signed in is asked to. Roles are read afresh at each request, so a change
counts from the next click. A person may have roles at several services, and one in the programme.
"""

CLOSING = """\
The team may see and look after the people of every music service, so that it can hand the lead
over. It does not see a service's self-assessment, ratings or comments; nobody in the programme
does.

Nobody, whatever the role, sees another person's ratings before they are handed in.

What the rules keep: a music service always has a lead once it has had one, the programme always
has a team member, and people who leave keep their name on what they did.
"""


class Command(BaseCommand):
    help = "Print docs/access.md from the table in portal/access.py."

    def handle(self, *_args: object, **_options: object) -> None:
        self.stdout.write(document(), ending="")


def document() -> str:
    return "\n".join(
        [
            OPENING,
            "## At a music service\n",
            table(SERVICE_ROLES, Role),
            "## In the programme\n",
            "What these allow at a music service, they allow at every one.\n",
            table(PROGRAMME_ROLES, ProgrammeRole),
            CLOSING,
        ]
    )


def table(roles: dict[str, frozenset[Permission]], labels: type[Role | ProgrammeRole]) -> str:
    """One row for each right that some role has, one column for each role."""
    rights = [right for right in Permission if any(right in held for held in roles.values())]
    rows = [
        ["may", *(str(label) for label in labels.labels)],
        ["---", *("---" for _ in labels.labels)],
        *(
            [right.value, *("yes" if right in roles[role] else "" for role in labels)]
            for right in rights
        ),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
