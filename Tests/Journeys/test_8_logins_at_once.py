"""Does everybody who logs in get an answer in time when a hundred do so at once?"""

import math
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier

import pytest

from house.people import PASSWORD, Client, register

SALT_ROUNDS = "12"  # as in production: a hash takes a quarter of a second of a quiet core


@pytest.fixture(scope="module", autouse=True)
def slow_hashes(house):
    """Identity's copies hash as slowly as in production; afterwards they are as they were."""
    usual = {name: house.services[name] for name in ("identity", "identity-2")}
    for name, service in usual.items():
        service.stop()
        house.services[name] = house.service(service.instance, BCRYPT_SALT_ROUNDS=SALT_ROUNDS)
        house.services[name].restart()
    yield
    for name, service in usual.items():
        house.services[name].stop()
        house.services[name] = service
        service.restart()


def at_once(urls: list[str], logins: list[dict]) -> list:
    """The answers to logins that are sent together, by gateways in turn."""
    together = Barrier(len(logins))

    def log_in(url: str, login: dict):
        with Client(url, timeout=40) as client:
            together.wait(60)
            return client.post("/api/auth/login", json=login)

    with ThreadPoolExecutor(len(logins)) as threads:
        return list(threads.map(log_in, cycle(urls), logins))


def test_a_hundred_right_logins_at_once_are_served_or_put_off_and_none_counts_as_a_failure(url, other_url, anyone):
    names = []
    for _ in range(5):
        with register(url) as person:
            names.append((person.user["email"], person.user["username"]))
    logins = [{"email": names[n % 5][n // 5 % 2], "password": PASSWORD} for n in range(100)]
    answers = at_once([url, other_url], logins)
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 503} and 200 in statuses, sorted(statuses)
    for answer in answers:
        if answer.status_code == 503:
            assert answer.json()["code"] == "service_unavailable" and int(answer.headers["Retry-After"]) >= 1
    for email, _ in names:
        anyone.expect(200, "POST", "/api/auth/login", json={"email": email, "password": PASSWORD})


def test_wrong_passwords_at_once_are_as_many_as_one_after_the_other(url, other_url):
    with register(url) as person:
        email = person.user["email"]
    begun = time.monotonic()
    answers = at_once([url, other_url], [{"email": email, "password": f"Wrong-Password-{n}"} for n in range(40)])
    statuses = [answer.status_code for answer in answers]
    # Five at once, then one after a second, one after two more, and so on.
    looked_at = 5 + math.floor(math.log2(1 + time.monotonic() - begun))
    assert set(statuses) <= {401, 429, 503} and 1 <= statuses.count(401) <= looked_at, sorted(statuses)
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers if answer.status_code != 401)
