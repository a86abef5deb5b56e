"""Idle streams of events: what each costs gateway and notifier; how long one event to many accounts takes, and a
confirmation to another browser."""

import os
import selectors
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Journeys"))

from house.admins import administrator  # noqa: E402
from house.hospitals import approved_hospital, by_username, department, make_doctor  # noqa: E402
from house.house import BUILD, House  # noqa: E402
from house.people import Client, register  # noqa: E402
from house.prescriptions import agreed_visit, in_days  # noqa: E402
from house.registrants import enrol, log_in  # noqa: E402
from house.streams import stream_of, tell  # noqa: E402

PER_ACCOUNT = 5
SIDES = ("gateway", "notifier")
REST = 30  # seconds over which processor time at rest is taken: two pings a stream
CONFIRMATIONS = 200
GOAL = 20 * 1024


def opened(url: str, token: str) -> socket.socket:
    """A stream that has said where it begins."""
    host, port = url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    head = f"GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    connection.sendall(head.encode())
    text = b""
    while b"event: ready" not in text:
        part = connection.recv(4096)
        assert part, text
        text += part
    return connection


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reached(streams: list[socket.socket], begin: float) -> list[float]:
    """Seconds until each stream had the event."""
    times, texts = [], {stream: b"" for stream in streams}
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            stream.setblocking(False)
            selector.register(stream, selectors.EVENT_READ)
        while len(times) < len(streams):
            found = selector.select(timeout=30)
            assert found, f"{len(times)} of {len(streams)} streams had it"
            for key, _ in found:
                texts[key.fileobj] += key.fileobj.recv(65_536)
                if b"benchmark.told" in texts[key.fileobj]:
                    times.append(time.monotonic() - begin)
                    selector.unregister(key.fileobj)
    return times


def confirmations(house: House) -> float:
    """Seconds from a confirmation's answer to the front desk until the patient's browser has it, beside all other streams."""
    url, delays = house.services["gateway"].url, []
    with administrator(house, url) as admin, approved_hospital(url, admin) as hospital, Client(url) as anyone:
        made = make_doctor(hospital, department(hospital))
        jane = log_in(url, "patient", enrol(anyone, "patient")["email"])
        with jane, by_username(url, made["username"], made["password"]) as doctor, stream_of(jane) as stream:
            doctor.entry = made
            for number in range(CONFIRMATIONS):
                visit = agreed_visit(jane, hospital, doctor, in_days(3 + number // 8, 9 + number % 8))
                agreed = time.monotonic()
                delays.append(max(stream.wait_for(visit, "appointment.confirmed").at - agreed, 0))
    delays.sort()
    p95 = delays[int(len(delays) * 0.95)]
    print(f"{len(delays)} confirmations seen by another browser: p50 {delays[len(delays) // 2]:.3f} s, p95 {p95:.3f} s")
    return p95


def measure(house: House, count: int) -> int:
    url = house.services["gateway"].url
    with ThreadPoolExecutor(16) as pool:
        people = list(pool.map(lambda _: register(url), range(max(count // PER_ACCOUNT, 1))))
        opened(url, people[0].tokens["access"]).close()
        before = {name: house.services[name].resident_bytes for name in SIDES}
        streams = list(pool.map(lambda one: opened(url, one.tokens["access"]), people * PER_ACCOUNT))
    each = {name: (house.services[name].resident_bytes - before[name]) / len(streams) for name in SIDES}
    spent = {name: processor_seconds(house.services[name].pid) for name in SIDES}
    time.sleep(REST)
    print(f"{len(streams)} idle streams of {len(people)} accounts, {BUILD} build, load {os.getloadavg()[0]:.1f}")
    for name in SIDES:
        share = (processor_seconds(house.services[name].pid) - spent[name]) / REST
        settled = (house.services[name].resident_bytes - before[name]) / len(streams)
        print(f"{name}: {each[name] / 1024:.1f} KiB a stream, {settled / 1024:.1f} after pings; {share:.1%} of a core at rest")
    begin = time.monotonic()
    tell(house, people, "benchmark.told")
    times = sorted(reached(streams, begin))
    print(f"one event to {len(people)} accounts: the last of {len(times)} streams had it after {times[-1]:.2f} s")
    p95 = confirmations(house)
    for stream in streams:
        stream.close()
    return 0 if max(each.values()) < GOAL and times[-1] < 1 and p95 < 1 else 1


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    house = House({}, "streams", TRUSTED_PROXIES="127.0.0.1")
    try:
        house.start()
        return measure(house, count)
    finally:
        house.stop()


sys.exit(main())
