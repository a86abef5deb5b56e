"""How does a session go on, and how does it end?"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.people import PASSWORD, Client, Person
from house.waiting import until


def refresh(url: str, token: str):
    with Client(url) as client:
        return client.post("/api/auth/token/refresh", json={"refresh": token})


def log_in(url: str, account: Person) -> Person:
    with Client(url) as client:
        body = {"email": account.user["email"], "password": account.password}
        return Person(url, client.expect(200, "POST", "/api/auth/login", json=body).json()["data"])


def assert_out_within_a_second(*sessions: Person) -> None:
    """Measured from the acknowledgement, at each gateway the session is used at."""
    acknowledged = time.monotonic()
    for session in sessions:
        until(lambda session=session: session.get("/api/auth/me").status_code == 401, 5, "the end of the session")
    assert time.monotonic() - acknowledged <= 1.0


def test_two_tabs_refreshing_at_once_get_the_same_successors(url, other_url, newcomer):
    token = newcomer().tokens["refresh"]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda n: refresh((url, other_url)[n % 2], token), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["refresh"] for answer in answers}) == 1
    assert len({answer.json()["data"]["access"] for answer in answers}) == 1


def test_a_token_used_again_after_its_successor_ends_the_family_everywhere(url, other_url, newcomer):
    account = newcomer()
    first = account.tokens["refresh"]
    second = refresh(url, first).json()["data"]
    third = refresh(other_url, second["refresh"]).json()["data"]
    account.take(third)
    account.expect(200, "GET", "/api/auth/me")
    assert refresh(url, first).status_code == 401
    assert_out_within_a_second(account, account.at(other_url))
    assert refresh(url, third["refresh"]).status_code == 401


def test_a_token_used_again_after_ten_seconds_ends_the_family(url, newcomer):
    account = newcomer()
    successor = refresh(url, account.tokens["refresh"]).json()["data"]
    time.sleep(10.5)  # the window is the server's, and there is no clock of it to move from here
    assert refresh(url, account.tokens["refresh"]).status_code == 401
    assert refresh(url, successor["refresh"]).status_code == 401


def test_logout_is_known_at_every_gateway_within_a_second(url, other_url, newcomer):
    account = newcomer()
    elsewhere, other_session = account.at(other_url), log_in(other_url, account)
    elsewhere.expect(200, "GET", "/api/auth/me")
    account.expect(200, "POST", "/api/auth/logout", json={"refresh": account.tokens["refresh"]})
    assert_out_within_a_second(account, elsewhere)
    other_session.expect(200, "GET", "/api/auth/me")
    assert refresh(url, account.tokens["refresh"]).status_code == 401


def test_logout_all_ends_every_session(url, other_url, newcomer):
    account = newcomer()
    others = [log_in(url, account), log_in(other_url, account)]
    account.expect(200, "POST", "/api/auth/logout-all")
    assert_out_within_a_second(account, *others)


def test_a_new_password_puts_other_sessions_out_and_the_old_password_away(url, other_url, newcomer):
    account = newcomer()
    others = [log_in(url, account), log_in(other_url, account)]
    body = {
        "old_password": PASSWORD,
        "new_password": "Difference-Engine-1822",
        "confirm_password": "Difference-Engine-1822",
    }
    wrong = account.expect(
        400, "POST", "/api/accounts/change-password", json=body | {"old_password": "Wrong-1-Wrong-1"}
    )
    assert set(wrong.json()["errors"]) == {"old_password"}
    account.expect(200, "POST", "/api/accounts/change-password", json=body)
    assert_out_within_a_second(*others)
    account.expect(200, "GET", "/api/auth/me")
    with Client(url) as anyone:
        login = {"email": account.user["email"], "password": PASSWORD}
        anyone.expect(401, "POST", "/api/auth/login", json=login)
        anyone.expect(200, "POST", "/api/auth/login", json=login | {"password": "Difference-Engine-1822"})


def test_sessions_are_listed_and_ended_one_by_one(url, other_url, newcomer):
    account = newcomer()
    other = log_in(other_url, account)
    listed = account.expect(200, "GET", "/api/auth/sessions").json()["data"]
    assert len(listed) == 2 and [session["is_current"] for session in listed].count(True) == 1
    assert {"id", "device", "address", "created_at", "last_used_at", "expires_at"} <= set(listed[0])
    [current] = [
        session["id"]
        for session in other.expect(200, "GET", "/api/auth/sessions").json()["data"]
        if session["is_current"]
    ]
    account.expect(200, "DELETE", f"/api/auth/sessions/{current}")
    assert_out_within_a_second(other)
    account.expect(404, "DELETE", f"/api/auth/sessions/{current}")
    assert len(account.expect(200, "GET", "/api/auth/sessions").json()["data"]) == 1


def test_nobody_ends_another_persons_session(newcomer):
    one, other = newcomer(), newcomer()
    [session] = one.expect(200, "GET", "/api/auth/sessions").json()["data"]
    other.expect(404, "DELETE", f"/api/auth/sessions/{session['id']}")
    assert (
        "refresh"
        in other.expect(400, "POST", "/api/auth/logout", json={"refresh": one.tokens["refresh"]}).json()["errors"]
    )
    one.expect(200, "GET", "/api/auth/me")


@pytest.mark.parametrize("token", ["", "x", "prxr_" + "A" * 43, "null", "\u0000"])
def test_what_is_no_refresh_token_refreshes_nothing(url, token):
    assert refresh(url, token).status_code in (400, 401)


def test_a_revoked_session_stays_revoked_for_a_gateway_that_starts_later(house, newcomer):
    account = newcomer()
    account.expect(200, "POST", "/api/auth/logout", json={"refresh": account.tokens["refresh"]})
    late = house.services.get("gateway-late") or house.add_gateway("gateway-late")
    late.restart()
    try:
        assert account.at(late.url).get("/api/auth/me").status_code == 401
    finally:
        late.stop()
        del house.services["gateway-late"]
