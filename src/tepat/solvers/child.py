"""The process in which PyVRP runs (`python -m tepat.solvers.child`): it may break, the parent lives."""

import os
import sys
import time
import warnings
from typing import Any, BinaryIO

from tepat.solvers import pyvrp_model
from tepat.solvers.exact_fill import fill
from tepat.solvers.frames import News, Order, Result, Trouble, receive, send

NEIGHBOURS = 50
"""Pieces tried next to each: twice PyVRP's own habit, because pieces of one place crowd together."""

HISTORY_LENGTH = 100
"""Late acceptance: short, because a large part sees only some thousand iterations."""

NEWS_EVERY_S = 0.3
IDLE_ITERATIONS_MAX = 60_000
"""Iterations without a better answer after which a search ends early."""

MEMORY_BYTES_MAX = 4_000_000_000


def main() -> None:
    """Answer orders from standard input until it closes."""
    _limit_memory()
    warnings.simplefilter("ignore")
    orders, said = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while (order := receive(orders, Order)) is not None:
        try:
            send(said, route(order, said))
        except MemoryError:
            send(said, Trouble(reason=f"memori melewati {MEMORY_BYTES_MAX // 10**6} MB"))
        except Exception as error:  # noqa: BLE001 - whatever breaks is told to the parent
            send(said, Trouble(reason=f"{type(error).__name__}: {error}"))


def route(order: Order, said: BinaryIO) -> Result:
    """Return the answer to one order, telling news on the way."""
    import pyvrp

    started = time.time()
    filling = fill(order.part, order.seed)
    model = pyvrp_model.build(order.part, filling)
    first = pyvrp_model.start(model, filling)
    teller = _Teller(model, order, started, said)
    teller.tell(first if first.is_feasible() or not model.all_required else None)
    params = pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(callbacks=teller.callbacks(), history_length=HISTORY_LENGTH),
        neighbourhood=pyvrp.search.NeighbourhoodParams(num_neighbours=NEIGHBOURS),
    )
    stops: list[Any] = [pyvrp.stop.NoImprovement(IDLE_ITERATIONS_MAX)]
    if order.iterations is not None:
        stops.append(pyvrp.stop.MaxIterations(order.iterations))
    if order.until is not None:
        stops.append(pyvrp.stop.MaxRuntime(max(0.0, order.until - time.time())))
    found = pyvrp.solve(
        model.data,
        pyvrp.stop.MultipleCriteria(stops),
        seed=order.seed,
        collect_stats=False,
        display=False,
        params=params,
        initial_solution=first,
    ).best
    if not found.is_feasible():
        found = first
    routes, left = pyvrp_model.read(model, found)
    return Result(routes=routes, left=left, best_rupiah=_rupiah(found))


def _rupiah(solution: Any) -> int:
    return int(solution.fixed_vehicle_cost() + solution.distance_cost()) * pyvrp_model.UNIT_RUPIAH


class _Teller:
    """Tells the parent of the search's progress, at most every `NEWS_EVERY_S`."""

    def __init__(self, model: pyvrp_model.Model, order: Order, started: float, said: BinaryIO) -> None:
        self.model, self.order, self.started, self.said = model, order, started, said
        self.iterations = 0
        self.told = 0.0
        self.news: Any = None

    def share(self) -> float:
        """Return how much of the budget is used, 0 to 1."""
        shares = [0.0]
        if self.order.iterations:
            shares.append(self.iterations / self.order.iterations)
        if self.order.until:
            shares.append((time.time() - self.started) / max(0.001, self.order.until - self.started))
        return min(1.0, max(shares))

    def tell(self, solution: Any) -> None:
        """Send news, with the solution's routes if there is a new one."""
        self.told = time.monotonic()
        routes, left = pyvrp_model.read(self.model, solution) if solution is not None else (None, ())
        best = _rupiah(solution) if solution is not None else None
        send(self.said, News(share=self.share(), best_rupiah=best, routes=routes, left=left))

    def callbacks(self) -> Any:
        """Return PyVRP's callbacks."""
        import pyvrp

        teller = self

        class Callbacks(pyvrp.IteratedLocalSearchCallbacks):
            def on_best(self, best: Any) -> None:
                if best.is_feasible():
                    teller.news = best

            def on_iteration(self, *_: Any) -> None:
                teller.iterations += 1
                if time.monotonic() - teller.told > NEWS_EVERY_S:
                    teller.tell(teller.news)
                    teller.news = None

        return Callbacks()


def _limit_memory() -> None:
    """Ask the system to refuse memory beyond the limit, where it can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))


if __name__ == "__main__":
    main()
