"""Phones posting signed scans through HTTP: group commit in two processes and in one, and one commit a batch.

python -m benchmarks.intake [phones] [batches of each] [events a batch] [events/s …]

First all phones send as fast as they are answered: what the office can take at most, and how long each waits
then. With as many batches under way as there are phones, waiting is phones x events / rate and nothing else;
so the other lines send at a fixed pace, as phones do that come into signal one after another, and count each
batch's time from the moment at which it was due.
"""

import json
import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.field.phones import Phone, by_http
from tests.field.test_killed import environment, free_port

from tepat.common.clock import now
from tepat.operations import serving

ROOT = Path(__file__).parents[1]
PHONES, BATCHES, EVENTS = 200, 5, 20
PACES = (1000, 2500)
START_S_MAX = 60


def prepare(home: Path, phones: int) -> list[str]:
    """Make an office with that many cards; return the codes."""
    script = f"import json; from tests.field import office; print(json.dumps(office.prepare({phones})))"
    start = "from tepat.common import start; start.django(); " + script
    done = subprocess.run(
        [sys.executable, "-c", start],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True)
class Way:
    """One way to take it in.

    Args:
        words: In the table.
        application: What is served.
        processes: By how many.
    """

    words: str
    application: str = "tepat.wsgi:application"
    processes: int = serving.PROCESSES


WAYS = (
    Way("group commit"),
    Way("group commit, one process", processes=1),
    Way("one commit each", "benchmarks.intake_each:application"),
)


def serve(home: Path, port: int, way: Way) -> "subprocess.Popen[bytes]":
    """Start the server as the office does, and wait until it answers."""
    words = serving.web_words(port, way.application, way.processes)
    server = subprocess.Popen(words, env=environment(home), cwd=ROOT, start_new_session=True)
    until = time.monotonic() + START_S_MAX
    while time.monotonic() < until:
        try:
            by_http(f"http://127.0.0.1:{port}", timeout_s=5)("/lapangan/kunci/", None, {})
        except OSError:
            time.sleep(0.2)
        except ValueError:  # it answers, but not as it should
            break
        else:
            return server
    os.killpg(server.pid, signal.SIGKILL)
    raise TimeoutError("the server did not start")


