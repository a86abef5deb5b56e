"""Finds ports that somebody else holds, before a service would fail on them."""

import errno
import os
import socket
from pathlib import Path

from environment import Refusal
from services import Instance


def refuse_taken_ports(instances: list[Instance], running: set[str], own: set[int]) -> None:
    """Looks at the ports of processes that are not running yet; the sentence names the variable that moves the port.
    `own` are ports at which processes of ours listen: a stand-in, or what a failed start left behind."""
    wanted: dict[int, str] = {}
    taken = []
    for instance in instances:
        upper = instance.service.name.upper()
        for port, variable in ((instance.port, f"{upper}_PORT"), (instance.ops_port, f"{upper}_OPS_PORT")):
            is_shared = wanted.get(port) == variable == "GATEWAY_PORT"
            if port in wanted and not is_shared:
                raise Refusal(f"{variable} and {wanted[port]} both ask for port {port}; give one of them another.")
            wanted[port] = variable
            if instance.name not in running and port not in own and not is_shared and is_taken(port):
                taken.append((port, variable))
    if taken:
        listed = "\n".join(f"    port {port}: set {variable}" for port, variable in taken)
        port, variable = taken[0]
        raise Refusal(
            f"Another program listens on ports that Praxis needs:\n{listed}\n"
            f"Stop it, or choose another port, in .env or for once: make up {variable}={port + 500}")


def listening(pids: list[int]) -> set[int]:
    """The TCP ports at which these processes listen."""
    sockets = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:] if Path(table).is_file() else ():
            _, local, _, state, *_, inode = line.split()[:10]
            if state == "0A":
                sockets[f"socket:[{inode}]"] = int(local.rpartition(":")[2], 16)
    found = set()
    for pid in pids:
        try:
            found |= {sockets[link] for link in map(os.readlink, Path(f"/proc/{pid}/fd").iterdir()) if link in sockets}
        except OSError:
            continue  # it has just ended
    return found


def is_taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Refusal(f"Port {port} needs more rights than this user has; choose one above 1023.") from error
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
