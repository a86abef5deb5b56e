"""Records' requests through the gateway: a prescription read, listed, and drawn as a PDF, the summary, and files of
1 MiB sent and fetched, by their patient."""

import re
import subprocess
from pathlib import Path

from cost import Side, interleave
from table import Table

from house.admins import administrator
from house.hospitals import approved_hospital, by_username, department, make_doctor
from house.house import House
from house.people import Client
from house.prescriptions import PATH, agreed_visit, in_days, prescribe
from house.registrants import enrol, log_in

WRITTEN = 40
MIB = 1_048_576
# The gateway passes on sixteen bodies of one caller at a time.
CONNECTIONS = 8


def records(house: House, table: Table, pid_of) -> None:
    url = house.services["gateway"].url
    with administrator(house, url) as admin:
        hospital = approved_hospital(url, admin)
    made = make_doctor(hospital, department(hospital))
    doctor = by_username(url, made["username"], made["password"])
    doctor.entry = made
    with Client(url) as anyone:
        entry = enrol(anyone, "patient")
    patient = log_in(url, "patient", entry["email"])
    path = f"{url}/api/records/patients/{entry['patient_id']}"
    visit = agreed_visit(patient, hospital, doctor, in_days(3))
    first = [prescribe(doctor, visit)["data"]["id"] for _ in range(WRITTEN)][0]
    names = ("gateway", "records", "registry", "scheduling")
    processes = {name: pid_of(house.services[name]) for name in names}
    processes |= {name: pid_of(house.stores[name]) for name in ("postgres", "redis")}
    headers = {"Authorization": patient.headers["Authorization"]}
    sides = [
        Side("one prescription by id", f"{url}{PATH}/{first}", processes, headers),
        Side(f"a page of 20 of {WRITTEN}", f"{url}{PATH}", processes, headers),
        # Two threads draw, and 32 may wait for them.
        Side("its PDF, one page", f"{url}{PATH}/{first}/document.pdf", processes, headers, connections=CONNECTIONS),
        Side("the patient's summary", f"{path}/summary", processes, headers),
    ]
    interleave(*sides)
    table.title("Through gateway and records: a patient's prescriptions, and all of them on one page")
    table.sides(*sides)
    form = {"data": {"title": "Bench", "report_type": "lab"}, "files": {"file": ("a.pdf", b"%PDF-".ljust(MIB, b"x"))}}
    sent = patient.expect(201, "POST", f"{path}/reports/upload", **form).json()["data"]["id"]
    script = Path(__file__).with_name("upload.lua")
    files = [
        Side("1 MiB sent", f"{path}/reports/upload", processes, headers, script=script, connections=CONNECTIONS),
        Side("1 MiB fetched", f"{url}/api/records/reports/{sent}/download", processes, headers, connections=CONNECTIONS),
    ]
    interleave(*files)
    table.title("Through gateway and records: files of 1 MiB, sealed with AES-256-GCM")
    table.sides(*files)
    table.line(f"the cipher alone (openssl speed, chunks of 64 KiB): {cipher():.0f} µs for 1 MiB")


def cipher() -> float:
    command = ["openssl", "speed", "-mr", "-seconds", "1", "-bytes", "65536", "-evp", "aes-256-gcm"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30).stdout
    speed = float(re.search(r"^\+F:\d+:[\w-]+:([\d.]+)$", said, re.MULTILINE | re.IGNORECASE)[1])
    return MIB / speed * 1_000_000
