"""Half an hour at half of what the house can do: whether memory stays as it is."""

import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cost import ASKER_CORE, ask, family
from registry import FIRST, LAST, headers, keep_patients, list_doctors, lua, script
from table import Table

from house.house import House
from house.people import register
from house.waiting import until

MINUTES, FULL_SECONDS = 30, 20
MOST_DRIFT, MOST_MEGABYTES = 0.02, 100
CONNECTIONS, KEPT, DOCTORS = 64, 1_000, 1_000
PER_ADDRESS = 100  # connections that the gateway takes from one address
ESTABLISHED = "01"  # as /proc/net/tcp writes it

# Reads of all kinds, one after the other, and a record made as every twentieth request. Who makes them is not who
# reads: a list and a search that grow all the time would make the same requests dearer from minute to minute.
MIXED = """
local first, last, paths, number, pause = {first}, {last}, {paths}, 0, {pause}
local fields = {{["Authorization"] = "{maker}", ["Content-Type"] = "application/json"}}
request = function()
    number = number + 1
    if number % 20 == 0 then
        local body = string.format('{{"first_name":"%s","last_name":"%s","email":"soak.%d@example.com","gender":"F"}}',
            first[math.random(#first)], last[math.random(#last)], number)
        return wrk.format("POST", "/api/patients", fields, body)
    end
    return wrk.format("GET", paths[number % #paths + 1])
end
if pause > 0 then
    delay = function() return math.random(0, 2 * pause) end
end
"""


def soak(house: House, table: Table, minutes: int = MINUTES) -> None:
    folder = house.folder / "soak"
    folder.mkdir()
    gateway = house.services["gateway"].url
    keeper, maker = register(gateway), register(gateway)
    keep_patients(keeper, f"{gateway}/api/patients", folder, KEPT)
    list_doctors(house, DOCTORS)
    patient = keeper.expect(200, "GET", "/api/patients?page_size=1").json()["data"][0]
    paths = [
        f"/api/patients/{patient['id']}", "/api/patients?page_size=25", f"/api/patients?search={LAST[0].lower()}",
        "/api/doctors?page_size=25", f"/api/doctors?search={LAST[1].lower()}", "/api/auth/me", "/api/mappings",
    ]

    def mixed(name: str, pause: int) -> Path:
        return script(
            folder, name, MIXED, first=lua(FIRST), last=lua(LAST), paths=lua(paths), pause=pause,
            maker=headers(maker)["Authorization"])

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask, gateway, headers(keeper), FULL_SECONDS, mixed("full", 0), CONNECTIONS)
        time.sleep(FULL_SECONDS - 2)  # while its connections are open
        under_load = megabytes(house)
        full = asking.result().rate
    # Each connection waits so long between requests, whose own time is short then, that all together ask half as often.
    pause = round(2 * 1000 * CONNECTIONS / full)
    until(lambda: connections(gateway) + CONNECTIONS <= PER_ADDRESS, 30, "the connections of the full load are closed")
    samples, half = held(house, gateway, headers(keeper), mixed("half", pause), minutes)
    table.title(f"{minutes} minutes at half load ({half:.0f} of {full:.0f} requests/s), {CONNECTIONS} connections")
    show(table, under_load, samples)


def connections(url: str) -> int:
    """That are open to the server there."""
    port = int(url.rsplit(":", 1)[1])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == ESTABLISHED for row in rows)


def held(
    house: House, gateway: str, fields: dict[str, str], file: Path, minutes: int
) -> tuple[list[dict[str, float]], float]:
    """Memory each minute, printed as it comes; and the requests of a second."""
    words = [word for name, value in fields.items() for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", str(ASKER_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{60 * minutes + 5}s", "-s", str(file)]
    asking = subprocess.Popen([*command, *words, gateway], stdout=subprocess.PIPE, text=True)
    samples = []
    try:
        for minute in range(1, minutes + 1):
            time.sleep(60)
            samples.append(megabytes(house))
            each = " · ".join(f"{name} {value:.1f}" for name, value in samples[-1].items())
            print(f"minute {minute:>3}: {sum(samples[-1].values()):6.1f} MB   {each}", flush=True)
        said, _ = asking.communicate(timeout=60)
    finally:
        if asking.poll() is None:
            asking.terminate()
            asking.wait(10)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None or "Non-2xx" in said:
        raise RuntimeError(f"not all was answered well:\n{said}")
    for line in re.findall(r"Socket errors:.*", said):
        print(line, flush=True)  # answers that took over two seconds, as on a busy machine
    return samples, float(rate[1])


def show(table: Table, under_load: dict[str, float], samples: list[dict[str, float]]) -> None:
    """Drift is counted from a sixth of the time on: minute 5 of 30."""
    begin = max(len(samples) // 6, 1)
    steady = samples[begin - 1:]
    for name in under_load:
        values = [sample[name] for sample in steady]
        some = " ".join(f"{sample[name]:.1f}" for sample in samples[:: max(len(samples) // 10, 1)])
        table.line(f"{name:<12} {under_load[name]:6.1f} MB in full · {values[0]:6.1f} → {values[-1]:6.1f} MB, "
                   f"drift at most {drift(values):+.1%}   {some}")
    sums = [sum(sample.values()) for sample in steady]
    full = sum(under_load.values())
    table.line(f"all six      {full:6.1f} MB in full · {sums[0]:6.1f} → {sums[-1]:6.1f} MB, drift at most {drift(sums):+.1%}")
    table.goal(f"within ± {MOST_DRIFT:.0%} from minute {begin}", abs(drift(sums)) <= MOST_DRIFT)
    most = max(full, *(sum(sample.values()) for sample in samples))
    table.goal(f"all six at most {MOST_MEGABYTES} MB under {CONNECTIONS} connections ({most:.1f})", most <= MOST_MEGABYTES)


def drift(values: list[float]) -> float:
    """How far from the first of them the farthest is, as a part of it."""
    return max(values, key=lambda value: abs(value - values[0])) / values[0] - 1


def megabytes(house: House) -> dict[str, float]:
    """Proportional set size: what processes share is divided among them. Copies of the same files that run elsewhere on
    the machine make it look smaller."""
    return {name: sum(map(proportional, family(service.pid))) for name, service in house.services.items()}


def proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no proportional set size of {pid}")
