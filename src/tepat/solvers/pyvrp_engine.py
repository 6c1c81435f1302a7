"""The routing engine that offices use: searches in child processes, on both cores, each with a hard stop."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import BinaryIO, Self, cast

import msgspec

from tepat.common.unread import why_unread
from tepat.common.whole_files import reason_of
from tepat.distribution.routing import (
    PARTS_MAX,
    Answer,
    Budget,
    Listener,
    Outcome,
    Part,
    Progress,
    SearchStopped,
)
from tepat.solvers.child import PYVRP, SPLITTING
from tepat.solvers.exact_fill import first_answer
from tepat.solvers.frames import News, Order, Result, Said, Trouble, receive, send
from tepat.solvers.splitting.compiling import begin_compiling, compiler_version

WORKERS_MAX = 2
"""Child processes at a time: an office machine has two cores."""

REPLICAS = 2
"""Searches of a part that is alone, from different seeds, so that no core idles; the cheaper counts."""

SILENCE_S_MAX = 60.0
"""A child that says nothing for this long has hung."""

GRACE_S = 8.0
"""How long past its budget a child may run before it is ended."""

SPLITTING_VERSION = "1"
"""Raised whenever the splitting search gives another answer to the same seed and iterations."""

COMMAND = (sys.executable, "-m", "tepat.solvers.child")


@dataclass
class _Task:
    """One search of one part."""

    part: int
    seed: int
    weight: int
    result: Result | None = None
    best: News | None = None
    trouble: str = ""


@dataclass
class _Search:
    """What the workers share: the tasks not yet begun, and who hears of progress."""

    parts: Sequence[Part]
    tasks: list[_Task]
    budget: Budget
    deadline: float | None
    listener: Listener | None
    stopped: threading.Event
    workers: int = WORKERS_MAX
    lock: threading.Lock = field(default_factory=threading.Lock)
    next: int = 0
    done: int = 0

    def take(self) -> tuple[_Task, float | None] | None:
        """Return the next task and its seconds; None when there is none left or the caller has had enough."""
        with self.lock:
            if self.next == len(self.tasks) or self.stopped.is_set():
                return None
            task = self.tasks[self.next]
            waiting = sum(each.weight for each in self.tasks[self.next :])
            self.next += 1
            if self.deadline is None:
                return task, None
            left_s = max(0.0, self.deadline - time.monotonic())
            workers = min(self.workers, len(self.tasks))
            return task, min(left_s, left_s * workers * task.weight / max(1, waiting))

    def tell(self, task: _Task, share: float) -> None:
        """Tell the listener how far a task is."""
        if self.listener is None:
            return
        best = task.result or task.best
        with self.lock:
            self.listener(
                Progress(
                    part=self.parts[task.part].name,
                    parts_done=self.done,
                    parts=len(self.tasks),
                    share=share,
                    best_rupiah=best.best_rupiah if best is not None else None,
                    trouble=task.trouble,
                )
            )


class PyvrpEngine:
    """Routes parts with our splitting search, or with PyVRP where that is better or the other is not there.

    Args:
        command: The program of a child; tests put a broken one in its place.
        silence_s_max: Seconds without a word after which a child counts as hung.
        workers: Child processes at a time; one where many problems share the cores.
    """

    def __init__(
        self,
        *,
        command: Sequence[str] = COMMAND,
        silence_s_max: float = SILENCE_S_MAX,
        workers: int = WORKERS_MAX,
    ) -> None:
        self.workers = workers
        self.command = tuple(command)
        self.silence_s_max = silence_s_max
        self._stopped = threading.Event()
        self._makers: set[str] = set()

    def stop(self) -> None:
        """End the search that runs and every later one of this engine; may be called from any thread."""
        self._stopped.set()

    @property
    def name(self) -> str:
        """The searches whose answers were taken when last it routed: ``belah``, ``pyvrp`` or both."""
        return "+".join(sorted(self._makers)) or PYVRP

    @property
    def version(self) -> str:
        """The versions of those searches, in their order."""
        versions = {SPLITTING: f"{SPLITTING_VERSION}/numba-{compiler_version()}", PYVRP: version("pyvrp")}
        return "+".join(versions[maker] for maker in self.name.split("+"))

    def route(
        self, parts: Sequence[Part], *, seed: int, budget: Budget, progress: Listener | None = None
    ) -> tuple[Answer, ...]:
        """Return one answer per part; see `RoutingEngine`.

        Raises:
            SearchStopped: `stop` was called; the children are gone.
        """
        assert len(parts) <= PARTS_MAX, len(parts)
        begin_compiling()
        replicas = min(REPLICAS, self.workers) if len(parts) == 1 else 1
        tasks = [
            _Task(index, seed + replica, _weight(part))
            for index, part in enumerate(parts)
            for replica in range(replicas)
        ]
        tasks.sort(key=lambda task: (-task.weight, task.part, task.seed))
        deadline = None if budget.seconds is None else time.monotonic() + budget.seconds
        search = _Search(parts, tasks, budget, deadline, progress, self._stopped, self.workers)
        workers = [
            threading.Thread(target=self._work, args=(search,), daemon=True)
            for _ in range(min(self.workers, len(tasks)))
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if self._stopped.is_set():
            raise SearchStopped
        found = [
            _answer(part, [task for task in tasks if task.part == index]) for index, part in enumerate(parts)
        ]
        self._makers = {maker for _, maker in found if maker}
        return tuple(answer for answer, _ in found)

    def _work(self, search: _Search) -> None:
        """Take tasks until there are none; a child serves many, and is replaced when it breaks."""
        child: _Child | None = self._child()
        while (taken := search.take()) is not None:
            task, seconds = taken
            try:
                child = child or _Child(self.command, self.silence_s_max)
                child.run(search, task, seconds)
            except OSError as error:
                task.trouble = reason_of(error)
            if task.trouble and child is not None:
                child.end()
                child = None
            with search.lock:
                search.done += 1
            search.tell(task, 1.0)
        if child is not None:
            child.end()

    def _child(self) -> "_Child | None":
        """Start a child ahead of its first task; a program that cannot be started is told with the task."""
        try:
            return _Child(self.command, self.silence_s_max)
        except OSError:
            return None


class _Child:
    """A child process and the watch over it."""

    def __init__(self, command: Sequence[str], silence_s_max: float) -> None:
        self.silence_s_max = silence_s_max
        self.process = subprocess.Popen(  # noqa: S603 - our own module, or a test's stand-in
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def run(self, search: _Search, task: _Task, seconds: float | None) -> None:
        """Have the child do a task; whatever happens stands in the task afterwards."""
        order = Order(
            part=search.parts[task.part],
            seed=task.seed,
            iterations=search.budget.iterations,
            until=None if seconds is None else time.time() + seconds,
        )
        total_s_max = None if seconds is None else seconds + GRACE_S
        watch = _Watch(self.process, self.silence_s_max, total_s_max, search.stopped)
        with watch:
            try:
                send(cast("BinaryIO", self.process.stdin), order)
                self._listen(search, task, watch)
            except (OSError, msgspec.MsgspecError) as error:
                task.trouble = why_unread(error)
        if watch.fired:
            task.trouble = watch.fired

    def _listen(self, search: _Search, task: _Task, watch: "_Watch") -> None:
        while True:
            said = receive(cast("BinaryIO", self.process.stdout), cast("type[Said]", Said))
            watch.heard()
            if isinstance(said, News):
                if said.routes is not None:
                    task.best = said
                search.tell(task, said.share)
            elif isinstance(said, Result):
                task.result = said
                return
            else:
                task.trouble = (
                    said.reason if isinstance(said, Trouble) else "proses pencari berhenti mendadak"
                )
                return

    def end(self) -> None:
        """End the process and close its pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue


