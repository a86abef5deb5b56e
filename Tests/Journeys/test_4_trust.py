"""Can anybody outside speak in the name of the gateway?"""

import pytest

from house.people import Client
from house.raw import send

CLAIM = "AAAA gateway 1700000000 0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90 admin - 0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f91 r - - -"
SPELLINGS = [
    "X-Praxis-Principal",
    "x-praxis-principal",
    "X-PRAXIS-PRINCIPAL",
    "X-Praxis-Account",
    "X-Praxis-Role",
    "X-Praxis-Deadline",
    "X-Praxis-Tenant",
    "X-Praxis-",
    "X-Praxis-Request-Id",
]
REFUSED_SPELLINGS = [
    "X_Praxis_Principal",
    "X-Praxis_Principal",
    "X-Praxis-Principal ",
    "X-Praxis-Principal\t",
    " X-Praxis-Principal",
]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_principal_from_outside_gives_nothing(url, person, name):
    with Client(url) as client:
        client.expect(401, "GET", "/api/patients", headers={name: CLAIM})
        client.expect(401, "GET", "/api/patients", headers=[(name, CLAIM), (name, CLAIM)])
        client.expect(401, "GET", "/api/patients", headers={name: CLAIM, "Connection": f"keep-alive, {name}"})
    person.expect(200, "GET", "/api/auth/me", headers={name: CLAIM})
    assert person.expect(200, "GET", "/api/auth/me", headers={name: "admin"}).json()["data"]["role"] == "staff"


@pytest.mark.parametrize("name", REFUSED_SPELLINGS)
def test_an_odd_spelling_of_it_is_refused(house, name):
    port = house.services["gateway"].instance.port
    answer = send(port, f"GET /api/patients HTTP/1.1\r\nHost: localhost\r\n{name}: {CLAIM}\r\n\r\n".encode())
    assert answer.statuses == [400] and answer.is_closed


def test_a_trailer_does_not_carry_it(house):
    port = house.services["gateway"].instance.port
    request = (
        "POST /api/patients HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        f"Trailer: X-Praxis-Principal\r\n\r\n2\r\n{{}}\r\n0\r\nX-Praxis-Principal: {CLAIM}\r\n\r\n"
    )
    assert send(port, request.encode()).statuses == [401]


def test_naming_the_authorization_in_connection_does_not_remove_it(person):
    person.expect(200, "GET", "/api/auth/me", headers={"Connection": "keep-alive, authorization"})


@pytest.mark.parametrize(
    "name, path",
    [
        ("identity", "/api/auth/me"),
        ("identity", "/api/auth/login"),
        ("identity", "/internal/revocations"),
        ("registry", "/api/patients"),
        ("registry", "/api/doctors"),
        ("registry", "/nowhere"),
        ("scheduling", "/"),
        ("records", "/"),
        ("notifier", "/"),
    ],
)
def test_a_service_asked_directly_believes_nobody(house, person, name, path):
    with Client(house.services[name].url) as client:
        for headers in (
            {},
            {"Authorization": person.headers["Authorization"]},
            {"X-Praxis-Principal": CLAIM},
            {"X-Praxis-Principal": ""},
            {"X-Praxis-Principal": "AAAA gateway x"},
            {"X-Praxis-Principal": "admin"},
        ):
            client.expect(401, "GET", path, headers=headers)
            client.expect(401, "POST", path, headers=headers, json={})


def test_the_internal_endpoints_are_not_routed(person):
    person.expect(404, "GET", "/internal/revocations")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a"])
def test_another_host_is_not_served(anyone, host):
    answer = anyone.expect(400, "GET", "/api/v1/health", headers={"Host": host})
    assert answer.json()["code"] == "host_not_allowed"
