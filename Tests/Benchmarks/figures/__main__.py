"""`make bench`: what a request costs, in processor time, beside what it costs nginx. See docs/performance.md."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Journeys"))

import subjects  # noqa: E402
from table import Table  # noqa: E402


def main() -> int:
    wanted = sys.argv[1:] or list(subjects.ALL)
    if unknown := [name for name in wanted if name not in subjects.ALL]:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(subjects.ALL)}", file=sys.stderr)
        return 64
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        table = Table(before)
        subjects.run(wanted, stack, table)
    table.print()
    return 1 if table.has_failed else 0


sys.exit(main())
