"""Does a prescription carry its files, and is a patient's page whole, or said to be incomplete, whoever is away?"""

import os
import signal
import time

import pytest

from house.hospitals import by_username, department, make_doctor
from house.people import Client
from house.prescriptions import PATH, agreed_visit, in_days, prescribe
from house.registrants import enrol, log_in
from house.waiting import until

FILE = b"%PDF-1.7\nCANARYLETTER " + os.urandom(100_000)


@pytest.fixture(scope="module")
def chen(url, hospital):
    made = make_doctor(hospital, department(hospital, "Ward of files"))
    with by_username(url, made["username"], made["password"]) as person:
        person.entry = made
        yield person


@pytest.fixture(scope="module")
def jane(url):
    with Client(url) as anyone:
        made = enrol(anyone, "patient")
    with log_in(url, "patient", made["email"]) as person:
        person.entry = made
        yield person


@pytest.fixture(scope="module")
def prescription(hospital, chen, jane):
    return prescribe(chen, agreed_visit(jane, hospital, chen, in_days(9, 10)))["data"]["id"]


def page(patient) -> str:
    return f"/api/records/patients/{patient.entry['patient_id']}/summary"


def test_a_prescription_carries_the_files_of_its_author(url, hospital, chen, jane, prescription):
    path = f"{PATH}/{prescription}/attachments"
    form = {"data": {"title": "Referral letter"}, "files": {"file": ("letter.pdf", FILE, "text/html")}}
    made = chen.expect(201, "POST", path, **form).json()["data"]
    jane.expect(403, "POST", path, **form)
    assert chen.expect(415, "POST", path, json={"title": "No file"}).json()["code"] == "unsupported_media_type"
    for reader in (jane, chen, hospital):
        [shown] = reader.expect(200, "GET", f"{PATH}/{prescription}").json()["data"]["attachments"]
        assert shown == made and made["size"] == len(FILE)
        assert reader.expect(200, "GET", f"{path}/{made['id']}").content == FILE
    some = jane.expect(206, "GET", f"{path}/{made['id']}", headers={"Range": "bytes=65530-65540"})
    assert some.content == FILE[65530:65541]
    with Client(url) as anyone:
        other = enrol(anyone, "patient")
        anyone.expect(401, "GET", f"{path}/{made['id']}")
    with log_in(url, "patient", other["email"]) as stranger:
        stranger.expect(404, "GET", f"{path}/{made['id']}")


def test_one_page_has_all_that_is_known_of_a_patient(house, chen, jane, prescription):
    body = {"allergies": "Penicillin", "current_medications": ["Metformin"]}
    jane.expect(200, "PUT", f"/api/records/patients/{jane.entry['patient_id']}/health", json=body)
    found = jane.expect(200, "GET", page(jane)).json()["data"]
    assert "Penicillin" in found["allergies"] and found["allergies_known"] == "recorded"
    assert found["patient"]["id"] == jane.entry["patient_id"] and found["patient"]["full_name"]
    assert [one["id"] for one in found["prescriptions"]] == [prescription]
    assert [one["status"] for one in found["appointments"]] == ["COMPLETED"] and found["incomplete"] == []
    assert chen.expect(403, "GET", page(jane)).json()["code"] == "access_required"


def test_whoever_is_away_is_named_and_nobody_waits_for_them(house, jane, prescription):
    away = {"scheduling": ["appointments"], "registry": ["patient", "allergies", "medications", "problems"]}
    for name, parts in away.items():
        processes = [one for key, one in house.services.items() if key.split("-")[0] == name]
        for process in processes:
            os.kill(process.pid, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            found = jane.expect(200, "GET", page(jane)).json()["data"]
            assert time.monotonic() - begun < 6
        finally:
            for process in processes:
                os.kill(process.pid, signal.SIGCONT)
        assert found["incomplete"] == parts, name
        assert [one["id"] for one in found["prescriptions"]] == [prescription]
        until(lambda: jane.expect(200, "GET", page(jane)).json()["data"]["incomplete"] == [], 30, f"{name} again")
