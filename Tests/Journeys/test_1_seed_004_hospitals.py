"""Do hospitals and visits know of each other: whose patients, whose visits ahead, which departments may go?"""

import datetime

import pytest

from house.admins import administrator
from house.hospitals import approved_hospital, by_username, department, make_doctor
from house.house import House
from house.people import PASSWORD, Client, fresh_email
from house.registrants import enrol, log_in
from house.waiting import until

BOOK = "/api/appointments/"
DOCTORS = "/api/hospitals/doctors"
DEPARTMENTS = "/api/hospitals/departments"
PATIENTS = "/api/hospitals/patients"


@pytest.fixture(scope="module")
def strict():
    """A house in which a hospital's doctor has to choose a password, and whose scheduling may be stopped."""
    made = House({}, "strict", FORCE_PASSWORD_CHANGE="true")
    try:
        made.start()
        yield made
    finally:
        made.stop()


def patient(url: str):
    """Somebody who registered, signed in; `entry` is what they registered."""
    with Client(url) as anyone:
        made = enrol(anyone, "patient")
    person = log_in(url, "patient", made["email"])
    person.entry = made
    return person


def book(person, hospital, days: int, **changes) -> dict:
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days)
    body = {"hospital_id": hospital.entry["hospital_id"], "requested_time": f"{day}T10:00:00Z", "reason": "Canarypain"}
    return person.expect(201, "POST", BOOK, json=body | changes).json()["data"]


def test_a_hospital_sees_who_visits_it_and_nobody_else(url, admin, hospital):
    with patient(url) as jane, patient(url) as stranger, approved_hospital(url, admin) as other:
        assert hospital.expect(200, "GET", f"{PATIENTS}/").json()["data"] == []
        book(jane, hospital, 2)
        kept = hospital.patient(first_name="Amina", last_name="Desk")
        book(hospital, hospital, 3, patient_id=kept["id"])
        listed = hospital.expect(200, "GET", PATIENTS).json()
        assert {one["patient_id"] for one in listed["data"]} == {jane.entry["patient_id"], kept["id"]}
        assert listed["count"] == 2
        found = hospital.expect(200, "GET", PATIENTS, params={"search": "desk amina"}).json()["data"]
        assert [one["full_name"] for one in found] == ["Amina Desk"]
        assert not {"allergies", "medical_history", "current_medications"} & set(found[0])
        assert other.expect(200, "GET", PATIENTS).json()["count"] == 0
        for person in (jane, stranger, admin):
            person.expect(403, "GET", PATIENTS)
        trail = admin.expect(200, "GET", "/api/admin/audit", params={"service": "registry", "action": "patient.read"})
        assert f"patient/{jane.entry['patient_id']}" in trail.text


def test_a_doctor_who_leaves_says_which_visits_ahead_that_concerns(url, hospital, mailbox):
    first, second = department(hospital, "Leaving"), department(hospital, "Arriving")
    email = fresh_email("leaving")
    made = make_doctor(hospital, first, email=email)
    path = f"{DOCTORS}/{made['id']}"
    with patient(url) as jane:
        visit = book(jane, hospital, 4, department_id=first["id"])
        hospital.expect(200, "POST", f"{BOOK}{visit['id']}/assign-doctor", json={"doctor_id": made["id"]})
        for change, affected in (
            ({"bio": "Surgeon"}, []),
            ({"department_id": second["id"]}, [visit["id"]]),
            ({"is_active": False}, [visit["id"]]),
            ({"is_active": True}, []),
        ):
            assert hospital.expect(200, "PATCH", path, json=change).json()["data"]["affected"] == affected
        subject = "Your account at a hospital was deactivated"
        told = until(lambda: [one for one in mailbox.to(email) if one["Subject"] == subject], 30, "the mail")
        text = told[0].get_body(("plain",)).get_content()
        assert hospital.entry["name"] in text and made["password"] not in text
        # The visit keeps the department it was booked for, so that stays; then nobody is booked there any more.
        refused = hospital.expect(409, "DELETE", f"{DEPARTMENTS}/{first['id']}").json()
        assert "appointments" in refused["message"]
        jane.expect(200, "POST", f"{BOOK}{visit['id']}/cancel", json={})
        hospital.expect(200, "DELETE", f"{DEPARTMENTS}/{first['id']}")
        body = {"hospital_id": hospital.entry["hospital_id"], "department_id": first["id"], "reason": "x"}
        late = jane.expect(400, "POST", BOOK, json=body | {"requested_time": visit["requested_time"]}).json()
        assert set(late["errors"]) == {"department_id"}


