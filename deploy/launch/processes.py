"""How each process is started: a file that anyone can read, and run by hand, with its whole environment in it."""

import hashlib
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from environment import TOP, Environment
from folders import Folders
from postgres import Postgres, database_urls
from redis import Redis
from secret_files import Secrets
from services import SERVICES, Fleet, Instance

FROM_THE_SHELL = ("PATH", "HOME", "LANG", "TZ", "LD_LIBRARY_PATH")


@dataclass
class Processes:
    environment: Environment
    folders: Folders
    fleet: Fleet
    secrets: Secrets
    postgres: Postgres | None  # none where the person named a database
    redis: Redis | None

    def common(self) -> dict[str, str]:
        """What all processes are told, the person's own settings winning over ours."""
        ours = {
            "PRAXIS_ENV": "development",
            "MIGRATE_ON_START": "true",
            "MAIL_FOLDER": str(self.folders.var / "mail"),
            "SMS_FOLDER": str(self.folders.var / "sms"),
            "FILES_FOLDER": str(self.folders.var / "files"),
            "AUDIT_CHECKPOINT_FOLDER": str(self.folders.var / "audit"),
            "STATIC_DIR": str(TOP / "var/static"),  # where deploy/install put the pages of /docs
            # A trap's report would print memory, and with it the request that was being read.
            "SWIFT_BACKTRACE": "enable=no",
        }
        if self.environment.is_development:
            ours["FRONTEND_URL"] = self.fleet.gateway_url
        if self.redis is not None:
            ours["REDIS_URL"] = self.redis.url
        shell = {name: os.environ[name] for name in FROM_THE_SHELL if name in os.environ}
        return shell | ours | self.environment.passed_on() | {"VAR_DIR": str(self.folders.var)}

    def of(self, instance: Instance) -> dict[str, str]:
        service, upper = instance.service, instance.service.name.upper()
        upstreams = {
            f"{name.upper()}_URL": self.fleet.urls(name) for name in service.calls
            if not self.environment[f"{name.upper()}_URL"]}
        return (
            self.common() | upstreams | self.secrets.files_for(service)
            | database_urls(self.environment, self.postgres, service)
            | {
                "SERVICE_NAME": service.name,
                "PRAXIS_INSTANCE": instance.name,
                f"{upper}_PORT": str(instance.port),
                f"{upper}_OPS_PORT": str(instance.ops_port),
            })

    def of_the_operator(self, programs: dict[str, Path]) -> dict[str, str]:
        """For `praxis`, the command line: every address and database, and each service's program in its own environment."""
        found = self.common() | {"GATEWAY_URL": self.fleet.gateway_url} | self.secrets.for_the_operator()
        for service in SERVICES:
            upper, first = service.name.upper(), self.fleet.instances(service.name)[0]
            found |= database_urls(self.environment, self.postgres, service)
            found |= {f"{upper}_OPS_PORT": str(first.ops_port)}
            found |= {f"{upper}_PROGRAM": str(self.start_file(first, programs[service.name]))}
        return found | self.environment.of_the_operator()

    def start_file(self, instance: Instance, program: Path) -> Path:
        """The file's name holds its digest, so that a changed setting or secret is a changed program to the supervisor."""
        settings = sorted(self.of(instance).items())
        secrets = [Path(value).read_bytes() for name, value in settings if name.endswith("_FILE") and Path(value).is_file()]
        environment = "".join(f" \\\n  {name}={shlex.quote(value)}" for name, value in settings)
        digest = hashlib.sha256(b"\n".join(secrets)).hexdigest()[:12]
        text = f"#!/bin/sh\n# secrets {digest}\nexec /usr/bin/env -i{environment} \\\n  {shlex.quote(str(program))} \"$@\"\n"
        path = self.folders.run / f"{instance.name}.{hashlib.sha256(text.encode()).hexdigest()[:12]}.start"
        if not path.exists():
            path.touch(0o700)
            path.write_text(text)
        return path

    def forget_old_starts(self, kept: set[Path]) -> None:
        for path in self.folders.run.glob("*.start"):
            if path not in kept:
                path.unlink()
