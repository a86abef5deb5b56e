"""Are other systems told what happens, signed, once, however the receiver behaves, and nothing of others?"""

import itertools

import pytest

from house.calendar import at
from house.hospitals import approved_hospital, by_username, department, make_doctor
from house.people import Client
from house.receiver import Receiver
from house.registrants import enrol, log_in
from house.stores import psql
from house.streams import stream_of
from house.waiting import until
from test_1_seed_004_appointments import assign, book

HOOKS = "/api/webhooks"
DAYS = itertools.count(3)


@pytest.fixture(scope="module")
def doctor(url, hospital):
    made = make_doctor(hospital, department(hospital))
    with by_username(url, made["username"], made["password"]) as person:
        person.entry = made
        yield person


@pytest.fixture(scope="module")
def jane(url):
    with Client(url) as anyone, log_in(url, "patient", enrol(anyone, "patient")["email"]) as person:
        yield person


@pytest.fixture
def receiver(house):
    made = []

    def make(*statuses: int) -> Receiver:
        made.append(Receiver(house.ports.take(), *statuses))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def hooks(hospital):
    """Nothing is left behind."""
    yield
    for hook in hospital.expect(200, "GET", HOOKS).json()["data"]:
        hospital.expect(200, "DELETE", f"{HOOKS}/{hook['id']}")


def ask(person, hospital) -> dict:
    """A visit on a day that the person has no other."""
    return book(person, hospital, requested_time=at(next(DAYS)))


def deliveries(owner, hook: dict, **params) -> list[dict]:
    return owner.expect(200, "GET", f"{HOOKS}/{hook['id']}/deliveries", params=params).json()["data"]


def test_what_happens_is_posted_signed_to_whom_it_concerns(url, admin, hospital, doctor, jane, receiver, hooks):
    own, all_of_them, foreign = receiver(), receiver(), receiver()
    hook = own.hook(hospital, events=["appointment.requested", "appointment.confirmed"])
    assert hook["secret"].startswith("whsec_") and hook["is_active"]
    assert "secret" not in hospital.expect(200, "GET", f"{HOOKS}/{hook['id']}").json()["data"]
    with approved_hospital(url, admin) as other:
        foreign.hook(other)
        watched = all_of_them.hook(admin, events=["appointment.confirmed"])
        visit = ask(jane, hospital)
        assign(hospital, visit, doctor)
        events = own.wait_for(2)
        assert {one["type"] for one in events} == {"appointment.requested", "appointment.confirmed"}
        confirmed = next(one for one in events if one["type"] == "appointment.confirmed")
        assert confirmed["data"]["appointment_id"] == visit["id"] and confirmed["data"]["status"] == "CONFIRMED"
        assert confirmed["data"]["hospital_id"] == hospital.entry["hospital_id"]
        assert not [key for key in confirmed["data"] if "account" in key]
        assert visit["reason"].encode() not in b"".join(one["raw"] for one in events)
        assert [one["type"] for one in all_of_them.wait_for(1)] == ["appointment.confirmed"]
        assert foreign.requests == []
        other.expect(404, "GET", f"{HOOKS}/{hook['id']}")
    admin.expect(200, "DELETE", f"{HOOKS}/{watched['id']}")
    sent = until(lambda: deliveries(hospital, hook, state="sent"), what="a delivery that was sent")
    assert {one["id"] for one in sent} <= {one["id"] for one in events} and sent[0]["status"] == 200


def test_a_receiver_that_was_away_gets_the_same_again(hospital, jane, receiver, hooks):
    busy = receiver(503)
    busy.hook(hospital, events=["appointment.requested"])
    ask(jane, hospital)
    first, second = busy.wait_for(2)
    assert first["id"] == second["id"] and first["raw"] == second["raw"] and first["at"] != second["at"]


def test_a_killed_notifier_posts_each_event_under_one_id(house, hospital, jane, receiver, hooks):
    slow = receiver()
    slow.hook(hospital, events=["appointment.requested"])
    slow.free.clear()
    ask(jane, hospital)
    until(lambda: slow.requests, what="the event at the slow receiver")
    house.services["notifier"].kill()
    slow.free.set()
    # The try's lease ends when nobody works on it any more; the test does not wait for that.
    psql(house, "update notifier.hook_delivery set next_attempt_at = now(), leased_until = null where state = 'waiting'")
    house.services["notifier"].restart()
    events = slow.wait_for(2)
    assert len({one["id"] for one in events}) == 1 and len({one["raw"] for one in events}) == 1


def test_a_slow_receiver_holds_up_nobody(hospital, jane, receiver, hooks):
    slow, quick = receiver(), receiver()
    slow.free.clear()
    for one in (slow, quick):
        one.hook(hospital, events=["appointment.requested"])
    visits = {ask(jane, hospital)["id"] for _ in range(4)}
    assert {one["data"]["appointment_id"] for one in quick.wait_for(4, 8)} == visits
    # Of the four places of its owner it has three.
    assert len(slow.requests) <= 3


