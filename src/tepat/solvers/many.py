"""Many problems, each solved in a process of its own: what breaks costs one problem, what is finished stays.

`Many` is what `tepat plan many` runs. A finished problem leaves its plan and a record beside it; a record
whose hashes still fit is not computed again.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from tepat.common.errors import Refused
from tepat.common.unread import why_unread
from tepat.common.whole_files import reason_of, write_whole

PROBLEMS_MAX = 2_000
TRIES_MAX = 2
"""A problem whose process broke is tried once more."""

OUTSIDE_SEARCH_S = 180
"""Seconds beyond the search that a process may take: reading, dates, clocks, checking."""

COMMAND = (sys.executable, "-m", "tepat.solvers.many_child")
RECORD_FILE = "selesai.json"

Status = Literal["accepted", "incomplete", "failed"]


class Order(Struct, frozen=True, kw_only=True):
    """What one process is asked to do."""

    problem: str
    strategy: str
    seconds: int | None
    iterations: int | None
    seed: int
    memory_bytes_max: int
    plan: str


class Record(Struct, frozen=True, kw_only=True):
    """One problem's end; kept beside its plan.

    Args:
        problem: Its folder or file, below the folder of all.
        problem_sha256: Of the bytes that were read.
        terms_sha256: Of strategy, budget and seed as asked.
        plan_sha256: Of the plan's bytes; empty where there is none.
        note: Why there is no whole plan, in words.
        took_s: Seconds of the clock.
        tries: How many processes were begun.
    """

    problem: str
    office: str = ""
    strategy: str = ""
    status: Status = "failed"
    places: int = 0
    units: int = 0
    unserved: int = 0
    cost_rupiah: int | None = None
    distance_m: int | None = None
    vehicle_days: int | None = None
    trips: int | None = None
    problem_sha256: str = ""
    terms_sha256: str = ""
    plan_sha256: str = ""
    note: str = ""
    took_s: float = 0.0
    tries: int = 0
    skipped: bool = False


@dataclass(frozen=True)
class Errand:
    """One problem to solve.

    Args:
        name: How it is called in the table.
        file: Its problem.json.
        folder: Where its plan and record go.
    """

    name: str
    file: Path
    folder: Path


@dataclass
class Many:
    """How a folder of problems is planned.

    Args:
        strategy: A strategy's name; empty = the first of each problem that is no baseline.
        seconds: Seconds of search for each problem, or None.
        iterations: Or iterations.
        seed: The random seed.
        workers: Problems at a time.
        memory_mb: What one process may take.
        command: The program of a process; tests put a broken one in its place.
    """

    strategy: str = ""
    seconds: int | None = None
    iterations: int | None = None
    seed: int = 1
    workers: int = 1
    memory_mb: int = 4_000
    limit_s: float | None = None
    command: Sequence[str] = COMMAND
    _running: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def terms_sha256(self) -> str:
        """The hash of what makes a plan what it is, beside its problem."""
        terms = f"{self.strategy}/{self.seconds}/{self.iterations}/{self.seed}"
        return hashlib.sha256(terms.encode()).hexdigest()

    @property
    def time_limit_s(self) -> float:
        """The seconds after which a process is ended."""
        return self.limit_s if self.limit_s is not None else (self.seconds or 3_600) + OUTSIDE_SEARCH_S

    def run(self, errands: Sequence[Errand], tell: Callable[[Record], None]) -> list[Record]:
        """Solve all; what is finished is skipped. The records stand in the order of the errands.

        Args:
            errands: The problems.
            tell: Hears each record as it comes.
        """
        found: dict[str, Record] = {}
        with ThreadPoolExecutor(max_workers=self.workers, thread_name_prefix="tepat-banyak") as pool:
            waiting = [pool.submit(self.one, each) for each in errands]
            try:
                for done in as_completed(waiting):
                    record = done.result()
                    found[record.problem] = record
                    tell(record)
            except BaseException:
                self._stopped.set()
                for each in waiting:
                    each.cancel()
                self._end_all()
                raise
        return [found[each.name] for each in errands]

    def one(self, errand: Errand) -> Record:
        """Solve one problem in a process of its own, or return what was found before."""
        known = self.finished(errand)
        if known is not None:
            return msgspec.structs.replace(known, skipped=True)
        begun, record = time.monotonic(), Record(problem=errand.name)
        for tries in range(1, TRIES_MAX + 1):
            record = self._process(errand)
            record = msgspec.structs.replace(
                record,
                problem=errand.name,
                terms_sha256=self.terms_sha256,
                took_s=round(time.monotonic() - begun, 1),
                tries=tries,
            )
            if record.problem_sha256 or self._stopped.is_set():
                break
        if record.problem_sha256:
            write_whole(errand.folder / RECORD_FILE, msgspec.json.encode(record))
        return record

    def finished(self, errand: Errand) -> Record | None:
        """Return the record of an earlier run if problem, terms and plan are still the same."""
        try:
            record = msgspec.json.decode((errand.folder / RECORD_FILE).read_bytes(), type=Record)
            plan = _sha256(errand.folder / plan_name(record.strategy))
            same = plan == record.plan_sha256 and _sha256(errand.file) == record.problem_sha256
        except (OSError, msgspec.MsgspecError):
            return None
        return record if same and record.terms_sha256 == self.terms_sha256 else None

    def _process(self, errand: Errand) -> Record:
        """Return what one process said; a broken one is a record without the problem's hash."""
        try:
            errand.folder.mkdir(parents=True, exist_ok=True)
            order = self._order(errand)
            process = subprocess.Popen(  # noqa: S603 - our own module, or a test's stand-in
                [*self.command, msgspec.json.encode(order).decode()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return Record(problem=errand.name, note=reason_of(error))
        with self._watched(process.pid):
            try:
                said, _ = process.communicate(timeout=self.time_limit_s)
            except subprocess.TimeoutExpired:
                end_group(process.pid)
                process.communicate()
                note = f"melewati {self.time_limit_s:.0f} detik dan dihentikan"
                return Record(problem=errand.name, note=note)
        if process.returncode:
            end_group(process.pid)
            return Record(problem=errand.name, note=_broken(process.returncode))
        try:
            return msgspec.json.decode(said, type=Record)
        except msgspec.MsgspecError as error:
            return Record(problem=errand.name, note=why_unread(error))

    def _order(self, errand: Errand) -> Order:
        return Order(
            problem=str(errand.file),
            strategy=self.strategy,
            seconds=self.seconds,
            iterations=self.iterations,
            seed=self.seed,
            memory_bytes_max=self.memory_mb * 1_000_000,
            plan=str(errand.folder),
        )

    @contextlib.contextmanager
    def _watched(self, pid: int) -> Iterator[None]:
        """Know of a process while it runs, so that an interruption ends it with all its children."""
        with self._lock:
            self._running.add(pid)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(pid)

    def _end_all(self) -> None:
        with self._lock:
            for pid in self._running:
                end_group(pid)


def end_group(pid: int) -> None:
    """End a process that leads its own group, and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def plan_name(strategy: str) -> str:
    """Return the file of a strategy's plan."""
    return f"plan-{strategy}.json"


def _broken(code: int) -> str:
    if code < 0:
        return f"proses dihentikan dari luar (sinyal {-code})"
    return f"proses berhenti mendadak (kode {code}); mungkin memori habis"


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def errands_in(folder: Path, out: Path) -> list[Errand]:
    """Return the problems of a folder: sub-folders with a problem.json, and single files of that schema.

    Args:
        folder: The folder of all.
        out: Where plans and records go, a sub-folder for each problem.

    Raises:
        Refused: MANY-NONE, MANY-TOO-MANY.
    """
    if not folder.is_dir():
        raise Refused("MANY-NONE", folder=folder)
    found = []
    for entry in sorted(folder.iterdir()):
        inside = entry / "problem.json"
        if entry.is_dir() and entry.resolve() != out.resolve() and inside.is_file():
            found.append(Errand(entry.name, inside, out / entry.name))
        elif entry.suffix == ".json" and _is_problem(entry):
            found.append(Errand(entry.stem, entry, out / entry.stem))
    if not found:
        raise Refused("MANY-NONE", folder=folder)
    if len(found) > PROBLEMS_MAX:
        raise Refused("MANY-TOO-MANY", found=len(found), limit=PROBLEMS_MAX)
    return found


def _is_problem(file: Path) -> bool:
    with file.open("rb") as stream:
        return b'"tepat/problem"' in stream.read(200)
