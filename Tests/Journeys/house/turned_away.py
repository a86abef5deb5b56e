"""A unix socket in a server's place that takes every connection and closes it, and notes who came when."""

import os
import socket
import struct
import threading
import time
from pathlib import Path


class TurnedAway:
    def __init__(self, path: Path):
        self.path = path
        self.came: list[tuple[int, float]] = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self) -> "TurnedAway":
        self.path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        os.chmod(self.path, 0o777)
        self.listener.listen(512)
        self.listener.settimeout(0.1)
        self.begun = time.monotonic()
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stopping.set()
        self.thread.join()
        self.listener.close()
        self.path.unlink(missing_ok=True)

    def serve(self) -> None:
        while not self.stopping.is_set():
            try:
                client, _ = self.listener.accept()
            except TimeoutError:
                continue
            with client:
                pid, _, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
                self.came.append((pid, time.monotonic() - self.begun))

    def seconds_of(self, pid: int) -> list[float]:
        """When this process came, in seconds since the beginning."""
        return [at for who, at in self.came if who == pid]
