"""Does a second factor keep out whoever has the password, and let in whoever it belongs to?"""

import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from house.authenticator import Authenticator, scanned
from house.canaries import found_in
from house.house import BINARIES, House
from house.people import PASSWORD, Client, Person, fresh_email, register
from house.stores import dump, psql, redis_contents
from house.waiting import until

TOTP = "/api/auth/mfa/totp"


def enrol(person: Person, **more) -> dict:
    return person.expect(201, "POST", TOTP, json={"password": person.password} | more).json()["data"]


def confirm(person: Person, device: Authenticator) -> list[str]:
    answer = person.expect(200, "POST", f"{TOTP}/confirm", json={"code": device.code()})
    return answer.json()["data"]["recovery_codes"]


def log_in(client: Client, person: Person, status: int, otp: str | None = None) -> dict:
    body = {"email": person.user["email"], "password": person.password} | ({"otp": otp} if otp else {})
    return client.expect(status, "POST", "/api/auth/login", json=body).json()


@pytest.fixture(scope="module")
def holder(url):
    """Somebody with a second factor, used by all tests of this file that use up no code of it but one."""
    with register(url, username=f"holder_{secrets.token_hex(3)}") as person:
        before = person.expect(200, "GET", "/api/auth/mfa").json()["data"]
        assert before == {"enabled": False, "required": False, "confirmed_at": None, "recovery_codes_left": 0}
        person.enrolment = enrol(person)
        person.device = Authenticator(person.enrolment["secret"])
        person.codes = confirm(person, person.device)
        yield person


def test_the_picture_says_what_an_authenticator_needs(holder):
    assert scanned(holder.enrolment["qr_svg"]) == holder.enrolment["otpauth_uri"]
    uri = urlsplit(holder.enrolment["otpauth_uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", f"/Praxis:{holder.user['username']}")
    asked = {name: values[0] for name, values in parse_qs(uri.query).items()}
    assert asked == {
        "secret": holder.enrolment["secret"],
        "issuer": "Praxis",
        "algorithm": "SHA1",
        "digits": "6",
        "period": "30",
    }
    assert "<script" not in holder.enrolment["qr_svg"]


def test_ten_codes_for_bad_days_are_shown_once(holder):
    assert len(set(holder.codes)) == 10 and all(len(code) == 29 for code in holder.codes)
    state = holder.expect(200, "GET", "/api/auth/mfa").json()["data"]
    assert state["enabled"] is True and state["recovery_codes_left"] == 10 and state["confirmed_at"]
    assert not any(code in str(state) for code in holder.codes)


def test_the_right_password_is_asked_for_a_code_and_the_wrong_one_is_not(anyone, holder):
    asked = log_in(anyone, holder, 401)
    assert asked["code"] == "otp_required" and asked["message"] == "A one-time code is required."
    wrong = {"email": holder.user["email"], "password": "Wrong-Password-1"}
    for body in (wrong, wrong | {"otp": "000000"}):
        assert anyone.expect(401, "POST", "/api/auth/login", json=body).json()["code"] == "invalid_credentials"


def test_of_fifty_logins_with_one_code_at_once_one_gets_in(url, other_url, holder):
    code = holder.device.code(1)

    def attempt(number: int) -> int:
        with Client((url, other_url)[number % 2], timeout=60) as client:
            body = {"username": holder.user["username"], "password": holder.password, "otp": code}
            return client.post("/api/auth/login", json=body).status_code

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(attempt, range(50)))
    assert statuses.count(200) == 1 and set(statuses) <= {200, 401, 429}


def test_a_recovery_code_gets_in_once_and_the_bare_tokens_ask_too(house, url, newcomer):
    person = newcomer()
    device = Authenticator(enrol(person)["secret"])
    codes = confirm(person, device)
    body = {"username": person.user["username"], "password": person.password}
    with Client(url) as client:
        assert client.expect(401, "POST", "/api/token", json=body).json()["code"] == "otp_required"
        client.expect(200, "POST", "/api/token", json=body | {"otp": codes[4].lower().replace("-", " ")})
        again = client.expect(401, "POST", "/api/token", json=body | {"otp": codes[4]}).json()
        assert again["code"] == "otp_invalid"
    assert person.expect(200, "GET", "/api/auth/mfa").json()["data"]["recovery_codes_left"] == 9
    actions = psql(
        house, f"select action from identity.audit_entry where subject = 'account/{person.user['id']}' order by entry_id"
    )
    told = [action for (action,) in actions if action.startswith("second_factor")]
    assert told == [
        "second_factor.enrolled",
        "second_factor.confirmed",
        "second_factor.recovery_code_used",
        "second_factor.failed",
    ]


