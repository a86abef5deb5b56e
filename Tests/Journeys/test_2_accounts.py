"""Who gets an account, and who gets in?"""

import re
from concurrent.futures import ThreadPoolExecutor

from house.people import PASSWORD, Client, fresh_email, registration

CLASSES = [
    "Password must contain at least 8 characters",
    "Password must contain at least one uppercase letter.",
    "Password must contain at least one digit.",
    "Password must contain at least one special character.",
]


def test_everything_wrong_with_a_registration_is_said_at_once(anyone):
    body = {"name": " ", "email": "no email", "password": "abc", "confirm_password": "abd"}
    answer = anyone.expect(400, "POST", "/api/auth/register", json=body).json()
    assert answer["code"] == "validation_failed" and answer["errors"]["password"] == CLASSES
    assert set(answer["errors"]) == {"name", "email", "password", "confirm_password"}


def test_an_error_of_the_confirmation_stands_under_the_name_that_was_sent(anyone):
    for sent in ("confirm_password", "password_confirm"):
        body = {"name": "Ada", "email": fresh_email(), "password": PASSWORD, sent: "another"}
        assert set(anyone.expect(400, "POST", "/api/auth/register", json=body).json()["errors"]) == {sent}
    body.pop("password_confirm")
    assert "confirm_password" in anyone.expect(400, "POST", "/api/auth/register", json=body).json()["errors"]


def test_a_password_that_anyone_would_guess_is_refused(anyone):
    for password in ("Password1!", "Qwerty123!", "aaaaaaaaaaaaaaaaaaaa"):
        body = registration(password=password, confirm_password=password)
        assert "password" in anyone.expect(400, "POST", "/api/auth/register", json=body).json()["errors"], password


def test_a_password_like_its_owner_is_refused(anyone):
    body = registration(
        name="Wolfeschlegelstein", password="Wolfeschlegelstein1!", confirm_password="Wolfeschlegelstein1!"
    )
    assert "password" in anyone.expect(400, "POST", "/api/auth/register", json=body).json()["errors"]


def test_long_and_foreign_passwords_are_never_cut(anyone):
    """bcrypt alone would look at 72 bytes only."""
    password = "Ünïcødé passphrase " * 6
    body = registration(password=password, confirm_password=password)
    anyone.expect(201, "POST", "/api/auth/register", json=body)
    login = {"email": body["email"], "password": password}
    anyone.expect(200, "POST", "/api/auth/login", json=login)
    anyone.expect(401, "POST", "/api/auth/login", json=login | {"password": password[:-1] + "x"})


def test_an_email_is_taken_whatever_its_case(anyone):
    body = registration()
    anyone.expect(201, "POST", "/api/auth/register", json=body)
    again = registration(email=body["email"].upper())
    answer = anyone.expect(400, "POST", "/api/auth/register", json=again).json()
    assert answer["errors"] == {"email": ["A user with this email already exists."]}


def test_fifty_registrations_of_one_email_at_once_make_one_account(url, other_url, mailbox):
    body = registration()

    def attempt(number: int) -> int:
        with Client((url, other_url)[number % 2], timeout=60) as client:
            return client.post("/api/auth/register", json=body).status_code

    with ThreadPoolExecutor(50) as pool:
        statuses = sorted(pool.map(attempt, range(50)))
    assert statuses == [201] + [400] * 49


def test_a_wrong_login_sounds_the_same_whether_or_not_the_account_exists(anyone, person):
    def refusal(email: str) -> dict:
        answer = anyone.expect(401, "POST", "/api/auth/login", json={"email": email, "password": "Wrong-Password-1"})
        assert answer.headers["WWW-Authenticate"]
        return {key: value for key, value in answer.json().items() if key != "request_id"}

    known, unknown = refusal(person.user["email"]), refusal(fresh_email("nobody"))
    assert known == unknown and known["code"] == "invalid_credentials"


