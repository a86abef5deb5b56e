"""A stream of writes with a log of what was acknowledged, to be held against what is found afterwards."""

import secrets
import time

import httpx

from .background import Background
from .people import Person, fresh_email, registration

REPEATABLE = (502, 503, 504, 409, 429)


class Writers(Background):
    """Threads that write all the time, as careful clients do: what is unclear is repeated with the same key."""

    def __init__(self, urls: list[str], person: Person, count: int = 3):
        self.urls, self.person = urls, person
        self.patients: dict[str, str] = {}  # id → the name that was acknowledged
        self.accounts: dict[str, str] = {}  # email → account id
        self.unexpected: list[str] = []
        self.broken = 0  # requests that failed or were told to come back
        self.reads_failed = 0
        super().__init__(self.write, range(count))

    @property
    def acknowledged(self) -> int:
        return len(self.patients) + len(self.accounts)

    def write(self, number: int) -> None:
        with httpx.Client(base_url=self.urls[number % len(self.urls)], trust_env=False, timeout=15) as client:
            while not self.stopping.is_set():
                name = f"Writer {secrets.token_hex(6)}"
                if patient := self.settle(
                    client, "/api/patients", {"first_name": name, "last_name": "X"}, self.person.headers
                ):
                    self.patients[patient["id"]] = name
                if number == 0:
                    body = registration(email=fresh_email("writer"))
                    if account := self.settle(client, "/api/auth/register", body, {}):
                        self.accounts[body["email"]] = account["user"]["id"]
                time.sleep(0.02)

    def settle(self, client: httpx.Client, path: str, body: dict, headers) -> dict | None:
        """Tries until there is a clear answer; only a 201 counts as acknowledged."""
        keyed = {"Idempotency-Key": secrets.token_hex(12)}
        if authorization := dict(headers).get("authorization"):
            keyed["Authorization"] = authorization
        end = time.monotonic() + 45
        while time.monotonic() < end:
            try:
                answer = client.post(path, json=body, headers=keyed)
            except httpx.HTTPError:
                self.broken += 1
            else:
                if answer.status_code == 201:
                    return answer.json()["data"]
                if answer.status_code not in REPEATABLE:
                    self.unexpected.append(f"{path}: {answer.status_code} {answer.text[:300]}")
                    return None
                self.broken += 1
            time.sleep(0.1)
        self.unexpected.append(f"{path}: no clear answer in 45 s")
        return None
