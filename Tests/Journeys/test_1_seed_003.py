"""Does everything that seed 003 documents work as it is written there, from the form to the proven email?"""

import datetime
import json
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.people import Client, fresh_email
from house.registrants import SECRET, enrol, fresh_phone, log_in, patient, verification_token
from house.seeds import JSON, LOGIN_003, PATIENT_003
from house.stores import psql
from house.waiting import until

REGISTER, LOGIN = "/api/v1/patient/register", "/api/v1/patient/login"
DOCUMENTED = json.loads(PATIENT_003)


@pytest.fixture(scope="module")
def jane(url):
    """The documented registration, letter by letter."""
    with Client(url) as anyone:
        answer = anyone.expect(201, "POST", REGISTER, content=PATIENT_003, headers=JSON)
    said = answer.json()
    assert set(said) == {"success", "message", "data"} and said["success"] is True
    assert said["message"] == "Patient registered successfully. Verification email sent."
    assert said["data"] == {
        "patient_id": said["data"]["patient_id"],
        "email": "jane.smith@email.com",
        "phone_number": "+1234567890",
        "email_verified": False,
        "phone_verified": False,
    }
    assert answer.headers["Location"].endswith(f"/api/v1/patient/profile/{said['data']['patient_id']}")
    return said["data"]


def years_ago(years: int, plus_days: int = 0) -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    day = min(today.day, 28) if today.month == 2 else today.day
    return str(today.replace(year=today.year - years, day=day) + datetime.timedelta(plus_days))


def refused(anyone, **changes) -> dict:
    """Somebody new but for the changes: what is wrong with them."""
    said = anyone.expect(422, "POST", REGISTER, json=patient(**changes)).json()
    assert said["success"] is False and said["message"] == "Validation failed" and said["code"] == "validation_failed"
    return said["errors"]


def test_what_is_taken_and_what_is_wrong_are_told_together(anyone, jane):
    """S3-3, with its three texts."""
    body = DOCUMENTED | {"password": "Short1!", "confirm_password": "Short1!", "date_of_birth": years_ago(12)}
    answer = anyone.expect(422, "POST", REGISTER + "/", json=body).json()
    assert answer["success"] is False and answer["message"] == "Validation failed"
    assert answer["errors"] == {
        "email": ["Email is already registered"],
        "password": ["Password must contain at least 8 characters"],
        "date_of_birth": ["Must be at least 13 years old"],
        "phone_number": ["Phone number is already registered"],
    }


def test_the_documented_login(anyone, jane):
    said = anyone.expect(200, "POST", LOGIN, content=LOGIN_003, headers=JSON).json()
    assert said["success"] is True and set(said["data"]) == {"patient", "tokens"}
    assert said["data"]["patient"]["patient_id"] == jane["patient_id"]
    assert set(said["data"]["tokens"]) == {"access", "refresh"}
    for body in ({"email": jane["email"], "password": "Wrong1234!"}, {"email": fresh_email(), "password": SECRET}):
        answer = anyone.expect(401, "POST", LOGIN, json=body)
        assert answer.json()["message"] == "Invalid credentials." and answer.headers["WWW-Authenticate"]
    missing = anyone.expect(422, "POST", LOGIN, json={}).json()["errors"]
    assert set(missing) == {"email", "password"}


def test_an_account_of_another_kind_does_not_log_in_here(anyone, person):
    body = {"email": person.user["email"], "password": person.password}
    anyone.expect(401, "POST", LOGIN, json=body)
    made = enrol(anyone, "provider")
    anyone.expect(401, "POST", LOGIN, json={"email": made["email"], "password": SECRET})


def test_the_mail_proves_the_email_once(anyone, url, mailbox):
    made = enrol(anyone, "patient")
    token = verification_token(mailbox, made["email"])
    path = "/api/v1/patient/verify-email"
    said = anyone.expect(200, "POST", path, json={"token": token}).json()
    assert said["success"] is True and said["message"] == "Email verified successfully"
    assert said["data"] == {"patient_id": made["patient_id"], "email": made["email"], "verified": True}
    again = anyone.expect(422, "POST", path, json={"token": token}).json()
    assert again["success"] is False and "token" in again["errors"]
    until(lambda: [m for m in mailbox.to(made["email"]) if m["Subject"] == "Welcome to Praxis"], 30, "the welcome")
    with log_in(url, "patient", made["email"]) as own:
        assert own.user["email_verified"] is True
        profile = f"/api/v1/patient/profile/{made['patient_id']}"
        until(lambda: own.get(profile).json()["data"]["email_verified"], what="the proven email in the profile")


