"""Is each event one number of a stream, one inbox message, one mail and one webhook id, whatever dies on its way?

An event is recorded with what it is about, relayed to Redis, handled by notifier in one transaction, and posted by it.
"""

import itertools
import os
import shutil
import signal
import threading

import pytest

from house.calendar import at
from house.people import Client
from house.receiver import Receiver
from house.registrants import enrol, log_in
from house.stores import psql, redis_cli
from house.waiting import until
from test_1_seed_004_appointments import book

EVENT = "appointment.requested"
DAYS = itertools.count(3)
# The rows that one event must make, each by a statement about the event `e.event_id`.
ROWS = {
    "numbers of the stream": "notifier.live_event l where l.event_id = e.event_id and l.account_id = h.account_id",
    "inbox messages": "notifier.inbox_message m where m.event_id = e.event_id and m.account_id = h.account_id",
    "mails": "notifier.delivery m where m.event_id = e.event_id and m.account_id = h.account_id",
    "webhook ids": "notifier.hook_delivery d where d.event_id = e.event_id and d.owner_account = h.account_id",
}


class Told:
    """What the hospital was told of the visits that were asked for."""

    def __init__(self, house, hospital, patient, receiver):
        self.house, self.hospital, self.patient, self.receiver = house, hospital, patient, receiver
        self.visits: list[str] = []

    def ask(self) -> str:
        """A visit on a day that the patient has no other."""
        self.visits.append(book(self.patient, self.hospital, requested_time=at(next(DAYS)))["id"])
        return self.visits[-1]

    def rows(self, visits: list[str]) -> list[list[str]]:
        counts = ", ".join(f"(select count(*) from {rows})" for rows in ROWS.values())
        named = ", ".join(f"'{visit}'" for visit in visits)
        return psql(
            self.house,
            f"""select {counts} from scheduling.outbox e join notifier.hospital_account h
                on h.hospital_id = '{self.hospital.entry["hospital_id"]}'
                where e.type = 'scheduling.appointment_requested.v1' and e.subject in ({named})""",
        )

    def posted(self, visit: str) -> set[str]:
        """The ids that the receiver had the visit's event by."""
        return {one["id"] for one in self.receiver.verified() if one["data"]["appointment_id"] == visit}

    def wait_for(self, visit: str) -> None:
        def is_told():
            # A try that died with its process is taken up when its lease is over; the test does not wait for that.
            psql(
                self.house,
                "update notifier.hook_delivery set next_attempt_at = now(), leased_until = null"
                " where state = 'waiting' and leased_until < now() + interval '40 s'",
            )
            return all(count != "0" for row in self.rows([visit]) for count in row) and self.posted(visit)

        until(is_told, 30, f"what {visit} is told by")


@pytest.fixture(scope="module")
def told(house, url, hospital):
    receiver = Receiver(house.ports.take())
    hook = receiver.hook(hospital, events=[EVENT])
    with Client(url) as anyone, log_in(url, "patient", enrol(anyone, "patient")["email"]) as patient:
        yield Told(house, hospital, patient, receiver)
    hospital.expect(200, "DELETE", f"/api/webhooks/{hook['id']}")
    receiver.stop()


class Blocked:
    """Notifier gets as far as the stream's rows, and waits there."""

    def __init__(self, house):
        self.house = house

    def __enter__(self) -> "Blocked":
        lock = "begin; lock table notifier.live_event in exclusive mode; select pg_sleep(60)"
        # Its end by force is no failure.
        self.thread = threading.Thread(
            target=self.house.postgres.run_tool, args=("psql", "--dbname", "praxis", "--command", lock), daemon=True
        )
        self.thread.start()
        until(lambda: self.sessions("query like '%pg_sleep(60)%' and state = 'active'"), what="the lock")
        return self

    def sessions(self, those: str) -> list[list[str]]:
        return psql(self.house, f"select pid from pg_stat_activity where pid <> pg_backend_pid() and {those}")

    def wait(self) -> None:
        until(lambda: self.sessions("wait_event_type = 'Lock' and query like '%live_event%'"), what="notifier's wait")

    def release(self) -> None:
        for row in self.sessions("query like '%pg_sleep(60)%'"):
            psql(self.house, f"select pg_terminate_backend({row[0]})")
        self.thread.join(20)

    def __exit__(self, *_) -> None:
        self.release()


