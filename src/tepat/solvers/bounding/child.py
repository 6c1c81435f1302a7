"""The process that proves (`python -m tepat.solvers.bounding.child`): one order in, a line for each round."""

import os
import sys
import time
from functools import partial
from typing import BinaryIO

import msgspec
from msgspec import Struct

from tepat.solvers.bounding.hauls import MICRO, Haul, Proved
from tepat.solvers.bounding.master import bound_haul

MEMORY_BYTES_MAX = 3_000_000_000


class Order(Struct, frozen=True, kw_only=True):
    """Parent to child: these hauls, and the seconds for all of them."""

    hauls: tuple[Haul, ...]
    seconds: float


class Told(Struct, frozen=True, kw_only=True):
    """Child to parent: what all hauls together cost at least by now, in rupiah rounded down."""

    bound_rupiah: int
    converged: bool
    share: float


def main() -> None:
    """Answer the order on standard input, then end."""
    limit_memory()
    said = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # HiGHS greets on standard output
    prove(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order), said)


def prove(order: Order, said: BinaryIO) -> None:
    """Tell the sum of the bounds whenever one of them rises; the largest hauls get the most time."""
    begun = time.monotonic()
    bounds = [haul.fixed_micro for haul in order.hauls]
    done, begun_on = [False] * len(order.hauls), [False] * len(order.hauls)
    weights = [len(haul.drops) ** 2 * max(1, len(haul.teams)) for haul in order.hauls]

    def say(index: int, proved: Proved) -> None:
        bounds[index], done[index] = proved.bound_micro, proved.converged
        share = min(1.0, (time.monotonic() - begun) / max(0.001, order.seconds))
        told = Told(bound_rupiah=sum(bounds) // MICRO, converged=all(done), share=share)
        said.write(msgspec.json.encode(told) + b"\n")
        said.flush()

    for index in sorted(range(len(order.hauls)), key=lambda each: weights[each]):
        waiting = sum(weight for weight, each in zip(weights, begun_on, strict=True) if not each)
        begun_on[index] = True
        left_s = max(0.0, order.seconds - (time.monotonic() - begun))
        until = time.monotonic() + left_s * weights[index] / max(1, waiting)
        say(index, bound_haul(order.hauls[index], until=until, tell=partial(say, index)))


def limit_memory() -> None:
    """Ask the system to refuse memory beyond the limit, where it can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))


if __name__ == "__main__":
    main()
