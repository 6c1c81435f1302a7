"""`tepat --help` as a whole process, from the start of Python to its end.

python -m benchmarks.command_start [RUNS]
"""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import measured, show

RUNS = 15


def main(runs: int) -> None:
    """Run the installed command, each time as a new process; once before, so that its files are at hand."""
    command = [str(Path(sys.executable).with_name("tepat")), "--help"]
    environment = {**os.environ, "COLUMNS": "100"}

    def once() -> None:
        subprocess.run(command, check=True, capture_output=True, env=environment)

    once()
    show([measured("`tepat --help`", once, runs)])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
