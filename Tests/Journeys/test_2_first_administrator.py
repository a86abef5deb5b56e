"""How does an empty house get its first administrator, and only the first?"""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.house import BINARIES, House
from house.people import PASSWORD, Client
from house.services import DIRECT
from house.stores import psql


@pytest.fixture(scope="module")
def empty():
    """A house in which nobody lives yet."""
    made = House({}, "first")
    try:
        made.start()
        yield made
    finally:
        made.stop()


def praxis(house: House, *words: str, **settings: str) -> subprocess.CompletedProcess:
    programs = {name: BINARIES / name for name in (*house.services, "praxis")}
    environment = house.processes.of_the_operator(programs) | settings
    return subprocess.run([programs["praxis"], *words], env=environment, cwd="/", capture_output=True, text=True)


def administrator(token: str, name: str) -> dict:
    return {
        "token": token,
        "username": name,
        "email": f"{name}@praxis.example",
        "password": PASSWORD,
        "confirm_password": PASSWORD,
    }


def test_the_link_makes_one_administrator_and_no_second(empty):
    url = empty.services["gateway"].url
    done = praxis(empty, "setup-link")
    assert done.returncode == 0, done.stderr
    link = done.stdout.strip()
    site, _, token = link.partition("/setup?token=")
    assert site == empty.fleet.gateway_url and token.startswith("prxs_")
    older, token = token, praxis(empty, "setup-link").stdout.strip().partition("token=")[2]
    with Client(url) as anyone:
        page = anyone.expect(200, "GET", "/setup", params={"token": token})
        assert token not in page.text and page.headers["Referrer-Policy"] == "no-referrer"
        wrong = anyone.expect(400, "POST", "/api/auth/setup", json={"token": older, "password": "Password1"}).json()
        assert set(wrong["errors"]) == {"token", "username", "email", "password", "confirm_password"}

    def attempt(number: int):
        with Client(url, timeout=60) as client:
            return client.post("/api/auth/setup", json=administrator(token, f"root{number}"))

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 9
    [made] = [answer.json()["data"] for answer in answers if answer.status_code == 201]
    assert made["role"] == "admin" and "password" not in str(made)
    with Client(url) as anyone:
        login = {"username": made["username"], "password": PASSWORD}
        data = anyone.expect(200, "POST", "/api/auth/login", json=login).json()["data"]
        token = data["tokens"]["access"]
        anyone.expect(200, "GET", "/api/admin/users", headers={"Authorization": f"Bearer {token}"})
    late = praxis(empty, "setup-link")
    assert late.returncode == 69 and "administrator already" in late.stderr and not late.stdout
    assert psql(empty, "select count(*) from identity.account where role = 'admin'") == [["1"]]


def test_an_administrator_is_made_at_the_command_line_with_a_password_that_stands_in_no_argument(empty):
    done = praxis(empty, "create-admin", "second", "second@praxis.example", PRAXIS_ADMIN_PASSWORD="Password1!")
    assert done.returncode == 69 and "too easy to guess" in done.stderr
    done = praxis(empty, "create-admin", "second", "second@praxis.example", PRAXIS_ADMIN_PASSWORD=PASSWORD)
    assert done.returncode == 0 and done.stdout == "made second\n", done.stderr
    url = empty.services["gateway"].url
    answer = DIRECT.post(f"{url}/api/auth/login", json={"username": "second", "password": PASSWORD})
    assert answer.json()["data"]["user"]["role"] == "admin"


def test_no_log_holds_the_link(empty):
    for path in empty.folders.log.glob("*.log"):
        assert b"prxs_" not in path.read_bytes(), path.name
