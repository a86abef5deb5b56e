"""What is measured: the server alone, the gateway as a proxy, whole requests, and processes at rest."""

import os
import re
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import cost
import growth as growth_requests
import nginx
import records as records_requests
import registry as registry_requests
import scheduling as scheduling_requests
import soak as soak_requests
from cost import ASKER_CORE, SERVER_CORE, Side, interleave, pin, resident
from table import Table, ratio

from house.house import BINARIES, House
from house.people import register
from house.ports import FreePorts
from house.waiting import until

import httpx

# Goals of the ground floor, and what a noisy machine is forgiven.
LEAST_RATIO, MOST_MEGABYTES, MOST_SECONDS = 1.0, 40, 1.0
FORGIVEN = float(os.environ.get("FORGIVEN", "0.05"))
UNLIMITED = {f"RATE_LIMIT_{name}": "1000000000/1h" for name in ("REGISTRATION", "LOGIN", "ANONYMOUS", "AUTHENTICATED")}
UNLIMITED["PATIENT_QUOTA_MB"] = "1000000"
# A token is asked with until its subject is measured.
UNLIMITED["JWT_ACCESS_TOKEN_LIFETIME_MINUTES"] = "1440"


def run(wanted: list[str], minutes: dict[str, int], stack: ExitStack, table: Table) -> None:
    """- minutes: those of subjects that were given a number of them."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="praxis-bench-")))
    folder.chmod(0o755)
    if "bare" in wanted:
        with ExitStack() as own:
            bare(folder, own, table)
    if set(IN_HOUSE) & set(wanted):
        house = stack.enter_context(whole_house(folder, table, wanted))
        for name in wanted:
            if name in IN_HOUSE and name != "idle":
                ALL[name](house, table, *([minutes[name]] if name in minutes else []))


def bare(folder: Path, stack: ExitStack, table: Table) -> None:
    ports = FreePorts()
    port = ports.take()
    reference = stack.enter_context(nginx.fixed(folder / "bare", ports.take(), SERVER_CORE))
    server = stack.enter_context(process([BINARIES / "BareServer", str(port)]))
    own = Side("Praxis", f"http://127.0.0.1:{port}/", {"server": lambda: server.pid})
    until(lambda: httpx.get(own.url, trust_env=False).status_code == 200, 10, "the server")
    pin(server.pid, SERVER_CORE)
    other = Side("nginx return 200", reference.url, {"nginx": reference.pid})
    interleave(other, own)
    table.title("The HTTP server alone: 156 bytes of JSON")
    table.sides(other, own, reference=other)
    judge(table, other, own)


def judge(table: Table, reference: Side, own: Side) -> None:
    found = ratio(reference, own)
    table.goal(f"at least {LEAST_RATIO:.1f} × (within {FORGIVEN:.0%})", found >= LEAST_RATIO - FORGIVEN)


@contextmanager
def process(arguments: list):
    started = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(10)


@contextmanager
def whole_house(folder: Path, table: Table, wanted: list[str]):
    house = House(copies={}, name="figures", EVENT_LOOPS="1", GATEWAY_REPLICAS="1", **UNLIMITED)
    with ExitStack() as stack:
        stack.callback(house.stop)
        if "proxy" in wanted:
            # The stub shares wrk's core: what it spends is nobody's.
            house.stub = house.ports.take()
            stub = stack.enter_context(nginx.fixed(folder / "stub", house.ports.take(), ASKER_CORE, kept=1_000_000))
            house.reference = stack.enter_context(
                nginx.proxy(folder / "proxy", house.ports.take(), SERVER_CORE, int(stub.url.rsplit(":")[-1].strip("/"))))
            registry = {"REGISTRY_URL": stub.url.rstrip("/")}
            house.add_gateway("counting-alone", **registry, REDIS_URL=f"unix://{folder}/nobody.sock")
            house.add_gateway("counting-together", **registry)
        start(house)
        if "idle" in wanted:
            idle(house, table)
        for child in house.all_children:
            pin(child.pid, SERVER_CORE)
        yield house


def start(house: House) -> None:
    """One service after the other: their start is measured, and they would be in each other's way."""
    house.postgres.create()
    house.redis.create()
    for store in house.stores.values():
        store.start()
    house.postgres.wait()
    house.redis.wait()
    house.postgres.prepare()
    house.first = {}
    for name, service in house.services.items():
        service.start()
        house.first[name] = service.wait()


