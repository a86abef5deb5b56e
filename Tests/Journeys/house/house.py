"""The whole house: both stores and all services, as `make up` would configure them, in one temporary folder."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from environment import Environment
from folders import Folders, database_user
from postgres import Postgres, as_database_user
from processes import Processes
from redis import Redis
from secret_files import Secrets
from services import SERVICES, Fleet, Instance

from . import TOP
from .child import Child
from .ports import FreePorts
from .services import ServiceProcess
from .waiting import until

BUILD = os.environ.get("PRAXIS_BUILD", "debug")
BINARIES = Path(os.environ.get("PRAXIS_TEST_BINARIES") or TOP / ".build" / BUILD)
COPIES = {"identity": 2, "registry": 2, "scheduling": 2}
# Limits are the subject of one file, which starts a gateway of its own; everywhere else they would only be in the way.
CLASSES = ("REGISTRATION", "LOGIN", "ANONYMOUS", "AUTHENTICATED", "RESEND", "OTP", "STREAMS")
UNLIMITED = {f"RATE_LIMIT_{name}": "1000000/1h" for name in CLASSES}
# Gateways count by address, of which there is one here; identity counts by email and records by doctor and patient, of
# which everybody has their own.
BY_PERSON = {"identity": {"RATE_LIMIT_RESEND": "3/1h"}, "records": {"RATE_LIMIT_OTP": "3/15m"}}


class House:
    def __init__(self, copies: dict[str, int] = COPIES, name: str = "journeys", **more: str):
        self.copies, self.more = copies, more
        self.folder = Path(tempfile.mkdtemp(prefix=f"praxis-{name}-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.ports = FreePorts()
        self.environment = Environment(self.settings(), dotenv=Path(os.devnull))
        self.folders = Folders(self.environment)
        self.fleet = Fleet(self.environment, self.folders)
        self.fleet.rescale(copies)
        self.postgres = Postgres.private(self.environment, self.folders)
        self.redis = Redis(self.folders.var / "redis", self.folders.sockets)
        secrets = Secrets(self.environment, self.folders)
        self.processes = Processes(self.environment, self.folders, self.fleet, secrets, self.postgres, self.redis)
        self.stores = {
            "postgres": self.child("postgres", self.postgres.arguments, polite=signal.SIGINT, **as_database_user()),
            "redis": self.child("redis", self.redis.arguments),
        }
        self.services = {instance.name: self.service(instance) for instance in self.fleet.instances()}
        if copies is COPIES:
            self.add_gateway("gateway-2")

    def settings(self) -> dict[str, str]:
        ports = {}
        for service in SERVICES:
            upper = service.name.upper()
            steps = [10 * copy for copy in range(1, self.copies.get(service.name, 1))]
            ports |= {f"{upper}_PORT": str(self.ports.take(*steps)), f"{upper}_OPS_PORT": str(self.ports.take(*steps))}
        shell = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        return (
            shell
            | ports
            | UNLIMITED
            | {
                "VAR_DIR": str(self.folder / "var"),
                "BCRYPT_SALT_ROUNDS": "4",
                "LOG_FORMAT": "json",
                "GATEWAY_REPLICAS": "2",
                "SHUTDOWN_GRACE_SECONDS": "10",
                # Receivers of webhooks are on this machine; test_7_webhooks takes it back.
                "WEBHOOK_ALLOW_PRIVATE": "true",
            }
            | self.more
        )

    def child(self, name: str, arguments: list, **options) -> Child:
        return Child(name, arguments, self.folders.log / f"{name}.log", {"PATH": os.environ["PATH"]}, **options)

    def service(self, instance: Instance, **settings: str) -> ServiceProcess:
        by_person = BY_PERSON.get(instance.service.name, {})
        environment = self.processes.of(instance) | by_person | settings
        program = BINARIES / instance.service.name
        return ServiceProcess(instance, program, environment, self.folders.log / f"{instance.name}.log")

    def add_gateway(self, name: str, **settings: str) -> ServiceProcess:
        """One more gateway with a port of its own, known under `name`, not yet started."""
        return self.add_copy("gateway", name, **settings)

    def add_copy(self, of: str, name: str, **settings: str) -> ServiceProcess:
        """One more process of a service, which others do not know of: it does what is done by events and the clock."""

        class Named(Instance):
            name = property(lambda _: name)

        service = next(service for service in SERVICES if service.name == of)
        instance = Named(service, len(self.services), self.ports.take(), self.ports.take())
        ports = {f"{of.upper()}_PORT": str(instance.port), f"{of.upper()}_OPS_PORT": str(instance.ops_port)}
        self.services[name] = self.service(instance, **ports, **settings)
        return self.services[name]

    def start(self) -> None:
        self.postgres.create()
        self.redis.create()
        for store in self.stores.values():
            store.start()
        self.postgres.wait()
        self.redis.wait()
        self.postgres.prepare()
        self.start_services()

    def start_services(self) -> None:
        waiting = [service for service in self.services.values() if not service.is_alive]
        for service in waiting:
            service.start()
        for service in waiting:
            service.wait()

    @property
    def all_children(self) -> list[Child]:
        return [*self.services.values(), *self.stores.values()]

    def stop(self) -> None:
        """Everything, politely, then what is left; nothing stays behind."""
        for group in (self.services.values(), self.stores.values()):
            for child in group:
                child.ask_to_stop()
            for child in group:
                if child.process is not None:
                    child.end(child.polite, 25)
        shutil.rmtree(self.folders.sockets, ignore_errors=True)
        if os.environ.get("PRAXIS_KEEP"):
            print(f"\nkept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def restart_store(self, name: str) -> None:
        """As a supervisor would: PostgreSQL refuses while a child of the killed one still lives."""
        store, server = self.stores[name], self.postgres if name == "postgres" else self.redis

        def is_back() -> bool:
            if not store.is_alive:
                store.start()
            return server.is_ready

        until(is_back, 30, f"the return of {name}")

    @property
    def mail_folder(self) -> Path:
        return self.folders.var / "mail"

    @property
    def database_owner(self):
        return database_user()
