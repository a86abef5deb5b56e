"""Records' requests through the gateway: a prescription read, listed, and drawn as a PDF, by its patient."""

from cost import Side, interleave
from table import Table

from house.admins import administrator
from house.hospitals import approved_hospital, by_username, department, make_doctor
from house.house import House
from house.people import Client
from house.prescriptions import PATH, agreed_visit, in_days, prescribe
from house.registrants import enrol, log_in

WRITTEN = 40


def records(house: House, table: Table, pid_of) -> None:
    url = house.services["gateway"].url
    with administrator(house, url) as admin:
        hospital = approved_hospital(url, admin)
    made = make_doctor(hospital, department(hospital))
    doctor = by_username(url, made["username"], made["password"])
    doctor.entry = made
    with Client(url) as anyone:
        patient = log_in(url, "patient", enrol(anyone, "patient")["email"])
    visit = agreed_visit(patient, hospital, doctor, in_days(3))
    first = [prescribe(doctor, visit)["data"]["id"] for _ in range(WRITTEN)][0]
    names = ("gateway", "records", "registry", "scheduling")
    processes = {name: pid_of(house.services[name]) for name in names}
    processes |= {name: pid_of(house.stores[name]) for name in ("postgres", "redis")}
    headers = {"Authorization": patient.headers["Authorization"]}
    sides = [
        Side("one prescription by id", f"{url}{PATH}/{first}", processes, headers),
        Side(f"a page of 20 of {WRITTEN}", f"{url}{PATH}", processes, headers),
        Side("its PDF, one page", f"{url}{PATH}/{first}/document.pdf", processes, headers),
    ]
    interleave(*sides)
    table.title("Through gateway and records: a patient's prescriptions")
    table.sides(*sides)
