"""Does everything that seed 001 documents work as it is written there, with bare bodies for who asks for them?"""

import json

import pytest

from house.people import Client, Person, fresh_email
from house.seeds import JSON, PATIENT_001, REGISTER_001

PLAIN = {"Accept": "application/json; profile=plain"}
PATIENT_KEYS = {"id", "first_name", "last_name", "email", "date_of_birth", "phone", "created_at", "updated_at"}
slashes = pytest.mark.parametrize("slash", ["/", ""], ids=["slash", "no slash"])


@pytest.fixture(scope="module")
def john(url):
    with Client(url, headers=PLAIN) as anyone:
        answer = anyone.expect(201, "POST", "/api/auth/register/", content=REGISTER_001, headers=JSON).json()
    assert set(answer) == {"user", "tokens"} and set(answer["tokens"]) == {"refresh", "access"}
    user = answer["user"]
    assert (user["username"], user["email"], user["name"]) == ("johndoe", "john@example.com", "John Doe")
    with Person(url, answer, headers=PLAIN) as person:
        yield person


@pytest.fixture(scope="module")
def jane(john):
    patient = john.expect(201, "POST", "/api/patients/", content=PATIENT_001, headers=JSON).json()
    sent = json.loads(PATIENT_001)
    assert PATIENT_KEYS <= set(patient) and {key: patient[key] for key in sent} == sent
    return patient


@pytest.mark.parametrize("name", ["johndoe", "john@example.com"])
@pytest.mark.parametrize("key", ["username", "email"])
def test_login_takes_username_or_email_under_either_key(url, john, key, name):
    with Client(url, headers=PLAIN) as anyone:
        answer = anyone.expect(
            200, "POST", "/api/auth/login/", json={key: name, "password": "securepassword123"}
        ).json()
    assert set(answer) == {"user", "tokens"} and answer["user"]["id"] == john.user["id"]


@slashes
def test_a_refresh_token_gives_new_tokens_without_a_bearer(url, john, slash):
    with Client(url, headers=PLAIN) as anyone:
        login = anyone.expect(
            200, "POST", "/api/auth/login", json={"email": "john@example.com", "password": "securepassword123"}
        )
        body = {"refresh": login.json()["tokens"]["refresh"]}
        assert set(anyone.expect(200, "POST", f"/api/auth/token/refresh{slash}", json=body).json()) == {
            "access",
            "refresh",
        }


@slashes
def test_the_list_of_patients_has_exactly_the_documented_keys(john, jane, slash):
    page = john.expect(200, "GET", f"/api/patients{slash}").json()
    assert list(page) == ["count", "next", "previous", "results"]
    assert (page["count"], page["next"], page["previous"]) == (1, None, None)
    assert page["results"] == [jane] and list(jane)[:8] == [
        "id",
        "first_name",
        "last_name",
        "email",
        "date_of_birth",
        "phone",
        "created_at",
        "updated_at",
    ]


@slashes
def test_a_patient_is_read_replaced_and_deleted(john, slash):
    patient = john.expect(201, "POST", f"/api/patients{slash}", content=PATIENT_001, headers=JSON).json()
    path = f"/api/patients/{patient['id']}{slash}"
    assert john.expect(200, "GET", path).json() == patient
    replaced = john.expect(200, "PUT", path, json=json.loads(PATIENT_001) | {"first_name": "Janet"}).json()
    assert replaced == patient | {
        "first_name": "Janet",
        "full_name": "Janet Smith",
        "updated_at": replaced["updated_at"],
    }
    gone = john.expect(204, "DELETE", path)
    assert gone.content == b"" and "Content-Type" not in gone.headers
    john.expect(404, "GET", path)


@slashes
def test_doctors_and_mappings_are_bare_as_well(john, jane, slash):
    body = {"first_name": "Emily", "last_name": "Chen", "specialization": "cardiology"}
    doctor = john.expect(201, "POST", f"/api/doctors{slash}", json=body).json()
    assert john.expect(200, "GET", f"/api/doctors/{doctor['id']}{slash}").json() == doctor
    assert list(john.expect(200, "GET", f"/api/doctors{slash}").json()) == ["count", "next", "previous", "results"]
    body = {"patient": jane["id"], "doctor": doctor["id"]}
    mapping = john.expect(201, "POST", f"/api/mappings{slash}", json=body).json()
    assert mapping["doctor_detail"] == doctor
    assert list(john.expect(200, "GET", f"/api/mappings{slash}").json()) == ["count", "next", "previous", "results"]
    listed = john.expect(200, "GET", f"/api/mappings/{jane['id']}{slash}").json()
    assert "success" not in listed and listed["count"] == 1 and listed["patient"]["full_name"] == "Jane Smith"
    assert john.expect(204, "DELETE", f"/api/mappings/{mapping['id']}{slash}").content == b""
    replaced = john.expect(
        200, "PUT", f"/api/doctors/{doctor['id']}{slash}", json={**doctor, "first_name": "Emma"}
    ).json()
    assert replaced["display_name"] == "Dr. Emma Chen"
    john.expect(204, "DELETE", f"/api/doctors/{doctor['id']}{slash}")


def test_errors_are_a_detail_or_the_fields_alone(url, john):
    assert list(john.expect(404, "GET", "/api/patients/1/").json()) == ["detail"]
    assert set(john.expect(400, "POST", "/api/patients/", json={"first_name": "A"}).json()) == {"last_name"}
    with Client(url, headers=PLAIN) as anyone:
        assert list(anyone.expect(401, "GET", "/api/patients/").json()) == ["detail"]
        body = json.loads(REGISTER_001) | {"username": "janedoe", "email": fresh_email(), "password_confirm": "another"}
        assert "password_confirm" in anyone.expect(400, "POST", "/api/auth/register/", json=body).json()


def test_a_plain_answer_says_that_it_is_plain(john, jane):
    answer = john.expect(200, "GET", f"/api/patients/{jane['id']}")
    assert answer.headers["Content-Type"].startswith("application/json") and "Accept" in answer.headers["Vary"]


def test_a_patient_needs_no_more_than_its_names(john):
    patient = john.expect(201, "POST", "/api/patients/", json={"first_name": "Jane", "last_name": "Smith"}).json()
    assert patient["email"] is None and patient["phone"] is None
    john.expect(204, "DELETE", f"/api/patients/{patient['id']}")
