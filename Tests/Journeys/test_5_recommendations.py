"""Is somebody with a complaint answered safely, and is what they asked nobody else's?"""

import pytest

from house.admins import administrator
from house.people import Client
from house.registrants import enrol, log_in

PATH = "/api/recommendations"
ASKED = {"symptoms": "Canaryfever with headache", "age": 34, "allergies": ["Penicillin"], "current_medications": "none"}


@pytest.fixture(scope="module")
def patient(url):
    with Client(url) as anyone:
        made = enrol(anyone, "patient")
    with log_in(url, "patient", made["email"]) as person:
        yield person


def test_without_a_model_the_table_answers_and_says_so(patient):
    said = patient.expect(200, "POST", PATH + "/", json=ASKED).json()
    data = said["data"]
    assert said["success"] is True and data["source"] == "offline" and "table" in data["note"]
    assert data["medicines"][0]["name"] == "Paracetamol" and data["disclaimer"]
    assert set(data["medicines"][0]) == {
        "name", "atc", "dosage", "frequency", "duration", "instructions", "warnings",
    }
    assert data["urgent"] is None


def test_what_must_not_wait_comes_first_and_what_was_not_told_is_said(patient):
    data = patient.expect(200, "POST", PATH, json={"symptoms": ["chest pain", "fever"]}).json()["data"]
    assert "ambulance" in data["urgent"]
    assert {"check_incomplete"} == {warning["code"] for warning in data["warnings"]}


def test_history_is_the_callers_own_and_numbers_are_for_administrators(house, url, patient, newcomer):
    own = patient.expect(200, "GET", PATH + "/history").json()
    assert own["count"] >= 2 and own["data"][-1]["question"]["symptoms"] == ASKED["symptoms"]
    with Client(url) as anyone:
        other = enrol(anyone, "patient")
        anyone.expect(401, "POST", PATH, json=ASKED)
        anyone.expect(401, "GET", PATH + "/history")
    with log_in(url, "patient", other["email"]) as somebody:
        assert somebody.expect(200, "GET", PATH + "/history").json()["count"] == 0
    newcomer().expect(403, "POST", PATH, json=ASKED)
    patient.expect(403, "GET", PATH + "/stats")
    with administrator(house, url) as admin:
        stats = admin.expect(200, "GET", PATH + "/stats").json()["data"]
        assert stats["total"] >= 2 and {"name": "not_set_up", "count": stats["total"]} in stats["offline_reasons"]
        admin.expect(403, "POST", PATH, json=ASKED)


def test_a_repeated_request_is_one_question(patient):
    before = patient.expect(200, "GET", PATH + "/history").json()["count"]
    key = {"Idempotency-Key": "recommendation-1"}
    first = patient.expect(200, "POST", PATH, json=ASKED, headers=key)
    again = patient.expect(200, "POST", PATH, json=ASKED, headers=key)
    assert first.json()["data"] == again.json()["data"] and again.headers["Idempotency-Replayed"] == "true"
    assert patient.expect(200, "GET", PATH + "/history").json()["count"] == before + 1


def test_a_patients_record_is_named_by_nobody_without_a_right(patient):
    body = ASKED | {"patient_id": "01890000-0000-7000-8000-000000000001"}
    assert patient.expect(403, "POST", PATH, json=body).json()["code"] == "forbidden"
