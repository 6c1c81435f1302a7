"""Every benchmark, one table each, with the command that repeats it.

python -m benchmarks              all of them, one after another: some 15 minutes on an idle machine
python -m benchmarks needs help   only those
python -m benchmarks --list       their names
"""

import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Benchmark:
    """One benchmark.

    Args:
        title: What it measures.
        module: The module that measures.
        arguments: Its arguments; ``{problem}`` stands for Blora's problem.json.
    """

    title: str
    module: str
    arguments: tuple[str, ...] = ()


BENCHMARKS = {
    "needs": Benchmark("The nation's needs", "benchmarks.nation_needs"),
    "strategies": Benchmark(
        "Blora's paths and what it really did, solved and checked",
        "benchmarks.strategies",
        ("{problem}", "8"),
    ),
    "bound": Benchmark(
        "How far Blora's direct path is above its proved lower bound",
        "benchmarks.bound",
        ("{problem}", "20", "30", "langsung-pps"),
    ),
    "warehouses": Benchmark(
        "Blora's six sets of warehouses, each routed", "benchmarks.warehouses", ("{problem}",)
    ),
    "help": Benchmark("The command line's start", "benchmarks.command_start"),
    "check": Benchmark("The checker", "benchmarks.check_plans"),
    "edit": Benchmark("A plan changed by hand", "benchmarks.edit_plan"),
    "import": Benchmark("A list of 2,977 TPS, from the file to the preview", "benchmarks.import_list"),
    "roads": Benchmark("Travel times", "benchmarks.travel_matrix"),
    "labels": Benchmark("Labels of Blora's boxes", "benchmarks.labels"),
    "log": Benchmark("The open log: tiles, check, numbering", "benchmarks.log"),
    "readiness": Benchmark("Kesiapan of a moment long past", "benchmarks.readiness"),
    "verify": Benchmark("The verify page in a browser", "benchmarks.verify_page"),
    "custody": Benchmark("Who held which of Blora's boxes", "benchmarks.custody"),
    "intake": Benchmark("Phones posting signed scans", "benchmarks.intake"),
    "field": Benchmark("The field page on slow lines and slow phones", "benchmarks.field"),
    "epcis": Benchmark("A whole history as EPCIS, written and checked", "benchmarks.epcis"),
    "screen": Benchmark("The plan's screen on 3G", "benchmarks.plan_screen"),
    "clone": Benchmark("From a bare clone to the plan on the map", "benchmarks.fresh_clone"),
}


def run(name: str) -> bool:
    """Run one benchmark in a process of its own; return whether it ended well."""
    benchmark = BENCHMARKS[name]
    print(f"\n## {benchmark.title}\n\n`python -m benchmarks {name}`\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        problem = Path(folder) / "problem.json"
        if "{problem}" in benchmark.arguments:
            from benchmarks.measuring import blora

            blora(problem.parent)
        words = [word.replace("{problem}", str(problem)) for word in benchmark.arguments]
        done = subprocess.run([sys.executable, "-m", benchmark.module, *words], cwd=ROOT, check=False)
    return done.returncode == 0


def machine() -> str:
    """Return what the figures were measured on."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {system}{load}"


def main(words: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = [word for word in words if word not in {*BENCHMARKS, "--list"}]
    if unknown or "--list" in words:
        for name, benchmark in BENCHMARKS.items():
            print(f"{name:<12}{benchmark.title}")
        return 2 if unknown else 0
    print(machine())
    failed = [name for name in words or BENCHMARKS if not run(name)]
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
