"""Does every wrong request get the contract's clear answer, and never an error of the server?"""

import json

import pytest

from house.people import Client, register
from house.seeds import JSON

UNKNOWN = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"
PATIENT = {"first_name": "Jane", "last_name": "Smith"}


def is_enveloped(answer, code: str | None = None) -> bool:
    body = answer.json()
    return (
        body["success"] is False
        and bool(body["message"])
        and body["request_id"] == answer.headers["X-Request-Id"]
        and (code is None or body["code"] == code)
    )


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "}",
        '{"first_name": "A",}',
        "{'first_name': 'A'}",
        '{"first_name" "A"}',
        "nul",
        '{"a": 01}',
        '{"a": 1.}',
        '{"a": +1}',
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": "\t"}',
        '{"a": "\\x"}',
        '{"a": "\\ud800"}',
        '{"a": 1} x',
        '\ufeff{"a": 1}',
        '{"first_name": "A", "first_name": "B", "last_name": "C"}',
        "[" * 100 + "]" * 100,
        '{"a": ' * 40 + "1" + "}" * 40,
        "[]",
        '"text"',
        "1",
        "null",
    ],
)
def test_what_is_no_json_object_is_malformed(person, body):
    answer = person.expect(400, "POST", "/api/patients", content=body.encode(), headers=JSON)
    assert is_enveloped(answer, "malformed_json")


@pytest.mark.parametrize("name", ["\u0000", "A\u0000B", "\u0007", "\u200b", "\u3164\u2800"])
def test_a_name_of_control_or_invisible_characters_is_a_fault_of_its_field(person, name):
    answer = person.expect(400, "POST", "/api/patients", json={"first_name": name, "last_name": "King"})
    assert is_enveloped(answer, "validation_failed")
    assert list(answer.json()["errors"]) == ["first_name"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"first_name": "\xff"}',
        b'{"first_name": "\xc0\xaf"}',
        b'{"first_name": "\xed\xa0\x80"}',
        '{"first_name": "A"}'.encode("utf-16"),
    ],
)
def test_what_is_no_utf_8_is_malformed(person, body):
    assert is_enveloped(person.expect(400, "POST", "/api/patients", content=body, headers=JSON), "malformed_json")


def test_wrong_types_are_told_all_at_once(person):
    body = {"first_name": 1, "last_name": ["x"], "email": {}, "phone": True, "date_of_birth": 19900515, "gender": 1.5}
    answer = person.expect(400, "POST", "/api/patients", json=body)
    assert is_enveloped(answer, "validation_failed") and set(answer.json()["errors"]) == set(body)


def test_missing_fields_are_told_all_at_once(person):
    for path, missing in (
        ("/api/patients", {"first_name", "last_name"}),
        ("/api/mappings", {"patient", "doctor"}),
        ("/api/doctors", {"first_name", "last_name", "specialization"}),
    ):
        for options in ({"json": {}}, {"content": b"", "headers": JSON}, {"content": b""}):
            answer = person.expect(400, "POST", path, **options)
            assert set(answer.json()["errors"]) == missing, options


def test_unknown_and_forbidden_fields_are_ignored_never_stored(person):
    sent = PATIENT | {
        "id": UNKNOWN,
        "owner": UNKNOWN,
        "created_at": "2000-01-01T00:00:00Z",
        "role": "admin",
        "x": {"y": [1]},
    }
    patient = person.expect(201, "POST", "/api/patients", json=sent).json()["data"]
    assert (
        patient["id"] != UNKNOWN
        and not patient["created_at"].startswith("2000")
        and not {"x", "role", "owner"} & set(patient)
    )
    person.expect(200, "PATCH", f"/api/patients/{patient['id']}", json={"id": UNKNOWN, "owner": UNKNOWN})
    assert person.expect(200, "GET", f"/api/patients/{patient['id']}").json()["data"]["id"] == patient["id"]
    person.expect(200, "PATCH", "/api/auth/me", json={"role": "admin", "is_active": False, "tenant_id": UNKNOWN})
    assert person.expect(200, "GET", "/api/auth/me").json()["data"]["role"] == "staff"


