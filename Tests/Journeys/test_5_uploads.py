"""Is a file taken for what it holds and by no other word, whatever it is called and however its form is written?"""

import io
import os
import urllib.parse
import zipfile

import pytest

from house.people import Client
from house.registrants import enrol, log_in

CHUNK = 65_536 + 16  # as it is stored: a chunk of 64 KiB with its tag
HEADER = 5 + 4 + 7  # PRXF1, the chunk's size, the nonce's beginning


def archive(*names: str, size: int = 100) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, b"a" * size)
    return content.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")
CONTENTS = {
    "pdf": b"%PDF-1.7\n%%EOF\nscanned",
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "jpg": b"\xff\xd8\xff\xe0" + b"\0" * 50,
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "docx": archive(*WORD),
}


@pytest.fixture(scope="module")
def owner(url):
    with Client(url) as anyone:
        made = enrol(anyone, "patient")
    with log_in(url, "patient", made["email"]) as person:
        person.path = f"/api/records/patients/{made['patient_id']}/reports/upload"
        yield person


def upload(owner, status: int, name: str, content: bytes) -> dict:
    form = {"data": {"title": "A", "report_type": "lab"}, "files": {"file": (name, content, "text/html")}}
    return owner.expect(status, "POST", owner.path, **form).json()


@pytest.mark.parametrize("ending", [*CONTENTS, "jpeg"])
def test_each_extension_takes_its_own_content_alone(owner, ending):
    for kind, content in CONTENTS.items():
        fits = kind == {"jpeg": "jpg"}.get(ending, ending)
        answer = upload(owner, 201 if fits else 415, f"a.{ending.upper()}", content)
        assert fits or answer["code"] == "content_refused", (ending, kind)


@pytest.mark.parametrize(
    "why, content",
    [
        ("not_docx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("not_docx", archive(*WORD, "../../evil.xml")),
        ("macros", archive(*WORD, "word/vbaProject.bin")),
        ("unpacks_too_far", archive(*WORD, "word/media/a.png", size=1_000_000)),
        ("encrypted", CONTENTS["doc"]),
        ("not_docx", CONTENTS["docx"][:-30]),
    ],
)
def test_a_docx_is_looked_into(owner, why, content):
    assert upload(owner, 415, "a.docx", content)["details"] == {"why": why}


@pytest.mark.parametrize(
    "sent, kept",
    [
        ("../../etc/scan.pdf", "scan.pdf"),
        ("..\\..\\scan.pdf", "scan.pdf"),
        ("é" * 300 + ".pdf", "é" * 125 + ".pdf"),
        ("تقرير الدم.pdf", "تقرير الدم.pdf"),
        ("a.exe.pdf", "a.exe.pdf"),
    ],
)
def test_a_name_is_kept_as_a_name_and_never_as_a_path(owner, sent, kept):
    made = raw(owner, 201, form_with(sent)).json()["data"]
    assert made["file_name"] == kept
    told = owner.expect(200, "GET", f"/api/records/reports/{made['id']}/download").headers["Content-Disposition"]
    assert told.startswith("attachment; filename=") and f"filename*=UTF-8''{urllib.parse.quote(kept)}" in told


def form_with(name: str, before: str = "", after: str = "", end: str = "--bound--\r\n") -> bytes:
    file = f'--bound\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n%PDF-1.7\r\n'
    return (before + field("title", "A") + file + field("report_type", "lab") + after + end).encode()


def field(name: str, value: str) -> str:
    return f'--bound\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


def raw(owner, status: int, body: bytes, media: str = "multipart/form-data; boundary=bound"):
    return owner.expect(status, "POST", owner.path, content=body, headers={"Content-Type": media})


@pytest.mark.parametrize(
    "changes",
    [
        {"end": ""},
        {"after": field("title", "B")},
        {"before": "".join(field(f"f{number}", "") for number in range(20))},
    ],
)
def test_a_form_that_two_readers_may_read_differently_is_refused(owner, changes):
    raw(owner, 400, form_with("a.pdf", **changes))


def test_a_form_needs_its_boundary_and_is_no_other_type(owner):
    assert raw(owner, 400, form_with("a.pdf"), "multipart/form-data").json()["code"] == "malformed_multipart"
    assert raw(owner, 415, form_with("a.pdf"), "application/pdf").json()["code"] == "unsupported_media_type"
    assert set(raw(owner, 400, (field("title", "A") + "--bound--\r\n").encode()).json()["errors"]) >= {"file"}


def test_a_stored_file_that_was_changed_anywhere_is_refused_and_noted(house, owner, admin):
    content = b"%PDF-" + os.urandom(200_000)
    before = stored(house)
    made = upload(owner, 201, "a.pdf", content)["data"]
    [path] = stored(house) - before
    download = f"/api/records/reports/{made['id']}/download"
    whole = path.read_bytes()
    chunks = [HEADER + number * CHUNK for number in range(4)]

    def swapped() -> bytes:
        one, two, three = whole[: chunks[1]], whole[chunks[1] : chunks[2]], whole[chunks[2] : chunks[3]]
        return one + three + two + whole[chunks[3] :]

    places = [2, 12, *(chunk + 100 for chunk in chunks)]
    changed = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in places]
    for bad in [*changed, swapped(), whole[: chunks[3]], whole[:-1], whole[: chunks[1]] + whole[chunks[2] :]]:
        path.write_bytes(bad)
        assert taken(owner, download) != content
    path.write_bytes(whole)
    assert taken(owner, download) == content
    seen = {"service": "records", "action": "file_damaged", "page_size": 100}
    rows = admin.expect(200, "GET", "/api/admin/audit", params=seen).json()["data"]
    # One for each download: the gateway does not ask again what has begun.
    assert len([row for row in rows if made["id"] in str(row)]) == len(changed) + 4


def stored(house) -> set:
    return {path for path in (house.folders.var / "files").rglob("*") if path.is_file()}


def taken(owner, path: str) -> bytes | None:
    """What is had of a download; nothing where it is refused or breaks off."""
    try:
        answer = owner.request("GET", path)
    except Exception:  # noqa: BLE001 - a connection that ends early has many names
        return None
    return answer.content if answer.status_code == 200 else None
