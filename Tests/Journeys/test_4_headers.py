"""Does every answer carry what protects who reads it?"""

import re

import pytest

from house.people import PASSWORD

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-XSS-Protection": "1; mode=block",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
UNKNOWN = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"
ANSWERS = [
    (200, "GET", "/api/v1/health", {}),
    (200, "GET", "/api/auth/me", {}),
    (200, "GET", "/api/patients", {}),
    (200, "GET", "/api/schema/", {}),
    (200, "GET", "/docs", {}),
    (200, "GET", "/.well-known/jwks.json", {}),
    (404, "GET", "/nowhere", {}),
    (404, "GET", f"/api/patients/{UNKNOWN}", {}),
    (400, "POST", "/api/patients", {"json": {}}),
    (400, "POST", "/api/patients", {"content": b"{"}),
    (405, "DELETE", "/api/patients", {}),
    (406, "GET", "/api/patients", {"headers": {"Accept": "text/html"}}),
    (415, "POST", "/api/patients", {"content": b"x", "headers": {"Content-Type": "x/y"}}),
    (401, "GET", "/api/patients", {"headers": {"Authorization": "Bearer x"}}),
    (400, "GET", "/api/patients", {"headers": {"Host": "evil.example"}}),
    (413, "POST", "/api/patients", {"content": b"x" * 1_100_000, "headers": {"Content-Type": "application/json"}}),
    (
        204,
        "OPTIONS",
        "/api/patients",
        {"headers": {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}},
    ),
]


@pytest.mark.parametrize("status, method, path, options", ANSWERS, ids=[f"{a[0]} {a[1]} {a[2]}" for a in ANSWERS])
def test_every_answer_carries_the_security_headers_and_a_request_id(person, status, method, path, options):
    if options.get("content") == b"{":
        options = options | {"headers": {"Content-Type": "application/json"}}
    headers = person.expect(status, method, path, **options).headers
    assert {name: headers.get(name) for name in SECURITY} == SECURITY
    assert re.fullmatch(r"[\w.-]{8,64}", headers["X-Request-Id"])
    assert "default-src" in headers["Content-Security-Policy"]
    assert not re.search(r"\d", headers.get("Server", "")) and "X-Powered-By" not in headers
    assert not [name for name in headers if name.lower().startswith("x-praxis")]


def test_refused_bytes_carry_them_too(house):
    from house.raw import send

    received = send(house.services["gateway"].instance.port, b"GET / HTTP/1.1\r\nHost : x\r\n\r\n").received.decode()
    for name in (*SECURITY, "X-Request-Id"):
        assert f"\r\n{name.lower()}:" in received.lower(), name


def test_an_unchanged_answer_carries_them_too(person):
    path = f"/api/patients/{person.patient()['id']}"
    tag = person.expect(200, "GET", path).headers["ETag"]
    headers = person.expect(304, "GET", path, headers={"If-None-Match": tag}).headers
    assert {name: headers.get(name) for name in SECURITY} == SECURITY and headers["X-Request-Id"]


def test_what_is_personal_is_kept_by_no_cache(person, anyone):
    for path in ("/api/auth/me", "/api/patients", f"/api/patients/{person.patient()['id']}"):
        assert "no-store" in person.expect(200, "GET", path).headers["Cache-Control"]
    body = {"email": person.user["email"], "password": PASSWORD}
    assert "no-store" in anyone.expect(200, "POST", "/api/auth/login", json=body).headers["Cache-Control"]


def test_a_sane_request_id_is_kept_and_another_replaced(anyone):
    assert (
        anyone.get("/api/v1/health", headers={"X-Request-Id": "my-request.1_a"}).headers["X-Request-Id"]
        == "my-request.1_a"
    )
    for odd in ("x", "a" * 65, "a b c d e f g", "<script>alert(1)</script>", "ünïcödé-id".encode()):
        assert anyone.get("/api/v1/health", headers={"X-Request-Id": odd}).headers["X-Request-Id"] != odd


def test_the_request_id_of_an_error_is_in_its_body_and_in_the_log(house, person):
    answer = person.expect(404, "GET", f"/api/patients/{UNKNOWN}", headers={"X-Request-Id": "find-me-in-the-log-7"})
    assert answer.json()["request_id"] == "find-me-in-the-log-7"


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:3000"])
def test_a_listed_origin_may_read_and_preflight(anyone, person, origin):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type, if-match",
    }
    answer = anyone.request("OPTIONS", f"/api/patients/{UNKNOWN}", headers=asked)
    assert answer.status_code == 204 and answer.content == b""
    assert (
        answer.headers["Access-Control-Allow-Origin"] == origin
        and answer.headers["Access-Control-Allow-Credentials"] == "true"
    )
    assert (
        "PATCH" in answer.headers["Access-Control-Allow-Methods"] and answer.headers["Access-Control-Max-Age"] == "600"
    )
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "if-match"))
    answer = person.expect(200, "GET", "/api/auth/me", headers={"Origin": origin})
    assert answer.headers["Access-Control-Allow-Origin"] == origin and "Origin" in answer.headers["Vary"]
    assert "etag" in answer.headers["Access-Control-Expose-Headers"].lower()
    assert anyone.get("/api/patients", headers={"Origin": origin}).headers["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:3000.evil.example",
        "https://localhost:3000",
        "http://LOCALHOST:30000",
    ],
)
def test_another_origin_may_not(anyone, person, origin):
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    assert "Access-Control-Allow-Origin" not in anyone.request("OPTIONS", "/api/patients", headers=asked).headers
    answer = person.expect(200, "GET", "/api/auth/me", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers and "Origin" in answer.headers["Vary"]


def test_head_is_get_without_the_body(person):
    path = f"/api/patients/{person.patient()['id']}"
    got, head = person.expect(200, "GET", path), person.expect(200, "HEAD", path)
    assert head.content == b"" and head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.headers["ETag"] == got.headers["ETag"] and head.headers["Content-Type"] == got.headers["Content-Type"]


def test_options_tells_what_a_path_allows(anyone):
    answer = anyone.request("OPTIONS", "/api/patients")
    assert answer.status_code == 204 and {"GET", "POST"} <= {
        word.strip() for word in answer.headers["Allow"].split(",")
    }


def test_a_trace_is_passed_on(person):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    person.expect(200, "GET", "/api/auth/me", headers={"traceparent": trace})
    for odd in ("x", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "ff-" + trace[3:], trace * 20):
        person.expect(200, "GET", "/api/auth/me", headers={"traceparent": odd})
