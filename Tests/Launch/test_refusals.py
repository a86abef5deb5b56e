"""What stands in the way is said in a sentence with the way out, before anything is started."""

import re
import socket
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "deploy/launch"))
from environment import Refusal, read_dotenv  # noqa: E402


def test_a_taken_port_is_named_with_its_variable(setup):
    port = int(setup.environment["RECORDS_PORT"])
    with socket.socket() as taken:
        # Connections of other tests that ended a moment ago do not count.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = setup.launch("up")
    assert done.returncode == 69 and f"port {port}: set RECORDS_PORT" in done.stderr
    assert setup.processes() == {}


def test_one_port_for_two_is_refused(setup):
    done = setup.launch("up", IDENTITY_PORT=setup.environment["GATEWAY_PORT"])
    assert done.returncode == 69 and "both ask for port" in done.stderr


def test_a_port_that_is_no_number_is_refused(setup):
    assert "GATEWAY_PORT must be a whole number" in setup.launch("up", GATEWAY_PORT="80a").stderr


def test_a_port_that_is_none_is_refused(setup):
    done = setup.launch("up", GATEWAY_PORT="70000")
    assert done.returncode == 78 and "GATEWAY_PORT must be a port from 1 to 65535, and is 70000." in done.stderr


@pytest.mark.parametrize("verb", ["up", "status", "down"])
@pytest.mark.parametrize("folder", ["/proc/praxis/var", "/etc/passwd"])
def test_a_folder_of_state_that_cannot_be_written_is_said_in_a_sentence(setup, folder, verb):
    done = setup.launch(verb, VAR_DIR=folder)
    assert done.returncode == 73 and "Traceback" not in done.stderr
    assert f"{folder}/log cannot be written" in done.stderr and "VAR_DIR=" in done.stderr


def test_every_line_of_the_example_works_when_it_is_uncommented(setup, tmp_path):
    path = tmp_path / ".env"
    path.write_text(re.sub(r"^# ([A-Z][A-Z0-9_]*=)", r"\1", (TOP / ".env.example").read_text(), flags=re.MULTILINE))
    example = {name: value for name, value in read_dotenv(path).items() if value}
    assert len(example) > 50 and not [value for value in example.values() if "#" in value]
    assert example["RATE_LIMIT_LOGIN"] == "10/1h" and example["MAIL_FOLDER"] == "var/mail"
    done = setup.launch("up", **(example | setup.environment))
    assert done.returncode == 0, done.stderr
    assert "note:" not in done.stdout
    given = setup.ask("identity", "/environment")
    ours = {name: value for name, value in example.items() if name in given and name not in setup.environment}
    assert len(ours) > 40 and all(given[name] == value for name, value in ours.items())
    assert setup.launch("down").returncode == 0


def test_dotenv_reads_as_compose_does(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# c\nA=1\nexport B = two words # c\nC='lit $x \"q\" # no' # c\n"
                    'D="esc \\"q\\" \\n"\nE=\nF="two\nlines"\nG=a#b')
    assert read_dotenv(path) == {
        "A": "1", "B": "two words", "C": 'lit $x "q" # no', "D": 'esc "q" \n', "E": "", "F": "two\nlines", "G": "a#b"}


def test_a_broken_dotenv_is_refused_with_its_line(tmp_path):
    path = tmp_path / ".env"
    path.write_text("A=1\nB='open\nC=2")
    with pytest.raises(Refusal, match="line 2"):
        read_dotenv(path)