@pytest.mark.parametrize(
    "field, value",
    [
        ("email", "a@"),
        ("email", "a b@example.com"),
        ("email", "x" * 250 + "@example.com"),
        ("email", "a..b@example.com"),
        ("phone", "call me"),
        ("phone", "12"),
        ("date_of_birth", "1990-02-30"),
        ("date_of_birth", "15.05.1990"),
        ("date_of_birth", "1990-5-15"),
        ("gender", "Z"),
        ("blood_group", "Z+"),
        ("first_name", ""),
        ("first_name", "   "),
        ("first_name", "x" * 101),
        ("first_name", "a\u0007b"),
        ("first_name", "a\u202eb"),
        ("first_name", "<b></b>"),
        ("allergies", "x" * 5001),
    ],
)
def test_a_wrong_value_is_told_under_its_field(person, field, value):
    answer = person.expect(400, "POST", "/api/patients", json=PATIENT | {field: value})
    assert is_enveloped(answer, "validation_failed") and set(answer.json()["errors"]) == {field}


@pytest.mark.parametrize(
    "written, kept",
    [
        ("  Zoë  ", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("<script>x</script>Al", "xAl"),
        ("BP < 120", "BP < 120"),
        ("a<b", "a<b"),
        ("<<b>script>x", "x"),
        ("O'Brien; DROP TABLE patient;--", "O'Brien; DROP TABLE patient;--"),
        ("{{7*7}}${7*7}", "{{7*7}}${7*7}"),
        ("😀", "😀"),
        ("%00", "%00"),
        ("名前", "名前"),
    ],
)
def test_text_is_kept_as_the_contract_says(person, written, kept):
    patient = person.patient(first_name=written)
    assert patient["first_name"] == kept
    assert person.expect(200, "GET", f"/api/patients/{patient['id']}").json()["data"]["first_name"] == kept


@pytest.mark.parametrize("fee, kept", [("250", "250.00"), ("250.5", "250.50"), ("0.10", "0.10"), (99.99, "99.99")])
def test_money_is_a_decimal_text(person, fee, kept):
    assert person.doctor(consultation_fee=fee)["consultation_fee"] == kept


@pytest.mark.parametrize(
    "fields",
    [
        {"consultation_fee": "-1"},
        {"consultation_fee": "1e3"},
        {"consultation_fee": "1.234"},
        {"consultation_fee": "NaN"},
        {"years_of_experience": -1},
        {"years_of_experience": 2**63},
        {"years_of_experience": 1.5},
        {"is_available": "perhaps"},
        {"license_number": "LIC_1"},
        {"license_number": "-1"},
    ],
)
def test_a_wrong_value_of_a_doctor_is_told_under_its_field(person, fields):
    body = {"first_name": "A", "last_name": "B", "specialization": "other"} | fields
    assert set(person.expect(400, "POST", "/api/doctors", json=body).json()["errors"]) == set(fields)


@pytest.mark.parametrize(
    "name",
    [UNKNOWN, "1", "x", "null", "00000000-0000-0000-0000-000000000000", "' or 1=1 --", "%F0%9F%98%80", "9" * 400],
)
def test_an_unknown_id_is_not_found(person, name):
    for method, path in (
        ("GET", "patients"),
        ("PUT", "patients"),
        ("PATCH", "patients"),
        ("DELETE", "patients"),
        ("GET", "doctors"),
        ("DELETE", "doctors"),
        ("GET", "mappings"),
        ("DELETE", "mappings"),
        ("DELETE", "mappings/detail"),
    ):
        body = {"json": PATIENT} if method in ("PUT", "PATCH") else {}
        assert is_enveloped(person.expect(404, method, f"/api/{path}/{name}", **body), "not_found")


@pytest.mark.parametrize(
    "method, path, allowed",
    [
        ("DELETE", "/api/patients", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("PUT", "/api/patients/", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("POST", f"/api/patients/{UNKNOWN}", {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}),
        ("GET", "/api/auth/login", {"POST", "OPTIONS"}),
        ("POST", "/api/v1/health", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/api/schema/", {"GET", "HEAD", "OPTIONS"}),
        ("PATCH", f"/api/mappings/{UNKNOWN}", {"GET", "HEAD", "DELETE", "OPTIONS"}),
    ],
)
def test_another_method_is_not_allowed_and_told_which_are(person, method, path, allowed):
    answer = person.expect(405, method, path)
    assert is_enveloped(answer, "method_not_allowed")
    assert {word.strip() for word in answer.headers["Allow"].split(",")} == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/",
        "/api/patient",
        "/api/patients/x/y",
        "/API/PATIENTS",
        "/api/patients;x=1",
        "/admin.php",
        "/.env",
        "/internal/revocations",
        "/metrics",
        "/livez",
        "/readyz",
        "/api/internal",
        "/.git/config",
    ],
)
def test_an_unknown_path_is_not_found(person, path):
    assert is_enveloped(person.expect(404, "GET", path), "not_found")


def test_a_body_of_another_type_is_refused(person):
    for kind in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
    ):
        answer = person.expect(
            415, "POST", "/api/patients", content=json.dumps(PATIENT), headers={"Content-Type": kind}
        )
        assert is_enveloped(answer, "unsupported_media_type")


def test_a_body_over_one_mebibyte_is_refused(person, url):
    assert is_enveloped(
        person.expect(413, "POST", "/api/patients", json=PATIENT | {"x": "a" * 1_048_577}), "payload_too_large"
    )

    def endless():
        yield b'{"x": "'
        for _ in range(40):
            yield b"a" * 65_536

    with Client(url, headers={"Authorization": person.headers["Authorization"]}) as client:
        try:
            assert client.post("/api/patients", content=endless(), headers=JSON).status_code == 413
        except (
            BrokenPipeError,
            OSError,
            Exception,
        ) as error:  # closing on somebody who goes on writing is fine as well
            assert (
                "413" in str(error)
                or "pipe" in str(error).lower()
                or "reset" in str(error).lower()
                or "closed" in str(error).lower()
            ), error
    person.expect(200, "GET", "/api/auth/me")


def test_a_text_over_64_kib_is_refused(person):
    assert person.request("POST", "/api/patients", json=PATIENT | {"medical_history": "x" * 70_000}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page_size=0",
        "page_size=101",
        "page_size=1e1",
        "cursor=x",
        "gender=Z",
        "page=99999999999999999999",
        "page=1&page_size=",
    ],
)
def test_a_wrong_query_is_told(person, query):
    answer = person.get(f"/api/patients?{query}")
    assert answer.status_code == 400 and is_enveloped(answer) or (query.endswith("=") and answer.status_code == 200)


