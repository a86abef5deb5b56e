"""A clamd of a test's own: it finds nothing, and answers when it may."""

import socketserver
import threading


class Scanner:
    """Reads what `INSTREAM` sends and says `OK` once `free` is set; `asked` counts the files it was sent whole."""

    def __init__(self, port: int):
        self.port, self.asked, self.free = port, 0, threading.Event()
        self.free.set()
        scanner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                assert self.rfile.read(10) == b"zINSTREAM\0"
                while size := int.from_bytes(self.rfile.read(4)):
                    self.rfile.read(size)
                scanner.asked += 1
                scanner.free.wait(60)
                try:
                    self.wfile.write(b"stream: OK\0")
                except OSError:
                    pass  # whoever asked was killed

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.free.set()
        self.server.shutdown()
        self.server.server_close()
