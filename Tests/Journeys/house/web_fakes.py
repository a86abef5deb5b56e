"""Two web servers of a test's own: a provider of text messages, and who knows people's phones."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Fake:
    """Answers with what `answer(method, path, headers, body)` says, on a port of its own; keeps every request."""

    def __init__(self, port: int, answer):
        self.port, self.requests, self.free = port, [], threading.Event()
        self.free.set()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fake.requests.append((self.command, self.path, dict(self.headers), body))
                fake.free.wait(60)
                status, said = answer(self.command, self.path, self.headers, body)
                text = json.dumps(said).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = serve

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.free.set()
        self.server.shutdown()
        self.server.server_close()


class TextProvider(Fake):
    """Takes texts, or answers with the next of `statuses` first. A key seen before sends nothing again."""

    def __init__(self, port: int, *statuses: int):
        self.statuses, self.phones = list(statuses), {}
        super().__init__(port, self.take)

    def take(self, method, path, headers, body):
        if self.statuses:
            return self.statuses.pop(0), {"error": "not now"}
        text = json.loads(body)
        self.phones.setdefault(text["to"], {})[headers["Idempotency-Key"]] = text["text"]
        return 202, {"id": text["id"]}

    def to(self, phone: str) -> list[str]:
        return list(self.phones.get(phone, {}).values())


class KnowsPhones(Fake):
    """Stands where identity is: everybody is called Ada, and each asking makes another code."""

    def __init__(self, port: int, phone: str):
        self.phone, self.codes = phone, []
        super().__init__(port, self.tell)

    def tell(self, method, path, headers, body):
        if path.endswith("/contact"):
            return 200, self.envelope(name="Ada King", email="ada@example.com", is_phone_proven=True, is_active=True)
        if path.endswith("/phone-code"):
            self.codes.append(f"{700_000 + len(self.codes)}")
            return 200, self.envelope(phone=self.phone, code=self.codes[-1], minutes=10)
        return 404, {"success": False, "message": "Not found.", "code": "not_found", "errors": {}}

    @staticmethod
    def envelope(**data) -> dict:
        return {"success": True, "message": "Told.", "data": data}
