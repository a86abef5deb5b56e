"""Bytes on a socket: for requests that no decent client would send."""

import re
import socket
import time


class Conversation:
    """All that came back, and whether the server closed."""

    def __init__(self, received: bytes, is_closed: bool):
        self.received, self.is_closed = received, is_closed

    @property
    def statuses(self) -> list[int]:
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", self.received) if status != b"100"]


def send(port: int, data: bytes, patience: float = 3.0, pieces: int | None = None, pause: float = 0.0) -> Conversation:
    """Sends all of it (in pieces, if asked), then reads until the server closes or is silent for `patience` seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for start in range(0, len(data), pieces or len(data) or 1):
                connection.sendall(data[start : start + (pieces or len(data))])
                if pause:
                    time.sleep(pause)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had heard enough, which is its right
        return listen(connection, patience)


def listen(connection: socket.socket, patience: float) -> Conversation:
    received = b""
    connection.settimeout(patience)
    while True:
        try:
            piece = connection.recv(65_536)
        except TimeoutError:
            return Conversation(received, False)
        except ConnectionResetError:
            return Conversation(received, True)
        if not piece:
            return Conversation(received, True)
        received += piece
