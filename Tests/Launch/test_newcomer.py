"""Does everything work that README.md tells somebody to type, line by line, and every line of `.env.example`?"""

import json
import re
import sys

import pytest

from conftest import TOP
from newcomer import BINARIES, Newcomer, blocks, commands_of, commands_of_tables

README = (TOP / "README.md").read_text()
# What a line of the README is not run for, and why.
EXCLUDED = {"make test": "this is a part of it"}
COMMANDS = [
    command for command in [line for block in blocks(README) for line in commands_of(block)] + commands_of_tables(README)
    if command not in EXCLUDED]
PRODUCTION = ("PRAXIS_ENV", "FRONTEND_URL", "CORS_ALLOWED_ORIGINS")

pytestmark = pytest.mark.skipif(not (BINARIES / "gateway").is_file(), reason="nothing was built yet")


@pytest.fixture(scope="module")
def newcomer():
    made = Newcomer()
    yield made
    made.leave()


@pytest.fixture(scope="module")
def servers():
    """A PostgreSQL and a Redis of somebody's own."""
    sys.path.insert(0, str(TOP / "deploy/launch"))
    from testing import private_servers

    with private_servers() as found:
        yield {"DATABASE_URL": found["PRAXIS_TEST_POSTGRES"], "REDIS_URL": found["PRAXIS_TEST_REDIS"]}


def test_the_readme_has_the_commands_that_matter():
    assert len(COMMANDS) > 12 and "make up" in COMMANDS and any("curl" in command for command in COMMANDS)
    assert all(command in README for command in EXCLUDED)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_does_what_it_says(newcomer, request, command):
    settings = {}
    if command.startswith("DATABASE_URL=… REDIS_URL=… "):
        command, settings = command.split("… ")[-1], request.getfixturevalue("servers")
    if command.startswith("make logs"):
        command = f"timeout 3 {command}; test $? = 124"  # it follows them until it is told to end
    done = newcomer.type(command, **settings)
    assert done.returncode == 0, done.stdout
    if "curl" in command:
        assert json.loads(done.stdout)["success"] is True, done.stdout
    if "make logs" in command:
        assert "==> " not in done.stdout and "registry" in done.stdout  # of one service alone
    if command.endswith("DEMO_DATA=false"):
        assert "/setup?token=prxs_" in done.stdout and "admin123" not in done.stdout
    if command == "make up" and not settings:
        assert_box(newcomer, done.stdout)


def assert_box(newcomer, output: str) -> None:
    """The box is what the README shows, line by line."""
    box = next(block for block in blocks(README) if block[0].startswith("┌"))
    said = " ".join(output.split())
    for line in box[1:-1]:
        expected = " ".join(newcomer.with_ports(line.strip("│")).split())
        pattern = ".*".join(map(re.escape, expected.split("…")))  # an ellipsis stands for what differs each time
        assert re.search(pattern, said), (expected, output)


def test_a_production_starts_with_the_settings_that_the_readme_names(newcomer):
    assert all(f"`{name}" in README for name in PRODUCTION)
    assert newcomer.type("make reset DEMO_DATA=false").returncode == 0
    lacking = newcomer.type("make up", PRAXIS_ENV="production")
    assert lacking.returncode != 0 and all(name in lacking.stdout for name in PRODUCTION[1:]), lacking.stdout
    settings = {"PRAXIS_ENV": "production", "FRONTEND_URL": "https://care.example", "CORS_ALLOWED_ORIGINS": "none"}
    done = newcomer.type("make up", **settings)
    assert done.returncode == 0 and "Praxis is running (production)." in done.stdout, done.stdout
    assert "https://care.example/setup?token=prxs_" in done.stdout and "/dev/mail" not in done.stdout
    assert newcomer.type("make status").returncode == 0


def test_every_line_of_env_example_uncommented_is_a_set_up_that_starts(newcomer):
    example = (newcomer.clone / ".env.example").read_text()
    lines = [line[2:] for line in example.splitlines() if re.match(r"# [A-Z][A-Z0-9_]*=", line)]
    assert len(lines) > 80
    (newcomer.clone / ".env").write_text(newcomer.with_ports("\n".join(lines)))
    done = newcomer.type("make up")
    assert done.returncode == 0 and "Praxis is running (development)." in done.stdout, done.stdout
    assert "is no setting of Praxis" not in done.stdout
    assert newcomer.type("make praxis do='config check'").returncode == 0
