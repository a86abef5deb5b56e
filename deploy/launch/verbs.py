"""The verbs behind the Makefile, a function each."""

import json
import os
import subprocess
import sys
import time

from banner import print_box
from environment import TOP, Environment, Refusal
from ready import answers
from services import NAMES
from stack import Stack
from steps import Steps


def up(stack: Stack, *_) -> None:
    started = time.monotonic()
    steps = Steps(total=6, done=1)  # the first was deploy/install
    with stack.lock():
        for sentence in stack.environment.misspelled() + stack.fleet.pinned():
            print(f"note: {sentence}")
        stack.check_ports()
        stack.remember()
        with steps.step("building services") as note:
            stack.build.run(note)
        stack.check_settings()
        with steps.step("starting PostgreSQL and Redis"):
            stack.start_data()
        stack.check_own_stores()
        refuse_demo_accounts(stack)
        with steps.step(f"starting {len(stack.fleet.instances())} processes") as note:
            stack.start_services(note)
        with steps.step("waiting until ready") as note:
            stack.wait(stack.fleet.instances(), note)
        link = ""
        if wants_demo_data(stack):
            with steps.step("loading demo data"):
                load_demo_data(stack)
        else:
            with steps.step("looking for an administrator"):
                link = setup_link(stack)
    print(f"ready in {time.monotonic() - started:.1f} s")
    print_box(stack.fleet, demo_accounts(stack), link)


def down(stack: Stack, *_) -> None:
    with stack.lock():
        print("stopped" if stack.down() else "nothing was running")


def status(stack: Stack, *_) -> None:
    """One line per process; ends with 1 when something that should run is not ready."""
    known = {instance.name: instance for instance in stack.fleet.instances()}
    if not stack.supervisor.is_running:
        print("Praxis is not running; `make up` starts it.")
        sys.exit(1)
    all_well = True
    print(f"{'process':<14} {'state':<10} {'ready':<6} {'port':>6} {'ops':>6} {'pid':>8} {'up':>9} {'memory':>8}")
    for process in stack.supervisor.processes():
        instance = known.get(process["name"]) or stack.fleet.named(process["name"])
        store = stack.stores.get(process["name"])
        is_ready = answers(instance.ready_url) if instance else store is not None and store.is_ready
        all_well = all_well and is_ready
        ports = (instance.port, instance.ops_port) if instance else ("–", "–")
        running = process["now"] - process["start"] if process["pid"] else 0
        print(f"{process['name']:<14} {process['statename'].lower():<10} {'yes' if is_ready else 'NO':<6} {ports[0]:>6} "
              f"{ports[1]:>6} {process['pid'] or '–':>8} {time.strftime('%H:%M:%S', time.gmtime(running)):>9} "
              f"{memory(process['pid']):>8}")
    sys.exit(0 if all_well else 1)


def memory(pid: int) -> str:
    try:
        pages = int(open(f"/proc/{pid}/statm").read().split()[1])
    except (OSError, IndexError):
        return "–"
    return f"{pages * os.sysconf('SC_PAGE_SIZE') / 2**20:.0f} MB"


def logs(stack: Stack, name: str = "", *_) -> None:
    """Follows the logs of all processes, or of one service and its copies."""
    wanted = f"{name}*.log" if name else "*.log"
    paths = sorted(path for path in stack.folders.log.glob(wanted) if path.name not in ("supervisord.log", "build.log"))
    if not paths:
        raise Refusal(f"There is no log of {name or 'anything'}. Logs are written by: {', '.join(NAMES)}, postgres, redis.")
    os.execvp("tail", ["tail", "-n", "50", "-F", *map(str, paths)])


def scale(stack: Stack, *wishes: str) -> None:
    counts = {}
    for wish in wishes:
        name, _, count = wish.partition("=")
        if not count.isdigit():
            raise Refusal("How many of what? For example: make scale registry=2")
        counts[name] = int(count)
    if not counts:
        raise Refusal("How many of what? For example: make scale registry=2")
    with stack.lock():
        before = stack.fleet.scale
        stack.fleet.rescale(counts)
        if not stack.supervisor.is_running:
            print("noted; `make up` starts that many")
            return
        try:
            for sentence in stack.fleet.pinned():
                print(f"note: {sentence}")
            stack.check_ports()
            stack.start_services(lambda progress: None)
            stack.wait(stack.fleet.instances())
        except Refusal:
            stack.fleet.scale_file.write_text(json.dumps(before))
            raise
    for name in counts:
        print(f"{name}: {', '.join(str(instance.port) for instance in stack.fleet.instances(name))}")


def demo(stack: Stack, *_) -> None:
    with stack.lock():
        if not stack.supervisor.is_running:
            raise Refusal("Praxis is not running; `make up` starts it, and loads the demo data too.")
        (stack.folders.run / "demo-loaded").unlink(missing_ok=True)
        if not load_demo_data(stack):
            raise Refusal("This build has no `praxis` command line, so there is nothing to load the demo data with.")
    print("demo data loaded")


