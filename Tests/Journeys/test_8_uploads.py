"""Is a file kept whole or not at all, at whatever step of its upload the process is killed?"""

import hashlib
import os
import signal
import threading
import uuid
from contextlib import ExitStack

import httpx
import pytest

from house.locks import holding, holding_commits, until_disconnected, until_waiting
from house.people import Client
from house.registrants import enrol, log_in
from house.scanner import Scanner
from house.stores import psql
from house.waiting import until

LOCK_FILES = "lock table records.stored_file in access exclusive mode"
LOCK_REPORTS = "lock table records.report in access exclusive mode"
LOCK_EVENTS = "lock table records.outbox in share mode"
TEN_MINUTES = 600


class Uploads:
    """A patient's uploads, of which each is sent under a key of its own, and all that were acknowledged."""

    def __init__(self, house, url: str, scanner: Scanner):
        self.house, self.url, self.scanner = house, url, scanner
        self.rest = threading.Event()  # not set: the second half of a form waits
        with Client(url) as anyone:
            made = enrol(anyone, "patient")
        self.person = log_in(url, "patient", made["email"])
        self.path = f"/api/records/patients/{made['patient_id']}/reports/upload"
        self.acknowledged: dict[str, bytes] = {}
        self.next()

    def next(self) -> None:
        self.content = b"%PDF-" + os.urandom(400_000)
        self.key = str(uuid.uuid4())
        self.answers: list[httpx.Response] = []
        self.rest.set()

    def send(self) -> threading.Thread:
        sending = threading.Thread(target=self.upload, daemon=True)
        sending.start()
        return sending

    def upload(self) -> None:
        # Those of this sending, whatever is sent next.
        content, answers = self.content, self.answers
        form = {"title": "A", "report_type": "lab"}
        whole = httpx.Request("POST", self.url, data=form, files={"file": ("a.pdf", content)})
        body, headers = whole.read(), {"Content-Type": whole.headers["Content-Type"], "Idempotency-Key": self.key}

        def halves():
            yield body[: len(body) // 2]
            self.rest.wait(60)
            yield body[len(body) // 2 :]

        with self.person.at(self.url) as client:
            try:
                headers["Content-Length"] = str(len(body))
                answer = client.post(self.path, content=halves(), headers=headers)
            except httpx.TransportError:
                return
        answers.append(answer)
        if answer.status_code == 201:
            self.acknowledged[answer.json()["data"]["id"]] = content

    def scanned(self, held: ExitStack) -> None:
        """Sends, and waits until all of it has come and the scanner was asked, which gives no answer yet."""
        before = self.scanner.asked
        self.scanner.free.clear()
        held.callback(self.scanner.free.set)
        self.send()
        until(lambda: self.scanner.asked > before, 30, "a file at the scanner")

    # What is kept

    @property
    def stored(self) -> dict[str, os.stat_result]:
        """Every file by its name, whole ones and begun ones."""
        paths = (self.house.folders.var / "files").rglob("*")
        return {path.name: path.stat() for path in paths if path.is_file()}

    @property
    def drafts(self) -> list[int]:
        """Bytes of those that were begun."""
        return [stat.st_size for name, stat in self.stored.items() if name.endswith(".part")]

    def age(self) -> None:
        """Makes every file a quarter of an hour older."""
        for path in (self.house.folders.var / "files").rglob("*"):
            if path.is_file():
                then = path.stat().st_mtime - TEN_MINUTES - 300
                os.utime(path, (then, then))

    @property
    def rows(self) -> set[str]:
        return {row[0] for row in psql(self.house, "select file_id from records.stored_file")}

    @property
    def reports(self) -> set[str]:
        query = {"page_size": 100}
        return {one["id"] for one in self.person.expect(200, "GET", "/api/records/my-reports", params=query).json()["data"]}

    def assert_readable(self, report: str, content: bytes) -> None:
        told = self.person.expect(200, "GET", f"/api/records/reports/{report}").json()["data"]
        assert told["sha256"] == hashlib.sha256(content).hexdigest()
        assert self.person.expect(200, "GET", f"/api/records/reports/{report}/download").content == content


def begun(uploads: Uploads, held: ExitStack) -> None:
    held.enter_context(holding(uploads.house, LOCK_FILES))
    uploads.send()
    until_waiting(uploads.house, "records", "from stored_file")
    assert not uploads.drafts


def partly_written(uploads: Uploads, held: ExitStack) -> None:
    uploads.rest.clear()
    held.callback(uploads.rest.set)
    uploads.send()
    until(lambda: any(size > 65_536 for size in uploads.drafts), 30, "a part of the file")


def being_scanned(uploads: Uploads, held: ExitStack) -> None:
    uploads.scanned(held)
    assert max(uploads.drafts) > len(uploads.content)


def renamed(uploads: Uploads, held: ExitStack) -> None:
    before = len(uploads.stored)
    uploads.scanned(held)
    held.enter_context(holding(uploads.house, LOCK_FILES))
    uploads.scanner.free.set()
    until_waiting(uploads.house, "records", "insert into stored_file")
    assert not uploads.drafts and len(uploads.stored) == before + 1


def files_row_written(uploads: Uploads, held: ExitStack) -> None:
    uploads.scanned(held)
    held.enter_context(holding(uploads.house, LOCK_REPORTS))
    uploads.scanner.free.set()
    until_waiting(uploads.house, "records", "insert into report")


def all_rows_written(uploads: Uploads, held: ExitStack) -> None:
    uploads.scanned(held)
    held.enter_context(holding(uploads.house, LOCK_EVENTS))
    uploads.scanner.free.set()
    until_waiting(uploads.house, "records", "insert into outbox")


def committed(uploads: Uploads, held: ExitStack) -> None:
    """PostgreSQL has it, and has not said so."""
    uploads.scanned(held)
    with holding(uploads.house, LOCK_REPORTS):
        uploads.scanner.free.set()
        until_waiting(uploads.house, "records", "insert into report")
        held.enter_context(holding_commits(uploads.house))
    until_waiting(uploads.house, "records", "commit", event="SyncRep")


def answering(uploads: Uploads, held: ExitStack) -> None:
    """The answer is on its way, and the gateway does not take it."""
    before = uploads.rows
    uploads.scanned(held)
    gateway = uploads.house.services["gateway"].pid
    os.kill(gateway, signal.SIGSTOP)
    held.callback(os.kill, gateway, signal.SIGCONT)
    uploads.scanner.free.set()
    until(lambda: uploads.rows != before, 30, "the rows")


# Whether it is kept, by the step at which the process is killed.
STEPS = {
    begun: False,
    partly_written: False,
    being_scanned: False,
    renamed: False,
    files_row_written: False,
    all_rows_written: False,
    committed: True,
    answering: True,
}


@pytest.fixture(scope="module")
def uploads(house, url):
    """Records is started anew with a scanner; afterwards it is as it was."""
    usual, scanner = house.services["records"], Scanner(house.ports.take())
    usual.stop()
    house.services["records"] = house.service(usual.instance, CLAMD_SOCKET=scanner.address)
    house.services["records"].restart()
    made = Uploads(house, url, scanner)
    try:
        yield made
    finally:
        made.person.close()
        scanner.stop()
        if house.services["records"].is_alive:
            house.services["records"].stop()
        house.services["records"] = usual
        usual.restart()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_an_upload_killed_at_a_step_is_kept_whole_or_not_at_all_and_may_be_repeated(house, uploads, step):
    uploads.next()
    before, records = uploads.reports, house.services["records"]
    with ExitStack() as held:
        step(uploads, held)
        records.kill()
    until_disconnected(house, "records")
    uploads.age()
    records.restart()
    until(lambda: set(uploads.stored) == uploads.rows, 30, "every file has its row, and every row its file")
    until(lambda: uploads.person.get("/api/records/my-reports").status_code == 200, 30, "records again")
    kept = uploads.reports - before
    assert len(kept) == STEPS[step] and kept >= set(uploads.acknowledged) - before
    for report in kept:
        uploads.assert_readable(report, uploads.content)

    def repeated() -> httpx.Response | None:
        uploads.upload()
        return uploads.answers[-1] if uploads.answers and uploads.answers[-1].status_code == 201 else None

    report = until(repeated, 30, "the repeated upload").json()["data"]["id"]
    assert uploads.reports - before == {report} and kept <= {report}
    uploads.assert_readable(report, uploads.content)


def test_whatever_was_acknowledged_is_there_at_the_end(uploads):
    assert set(uploads.acknowledged) == uploads.reports and len(uploads.acknowledged) == len(STEPS)
    for report, content in uploads.acknowledged.items():
        uploads.assert_readable(report, content)
