"""Do the services keep what their own document says, whatever is thrown at them?"""

import subprocess
from pathlib import Path

from house import TOP
from house.people import register

# 501 is our answer to a method that HTTP does not know, and the generator tries some.
SETTINGS = """
seed = 1843
workers = 2
request-timeout = 10
continue-on-failure = true
warnings = false
suppress-health-check = ["all"]
headers = {{ Authorization = "{authorization}" }}

[checks]
enabled = false
not_a_server_error = {{ enabled = true, expected-statuses = ["2xx", "3xx", "4xx", "501"] }}
status_code_conformance.enabled = true
content_type_conformance.enabled = true
response_schema_conformance.enabled = true
allow_header_conformance.enabled = true

[generation]
max-examples = 15

[phases]
stateful.enabled = false
"""
LOG_OUT = ["--exclude-operation-id", "logOutAll", "--exclude-operation-id", "endSession"]


def test_generated_requests_find_no_error_of_the_server_and_no_undocumented_answer(url, tmp_path: Path):
    with register(url) as person:
        (tmp_path / "schemathesis.toml").write_text(SETTINGS.format(authorization=person.headers["Authorization"]))
        done = subprocess.run(
            [TOP / "var/venv/bin/schemathesis", "run", f"{url}/api/schema/", "--no-color", *LOG_OUT],
            capture_output=True,
            text=True,
            timeout=240,
            cwd=tmp_path,
        )
        # As long as it went on, the generator was signed in.
        person.expect(200, "GET", "/api/auth/me")
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]
