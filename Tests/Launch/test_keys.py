"""What the launcher derives is what `praxis keys issue` issues."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy/launch"))

from secret_files import pair_key  # noqa: E402

MASTER = b"a master secret of at least thirty-two bytes"


def test_a_pair_key_is_what_the_command_line_issues():
    """Tests/PraxisTests/PairBookTests.swift holds the same line."""
    assert pair_key(MASTER, "gateway", "identity") == "w5mOm4Ig_59MF63-QPuokbwVBoV266WRT72D34sW6H8"


def test_the_directions_of_a_pair_have_different_keys():
    assert pair_key(MASTER, "identity", "registry") != pair_key(MASTER, "registry", "identity")
