"""Threads that work beside a test until it ends."""

import threading


class Background:
    """To be entered: its threads run until it is left, and each has to come to its end."""

    def __init__(self, work, arguments):
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=work, args=(one,), daemon=True) for one in arguments]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self.threads), "work beside the test never came to an end"
