"""Where webhooks point to: a receiver of a test's own, which checks signatures by PyPI's standardwebhooks."""

import json

from standardwebhooks.webhooks import Webhook

from .waiting import until
from .web_fakes import Fake


class Receiver(Fake):
    """Takes events, or answers with the next of `statuses` first."""

    def __init__(self, port: int, *statuses: int):
        self.statuses, self.secret = list(statuses), None
        super().__init__(port, self.take)

    def take(self, *_):
        return (self.statuses.pop(0) if self.statuses else 200), {}

    def hook(self, owner, **fields) -> dict:
        """The owner has events posted here."""
        made = owner.expect(201, "POST", "/api/webhooks", json={"url": f"{self.url}/events"} | fields).json()["data"]
        self.secret = made["secret"]
        return made

    def verified(self, secret: str | None = None) -> list[dict]:
        """All that came, each with a good signature, as `{id, timestamp, raw, type, data}`."""
        key, found = Webhook(secret or self.secret), []
        for _, _, headers, body in list(self.requests):
            said = {name.lower(): value for name, value in headers.items()}
            key.verify(body, said)
            found.append({"id": said["webhook-id"], "at": said["webhook-timestamp"], "raw": body} | json.loads(body))
        return found

    def wait_for(self, count: int, seconds: float = 30) -> list[dict]:
        until(lambda: len(self.requests) >= count, seconds, f"{count} events at the receiver")
        return self.verified()
