"""Does everything that seed 002 documents work as it is written there?"""

import json
import re

import pytest

from house.people import Client, Person, fresh_email
from house.seeds import (
    BLOOD_GROUPS_002,
    DOCTOR_002,
    GENDERS_002,
    JSON,
    LOGIN_002,
    MAPPING_002,
    PATIENT_002,
    REGISTER_002,
    SPECIALIZATIONS_002,
)

UUID_7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
PATIENT_KEYS = set(json.loads(PATIENT_002)) | {"id", "full_name", "created_at", "updated_at"}
DOCTOR_KEYS = set(json.loads(DOCTOR_002)) | {"id", "display_name", "created_at", "updated_at"}
slashes = pytest.mark.parametrize("slash", ["/", ""], ids=["slash", "no slash"])


@pytest.fixture(scope="module")
def alice(url):
    """The walk-through of S2-35, steps 1 to 3, as it is written."""
    with Client(url) as anyone:
        answer = anyone.expect(201, "POST", "/api/auth/register/", content=REGISTER_002, headers=JSON).json()
        assert answer["success"] is True and answer["message"] == "User registered successfully."
        user = answer["data"]["user"]
        assert UUID_7.match(user["id"]) and TIME.match(user["created_at"])
        assert (user["name"], user["email"]) == ("Dr. Alice Johnson", "alice@hospital.com")
        assert set(answer["data"]["tokens"]) == {"access", "refresh"}

        answer = anyone.expect(200, "POST", "/api/auth/login/", content=LOGIN_002, headers=JSON).json()
        assert answer["success"] is True and answer["message"] == "Login successful."
        assert {"id", "name", "email"} <= set(answer["data"]["user"])
    with Person(url, answer["data"]) as person:
        yield person


@pytest.fixture(scope="module")
def john(alice):
    answer = alice.expect(201, "POST", "/api/patients/", content=PATIENT_002, headers=JSON)
    assert answer.json()["success"] is True
    assert answer.headers["Location"] == f"/api/patients/{answer.json()['data']['id']}"
    return answer.json()["data"]


@pytest.fixture(scope="module")
def emily(alice):
    answer = alice.expect(201, "POST", "/api/doctors/", content=DOCTOR_002, headers=JSON)
    return answer.json()["data"]


@pytest.fixture(scope="module")
def care(alice, john, emily):
    """Seed 002's mapping, its numbers replaced by the ids of the answers."""
    body = json.loads(MAPPING_002) | {"patient": john["id"], "doctor": emily["id"]}
    return alice.expect(201, "POST", "/api/mappings/", json=body).json()["data"]


def test_a_registered_user_is_in_again_without_the_slash(anyone):
    body = json.loads(REGISTER_002) | {"email": fresh_email()}
    registered = anyone.expect(201, "POST", "/api/auth/register", json=body).json()
    logged_in = anyone.expect(200, "POST", "/api/auth/login", json={k: body[k] for k in ("email", "password")}).json()
    assert registered["data"]["user"]["id"] == logged_in["data"]["user"]["id"]


@slashes
def test_the_profile_is_the_users(alice, slash):
    answer = alice.expect(200, "GET", f"/api/auth/me{slash}").json()
    assert answer["success"] is True and answer["data"]["email"] == "alice@hospital.com"


def test_a_patient_comes_back_with_every_field_as_it_was_sent(alice, john):
    sent = json.loads(PATIENT_002)
    assert PATIENT_KEYS <= set(john) and {key: john[key] for key in sent} == sent
    assert UUID_7.match(john["id"]) and TIME.match(john["created_at"]) and john["full_name"] == "John Doe"


@slashes
def test_a_patient_is_read_by_its_id(alice, john, slash):
    answer = alice.expect(200, "GET", f"/api/patients/{john['id']}{slash}").json()
    assert set(answer) == {"success", "message", "data"} and answer["data"] == john


def test_a_doctor_comes_back_with_every_field_as_it_was_sent(emily):
    sent = json.loads(DOCTOR_002)
    assert DOCTOR_KEYS <= set(emily) and {key: emily[key] for key in sent} == sent
    assert emily["display_name"] == "Dr. Emily Chen" and isinstance(emily["consultation_fee"], str)


