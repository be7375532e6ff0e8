"""The two portals that are measured, each in a database of its own beside `DATABASE_URL`'s."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dev.bench.asks import HOST
from dev.environment import ROOT
from dev.terminal import RefusalError, say


def beside(name: str) -> str:
    return make_conninfo(os.environ["DATABASE_URL"], dbname=name)


def environment(database: str) -> dict[str, str]:
    """Production, but for the demo's people, who may sign in; TLS ends at a proxy that we play."""
    ours = {
        "DATABASE_URL": beside(database),
        "DJANGO_SETTINGS_MODULE": "changingtracks.settings",
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "BEHIND_PROXY": "1",
        "DEMO": "1",
        "TEAM_REQUIRES_MFA": "1",
    }
    left = {name: text for name, text in os.environ.items() if name not in {"DEVELOPMENT", "DEBUG"}}
    return {**left, **ours}


READY = "import django, runpy, sys; django.setup(); runpy.run_module(sys.argv[1], None, '__main__')"


def on(database: str, *arguments: str) -> str:
    """Run Python on one of the two portals; what it prints is returned."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, env=environment(database), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RefusalError(f"On {database} “{' '.join(arguments)}” failed; the reason is above.")
    return done.stdout


def told_by(module: str, database: str) -> Any:
    """What a module beside this one, run with Django ready, prints as JSON."""
    start = (
        f"import django, runpy; django.setup(); runpy.run_module({module!r}, run_name='__main__')"
    )
    return json.loads(on(database, "-c", start))


def make_demo(name: str) -> None:
    create(name)
    on(name, "manage.py", "prepare")


def make_many(name: str) -> None:
    """Made once, and anew when the schema or the recipe changed: measuring adds little to it."""
    recipe = fingerprint()
    if comment(name) == recipe:
        return
    say("Making 10,000 music services; this is done once.")
    make_demo(name)
    ratings = told_by("dev.bench.many", name)
    say(f"There are {ratings:,} ratings now, each with its history.")
    with psycopg.connect(beside(name)) as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(name), sql.Literal(recipe)
            )
        )


def create(name: str) -> None:
    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as connection:
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
    with psycopg.connect(beside(name)) as connection:
        for extension in ("pg_trgm", "unaccent"):
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
            )


def comment(name: str) -> str:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(query, [name]).fetchone()
    return (row and row[0]) or ""


def fingerprint() -> str:
    """Changes with the recipe, the schema and the demo, on which it stands."""
    made_of = [
        Path(__file__).with_name("many.py"),
        *sorted(ROOT.glob("*/migrations/*.py")),
        *sorted((ROOT / "changingtracks").glob("**/demo.py")),
    ]
    seen = hashlib.sha256()
    for path in made_of:
        seen.update(path.read_bytes())
    return seen.hexdigest()
