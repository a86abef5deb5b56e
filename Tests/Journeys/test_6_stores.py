"""Does a process know what it is connected to, and say so: a standby, a pooler, a replica, a Sentinel?"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from postgres import as_database_user, tools

from house.child import Child
from house.house import BINARIES
from house.services import ServiceProcess
from house.stores import redis_cli
from house.waiting import until


@pytest.fixture
def folder(house):
    """Short, since sockets are in it, and the database user's."""
    made = Path(tempfile.mkdtemp(prefix="pxs-", dir="/tmp"))
    if house.database_owner is not None:
        os.chown(made, house.database_owner.pw_uid, house.database_owner.pw_gid)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def pgbouncer(house, folder: Path, mode: str, ignoring: str):
    (folder / "ini").write_text(
        f"[databases]\n* = host={house.postgres.sockets} port=5432 user=registry\n[pgbouncer]\nlisten_addr =\n"
        f"listen_port = 6543\nunix_socket_dir = {folder}\nauth_type = any\npool_mode = {mode}\n"
        f"ignore_startup_parameters = {ignoring}\n"
    )
    rights = as_database_user()
    pooler = Child("pgbouncer", ["/usr/sbin/pgbouncer", "-q", folder / "ini"], folder / "log", **rights)
    (folder / "log").touch()
    pooler.start()
    try:
        until(lambda: (folder / ".s.PGSQL.6543").exists(), 10, "pgbouncer")
        yield f"postgresql:///praxis?host={folder}&port=6543&user=registry"
    finally:
        pooler.end(signal.SIGKILL, 10)


@contextmanager
def standby(house, folder: Path):
    copy = folder / "data"
    made = subprocess.run(
        [tools() / "pg_basebackup", "-h", house.postgres.sockets, "-U", "postgres", "-D", copy, "-R", "-X", "stream"]
        + ["--checkpoint=fast", "--no-sync"],
        capture_output=True,
        text=True,
        cwd="/",
        **as_database_user(),
    )
    assert made.returncode == 0, made.stderr
    command = [word.replace(str(house.postgres.data), str(copy)) for word in house.postgres.arguments]
    command = [word for word in command if "unix_socket_directories" not in word]
    command.append(f"--unix_socket_directories={folder}")
    server = Child("standby", command, folder / "log", polite=signal.SIGINT, **as_database_user())
    server.start()
    try:
        until(lambda: (folder / ".s.PGSQL.5432").exists(), 20, "the standby")
        yield f"postgresql:///praxis?host={folder}&port=5432&user=registry"
    finally:
        server.end(signal.SIGINT, 20)


def another_registry(house, folder: Path, **settings: str) -> ServiceProcess:
    """One more registry beside the house's, told other things."""
    model = house.services["registry"].instance
    place = type(model)(model.service, 9, house.ports.take(), house.ports.take())
    ports = {"REGISTRY_PORT": str(place.port), "REGISTRY_OPS_PORT": str(place.ops_port)}
    environment = house.services["registry"].environment | ports | settings
    return ServiceProcess(place, BINARIES / "registry", environment, folder / "registry.log")


@pytest.mark.parametrize("mode, ignoring", [("transaction", "options"), ("transaction", "extra_float_digits")])
def test_behind_a_pooler_in_transaction_mode_a_process_ends_with_78(house, folder, mode, ignoring):
    with pgbouncer(house, folder, mode, ignoring) as url:
        for words in ([], ["migrate"]):
            for migrates in ("true", "false"):
                changed = {"REGISTRY_DATABASE_URL": url, "MIGRATE_ON_START": migrates}
                done = subprocess.run(
                    [BINARIES / "registry", *words],
                    env=house.services["registry"].environment | changed,
                    capture_output=True,
                    text=True,
                    timeout=20,
                )
                assert done.returncode == 78, (done.returncode, done.stderr[-800:])
                assert "pooler" in done.stderr + done.stdout


@pytest.mark.parametrize("migrates", ["true", "false"])
def test_on_a_standby_a_process_is_not_ready_and_says_why(house, folder, migrates):
    with standby(house, folder) as url:
        registry = another_registry(house, folder, REGISTRY_DATABASE_URL=url, MIGRATE_ON_START=migrates)
        registry.start()
        try:
            until(lambda: "standby" in registry.last_words, 20, "a line that says why")
            answer = registry.ops("/readyz?verbose")
            assert answer.status_code == 503 and "standby" in answer.text, answer.text
            assert registry.is_alive and registry.ops("/livez").status_code == 200
        finally:
            registry.stop()


def test_a_demoted_redis_is_told_by_every_process_and_used_again_when_it_is_the_primary(house, person):
    redis_cli(house, "replicaof", "127.0.0.1", "1")
    try:
        for name in ("gateway", "identity", "registry", "notifier"):
            until(lambda: "replica" in house.services[name].ops("/readyz?verbose").text, 10, f"{name} to notice")
            assert '"degraded"' in house.services[name].ops("/readyz").text
        person.patient()
    finally:
        redis_cli(house, "replicaof", "no", "one")
    for name in ("gateway", "identity", "registry", "notifier"):
        until(lambda: '"ready"' in house.services[name].ops("/readyz").text, 10, f"{name} to be ready")


def test_at_a_sentinel_a_process_is_not_simply_ready(house, folder):
    conf = folder / "sentinel.conf"
    conf.write_text(f"port 0\nunixsocket {folder}/s.sock\ndir {folder}\n")
    sentinel = Child("sentinel", ["/usr/bin/redis-server", conf, "--sentinel"], folder / "sentinel.log")
    sentinel.start()
    try:
        until(lambda: (folder / "s.sock").exists(), 10, "the Sentinel")
        registry = another_registry(house, folder, REDIS_URL=f"unix://{folder}/s.sock")
        registry.start()
        try:
            registry.wait()
            answer = registry.ops("/readyz?verbose")
            assert '"degraded"' in answer.text and "Sentinel" in answer.text
        finally:
            registry.stop()
    finally:
        sentinel.end(signal.SIGTERM, 10)