def test_guessing_one_password_soon_takes_longer_and_never_locks(url, newcomer):
    victim = newcomer()
    login = {"email": victim.user["email"], "password": "Wrong-Password-1"}
    with Client(url) as guesser:
        answers = [guesser.post("/api/auth/login", json=login) for _ in range(8)]
        assert {answer.status_code for answer in answers} == {401, 429}
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_api_token_answers_bare_tokens_in_both_profiles(anyone, newcomer):
    account = newcomer()
    body = {"username": account.user["username"], "password": PASSWORD}
    for headers in ({}, {"Accept": "application/json; profile=plain"}):
        for path in ("/api/token", "/api/token/"):
            tokens = anyone.expect(200, "POST", path, json=body, headers=headers).json()
            assert set(tokens) == {"access", "refresh", "token_type", "expires_in"}
            assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    answer = anyone.expect(200, "POST", "/api/token/refresh/", json={"refresh": tokens["refresh"]}).json()
    assert set(answer) == {"access", "refresh", "token_type", "expires_in"}
    account.take(answer)
    account.expect(200, "GET", "/api/accounts/me")


def test_the_published_keys_verify_the_tokens(anyone, person):
    import jwt

    answer = anyone.expect(200, "GET", "/.well-known/jwks.json")
    keys = {key["kid"]: key for key in answer.json()["keys"]}
    assert all(
        (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig") for key in keys.values()
    )
    assert not any("d" in key for key in keys.values())
    head = jwt.get_unverified_header(person.tokens["access"])
    claims = jwt.decode(
        person.tokens["access"], jwt.PyJWK(keys[head["kid"]]).key, algorithms=["ES256"], audience="praxis"
    )
    assert claims["sub"] == person.user["id"] and claims["exp"] - claims["iat"] == 900
    assert not any(person.user[field] in str(claims) for field in ("email", "name"))
    found = anyone.expect(200, "GET", "/.well-known/openid-configuration").json()
    assert found["issuer"] == claims["iss"] and found["jwks_uri"].endswith("/.well-known/jwks.json")


def test_a_new_account_gets_one_welcome_mail(newcomer, mailbox):
    from house.waiting import until

    account = newcomer(name="Grace Hopper")
    [message] = until(lambda: mailbox.to(account.user["email"]), what="the welcome mail")
    assert message["Message-ID"] and message["Subject"] and message["From"]


def test_name_and_email_are_changed_the_latter_only_with_the_password_and_once_it_is_proven(newcomer, anyone, mailbox):
    from house.waiting import until

    account, email = newcomer(), fresh_email()
    changed = account.expect(200, "PATCH", "/api/auth/me", json={"name": "Ada Lovelace"}).json()["data"]
    assert changed["name"] == "Ada Lovelace" and changed["email"] == account.user["email"]
    assert "current_password" in account.expect(400, "PATCH", "/api/auth/me", json={"email": email}).json()["errors"]
    body = {"email": email, "current_password": PASSWORD}
    asked = account.expect(200, "PATCH", "/api/auth/me", json=body).json()["data"]
    assert (asked["email"], asked["pending_email"]) == (account.user["email"], email)
    [link] = until(lambda: mailbox.to(email), what="the mail to the new address")
    assert link["Subject"] == "Confirm your new email address"
    anyone.expect(401, "POST", "/api/auth/login", json={"email": email, "password": PASSWORD})
    token = re.search(r"/confirm-email\?token=(prxe_[\w-]+)", link.get_body(("plain",)).get_content())[1]
    page = anyone.expect(200, "GET", f"/confirm-email?token={token}")
    assert token not in page.text
    anyone.expect(200, "POST", "/api/auth/email/confirm", json={"token": token})
    anyone.expect(400, "POST", "/api/auth/email/confirm", json={"token": token})
    moved = account.expect(200, "GET", "/api/auth/me").json()["data"]
    assert (moved["email"], moved["pending_email"]) == (email, None)
    told = ["A new email address was asked for", "Your email address was changed"]
    until(
        lambda: {message["Subject"] for message in mailbox.to(account.user["email"])} >= set(told),
        what="the notices to the old address",
    )
    anyone.expect(401, "POST", "/api/auth/login", json={"email": account.user["email"], "password": PASSWORD})
    anyone.expect(200, "POST", "/api/auth/login", json={"email": email, "password": PASSWORD})
    account.expect(403, "GET", "/api/admin/users")
