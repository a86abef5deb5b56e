"""What becomes of a registration across two services when they die between its two halves?"""

import os
import secrets
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from postgres import tools

from house.people import Client
from house.registrants import BODIES, log_in, verification_token
from house.stores import psql
from house.waiting import until

KINDS = ("provider", "patient")
ENTRIES = {"provider": "registry.provider", "patient": "registry.patient_registration"}


@contextmanager
def held(house, *tables: str):
    """Whoever wants to write into these tables meanwhile waits, two seconds at most: so a test stands in the gap."""
    name = f"held-{secrets.token_hex(4)}"
    statement = f"set application_name = '{name}'; begin; lock table {', '.join(tables)} in share mode; select pg_sleep(60)"
    where = ["--host", house.postgres.sockets, "--port", str(house.postgres.tcp_port or 5432)]
    command = [tools() / "psql", *where, "--username=postgres", "--dbname=praxis", "--no-psqlrc", "--command", statement]
    holder = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    granted = (
        "select count(*) from pg_locks l join pg_stat_activity a using (pid) "
        f"where a.application_name = '{name}' and l.mode = 'ShareLock' and l.granted and l.locktype = 'relation'"
    )
    try:
        until(lambda: psql(house, granted) == [[str(len(tables))]], what="the locks")
        yield
    finally:
        psql(house, f"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{name}'")
        holder.wait(10)


def number(house, of: str) -> int:
    return int(psql(house, f"select count(*) from {of}")[0][0])


def waiting_accounts(house) -> int:
    return number(house, "identity.account where confirmed_at is null")


def entries(house) -> int:
    return sum(number(house, table) for table in ENTRIES.values())


def copies(house, *names: str) -> list:
    return [service for name, service in house.services.items() if name.removesuffix("-2") in names]


@pytest.fixture
def applicants():
    """One of each kind, with the key under which their client would repeat the request."""
    return {kind: (BODIES[kind](), {"Idempotency-Key": secrets.token_hex(12)}) for kind in KINDS}


def send(url: str, kind: str, body: dict, headers: dict) -> int:
    """The status; 0 where there was no answer at all."""
    with Client(url) as client:
        try:
            return client.post(f"/api/v1/{kind}/register", json=body, headers=headers).status_code
        except httpx.HTTPError:
            return 0


def repeat(url: str, kind: str, body: dict, headers: dict) -> dict:
    """As a careful client does, until there is a clear answer."""

    def answered():
        with Client(url) as client:
            answer = client.post(f"/api/v1/{kind}/register", json=body, headers=headers)
        return answer if answer.status_code < 500 else None

    answer = until(answered, 40, "a clear answer")
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def assert_whole(house, url, mailbox, kind: str, body: dict, seconds: float) -> None:
    """They are mailed, can log in, and there is one entry for their one account that counts."""
    verification_token(mailbox, body["email"], seconds)
    with log_in(url, kind, body["email"]) as own:
        account = own.user["account_id"]
    assert number(house, f"{ENTRIES[kind]} where account_id = '{account}'") == 1


def test_registry_killed_between_account_and_entry_leaves_nothing_that_blocks(house, url, mailbox, applicants):
    waiting, before = waiting_accounts(house), entries(house)
    with ThreadPoolExecutor(2) as pool:
        with held(house, "registry.provider", "registry.patient"):
            sent = [pool.submit(send, url, kind, *applicants[kind]) for kind in KINDS]
            until(lambda: waiting_accounts(house) == waiting + 2, 1.8, "both accounts")
            for service in copies(house, "registry"):
                service.kill()
        assert not [one.result() for one in sent if one.result() == 201]
    assert entries(house) == before, "nothing was committed"
    for service in copies(house, "registry"):
        service.restart()
    for kind, (body, headers) in applicants.items():
        repeat(url, kind, body, headers)
        assert_whole(house, url, mailbox, kind, body, 30)
    # What broke off still waits, in nobody's way; identity asks about it and forgets it in an hour.
    assert waiting_accounts(house) == waiting + 2


def test_both_killed_between_entry_and_confirmation_lose_no_mail(house, url, mailbox, applicants):
    waiting, before = waiting_accounts(house), entries(house)
    both = copies(house, "identity", "registry")
    with ThreadPoolExecutor(2) as pool:
        with held(house, "registry.provider", "registry.patient"):
            sent = [pool.submit(send, url, kind, *applicants[kind]) for kind in KINDS]
            until(lambda: waiting_accounts(house) == waiting + 2, 1.8, "both accounts")
            for service in copies(house, "identity"):
                os.kill(service.pid, signal.SIGSTOP)
        # Registry has committed and asks an identity that hangs.
        until(lambda: entries(house) == before + 2, 2.5, "both entries")
        for service in both:
            service.kill()
        [one.result() for one in sent]
    assert waiting_accounts(house) == waiting + 2, "nothing was confirmed"
    for service in both:
        service.start()
    for service in both:
        service.wait()
    for kind, (body, headers) in applicants.items():
        # The key finds the first answer: what was committed is not done again.
        repeat(url, kind, body, headers)
    for kind, (body, _) in applicants.items():
        assert_whole(house, url, mailbox, kind, body, 120)
    assert entries(house) == before + 2 and waiting_accounts(house) == waiting
