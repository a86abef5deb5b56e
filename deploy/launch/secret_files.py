"""Development secrets: made at the first start, readable by their owner alone, and given to a service as `NAME_FILE`.

All that can be derived is derived from one master secret, so that a second machine with the same `SECRET_KEY` speaks the
same language; the keys between services as `praxis keys issue` derives them. What guards stored data is random and
independent: it must outlive a change of the master.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from environment import Environment
from folders import Folders
from services import SERVICES, Service


class Secrets:
    def __init__(self, environment: Environment, folders: Folders):
        self.environment = environment
        self.folder = folders.var / "secrets"
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def files_for(self, service: Service) -> dict[str, str]:
        """The secrets of one process, as the environment names them."""
        found = {}
        if not self.environment.any_of("PRINCIPAL_KEYS", "PRINCIPAL_KEYS_FILE"):
            found["PRINCIPAL_KEYS_FILE"] = self.keep(f"principal-keys-{service.name}", self.principal_keys(service))
        if not self.environment.any_of("SECRET_KEY", "JWT_SECRET", "SECRET_KEY_FILE", "JWT_SECRET_FILE"):
            found["SECRET_KEY_FILE"] = self.keep(f"secret-key-{service.name}", self.derived(f"service {service.name}"))
        for name in service.secrets:
            if not self.environment.any_of(name, f"{name}_FILE"):
                found[f"{name}_FILE"] = self.once(f"{name.lower().replace('_', '-')}-{service.name}")
                found |= self.others(name, service)
        return found

    def others(self, name: str, service: Service) -> dict[str, str]:
        """Master keys that open beside one that is being changed, where the operator has put them."""
        path = self.folder / f"{name.lower().replace('_', '-')}-others-{service.name}"
        return {f"{name}_OTHERS_FILE": str(path)} if path.is_file() else {}

    def principal_keys(self, service: Service) -> str:
        """One line `from>to=key` for each directed pair that this process is a side of, and no other."""
        pairs = [(caller.name, callee) for caller in SERVICES for callee in caller.calls]
        return "\n".join(
            f"{caller}>{callee}={pair_key(self.master, caller, callee)}"
            for caller, callee in pairs if service.name in (caller, callee))

    def for_the_operator(self) -> dict[str, str]:
        """What `praxis keys issue` derives from; no service is given it."""
        own = self.environment.any_of("SECRET_KEY", "JWT_SECRET", "SECRET_KEY_FILE", "JWT_SECRET_FILE") is None
        path = self.once("master") if own else self.keep("operator-master", self.master.decode())
        return {"PRAXIS_MASTER_SECRET_FILE": path}

    def derived(self, purpose: str) -> str:
        return encoded(hmac.digest(self.master, f"praxis/v1 {purpose}".encode(), hashlib.sha256))

    @property
    def master(self) -> bytes:
        name = self.environment.any_of("SECRET_KEY", "JWT_SECRET", "SECRET_KEY_FILE", "JWT_SECRET_FILE")
        if name is None:
            return Path(self.once("master")).read_bytes()
        value = self.environment[name] or ""
        return Path(value).read_bytes().strip() if name.endswith("_FILE") else value.encode()

    def once(self, name: str) -> str:
        """A random 256-bit value that is written down at the first asking and never changes."""
        path = self.folder / name
        return str(path) if path.is_file() else self.keep(name, encoded(secrets.token_bytes(32)))

    def keep(self, name: str, value: str) -> str:
        path = self.folder / name
        if not path.is_file() or path.read_text() != value:
            partial = path.with_suffix(".partial")
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(value)
            partial.replace(path)
        return str(path)


def pair_key(master: bytes, caller: str, callee: str) -> str:
    """The key of a directed pair as Shared/Crypto/Keys/PairKey.swift derives it: HKDF-SHA256 (RFC 5869), one block."""
    fields = (("from", caller), ("to", callee))
    info = "".join(f"{len(name)}:{name}={len(value)}:{value}\n" for name, value in fields).encode()
    return encoded(hmac.digest(hmac.digest(b"praxis pair key 1", master, "sha256"), info + b"\x01", "sha256"))


def encoded(value: bytes) -> str:
    """base64url without padding, as JOSE writes keys."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
