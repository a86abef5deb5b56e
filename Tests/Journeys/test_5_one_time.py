"""Is one doctor's time one patient's, whatever 200 ask for at once through two gateways and two copies of scheduling?"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.burst import Answers, Post, burst
from house.calendar import at, every_day, slots_of
from house.hospitals import department, make_doctor
from house.people import Client
from house.registrants import enrol, log_in
from house.stores import psql
from house.waiting import until

COUNT = 200
BOOK = "/api/appointments"


@pytest.fixture(scope="module")
def doctor(hospital) -> str:
    made = make_doctor(hospital, department(hospital))["doctor_id"]
    hospital.expect(200, "PUT", f"/api/doctors/{made}/schedule", json=every_day("08:00", "20:00"))
    return made


@pytest.fixture(scope="module")
def crowd(url):
    def newcomer(_):
        return log_in(url, "patient", enrol(anyone, "patient")["email"])

    with Client(url) as anyone, ThreadPoolExecutor(8) as pool:
        return list(pool.map(newcomer, range(COUNT)))


@pytest.fixture
def at_once(url, other_url):
    """Everybody's request at the same moment, half of them at each gateway."""

    def post(path: str, people: list, bodies: list[dict], paths: list[str] | None = None) -> Answers:
        urls = (url, other_url)
        return burst(
            [
                Post(urls[number % 2], paths[number] if paths else path, body, person)
                for number, (person, body) in enumerate(zip(people, bodies, strict=True))
            ]
        )

    return post


def assert_one(answers: Answers, status: int, what: str) -> dict:
    """The one that succeeded; all others are told so, and where there is time instead."""
    print(f"{what}: p95 {answers.p95:.3f} s")
    (kept,) = answers.having(status)
    refused = answers.having(409)
    assert len(refused) == COUNT - 1, Counter((one.status, one.json.get("code")) for one in answers)
    for one in refused:
        assert one["code"] == "slot_taken", one
        assert 1 <= len(one["details"]["next_slots"]) <= 5, one
    return kept["data"]


def live_claims(house, doctor: str, start: str) -> list[list[str]]:
    return psql(
        house,
        f"select kind from scheduling.claim where doctor_id = '{doctor}' and starts = '{start}'"
        " and held_until > clock_timestamp()",
    )


def test_200_bookings_of_one_slot_are_one(house, hospital, doctor, crowd, at_once):
    slot = slots_of(crowd[0], doctor, 3)[0]
    body = {"hospital_id": hospital.entry["hospital_id"], "slot_id": slot["slot_id"], "reason": "check"}
    kept = assert_one(at_once(BOOK, crowd, [body] * COUNT), 201, "bookings")
    assert kept["start"] == slot["start"]
    assert live_claims(house, doctor, slot["start"]) == [["appointment"]]


def test_200_holds_of_one_slot_are_one(house, doctor, crowd, at_once):
    slot = slots_of(crowd[0], doctor, 4)[0]
    body = {"slot_id": slot["slot_id"]}
    kept = assert_one(at_once(f"{BOOK}/holds", crowd, [body] * COUNT), 201, "holds")
    assert kept["slot_id"] == slot["slot_id"]
    assert live_claims(house, doctor, slot["start"]) == [["hold"]]


def test_a_hold_that_runs_out_is_told(house, doctor, crowd):
    slot = slots_of(crowd[0], doctor, 6)[0]
    made = crowd[0].expect(201, "POST", f"{BOOK}/holds", json={"slot_id": slot["slot_id"]}).json()["data"]
    over = "claimed_at = clock_timestamp() - interval '5 minutes', held_until = clock_timestamp()"
    psql(house, f"update scheduling.claim set {over} where claim_id = '{made['id']}'")
    told = f"""select envelope::json->'data'->>'day' from scheduling.outbox where type = 'scheduling.slot_freed.v1'
        and envelope::json->'data'->>'doctor_id' = '{doctor}'"""
    until(lambda: psql(house, told) == [[slot["start"][:10]]], what="the event of the free time")
    assert live_claims(house, doctor, slot["start"]) == []


def test_200_visits_assigned_to_one_time_are_one(house, anyone, hospital, doctor, crowd, at_once):
    start = at(5)
    body = {"hospital_id": hospital.entry["hospital_id"], "requested_time": start, "reason": "check"}

    def asked(person) -> dict:
        headers = {"Authorization": person.headers["Authorization"]}
        return anyone.expect(201, "POST", BOOK, json=body, headers=headers).json()["data"]

    with ThreadPoolExecutor(8) as pool:
        visits = list(pool.map(asked, crowd))
    paths = [f"{BOOK}/{visit['id']}/assign-doctor" for visit in visits]
    answers = at_once(BOOK, [hospital] * COUNT, [{"doctor_id": doctor}] * COUNT, paths)
    kept = assert_one(answers, 200, "assignments")
    assert kept["status"] == "CONFIRMED" and kept["doctor_id"] == doctor
    assert live_claims(house, doctor, start) == [["appointment"]]


def test_both_copies_had_a_part_in_it(house):
    for name in ("scheduling", "scheduling-2"):
        lines = house.services[name].ops("/metrics").text.splitlines()
        assert [one for one in lines if one.startswith("praxis_http_requests_total") and f'"{BOOK}"' in one], name
