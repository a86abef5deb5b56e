"""Does everything that seed 000 documents work as it is written there, from the form to the mail?"""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.people import Client, fresh_email
from house.registrants import enrol, log_in, provider
from house.registrants import verification_token as token_for
from house.seeds import JSON, PROVIDER_000, SPECIALIZATIONS_002
from house.stores import psql
from house.waiting import until


@pytest.fixture(scope="module")
def john(url, mailbox):
    """The documented registration, letter by letter."""
    with Client(url) as anyone:
        answer = anyone.expect(201, "POST", "/api/v1/provider/register", content=PROVIDER_000, headers=JSON)
    said = answer.json()
    assert said["success"] is True
    assert said["message"] == "Provider registered successfully. Verification email sent."
    assert set(said["data"]) == {"provider_id", "email", "verification_status"}
    assert said["data"]["email"] == "john.doe@clinic.com" and said["data"]["verification_status"] == "pending"
    return said["data"]


def test_what_is_taken_and_what_is_wrong_are_told_together(anyone, john):
    """S0-3, with its two texts."""
    body = json.loads(PROVIDER_000) | {"password": "lowercase1!", "confirm_password": "lowercase1!"}
    answer = anyone.expect(400, "POST", "/api/v1/provider/register/", json=body).json()
    assert answer["success"] is False and answer["message"] == "Registration validation failed"
    assert answer["errors"]["email"] == ["A provider with this email already exists."]
    assert answer["errors"]["password"] == ["Password must contain at least one uppercase letter."]
    assert set(answer["errors"]) == {"email", "password", "phone_number", "license_number"}


def test_the_mail_proves_the_email_once(anyone, url, john, mailbox):
    token = token_for(mailbox, john["email"])
    assert log_in(url, "provider", john["email"]).user["email_verified"] is False
    said = anyone.expect(200, "POST", "/api/v1/provider/verify-email", json={"token": token}).json()
    assert said["success"] is True and said["message"] == "Email verified successfully"
    assert said["data"] == {"provider_id": john["provider_id"], "email": john["email"], "verified": True}
    again = anyone.expect(400, "POST", "/api/v1/provider/verify-email", json={"token": token}).json()
    assert again["success"] is False and "token" in again["errors"]
    until(lambda: [m for m in mailbox.to(john["email"]) if m["Subject"] == "Welcome to Praxis"], 30, "the welcome")

    def noted():
        shown = anyone.get(f"/api/v1/provider/{john['provider_id']}").json()["data"]
        return shown["email_verified"] and shown

    assert until(noted, what="the proven email in the entry")["verification_status"] == "pending"


def test_a_mail_can_be_asked_for_again_and_tells_nobody_who_is_here(anyone, mailbox):
    made = enrol(anyone, "provider")
    token_for(mailbox, made["email"])
    before = len(mailbox.to(made["email"]))
    path = "/api/v1/provider/resend-verification"
    known = anyone.expect(200, "POST", path, json={"email": made["email"]}).json()
    unknown = anyone.expect(200, "POST", path, json={"email": fresh_email("nobody")}).json()
    assert known == unknown
    until(lambda: len(mailbox.to(made["email"])) == before + 1, 30, "the second mail")
    for status in (200, 200, 429):
        answer = anyone.expect(status, "POST", path, json={"email": made["email"].upper()})
    assert int(answer.headers["Retry-After"]) > 0


def test_details_are_public_and_contact_data_is_not(anyone, url, john, person):
    path = f"/api/v1/provider/{john['provider_id']}"
    for reader in (anyone, person):
        shown = reader.expect(200, "GET", path).json()["data"]
        assert shown["first_name"] == "John" and shown["clinic_address"] == json.loads(PROVIDER_000)["clinic_address"]
        assert shown["email"] is None and shown["phone_number"] is None and shown["license_number"] is None
        assert not [key for key in shown if "password" in key]
    with log_in(url, "provider", john["email"]) as own:
        shown = own.expect(200, "GET", path).json()["data"]
    assert shown["email"] == john["email"] and shown["phone_number"] == "+1234567890"
    anyone.expect(404, "GET", "/api/v1/provider/0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90")