def test_the_page_behind_the_mails_link_asks_at_the_doors_of_both_kinds(anyone, mailbox):
    """A token is a provider's or a patient's, and at the other's door it proves nothing and stays good."""
    script = anyone.expect(200, "GET", "/static/pages/verify-email.js").text
    assert '["provider", "patient"]' in script and "`/api/v1/${kind}/verify-email`" in script
    made = enrol(anyone, "patient")
    token = verification_token(mailbox, made["email"])
    answers = [anyone.post(f"/api/v1/{kind}/verify-email", json={"token": token}) for kind in ("provider", "patient")]
    assert [answer.status_code for answer in answers] == [400, 200]


def test_a_mail_can_be_asked_for_again_and_tells_nobody_who_is_here(anyone, mailbox):
    made = enrol(anyone, "patient")
    verification_token(mailbox, made["email"])
    path = "/api/v1/patient/resend-verification"
    known = anyone.expect(200, "POST", path, json={"email": made["email"]}).json()
    assert known == anyone.expect(200, "POST", path, json={"email": fresh_email("nobody")}).json()
    until(lambda: len(mailbox.to(made["email"])) == 2, 30, "the second mail")
    for status in (200, 200, 429):
        answer = anyone.expect(status, "POST", path, json={"email": made["email"].upper()})
    assert int(answer.headers["Retry-After"]) > 0


def test_a_profile_is_the_patients_own_and_an_administrators_with_a_trace(anyone, url, house, jane, admin, person):
    path = f"/api/v1/patient/profile/{jane['patient_id']}"
    anyone.expect(401, "GET", path)
    person.expect(404, "GET", path)
    other = enrol(anyone, "patient")
    doctor = enrol(anyone, "provider")
    for kind, made in (("patient", other), ("provider", doctor)):
        with log_in(url, kind, made["email"]) as stranger:
            foreign = stranger.expect(404, "GET", path).json()
            absent = stranger.expect(404, "GET", "/api/v1/patient/profile/0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90").json()
            assert foreign | {"request_id": ""} == absent | {"request_id": ""}
    with log_in(url, "patient", jane["email"]) as own:
        shown = own.expect(200, "GET", path).json()["data"]
        assert own.expect(200, "GET", path + "/").json()["data"] == shown
    sent = {key: value for key, value in DOCUMENTED.items() if "password" not in key}
    assert {key: shown[key] for key in sent} == sent
    assert shown["medical_history"] == [] and shown["is_active"] is True
    assert shown["email_verified"] is False and shown["phone_verified"] is False
    assert not [key for key in shown if "password" in key]
    seen = "select count(*) from registry.audit_entry where action = 'patient.profile_read' and subject = 'patient/{}'"
    assert psql(house, seen.format(jane["patient_id"])) == [["0"]]
    assert admin.expect(200, "GET", path).json()["data"] == shown
    assert psql(house, seen.format(jane["patient_id"])) == [["1"]]
    admin.expect(404, "GET", "/api/v1/patient/profile/0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90")


def test_who_is_twelve_may_not_and_who_is_thirteen_today_may(anyone):
    for birth in (years_ago(12), years_ago(13, plus_days=1)):
        assert refused(anyone, date_of_birth=birth) == {"date_of_birth": ["Must be at least 13 years old"]}
    for birth in (years_ago(0, plus_days=2), "15.05.1990", "1990-02-30", 1990):
        assert set(refused(anyone, date_of_birth=birth)) == {"date_of_birth"}
    enrol(anyone, "patient", date_of_birth=years_ago(13))


def test_both_forms_of_a_phone_are_one_phone(anyone):
    plain = fresh_phone().removeprefix("+")
    assert enrol(anyone, "patient", phone_number=plain)["phone_number"] == "+" + plain
    for written in (plain, "+" + plain):
        assert refused(anyone, phone_number=written) == {"phone_number": ["Phone number is already registered"]}


def test_an_email_is_one_whatever_its_case(anyone):
    email = fresh_email("Case.Sensitive")
    enrol(anyone, "patient", email=email)
    assert refused(anyone, email=email.swapcase()) == {"email": ["Email is already registered"]}


