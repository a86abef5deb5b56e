"""Is a forgotten password found again by its owner, and by nobody else?"""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from house.people import PASSWORD, Client, Person, fresh_email
from house.stores import psql
from house.waiting import until
from test_2_sessions import assert_out_within_a_second, log_in

NEW = "Difference-Engine-1822"
LINK = re.compile(r"/reset-password\?token=([A-Za-z0-9_-]+)")
FORGOT, RESET = "/api/auth/password/forgot", "/api/auth/password/reset"


def tokens(mailbox, email: str) -> list[str]:
    texts = [mail.get_body(("plain",)).get_content() for mail in mailbox.to(email)]
    return [found.group(1) for text in texts if (found := LINK.search(text))]


def ask(client: Client, mailbox, email: str) -> str:
    """Asks for a link and waits for its mail."""
    before = tokens(mailbox, email)
    client.expect(200, "POST", FORGOT, json={"email": email})

    def fresh():
        return [token for token in tokens(mailbox, email) if token not in before]

    [token] = until(fresh, 30, "the mail with the link")
    return token


def body(token: str, password: str = NEW, **changes) -> dict:
    return {"token": token, "new_password": password, "confirm_password": password} | changes


def test_a_mailed_link_sets_a_new_password_once_and_ends_every_session(anyone, url, other_url, newcomer, mailbox):
    account = newcomer()
    sessions = [account, log_in(url, account), log_in(other_url, account)]
    token = ask(anyone, mailbox, account.user["email"].upper())
    for session in sessions:
        session.expect(200, "GET", "/api/auth/me")
    said = anyone.expect(200, "POST", RESET, json=body(token)).json()
    assert said["message"] == "Password reset successfully."
    assert_out_within_a_second(*sessions)
    login = {"email": account.user["email"], "password": PASSWORD}
    anyone.expect(401, "POST", "/api/auth/login", json=login)
    anyone.expect(200, "POST", "/api/auth/login", json=login | {"password": NEW})
    again = anyone.expect(400, "POST", RESET, json=body(token, "Yet-Another-Engine-3")).json()
    assert set(again["errors"]) == {"token"}
    anyone.expect(200, "POST", "/api/auth/login", json=login | {"password": NEW})


