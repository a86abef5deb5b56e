"""Prescriptions, and the visits they are written for."""

import datetime

from .people import Person

PATH = "/api/records/prescriptions"
BODY = {
    "diagnosis": "Canarybronchitis",
    "medicines": [
        {
            "name": "Amoxicillin",
            "dosage": "500 mg",
            "frequency": "three times a day",
            "duration": "7 days",
            "instructions": "کھانے کے بعد",
        }
    ],
    "investigations": ["Chest X-ray"],
    "follow_up_date": "2027-05-01",
    "notes": "Rest.",
}


def in_days(days: int, hour: int = 10) -> str:
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days)
    return f"{day}T{hour:02}:00:00Z"


def agreed_visit(patient: Person, hospital: Person, doctor: Person, start: str) -> str:
    """A visit that was asked for and agreed; its id."""
    body = {"hospital_id": hospital.entry["hospital_id"], "requested_time": start, "reason": "Cough"}
    made = patient.expect(201, "POST", "/api/appointments/", json=body).json()["data"]
    assigned = {"doctor_id": doctor.entry["doctor_id"]}
    hospital.expect(200, "POST", f"/api/appointments/{made['id']}/assign-doctor", json=assigned)
    return made["id"]


def prescribe(doctor: Person, visit: str, status: int = 201, **changes) -> dict:
    body = BODY | {"appointment_id": visit} | changes
    return doctor.expect(status, "POST", f"{PATH}/create/", json=body).json()