def test_whoever_is_gone_is_turned_off_and_its_owner_is_told(hospital, jane, receiver, hooks, mailbox):
    gone = receiver(410)
    hook = gone.hook(hospital, events=["appointment.requested"])
    with stream_of(hospital) as stream:
        stream.first()
        ask(jane, hospital)
        told = stream.wait_for(hook["id"], "webhook.disabled")
    assert told.data["data"] == {"webhook_id": hook["id"]}
    shown = hospital.expect(200, "GET", f"{HOOKS}/{hook['id']}").json()["data"]
    assert not shown["is_active"] and shown["disabled_reason"] == "gone"
    inbox = hospital.expect(200, "GET", "/api/notifications").json()["data"]
    assert [one["link"] for one in inbox if one["kind"] == "webhook.disabled"] == [f"/webhooks/{hook['id']}"]
    address = hospital.expect(200, "GET", "/api/auth/me").json()["data"]["email"]
    mails = until(
        lambda: [one for one in mailbox.to(address) if one["Subject"] == "A webhook of yours was turned off"],
        what="the mail",
    )
    assert len(mails) == 1 and mails[0]["List-Unsubscribe"] is None


def test_whoever_fails_for_an_hour_stays_on_and_its_owner_is_told_once(
    house, admin, hospital, jane, receiver, hooks, mailbox
):
    away = receiver(*[500] * 50)
    hook = away.hook(hospital, events=["appointment.requested"])
    path = f"{HOOKS}/{hook['id']}"
    ask(jane, hospital)
    until(lambda: hospital.expect(200, "GET", path).json()["data"]["failing_since"], what="the first failure")
    queue = admin.expect(200, "GET", "/api/admin/queues").json()["data"]["webhooks"]
    assert queue["waiting"] >= 1 and queue["failing_webhooks"] >= 1 and queue["oldest_waiting_at"], queue
    notifier = house.services["notifier"]
    notifier.kill()
    psql(house, f"update notifier.hook set failing_since = now() - interval '1 hour' where hook_id = '{hook['id']}'")
    notifier.restart()  # its jobs run as it starts
    address = hospital.expect(200, "GET", "/api/auth/me").json()["data"]["email"]
    mails = until(
        lambda: [one for one in mailbox.to(address) if one["Subject"] == "A webhook of yours does not answer"],
        what="the mail",
    )
    assert len(mails) == 1 and mails[0]["List-Unsubscribe"] is None
    inbox = hospital.expect(200, "GET", "/api/notifications").json()["data"]
    assert [one["link"] for one in inbox if one["kind"] == "webhook.failing"] == [f"/webhooks/{hook['id']}"]
    assert hospital.expect(200, "GET", path).json()["data"]["is_active"]


def test_a_secret_is_rotated_with_a_day_of_both(hospital, receiver, hooks):
    here = receiver()
    hook = here.hook(hospital)
    path = f"{HOOKS}/{hook['id']}/rotate-secret"
    rotated = hospital.expect(200, "POST", path, json={}).json()["data"]
    assert rotated["secret"] != hook["secret"] and rotated["old_secret_until"]
    assert hospital.expect(409, "POST", path, json={}).json()["code"] == "rotation_running"
    delivery = hospital.expect(202, "POST", f"{HOOKS}/{hook['id']}/test").json()["data"]["delivery_id"]
    assert [one["id"] for one in here.wait_for(1)] == [delivery]
    assert here.verified(rotated["secret"])[0]["type"] == "ping"
    hospital.expect(200, "POST", path, json={"force": True})


def test_a_hook_that_is_off_misses_nothing_for_good(hospital, jane, receiver, hooks):
    here = receiver()
    hook = here.hook(hospital, events=["appointment.requested"])
    path = f"{HOOKS}/{hook['id']}"
    tag = hospital.expect(200, "GET", path).headers["ETag"]
    off = hospital.expect(200, "PATCH", path, json={"is_active": False}, headers={"If-Match": tag}).json()["data"]
    assert off["disabled_reason"] == "owner"
    hospital.expect(412, "PATCH", path, json={"is_active": True}, headers={"If-Match": tag})
    visit = ask(jane, hospital)
    skipped = until(lambda: deliveries(hospital, hook, state="skipped"), what="the event that was skipped")
    hospital.expect(409, "POST", f"{HOOKS}/deliveries/{skipped[0]['id']}/redeliver")
    hospital.expect(200, "PATCH", path, json={"is_active": True})
    since = skipped[0]["created_at"]
    assert hospital.expect(200, "POST", f"{path}/replay", json={"since": since}).json()["data"] == {"replayed": 1}
    assert [one["data"]["appointment_id"] for one in here.wait_for(1)] == [visit["id"]]
    until(lambda: deliveries(hospital, hook, state="sent"), what="the delivery that was sent")
    hospital.expect(200, "POST", f"{HOOKS}/deliveries/{skipped[0]['id']}/redeliver")
    assert len({one["id"] for one in here.wait_for(2)}) == 1


def test_addresses_of_ours_are_refused_and_no_packet_goes_there(notifier, house, hospital, receiver, hooks):
    here = receiver()
    hook = here.hook(hospital)
    notifier(WEBHOOK_ALLOW_PRIVATE="false")
    for host in ("127.0.0.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:7f00:1]", "169.254.169.254", "①②⑦.0.0.1"):
        fault = hospital.expect(400, "POST", HOOKS, json={"url": f"https://{host}/"}).json()
        assert list(fault["errors"]) == ["url"], host
    wrong = {"url": "http://example.org/", "events": ["appointment.eaten"]}
    assert set(hospital.expect(400, "POST", HOOKS, json=wrong).json()["errors"]) == {"url", "events"}
    hospital.expect(201, "POST", HOOKS, json={"url": "https://nobody.invalid/events"})
    hospital.expect(202, "POST", f"{HOOKS}/{hook['id']}/test")
    refused = until(lambda: deliveries(hospital, hook, state="failed"), what="the refused ping")
    assert refused[0]["error"] == "address_refused" and here.requests == []
