"""Are limits kept, whatever a client pretends and whether or not Redis is there?"""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from redis import Redis

from house.child import Child
from house.people import Client, Person, fresh_email, registration
from house.registrants import enrol
from house.registrants import log_in as log_in_as
from house.waiting import until

LIMITS = {
    "RATE_LIMIT_LOGIN": "10/1h",
    "RATE_LIMIT_REGISTRATION": "5/1h",
    "RATE_LIMIT_ANONYMOUS": "30/1h",
    "RATE_LIMIT_AUTHENTICATED": "20/1h",
    "RATE_LIMIT_OTP": "3/15m",
    "GATEWAY_REPLICAS": "1",
}


class Limited:
    """A gateway with the contract's limits and a Redis of its own, which may be taken from it."""

    def __init__(self, house, name: str, **settings: str):
        folder = house.folder / name
        folder.mkdir()
        self.redis = Redis(folder / "redis", folder)
        self.redis.create()
        self.store: Child = house.child(f"redis-{name}", self.redis.arguments)
        self.gateway = house.add_gateway(name, REDIS_URL=self.redis.url, **LIMITS | settings)

    def start(self) -> "Limited":
        self.store.start()
        self.redis.wait()
        self.gateway.restart()
        return self

    def stop(self, house) -> None:
        self.gateway.stop()
        self.store.kill()
        del house.services[self.gateway.name]

    @property
    def url(self) -> str:
        return self.gateway.url


numbers = count()


@pytest.fixture
def limited(house):
    made = []

    def make(**settings: str) -> Limited:
        made.append(Limited(house, f"limited-{next(numbers)}", **settings).start())
        return made[-1]

    yield make
    for one in made:
        one.stop(house)


def log_in(client: Client, **headers):
    body = {"email": fresh_email("nobody"), "password": "Wrong-Password-1"}
    return client.post("/api/auth/login", json=body, headers=headers)


def statuses(answers) -> dict[int, int]:
    found = [answer.status_code for answer in answers]
    return {status: found.count(status) for status in sorted(set(found))}


def test_the_eleventh_login_of_an_address_is_refused_with_its_waiting_time(limited):
    with Client(limited().url) as client:
        answers = [log_in(client) for _ in range(10)]
        assert statuses(answers) == {401: 10}
        assert [int(answer.headers["RateLimit-Remaining"]) for answer in answers] == list(range(9, -1, -1))
        refused = log_in(client)
    assert (
        refused.status_code == 429 and refused.json()["code"] == "rate_limited" and refused.json()["success"] is False
    )
    assert refused.headers["RateLimit-Limit"] == "10" and refused.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(refused.headers["Retry-After"]) <= 3960
    assert abs(int(refused.headers["RateLimit-Reset"]) - int(refused.headers["Retry-After"])) <= 1
    assert refused.headers["RateLimit-Policy"] and refused.headers["RateLimit"]


def test_the_sixth_registration_of_an_address_is_refused_even_if_all_are_wrong(limited):
    with Client(limited().url) as client:
        answers = [client.post("/api/auth/register", json={"email": "x"}) for _ in range(6)]
        assert statuses(answers) == {400: 5, 429: 1}


def test_seed_000s_names_set_the_registration_limit(limited):
    settings = {"RATE_LIMIT_REGISTRATION": "", "RATE_LIMIT_MAX_REQUESTS": "2", "RATE_LIMIT_WINDOW_MINUTES": "5"}
    with Client(limited(**settings).url) as client:
        answers = [client.post("/api/auth/register", json={}) for _ in range(3)]
        assert statuses(answers) == {400: 2, 429: 1} and int(answers[-1].headers["Retry-After"]) <= 330


