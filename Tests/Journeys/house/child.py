"""One process of the house: started directly, so that a test can kill exactly it and start it again."""

import os
import signal
import subprocess
from pathlib import Path


class Child:
    def __init__(
        self, name: str, arguments: list, log: Path, environment: dict | None = None, polite=signal.SIGTERM, **rights
    ):
        self.name, self.arguments, self.log = name, [str(word) for word in arguments], log
        self.environment, self.polite, self.rights = environment, polite, rights
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        assert not self.is_alive, f"{self.name} runs already"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.arguments,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                **self.rights,
            )

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def kill(self) -> None:
        """kill -9: nothing is finished, nothing is said."""
        self.end(signal.SIGKILL, 20)

    def stop(self, seconds: float = 25) -> int:
        """Asks it to end, and gives its exit code."""
        return self.end(self.polite, seconds)

    def ask_to_stop(self) -> None:
        if self.is_alive:
            self.process.send_signal(self.polite)

    def end(self, sign: signal.Signals, seconds: float) -> int:
        if self.is_alive:
            self.process.send_signal(sign)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
            raise AssertionError(f"{self.name} did not end within {seconds:.0f} s of {sign.name}") from None

    @property
    def resident_bytes(self) -> int:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.is_file() else ""
