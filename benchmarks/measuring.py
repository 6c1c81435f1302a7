"""What every benchmark shares: repeats, medians with their spread, one table each, and Blora's problem.

Beside the clock stands the processor time of the work and its children: on a machine that others use as well
it is the figure that can be compared.
"""

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tepat.common.areas import load_area
from tepat.distribution.building import build_problem
from tepat.distribution.checker import load_matrices
from tepat.distribution.checker.reading import Matrices
from tepat.distribution.problems import Problem


@dataclass
class Runs:
    """The runs of one thing.

    Args:
        what: What was measured.
        clock_s: Seconds of each run by the clock.
        processor_s: Processor seconds of each run, those of children included.
    """

    what: str
    clock_s: list[float] = field(default_factory=list)
    processor_s: list[float] = field(default_factory=list)

    def once(self, work: Callable[[], Any]) -> None:
        """Do the work once and note how long it took."""
        began, used = time.perf_counter(), processor_s()
        work()
        self.clock_s.append(time.perf_counter() - began)
        self.processor_s.append(processor_s() - used)


def processor_s() -> float:
    """Return the processor seconds that this process and its ended children have used."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measured(what: str, work: Callable[[], Any], times: int) -> Runs:
    """Return the runs of some work."""
    runs = Runs(what)
    for _ in range(times):
        runs.once(work)
    return runs


def spread(values: Sequence[float], unit: str = "s") -> str:
    """Return the median, and of several runs the least and the most."""
    if not values:
        return ""
    digits = 0 if max(values) >= 100 else 3 if max(values) < 0.1 else 2
    median = f"{statistics.median(values):,.{digits}f} {unit}"
    ends = f" ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
    return median + (ends if len(values) > 1 else "")


def show(every: Sequence[Runs]) -> None:
    """Print a table in Markdown, as it stands in docs/benchmarks.md."""
    print("| what | runs | by the clock | processor time |\n|---|---|---|---|")
    for runs in every:
        cells = [runs.what, str(len(runs.clock_s)), spread(runs.clock_s), spread(runs.processor_s)]
        print(f"| {' | '.join(cells)} |", flush=True)


def blora(folder: Path) -> tuple[Problem, Matrices]:
    """Build Blora's problem of Pemilu 2024 in a folder."""
    problem = build_problem(load_area("blora"), "pemilu-2024", out=folder).problem
    return problem, load_matrices(problem, folder)
