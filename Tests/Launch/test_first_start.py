"""Without the demonstration's data nobody is there yet: the box shows the link that makes the first administrator."""

from pathlib import Path

LINK = "http://localhost/setup?token=prxs_abc"
# Stands in for the operator's command line; there is an administrator as soon as the file says so.
PRAXIS = """#!/bin/sh
here=$(dirname "$0")
case "$1" in
demo)
    case "$2" in
    check) test -e "$here/admin" || exit 0; echo "praxis: The demo account admin is there: praxis demo remove" >&2; exit 78 ;;
    remove) rm -f "$here/admin" ;;
    *) touch "$here/admin"; printf 'admin\\tadmin123\\truns the platform\\n' ;;
    esac ;;
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


def test_the_demo_accounts_are_refused_in_production_with_the_command_that_removes_them(setup):
    assert setup.launch("up").returncode == 0
    before = setup.processes()
    done = setup.launch("up", PRAXIS_ENV="production")
    assert done.returncode == 78 and "make praxis do=\"demo remove\"" in done.stderr
    assert "admin123" not in done.stdout and setup.processes() == before
    assert setup.launch("praxis", "demo", "remove", PRAXIS_ENV="production").returncode == 0
    done = setup.launch("up", PRAXIS_ENV="production")
    assert done.returncode == 0, done.stderr
    assert "admin123" not in done.stdout and "/dev/mail" not in done.stdout and "Praxis is running (production)" in done.stdout


def test_the_address_of_a_developers_machine_is_no_default_in_production(setup):
    assert "FRONTEND_URL" not in setup.ask("identity", "/environment")
    assert setup.launch("up").returncode == 0
    assert setup.ask("identity", "/environment")["FRONTEND_URL"] == f"http://localhost:{setup.environment['GATEWAY_PORT']}"


def test_the_box_shows_no_mail_where_mail_is_sent_and_no_docs_where_there_are_none(setup):
    done = setup.launch("up", EMAIL_HOST="mx.example", DEFAULT_FROM_EMAIL="a@b.example", STATIC_DIR="/nonexistent")
    assert "/dev/mail" not in done.stdout and "/docs" not in done.stdout
    assert "/dev/mail" in setup.launch("up").stdout


def test_reset_remembers_that_no_demo_data_is_wanted_until_the_next_reset(setup):
    (setup.var / "audit").mkdir(exist_ok=True)
    (setup.var / "audit/identity.heads").write_text("a head of the trail that is removed with its database")
    assert setup.launch("reset", DEMO_DATA="false").returncode == 0
    assert not (setup.var / "audit").exists()
    (Path(setup.environment["BINARIES"]) / "admin").unlink(missing_ok=True)
    for _ in range(2):
        done = setup.launch("up")
        assert LINK in done.stdout and "admin123" not in done.stdout
    assert setup.launch("reset").returncode == 0
    assert "admin123" in setup.launch("up").stdout