class _Watch:
    """Ends a process that is silent, over its time or no longer wanted; `fired` then says why."""

    CHECK_S = 0.2

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        silence_s_max: float,
        total_s_max: float | None,
        stopped: threading.Event,
    ) -> None:
        self.process = process
        self.silence_s_max = silence_s_max
        self.total_s_max = total_s_max
        self.stopped = stopped
        self.fired = ""
        self._started = self._last = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def heard(self) -> None:
        """Note a sign of life."""
        self._last = time.monotonic()

    def _run(self) -> None:
        while not self._over.wait(self.CHECK_S):
            now = time.monotonic()
            if self.stopped.is_set():
                self.fired = "pencarian dihentikan"
            elif now - self._last > self.silence_s_max:
                self.fired = f"pencari diam lebih dari {self.silence_s_max:.0f} detik dan dihentikan"
            elif self.total_s_max is not None and now - self._started > self.total_s_max:
                self.fired = f"pencari melewati {self.total_s_max:.0f} detik dan dihentikan"
            if self.fired:
                self.process.kill()
                return


def _weight(part: Part) -> int:
    """Return how much search a part deserves: its lots and its full loads."""
    boxes = sum(each.boxes for lot in part.lots for each in lot.cargo)
    largest = max((group.boxes_max for group in part.groups), default=1)
    return len(part.lots) + boxes // max(1, largest)


def _answer(part: Part, tasks: Sequence[_Task]) -> tuple[Answer, str]:
    """Return the best answer among the searches of a part, and its maker.

    What a broken search had told of counts too; the first answer has no maker.
    """
    found = [
        (len(best.left), best.best_rupiah or 0, task.seed, best)
        for task in tasks
        if (best := task.result or task.best) is not None and best.routes is not None
    ]
    troubles = [task.trouble for task in tasks if task.trouble]
    if not found:
        routes, left = first_answer(part)
        message = troubles[0] if troubles else "tidak ada jawaban"
        return Answer(routes=routes, left=left, outcome="stopped", message=message), ""
    left_count, _, _, best = min(found, key=lambda each: each[:3])
    broken = len(troubles) == len(tasks)
    outcome: Outcome = "stopped" if broken else "partial" if left_count else "found"
    message = troubles[0] if broken else ""
    assert best.routes is not None
    return Answer(routes=best.routes, left=best.left, outcome=outcome, message=message), best.by