def idle(house: House, table: Table) -> None:
    """Started again, as after a deployment: the tables are there, nobody has asked for anything."""
    table.title("At rest, right after the start (one loop)")
    names = [name for name in house.services if not name.startswith("counting")]
    for name in names:
        house.services[name].stop()
    seconds = {}
    for name in names:
        house.services[name].start()
        seconds[name] = house.services[name].wait()
    time.sleep(2)
    megabytes = {name: resident(house.services[name].pid) for name in names}
    for name in names:
        table.line(f"{name:<12} ready after {seconds[name]:.2f} s (at the first start {house.first[name]:.2f} s)   "
                   f"{megabytes[name]:5.1f} MB")
    table.goal(f"each under {MOST_MEGABYTES} MB", max(megabytes.values()) < MOST_MEGABYTES)
    table.goal(f"each ready within {MOST_SECONDS:.0f} s", max(seconds.values()) < MOST_SECONDS)


def proxy(house: House, table: Table) -> None:
    person = register(house.services["gateway"].url)
    headers = {"Authorization": person.headers["Authorization"]}
    path = "/api/patients/0190f5a2-7a3b-7c11-8a52-0123456789ab"
    page = headers | {"Origin": "http://localhost:3000"}
    post = Path(__file__).with_name("post.lua")
    pin(house.stores["redis"].pid, ASKER_CORE)
    sides = [Side("nginx proxy_pass", house.reference.url.rstrip("/") + path, {"nginx": house.reference.pid}, headers)]
    for name, words in (("counting-alone", "Praxis, counting alone"), ("counting-together", "Praxis, counting in Redis")):
        gateway = house.services[name]
        sides.append(Side(words, gateway.url + path, {"gateway": pid_of(gateway)}, headers))
    together = house.services["counting-together"]
    stub, gateway = {"nginx": house.reference.pid}, {"gateway": pid_of(together)}
    others = [
        Side("nginx, a POST of 1 kB", house.reference.url.rstrip("/") + "/api/patients", stub, headers, script=post),
        Side("Praxis, a POST of 1 kB, in Redis", together.url + "/api/patients", gateway, headers, script=post),
        Side("Praxis, a page's GET, in Redis", together.url + path, gateway, page),
    ]
    redis = house.stores["redis"]
    before, asked = sum(cost.spent(redis.pid)), counted(house)
    interleave(*sides, *others)
    each = (sum(cost.spent(redis.pid)) - before) / max(counted(house) - asked, 1)
    pin(redis.pid, SERVER_CORE)
    table.title("The gateway before a stub: token verified, request counted, principal signed")
    table.sides(*sides, reference=sides[0])
    table.sides(*others)
    table.line(f"Redis itself spends {each:.1f} µs on a counted request")
    judge(table, sides[0], sides[1])


def counted(house: House) -> int:
    text = house.services["counting-together"].ops("/metrics").text
    return int(float(re.search(r"^praxis_rate_limit_counted_total(?:\{\})? ([\d.e+]+)", text, re.MULTILINE)[1]))


def reads(house: House, table: Table) -> None:
    person = register(house.services["gateway"].url)
    patients = [person.patient(phone="555-9876", city="Berlin", date_of_birth="1990-01-31") for _ in range(25)]
    headers = {"Authorization": person.headers["Authorization"]}
    processes = {name: pid_of(house.services[name]) for name in ("gateway", "registry")}
    processes |= {name: pid_of(house.stores[name]) for name in ("postgres", "redis")}
    url = house.services["gateway"].url + "/api/patients"
    sides = [
        Side("one patient by id", f"{url}/{patients[0]['id']}", processes, headers),
        Side("a page of 25", f"{url}?page_size=25", processes, headers),
    ]
    interleave(*sides)
    table.title("Through gateway and registry, all on one core: the whole system's time")
    table.sides(*sides)


def pid_of(child):
    return lambda: child.pid


def registry(house: House, table: Table) -> None:
    registry_requests.registry(house, table, pid_of)


def records(house: House, table: Table) -> None:
    records_requests.records(house, table, pid_of)


def scheduling(house: House, table: Table) -> None:
    scheduling_requests.scheduling(house, table, pid_of)


def growth(house: House, table: Table) -> None:
    growth_requests.growth(house, table, pid_of)


def soak(house: House, table: Table, minutes: int = soak_requests.MINUTES) -> None:
    soak_requests.soak(house, table, minutes)


# What is measured on a house of all six; it is at rest first.
USUAL = {"proxy": proxy, "reads": reads, "registry": registry, "records": records, "scheduling": scheduling, "idle": idle}
# What takes long, and is measured when it is asked for.
LONG = {"growth": growth, "soak": soak}
IN_HOUSE = USUAL | LONG
ALL = {"bare": bare} | IN_HOUSE
