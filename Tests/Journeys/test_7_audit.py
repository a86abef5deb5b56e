"""Is who did what kept so that nobody changes it unseen, not even with all rights in the database? (Scenario 19)"""

import json
import os
import secrets
import subprocess
from contextlib import contextmanager

import pytest

from house.house import BINARIES
from house.operator import WITH_TABLES, everything_is_sealed, operator_of, verify
from house.people import PASSWORD, Client, Person, fresh_email
from house.stores import psql
from house.waiting import until


@pytest.fixture(scope="module")
def admin(house, url):
    name, email = f"auditor_{secrets.token_hex(4)}", fresh_email("auditor")
    subprocess.run(
        [BINARIES / "identity", "create-admin", name, email, "Audit Admin"],
        env=house.services["identity"].environment | {"PRAXIS_ADMIN_PASSWORD": PASSWORD},
        check=True,
        cwd="/",
        capture_output=True,
        timeout=30,
    )
    with Client(url) as anyone:
        answer = anyone.expect(200, "POST", "/api/auth/login", json={"username": name, "password": PASSWORD})
    with Person(url, answer.json()["data"]) as found:
        yield found


def test_what_is_done_has_its_line_and_is_sealed_within_a_second(house, admin, person, anyone):
    anyone.expect(401, "POST", "/api/auth/login", json={"email": person.user["email"], "password": "Wrong-Word-1"})
    patient = person.patient()
    entry = {"service": "registry", "actor": person.user["id"], "action": "patient.created"}

    def sealed():
        found = admin.expect(200, "GET", "/api/admin/audit", params=entry).json()["data"]
        mine = [line for line in found if line["subject"] == f"patient/{patient['id']}"]
        return mine[0] if mine and mine[0]["batch"] else None

    line = until(sealed, 3, "the seal on a patient's line")
    assert line["actor_role"] == "staff" and line["service"] == "registry" and line["request_id"]
    assert line["address"] == "127.0.0.1"
    failed = admin.expect(200, "GET", "/api/admin/audit", params={"action": "login.failed"}).json()["data"]
    assert failed and failed[0]["actor_id"] is None and failed[0]["subject"] is None


def test_reading_the_trail_is_itself_a_line_and_nobody_else_may(admin, person):
    admin.expect(200, "GET", "/api/admin/audit", params={"service": "notifier"})
    mine = {"action": "audit.read", "actor": admin.user["id"], "role": "admin"}
    lines = admin.expect(200, "GET", "/api/admin/audit", params=mine).json()["data"]
    assert lines[0]["subject"] == "audit/notifier"
    person.expect(403, "GET", "/api/admin/audit")
    wrong = admin.expect(400, "GET", "/api/admin/audit", params={"service": "gateway", "role": "king", "from": "x"})
    assert set(wrong.json()["errors"]) == {"service", "role", "from"}


def test_the_trail_of_another_service_is_walked_by_its_cursor(admin, person):
    patients = {person.patient()["id"] for _ in range(5)}
    found, path = [], "/api/admin/audit?service=registry&action=patient.created&page_size=2&cursor="
    while path and len(found) < 200:
        page = admin.expect(200, "GET", path).json()
        found += page["data"]
        path = page["next"]
    assert patients <= {line["subject"].removeprefix("patient/") for line in found}
    assert len({line["id"] for line in found}) == len(found)


def test_without_a_service_all_trails_are_one_list_the_newest_first(admin, person, anyone):
    patients = [person.patient()["id"] for _ in range(3)]
    anyone.expect(401, "POST", "/api/auth/login", json={"email": person.user["email"], "password": "Wrong-Word-1"})
    found, path, pages = [], "/api/admin/audit?page_size=5", 0
    while path and pages < 8:
        page = admin.expect(200, "GET", path).json()
        assert page["incomplete"] == []
        found, path, pages = found + page["data"], page["next"], pages + 1
    assert {"identity", "registry"} <= {line["service"] for line in found}
    assert [line["at"] for line in found] == sorted((line["at"] for line in found), reverse=True)
    assert len({(line["service"], line["id"]) for line in found}) == len(found)
    assert {f"patient/{patient}" for patient in patients} <= {line["subject"] for line in found}


def test_every_trail_is_whole(house, admin):
    until(lambda: everything_is_sealed(house), 5, "the seal on everything")
    reports = verify(house)
    assert set(reports) == set(WITH_TABLES) and all(report["whole"] for report in reports.values())
    assert reports["identity"]["entries"] > 0 and reports["identity"]["filed_heads"] > 0


@contextmanager
def tampered(house, do: str, undo: str):
    psql(house, f"begin; set local search_path to identity; {do}; commit")
    try:
        yield
    finally:
        psql(house, f"begin; set local search_path to identity; {undo}; commit")


def an_entry(house) -> int:
    """One in the middle of identity's sealed trail."""
    rows = psql(house, "select entry_ids[1] from identity.audit_batch order by batch_number offset 1 limit 1")
    return int(rows[0][0])