@pytest.mark.parametrize("query", ["ordering=password", "ordering=id;drop", "is_available=maybe", "specialization=x"])
def test_a_wrong_filter_of_doctors_is_told(person, query):
    assert is_enveloped(person.expect(400, "GET", f"/api/doctors?{query}"), "validation_failed")


@pytest.mark.parametrize("search", ["%", "_", "%25%25", "'", "\\", "a" * 200, "<b", "(", "😀"])
def test_a_search_is_a_text_and_no_pattern(url, search):
    with register(url) as person:
        person.patient(first_name="Plain", last_name="Name")
        assert person.expect(200, "GET", "/api/patients", params={"search": search}).json()["count"] == 0
        person.expect(200, "GET", "/api/doctors", params={"search": search})


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "image/*", "application/json;q=0", "text/*;q=0.3, application/yaml"]
)
def test_what_we_cannot_give_is_not_acceptable(person, accept):
    answer = person.expect(406, "GET", "/api/patients", headers={"Accept": accept})
    assert answer.json()["code"] == "not_acceptable"


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/*",
        "application/json",
        "text/html, */*;q=0.1",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "",
    ],
)
def test_what_takes_json_gets_it(person, accept):
    assert person.expect(200, "GET", "/api/patients", headers={"Accept": accept}).json()["success"] is True


def test_errors_are_problems_for_who_asks_for_them(person, anyone):
    headers = {"Accept": "application/problem+json"}
    for answer in (
        person.expect(400, "POST", "/api/patients", json={}, headers=headers),
        person.expect(404, "GET", f"/api/patients/{UNKNOWN}", headers=headers),
        anyone.expect(401, "GET", "/api/patients", headers=headers),
    ):
        body = answer.json()
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert (
            body["status"] == answer.status_code and body["code"] in body["type"] and body["title"] and body["detail"]
        )
