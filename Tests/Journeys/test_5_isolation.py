"""Does nobody see or change what is another's, and do the rules between records hold?"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from house.people import register

UNKNOWN = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"


@pytest.fixture(scope="module")
def other(url):
    with register(url) as found:
        yield found


@pytest.fixture(scope="module")
def mine(person):
    patient, doctor = person.patient(first_name="Secretia", email="secretia@example.com"), person.doctor()
    return {"patient": patient, "doctor": doctor, "mapping": person.mapping(patient, doctor)}


def without_id(answer) -> dict:
    return {key: value for key, value in answer.json().items() if key != "request_id"}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("profile", ["application/json", "application/json; profile=plain"])
def test_anothers_patient_is_not_found_and_looks_like_none(other, mine, method, profile):
    """Scenario 6."""
    options = {"headers": {"Accept": profile}} | (
        {"json": {"first_name": "Stolen", "last_name": "X"}} if method[0] == "P" else {}
    )
    foreign = other.expect(404, method, f"/api/patients/{mine['patient']['id']}", **options)
    absent = other.expect(404, method, f"/api/patients/{UNKNOWN}", **options)
    assert without_id(foreign) == without_id(absent) and foreign.headers.keys() == absent.headers.keys()


def test_anothers_patients_are_in_no_list_and_no_search(other, mine):
    for query in ("", "?search=Secretia", "?search=secretia@example.com", "?page_size=100", "?cursor="):
        assert mine["patient"]["id"] not in other.expect(200, "GET", f"/api/patients{query}").text


def test_anothers_mappings_are_not_found(other, mine):
    patient, doctor, mapping = (mine[key]["id"] for key in ("patient", "doctor", "mapping"))
    assert other.expect(200, "GET", f"/api/mappings?patient_id={patient}").json()["count"] == 0
    assert other.expect(200, "GET", f"/api/mappings?doctor_id={doctor}").json()["count"] == 0
    other.expect(404, "GET", f"/api/mappings/{patient}")
    other.expect(404, "DELETE", f"/api/mappings/{mapping}")
    other.expect(404, "DELETE", f"/api/mappings/detail/{mapping}")
    refused = other.request("POST", "/api/mappings", json={"patient": patient, "doctor": doctor})
    absent = other.request("POST", "/api/mappings", json={"patient": UNKNOWN, "doctor": doctor})
    assert refused.status_code == absent.status_code in (400, 404) and without_id(refused) == without_id(absent)


def test_what_was_tried_changed_nothing(person, mine):
    assert person.expect(200, "GET", f"/api/patients/{mine['patient']['id']}").json()["data"] == mine["patient"]
    assert person.expect(200, "GET", f"/api/mappings/{mine['patient']['id']}").json()["count"] == 1


def test_anyone_signed_in_sees_a_doctor_but_only_its_creator_changes_it(other, mine):
    path = f"/api/doctors/{mine['doctor']['id']}"
    assert other.expect(200, "GET", path).json()["data"] == mine["doctor"]
    body = {"first_name": "Stolen", "last_name": "X", "specialization": "other"}
    for method, options in (("PUT", {"json": body}), ("PATCH", {"json": {"bio": "x"}}), ("DELETE", {})):
        assert other.expect(403, method, path, **options).json()["code"] == "forbidden"
    assert other.expect(200, "GET", path).json()["data"] == mine["doctor"]


def test_a_licence_number_is_one_doctors_whatever_its_case(person, other, mine):
    number = mine["doctor"]["license_number"]
    body = {"first_name": "A", "last_name": "B", "specialization": "other", "license_number": number.lower()}
    answer = other.request("POST", "/api/doctors", json=body)
    assert answer.status_code in (400, 409) and set(answer.json()["errors"]) == {"license_number"}


def test_a_doctor_is_assigned_once(person, other_url, mine):
    body = {"patient": mine["patient"]["id"], "doctor": mine["doctor"]["id"]}
    assert person.expect(409, "POST", "/api/mappings", json=body).json()["code"] in ("duplicate", "conflict")
    body = {"patient": person.patient()["id"], "doctor": mine["doctor"]["id"]}

    def assign(_) -> int:
        with person.at(other_url) as one:
            return one.post("/api/mappings", json=body).status_code

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(assign, range(10))) == [201] + [409] * 9


def test_a_patient_has_at_most_one_primary_doctor(person, other_url):
    patient = person.patient()
    doctors = [person.doctor() for _ in range(6)]

    def assign(doctor: dict) -> int:
        with person.at(other_url) as one:
            body = {"patient": patient["id"], "doctor": doctor["id"], "is_primary": True}
            return one.post("/api/mappings", json=body).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(assign, doctors)) <= {201, 409}
    found = person.expect(200, "GET", f"/api/mappings?patient_id={patient['id']}&is_primary=true").json()
    assert found["count"] == 1


def test_an_unknown_doctor_is_not_assigned(person):
    answer = person.request("POST", "/api/mappings", json={"patient": person.patient()["id"], "doctor": UNKNOWN})
    assert answer.status_code in (400, 404)


def test_a_deleted_patient_or_doctor_takes_the_mappings_along(person):
    patient, doctor = person.patient(), person.doctor()
    person.mapping(patient, doctor)
    second = person.mapping(patient, person.doctor())
    person.expect(200, "DELETE", f"/api/doctors/{doctor['id']}")
    assert [one["id"] for one in person.expect(200, "GET", f"/api/mappings/{patient['id']}").json()["data"]] == [
        second["id"]
    ]
    person.expect(200, "DELETE", f"/api/patients/{patient['id']}")
    assert person.expect(200, "GET", f"/api/mappings?patient_id={patient['id']}").json()["count"] == 0
