"""The operator's command line on a house."""

import json
import subprocess

from services import NAMES

from .house import BINARIES
from .stores import psql

WITH_TABLES = [name for name in NAMES if name != "gateway"]


def operator_of(house) -> dict:
    environment = house.processes.of_the_operator({name: BINARIES / name for name in NAMES})
    return {"env": environment, "cwd": "/", "capture_output": True, "text": True, "timeout": 120}


def verify(house, *names: str, code: int = 0) -> dict[str, dict]:
    """What `praxis audit verify --json` says, by service."""
    done = subprocess.run([BINARIES / "praxis", "audit", "verify", *names, "--json"], **operator_of(house))
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return {report["service"]: report for report in map(json.loads, done.stdout.splitlines())}


def everything_is_sealed(house) -> bool:
    return all(psql(house, f"select count(*) from {name}.audit_unsealed") == [["0"]] for name in WITH_TABLES)
