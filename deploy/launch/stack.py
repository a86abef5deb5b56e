"""The running whole: makes what the supervisor runs equal to what the settings say, and takes it down again."""

import fcntl
import shutil
import subprocess
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from pathlib import Path

from building import Build
from environment import TOP, Environment, Refusal
from folders import Folders, database_user
from ports import listening, refuse_taken_ports
from postgres import Postgres, tools
from processes import Processes
from ready import wait_until_ready
from redis import Redis
from secret_files import Secrets
from services import SERVICES, Fleet, Instance
from settings_check import refuse_wrong_settings
from supervisor import Supervisor, our_processes, stop_strays

OWN_DATABASE = ("DATABASE_URL", "DB_HOST", "POSTGRES_HOST", "DATABASE_URL_FILE")
OWN_REDIS = ("REDIS_URL", "CELERY_BROKER_URL", "REDIS_URL_FILE")


class Stack:
    def __init__(self, environment: Environment):
        self.environment = environment
        self.folders = Folders(environment)
        self.fleet = Fleet(environment, self.folders)
        self.supervisor = Supervisor(self.folders)

    @cached_property
    def build(self) -> Build:
        return Build(self.environment, self.folders)

    @cached_property
    def postgres(self) -> Postgres | None:
        """None where the person named a database; likewise for Redis."""
        return None if self.environment.any_of(*OWN_DATABASE) else Postgres.private(self.environment, self.folders)

    @cached_property
    def redis(self) -> Redis | None:
        own = self.environment.any_of(*OWN_REDIS)
        return None if own else Redis(self.folders.var / "redis", self.folders.sockets)

    @cached_property
    def processes(self) -> Processes:
        secrets = Secrets(self.environment, self.folders)
        return Processes(self.environment, self.folders, self.fleet, secrets, self.postgres, self.redis)

    @contextmanager
    def lock(self):
        """One launcher at a time per `var`; a second one waits for the first."""
        with open(self.folders.run / "launcher.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @property
    def running(self) -> set[str]:
        if not self.supervisor.is_running:
            return set()
        return {process["name"] for process in self.supervisor.processes() if process["pid"]}

    def remember(self) -> None:
        """What this shell set, for the verbs that come after `up` in another one."""
        self.environment.remember(self.folders.run / "settings.json")

    @property
    def chosen_demo_data(self) -> str | None:
        """What `make reset DEMO_DATA=…` said, until the next reset."""
        file = self.folders.var / "demo-data"
        return file.read_text().strip() if file.is_file() else None

    def choose_demo_data(self, value: str | None) -> None:
        file = self.folders.var / "demo-data"
        file.write_text(value) if value else file.unlink(missing_ok=True)

    def check_ports(self) -> None:
        refuse_taken_ports(self.fleet.instances(), self.running, listening(our_processes(self.marks)))

    def check_settings(self) -> None:
        """Every service reads its settings as at its start; what is wrong with any of them is told at once."""
        programs = self.build.programs()
        firsts = [self.fleet.instances(service.name)[0] for service in SERVICES]
        refuse_wrong_settings({one.name: self.processes.start_file(one, programs[one.name]) for one in firsts})

    def start_data(self) -> None:
        """PostgreSQL and Redis, unless the person named their own."""
        if self.postgres is not None:
            self.postgres.create()
            user = database_user()
            self.supervisor.write(
                "postgres", self.postgres.command, directory="/", priority="1", autostart="true", stopsignal="INT",
                user=f"user = {user.pw_name}" if user else "")
        if self.redis is not None:
            self.redis.create()
            self.supervisor.write(
                "redis", self.redis.command, directory=str(self.redis.folder), priority="1", autostart="true")
        if not self.supervisor.is_running:
            self.supervisor.keep_only(set(self.stores))
            stop_strays(self.marks)
            self.supervisor.start()
        else:
            self.apply(only=set(self.stores))
        for store in self.stores.values():
            store.wait()
        if self.postgres is not None:
            self.postgres.prepare()

    @property
    def stores(self) -> dict[str, Postgres | Redis]:
        found = {"postgres": self.postgres, "redis": self.redis}
        return {name: store for name, store in found.items() if store is not None}

    def start_services(self, note) -> None:
        """New copies first and the gateway last, each waited for, so that no change refuses a request: beside an only copy
        a stand-in serves while that is replaced."""
        programs = self.build.programs()
        starts = {one.name: self.write_program(one, programs) for one in self.fleet.instances()}
        self.supervisor.keep_only(self.stores.keys() | starts.keys())
        if stand_ins := self.stand_ins(set(self.supervisor.changes().changed) & self.running):
            starts |= {one.name: self.write_program(one, programs) for one in stand_ins}
            names = {one.name for one in stand_ins}
            try:
                self.apply(note=note, only=names, stand_ins=stand_ins)
            except Refusal:
                self.supervisor.remove([name for name in names if name in self.known_names])
                raise  # what ran before goes on as it was
            self.supervisor.keep_only(self.stores.keys() | starts.keys() - names)
        self.apply(note=note)
        self.processes.forget_old_starts(set(starts.values()))
        self.build.forget_old(programs)

    @property
    def known_names(self) -> set[str]:
        return {process["name"] for process in self.supervisor.processes()}

    def stand_ins(self, replaced: set[str]) -> list[Instance]:
        found = [self.fleet.stand_in(service) for service in SERVICES if service.name in replaced]
        return [one for one in found if one is not None]

    def write_program(self, instance: Instance, programs: dict[str, Path]) -> Path:
        start = self.processes.start_file(instance, programs[instance.service.name])
        priority = "20" if instance.service.name == "gateway" else "10"
        self.supervisor.write(instance.name, str(start), priority=priority, grace=str(self.grace))
        return start

    @property
    def grace(self) -> int:
        return self.environment.number("SHUTDOWN_GRACE_SECONDS", 10) + 5

    def apply(self, only: set[str] | None = None, note=lambda progress: None, stand_ins: list[Instance] = ()) -> None:
        added, changed, removed = self.supervisor.changes()
        if only is not None:
            added, changed, removed = [n for n in added if n in only], [n for n in changed if n in only], []
        known = {instance.name: instance for instance in [*self.fleet.instances(), *stand_ins]}
        fresh = not (self.running - self.stores.keys())
        for name in added:
            self.supervisor.add(name)
        stopped = self.stopped(known)
        for name in stopped:
            self.supervisor.start_program(name)
        if not fresh:
            self.wait([known[name] for name in stopped], note)
        for wave in self.waves(changed, known):
            self.replace(wave, known, note)
        self.supervisor.remove(removed)

    def stopped(self, known: dict[str, Instance]) -> list[str]:
        """Services the supervisor knows and does not run: just added, given up on, or stopped by hand."""
        idle = ("STOPPED", "EXITED", "FATAL")
        return [p["name"] for p in self.supervisor.processes() if p["name"] in known and p["statename"] in idle]

    @staticmethod
    def waves(names: list[str], known: dict[str, Instance]) -> list[list[str]]:
        """Stores, then the first copy of every service, the second, …, gateways last: what has a copy never goes away."""
        def wave(name: str) -> tuple[bool, int]:
            instance = known.get(name)
            return (instance.service.name == "gateway", instance.number) if instance else (False, 0)

        return [list(group) for _, group in groupby(sorted(names, key=wave), key=wave)]

    def replace(self, names: list[str], known: dict[str, Instance], note) -> None:
        self.supervisor.remove(names)
        for name in names:
            self.supervisor.add(name)
        instances = [known[name] for name in names if name in known]
        for instance in instances:
            self.supervisor.start_program(instance.name)
        self.wait(instances, note)

    def wait(self, instances: list[Instance], note=lambda progress: None) -> None:
        seconds = self.environment.number("READY_SECONDS", 60)
        try:
            wait_until_ready(instances, self.supervisor, self.folders, seconds, note)
        except Refusal as refusal:
            raise Refusal("\n".join([str(refusal), *self.wrong_stores()])) from refusal

    def check_own_stores(self) -> None:
        """A PostgreSQL that the person named lets us in, or the reason is told before services would wait for it."""
        if self.postgres is None and (wrong := [line for line in self.wrong_stores() if line.startswith("PostgreSQL")]):
            raise Refusal("\n".join(wrong))

    def wrong_stores(self) -> list[str]:
        """What `praxis doctor` finds wrong with PostgreSQL and Redis."""
        programs = self.build.programs()
        if "praxis" not in programs:
            return []
        done = subprocess.run(
            [programs["praxis"], "doctor"], cwd=TOP, env=self.processes.of_the_operator(programs), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        found = [line.removeprefix("WRONG").strip() for line in done.stdout.splitlines() if line.startswith("WRONG")]
        return [line for line in found if line.startswith(("PostgreSQL", "Redis"))]

    def need_stores(self) -> None:
        if self.postgres is not None and not self.postgres.is_ready:
            raise Refusal("PostgreSQL does not run; `make up` starts it.")

    def stop_services(self) -> None:
        if self.supervisor.is_running:
            self.supervisor.remove([name for name in self.known_names if name not in self.stores])

    def run_on_database(self, tool: str, *arguments: str, **files) -> None:
        """pg_dump or pg_restore as whoever may do all, with `input` or `output` a file."""
        url = self.postgres.url("praxis", "postgres") if self.postgres else self.environment["DATABASE_URL"]
        if not url:
            raise Refusal("The database is not named by one URL here; give DATABASE_URL of a login that owns it.", code=78)
        done = subprocess.run(
            [tools() / tool, *arguments, "--dbname", url], stdin=files.get("input", subprocess.DEVNULL),
            stdout=files.get("output", subprocess.DEVNULL), stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise Refusal(f"{tool} ended with {done.returncode}:\n{done.stderr.strip()[-2000:]}")

    def down(self) -> bool:
        """Stops everything; true if anything ran."""
        ran = self.supervisor.is_running
        if ran:
            # All services at once, then the stores: the supervisor alone would wait for one after the other.
            self.supervisor.remove([name for name in self.running if name not in ("postgres", "redis")])
            self.supervisor.stop()
        strays = stop_strays(self.marks)
        if self.folders.has_sockets:
            shutil.rmtree(self.folders.sockets, ignore_errors=True)
        (self.folders.var / "sockets").unlink(missing_ok=True)
        return ran or strays > 0

    @property
    def marks(self) -> list[str]:
        """How a command line of ours begins, or which word it holds."""
        return [f"{self.folders.var}/bin/", f"-D {self.folders.postgres_data} ", f"--dir {self.folders.var}/redis "]

    def wipe(self) -> list[Path]:
        """Removes all data and what belongs to it; builds, packages and pages stay."""
        if self.supervisor.is_running:
            raise Refusal("Something still runs; `make down` stops it.")
        names = ("redis", "mail", "sms", "files", "secrets", "audit", "log", "run", "scale.json")
        paths = [self.folders.postgres_data, *(self.folders.var / name for name in names)]
        removed = [path for path in paths if path.exists()]
        for path in removed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (self.folders.var / "postgres").unlink(missing_ok=True)  # a link, where the data lay elsewhere
        return removed
