"""What the person set: the process environment first, then `.env`; and which of it reaches the services."""

import difflib
import json
import os
import re
from functools import cached_property
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]

# A name that looks like one of ours passes through even before somebody listed it in .env.example.
FAMILIES = re.compile(
    r"^(PRAXIS|GATEWAY|IDENTITY|REGISTRY|SCHEDULING|RECORDS|NOTIFIER|RATE_LIMIT|JWT|CORS|EMAIL|SMTP|SMS|LLM|GROQ|OTP"
    r"|OTEL|BCRYPT|PASSWORD|DB|DATABASE|POSTGRES|REDIS|LOG|WEBHOOK|MAX|SWIFT_BACKTRACE)(_|$)")
ONLY_FOR_TESTS = re.compile(r"^PRAXIS_TEST_")
OF_THE_OPERATOR = re.compile(
    r"^(GATEWAY_URL|PRAXIS_(MASTER_SECRET|ADMIN_PASSWORD|PASSWORD)(_FILE)?|[A-Z]+_PROGRAM)$")
OF_THE_LAUNCHER = ("BINARIES", "CONFIGURATION", "READY_SECONDS", "DEMO_DATA")
# So alike that it was meant, as RATE_LIMIT_LOGN; difflib's measure from 0 to 1.
ALIKE = 0.88


class Refusal(Exception):
    """Something the person can put right; its text says how, and is all that is shown. `code` is of sysexits.h."""

    def __init__(self, text: str, code: int = 69):
        super().__init__(text)
        self.code = code


ASSIGNMENT = re.compile(
    r"""\s*(?:\#[^\n]*|(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.-]*)[ \t]*=[ \t]*
    (?:'(?P<literal>[^']*)'(?P<end1>[ \t]*(?:\#[^\n]*)?)
      |"(?P<escaped>(?:[^"\\]|\\.)*)"(?P<end2>[ \t]*(?:\#[^\n]*)?)
      |(?P<plain>[^\n'"][^\n]*|)))[ \t\r]*(?:\n|$)""", re.VERBOSE | re.DOTALL)


def read_dotenv(path: Path) -> dict[str, str]:
    """Reads `.env` as compose and the services do: `export`, comments, single quotes literal, double quotes with escapes."""
    text = path.read_text().rstrip() if path.is_file() else ""
    found, position = {}, 0
    while position < len(text):
        match = ASSIGNMENT.match(text, position)
        if match is None:
            line = text.count("\n", 0, position) + 1
            raise Refusal(f"{path.name}, at or after line {line}: expected NAME=value, with quotes closed.")
        if match["name"]:
            found[match["name"]] = value_of(match)
        position = match.end()
    return found


def value_of(match: re.Match) -> str:
    if match["literal"] is not None:
        return match["literal"]
    if match["escaped"] is not None:
        known = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}
        return re.sub(r"\\(.)", lambda escape: known.get(escape[1], escape[0]), match["escaped"], flags=re.DOTALL)
    return re.sub(r"(^|[ \t])\#.*$", "", match["plain"]).strip()


def listed_names() -> set[str]:
    """The variables of `.env.example`, where a commented-out line shows a default."""
    text = (TOP / ".env.example").read_text()
    others = re.findall(r"# (?:secret · )?or ([A-Z][A-Z0-9_]*(?:(?:, | and )[A-Z][A-Z0-9_]*)*)", text)
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", text, re.MULTILINE)) | set(re.findall(r"[A-Z0-9_]+", " ".join(others)))


class Environment:
    """The person's settings, by name, with the empty value meaning "not set"."""

    def __init__(self, process: dict[str, str] | None = None, dotenv: Path = TOP / ".env"):
        process = dict(os.environ if process is None else process)
        self.process = {name: value for name, value in process.items() if value}
        self.file = {name: value for name, value in read_dotenv(dotenv).items() if value}
        self.values = self.file | self.process

    def remember(self, path: Path) -> None:
        given = {name: value for name, value in self.process.items() if self.is_ours(name) or name in OF_THE_LAUNCHER}
        path.touch(0o600)
        path.write_text(json.dumps(given))

    def recall(self, path: Path) -> None:
        """Adds what the shell of the last `up` had set; this shell's own settings win."""
        if path.is_file():
            self.process = json.loads(path.read_text()) | self.process
            self.values = self.file | self.process

    def __getitem__(self, name: str) -> str | None:
        return self.values.get(name)

    def number(self, name: str, default: int) -> int:
        text = self.values.get(name, str(default))
        if not text.isascii() or not text.isdigit():
            raise Refusal(f"{name} must be a whole number, and is {text!r}.", code=78)
        return int(text)

    def port(self, name: str, default: int) -> int:
        port = self.number(name, default)
        if not 1 <= port <= 65_535:
            raise Refusal(f"{name} must be a port from 1 to 65535, and is {port}.", code=78)
        return port

    @property
    def is_development(self) -> bool:
        """The launcher's own default; a service without it is in production."""
        return (self["PRAXIS_ENV"] or "development").lower() == "development"

    def misspelled(self) -> list[str]:
        """A sentence for each name that is no setting and looks like one."""
        found = []
        for name in sorted(self.values):
            bare = name.removesuffix("_FILE")
            if bare in self.listed or name in self.listed or ONLY_FOR_TESTS.match(name) or OF_THE_OPERATOR.match(name):
                continue
            if meant := difflib.get_close_matches(bare, self.listed, n=1, cutoff=ALIKE):
                found.append(f"{name} is no setting of Praxis and changes nothing; {meant[0]} is one.")
        return found

    def any_of(self, *names: str) -> str | None:
        return next((name for name in names if self.values.get(name)), None)

    def passed_on(self) -> dict[str, str]:
        """What each service gets as it was given; the noise of a shell (PWD, SSH_…) would restart them for nothing."""
        return {
            name: value for name, value in self.values.items()
            if self.is_ours(name) or name in self.file and not OF_THE_OPERATOR.match(name)}

    def of_the_operator(self) -> dict[str, str]:
        """What the operator's command line alone may know."""
        return {name: value for name, value in self.values.items() if OF_THE_OPERATOR.match(name)}

    def is_ours(self, name: str) -> bool:
        listed = name.removesuffix("_FILE") in self.listed
        foreign = ONLY_FOR_TESTS.match(name) or OF_THE_OPERATOR.match(name)
        return not foreign and bool(listed or FAMILIES.match(name))

    @cached_property
    def listed(self) -> set[str]:
        return listed_names()
