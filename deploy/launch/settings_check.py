"""Asks every service's program whether its settings are usable, before any of them is started."""

import subprocess
from pathlib import Path

from environment import TOP, Refusal

UNUSABLE = 78  # sysexits.h, EX_CONFIG


def refuse_wrong_settings(starts: dict[str, Path]) -> None:
    """Runs `config check` of all at once; each fault is told once, with the services that have it."""
    checks = {
        name: subprocess.Popen(
            [start, "config", "check"], cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, errors="replace")
        for name, start in starts.items()}
    faults: dict[str, list[str]] = {}
    for name, check in checks.items():
        said, _ = check.communicate()
        if check.returncode == UNUSABLE:
            for line in said.splitlines():
                if line.startswith("  - "):
                    faults.setdefault(line.removeprefix("  - "), []).append(name)
    if faults:
        told = "\n".join(f"  - {fault} ({', '.join(names)})" for fault, names in faults.items())
        raise Refusal(f"The settings are not usable:\n{told}", code=UNUSABLE)
