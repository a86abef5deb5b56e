"""Is nobody booked twice, and nothing acknowledged lost, while a copy of scheduling dies again and again?

`make faults` is the long form: 10 000 requests.
"""

import os
import random
import secrets

import pytest

from house.admins import administrator
from house.bookers import BOOK, Bookers
from house.calendar import every_day, slots_of
from house.hospitals import approved_hospital, department, make_doctor
from house.people import Client
from house.registrants import enrol, log_in
from house.stores import psql
from house.waiting import until

LONG = bool(os.environ.get("PRAXIS_FAULTS"))
SEED = int(os.environ.get("PRAXIS_SEED") or secrets.randbelow(2**32))
REQUESTS = 10_000 if LONG else 1_000
# Requests between two kills: a few seconds.
BETWEEN = 250 if LONG else 330
CLIENTS, DOCTORS = 16, 3

# Pairs that make one person's time busy twice, and what else never holds; each gives no row.
NEVER = {
    "a doctor's claims overlap": """
        select a.claim_id, b.claim_id from live a join live b on a.claim_id < b.claim_id and a.doctor_id = b.doctor_id
            and a.starts < b.busy_until and b.starts < a.busy_until""",
    "a patient's claims overlap": """
        select a.claim_id, b.claim_id from live a join live b on a.claim_id < b.claim_id and a.patient_id = b.patient_id
            and a.starts < b.ends and b.starts < a.ends""",
    "a doctor's visits overlap": """
        select a.appointment_id, b.appointment_id from ahead a join ahead b on a.appointment_id < b.appointment_id
            and a.doctor_id = b.doctor_id and a.starts < b.ends and b.starts < a.ends""",
    "a patient's visits overlap": """
        select a.appointment_id, b.appointment_id from ahead a join ahead b on a.appointment_id < b.appointment_id
            and a.patient_id = b.patient_id and a.starts < b.ends and b.starts < a.ends""",
    "a visit has no time": """
        select a.appointment_id from ahead a where not exists (select from live c where c.claim_id = a.claim_id
            and c.kind = 'appointment' and c.doctor_id = a.doctor_id and c.patient_id = a.patient_id
            and c.starts = a.starts and c.ends = a.ends)""",
    "time is busy for no visit": """
        select c.claim_id from live c where c.kind = 'appointment'
            and not exists (select from ahead a where a.claim_id = c.claim_id)""",
    "history has a gap": """
        select v.appointment_id from visit v where v.version <>
            (select count(*) from scheduling.appointment_change h where h.appointment_id = v.appointment_id)""",
    "a change was not told, or twice": """
        select v.appointment_id from visit v where v.version <>
            (select count(*) from scheduling.outbox o where o.subject = v.appointment_id::text
                and o.type like 'scheduling.appointment_%')""",
}


@pytest.fixture(scope="module")
def hospital(house, url):
    with administrator(house, url) as admin, approved_hospital(url, admin) as person:
        yield person


@pytest.fixture(scope="module")
def doctors(hospital) -> list[str]:
    place = department(hospital)
    made = [make_doctor(hospital, place)["doctor_id"] for _ in range(DOCTORS)]
    for one in made:
        hospital.expect(200, "PUT", f"/api/doctors/{one}/schedule", json=every_day("09:00", "13:00"))
    return made


@pytest.fixture(scope="module")
def people(url):
    with Client(url) as anyone:
        made = [log_in(url, "patient", enrol(anyone, "patient")["email"]) for _ in range(CLIENTS + 1)]
    yield made
    for person in made:
        person.close()


def test_random_bookings_survive_kills_of_scheduling(house, url, other_url, hospital, doctors, people):
    print(f"PRAXIS_SEED={SEED}")
    stranger, *patients = people
    slots = [slot["slot_id"] for doctor in doctors for slot in slots_of(stranger, doctor, 3, 4)]
    chance, killed = random.Random(SEED), []
    with Bookers([url, other_url], hospital, slots, patients, SEED) as bookers:
        while bookers.settled < REQUESTS and not bookers.unexpected:
            seen, story = bookers.settled, f"PRAXIS_SEED={SEED}, killed {killed}"
            went_on = lambda seen=seen: bookers.unexpected or bookers.settled >= seen + BETWEEN  # noqa: E731
            until(went_on, 120, f"booking ({story})")
            if bookers.settled < REQUESTS:
                killed.append(chance.choice(("scheduling", "scheduling-2")))
                house.services[killed[-1]].kill()
                house.services[killed[-1]].restart()
    story = f"PRAXIS_SEED={SEED}, {bookers.settled} requests, {bookers.unclear} unclear, killed {killed}"
    print(story)
    assert bookers.unexpected == [], story
    assert len(killed) >= 2 and bookers.settled >= REQUESTS, story
    assert_nobody_twice(house, hospital.entry["hospital_id"], story)
    for ledger in bookers.ledgers:
        assert visits_of(ledger.person) == ledger.visits, story
    assert_slots_are_what_is_free(house, stranger, doctors, slots, story)


