"""Free ports below the range from which the kernel takes those of outgoing connections."""

import os
import random
import socket

# Of two systems side by side each has ports of its own, also while a service of theirs is away.
FIRST = int(os.environ.get("PRAXIS_PORTS") or 15_000)
COUNT = 8_000


class FreePorts:
    def __init__(self):
        self.given: set[int] = set()

    def take(self, *steps: int) -> int:
        """A port that is free together with those `steps` above it (a service's copies stand 10 apart)."""
        for _ in range(2000):
            port = FIRST + random.randrange(COUNT)
            wanted = {port + step for step in (0, *steps)}
            if not wanted & self.given and all(map(is_free, wanted)):
                self.given |= wanted
                return port
        raise RuntimeError("no free port was found")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
