"""The verify page in a real browser at the size of Blora's history: time and memory.

python -m benchmarks.verify_page [ENTRIES] [RUNS]; the browser is TEPAT_BROWSER (scripts/browser-for-tests).

The folder is `benchmarks.log`'s, opened from the disk without a network. Memory is what all of the browser's
processes hold at the most, beside what they hold before the folder is chosen (proportional set size).
"""

import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.log import ENTRIES, build_tiles, made_entries

RUNS = 3
SAMPLE_S = 0.2
WAIT_MS = 600_000
FOUND = "daftar-berkas.json bukan daftar yang disebut catatan"
TPS_BOX = "kotak:33.16-00007"


def family(root: int) -> list[int]:
    """Return a process and all that it has started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += parents.get(process, [])
    return found


def memory_mib(root: int) -> float:
    """Return the proportional memory of a process and its children."""
    total = 0
    for process in family(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


class Watch(threading.Thread):
    """Notes the most memory that was held."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.most, self.stopped = root, 0.0, threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(SAMPLE_S):
            self.most = max(self.most, memory_mib(self.root))


def once(folder: Path, browser_path: str) -> tuple[float, float, float, float]:
    """Check the folder once; return seconds, seconds of one search, MiB before and at the most."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        page.goto((folder / "verify.html").as_uri())
        before = memory_mib(os.getpid()) - memory_of_self()
        watch = Watch(os.getpid())
        watch.start()
        page.get_by_label("Kunci kantor").fill((folder / "kunci.txt").read_text(encoding="utf-8").strip())
        began = time.perf_counter()
        page.get_by_label("Folder catatan terbuka").set_input_files(folder)
        page.get_by_role("button", name="Periksa").click()
        page.locator("#hasil").wait_for(timeout=WAIT_MS)
        took = time.perf_counter() - began
        said = page.locator("#hasil").inner_text()
        # Only the list of the portal's files is not there: every entry was read and fits the checkpoint.
        assert FOUND in said, said
        began = time.perf_counter()
        page.get_by_label("Kode TPS, desa, atau kotak").fill(TPS_BOX)
        page.locator("#baris tr").first.wait_for(timeout=WAIT_MS)
        searched = time.perf_counter() - began
        watch.stopped.set()
        watch.join()
        browser.close()
    return took, searched, before, watch.most - memory_of_self()


def memory_of_self() -> float:
    """Return what this program itself holds."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main(entries: int, runs: int) -> None:
    """Measure and print one table."""
    browser = os.environ.get("TEPAT_BROWSER") or shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory() as room:
        from tepat.publication.page import verify_page

        folder = Path(room) / "catatan"
        build_tiles(made_entries(entries), folder)
        (folder / "verify.html").write_text(verify_page(), encoding="utf-8")
        found = [once(folder, browser) for _ in range(runs)]
    print("| what | median | least–most |\n|---|---|---|")
    names = ("checked, s", "one box searched, s", "MiB before", "MiB at the most")
    for name, values in zip(names, zip(*found, strict=True), strict=True):
        print(f"| {name} | {statistics.median(values):.1f} | {min(values):.1f}–{max(values):.1f} |")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(ENTRIES, RUNS)[len(given) :])
