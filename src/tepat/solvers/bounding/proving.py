"""The bound of a whole strategy, proved in a process that may break."""

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from tepat.common.errors import Refused
from tepat.distribution.bounds import BOUND_VERSION, Bound
from tepat.distribution.case import Matrices, open_case
from tepat.distribution.documents import sha256
from tepat.distribution.problems import Problem
from tepat.solvers.bounding.child import Order, Told
from tepat.solvers.bounding.pricing import HAVE_COMPILER
from tepat.solvers.bounding.relaxing import ASSUMED, relax

GRACE_S = 30.0
"""How long past its seconds the process may run: on a new machine it compiles first."""

COMMAND = (sys.executable, "-m", "tepat.solvers.bounding.child")

Listener = Callable[[Told], None]


def prove_bound(
    problem: Problem,
    strategy: str,
    matrices: Matrices,
    *,
    seconds: float,
    progress: Listener | None = None,
    command: Sequence[str] = COMMAND,
) -> Bound:
    """Return how cheap any plan of a strategy can be; true whenever it is stopped, sharp when it converged.

    Args:
        problem: The problem.
        strategy: The name of one of its strategies.
        matrices: Travel by vehicle class and weather.
        seconds: How long to search.
        progress: Hears of each better bound, without the part of the bill that no route changes; what it
            raises ends the search.
        command: The program of the child; tests put a broken one in its place.

    Raises:
        Refused: BOUND-NO-EXTRA, BOUND-IMPOSSIBLE, BOUND-BROKE, SOLVE-NO-STRATEGY, SOLVE-NO-MATRIX.
    """
    if not HAVE_COMPILER:
        raise Refused("BOUND-NO-EXTRA")
    relaxed = relax(open_case(problem, strategy, matrices))
    last = _last_word(Order(hauls=relaxed.hauls, seconds=seconds), command, progress)
    if last is None and relaxed.hauls:
        raise Refused("BOUND-BROKE", strategy=strategy)
    return Bound(
        schema="tepat/bound",
        schema_version=BOUND_VERSION,
        problem_id=problem.id,
        problem_sha256=sha256(problem),
        strategy=strategy,
        bound_rupiah=relaxed.fixed_rupiah + (last.bound_rupiah if last is not None else 0),
        converged=last is None or last.converged,
        seconds=round(seconds),
        assumed=ASSUMED,
    )


def bound_file(plan: Path, strategy: str) -> Path:
    """Return where the bound of a strategy lies: beside its plan."""
    return plan.parent / f"bound-{strategy}.json"


def _last_word(order: Order, command: Sequence[str], progress: Listener | None) -> Told | None:
    """Return the last bound that the child told of, whatever became of it."""
    last: Told | None = None
    process = subprocess.Popen(  # noqa: S603 - our own module, or a test's stand-in
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    timer = threading.Timer(order.seconds + GRACE_S, process.kill)
    timer.start()
    try:
        with cast("BinaryIO", process.stdin) as stdin:
            stdin.write(msgspec.msgpack.encode(order))
        for line in cast("BinaryIO", process.stdout):
            last = msgspec.json.decode(line, type=Told)
            if progress is not None:
                progress(last)
    except (OSError, msgspec.MsgspecError):
        return last
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        cast("BinaryIO", process.stdout).close()
    return last
