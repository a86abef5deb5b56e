"""Does every message arrive, once, whatever the servers on its way do, and can an administrator see it?"""

import re
import time

import pytest

from house.certificates import issue
from house.mail_server import MailServer, by
from house.people import fresh_email, register, registration
from house.stores import psql
from house.telling import fresh_id, tell
from house.waiting import until
from house.web_fakes import KnowsPhones, TextProvider

PHONE = "+4915112345678"


def deliveries(admin, account: str, **query: str) -> list[dict]:
    """The newest of one account, as the administrator sees them."""
    listed = admin.expect(200, "GET", "/api/admin/deliveries", params={"page_size": 100} | query).json()["data"]
    return [one for one in listed if one["account_id"] == account]


def in_state(admin, account: str, state: str, seconds: float = 20) -> dict:
    return until(lambda: deliveries(admin, account, state=state), seconds, f"a delivery that is {state}")[0]


def tried(admin, account: str, error: str) -> None:
    """Until the newest delivery of an account was tried and ended so."""

    def is_so():
        found = deliveries(admin, account)
        return found and found[0]["last_error"] == error

    until(is_so, 20, f"a try that ends with {error}")


def again(admin, delivery: dict) -> dict:
    return admin.expect(200, "POST", f"/api/admin/deliveries/{delivery['id']}/retry").json()["data"]


def hurry(admin, delivery: dict) -> None:
    """Has a delivery tried now, unless its next try has begun by itself: that one is as good, and asking is refused."""
    answer = admin.request("POST", f"/api/admin/deliveries/{delivery['id']}/retry")
    assert answer.status_code == 200 or answer.json()["code"] in ("conflict", "illegal_transition"), answer.text


def test_after_half_a_minute_without_a_mail_server_everything_arrives_once(url, notifier, mail_server, admin):
    """F6: nothing is lost, nothing doubled, and the queue says what waits meanwhile."""
    notifier(**by(mail_server))
    people = [register(url) for _ in range(6)]
    waiting = in_state(admin, people[0].user["id"], "waiting")
    tried(admin, people[0].user["id"], "smtp_unreachable")
    queue = admin.expect(200, "GET", "/api/admin/queues").json()["data"]["deliveries"][0]
    assert queue["channel"] == "email" and queue["waiting"] >= 6 and queue["oldest_waiting_at"] <= waiting["created_at"]
    time.sleep(30)
    mail_server.start()
    until(lambda: all(mail_server.to(one.user["email"]) for one in people), 60, "all mails")
    for one in people:
        in_state(admin, one.user["id"], "sent")
        assert len(mail_server.to(one.user["email"])) == 1
    for one in people:
        one.close()


def test_a_mail_server_with_starttls_and_a_login_is_believed_only_with_its_certificate(house, url, notifier, admin):
    """SMTP_* are the documents' other names of the same settings."""
    authority, tls = issue(house.folder / "authority")
    server = MailServer(house.ports.take(), tls=tls, login=("praxis", "a Secret, with = and spaces")).start()
    settings = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "SMTP_USERNAME": "praxis",
        "SMTP_PASSWORD": "a Secret, with = and spaces",
        "SMTP_USE_TLS": "true",
        "SMTP_FROM": "no-reply@praxis.example",
    }
    try:
        notifier(**settings)
        with register(url) as person:
            account = person.user["id"]
            tried(admin, account, "smtp_tls")  # nobody vouches for the server
            assert server.taken == [] and server.logins == []
            notifier(**settings, EMAIL_CA_FILE=str(authority))
            hurry(admin, in_state(admin, account, "waiting"))
            sent = in_state(admin, account, "sent", 90)
            assert sent["last_error"] is None and server.logins[-1]
            (mail,) = server.to(person.user["email"])
            assert mail["From"] == "no-reply@praxis.example" and mail["Subject"] == "Welcome to Praxis"
            assert mail.get_content_type() == "multipart/alternative"
    finally:
        server.stop()


