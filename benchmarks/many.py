"""`tepat plan many` on every kabupaten and kota of a province, by one and two workers, one of them killed.

`python benchmarks/many.py [ITERATIONS [PROVINCE]]`; the problems are built from the national tables into a
temporary folder. The budget is in iterations, so that both runs do the same work.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tepat.common.areas import load_area, upper_areas
from tepat.distribution.building import build_problem
from tepat.solvers.many import Errand, Many, Record, errands_in

ITERATIONS = 200
PROVINCE = "33"
KILL_AFTER_S = 20


def build(folder: Path, province: str) -> list[Errand]:
    codes = sorted(code for code in upper_areas() if code.startswith(f"{province}.") and code.count(".") == 1)
    begun = time.perf_counter()
    for code in codes:
        out = folder / code
        out.mkdir()
        build_problem(load_area(code), "pemilu-2024", out=out)
    print(f"{len(codes)} problems built in {time.perf_counter() - begun:.0f} s", flush=True)
    return errands_in(folder, folder / "rencana")


def kill_one() -> None:
    """End one of the processes that this program started, as the system does when memory is short."""
    words = ["ps", "--ppid", str(os.getpid()), "-o", "pid=,args="]
    shown = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    mine = [line.split()[0] for line in shown.splitlines() if "many_child" in line]
    if mine:
        os.kill(int(mine[0]), signal.SIGKILL)


def run(errands: list[Errand], out: Path, workers: int, iterations: int) -> tuple[float, list[Record]]:
    fresh = [Errand(each.name, each.file, out / f"{workers}" / each.name) for each in errands]
    killer = threading.Timer(KILL_AFTER_S, kill_one)
    if workers > 1:
        killer.start()
    begun = time.perf_counter()
    records = Many(strategy="langsung-pps", iterations=iterations, workers=workers).run(fresh, lambda _: None)
    took_s = time.perf_counter() - begun
    killer.cancel()
    return took_s, records


def main(iterations: int, province: str) -> None:
    with tempfile.TemporaryDirectory(prefix="tepat-banyak-") as name:
        folder = Path(name)
        errands = build(folder, province)
        times = {}
        print("| workers | seconds | accepted | incomplete | failed | tried twice | Rp M in all |")
        print("|---|---|---|---|---|---|---|")
        for workers in (1, 2):
            times[workers], found = run(errands, folder / "rencana", workers, iterations)
            count = {key: sum(r.status == key for r in found) for key in ("accepted", "incomplete", "failed")}
            twice = sum(record.tries > 1 for record in found)
            cost = sum(record.cost_rupiah or 0 for record in found) / 1e6
            print(
                f"| {workers} | {times[workers]:.0f} | {count['accepted']} | {count['incomplete']} "
                f"| {count['failed']} | {twice} | {cost:,.0f} |",
                flush=True,
            )
            for record in found:
                if record.status != "accepted":
                    print(f"  {record.problem}: {record.status}, {record.note[:160]}", flush=True)
        print(f"\nspeed-up: {times[1] / times[2]:.2f}")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else ITERATIONS, sys.argv[2] if len(sys.argv) > 2 else PROVINCE
    )
