"""The process that searches (`python -m tepat.solvers.child`): it may break, the parent lives.

Each part is searched by our own splitting search or by PyVRP; which, decides `splits`
(docs/decisions/0012-split-search.md).
"""

import os
import sys
import threading
import time
import warnings
from typing import Any, BinaryIO

from tepat.distribution.routing import Part, Route
from tepat.solvers import pyvrp_model
from tepat.solvers.exact_fill import Filling, answer_of, fill
from tepat.solvers.frames import News, Order, Result, Trouble, receive, send
from tepat.solvers.splitting.compiling import HAVE_COMPILER, ready

NEIGHBOURS = 50
"""Pieces tried next to each: twice PyVRP's own habit, because pieces of one place crowd together."""

HISTORY_LENGTH = 100
"""Late acceptance: short, because a large part sees only some thousand iterations."""

NEWS_EVERY_S = 0.3
ALIVE_EVERY_S = 5.0
IDLE_ITERATIONS_MAX = 60_000
"""Iterations without a better answer after which a search ends early."""

MEMORY_BYTES_MAX = 4_000_000_000

SPLIT_LOTS_MIN = 60
"""Lots from which the splitting search is better; plans of smaller parts are cheaper by PyVRP (0012)."""

SPLITTING, PYVRP = "belah", "pyvrp"
"""Names of the searches, as plans tell them."""

Better = tuple[tuple[Route, ...], tuple[str, ...], int]
"""An answer on its way to the parent: routes, units left, rupiah."""


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
    teller = _Teller(order, said)
    filling = fill(order.part, order.seed)
    if splits(order.part) and (ready() or (HAVE_COMPILER and order.until is None)):
        return _by_splitting(order, filling, teller)
    return _by_pyvrp(order, filling, teller)


def splits(part: Part) -> bool:
    """Tell whether the splitting search has a part: a large one, for it knows no hours of receiving."""
    if len(part.lots) < SPLIT_LOTS_MIN:
        return False
    last_s = max((group.closes_s for group in part.groups), default=0)
    first_s = min((group.opens_s for group in part.groups), default=0)
    return all(lot.opens_s <= first_s and lot.closes_s >= last_s for lot in part.lots)


def _by_splitting(order: Order, filling: Filling, teller: "_Teller") -> Result:
    """Return the splitting search's answer; while its functions are compiled, a sign of life is given."""
    over = threading.Event()
    alive = threading.Thread(target=teller.stay_alive, args=(over,), daemon=True)
    alive.start()
    try:
        from tepat.solvers.splitting.search import Found, improve

        routes, left = answer_of(filling)
        found = improve(
            order.part,
            Found(routes, left, 0),
            seed=order.seed,
            share=teller.share,
            tell=lambda _, better: teller.offer(
                (better.routes, better.left, better.rupiah) if better is not None else None
            ),
        )
    finally:
        over.set()
        alive.join()
    return Result(routes=found.routes, left=found.left, best_rupiah=found.rupiah, by=SPLITTING)


def _by_pyvrp(order: Order, filling: Filling, teller: "_Teller") -> Result:
    """Return PyVRP's answer."""
    import pyvrp

    model = pyvrp_model.build(order.part, filling)
    first = pyvrp_model.start(model, filling)
    teller.by = PYVRP
    teller.offer(_answer(model, first) if first.is_feasible() or not model.all_required else None)
    params = pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(
            callbacks=_callbacks(model, teller), history_length=HISTORY_LENGTH
        ),
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
    routes, left, rupiah = _answer(model, found if found.is_feasible() else first)
    return Result(routes=routes, left=left, best_rupiah=rupiah, by=PYVRP)


def _answer(model: pyvrp_model.Model, solution: Any) -> Better:
    routes, left = pyvrp_model.read(model, solution)
    rupiah = int(solution.fixed_vehicle_cost() + solution.distance_cost()) * pyvrp_model.UNIT_RUPIAH
    return routes, left, rupiah


class _Teller:
    """Tells the parent of the search's progress, at most every `NEWS_EVERY_S`."""

    def __init__(self, order: Order, said: BinaryIO) -> None:
        self.order, self.said = order, said
        self.by = SPLITTING
        self.started = time.time()
        self.told = 0.0
        self.news: Better | None = None
        self.lock = threading.Lock()
        self.used = 0.0

    def share(self, iterations: int) -> float:
        """Return how much of the budget is used after so many iterations, 0 to 1."""
        shares = [0.0]
        if self.order.iterations:
            shares.append(iterations / self.order.iterations)
        if self.order.until:
            shares.append((time.time() - self.started) / max(0.001, self.order.until - self.started))
        self.used = min(1.0, max(shares))
        return self.used

    def offer(self, better: Better | None) -> None:
        """Keep a better answer as news, and tell it when it is time."""
        self.news = better or self.news
        if time.monotonic() - self.told > NEWS_EVERY_S:
            self.tell()

    def tell(self) -> None:
        """Send how far the search is, with the news if there is any."""
        with self.lock:
            self.told = time.monotonic()
            routes, left, rupiah = self.news or (None, (), None)
            self.news = None
            news = News(share=self.used, best_rupiah=rupiah, routes=routes, left=left, by=self.by)
            send(self.said, news)

    def stay_alive(self, over: threading.Event) -> None:
        """Give a sign of life where the search itself is silent for long."""
        while not over.wait(ALIVE_EVERY_S):
            if time.monotonic() - self.told > ALIVE_EVERY_S:
                self.tell()


def _callbacks(model: pyvrp_model.Model, teller: _Teller) -> Any:
    """Return PyVRP's callbacks."""
    import pyvrp

    class Callbacks(pyvrp.IteratedLocalSearchCallbacks):
        iterations = 0
        news: Any = None

        def on_best(self, best: Any) -> None:
            if best.is_feasible():
                self.news = best

        def on_iteration(self, *_: Any) -> None:
            self.iterations += 1
            if time.monotonic() - teller.told > NEWS_EVERY_S:
                teller.share(self.iterations)
                teller.offer(_answer(model, self.news) if self.news is not None else None)
                self.news = None

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
