"""Running the road engine and the reader of extracts as processes of their own, with a hard time limit."""

import importlib.util
import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from tepat.common.errors import Refused

IMPORT_SECONDS_MAX = 3_600
"""One step of an import (reading, osrm-extract, osrm-partition, osrm-customize)."""

TABLE_SECONDS_MAX = 900
"""One matrix."""

REASON_CHARACTERS_MAX = 300

OUR_VARIABLES = "TEPAT_"
"""What profiles read is given to them by us alone, never by the user's shell."""


class ChildFailedError(Exception):
    """A child process gave no answer; `reason` is what it said last."""

    def __init__(self, step: str, reason: str) -> None:
        self.step = step
        self.reason = reason[-REASON_CHARACTERS_MAX:].strip()
        super().__init__(step, self.reason)


def need_engine() -> Path:
    """Return the folder of the installed road engine.

    Raises:
        Refused: ROADS-NO-ENGINE: the `roads` extra is not installed.
    """
    found = importlib.util.find_spec("osrm")
    if found is None or found.origin is None or importlib.util.find_spec("osmium") is None:
        raise Refused("ROADS-NO-ENGINE")
    return Path(found.origin).parent


def engine_version() -> str:
    """Return the version of the installed road engine."""
    from importlib.metadata import version

    return version("osrm-bindings")


def run_child(request: dict[str, Any], *, seconds: int) -> dict[str, Any]:
    """Return the answer of `tepat.roads.child` to a request.

    Args:
        request: What to do; `task` names it.
        seconds: When the child is killed.

    Raises:
        ChildFailedError: It crashed or named a reason.
        OSError: There was no room for its answer.
        Refused: ROADS-TIMEOUT.
    """
    step = str(request["task"])
    done = _run(
        step, [sys.executable, "-P", "-m", "tepat.roads.child"], stdin=json.dumps(request), seconds=seconds
    )
    if done.returncode == 3:
        said = json.loads(done.stdout)
        if said.get("errno"):
            raise OSError(said["errno"], said["reason"])
        raise ChildFailedError(step, said["reason"])
    if done.returncode != 0:
        raise ChildFailedError(step, _last_line(done.stderr) or f"berhenti dengan kode {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def run_tool(
    name: str,
    *arguments: str,
    environment: dict[str, str] | None = None,
    seconds: int = IMPORT_SECONDS_MAX,
) -> None:
    """Run one of the road engine's programs, such as ``osrm-extract``.

    Args:
        name: The program.
        arguments: Its arguments.
        environment: Variables the profile reads.
        seconds: When it is killed.

    Raises:
        ChildFailedError: It failed.
        Refused: ROADS-NO-ENGINE, ROADS-TIMEOUT.
    """
    home = need_engine()
    program = home / "bin" / (f"{name}.exe" if os.name == "nt" else name)
    with resources.as_file(resources.files("tepat.roads") / "profiles") as profiles:
        lua_path = f"{home / 'share' / 'profiles'}/?.lua;{profiles}/?.lua"
        done = _run(
            name,
            [str(program), "-l", "WARNING", *arguments],
            seconds=seconds,
            environment={"LUA_PATH": lua_path} | (environment or {}),
        )
    if done.returncode != 0:
        raise ChildFailedError(name, _last_line(done.stderr) or f"berhenti dengan kode {done.returncode}")


def _run(
    step: str,
    command: list[str],
    *,
    seconds: int,
    stdin: str = "",
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OUR_VARIABLES)}
    try:
        return subprocess.run(  # noqa: S603 - our own programs, no shell
            command,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env=inherited | (environment or {}),
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("ROADS-TIMEOUT", step=step, seconds=seconds) from error


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
