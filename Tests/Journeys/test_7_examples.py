"""Does every request that Swagger UI has prefilled work, as it is, on the demonstration of `make up`?

And does every one that changes data tell of it: is there an event in an outbox, recorded under the request's trace?
"""

import re
import subprocess

import pytest

from house.authenticator import Authenticator
from house.examples import Operation, operations
from house.house import BINARIES, House
from house.mailbox import Mailbox
from house.operator import operator_of
from house.people import Client
from house.prescriptions import in_days
from house.registrants import verification_token
from house.stores import psql
from house.waiting import until

PROVIDER, PATIENT = "john.doe@clinic.com", "jane.smith@email.com"  # of the prefilled registrations

# Requests that write and record no event, and why. Both ways are measured: a line here that is not true is found, too.
TELLS_NOTHING = {
    name: reason
    for reason, names in {
        "a session begins: the audit trail has it, and others hear of new devices": (
            "logIn logInProvider logInPatient obtainToken refreshTokens refreshToken"
        ),
        "asks, and changes nothing": "recommendMedicines",
        "begun, and nothing yet: its confirmation tells": "enrolSecondFactor",
        "of the caller alone, and read nowhere else": (
            "readNotification readAllNotifications replaceNotificationPreferences changeNotificationPreferences "
            "unsubscribe makeStreamTicket makeCalendarToken removeCalendarToken"
        ),
        "of the caller alone; what it posts are events of others": (
            "createWebhook changeWebhook deleteWebhook rotateWebhookSecret testWebhook replayWebhook redeliverWebhook"
        ),
        "kept for minutes, and seen as a time that is not free": "holdSlot",
        "a place in a line: others hear when a time is offered": "joinWaitlist leaveWaitlist",
        "a message is sent again as it was": "retryDelivery",
        "told a moment later by a job, so that the answer's time says nothing of accounts": (
            "forgotPassword resendProviderVerification resendPatientVerification"
        ),
        "the demonstration's account is let in and its grant has ended: nothing changes": "updateUser revokeGrant",
        "part of a record, for whoever opens it next; nobody waits for it": "replacePatientHealth attachToPrescription",
        "in the audit trail alone": "renewRecoveryCodes reviewGrant",
    }.items()
    for name in names.split()
}
# Their examples say what is so already: they are sent once more with something new, so that there is a change to tell.
CHANGED = {name: {"first_name": "Another"} for name in "changePatient replacePatient changeDoctor replaceDoctor".split()}
# Who asks where several may; elsewhere it is the first of these roles that may, and else somebody of the staff.
ROLES = ("admin", "hospital", "doctor", "patient")
IN_ROLE = {"bookAppointment": "patient", "getAppointmentCalendar": "hospital", "getPatientProfile": "admin"} | {
    name: "patient"
    for name in (
        "getPatientHealth replacePatientHealth readNotification uploadReport deleteReport "
        "getPatientSummary"
    ).split()
}
# Asked as the patient who registered by the prefilled request.
OF_WHO_REGISTERED = {"requestPhoneCode", "verifyPhone"}
# These stand on each other: who registers proves the email, is admitted, logs in; a second factor ends other sessions.
FIRST = (
    "registerProvider verifyProviderEmail reviewProvider logInProvider "
    "registerPatient verifyPatientEmail logInPatient requestPhoneCode verifyPhone "
    "endSession enrolSecondFactor confirmSecondFactor renewRecoveryCodes disableSecondFactor "
    "makeCalendarToken"
).split()
# After these the doctor or the account of the demonstration is not what it was.
LAST = "replaceSchedule changeHospitalDoctor changePassword logOutAll forgotPassword resetPassword".split()


@pytest.fixture(scope="module")
def house():
    made = House({}, "examples")
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def url(house) -> str:
    return house.services["gateway"].url


def praxis(house, *words: str) -> str:
    done = subprocess.run([BINARIES / "praxis", *words], **operator_of(house))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def set_up(house, url) -> tuple[Operation, int]:
    """The one request that works only while there is no administrator: it is sent before the demonstration is made."""
    token = praxis(house, "setup-link").strip().partition("token=")[2]
    with Client(url) as anyone:
        document = operations(anyone.expect(200, "GET", "/api/schema").json())
        operation = next(one for one in document if one.name == "setUp")
        return operation, operation.send(anyone, {"token": token}).status_code


@pytest.fixture(scope="module")
def accounts(house, set_up) -> dict[str, str]:
    """Passwords by username, as `praxis demo` prints them."""
    lines = praxis(house, "demo").splitlines()
    return dict(line.split("\t")[:2] for line in lines if line.count("\t") == 2)


@pytest.fixture(scope="module")
def found(url, accounts) -> list[Operation]:
    with Client(url) as anyone:
        all_of_them = operations(anyone.expect(200, "GET", "/api/schema").json())
    return all_of_them


