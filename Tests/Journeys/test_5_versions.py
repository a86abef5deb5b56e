"""Is a change made once, and never over somebody else's?"""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.admins import administrator
from house.hospitals import approved_hospital, department, make_doctor
from house.people import Client, fresh_email, register, registration
from house.registrants import enrol
from house.stores import psql


# These lead from one state to the next and are refused a second time: test_1_seed_004*.py asks them. A schedule's answer
# also says whom it hits, so it is not what is read. Each writing of a health record leaves its row in the access log.
STEPS = {
    "PATCH /api/hospitals/{id}/approve",
    "PATCH /api/hospitals/{id}/reject",
    "PATCH /api/appointments/{id}/status",
    "PATCH /api/queues/tokens/{id}",
    "PUT /api/doctors/{id}/schedule",
    "PUT /api/records/patients/{id}/health",
}


def key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(12)}


def test_an_unchanged_patient_is_not_sent_again(person):
    path = f"/api/patients/{person.patient()['id']}"
    answer = person.expect(200, "GET", path)
    tag = answer.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        unchanged = person.expect(304, "GET", path, headers={"If-None-Match": known})
        assert unchanged.content == b"" and unchanged.headers["ETag"] == tag
    person.expect(200, "GET", path, headers={"If-None-Match": '"other"'})
    person.expect(200, "PATCH", path, json={"city": "Boston"})
    assert person.expect(200, "GET", path, headers={"If-None-Match": tag}).headers["ETag"] != tag


def test_the_plain_profile_has_an_etag_of_its_own(person):
    path = f"/api/patients/{person.patient()['id']}"
    plain = {"Accept": "application/json; profile=plain"}
    tags = {
        person.expect(200, "GET", path).headers["ETag"],
        person.expect(200, "GET", path, headers=plain).headers["ETag"],
    }
    assert len(tags) == 2
    for tag in tags:
        answer = person.expect(200, "PATCH", path, json={"city": secrets.token_hex(4)}, headers={"If-Match": tag})
        tag_now = answer.headers["ETag"]
        person.expect(412, "PATCH", path, json={"city": "x"}, headers={"If-Match": tag})
        tags = {tag_now}
        break


def test_of_two_who_change_the_same_version_one_wins(person, other_url):
    """Scenario 16, and twenty at once."""
    path = f"/api/patients/{person.patient()['id']}"
    tag = person.expect(200, "GET", path).headers["ETag"]

    def change(number: int) -> int:
        with person.at(other_url) as one:
            return one.patch(path, json={"city": f"City {number}"}, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(change, range(20))) == [200] + [412] * 19


def test_changes_of_different_fields_at_once_lose_nothing(person, other_url):
    path = f"/api/patients/{person.patient()['id']}"
    fields = ["city", "state", "country", "address", "allergies", "emergency_contact_name"]

    def change(field: str) -> int:
        with person.at(other_url) as one:
            return one.patch(path, json={field: field.upper()}).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(change, fields)) == {200}
    patient = person.expect(200, "GET", path).json()["data"]
    assert {field: patient[field] for field in fields} == {field: field.upper() for field in fields}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_stale_version_changes_nothing(person, method):
    for path, body in (
        (f"/api/patients/{person.patient()['id']}", {"first_name": "New", "last_name": "Name"}),
        (
            f"/api/doctors/{person.doctor()['id']}",
            {"first_name": "New", "last_name": "Name", "specialization": "other"},
        ),
    ):
        tag = person.expect(200, "GET", path).headers["ETag"]
        person.expect(200, "PATCH", path, json={"city": "Boston"}, headers={"If-Match": tag})
        options = {} if method == "DELETE" else {"json": body}
        answer = person.expect(412, method, path, headers={"If-Match": tag}, **options)
        assert answer.json()["code"] == "precondition_failed"
        person.expect(412, method, path, headers={"If-Match": "W/" + person.get(path).headers["ETag"]}, **options)
        assert person.expect(200, "GET", path).json()["data"]["first_name"] != "New"
        person.expect(200, method, path, headers={"If-Match": "*"}, **options)


