"""Everything between fetching the code and starting it: schema, static files, the first demo."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import NotSupportedError

from actionplans import examples
from actionplans.models import ExampleTarget
from changingtracks.management.commands import demo
from portal.models import User
from resources import pages, seed
from resources.models import Resource

# Kept in VAR_DIR
SIGN_INS = "demo-sign-ins.txt"
STAMP = "static.collected"


class Command(BaseCommand):
    help = "Bring database and static files up to date; in demo mode, fill an empty database."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self.migrate()
        self.collect_static_files()
        self.bring_examples()
        self.bring_library()
        pages.load()
        if settings.DEMO:
            self.fill_empty_database()

    def migrate(self) -> None:
        """Migrate if anything is new; asking `migrate` itself takes several times as long."""
        try:
            executor = MigrationExecutor(connection)
        except (OperationalError, NotSupportedError) as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date.")
            call_command("migrate", verbosity=0, interactive=False)

    def collect_static_files(self) -> None:
        found, stamp = fingerprint(), settings.VAR_DIR / STAMP
        if settings.DEBUG or (stamp.exists() and stamp.read_text() == found):
            return
        self.stdout.write("Collecting the static files.")
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(found)

    def bring_examples(self) -> None:
        """For a portal that was begun before there were example targets."""
        if User.objects.exists() and not ExampleTarget.objects.exists():
            self.stdout.write(f"{examples.load()} example targets are new.")

    def bring_library(self) -> None:
        """For a portal that was begun before there was a library."""
        if User.objects.exists() and not Resource.objects.exists():
            self.stdout.write(f"{seed.load()} resources are new in the library.")

    def fill_empty_database(self) -> None:
        if not User.objects.exists():
            call_command("demo", stdout=self.stdout)
        write_sign_ins()


def fingerprint() -> str:
    """Changes when a static file does, or where and how they are kept."""
    seen = hashlib.sha256(f"{settings.STATIC_ROOT} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            seen.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def write_sign_ins() -> None:
    """For `make run` to show."""
    file = settings.VAR_DIR / SIGN_INS
    emails = [email for email, _ in demo.DEMO_SIGN_INS]
    if not User.objects.filter(email__in=emails).exists():
        file.unlink(missing_ok=True)
        return
    width = max(map(len, emails))
    people = "".join(f"  {email:<{width}}  {who}\n" for email, who in demo.DEMO_SIGN_INS)
    file.write_text(f"Sign in with the password {demo.PASSWORD} as\n{people}")
