"""Begin a real portal: the directory, and the first member of the programme team."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from actionplans import examples
from portal import actions, directory, mail
from portal.access import ProgrammeRole
from portal.models import User
from resources import seed


class Command(BaseCommand):
    help = "Load the directory of music services and invite the first member of the programme team."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that the invitation goes to")
        parser.add_argument("--name", required=True, help="their name, as colleagues see it")

    def handle(self, *_args: object, email: str, name: str, **_options: object) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address.") from None
        if User.objects.exists():
            raise CommandError(
                "There are people here already. The programme team invites others in the portal, "
                "under Programme."
            )
        with transaction.atomic():
            added = directory.load()
            examples.load()
            seed.load()
            # An account that nobody can sign in to until the link in the mail sets its password
            first = User.objects.create_user(email, name=name)
            invitation = actions.invite(email=email, programme_role=ProgrammeRole.TEAM, by=first)
        self.stdout.write(f"The directory has {added} music services.")
        self.stdout.write(f"The worker mails this link to {first.email}; it works for 14 days:")
        self.stdout.write(mail.invitation_link(invitation))
