"""Somebody with an account, and somebody without one."""

import itertools
import secrets

import httpx

PASSWORD = "Analytical-Engine-1843"
NUMBERS = itertools.count(1)


class Client(httpx.Client):
    """Speaks to one gateway; `expect` refuses any other status with the whole answer in the message."""

    def __init__(self, url: str, **options):
        options.setdefault("timeout", 20)
        super().__init__(base_url=url, trust_env=False, **options)

    def expect(self, status: int, method: str, path: str, **options) -> httpx.Response:
        answer = self.request(method, path, **options)
        assert answer.status_code == status, (
            f"{method} {path}: {answer.status_code} and not {status}: {answer.text[:2000]}"
        )
        return answer


def fresh_email(name: str = "person") -> str:
    return f"{name}.{next(NUMBERS)}.{secrets.token_hex(4)}@example.com"


def registration(**changes) -> dict:
    """A body that registers; each call names another person."""
    body = {"name": "Ada King", "email": fresh_email("ada"), "password": PASSWORD, "confirm_password": PASSWORD}
    return body | changes


class Person(Client):
    """A client that is signed in."""

    def __init__(self, url: str, account: dict, **options):
        super().__init__(url, **options)
        self.account = account
        self.user, self.tokens = account["user"], account["tokens"]
        self.password = PASSWORD
        self.take(self.tokens)

    def take(self, tokens: dict) -> None:
        self.tokens = tokens
        self.headers["Authorization"] = f"Bearer {tokens['access']}"

    def at(self, url: str) -> "Person":
        """The same person, same tokens, at another gateway."""
        return Person(url, self.account | {"tokens": self.tokens})

    def patient(self, **fields) -> dict:
        body = {"first_name": "Jane", "last_name": "Smith"} | fields
        return self.expect(201, "POST", "/api/patients", json=body).json()["data"]

    def doctor(self, **fields) -> dict:
        licence = f"LIC-{secrets.token_hex(5).upper()}"
        body = {
            "first_name": "Emily",
            "last_name": "Chen",
            "specialization": "neurology",
            "license_number": licence,
        } | fields
        return self.expect(201, "POST", "/api/doctors", json=body).json()["data"]

    def mapping(self, patient: dict, doctor: dict, **fields) -> dict:
        body = {"patient": patient["id"], "doctor": doctor["id"]} | fields
        return self.expect(201, "POST", "/api/mappings", json=body).json()["data"]


def register(url: str, **changes) -> Person:
    with Client(url) as anyone:
        answer = anyone.expect(201, "POST", "/api/auth/register", json=registration(**changes))
    person = Person(url, answer.json()["data"])
    person.password = changes.get("password", PASSWORD)
    return person
