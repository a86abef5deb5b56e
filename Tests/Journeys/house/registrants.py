"""Who registers themselves: providers (seed 000) and patients (seed 003)."""

import json
import re
import secrets

from .mailbox import Mailbox
from .people import Client, Person, fresh_email
from .seeds import PATIENT_003, PROVIDER_000
from .waiting import until

SECRET = json.loads(PROVIDER_000)["password"]
TOKEN = re.compile(r"/verify-email\?token=([A-Za-z0-9_-]+)")


def fresh_phone() -> str:
    return f"+49{secrets.randbelow(10**9):09}"


def provider(**changes) -> dict:
    """The documented body for somebody who is nobody yet."""
    fresh = {
        "email": fresh_email("doctor"),
        "phone_number": fresh_phone(),
        "license_number": secrets.token_hex(6).upper(),
    }
    return json.loads(PROVIDER_000) | fresh | changes


def patient(**changes) -> dict:
    return json.loads(PATIENT_003) | {"email": fresh_email("patient"), "phone_number": fresh_phone()} | changes


BODIES = {"provider": provider, "patient": patient}


def enrol(client: Client, kind: str, **changes) -> dict:
    """What was sent and what was answered, as one."""
    body = BODIES[kind](**changes)
    return body | client.expect(201, "POST", f"/api/v1/{kind}/register", json=body).json()["data"]


def log_in(url: str, kind: str, email: str) -> Person:
    with Client(url) as anyone:
        body = {"email": email, "password": SECRET}
        data = anyone.expect(200, "POST", f"/api/v1/{kind}/login", json=body).json()["data"]
    return Person(url, {"user": data[kind], "tokens": data["tokens"]})


def verification_token(mailbox: Mailbox, email: str, seconds: float = 30) -> str:
    def found():
        mails = [mail for mail in mailbox.to(email) if mail["Subject"] == "Confirm your email address"]
        return mails and TOKEN.search(mails[-1].get_body(("plain",)).get_content())

    return until(found, seconds, "the verification mail").group(1)
