"""Does seed 004's booking and assignment work, from the request to the completed visit, every refusal included?"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.calendar import at
from house.hospitals import by_username, department, make_doctor, register_hospital
from house.people import Client
from house.registrants import enrol, log_in
from house.waiting import until

UNKNOWN = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"
BOOK = "/api/appointments/"


@pytest.fixture(scope="module")
def cardiology(hospital):
    return department(hospital)


@pytest.fixture(scope="module")
def patients(url):
    people = [log_in(url, "patient", enrol(one, "patient")["email"]) for one in [Client(url)] for _ in range(3)]
    yield people
    for person in people:
        person.close()


@pytest.fixture
def chen(url, hospital, cardiology):
    """A doctor of the hospital, signed in."""
    made = make_doctor(hospital, cardiology, first_name="Emily", last_name="Chen")
    with by_username(url, made["username"], made["password"]) as person:
        person.entry = made
        yield person


def booking(hospital, **changes) -> dict:
    return {"hospital_id": hospital.entry["hospital_id"], "requested_time": at(3), "reason": "Canarypain"} | changes


def book(person, hospital, **changes) -> dict:
    return person.expect(201, "POST", BOOK, json=booking(hospital, **changes)).json()["data"]


def assign(hospital, visit: dict, doctor, status: int = 200, **changes) -> dict:
    body = {"doctor_id": doctor.entry["doctor_id"]} | changes
    return hospital.expect(status, "POST", f"{BOOK}{visit['id']}/assign-doctor/", json=body).json()


def mails(mailbox, address: str, subject: str) -> list[str]:
    found = [mail for mail in mailbox.to(address) if mail["Subject"] == subject]
    return [mail.get_body(("plain",)).get_content() for mail in found]


def test_a_visit_from_the_request_to_its_end(hospital, cardiology, chen, patients, mailbox):
    """S4-19 to S4-25 and S4-40, with what people are told."""
    jane, john, _ = patients
    answer = jane.expect(201, "POST", BOOK, json=booking(hospital, department_id=cardiology["id"]))
    visit = answer.json()["data"]
    assert answer.headers["Location"].endswith(f"/api/appointments/{visit['id']}")
    assert visit["status"] == "REQUESTED" and visit["doctor_id"] is None
    assert visit["hospital_name"] == hospital.entry["name"] and visit["department_name"] == "Cardiology"
    assert [one["id"] for one in jane.expect(200, "GET", f"{BOOK}my-appointments/").json()["data"]] == [visit["id"]]
    assert john.expect(200, "GET", f"{BOOK}my-appointments/").json()["count"] == 0
    shown = hospital.expect(200, "GET", f"{BOOK}hospital-appointments", params={"status": "REQUESTED"}).json()["data"]
    assert visit["id"] in [one["id"] for one in shown]
    confirmed = assign(hospital, visit, chen)["data"]
    assert confirmed["status"] == "CONFIRMED" and confirmed["doctor_name"] == "Dr. Emily Chen"
    mine = chen.expect(200, "GET", f"{BOOK}doctor-appointments/").json()["data"]
    assert [one["id"] for one in mine] == [visit["id"]] and mine[0]["reason"] == "Canarypain"

    def told():
        return mails(mailbox, jane.user["email"], "An appointment is confirmed")

    text = until(told, 30)[0]
    assert hospital.entry["name"] in text and "Dr. Emily Chen" in text and "(Asia/Karachi)" in text
    assert "Cardiology" not in text and "Canary" not in text and "remind" not in text.lower()
    done = chen.expect(200, "PATCH", f"{BOOK}{visit['id']}/status/", json={"status": "COMPLETED"}).json()["data"]
    assert done["status"] == "COMPLETED"
    history = jane.expect(200, "GET", f"{BOOK}{visit['id']}/").json()["data"]["history"]
    assert [(one["by_role"], one["to_status"]) for one in history] == [
        ("patient", "REQUESTED"),
        ("hospital", "CONFIRMED"),
        ("doctor", "COMPLETED"),
    ]
    refused = hospital.expect(409, "PATCH", f"{BOOK}{visit['id']}/status", json={"status": "CANCELLED"}).json()
    assert refused["code"] == "illegal_transition" and refused["details"] == {"allowed": []}


def test_what_is_wrong_is_told_by_its_field(url, anyone, hospital, cardiology, chen, patients):
    jane = patients[0]
    pending = register_hospital(anyone)

    def fields(person, **changes) -> set[str]:
        said = person.expect(400, "POST", BOOK, json=booking(hospital, **changes)).json()
        return set(said["errors"])

    assert fields(jane, hospital_id=pending["hospital_id"]) == {"hospital_id"}
    assert fields(jane, hospital_id=UNKNOWN) == {"hospital_id"}
    assert fields(jane, department_id=UNKNOWN, doctor_id=UNKNOWN) == {"department_id", "doctor_id"}
    for late in [at(-1), at(3)[:-1], at(3).replace(":00Z", ":30Z"), at(800)]:
        assert fields(jane, requested_time=late) == {"requested_time"}
    assert fields(jane, reason="x" * 501) == {"reason"}
    assert fields(hospital, patient_id=UNKNOWN) == {"patient_id"}
    anyone.expect(401, "POST", BOOK, json=booking(hospital))
    chen.expect(403, "POST", BOOK, json=booking(hospital))
    visit = book(jane, hospital, requested_time=at(9))
    for person in [patients[1], chen]:
        person.expect(404, "GET", f"{BOOK}{visit['id']}")
        person.expect(404, "POST", f"{BOOK}{visit['id']}/cancel", json={})
    jane.expect(403, "POST", f"{BOOK}{visit['id']}/assign-doctor", json={"doctor_id": UNKNOWN})
    jane.expect(403, "PATCH", f"{BOOK}{visit['id']}/status", json={"status": "REJECTED"})
    jane.expect(400, "PATCH", f"{BOOK}{visit['id']}/status", json={"status": "GONE"})
    jane.expect(400, "PATCH", f"{BOOK}{visit['id']}/status", json={})
    hospital.expect(400, "POST", f"{BOOK}{visit['id']}/assign-doctor", json={"doctor_id": UNKNOWN})


def test_a_doctor_shut_out_is_not_assignable_in_the_next_request(hospital, chen, patients):
    visit = book(patients[0], hospital, requested_time=at(10))
    path = f"/api/hospitals/doctors/{chen.entry['doctor_id']}"
    hospital.expect(200, "PATCH", path, json={"is_active": False})
    assert set(assign(hospital, visit, chen, 400)["errors"]) == {"doctor_id"}
    hospital.expect(200, "PATCH", path, json={"is_active": True})
    assert assign(hospital, visit, chen)["data"]["status"] == "CONFIRMED"


def test_the_front_desk_books_for_its_own_records_and_for_who_was_there(hospital, chen, patients):
    kept = hospital.expect(201, "POST", "/api/patients", json={"first_name": "Kim", "last_name": "Kept"}).json()["data"]
    there = {"doctor_id": chen.entry["doctor_id"], "requested_time": at(11), "patient_id": kept["id"]}
    visit = book(hospital, hospital, **there)
    assert visit["status"] == "CONFIRMED" and visit["patient_name"] == "Kim Kept"
    mine = book(patients[2], hospital, requested_time=at(12))
    again = book(hospital, hospital, patient_id=mine["patient_id"], requested_time=at(13))
    assert again["status"] == "REQUESTED" and again["patient_name"] == mine["patient_name"]


def test_of_many_at_two_gateways_one_has_the_time(url, other_url, hospital, chen, patients):
    start, doctor = at(20), chen.entry["doctor_id"]
    jane, john, kim = patients
    people = [person.at(where) for person in (john, kim) for where in (url, other_url)]
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        body = booking(hospital, doctor_id=doctor, requested_time=start)
        answers = list(pool.map(lambda n: people[n % 4].request("POST", BOOK, json=body), range(60)))
    assert time.monotonic() - begun < 60
    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert [answer.status_code for answer in answers].count(201) == 1
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes <= {"slot_taken", "patient_busy"}
    busy = jane.expect(409, "POST", BOOK, json=body).json()
    assert busy["code"] == "slot_taken" and busy["details"]["next_slots"] == []
    for person in people:
        person.close()


def test_slots_are_named_where_one_is_taken_and_a_move_keeps_the_visit(hospital, chen, patients):
    doctor = chen.entry["doctor_id"]
    week = {day: [{"start": "09:00", "end": "12:00"}] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
    schedule = {"timezone": "UTC", "slot_minutes": 30, "weekly_hours": week, "auto_confirm": True}
    hospital.expect(200, "PUT", f"/api/doctors/{doctor}/schedule", json=schedule)
    jane, john, _ = patients
    params = {"from": at(30)[:10], "to": at(40)[:10]}
    slots = jane.expect(200, "GET", f"/api/doctors/{doctor}/slots", params=params).json()["data"]["slots"]
    body = {"hospital_id": hospital.entry["hospital_id"], "slot_id": slots[0]["slot_id"], "reason": "check"}
    visit = jane.expect(201, "POST", BOOK, json=body).json()["data"]
    assert visit["status"] == "CONFIRMED" and visit["start"] == slots[0]["start"]
    taken = john.expect(409, "POST", BOOK, json=body).json()
    assert taken["code"] == "slot_taken"
    assert taken["details"]["next_slots"][0]["slot_id"] == slots[1]["slot_id"]
    john.expect(201, "POST", BOOK, json=body | {"slot_id": taken["details"]["next_slots"][0]["slot_id"]})
    moved = jane.expect(200, "POST", f"{BOOK}{visit['id']}/reschedule", json={"slot_id": slots[3]["slot_id"]}).json()
    assert moved["data"]["id"] == visit["id"] and moved["data"]["start"] == slots[3]["start"]
    off = jane.request("POST", f"{BOOK}{visit['id']}/reschedule", json={"start": slots[3]["start"][:11] + "20:00:00Z"})
    assert off.status_code == 409 and off.json()["code"] == "slot_taken"
    jane.expect(200, "POST", f"{BOOK}{visit['id']}/cancel", json={"reason": "better"})
    free = john.expect(200, "GET", f"/api/doctors/{doctor}/slots", params=params).json()["data"]["slots"]
    assert slots[3]["slot_id"] in [one["slot_id"] for one in free]
