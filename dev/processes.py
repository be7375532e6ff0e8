"""Processes that never outlive us, signals without races, and locks against a second copy."""

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    account: pwd.struct_passwd | None = None,
    output: int | None = None,
    dies_with_us: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches only us.

    Call it from the main thread: the death signal follows the thread that forked.
    """
    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=tied_to_us(dies_with_us),
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def tied_to_us(death_signal: signal.Signals) -> Callable[[], None]:
    """Run in the child between fork and exec; after any change of user, which would undo it."""
    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if hasattr(LIBC, "prctl"):
            LIBC.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def end_with(parent: str) -> None:
    """Be asked to stop when our parent is gone, if it is the program of this name."""
    name = Path("/proc", str(os.getppid()), "comm")
    if name.exists() and name.read_text().strip() == parent:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Ask with one signal after another, giving each its seconds, until the process is gone."""
    for number, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    sweep(process)


def sweep(process: subprocess.Popen[bytes]) -> None:
    """Remove what a process left of its session, itself included."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Signals:
    """Signals are held back and taken only where we wait, so nothing is ever half done."""

    def __init__(self) -> None:
        self.stopping = STOP_SIGNALS - ignored_hang_up()
        self.awaited = self.stopping | {signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, self.awaited)

    def take(self, seconds: float) -> signal.struct_siginfo | None:
        """Wait for a child to end or for the time to pass; what asks us to stop is returned."""
        received = signal.sigtimedwait(self.awaited, seconds)
        return received if received and received.si_signo in self.stopping else None


def ignored_hang_up() -> set[signal.Signals]:
    """`nohup make run` means it."""
    return {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else set()


class HeldError(Exception):
    """Another process holds the lock."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def lock(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold a lock that the kernel lets go of when we die. The file stays, with our number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldError(path.read_text().strip() or "unknown") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
