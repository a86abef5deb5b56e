"""The figures as people read them: medians, and ratios of rounds that ran one after the other."""

import os
from statistics import median

from cost import Side


class Table:
    def __init__(self, load: float):
        self.load, self.lines, self.has_failed = load, [], False

    def title(self, text: str) -> None:
        self.lines += ["", text]

    def sides(self, *sides: Side, reference: Side | None = None) -> None:
        """A line per side. The ratio is the reference's time by ours: above 1 we are the cheaper."""
        width = max(len(side.name) for side in sides) + 2
        for side in sides:
            samples = side.samples
            ratio = ""
            if reference is not None and side is not reference:
                pairs = [known.total / own.total for known, own in zip(reference.samples, samples)]
                ratio = f"{median(pairs):5.2f} × ({min(pairs):.2f}–{max(pairs):.2f})"
            parts = ""
            if len(side.processes) > 1:
                parts = "   " + " · ".join(f"{name} {median(s.parts[name] for s in samples):.1f}" for name in side.processes)
            self.lines.append(
                f"  {side.name:<{width}} {median(s.total for s in samples):6.1f} µs  (user "
                f"{median(s.user for s in samples):.1f}, system {median(s.system for s in samples):.1f})  "
                f"{median(s.rate for s in samples) / 1000:6.1f}k/s  {ratio}{parts}")

    def goal(self, sentence: str, is_met: bool) -> None:
        self.lines.append(f"  {'met    ' if is_met else 'NOT MET'}  {sentence}")
        self.has_failed = self.has_failed or not is_met

    def line(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def print(self) -> None:
        print("Processor time for one request (microseconds; medians). wrk -t1 -c64 on one core, what is measured on the other.")
        print(f"Load average before {self.load:.1f}, after {os.getloadavg()[0]:.1f}: below 1 the figures are steady, "
              "above 2 look at ratios alone.")
        print("\n".join(self.lines))


def ratio(reference: Side, side: Side) -> float:
    return median(known.total / own.total for known, own in zip(reference.samples, side.samples))
