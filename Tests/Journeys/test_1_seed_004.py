"""Does the hospital half of seed 004 work, from the registration to the doctor's first login?"""

import re
import secrets
import string
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.hospitals import (
    approved_hospital,
    by_username,
    department,
    doctor,
    hospital,
    make_doctor,
    register_hospital,
)
from house.people import PASSWORD, Client, fresh_email
from house.registrants import SECRET, enrol, fresh_phone, log_in
from house.waiting import until

UNKNOWN = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"


@pytest.fixture(scope="module")
def jinnah(url, admin):
    with approved_hospital(url, admin) as person:
        yield person


@pytest.fixture(scope="module")
def other(url, admin):
    with approved_hospital(url, admin, city="Berlin", latitude=52.52, longitude=13.405) as person:
        yield person


@pytest.fixture(scope="module")
def cardiology(jinnah):
    return department(jinnah)


def mails(mailbox, address: str, subject: str):
    found = [mail for mail in mailbox.to(address) if mail["Subject"] == subject]
    return [mail.get_body(("plain",)).get_content() for mail in found]


def refused_login(client: Client, username: str, password: str = PASSWORD) -> dict:
    body = {"username": username, "password": password}
    bare = client.expect(403, "POST", "/api/token/", json=body).json()
    answer = client.expect(403, "POST", "/api/auth/login", json=body).json()
    assert answer["code"] == bare["code"] == "account_inactive"
    return answer


def test_a_hospital_registers_and_waits(anyone, admin, mailbox):
    """S4-10: not approved, not active, and no login."""
    made = register_hospital(anyone)
    assert made["status"] == "pending" and made["is_approved"] is False and made["is_active"] is False
    assert "pending" in refused_login(anyone, made["username"])["message"]
    anyone.expect(401, "POST", "/api/auth/login", json={"username": made["username"], "password": "Wrong-Pass-1"})
    path = f"/api/hospitals/{made['hospital_id']}"
    anyone.expect(404, "GET", path)
    assert admin.expect(200, "GET", path).json()["data"]["license_number"] == made["license_number"]
    listed = admin.expect(200, "GET", "/api/hospitals/", params={"status": "pending", "page_size": 100}).json()
    assert made["hospital_id"] in [one["id"] for one in listed["data"]]
    public = anyone.expect(200, "GET", "/api/hospitals", params={"search": made["name"]}).json()
    assert public["count"] == 0 and public["data"] == []

    def told():
        texts = mails(mailbox, admin.user["email"], "A hospital waits for approval")
        return [text for text in texts if f"{path}/approve" in text]

    [text] = until(told, 30, "the word to the administrator")
    assert made["name"] in text and made["license_number"] in text


def test_what_is_wrong_and_what_is_taken_is_told_together(anyone, jinnah):
    taken = {key: jinnah.entry[key] for key in ("username", "email", "license_number")}
    body = hospital(**taken) | {"latitude": 91, "confirm_password": "other"}
    errors = anyone.expect(400, "POST", "/api/hospitals/register", json=body).json()["errors"]
    assert set(errors) == {"username", "email", "license_number", "latitude", "confirm_password"}
    for key in ("username", "license_number"):
        errors = anyone.expect(
            400, "POST", "/api/hospitals/register", json=hospital(**{key: jinnah.entry[key].swapcase()})
        ).json()["errors"]
        assert set(errors) == {key}
    errors = anyone.expect(400, "POST", "/api/hospitals/register", json=hospital(timezone="Mars/X")).json()["errors"]
    assert set(errors) == {"timezone"}
    errors = anyone.expect(400, "POST", "/api/hospitals/register", json={}).json()["errors"]
    assert {"username", "password", "name", "email", "phone_number", "license_number", "city"} <= set(errors)


