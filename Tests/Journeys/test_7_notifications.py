"""Does everybody find in their inbox what concerns them, once, and nobody what concerns others?"""

import pytest

from house.admins import administrator
from house.hospitals import approved_hospital, by_username, department, make_doctor
from house.people import Client
from house.registrants import enrol, log_in
from house.waiting import until
from test_1_seed_004_appointments import assign, book

INBOX = "/api/notifications"


@pytest.fixture(scope="module")
def people(house, url):
    """A hospital, its doctor, a patient with a confirmed visit, and another patient."""
    with administrator(house, url) as admin, approved_hospital(url, admin) as hospital, Client(url) as anyone:
        made = make_doctor(hospital, department(hospital))
        jane, john = (log_in(url, "patient", enrol(anyone, "patient")["email"]) for _ in range(2))
        with jane, john, by_username(url, made["username"], made["password"]) as doctor:
            doctor.entry = made
            visit = book(jane, hospital)
            assign(hospital, visit, doctor)
            yield {"admin": admin, "hospital": hospital, "doctor": doctor, "jane": jane, "john": john, "visit": visit}


def inbox(person, **params) -> list[dict]:
    return person.expect(200, "GET", INBOX, params=params).json()["data"]


def about(person, visit: dict) -> list[str]:
    return [one["kind"] for one in inbox(person) if one["subject_id"] == visit["id"]]


def test_those_a_visit_joins_find_it_and_no_other(people):
    jane, visit = people["jane"], people["visit"]
    until(lambda: about(jane, visit) == ["appointment.confirmed"], what="the confirmation in the patient's inbox")
    assert about(people["doctor"], visit) == ["appointment.confirmed"]
    assert about(people["hospital"], visit) == ["appointment.requested"]
    assert about(people["john"], visit) == [] and about(people["admin"], visit) == []
    message = inbox(jane)[0]
    assert message["link"] == f"/appointments/{visit['id']}" and message["starts"] == visit["start"]
    assert message["subject_type"] == "appointment" and not message["is_read"] and message["read_at"] is None


def test_reading_counts_down_and_is_the_owners_alone(people, anyone):
    jane, john, visit = people["jane"], people["john"], people["visit"]
    until(lambda: about(jane, visit), what="a message")
    message = inbox(jane)[0]["id"]
    count = jane.expect(200, "GET", f"{INBOX}/unread-count").json()["data"]["unread"]
    assert count == len(inbox(jane, unread="true")) > 0
    john.expect(404, "POST", f"{INBOX}/{message}/read")
    for _ in range(2):
        assert jane.expect(200, "POST", f"{INBOX}/{message}/read").json()["data"]["is_read"]
        assert jane.expect(200, "GET", f"{INBOX}/unread-count").json()["data"]["unread"] == count - 1
    assert jane.expect(200, "POST", f"{INBOX}/read-all").json()["data"]["read"] == count - 1
    assert inbox(jane, unread="true") == []
    anyone.expect(401, "GET", INBOX)
    jane.expect(400, "GET", INBOX, params={"unread": "perhaps"})
    jane.expect(404, "POST", f"{INBOX}/no-id/read")


def test_an_administrator_finds_the_hospital_that_waits(people):
    admin, hospital = people["admin"], people["hospital"]
    waiting = [one for one in inbox(admin) if one["subject_id"] == hospital.entry["hospital_id"]]
    assert [one["kind"] for one in waiting] == ["hospital.registered"]
    until(
        lambda: [one["kind"] for one in inbox(hospital) if one["kind"] == "hospital.approved"],
        what="the approval in the hospital's inbox",
    )
