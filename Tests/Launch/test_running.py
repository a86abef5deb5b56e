"""From nothing to running to nothing. The tests of this file run in their order and share one set-up."""

import itertools
import json
import os
import signal
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


def until(true, seconds=15):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)


def pids(setup, mark):
    return [pid for pid, command in setup.processes().items() if mark in command]


def test_up_starts_everything_and_shows_a_curl_with_its_answer(setup):
    done = setup.launch("up")
    assert done.returncode == 0, done.stderr
    assert "[5/6] waiting until ready" in done.stdout
    port = setup.environment["GATEWAY_PORT"]
    assert f"$ curl -s http://localhost:{port}/api/v1/health\n{{\"name\": \"gateway\"" in done.stdout
    assert setup.launch("status").returncode == 0


def test_a_second_up_restarts_nothing_and_takes_no_time(setup):
    before, started = setup.processes(), time.monotonic()
    assert setup.launch("up").returncode == 0
    assert setup.processes() == before
    assert time.monotonic() - started < 3


def test_a_service_gets_its_own_secrets_and_no_other_ones(setup):
    given = setup.ask("registry", "/environment")
    with open(given["PRINCIPAL_KEYS_FILE"]) as file:
        pairs = [line.partition("=")[0] for line in file.read().splitlines()]
    assert "gateway>registry" in pairs and all("registry" in pair.split(">") for pair in pairs)
    assert "PASSWORD_PEPPER_FILE" not in given and "PASSWORD_PEPPER_FILE" in setup.ask("identity", "/environment")
    assert all(path.stat().st_mode & 0o077 == 0 for path in (setup.var / "secrets").iterdir())


def test_both_sides_of_a_pair_hold_the_same_key(setup):
    def keys(name):
        return set(open(setup.ask(name, "/environment")["PRINCIPAL_KEYS_FILE"]).read().splitlines())
    assert {line.partition("=")[0] for line in keys("gateway") & keys("registry")} == {"gateway>registry"}


def test_a_changed_setting_restarts_the_services_with_it(setup):
    before = setup.ask("identity")["pid"]
    assert setup.launch("up", RATE_LIMIT_LOGIN="7/1h, \"odd\" 'value' # %s $x").returncode == 0
    assert setup.ask("identity", "/environment")["RATE_LIMIT_LOGIN"] == "7/1h, \"odd\" 'value' # %s $x"
    assert setup.ask("identity")["pid"] != before


def test_scale_adds_copies_and_tells_the_gateway(setup):
    assert setup.launch("scale", "registry=2").returncode == 0
    base = int(setup.environment["REGISTRY_PORT"])
    assert setup.ask("registry", "/environment", step=10)["PRAXIS_INSTANCE"] == "registry-2"
    assert setup.ask("gateway", "/environment")["REGISTRY_URL"] == f"http://127.0.0.1:{base},http://127.0.0.1:{base + 10}"
    assert setup.launch("scale", "registry=1").returncode == 0
    assert setup.ask("gateway", "/environment")["REGISTRY_URL"] == f"http://127.0.0.1:{base}"
    assert not pids(setup, "registry-2")


@contextmanager
def asking_all_the_time(setup, *names):
    """Asks the services in turn while the block runs; gives the pids that answered, and who refused a connection.

    A connection may still be lost between a stand-in's last look into its queue and its end: a service's own queue is
    tested in the journeys. An answer that was begun comes whole, or the test fails.
    """
    answered, refused, done = [], [], threading.Event()

    def ask_until_done():
        for name in itertools.cycle(names):
            if done.is_set():
                return
            try:
                answered.append(setup.ask(name)["pid"])
            except urllib.error.URLError as error:
                refused.extend([(name, error.reason)] if isinstance(error.reason, ConnectionRefusedError) else [])
            except ConnectionError:
                pass

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_until_done)
        try:
            yield answered, refused
        finally:
            done.set()
    asking.result()


def test_a_change_of_scale_refuses_no_request(setup):
    with asking_all_the_time(setup, "gateway") as (answered, refused):
        for count in ("2", "1"):
            assert setup.launch("scale", f"notifier={count}").returncode == 0
    assert not refused and len(set(answered)) >= 3
    assert not pids(setup, "gateway-10")


def test_a_changed_setting_refuses_no_request_of_any_service(setup):
    names = ("gateway", "identity", "registry", "scheduling", "records", "notifier")
    before = {name: setup.ask(name)["pid"] for name in names}
    with asking_all_the_time(setup, *names) as (_, refused):
        assert setup.launch("up", LOG_LEVEL="debug").returncode == 0
    assert not refused
    assert all(setup.ask(name)["pid"] != before[name] for name in names)
    assert [name for name in names if setup.is_standing_in(name)] == []


