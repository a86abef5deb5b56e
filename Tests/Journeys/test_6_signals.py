"""What an operator does to processes that run, and what they say while they wait."""

import json
import os
import re
import resource
import signal
import socket
import ssl
import subprocess

import pytest

from house.certificates import issue
from house.child import Child
from house.house import BINARIES
from house.operator import operator_of
from house.waiting import until

SERVICES = ["gateway", "identity", "registry", "scheduling", "records", "notifier"]


def lines(process, message: str) -> list[dict]:
    found = [json.loads(line) for line in process.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in found if line["message"] == message]


@pytest.mark.parametrize("name", SERVICES)
def test_a_hang_up_ends_no_process(house, name):
    service = house.services[name]
    before = len(lines(service, "the log level was read again"))
    os.kill(service.pid, signal.SIGHUP)
    until(lambda: len(lines(service, "the log level was read again")) > before, what="the log level")
    assert service.is_alive and service.is_ready


def test_a_hang_up_reads_certificate_and_log_level_again_and_keeps_what_is_broken(house, tmp_path):
    for number in ("first", "second"):
        issue(tmp_path / number)
    used, level = tmp_path / "used.pem", tmp_path / "level"
    used.write_bytes((tmp_path / "first/server.pem").read_bytes())
    level.write_text("info\n")
    files = {"TLS_CERTIFICATE_FILE": str(used), "TLS_KEY_FILE": str(used), "LOG_LEVEL_FILE": str(level)}
    gateway = house.add_gateway("gateway-hang-up", **files)
    try:
        gateway.start()
        gateway.wait()

        def shown() -> bytes:
            return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", gateway.instance.port)))

        first = shown()
        used.write_bytes((tmp_path / "second/server.pem").read_bytes())
        level.write_text("error\n")
        os.kill(gateway.pid, signal.SIGHUP)
        second = until(lambda: (now := shown()) != first and now, what="the second certificate")
        used.write_text("no certificate")
        os.kill(gateway.pid, signal.SIGHUP)
        said = "the certificate could not be read again, the old one stays"
        until(lambda: lines(gateway, said), what="the refusal of a broken file")
        assert shown() == second and gateway.is_ready
        # At level error no second reading of the level is told.
        assert len(lines(gateway, "the log level was read again")) <= 1
    finally:
        gateway.stop()
        del house.services["gateway-hang-up"]


def test_a_process_out_of_descriptors_says_so_and_answers_who_waits_when_it_has_one(house):
    gateway = house.add_gateway("gateway-full")
    try:
        gateway.start()
        gateway.wait()
        limits = resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE)
        # Fewer than it has open; of none at all, not even poll() would look at one.
        resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        with socket.create_connection(("127.0.0.1", gateway.instance.port), 20) as waiting:
            waiting.sendall(b"GET /api/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            said = until(lambda: lines(gateway, "connections are refused"), what="the reason")
            assert [line["reason"] for line in said] == ["the system has no descriptor or memory for another, which waits"]
            resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE, limits)
            assert waiting.recv(1000).startswith(b"HTTP/1.1 404 ")
        text = gateway.ops("/metrics").text
        counted = re.search(r'^praxis_connections_refused_total\{reason="system"\} (\d+)$', text, re.MULTILINE)
        assert counted and int(counted[1]) > 0
    finally:
        gateway.stop()
        del house.services["gateway-full"]


def test_a_start_that_waits_for_the_database_says_why(house):
    ports = {"REGISTRY_PORT": str(house.ports.take()), "REGISTRY_OPS_PORT": str(house.ports.take())}
    nobody = {"REGISTRY_DATABASE_URL": house.postgres.url("praxis", "nobody_of_that_name")}
    environment = house.services["registry"].environment | ports | nobody
    waiting = Child("registry-waits", [BINARIES / "registry"], house.folders.log / "registry-waits.log", environment)
    try:
        waiting.start()
        line = until(lambda: lines(waiting, "the database lets nobody in yet"), what="the reason")[0]
        assert line["sqlstate"] == "28000" and line["reason"] and waiting.is_alive
    finally:
        assert waiting.stop() == 0


def test_the_doctor_knows_why_a_database_lets_nobody_in(house):
    options = operator_of(house)
    options["env"] |= {"REGISTRY_DATABASE_URL": house.postgres.url("no_such_database", "registry")}
    done = subprocess.run([BINARIES / "praxis", "doctor"], **options)
    assert done.returncode == 69
    assert "to no_such_database: there is no database of that name (SQLSTATE 3D000)." in done.stdout


def test_tokens_for_operators_count_no_login(house, newcomer):
    """There is no gateway at that address: nothing of this could have been counted."""
    person = newcomer()
    options = operator_of(house)
    options["env"] |= {"GATEWAY_URL": "http://127.0.0.1:1", "PRAXIS_PASSWORD": person.password}
    for _ in range(12):
        done = subprocess.run([BINARIES / "praxis", "token", person.user["username"]], **options)
        assert done.returncode == 0 and done.stdout.count(".") == 2, done.stderr


def test_the_command_line_tells_version_state_and_settings(house):
    options = operator_of(house)

    def praxis(*words: str, code: int = 0) -> str:
        done = subprocess.run([BINARIES / "praxis", *words], **options)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout

    assert praxis("version").startswith("praxis ")
    states = json.loads(praxis("status", "-o", "json"))
    assert {state["service"]: state["state"] for state in states} == dict.fromkeys(SERVICES, "ready")
    shown = praxis("config", "show", "registry")
    assert "SECRET_KEY=•••" in shown and "LOG_FORMAT=json (environment)" in shown
    assert "audit verify" in praxis("audit", code=64)
    assert praxis("config", "check").count("usable") == 6
    options["env"] = options["env"] | {"REGISTRY_PROGRAM": str(BINARIES / "registry"), "LOG_LEVEL": "loud"}
    assert 'LOG_LEVEL must be debug, info, warning or error, and is "loud"' in praxis("config", "check", "registry", code=78)