@slashes
def test_a_doctor_is_read_by_its_id(alice, emily, slash):
    assert alice.expect(200, "GET", f"/api/doctors/{emily['id']}{slash}").json()["data"] == emily


def test_a_mapping_shows_its_doctor(care, john, emily):
    assert (care["patient"], care["doctor"], care["is_primary"]) == (john["id"], emily["id"], True)
    assert care["notes"] == "Referred for cardiac evaluation" and TIME.match(care["assigned_at"])
    assert care["doctor_detail"]["display_name"] == "Dr. Emily Chen"


@slashes
def test_the_doctors_of_a_patient_have_the_documented_shape(alice, care, john, emily, slash):
    answer = alice.expect(200, "GET", f"/api/mappings/{john['id']}{slash}").json()
    assert answer["success"] is True and answer["count"] == 1
    assert answer["patient"] == {"id": john["id"], "full_name": "John Doe"}
    [found] = answer["data"]
    assert {"id", "doctor", "doctor_detail", "is_primary", "notes", "assigned_at"} <= set(found)
    assert found["id"] == care["id"] and found["doctor"] == emily["id"] == found["doctor_detail"]["id"]


@pytest.mark.parametrize(
    "query, is_found",
    [
        ("search=John", True),
        ("search=doe", True),
        ("search=john.doe@email.com", True),
        ("search=john doe", True),
        ("search=Nobody", False),
        ("gender=M", True),
        ("gender=F", False),
        ("search=John&gender=M", True),
        ("search=John&gender=F", False),
        ("search=", True),
    ],
)
def test_patients_are_filtered(alice, john, query, is_found):
    answer = alice.expect(200, "GET", f"/api/patients/?{query}").json()
    assert {"success", "message", "count", "next", "previous", "data"} == set(answer)
    assert (john["id"] in [patient["id"] for patient in answer["data"]]) is is_found
    assert answer["count"] == len(answer["data"])


@pytest.mark.parametrize(
    "query, is_found",
    [
        ("search=Emily", True),
        ("search=chen", True),
        ("search=City Medical", True),
        ("search=Nobody", False),
        ("specialization=neurology", True),
        ("specialization=cardiology", False),
        ("is_available=true", True),
        ("is_available=false", False),
        ("city=San Francisco", True),
        ("city=san francisco", True),
        ("city=Chicago", False),
        ("search=Emily&specialization=neurology&is_available=true&city=San Francisco", True),
    ],
)
def test_doctors_are_filtered_for_any_signed_in_user(person, emily, query, is_found):
    found = person.expect(200, "GET", f"/api/doctors/?{query}&page_size=100").json()["data"]
    assert (emily["id"] in [doctor["id"] for doctor in found]) is is_found


def test_mappings_are_filtered(alice, care, john, emily):
    for query, is_found in (
        ("", True),
        (f"patient_id={john['id']}", True),
        (f"doctor_id={emily['id']}", True),
        ("is_primary=true", True),
        ("is_primary=false", False),
        (f"patient_id={emily['id']}", False),
        (f"patient_id={john['id']}&doctor_id={emily['id']}&is_primary=true", True),
    ):
        found = alice.expect(200, "GET", f"/api/mappings/?{query}").json()["data"]
        assert ([mapping["id"] for mapping in found] == [care["id"]]) is is_found, query


@slashes
def test_put_replaces_all_fields_of_a_patient(alice, slash):
    patient = alice.expect(201, "POST", "/api/patients/", content=PATIENT_002, headers=JSON).json()["data"]
    body = {"first_name": "Johnny", "last_name": "Doe", "gender": "O"}
    changed = alice.expect(200, "PUT", f"/api/patients/{patient['id']}{slash}", json=body).json()["data"]
    assert (changed["first_name"], changed["gender"]) == ("Johnny", "O")
    assert changed["allergies"] is None and changed["city"] is None and changed["created_at"] == patient["created_at"]


