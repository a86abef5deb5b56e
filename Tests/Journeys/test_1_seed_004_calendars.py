"""Do visits stand in other calendars as they are, and is nothing left there of what was cancelled?"""

import datetime
from urllib.parse import urlsplit

import pytest

from house.calendars import CalendarProgram, read
from house.hospitals import by_username, department, make_doctor
from house.people import Client
from house.registrants import enrol, log_in

BOOK = "/api/appointments/"


@pytest.fixture(scope="module")
def doctor(url, hospital):
    """In a department that says what its patients suffer from."""
    made = make_doctor(hospital, department(hospital, name="Oncology"), first_name="Emily", last_name="Chen")
    with by_username(url, made["username"], made["password"]) as person:
        person.entry = made
        yield person


@pytest.fixture(scope="module")
def jane(url):
    with Client(url) as anyone, log_in(url, "patient", enrol(anyone, "patient")["email"]) as person:
        yield person


def at(days: int, hour: int = 10) -> str:
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days)
    return f"{day}T{hour:02}:00:00Z"


def confirmed(hospital, doctor, patient, start: str) -> dict:
    body = {"hospital_id": hospital.entry["hospital_id"], "requested_time": start, "reason": "Canarypain"}
    visit = patient.expect(201, "POST", BOOK, json=body).json()["data"]
    body = {"doctor_id": doctor.entry["doctor_id"]}
    return hospital.expect(200, "POST", f"{BOOK}{visit['id']}/assign-doctor", json=body).json()["data"]


def file(answer):
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return read(answer.content)


def test_a_visit_made_moved_twice_and_cancelled_leaves_no_event(hospital, doctor, jane):
    program = CalendarProgram()
    visit = confirmed(hospital, doctor, jane, at(5))
    path = f"{BOOK}{visit['id']}/calendar.ics"
    program.take(file(jane.expect(200, "GET", path)))
    for days, mover in ((6, jane), (7, hospital)):
        mover.expect(200, "POST", f"{BOOK}{visit['id']}/reschedule", json={"start": at(days)})
        program.take(file(jane.expect(200, "GET", path)))
        (event,) = program.events.values()
        assert event["DTSTART"].dt.strftime("%Y-%m-%dT%H:%M:%SZ") == at(days) and event["STATUS"] == "CONFIRMED"
        assert event["UID"] == f"{visit['id']}@praxis"
        assert event["SUMMARY"] == "Appointment with Dr. Emily Chen" and event["LOCATION"] == hospital.entry["name"]
    jane.expect(200, "POST", f"{BOOK}{visit['id']}/cancel", json={})
    program.take(file(jane.expect(200, "GET", path)))
    assert program.events == {}


def test_the_file_of_a_visit_is_for_those_it_joins(url, hospital, doctor, jane, anyone):
    visit = confirmed(hospital, doctor, jane, at(8))
    path = f"{BOOK}{visit['id']}/calendar.ics"
    for person in (hospital, doctor, jane):
        file(person.expect(200, "GET", path))
    anyone.expect(401, "GET", path)
    with log_in(url, "patient", enrol(anyone, "patient")["email"]) as stranger:
        stranger.expect(404, "GET", path)


def test_a_feed_is_read_without_a_login_until_its_address_ends(hospital, doctor, jane, anyone):
    kept = confirmed(hospital, doctor, jane, at(9))
    gone = confirmed(hospital, doctor, jane, at(10))
    jane.expect(200, "POST", f"{BOOK}{gone['id']}/cancel", json={})
    path = urlsplit(jane.expect(201, "POST", "/api/calendar/token").json()["data"]["url"]).path
    uids = [str(event["UID"]) for event in file(anyone.expect(200, "GET", path)).walk("VEVENT")]
    assert f"{kept['id']}@praxis" in uids and f"{gone['id']}@praxis" not in uids
    newer = urlsplit(jane.expect(201, "POST", "/api/calendar/token").json()["data"]["url"]).path
    anyone.expect(404, "GET", path)
    file(anyone.expect(200, "GET", newer))
    jane.expect(200, "DELETE", "/api/calendar/token")
    anyone.expect(404, "GET", newer)
    jane.expect(404, "DELETE", "/api/calendar/token")
    hospital.expect(403, "POST", "/api/calendar/token")


def test_an_address_shown_once_is_not_shown_by_a_repeated_request(jane, anyone):
    headers = {"Idempotency-Key": "calendar-token-once"}
    first = jane.expect(201, "POST", "/api/calendar/token", headers=headers).json()["data"]
    again = jane.expect(201, "POST", "/api/calendar/token", headers=headers).json()["data"]
    assert again == {"token": None, "url": None}
    file(anyone.expect(200, "GET", urlsplit(first["url"]).path))