class Play:
    """One person who goes through the page from its top, with the demonstration's accounts, and reads the mail."""

    def __init__(self, house: House, url: str, accounts: dict[str, str]):
        self.house, self.url, self.accounts = house, url, accounts
        self.mailbox = Mailbox(house.mail_folder)
        self.answers: dict[str, dict] = {}
        self.anyone = Client(url)
        self.admin, self.staff = self.client("admin"), self.client("demo_staff")
        doctor = next(name for name in accounts if name.endswith("_jinnahhospital"))
        names = {"hospital": "jinnah_hospital", "patient": "demo_patient", "doctor": doctor}
        self.by_role = {"admin": self.admin} | {role: self.client(name) for role, name in names.items()}

    def client(self, name: str, password: str | None = None) -> Client:
        client = Client(self.url)
        body = {"username": name, "password": password or self.accounts[name]}
        client.tokens = client.expect(200, "POST", "/api/auth/login", json=body).json()["data"]["tokens"]
        client.headers["Authorization"] = f"Bearer {client.tokens['access']}"
        return client

    def caller(self, operation: Operation) -> Client:
        if operation.is_open:
            return self.anyone
        if operation.name in OF_WHO_REGISTERED:
            client = Client(self.url)
            client.headers["Authorization"] = f"Bearer {self.answers['logInPatient']['tokens']['access']}"
            return client
        role = IN_ROLE.get(operation.name) or next((one for one in ROLES if one in operation.roles), None)
        return self.by_role[role] if role else self.staff

    def send(self, operation: Operation) -> str | None:
        """What was wrong with the answer; nothing where it is the documented success."""
        by_hand = BY_HAND.get(operation.name, lambda _: {})(self)
        if operation.name in CHANGED:
            operation.send(self.caller(operation), by_hand | CHANGED[operation.name])
        answer = operation.send(self.caller(operation), by_hand)
        if answer.status_code not in operation.statuses:
            return f"{operation.name}: {answer.status_code} and not {operation.statuses}: {answer.text[:300]}"
        if "json" in answer.headers["Content-Type"]:
            self.answers[operation.name] = answer.json().get("data")
        return None

    def link(self, address: str, page: str) -> str:
        """The token of the newest mailed link that opens the page."""
        token = re.compile(rf"/{page}\?token=([A-Za-z0-9_-]+)")

        def mailed():
            texts = [mail.get_body(("plain",)).get_content() for mail in self.mailbox.to(address)]
            return [token.search(text).group(1) for text in texts if token.search(text)]

        return until(mailed, 30, f"a mail to {address}")[-1]

    def unsubscribing(self) -> str:
        """The token of a mail that one click ends."""
        links = lambda: [str(mail["List-Unsubscribe"]) for mail in self.mailbox.messages() if mail["List-Unsubscribe"]]
        return re.search(r"token=([^>\s]+)", until(links, 30, "a mail that may be ended")[0].replace("\n", "")).group(1)

    def new_email(self) -> str:
        """Who registered by the prefilled request wants another address."""
        access = self.answers["register"]["tokens"]["access"]
        body = {"email": "alice.new@hospital.com", "current_password": "SecurePass123!"}
        self.anyone.expect(200, "PATCH", "/api/auth/me", json=body, headers={"Authorization": f"Bearer {access}"})
        return self.link("alice.new@hospital.com", "confirm-email")

    def code(self, about: str) -> str:
        """The code of the newest text message that says this behind it."""
        found = re.compile(rf"\b(\d{{6}})\b[^\n]*{about}")

        def sent():
            texts = [path.read_text() for path in sorted(self.house.folders.var.glob("sms/*.txt"))]
            return [found.search(text).group(1) for text in texts if found.search(text)]

        return until(sent, 30, "the text message")[-1]

    def ping(self) -> str:
        """The delivery of the webhook's ping, once it is over."""
        id = self.answers["testWebhook"]["delivery_id"]
        state = f"select state from notifier.hook_delivery where delivery_id = '{id}'"
        until(lambda: psql(self.house, state) == [["failed"]], 30, "the end of the ping")
        return id

    def failed(self) -> str:
        """A mail that was refused: those of the demonstration were not, so one is noted so."""
        welcome = "select delivery_id from notifier.delivery where state = 'sent' and kind = 'welcome' limit 1"
        [[id]] = until(lambda: psql(self.house, welcome), 30, "a mail that was sent")
        psql(self.house, f"update notifier.delivery set state = 'failed' where delivery_id = '{id}'")
        return id

    def tag(self) -> str:
        """Of the prescription as it is now."""
        path = f"/api/records/prescriptions/{self.answers['getPrescription']['id']}"
        return self.by_role["doctor"].expect(200, "GET", path).headers["ETag"]

    def message(self) -> str:
        """One of the patient's inbox."""
        inbox = self.by_role["patient"]
        return until(lambda: inbox.expect(200, "GET", "/api/notifications").json()["data"], 30, "a message")[0]["id"]


