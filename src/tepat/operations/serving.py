"""The office's screens on this machine: granian for the pages, a worker for long jobs, stopped together."""

import os
import signal
import subprocess
import sys
import time

STOP_S_MAX = 10
RESTARTS_MAX = 5
HOST = "127.0.0.1"
THREADS = 4


def serve(port: int) -> None:
    """Serve until Ctrl+C or SIGTERM; a worker that dies is started again a few times.

    Args:
        port: The port on the loopback address.
    """
    web = subprocess.Popen(_web(port))  # noqa: S603 - our own interpreter with fixed words
    worker = _worker()
    restarts = 0
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"\nTepat terbuka di http://{HOST}:{port}/  (hentikan dengan Ctrl+C)", flush=True)  # noqa: T201 - for the person at the terminal
    while not stopping and web.poll() is None:
        if worker.poll() is not None and restarts < RESTARTS_MAX:
            restarts += 1
            worker = _worker()
        time.sleep(0.3)
    for process in (worker, web):
        _stop(process)
    if not stopping:
        sys.exit(web.returncode or 1)


def _web(port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "tepat.wsgi:application",
        "--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS),
        "--log-level", "warning", "--workers-kill-timeout", str(STOP_S_MAX),
    ]  # fmt: skip


def _worker() -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "tepat", "pekerja"]
    return subprocess.Popen(words, env=os.environ)  # noqa: S603 - our own interpreter with fixed words


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
