"""Do the services keep what their own document says, whatever is thrown at them, and whoever throws it?"""

import subprocess
from pathlib import Path

import pytest

from house import TOP
from house.access import PARAMETER, whose_ids
from house.admins import administrator
from house.examples import Operation, operations
from house.people import Client, Person, register
from house.tenants import Tenant

# 501 is our answer to a method that HTTP does not know, and the generator tries some. One worker: Python 3.11 does not
# parse sources in two threads at once, which the generator does (SystemError: AST constructor recursion depth mismatch).
SETTINGS = """
seed = 1843
workers = 1
request-timeout = 10
continue-on-failure = true
warnings = false
suppress-health-check = ["all"]
headers = {{ Authorization = "{authorization}" }}

[checks]
enabled = false
not_a_server_error = {{ enabled = true, expected-statuses = ["2xx", "3xx", "4xx", "501"] }}
status_code_conformance.enabled = true
content_type_conformance.enabled = true
response_schema_conformance.enabled = true
allow_header_conformance.enabled = true

[generation]
max-examples = {examples}

[phases]
stateful.enabled = false
"""
# The id that a path names is one of the caller's own: a random one is another's, which `staff` finds out.
OWN = """
[[operations]]
include-operation-id = "{name}"
parameters = {{ {ids} }}
"""
LOG_OUT = ("logOutAll", "endSession")
ENDLESS = ("streamEvents",)


@pytest.fixture
def tenant(house, url):
    """For each role another: what is generated for one leaves nothing as it was."""
    with administrator(house, url) as admin:
        yield Tenant(url, admin)


@pytest.fixture(scope="module")
def declared(url) -> list[Operation]:
    with Client(url) as anyone:
        return operations(anyone.expect(200, "GET", "/api/schema").json())


def generate(url: str, folder: Path, person: Person, settings: str, *chosen: str) -> None:
    (folder / "schemathesis.toml").write_text(settings)
    command = [TOP / "var/venv/bin/schemathesis", "run", f"{url}/api/schema/", "--no-color", *chosen]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=folder)
    # As long as it went on, the generator was signed in.
    person.expect(200, "GET", "/api/auth/me")
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]


def test_generated_requests_find_no_error_of_the_server_and_no_undocumented_answer(url, tmp_path: Path):
    with register(url) as person:
        settings = SETTINGS.format(authorization=person.headers["Authorization"], examples=15)
        generate(url, tmp_path, person, settings, *chosen("exclude", LOG_OUT + ENDLESS))


@pytest.mark.parametrize("role", ["hospital", "doctor", "patient", "admin"])
def test_generated_requests_find_nothing_where_a_role_is_let_in(url, tenant, declared, role, tmp_path: Path):
    """Endpoints for this role, on what is its own; those for all who are signed in are the first test's."""
    person = tenant.people[role]
    mine = [one for one in declared if role in one.roles]
    settings = SETTINGS.format(authorization=person.headers["Authorization"], examples=10)
    settings += "".join(own_ids(one, tenant, role) for one in mine)
    assert len(mine) > 10
    generate(url, tmp_path, person, settings, *chosen("include", [one.name for one in mine]))


def chosen(how: str, names) -> list[str]:
    return [word for name in names for word in (f"--{how}-operation-id", name)]


def own_ids(operation: Operation, tenant: Tenant, role: str) -> str:
    names = PARAMETER.findall(operation.path)
    ids = names and whose_ids(names, tenant.own(operation.method, operation.path), {}, role).get("own")
    if not ids:
        return ""
    return OWN.format(name=operation.name, ids=", ".join(f'"path.{name}" = "{value}"' for name, value in ids.items()))
