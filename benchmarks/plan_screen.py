"""The plan's screen with Blora's 295 PPS on 3G (1.6 Mbit/s, 300 ms): when it can be read, and what it weighs.

Each run has an empty cache. *Readable* is when the page, its styles and its tables are there; the map comes
after, when somebody scrolls to it.

python -m benchmarks.plan_screen [RUNS]
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.demo_office import Visitor, served_blora
from benchmarks.measuring import spread

RUNS = 5
DOWN_BITS_S, UP_BITS_S, LATENCY_MS = 1_600_000, 750_000, 300
ROOT = Path(__file__).parents[1]
READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const readable = Math.max(page.domContentLoadedEventEnd, paint ? paint.startTime : 0);
  const files = performance.getEntriesByType("resource")
    .map((one) => ({name: one.name.split("/").pop(), end: one.responseEnd, bytes: one.transferSize}));
  const rows = document.querySelectorAll("main tbody tr").length;
  return {readable, bytes: page.transferSize, files, rows};
}"""


@dataclass
class Seen:
    """What the runs of one screen showed."""

    readable_s: list[float] = field(default_factory=list)
    readable_kb: list[float] = field(default_factory=list)
    all_kb: list[float] = field(default_factory=list)
    last_s: list[float] = field(default_factory=list)
    rows: int = 0

    def add(self, found: dict[str, Any]) -> None:
        """Note one run."""
        files = found["files"]
        before = sum(one["bytes"] for one in files if one["end"] <= found["readable"])
        self.readable_s.append(found["readable"] / 1000)
        self.readable_kb.append((found["bytes"] + before) / 1000)
        self.all_kb.append((found["bytes"] + sum(one["bytes"] for one in files)) / 1000)
        self.last_s.append(max([one["end"] for one in files], default=found["readable"]) / 1000)
        self.rows = found["rows"]


def browser_path() -> str:
    """Return a Chromium of this machine."""
    found = subprocess.run(
        [str(ROOT / "scripts" / "browser-for-tests")], check=True, capture_output=True, text=True
    )
    return found.stdout.strip()


def visit(browser: Any, visitor: Visitor, path: str) -> dict[str, Any]:
    """Open a screen in a new browser with nothing in its cache, on a slow line."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    try:
        cookies = [
            {"name": one.name, "value": one.value or "", "url": visitor.address} for one in visitor.jar
        ]
        context.add_cookies(cookies)
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": DOWN_BITS_S / 8,
                "uploadThroughput": UP_BITS_S / 8,
            },
        )
        page.goto(visitor.address + path, wait_until="networkidle", timeout=120_000)
        if page.locator("#peta").count():
            page.locator("#peta").scroll_into_view_if_needed()
            page.locator("#peta canvas").first.wait_for(timeout=120_000)
            page.wait_for_load_state("networkidle")
        found: dict[str, Any] = page.evaluate(READ)
    finally:
        context.close()
    return found


def main(runs: int) -> None:
    """Visit the comparison and one plan."""
    from playwright.sync_api import sync_playwright

    seen: dict[str, Seen] = {}
    with tempfile.TemporaryDirectory() as folder, served_blora(Path(folder)) as visitor:
        screens = {"comparison": "/distribusi/rencana/", "one plan": visitor.plan()}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browser_path(),
                args=["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"],
            )
            for name, path in screens.items():
                visitor.read(path)  # the server's own first time is not the line's
                seen[name] = Seen()
                for _ in range(runs):
                    seen[name].add(visit(browser, visitor, path))
            browser.close()
    print(f"{runs} runs each; median (least–most)\n")
    print("| screen | rows | readable | until then | with the map | last file |\n|---|---|---|---|---|---|")
    for name, one in seen.items():
        cells = [
            *(name, str(one.rows), spread(one.readable_s)),
            *(spread(one.readable_kb, "kB"), spread(one.all_kb, "kB"), spread(one.last_s)),
        ]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
