"""How the search's inner functions are compiled: by Numba, once for a machine, kept on disk.

Compiling takes half a minute of one core, so it is done ahead (`python -m tepat.solvers.splitting`). What is
kept lies in a folder named by the sources' hash: Numba itself looks only at the one file a function stands in
and would keep using an old function that a changed one calls.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

HAVE_COMPILER = find_spec("numba") is not None
"""Whether the extra `cepat` is installed; without it the functions here are plain Python and crawl."""

SOURCES = ("book", "deciding", "drafting", "metering", "moves", "opening")
"""The modules of which compiled functions are made."""

FOLDER_PREFIX = "belah-"
READY_FILE, BUSY_FILE = "siap", "sedang"
_COMPILING: list["subprocess.Popen[bytes]"] = []
"""Compilations this process began: held so that none is thrown away while it runs."""

BUSY_S_MAX = 600
"""A compilation begun longer ago than this has died; another may begin."""


@cache
def folder() -> Path:
    """Return where compiled functions are kept: beside the package, or in the user's cache."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((here / f"{name}.py").read_bytes())
    digest.update(f"{sys.version} {platform.machine()} {compiler_version()}".encode())
    beside = here / "__pycache__"
    if not os.access(beside if beside.exists() else here, os.W_OK):
        beside = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tepat"
    return beside / f"{FOLDER_PREFIX}{digest.hexdigest()[:16]}"


def compiler_version() -> str:
    """Return Numba's version, empty without it."""
    return version("numba") if HAVE_COMPILER else ""


def ready() -> bool:
    """Tell whether everything is compiled for these very sources."""
    return HAVE_COMPILER and (folder() / READY_FILE).exists()


def begin_compiling() -> None:
    """Compile in a process of its own, unless that is done or under way; returns at once."""
    if HAVE_COMPILER and not ready() and not _under_way():
        _COMPILING.append(
            subprocess.Popen(
                [sys.executable, "-m", "tepat.solvers.splitting"],
                env=os.environ | {"NUMBA_OPT": "2"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )


def compile_by(run: Callable[[], object]) -> None:
    """Compile by running something that calls everything; then forget what older sources left behind."""
    where = folder()
    where.mkdir(parents=True, exist_ok=True)
    (where / BUSY_FILE).touch()
    run()
    (where / READY_FILE).touch()
    (where / BUSY_FILE).unlink(missing_ok=True)
    for other in where.parent.glob(f"{FOLDER_PREFIX}*"):
        if other != where:
            shutil.rmtree(other, ignore_errors=True)


def _under_way() -> bool:
    try:
        begun = (folder() / BUSY_FILE).stat().st_mtime
    except OSError:
        return False
    return time.time() - begun < BUSY_S_MAX


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Return a function compiled for those that are kept to call."""
    return _compiled(function)


def inlined[F: Callable[..., Any]](function: F) -> F:
    """Return a compiled function that is written out wherever it is used: for one-liners."""
    return _compiled(function, forceinline=True)


def kept[F: Callable[..., Any]](function: F) -> F:
    """Return a compiled function that Python calls; only these are kept, with all that they call inside."""
    return _compiled(function, cache=True)


def _compiled[F: Callable[..., Any]](function: F, **options: bool) -> F:
    if not HAVE_COMPILER:
        return function
    numba: Any = import_module("numba")
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder())
    try:
        return cast("F", numba.njit(nogil=True, error_model="numpy", **options)(function))
    finally:
        numba.config.CACHE_DIR = before
