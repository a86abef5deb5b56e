"""Is what is personal or secret found anywhere that it should not be?"""

import pytest

from house.canaries import forms, found_in
from house.hospitals import by_username, department, make_doctor
from house.people import Client, register
from house.stores import dump, redis_contents
from house.waiting import until

WORDS = {
    "name": "Quillonaria Zephyrstone",
    "first name": "Quillonaria",
    "patient first": "Xanthippelia",
    "patient last": "Brontoxwyk",
    "patient email": "xanthippelia.b@canary-mail.example",
    "patient phone": "+4915799887766",
    "history": "Trichotillowyvern syndrome",
    "contact": "Mordechaibel Vintrose",
    "contact phone": "555-918273",
    "street": "77 Gossamerfield Crescent",
    "notes": "Referred for wyvernoscopy",
    "allergies": "Obsidianberries",
    "registered first": "Philomenandra",
    "registered last": "Ottergloomwick",
    "registered email": "philomenandra.o@canary-ward.example",
    "registered phone": "+4917655443322",
    "registered birth": "1966-06-16",
    "registered street": "13 Thistlequark Mews",
    "next of kin": "Barnabyssus Ottergloomwick",
    "kin phone": "+4917611223399",
    "registered history": "Lycanthrombosis since 2019",
    "insurer": "Grindelwaldian Mutual",
    "policy": "QUOKKA-31-7741-ZX",
    "registered password": "Velocipede-Custard-4471",
    "written allergy": "Chrysoprasenuts",
    "written medicine": "Zanzibarolimus 5 mg",
    "written history": "Hemiwombatosis since 2011",
    "symptoms": "Oscillating flibberitch behind the ear",
    "emergency": "Found beneath the carillon",
    "diagnosis": "Acute gryphonitis",
    "medicine": "Phlogistomycin",
    "prescription notes": "Beware of the antimacassar",
}
EMAIL, PASSWORD = "quillonaria.z@canary-home.example", "Marzipan-Trebuchet-9317"


@pytest.fixture(scope="module")
def canary(house, url, mailbox, hospital):
    """Somebody whose every word is looked for, after having done everything, wrongly as well."""
    with register(
        url, username="canary_nine", name=WORDS["name"], email=EMAIL, password=PASSWORD, confirm_password=PASSWORD
    ) as person:
        words = WORDS | {
            "email": EMAIL,
            "password": PASSWORD,
            "access": person.tokens["access"].split(".")[2],
            "refresh": person.tokens["refresh"],
        }
        live(person)
        live_registered(url, hospital)
        fail(url, person)
        until(lambda: mailbox.to(EMAIL), what="the welcome mail")
        refreshed = person.expect(
            200, "POST", "/api/auth/token/refresh", json={"refresh": person.tokens["refresh"]}
        ).json()["data"]
        words |= {"second access": refreshed["access"].split(".")[2], "second refresh": refreshed["refresh"]}
        yield words


def live(person) -> None:
    body = {
        "first_name": WORDS["patient first"],
        "last_name": WORDS["patient last"],
        "email": WORDS["patient email"],
        "phone": WORDS["patient phone"],
        "medical_history": WORDS["history"],
        "emergency_contact_name": WORDS["contact"],
        "emergency_contact_phone": WORDS["contact phone"],
        "address": WORDS["street"],
        "allergies": WORDS["allergies"],
        "date_of_birth": "1977-07-07",
    }
    patient = person.patient(**body)
    path = f"/api/patients/{patient['id']}"
    person.expect(200, "PUT", path, json=body)
    person.expect(200, "PATCH", path, json={"city": "Somewhere"})
    person.mapping(patient, person.doctor(), notes=WORDS["notes"])
    person.expect(201, "POST", "/api/patients", json=body, headers={"Idempotency-Key": "canary-key-00001"})
    for search in ("patient first", "patient last", "patient email"):
        assert person.expect(200, "GET", "/api/patients", params={"search": WORDS[search]}).json()["count"] == 2