def test_a_domain_beyond_ascii_is_shown_as_typed_and_mailed_as_dns_knows_it(url, anyone, notifier, mail_server, admin):
    mail_server.start()
    notifier(**by(mail_server))
    local = fresh_email("user").split("@")[0]
    typed, ascii = f"{local}@bücher-x.example", f"{local}@xn--bcher-x-n2a.example"
    with register(url, email=typed) as person:
        assert person.user["email"] == typed
        in_state(admin, person.user["id"], "sent")
        (mail,) = mail_server.to(ascii)
        assert mail["To"] == ascii and not mail_server.to(typed)
        assert person.expect(200, "GET", "/api/auth/me").json()["data"]["email"] == typed
        for name in (typed, ascii, typed.upper()):
            login = {"email": name, "password": person.password}
            assert anyone.expect(200, "POST", "/api/auth/login", json=login).json()["data"]["user"]["email"] == typed
        again = anyone.expect(400, "POST", "/api/auth/register", json=registration(email=ascii)).json()
        assert set(again["errors"]) == {"email"}
        local_part = anyone.expect(400, "POST", "/api/auth/register", json=registration(email="jürgen@example.com"))
        assert set(local_part.json()["errors"]) == {"email"}


def test_what_is_refused_fails_at_once_and_goes_out_again_when_an_administrator_says_so(
    house, url, notifier, mail_server, admin
):
    mail_server.start()
    notifier(**by(mail_server))
    address = fresh_email("refused")
    mail_server.answers[address] = "550 no such user"
    with register(url, email=address) as person:
        failed = in_state(admin, person.user["id"], "failed")
        assert failed["last_error"] == "smtp_550" and failed["attempts"] == 1 and failed["next_attempt_at"] is None
        assert failed["kind"] == "welcome" and failed["channel"] == "email"
        assert address not in str(failed) and person.user["name"] not in str(failed)
        queue = admin.expect(200, "GET", "/api/admin/queues").json()["data"]["deliveries"][0]
        assert queue["failed"] >= 1 and queue["failed_last_hour"] >= 1
        del mail_server.answers[address]
        assert again(admin, failed)["state"] == "waiting"
        sent = in_state(admin, person.user["id"], "sent")
        assert sent["attempts"] == 2 and sent["retried_at"]
        assert [mail["Message-ID"].split("@")[0] for mail in mail_server.to(address)] == [f"<{failed['id']}"]
        answer = admin.expect(409, "POST", f"/api/admin/deliveries/{failed['id']}/retry").json()
        assert answer["code"] == "illegal_transition"
        trail = f"select action, subject from notifier.audit_entry where actor_id = '{admin.user['id']}'"
        assert ["delivery.retried", f"delivery/{failed['id']}"] in psql(house, trail)


def test_what_is_put_off_is_tried_again_by_itself_and_holds_up_no_other(url, notifier, mail_server, admin):
    mail_server.start()
    notifier(**by(mail_server))
    address = fresh_email("greylisted")
    mail_server.answers[address] = "451 later"
    with register(url, email=address) as person, register(url) as other:
        tried(admin, person.user["id"], "smtp_451")
        until(lambda: mail_server.to(other.user["email"]), 20, "the other's mail")
        assert deliveries(admin, person.user["id"])[0]["state"] == "waiting"
        del mail_server.answers[address]
        assert in_state(admin, person.user["id"], "sent", 75)["attempts"] == 2
        assert len(mail_server.to(address)) == 1


def test_deliveries_and_queues_are_for_administrators(anyone, person, admin):
    for method, path in (
        ("GET", "/api/admin/deliveries"),
        ("GET", "/api/admin/queues"),
        ("POST", f"/api/admin/deliveries/{fresh_id()}/retry"),
    ):
        anyone.expect(401, method, path)
        person.expect(403, method, path)
    admin.expect(404, "POST", f"/api/admin/deliveries/{fresh_id()}/retry")
    admin.expect(404, "POST", "/api/admin/deliveries/nothing/retry")
    errors = admin.expect(400, "GET", "/api/admin/deliveries?state=lost&channel=pigeon&page=0").json()["errors"]
    assert set(errors) == {"state", "channel", "page"}