def test_nonsense_is_refused_with_a_sentence(setup):
    assert "There is no service 'registr'" in setup.launch("scale", "registr=2").stderr
    assert "between 1 and 9" in setup.launch("scale", "registry=0").stderr


def test_what_is_killed_comes_back(setup):
    for mark in ("/registry", "redis-server", "/postgres -D"):
        old = pids(setup, mark)
        assert old, mark
        os.kill(old[0], signal.SIGKILL)
        until(lambda: pids(setup, mark) and old[0] not in pids(setup, mark))
    until(lambda: setup.launch("status").returncode == 0)


def test_a_service_that_does_not_start_is_named_with_its_last_words(setup):
    """A stand-in is tried first, so what runs goes on; its lines are told once, however often it was started."""
    before = setup.ask("records")["pid"]
    done = setup.launch("up", PRAXIS_FAKE_REFUSES="records")
    assert done.returncode == 69
    assert "records-10 starts and ends again at once" in done.stderr
    assert done.stderr.count("the fake was told to refuse") == 1
    assert setup.ask("records")["pid"] == before
    assert setup.launch("status").returncode == 0


def test_what_a_failed_start_left_behind_is_in_nobodys_way(setup):
    """A launcher that is killed halfway leaves stand-ins at the services' own ports."""
    launcher = setup.start("up", READY_SECONDS="30", PRAXIS_FAKE_SLOW="gateway", LOG_LEVEL="debug")
    until(lambda: setup.is_standing_in("gateway"))
    launcher.kill()
    launcher.wait()
    status = setup.launch("status")
    assert "Traceback" not in status.stderr and "gateway-10" in status.stdout
    os.kill(pids(setup, "/gateway")[0], signal.SIGKILL)
    done = setup.launch("up")
    assert done.returncode == 0, done.stderr
    assert "gateway-10" not in setup.launch("status").stdout


def test_wrong_settings_of_all_services_are_told_at_once_and_nothing_is_touched(setup):
    before = setup.processes()
    shared, own = "LOG_LEVEL must be debug, and is \"loud\"", "OTP_LENGTH must be a whole number"
    done = setup.launch("up", PRAXIS_FAKE_FAULTS=json.dumps({"identity": [shared, own], "registry": [shared]}))
    assert done.returncode == 78
    assert f"  - {shared} (identity, registry)\n  - {own} (identity)" in done.stderr
    assert setup.processes() == before


def test_a_name_near_a_settings_name_is_warned_of(setup):
    done = setup.launch("up", RATE_LIMIT_LOGN="7/1h", CORS_ALLOWED_ORIGIN="http://a")
    assert "note: RATE_LIMIT_LOGN is no setting of Praxis and changes nothing; RATE_LIMIT_LOGIN is one." in done.stdout
    assert "CORS_ALLOWED_ORIGINS is one" in done.stdout


def test_a_pinned_address_beside_copies_is_said_in_one_line(setup):
    base = int(setup.environment["REGISTRY_PORT"])
    pinned = {"REGISTRY_URL": f"http://127.0.0.1:{base}"}
    done = setup.launch("scale", "registry=2", **pinned)
    line = f"note: REGISTRY_URL is set, so callers know 1 of 2 copies of registry: unset it, or make it {pinned['REGISTRY_URL']},"
    assert sum(line in said for said in done.stdout.splitlines()) == 1
    assert "note: REGISTRY_URL" not in setup.launch("scale", "registry=1", **pinned).stdout


def test_a_dump_is_put_back_as_it_was(setup):
    def psql(statement):
        return setup.psql(statement).stdout.strip()

    psql("create table registry.kept (n int); insert into registry.kept values (7)")
    path = setup.var / "praxis.dump"
    assert setup.launch("dump", str(path)).returncode == 0
    assert path.stat().st_mode & 0o077 == 0
    psql("update registry.kept set n = 8")
    done = setup.launch("restore", str(path))
    assert done.returncode == 0, done.stderr
    assert psql("select n from registry.kept") == "7"
    assert setup.launch("up").returncode == 0 and setup.launch("status").returncode == 0
    assert setup.launch("dump").returncode == 64 and setup.launch("restore", "/nowhere").returncode == 64


def test_down_leaves_no_process_and_no_socket(setup):
    sockets = (setup.var / "sockets").resolve()
    assert setup.launch("down").stdout == "stopped\n"
    assert setup.processes() == {} and not sockets.exists()
    assert setup.launch("down").stdout == "nothing was running\n"
