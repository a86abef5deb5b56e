"""Is everybody told of what concerns them in the ways they chose, and of nothing they turned off?"""

import itertools

import pytest

from house.hospitals import by_username, department, make_doctor
from house.people import Client
from house.registrants import enrol, log_in
from house.stores import psql
from house.waiting import until
from test_1_seed_004_appointments import BOOK, assign, at, book

PATH = "/api/notifications/preferences"
USUAL = ["in_app", "email"]
CONFIRMED = "An appointment is confirmed"
DAYS = itertools.count(3)


@pytest.fixture(scope="module")
def doctor(url, hospital):
    made = make_doctor(hospital, department(hospital, name="Oncology"))
    with by_username(url, made["username"], made["password"]) as person:
        person.entry = made
        yield person


@pytest.fixture
def patient(house, url):
    """Somebody whose phone is proven."""
    with Client(url) as anyone:
        entry = enrol(anyone, "patient")
    with log_in(url, "patient", entry["email"]) as person:
        person.entry = entry
        person.account = person.expect(200, "GET", "/api/auth/me").json()["data"]["id"]
        psql(house, f"update identity.account set phone_verified_at = now() where account_id = '{person.account}'")
        yield person


def confirmed(hospital, doctor, person) -> dict:
    visit = book(person, hospital, requested_time=at(next(DAYS)))
    assign(hospital, visit, doctor)
    return visit


def texts(house, person) -> list[str]:
    found = [path.read_text() for path in sorted(house.folders.var.glob("sms/*.txt"))]
    return [text.split("\n\n")[1].strip() for text in found if f"To: {person.entry['phone_number']}\n" in text]


def deliveries(house, visit: dict, person) -> list[list[str]]:
    return psql(
        house,
        f"""select channel, state, coalesce(last_error, '') from notifier.delivery
        where subject_id = '{visit["id"]}' and account_id = '{person.account}' order by created_at, delivery_id""",
    )


def mails(mailbox, person, subject: str) -> list:
    return [mail for mail in mailbox.to(person.user["email"]) if mail["Subject"] == subject]


def test_what_is_shown_can_be_written_back_and_what_is_absent_is_as_usual(patient, anyone):
    shown = patient.expect(200, "GET", PATH)
    usual = shown.json()["data"]
    assert usual["timezone"] == "UTC" and usual["quiet_hours"] is None
    assert set(usual["channels"]) == {
        *("appointment", "reminder", "prescription", "waitlist", "access", "product", "security", "break_glass")
    }
    assert all(ways == USUAL for ways in usual["channels"].values())
    again = patient.expect(200, "PUT", PATH, json=usual, headers={"If-Match": shown.headers["ETag"]})
    assert again.json()["data"] == usual and again.headers["ETag"] == shown.headers["ETag"]
    chosen = {"timezone": "Asia/Calcutta", "quiet_hours": {"from": "22:00", "to": "07:00"}, "channels": {"access": []}}
    written = patient.expect(200, "PUT", PATH, json=chosen).json()["data"]
    assert written == usual | chosen | {"channels": usual["channels"] | {"access": []}}
    patched = patient.expect(200, "PATCH", PATH, json={"channels": {"reminder": ["sms"]}}).json()["data"]
    assert patched == written | {"channels": written["channels"] | {"reminder": ["sms"]}}
    cleared = patient.expect(200, "PATCH", PATH, json={"channels": {"reminder": None}, "quiet_hours": None})
    assert cleared.json()["data"] == written | {"quiet_hours": None}
    patient.expect(412, "PUT", PATH, json=usual, headers={"If-Match": shown.headers["ETag"]})
    assert patient.expect(200, "PUT", PATH, json={}).json()["data"] == usual
    anyone.expect(401, "GET", PATH)


@pytest.mark.parametrize(
    "body, code, faults",
    [
        ({"channels": {"reminder": ["pigeon"]}}, "validation_failed", {"channels.reminder"}),
        ({"channels": {"reminders": ["sms"]}}, "validation_failed", {"channels.reminders"}),
        ({"timezone": "Mars/Olympus"}, "validation_failed", {"timezone"}),
        ({"quiet_hours": {"from": "25:00"}, "channels": []}, "validation_failed", {"quiet_hours.from", "channels"}),
        ({"channels": {"security": ["in_app"]}}, "locked", {"channels.security"}),
        ({"channels": {"break_glass": []}}, "locked", {"channels.break_glass"}),
    ],
)
def test_what_cannot_be_chosen_is_refused_by_its_path(patient, body, code, faults):
    for method in ("PUT", "PATCH"):
        answer = patient.expect(400, method, PATH, json=body).json()
        assert answer["code"] == code
        assert set(answer["errors"]) >= faults


