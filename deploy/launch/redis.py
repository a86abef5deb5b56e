"""A Redis of our own: a unix socket, an append-only file, and no eviction, since streams are kept in it."""

import shlex
import subprocess
import time
from pathlib import Path

from environment import Refusal

SETTINGS = {
    "port": "0", "unixsocketperm": "700", "daemonize": "no", "supervised": "no", "save": "", "appendonly": "yes",
    "appendfsync": "everysec", "maxmemory-policy": "noeviction", "logfile": "", "set-proc-title": "no",
}


class Redis:
    def __init__(self, folder: Path, sockets: Path, forgetful: bool = False):
        self.folder, self.socket, self.forgetful = folder, sockets / "redis.sock", forgetful

    def create(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def arguments(self) -> list[str]:
        settings = SETTINGS | {"dir": str(self.folder), "unixsocket": str(self.socket)}
        if self.forgetful:
            settings["appendonly"] = "no"
        return ["/usr/bin/redis-server"] + [word for name, value in settings.items() for word in (f"--{name}", value)]

    @property
    def command(self) -> str:
        return shlex.join(self.arguments)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def wait(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not self.is_ready:
            if time.monotonic() > until:
                raise Refusal(f"Redis did not start within {seconds:.0f} s; its log says why (make logs service=redis).")
            time.sleep(0.05)

    @property
    def is_ready(self) -> bool:
        command = ["/usr/bin/redis-cli", "-s", self.socket, "ping"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip() == "PONG"
