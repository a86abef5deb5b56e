"""Registry's requests through the gateway: a record made, pages, and searches, with what each process spends on them."""

import json
import os
import subprocess
from pathlib import Path

from cost import ASKER_CORE, ROUNDS, SECONDS, SERVER_CORE, Side, ask, interleave, pin
from table import Table

from house.house import House
from house.people import Person, register
from house.stores import psql
from house.waiting import until

KEPT, DOCTORS = 8_100, 10_000
# Connections, and milliseconds of the 99th percentile of a search among all of these patients.
WAITING, MOST_SEARCH = 16, 30
FIRST = "Ada Ben Clara David Emma Felix Grace Henry Ida Jonas Karla Liam Mona Noah Olga Paul Rosa Sam Tina Viktor".split()
LAST = ("Abel Becker Castro Dubois Eriksen Fischer Garcia Hansen Ivanov Jensen Keller Lopez Moreau Nielsen Okafor "
        "Petrov Quinn Rossi Schmidt Tanaka Ueda Varga Weber Xavier Young Zimmer Novak Silva Kowalski Lindqvist").split()
CITIES = "Berlin Paris Madrid Oslo Vienna Prague Lisbon Athens".split()
FIELDS = "cardiology neurology oncology pediatrics surgery urology radiology dermatology".split()

# A record of 16 fields, each with other names; ends after `wanted` answers, if that is not 0.
CREATE = """
local first, last, wanted, answered, number = {first}, {last}, {wanted}, 0, 0
request = function()
    number = number + 1
    local a, b = first[math.random(#first)], last[math.random(#last)]
    local body = string.format('{{"first_name":"%s","last_name":"%s","email":"%s.%s.%d@example.com","phone":"+4930123456",'
        .. '"date_of_birth":"1984-02-29","gender":"F","blood_group":"AB-","allergies":"Penicillin","medical_history":"Asthma",'
        .. '"current_medications":"Salbutamol","emergency_contact_name":"%s %s","emergency_contact_phone":"+4930654321",'
        .. '"address":"Invalidenstrasse 1","city":"Berlin","state":"Berlin","country":"Germany"}}', a, b, a, b, number, b, a)
    return wrk.format("POST", nil, {{["Authorization"] = wrk.headers["Authorization"], ["Content-Type"] = "application/json"}}, body)
end
response = function(status)
    answered = answered + 1
    if answered == wanted then os.exit(0) end
end
"""

# One path after the other.
ROTATE = """
local paths, number = {paths}, 0
request = function()
    number = number % #paths + 1
    return wrk.format("GET", paths[number])
end
"""


def lua(words: list[str]) -> str:
    return "{" + ", ".join(json.dumps(word) for word in words) + "}"


def script(folder: Path, name: str, text: str, **values) -> Path:
    file = folder / f"{name}.lua"
    file.write_text(text.format(**values))
    return file


def headers(person: Person) -> dict[str, str]:
    return {"Authorization": person.headers["Authorization"]}


