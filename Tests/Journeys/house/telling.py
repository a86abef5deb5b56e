"""Facts told as a service tells them: a row in its outbox, moved on by its relay."""

import datetime
import json
import secrets
import time
import uuid

from .house import House
from .stores import psql


def fresh_id() -> str:
    """UUIDv7."""
    number = int(time.time() * 1000) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=number))


def publish(house: House, kind: str, subject: str, data: dict, known_to: tuple[str, ...] = ()) -> str:
    """A fact, as `kind` (registry.hospital_approved.v1) is told by its service; gives its id. Services in `known_to` have
    handled it already."""
    source = kind.partition(".")[0]
    event, now = fresh_id(), datetime.datetime.now(datetime.timezone.utc)
    envelope = {
        "specversion": "1.0",
        "id": event,
        "source": source,
        "type": kind,
        "subject": subject,
        "time": now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "traceparent": None,
        "data": data,
    }
    known = [f"insert into {one}.handled (consumer, event_id) values ('{one}', '{event}')" for one in known_to]
    told = (
        f"insert into {source}.outbox (event_id, type, subject, envelope) values "
        f"('{event}', '{kind}', '{subject}', '{json.dumps(envelope)}')"
    )
    psql(house, "; ".join([*known, told]))
    return event


def tell(house: House, kind: str, account: str, **data: str) -> str:
    """One of identity's facts about an account; gives its id."""
    return publish(house, f"identity.{kind}.v1", account, {"account_id": account} | (data or {"role": "patient"}))
