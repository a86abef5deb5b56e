"""The process supervisor: its configuration is written from deploy/supervisor, and it is spoken to over its socket."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import time
import xmlrpc.client
from pathlib import Path
from string import Template
from typing import NamedTuple

from environment import TOP, Refusal
from folders import Folders

TEMPLATES = TOP / "deploy/supervisor"
DOWN = (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError)


class Changes(NamedTuple):
    """Programs that are new, that differ from what runs, and that are gone."""

    added: list[str]
    changed: list[str]
    removed: list[str]


class Supervisor:
    def __init__(self, folders: Folders):
        self.folders = folders
        self.programs = folders.run / "programs"
        self.programs.mkdir(exist_ok=True)

    @property
    def socket(self) -> Path:
        return self.folders.sockets / "supervisor.sock"

    @property
    def rpc(self):
        return xmlrpc.client.ServerProxy("http://supervisor", transport=UnixTransport(self.socket)).supervisor

    @property
    def is_running(self) -> bool:
        try:
            return self.folders.has_sockets and self.rpc.getState()["statename"] == "RUNNING"
        except DOWN:
            return False

    def write(self, name: str, command: str, **values: str) -> None:
        """Writes one program; whoever calls `changes` next learns whether that made a difference."""
        defaults = {
            "directory": str(TOP), "priority": "10", "autostart": "false", "stopsignal": "TERM", "grace": "25", "user": ""}
        values = defaults | values | {"name": name, "command": command.replace("%", "%%"), "log": str(self.folders.log)}
        text = Template((TEMPLATES / "program.conf").read_text()).substitute(values)
        (self.programs / f"{name}.conf").write_text(text)

    def keep_only(self, names: set[str]) -> None:
        for path in self.programs.glob("*.conf"):
            if path.stem not in names:
                path.unlink()

    def start(self) -> None:
        """Starts the supervisor itself: no core files (they hold patients' data), as many descriptors as allowed."""
        most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65_536)
        conf = self.folders.run / "supervisord.conf"
        conf.write_text(Template((TEMPLATES / "supervisord.conf").read_text()).substitute(
            log=self.folders.log, run=self.folders.run, top=TOP, socket=self.socket, files=most,
            user="user = root" if os.geteuid() == 0 else ""))
        done = subprocess.run(
            ["/usr/bin/supervisord", "-c", conf], capture_output=True, text=True, start_new_session=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        if done.returncode != 0:
            raise Refusal(f"The supervisor did not start: {(done.stderr or done.stdout).strip()}")
        until = time.monotonic() + 10
        while not self.is_running:
            if time.monotonic() > until:
                raise Refusal(f"The supervisor does not answer; see {self.folders.log}/supervisord.log.")
            time.sleep(0.05)

    def changes(self) -> "Changes":
        """Reads the files again and compares them with what runs."""
        return Changes(*self.rpc.reloadConfig()[0])

    def add(self, name: str) -> None:
        self.rpc.addProcessGroup(name)

    def start_program(self, name: str) -> None:
        self.rpc.startProcessGroup(name, False)

    def remove(self, names: list[str]) -> None:
        """Asks all politely, waits until they have drained (the supervisor ends those that do not), forgets them."""
        for name in names:
            self.rpc.stopProcessGroup(name, False)
        while any(process["name"] in names and process["pid"] for process in self.processes()):
            time.sleep(0.05)
        for name in names:
            self.rpc.removeProcessGroup(name)

    def processes(self) -> list[dict]:
        return self.rpc.getAllProcessInfo()

    def stop(self, seconds: float = 60) -> None:
        pid_file = self.folders.run / "supervisord.pid"
        pid = int(pid_file.read_text())
        self.rpc.shutdown()
        until = time.monotonic() + seconds
        while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
            time.sleep(0.05)


def stop_strays(marks: list[str]) -> int:
    """Ends what a killed supervisor left behind: processes whose program or data folder lies under ours."""
    strays = our_processes(marks)
    for pid in strays:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + 15
    while any(Path(f"/proc/{pid}").exists() for pid in strays) and time.monotonic() < until:
        time.sleep(0.05)
    return len(strays)


def our_processes(marks: list[str]) -> list[int]:
    return [pid for pid, command in running_commands() if any(command.startswith(m) or f" {m}" in command for m in marks)]


def running_commands():
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                yield int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue


class UnixTransport(xmlrpc.client.Transport):
    """XML-RPC over a unix socket, which the standard library has no word for."""

    def __init__(self, path: Path):
        super().__init__()
        self.path = str(path)

    def make_connection(self, host):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.sock.connect(self.path)
        return connection
