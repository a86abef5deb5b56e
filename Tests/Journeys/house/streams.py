"""A stream of events as a browser reads it, from the side of whoever looks at what came."""

import json
import socket
import threading
import time
from dataclasses import dataclass

import httpx

from .house import House
from .stores import psql
from .waiting import until

PATH = "/api/events"


@dataclass
class Event:
    at: float  # time.monotonic() when its last line was read
    id: str | None = None
    name: str = "message"
    data: dict | None = None


class Stream:
    """Reads in a thread of its own until it is over, or closed."""

    def __init__(self, url: str, token: str | None = None, last: str | None = None, **params: str):
        headers = {"Accept": "text/event-stream"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Last-Event-ID": last} if last is not None else {}
        self.events: list[Event] = []
        self.comments: list[str] = []
        self.retry: str | None = None
        self.is_whole = False  # it ended as an answer ends, and was not cut
        self.is_over = threading.Event()
        self.ended_at = 0.0
        self.client = httpx.Client(base_url=url, trust_env=False, timeout=httpx.Timeout(20, read=40))
        request = self.client.build_request("GET", PATH, headers=headers, params=params)
        self.answer = self.client.send(request, stream=True)
        self.status = self.answer.status_code
        self.headers = self.answer.headers
        if self.status != 200:
            self.answer.read()
            self.is_over.set()
        else:
            self.socket = self.answer.extensions["network_stream"].get_extra_info("socket")
            threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        event = Event(0)
        try:
            for line in self.answer.iter_lines():
                event = self.take(line, event)
            self.is_whole = True
        except (httpx.HTTPError, OSError):
            pass
        self.ended_at = time.monotonic()
        self.is_over.set()

    def take(self, line: str, event: Event) -> Event:
        field, _, value = line.partition(": ")
        if not line:
            if event.data is not None:
                event.at = time.monotonic()
                self.events.append(event)
            return Event(0)
        if line.startswith(":"):
            self.comments.append(line)
        elif field == "id":
            event.id = value
        elif field == "event":
            event.name = value
        elif field == "data":
            event.data = json.loads(value)
        elif field == "retry":
            self.retry = value
        return event

    def close(self) -> None:
        if self.status == 200 and not self.is_over.is_set():
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            assert self.is_over.wait(10)
        self.answer.close()
        self.client.close()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    # What came

    @property
    def happened(self) -> list[Event]:
        """Without what is said of the stream itself."""
        return [one for one in self.events if "." in one.name]

    @property
    def numbers(self) -> list[int]:
        return [int(one.id) for one in self.happened]

    def of(self, subject: str) -> list[Event]:
        return [one for one in self.happened if one.data["subject"] == subject]

    def wait_for(self, subject: str, name: str, seconds: float = 15) -> Event:
        def found():
            return next((one for one in self.of(subject) if one.name == name), None)

        return until(found, seconds, f"{name} of {subject}, having {[one.name for one in self.events]}")

    def first(self) -> Event:
        return until(lambda: self.events and self.events[0], what="the stream's first event")

    def bye(self, seconds: float = 15) -> str:
        """Why it ended."""
        assert self.is_over.wait(seconds), f"the stream goes on: {[one.name for one in self.events]}"
        last = self.events[-1]
        assert last.name == "bye", f"it ended without a word, after {last.name}"
        return last.data["reason"]


def stream_of(person, url: str | None = None, last: str | None = None, **params: str) -> Stream:
    """A stream of somebody who is signed in."""
    stream = Stream(url or str(person.base_url), person.tokens["access"], last, **params)
    assert stream.status == 200, stream.answer.text
    return stream


def ticket_of(person) -> str:
    return person.expect(200, "POST", f"{PATH}/ticket").json()["data"]["ticket"]


def tell(house: House, people: list, name: str = "test.told", count: int = 1, size: int = 0) -> None:
    """So many events for all of them, of `size` bytes and a few each, as notifier's transactions write them."""
    ids = ", ".join(f"'{person.user['id']}'" for person in people)
    psql(
        house,
        f"""
        with numbered as (
            insert into notifier.live_cursor select id, {count} from unnest(array[{ids}]::uuid[]) id order by id
            on conflict (account_id) do update set last = notifier.live_cursor.last + {count}
            returning account_id, last
        ), made as (
            select number, gen_random_uuid() as event, json_build_object('pad', repeat('a', {size})) as body
            from generate_series(1, {count}) number
        ), kept as (
            insert into notifier.live_event select account_id, last - {count} + number, event, '{name}', body, now()
            from numbered, made returning account_id
        ), part as (
            select account_id::text as id, (row_number() over () - 1) / 200 as number
            from (select distinct account_id from kept) told
        )
        select pg_notify('live_notifier', string_agg(id, ',')) from part group by number
        """,
    )