def demo_accounts(stack: Stack) -> list[list[str]]:
    """Username, password and what it is for, of each account that `praxis demo` made; where they work."""
    stamp = stack.folders.run / "demo-loaded"
    lines = stamp.read_text().splitlines() if stamp.is_file() and stack.environment.is_development else []
    return [line.split("\t") for line in lines if line.count("\t") == 2]


def wants_demo_data(stack: Stack) -> bool:
    """By default, or as the last `reset` said; but never in production: its passwords are in the documents."""
    chosen = stack.environment["DEMO_DATA"] or stack.chosen_demo_data or "true"
    return stack.environment.is_development and chosen.lower() in ("true", "1", "yes", "on")


def refuse_demo_accounts(stack: Stack) -> None:
    """Identity refuses them in production as well; asked here, nothing that runs is replaced first."""
    programs = stack.build.programs()
    if stack.environment.is_development or "praxis" not in programs:
        return
    done = subprocess.run(
        [programs["praxis"], "demo", "check"], cwd=TOP, env=stack.processes.of_the_operator(programs),
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 78:
        raise Refusal(
            f"{done.stderr.strip().removeprefix('praxis: ')}\nHere: make praxis do=\"demo remove\", or make reset "
            "DEMO_DATA=false, which removes all data.", code=78)


def setup_link(stack: Stack) -> str:
    """The link that makes the first administrator; empty where there is one. It is shown, and written down nowhere."""
    programs = stack.build.programs()
    program = programs.get("praxis")
    if program is None:
        return ""
    done = subprocess.run(
        [program, "setup-link"], cwd=TOP, env=stack.processes.of_the_operator(programs), stdin=subprocess.DEVNULL,
        capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def load_demo_data(stack: Stack) -> bool:
    """Runs `praxis demo` once per set of data; false while this build has no such command."""
    stamp = stack.folders.run / "demo-loaded"
    programs = stack.build.programs()
    program = programs.get("praxis")
    if program is None or stamp.is_file():
        return stamp.is_file()
    done = subprocess.run(
        [program, "demo"], cwd=TOP, env=stack.processes.of_the_operator(programs), stdin=subprocess.DEVNULL,
        capture_output=True, text=True)
    (stack.folders.log / "demo.log").write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        raise Refusal(f"`praxis demo` ended with {done.returncode}:\n{(done.stderr or done.stdout).strip()[-2000:]}")
    stamp.write_text(done.stdout)  # the accounts, for the banner
    return True


def praxis(stack: Stack, *arguments: str) -> None:
    """Runs the operator's command line with the addresses and secrets of this set-up."""
    programs = stack.build.programs()
    program = programs.get("praxis")
    if program is None:
        raise Refusal("This build has no `praxis` command line.")
    environment = stack.processes.of_the_operator(programs)
    if arguments == ("demo", "remove"):
        code = subprocess.run([program, *arguments], env=environment).returncode
        if code == 0:
            stack.choose_demo_data("false")
            (stack.folders.run / "demo-loaded").unlink(missing_ok=True)
        sys.exit(code)
    os.execve(program, ["praxis", *arguments], environment)


def reset(stack: Stack, *_) -> None:
    with stack.lock():
        stack.down()
        for path in stack.wipe():
            print(f"removed {path}")
        stack.choose_demo_data(stack.environment["DEMO_DATA"])


def dump(stack: Stack, path: str = "", *_) -> None:
    """Writes the database to a file that only its owner reads; services go on."""
    if not path:
        raise Refusal("Where to? For example: make dump to=praxis.dump", code=64)
    stack.need_stores()
    target = (TOP / path).resolve()
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        stack.run_on_database("pg_dump", "--format=custom", output=file)
    print(f"{target}: {target.stat().st_size / 2**20:.1f} MB; keep it apart from {stack.folders.var}/secrets, which it needs")


def restore(stack: Stack, path: str = "", *_) -> None:
    """Puts a dump in the place of what the database holds, in one transaction; services are stopped meanwhile."""
    source = (TOP / path).resolve()
    if not path or not source.is_file():
        raise Refusal("Where from? For example: make restore from=praxis.dump", code=64)
    with stack.lock():
        stack.need_stores()
        stack.stop_services()
        with open(source, "rb") as file:
            stack.run_on_database("pg_restore", "--clean", "--if-exists", "--single-transaction", input=file)
    print("restored; `make up` starts the services")


VERBS = {verb.__name__: verb for verb in (up, down, status, logs, scale, demo, praxis, dump, restore, reset)}


def run(verb: str, arguments: list[str]) -> None:
    environment = Environment()
    stack = Stack(environment)
    if verb not in ("up", "reset"):
        environment.recall(stack.folders.run / "settings.json")
    VERBS[verb](stack, *arguments)
