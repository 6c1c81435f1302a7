"""A real server, killed in the middle of everything: whatever it acknowledged is there exactly once."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from tests.field.phones import Phone, by_http

from tepat.common.clock import now

ROOT = Path(__file__).parents[2]
PHONES = 4
KILLS = 3
START_S_MAX = 60


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "kantor"
    folder.mkdir()
    return folder


def environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEPAT_", "DATABASE_"))}
    return {**kept, "TEPAT_HOME": str(home), "TEPAT_LOG": "ERROR", "PYTHONPATH": str(ROOT)}


def run_office(home, work):
    words = [sys.executable, str(ROOT / "tests" / "field" / "office.py"), work]
    done = subprocess.run(
        words, env=environment(home), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(home, port):
    """Start the office's server in a process group of its own, so that it can be killed whole."""
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "tepat.wsgi:application"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        *("--log-level", "error"),
    ]
    log = (home / "server.log").open("a")
    server = subprocess.Popen(
        words, env=environment(home), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
    )
    log.close()
    until = time.monotonic() + START_S_MAX
    while time.monotonic() < until:
        assert server.poll() is None, (home / "server.log").read_text()[-2000:]
        with contextlib.suppress(OSError, http.client.HTTPException):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/lapangan/kunci/", timeout=5).close()
            return server
        time.sleep(0.1)
    raise AssertionError((home / "server.log").read_text()[-2000:])


def kill(server):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(20)


class Sender(threading.Thread):
    """A phone that sends batch after batch until it is stopped; it keeps what was not acknowledged."""

    def __init__(self, phone, number):
        super().__init__(daemon=True)
        self.phone, self.number = phone, number
        self.made, self.acknowledged = [], Counter()
        self.waiting, self.stopping = [], False

    def run(self):
        while not self.stopping:
            if not self.waiting:
                self.waiting = [
                    self.phone.scans([f"kotak:pemilu-2024:09101{self.number}-001-1"], post="gudang:a")
                    for _ in range(5)
                ]
                self.made += self.waiting
            if not self.try_to_send():
                time.sleep(0.05)

    def try_to_send(self):
        """Send what waits; return whether it was acknowledged."""
        try:
            status, answer = self.phone.send(*self.waiting)
        except (OSError, http.client.HTTPException, ValueError):
            return False
        if status != 200:
            return False
        for one in answer["answers"]:
            assert one["answer"] in {"diterima", "sudah"}, one
            self.acknowledged[one["id"]] += one["answer"] == "diterima"
        self.waiting = []
        return True


def test_every_acknowledged_event_is_there_exactly_once_after_kill_9(home):
    codes = run_office(home, "prepare")
    port = free_port()
    server = start_server(home, port)
    try:
        ask = by_http(f"http://127.0.0.1:{port}", timeout_s=20)
        phones = [Phone(ask, now) for _ in range(PHONES)]
        for phone, code in zip(phones, codes, strict=False):
            assert phone.bind(code)[0] == 200
        senders = [Sender(phone, number) for number, phone in enumerate(phones)]
        for sender in senders:
            sender.start()
        for step in range(KILLS):
            # Long enough to be in the midst of it, and another moment each time.
            time.sleep(0.5 + 0.137 * step)
            kill(server)
            server = start_server(home, port)
        time.sleep(0.5)
        for sender in senders:
            sender.stopping = True
        for sender in senders:
            sender.join(30)
            until = time.monotonic() + 30
            while sender.waiting and time.monotonic() < until:
                sender.try_to_send()
            assert not sender.waiting
    finally:
        kill(server)
    found = run_office(home, "events")
    made = [event["statement"]["id"] for sender in senders for event in sender.made]
    acknowledged = Counter()
    for sender in senders:
        acknowledged.update(sender.acknowledged)
    assert len(made) > 50
    assert sorted(found["ids"]) == sorted(made)
    assert set(acknowledged) == set(made)
    assert max(acknowledged.values()) == 1
    assert found["same"]