@slashes
def test_patch_changes_some_fields_of_a_patient(alice, slash):
    patient = alice.expect(201, "POST", "/api/patients/", content=PATIENT_002, headers=JSON).json()["data"]
    path = f"/api/patients/{patient['id']}{slash}"
    changed = alice.expect(200, "PATCH", path, json={"city": "Boston", "allergies": None}).json()["data"]
    expected = patient | {"city": "Boston", "allergies": None, "updated_at": changed["updated_at"]}
    assert changed == expected


@slashes
def test_a_deleted_patient_is_gone(alice, slash):
    patient = alice.expect(201, "POST", "/api/patients/", content=PATIENT_002, headers=JSON).json()["data"]
    answer = alice.expect(200, "DELETE", f"/api/patients/{patient['id']}{slash}").json()
    assert answer["success"] is True
    alice.expect(404, "GET", f"/api/patients/{patient['id']}")
    alice.expect(404, "DELETE", f"/api/patients/{patient['id']}")


@slashes
def test_a_doctor_is_replaced_changed_and_deleted(alice, slash):
    path = f"/api/doctors/{alice.doctor(city='Chicago', bio='short')['id']}{slash}"
    changed = alice.expect(200, "PATCH", path, json={"is_available": False}).json()["data"]
    assert changed["is_available"] is False and changed["city"] == "Chicago"
    body = {"first_name": "Emma", "last_name": "Chen", "specialization": "surgery"}
    changed = alice.expect(200, "PUT", path, json=body).json()["data"]
    assert changed["display_name"] == "Dr. Emma Chen" and changed["bio"] is None and changed["is_available"] is True
    alice.expect(200, "DELETE", path)
    alice.expect(404, "GET", path)


@slashes
@pytest.mark.parametrize("form", ["/api/mappings/{}", "/api/mappings/detail/{}"])
def test_a_mapping_is_deleted_by_both_paths(alice, emily, form, slash):
    mapping = alice.mapping(alice.patient(), emily)
    path = form.format(mapping["id"]) + slash
    alice.expect(200, "DELETE", path)
    alice.expect(404, "DELETE", path)
    assert alice.expect(200, "GET", f"/api/mappings/{mapping['patient']}").json()["count"] == 0


def test_every_choice_the_seed_lists_is_taken_and_no_other(alice):
    for gender in GENDERS_002:
        assert alice.patient(gender=gender)["gender"] == gender
    for group in BLOOD_GROUPS_002:
        assert alice.patient(blood_group=group)["blood_group"] == group
    for specialization in SPECIALIZATIONS_002:
        assert alice.doctor(specialization=specialization)["specialization"] == specialization
    body = {"first_name": "A", "last_name": "B", "gender": "X", "blood_group": "C+"}
    assert {"gender", "blood_group"} == set(alice.expect(400, "POST", "/api/patients/", json=body).json()["errors"])
    body = {"first_name": "A", "last_name": "B", "specialization": "astrology"}
    assert {"specialization"} == set(alice.expect(400, "POST", "/api/doctors/", json=body).json()["errors"])


def test_an_error_has_the_documented_shape(alice):
    answer = alice.expect(400, "POST", "/api/patients/", json={"email": "x"}).json()
    assert answer["success"] is False and isinstance(answer["message"], str)
    assert {"first_name", "last_name", "email"} == set(answer["errors"])
    assert all(isinstance(text, str) for texts in answer["errors"].values() for text in texts)


def test_a_refresh_gives_a_new_access_token_and_a_logout_ends_it(url, anyone):
    body = json.loads(REGISTER_002) | {"email": fresh_email()}
    with Person(url, anyone.expect(201, "POST", "/api/auth/register/", json=body).json()["data"]) as person:
        tokens = anyone.expect(
            200, "POST", "/api/auth/token/refresh/", json={"refresh": person.tokens["refresh"]}
        ).json()["data"]
        person.take(tokens)
        person.expect(200, "GET", "/api/auth/me/")
        person.expect(200, "POST", "/api/auth/logout/", json={"refresh": tokens["refresh"]})
    anyone.expect(401, "POST", "/api/auth/token/refresh/", json={"refresh": tokens["refresh"]})
