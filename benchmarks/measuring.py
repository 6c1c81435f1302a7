"""What every benchmark shares: repeats, medians with their spread, one table each, and Blora's problem."""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tepat.common.areas import load_area
from tepat.distribution.building import build_problem
from tepat.distribution.checker import load_matrices
from tepat.distribution.checker.reading import Matrices
from tepat.distribution.problems import Problem

Row = tuple[str, str, str]


def timed(work: Callable[[], Any], runs: int, *, processor: bool = False) -> list[float]:
    """Return the seconds of each run, by the clock or of this process's processor time."""
    clock = time.process_time if processor else time.perf_counter
    seconds = []
    for _ in range(runs):
        began = clock()
        work()
        seconds.append(clock() - began)
    return seconds


def row(what: str, values: Sequence[float], unit: str = "s", digits: int = 2) -> Row:
    """Return one line of a table: what, median, and the least and the most of how many."""
    if len(values) == 1:
        return what, f"{values[0]:,.{digits}f} {unit}", "1 run"
    least, most = f"{min(values):,.{digits}f}", f"{max(values):,.{digits}f}"
    return what, f"{statistics.median(values):,.{digits}f} {unit}", f"{least}–{most}, {len(values)} runs"


def show(rows: Sequence[Row]) -> None:
    """Print a table in Markdown, as it stands in docs/benchmarks.md."""
    print("| what | median | spread |\n|---|---|---|")
    for what, median, spread in rows:
        print(f"| {what} | {median} | {spread} |", flush=True)


def blora(folder: Path) -> tuple[Problem, Matrices]:
    """Build Blora's problem of Pemilu 2024 in a folder."""
    problem = build_problem(load_area("blora"), "pemilu-2024", out=folder).problem
    return problem, load_matrices(problem, folder)
