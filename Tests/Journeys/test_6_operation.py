"""Can an operator see how it is, and a person read how to use it?"""

import os
import re
import subprocess

import pytest

from house.house import BINARIES, BUILD
from house.waiting import until

SERVICES = ["gateway", "identity", "registry", "scheduling", "records", "notifier"]
OWN_WRONG = {
    "gateway": {"RATE_LIMIT_LOGIN": "often"},
    "identity": {"BCRYPT_SALT_ROUNDS": "99"},
    "notifier": {"EMAIL_PORT": "no port", "WEBHOOK_ALLOW_PRIVATE": "perhaps"},
    "scheduling": {"HOLD_MINUTES": "0"},
    "records": {"LLM_TIMEOUT_SECONDS": "99", "OTP_LENGTH": "2", "PATIENT_QUOTA_MB": "0"},
}
only_release = pytest.mark.skipif(
    BUILD != "release", reason="start time and memory are judged with PRAXIS_BUILD=release alone"
)


@pytest.mark.parametrize("name", SERVICES)
def test_every_process_tells_its_health_on_its_own_port(house, name):
    service = house.services[name]
    assert service.ops("/livez").status_code == 200 and service.ops("/readyz").status_code == 200
    verbose = service.ops("/readyz?verbose")
    assert verbose.status_code == 200 and ("redis" in verbose.text.lower() or "postgres" in verbose.text.lower())
    assert service.ops("/nowhere").status_code == 404


@pytest.mark.parametrize("name", SERVICES)
def test_every_process_tells_its_measures(house, name):
    answer = house.services[name].ops("/metrics")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith(
        ("text/plain", "application/openmetrics-text")
    )
    names = set(re.findall(r"^([a-zA-Z_:][\w:]*)", answer.text, re.MULTILINE))
    assert "process_resident_memory_bytes" in names and len(names) >= 5
    for line in answer.text.splitlines():
        assert (
            line.startswith("#") or not line or re.match(r"^[a-zA-Z_:][\w:]*(\{.*\})? [-+0-9.eEinfNa]+( \d+)?$", line)
        ), line


def test_measures_count_by_route_and_never_by_path(house, person):
    patient = person.patient()
    person.expect(200, "GET", f"/api/patients/{patient['id']}")
    texts = [house.services[name].ops("/metrics").text for name in ("gateway", "registry", "registry-2")]
    assert not any(patient["id"] in text for text in texts)
    assert any("/api/patients/{id}" in text for text in texts)


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/metrics", "/healthz", "/debug/pprof", "/livez/", "//metrics", "/%6detrics"]
)
def test_none_of_it_is_on_the_public_port(anyone, person, path):
    anyone.expect(404, "GET", path)
    person.expect(404, "GET", path)