def test_twenty_registrations_of_one_name_make_one(url):
    name = f"rush_{secrets.token_hex(4)}"

    def attempt(_):
        with Client(url) as client:
            return client.post("/api/hospitals/register", json=hospital(username=name))

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(attempt, range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 19
    assert all(set(answer.json()["errors"]) == {"username"} for answer in answers if answer.status_code == 400)


def test_approved_it_logs_in_and_is_told(anyone, url, admin, person, mailbox):
    """S4-13."""
    made = register_hospital(anyone)
    path = f"/api/hospitals/{made['hospital_id']}"
    anyone.expect(401, "PATCH", f"{path}/approve")
    person.expect(403, "PATCH", f"{path}/approve")
    admin.expect(404, "PATCH", f"/api/hospitals/{UNKNOWN}/approve")
    shown = admin.expect(200, "PATCH", f"{path}/approve/").json()["data"]
    assert shown["status"] == "approved" and shown["is_approved"] is True and shown["is_active"] is True
    with by_username(url, made["username"]) as own:
        assert own.user["role"] == "hospital"
        assert own.expect(200, "GET", path).json()["data"]["license_number"] == made["license_number"]
    public = anyone.expect(200, "GET", path).json()["data"]
    assert public["name"] == made["name"] and public["license_number"] is None
    text = until(lambda: mails(mailbox, made["email"], "Your hospital has been approved"), 30, "the mail")
    assert "approved" in text[0]


def test_rejected_it_hears_the_reason_word_for_word(anyone, admin, mailbox):
    made = register_hospital(anyone)
    path = f"/api/hospitals/{made['hospital_id']}"
    assert set(admin.expect(400, "PATCH", f"{path}/reject", json={}).json()["errors"]) == {"reason"}
    reason = 'The license "HOSP & Co" has expired, and 3 < 4.'
    shown = admin.expect(200, "PATCH", f"{path}/reject", json={"reason": reason}).json()["data"]
    assert shown["status"] == "rejected" and shown["rejection_reason"] == reason
    assert "not approved" in refused_login(anyone, made["username"])["message"]
    subject = "Your hospital's registration was not accepted"
    text = until(lambda: mails(mailbox, made["email"], subject), 30, "the mail")
    assert reason in text[0]
    anyone.expect(404, "GET", path)


def test_rejecting_an_approved_one_ends_its_logins_and_its_doctors(url, other_url, admin):
    own = approved_hospital(url, admin)
    made = make_doctor(own, department(own))
    ali = by_username(url, made["username"], made["password"])
    path = f"/api/hospitals/{own.entry['hospital_id']}"
    admin.expect(200, "PATCH", f"{path}/reject", json={"reason": "Closed."})
    for one in (own, own.at(other_url), ali, ali.at(other_url)):
        until(lambda: one.get("/api/auth/me").status_code == 401, 1, "the end of the session")
        one.expect(401, "POST", "/api/auth/token/refresh", json={"refresh": one.tokens["refresh"]})
    with Client(url) as anyone:
        refused_login(anyone, own.entry["username"])
        refused_login(anyone, made["username"], made["password"])
    admin.expect(200, "PATCH", f"{path}/approve")
    by_username(url, own.entry["username"]).close()
    by_username(url, made["username"], made["password"]).close()


def test_deleted_it_is_gone_with_its_logins(anyone, url, admin):
    own = approved_hospital(url, admin)
    made = make_doctor(own, department(own))
    path = f"/api/hospitals/{own.entry['hospital_id']}"
    own.expect(403, "DELETE", path)
    admin.expect(200, "DELETE", path)
    for one in (own, admin, anyone):
        until(lambda: one.get(path).status_code in (401, 404), 1, "nobody finds it")
    admin.expect(404, "GET", path)
    until(lambda: own.get("/api/auth/me").status_code == 401, 1, "the end of the session")
    refused_login(anyone, own.entry["username"])
    refused_login(anyone, made["username"], made["password"])
    anyone.expect(201, "POST", "/api/hospitals/register", json=hospital(license_number=own.entry["license_number"]))


def test_a_hospital_changes_itself_alone(anyone, admin, jinnah, other, person):
    path = f"/api/hospitals/{jinnah.entry['hospital_id']}"
    shown = jinnah.expect(200, "GET", path)
    body = {"phone_number": "+924299999999", "status": "rejected", "prescribing_policy": "require_reason"}
    changed = jinnah.expect(200, "PATCH", path, json=body, headers={"If-Match": shown.headers["ETag"]}).json()["data"]
    assert changed["phone_number"] == "+924299999999" and changed["status"] == "approved"
    assert changed["prescribing_policy"] == "require_reason"
    jinnah.expect(412, "PATCH", path, json={"city": "X"}, headers={"If-Match": shown.headers["ETag"]})
    for somebody, status in ((other, 403), (person, 403), (anyone, 401)):
        somebody.expect(status, "PATCH", path, json={"name": "Stolen"})
    assert set(jinnah.expect(400, "PATCH", path, json={"longitude": 200}).json()["errors"]) == {"longitude"}
    back = admin.expect(200, "PATCH", path, json={"prescribing_policy": "warn"}).json()["data"]
    assert back["prescribing_policy"] == "warn"


def test_nearby_the_nearest_first(anyone, jinnah, other):
    """S4-14."""
    params = {"lat": 52.5, "lng": 13.4, "limit": 100}
    found = anyone.expect(200, "GET", "/api/hospitals/nearby/", params=params).json()["data"]
    assert other.entry["hospital_id"] in [one["id"] for one in found]
    assert jinnah.entry["hospital_id"] not in [one["id"] for one in found]
    distances = [one["distance_km"] for one in found]
    assert distances == sorted(distances) and all(0 <= one <= 25 for one in distances)
    for wrong in ({"lat": "north"}, {"lat": 91}, {"lng": 181}, {"radius_km": 0}, {"radius_km": 501}, {"limit": 0}):
        answer = anyone.expect(400, "GET", "/api/hospitals/nearby", params=params | wrong).json()
        assert set(answer["errors"]) == set(wrong)
    assert set(anyone.expect(400, "GET", "/api/hospitals/nearby").json()["errors"]) == {"lat", "lng"}


def test_departments_are_a_hospitals_own(anyone, person, jinnah, other, cardiology):
    """S4-17, S4-18."""
    path = "/api/hospitals/departments"
    assert cardiology["hospital_id"] == jinnah.entry["hospital_id"]
    assert jinnah.expect(409, "POST", path, json={"name": "CARDIOLOGY"}).json()["code"] == "duplicate"
    assert set(jinnah.expect(400, "POST", path, json={"name": "x" * 101}).json()["errors"]) == {"name"}
    person.expect(403, "POST", path, json={"name": "Neurology"})
    anyone.expect(401, "POST", path, json={"name": "Neurology"})
    assert [one["name"] for one in jinnah.expect(200, "GET", f"{path}/").json()["data"]] == ["Cardiology"]
    assert other.expect(200, "GET", path).json()["data"] == []
    asked = person.expect(200, "GET", path, params={"hospital_id": jinnah.entry["hospital_id"]}).json()
    assert [one["id"] for one in asked["data"]] == [cardiology["id"]]
    one = f"{path}/{cardiology['id']}"
    for method, options in (("PATCH", {"json": {"name": "Stolen"}}), ("DELETE", {})):
        other.expect(404, method, one, **options)
    assert jinnah.expect(200, "PATCH", one, json={"description": "Hearts"}).json()["data"]["description"] == "Hearts"
    empty = department(jinnah, "Dermatology")
    jinnah.expect(200, "DELETE", f"{path}/{empty['id']}")
    jinnah.expect(404, "DELETE", f"{path}/{empty['id']}")


def test_a_doctor_gets_credentials_once_and_logs_in_with_them(anyone, url, jinnah, cardiology, mailbox, admin):
    """S4-15, S4-36, S4-37, S4-47."""
    key = {"Idempotency-Key": secrets.token_hex(8)}
    body = doctor(cardiology)
    answer = jinnah.expect(201, "POST", "/api/hospitals/doctors/create/", json=body, headers=key)
    made = answer.json()["data"]
    name = re.sub(r"[^a-z0-9]", "", jinnah.entry["name"].lower())
    assert made["username"] == f"alikhan_{name}" and made["doctor_id"] == made["id"]
    password = made["password"]
    classes = (string.ascii_uppercase, string.ascii_lowercase, string.digits, string.punctuation)
    assert len(password) == 12 and all(set(password) & set(one) for one in classes)
    again = jinnah.expect(201, "POST", "/api/hospitals/doctors/create/", json=body, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json()["data"] == made | {"password": None}
    with by_username(url, made["username"], password) as ali:
        assert ali.user["role"] == "doctor"
        ali.expect(200, "GET", "/api/auth/me")
        change = {"old_password": password, "new_password": PASSWORD, "confirm_password": PASSWORD}
        ali.expect(200, "POST", "/api/accounts/change-password", json=change)
        ali.expect(403, "POST", "/api/hospitals/departments", json={"name": "Mine"})
    by_username(url, made["username"]).close()
    listed = jinnah.expect(200, "GET", "/api/hospitals/doctors/", params={"department_id": cardiology["id"]})
    assert made["id"] in [one["id"] for one in listed.json()["data"]] and password not in listed.text
    text = until(lambda: mails(mailbox, body["email"], "A hospital has made an account for you"), 30, "the mail")
    assert jinnah.entry["name"] in text[0] and password not in text[0] and "cardio" not in text[0].lower()
    trail = admin.expect(200, "GET", "/api/admin/audit", params={"service": "registry", "action": "doctor_created"})
    assert f"doctor/{made['id']}" in trail.text and password not in trail.text


def test_ten_doctors_of_one_name_at_once_get_ten_usernames(url, jinnah, cardiology):
    word = secrets.token_hex(3)

    def make(_):
        with jinnah.at(url) as one:
            return make_doctor(one, cardiology, first_name="Zoë", last_name=f"O'{word}")["username"]

    with ThreadPoolExecutor(10) as pool:
        names = list(pool.map(make, range(10)))
    stem = f"zoeo{word}_"
    assert len(set(names)) == 10 and all(one.startswith(stem) for one in names)
    assert {re.sub(r".*hospital", "", one) for one in names} == {""} | {str(n) for n in range(2, 11)}


def test_one_doctor_one_licence_two_hospitals_two_accounts(url, jinnah, other, cardiology):
    """S4-38."""
    licence, email = f"LIC-{secrets.token_hex(4).upper()}", fresh_email("both")
    first = make_doctor(jinnah, cardiology, license_number=licence, email=email)
    second = make_doctor(other, department(other, f"Cardiology {licence}"), license_number=licence, email=email)
    assert first["username"] != second["username"]
    body = doctor(cardiology, license_number=licence.lower())
    assert set(jinnah.expect(409, "POST", "/api/hospitals/doctors/create", json=body).json()["errors"]) == {
        "license_number"
    }
    tenants = set()
    for made in (first, second):
        with by_username(url, made["username"], made["password"]) as one:
            tenants.add(one.expect(200, "GET", "/api/auth/me").json()["data"]["tenant_id"])
    assert tenants == {jinnah.entry["hospital_id"], other.entry["hospital_id"]}


def test_what_is_refused_of_a_doctor(anyone, person, jinnah, other, cardiology):
    path = "/api/hospitals/doctors/create"
    person.expect(403, "POST", path, json=doctor(cardiology))
    anyone.expect(401, "POST", path, json=doctor(cardiology))
    assert set(other.expect(400, "POST", path, json=doctor(cardiology)).json()["errors"]) == {"department_id"}
    assert set(jinnah.expect(400, "POST", path, json=doctor({"id": UNKNOWN})).json()["errors"]) == {"department_id"}
    errors = jinnah.expect(400, "POST", path, json={"specialization": "wizardry"}).json()["errors"]
    required = {"first_name", "last_name", "email", "specialization", "department_id", "license_number"}
    assert set(errors) == required
    made = make_doctor(jinnah, cardiology)
    other.expect(404, "PATCH", f"/api/hospitals/doctors/{made['id']}", json={"is_active": False})
    assert made["id"] not in other.expect(200, "GET", "/api/hospitals/doctors").text


def test_a_deactivated_doctor_is_out_within_a_second_and_back_when_activated(url, other_url, anyone, jinnah, cardiology):
    made = make_doctor(jinnah, cardiology)
    path = f"/api/hospitals/doctors/{made['id']}"
    ali = by_username(url, made["username"], made["password"])
    shown = jinnah.expect(200, "PATCH", path, json={"is_active": False}).json()["data"]
    assert shown["is_active"] is False
    for one in (ali, ali.at(other_url)):
        until(lambda: one.get("/api/auth/me").status_code == 401, 1, "the end of the session")
    refused_login(anyone, made["username"], made["password"])
    found = jinnah.expect(200, "GET", "/api/doctors", params={"search": jinnah.entry["name"], "page_size": 100})
    assert made["id"] not in found.text
    assert jinnah.expect(200, "PATCH", path, json={"is_active": True}).json()["data"]["is_active"] is True
    by_username(url, made["username"], made["password"]).close()


def test_a_department_with_doctors_stays(jinnah, cardiology):
    jinnah.expect(409, "DELETE", f"/api/hospitals/departments/{cardiology['id']}")


def test_a_patient_registers_with_consent_and_logs_in_by_username(anyone, url, mailbox):
    """S4-4, S4-5."""
    body = {
        "username": f"sara_{secrets.token_hex(4)}",
        "email": fresh_email("sara"),
        "password": PASSWORD,
        "confirm_password": PASSWORD,
        "first_name": "Sara",
        "last_name": "Ahmed",
        "phone_number": fresh_phone(),
        "date_of_birth": "1992-04-11",
        "gender": "female",
        "consent": True,
        "address": "12 Canal Road",
    }
    path = "/api/accounts/patients/register"
    for consent in (False, None):
        errors = anyone.expect(400, "POST", path, json=body | {"consent": consent}).json()["errors"]
        assert set(errors) == {"consent"}
    made = anyone.expect(201, "POST", f"{path}/", json=body).json()["data"]
    assert set(made) == {"patient_id", "user"} and made["user"]["role"] == "patient"
    assert set(anyone.expect(400, "POST", path, json=body).json()["errors"]) == {"username", "email", "phone_number"}
    with by_username(url, body["username"]) as sara:
        me = sara.expect(200, "GET", "/api/accounts/me/").json()["data"]
        assert me["username"] == body["username"] and me["profile"]["patient_id"] == made["patient_id"]
        own = sara.expect(200, "GET", f"/api/v1/patient/profile/{made['patient_id']}").json()["data"]
        assert own["first_name"] == "Sara" and own["email"] == body["email"]
    until(lambda: mails(mailbox, body["email"], "Confirm your email address"), 30, "the verification mail")


def test_everybody_is_told_who_they_are(jinnah, url, cardiology, person, admin):
    me = jinnah.expect(200, "GET", "/api/accounts/me").json()["data"]
    assert me["role"] == "hospital" and me["profile"]["hospital_id"] == jinnah.entry["hospital_id"]
    assert me["profile"]["status"] == "approved"
    made = make_doctor(jinnah, cardiology)
    with by_username(url, made["username"], made["password"]) as ali:
        profile = ali.expect(200, "GET", "/api/accounts/me").json()["data"]["profile"]
    assert profile["doctor_id"] == made["id"] and profile["department_id"] == cardiology["id"]
    assert profile["hospital_id"] == jinnah.entry["hospital_id"]
    for one in (person, admin):
        assert one.expect(200, "GET", "/api/accounts/me").json()["data"]["profile"] is None


def test_administrators_see_numbers_and_patients(anyone, url, admin, person, jinnah):
    """S4-9, S4-46."""
    made = enrol(anyone, "patient")
    path = f"/api/admin/patients/{made['patient_id']}"
    for one, status in ((person, 403), (jinnah, 403), (anyone, 401)):
        for where in ("/api/accounts/dashboard-stats", "/api/admin/patients", path):
            one.expect(status, "GET", where)
    stats = admin.expect(200, "GET", "/api/accounts/dashboard-stats/").json()["data"]
    assert stats["accounts_by_role"]["patient"] >= 1 and stats["hospitals_by_status"]["approved"] >= 1
    assert stats["recent_activity"]
    listed = admin.expect(200, "GET", "/api/admin/patients", params={"search": made["email"]}).json()
    assert [one["id"] for one in listed["data"]] == [made["patient_id"]]
    assert admin.expect(200, "GET", path).json()["data"]["email"] == made["email"]
    trail = admin.expect(200, "GET", "/api/admin/audit", params={"service": "registry", "action": "patient.read"})
    assert f"patient/{made['patient_id']}" in trail.text
    assert admin.expect(200, "PATCH", path, json={"city": "Lahore"}).json()["data"]["city"] == "Lahore"
    own = log_in(url, "patient", made["email"])
    admin.expect(200, "DELETE", path)
    admin.expect(404, "GET", path)
    until(lambda: own.get("/api/auth/me").status_code == 401, 1, "the end of the session")
    body = {"email": made["email"], "password": SECRET}
    anyone.expect(401, "POST", "/api/auth/login", json=body)