def test_specializations(anyone):
    listed = anyone.expect(200, "GET", "/api/v1/provider/specializations").json()["data"]
    assert [one["value"] for one in listed] == SPECIALIZATIONS_002
    assert {"value": "cardiology", "label": "Cardiology"} in listed


def test_administrators_list_verify_and_reject(anyone, admin, person, mailbox):
    made = enrol(anyone, "provider")
    path = f"/api/admin/providers/{made['provider_id']}/verification"

    def word():
        subject = "A provider waits for verification"
        mails = [m for m in mailbox.to(admin.user["email"]) if m["Subject"] == subject]
        texts = [mail.get_body(("plain",)).get_content() for mail in mails]
        return [text for text in texts if path in text]

    [text] = until(word, 30, "the word to the administrator")
    own = admin.expect(200, "GET", f"/api/v1/provider/{made['provider_id']}").json()["data"]
    for told in (own["first_name"], own["last_name"], own["license_number"]):
        assert told in text
    listed = admin.expect(200, "GET", "/api/admin/providers", params={"status": "pending"}).json()
    assert made["provider_id"] in [one["id"] for one in listed["data"]]
    person.expect(403, "PATCH", path, json={"status": "verified"})
    anyone.expect(401, "PATCH", path, json={"status": "verified"})
    shown = admin.expect(200, "PATCH", path, json={"status": "verified"}).json()["data"]
    assert shown["verification_status"] == "verified" and shown["email_verified"] is False
    assert "reason" in admin.expect(400, "PATCH", path, json={"status": "rejected"}).json()["errors"]
    admin.expect(200, "PATCH", path, json={"status": "rejected", "reason": "The license has expired."})
    anyone.expect(404, "GET", f"/api/v1/provider/{made['provider_id']}")

    def subjects():
        return {str(mail["Subject"]) for mail in mailbox.to(made["email"])}

    decided = {"You have been verified as a provider", "Your registration as a provider was not accepted"}
    until(lambda: decided <= subjects(), 30, "both decisions by mail")


def test_fifty_at_once_make_one(url, house):
    body = provider()

    def attempt(_):
        with Client(url) as client:
            return client.post("/api/v1/provider/register", json=body)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(attempt, range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 49
    taken = [answer.json()["errors"] for answer in answers if answer.status_code == 400]
    assert all(errors["email"] == ["A provider with this email already exists."] for errors in taken)


def test_the_same_key_gets_the_first_answer(anyone):
    body, headers = provider(), {"Idempotency-Key": secrets.token_hex(8)}
    first = anyone.expect(201, "POST", "/api/v1/provider/register", json=body, headers=headers)
    second = anyone.expect(201, "POST", "/api/v1/provider/register", json=body, headers=headers)
    assert first.json() == second.json() and second.headers["Idempotency-Replayed"] == "true"


def test_identity_killed_in_the_middle_leaves_nothing_that_blocks(anyone, url, house, mailbox):
    """The account is kept, then nobody can be asked any more: whatever was answered, the next try finds the truth."""
    body = provider()
    copies = [service for name, service in house.services.items() if name.startswith("identity")]
    for copy in copies:
        copy.kill()
    assert anyone.post("/api/v1/provider/register", json=body).status_code in (502, 503, 504)
    for copy in copies:
        copy.restart()
    until(lambda: anyone.post("/api/v1/provider/register", json=body).status_code in (201, 400), 30, "a second try")
    assert log_in(url, "provider", body["email"]).user["email"] == body["email"]
    token_for(mailbox, body["email"])
    entries = "select account_id from registry.provider"
    accounts = "select account_id from identity.account where registrant_id is not null and confirmed_at is not null"
    assert psql(house, f"({entries} except {accounts}) union all ({accounts} except {entries})") == []
