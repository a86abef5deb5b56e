"""Is every request that could be read in two ways refused, on every port, and nothing hidden behind it served?"""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.raw import listen, send
from house.smuggling import POISON, refused

PORTS = ["gateway", "identity", "registry", "scheduling", "records", "notifier"]
CREATE = "POST /api/patients HTTP/1.1\r\nHost: localhost\r\n"
HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("is_ops", [False, True], ids=["", "ops"])
def test_the_smuggling_list_is_refused(house, name, is_ops):
    instance = house.services[name].instance
    port = instance.ops_port if is_ops else instance.port

    def verdict(case):
        status, data = case
        answer = send(port, data)
        if b"chunked\r\n\r\n" in data and answer.statuses in ([401], [405]):
            status = answer.statuses[0]  # a good head was refused already; its body is never read, and all is closed
        return (
            None
            if answer.statuses == [status] and answer.is_closed
            else (data[:120], status, answer.statuses, answer.is_closed)
        )

    # Behind the gateway heads may be longer: they carry what it adds.
    cases = [case for case in refused() if is_ops or name == "gateway" or case[0] != 431]
    with ThreadPoolExecutor(16) as pool:
        wrong = [found for found in pool.map(verdict, cases) if found]
    assert not wrong, f"{len(wrong)} of {len(cases)}: {wrong[:10]}"


def test_clients_that_break_their_bodies_off_put_no_service_out_of_reach(house, person):
    port = house.services["gateway"].instance.port
    broken = f"{CREATE}Authorization: {person.headers['Authorization']}\r\nContent-Type: application/json\r\n".encode()
    for _ in range(60):
        answer = send(port, broken + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX")
        assert answer.statuses == [400] and answer.is_closed
    person.expect(200, "GET", "/api/patients")


def test_bodies_of_methods_without_one_are_consumed_exactly(house):
    port = house.services["gateway"].instance.port
    for method in ("GET", "HEAD", "DELETE", "OPTIONS"):
        head = f"{method} /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(POISON)}\r\n\r\n"
        answer = send(port, (head + POISON).encode() + HEALTH.replace(b"Host", b"Connection: close\r\nHost"))
        assert len(answer.statuses) == 2 and answer.statuses[-1] == 200, (method, answer.received)


def test_a_hundred_pipelined_requests_are_answered_in_order(house):
    port = house.services["gateway"].instance.port
    ids = [f"pipelined-{number:03}" for number in range(100)]
    data = b"".join(HEALTH.replace(b"Host", f"X-Request-Id: {one}\r\nHost".encode()) for one in ids)
    answer = send(port, data + b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", patience=10)
    assert answer.statuses == [200] * 100 + [404]
    places = [answer.received.find(one.encode()) for one in ids]
    assert places == sorted(places) and -1 not in places


def test_a_good_request_before_a_bad_one_is_answered_then_the_connection_closed(house):
    port = house.services["gateway"].instance.port
    answer = send(port, HEALTH + b"GET / HTTP/1.1\r\nHost : x\r\n\r\n" + POISON.encode())
    assert answer.statuses == [200, 400] and answer.is_closed


@pytest.mark.parametrize("pieces", [1, 7])
def test_a_request_cut_anywhere_reads_the_same(house, person, pieces):
    token = person.headers["Authorization"]
    body = b'{"first_name": "Cut", "last_name": "Up"}'
    data = (
        (
            f"{CREATE}Authorization: {token}\r\nContent-Type: application/json\r\n"
            f"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{len(body):x}\r\n"
        ).encode()
        + body
        + b"\r\n0\r\n\r\n"
    )
    answer = send(house.services["gateway"].instance.port, data, pieces=pieces, pause=0.0005)
    assert answer.statuses == [201] and b'"full_name":"Cut Up"' in answer.received


def test_a_client_that_waits_for_continue_is_told_to_go_on(house, person):
    port, body = house.services["gateway"].instance.port, b'{"first_name": "Well", "last_name": "Come"}'
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(
            (
                f"{CREATE}Authorization: {person.headers['Authorization']}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n"
                "Connection: close\r\n\r\n"
            ).encode()
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert listen(connection, 5).statuses == [201]


def test_a_head_that_never_ends_is_closed_in_time_while_others_are_served(house, anyone):
    port = house.services["gateway"].instance.port
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    started, pending = time.monotonic(), set(slow)
    for connection in slow:
        connection.setblocking(False)
        connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    try:
        while pending and time.monotonic() - started < 13:
            anyone.expect(200, "GET", "/api/v1/health")
            for connection in list(pending):
                try:
                    connection.send(b"a")
                    if not connection.recv(4096):
                        pending.discard(connection)
                except BlockingIOError:
                    pass
                except OSError:
                    pending.discard(connection)
            time.sleep(0.4)
        assert not pending, f"{len(pending)} of 40 still open after 13 s"
    finally:
        for connection in slow:
            connection.close()


def test_a_length_that_is_too_long_is_refused_before_the_body(house, person):
    request = (
        f"{CREATE}Content-Type: application/json\r\nContent-Length: 9000000000000000000\r\n"
        f"Authorization: {person.headers['Authorization']}\r\n\r\n{{"
    )
    answer = send(house.services["gateway"].instance.port, request.encode())
    assert answer.statuses == [413] and answer.is_closed


def test_all_that_the_gateway_lets_through_reaches_its_service(house, person):
    """Many fields, a long name of the client, a long query: what is added on the way must not be too much."""
    port = house.services["gateway"].instance.port
    token = person.headers["Authorization"]
    heads = [
        "".join(f"X-{number}: y\r\n" for number in range(96)),
        f"User-Agent: {'a' * 8000}\r\n",
        f"X-Long: {'a' * 8000}\r\n",
    ]
    for head in heads:
        get = f"GET /api/patients HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\nConnection: close\r\n{head}\r\n"
        assert send(port, get.encode()).statuses == [200], head[:40]
    for length, status in [(3000, 200), (7000, 200), (9000, 414)]:
        target = f"/api/patients?ordering=created_at&{'x' * length}=1"
        answer = send(
            port, f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n".encode()
        )
        assert answer.statuses == [status], (length, answer.received[:200])