def test_an_account_is_limited_by_itself_wherever_it_comes_from(limited, newcomer):
    place = limited(TRUSTED_PROXIES="127.0.0.1")
    one, other = newcomer().at(place.url), newcomer().at(place.url)
    answers = [one.get("/api/auth/me", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(21)]
    assert statuses(answers) == {200: 20, 429: 1}
    other.expect(200, "GET", "/api/auth/me")


def test_a_patient_may_ask_for_three_codes_in_a_quarter_of_an_hour(limited, anyone, url):
    made = enrol(anyone, "patient")
    with log_in_as(url, "patient", made["email"]) as own, own.at(limited().url) as there:
        answers = [there.post("/api/v1/patient/verify-phone/request") for _ in range(4)]
    assert statuses(answers) == {200: 3, 429: 1} and 0 < int(answers[-1].headers["Retry-After"]) <= 990


def test_recommendations_are_counted_by_themselves(limited, anyone, url):
    made = enrol(anyone, "patient")
    place = limited(RATE_LIMIT_RECOMMENDATIONS="3/1h")
    with log_in_as(url, "patient", made["email"]) as own, own.at(place.url) as there:
        answers = [there.post("/api/recommendations", json={"symptoms": "fever"}) for _ in range(4)]
        there.expect(200, "GET", "/api/recommendations/history")
    assert statuses(answers) == {200: 3, 429: 1} and int(answers[-1].headers["Retry-After"]) > 0


def test_each_class_counts_for_itself(limited):
    with Client(limited().url) as client:
        assert statuses(log_in(client) for _ in range(11))[429] == 1
        client.expect(400, "POST", "/api/auth/register", json={})
        client.expect(401, "POST", "/api/auth/token/refresh", json={"refresh": "x"})


def test_a_burst_gets_no_more_than_the_limit(limited):
    place = limited()

    def burst(_):
        with Client(place.url) as client:
            return [log_in(client) for _ in range(5)]

    with ThreadPoolExecutor(20) as pool:
        found = statuses(answer for answers in pool.map(burst, range(20)) for answer in answers)
    assert found == {401: 10, 429: 90}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "CF-Connecting-IP"])
def test_forged_addresses_gain_nothing(limited, header):
    with Client(limited().url) as client:
        value = "for=203.0.113.{}" if header == "Forwarded" else "203.0.113.{}"
        assert statuses(log_in(client, **{header: value.format(n)}) for n in range(20)) == {401: 10, 429: 10}


def test_variants_of_the_path_are_one_path(limited):
    with Client(limited().url) as client:
        body = {"email": fresh_email(), "password": "Wrong-Password-1"}
        paths = [
            "/api/auth/login",
            "/api/auth/login/",
            "//api/auth/login",
            "/api//auth/login",
            "/api/auth/login?x=1",
            "/api/auth/%6cogin",
        ]
        answers = [client.post(path, json=body | {"email": fresh_email()}) for path in paths * 3]
        assert sum(answer.status_code == 401 for answer in answers) <= 10


def test_behind_a_trusted_proxy_the_rightmost_foreign_address_counts(limited):
    with Client(limited(TRUSTED_PROXIES="127.0.0.1,10.0.0.0/8").url) as client:

        def from_address(address):
            return log_in(client, **{"X-Forwarded-For": address})

        assert statuses(from_address(f"198.51.100.{n}, 203.0.113.7, 10.1.2.3") for n in range(11)) == {401: 10, 429: 1}
        assert from_address("203.0.113.8").status_code == 401
        assert statuses(from_address(f"2001:db8:1:2::{n}") for n in range(1, 12)) == {401: 10, 429: 1}


def test_without_redis_logins_stay_limited_and_nobody_gets_a_500(limited, newcomer):
    place = limited()
    place.store.kill()
    with Client(place.url) as client:
        answers = [log_in(client) for _ in range(25)]
    assert statuses(answers) == {401: 10, 429: 15}
    newcomer().at(place.url).expect(200, "GET", "/api/auth/me")

    def degraded():
        ready = place.gateway.ops("/readyz?verbose")
        return ready.status_code == 200 and "degraded" in ready.text

    until(degraded, what="a gateway that says it is degraded")
    place.store.start()
    place.redis.wait()
    until(lambda: "degraded" not in place.gateway.ops("/readyz?verbose").text, what="a gateway that is well again")


def test_an_answer_says_how_much_is_left(limited, newcomer):
    account: Person = newcomer().at(limited().url)
    headers = account.expect(200, "GET", "/api/auth/me").headers
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("20", "19")


def test_registrations_count_when_they_succeed_too(limited):
    with Client(limited().url) as client:
        answers = [client.post("/api/auth/register", json=registration()) for _ in range(6)]
        assert statuses(answers) == {201: 5, 429: 1}
