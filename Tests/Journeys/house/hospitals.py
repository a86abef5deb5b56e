"""Hospitals, and the doctors they make (seed 004)."""

import secrets

from .people import PASSWORD, Client, Person, fresh_email
from .registrants import fresh_phone


def hospital(**changes) -> dict:
    """A body that registers; each call names another hospital."""
    word = secrets.token_hex(5)
    return {
        "username": f"hospital_{word}",
        "password": PASSWORD,
        "confirm_password": PASSWORD,
        "name": f"Saint {word.translate(str.maketrans('0123456789', 'ghijklmnop')).title()} Hospital",
        "email": fresh_email("office"),
        "phone_number": fresh_phone(),
        "license_number": f"HOSP-{word.upper()}",
        "address": "1 Mall Road",
        "city": "Lahore",
        "state": "Punjab",
        "country": "Pakistan",
        "latitude": 31.52,
        "longitude": 74.35,
        "timezone": "Asia/Karachi",
    } | changes


def register_hospital(client: Client, **changes) -> dict:
    """What was sent and what was answered, as one."""
    body = hospital(**changes)
    return body | client.expect(201, "POST", "/api/hospitals/register", json=body).json()["data"]


def by_username(url: str, username: str, password: str = PASSWORD) -> Person:
    with Client(url) as anyone:
        answer = anyone.expect(200, "POST", "/api/auth/login", json={"username": username, "password": password})
    return Person(url, answer.json()["data"])


def approved_hospital(url: str, admin: Person, **changes) -> Person:
    """A hospital that works, signed in; `entry` is what it registered."""
    with Client(url) as anyone:
        made = register_hospital(anyone, **changes)
    admin.expect(200, "PATCH", f"/api/hospitals/{made['hospital_id']}/approve")
    person = by_username(url, made["username"])
    person.entry = made
    return person


def department(at: Person, name: str = "Cardiology") -> dict:
    return at.expect(201, "POST", "/api/hospitals/departments", json={"name": name}).json()["data"]


def doctor(department: dict, **changes) -> dict:
    return {
        "first_name": "Ali",
        "last_name": "Khan",
        "email": fresh_email("ali"),
        "specialization": "cardiology",
        "department_id": department["id"],
        "license_number": f"LIC-{secrets.token_hex(5).upper()}",
    } | changes


def make_doctor(at: Person, department: dict, **changes) -> dict:
    body = doctor(department, **changes)
    return at.expect(201, "POST", "/api/hospitals/doctors/create", json=body).json()["data"]
