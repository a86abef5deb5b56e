"""Progress for people: `[3/6] building services … 74 s`, never a silent minute, plain lines where there is no terminal."""

import sys
import time
from contextlib import contextmanager


class Steps:
    def __init__(self, total: int, done: int = 0):
        self.total, self.number = total, done
        self.live = sys.stdout.isatty()

    @contextmanager
    def step(self, title: str):
        """Yields a function that notes the progress; an error leaves the line open for what is said next."""
        self.number += 1
        head, started = f"[{self.number}/{self.total}] {title} …", time.monotonic()
        last_note = started

        def note(progress: str) -> None:
            nonlocal last_note
            if self.live:
                self.write(f"\r\033[K{head} {progress[:80]}")
            elif time.monotonic() - last_note > 20:
                last_note = time.monotonic()
                self.write(f"\n      {progress}")

        self.write(head)
        try:
            yield note
        except BaseException:
            self.write("\n")
            raise
        spent = time.monotonic() - started
        self.write(("\r\033[K" + head if self.live else "") + f" {spent:.0f} s\n" if spent >= 10 else
                   ("\r\033[K" + head if self.live else "") + f" {spent:.1f} s\n")

    def write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
