"""Is what somebody was told done seen in the very next answer, whatever service gives it?"""

import re

import pytest

from house.registrants import enrol, log_in, verification_token
from house.stores import psql, redis_cli
from house.waiting import until

LEASE = "praxis:lease:registry:identity"
CODE = re.compile(r"^(\d{6}) is your Praxis code", re.M)


@pytest.fixture(scope="module")
def deaf_registry(house):
    """Registry hears no stream: somebody else holds the lease of its consumer."""

    def idle() -> bool:
        redis_cli(house, "set", LEASE, "nobody", "px", "600000")
        words = redis_cli(house, "xinfo", "consumers", "praxis:events:identity", "registry").splitlines()
        times = [int(value) for name, value in zip(words, words[1:]) if name == "idle"]
        return all(milliseconds > 2500 for milliseconds in times)

    until(idle, 30, "a consumer that reads no more")
    yield
    redis_cli(house, "del", LEASE)

    def caught_up() -> bool:
        words = redis_cli(house, "xinfo", "groups", "praxis:events:identity").splitlines()
        at = words.index("registry")
        return words[words.index("lag", at) + 1] == "0" and words[words.index("pending", at) + 1] == "0"

    until(caught_up, 60, "registry to have heard all")


def unheard(house, subject: str) -> int:
    """How many of identity's events about an account no stream has brought to registry."""
    words = redis_cli(house, "xinfo", "groups", "praxis:events:identity").splitlines()
    last = words[words.index("last-delivered-id", words.index("registry")) + 1]
    milliseconds, sequence = last.split("-")
    told = (
        f"select count(*) from identity.outbox where subject = '{subject}' and (stream_ms is null"
        f" or (stream_ms, stream_seq) > ({milliseconds}, {sequence}))"
    )
    return int(psql(house, told)[0][0])


def phone_code(house, phone: str) -> str:
    def found():
        texts = [path.read_text() for path in sorted(house.folders.var.glob("sms/*.txt"))]
        mine = [CODE.search(text) for text in texts if f"To: {phone}\n" in text]
        return mine and mine[-1]

    return until(found, 30, "the text").group(1)


def account_of(house, kind: str, made: dict) -> str:
    table = "provider" if kind == "provider" else "patient_registration"
    row = f"select account_id from registry.{table} where {kind}_id = '{made[kind + '_id']}'"
    return psql(house, row)[0][0]


@pytest.mark.parametrize("kind", ["provider", "patient"])
def test_a_proven_email_is_in_the_next_answer(house, anyone, admin, mailbox, deaf_registry, kind):
    made = enrol(anyone, kind)
    path = f"/api/v1/{'provider' if kind == 'provider' else 'patient/profile'}/{made[kind + '_id']}"
    before = admin.expect(200, "GET", path)
    assert before.json()["data"]["email_verified"] is False
    token = verification_token(mailbox, made["email"])
    anyone.expect(200, "POST", f"/api/v1/{kind}/verify-email", json={"token": token})
    after = admin.expect(200, "GET", path)
    assert after.json()["data"]["email_verified"] is True and after.headers["ETag"] != before.headers["ETag"]
    assert unheard(house, account_of(house, kind, made)) > 0


def test_a_proven_phone_is_in_the_next_answer(house, anyone, url, deaf_registry):
    made = enrol(anyone, "patient")
    path = f"/api/v1/patient/profile/{made['patient_id']}"
    with log_in(url, "patient", made["email"]) as own:
        own.expect(200, "POST", "/api/v1/patient/verify-phone/request")
        code = phone_code(house, made["phone_number"])
        assert own.expect(200, "GET", path).json()["data"]["phone_verified"] is False
        own.expect(200, "POST", "/api/v1/patient/verify-phone", json={"code": code})
        assert own.expect(200, "GET", path).json()["data"]["phone_verified"] is True


@pytest.mark.parametrize("kind", ["provider", "patient"])
def test_who_is_shut_out_and_let_in_is_so_in_the_next_answer(house, anyone, admin, deaf_registry, kind):
    made = enrol(anyone, kind)
    account = account_of(house, kind, made)
    path = f"/api/v1/{'provider' if kind == 'provider' else 'patient/profile'}/{made[kind + '_id']}"
    for active in (False, True, False, True, False):
        admin.expect(200, "PATCH", f"/api/admin/users/{account}", json={"is_active": active})
        assert admin.expect(200, "GET", path).json()["data"]["is_active"] is active
        if kind == "provider":
            anyone.expect(200 if active else 404, "GET", path)
            listed = admin.expect(200, "GET", "/api/admin/providers").json()["data"]
            assert [one["is_active"] for one in listed if one["id"] == made["provider_id"]] == [active]
    assert unheard(house, account) >= 5


def test_what_the_stream_brings_afterwards_changes_nothing(house, anyone, admin, deaf_registry):
    """The stream is heard again, and brings all of the above in its own time."""
    kinds = ("provider", "patient")
    made = {kind: enrol(anyone, kind) for kind in kinds}
    paths = {
        "provider": f"/api/v1/provider/{made['provider']['provider_id']}",
        "patient": f"/api/v1/patient/profile/{made['patient']['patient_id']}",
    }
    for kind in kinds:
        for active in (False, True, False):
            account = account_of(house, kind, made[kind])
            admin.expect(200, "PATCH", f"/api/admin/users/{account}", json={"is_active": active})
    before = {kind: admin.expect(200, "GET", path) for kind, path in paths.items()}
    redis_cli(house, "del", LEASE)
    until(lambda: all(unheard(house, account_of(house, kind, made[kind])) == 0 for kind in kinds), 60, "the stream")
    kept = "('email_verified', 'phone_verified', 'account_activated', 'account_deactivated')"
    heard = f"o.subject = '{{}}' and split_part(o.type, '.', 2) in {kept}"
    handled = f"select count(*) from registry.handled h join identity.outbox o using (event_id) where {heard}"
    for kind in kinds:
        account = account_of(house, kind, made[kind])
        told = psql(house, f"select count(*) from identity.outbox o where {heard.format(account)}")
        until(lambda: psql(house, handled.format(account)) == told, 30, "all to be handled")
        after = admin.expect(200, "GET", paths[kind])
        assert after.json()["data"] == before[kind].json()["data"]
        assert after.headers["ETag"] == before[kind].headers["ETag"]