@pytest.fixture(scope="module")
def changeable(house, url, person):
    """For each endpoint that changes what is there: who asks it, where the thing is, where it is read, and what to send
    that says what is there already."""

    def same(whose, path: str, *keys: str):
        shown = whose.expect(200, "GET", path).json()["data"]
        return {key: shown[key] for key in keys} if keys else shown

    with administrator(house, url) as admin, Client(url) as anyone, register(url) as somebody:
        patient = f"/api/patients/{person.patient(email='Jane.Smith@Example.com', gender='F', city='Łódź')['id']}"
        doctor = f"/api/doctors/{person.doctor(consultation_fee='250', bio='Two' + chr(10) + 'lines')['id']}"
        provider = enrol(anyone, "provider")["provider_id"]
        user, users = f"/api/admin/users/{somebody.user['id']}", "/api/admin/users?search=" + somebody.user["username"]
        account, chosen = "/api/auth/me", "/api/notifications/preferences"
        clinic = approved_hospital(url, admin)
        hospital, own = f"/api/hospitals/{clinic.entry['hospital_id']}", "/api/hospitals"
        ward = department(clinic)
        surgeon = make_doctor(clinic, ward)
        record = f"/api/admin/patients/{enrol(anyone, 'patient')['patient_id']}"
        entry = f"/api/v1/provider/{provider}"
        review = {"status": "rejected", "reason": "No licence of that number."}
        body = {"url": "https://example.com/events", "events": ["appointment.confirmed"]}
        hooks = "/api/webhooks"
        hook = f"{hooks}/{clinic.expect(201, 'POST', hooks, json=body).json()['data']['id']}"
        admin.expect(200, "PATCH", f"/api/admin/providers/{provider}/verification", json=review)
        yield {
            "PUT /api/patients/{id}": (person, patient, patient, lambda: same(person, patient)),
            "PATCH /api/patients/{id}": (person, patient, patient, lambda: same(person, patient, "email", "city")),
            "PUT /api/doctors/{id}": (person, doctor, doctor, lambda: same(person, doctor)),
            "PATCH /api/doctors/{id}": (person, doctor, doctor, lambda: {"consultation_fee": "250.0"}),
            "PATCH /api/hospitals/{id}": (clinic, hospital, hospital, lambda: same(clinic, hospital, "city", "latitude")),
            "PATCH /api/hospitals/departments/{id}": (
                clinic,
                f"{own}/departments/{ward['id']}",
                f"{own}/departments",
                lambda: {"name": ward["name"]},
            ),
            "PATCH /api/hospitals/doctors/{id}": (
                clinic,
                f"{own}/doctors/{surgeon['doctor_id']}",
                f"{own}/doctors",
                lambda: {"first_name": "Ali", "is_active": True},
            ),
            "PATCH /api/admin/patients/{id}": (admin, record, record, lambda: same(admin, record, "first_name", "gender")),
            "PUT /api/notifications/preferences": (person, chosen, chosen, lambda: same(person, chosen)),
            "PATCH /api/notifications/preferences": (person, chosen, chosen, lambda: same(person, chosen, "channels")),
            "PATCH /api/webhooks/{id}": (clinic, hook, hook, lambda: same(clinic, hook, "url", "events", "is_active")),
            "PATCH /api/auth/me": (person, account, account, lambda: same(person, account, "name", "email")),
            "PATCH /api/admin/users/{id}": (admin, user, users, lambda: {"is_active": True}),
            "PATCH /api/admin/providers/{id}/verification": (
                admin,
                f"/api/admin/providers/{provider}/verification",
                entry,
                lambda: review,
            ),
        }


def test_every_endpoint_that_changes_something_is_among_those_below(anyone, changeable):
    document = anyone.expect(200, "GET", "/api/schema/").json()
    declared = {
        f"{verb.upper()} {path.rstrip('/')}"
        for path, verbs in document["paths"].items()
        for verb in verbs
        if verb in ("put", "patch")
    }
    assert declared == set(changeable) | STEPS


