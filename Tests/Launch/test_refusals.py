"""What stands in the way is said in a sentence with the way out, before anything is started."""

import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy/launch"))
from environment import Refusal, read_dotenv  # noqa: E402


def test_a_taken_port_is_named_with_its_variable(setup):
    port = int(setup.environment["RECORDS_PORT"])
    with socket.socket() as taken:
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
