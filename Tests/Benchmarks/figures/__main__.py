"""`make bench`: what a request costs, in processor time, beside what it costs nginx. See docs/performance.md."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Journeys"))

import subjects  # noqa: E402
from table import Table  # noqa: E402


def main() -> int:
    words = sys.argv[1:] or [name for name in subjects.ALL if name not in subjects.LONG]
    minutes = {"soak": int(count) for name, count in zip(words, words[1:]) if name == "soak" and count.isdigit()}
    wanted = [word for word in words if not word.isdigit()]
    if unknown := [name for name in wanted if name not in subjects.ALL]:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(subjects.ALL)}", file=sys.stderr)
        return 64
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        table = Table(before)
        subjects.run(wanted, minutes, stack, table)
    table.print()
    return 1 if table.has_failed else 0


sys.exit(main())
