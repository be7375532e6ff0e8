"""A private PostgreSQL cluster from the system's own binaries: no port, one password, one owner."""

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from urllib.parse import quote

from dev import processes
from dev.environment import kept_secret
from dev.postgres import (
    DATABASE,
    OLDEST,
    Binaries,
    extension_statements,
    first_statements,
    found_binaries,
    last_words,
    server_environment,
)
from dev.terminal import RefusalError, say

# The socket's whole path must fit the 108 bytes of sockaddr_un, its closing zero included.
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107

# Where the data of root's cluster goes when its checkout is closed to other users.
OPEN_GROUND = Path("/var/lib/changing-tracks")

# Tests throw their data away, so nothing waits for the disk.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")

HELD_BY_THE_LAST_ONE = ("postmaster.pid", "pre-existing shared memory block")
Pause = Callable[[float], object]


class Cluster:
    """One data folder and the server that runs on it, as a child of ours.

    `home` holds the data, the password, the log, the lock and the socket. A `lasting` cluster
    keeps what it is told; the other kind is for tests, quick, and made anew after a crash.
    """

    def __init__(self, home: Path, *, lasting: bool = True) -> None:
        self.lasting = lasting
        self.account = account_for(home)
        # Nobody misses a test cluster: beside a closed checkout it may live in a temporary folder.
        self.name = home if lasting or self.can_reach(home) else short_name(home)
        self.home = self.name.resolve()
        self.process: subprocess.Popen[bytes] | None = None
        self._held = ExitStack()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket(self) -> Path:
        inside = self.home / "socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return inside
        return short_name(self.home)

    @property
    def password(self) -> str:
        return kept_secret(self.home / "password")

    @property
    def url(self) -> str:
        password = quote(self.password, safe="")
        host = quote(str(self.socket), safe="")
        return f"postgresql://portal:{password}@/{DATABASE}?host={host}&port=5432"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, pause: Pause = time.sleep) -> None:
        """Make the cluster if there is none, and return when it takes connections.

        `pause` waits between looks and may raise, to stop waiting.
        """
        self.prepare_home()
        try:
            self._held.enter_context(processes.lock(self.home / "lock"))
        except processes.HeldError as held:
            raise InUseError(self.name, held.holder) from None
        try:
            self.prepare_data()
            self.run_until_ready(pause)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self.process:
            # Fast, then at once, then by force: the last two cost a recovery at the next start.
            processes.end(self.process, (signal.SIGINT, 60), (signal.SIGQUIT, 10))
            self.process = None
            if self.socket.parent != self.home:
                shutil.rmtree(self.socket, ignore_errors=True)
        self._held.close()

    # Places

    def prepare_home(self) -> None:
        self.name.parent.mkdir(parents=True, exist_ok=True)
        if not self.name.exists() and not self.can_reach(self.name.parent):
            self.name.unlink(missing_ok=True)
            self.name.symlink_to(self.place_on_open_ground())
        self.home = self.name.resolve()
        self.claim(self.home)
        # Another account's server has to get through to its data, and see nothing else.
        self.home.chmod(0o711 if self.account else 0o700)

    def place_on_open_ground(self) -> Path:
        OPEN_GROUND.mkdir(exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f"{self.name.name}-", dir=OPEN_GROUND))
        say(f"Only root may open this checkout, so the database is kept in {place}.")
        return place

    def can_reach(self, folder: Path) -> bool:
        """Whether the server's account may pass through this folder (root itself always may)."""
        if self.account is None:
            return True
        while not folder.exists():
            folder = folder.parent
        return self.as_server("test", "-x", folder).returncode == 0

    def claim(self, folder: Path) -> None:
        """Make a folder, or make sure that nobody else put one there before us."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            ours = {os.geteuid(), self.account.pw_uid if self.account else os.geteuid()}
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
                raise RefusalError(
                    f"{folder} belongs to somebody else; please remove it, "
                    "or work as the user who owns it."
                ) from None

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    # Data

    def prepare_data(self) -> None:
        if self.data.exists() and not self.lasting and not self.is_sound():
            shutil.rmtree(self.data)
        if not self.data.exists():
            self.make_data()
        self.claim(self.socket)
        self.give(self.socket)

    def binaries(self) -> Binaries:
        """The newest here; for existing data, the one that made it."""
        usable = found_binaries()
        if not usable:
            raise RefusalError(f"PostgreSQL {OLDEST} or later is not installed here.")
        if not self.data.exists():
            return usable[0]
        made_by = int((self.data / "PG_VERSION").read_text())
        for binaries in usable:
            if binaries.major == made_by:
                return binaries
        here = " and ".join(str(binaries.major) for binaries in usable)
        raise RefusalError(
            f"The database in {self.name} was made by PostgreSQL {made_by}, "
            f"and this machine has {here}. "
            f"Install PostgreSQL {made_by} beside it and run “make dump”, which writes "
            f"var/portal.dump; then move {self.name} away and run “make restore”."
        )

    def is_sound(self) -> bool:
        """Whether a cluster that never waits for the disk was put away in order."""
        try:
            binaries = self.binaries()
        except RefusalError:
            return False
        control = self.as_server(binaries.folder / "pg_controldata", self.data)
        return bool(re.search(r"state: +shut down$", control.stdout, re.MULTILINE))

    def make_data(self) -> None:
        """Make the data under another name first, so that it is there whole or not at all."""
        folder = self.binaries().folder
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.give(draft)
        initdb = [str(folder / "initdb"), "--pgdata", str(draft), "--username=postgres"]
        initdb += ["--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
        self.must_work([*initdb, *([] if self.lasting else ["--no-sync"])])
        (draft / "pg_hba.conf").write_text("local all portal scram-sha-256\n")
        single = [str(folder / "postgres"), "--single", "-D", str(draft), *self.care()]
        self.must_work([*single, "postgres"], first_statements(self.password))
        self.must_work([*single, DATABASE], extension_statements())
        draft.rename(self.data)

    def must_work(self, command: list[str], statements: str = "") -> None:
        done = self.as_server(*command, stdin=statements)
        # A single-user server reports failed statements and still ends with 0.
        said = done.stdout + done.stderr
        if done.returncode or re.search(r"\b(ERROR|FATAL|PANIC):", said):
            raise RefusalError(f"PostgreSQL could not make the database. {last_words(said)}")

    def as_server(self, *command: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            env=server_environment(),
            cwd="/",
            start_new_session=True,
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
        )

    # Server

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it. SIGINT, when we die, is its fast shutdown."""
        self.forget_dead_server()
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            self.process = processes.start(
                [self.binaries().folder / "postgres", "-D", self.data, *self.options()],
                env=server_environment(),
                cwd=Path("/"),
                account=self.account,
                output=log.fileno(),
                dies_with_us=signal.SIGINT,
            )
        return self.process

    def forget_dead_server(self) -> None:
        """A number left in postmaster.pid by a kill may since belong to some other program, which
        postgres would take for itself. (A number that is nobody's must stay: postgres then makes
        sure that no process of the old server is left.)"""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        program = Path("/proc", pid_file.read_text().split("\n")[0], "comm")
        if program.exists() and program.read_text().strip() != "postgres":
            pid_file.unlink()

    @property
    def log(self) -> Path:
        return self.home / "log"

    def care(self) -> list[str]:
        return [] if self.lasting else [f"--{name}=off" for name in CARELESS]

    def options(self) -> list[str]:
        return [
            *self.care(),
            "--listen_addresses=",
            "--port=5432",
            f'--unix_socket_directories="{self.socket}"',
            "--unix_socket_permissions=0700",
            "--log_min_messages=warning",
            "--jit=off",
        ]

    def run_until_ready(self, pause: Pause) -> None:
        if self.log.exists():
            self.log.rename(self.log.with_name("log.before"))
        # A server whose supervisor was killed takes a moment to shut down.
        patience = time.monotonic() + 20
        process = self.launch()
        while not self.is_ready(process.pid):
            pause(0.02)
            if process.poll() is not None:
                words = last_words(self.log.read_text())
                held = any(sign in words for sign in HELD_BY_THE_LAST_ONE)
                if not held or time.monotonic() > patience:
                    raise RefusalError(f"PostgreSQL could not start. {words}")
                pause(0.2)
                process = self.launch()

    def is_ready(self, number: int | None = None) -> bool:
        """Whether the server, or the one with this process number, takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return ready and (number is None or lines[0] == str(number))


class InUseError(RefusalError):
    """Somebody else runs this cluster."""

    def __init__(self, home: Path, holder: str) -> None:
        super().__init__(
            f"The database in {home} is in use by another command (process {holder}); "
            "stop that one first."
        )


def account_for(home: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as, when that is not ourselves: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    data = home / "data"
    owner = data.stat().st_uid if data.exists() else 0
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("postgres")
    except KeyError:
        raise RefusalError(
            "PostgreSQL does not run as root, and there is no system user “postgres” to run it: "
            "use an ordinary account, or add that user with “useradd --system postgres”."
        ) from None


def short_name(home: Path) -> Path:
    """A short name under the temporary folder that stays the same for the same home."""
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"portal-{os.geteuid()}-{mark}")


def first_free(folder: Path, pause: Pause = time.sleep) -> Cluster:
    """Start a test cluster of our own, however many test runs go on at the same time."""
    for number in range(1, 20):
        cluster = Cluster(folder.with_name(f"{folder.name}-{number}"), lasting=False)
        try:
            cluster.start(pause)
        except InUseError:
            continue
        return cluster
    raise RefusalError(f"All the test databases beside {folder} are in use.")
