"""Patients who book, move, hold and cancel at random, each with a ledger of what they were told."""

import random
import secrets
import time
import traceback

import httpx

from .background import Background
from .people import Person

BOOK = "/api/appointments"
UNCLEAR = (502, 503, 504)
REFUSED = {"slot_taken", "patient_busy", "conflict"}


class Ledger:
    """What one patient was told of their visits and holds."""

    def __init__(self, person: Person):
        self.person = person
        self.visits: dict[str, tuple[str, str, str]] = {}  # id → start, doctor, status
        self.holds: dict[str, str] = {}  # id → slot
        self.settled = 0  # requests with a clear answer

    @property
    def open_visits(self) -> list[str]:
        return [key for key, (_, _, status) in self.visits.items() if status in ("REQUESTED", "CONFIRMED")]

    def note(self, visit: dict) -> None:
        """A hold of the visit's own slot has become the visit's."""
        self.visits[visit["id"]] = (visit["start"], visit["doctor_id"], visit["status"])
        if visit["status"] != "CANCELLED":
            slot = visit["doctor_id"] + "_" + visit["start"].replace("-", "").replace(":", "")[:13] + "Z"
            self.holds = {key: held for key, held in self.holds.items() if held != slot}


class Bookers(Background):
    """A thread for each patient. What is unclear is asked again with the same key, as careful clients do."""

    def __init__(self, urls: list[str], hospital: Person, slots: list[str], people: list[Person], seed: int):
        self.urls, self.hospital, self.slots, self.seed = urls, hospital, slots, seed
        self.doctors = sorted({slot.partition("_")[0] for slot in slots})
        self.ledgers = [Ledger(person) for person in people]
        self.unexpected: list[str] = []
        self.unclear = 0
        super().__init__(self.work, range(len(people)))

    @property
    def settled(self) -> int:
        return sum(ledger.settled for ledger in self.ledgers)

    def work(self, number: int) -> None:
        client = httpx.Client(base_url=self.urls[number % len(self.urls)], trust_env=False, timeout=15)
        one = Booker(self, self.ledgers[number], client, random.Random(f"{self.seed} {number}"))
        try:
            while not self.stopping.is_set():
                one.act()
        except Exception:
            self.unexpected.append(traceback.format_exc())
        finally:
            client.close()


class Booker:
    def __init__(self, all_of_them: Bookers, ledger: Ledger, client: httpx.Client, chance: random.Random):
        self.all, self.ledger, self.client, self.chance = all_of_them, ledger, client, chance

    def act(self) -> None:
        acts = [self.book, self.book, self.hold]
        if self.ledger.holds:
            acts += [self.book_hold, self.release]
        if visits := self.ledger.open_visits:
            acts += [self.move, self.move, self.reassign] + [self.cancel] * (len(visits) // 2 + 1)
        self.chance.choice(acts)()
        self.ledger.settled += 1

    def book(self) -> None:
        self.visit(201, BOOK, self.body(slot_id=self.chance.choice(self.all.slots)))

    def book_hold(self) -> None:
        hold = self.chance.choice(sorted(self.ledger.holds))
        if not self.visit(201, BOOK, self.body(hold_id=hold)):
            self.ledger.holds.pop(hold)  # it was over

    def move(self) -> None:
        visit = self.own_visit()
        slots = [slot for slot in self.all.slots if slot.startswith(self.ledger.visits[visit][1])]
        self.visit(200, f"{BOOK}/{visit}/reschedule", {"slot_id": self.chance.choice(slots)})

    def reassign(self) -> None:
        visit = self.own_visit()
        others = [one for one in self.all.doctors if one != self.ledger.visits[visit][1]]
        body = {"doctor_id": self.chance.choice(others)}
        self.visit(200, f"{BOOK}/{visit}/assign-doctor", body, self.all.hospital)

    def cancel(self) -> None:
        self.visit(200, f"{BOOK}/{self.own_visit()}/cancel", {})

    def hold(self) -> None:
        if held := self.ask("POST", f"{BOOK}/holds", {"slot_id": self.chance.choice(self.all.slots)}, (200, 201)):
            self.ledger.holds[held["id"]] = held["slot_id"]

    def release(self) -> None:
        hold = self.chance.choice(sorted(self.ledger.holds))
        self.ask("DELETE", f"{BOOK}/holds/{hold}", None, (200, 404))  # 404 where the first answer was lost
        self.ledger.holds.pop(hold)

    def visit(self, status: int, path: str, body: dict, person: Person | None = None) -> bool:
        kept = self.ask("POST", path, body, (status,), person)
        if kept:
            self.ledger.note(kept)
        return bool(kept)

    def ask(self, method: str, path: str, body: dict | None, done: tuple, person: Person | None = None) -> dict | None:
        """What was acknowledged; nothing where it was refused."""
        headers = {"Authorization": (person or self.ledger.person).headers["Authorization"]}
        headers |= {"Idempotency-Key": secrets.token_hex(12)} if method == "POST" else {}
        end = time.monotonic() + 45
        while time.monotonic() < end:
            try:
                answer = self.client.request(method, path, json=body, headers=headers)
            except httpx.HTTPError:
                self.all.unclear += 1
                continue
            code = answer.json().get("code") if answer.status_code >= 400 else None
            if answer.status_code in done:
                return answer.json().get("data")
            if answer.status_code == 409 and code in REFUSED:
                return None
            if answer.status_code not in UNCLEAR and code != "request_in_progress":
                raise AssertionError(f"{method} {path} {body}: {answer.status_code} {answer.text[:500]}")
            self.all.unclear += 1
            time.sleep(0.05)
        raise AssertionError(f"{method} {path}: no clear answer in 45 s")

    def body(self, **changes) -> dict:
        return {"hospital_id": self.all.hospital.entry["hospital_id"], "reason": "check"} | changes

    def own_visit(self) -> str:
        return self.chance.choice(sorted(self.ledger.open_visits))
