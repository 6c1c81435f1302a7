"""`tepat --help` as a whole process, from the start of Python to its end.

python -m benchmarks.command_start [RUNS]
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import row, show, timed

RUNS = 15


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(runs: int) -> None:
    """Run the installed command, each time as a new process."""
    command = [str(Path(sys.executable).with_name("tepat")), "--help"]
    used: list[float] = []

    def once() -> None:
        before = _processor_s()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "COLUMNS": "100"})
        used.append(_processor_s() - before)

    once()
    used.clear()
    wall = timed(once, runs)
    show([row("`tepat --help`, by the clock", wall), row("its processor time", used)])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
