"""Tests: a PostgreSQL and a Redis made for them alone, every suite, one closing line. Works while `make up` runs."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from environment import TOP
from folders import database_user, private_folder
from postgres import Postgres, as_database_user
from redis import Redis

JOURNEYS = TOP / "Tests/Journeys/run"
LATER_SWIFT = r"^(Registry|Scheduling|Records|Notifier)Tests\."  # half of their time
LATER_JOURNEYS = "test_8 or test_7 and not (test_7_schema or test_7_messages)"
LAUNCHER = [TOP / "var/venv/bin/pytest", "--quiet", "-p", "no:cacheprovider", TOP / "Tests/Launch"]


MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # bytes: PostgreSQL keeps up to 1 GiB of WAL, and tests some hundred MiB


def servers_folder() -> Path:
    """In memory where there is room: each test makes and drops a database of a thousand files, and ext4 looks long for
    a free inode where many were just deleted (a third of all processor time of the suites)."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix="praxis-test-", dir=MEMORY if roomy else "/tmp"))


@contextmanager
def private_servers():
    """Both servers in one temporary folder; yields the two variables by which tests find them. Nothing stays behind."""
    folder = servers_folder()
    folder.chmod(0o711)
    home = private_folder(folder / "pg", database_user())
    postgres = Postgres(home / "data", home, forgetful=True)
    redis = Redis(folder / "redis", folder, forgetful=True)
    started = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        postgres.create()
        redis.create()
        with open(folder / "servers.log", "w") as log:
            quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "start_new_session": True, "cwd": "/"}
            started.append((subprocess.Popen(postgres.arguments, **quiet, **as_database_user()), signal.SIGINT))
            started.append((subprocess.Popen(redis.arguments, **quiet), signal.SIGTERM))
        postgres.wait()
        redis.wait()
        yield {"PRAXIS_TEST_POSTGRES": postgres.url("postgres", "postgres"), "PRAXIS_TEST_REDIS": redis.url}
    finally:
        for process, polite in started:
            process.send_signal(polite)
        for process, _ in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def run_and_read(command: list, environment: dict[str, str]) -> tuple[int, str]:
    """Runs a command, showing its output as it comes and returning it as well."""
    process = subprocess.Popen(
        command, cwd=TOP, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    lines = []
    try:
        for line in process.stdout or ():
            sys.stdout.write(line)
            lines.append(line)
    finally:
        if process.poll() is None and sys.exc_info()[0] is not None:
            process.terminate()
        code = process.wait()
    return code, "".join(lines)


@contextmanager
def aside(command: list | None, environment: dict[str, str] | None = None):
    """Runs a command while something else runs; yields what waits for it, shows its output and returns both."""
    if command is None:
        yield None
        return
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=TOP, env=environment, stdout=output, stderr=subprocess.STDOUT)

        def result() -> tuple[int, str]:
            code = process.wait()
            output.seek(0)
            text = output.read()
            sys.stdout.write(text)
            return code, text

        try:
            yield result
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


def count(pattern: str, text: str) -> int:
    return sum(int(number) for number in re.findall(pattern, text))


class Report:
    """Adds up what the suites say about themselves."""

    def __init__(self):
        self.started, self.counts, self.failed = time.monotonic(), [], []

    def swift(self, what: str, code: int, output: str) -> None:
        tests = count(r"Test run with (\d+) tests?", output) + count(r"^\s*Executed (\d+) tests?.*\n(?!.*\bExecuted)", output)
        self.note(f"{tests} {what}", code, what)

    def pytest(self, what: str, code: int, output: str) -> None:
        tests = count(r"(\d+) passed", output) + count(r"(\d+) failed", output) + count(r"(\d+) error", output)
        self.note(f"{tests} {what}", code, what)

    def note(self, counted: str, code: int, name: str) -> None:
        self.counts.append(counted)
        if code != 0:
            self.failed.append(name)

    def close(self) -> int:
        spent = time.monotonic() - self.started
        verdict = f"FAILED: {', '.join(self.failed)}" if self.failed else "all passed"
        print(f"\n{', '.join(self.counts) or 'no tests'} in {spent:.0f} s: {verdict}", flush=True)
        return 1 if self.failed else 0


def test(arguments: list[str], swift: bool = True, journeys: bool = True) -> int:
    """All suites in one run; one that fails does not keep the next from running."""
    report = Report()
    if subprocess.run(build_command(swift), cwd=TOP).returncode != 0:
        report.note("no tests run", 1, "swift build")
        return report.close()
    if swift:
        # The launcher's tests wait for processes most of their time, and use the programs as they are built.
        with aside(LAUNCHER if journeys else None) as launcher:
            run_swift(report, arguments)
            if launcher:
                report.pytest("launcher tests", *launcher())
    if journeys:
        settings = {"PYTHONUNBUFFERED": "1", "PRAXIS_BUILD": "release" if wants_release(swift) else "debug"}
        run_journeys(report, [] if swift else arguments, os.environ | settings)
    return report.close()


def run_swift(report: Report, arguments: list[str]) -> None:
    """All of them run as two halves side by side, each on servers of its own and one test after another: hundreds at
    once on two cores starve those that give a real socket a real time-out."""
    command = ["swift", "test", "--skip-build", "--no-parallel"]
    with private_servers() as servers:
        if arguments:
            report.swift("Swift tests", *run_and_read([*command, *arguments], os.environ | servers))
            return
        command.append("--ignore-lock")  # on the build folder, which neither changes
        with private_servers() as others, aside([*command, "--filter", LATER_SWIFT], os.environ | others) as later:
            report.swift("Swift tests", *run_and_read([*command, "--skip", LATER_SWIFT], os.environ | servers))
            report.swift("later Swift tests", *later())


def run_journeys(report: Report, arguments: list[str], environment: dict[str, str]) -> None:
    """They kill PostgreSQL and Redis, so they bring their own. All of them run on two systems of six side by side: a
    journey waits more than it computes."""
    if arguments:
        report.pytest("journeys", *run_and_read([JOURNEYS, *arguments], environment))
        return
    with aside([JOURNEYS, "-k", LATER_JOURNEYS], environment | {"PRAXIS_PORTS": "23000"}) as later:
        report.pytest("journeys", *run_and_read([JOURNEYS, "-k", f"not ({LATER_JOURNEYS})"], environment))
        report.pytest("later journeys", *later())


def build_command(swift: bool) -> list[str]:
    return [TOP / "deploy/build", "release", "-q"] if wants_release(swift) else ["swift", "build", "-q", "--build-tests"]


def wants_release(swift: bool) -> bool:
    """Journeys alone may be made with the optimised programs: PRAXIS_BUILD=release."""
    return not swift and os.environ.get("PRAXIS_BUILD") == "release"


def unit(arguments: list[str]) -> int:
    return test(arguments, journeys=False)


def journeys(arguments: list[str]) -> int:
    return test(arguments, swift=False)


TEST_VERBS = {"test": test, "unit": unit, "journeys": journeys}
