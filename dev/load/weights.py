"""What the processes of a portal weigh, and how long they were at work."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Weight:
    """Megabytes: resident, the most so far, and with what is shared divided up; seconds of work."""

    name: str
    resident: float
    most: float
    share: float
    worked: float


def children(number: int) -> list[int]:
    return [*map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split())]


def sizes(number: int, file: str) -> dict[str, float]:
    lines = [line.split() for line in Path(f"/proc/{number}/{file}").read_text().split("\n")]
    return {line[0]: int(line[1]) / 1024 for line in lines if line and line[-1] == "kB"}


def worked(number: int) -> float:
    after_name = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def busy() -> float:
    """Seconds of work of all cores, for whatever program, since the machine began."""
    user, nice, system, _idle, _waiting, *rest = map(
        int, Path("/proc/stat").read_text().split("\n")[0].split()[1:8]
    )
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def weight(name: str, number: int) -> Weight:
    now, ever = sizes(number, "smaps_rollup"), sizes(number, "status")
    return Weight(name, now["Rss:"], ever["VmHWM:"], now["Pss:"], worked(number))


def of_portal(supervisor: int) -> list[Weight]:
    """The supervisor, and each process it started; all of PostgreSQL as one."""
    found = [weight("make run", supervisor)]
    for number in children(supervisor):
        command = Path(f"/proc/{number}/cmdline").read_text()
        within = children(number)
        if "granian" in command:
            found.append(weight("web, main process", number))
            heavy = [one for one in within if sizes(one, "status")["VmRSS:"] > 30]
            found += [weight(f"web worker {place}", one) for place, one in enumerate(heavy, 1)]
        elif "procrastinate" in command:
            found.append(weight("worker", number))
        elif "postgres" in command:
            found.append(together("PostgreSQL", [weight("", one) for one in [number, *within]]))
    return found


def together(name: str, some: list[Weight]) -> Weight:
    """Shared memory is counted once in the shares alone, so the rest is of the heaviest one."""
    heaviest = max(some, key=lambda one: one.most)
    return Weight(
        f"{name}, {len(some)} processes",
        heaviest.resident,
        heaviest.most,
        sum(one.share for one in some),
        sum(one.worked for one in some),
    )
