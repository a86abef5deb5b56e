"""Can a stranger's generator make a client of our document that does what the seeds do?"""

import json

import pytest

from house.generated import Document, OpenAPIGenerator, OpenAPIPythonClient
from house.people import PASSWORD, Client, registration
from house.registrants import SECRET, patient, provider, verification_token
from house.seeds import DOCTOR_002, PATIENT_001, PATIENT_002


@pytest.fixture(scope="module")
def document(url, tmp_path_factory) -> Document:
    with Client(url) as anyone:
        return Document(url, anyone.expect(200, "GET", "/api/schema/").text, tmp_path_factory.mktemp("clients"))


@pytest.fixture(scope="module", params=[OpenAPIGenerator, OpenAPIPythonClient])
def client(request, document):
    return request.param(document)


@pytest.fixture(scope="module")
def token(client) -> str:
    """Seed 002, steps 1 and 2: somebody registers and logs in."""
    body = registration()
    made = client.call("register", body)
    assert made["success"] is True and made["data"]["user"]["email"] == body["email"]
    said = client.call("logIn", {"email": body["email"], "password": PASSWORD})
    fresh = client.call("refreshTokens", {"refresh": said["data"]["tokens"]["refresh"]})
    assert fresh["data"]["access"] or fresh["data"]["tokens"]["access"]
    return said["data"]["tokens"]["access"]


def test_a_provider_registers_proves_the_email_and_logs_in(client, mailbox):
    body = provider()
    made = client.call("registerProvider", body)["data"]
    assert made["email"] == body["email"]
    found = client.call("verifyProviderEmail", {"token": verification_token(mailbox, body["email"])})
    assert found["success"] is True
    signed = client.call("logInProvider", {"email": body["email"], "password": SECRET})
    shown = client.call("getProvider", token=signed["data"]["tokens"]["access"], id=made["provider_id"])
    assert shown["data"]["first_name"] == body["first_name"]
    assert client.call("listSpecializations")["data"]
    assert client.call("getHealth")["data"]["status"]


@pytest.mark.parametrize("written", [PATIENT_001, PATIENT_002], ids=["seed 001", "seed 002"])
def test_an_account_keeps_patients_doctors_and_who_treats_whom(client, token, written):
    found = client.call("createPatient", json.loads(written), token)["data"]
    body = json.loads(DOCTOR_002) | {"license_number": f"LIC-{found['id'][-12:].upper()}"}
    doctor = client.call("createDoctor", body, token)["data"]
    client.call("createMapping", {"patient": found["id"], "doctor": doctor["id"], "is_primary": True}, token)
    assert client.call("getPatientDoctors", token=token, id=found["id"])["success"] is True
    assert client.call("listPatients", token=token, page_size=5)["count"] >= 1
    assert client.call("listDoctors", token=token, search="Chen")["data"]
    changed = client.call("changePatient", {"city": "Karachi", "allergies": None}, token, id=found["id"])["data"]
    assert changed["city"] == "Karachi" and changed.get("allergies") is None
    assert client.call("replaceDoctor", body | {"city": "Lahore"}, token, id=doctor["id"])["data"]["city"] == "Lahore"
    assert client.call("deletePatient", token=token, id=found["id"])["success"] is True
    assert client.call("deleteDoctor", token=token, id=doctor["id"])["success"] is True


def test_a_patient_registers_proves_the_email_and_sees_the_profile(client, mailbox):
    body = patient()
    made = client.call("registerPatient", body)["data"]
    client.call("verifyPatientEmail", {"token": verification_token(mailbox, body["email"])})
    signed = client.call("logInPatient", {"email": body["email"], "password": SECRET})["data"]
    shown = client.call("getPatientProfile", token=signed["tokens"]["access"], id=made["patient_id"])["data"]
    assert shown["email"] == body["email"] and shown["email_verified"] is True