def test_the_list_is_walked_by_pages_and_by_cursor(admin):
    first = admin.expect(200, "GET", "/api/admin/deliveries?page_size=2").json()
    assert first["count"] >= 3 and first["next"] and len(first["data"]) == 2
    seen, path = [], "/api/admin/deliveries?cursor=&page_size=3"
    while path and len(seen) < 12:
        page = admin.expect(200, "GET", path).json()
        seen += [one["id"] for one in page["data"]]
        path = page["next"]
    assert len(seen) == len(set(seen)) and seen[:2] == [one["id"] for one in first["data"]]


def test_queues_say_what_was_heard(admin):
    def caught_up():
        events = admin.expect(200, "GET", "/api/admin/queues").json()["data"]["events"]
        return all(one["behind"] == 0 and one["pending"] == 0 for one in events) and events

    events = until(caught_up, 20, "queues in which nothing waits")
    assert [one["source"] for one in events] == ["identity", "registry", "scheduling", "records"]
    assert all(one["dead_letters"] == 0 for one in events)


def test_the_measures_say_the_same(house):
    lines = house.services["notifier"].ops("/metrics").text
    for name in ("praxis_deliveries_waiting", "praxis_deliveries_oldest_seconds"):
        assert re.search(rf'^{name}{{channel="email"}} \d', lines, re.M)


@pytest.fixture
def phones(house):
    fake = KnowsPhones(house.ports.take(), PHONE)
    yield fake
    fake.stop()


@pytest.fixture
def provider(house):
    fake = TextProvider(house.ports.take())
    yield fake
    fake.stop()


def test_a_code_reaches_the_phone_though_the_provider_is_busy_at_first(house, notifier, phones, provider):
    provider.statuses = [503]
    running = notifier(
        IDENTITY_URL=phones.url,
        SMS_PROVIDER_URL=f"{provider.url}/messages",
        SMS_PROVIDER_API_KEY="k-12345",
        SMS_SENDER="Praxis",
    )
    event = tell(house, "phone_code_requested", fresh_id())
    until(lambda: provider.to(PHONE), 60, "the text")
    # Two tries, two codes: the last one is the one that counts.
    assert provider.to(PHONE) == [f"{phones.codes[1]} is your Praxis code. It works for 10 minutes. Tell it to nobody."]
    method, path, headers, body = provider.requests[0]
    assert (method, path) == ("POST", "/messages") and headers["Authorization"] == "Bearer k-12345"
    row = psql(house, f"select delivery_id, channel, attempts from notifier.delivery where event_id = '{event}'")
    assert row[0][1:] == ["sms", "2"] and headers["Idempotency-Key"] == row[0][0]
    words = running.log.read_text()
    assert not any(word in words for word in [*phones.codes, PHONE, PHONE[1:], "k-12345"])


def test_a_notifier_killed_while_sending_sends_again_within_a_minute(house, notifier, mail_server, phones, provider):
    """F2, I4: between a server's word and our commit nobody can know; a repeated mail is recognisable, bytes and all."""
    mail_server.start()
    running = notifier(**by(mail_server), IDENTITY_URL=phones.url, SMS_PROVIDER_URL=provider.url)
    mail_server.hangs.set()
    provider.free.clear()
    account = fresh_id()
    tell(house, "account_registered", account, role="staff")
    tell(house, "phone_code_requested", account)
    until(lambda: mail_server.to("ada@example.com") and provider.requests, 30, "the mail's last dot and the text's last byte")
    running.kill()
    killed = time.monotonic()
    mail_server.hangs.clear()
    provider.free.set()
    running.restart()
    state = f"select state, attempts from notifier.delivery where account_id = '{account}'"
    until(lambda: psql(house, state) == [["sent", "2"]] * 2, 60, "the second tries")
    assert time.monotonic() - killed < 60
    first, second = mail_server.to("ada@example.com")
    assert first["Message-ID"] == second["Message-ID"] and first.as_bytes() == second.as_bytes()
    # The second code is the one that works, and the last to come.
    assert phones.codes[-1] in provider.to(PHONE)[-1]
    time.sleep(2)
    assert len(mail_server.to("ada@example.com")) == 2 and len(provider.requests) == 2