def test_of_fifty_who_present_one_link_at_once_one_sets_the_password(anyone, url, other_url, newcomer, mailbox):
    account = newcomer()
    token = ask(anyone, mailbox, account.user["email"])

    def attempt(number: int):
        with Client((url, other_url)[number % 2], timeout=60) as client:
            return client.post(RESET, json=body(token, f"Race-Engine-Number-{number}"))

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(attempt, range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 49
    [winner] = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    login = {"email": account.user["email"], "password": f"Race-Engine-Number-{winner}"}
    anyone.expect(200, "POST", "/api/auth/login", json=login)


def test_opening_the_link_changes_nothing_however_often(anyone, newcomer, mailbox):
    account = newcomer()
    token = ask(anyone, mailbox, account.user["email"])
    for method in ("GET", "HEAD", "GET"):
        page = anyone.expect(200, method, "/reset-password", params={"token": token})
        assert page.headers["Referrer-Policy"] == "no-referrer" and page.headers["Cache-Control"] == "no-store"
        assert token not in page.text
    account.expect(200, "GET", "/api/auth/me")
    anyone.expect(200, "POST", RESET, json=body(token))


def test_a_repeated_reset_gets_its_first_answer(anyone, newcomer, mailbox):
    account = newcomer()
    token = ask(anyone, mailbox, account.user["email"])
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    first = anyone.expect(200, "POST", RESET, json=body(token), headers=headers)
    second = anyone.expect(200, "POST", RESET, json=body(token), headers=headers)
    assert first.json() == second.json() and second.headers["Idempotency-Replayed"] == "true"
    anyone.expect(422, "POST", RESET, json=body(token, PASSWORD), headers=headers)


def test_everything_wrong_with_a_reset_is_told_at_once(anyone):
    wrong = {"token": "prxp_none", "password": "Password1", "password_confirm": "other"}
    errors = anyone.expect(400, "POST", RESET, json=wrong).json()["errors"]
    assert set(errors) == {"token", "password", "password_confirm"}
    assert errors["password"] == [
        "Password must contain at least one special character.",
        "This password is too easy to guess.",
    ]
    missing = anyone.expect(400, "POST", RESET, json={}).json()["errors"]
    assert set(missing) == {"token", "new_password", "confirm_password"}


def test_nobody_learns_whether_an_email_has_an_account(anyone, newcomer):
    account = newcomer()

    def answers(email: str) -> list:
        found = [anyone.post(FORGOT, json={"email": email}) for _ in range(4)]
        assert [answer.status_code for answer in found] == [200, 200, 200, 429]
        assert int(found[-1].headers["Retry-After"]) > 0
        return [{key: value for key, value in answer.json().items() if key != "request_id"} for answer in found]

    assert answers(account.user["email"]) == answers(fresh_email("nobody"))


def test_a_link_that_was_asked_for_comes_though_identity_dies_at_once(anyone, url, house, newcomer, mailbox):
    """Whose email it is is looked up after the answer: nothing of it may hang on the process that answered."""
    accounts = [newcomer() for _ in range(5)]
    copies = [service for name, service in house.services.items() if name.startswith("identity")]
    for account in accounts:
        anyone.expect(200, "POST", FORGOT, json={"email": account.user["email"]})
    for copy in copies:
        copy.kill()
    for copy in copies:
        copy.restart()
    for account in accounts:
        [token] = until(lambda account=account: tokens(mailbox, account.user["email"]), 60, "the mail with the link")
        until(lambda: anyone.get("/api/v1/health").status_code == 200, 30, "the gateway's way to identity")
        anyone.expect(200, "POST", RESET, json=body(token))
        log_in_with_new = {"email": account.user["email"], "password": NEW}
        anyone.expect(200, "POST", "/api/auth/login", json=log_in_with_new)


def test_a_change_repeated_under_its_key_gets_its_first_answer(newcomer):
    account = newcomer()
    change = {"old_password": PASSWORD, "new_password": NEW, "confirm_password": NEW}
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    path = "/api/accounts/change-password"
    first = account.expect(200, "POST", path, json=change, headers=headers)
    for _ in range(6):
        again = account.expect(200, "POST", path, json=change, headers=headers)
        assert again.json() == first.json() and again.headers["Idempotency-Replayed"] == "true"
    assert set(account.expect(400, "POST", path, json=change).json()["errors"]) == {"old_password"}


def test_a_login_on_a_device_never_seen_is_told_of_and_the_first_is_not(url, house, newcomer, mailbox):
    account = newcomer()

    def sign_in(agent: str) -> Person:
        with Client(url, headers={"User-Agent": agent}) as client:
            login = {"email": account.user["email"], "password": PASSWORD}
            return Person(url, client.expect(200, "POST", "/api/auth/login", json=login).json()["data"])

    def noted() -> int:
        subject = f"account/{account.user['id']}"
        rows = f"select count(*) from identity.audit_entry where action = 'device.new' and subject = '{subject}'"
        return int(psql(house, rows)[0][0])

    laptop = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    sign_in(laptop)
    assert noted() == 0
    sign_in("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36")
    assert noted() == 1
    sign_in(laptop.replace("128.0", "131.0"))
    assert noted() == 1

    def notices():
        return [mail for mail in mailbox.to(account.user["email"]) if "new device" in str(mail["Subject"])]

    [notice] = until(notices, 30, "the notice by mail")
    assert "Windows" not in notice.as_string() and "127.0.0.1" not in notice.get_body(("plain",)).get_content()


@pytest.mark.parametrize("path", ["/.well-known/change-password", "/.well-known/change-password/"])
def test_password_managers_find_the_page(anyone, path):
    answer = anyone.expect(302, "GET", path)
    page = anyone.expect(200, "GET", answer.headers["Location"])
    assert "Choose a new password" in page.text
