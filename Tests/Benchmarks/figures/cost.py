"""Processor time of processes, from the system's own accounting, while wrk asks as fast as it can."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SERVER_CORE, ASKER_CORE = 0, min(1, (os.cpu_count() or 1) - 1)
SECONDS = int(os.environ.get("SECONDS_EACH", "3"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "64"))
TICK = 1_000_000 / os.sysconf("SC_CLK_TCK")  # microseconds


def stat(pid: int) -> list[str]:
    # The name stands in parentheses and may hold blanks; what follows the last one is plain.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """A process and all below it; without one that has just ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid, *(other for child in children for other in family(int(child)))]


def spent(pid: int) -> tuple[float, float]:
    """User and system time of a process and all below it, ended children included; microseconds."""
    user = system = 0.0
    for one in family(pid):
        try:
            words = stat(one)
        except (FileNotFoundError, ProcessLookupError):
            continue
        user += (int(words[11]) + int(words[13])) * TICK
        system += (int(words[12]) + int(words[14])) * TICK
    return user, system


def resident(pid: int) -> float:
    """Megabytes of memory in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def pin(pid: int, *cores: int) -> None:
    for one in family(pid):
        for thread in Path(f"/proc/{one}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)


@dataclass
class Answered:
    """What wrk saw: `slowest` is the 99th percentile, in milliseconds."""

    requests: int
    rate: float
    slowest: float


@dataclass
class Sample:
    """One round of one side: what each of its processes spent on a request, and how many were answered."""

    parts: dict[str, float]
    user: float
    system: float
    rate: float

    @property
    def total(self) -> float:
        return self.user + self.system


@dataclass
class Side:
    """Something that answers, and the processes whose time is its cost."""

    name: str
    url: str
    processes: dict[str, Callable[[], int]]
    headers: dict[str, str] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    # What wrk asks, where that is not one and the same request.
    script: Path | None = None
    connections: int = CONNECTIONS

    def measure(self, seconds: int = SECONDS) -> None:
        before = {name: spent(pid()) for name, pid in self.processes.items()}
        answered = ask(self.url, self.headers, seconds, self.script, self.connections)
        requests = answered.requests
        after = {name: spent(pid()) for name, pid in self.processes.items()}
        user = {name: (after[name][0] - before[name][0]) / requests for name in before}
        system = {name: (after[name][1] - before[name][1]) / requests for name in before}
        parts = {name: user[name] + system[name] for name in before}
        self.samples.append(Sample(parts, sum(user.values()), sum(system.values()), answered.rate))


def ask(
    url: str, headers: dict[str, str], seconds: int, script: Path | None = None, connections: int = CONNECTIONS
) -> Answered:
    """Any answer but a good one makes the figure worthless."""
    fields = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    fields += ["-s", str(script)] if script else []
    command = ["taskset", "-c", str(ASKER_CORE), "wrk", "-t1", "--latency", f"-c{connections}", f"-d{seconds}s"]
    command += [*fields, url]
    said = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30).stdout
    requests = re.search(r"(\d+) requests in", said)
    if not requests or int(requests[1]) == 0 or "Non-2xx" in said:
        raise RuntimeError(f"{url} was not answered well:\n{said}")
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said)
    return Answered(
        int(requests[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        float(slowest[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slowest[2]])


def interleave(*sides: Side) -> None:
    """A B A B …, so that what else the machine does falls on all of them alike."""
    for side in sides:
        side.measure(1)
        side.samples.clear()
    for _ in range(ROUNDS):
        for side in sides:
            side.measure()