def test_setting_it_up_takes_the_password_and_ends_other_sessions(url, newcomer):
    person = newcomer()
    with Client(url) as client:
        other = Person(url, log_in(client, person, 200)["data"])
    wrong = person.expect(400, "POST", TOTP, json={"password": "Wrong-Password-1"}).json()
    assert set(wrong["errors"]) == {"password"}
    confirm(person, Authenticator(enrol(person)["secret"]))
    until(lambda: other.get("/api/auth/me").status_code == 401, 2, "the end of the other session")
    person.expect(200, "GET", "/api/auth/me")
    other.close()


def test_it_is_removed_with_both_factors_alone(url, newcomer):
    person = newcomer()
    device = Authenticator(enrol(person)["secret"])
    codes = confirm(person, device)
    for body, field in (
        ({"password": person.password, "otp": "000000"}, "otp"),
        ({"password": "Wrong-Password-1", "otp": codes[0]}, "password"),
        ({}, "password"),
    ):
        assert field in person.expect(400, "DELETE", TOTP, json=body).json()["errors"]
    person.expect(200, "DELETE", TOTP, json={"password": person.password, "otp": codes[0]})
    with Client(url) as client:
        log_in(client, person, 200)
    person.expect(409, "DELETE", TOTP, json={"password": person.password, "otp": codes[1]})


def test_a_lost_answer_gives_the_same_recovery_codes_again(newcomer):
    person = newcomer()
    body = {"code": Authenticator(enrol(person)["secret"]).code()}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    first = person.expect(200, "POST", f"{TOTP}/confirm", json=body, headers=key)
    again = person.expect(200, "POST", f"{TOTP}/confirm", json=body, headers=key)
    assert again.content == first.content and again.headers["Idempotency-Replayed"] == "true"


def test_nothing_of_it_lies_anywhere_readable(house, holder):
    words = {"secret": holder.enrolment["secret"], "code": holder.codes[0], "bare code": holder.codes[0].replace("-", "")}
    raw = holder.device.key
    assert raw not in dump(house).encode() and raw.hex().encode() not in dump(house).encode()
    places = [dump(house).encode(), redis_contents(house).encode()]
    places += [path.read_bytes() for path in house.folders.log.iterdir()]
    assert [found_in(place, words) for place in places if found_in(place, words)] == []


def test_an_operator_helps_who_has_lost_everything(house, url, newcomer):
    person = newcomer(username=f"lost_{secrets.token_hex(4)}")
    confirm(person, Authenticator(enrol(person)["secret"]))
    done = run(house, "reset-second-factor", person.user["username"])
    assert done.returncode == 0 and "password alone" in done.stdout, done.stderr
    with Client(url) as client:
        log_in(client, person, 200)
    assert run(house, "reset-second-factor", "nobody_at_all").returncode != 0


def run(house, *words: str, **more: str) -> subprocess.CompletedProcess:
    environment = house.services["identity"].environment | more
    return subprocess.run([BINARIES / "identity", *words], env=environment, cwd="/", capture_output=True, text=True)


@pytest.fixture(scope="module")
def strict():
    """A house whose administrators need one."""
    made = House({}, "strict", REQUIRE_ADMIN_MFA="true")
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_an_administrator_without_one_may_do_nothing_but_set_one_up(strict):
    name, url = f"root_{secrets.token_hex(4)}", strict.services["gateway"].url
    done = run(strict, "create-admin", name, fresh_email("admin"), PRAXIS_ADMIN_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    login = {"username": name, "password": PASSWORD}
    with Client(url) as client:
        admin = Person(url, client.expect(200, "POST", "/api/auth/login", json=login).json()["data"])
        for method, path in (("GET", "/api/admin/users"), ("GET", "/api/doctors"), ("PATCH", "/api/auth/me")):
            assert admin.expect(403, method, path).json()["code"] == "second_factor_required", path
        admin.expect(200, "GET", "/api/auth/me")
        assert admin.expect(200, "GET", "/api/auth/mfa").json()["data"]["required"] is True
        # A refresh is no way round it.
        admin.take(admin.expect(200, "POST", "/api/auth/token/refresh", json=refresh(admin)).json()["data"])
        admin.expect(403, "GET", "/api/admin/users")
        device = Authenticator(enrol(admin)["secret"])
        confirm(admin, device)
        admin.expect(403, "GET", "/api/admin/users")
        admin.take(admin.expect(200, "POST", "/api/auth/token/refresh", json=refresh(admin)).json()["data"])
        admin.expect(200, "GET", "/api/admin/users")
        assert client.expect(401, "POST", "/api/auth/login", json=login).json()["code"] == "otp_required"
        full = client.expect(200, "POST", "/api/auth/login", json=login | {"otp": device.code(1)}).json()["data"]
        admin.take(full["tokens"])
        admin.expect(200, "GET", "/api/admin/users")
        admin.close()


def refresh(person: Person) -> dict:
    return {"refresh": person.tokens["refresh"]}
