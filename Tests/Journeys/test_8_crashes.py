"""Is anything acknowledged lost, or anything committed not told, when something dies in the middle of writing?"""

import threading
import time

import httpx
import pytest

from house.people import Client, register
from house.raw import send
from house.stores import psql, redis_cli
from house.waiting import until
from house.writers import Writers


@pytest.fixture(scope="module")
def writer(url):
    with register(url) as found:
        yield found


@pytest.fixture
def writing(house, url, other_url, writer, mailbox):
    """Writes go on while a test breaks something; afterwards everything acknowledged must be there, and told once."""
    with Writers([url, other_url], writer) as writers:
        until(lambda: writers.acknowledged >= 10, what="the first writes")
        yield writers
        went_on = writers.acknowledged
        until(lambda: writers.acknowledged >= went_on + 10, 40, "writing after the heal")
    assert writers.unexpected == []
    assert_all_there(writer, writers)
    assert_all_told(house, mailbox, writers)


def assert_all_there(writer, writers: Writers) -> None:
    found, path = {}, "/api/patients?cursor=&page_size=100"
    while path:
        page = writer.expect(200, "GET", path).json()
        found |= {patient["id"]: patient["first_name"] for patient in page["data"]}
        path = page["next"]
    assert {key: found.get(key) for key in writers.patients} == writers.patients
    names = list(found.values())
    assert not [name for name in writers.patients.values() if names.count(name) > 1], "a keyed write was done twice"


def assert_all_told(house, mailbox, writers: Writers) -> None:
    """Each registration is an event; its effect is one welcome mail."""

    def missing():
        return [email for email in writers.accounts if not mailbox.to(email)]

    # A mail that was just being sent by a notifier that died is tried again when its lease of 45 seconds is over.
    until(lambda: not missing(), 75, "a welcome mail for every registration")
    for email in writers.accounts:
        ids = [message["Message-ID"] for message in mailbox.to(email)]
        assert len(ids) == 1, f"{len(ids)} mails to one address, with {len(set(ids))} ids"
    unsent = "select count(*) from identity.outbox where stream_ms is null"
    until(lambda: psql(house, unsent) == [["0"]], 20, "an outbox without unsent rows")


def assert_unchanged_mail(mailbox, before: dict) -> None:
    after = {str(message["To"]): message["Message-ID"] for message in mailbox.messages()}
    assert {to: after.get(to) for to in before} == before


@pytest.mark.parametrize(
    "name", ["identity", "registry", "notifier", "gateway-2", "scheduling", "records", "registry-2", "identity-2"]
)
def test_kill_9_of_a_service_loses_nothing(house, writing, name):
    house.services[name].kill()
    time.sleep(0.7)
    house.services[name].restart()


def test_kill_9_of_all_services_at_once_loses_nothing(house, writing):
    for service in house.services.values():
        service.kill()
    house.start_services()


def test_kill_9_of_redis_loses_nothing_and_refuses_no_write(house, writing):
    house.stores["redis"].kill()
    during = writing.acknowledged
    until(lambda: writing.acknowledged >= during + 10, 20, "writing without Redis")
    house.restart_store("redis")


def test_an_emptied_redis_gets_every_event_again(house, writing, mailbox):
    redis_cli(house, "flushall")
    time.sleep(0.5)
    redis_cli(house, "flushall")


def test_a_redis_that_starts_with_nothing_gets_every_event_again(house, writing):
    import shutil

    house.stores["redis"].kill()
    shutil.rmtree(house.redis.folder)
    house.redis.create()
    time.sleep(1)
    house.restart_store("redis")


def test_a_redis_that_hangs_holds_nobody_up(house, writing, writer):
    import os
    import signal

    os.kill(house.stores["redis"].pid, signal.SIGSTOP)
    try:
        during = writing.acknowledged
        until(lambda: writing.acknowledged >= during + 10, 20, "writing while Redis hangs")
        started = time.monotonic()
        writer.expect(200, "GET", "/api/auth/me")
        assert time.monotonic() - started < 3
    finally:
        os.kill(house.stores["redis"].pid, signal.SIGCONT)


def test_kill_9_of_postgresql_loses_nothing(house, writing, anyone):
    postmaster = house.stores["postgres"]
    postmaster.kill()
    until(
        lambda: anyone.post("/api/auth/login", json={"email": "a@example.com", "password": "x"}).status_code == 503,
        what="a 503",
    )
    assert anyone.get("/.well-known/jwks.json").status_code == 200
    assert anyone.get("/api/v1/health").status_code in (200, 503)
    until(
        lambda: house.services["registry"].ops("/readyz").status_code == 503,
        what="a registry that says it is not ready",
    )
    assert house.services["registry"].ops("/livez").status_code == 200
    time.sleep(0.5)  # its children notice that it is gone
    house.restart_store("postgres")
    for name in ("identity", "registry", "notifier", "gateway"):
        house.services[name].wait(20)


