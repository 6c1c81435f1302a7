"""The office's screens on this machine: granian for the pages, a worker for long jobs, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time

from tepat.common.errors import Refused

STOP_S_MAX = 10
PORT_WAIT_S_MAX = 12
"""Seconds to wait for the port of a server that is just ending; then it is somebody else's."""

RESTARTS_MAX = 5
HOST = "127.0.0.1"
PROCESSES = 1 if sys.platform == "win32" else 2
"""Python calculates on one core a process. Each has its own writer; the database lets one in at a time."""

THREADS = 32
"""Requests at once in a process. One that brings events waits for a commit: as many share it as wait here."""

BACKPRESSURE = 400
"""Requests that may wait for a thread of a process; more wait in the system's own queue of connections."""


def serve(port: int) -> None:
    """Serve until Ctrl+C or SIGTERM; a worker that dies is started again a few times.

    Args:
        port: The port on the loopback address.

    Raises:
        Refused: SERVE-PORT-BUSY.
    """
    require_free(port)
    web = subprocess.Popen(web_words(port))  # noqa: S603 - our own interpreter with fixed words
    worker = _worker()
    restarts = 0
    stopping = told = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and web.poll() is None:
        if not told and _answers(port):
            told = True
            print(f"\nTepat terbuka di http://{HOST}:{port}/  (hentikan dengan Ctrl+C)", flush=True)  # noqa: T201 - for the person at the terminal
        if worker.poll() is not None and restarts < RESTARTS_MAX:
            restarts += 1
            worker = _worker()
        time.sleep(0.3)
    for process in (worker, web):
        _stop(process)
    if not stopping:
        sys.exit(web.returncode or 1)


def require_free(port: int) -> None:
    """Ask before long work whether the port can be had: two servers on one port would share its requests.

    A server whose parent was just ended by force needs a moment to go.

    Args:
        port: The port on the loopback address.

    Raises:
        Refused: SERVE-PORT-BUSY.
    """
    patience = time.monotonic() + PORT_WAIT_S_MAX
    while _answers(port):
        if time.monotonic() > patience:
            raise Refused("SERVE-PORT-BUSY", port=port)
        time.sleep(0.2)


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex((HOST, port)) == 0


def web_words(
    port: int, application: str = "tepat.wsgi:application", processes: int = PROCESSES
) -> list[str]:
    """Return the words that serve the pages.

    Args:
        port: The port on the loopback address.
        application: What is served.
        processes: How many share the requests.
    """
    return [
        *module_words("granian"), "--interface", "wsgi", application,
        "--host", HOST, "--port", str(port), "--workers", str(processes),
        "--blocking-threads", str(THREADS), "--backpressure", str(BACKPRESSURE),
        "--log-level", "error", "--workers-kill-timeout", str(STOP_S_MAX),
    ]  # fmt: skip


def module_words(name: str) -> list[str]:
    """Return the words that run a module; on Linux it then ends with this process, however that one ends."""
    leash = ["tepat.operations.leash", str(os.getpid())] if sys.platform == "linux" else []
    return [sys.executable, "-m", *leash, name]


def _worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*module_words("tepat"), "pekerja"], env=os.environ)  # noqa: S603 - our own interpreter with fixed words


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
