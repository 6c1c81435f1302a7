"""A real browser before a real server on loopback; the office behind it was made by `prepare.py`."""

import contextlib
import functools
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PASSWORD = "kuda baterai staples benar"
START_S_MAX = 60
# The tests run as root in containers, without a graphics card, and must not call home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Site:
    """A served office."""

    address: str
    home: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEPAT_", "DATABASE_"))}
    return {**kept, "TEPAT_HOME": str(home), "TEPAT_LOG": "WARNING", **more}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(home: Path, kind: str, **environment: str) -> Iterator[Site]:
    """Make an office of a kind and serve it."""
    env = _environment(home, **environment)
    prepare = [sys.executable, str(ROOT / "tests" / "browser" / "prepare.py"), kind, str(home / "rencana")]
    made = subprocess.run(
        prepare, env=env, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert made.returncode == 0, made.stderr[-3000:]
    port = _free_port()
    words = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "tepat.wsgi:application"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--log-level", "warning"),
    ]
    log = (home / "server.log").open("w")
    server = subprocess.Popen(words, env=env, cwd=ROOT, stdout=log, stderr=log)
    site = Site(f"http://127.0.0.1:{port}", home)
    try:
        _wait(site, server)
        yield site
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _wait(site: Site, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S_MAX
    while time.monotonic() < until:
        assert server.poll() is None, (site.home / "server.log").read_text()[-3000:]
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{site.address}/masuk/", timeout=5)
            return
        time.sleep(0.2)
    raise AssertionError((site.home / "server.log").read_text()[-3000:])


@pytest.fixture(scope="session")
def full_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Kota Magelang with both registers and three plans."""
    with served(tmp_path_factory.mktemp("penuh"), "full") as site:
        yield site


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An office with a name and an election, and nothing else."""
    with served(tmp_path_factory.mktemp("kosong"), "empty") as site:
        yield site


@pytest.fixture(scope="session")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server before anybody has set up an office."""
    with served(tmp_path_factory.mktemp("baru"), "nothing") as site:
        yield site


@pytest.fixture(scope="session")
def rehearsal_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The empty office in Mode Latihan."""
    with served(tmp_path_factory.mktemp("latihan"), "empty", TEPAT_LATIHAN="1") as site:
        yield site


@pytest.fixture(scope="session")
def field_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An office with cards, and boxes on their way."""
    with served(tmp_path_factory.mktemp("lapangan"), "field") as site:
        yield site


@pytest.fixture(scope="session")
def practice_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small office in Mode Latihan, with a card and boxes on their way."""
    with served(tmp_path_factory.mktemp("berlatih"), "practice", TEPAT_LATIHAN="1") as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, once for all tests."""
    from playwright.sync_api import sync_playwright

    found = subprocess.run(
        [str(ROOT / "scripts" / "browser-for-tests")],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found.stdout.strip(), args=list(FLAGS))
        yield chromium
        chromium.close()


@functools.cache
def _axe() -> str:
    return (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Visitor:
    """Somebody in front of the browser, with everything that went wrong on their pages."""

    page: Any
    site: Site
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def go(self, path: str) -> Any:
        """Open a path of the site."""
        return self.page.goto(self.site.address + path)

    def faults(self) -> list[str]:
        """Return what axe finds on the page as it stands, in one line each."""
        if not self.page.evaluate("'axe' in window"):
            # Through the debugger, because the page's own policy rightly forbids foreign scripts.
            session = self.page.context.new_cdp_session(self.page)
            session.send("Runtime.evaluate", {"expression": _axe() + ";0"})
            session.detach()
        found = self.page.evaluate(
            "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        )
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]

    def overflow_px(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(script))


type Enter = Callable[..., Visitor]


@pytest.fixture(scope="session")
def signed_in() -> dict[tuple[str, str], Any]:
    """Sessions by site and person, so that each signs in once."""
    return {}


@pytest.fixture
def enter(browser: Any, signed_in: dict[tuple[str, str], Any]) -> Iterator[Enter]:
    """Return a way to come in as somebody, with a window of some size."""
    contexts = []

    def come(
        site: Site, name: str | None, *, size: tuple[int, int] = (1366, 768), scripts: bool = True
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            accept_downloads=True,
            storage_state=signed_in.get((site.address, name or "")),
        )
        contexts.append(context)
        visitor = Visitor(context.new_page(), site)
        visitor.page.on("console", lambda said: _hear(visitor, said))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.on("request", lambda asked: visitor.hosts.add(asked.url.split("/")[2]))
        if name and (site.address, name) not in signed_in:
            visitor.go("/masuk/")
            visitor.page.get_by_label("Nama pengguna").fill(name)
            visitor.page.get_by_label("Kata sandi").fill(PASSWORD)
            visitor.page.get_by_role("button", name="Masuk").click()
            visitor.page.get_by_role("button", name="Keluar").wait_for()
            signed_in[site.address, name] = context.storage_state()
        return visitor

    yield come
    for context in contexts:
        context.close()


def _hear(visitor: Visitor, said: Any) -> None:
    """Keep errors; a page that is meant to refuse answers 4xx, which the browser calls an error too."""
    if said.type == "error" and "the server responded with a status of 4" not in said.text:
        visitor.complaints.append(said.text)


@pytest.fixture
def phone(browser: Any, field_site: Site) -> Iterator[Callable[..., Visitor]]:
    """Return a way to take out a phone, whose camera sees a film; none may complain or ask another host."""
    from tests.browser.field_phone import open_phone

    phones: list[Visitor] = []

    def take(film: Path | None = None, site: Site = field_site) -> Visitor:
        phones.append(open_phone(browser, site, film))
        phones[-1].page.set_default_timeout(15_000)
        return phones[-1]

    yield take
    for one in phones:
        one.page.context.browser.close()
    assert [said for one in phones for said in one.complaints] == []
    assert [one.hosts - {one.site.address.removeprefix("http://")} for one in phones if one.hosts] == [
        set() for one in phones if one.hosts
    ]