def between_commit_and_relay(house, told) -> str:
    """Nothing can be relayed, and whoever recorded it dies."""
    house.stores["redis"].kill()
    visit = told.ask()
    for name in ("scheduling", "scheduling-2"):
        house.services[name].kill()
    house.restart_store("redis")
    for name in ("scheduling", "scheduling-2"):
        house.services[name].restart()
    return visit


def before_it_is_read(house, told) -> str:
    house.services["notifier"].kill()
    visit = told.ask()
    house.services["notifier"].restart()
    return visit


def while_it_is_handled(house, told) -> str:
    with Blocked(house) as handling:
        visit = told.ask()
        handling.wait()
        house.services["notifier"].kill()
    house.services["notifier"].restart()
    return visit


def between_commit_and_acknowledgement(house, told) -> str:
    """Redis hangs while notifier commits: the entry is pending when notifier dies, and is read again."""
    redis = house.stores["redis"].pid
    with Blocked(house) as handling:
        visit = told.ask()
        handling.wait()
        os.kill(redis, signal.SIGSTOP)
    try:
        until(lambda: told.rows([visit])[0][0] == "1", what="notifier's commit")
        house.services["notifier"].kill()
    finally:
        os.kill(redis, signal.SIGCONT)
    house.services["notifier"].restart()
    return visit


def while_it_is_posted(house, told) -> str:
    """The receiver has it, and notifier dies before it hears so."""
    seen = len(told.receiver.requests)
    told.receiver.free.clear()
    try:
        visit = told.ask()
        until(lambda: len(told.receiver.requests) > seen, what="the event at the receiver")
        house.services["notifier"].kill()
    finally:
        told.receiver.free.set()
    psql(house, "update notifier.hook_delivery set next_attempt_at = now(), leased_until = null where state = 'waiting'")
    house.services["notifier"].restart()
    until(lambda: len(told.receiver.requests) > seen + 1, what="the same event again")
    return visit


def redis_dies(house, told) -> str:
    visit = told.ask()
    house.stores["redis"].kill()
    house.restart_store("redis")
    return visit


def redis_is_emptied(house, told) -> str:
    visit = told.ask()
    told.wait_for(visit)
    redis_cli(house, "flushall")
    return visit


def redis_is_rolled_back(house, told) -> str:
    """It comes back as it was before the event, and after others."""
    redis, copy = house.stores["redis"], house.redis.folder.with_name("redis-before")
    redis.kill()
    shutil.copytree(house.redis.folder, copy)
    house.restart_store("redis")
    visit = told.ask()
    told.wait_for(visit)
    redis.kill()
    shutil.rmtree(house.redis.folder)
    copy.rename(house.redis.folder)
    house.restart_store("redis")
    return visit


def postgresql_dies(house, told) -> str:
    visit = told.ask()
    house.stores["postgres"].kill()
    house.restart_store("postgres")
    for name in ("identity", "scheduling", "scheduling-2", "registry", "notifier", "gateway"):
        house.services[name].wait(20)
    return visit


STEPS = [
    between_commit_and_relay,
    before_it_is_read,
    while_it_is_handled,
    between_commit_and_acknowledgement,
    while_it_is_posted,
    redis_dies,
    redis_is_emptied,
    redis_is_rolled_back,
    postgresql_dies,
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_an_event_is_told_once(house, told, step):
    visit = step(house, told)
    told.wait_for(visit)
    # Behind what was told again, if anything was.
    after = told.ask()
    told.wait_for(after)
    assert told.rows([visit, after]) == [["1"] * len(ROWS)] * 2, list(ROWS)
    assert len(told.posted(visit)) == 1


def test_at_the_end_all_was_told_once_and_the_numbers_have_no_gap(house, told):
    assert told.rows(told.visits) == [["1"] * len(ROWS)] * len(told.visits), list(ROWS)
    assert {visit: len(told.posted(visit)) for visit in told.visits} == dict.fromkeys(told.visits, 1)
    numbers = psql(
        house,
        f"""select seq from notifier.live_event where account_id = (select account_id from notifier.hospital_account
            where hospital_id = '{told.hospital.entry["hospital_id"]}') order by seq""",
    )
    assert [int(seq) for (seq,) in numbers] == list(range(1, len(numbers) + 1))