def test_a_change_that_changes_nothing_makes_no_version_event_or_line_in_the_trail(house, changeable):
    def written(whose, path: str) -> list:
        """What is told of the thing, whoever else is at work in the same system: events about it, and the trail's lines."""
        about = next((part for part in path.split("/") if part.count("-") == 4), whose.user["id"])
        return [
            psql(house, f"select count(*) from {service}.{table} where subject like '%{about}%' {where}")
            for service in ("identity", "registry")
            for table, where in (("outbox", ""), ("audit_entry", "and action not like '%read%'"))
        ]

    for name, (whose, path, shown_at, body) in changeable.items():
        sent = body()
        shown, count = whose.expect(200, "GET", shown_at), written(whose, path)
        answers = [whose.expect(200, name.split()[0], path, json=sent) for _ in range(2)]
        assert written(whose, path) == count, name
        again = whose.expect(200, "GET", shown_at)
        assert again.json()["data"] == shown.json()["data"], name
        assert again.headers.get("ETag") == shown.headers.get("ETag"), name
        assert answers[0].headers["ETag"] == answers[1].headers["ETag"], name
        for answer in answers:
            data = shown.json()["data"]
            # Beside the thing an answer names the visits that its change hits.
            given = {key: value for key, value in answer.json()["data"].items() if key != "affected"}
            assert given == (data[0] if isinstance(data, list) else data), name
        # And the version that was seen is still the one to change.
        tag = answers[0].headers["ETag"]
        whose.expect(200, name.split()[0], path, json=sent, headers={"If-Match": tag})
        whose.expect(412, name.split()[0], path, json=sent, headers={"If-Match": '"987654321"'})


def test_an_email_in_other_letters_is_a_change(person):
    path = f"/api/patients/{person.patient(email='jane.smith@example.com')['id']}"
    tag = person.expect(200, "GET", path).headers["ETag"]
    answer = person.expect(200, "PATCH", path, json={"email": "Jane.Smith@example.com"})
    assert answer.headers["ETag"] != tag and answer.json()["data"]["email"] == "Jane.Smith@example.com"


def test_the_same_key_gives_the_same_answer_and_one_patient(newcomer):
    """Scenario 15, with patients."""
    person, headers, body = newcomer(), key(), {"first_name": "Only", "last_name": "Once"}
    first = person.expect(201, "POST", "/api/patients", json=body, headers=headers)
    assert "Idempotency-Replayed" not in first.headers
    for _ in range(3):
        again = person.expect(201, "POST", "/api/patients", json=body, headers=headers)
        assert again.headers["Idempotency-Replayed"] == "true" and again.content == first.content
        assert again.headers["Location"] == first.headers["Location"] and again.headers.get(
            "ETag"
        ) == first.headers.get("ETag")
    assert person.expect(200, "GET", "/api/patients").json()["count"] == 1
    answer = person.expect(422, "POST", "/api/patients", json=body | {"city": "x"}, headers=headers)
    assert answer.json()["code"] == "idempotency_key_reused"


def test_the_same_key_at_once_makes_one_patient(newcomer, other_url):
    person, headers, body = newcomer(), key(), {"first_name": "Only", "last_name": "Once"}

    def create(number: int):
        with person.at(other_url) if number % 2 else person.at(str(person.base_url)) as one:
            return one.post("/api/patients", json=body, headers=headers)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(create, range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert all(answer.json()["code"] == "request_in_progress" for answer in answers if answer.status_code == 409)
    assert person.expect(200, "GET", "/api/patients").json()["count"] == 1


def test_a_key_is_its_callers_own(newcomer):
    one, other, headers, body = newcomer(), newcomer(), key(), {"first_name": "Only", "last_name": "Once"}
    ids = {
        person.expect(201, "POST", "/api/patients", json=body, headers=headers).json()["data"]["id"]
        for person in (one, other)
    }
    assert len(ids) == 2


def test_a_refusal_is_not_kept(newcomer):
    person, headers = newcomer(), key()
    person.expect(400, "POST", "/api/patients", json={}, headers=headers)
    answer = person.expect(201, "POST", "/api/patients", json={"first_name": "A", "last_name": "B"}, headers=headers)
    assert "Idempotency-Replayed" not in answer.headers


def test_a_registration_is_repeated_by_its_key(url, anyone):
    headers, body = key(), registration(email=fresh_email())
    first = anyone.expect(201, "POST", "/api/auth/register", json=body, headers=headers)
    with Client(url) as later:
        again = later.expect(201, "POST", "/api/auth/register", json=body, headers=headers)
    assert (
        again.headers["Idempotency-Replayed"] == "true" and again.json()["data"]["user"] == first.json()["data"]["user"]
    )


@pytest.mark.parametrize("odd", ["", "x" * 256])
def test_an_odd_key_is_refused(person, odd):
    person.expect(
        400, "POST", "/api/patients", json={"first_name": "A", "last_name": "B"}, headers={"Idempotency-Key": odd}
    )
