"""Do files come back byte by byte to those who may read them, and to nobody else?"""

import concurrent.futures
import hashlib
import os
import threading

import pytest

from house.house import BUILD
from house.people import Client
from house.registrants import enrol, log_in

MIB = 1_048_576
PDF = b"%PDF-1.7\nCANARYFILE " + os.urandom(200_000)
FIELDS = {"title": "Canarytitle", "report_type": "lab", "report_date": "2026-01-15"}


class Owner:
    """A patient with records of their own."""

    def __init__(self, url: str):
        with Client(url) as anyone:
            self.made = enrol(anyone, "patient")
        self.client = log_in(url, "patient", self.made["email"])
        self.client.timeout = 120
        self.upload_path = f"/api/records/patients/{self.made['patient_id']}/reports/upload"

    def upload(self, status: int = 201, content: bytes = PDF, name: str = "scan.pdf", fields=FIELDS, **headers):
        files = {"file": (name, content, "text/html")}
        return self.client.expect(status, "POST", self.upload_path, data=fields, files=files, headers=headers).json()


@pytest.fixture(scope="module")
def owner(url):
    return Owner(url)


@pytest.fixture(scope="module")
def report(owner):
    return owner.upload()["data"]


def test_what_was_uploaded_comes_back_whole_and_in_parts(owner, report):
    assert report["sha256"] == hashlib.sha256(PDF).hexdigest() and report["size"] == len(PDF)
    path = f"/api/records/reports/{report['id']}/download"
    whole = owner.client.expect(200, "GET", path)
    assert whole.content == PDF and whole.headers["Content-Type"] == "application/pdf"
    assert whole.headers["Content-Disposition"].startswith("attachment; ")
    assert whole.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in whole.headers["Content-Security-Policy"]
    for asked, part in [
        ("0-99", PDF[:100]), ("65535-65537", PDF[65535:65538]), ("-50", PDF[-50:]), (f"{len(PDF) - 1}-", PDF[-1:]),
    ]:
        some = owner.client.expect(206, "GET", path, headers={"Range": f"bytes={asked}"})
        assert some.content == part and some.headers["Content-Range"].endswith(f"/{len(PDF)}")
    beyond = owner.client.expect(416, "GET", path, headers={"Range": f"bytes={len(PDF)}-"})
    assert beyond.headers["Content-Range"] == f"bytes */{len(PDF)}"
    tag = whole.headers["ETag"]
    owner.client.expect(304, "GET", path, headers={"If-None-Match": tag})
    owner.client.expect(206, "GET", path, headers={"Range": "bytes=0-0", "If-Range": tag})
    owner.client.expect(200, "GET", path, headers={"Range": "bytes=0-0", "If-Range": '"other"'})
    head = owner.client.expect(200, "HEAD", path)
    assert head.headers["Content-Length"] == str(len(PDF)) and not head.content


def test_another_patient_finds_nothing(url, report):
    other = Owner(url)
    for path in ("", "/download"):
        other.client.expect(404, "GET", f"/api/records/reports/{report['id']}{path}")
    assert other.client.expect(200, "GET", "/api/records/my-reports").json()["count"] == 0
    with Client(url) as anyone:
        anyone.expect(401, "GET", f"/api/records/reports/{report['id']}/download")


def test_ten_mebibytes_are_taken_and_one_byte_more_is_not(owner):
    exact = b"%PDF-" + b"\0" * (10 * MIB - 5)
    assert owner.upload(content=exact)["data"]["size"] == 10 * MIB
    # Also by who sends all before they listen.
    for more in (1, 4 * MIB):
        assert owner.upload(413, content=exact + b"\0" * more)["code"] == "payload_too_large"


@pytest.mark.parametrize(
    "name, content, status, code",
    [
        ("a.exe", PDF, 400, "validation_failed"),
        ("a", PDF, 400, "validation_failed"),
        ("a.pdf", b"", 400, "validation_failed"),
        ("a.pdf", b"<html>%PDF-</html>", 415, "content_refused"),
        ("a.png", PDF, 415, "content_refused"),
        ("a.docx", b"PK\3\4" + PDF, 415, "content_refused"),
    ],
)
def test_other_content_than_the_name_says_is_refused(owner, name, content, status, code):
    assert owner.upload(status, content=content, name=name)["code"] == code


def test_a_repeated_upload_is_one_report(owner):
    before = owner.client.expect(200, "GET", "/api/records/my-reports").json()["count"]
    first = owner.upload(**{"Idempotency-Key": "upload-1"})
    again = owner.upload(**{"Idempotency-Key": "upload-1"})
    assert first["data"] == again["data"]
    assert owner.client.expect(200, "GET", "/api/records/my-reports").json()["count"] == before + 1


def test_nothing_of_a_file_stands_on_the_disk(house, report):
    files = [path for path in (house.folders.var / "files").rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert content.startswith(b"PRXF1") and b"CANARY" not in content, path


def test_uploads_at_once_are_held_in_little_memory(house, url):
    # Debug programs take most of a second for a MiB, and half of all journeys run beside this: they get less to do. What
    # would be held if bodies were kept whole is twice the bound still.
    count, size, bound = (50, 10 * MIB, 100_000_000) if BUILD == "release" else (25, 4 * MIB, 50_000_000)
    content = b"%PDF-" + os.urandom(size - 5)
    owners = [Owner(url) for _ in range(10)]
    processes = [house.services["records"], house.services["gateway"]]
    before = sum(process.resident_bytes for process in processes)
    peak, done = [before], threading.Event()

    def watch():
        while not done.wait(0.05):
            peak.append(sum(process.resident_bytes for process in processes))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            for answer in pool.map(lambda number: owners[number % 10].upload(content=content), range(count)):
                assert answer["data"]["size"] == size
    finally:
        done.set()
        watcher.join()
    assert max(peak) - before < bound