def test_a_notifier_whose_mail_server_does_not_answer_ends_in_time(url, notifier, mail_server):
    mail_server.start()
    running = notifier(**by(mail_server), SHUTDOWN_GRACE_SECONDS="1")
    mail_server.hangs.set()
    with register(url) as newcomer:
        until(lambda: mail_server.to(newcomer.user["email"]), 30, "the mail's last dot")
    running.ask_to_stop()
    # The server is given half a minute for its answer, the process a second, and two more to break off.
    assert running.process.wait(10) == 1
    assert "stopped before all work had ended" in running.last_words
    mail_server.hangs.clear()


def test_mail_goes_on_while_the_provider_of_texts_is_away(house, url, notifier, phones):
    notifier(IDENTITY_URL=phones.url, SMS_PROVIDER_URL=f"http://127.0.0.1:{house.ports.take()}")
    event = tell(house, "phone_code_requested", fresh_id())
    state = f"select state, last_error from notifier.delivery where event_id = '{event}'"
    until(lambda: psql(house, state) == [["waiting", "sms_unreachable"]], 20, "a try to text")
    with register(url) as person:
        welcome = f"select state from notifier.delivery where account_id = '{person.user['id']}'"
        until(lambda: psql(house, welcome) == [["sent"]], 10, "the welcome")
    assert psql(house, state) == [["waiting", "sms_unreachable"]]


def test_without_a_provider_a_text_is_kept_and_shown_while_developing(house, notifier, phones, anyone):
    running = notifier(IDENTITY_URL=phones.url)
    event = tell(house, "phone_code_requested", fresh_id())
    sent = f"select delivery_id from notifier.delivery where event_id = '{event}' and state = 'sent'"
    name = until(lambda: psql(house, sent), 20, "a kept text")[0][0]
    (path,) = house.folders.var.glob(f"sms/*{name}.txt")
    assert path.stat().st_mode & 0o077 == 0
    # Of several codes: a text that the test before left waiting asks for one of its own.
    (code,) = (code for code in phones.codes if code in path.read_text())
    page = anyone.expect(200, "GET", "/dev/mail").text
    assert page.index(path.name) < page.index(".eml")  # the newest first
    assert code in anyone.expect(200, "GET", f"/dev/mail/{path.name}").text
    words = running.log.read_text()
    assert path.name in words and phones.codes[-1] not in words and PHONE not in words


def test_what_became_of_an_account_is_told_to_its_owner(house, url, mailbox):
    """Whoever tells these facts: the words are there, and no mail says more than it must."""
    with register(url) as person:
        account, address = person.user["id"], person.user["email"]
        tell(house, "password_changed", account)
        tell(house, "new_device_seen", account, session_id=fresh_id())
        tell(house, "second_factor_enabled", account)
        tell(house, "second_factor_disabled", account)
        wanted = {
            "Welcome to Praxis",
            "Your password was changed",
            "A login from a new device",
            "Two-step login was turned on",
            "Two-step login was turned off",
        }
        until(lambda: {str(mail["Subject"]) for mail in mailbox.to(address)} == wanted, 30, "five mails")
        for mail in mailbox.to(address):
            text = mail.get_body(("plain",)).get_content()
            assert "127.0.0.1" not in text and account not in text
            assert mail.get_body(("html",)) is not None