def test_the_public_health_names_what_it_depends_on(anyone):
    for path in ("/api/v1/health", "/api/v1/health/"):
        answer = anyone.expect(200, "GET", path)
        assert answer.json()["success"] is True
        assert all(name in answer.text for name in ("identity", "registry"))


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/api/docs", "/api/docs/"])
def test_the_documentation_page_works_offline(anyone, path):
    answer = anyone.expect(200, "GET", path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.headers["Content-Type"].startswith("text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert (
        "default-src" in policy
        and "unsafe-eval" not in policy
        and "http" not in policy.replace("https://validator", "")
    )
    links = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assets = [link for link in links if re.search(r"\.(js|css|png|svg|ico)", link)]
    assert any(link.endswith(".js") for link in assets) and any(link.endswith(".css") for link in assets)
    for link in assets:
        assert not re.match(r"^(https?:)?//", link), f"{link} is not ours"
        asset = anyone.expect(200, "GET", str(answer.url.join(link)))
        kind = {"js": "javascript", "css": "text/css", "png": "image/png", "svg": "image/svg", "ico": "image/"}[
            link.split("?")[0].rsplit(".", 1)[1]
        ]
        assert kind in asset.headers["Content-Type"] and len(asset.content) > 100


def test_an_asset_path_never_leaves_its_folder(anyone):
    for path in (
        "/docs/../../etc/passwd",
        "/docs/%2e%2e/%2e%2e/etc/passwd",
        "/docs/..%2f..%2fetc/passwd",
        "/docs//etc/passwd",
        "/docs/.version",
    ):
        assert anyone.get(path).status_code in (400, 404)


def test_the_schema_is_a_valid_openapi_document_of_every_path(anyone):
    from openapi_spec_validator import validate

    document = anyone.expect(200, "GET", "/api/schema/").json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert anyone.expect(200, "GET", "/api/schema").json() == document
    paths = {path.rstrip("/"): set(operations) for path, operations in document["paths"].items()}
    for path, verbs in {
        "/api/auth/register": {"post"},
        "/api/auth/login": {"post"},
        "/api/patients": {"get", "post"},
        "/api/patients/{id}": {"get", "put", "patch", "delete"},
        "/api/doctors": {"get", "post"},
        "/api/mappings/{id}": {"get", "delete"},
        "/api/mappings/detail/{id}": {"delete"},
        "/api/token": {"post"},
    }.items():
        assert verbs <= paths[path], path
    assert not any(path.startswith("/internal") for path in paths)
    ids = [
        operation["operationId"]
        for operations in document["paths"].values()
        for verb, operation in operations.items()
        if verb in ("get", "post", "put", "patch", "delete")
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", SERVICES)
def test_unusable_settings_end_it_with_78_and_all_of_them_at_once(house, name):
    upper = name.upper()
    wrong = {f"{upper}_PORT": "no port", f"{upper}_OPS_PORT": "70000", "LOG_LEVEL": "loud", "REDIS_URL": "ftp://x"}
    wrong |= OWN_WRONG.get(name, {})
    service = house.services[name]
    done = subprocess.run(
        [BINARIES / name], env=service.environment | wrong, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 78, (done.returncode, done.stderr[-500:])
    said = done.stdout + done.stderr
    assert all(variable in said for variable in wrong), said[-1500:]


def test_production_refuses_to_start_without_its_secrets(house):
    service = house.services["identity"]
    environment = {
        key: value
        for key, value in service.environment.items()
        if not key.endswith(("_KEY_FILE", "PEPPER_FILE", "KEYS_FILE"))
    }
    done = subprocess.run(
        [BINARIES / "identity"],
        env=environment | {"PRAXIS_ENV": "production"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 78
    assert all(
        name in done.stdout + done.stderr
        for name in ("PASSWORD_PEPPER", "SIGNING_KEY_ENCRYPTION_KEY", "DATA_ENCRYPTION_KEY", "PRINCIPAL_KEYS")
    )


def test_a_log_line_is_json_with_the_request_id_and_no_path(house, person):
    import json

    # What was refused has a line; what went well is counted, and told only at debug.
    patient = person.patient()
    person.expect(200, "DELETE", f"/api/patients/{patient['id']}")
    person.expect(404, "GET", f"/api/patients/{patient['id']}", headers={"X-Request-Id": "log-line-under-test"})

    def lines():
        found = []
        for name in ("gateway", "registry", "registry-2"):
            found += [
                line for line in house.services[name].log.read_text().splitlines() if "log-line-under-test" in line
            ]
        return found

    found = until(lines, what="a log line with the request's id")
    assert all(json.loads(line)["message"] for line in found) and not any(
        patient["id"] in line and "path" in json.loads(line) for line in found
    )


def test_secrets_are_in_no_command_line(house):
    for service in house.services.values():
        assert open(f"/proc/{service.pid}/cmdline").read().rstrip("\0").count("\0") == 0
        assert os.stat(f"/proc/{service.pid}/environ").st_mode & 0o077 == 0


@only_release
@pytest.mark.parametrize("name", SERVICES)
def test_it_starts_within_a_second_and_rests_below_40_megabytes(house, name):
    service = house.services[name]
    service.stop()
    service.start()
    assert service.wait() < 1.0
    assert service.resident_bytes < 40 * 1024 * 1024
