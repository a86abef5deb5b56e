"""The folder in which development keeps its mail."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path


class Mailbox:
    def __init__(self, folder: Path):
        self.folder = folder

    def messages(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in self.folder.glob("*.eml")
        ]

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages() if address.lower() in str(message["To"]).lower()]
