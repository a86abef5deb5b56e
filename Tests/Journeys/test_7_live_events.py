"""Does everybody hear at once of what concerns them, each event once, and nobody of what concerns others?"""

import itertools
import time

import pytest

from house.admins import administrator
from house.calendar import at
from house.hospitals import approved_hospital, by_username, department, make_doctor
from house.people import PASSWORD, Client, register
from house.registrants import enrol, log_in
from house.streams import PATH, Stream, stream_of, ticket_of
from house.waiting import until
from test_1_seed_004_appointments import BOOK, assign, book

VISITS = 20
HOURS = itertools.count()
OUTSIDE = {"appointment_id", "hospital_id", "department_id", "doctor_id", "patient_id", "status", "start"}


@pytest.fixture(scope="module")
def people(house, url):
    """A hospital with a doctor, two patients, and another hospital."""
    with (
        administrator(house, url) as admin,
        approved_hospital(url, admin) as hospital,
        approved_hospital(url, admin) as elsewhere,
        Client(url) as anyone,
    ):
        made = make_doctor(hospital, department(hospital))
        jane, john = (log_in(url, "patient", enrol(anyone, "patient")["email"]) for _ in range(2))
        with jane, john, by_username(url, made["username"], made["password"]) as doctor:
            doctor.entry = made
            yield {
                "admin": admin,
                "hospital": hospital,
                "elsewhere": elsewhere,
                "doctor": doctor,
                "jane": jane,
                "john": john,
            }


@pytest.fixture
def streams(people):
    """A stream of each of them."""
    opened = {name: stream_of(person) for name, person in people.items()}
    yield opened
    for stream in opened.values():
        stream.close()