def live_registered(url: str, hospital) -> None:
    """As a patient who has an account, right and wrong."""
    secret = {"password": WORDS["registered password"], "confirm_password": WORDS["registered password"]}
    body = {
        "first_name": WORDS["registered first"],
        "last_name": WORDS["registered last"],
        "email": WORDS["registered email"],
        "phone_number": WORDS["registered phone"],
        "date_of_birth": WORDS["registered birth"],
        "gender": "other",
        "address": {"street": WORDS["registered street"], "city": "Somewhere", "state": "XX", "zip": "10117"},
        "emergency_contact": {"name": WORDS["next of kin"], "phone": WORDS["kin phone"], "relationship": "sister"},
        "medical_history": [WORDS["registered history"]],
        "insurance_info": {"provider": WORDS["insurer"], "policy_number": WORDS["policy"]},
    } | secret
    register_path = "/api/v1/patient/register"
    with Client(url) as anyone:
        keyed = {"Idempotency-Key": "canary-key-00002"}
        made = anyone.expect(201, "POST", register_path, json=body, headers=keyed).json()["data"]
        for wrong in (body, body | {"address": WORDS["registered street"], "gender": WORDS["next of kin"]}):
            anyone.expect(422, "POST", register_path, json=wrong)
        credentials = {"email": body["email"], "password": WORDS["registered password"]}
        anyone.expect(401, "POST", "/api/v1/patient/login", json=credentials | {"password": WORDS["policy"]})
        data = anyone.expect(200, "POST", "/api/v1/patient/login", json=credentials).json()["data"]
        own = {"Authorization": f"Bearer {data['tokens']['access']}"}
        anyone.expect(200, "GET", f"/api/v1/patient/profile/{made['patient_id']}", headers=own)
        anyone.expect(200, "PATCH", f"/api/patients/{made['patient_id']}", json={"city": "Elsewhere"}, headers=own)
        anyone.expect(200, "POST", "/api/v1/patient/verify-phone/request", headers=own)
        anyone.expect(422, "POST", "/api/v1/patient/verify-phone", json={"code": WORDS["policy"]}, headers=own)
        health = {
            "allergies": WORDS["written allergy"],
            "current_medications": [WORDS["written medicine"]],
            "medical_history": WORDS["written history"],
        }
        record = f"/api/records/patients/{made['patient_id']}"
        anyone.expect(200, "PUT", f"{record}/health", json=health, headers=own | {"Idempotency-Key": "canary-key-00003"})
        anyone.expect(200, "POST", "/api/recommendations", json={"symptoms": WORDS["symptoms"]}, headers=own)
    live_treated(url, hospital, made["patient_id"])


def live_treated(url: str, hospital, patient: str) -> None:
    """By a doctor who opens the records in an emergency, and prescribes."""
    made = make_doctor(hospital, department(hospital))
    record, prescriptions = f"/api/records/patients/{patient}", "/api/records/prescriptions"
    body = {
        "patient_id": patient,
        "diagnosis": WORDS["diagnosis"],
        "medicines": [{"name": WORDS["medicine"], "dosage": "1", "frequency": "daily", "duration": "2 days"}],
        "notes": WORDS["prescription notes"],
    }
    with by_username(url, made["username"], made["password"]) as doctor:
        doctor.expect(403, "POST", f"{prescriptions}/create", json=body)
        doctor.expect(201, "POST", f"{record}/break-glass", json={"reason": WORDS["emergency"]})
        keyed = {"Idempotency-Key": "canary-key-00004"}
        kept = doctor.expect(201, "POST", f"{prescriptions}/create", json=body, headers=keyed).json()["data"]
        doctor.expect(400, "POST", f"{prescriptions}/create", json=body | {"medicines": WORDS["medicine"]})
        doctor.expect(200, "GET", f"{prescriptions}/{kept['id']}/document.pdf")
        advice = {"symptoms": WORDS["symptoms"], "patient_id": patient}
        doctor.expect(200, "POST", "/api/recommendations", json=advice)


