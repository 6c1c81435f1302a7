"""From a bare clone to the plan on the map: git clone, `make demo`, sign in, the plan's screen and its map.

Packages come from where the machine gets them. With --cold nothing that was fetched before is used again.

python -m benchmarks.fresh_clone [--cold]
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.demo_office import Visitor, environment, free_port, password_in
from benchmarks.measuring import Runs, processor_s, show

ROOT = Path(__file__).parents[1]
SERVED_S_MAX = 1_200
CACHES = {"UV_CACHE_DIR": "uv", "PIP_CACHE_DIR": "pip", "npm_config_cache": "npm"}


def main(words: list[str]) -> None:
    """Clone what is committed and time the way to its first plan."""
    cold = "--cold" in words
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "tepat"
        port = free_port()
        caches = {name: str(Path(folder) / place) for name, place in CACHES.items()} if cold else {}
        kept = {name: value for name, value in environment(**caches).items() if name != "VIRTUAL_ENV"}
        steps = {"cloned": 0.0, "served": 0.0, "plan on the map": 0.0}
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", "--no-local", str(ROOT), str(clone)], check=True)
        steps["cloned"] = time.perf_counter() - began
        command = ["make", "demo", f"PORT={port}"]
        demo = subprocess.Popen(command, cwd=clone, env=kept, stdout=sys.stderr, start_new_session=True)
        try:
            visitor = Visitor(f"http://127.0.0.1:{port}")
            visitor.wait(SERVED_S_MAX)
            steps["served"] = time.perf_counter() - began
            visitor.sign_in(password_in(clone / "var" / "demo"))
            plan = visitor.plan()
            screen, drawn = visitor.read(plan), json.loads(visitor.read(f"{plan}peta.json"))
            steps["plan on the map"] = time.perf_counter() - began
            assert "<table" in screen
            assert drawn, "an empty map"
        finally:
            os.killpg(demo.pid, signal.SIGTERM)
            demo.wait(60)
        places = "fetched anew" if cold else "as cached on this machine"
        runs = [Runs(f"{step} (packages {places})", [seconds]) for step, seconds in steps.items()]
        runs[-1].processor_s.append(processor_s())  # of all that was started, its stopping included
        show(runs)


if __name__ == "__main__":
    main(sys.argv[1:])
