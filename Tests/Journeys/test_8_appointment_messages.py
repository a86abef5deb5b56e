"""Do people hear of their visits what is so, once, with a calendar file, and are they reminded whatever is killed?"""

import datetime

import pytest

from house.calendars import CalendarProgram, read
from house.hospitals import by_username, department, make_doctor
from house.mail_server import by
from house.people import Client
from house.registrants import enrol, log_in
from house.stores import psql
from house.waiting import until

BOOK = "/api/appointments/"
REMINDER = "A reminder of your appointment"


@pytest.fixture(scope="module")
def oncology(hospital):
    return department(hospital, name="Oncology")


@pytest.fixture
def doctor(url, hospital, oncology):
    made = make_doctor(hospital, oncology, first_name="Emily", last_name="Chen")
    with by_username(url, made["username"], made["password"]) as person:
        person.entry = made
        yield person


@pytest.fixture
def patient(url):
    made = []

    def make():
        with Client(url) as anyone:
            made.append(log_in(url, "patient", enrol(anyone, "patient")["email"]))
        return made[-1]

    yield make
    for person in made:
        person.close()


def at(days: int, hour: int = 10, minute: int = 0) -> str:
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days)
    return f"{day}T{hour:02}:{minute:02}:00Z"


def in_minutes(minutes: int) -> str:
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:00Z")


def confirmed(hospital, doctor, person, start: str) -> dict:
    body = {"hospital_id": hospital.entry["hospital_id"], "requested_time": start, "reason": "Canarypain"}
    visit = person.expect(201, "POST", BOOK, json=body).json()["data"]
    body = {"doctor_id": doctor.entry["doctor_id"]}
    return hospital.expect(200, "POST", f"{BOOK}{visit['id']}/assign-doctor", json=body).json()["data"]


