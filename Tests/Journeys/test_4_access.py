"""Does every endpoint let in whom it declares, to what is theirs, and nobody else?

The cells come from the served document, which the declarations write. What they do not say is in `EXCEPTIONS`.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from house import TOP
from house.access import LET_IN, PARAMETER, ROLES, Cell, cells
from house.examples import operations
from house.people import Client
from house.tenants import Tenant, kind_of

# By operation, role (* for all) and whose the id is.
EXCEPTIONS: dict[tuple[str, str, str | None], int | str] = {
    # Who is signed in finds doctors and their free times.
    ("getDoctor", "*", "other"): LET_IN,
    ("getSlots", "*", "other"): LET_IN,
    # What is seen is refused by name, not hidden.
    ("replaceDoctor", "*", "other"): 403,
    ("changeDoctor", "*", "other"): 403,
    ("deleteDoctor", "*", "other"): 403,
    ("changeHospital", "hospital", "other"): 403,
    # A doctor hears the same of patients who exist and who do not, but for broken glass.
    **{
        (name, role, whose): 403
        for name in (
            *("getPatientHealth", "replacePatientHealth", "getPatientSummary"),
            *("getPrescription", "listPrescriptionVersions", "revisePrescription", "getPrescriptionDocument"),
            *("attachToPrescription", "downloadAttachment"),
            *("uploadReport", "listPatientReports", "getReport", "downloadReport", "deleteReport"),
        )
        for role in ("doctor", "provider")
        for whose in ("other", "absent")
    },
    # The prescription is theirs, and no such file is with it.
    ("downloadAttachment", "doctor", "absent"): 404,
    ("breakGlass", "doctor", "other"): LET_IN,
    ("breakGlass", "provider", "other"): LET_IN,
    # An administrator's webhooks are another's business, too.
    **{
        (f"{name}Webhook{rest}", "admin", "other"): 404
        for name, rest in (
            *(("get", ""), ("change", ""), ("delete", ""), ("test", ""), ("replay", "")),
            *(("rotate", "Secret"), ("list", "Deliveries")),
        )
    },
    # Administrators look after all.
    ("replaceDoctor", "admin", "other"): LET_IN,
    ("changeDoctor", "admin", "other"): LET_IN,
    ("deleteDoctor", "admin", "other"): LET_IN,
    ("getPatientProfile", "admin", "other"): LET_IN,
    ("getAppointmentCalendar", "admin", "other"): LET_IN,
}
# Fields by hand, where the example is of another role.
BODIES: dict[str, dict] = {"changeAppointmentStatus": {"status": "CANCELLED"}}
# In this order after all else: they end sessions.
LAST = ("endSession", "logOut", "logOutAll")


@pytest.fixture(scope="module")
def tenants(url, admin) -> tuple[Tenant, Tenant]:
    return Tenant(url, admin), Tenant(url, admin)


@pytest.fixture(scope="module")
def clients(url, tenants):
    with Client(url) as anyone:
        yield {"anonymous": anyone} | tenants[0].people


@pytest.fixture(scope="module")
def found(anyone_at, tenants) -> list[Cell]:
    document = anyone_at.expect(200, "GET", "/api/schema").json()
    return cells(operations(document), *tenants)


@pytest.fixture(scope="module")
def anyone_at(url):
    with Client(url) as client:
        yield client


def test_every_id_in_a_path_is_somebodys(found):
    """A new kind of id has its line in `KINDS`."""
    named = {(cell.operation.method, cell.operation.path) for cell in found if PARAMETER.search(cell.operation.path)}
    assert {one for one in named if kind_of(*one) is None} == set()


def test_every_cell_is_answered_as_declared(found, clients):
    expected = {cell: cell.expected(EXCEPTIONS) for cell in found}
    refused = [cell for cell in found if expected[cell] != LET_IN]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda cell: cell.send(clients, BODIES), refused))
    wrong = [cell.wrong(expected[cell], answer) for cell, answer in zip(refused, answers, strict=True)]
    let_in = in_order([cell for cell in found if expected[cell] == LET_IN])
    wrong += [cell.wrong(LET_IN, cell.send(clients, BODIES)) for cell in let_in]
    wrong = [one for one in wrong if one]
    assert not wrong, f"{len(wrong)} of {len(found)} cells are wrong:\n" + "\n".join(wrong)
    assert len(refused) > 700 and len(let_in) > 250
    assert {key[0] for key in EXCEPTIONS} | BODIES.keys() <= {cell.operation.name for cell in found}


def in_order(let_in: list[Cell]) -> list[Cell]:
    """What deletes comes after what asks, what ends a session at the end."""

    def place(cell: Cell) -> int:
        if cell.operation.name in LAST:
            return 2 + LAST.index(cell.operation.name)
        return int(cell.operation.method == "DELETE")

    return sorted(let_in, key=place)


def test_what_services_ask_each_other_is_nobodys(clients):
    sources = "\n".join(path.read_text() for path in (TOP / "Shared/API").rglob("*.swift"))
    paths = set(re.findall(r'"(/internal/[^"]*)"', sources))
    assert len(paths) > 10
    for path in sorted(paths):
        for role in ROLES:
            for method in ("GET", "POST"):
                clients[role].expect(404, method, PARAMETER.sub("x", path), json=None if method == "GET" else {})
