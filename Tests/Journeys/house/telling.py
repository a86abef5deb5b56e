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


def tell(house: House, kind: str, account: str, **data: str) -> str:
    """One of identity's facts about an account; gives its id."""
    event, now = fresh_id(), datetime.datetime.now(datetime.timezone.utc)
    envelope = {
        "specversion": "1.0",
        "id": event,
        "source": "identity",
        "type": f"identity.{kind}.v1",
        "subject": account,
        "time": now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "traceparent": None,
        "data": {"account_id": account} | (data or {"role": "patient"}),
    }
    psql(
        house,
        "insert into identity.outbox (event_id, type, subject, envelope) values "
        f"('{event}', '{envelope['type']}', '{account}', '{json.dumps(envelope)}')",
    )
    return event
