"""Builds the services, and keeps what runs apart from what is being built next."""

import hashlib
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

from environment import TOP, Environment, Refusal
from folders import Folders
from services import NAMES

SOURCES = ("Package.swift", "Shared", "Services", "deploy/praxis", "deploy/function-order")
OPERATOR = "praxis"  # the operator's command line; absent until it is written


class Build:
    def __init__(self, environment: Environment, folders: Folders):
        self.configuration = environment["CONFIGURATION"] or "release"
        if self.configuration not in ("debug", "release"):
            raise Refusal("CONFIGURATION is `release` (the default) or `debug`.")
        self.ready_made = environment["BINARIES"]
        self.folders = folders

    @property
    def output(self) -> Path:
        return Path(self.ready_made).resolve() if self.ready_made else TOP / ".build" / self.configuration

    @property
    def is_fresh(self) -> bool:
        """Nothing under the sources is younger than the last build: asking SwiftPM the same takes seconds."""
        stamp = self.folders.var / f".built-{self.configuration}"
        if not (stamp.is_file() and all((self.output / name).is_file() for name in NAMES)):
            return False
        built = stamp.stat().st_mtime
        tops = [TOP / name for name in SOURCES if (TOP / name).exists()]
        return all(path.stat().st_mtime <= built for top in tops for path in (top, *top.rglob("*")))

    def run(self, note) -> None:
        if self.ready_made or self.is_fresh:
            return
        stamp = self.folders.var / f".built-{self.configuration}"
        partial = stamp.with_suffix(".partial")
        partial.touch()
        self.build(note)
        partial.rename(stamp)

    def build(self, note) -> None:
        log = self.folders.log / "build.log"
        process = subprocess.Popen(
            [TOP / "deploy/build", self.configuration], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        seen, started = [""], time.monotonic()

        def read() -> None:
            with open(log, "w") as file:
                for line in process.stdout or ():
                    file.write(line)
                    if line.startswith("["):
                        seen[0] = line.strip()

        reader = threading.Thread(target=read)
        reader.start()
        while reader.is_alive():
            reader.join(1)  # the linker says nothing for minutes, so the seconds are told as well
            note(f"{time.monotonic() - started:.0f} s {seen[0]}")
        if process.wait() != 0:
            errors = sorted(set(re.findall(r"^.*error: .*$", log.read_text(), re.MULTILINE)))[:15]
            raise Refusal("The build failed:\n" + "\n".join(errors or [log.read_text()[-2000:]]) + f"\nAll of it: {log}")

    def programs(self) -> dict[str, Path]:
        """Each program, copied to a folder named by its digest: a later build disturbs nothing that runs."""
        found = {}
        for name in (*NAMES, OPERATOR):
            built = self.output / name
            if built.is_file():
                digest = hashlib.sha256(built.read_bytes()).hexdigest()[:12]
                found[name] = self.folders.var / "bin" / digest / name
                if not found[name].is_file():
                    found[name].parent.mkdir(parents=True, exist_ok=True)
                    partial = found[name].with_suffix(".partial")
                    shutil.copy2(built, partial)
                    partial.rename(found[name])
        if missing := [name for name in NAMES if name not in found]:
            raise Refusal(f"The build made no {', '.join(missing)} in {self.output}.")
        return found

    def forget_old(self, kept: dict[str, Path]) -> None:
        folders = {path.parent for path in kept.values()}
        for folder in (self.folders.var / "bin").iterdir():
            if folder not in folders:
                shutil.rmtree(folder, ignore_errors=True)