def keep_patients(person: Person, url: str, folder: Path, count: int) -> None:
    file = script(folder, "keep", CREATE, first=lua(FIRST), last=lua(LAST), wanted=count)
    fields = [word for name, value in headers(person).items() for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", str(ASKER_CORE), "wrk", "-t1", "-c16", "-d600s", "-s", file, *fields, url]
    subprocess.run(command, capture_output=True, check=True)


def list_doctors(house: House, count: int, first: int = 1) -> None:
    def one_of(words: list[str]) -> str:
        return f"(array[{', '.join(repr(word) for word in words)}])[1 + floor(random() * {len(words)})::int]"

    psql(house, f"""
        insert into registry.doctor (doctor_id, created_by, first_name, last_name, email, specialization, license_number,
            years_of_experience, consultation_fee, is_available, hospital_name, city, version, created_at, updated_at)
        select gen_random_uuid(), gen_random_uuid(), {one_of(FIRST)}, {one_of(LAST)}, 'd' || n || '@example.com',
            {one_of(FIELDS)}, 'LIC-' || n, n % 40, 80 + n % 100, true, 'Hospital ' || n % 200, {one_of(CITIES)}, 1, now(), now()
        from generate_series({first}, {first + count - 1}) n
        on conflict do nothing""")  # another subject of the same run may have listed them
    psql(house, "analyze registry.doctor")


def until_told(house: House) -> None:
    """Until what the making of rows has caused is over: it would be counted with what is measured next."""
    waiting = """
        select (select count(*) from registry.outbox where stream_ms is null) + (select count(*) from registry.audit_unsealed)"""
    until(lambda: psql(house, waiting) == [["0"]], 300, "all events are sent and all audit rows sealed")


def registry(house: House, table: Table, pid_of) -> None:
    folder = house.folder / "scripts"
    folder.mkdir()
    gateway = house.services["gateway"].url
    keeper, maker, small = register(gateway), register(gateway), register(gateway)
    url = f"{gateway}/api/patients"
    keep_patients(keeper, url, folder, KEPT)
    keep_patients(small, url, folder, 100)
    list_doctors(house, DOCTORS)
    until_told(house)
    psql(house, "analyze registry.patient")
    processes = {name: pid_of(house.services[name]) for name in ("gateway", "registry", "notifier")}
    processes |= {name: pid_of(house.stores[name]) for name in ("postgres", "redis")}

    def rotating(name: str, person: Person, paths: list[str]) -> Side:
        file = script(folder, name.replace(" ", "-"), ROTATE, paths=lua(paths))
        return Side(name, gateway, processes, headers(person), script=file)

    making = script(folder, "create", CREATE, first=lua(FIRST), last=lua(LAST), wanted=0)
    doctors = [f"/api/doctors?page_size=25&search={last[:5].lower()}" for last in LAST]
    doctors += [f"/api/doctors?page_size=25&search={last.lower()}&city={city}" for last, city in zip(LAST, CITIES * 4)]
    doctors += [f"/api/doctors?page_size=25&specialization={field}&city={city}" for field, city in zip(FIELDS, CITIES)]
    # More pages than registry keeps, in turn: each is forgotten before it is asked for again.
    unkept = [f"/api/doctors?page_size=25&search={last[:5].lower()}&ordering={down}{name}&page={page}"
              for last in LAST for name in ("last_name", "first_name", "created_at", "consultation_fee")
              for down in ("", "-") for page in range(1, 11)]
    searches = [f"/api/patients?page_size=25&search={last.lower()}" for last in LAST]
    searched = rotating("search own patients", keeper, searches)
    sides = [
        Side(f"a page of 25 of {KEPT}", f"{url}?page_size=25", processes, headers(keeper)),
        Side("a page of 25 of 100", f"{url}?page_size=25", processes, headers(small)),
        rotating("search doctors", small, doctors),
        rotating("search doctors, pages not kept", small, unkept),
        searched,
    ]
    interleave(*sides)
    # By itself: what its events cost afterwards would fall on the others.
    sides.append(Side("create a patient, 16 fields", url, processes, headers(maker), script=making))
    interleave(sides[-1])
    table.title(f"Through gateway and registry: {KEPT:,} patients of one keeper, {DOCTORS:,} doctors")
    table.sides(*sides)
    slowest = at_ease(house, searched)
    table.goal(f"{searched.name}, {WAITING} connections, all cores: p99 {slowest:.0f} ms, at most {MOST_SEARCH} ms",
               slowest <= MOST_SEARCH)


def at_ease(house: House, side: Side) -> float:
    """Milliseconds of the slowest answers where the services share all cores, as they do elsewhere."""
    for child in house.all_children:
        pin(child.pid, *range(os.cpu_count() or 1))
    slowest = ask(side.url, side.headers, SECONDS * ROUNDS, side.script, WAITING).slowest
    for child in house.all_children:
        pin(child.pid, SERVER_CORE)
    return slowest
