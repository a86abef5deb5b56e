"""A mail server that takes mail, puts it off, refuses it, hangs or is away, as a test says."""

import asyncio
import email
import email.policy
import ssl
import threading
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class MailServer:
    """Keeps its port, so that it can go away and come back."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None):
        self.port, self.tls, self.login = port, tls, login
        self.taken: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, str] = {}  # to RCPT, by address
        self.hangs = threading.Event()  # after the last dot, before the 250
        self.logins: list[bool] = []
        self.controller: Controller | None = None

    # What aiosmtpd asks.
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken += [(address, message) for address in envelope.rcpt_tos]
        while self.hangs.is_set():
            await asyncio.sleep(0.05)
        return "250 taken"

    def authenticate(self, server, session, envelope, mechanism, data) -> AuthResult:
        is_known = (data.login.decode(), data.password.decode()) == self.login
        self.logins.append(is_known)
        return AuthResult(success=is_known, handled=is_known)

    def start(self) -> "MailServer":
        more = {}
        if self.tls:
            more |= {"tls_context": self.tls, "require_starttls": True}
        if self.login:
            more |= {"authenticator": self.authenticate, "auth_required": True}
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **more)
        self.controller.start()
        return self

    def stop(self) -> None:
        self.hangs.clear()
        if self.controller:
            self.controller.stop(no_assert=True)
            self.controller = None

    def to(self, address: str) -> list[EmailMessage]:
        return [message for to, message in self.taken if to.lower() == address.lower()]


def by(server: MailServer) -> dict[str, str]:
    """The settings of a notifier that sends by this server."""
    return {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(server.port),
        "DEFAULT_FROM_EMAIL": "Praxis <no-reply@praxis.example>",
    }