def part(mail):
    """The calendar file of a mail, and what the mail says is to be done with it."""
    (found,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendar = read(found.get_content().encode() if isinstance(found.get_content(), str) else found.get_content())
    assert found["Content-Type"].params["method"] == calendar["METHOD"]
    return calendar


def test_a_mail_server_gets_the_calendar_file_of_what_is_agreed_moved_and_cancelled(
    notifier, mail_server, hospital, doctor, patient
):
    mail_server.start()
    notifier(**by(mail_server))
    jane = patient()
    visit = confirmed(hospital, doctor, jane, at(5))
    mine, theirs = CalendarProgram(), CalendarProgram()

    def told(person, subject: str):
        def found():
            return [mail for mail in mail_server.to(person.user["email"]) if mail["Subject"] == subject]

        mail = until(found, 30, f"{subject} to {person.user['email']}")[-1]
        assert hospital.entry["name"] in mail.get_body(("plain",)).get_content()
        assert hospital.entry["name"] in mail.get_body(("html",)).get_content()
        assert not any(word in mail.as_string() for word in ("Oncology", "Canary"))
        return mail

    mine.take(part(told(jane, "An appointment is confirmed")))
    theirs.take(part(told(doctor, "An appointment is confirmed")))
    hospital.expect(200, "POST", f"{BOOK}{visit['id']}/reschedule", json={"start": at(6)})
    for person, program in ((jane, mine), (doctor, theirs)):
        program.take(part(told(person, "An appointment has another time")))
        (event,) = program.events.values()
        assert event["UID"] == f"{visit['id']}@praxis"
        assert event["DTSTART"].dt.strftime("%Y-%m-%dT%H:%M:%SZ") == at(6)
    hospital.expect(200, "POST", f"{BOOK}{visit['id']}/cancel", json={})
    for person, program in ((jane, mine), (doctor, theirs)):
        program.take(part(told(person, "An appointment was cancelled")))
        assert program.events == {} and program.sequences == [1, 2, 3]


def test_what_was_overtaken_before_it_was_written_is_not_sent(house, mailbox, hospital, doctor, patient):
    jane = patient()
    house.services["notifier"].stop()
    visit = confirmed(hospital, doctor, jane, at(7))
    hospital.expect(200, "POST", f"{BOOK}{visit['id']}/reschedule", json={"start": at(8)})
    hospital.expect(200, "POST", f"{BOOK}{visit['id']}/cancel", json={})
    house.services["notifier"].restart()
    states = f"""select kind, state, coalesce(last_error, '') from notifier.delivery
        where subject_id = '{visit["id"]}' and account_id in (
            select patient_account_id from scheduling.appointment where appointment_id = '{visit["id"]}')
        order by kind"""
    until(
        lambda: psql(house, states)
        == [
            ["appointment_cancelled", "sent", ""],
            ["appointment_confirmed", "failed", "overtaken"],
            ["appointment_rescheduled", "failed", "overtaken"],
        ],
        30,
        "three answers",
    )
    subjects = [mail["Subject"] for mail in mailbox.to(jane.user["email"]) if "ppointment" in mail["Subject"]]
    assert subjects == ["An appointment was cancelled"]


def test_an_offered_time_is_told_and_so_is_that_it_went_on(house, mailbox, hospital, doctor, patient):
    jane, john = patient(), patient()
    visit = confirmed(hospital, doctor, jane, at(9))
    body = {"hospital_id": hospital.entry["hospital_id"], "from": at(9)[:10], "to": at(9)[:10], "reason": "Canarypain"}
    entry = john.expect(201, "POST", f"{BOOK}waitlist", json=body).json()["data"]
    jane.expect(200, "POST", f"{BOOK}{visit['id']}/cancel", json={})

    def told(subject: str) -> str:
        mails = until(lambda: [mail for mail in mailbox.to(john.user["email"]) if mail["Subject"] == subject], 30)
        assert len(mails) == 1 and "Canary" not in mails[0].as_string()
        return mails[0].get_body(("plain",)).get_content()

    text = told("A time became free")
    assert "Dr. Emily Chen" in text and "(Asia/Karachi)" in text and "Oncology" not in text
    psql(house, f"update scheduling.waitlist_entry set until = now() where entry_id = '{entry['id']}'")
    assert "went to" not in text and "Dr. Emily Chen" in told("A time you were offered went to the next")


def test_of_a_cancelled_or_moved_visit_nobody_is_reminded(house, mailbox, hospital, doctor, patient):
    jane = patient()
    gone = confirmed(hospital, doctor, jane, in_minutes(180))
    moved = confirmed(hospital, doctor, jane, in_minutes(240))
    kept = confirmed(hospital, doctor, jane, in_minutes(300))
    jane.expect(200, "POST", f"{BOOK}{gone['id']}/cancel", json={})
    jane.expect(200, "POST", f"{BOOK}{moved['id']}/reschedule", json={"start": at(3)})
    due(house, gone, moved, kept)
    told = f"""select subject_id from notifier.delivery where kind = 'appointment_reminder' and state = 'sent'
        and subject_id in ({quoted([gone, moved, kept])})"""
    until(lambda: [kept["id"]] in psql(house, told), 40, "the reminder")
    assert psql(house, told) == [[kept["id"]]]
    (mail,) = [mail for mail in mailbox.to(jane.user["email"]) if mail["Subject"] == REMINDER]
    assert "remind" in mail.get_body(("plain",)).get_content()


def due(house, *visits) -> None:
    """An hour before these visits is now."""
    psql(
        house,
        f"update scheduling.reminder set due_at = now() where appointment_id in ({quoted(visits)}) and kind = '1h' "
        f"and starts < now() + interval '23 hours'",
    )


# A killing for each step of a reminder: due, told by scheduling, kept by notifier, sent.
STEPS = [
    "select count(*) from scheduling.reminder where kind = '1h' and appointment_id in ({ids})",
    "select count(*) from scheduling.reminder where told_at is not null and appointment_id in ({ids})",
    "select count(*) from notifier.delivery where kind = 'appointment_reminder' and subject_id in ({ids})",
    "select count(*) from notifier.delivery where tried_at is not null and subject_id in ({ids}) "
    + "and kind = 'appointment_reminder'",
]


def quoted(visits) -> str:
    return ", ".join(f"'{visit['id']}'" for visit in visits)


def test_each_reminder_comes_once_though_two_of_each_remind_and_are_killed(house, mailbox, hospital, doctor, patient):
    """S 'How it shows': notifier and scheduling killed while reminding, two of each running."""
    people = [patient() for _ in range(3)]
    visits = [
        confirmed(hospital, doctor, people[number % 3], in_minutes(120 + 40 * number)) for number in range(12)
    ]
    added = house.add_copy("notifier", "notifier-2")
    added.restart()
    copies = [*(house.services[name] for name in ("scheduling", "scheduling-2", "notifier")), added]
    try:
        for round, step in enumerate(STEPS):
            batch = visits[3 * round : 3 * round + 3]
            due(house, *batch)
            reached = step.format(ids=quoted(batch))
            until(lambda: psql(house, reached) != [["0"]], 60, reached)
            for copy in copies:
                copy.kill()
            for copy in copies:
                copy.start()
            for copy in copies:
                copy.wait(60)
        ids = quoted(visits)
        told = f"""select subject_id from notifier.delivery
            where kind = 'appointment_reminder' and state = 'sent' and subject_id in ({ids})"""
        until(lambda: len(psql(house, told)) >= len(visits), 90, "all reminders")
        assert sorted(psql(house, told)) == sorted([visit["id"]] for visit in visits)
        events = f"""select count(*) from scheduling.outbox
            where type = 'scheduling.reminder_due.v1' and subject in ({ids})"""
        assert psql(house, events) == [[str(len(visits))]]
        for number, person in enumerate(people):
            reminders = [mail for mail in mailbox.to(person.user["email"]) if mail["Subject"] == REMINDER]
            assert len(reminders) == 4 == len({mail["Message-ID"] for mail in reminders})
    finally:
        added.stop()
        del house.services[added.name]
