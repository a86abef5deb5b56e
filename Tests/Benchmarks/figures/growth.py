"""The same requests, with the same answers, beside few rows and beside many: what grows with the tables shows here."""

import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cost import Side, interleave
from registry import (
    CITIES, CREATE, FIELDS, FIRST, LAST, ROTATE, headers, keep_patients, list_doctors, lua, script, until_told)
from table import Table

from house.house import House
from house.people import Person, register
from house.stores import psql

# SMALLER=50 tries the whole with a fiftieth of the rows.
SMALLER = int(os.environ.get("SMALLER", "1"))
MOST = 4 / 3
# A last name that few have: a search finds the same, however many others there are.
RARE = "Oxenstierna"


@dataclass
class Size:
    """How many there are of each: patients of the keeper, patients in all, doctors."""

    kept: int
    patients: int
    doctors: int


FEW, MANY = Size(100, 1_000, 1_000), Size(70_000 // SMALLER, 100_000 // SMALLER, max(10_000 // SMALLER, 1_200))


def growth(house: House, table: Table, pid_of) -> None:
    folder = house.folder / "growth"
    folder.mkdir()
    gateway = house.services["gateway"].url
    keeper, other, maker = register(gateway), register(gateway), register(gateway)
    for number in range(5):
        keeper.patient(first_name=FIRST[number], last_name=RARE, email=f"o{number}@example.com")
    grow(house, folder, keeper, other, Size(5, 5, 0), FEW)
    psql(house, f"update registry.doctor set last_name = '{RARE}' where license_number in ('LIC-1', 'LIC-2', 'LIC-3')")
    processes = {name: pid_of(service) for name, service in house.services.items()}
    processes |= {name: pid_of(store) for name, store in house.stores.items()}
    judged, shown = sides_of(gateway, folder, keeper, maker, processes)
    few = measured(house, judged + shown)
    grow(house, folder, keeper, other, FEW, MANY)
    many = measured(house, judged + shown)
    table.title(f"{described(FEW)}; then {described(MANY)}: all processes, µs a request")
    for side, before, after in zip(judged + shown, few, many):
        table.line(f"{side.name:<34} {before:8.1f} → {after:8.1f}  {after / before:5.2f} ×")
        if side in judged:
            table.goal("at most a third more", after / before <= MOST)


def described(size: Size) -> str:
    return f"{size.kept:,} patients of one keeper among {size.patients:,}, {size.doctors:,} doctors"


def grow(house: House, folder: Path, keeper: Person, other: Person, now: Size, to: Size) -> None:
    """By requests, so that tokens, tallies, events and audit rows grow as they do; doctors by a statement."""
    url = f"{house.services['gateway'].url}/api/patients"
    keep_patients(keeper, url, folder, to.kept - now.kept)
    keep_patients(other, url, folder, to.patients - to.kept - (now.patients - now.kept))
    list_doctors(house, to.doctors - now.doctors, first=now.doctors + 1)


def sides_of(
    gateway: str, folder: Path, keeper: Person, maker: Person, processes: dict
) -> tuple[list[Side], list[Side]]:
    """Those that answer the same whatever has grown, and those that find what has grown."""

    def rotating(name: str, paths: list[str]) -> Side:
        file = script(folder, name.replace(" ", "-"), ROTATE, paths=lua(paths))
        return Side(name, gateway, processes, headers(keeper), script=file, connections=16)

    def searching(what: str, names: list[str]) -> list[str]:
        return [f"/api/{what}?page_size=25&search={name.lower()}" for name in names]

    known = keeper.expect(200, "GET", "/api/patients?page_size=50").json()["data"]
    making = script(folder, "create", CREATE, first=lua(FIRST), last=lua(LAST), wanted=0)
    narrowed = [f"/api/doctors?page_size=25&specialization={field}&city={city}" for field, city in zip(FIELDS, CITIES)]
    judged = [
        rotating("own account", ["/api/auth/me"]),
        rotating("one patient", [f"/api/patients/{patient['id']}" for patient in known]),
        rotating("a page of 25", ["/api/patients?page_size=25"]),
        rotating("search own patients, five found", searching("patients", [RARE])),
        rotating("a page of doctors", ["/api/doctors?page_size=25"]),
        rotating("doctors of a field and a city", narrowed),
        rotating("search doctors, three found", searching("doctors", [RARE])),
        Side("create a patient", f"{gateway}/api/patients", processes, headers(maker), script=making, connections=16),
    ]
    shown = [
        rotating("search own patients, 1 of 30 found", searching("patients", LAST)),
        rotating("search doctors, 1 of 30 found", searching("doctors", LAST)),
    ]
    return judged, shown


def measured(house: House, sides: list[Side]) -> list[float]:
    """Once what the rows before have caused is over."""
    until_told(house)
    psql(house, "vacuum analyze")
    making = [side for side in sides if side.name == "create a patient"]
    for side in sides:
        side.samples.clear()
    interleave(*(side for side in sides if side not in making))
    # By itself: what its events cost afterwards would fall on the others.
    interleave(*making)
    return [median(sample.total for sample in side.samples) for side in sides]

