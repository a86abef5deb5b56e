"""Is what a doctor prescribes kept for good, seen by whom it concerns alone, and the visit over by it, whatever fails?"""

import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.hospitals import by_username, department, make_doctor
from house.people import Client
from house.prescriptions import BODY, PATH, agreed_visit, in_days, prescribe
from house.registrants import enrol, log_in
from house.waiting import until

BOOK = "/api/appointments/"


@pytest.fixture(scope="module")
def doctors(url, hospital):
    people = []
    for first, last in (("Emily", "Chen"), ("Raj", "Patel")):
        made = make_doctor(hospital, department(hospital, f"Ward {first}"), first_name=first, last_name=last)
        person = by_username(url, made["username"], made["password"])
        person.entry = made
        people.append(person)
    yield people
    for person in people:
        person.close()


@pytest.fixture(scope="module")
def patients(url):
    people = []
    for _ in range(2):
        with Client(url) as anyone:
            made = enrol(anyone, "patient")
        person = log_in(url, "patient", made["email"])
        person.entry = made
        people.append(person)
    yield people
    for person in people:
        person.close()


def history(patient, visit: str) -> list[str]:
    shown = patient.expect(200, "GET", f"{BOOK}{visit}").json()["data"]
    return [one["to_status"] for one in shown["history"]]


def test_a_prescription_from_the_visit_to_the_paper(hospital, doctors, patients, admin, mailbox, tmp_path):
    """S4-26 to S4-28, S4-41, S4-42."""
    (chen, patel), (jane, john) = doctors, patients
    where = agreed_visit(jane, hospital, chen, in_days(5, 10))
    prescribe(patel, where, 404)
    made = prescribe(chen, where)["data"]
    assert made["appointment_status"] == "COMPLETED" and history(jane, where)[-1] == "COMPLETED"
    assert made["version"] == 1 and made["doctor_name"] == "Dr. Emily Chen"
    assert made["hospital_name"] == hospital.entry["name"] and made["medicines"] == BODY["medicines"]
    assert "check_incomplete" in {one["code"] for one in made["warnings"]}
    for reader in (jane, chen, hospital, admin):
        answer = reader.expect(200, "GET", f"{PATH}/{made['id']}/")
        assert answer.json()["data"]["diagnosis"] == BODY["diagnosis"] and answer.headers["ETag"]
        assert made["id"] in [one["id"] for one in reader.expect(200, "GET", PATH).json()["data"]]
    john.expect(404, "GET", f"{PATH}/{made['id']}")
    refused = patel.expect(403, "GET", f"{PATH}/{made['id']}").json()
    assert refused["code"] == "access_required" and refused["details"] == {"ways": ["otp", "break_glass"]}
    patient_id = jane.entry["patient_id"]
    assert patel.expect(403, "GET", PATH, params={"patient_id": patient_id}).json()["code"] == "access_required"
    patel.expect(403, "POST", f"{PATH}/create", json=BODY | {"patient_id": patient_id})
    jane.expect(403, "POST", f"{PATH}/create", json=BODY | {"appointment_id": where})

    paper = jane.expect(200, "GET", f"{PATH}/{made['id']}/document.pdf")
    assert paper.headers["Content-Type"] == "application/pdf" and "no-store" in paper.headers["Cache-Control"]
    file = tmp_path / "paper.pdf"
    file.write_bytes(paper.content)
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert "Amoxicillin" in text and "Dr. Emily Chen" in text and "version 1" in text

    def told():
        return [mail for mail in mailbox.to(jane.user["email"]) if mail["Subject"] == "You have a new prescription"]

    words = until(told, 30)[0].get_body(("plain",)).get_content()
    assert "Dr. Emily Chen" in words and hospital.entry["name"] in words
    assert "Amoxicillin" not in words and "Canary" not in words


def test_what_is_wrong_is_told_by_its_path(hospital, doctors, patients):
    chen, jane = doctors[0], patients[0]
    where = agreed_visit(jane, hospital, chen, in_days(5, 11))
    said = prescribe(chen, where, 400, diagnosis=" ", medicines=[{"name": ""}])
    assert {"diagnosis", "medicines[0].name", "medicines[0].dosage"} <= set(said["errors"])
    assert history(jane, where)[-1] == "CONFIRMED"
    requested = jane.expect(
        201,
        "POST",
        BOOK,
        json={
            "hospital_id": hospital.entry["hospital_id"],
            "doctor_id": chen.entry["doctor_id"],
            "requested_time": in_days(9),
            "reason": "Cough",
        },
    ).json()["data"]
    assert prescribe(chen, requested["id"], 409)["code"] == "conflict"


def test_versions_are_added_and_of_two_at_once_one_is_kept(hospital, doctors, patients):
    (chen, patel), jane = doctors, patients[0]
    made = prescribe(chen, agreed_visit(jane, hospital, chen, in_days(5, 12)))["data"]
    path = f"{PATH}/{made['id']}/revise"
    assert chen.expect(428, "POST", path, json=BODY).json()["code"] == "precondition_required"
    patel.expect(403, "POST", path, json=BODY, headers={"If-Match": "*"})
    tag = chen.expect(200, "GET", f"{PATH}/{made['id']}").headers["ETag"]

    def revise(diagnosis: str) -> int:
        return chen.post(path, json=BODY | {"diagnosis": diagnosis}, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(revise, ["Pneumonia", "Influenza"])) == [201, 412]
    versions = jane.expect(200, "GET", f"{PATH}/{made['id']}/versions").json()["data"]
    assert [one["version"] for one in versions] == [2, 1] and versions[1]["diagnosis"] == BODY["diagnosis"]
    assert jane.expect(200, "GET", f"{PATH}/{made['id']}").json()["data"]["diagnosis"] in ("Pneumonia", "Influenza")


def test_the_visit_is_over_once_however_often_scheduling_is_killed(house, hospital, doctors, patients):
    chen, jane = doctors[0], patients[1]
    visits = [agreed_visit(jane, hospital, chen, in_days(day, hour)) for day in (20, 21) for hour in range(8, 14)]
    scheduling = house.services["scheduling"]

    def insist(where: str) -> dict:
        """The same request again and again, until it is answered."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        body = BODY | {"appointment_id": where}

        def answered():
            answer = chen.post(f"{PATH}/create", json=body, headers=key)
            assert answer.status_code in (201, 409, 500, 502, 503, 504), answer.text
            return answer.json()["data"] if answer.status_code == 201 else None

        return until(answered, 60, "a prescription")

    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(insist, where) for where in visits]
        for _ in range(3):
            scheduling.kill()
            time.sleep(0.3)
            scheduling.restart()
            time.sleep(0.3)
        made = [one.result() for one in writing]
    for where in visits:
        until(lambda where=where: history(jane, where).count("COMPLETED") == 1, 30, "the end of a visit")
    assert len({one["id"] for one in made}) == len(visits)
    listed = jane.expect(200, "GET", PATH, params={"page_size": 100}).json()
    assert listed["count"] == len(visits)
