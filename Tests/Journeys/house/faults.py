"""What can go wrong at any moment: each fault breaks something of a house and heals it again."""

import os
import random
import shutil
import signal
import time

from .house import House
from .stores import psql, redis_cli


def lose_redis(house: House) -> None:
    """Killed, and back with nothing."""
    house.stores["redis"].kill()
    shutil.rmtree(house.redis.folder)
    house.redis.create()
    house.restart_store("redis")


class Faults:
    """Faults in an order that a seed gives. After each, what was killed runs and is ready."""

    def __init__(self, house: House, chance: random.Random):
        self.house, self.chance = house, chance
        self.kills: dict[str, int] = {}
        self.told: list[str] = []

    def __call__(self) -> None:
        name, fault = self.chance.choice(
            [
                ("kill", self.kill),
                ("kill", self.kill),
                ("pause", self.pause),
                ("pause", self.pause),
                ("empty redis", lambda: redis_cli(self.house, "flushall") and ""),
                ("lose redis", lambda: lose_redis(self.house)),
                ("kill redis", self.kill_redis),
                ("stop postgresql", self.stop_postgres),
                ("cut connections", self.cut_connections),
            ]
        )
        self.told.append(f"{name} {fault() or ''}".strip())

    def service(self) -> str:
        return self.chance.choice(sorted(self.house.services))

    def kill(self) -> str:
        name = self.service()
        self.kills[name] = self.kills.get(name, 0) + 1
        self.house.services[name].kill()
        time.sleep(self.chance.uniform(0, 1))
        self.house.services[name].restart()
        return name

    def pause(self) -> str:
        """A process that hangs, and goes on as if nothing had been."""
        name = self.service()
        pid = self.house.services[name].pid
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(self.chance.uniform(0.5, 5))
        finally:
            os.kill(pid, signal.SIGCONT)
        return name

    def kill_redis(self) -> None:
        self.house.stores["redis"].kill()
        time.sleep(self.chance.uniform(0, 2))
        self.house.restart_store("redis")

    def stop_postgres(self) -> str:
        away = self.chance.uniform(0.5, 12)
        self.house.stores["postgres"].kill()
        time.sleep(away)
        self.house.restart_store("postgres")
        return f"{away:.1f} s"

    def cut_connections(self) -> None:
        psql(self.house, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