@pytest.mark.parametrize(
    "field, value, path",
    [
        ("first_name", "J", "first_name"),
        ("last_name", "x" * 51, "last_name"),
        ("email", "jane@", "email"),
        ("phone_number", "+0123456789", "phone_number"),
        ("phone_number", "555-1234", "phone_number"),
        ("confirm_password", "SecurePassword124!", "confirm_password"),
        ("password", "Password1!", "password"),
        ("gender", "F", "gender"),
        ("address", None, "address"),
        ("address", DOCUMENTED["address"] | {"zip": "?"}, "address.zip"),
        ("address", DOCUMENTED["address"] | {"street": "s" * 201}, "address.street"),
        ("emergency_contact", {"name": "n" * 101}, "emergency_contact.name"),
        ("emergency_contact", {"phone": "555-1234"}, "emergency_contact.phone"),
        ("emergency_contact", {"relationship": "r" * 51}, "emergency_contact.relationship"),
        ("medical_history", "Asthma", "medical_history"),
        ("insurance_info", {"policy_number": 7}, "insurance_info.policy_number"),
    ],
)
def test_each_rule_is_a_422_that_names_its_field(anyone, field, value, path):
    assert path in refused(anyone, **{field: value})


def test_broken_json_is_400_and_bare_errors_are_bare(anyone):
    broken = anyone.expect(400, "POST", REGISTER, content=b'{"first_name": ', headers=JSON).json()
    assert broken["success"] is False and broken["code"] == "malformed_json"
    plain = {"Accept": "application/json; profile=plain"}
    bare = anyone.expect(422, "POST", REGISTER, json=patient(gender="F"), headers=plain).json()
    assert bare == {"gender": ["Must be one of: male, female, other, prefer_not_to_say."]}


def test_what_is_optional_may_be_left_out_and_what_is_sent_comes_back(anyone, url):
    body = patient(gender="prefer_not_to_say", medical_history=["Asthma", "Appendectomy 2011"])
    del body["emergency_contact"], body["insurance_info"]
    made = anyone.expect(201, "POST", REGISTER, json=body).json()["data"]
    with log_in(url, "patient", body["email"]) as own:
        shown = own.expect(200, "GET", f"/api/v1/patient/profile/{made['patient_id']}").json()["data"]
        assert shown["gender"] == "prefer_not_to_say" and shown["medical_history"] == body["medical_history"]
        assert shown["emergency_contact"] is None and shown["insurance_info"] is None
        flat = own.expect(200, "GET", f"/api/patients/{made['patient_id']}").json()["data"]
        assert flat["gender"] == "N" and flat["medical_history"] == "Asthma\nAppendectomy 2011"
        assert [one["id"] for one in own.expect(200, "GET", "/api/patients").json()["data"]] == [made["patient_id"]]


def test_fifty_at_once_make_one(url, house):
    body = patient()

    def attempt(_):
        with Client(url) as client:
            return client.post(REGISTER, json=body)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(attempt, range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 49
    taken = [answer.json()["errors"] for answer in answers if answer.status_code == 422]
    assert all(errors["email"] == ["Email is already registered"] for errors in taken)


def test_the_same_key_gets_the_first_answer(anyone):
    body, headers = patient(), {"Idempotency-Key": secrets.token_hex(8)}
    first = anyone.expect(201, "POST", REGISTER, json=body, headers=headers)
    second = anyone.expect(201, "POST", REGISTER, json=body, headers=headers)
    assert first.json() == second.json() and second.headers["Idempotency-Replayed"] == "true"


def test_a_phone_is_proven_by_whoever_is_logged_in_as_its_patient(anyone, url, person):
    request, verify = "/api/v1/patient/verify-phone/request", "/api/v1/patient/verify-phone"
    anyone.expect(401, "POST", request)
    person.expect(403, "POST", request)
    made = enrol(anyone, "patient")
    with log_in(url, "patient", made["email"]) as own:
        said = own.expect(200, "POST", request).json()
        assert said["success"] is True and said["data"] is None
        errors = own.expect(422, "POST", verify, json={"code": "000000x"}).json()["errors"]
        assert errors == {"code": ["This code is wrong or has expired."]}
        assert "code" in own.expect(422, "POST", verify, json={}).json()["errors"]


def test_the_browser_of_the_documented_frontend_may_register(anyone):
    headers = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = anyone.options(REGISTER, headers=headers)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_every_attempt_is_in_the_trail(anyone, house):
    count = "select count(*) from registry.audit_entry where action = '{}'"

    def noted(action: str) -> int:
        return int(psql(house, count.format(action))[0][0])

    before = noted("patient.registered"), noted("patient.registration_refused")
    made = enrol(anyone, "patient")
    refused(anyone, email=made["email"])
    assert (noted("patient.registered"), noted("patient.registration_refused")) == (before[0] + 1, before[1] + 1)
