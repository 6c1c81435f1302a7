"""Runs a module as ``python -m`` does, and has it end with its parent: ``leash PARENT MODULE …``.

Without it, a parent ended by force would leave its server behind, and that would keep the port. Linux only:
the system sends a signal at the parent's death, and keeps to that when the process becomes another program.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""Linux' prctl: which signal this process gets when its parent ends."""


def main() -> None:
    """Tie this process to its parent, then become the module that the arguments name."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() == int(sys.argv[1]):
        os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
