"""Scheduling's requests through the gateway: slots, a booking, one's own visits; and slots of a doctor among many visits."""

import datetime
import time
from pathlib import Path

from cost import Side, interleave
from registry import headers, script
from table import Table

from house.admins import administrator
from house.calendar import at, every_day, slots_of
from house.hospitals import approved_hospital, department, make_doctor
from house.house import House
from house.people import Client, Person
from house.registrants import enrol, log_in
from house.stores import psql

BOOK = "/api/appointments"
VISITS, DEAD_HOLDS, DOCTORS, DAYS, QUESTIONS = 50_000, 20_000, 100, 31, 300
# Milliseconds.
MOST_IN_STORE, MOST_AT_GATEWAY = 15, 25

# Every request another time of a doctor whose slots are 5 minutes long: 2000 of them for each second since the bench
# began, so that no two rounds ask for the same one.
BOOKING = """
local number = (os.time() - {begun}) * 2000
request = function()
    local body = string.format('{{"hospital_id":"{hospital}","doctor_id":"{doctor}","requested_time":"%s","reason":"check"}}',
        os.date("!%Y-%m-%dT%H:%M:00Z", {first} + number * 300))
    number = number + 1
    return wrk.format("POST", nil, {{["Authorization"] = wrk.headers["Authorization"], ["Content-Type"] = "application/json"}}, body)
end
"""


def scheduling(house: House, table: Table, pid_of) -> None:
    folder = house.folder / "scheduling-scripts"
    folder.mkdir()
    gateway = house.services["gateway"].url
    with administrator(house, gateway) as admin:
        hospital = approved_hospital(gateway, admin)
    doctors = doctors_of(hospital)
    with Client(gateway) as anyone:
        patient, booker = (log_in(gateway, "patient", enrol(anyone, "patient")["email"]) for _ in range(2))
    visit_often(patient, hospital, doctors["open"])
    keep_visits(house, hospital, doctors["busy"])
    processes = {name: pid_of(house.services[name]) for name in ("gateway", "scheduling", "registry", "notifier")}
    processes |= {name: pid_of(house.stores[name]) for name in ("postgres", "redis")}
    week = f"{gateway}/api/doctors/{doctors['busy']}/slots?from={at(1)[:10]}&to={at(7)[:10]}"
    sides = [
        Side("slots of a week", week, processes, headers(patient)),
        Side("my-appointments of 25", f"{gateway}{BOOK}/my-appointments?page_size=25", processes, headers(patient)),
    ]
    interleave(*sides)
    # By itself: what its events cost afterwards would fall on the others.
    sides.append(Side("a booking", gateway + BOOK, processes, headers(booker), script=booking(folder, hospital, doctors["open"])))
    interleave(sides[-1])
    table.title(f"Through gateway and scheduling: {VISITS:,} visits of {DOCTORS} doctors")
    table.sides(*sides)
    many_days(house, table, patient, doctors)


def doctors_of(hospital: Person) -> dict[str, str]:
    """One whose hours are full, and one who may be asked for at any time."""
    place = department(hospital)
    made = {name: make_doctor(hospital, place)["doctor_id"] for name in ("busy", "open")}
    schedules = {
        "busy": every_day("09:00", "17:00", buffer_minutes=10, horizon_days=90),
        "open": {"timezone": "UTC", "slot_minutes": 5, "weekly_hours": {}},
    }
    for name, schedule in schedules.items():
        hospital.expect(200, "PUT", f"/api/doctors/{made[name]}/schedule", json=schedule)
    return made


def visit_often(patient: Person, hospital: Person, doctor: str) -> None:
    for number in range(30):
        body = {"hospital_id": hospital.entry["hospital_id"], "doctor_id": doctor, "reason": "Chest pain since yesterday"}
        patient.expect(201, "POST", BOOK, json=body | {"requested_time": at(1 + number, 7)})