def make_requests(address: str, codes: list[str], batches: int, events: int) -> list[list[bytes]]:
    """Bind a phone for each code and sign all its batches beforehand; return whole HTTP requests."""
    host = address.removeprefix("http://")
    found = []
    for number, code in enumerate(codes):
        phone = Phone(by_http(address), now)
        status, answer = phone.bind(code)
        assert status == 200, answer
        mine = []
        for batch in range(batches):
            scans = [
                phone.scans(
                    [f"kotak:pemilu-2024:09{number % 10:04d}-{batch + 1:03d}-{box % 9 + 1}"], post="gudang:a"
                )
                for box in range(events)
            ]
            body = json.dumps(
                {"device": phone.device, "sent_at": phone.shows(), "events": scans, "left": 0}
            ).encode()
            head = (
                f"POST /lapangan/kirim/ HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            mine.append(head.encode() + body)
        found.append(mine)
    return found


def processor_s(group: int) -> float:
    """Return the processor seconds that a process group has used so far; 0 where the system does not tell."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


@dataclass
class Line:
    """One phone's connection: what it has still to send, and when that was due."""

    socket: socket.socket
    waiting: deque[tuple[float, bytes]] = field(default_factory=deque)
    due: float | None = None
    heard: bytearray = field(default_factory=bytearray)

    def send_next(self) -> None:
        """Send the next batch, if there is one and none is under way."""
        if self.due is None and self.waiting:
            self.due, request = self.waiting.popleft()
            self.socket.sendall(request)

    def answered(self) -> bytes | None:
        """Read what has come; return the answer's body once it is whole."""
        self.heard += self.socket.recv(65_536)
        head, gap, body = bytes(self.heard).partition(b"\r\n\r\n")
        if not gap:
            return None
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length:
            return None
        assert b" 200 " in head.split(b"\r\n")[0], body[:300]
        self.heard.clear()
        return body


@dataclass
class Run:
    """What came of one run.

    Args:
        taken: Events taken.
        seconds: From the first batch to the last answer.
        own_s: Processor seconds of the sender itself.
        took: For each batch its seconds.
    """

    taken: int = 0
    seconds: float = 0.0
    own_s: float = 0.0
    took: list[float] = field(default_factory=list)


def send_all(port: int, requests: list[list[bytes]], *, every_s: float = 0.0) -> Run:
    """Send every phone's batches over one connection each.

    Args:
        port: The server's.
        requests: Whole requests, by phone.
        every_s: Seconds from one batch to the next; 0: each phone sends as soon as it is answered.
    """
    run, lines, watch = Run(), [], selectors.DefaultSelector()
    for _ in requests:
        lines.append(Line(socket.create_connection(("127.0.0.1", port))))
        watch.register(lines[-1].socket, selectors.EVENT_READ, lines[-1])
    plan = deque(
        (place * every_s, lines[phone], requests[phone][batch])
        for place, (batch, phone) in enumerate(
            (batch, phone) for batch in range(len(requests[0])) for phone in range(len(requests))
        )
    )
    left, began, used = len(plan), time.perf_counter(), time.process_time()
    while left:
        at = time.perf_counter() - began
        while plan and plan[0][0] <= at:
            due, line, request = plan.popleft()
            line.waiting.append((due, request))
            line.send_next()
        for key, _ in watch.select(max(0.0, plan[0][0] - at) if plan else 5):
            line, body = key.data, key.data.answered()
            if body is None:
                continue
            answered_at = time.perf_counter() - began
            run.took.append(answered_at - line.due)
            run.taken += body.count(b'"diterima"')
            left, line.due = left - 1, None
            if line.waiting and not every_s:  # due from the moment at which the phone was free
                line.waiting[0] = (answered_at, line.waiting[0][1])
            line.send_next()
    run.seconds, run.own_s = time.perf_counter() - began, time.process_time() - used
    for line in lines:
        line.socket.close()
    return run


@contextmanager
def office(way: Way, phones: int) -> Iterator[tuple[int, int, list[str]]]:
    """Serve a new office; give the port, the server's process group and the cards' codes."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        codes = prepare(home, phones)
        port = free_port()
        server = serve(home, port, way)
        try:
            yield port, server.pid, codes
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def measure(way: Way, phones: int, batches: int, events: int, pace: int = 0) -> str:
    """Return one line of the table.

    Args:
        way: How it is taken in.
        phones: How many phones.
        batches: Batches of each.
        events: Events in each batch.
        pace: Events a second; 0: as fast as they are answered.
    """
    with office(way, phones) as (port, group, codes):
        requests = make_requests(f"http://127.0.0.1:{port}", codes, batches, events)
        used = processor_s(group)
        run = send_all(port, requests, every_s=events / pace if pace else 0.0)
        used = processor_s(group) - used
    assert run.taken == phones * batches * events, run.taken
    ordered = sorted(run.took)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    each = 1e6 / run.taken
    cells = (
        run.taken / run.seconds,
        used * each,
        run.own_s * each,
        statistics.median(ordered) * 1000,
        p99 * 1000,
    )
    return " | ".join(f"{cell:,.0f}" for cell in cells)


def main(words: list[str]) -> None:
    """Print the table."""
    given = [int(word) for word in words]
    phones, batches, events = (given + [PHONES, BATCHES, EVENTS][len(given) :])[:3]
    print(f"{phones} phones, batches of {events} events, {serving.THREADS} threads a process, full fsync\n")
    print(
        "| how | asked events/s | events/s | server µs an event | sender µs an event | median ms | p99 ms |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|")
    for way in WAYS:
        for pace in (0, *(given[3:] or PACES)):
            asked = f"{pace:,}" if pace else "all at once"
            print(f"| {way.words} | {asked} | {measure(way, phones, batches, events, pace)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
