"""An office of the demonstration, for benchmarks of its screens: made, served on loopback, signed in to."""

import contextlib
import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measuring import blora

from tepat.distribution import documents
from tepat.distribution.routing import Budget
from tepat.distribution.solving import solve
from tepat.operations.demo_office import PASSWORD_FILE
from tepat.solvers.pyvrp_engine import PyvrpEngine

ACCOUNT = "kul"
STRATEGY = "langsung-pps"
ITERATIONS = 20
START_S_MAX = 180
OPEN = """
from pathlib import Path
from tepat.operations.demo_office import open_demo_office
from tepat.common.clock import now
open_demo_office(Path({!r}), "33.16", at=now(), tell=print)
"""


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """Return the environment without anything of an office at hand."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEPAT_", "DATABASE_"))}
    return {**kept, **more}


def password_in(out: Path) -> str:
    """Return the password that a demo made in its folder."""
    return (out / PASSWORD_FILE).read_text(encoding="utf-8").strip()


@dataclass
class Visitor:
    """Somebody without a browser who keeps cookies.

    Args:
        address: Of the office, without a slash at its end.
    """

    address: str
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        """Keep the cookies of all requests in one place."""
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def read(self, path: str, form: dict[str, str] | None = None) -> str:
        """Return what an address answers."""
        posted = urllib.parse.urlencode(form).encode() if form else None
        with self.opener.open(self.address + path, posted, timeout=60) as answer:
            body: bytes = answer.read()
        return body.decode()

    def wait(self, seconds: float) -> None:
        """Wait until the office answers.

        Raises:
            TimeoutError: It does not.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self.read("/masuk/")
                return
            time.sleep(0.2)
        raise TimeoutError(self.address)

    def sign_in(self, password: str) -> None:
        """Sign in as the head of logistics."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.read("/masuk/"))
        assert token, "no form to sign in"
        form = {"csrfmiddlewaretoken": token[1], "username": ACCOUNT, "password": password, "next": "/"}
        assert "Keluar" in self.read("/masuk/", form), "not signed in"

    def plan(self) -> str:
        """Return the address of the first plan in the comparison."""
        found = re.search(r'href="(/distribusi/rencana/\d+/)"', self.read("/distribusi/rencana/"))
        assert found, "no plan in the comparison"
        return found[1]


@contextlib.contextmanager
def served_blora(out: Path) -> Iterator[Visitor]:
    """Make Blora's office with one checked plan, serve it, and yield somebody who is signed in."""
    problem, matrices = blora(out)
    budget = Budget(iterations=ITERATIONS)
    plan = solve(problem, STRATEGY, matrices, engine=PyvrpEngine(), seed=1, budget=budget)
    documents.write(plan, out / f"plan-{STRATEGY}.json")
    env = environment(TEPAT_HOME=str(out / "kantor"), TEPAT_LOG="WARNING")
    subprocess.run([sys.executable, "-c", OPEN.format(str(out))], check=True, env=env, capture_output=True)
    port = free_port()
    server: subprocess.Popen[Any] = subprocess.Popen(
        [sys.executable, "-m", "tepat", "serve", "--port", str(port)], env=env, stdout=subprocess.DEVNULL
    )
    try:
        visitor = Visitor(f"http://127.0.0.1:{port}")
        visitor.wait(START_S_MAX)
        visitor.sign_in(password_in(out))
        yield visitor
    finally:
        server.terminate()
        server.wait(30)