def named(house) -> tuple[str, int | None]:
    broken = verify(house, "identity", code=1)["identity"]["broken"]
    return broken["kind"], broken.get("entry")


def test_an_edited_row_is_named(house, admin):
    until(lambda: everything_is_sealed(house), 5, "the seal on everything")
    entry = an_entry(house)
    do = f"create table kept as table audit_entry; update audit_entry set actor_id = null, action = 'x' where entry_id = {entry}"
    undo = f"""update audit_entry as e set actor_id = k.actor_id, action = k.action from kept as k
        where e.entry_id = k.entry_id and e.entry_id = {entry}; drop table kept"""
    with tampered(house, do, undo):
        assert named(house) == ("changed", entry)
    assert verify(house, "identity")["identity"]["whole"]


def test_a_deleted_row_is_named(house):
    entry = an_entry(house)
    do = f"create table kept as select * from audit_entry where entry_id = {entry}; delete from audit_entry where entry_id = {entry}"
    undo = "insert into audit_entry overriding system value select * from kept; drop table kept"
    with tampered(house, do, undo):
        assert named(house) == ("missing", entry)
    assert verify(house, "identity")["identity"]["whole"]


def test_an_invented_row_is_named(house):
    do = """with made as (insert into audit_entry (at, action, mark)
        select at, 'account.deactivated', mark from audit_entry where mark is not null limit 1 returning entry_id)
        insert into audit_unsealed select entry_id from made"""
    undo = "delete from audit_entry where action = 'account.deactivated' and request_id is null"
    with tampered(house, do, undo):
        until(lambda: everything_is_sealed(house), 5, "the refusal to seal it")
        kind, entry = named(house)
        assert kind == "inserted" and entry
    assert verify(house, "identity")["identity"]["whole"]


def test_a_tail_cut_off_with_all_that_tells_of_it_is_shown_by_the_file(house, admin):
    # Whoever stops signs; the other copy goes on.
    house.services["identity-2"].stop()
    house.services["identity-2"].restart()
    heads = (house.folders.var / "audit" / "identity.heads").read_text().splitlines()
    assert heads and all(line.count(".") == 2 for line in heads)
    do = """create table kept_batches as table audit_batch; create table kept_entries as table audit_entry;
        create table kept_heads as table audit_checkpoint;
        delete from audit_entry where entry_id in (
            select unnest(entry_ids) from audit_batch where batch_number > 1);
        delete from audit_batch where batch_number > 1; delete from audit_checkpoint where batch_number > 1"""
    undo = """insert into audit_batch select * from kept_batches where batch_number > 1;
        insert into audit_checkpoint select * from kept_heads where batch_number > 1;
        insert into audit_entry overriding system value
            select * from kept_entries where entry_id not in (select entry_id from audit_entry);
        drop table kept_batches, kept_entries, kept_heads"""
    with tampered(house, do, undo):
        assert named(house)[0] == "truncated"
    assert verify(house, "identity")["identity"]["whole"]


def test_kill_9_of_every_process_leaves_the_trails_whole(house, person):
    for _ in range(5):
        person.patient()
        for name in ("registry", "registry-2"):
            if house.services[name].is_alive:
                house.services[name].kill()
        house.start_services()
    until(lambda: everything_is_sealed(house), 10, "the seal on everything")
    assert verify(house, "registry")["registry"]["whole"]


def test_anyone_verifies_a_head_with_the_published_key(house):
    import jwt

    done = subprocess.run(
        [BINARIES / "praxis", "audit", "key", "identity"], check=True, **operator_of(house)
    )
    key = jwt.PyJWK(json.loads(done.stdout)["keys"][0])
    heads = house.folders.var / "audit" / "identity.heads"
    claims = jwt.decode(heads.read_text().splitlines()[-1], key.key, algorithms=["ES256"])
    assert claims["service"] == "identity" and claims["batch"] > 0 and len(claims["hash"]) == 64
    assert os.stat(heads).st_mode & 0o077 == 0


def test_words_it_does_not_know_are_refused(house):
    for words in (["verify", "gateway"], ["verify", "--force"], ["key"]):
        done = subprocess.run([BINARIES / "praxis", "audit", *words], **operator_of(house))
        assert done.returncode == 64 and done.stderr, (words, done)


def test_master_keys_are_wrapped_anew_by_each_service_while_it_runs(house):
    done = subprocess.run([BINARIES / "praxis", "keys", "rotate", "--master"], **operator_of(house))
    assert done.returncode == 0, done
    said = [line for line in done.stdout.splitlines() if ": " in line]
    for service in ("identity", "registry", "scheduling", "records", "notifier"):
        assert f"{service}:" in done.stdout.splitlines() + done.stderr.splitlines()
    assert sum(line.startswith("audit_key.wrapped_key: ") for line in said) == 5
    assert all("0 wrapped anew" in line and "OPEN" not in line for line in said)
