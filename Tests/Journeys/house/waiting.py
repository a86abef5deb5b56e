"""Waiting for something to come true, never for a time to pass."""

import time

import httpx


def until(is_true, seconds: float = 15, what: str = "it"):
    """The first true answer of `is_true`; fails when none comes in time. A connection's error counts as "not yet"."""
    end = time.monotonic() + seconds
    last = None
    while True:
        try:
            if found := is_true():
                return found
            last = found
        except (OSError, httpx.TransportError) as error:
            last = error
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true in {seconds:.0f} s; last seen: {last!r}")
        time.sleep(0.05)
