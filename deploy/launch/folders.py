"""Where things lie: all state under one folder (`var/`), and a short folder for sockets outside it."""

import os
import pwd
import secrets
import stat
import tempfile
from pathlib import Path

from environment import TOP, Environment, Refusal


class Folders:
    def __init__(self, environment: Environment):
        self.var = (TOP / (environment["VAR_DIR"] or "var")).resolve()
        for name in ("log", "run", "bin", "mail", "sms"):
            make_writable(self.var / name, self.var)

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def sockets(self) -> Path:
        """A socket's path ends at 107 bytes and a checkout may lie deep, so sockets live in /tmp and `var` remembers."""
        link = self.var / "sockets"
        if not self.has_sockets:
            made = Path(tempfile.mkdtemp(prefix="praxis-", dir="/tmp"))
            made.chmod(0o711)  # entered by PostgreSQL's user as well; each socket in it has its own guard
            link.unlink(missing_ok=True)
            link.symlink_to(made)
        return link.resolve()

    @property
    def has_sockets(self) -> bool:
        link = self.var / "sockets"
        return link.is_symlink() and is_mine(link.resolve())

    @property
    def postgres_sockets(self) -> Path:
        """The cluster trusts who can reach its socket, so this folder lets in its user (and root) alone."""
        return private_folder(self.sockets / "pg", database_user())

    @property
    def postgres_data(self) -> Path:
        """Under `var`; but in its own home when PostgreSQL's user cannot pass the folders above (a checkout in /root)."""
        user, here = database_user(), self.var / "postgres"
        if here.is_symlink() or user is None or passable_by_others(self.var):
            return here.resolve()
        # A new name each time: data must not outlive the secrets under `var` that its rows are sealed with.
        here.symlink_to(Path(user.pw_dir) / f"praxis-{secrets.token_hex(6)}")
        return here.resolve()


def database_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then, and only then, it runs as Debian's `postgres`."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def make_writable(folder: Path, var: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = None if os.access(folder, os.W_OK | os.X_OK) else "Permission denied"
    except OSError as error:
        reason = error.strerror
    if reason is not None:
        owner = f" It belongs to {owner_of(var)}." if var.exists() and not is_mine(var) else ""
        raise Refusal(
            f"{folder} cannot be written: {reason}.{owner}\nGive {var} to this user (sudo chown -R $USER {var}), or name "
            "another folder: VAR_DIR=…", code=73)


def owner_of(folder: Path) -> str:
    try:
        return pwd.getpwuid(folder.stat().st_uid).pw_name
    except KeyError:
        return f"the user {folder.stat().st_uid}"


def is_mine(folder: Path) -> bool:
    return folder.is_dir() and folder.stat().st_uid == os.geteuid()


def private_folder(folder: Path, user: pwd.struct_passwd | None) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None and folder.stat().st_uid != user.pw_uid:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def passable_by_others(folder: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents))
