"""Somebody who runs the platform."""

import secrets
import subprocess

from .house import BINARIES, House
from .people import PASSWORD, Client, Person, fresh_email


def administrator(house: House, url: str) -> Person:
    identity, name = house.services["identity"], f"root_{secrets.token_hex(4)}"
    done = subprocess.run(
        [BINARIES / "identity", "create-admin", name, fresh_email("admin"), "Root Admin"],
        env=identity.environment | {"PRAXIS_ADMIN_PASSWORD": PASSWORD},
        cwd="/",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with Client(url) as anyone:
        answer = anyone.expect(200, "POST", "/api/auth/login", json={"username": name, "password": PASSWORD})
    return Person(url, answer.json()["data"])