def test_a_text_comes_to_who_chose_one_and_to_nobody_else(house, mailbox, hospital, doctor, patient):
    visit = confirmed(hospital, doctor, patient)
    until(lambda: mails(mailbox, patient, CONFIRMED), 30, "the mail")
    assert texts(house, patient) == []
    patient.expect(200, "PATCH", PATH, json={"channels": {"appointment": ["sms", "email"]}})
    second = confirmed(hospital, doctor, patient)
    (text,) = until(lambda: texts(house, patient), 30, "the text")
    assert text.startswith("Your appointment on ") and text.endswith(" is confirmed. Praxis")
    assert not any(word in text for word in ("http", "Dr.", "Oncology", hospital.entry["name"]))
    assert deliveries(house, second, patient) == [["sms", "sent", ""]]
    assert deliveries(house, visit, patient) == [["email", "sent", ""]]
    inbox = patient.expect(200, "GET", "/api/notifications").json()["data"]
    assert [one["subject_id"] for one in inbox if one["kind"] == "appointment.confirmed"] == [visit["id"]]


def test_without_a_proven_phone_the_mail_goes_out_and_what_is_off_makes_nothing(house, mailbox, hospital, doctor, patient):
    psql(house, f"update identity.account set phone_verified_at = null where account_id = '{patient.account}'")
    patient.expect(200, "PATCH", PATH, json={"channels": {"appointment": ["sms", "email"]}})
    visit = confirmed(hospital, doctor, patient)
    until(lambda: mails(mailbox, patient, CONFIRMED), 30, "the mail")
    assert deliveries(house, visit, patient) == [["sms", "failed", "recipient_phone"], ["email", "sent", ""]]
    patient.expect(200, "PATCH", PATH, json={"channels": {"appointment": []}})
    hospital.expect(200, "POST", f"/api/appointments/{visit['id']}/cancel", json={})
    told = f"select count(*) from notifier.delivery where kind = 'appointment_cancelled' and subject_id = '{visit['id']}'"
    until(lambda: psql(house, told) == [["1"]], 30, "the doctor's mail")
    assert len(deliveries(house, visit, patient)) == 2
    assert texts(house, patient) == []


def test_dates_of_a_patients_list_are_days_in_their_zone(hospital, patient):
    day = next(DAYS)
    visit = book(patient, hospital, requested_time=at(day, 12))

    def listed(days: int) -> list[str]:
        asked = {"from": at(days)[:10], "to": at(days)[:10]}
        return [one["id"] for one in patient.expect(200, "GET", f"{BOOK}my-appointments/", params=asked).json()["data"]]

    assert listed(day) == [visit["id"]] and listed(day + 1) == []
    patient.expect(200, "PATCH", PATH, json={"timezone": "Pacific/Kiritimati"})  # 14 hours ahead
    assert listed(day) == [] and listed(day + 1) == [visit["id"]]


def test_one_click_in_a_mail_program_ends_mails_of_that_kind(house, mailbox, anyone, hospital, doctor, patient):
    confirmed(hospital, doctor, patient)
    (mail,) = until(lambda: mails(mailbox, patient, CONFIRMED), 30, "the mail")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].replace("\n", "").strip("<> ")
    target = "/unsubscribe" + link.split("/unsubscribe")[1]
    assert patient.user["email"] not in target and patient.entry["patient_id"] not in target
    page = anyone.expect(200, "GET", target, headers={"Accept": "text/html"})
    assert page.headers["Content-Type"].startswith("text/html") and target.split("token=")[1] not in page.text
    assert patient.expect(200, "GET", PATH).json()["data"]["channels"]["appointment"] == USUAL
    for _ in range(2):
        anyone.expect(200, "POST", target, data={"List-Unsubscribe": "One-Click"})
    channels = patient.expect(200, "GET", PATH).json()["data"]["channels"]
    assert channels["appointment"] == ["in_app"] and channels["reminder"] == USUAL
    assert set(anyone.expect(400, "POST", target[:-2]).json()["errors"]) == {"token"}
    assert set(anyone.expect(400, "POST", "/unsubscribe").json()["errors"]) == {"token"}
    security = mails(mailbox, patient, "A login from a new device")
    assert all(mail["List-Unsubscribe"] is None for mail in security)