def fail(url: str, person) -> None:
    """Errors are where data slips out."""
    name = WORDS["patient first"]
    person.get(f"/api/patients/{name}")
    person.get(f"/{name}?email={EMAIL}&password={PASSWORD}")
    person.post(
        "/api/patients", json={"first_name": name, "date_of_birth": WORDS["history"], "gender": WORDS["contact"]}
    )
    person.post(
        "/api/patients",
        content=f'{{"first_name": "{name}", "x": {PASSWORD}'.encode(),
        headers={"Content-Type": "application/json"},
    )
    person.post("/api/doctors", json={"license_number": WORDS["contact"]})
    person.get("/api/doctors", params={"ordering": name, "search": WORDS["history"]})
    with Client(url) as anyone:
        anyone.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD + "x"})
        anyone.post("/api/auth/login", json={"username": PASSWORD, "password": EMAIL})
        anyone.post(
            "/api/auth/register",
            json={"name": WORDS["name"], "email": EMAIL, "password": PASSWORD, "confirm_password": PASSWORD},
        )
        anyone.post("/api/auth/token/refresh", json={"refresh": person.tokens["refresh"] + "x"})
        anyone.get("/api/patients", headers={"Authorization": f"Bearer {person.tokens['access']}x"})
        anyone.get(
            "/api/patients",
            headers={"Authorization": f"Basic {PASSWORD}", "User-Agent": WORDS["contact"], "Cookie": f"a={EMAIL}"},
        )


def test_the_search_for_canaries_finds_what_is_there():
    for form in forms(WORDS["contact"]):
        assert found_in(b"xx" + form + b"yy", WORDS), form


def test_no_log_holds_them(house, canary):
    seen = {path.name: found_in(path.read_bytes(), canary) for path in house.folders.log.iterdir()}
    assert {name: words for name, words in seen.items() if words} == {}
    assert {"gateway.log", "registry.log", "identity.log", "postgres.log"} <= set(seen)


def test_no_measure_holds_them(house, canary):
    for service in house.services.values():
        assert found_in(service.ops("/metrics").content, canary) == [], service.name


def test_redis_holds_none_of_them(house, canary):
    contents = redis_contents(house)
    assert contents and found_in(contents.encode(), canary) == []


def test_a_dump_of_the_database_holds_none_of_them(house, canary):
    text = dump(house)
    assert "insert into" in text.lower() and found_in(text.encode(), canary) == []


def test_no_write_ahead_log_holds_them(house, canary):
    """It has what was overwritten or deleted since."""
    segments = [path for path in (house.postgres.data / "pg_wal").iterdir() if path.is_file()]
    seen = {name for path in segments for name, word in canary.items() if word.encode() in path.read_bytes()}
    assert segments and seen == set()


def test_no_error_repeats_what_was_sent(url, canary):
    with Client(url) as anyone:
        answers = [
            anyone.get(f"/{WORDS['contact']}"),
            anyone.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD + "x"}),
            anyone.post("/api/auth/register", json={"email": WORDS["contact"], "password": WORDS["history"]}),
        ]
    assert all(found_in(answer.content + str(answer.headers).encode(), canary) == [] for answer in answers)


def test_a_mail_holds_no_secret_and_names_no_illness(mailbox, canary):
    for message in mailbox.to(EMAIL):
        text = message.as_bytes()
        words = {key: word for key, word in canary.items() if key not in ("name", "first name", "email")}
        assert found_in(text, words) == [] and len(mailbox.to(EMAIL)) == 1


def test_no_core_and_no_temporary_file_was_left(house, canary):
    found = [
        path
        for path in house.folder.rglob("*")
        if path.is_file() and (path.name.startswith("core") or path.suffix in (".tmp", ".partial"))
    ]
    assert found == []