def agree(people) -> dict:
    """A visit that was asked for and agreed, each at an hour of its own."""
    hour = next(HOURS)
    visit = book(people["jane"], people["hospital"], requested_time=at(5 + hour // 8, 9 + hour % 8))
    assign(people["hospital"], visit, people["doctor"])
    return visit


def test_what_happens_in_one_browser_is_seen_in_the_others_at_once_and_by_nobody_else(people, streams):
    delays = []
    for _ in range(VISITS):
        visit = book(people["jane"], people["hospital"])
        asked = time.monotonic()
        delays.append(streams["hospital"].wait_for(visit["id"], "appointment.requested").at - asked)
        assign(people["hospital"], visit, people["doctor"])
        agreed = time.monotonic()
        for name in ("jane", "doctor"):
            delays.append(streams[name].wait_for(visit["id"], "appointment.confirmed").at - agreed)
        people["hospital"].expect(200, "PATCH", f"{BOOK}{visit['id']}/status", json={"status": "CANCELLED"})
        streams["jane"].wait_for(visit["id"], "appointment.cancelled")
    assert sorted(delays)[int(len(delays) * 0.95)] < 1
    for name in ("john", "elsewhere", "admin"):
        assert streams[name].happened == [], name
    for name in ("jane", "doctor", "hospital"):
        numbers = streams[name].numbers
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), name


def test_an_event_holds_ids_states_and_times(people, streams):
    visit = agree(people)
    event = streams["jane"].wait_for(visit["id"], "appointment.confirmed")
    assert set(event.data) == {"id", "type", "time", "subject", "data"}
    assert event.data["type"] == event.name and event.data["subject"] == visit["id"]
    assert set(event.data["data"]) <= OUTSIDE | {"former_doctor_id"}
    assert event.data["data"]["start"] == visit["start"] and event.data["data"]["status"] == "CONFIRMED"
    stream = streams["jane"]
    assert stream.retry == "3000" and stream.first().name == "ready" and int(stream.first().id) >= 0
    assert stream.headers["content-type"] == "text/event-stream" and stream.headers["cache-control"] == "no-store"
    assert stream.headers["x-accel-buffering"] == "no" and "content-encoding" not in stream.headers


def freed(stream: Stream) -> list[dict]:
    return [one.data["data"] for one in stream.happened if one.name == "slot.freed"]


def test_free_time_is_told_to_its_doctor_and_hospital_by_day_alone(people, streams):
    visit = agree(people)
    people["jane"].expect(200, "POST", f"{BOOK}{visit['id']}/cancel", json={"reason": "Better"})
    told = {"doctor_id": people["doctor"].entry["doctor_id"], "hospital_id": people["hospital"].entry["hospital_id"]}
    told |= {"day": visit["start"][:10]}
    for name in ("doctor", "hospital"):
        heard = streams[name]
        until(lambda heard=heard: told in freed(heard), what=f"free time on the stream of {name}")
    streams["jane"].wait_for(visit["id"], "appointment.cancelled")
    for name in ("jane", "john", "elsewhere", "admin"):
        assert freed(streams[name]) == [], name


def test_who_resumes_misses_nothing_and_sees_nothing_twice(people, url, other_url):
    jane = people["jane"]
    with stream_of(jane) as stream:
        last = stream.first().id
    seen, expected = [], []
    for number in range(12):
        expected.append(agree(people)["id"])
        # Cut at any moment: perhaps before anything was seen.
        gateway, ticket = (url, other_url)[number % 2], ticket_of(jane)
        ways = [
            lambda: stream_of(jane, gateway, last=last),
            lambda: stream_of(jane, gateway, last_event_id=last),
            lambda: Stream(gateway, ticket=ticket, last_event_id=last),
        ]
        with ways[number % 3]() as stream:
            if number % 4:
                stream.wait_for(expected[-1], "appointment.confirmed")
        seen += stream.happened
        last = seen[-1].id if seen else last
    with stream_of(jane, last=last) as stream:
        until(lambda: {one.data["subject"] for one in seen + stream.happened} == set(expected), what="all visits")
        seen += stream.happened
    numbers = [int(one.id) for one in seen]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@pytest.mark.parametrize("last", ["9223372036854775808", "-1", "text", "999999999"])
def test_what_cannot_be_resumed_is_said_and_the_stream_goes_on(people, last):
    with stream_of(people["jane"], last=last) as stream:
        first = stream.first()
        assert (first.name, first.data) == ("reset", {"reason": "unknown"})
        visit = agree(people)
        assert int(stream.wait_for(visit["id"], "appointment.requested").id) == int(first.id) + 1


def test_a_stream_wants_somebody_who_is_known(people, anyone, url):
    assert Stream(url).status == 401
    for ticket in ("", "x", "A" * 43, "A" * 300):
        assert Stream(url, ticket=ticket).status == 401
    anyone.expect(401, "POST", f"{PATH}/ticket")
    anyone.expect(401, "GET", "/api/notifications", params={"ticket": ticket_of(people["jane"])})


def test_a_ticket_opens_one_stream_at_a_time_again_and_again(people, url):
    answer = people["john"].expect(200, "POST", f"{PATH}/ticket").json()["data"]
    assert answer["expires_in"] == 70 * 60
    with Stream(url, ticket=answer["ticket"]) as first, Stream(url, ticket=answer["ticket"]) as second:
        assert first.bye() == "replaced"
        assert second.first().name == "ready" and not second.is_over.is_set()


def test_the_eleventh_stream_ends_the_oldest(newcomer, url):
    person = newcomer()
    opened = []
    try:
        for _ in range(11):
            opened.append(stream_of(person))
            opened[-1].first()
        assert opened[0].bye() == "replaced"
        assert not any(stream.is_over.is_set() for stream in opened[1:])
    finally:
        for stream in opened:
            stream.close()


def ends_within_a_second(stream: Stream, act) -> None:
    stream.first()
    act()
    done = time.monotonic()
    assert stream.bye() == "session_ended"
    assert stream.ended_at - done < 1


def test_a_stream_ends_with_its_session(people, newcomer, url):
    person = newcomer()
    refresh = {"refresh": person.tokens["refresh"]}
    with stream_of(person) as stream, Stream(url, ticket=ticket_of(person)) as ticketed:
        ends_within_a_second(stream, lambda: person.expect(200, "POST", "/api/auth/logout", json=refresh))
        assert ticketed.bye() == "session_ended"


def test_a_stream_ends_with_its_account(people, newcomer):
    person, admin = newcomer(), people["admin"]
    path = f"/api/admin/users/{person.user['id']}"
    with stream_of(person) as stream:
        ends_within_a_second(stream, lambda: admin.expect(200, "PATCH", path, json={"is_active": False}))


def test_a_new_password_ends_the_streams_of_other_sessions(newcomer, url):
    person = newcomer()
    with Client(url) as anyone:
        body = {"email": person.user["email"], "password": PASSWORD}
        other = anyone.expect(200, "POST", "/api/auth/login", json=body).json()["data"]["tokens"]["access"]
    with Stream(url, other) as stream:
        new = {"old_password": PASSWORD, "new_password": "Difference-Engine-1822"}
        new |= {"confirm_password": new["new_password"]}
        ends_within_a_second(stream, lambda: person.expect(200, "POST", "/api/accounts/change-password", json=new))


def test_the_gateway_and_notifier_tell_how_many_streams_there_are(house, newcomer):
    def open_streams() -> float:
        text = house.services["notifier"].ops("/metrics").text
        return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith("praxis_live_streams "))

    person = newcomer()
    # Those of other tests may be ending still, and would end while this one is counted.
    until(lambda: open_streams() == 0, 10, "the end of all other streams")
    with stream_of(person) as stream:
        stream.first()
        assert open_streams() == 1
    # A client that is gone is known to notifier within a second; a busy machine may take longer to say so.
    until(lambda: open_streams() == 0, 5, "the end of the stream at notifier")
