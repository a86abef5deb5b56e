"""Do the services keep what their own document says, whatever is thrown at them?"""

import subprocess
from pathlib import Path

from house import TOP
from house.people import register

CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "allow_header_conformance",
    ]
)


def test_generated_requests_find_no_error_of_the_server_and_no_undocumented_answer(url, tmp_path: Path):
    with register(url) as person:
        done = subprocess.run(
            [
                TOP / "var/venv/bin/schemathesis",
                "run",
                f"{url}/api/schema/",
                "--checks",
                CHECKS,
                "--phases",
                "examples,coverage,fuzzing",
                "--max-examples",
                "15",
                "--seed",
                "1843",
                "--workers",
                "2",
                "--request-timeout",
                "10",
                "--no-color",
                "--continue-on-failure",
                "--suppress-health-check",
                "all",
                "--exclude-operation-id",
                "logOutAll",  # it would log the generator itself out
                "--header",
                f"Authorization:{person.headers['Authorization']}",
                "--warnings",
                "off",
            ],
            capture_output=True,
            text=True,
            timeout=240,
            cwd=tmp_path,
        )
        # As long as it went on, the generator was signed in.
        person.expect(200, "GET", "/api/auth/me")
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]