def test_the_doctors_of_a_rejected_hospital_are_listed_no_more(url, admin):
    with approved_hospital(url, admin) as own, patient(url) as jane:
        made = make_doctor(own, department(own))
        params = {"search": own.entry["name"], "page_size": 100}

        def listed() -> list[str]:
            return [one["id"] for one in jane.expect(200, "GET", "/api/doctors", params=params).json()["data"]]

        assert listed() == [made["id"]]
        path = f"/api/hospitals/{own.entry['hospital_id']}"
        admin.expect(200, "PATCH", f"{path}/reject", json={"reason": "Closed."})
        assert listed() == []
        admin.expect(200, "PATCH", f"{path}/approve")
        assert listed() == [made["id"]]


def test_a_refused_doctor_does_not_use_up_a_username(hospital):
    place = department(hospital, "Refusing")
    names = {"first_name": "Greta", "last_name": "Refused"}
    body = {"email": "greta@example.com", "specialization": "cardiology", "license_number": "LIC-REFUSED-1"} | names
    body |= {"department_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"}
    for _ in range(3):
        hospital.expect(400, "POST", f"{DOCTORS}/create", json=body)
    assert "2" not in make_doctor(hospital, place, **names)["username"]


def test_administrators_see_visits_by_status(url, admin, hospital):
    with patient(url) as jane:
        book(jane, hospital, 5)
    counted = admin.expect(200, "GET", "/api/accounts/dashboard-stats").json()["data"]["appointments_by_status"]
    assert counted["REQUESTED"] >= 1
    assert set(counted) == {
        "REQUESTED", "CONFIRMED", "CHECKED_IN", "COMPLETED", "REJECTED", "CANCELLED", "NO_SHOW"
    }  # fmt: skip


def test_a_generated_password_opens_nothing_but_its_change_where_that_is_asked_for(strict):
    url = strict.services["gateway"].url
    with administrator(strict, url) as admin, approved_hospital(url, admin) as own, Client(url) as anyone:
        made = make_doctor(own, department(own))
        login = {"username": made["username"], "password": made["password"]}
        signed_in = anyone.expect(200, "POST", "/api/auth/login", json=login).json()["data"]
        assert signed_in["must_change_password"] is True
        ali = by_username(url, made["username"], made["password"])
        for method, path in (
            ("GET", "/api/appointments/doctor-appointments"),
            ("GET", "/api/doctors"),
            ("PATCH", "/api/auth/me"),
            ("GET", "/api/auth/sessions"),
        ):
            assert ali.expect(403, method, path).json()["code"] == "password_change_required", path
        ali.expect(200, "GET", "/api/auth/me")
        ali.expect(200, "GET", "/api/accounts/me")
        # A refresh is no way round it.
        refresh = "/api/auth/token/refresh"
        ali.take(ali.expect(200, "POST", refresh, json={"refresh": ali.tokens["refresh"]}).json()["data"])
        ali.expect(403, "GET", "/api/doctors")
        change = "/api/accounts/change-password"
        words = {"old_password": made["password"], "new_password": PASSWORD, "confirm_password": PASSWORD}
        same = words | {"new_password": made["password"], "confirm_password": made["password"]}
        assert set(ali.expect(400, "POST", change, json=same).json()["errors"]) == {"new_password"}
        ali.expect(200, "POST", change, json=words)
        ali.take(ali.expect(200, "POST", refresh, json={"refresh": ali.tokens["refresh"]}).json()["data"])
        ali.expect(200, "GET", "/api/doctors")
        answer = anyone.expect(200, "POST", "/api/auth/login", json=login | {"password": PASSWORD}).json()["data"]
        assert "must_change_password" not in answer
        ali.expect(200, "POST", "/api/auth/logout", json={"refresh": ali.tokens["refresh"]})


def test_without_scheduling_what_decides_is_refused_and_what_informs_is_left_out(strict):
    url = strict.services["gateway"].url
    with administrator(strict, url) as admin, approved_hospital(url, admin) as own:
        made, empty = make_doctor(own, department(own)), department(own, "Empty")
        strict.services["scheduling"].kill()
        try:
            own.expect(503, "DELETE", f"{DEPARTMENTS}/{empty['id']}")
            own.expect(503, "GET", PATIENTS)
            off = own.expect(200, "PATCH", f"{DOCTORS}/{made['id']}", json={"is_active": False}).json()["data"]
            assert off["is_active"] is False and off["affected"] is None
            stats = admin.expect(200, "GET", "/api/accounts/dashboard-stats").json()["data"]
            assert stats["appointments_by_status"] is None and stats["hospitals_by_status"]["approved"] >= 1
        finally:
            strict.services["scheduling"].restart()
        until(lambda: own.get(PATIENTS).status_code == 200, 30, "scheduling is asked again")
        own.expect(200, "DELETE", f"{DEPARTMENTS}/{empty['id']}")
