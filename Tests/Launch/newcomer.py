"""Somebody who has just found this repository: a clone of their own, with free ports, and what README.md tells to type."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from conftest import NAMES, TOP, free_ports

BINARIES = Path(os.environ.get("PRAXIS_TEST_BINARIES") or TOP / ".build/debug")
DEFAULT_PORTS = (8000, 8101, 8102, 8103, 8104, 8105, 9000, 9101, 9102, 9103, 9104, 9105)


def blocks(text: str) -> list[list[str]]:
    """The indented blocks of a page of Markdown, each without its indent."""
    found = re.findall(r"(?:^    .*\n(?:(?=\n    )\n)?)+", text, re.MULTILINE)
    return [[line[4:] for line in block.splitlines()] for block in found]


def commands_of(block: list[str]) -> list[str]:
    """What is to be typed: all of it, or what stands behind a `$` where answers stand there as well; no box."""
    if block[0].startswith("┌"):
        return []
    joined = "\n".join(block).replace("\\\n", "\\\0").splitlines()
    typed = [line[2:] for line in joined if line.startswith("$ ")] or joined
    return [line.replace("\0", "\n") for line in typed]


def commands_of_tables(text: str) -> list[str]:
    """Whatever in a table's cells calls make."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [span for row in rows for span in re.findall(r"`([^`]+)`", row) if re.match(r"(\S+=\S+ )*make ", span)]


class Newcomer:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="praxis-newcomer-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.origin, self.clone = self.folder / "origin", self.folder / "praxis"
        self.ports = dict(zip(DEFAULT_PORTS, free_ports(len(DEFAULT_PORTS))))
        self.another_port = free_ports(len(DEFAULT_PORTS) + 1)[-1]
        names = [f"{name.upper()}_{kind}" for kind in ("PORT", "OPS_PORT") for name in NAMES]
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment |= dict(zip(names, map(str, self.ports.values())))
        self.environment |= {"BINARIES": str(BINARIES), "no_proxy": "localhost,127.0.0.1"}
        self.publish()

    def publish(self) -> None:
        """The checkout as it is now, as a repository to clone."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP, capture_output=True, check=True)
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (TOP / name).is_file():
                (self.origin / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(TOP / name, self.origin / name)
        who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
        for words in (["init", "-q"], ["add", "--all"], [*who, "commit", "-q", "-m", "As it is"]):
            subprocess.run(["git", *words], cwd=self.origin, check=True)

    def adapted(self, command: str) -> str:
        """The same with the repository's address, our ports for the usual ones, and a directory that is not ours."""
        command = command.replace("<this repository>", str(self.origin)).replace("GATEWAY_PORT=8010", f"GATEWAY_PORT={self.another_port}")
        return self.with_ports(command)

    def with_ports(self, text: str) -> str:
        return re.sub(r"\b(%s)\b" % "|".join(map(str, self.ports)), lambda found: str(self.ports[int(found[0])]), text)

    def type(self, command: str, timeout: float = 100, **settings: str) -> subprocess.CompletedProcess:
        here = self.clone if self.clone.exists() else self.folder
        done = subprocess.run(
            ["/bin/bash", "-c", self.adapted(command)], cwd=here, env=self.environment | settings, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        self.take_along()
        return done

    def take_along(self) -> None:
        """What the first `make up` would fetch from elsewhere lies in this checkout."""
        static = self.clone / "var/static"
        if self.clone.exists() and not static.exists() and (TOP / "var/static").exists():
            static.parent.mkdir(exist_ok=True)
            shutil.copytree(TOP / "var/static", static)

    def leave(self) -> None:
        if self.clone.exists():
            self.type("make down")
            shutil.rmtree((self.clone / "var/postgres").resolve(), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
