"""A set-up of its own for each test module: fakes for the six, free ports, a folder of state that is gone afterwards."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
NAMES = ("gateway", "identity", "registry", "scheduling", "records", "notifier")


def free_ports(count: int) -> list[int]:
    """Ports with room for copies: the launcher gives the n-th copy its service's port plus 10 (n - 1)."""
    found, candidate = [], 20_000 + os.getpid() % 200 * 50
    while len(found) < count:
        if all(is_free(candidate + step) for step in (0, 10)):
            found.append(candidate)
        candidate += 1 if len(found) % 10 else 30
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class SetUp:
    def __init__(self, folder: Path):
        self.var, fakes = folder / "var", folder / "fakes"
        fakes.mkdir()
        for name in NAMES:
            shutil.copy(TOP / "Tests/Launch/fake_service", fakes / name)
        ports = free_ports(12)
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment |= {"VAR_DIR": str(self.var), "BINARIES": str(fakes)}
        self.environment |= {f"{name.upper()}_PORT": str(port) for name, port in zip(NAMES, ports[:6])}
        self.environment |= {f"{name.upper()}_OPS_PORT": str(port) for name, port in zip(NAMES, ports[6:])}

    def launch(self, *words: str, **settings: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["/usr/bin/python3", "-B", TOP / "deploy/launch", *words], capture_output=True, text=True, timeout=100,
            env=self.environment | settings)

    def start(self, *words: str, **settings: str) -> subprocess.Popen:
        return subprocess.Popen(
            ["/usr/bin/python3", "-B", TOP / "deploy/launch", *words], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=self.environment | settings)

    def psql(self, statement: str) -> subprocess.CompletedProcess:
        sockets = (self.var / "sockets").resolve() / "pg"
        return subprocess.run(
            ["psql", "--host", sockets, "--username=postgres", "--dbname=praxis", "-qAtc", statement],
            capture_output=True, text=True, check=True)

    def is_standing_in(self, name: str) -> bool:
        return f"{name}-10" in self.launch("status").stdout

    def ask(self, name: str, path: str = "/", step: int = 0) -> dict:
        """What a fake answers at its service's port; at `/environment`, what it was started with."""
        port = int(self.environment[f"{name.upper()}_PORT"]) + step
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return json.load(answer)

    def processes(self) -> dict[int, str]:
        """Everything that runs with our folder in its command line."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except OSError:
                    continue
                if str(self.var) in command and "deploy/launch" not in command:
                    found[int(folder.name)] = command
        return found


@pytest.fixture(scope="module")
def setup():
    folder = Path(tempfile.mkdtemp(prefix="praxis-launch-", dir="/tmp"))
    folder.chmod(0o711)
    made = SetUp(folder)
    yield made
    made.launch("down")
    shutil.rmtree(folder, ignore_errors=True)
