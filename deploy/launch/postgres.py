"""A PostgreSQL cluster of our own: made under `var/`, reached by a unix socket, never the machine's."""

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from environment import TOP, Environment, Refusal
from folders import Folders, database_user, private_folder
from services import SERVICES, Service

# Failed statements would put their values into the server's log, and those are about patients: hence the two log lines.
SETTINGS = {
    "cluster_name": "praxis", "max_connections": "200", "shared_buffers": "128MB", "timezone": "UTC",
    "log_timezone": "UTC", "log_error_verbosity": "terse", "log_min_error_statement": "panic",
    "log_connections": "on", "idle_in_transaction_session_timeout": "60s", "unix_socket_permissions": "0700",
}
# A test's database is thrown away, so nothing waits for the disk.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "log_connections": "off",
             "deadlock_timeout": "100ms"}


def tools() -> Path:
    """Debian keeps the server's programs out of PATH, one folder per version; the newest one counts."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not found:
        raise Refusal("PostgreSQL's programs are not at /usr/lib/postgresql. Run deploy/install first.")
    return max(found, key=lambda folder: int(folder.parent.name))


class Postgres:
    def __init__(self, data: Path, sockets: Path, tcp_port: int | None = None, forgetful: bool = False):
        self.data, self.sockets, self.tcp_port, self.forgetful = data, sockets, tcp_port, forgetful

    @staticmethod
    def private(environment: Environment, folders: Folders) -> "Postgres":
        port = environment.number("PRAXIS_POSTGRES_PORT", 0)
        return Postgres(folders.postgres_data, folders.postgres_sockets, tcp_port=port or None)

    def create(self) -> None:
        """Makes the cluster unless it is there; a half-made one never gets the final name."""
        if (self.data / "PG_VERSION").is_file():
            return
        partial = self.data.with_name(self.data.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        private_folder(partial, database_user())
        done = subprocess.run(
            [tools() / "initdb", "--pgdata", partial, "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8",
             "--data-checksums", "--auth-local=trust", "--auth-host=scram-sha-256",
             *(["--no-sync"] if self.forgetful else [])],
            capture_output=True, text=True, cwd="/", **as_database_user())
        if done.returncode != 0:
            raise Refusal(f"initdb could not make a cluster in {self.data}:\n{done.stderr.strip()}")
        partial.rename(self.data)

    @property
    def arguments(self) -> list[str]:
        settings = SETTINGS | (FORGETFUL if self.forgetful else {}) | {
            "listen_addresses": "127.0.0.1" if self.tcp_port else "", "port": str(self.tcp_port or 5432),
            "unix_socket_directories": str(self.sockets)}
        return [str(tools() / "postgres"), "-D", str(self.data)] + [f"--{name}={value}" for name, value in settings.items()]

    @property
    def command(self) -> str:
        return shlex.join(self.arguments)

    def url(self, database: str, user: str) -> str:
        """A connection URI as libpq reads it."""
        return f"postgresql:///{database}?host={quote(str(self.sockets))}&port={self.tcp_port or 5432}&user={user}"

    @property
    def is_ready(self) -> bool:
        return self.run_tool("pg_isready", "--quiet").returncode == 0

    def wait(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not self.is_ready:
            if time.monotonic() > until:
                raise Refusal(f"PostgreSQL did not start within {seconds:.0f} s; its log says why (make logs service=postgres).")
            time.sleep(0.05)

    def prepare(self) -> None:
        """Database, roles, schemas and extensions; repeating it changes nothing."""
        names = ",".join(service.name for service in SERVICES if service.database)
        for database, script in (("postgres", "cluster.sql"), ("praxis", "database.sql")):
            done = self.run_tool(
                "psql", "--dbname", database, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--set=services={names}",
                "--file", str(TOP / "deploy/postgres" / script))
            if done.returncode != 0:
                raise Refusal(f"deploy/postgres/{script} failed:\n{done.stderr.strip()}")

    def run_tool(self, name: str, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [tools() / name, "--host", self.sockets, "--port", str(self.tcp_port or 5432), "--username=postgres", *arguments],
            capture_output=True, text=True, env={"PATH": os.environ["PATH"], "PGOPTIONS": "-c client_min_messages=warning"})


def database_urls(environment: Environment, postgres: Postgres | None, service: Service) -> dict[str, str]:
    """Where a service finds its tables: a login that owns its schema and steps down to `registry_service` to work."""
    variable = f"{service.name.upper()}_DATABASE_URL"
    if postgres is None or not service.database or environment[variable]:
        return {}
    return {variable: postgres.url("praxis", service.name)}


def as_database_user() -> dict:
    """Arguments for `subprocess` that step down from root; empty for an ordinary user."""
    user = database_user()
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