def test_a_hold_outlives_its_process_and_ends_on_time(house, hospital, doctors, people):
    mine, other = people[:2]
    slot = slots_of(other, doctors[0], 3)[0]["slot_id"]
    hold = mine.expect(201, "POST", f"{BOOK}/holds", json={"slot_id": slot}).json()["data"]["id"]
    body = {"hospital_id": hospital.entry["hospital_id"], "slot_id": slot, "reason": "check"}

    def aged(seconds: int) -> None:
        """The hold as it is so many seconds after it was made, at two processes that never heard of it."""
        psql(
            house,
            "update scheduling.claim set claimed_at = clock_timestamp() - interval '5 min',"
            f" held_until = clock_timestamp() + interval '{300 - seconds} s' where claim_id = '{hold}'",
        )
        for name in ("scheduling", "scheduling-2"):
            house.services[name].kill()
            house.services[name].restart()

    aged(240)
    assert other.expect(409, "POST", BOOK, json=body).json()["code"] == "slot_taken"
    aged(300)
    other.expect(201, "POST", BOOK, json=body)
    mine.expect(409, "POST", BOOK, json={**body, "hold_id": hold})


def test_a_booking_of_a_hold_is_answered_again_under_its_key(hospital, doctors, people):
    mine = people[2]
    slot = slots_of(mine, doctors[1], 5)[0]["slot_id"]
    hold = mine.expect(201, "POST", f"{BOOK}/holds", json={"slot_id": slot}).json()["data"]["id"]
    body = {"hospital_id": hospital.entry["hospital_id"], "hold_id": hold, "reason": "check"}
    keyed = {"Authorization": mine.headers["Authorization"], "Idempotency-Key": "booking-of-a-hold-0001"}
    first, again = (mine.expect(201, "POST", BOOK, json=body, headers=keyed).json()["data"] for _ in range(2))
    assert again["id"] == first["id"]
    mine.expect(409, "POST", BOOK, json=body)


def assert_nobody_twice(house, hospital: str, story: str) -> None:
    rows = f"""
        with visit as (select * from scheduling.appointment where hospital_id = '{hospital}'),
        ahead as (select * from visit where status in ('REQUESTED', 'CONFIRMED', 'CHECKED_IN')),
        live as (select * from scheduling.claim
            where held_until > clock_timestamp() and patient_id in (select patient_id from visit))
        """
    found = {what: psql(house, rows + query) for what, query in NEVER.items()}
    assert found == {what: [] for what in NEVER}, story


def visits_of(person) -> dict[str, tuple[str, str, str]]:
    found, path = {}, f"{BOOK}/my-appointments?cursor=&page_size=100"
    while path:
        page = person.expect(200, "GET", path).json()
        found |= {one["id"]: (one["start"], one["doctor_id"], one["status"]) for one in page["data"]}
        path = page["next"]
    return found


def assert_slots_are_what_is_free(house, stranger, doctors, slots: list[str], story: str) -> None:
    """What nobody has is offered, and nothing else."""

    def busy() -> set[str]:
        ids = ", ".join(f"'{one}'" for one in doctors)
        named = "doctor_id || to_char(starts at time zone 'UTC', '_YYYYMMDD\"T\"HH24MI\"Z\"')"
        live = f"from scheduling.claim where doctor_id in ({ids}) and held_until > clock_timestamp()"
        return {row[0] for row in psql(house, f"select {named} {live}")}

    before = busy()
    shown = {slot["slot_id"] for doctor in doctors for slot in slots_of(stranger, doctor, 3, 4)}
    after = busy()
    # A hold may end while this is asked.
    assert set(slots) - before <= shown <= set(slots) - after, story