def booking(folder: Path, hospital: Person, doctor: str) -> Path:
    first = datetime.datetime.fromisoformat(at(40, 0)).timestamp()
    return script(
        folder, "booking", BOOKING, begun=int(time.time()), first=int(first), doctor=doctor,
        hospital=hospital.entry["hospital_id"])


def keep_visits(house: House, hospital: Person, doctor: str) -> None:
    """Visits of half an hour, 500 a doctor, every fourth half-hour of the days before and ahead; and dead holds."""
    psql(house, f"""
        set search_path to scheduling, public;
        create temp table filled as
        select n, gen_random_uuid() as id, gen_random_uuid() as claim, gen_random_uuid() as patient, gen_random_uuid() as account,
            case when n % {DOCTORS} = 0 then '{doctor}'::uuid else md5('doctor' || n % {DOCTORS})::uuid end as doctor,
            (current_date - 20) at time zone 'UTC' + (n / {DOCTORS}) * interval '130 minutes' as starts
        from generate_series(0, {VISITS - 1}) n;
        insert into claim (claim_id, kind, doctor_id, patient_id, patient_account_id, starts, ends, busy_until, claimed_at, held_until)
        select claim, 'appointment', doctor, patient, account, starts, starts + interval '30 minutes',
            starts + interval '40 minutes', now(), 'infinity' from filled;
        insert into claim (claim_id, kind, doctor_id, patient_id, patient_account_id, starts, ends, busy_until, claimed_at, held_until)
        select gen_random_uuid(), 'hold', doctor, patient, account, starts, starts + interval '30 minutes',
            starts + interval '40 minutes', now() - interval '1 hour', now() - interval '55 minutes'
        from filled where n < {DEAD_HOLDS};
        insert into appointment (appointment_id, hospital_id, hospital_account_id, doctor_id, doctor_account_id, patient_id,
            patient_account_id, status, starts, ends, requested_at, claim_id, version, created_at, updated_at)
        select id, '{hospital.entry["hospital_id"]}', '{hospital.user["id"]}', doctor, doctor, patient, account, 'CONFIRMED',
            starts, starts + interval '30 minutes', starts, claim, 1, now(), now() from filled;
        analyze claim; analyze appointment""")


def many_days(house: House, table: Table, patient: Person, doctors: dict[str, str]) -> None:
    """31 days of one doctor among all of these, asked one after the other: in the store as the service asks, and outside."""
    first = f"from scheduling.claim where doctor_id = '{doctors['open']}' order by claimed_at limit 1"
    account, doctor = psql(house, f"select patient_account_id {first}")[0][0], doctors["busy"]
    row = psql(house, f"""
        set search_path to scheduling, public;
        set role scheduling_service;
        create temp table took (ms float8);
        do $$ declare began timestamptz;
        begin
            for n in 1..{QUESTIONS} loop
                began := clock_timestamp();
                perform * from free_slots('{doctor}', current_date + 1, current_date + {DAYS}, now(), '{account}');
                insert into took values (extract(epoch from clock_timestamp() - began) * 1000);
            end loop;
        end $$;
        select percentile_cont(0.5) within group (order by ms), percentile_cont(0.95) within group (order by ms) from took""")[-1]
    store = [float(word) for word in row]
    took = []
    for _ in range(QUESTIONS):
        began = time.perf_counter()
        found = slots_of(patient, doctor, 1, DAYS)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    p95 = took[int(QUESTIONS * 0.95)]
    table.title(f"{DAYS} days of one doctor among {VISITS:,} visits and {DEAD_HOLDS:,} dead holds: {len(found)} free slots")
    table.line(f"in the store p50 {store[0]:.1f} ms, p95 {store[1]:.1f} ms; through the gateway p50 {took[len(took) // 2]:.1f} ms, p95 {p95:.1f} ms")
    table.goal(f"p95 below {MOST_IN_STORE} ms in the store", store[1] < MOST_IN_STORE)
    table.goal(f"p95 below {MOST_AT_GATEWAY} ms through the gateway", p95 < MOST_AT_GATEWAY)
