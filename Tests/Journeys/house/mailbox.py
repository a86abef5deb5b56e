"""The folder in which development keeps its mail."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path


class Mailbox:
    """Each mail is read once: a kept file is whole under its name from the beginning, and never changed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.read: dict[str, tuple[str, EmailMessage]] = {}  # by file: to whom, in lower case

    def _all(self) -> list[tuple[str, EmailMessage]]:
        paths = {path.name: path for path in self.folder.glob("*.eml")}
        for name in paths.keys() - self.read.keys():
            message = email.message_from_bytes(paths[name].read_bytes(), policy=email.policy.default)
            self.read[name] = str(message["To"]).lower(), message
        return [self.read[name] for name in paths]

    def messages(self) -> list[EmailMessage]:
        return [message for _, message in self._all()]

    def to(self, address: str) -> list[EmailMessage]:
        return [message for to, message in self._all() if address.lower() in to]
