"""Does everything open, and nothing stay under an old key, when a rotation of keys is killed in the middle?"""

import base64
import os
import secrets
import signal
import subprocess

import pytest

from house.house import BINARIES
from house.locks import holding, until_waiting
from house.operator import operator_of
from house.people import Client
from house.registrants import enrol, log_in
from house.stores import psql
from house.waiting import until

FILE = b"%PDF-1.7\n" + os.urandom(100_000)


class Owner:
    """A patient with something in each kind of row that is sealed here."""

    def __init__(self, url: str):
        with Client(url) as anyone:
            made = enrol(anyone, "patient")
        self.id, self.person = made["patient_id"], log_in(url, "patient", made["email"])
        self.health = f"/api/records/patients/{self.id}/health"
        self.written = f"Penicillin {secrets.token_hex(4)}"
        self.person.expect(200, "PUT", self.health, json={"allergies": self.written})
        path, fields = f"/api/records/patients/{self.id}/reports/upload", {"title": "A", "report_type": "lab"}
        sent = self.person.expect(201, "POST", path, data=fields, files={"file": ("a.pdf", FILE)})
        self.report = f"/api/records/reports/{sent.json()['data']['id']}"

    def assert_opens(self) -> None:
        assert self.written in self.person.expect(200, "GET", self.health).text
        assert self.person.expect(200, "GET", self.report).json()["data"]["title"] == "A"
        assert self.person.expect(200, "GET", f"{self.report}/download").content == FILE

    def versions(self, house) -> dict[str, int]:
        """Of the key under which each row is."""
        tables = ("patient_health", "report", "stored_file")
        asked = [f"select '{one}', key_version from records.{one} where patient_id = '{self.id}'" for one in tables]
        return {table: int(version) for table, version in psql(house, " union all ".join(asked))}

    def keys(self, house) -> list[int]:
        rows = psql(house, f"select key_version from records.patient_key where patient_id = '{self.id}' order by 1")
        return [int(version) for [version] in rows]


@pytest.fixture(scope="module")
def owners(url):
    made = [Owner(url) for _ in range(4)]
    yield made
    for one in made:
        one.person.close()


def rotation(house, *words: str) -> subprocess.Popen:
    """`praxis keys rotate`, in a group with what it starts."""
    command, options = [BINARIES / "praxis", "keys", "rotate", *words], operator_of(house)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=options["env"], cwd="/", start_new_session=True, **pipes)


def kill(running: subprocess.Popen) -> None:
    assert running.poll() is None, running.communicate()
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=20)


def finish(running: subprocess.Popen) -> list[str]:
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 0, said
    return said.splitlines()


def restart_records(house) -> None:
    """With the secrets as they are now."""
    house.services["records"].stop()
    house.services["records"] = house.service(house.services["records"].instance)
    house.services["records"].restart()


@pytest.fixture
def new_master_key(house):
    """Records wraps with a master key of version 2, beside which the older one opens (docs/runbook.md)."""
    folder = house.folders.var / "secrets"
    key, other = folder / "data-encryption-key-records", folder / "data-encryption-key-others-records"
    older = key.read_text()
    newer = "2:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    for current, beside in ((older, newer), (newer, older)):
        key.write_text(current)
        other.write_text(beside)
        other.chmod(0o600)
        restart_records(house)
    return other


def test_a_rotation_of_the_master_key_killed_in_the_middle_goes_on_where_it_was(house, owners, new_master_key):
    def left() -> int:
        return int(psql(house, "select count(*) from records.patient_key where kek_version <> 2")[0][0])

    assert left() >= len(owners)
    with holding(house, f"select from records.patient_key where patient_id = '{owners[0].id}' for update"):
        running = rotation(house, "--master")
        until(lambda: left() == 1, 30, "all keys but the locked one")
        kill(running)
    assert left() == 1
    for one in owners:
        one.assert_opens()
    assert "patient_key.wrapped: 1 wrapped anew" in finish(rotation(house, "--master")) and left() == 0
    told = [line for line in finish(rotation(house, "--master")) if ": " in line]
    assert told and all(line.endswith(": 0 wrapped anew") for line in told)
    new_master_key.unlink()
    restart_records(house)
    for one in owners:
        one.assert_opens()


@pytest.mark.parametrize("by", ["the command", "the service"])
def test_a_rotation_of_a_patients_key_killed_in_the_middle_is_finished(house, owners, by):
    owner = owners[1]
    with holding(house, f"select from records.report where patient_id = '{owner.id}' for update"):
        running = rotation(house, "--patient", owner.id)
        until_waiting(house, "records", "from report")
        kill(running)
    middle = owner.versions(house)
    assert middle["patient_health"] > middle["report"] == middle["stored_file"]
    owner.assert_opens()
    if by == "the command":
        finish(rotation(house, "--patient", owner.id))
    else:
        # It finishes what was begun more than ten minutes ago, and looks when it starts.
        psql(house, f"update records.patient_key set created_at = created_at - interval '1 hour' where patient_id = '{owner.id}'")
        restart_records(house)
        until(lambda: len(owner.keys(house)) == 1, 30, "the end of older keys")
    assert set(owner.versions(house).values()) == {owner.keys(house)[-1]}
    owner.assert_opens()
