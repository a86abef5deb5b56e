"""Which functions come first in a program: those that were entered, in the order of how many services enter them, and
of which, so that what one service does not enter lies together."""

import re
import subprocess
import sys
from pathlib import Path

FUNCTION = re.compile(r"^c?fn=\(\d+\) (.+?)(?:'\d+)?$")


def main(counts: Path, programs: Path) -> None:
    services: dict[str, set[str]] = {}
    for file in sorted(counts.iterdir()):
        name = file.name.split(".")[0]
        for function in entered(file) & functions(programs / name):
            services.setdefault(function, set()).add(name)
    for function in sorted(services, key=lambda function: place(services[function], function)):
        print(function)


def place(names: set[str], function: str) -> tuple:
    return -len(names), sorted(names), function


def entered(file: Path) -> set[str]:
    with open(file, errors="replace") as lines:
        return {found[1] for line in lines if (found := FUNCTION.match(line))}


def functions(program: Path) -> set[str]:
    """The program's own, without those of libraries."""
    listed = subprocess.run(["nm", "--defined-only", program], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in listed.splitlines()}


main(Path(sys.argv[1]), Path(sys.argv[2]))