def test_broken_database_connections_are_replaced(house, writing):
    for _ in range(3):
        psql(
            house,
            "select pg_terminate_backend(pid) from pg_stat_activity where usename in ('identity', 'registry')",
        )
        time.sleep(0.3)


def test_with_identity_down_valid_tokens_go_on(house, writer, url):
    """Scenario 26."""
    both = [house.services["identity"], house.services["identity-2"]]
    for one in both:
        one.kill()
    try:
        writer.expect(200, "GET", "/api/patients")
        writer.patient()
        with Client(url) as anyone:
            answer = anyone.expect(503, "POST", "/api/auth/login", json={"email": "a@example.com", "password": "x"})
            assert answer.headers["Retry-After"] and answer.json()["code"] == "service_unavailable"
    finally:
        for one in both:
            one.start()
        for one in both:
            one.wait()


def test_while_redis_is_down_reads_writes_and_logins_work_and_events_follow(house, url, writer, mailbox):
    """Scenario 25."""
    house.stores["redis"].kill()
    try:
        writer.expect(200, "GET", "/api/patients")
        writer.patient()
        newcomer = register(url)
        with Client(url) as anyone:
            anyone.expect(
                200, "POST", "/api/auth/login", json={"email": newcomer.user["email"], "password": newcomer.password}
            )
    finally:
        house.restart_store("redis")
    until(lambda: len(mailbox.to(newcomer.user["email"])) == 1, 30, "the welcome mail of the outage")


def test_a_logout_during_the_outage_of_redis_still_counts(house, url, other_url, newcomer):
    account = newcomer()
    elsewhere = account.at(other_url)
    elsewhere.expect(200, "GET", "/api/auth/me")
    house.stores["redis"].kill()
    try:
        account.expect(200, "POST", "/api/auth/logout", json={"refresh": account.tokens["refresh"]})
        until(
            lambda: elsewhere.get("/api/auth/me").status_code in (401, 503), 5, "the end of the session without Redis"
        )
    finally:
        house.restart_store("redis")
    until(lambda: elsewhere.get("/api/auth/me").status_code == 401, 5, "the end of the session after Redis is back")


class Reader:
    """Asks all the time and counts what was not answered as it should be."""

    def __init__(self, url: str, writer):
        self.failed, self.answered, self.done = [], 0, threading.Event()
        self.thread = threading.Thread(target=self.read, args=(url, writer), daemon=True)

    def read(self, url: str, writer) -> None:
        with writer.at(url) as person:
            number = 0
            while not self.done.is_set():
                number += 1
                try:
                    if number % 2:
                        answer = person.get("/api/patients?page_size=1")
                    else:
                        answer = person.post("/api/patients", json={"first_name": "Rolling", "last_name": "Restart"})
                    self.answered += 1
                    if answer.status_code not in (200, 201):
                        self.failed.append((answer.status_code, answer.text[:200]))
                except httpx.HTTPError as error:
                    self.failed.append(repr(error))

    def __enter__(self) -> "Reader":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.done.set()
        self.thread.join(30)


@pytest.mark.parametrize("service", ["registry", "identity"])
def test_a_rolling_restart_fails_no_request(house, url, writer, service):
    """Scenario 27, with SIGTERM: two replicas, one after the other, unkeyed writes among the reads."""
    with Reader(url, writer) as one, Reader(url, writer) as two:
        for name in (service, f"{service}-2"):
            until(lambda: one.answered > 20, what="answers")
            assert house.services[name].stop() == 0
            house.services[name].restart()
            seen = one.answered
            until(lambda seen=seen: one.answered > seen + 20, what="answers")
    assert one.failed + two.failed == []


def test_a_gateway_that_is_asked_to_stop_finishes_what_it_began(house, writer):
    gateway = house.services["gateway-2"]
    with writer.at(gateway.url) as person:
        person.expect(200, "GET", "/api/patients")
        body = b'{"first_name": "Last", "last_name": "Word"}'
        head = (
            f"POST /api/patients HTTP/1.1\r\nHost: localhost\r\nAuthorization: {person.headers['Authorization']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        answers = []
        slow = threading.Thread(
            target=lambda: answers.append(send(gateway.instance.port, head + body, pieces=len(head) + 4, pause=0.8))
        )
        slow.start()
        time.sleep(0.4)
        assert gateway.stop() == 0
        slow.join()
    assert answers[0].statuses == [201]
    gateway.restart()


def test_work_is_spread_over_both_registries(house, writer):
    def served(name: str) -> float:
        lines = house.services[name].ops("/metrics").text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("praxis_http_requests_total"))

    before = {name: served(name) for name in ("registry", "registry-2")}
    for _ in range(40):
        writer.expect(200, "GET", "/api/patients?page_size=1")
    assert all(served(name) >= before[name] + 5 for name in before)


def test_everything_is_well_at_the_end(house, mailbox, url):
    for service in house.services.values():
        assert service.is_alive and service.is_ready
    newcomer = register(url)
    until(lambda: len(mailbox.to(newcomer.user["email"])) == 1, 20, "the welcome mail")
