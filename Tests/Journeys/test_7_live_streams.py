"""Do streams hold when their readers are slow, and when a gateway or notifier stops in the middle of events?"""

import re
import socket
import time

import pytest

from house.background import Background
from house.people import register
from house.streams import PATH, stream_of, tell
from house.waiting import until

# Events at a time, bytes of each; as many as all buffers on the way can hold, and more.
BURST, BYTES, MOST = 200, 1_000, 30_000


@pytest.fixture
def person(url):
    with register(url) as found:
        yield found


def ended(house, reason: str) -> float:
    """How many streams notifier has ended for that reason."""
    text = house.services["notifier"].ops("/metrics").text
    mark = f'praxis_live_streams_ended_total{{reason="{reason}"}} '
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(mark))


class SlowReader:
    """Opens a stream, and takes nothing of it until it is asked to."""

    def __init__(self, person):
        host, port = str(person.base_url).removeprefix("http://").rstrip("/").split(":")
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(20)
        self.socket.connect((host, int(port)))
        token = person.tokens["access"]
        self.socket.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        self.text = b""
        while b"event: ready" not in self.text:
            self.text += self.socket.recv(1024)

    def rest(self) -> bytes:
        """What still comes, to the end of the connection."""
        try:
            while part := self.socket.recv(65_536):
                self.text += part
        except ConnectionResetError:
            pass
        return self.text


def test_a_reader_that_takes_nothing_is_closed_resumes_and_harms_nobody(house, person, newcomer):
    gateway, other = house.services["gateway"], newcomer()
    slow, before, memory, told = SlowReader(person), ended(house, "slow"), gateway.resident_bytes, 0
    with stream_of(person) as quick, stream_of(other) as beside:
        first = int(quick.first().id)
        while ended(house, "slow") == before:
            assert told < MOST, "what is not taken is kept without an end"
            tell(house, [person], count=BURST, size=BYTES)
            asked, seen = time.monotonic(), len(beside.happened) + 1
            tell(house, [other])
            until(lambda: len(beside.happened) >= seen, 5, "an event of somebody else")
            assert time.monotonic() - asked < 1
            told += BURST
            until(lambda: len(quick.numbers) == told, 5, "all events at a reader that takes them")
        assert quick.numbers == list(range(first + 1, first + told + 1))
    assert ended(house, "slow") == before + 1
    # Of all that it did not take, little is kept for it.
    assert gateway.resident_bytes - memory < 12_000_000
    text = slow.rest()
    assert not text.endswith(b"0\r\n\r\n"), "a stream that was cut looks whole"
    # A chunk's bounds may stand in the middle of a line.
    seen = [int(number) for number in re.findall(rb"^id: (\d+)\n", text, re.M)]
    last = seen[-2]  # the last one may not be whole
    with stream_of(person, last=str(last)) as stream:
        until(lambda: len(stream.numbers) == first + told - last, 30, "what the slow reader has missed")
        assert stream.numbers == list(range(last + 1, first + told + 1))


class Telling(Background):
    """Events for some people, one after the other, from two writers."""

    def __init__(self, house, people: list):
        self.house, self.people, self.told = house, people, 0
        super().__init__(self.work, range(2))

    def work(self, _: int) -> None:
        while not self.stopping.is_set():
            tell(self.house, self.people)
            time.sleep(0.02)


def begin(person) -> int:
    with stream_of(person) as stream:
        return int(stream.first().id)


@pytest.mark.parametrize("name", ["gateway-2", "notifier"])
def test_a_process_that_stops_says_bye_to_its_streams_and_nothing_is_lost(house, url, other_url, newcomer, name):
    people = [newcomer() for _ in range(4)]
    firsts = [begin(person) for person in people]
    streams = [stream_of(person, other_url) for person in people]
    stopping = house.services[name]
    with Telling(house, people):
        until(lambda: all(len(stream.happened) > 5 for stream in streams), what="events on each stream")
        stopping.ask_to_stop()
        assert [stream.bye() for stream in streams] == ["shutdown"] * len(streams)
        assert all(stream.is_whole for stream in streams)
        if name == "notifier":
            assert stopping.process.wait(25) == 0
            stopping.restart()
        lasts = [stream.happened[-1].id for stream in streams]
        resumed = [resume(person, url, last) for person, last in zip(people, lasts)]
        until(lambda: all(len(stream.happened) > 5 for stream in resumed), what="events on each resumed stream")
    if name != "notifier":
        assert stopping.process.wait(25) == 0
        stopping.restart()
    for person, first, before, after in zip(people, firsts, streams, resumed):
        with stream_of(person) as now:
            end = int(now.first().id)
        until(lambda after=after, end=end: after.numbers[-1] == end, what="the last event")
        assert before.numbers + after.numbers == list(range(first + 1, end + 1))
        before.close()
        after.close()


def resume(person, url: str, last: str):
    """As a browser does: again, until it is let in."""
    return until(lambda: stream_if_open(person, url, last), 30, "a stream that goes on")


def stream_if_open(person, url: str, last: str):
    try:
        return stream_of(person, url, last)
    except AssertionError:
        return None
