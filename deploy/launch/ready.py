"""Waiting for processes, and saying in words why one does not come."""

import re
import time
import urllib.error
import urllib.request

from environment import Refusal
from folders import Folders
from services import Instance
from supervisor import Supervisor

CRASHES_ALLOWED = 4
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy of the shell is not for loopback


def answers(url: str) -> bool:
    try:
        with DIRECT.open(url, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError, ValueError):
        return False


def wait_until_ready(instances: list[Instance], supervisor: Supervisor, folders: Folders, seconds: float, note) -> None:
    """Asks every `/readyz` until all say 200; a process that keeps ending, or the time limit, ends the waiting."""
    until, waiting, ends = time.monotonic() + seconds, list(instances), {}
    while waiting:
        waiting = [instance for instance in waiting if not answers(instance.ready_url)]
        note("waiting for " + ", ".join(instance.name for instance in waiting))
        states = {process["name"]: process for process in supervisor.processes()} if waiting else {}
        for instance in waiting:
            count_ends(states.get(instance.name), ends)
            if ends.get(instance.name, (0, 0))[1] >= CRASHES_ALLOWED:
                raise Refusal(f"{instance.name} starts and ends again at once. Its last lines:\n{tail(folders, instance.name)}")
        if waiting and time.monotonic() > until:
            names = ", ".join(instance.name for instance in waiting)
            raise Refusal(
                f"Not ready after {seconds:.0f} s: {names}. {waiting[0].ready_url}?verbose says what it waits for; its last "
                f"lines:\n{tail(folders, waiting[0].name)}")
        if waiting:
            time.sleep(0.1)


def count_ends(process: dict | None, ends: dict[str, tuple[int, int]]) -> None:
    """Counts how often a process stopped, by the time of its last stop."""
    if process is not None:
        last, count = ends.get(process["name"], (process["stop"], 0))
        ends[process["name"]] = (process["stop"], count + (process["stop"] != last))
        if process["statename"] == "FATAL":
            ends[process["name"]] = (process["stop"], CRASHES_ALLOWED)


def tail(folders: Folders, name: str, lines: int = 15) -> str:
    """The last lines of the last start alone: a process that ends again and again repeats itself."""
    path = folders.log / f"{name}.log"
    found = path.read_text(errors="replace").splitlines() if path.is_file() else []
    shown = "\n".join(f"    {line}" for line in of_the_last_start(found)[-lines:])
    return shown or f"    (nothing; {path})"


def of_the_last_start(lines: list[str]) -> list[str]:
    """What follows the last line but one that says what the last line says, numbers and times aside."""
    said = [re.sub(r"\d+", "", line) for line in lines]
    earlier = next((index for index in range(len(said) - 2, -1, -1) if said[index] == said[-1]), -1)
    return lines[earlier + 1:]
