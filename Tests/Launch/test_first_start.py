"""Without the demonstration's data nobody is there yet: the box shows the link that makes the first administrator."""

from pathlib import Path

LINK = "http://localhost/setup?token=prxs_abc"
# Stands in for the operator's command line; there is an administrator as soon as the file says so.
PRAXIS = """#!/bin/sh
here=$(dirname "$0")
case "$1" in
demo) touch "$here/admin"; printf 'admin\\tadmin123\\truns the platform\\n' ;;
setup-link) test -e "$here/admin" && exit 69; echo "%s" ;;
esac
"""
SPLIT = 'prxs_""abc'  # in the program itself the token does not stand in one piece


def praxis(setup) -> Path:
    path = Path(setup.environment["BINARIES"]) / "praxis"
    path.write_text(PRAXIS % LINK.replace("prxs_abc", SPLIT))
    path.chmod(0o755)
    return path


def test_without_demo_data_the_link_is_shown_and_written_down_nowhere(setup):
    praxis(setup)
    done = setup.launch("up", DEMO_DATA="false")
    assert done.returncode == 0, done.stderr
    assert LINK in done.stdout and "admin123" not in done.stdout
    kept = [path for path in setup.var.rglob("*") if path.is_file() and "postgres" not in path.parts]
    assert not [path for path in kept if b"prxs_abc" in path.read_bytes()]


def test_with_demo_data_there_is_an_administrator_and_no_link(setup):
    done = setup.launch("up")
    assert done.returncode == 0, done.stderr
    assert "admin123" in done.stdout and LINK not in done.stdout


def test_with_an_administrator_there_is_no_link(setup):
    done = setup.launch("up", DEMO_DATA="false")
    assert done.returncode == 0, done.stderr
    assert LINK not in done.stdout and "no administrator" not in done.stdout
