"""Transactions of an operator's that hold a service at a statement, and how to see that it waits there."""

import subprocess
from contextlib import contextmanager

from postgres import tools

from .house import House
from .stores import psql
from .waiting import until


@contextmanager
def holding(house: House, statement: str):
    """Keeps the locks that a statement takes until it is left; PostgreSQL ends it after a minute of silence."""
    command = [tools() / "psql", "--host", house.postgres.sockets, "--username=postgres", "--dbname", "praxis"]
    command += ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    session = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        session.stdin.write(f"begin;\n{statement};\n\\echo held\n")
        session.stdin.flush()
        assert any(line == "held\n" for line in session.stdout), "the lock was not had"
        yield
    finally:
        session.communicate("rollback;\n", timeout=20)


@contextmanager
def holding_commits(house: House):
    """Every commit is written, and waits for a standby that never comes before it is answered."""

    def configure(statement: str) -> None:
        psql(house, statement)
        psql(house, "select pg_reload_conf()")

    configure("alter system set synchronous_standby_names = 'nobody'")
    try:
        yield
    finally:
        configure("alter system reset synchronous_standby_names")


def until_waiting(house: House, service: str, statement: str = "", event: str = "Lock") -> None:
    """Until a connection of the service's waits for a lock, or another kind of event, at a statement with these words."""
    waiting = f"""select 1 from pg_stat_activity where usename = '{service}' and query ilike '%{statement}%'
        and '{event}' in (wait_event_type, wait_event)"""
    until(lambda: psql(house, waiting), 30, f"{service} waits at {statement or event}")


def until_disconnected(house: House, service: str) -> None:
    """Until PostgreSQL has ended what a killed service had begun."""
    left = f"select 1 from pg_stat_activity where usename = '{service}'"
    until(lambda: not psql(house, left), 30, f"the end of {service}'s connections")
