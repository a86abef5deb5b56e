"""Is each event of the catalogue told to those it concerns, in whatever role, and to nobody else?"""

import json
import re

import pytest

from house import TOP
from house.admins import administrator
from house.hospitals import approved_hospital, by_username, department, make_doctor
from house.people import Client
from house.registrants import enrol, log_in
from house.streams import stream_of
from house.telling import publish
from house.waiting import until

VISIT = {"jane", "doctor", "hospital"}
# Whose streams each event is told on: this table is its specification.
HEARERS = (
    {
        f"appointment.{word}": VISIT
        for word in (
            *("requested", "confirmed", "rejected", "cancelled", "rescheduled", "checked_in", "check_in_undone"),
            *("completed", "no_show"),
        )
    }
    | {name: {"jane"} for name in ("password.changed", "device.new", "second_factor.enabled", "second_factor.disabled")}
    | {name: {"jane"} for name in ("appointment.reminder", "waitlist.offered", "waitlist.passed")}
    | {name: {"hospital"} for name in ("hospital.approved", "hospital.rejected", "hospital.deactivated")}
    | {name: {"hospital"} for name in ("doctor.created", "doctor.deactivated")}
    | {name: VISIT for name in ("prescription.created", "prescription.revised", "queue.changed")}
    | {name: {"jane", "doctor"} for name in ("report.uploaded", "access.granted", "access.revoked")}
    | {
        "appointment.reassigned": VISIT | {"former"},
        "schedule.affected": {"doctor", "hospital"},
        "slot.freed": {"doctor", "hospital"},
        "hospital.registered": {"admin"},
        "access.break_glass": VISIT | {"admin"},
        "access.code_requested": set(),
    }
)
ROW = re.compile(r"^\| `([a-z_.0-9]+)` \| .*? \| (–|`[a-z_.]+`) \|.*\| `({.*})` \|$")
# They have handled each of these facts already, so that what is made up changes nothing there.
OTHERS = ("identity", "registry", "scheduling", "records")


def catalogue() -> list[tuple[str, str, dict]]:
    """Name inside, name outside and an example of each event that clients have a name for."""
    lines = (TOP / "docs/reference/events.md").read_text().splitlines()
    found = [match.groups() for match in map(ROW.match, lines) if match]
    return [(inside, outside.strip("`"), json.loads(data)) for inside, outside, data in found if outside != "–"]


@pytest.fixture(scope="module")
def people(house, url):
    """Everybody an event may name, and a stranger of each role."""
    with (
        administrator(house, url) as admin,
        approved_hospital(url, admin) as hospital,
        approved_hospital(url, admin) as elsewhere,
        Client(url) as anyone,
    ):
        jane, john = (log_in(url, "patient", enrol(anyone, "patient")["email"]) for _ in range(2))
        ward, other_ward = department(hospital), department(elsewhere)
        made = [make_doctor(hospital, ward), make_doctor(hospital, ward), make_doctor(elsewhere, other_ward)]
        doctor, former, stranger = (by_username(url, one["username"], one["password"]) for one in made)
        found = {"admin": admin, "hospital": hospital, "elsewhere": elsewhere, "jane": jane, "john": john}
        found |= {"doctor": doctor, "former": former, "stranger": stranger}
        for one in found.values():
            one.account_id = one.expect(200, "GET", "/api/auth/me").json()["data"]["id"]
        yield found
        for one in (jane, john, doctor, former, stranger):
            one.close()


def about(people: dict, name: str, example: dict) -> dict:
    """The example with these people in it."""
    accounts = {"patient": "jane", "doctor": "doctor", "hospital": "hospital", "former_doctor": "former", "by": "jane"}
    named = {f"{word}_account_id": people[who].account_id for word, who in accounts.items()}
    owner = "hospital" if name.startswith("hospital.") else "doctor" if name.startswith("doctor.") else "jane"
    named |= {"account_id": people[owner].account_id, "hospital_id": people["hospital"].entry["hospital_id"]}
    if name != "appointment.reassigned":
        del named["former_doctor_account_id"]
    return example | {key: value for key, value in named.items() if key in example}


def test_each_event_of_the_catalogue_is_told_to_whom_it_concerns_and_to_nobody_else(house, people, other_url):
    rows = catalogue()
    assert {outside for _, outside, _ in rows} - {"webhook.failing", "webhook.disabled"} == set(HEARERS)
    streams = [(name, stream_of(person, url)) for url in (None, other_url) for name, person in people.items()]
    expected = {who: sorted(name for name, hearers in HEARERS.items() if who in hearers) for who in people}
    try:
        told = {}
        for inside, outside, example in rows:
            if outside in HEARERS:
                data = about(people, outside, example)
                told[publish(house, inside, people["jane"].account_id, data, OTHERS)] = outside

        def heard(stream) -> list[str]:
            return sorted(told[one] for one in ids(stream) if one in told)

        for name, stream in streams:
            until(lambda name=name, stream=stream: heard(stream) == expected[name], 30, f"what {name} is to hear")
        # Numbered behind whatever was told to somebody whom it does not concern.
        last = publish_to_all(house, people)
        for name, stream in streams:
            until(lambda name=name, stream=stream: last[name] in ids(stream), 30, f"the last event of {name}")
            assert heard(stream) == expected[name] and set(ids(stream)) <= {*told, last[name]}, name
    finally:
        for _, stream in streams:
            stream.close()


def ids(stream) -> list[str]:
    return [one.data["id"] for one in stream.happened]


def publish_to_all(house, people: dict) -> dict[str, str]:
    """An event for each of them alone, behind all others."""
    data = {name: {"account_id": one.account_id, "role": "staff"} for name, one in people.items()}
    kind = "identity.password_changed.v1"
    return {name: publish(house, kind, one["account_id"], one, OTHERS) for name, one in data.items()}
