"""The six: where each listens, whom it may call, and which secrets it needs. The launcher's only list of them."""

import json
import re
from dataclasses import dataclass
from functools import cached_property

from environment import Environment, Refusal
from folders import Folders

MOST_INSTANCES = 9  # the ports of instance n are the service's own plus 10 (n - 1)


@dataclass(frozen=True)
class Service:
    name: str
    port: int
    ops_port: int
    calls: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    database: bool = True


SERVICES = (
    Service("identity", 8101, 9101, ("registry", "scheduling", "records", "notifier"),
            ("PASSWORD_PEPPER", "SIGNING_KEY_ENCRYPTION_KEY", "DATA_ENCRYPTION_KEY")),
    Service("registry", 8102, 9102, ("identity", "scheduling"), ("DATA_ENCRYPTION_KEY",)),
    Service("scheduling", 8103, 9103, ("identity", "registry", "notifier"), ("DATA_ENCRYPTION_KEY",)),
    Service("records", 8104, 9104, ("identity", "registry", "scheduling"), ("DATA_ENCRYPTION_KEY",)),
    Service("notifier", 8105, 9105, ("identity", "registry", "scheduling", "records"), ("DATA_ENCRYPTION_KEY",)),
    Service("gateway", 8000, 9000, ("identity", "registry", "scheduling", "records", "notifier"), database=False),
)
NAMES = tuple(service.name for service in SERVICES)


@dataclass(frozen=True)
class Instance:
    """One process: a service, which of its copies, and the two ports it listens on."""

    service: Service
    number: int
    port: int
    ops_port: int

    @property
    def name(self) -> str:
        return self.service.name if self.number == 1 else f"{self.service.name}-{self.number}"

    @property
    def ready_url(self) -> str:
        return f"http://127.0.0.1:{self.ops_port}/readyz"


class Fleet:
    """All processes that should run, by the settings and by what `make scale` left behind."""

    def __init__(self, environment: Environment, folders: Folders):
        self.environment = environment
        self.scale_file = folders.var / "scale.json"

    @cached_property
    def scale(self) -> dict[str, int]:
        return json.loads(self.scale_file.read_text()) if self.scale_file.is_file() else {}

    def rescale(self, wishes: dict[str, int]) -> None:
        for name, count in wishes.items():
            if name not in NAMES:
                raise Refusal(f"There is no service {name!r}. The six are {', '.join(NAMES)}.")
            if not 1 <= count <= MOST_INSTANCES:
                raise Refusal(f"{name}={count}: between 1 and {MOST_INSTANCES} processes of a service can run here.")
        self.scale_file.write_text(json.dumps(self.scale | wishes))
        del self.scale

    def instances(self, *names: str) -> list[Instance]:
        return [
            self.instance(service, number)
            for service in SERVICES if not names or service.name in names
            for number in range(1, self.scale.get(service.name, 1) + 1)
        ]

    def instance(self, service: Service, number: int) -> Instance:
        """Copies of the gateway, and a stand-in, share a port (the kernel spreads connections); all else has its own."""
        upper, step = service.name.upper(), 10 * (number - 1)
        port = self.environment.port(f"{upper}_PORT", service.port)
        ops_port = self.environment.port(f"{upper}_OPS_PORT", service.ops_port)
        is_shared = service.name == "gateway" or number > MOST_INSTANCES
        return Instance(service, number, port if is_shared else port + step, ops_port + step)

    def stand_in(self, service: Service) -> Instance | None:
        """Beside the only copy while that is replaced, at the same port; none where there are several copies."""
        return None if self.scale.get(service.name, 1) > 1 else self.instance(service, MOST_INSTANCES + 1)

    def named(self, name: str) -> Instance | None:
        """The process of that name, whether or not it should run now; None for a store."""
        known = [self.stand_in(service) for service in SERVICES]
        return next((one for one in [*self.instances(), *known] if one is not None and one.name == name), None)

    def pinned(self) -> list[str]:
        """A sentence for each service whose copies its callers are not told of, since the person set its address."""
        found = []
        for service in SERVICES:
            variable, count = f"{service.name.upper()}_URL", self.scale.get(service.name, 1)
            urls = [url for url in re.split(r"[,\s]+", self.environment[variable] or "") if url]
            if service.name != "gateway" and urls and count > 1 and len(urls) < count:
                found.append(
                    f"{variable} is set, so callers know {len(urls)} of {count} copies of {service.name}: "
                    f"unset it, or make it {self.urls(service.name)}")
        return found

    def urls(self, name: str) -> str:
        """The upstream list of a service, as its callers read it from `REGISTRY_URL` and the like."""
        return ",".join(f"http://127.0.0.1:{instance.port}" for instance in self.instances(name))

    @property
    def gateway_url(self) -> str:
        scheme = "https" if self.environment["TLS_CERTIFICATE_FILE"] else "http"
        return f"{scheme}://localhost:{self.instances('gateway')[0].port}"