# The few values that no document can hold: they come by mail, by text message, or in an earlier answer.
BY_HAND = {
    "refreshTokens": lambda play: {"refresh": play.client("demo_staff").tokens["refresh"]},
    "refreshToken": lambda play: {"refresh": play.client("demo_staff").tokens["refresh"]},
    "logOut": lambda play: {"refresh": play.client("demo_staff").tokens["refresh"]},
    "verifyProviderEmail": lambda play: {"token": verification_token(play.mailbox, PROVIDER)},
    "verifyPatientEmail": lambda play: {"token": verification_token(play.mailbox, PATIENT)},
    "confirmEmailChange": lambda play: {"token": play.new_email()},
    "resetPassword": lambda play: {"token": play.link("staff@praxis.example", "reset-password")},
    "verifyPhone": lambda play: {"code": play.code("is your Praxis code")},
    "verifyAccessCode": lambda play: {"otp": play.code("gives a doctor access")},
    "revisePrescription": lambda play: {"If-Match": play.tag()},
    "downloadAttachment": lambda play: {"attachment_id": play.answers["attachToPrescription"]["id"]},
    "readNotification": lambda play: {"id": play.message()},
    "confirmSecondFactor": lambda play: {"code": Authenticator(play.answers["enrolSecondFactor"]["secret"]).code()},
    "renewRecoveryCodes": lambda play: {"otp": play.answers["confirmSecondFactor"]["recovery_codes"][0]},
    "disableSecondFactor": lambda play: {"otp": play.answers["renewRecoveryCodes"]["recovery_codes"][0]},
    "releaseHold": lambda play: {"id": play.answers.get("holdSlot", {}).get("id")},
    "unsubscribe": lambda play: {"token": play.unsubscribing()},
    "getCalendar": lambda play: {"token": play.answers["makeCalendarToken"]["token"]},
    **{
        name: lambda play: {"id": play.answers["createWebhook"]["id"], "since": in_days(-1)}
        for name in (
            "getWebhook changeWebhook deleteWebhook rotateWebhookSecret testWebhook replayWebhook listWebhookDeliveries"
        ).split()
    },
    "redeliverWebhook": lambda play: {"id": play.ping()},
    "retryDelivery": lambda play: {"id": play.failed()},
    "showMail": lambda play: {"name": next(iter(play.house.mail_folder.glob("*.eml"))).name},
}


def in_order(all_of_them: list[Operation]) -> list[Operation]:
    """Deletions come after all else, from the document's end on: nothing is gone with what it belongs to."""
    writes = [one for one in all_of_them if one.method != "DELETE" and one.name not in FIRST + LAST]
    deletes = [one for one in reversed(all_of_them) if one.method == "DELETE" and one.name not in FIRST]
    named = {one.name: one for one in all_of_them}
    return [named[name] for name in FIRST] + writes + deletes + [named[name] for name in LAST]


def test_every_id_is_one_of_the_demonstration(found):
    left = {one.name: one.placeholders for one in found if one.placeholders and one.name not in BY_HAND}
    assert not left, "`praxis demo` notes no id for these (DemoRecord in Shared/API)"


@pytest.fixture(scope="module")
def played(found, house, url, set_up, accounts) -> tuple[list[Operation], list[str]]:
    """All requests, sent once, and what was wrong with the answers."""
    first, status = set_up
    wrong = [] if status in first.statuses else [f"{first.name}: {status} and not {first.statuses}"]
    play = Play(house, url, accounts)
    sent = in_order([one for one in found if one.name != first.name])
    return [first, *sent], wrong + [fault for fault in map(play.send, sent) if fault]


def test_every_prefilled_request_gets_its_documented_success(played):
    sent, wrong = played
    assert not wrong, "\n".join(wrong)
    assert len(sent) > 95


def recorded(house) -> dict[str, set[str]]:
    """The events in all outboxes by the trace they were recorded under."""
    trace, found = "split_part(envelope::json->>'traceparent', '-', 2)", {}
    for service in ("identity", "registry", "scheduling", "records"):
        for key, event in psql(house, f"select {trace}, type from {service}.outbox"):
            found.setdefault(key, set()).add(event)
    return found


def test_every_request_that_changes_data_tells_of_it(found, house, played):
    told = recorded(house)
    writes = [one for one in played[0] if one.writes]
    silent = {one.name for one in writes if one.trace not in told}
    assert not (untold := sorted(silent - TELLS_NOTHING.keys())), f"these change data and record no event: {untold}"
    spoken = {one.name: told[one.trace] for one in writes if one.name in TELLS_NOTHING and one.trace in told}
    assert spoken == {}, f"these do tell: {spoken}"
    assert {one.name for one in writes} == {one.name for one in found if one.writes}
    assert len(writes) - len(silent) > 50


def test_who_is_named_here_exists(found):
    names = {one.name for one in found}
    assert (CHANGED.keys() | TELLS_NOTHING.keys() | BY_HAND.keys() | set(FIRST) | set(LAST) | IN_ROLE.keys() | OF_WHO_REGISTERED) <= names
