"""A service's process with its two ports."""

import time

import httpx

from .child import Child
from .waiting import until

DIRECT = httpx.Client(trust_env=False, timeout=5)


class ServiceProcess(Child):
    def __init__(self, instance, program, environment: dict[str, str], log):
        super().__init__(instance.name, [program], log, environment)
        self.instance = instance
        self.url = f"http://127.0.0.1:{instance.port}"
        self.ops_url = f"http://127.0.0.1:{instance.ops_port}"
        self.started_at = 0.0

    def start(self) -> None:
        super().start()
        self.started_at = time.monotonic()

    def ops(self, path: str) -> httpx.Response:
        return DIRECT.get(self.ops_url + path)

    @property
    def is_ready(self) -> bool:
        try:
            return self.ops("/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def wait(self, seconds: float = 30) -> float:
        """Until it is ready; gives the seconds since its start."""

        def ready_or_dead():
            assert self.is_alive, f"{self.name} ended with {self.process.returncode}:\n{self.last_words}"
            return self.is_ready

        try:
            until(ready_or_dead, seconds, f"readiness of {self.name}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.last_words}") from None
        return time.monotonic() - self.started_at

    def restart(self) -> None:
        self.start()
        self.wait()
