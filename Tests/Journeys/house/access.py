"""Who may call what on whose: cells, and what each is answered by what the endpoint declares."""

import re
from dataclasses import dataclass

import httpx

from .examples import Operation
from .people import Client
from .tenants import Tenant

UNKNOWN = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"
ROLES = ("anonymous", "patient", "doctor", "hospital", "admin", "provider", "staff")
LET_IN = "let in"
PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True, eq=False)
class Cell:
    operation: Operation
    role: str
    whose: str | None  # own, other or absent, of the last id in the path
    ids: tuple[tuple[str, str], ...] = ()

    @property
    def is_open_to_role(self) -> bool:
        """A provider is a doctor without a hospital."""
        roles = self.operation.roles
        return self.role != "anonymous" and (not roles or ("doctor" if self.role == "provider" else self.role) in roles)

    def expected(self, exceptions: dict) -> int | str:
        operation = self.operation
        if not operation.is_open and self.role == "anonymous":
            return 401
        if not operation.is_open and not self.is_open_to_role:
            return 403
        for role in (self.role, "*"):
            if (key := (operation.name, role, self.whose)) in exceptions:
                return exceptions[key]
        # What is for administrators by name is so of all tenants.
        is_for_all = operation.is_open or self.role == "admin" and "admin" in operation.roles
        return 404 if self.whose == "absent" or self.whose == "other" and not is_for_all else LET_IN

    def send(self, clients: dict[str, Client], bodies: dict) -> httpx.Response:
        return self.operation.send(clients[self.role], bodies.get(self.operation.name, {}) | dict(self.ids))

    def wrong(self, expected: int | str, answer: httpx.Response) -> str | None:
        if answer.status_code == expected or expected == LET_IN and self.is_let_in(answer):
            return None
        name = f"{self.operation.name} by {self.role} on {self.whose or '-'}"
        return f"{name}: {answer.status_code} and not {expected}: {answer.text[:160]}"

    def is_let_in(self, answer: httpx.Response) -> bool:
        """Whatever is wrong with the request then, it is neither the caller nor whose it is."""
        status = answer.status_code
        code = answer.json().get("code") if status >= 400 else None
        # Where nobody has to be signed in, a token that is refused is one in the body.
        refused = {"not_authenticated", "forbidden"} | (set() if self.operation.is_open else {"invalid_token"})
        return status < 500 and code not in refused and not (self.whose and status == 404)


def cells(operations: list[Operation], mine: Tenant, others: Tenant) -> list[Cell]:
    found = []
    for operation in operations:
        names = PARAMETER.findall(operation.path)
        own, other = (tenant.own(operation.method, operation.path) if names else {} for tenant in (mine, others))
        for role in ROLES:
            ids_by_owner = whose_ids(names, own, other, role) if names else {None: {}}
            found += [Cell(operation, role, whose, tuple(ids.items())) for whose, ids in ids_by_owner.items()]
    return found


def whose_ids(names: list[str], own: dict, other: dict, role: str) -> dict[str, dict[str, str]]:
    """The ids of a path, where there are such."""

    def named(value) -> dict[str, str]:
        return value if isinstance(value, dict) else {names[-1]: value}

    mine = own.get(role)
    theirs = [value for whose, value in other.items() if whose != "admin"] or list(other.values())
    found = {"absent": named(mine or UNKNOWN) | {names[-1]: UNKNOWN}}
    found["absent"] = {name: found["absent"].get(name, UNKNOWN) for name in names}
    if mine:
        found["own"] = named(mine)
    if theirs:
        found["other"] = named(other.get(role) if role in other and role != "admin" else theirs[0])
    return found
