"""Half an hour at half of what the house can do: whether memory stays as it is."""

import subprocess
import time
from pathlib import Path

from cost import ASKER_CORE, ask, family
from registry import FIRST, LAST, headers, keep_patients, list_doctors, lua, script
from table import Table

from house.house import House
from house.people import register

MINUTES, STEADY_FROM = 30, 5
MOST_DRIFT, MOST_MEGABYTES = 0.02, 100
CONNECTIONS, KEPT, DOCTORS = 64, 1_000, 1_000

# Reads of all kinds, one after the other, and a record made as every twentieth request.
MIXED = """
local first, last, paths, number, pause = {first}, {last}, {paths}, 0, {pause}
local fields = {{["Authorization"] = wrk.headers["Authorization"], ["Content-Type"] = "application/json"}}
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
    keeper = register(gateway)
    keep_patients(keeper, f"{gateway}/api/patients", folder, KEPT)
    list_doctors(house, DOCTORS)
    patient = keeper.expect(200, "GET", "/api/patients?page_size=1").json()["data"][0]
    paths = [
        f"/api/patients/{patient['id']}", "/api/patients?page_size=25", f"/api/patients?search={LAST[0].lower()}",
        "/api/doctors?page_size=25", f"/api/doctors?search={LAST[1].lower()}", "/api/auth/me", "/api/mappings",
    ]

    def mixed(name: str, pause: int) -> Path:
        return script(folder, name, MIXED, first=lua(FIRST), last=lua(LAST), paths=lua(paths), pause=pause)

    _, full = ask(gateway, headers(keeper), 20, mixed("full", 0), CONNECTIONS)
    under_load = megabytes(house)
    # Each connection waits so long between requests that all of them together ask half as often.
    pause = round(1000 * CONNECTIONS / full)
    table.title(f"{minutes} minutes at half load ({full:.0f} requests/s in full), {CONNECTIONS} connections")
    samples = held(house, gateway, headers(keeper), mixed("half", pause), minutes)
    show(table, under_load, samples)


def held(house: House, gateway: str, fields: dict[str, str], file: Path, minutes: int) -> list[dict[str, float]]:
    """Memory each minute, printed as it comes."""
    words = [word for name, value in fields.items() for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", str(ASKER_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{60 * minutes + 5}s", "-s", str(file)]
    asking = subprocess.Popen([*command, *words, gateway], stdout=subprocess.PIPE, text=True)
    samples = []
    try:
        for minute in range(1, minutes + 1):
            time.sleep(60)
            samples.append(megabytes(house))
            print(f"minute {minute:>3}: {sum(samples[-1].values()):6.1f} MB", flush=True)
        said, _ = asking.communicate(timeout=60)
    finally:
        if asking.poll() is None:
            asking.terminate()
            asking.wait(10)
    if "Non-2xx" in said or "Requests/sec" not in said:
        raise RuntimeError(f"not all was answered well:\n{said}")
    print(said[said.index("Requests/sec"):].splitlines()[0], flush=True)
    return samples


def show(table: Table, under_load: dict[str, float], samples: list[dict[str, float]]) -> None:
    first = samples[min(STEADY_FROM, len(samples)) - 1]
    for name, at_first in first.items():
        values = " ".join(f"{sample[name]:.1f}" for sample in samples[:: max(len(samples) // 10, 1)])
        table.line(f"{name:<12} {at_first:6.1f} → {samples[-1][name]:6.1f} MB   {values}")
    sums = [sum(sample.values()) for sample in samples]
    steady = sums[min(STEADY_FROM, len(sums)) - 1:]
    drift = max(steady, key=lambda value: abs(value - steady[0])) / steady[0] - 1
    table.line(f"all six      {steady[0]:6.1f} → {sums[-1]:6.1f} MB, drift at most {drift:+.1%}; "
               f"{sum(under_load.values()):.1f} MB after 20 s of full load")
    table.goal(f"within ± {MOST_DRIFT:.0%} from minute {STEADY_FROM}", abs(drift) <= MOST_DRIFT)
    most = max(*sums, sum(under_load.values()))
    table.goal(f"all six at most {MOST_MEGABYTES} MB under {CONNECTIONS} connections", most <= MOST_MEGABYTES)


def megabytes(house: House) -> dict[str, float]:
    """Proportional set size: what processes share is divided among them."""
    return {name: sum(map(proportional, family(service.pid))) for name, service in house.services.items()}


def proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no proportional set size of {pid}")
